"""Les chiffres du mentorat : bénéficiaires sur éligibles, satisfaction, heures offertes (R-072 à R-074)."""

import datetime
from dataclasses import dataclass

from django.db.models import Avg, Count, Q, Sum

from encadrement.personnes.models import Personne
from encadrement.socle.temps import jour_local
from mentorat.models import DemandeMentorat, Entente, IdentifiePar, RencontreMentorat, ReponseEvaluation

PETIT_NOMBRE = 5  # N-06 : en deçà, une réponse de satisfaction désignerait quelqu’un.
ECHELLES = ("objectifs_clairs", "relation_de_confiance", "temps_suffisant", "utilite", "soutien_gestionnaire")


@dataclass(frozen=True)
class AnneeFinanciere:
    """L’année financière, du 1er avril au 31 mars (Q-08)."""

    debut_annee: int

    @classmethod
    def du(cls, jour):
        return cls(jour.year if jour.month >= 4 else jour.year - 1)

    @property
    def debut(self):
        return datetime.date(self.debut_annee, 4, 1)

    @property
    def fin(self):
        return datetime.date(self.debut_annee + 1, 3, 31)

    @property
    def bornes(self):
        return (self.debut, self.fin)

    def __str__(self):
        return f"{self.debut_annee}-{self.debut_annee + 1}"


def annees():
    """Rend les années financières où le mentorat a vécu, la plus récente d’abord."""
    courante = AnneeFinanciere.du(jour_local())
    premiere = Entente.objects.exclude(prise_d_effet=None).order_by("debut").values_list("debut", flat=True).first()
    plus_ancienne = AnneeFinanciere.du(premiere).debut_annee if premiere else courante.debut_annee
    return [AnneeFinanciere(annee) for annee in range(courante.debut_annee, plus_ancienne - 1, -1)]


def beneficiaires(annee):
    """Rend le nombre de personnes dont une entente approuvée a couvert l’année (R-072, numérateur)."""
    ententes = Entente.objects.exclude(prise_d_effet=None).filter(debut__lte=annee.fin, fin__gte=annee.debut)
    return ententes.aggregate(nombre=Count("mentore", distinct=True))["nombre"]


def eligibles(annee):
    """Rend le nombre de personnes éligibles : membres du CM embauchés ou mutés dans l’année, ou besoin désigné (Q-21)."""
    arrivees = Q(date_embauche__range=annee.bornes) | Q(date_entree_service__range=annee.bornes)
    designees = DemandeMentorat.objects.filter(
        identifie_par__in=(IdentifiePar.GESTIONNAIRE, IdentifiePar.LES_DEUX), cree_le__date__range=annee.bornes
    )
    personnes = Personne.objects.filter(
        Q(arrivees, membre_cm=True, is_active=True) | Q(pk__in=designees.values("mentore"))
    )
    return personnes.count()


def heures(annee):
    """Rend les minutes de mentorat offertes dans l’année ; l’orientation n’y est pas (R-067, R-074)."""
    return RencontreMentorat.objects.filter(jour__range=annee.bornes).aggregate(total=Sum("minutes"))["total"] or 0


def satisfaction(annee, titre):
    """Rend {échelle: moyenne sur 5} et le nombre de réponses, ou des moyennes vides sous cinq réponses (R-073, N-06)."""
    reponses = ReponseEvaluation.objects.filter(annee_financiere=annee.debut_annee, titre=titre)
    nombre = reponses.count()
    if nombre < PETIT_NOMBRE:
        return {"nombre": None, "moyennes": []}
    moyennes = reponses.aggregate(**{echelle: Avg(echelle) for echelle in ECHELLES})
    return {
        "nombre": nombre,
        "moyennes": [
            {"libelle": ReponseEvaluation._meta.get_field(echelle).verbose_name, "valeur": moyennes[echelle]}
            for echelle in ECHELLES
        ],
    }
