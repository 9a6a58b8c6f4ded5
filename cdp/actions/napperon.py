"""Le napperon : la communauté en une page, pour les gestionnaires et les nouveaux membres (R-455)."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cdp.droits import DROITS_COMMUNAUTE
from cdp.models import EtatAnnuel, RoleCdp
from encadrement.documents.actions import demander_document
from encadrement.signatures.actions import figer
from encadrement.socle.temps import ecrire_duree, jour_local

GABARIT = "cdp/napperon_v1"
# Ce que la page A4 contient à coup sûr, quels que soient les textes.
LONGUEURS = {"domaine": 300, "groupe": 220, "pratique": 260, "retombees": 300, "clientele": 110}
DATES = 5
THEMES = 6
LONGUEUR_THEME = 75
LONGUEUR_LIEU = 40
CONTACTS = 3
TITRES = 4
# Au-delà, la page s’imprime en plus petits caractères.
SERRE = 1300
ENTRETIENT = (RoleCdp.ANIMATEUR, RoleCdp.SECRETAIRE)


@transaction.atomic
def imprimer_napperon(communaute, *, par):
    """Fige le napperon tel qu’il se lit aujourd’hui et en demande le PDF ; inchangé, il rend le même document."""
    DROITS_COMMUNAUTE.exiger(par, "voir_napperon", communaute)
    instantane = figer(communaute, "cdp_napperon", contenu_napperon(communaute), gabarit=GABARIT)
    return demander_document(instantane)


def contenu_napperon(communaute):
    """Rend le contenu d’une page : le domaine, les thèmes, les dates, le modèle, les retombées, qui joindre."""
    textes = {champ: abreger(getattr(communaute, champ), maximum) for champ, maximum in LONGUEURS.items()}
    titres = [titre.libelle for titre in communaute.titres_emploi.all()]
    lignes = [ligne.strip(" -•\t") for ligne in communaute.themes.splitlines()]
    themes = [abreger(ligne, LONGUEUR_THEME) for ligne in lignes if ligne]
    dits = [communaute.nom, *textes.values(), *themes[:THEMES]]
    return {
        "etablissement": settings.ETABLISSEMENT_NOM,
        "nom": communaute.nom,
        "serre": sum(map(len, dits)) > SERRE,
        **textes,
        "besoins": communaute.libelles_besoins(),
        "themes": themes[:THEMES],
        "titres_emploi": titres[:TITRES],
        "autres_titres": max(0, len(titres) - TITRES),
        "modele": _modele(communaute),
        "dates": _dates(communaute),
        "contacts": _contacts(communaute),
        "parrain": str(communaute.parrain or ""),
        "etat": communaute.get_etat_display(),
        "a_jour_le": jour_local().isoformat(),
    }


def abreger(texte, maximum):
    """Rend le texte, coupé à la fin d’un mot s’il dépasse ; le PDF tient alors toujours sur une page."""
    propre = " ".join(texte.split())
    if len(propre) <= maximum:
        return propre
    return f"{propre[:maximum].rsplit(' ', 1)[0].rstrip(',;:.')}\xa0…"


def _modele(communaute):
    """Rend une phrase : le nombre et la durée des rencontres selon le plan de l’année, et leurs modes."""
    plans = communaute.planannuels.exclude(etat=EtatAnnuel.BROUILLON)
    plan = plans.filter(annee=communaute.annee.debut_annee).first()
    morceaux = []
    if plan and plan.rencontres_prevues:
        pluriel = "s" if plan.rencontres_prevues > 1 else ""
        duree = f" de {ecrire_duree(plan.duree_prevue)}" if plan.duree_prevue else ""
        morceaux.append(f"{plan.rencontres_prevues} rencontre{pluriel}{duree} par année")
    modes = {rencontre.get_mode_display() for rencontre in communaute.rencontres.de_l_annee(communaute.annee)}
    if modes:
        morceaux.append(", ".join(sorted(modes)))
    nombre = communaute.adhesions.actives().count()
    morceaux.append(f"{nombre} membre{'s' if nombre > 1 else ''}")
    return "; ".join(morceaux)


def _dates(communaute):
    a_venir = communaute.rencontres.a_venir().filter(debut__gte=timezone.now()).order_by("debut")[:DATES]
    return [
        {
            "jour": rencontre.jour.isoformat(),
            "heure": f"{timezone.localtime(rencontre.debut):%-H\xa0h\xa0%M}".removesuffix("\xa000"),
            "duree": rencontre.duree,
            "mode": rencontre.get_mode_display(),
            "lieu": abreger(rencontre.lieu, LONGUEUR_LIEU) if rencontre.est_en_personne else "",
        }
        for rencontre in a_venir
    ]


def _contacts(communaute):
    tenants = communaute.membres().filter(role__in=ENTRETIENT).order_by("role", "personne__nom")
    return [
        {
            "nom": adhesion.personne.nom_complet,
            "role": adhesion.get_role_display(),
            "service": abreger(str(adhesion.personne.service or ""), LONGUEUR_LIEU),
            "courriel": adhesion.personne.courriel,
        }
        for adhesion in tenants[:CONTACTS]
    ]
