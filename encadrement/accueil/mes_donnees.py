"""« Mes données » : ce que l’application sait d’une personne, dans un format courant et structuré (O-13)."""

import csv
import io
import json

from django.utils import timezone

from encadrement.accueil.mesures import mesures
from encadrement.journal.models import Entree
from encadrement.notifications.models import Courriel, Preference
from encadrement.personnes.ordres import au_long
from encadrement.signatures.models import Signature

# Un tableur exécuterait une cellule qui commence ainsi.
_FORMULES = ("=", "+", "-", "@", "\t")


def rubriques_de(personne):
    """Rend {rubrique: liste de dictionnaires} de toutes les données recueillies sur la personne."""
    rubriques = {
        "identite": [_identite(personne)],
        "roles": [
            {"role": a.get_role_display(), "debut": a.debut, "fin": a.fin, "motif": a.motif}
            for a in personne.attributions.filter(approuvee_par__isnull=False)
        ],
        "delegations": [_delegation(d) for d in personne.delegations_donnees.select_related("de", "a")]
        + [_delegation(d) for d in personne.delegations_recues.select_related("de", "a")],
        "preferences": [{"resume": p.get_resume_display()} for p in Preference.objects.filter(personne=personne)],
        "signatures": [
            {
                "quand": s.signee_le,
                "titre": s.titre_libelle,
                "nature": s.instantane.nature,
                "empreinte": s.instantane.empreinte,
            }
            for s in Signature.objects.filter(personne=personne).select_related("instantane")
        ],
        "courriels": list(Courriel.objects.filter(a=personne).values("objet", "cree_le", "envoye_le", "lu_le")),
        "journal": list(Entree.objects.filter(par=personne).values("quand", "acte", "titre", "objet_type")),
    }
    for mesure in mesures():
        rubriques.update((f"{mesure.code}_{rubrique}", list(lignes)) for rubrique, lignes in mesure.donnees(personne))
    return rubriques


def en_json(rubriques):
    """Rend les rubriques en JSON lisible, UTF-8."""
    contenu = {"format": "mes-donnees/1", "produit_le": timezone.now().isoformat(), "rubriques": rubriques}
    return json.dumps(contenu, ensure_ascii=False, indent=2, default=str)


def en_csv(rubriques):
    """Rend les rubriques en CSV (rubrique;numéro;champ;valeur) qu’un tableur ouvre sans rien exécuter."""
    sortie = io.StringIO()
    ecrivain = csv.writer(sortie, delimiter=";")
    ecrivain.writerow(["rubrique", "numero", "champ", "valeur"])
    for rubrique, lignes in rubriques.items():
        for numero, ligne in enumerate(lignes, start=1):
            ecrivain.writerows([rubrique, numero, champ, _cellule(valeur)] for champ, valeur in ligne.items())
    return "\ufeff" + sortie.getvalue()


def _identite(personne):
    return {
        "matricule": personne.matricule,
        "prenom": personne.prenom,
        "nom": personne.nom,
        "courriel": personne.courriel,
        "titre_emploi": str(personne.titre_emploi or ""),
        "discipline": personne.discipline,
        "direction": str(personne.direction or ""),
        "service": str(personne.service or ""),
        "installation": str(personne.installation or ""),
        "rls": personne.installation.get_rls_display() if personne.installation else "",
        "superieur": str(personne.superieur or ""),
        "date_embauche": personne.date_embauche,
        "date_entree_service": personne.date_entree_service,
        "membre_cm": personne.membre_cm,
        "ordre": au_long(personne.ordre),
        "no_permis": personne.no_permis,
        "ordre_en_regle": personne.ordre_en_regle,
        "derniere_connexion": personne.last_login,
    }


def _delegation(delegation):
    return {
        "de": str(delegation.de),
        "a": str(delegation.a),
        "debut": delegation.debut,
        "fin": delegation.fin,
        "revoquee_le": delegation.revoquee_le,
    }


def _cellule(valeur):
    texte = "" if valeur is None else str(valeur)
    return f"'{texte}" if texte.startswith(_FORMULES) else texte
