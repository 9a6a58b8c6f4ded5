"""À quels titres une personne tient une communauté encore vivante : de quoi la confier à quelqu’un d’autre."""

from django.db.models import Q

from cdp.droits import DROITS_COMMUNAUTE
from cdp.models import EtatAdhesion, EtatCommunaute, RoleCdp
from encadrement.mouvements.registre import Titre, inscrire

_COMMUNAUTE = {
    "droits": DROITS_COMMUNAUTE,
    "clos": frozenset({EtatCommunaute.DISSOUTE}),
    "discrets": frozenset({EtatCommunaute.EN_PREPARATION}),
    "en_partant_seulement": True,
}


def _membre(*roles):
    return Q(adhesions__etat=EtatAdhesion.ACTIVE, adhesions__role__in=roles)


TITRES = (
    Titre(
        titre="gestionnaire parrain",
        chemin="parrain",
        nom="communauté parrainée",
        noms="communautés parrainées",
        **_COMMUNAUTE,
    ),
    Titre(
        titre="animateur ou secrétaire",
        chemin="adhesions__personne",
        charge="parrain",
        condition=_membre(RoleCdp.ANIMATEUR, RoleCdp.SECRETAIRE),
        nom="communauté animée",
        noms="communautés animées",
        **_COMMUNAUTE,
    ),
    Titre(
        titre="membre",
        chemin="adhesions__personne",
        charge="parrain",
        condition=_membre(RoleCdp.MEMBRE),
        nom="adhésion à une communauté",
        noms="adhésions à des communautés",
        **_COMMUNAUTE,
    ),
)


def inscrire_ouverts():
    inscrire("cdp", TITRES)
