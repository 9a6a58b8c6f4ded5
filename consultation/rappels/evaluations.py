"""L’évaluation annuelle de la mesure : demandeurs, experts du CISSS et gestionnaires (R-185, R-203, R-205, R-209, Q-18)."""

from django.db.models import Q

from consultation.models import FicheExpert, LigneSuivi, PassageConsultation
from encadrement.personnes.models import Personne
from encadrement.sondages.annuelles import CampagneAnnuelle, inscrire


def demandeurs(annee):
    """Rend qui a consulté, ou présenté une demande, dans l’année financière ; une fois chacun."""
    consultants = LigneSuivi.objects.filter(jour__range=annee.bornes).values("demandeur")
    presentees = PassageConsultation.objects.filter(transition="soumettre", quand__date__range=annee.bornes)
    return Personne.objects.filter(Q(pk__in=consultants) | Q(pk__in=presentees.values("demande__demandeur")))


def experts(annee):
    """Rend les experts du CISSS inscrits au bottin, en pause ou non."""
    return Personne.objects.filter(pk__in=FicheExpert.objects.publiees().values("personne"))


def gestionnaires(annee):
    """Rend les supérieurs immédiats des demandeurs de l’année."""
    return Personne.objects.filter(pk__in=demandeurs(annee).values("superieur"))


def inscrire_evaluations():
    """Inscrit les campagnes de l’évaluation annuelle de la consultation."""
    for code, qui, repondants in (
        ("consultation-demandeurs-annuelle", "demandeurs", demandeurs),
        ("consultation-experts", "experts", experts),
        ("consultation-gestionnaires", "gestionnaires", gestionnaires),
    ):
        libelle = f"Évaluation de la consultation d’experts, {qui}"
        inscrire(CampagneAnnuelle(code, "consultation", libelle, repondants))
