"""Les orientations du plan de concertation et leur suivi, jusqu’à la raison de ne pas les appliquer (R-225, R-253, R-254)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from concertation.models.comite import RencontreComite
from concertation.models.situation import SituationComplexe, motif_en_clair
from encadrement.personnes.models import Direction, Personne
from encadrement.socle import coffre
from encadrement.trajectoire.models import ObjetSuivi, PassageAbstrait


class EtatOrientation(models.TextChoices):
    A_FAIRE = "a_faire", "à faire"
    EN_COURS = "en_cours", "en cours"
    REPORTEE = "reportee", "reportée"
    APPLIQUEE = "appliquee", "appliquée"
    NON_APPLIQUEE = "non_appliquee", "non appliquée"


OUVERTES = (EtatOrientation.A_FAIRE, EtatOrientation.EN_COURS, EtatOrientation.REPORTEE)


class Orientation(ObjetSuivi):
    """Ce que le comité propose : une direction, une personne, une échéance ; le texte et la raison sont chiffrés."""

    situation = models.ForeignKey(SituationComplexe, models.PROTECT, related_name="orientations")
    rencontre = models.ForeignKey(RencontreComite, models.PROTECT, related_name="orientations")
    rang = models.PositiveSmallIntegerField("rang", default=1)
    direction = models.ForeignKey(Direction, models.PROTECT, related_name="orientations")
    responsable = models.ForeignKey(Personne, models.PROTECT, related_name="orientations", verbose_name="responsable")
    echeance = models.DateField("échéance")
    etat = models.CharField("état", max_length=15, choices=EtatOrientation, default=EtatOrientation.A_FAIRE)
    # {"texte": …, "raison": …}, par la clé de la situation.
    chiffre = models.TextField("contenu chiffré")

    class Meta:
        verbose_name = "orientation"
        ordering = ["situation", "rang", "id"]
        indexes = [
            models.Index(
                fields=["echeance"],
                condition=Q(etat__in=["a_faire", "en_cours", "reportee"]),
                name="orientation_ouverte",
            ),
            models.Index(fields=["depuis"], condition=Q(etat="appliquee"), name="orientation_appliquee_le"),
        ]

    def __str__(self):
        return f"Orientation {self.rang}, {self.situation.numero}"

    def get_absolute_url(self):
        return reverse("concertation:orientation", args=[self.uuid])

    def ecrire_motif(self, texte):
        return coffre.chiffrer(self.situation.uuid, texte) if texte else ""

    @property
    def est_ouverte(self):
        return self.etat in OUVERTES

    @property
    def porte_sa_raison(self):
        """Dit si l’état s’explique par une raison : reprise ensuite, l’orientation la garde à son histoire seulement."""
        return self.etat in (EtatOrientation.REPORTEE, EtatOrientation.NON_APPLIQUEE)


class PassageOrientation(PassageAbstrait):
    orientation = models.ForeignKey(Orientation, models.PROTECT, related_name="passages")

    class Meta(PassageAbstrait.Meta):
        verbose_name = "passage d’une orientation"

    @property
    def texte(self):
        return motif_en_clair(self.orientation.situation.uuid, self.motif)
