"""Les données de la consultation d’experts, un fichier par moment du cadre (000 §5.2, annexes 11 à 13)."""

from consultation.models.bottin import (
    PUBLIEES,
    EtatFicheExpert,
    FicheExpert,
    PassageFicheExpert,
    Plage,
    SorteExpert,
)
from consultation.models.demande import (
    FINALES,
    Ampleur,
    DemandeConsultation,
    EtatConsultation,
    PassageConsultation,
    Suite,
)
from consultation.models.materiel import Materiel
from consultation.models.recherche import chercher_fiches
from consultation.models.reglage import Approbation, ReglageDirection, approbation_exigee
from consultation.models.sollicitation import (
    EN_COURS,
    EN_VIGUEUR,
    Acheminement,
    ModeConsultation,
    RencontreConsultation,
    ReponseExpert,
    Sollicitation,
)
from consultation.models.suivi import MINUTES_MAXIMUM, LigneSuivi
from consultation.models.sujet import SujetConsultation

__all__ = [
    "EN_COURS",
    "EN_VIGUEUR",
    "FINALES",
    "MINUTES_MAXIMUM",
    "PUBLIEES",
    "Acheminement",
    "Ampleur",
    "Approbation",
    "DemandeConsultation",
    "EtatConsultation",
    "EtatFicheExpert",
    "FicheExpert",
    "LigneSuivi",
    "Materiel",
    "ModeConsultation",
    "PassageConsultation",
    "PassageFicheExpert",
    "Plage",
    "ReglageDirection",
    "RencontreConsultation",
    "ReponseExpert",
    "Sollicitation",
    "SorteExpert",
    "Suite",
    "SujetConsultation",
    "approbation_exigee",
    "chercher_fiches",
]
