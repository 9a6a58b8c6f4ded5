"""POURQUOI PAS : ce que la loi veut au registre avant qu’un incident s’y ferme, et à qui les avis vont selon la zone.

Ces règles viennent de la loi, non du cadre : elles ne citent pas d’énoncé.
"""

from dataclasses import dataclass

from encadrement.incidents.models import ZoneIncident


@dataclass(frozen=True)
class Avis:
    """Un avis à transmettre quand le risque de préjudice est sérieux : à qui, et le champ qui en garde la date."""

    champ: str
    destinataire: str
    source: str


_CAI = "à la Commission d’accès à l’information"
_PERSONNES = "aux personnes concernées"
_AVIS = {
    ZoneIncident.USAGERS: (
        Avis("ministre_le", "au ministre de la Santé et des Services sociaux", "LRSSS, art. 108"),
        Avis("cai_le", _CAI, "LRSSS, art. 108"),
        Avis("personnes_le", _PERSONNES, "LRSSS, art. 108"),
    ),
    ZoneIncident.PERSONNEL: (
        Avis("cai_le", _CAI, "Loi sur l’accès, art. 63.8"),
        Avis("personnes_le", _PERSONNES, "Loi sur l’accès, art. 63.8"),
    ),
}
REGIMES = {
    ZoneIncident.USAGERS: "Loi sur les renseignements de santé et de services sociaux (R-22.1, r. 1, art. 15)",
    ZoneIncident.PERSONNEL: "Loi sur l’accès aux documents des organismes publics (A-2.1, r. 3.1, art. 7)",
}


def avis_a_transmettre(zone):
    """Rend les avis que le régime de cette zone demande si le risque de préjudice est sérieux."""
    return _AVIS[ZoneIncident(zone)]


def renseignements_decrits(incident):
    if not incident.renseignements.strip():
        return "Décrivez les renseignements visés, ou dites pourquoi on ne peut pas les décrire."
    return None


def periode_dite(incident):
    if incident.survenu_du is None:
        return "Donnez la date de l’incident, ou sa période, même approximative."
    return None


def nombre_dit(incident):
    if incident.nombre is None:
        return "Donnez le nombre de personnes concernées, même approximatif."
    return None


def risque_juge(incident):
    if incident.risque_serieux is None or not incident.prejudice.strip():
        return "Dites s’il y a un risque de préjudice sérieux, et ce qui mène à le conclure."
    return None


def avis_transmis(incident):
    if not incident.risque_serieux:
        return None
    manquent = [
        avis.destinataire for avis in avis_a_transmettre(incident.zone) if getattr(incident, avis.champ) is None
    ]
    return f"Le risque est sérieux : donnez la date de l’avis {', '.join(manquent)}." if manquent else None


def mesures_dites(incident):
    if not incident.mesures.strip():
        return "Écrivez les mesures prises pour diminuer les risques."
    return None


HUIT_ELEMENTS = (renseignements_decrits, periode_dite, nombre_dit, risque_juge, avis_transmis, mesures_dites)
