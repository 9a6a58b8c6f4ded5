"""Les consultations d’une personne : pour l’accueil, la recherche commune et ses données.

On y cherche des numéros, des noms et des fiches du bottin ; jamais une question, un sujet ni un avis (N-08).
"""

from django.db.models import Q

from consultation.droits import DROITS_DEMANDE
from consultation.models import (
    EN_VIGUEUR,
    FINALES,
    PUBLIEES,
    DemandeConsultation,
    EtatConsultation,
    FicheExpert,
    LigneSuivi,
    Plage,
    RencontreConsultation,
    Sollicitation,
    chercher_fiches,
)
from encadrement.accueil.mesures import Dossier
from encadrement.personnes.models import Personne

MONTRES = 20


def dossiers(personne):
    """Rend les demandes de la personne, celles où on la consulte, celles de ses gens et sa fiche, sans doublon."""
    deja = set()
    rendus = []
    for titre, demandes in _par_titre(personne):
        for demande in demandes[:MONTRES]:
            if demande.pk not in deja:
                deja.add(demande.pk)
                rendus.append(_dossier(demande, titre))
    fiches = FicheExpert.objects.filter(personne=personne).select_related("personne")
    return [*rendus, *(_fiche(fiche, "Ma fiche au bottin des experts") for fiche in fiches)]


def _par_titre(personne):
    en_cours = DemandeConsultation.objects.exclude(etat__in=FINALES).select_related("demandeur").order_by("-depuis")
    soumises = en_cours.exclude(etat=EtatConsultation.BROUILLON)
    consultees = Sollicitation.objects.filter(expert=personne, reponse__in=EN_VIGUEUR).values("demande")
    yield "le demandeur", en_cours.filter(demandeur=personne)
    yield "l’expert consulté", en_cours.filter(pk__in=consultees)
    yield "un membre du groupe qui consulte", soumises.filter(participants=personne)
    yield "le gestionnaire", soumises.filter(demandeur__superieur__in=sorted(personne.represente_ids))


def _dossier(demande, titre=""):
    return Dossier(
        nom=f"{demande}, {demande.demandeur}",
        url=demande.get_absolute_url(),
        etat=demande.get_etat_display(),
        etat_code=demande.etat,
        titre=titre,
        bouge_le=demande.depuis,
    )


def _fiche(fiche, nom="", titre=""):
    return Dossier(
        nom=nom or str(fiche),
        url=fiche.get_absolute_url(),
        etat=fiche.get_etat_display(),
        etat_code=fiche.etat,
        titre=titre,
        bouge_le=fiche.depuis,
    )


def chercher(personne, texte):
    """Rend les demandes visibles de ce numéro ou dont une partie porte ce nom, et les experts du bottin trouvés."""
    nommees = Personne.objects.chercher(texte)
    avec = Sollicitation.objects.filter(reponse__in=EN_VIGUEUR, expert__in=nommees).values("demande")
    par_numero = Q(numero__icontains=texte.strip())
    demandes = (
        DROITS_DEMANDE.objets(personne)
        .filter(par_numero | Q(demandeur__in=nommees) | Q(pk__in=avec))
        .select_related("demandeur")[:MONTRES]
    )
    fiches = chercher_fiches(
        FicheExpert.objects.publiees().select_related("personne__titre_emploi").prefetch_related("sujets"), texte
    )
    return [
        *(_dossier(demande) for demande in demandes),
        *(_fiche(fiche, titre=f"expert, {fiche.expertise}") for fiche in fiches[:MONTRES]),
    ]


def acteurs(personne):
    """Rend les acteurs du cadre que la personne est par ses dossiers : expert, demandeur."""
    codes = set()
    au_bottin = FicheExpert.objects.filter(personne=personne, etat__in=PUBLIEES)
    consultee = Sollicitation.objects.filter(expert=personne, reponse__in=EN_VIGUEUR)
    if au_bottin.exists() or consultee.exists():
        codes.add("expert")
    if DemandeConsultation.objects.filter(demandeur=personne).exists():
        codes.add("demandeur")
    return codes


def donnees(personne):
    """Rend les données de la personne, pour « Mes données » (A-2.1, art. 63.5) : ce qu’elle a écrit ou qui la nomme."""
    return [
        ("demandes", [_demande(demande) for demande in _demandes(personne)]),
        ("groupes", [_groupe(demande) for demande in _groupes(personne)]),
        ("avis", [_avis(sollicitation) for sollicitation in _sollicitations(personne)]),
        ("rencontres", [_rencontre(rencontre) for rencontre in _rencontres(personne)]),
        ("fiche", [_ma_fiche(fiche) for fiche in FicheExpert.objects.filter(personne=personne)]),
        ("plages", [_plage(plage) for plage in Plage.objects.filter(fiche__personne=personne)]),
        ("suivi", [_ligne(ligne) for ligne in _lignes(personne)]),
    ]


def _demandes(personne):
    return personne.demandes_consultation.select_related("sujet", "discutee_avec").order_by("cree_le")


def _demande(demande):
    return {
        "numero": demande.numero,
        "etat": demande.get_etat_display(),
        "cree_le": demande.cree_le,
        "sujet": str(demande.sujet or ""),
        "ampleur": demande.get_ampleur_display(),
        **demande.reponses,
        "constats": demande.constats,
        "discutee_le": demande.discutee_le,
        "discutee_avec": str(demande.discutee_avec or ""),
        "suite": demande.get_suite_display(),
    }


def _groupes(personne):
    return personne.consultations_de_groupe.exclude(etat=EtatConsultation.BROUILLON).order_by("cree_le")


def _groupe(demande):
    return {"numero": demande.numero, "etat": demande.get_etat_display(), "demandeur": str(demande.demandeur)}


def _sollicitations(personne):
    return Sollicitation.objects.filter(expert=personne).select_related("demande").order_by("choisie_le")


def _avis(sollicitation):
    return {
        "demande": sollicitation.demande.numero,
        "choisie_le": sollicitation.choisie_le,
        "reponse": sollicitation.get_reponse_display(),
        "motif": sollicitation.motif,
        "moment": sollicitation.moment,
        "avis": sollicitation.avis,
    }


def _rencontres(personne):
    avec = Q(sollicitation__expert=personne) | Q(sollicitation__demande__demandeur=personne)
    demandees = Q(acheminement__demande__demandeur=personne)
    return (
        RencontreConsultation.objects.filter(avec | demandees)
        .select_related("sollicitation__demande", "acheminement__demande")
        .order_by("jour")
    )


def _rencontre(rencontre):
    demande = (rencontre.sollicitation or rencontre.acheminement).demande
    return {
        "demande": demande.numero,
        "date": rencontre.jour,
        "minutes": rencontre.minutes,
        "mode": rencontre.get_mode_display(),
    }


def _ma_fiche(fiche):
    return {
        "etat": fiche.get_etat_display(),
        "sorte": fiche.get_sorte_display(),
        "expertise": fiche.expertise,
        "presentation": fiche.presentation,
        "disponibilite": fiche.disponibilite,
        "sujets": [str(sujet) for sujet in fiche.sujets.all()],
        "confirmee_le": fiche.confirmee_le,
    }


def _plage(plage):
    return {"debut": plage.debut, "minutes": plage.minutes, "lieu": plage.lieu, "retiree": plage.retiree}


def _lignes(personne):
    return (
        LigneSuivi.objects.filter(Q(expert=personne) | Q(demandeur=personne))
        .select_related("sujet", "expert", "demandeur")
        .order_by("jour")
    )


def _ligne(ligne):
    return {
        "date": ligne.jour,
        "expert": ligne.nom_expert,
        "demandeur": str(ligne.demandeur),
        "minutes": ligne.minutes,
        "sujet": str(ligne.sujet),
        "commentaires": ligne.commentaires,
    }
