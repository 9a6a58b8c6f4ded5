"""« Qui doit faire quoi » : les responsabilités que le cadre confie à chaque acteur, une ligne par énoncé."""

from dataclasses import dataclass
from functools import cache

from django.db.models import TextChoices

from .textes import Exigence, exigence, lire_csv


class Acteur(TextChoices):
    """Ceux à qui le cadre confie une responsabilité, dans l’ordre où il les présente."""

    DSM = "dsm", "Direction des services multidisciplinaires (DSM)"
    APPR = "appr", "APPR de la DSM"
    DIRECTION_CLINIQUE = "direction_clinique", "Directions cliniques"
    DIRECTION_SOUTIEN = "direction_soutien", "Directions de soutien"
    GESTIONNAIRE = "gestionnaire", "Gestionnaires"
    OFFRANT = "offrant", "Intervenants qui offrent une mesure"
    BENEFICIAIRE = "beneficiaire", "Intervenants qui bénéficient d’une mesure"
    MENTOR = "mentor", "Mentor"
    MENTORE = "mentore", "Mentoré"
    PARRAIN = "parrain", "Gestionnaire parrain d’une communauté de pratique"
    MEMBRE_CDP = "membre_cdp", "Membres d’une communauté de pratique"
    ANIMATEUR = "animateur", "Animateur d’une communauté de pratique"
    EXPERT = "expert", "Intervenant expert"
    DEMANDEUR = "demandeur", "Demandeur d’une consultation"
    REPRESENTANT = "representant", "Représentant d’une direction au comité de concertation"
    COORDONNATEUR = "coordonnateur", "Coordonnateur du comité de concertation"
    INTERVENANT = "intervenant", "Intervenant responsable d’une situation au comité"
    CM = "cm", "Conseil multidisciplinaire (CM)"


@dataclass(frozen=True, slots=True)
class EnonceDeRole:
    """Une responsabilité : à qui, pour quelle mesure, selon quel énoncé, en une phrase à l’infinitif."""

    acteur: Acteur
    mesure: str
    numero: str
    enonce: str

    @property
    def exigence(self) -> Exigence:
        return exigence(self.numero)


@cache
def _enonces():
    return tuple(EnonceDeRole(**ligne | {"acteur": Acteur(ligne["acteur"])}) for ligne in lire_csv("roles.csv"))


def enonces_de_role(mesure=None):
    """Rend les responsabilités, dans l’ordre du cadre ; `mesure` : « general », ou le code d’une mesure."""
    return tuple(e for e in _enonces() if mesure is None or e.mesure == mesure)
