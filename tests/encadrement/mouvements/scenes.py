"""Des départs et des changements apportés par de vraies importations, avec de vrais dossiers ouverts."""

from encadrement.mouvements.actions import acquitter_mouvement
from encadrement.mouvements.models import Mouvement
from tests.concertation import scenes as concertation
from tests.encadrement.importations.extraits import rangee_de
from tests.encadrement.importations.scenes import appliquee
from tests.mentorat import scenes as mentorat


def depart_du_mentore(d):
    """Le mentoré part, une entente active ouverte."""
    mentorat.entente(d, "active")
    appliquee(d, rangee_de(d.mentore, STATUT="Départ 2020-01-01"))
    return Mouvement.objects.get(personne=d.mentore)


def acquitte(d):
    return acquitter_mouvement(depart_du_mentore(d), decision="L’entente est close.", par=d.gestionnaire)


def depart_du_demandeur(d):
    """Le demandeur d’une situation du comité part : le coordonnateur seul a à le savoir."""
    situation = concertation.situation_transmise(d)
    appliquee(d, rangee_de(situation.demandeur, STATUT="Départ 2020-01-01"))
    return Mouvement.objects.get(personne=situation.demandeur, regard="comite")
