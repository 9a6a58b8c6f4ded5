"""Sonder les besoins : une campagne par année financière, ouverte par l’animateur (R-469, R-477)."""

import datetime

from django.db import transaction

from cdp.actions.annonces import membres
from cdp.droits import DROITS_COMMUNAUTE
from cdp.models import Adhesion, RoleCdp
from encadrement.personnes.models import Personne
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local
from encadrement.sondages.actions import inviter, ouvrir_campagne
from encadrement.sondages.models import Campagne

CODE = "cdp-besoins"
POUR_REPONDRE = datetime.timedelta(days=21)


def _cle(communaute):
    return f"{CODE}:{communaute.uuid}:{communaute.annee.debut_annee}"


def campagne_des_besoins(communaute):
    """Rend le sondage des besoins de cette année, ou None."""
    return Campagne.objects.filter(cle=_cle(communaute)).first()


def fin_du_sondage():
    """Rend le dernier jour pour répondre à un sondage ouvert aujourd’hui."""
    return jour_local() + POUR_REPONDRE


def groupes_lus(personne):
    """Rend les communautés dont la personne lit les résultats du sondage des besoins."""
    lues = Adhesion.objects.actives().filter(personne=personne, role__in=(RoleCdp.ANIMATEUR, RoleCdp.SECRETAIRE))
    return [str(uuid) for uuid in lues.values_list("communaute__uuid", flat=True)]


def lecteurs_du_groupe(groupe):
    """Rend l’animateur et le secrétaire d’une communauté."""
    tenants = Adhesion.objects.actives().filter(
        communaute__uuid=groupe, role__in=(RoleCdp.ANIMATEUR, RoleCdp.SECRETAIRE)
    )
    return Personne.objects.filter(pk__in=tenants.values("personne"))


@transaction.atomic
def sonder_les_besoins(communaute, *, par):
    """Ouvre le sondage des besoins de l’année et y invite les membres ; de nouveau, n’invite que les arrivés depuis."""
    communaute.verrouiller()
    DROITS_COMMUNAUTE.exiger(par, "sonder", communaute)
    if not communaute.est_active:
        raise ErreurMetier("La communauté n’est pas active : elle ne sonde pas ses membres.")
    campagne = ouvrir_campagne(
        CODE,
        cle=_cle(communaute),
        mesure="cdp",
        groupe=str(communaute.uuid),
        annee=communaute.annee,
        libelle=f"besoins et sujets d’intérêt, {communaute}",
        fin=fin_du_sondage(),
        par=par,
    )
    return inviter(campagne, membres(communaute))
