"""L’évaluation annuelle de la mesure, par tous ceux qu’elle engage (R-237, R-241, R-245, R-248, R-255, R-260, Q-18)."""

from django.db.models import Q

from concertation.models import Nomination, Orientation, PassageSituation
from encadrement.personnes.models import Attribution, Direction, Personne, RoleAttribue
from encadrement.sondages.annuelles import CampagneAnnuelle, inscrire

CODE = "concertation-annuelle"


def intervenants(annee):
    """Rend qui a transmis une demande au comité dans l’année (R-260)."""
    transmises = PassageSituation.objects.filter(transition="attester", quand__date__range=annee.bornes)
    return Personne.objects.filter(pk__in=transmises.values("situation__demandeur"))


def gestionnaires(annee):
    """Rend les supérieurs immédiats de ces intervenants (R-248)."""
    return Personne.objects.filter(pk__in=intervenants(annee).values("superieur"))


def representants(annee):
    """Rend les représentants et les substituts qui ont siégé, ou auraient pu, dans l’année (R-245)."""
    nommes = Nomination.objects.filter(Q(fin=None) | Q(fin__gte=annee.debut), approuvee_par__isnull=False)
    return Personne.objects.filter(pk__in=nommes.filter(debut__lte=annee.fin).values("personne"))


def directeurs(annee):
    """Rend les directeurs des directions représentées, ou à qui une orientation a été confiée dans l’année (R-241)."""
    representees = Nomination.objects.filter(personne__in=representants(annee).values("pk")).values("direction")
    visees = Orientation.objects.filter(rencontre__debut__date__range=annee.bornes).values("direction")
    directions = Direction.objects.filter(Q(pk__in=representees) | Q(pk__in=visees))
    return Personne.objects.filter(pk__in=directions.values("directeur"))


def coordonnateurs(annee):
    """Rend les coordonnateurs du comité en fonction (R-255)."""
    tenus = Attribution.objects.en_vigueur().filter(role=RoleAttribue.COORDONNATEUR)
    return Personne.objects.actives().filter(pk__in=tenus.values("personne"))


def acteurs(annee):
    """Rend tous les acteurs de l’année, une fois chacun."""
    groupes = (intervenants, gestionnaires, representants, directeurs, coordonnateurs)
    condition = Q()
    for groupe in groupes:
        condition |= Q(pk__in=groupe(annee).values("pk"))
    return Personne.objects.filter(condition)


def inscrire_evaluations():
    """Inscrit la campagne de l’évaluation annuelle du comité."""
    inscrire(CampagneAnnuelle(CODE, "concertation", "Évaluation du comité de concertation", acteurs))
