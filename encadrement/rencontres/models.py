"""Ce que toute rencontre du cadre a en commun : un moment, un ordre du jour, des gens, des suites (annexes 9 et 10).

Ces bases sont abstraites : chaque mesure a ses propres tables, donc ses propres droits.
"""

from django.db import models
from django.db.models import F, Q

from encadrement.personnes.models import Personne
from encadrement.socle.temps import ecrire_duree, jour_local
from encadrement.trajectoire.models import ObjetSuivi


class Mode(models.TextChoices):
    PRESENCE = "presence", "en personne"
    VIRTUELLE = "virtuelle", "par Teams ou visioconférence"
    HYBRIDE = "hybride", "en personne et à distance"


EN_PERSONNE = (Mode.PRESENCE, Mode.HYBRIDE)


class RencontreAbstraite(ObjetSuivi):
    """Un moment, un mode, un lieu ; `sequence` numérote les versions envoyées aux calendriers (RFC 5546)."""

    debut = models.DateTimeField("début")
    fin = models.DateTimeField("fin")
    mode = models.CharField("mode", max_length=12, choices=Mode, default=Mode.VIRTUELLE)
    lieu = models.CharField("lieu", max_length=200, blank=True)
    lien = models.URLField("lien Teams ou de visioconférence", max_length=500, blank=True)
    sequence = models.PositiveIntegerField("version envoyée aux calendriers", default=0)
    objectif_general = models.TextField("objectif général", blank=True, max_length=2000)
    objectifs_specifiques = models.TextField("objectifs spécifiques", blank=True, max_length=4000)

    class Meta:
        abstract = True
        ordering = ["debut", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fin__gt=F("debut")),
                name="%(app_label)s_%(class)s_fin_apres_debut",
                violation_error_message="La fin de la rencontre doit suivre son début.",
            )
        ]

    @property
    def jour(self):
        return jour_local(self.debut)

    @property
    def minutes(self):
        """La durée réelle, en minutes, même à travers un changement d’heure."""
        return round((self.fin - self.debut).total_seconds() / 60)

    @property
    def duree(self):
        return ecrire_duree(self.minutes)

    @property
    def mode_et_lieu(self):
        return ", ".join(filter(None, (self.get_mode_display(), self.lieu)))

    @property
    def est_en_personne(self):
        return self.mode in EN_PERSONNE


class Nommable(models.Model):
    """Quelqu’un de la maison, ou le nom d’une personne de l’extérieur."""

    personne = models.ForeignKey(Personne, models.PROTECT, null=True, blank=True, related_name="+")
    nom_externe = models.CharField("nom d’une personne de l’extérieur", max_length=170, blank=True)

    class Meta:
        abstract = True

    @property
    def qui(self):
        return str(self.personne) if self.personne_id else self.nom_externe


class Sorte(models.TextChoices):
    """Les points fixes du modèle d’ordre du jour, dans leur ordre, et les autres (R-395)."""

    OUVERTURE = "ouverture", "Ouverture et mot de bienvenue"
    LECTURE = "lecture", "Lecture de l’ordre du jour"
    SUIVI = "suivi", "Lecture et suivi du compte rendu précédent"
    AUTRE = "autre", "Autre point"
    EVALUATION = "evaluation", "Évaluation de la rencontre"
    PROCHAINE = "prochaine", "Date de la prochaine rencontre"
    FIN = "fin", "Fin de la rencontre"


AVANT_LES_AUTRES = (Sorte.OUVERTURE, Sorte.LECTURE, Sorte.SUIVI)
APRES_LES_AUTRES = (Sorte.EVALUATION, Sorte.PROCHAINE, Sorte.FIN)


class PointAbstrait(Nommable):
    """Un point de l’ordre du jour, puis du compte rendu : le même, pour que l’un naisse de l’autre (R-394, R-399)."""

    sorte = models.CharField("sorte", max_length=12, choices=Sorte, default=Sorte.AUTRE)
    rang = models.PositiveSmallIntegerField("rang", default=1)
    sujet = models.CharField("sujet", max_length=300, blank=True)
    minutes = models.PositiveSmallIntegerField("durée prévue (minutes)", null=True, blank=True)
    sommaire = models.TextField("sommaire des discussions et des décisions", blank=True, max_length=20_000)

    class Meta:
        abstract = True

    def __str__(self):
        return self.intitule

    @property
    def intitule(self):
        return self.sujet or self.get_sorte_display()


class Reponse(models.TextChoices):
    ATTENDUE = "attendue", "sans réponse"
    PRESENT = "present", "sera là"
    ABSENT = "absent", "ne pourra pas"


class ParticipationAbstraite(Nommable):
    """Une personne convoquée ou invitée : ce qu’elle a répondu, puis si elle y était (R-397)."""

    est_invite = models.BooleanField("invité", default=False)
    organisme = models.CharField("organisme", max_length=170, blank=True)
    reponse = models.CharField("réponse", max_length=10, choices=Reponse, default=Reponse.ATTENDUE)
    repondu_le = models.DateTimeField("répondu le", null=True, blank=True)
    presente = models.BooleanField("présente", null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self):
        return self.qui


class SuiviAbstrait(Nommable):
    """Une suite décidée en rencontre ; elle revient à l’ordre du jour tant qu’elle n’est pas close."""

    texte = models.CharField("à faire", max_length=500)
    echeance = models.DateField("échéance", null=True, blank=True)
    echeance_dite = models.CharField("échéance en toutes lettres", max_length=120, blank=True)
    clos_le = models.DateField("clos le", null=True, blank=True)
    issue = models.CharField("ce qui a été fait", max_length=500, blank=True)
    cree_le = models.DateTimeField("noté le", auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self):
        return self.texte[:60]

    @property
    def est_ouvert(self):
        return self.clos_le is None

    @property
    def quand(self):
        return f"{self.echeance:%Y-%m-%d}" if self.echeance else self.echeance_dite
