"""Ce qu’on signe d’un plan ou d’un rapport annuel : des valeurs simples, dans l’ordre de l’annexe 7."""

from django.conf import settings

from cdp.models import LignePlan, PlanAnnuel, RapportAnnuel
from cdp.models.bilan import nombres
from encadrement.parametres.lecture import valeur
from encadrement.personnes.identite import identite
from encadrement.socle.temps import ecrire_duree


def contenu(document):
    """Rend le contenu à signer : c’est lui que le PDF reproduit (annexe 7)."""
    return contenu_plan(document) if isinstance(document, PlanAnnuel) else contenu_rapport(document)


def contenu_a_signer(document):
    """Rend ce que les pages montrent : le contenu figé dès la soumission ; avant, celui qui le serait maintenant.

    Un document renvoyé garde son ancien instantané tant qu’il n’est pas soumis de nouveau ; entre-temps, un compte rendu
    ou un départ a pu changer ce qu’on signera.
    """
    fige = document.instantane_id and not document.est_modifiable
    return document.instantane.donnees if fige else contenu(document)


def _en_tete(document):
    return {
        "communaute": document.communaute.nom,
        "annee": str(document.annee_financiere),
        "parrain": identite(document.communaute.parrain),
        "etablissement": settings.ETABLISSEMENT_NOM,
        "courriel_dsm": valeur("adresses.dsm"),
    }


def contenu_plan(plan):
    """Rend le contenu du plan d’action (R-364, R-365)."""
    return {
        **_en_tete(plan),
        "rencontres_prevues": plan.rencontres_prevues,
        "duree_prevue": ecrire_duree(plan.duree_prevue),
        "lignes": [
            {colonne: getattr(ligne, colonne) for colonne in LignePlan.COLONNES}
            for ligne in plan.lignes.all()
            if not ligne.est_vide
        ],
    }


def contenu_rapport(rapport):
    """Rend le contenu du rapport annuel (R-367 à R-378)."""
    retenus = {nombre: retenu for nombre, (_, retenu) in nombres(rapport).items()}
    return {
        **_en_tete(rapport),
        "membres": membres_de_l_annee(rapport),
        "lignes": [
            {
                "objectif": ligne.objectif,
                "indicateur": ligne.indicateur,
                "atteinte": ligne.get_atteinte_display(),
                "resultat": ligne.resultat,
            }
            for ligne in rapport.lignes.all()
            if ligne.objectif.strip()
        ],
        "nombres": retenus | {"duree_moyenne": ecrire_duree(retenus["duree_moyenne"])},
        "precisions": {nombre: getattr(rapport, f"{nombre}_precisez") for nombre in RapportAnnuel.PRECISIONS},
        "autres": rapport.autres_precisez,
        "conclusion": rapport.conclusion,
        "poursuite": rapport.poursuite,
        "annee_suivante": str(rapport.annee_financiere.suivante),
        "apercu": rapport.apercu,
    }


def membres_de_l_annee(rapport):
    """Rend une ligne par personne membre pendant l’année, même partie ; revenue, elle n’y est qu’une fois (R-367)."""
    annee = rapport.annee_financiere
    adhesions = rapport.communaute.adhesions.pendant(*annee.bornes).filter(debut__isnull=False)
    dernieres = {}
    for adhesion in adhesions.select_related("personne__titre_emploi"):
        deja = dernieres.get(adhesion.personne_id)
        if deja is None or adhesion.debut > deja.debut or adhesion.fin is None:
            dernieres[adhesion.personne_id] = adhesion
    return [
        {
            "nom": adhesion.personne.nom_complet,
            "titre_emploi": str(adhesion.personne.titre_emploi or ""),
            "role": adhesion.get_role_display(),
            "jusqu_au": adhesion.fin.isoformat() if adhesion.fin and adhesion.fin <= annee.fin else "",
        }
        for adhesion in dernieres.values()
    ]
