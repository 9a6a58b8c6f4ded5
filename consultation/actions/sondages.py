"""Ce que les consultations d’un expert ont valu aux demandeurs : à lui seul, et jamais sous cinq personnes (R-189, N-06)."""

import uuid

from consultation.models import FicheExpert
from encadrement.personnes.models import Personne
from encadrement.sondages.models import Campagne
from encadrement.sondages.resultats import resultats

CODE = "consultation-demandeur"


def groupes_lus(personne):
    """Rend le groupe dont un expert lit les résultats : le sien. Qui n’a jamais eu de fiche n’en lit aucun."""
    return [str(personne.uuid)] if FicheExpert.objects.filter(personne=personne).exists() else []


def lecteurs_du_groupe(groupe):
    """Rend l’expert de ce groupe ; personne pour celui du RUISSS UL."""
    try:
        identifiant = uuid.UUID(groupe)
    except ValueError:
        return Personne.objects.none()
    return Personne.objects.filter(uuid=identifiant, fiche_expert__isnull=False)


def campagnes_de(expert, annee):
    """Rend les campagnes de l’année où les demandeurs disent la valeur des consultations de cet expert."""
    return Campagne.objects.filter(
        questionnaire__code=CODE, groupe=str(expert.uuid), annee=annee.debut_annee
    ).select_related("questionnaire")


def valeur_des_consultations(expert, annee):
    """Rend les résultats regroupés de l’année, pour cet expert seulement."""
    return resultats(campagnes_de(expert, annee))
