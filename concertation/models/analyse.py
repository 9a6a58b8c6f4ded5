"""L’analyse mensuelle des accès : ce que le journal d’un mois a d’inhabituel, ce qu’on en a conclu, qui l’a signé (O-10)."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format

from concertation.models.situation import SituationComplexe
from encadrement.personnes.models import Personne
from encadrement.socle.champs import ChampChiffre
from encadrement.trajectoire.models import ObjetSuivi, PassageAbstrait


class PartAnalyse(models.TextChoices):
    """À qui une part est confiée : personne n’analyse ses propres accès, ni une situation qui lui est cachée."""

    PRP = "prp", "au responsable de la protection des renseignements"
    DSM = "dsm", "à la DSM"


class EtatAnalyse(models.TextChoices):
    A_SIGNER = "a_signer", "à conclure et à signer"
    SIGNEE = "signee", "signée"


class SorteConstat(models.TextChoices):
    """Ce qui mérite qu’on regarde ; rien de cela n’est une faute."""

    EXCEPTION = "exception", "lecture par un accès exceptionnel"
    LIEN = "lien", "lecture par une personne qui a un lien, ou à qui la situation est cachée"
    MEME_NOM = "meme_nom", "même nom que l’intervenant responsable ou son gestionnaire"
    HORS_HEURES = "hors_heures", "lecture hors des heures ouvrables"
    VOLUME = "volume", "beaucoup plus de lectures que les autres"
    REFUS = "refus", "plusieurs essais refusés"


class Conclusion(models.TextChoices):
    JUSTIFIE = "justifie", "accès justifié"
    RAPPEL = "rappel", "rappel fait à la personne"
    INCIDENT = "incident", "incident de confidentialité signalé"


class AnalyseMensuelle(ObjetSuivi):
    """Une part de l’analyse d’un mois civil écoulé, bâtie d’elle-même ; signée, elle ne change plus."""

    mois = models.DateField("mois")
    part = models.CharField("confiée", max_length=5, choices=PartAnalyse)
    etat = models.CharField("état", max_length=10, choices=EtatAnalyse, default=EtatAnalyse.A_SIGNER)
    lectures = models.PositiveIntegerField("lectures examinées", default=0)
    lecteurs = models.PositiveIntegerField("personnes qui ont lu", default=0)

    class Meta:
        verbose_name = "analyse des accès"
        verbose_name_plural = "analyses des accès"
        ordering = ["-mois", "part"]
        constraints = [
            models.UniqueConstraint(fields=["mois", "part"], name="analyse_une_par_mois_et_part"),
            models.CheckConstraint(condition=Q(mois__day=1), name="analyse_d_un_mois_entier"),
        ]

    def __str__(self):
        return f"Analyse des accès, {date_format(self.mois, 'F Y')}"

    def get_absolute_url(self):
        return reverse("concertation:analyse", args=[self.uuid])


class PassageAnalyse(PassageAbstrait):
    analyse = models.ForeignKey(AnalyseMensuelle, models.PROTECT, related_name="passages")

    class Meta(PassageAbstrait.Meta):
        verbose_name = "passage d’une analyse des accès"


class Constat(models.Model):
    """Une personne, une situation au plus, une sorte de constat : les entrées du journal qui le fondent, et la conclusion."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    analyse = models.ForeignKey(AnalyseMensuelle, models.PROTECT, related_name="constats")
    sorte = models.CharField("constat", max_length=12, choices=SorteConstat)
    lecteur = models.ForeignKey(Personne, models.PROTECT, related_name="+", verbose_name="personne")
    situation = models.ForeignKey(SituationComplexe, models.PROTECT, null=True, blank=True, related_name="+")
    # Les numéros des entrées du journal : la page les relit là, plutôt que d’en garder une copie.
    entrees = models.JSONField("entrées du journal", default=list)
    mediane = models.FloatField("médiane des pairs", null=True, blank=True)
    conclusion = models.CharField("conclusion", max_length=10, choices=Conclusion, blank=True)
    # On y écrit parfois ce qui lie un lecteur à la personne.
    note = ChampChiffre("ce qui mène à le conclure", blank=True)
    conclu_par = models.ForeignKey(
        Personne, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="conclu par"
    )
    conclu_le = models.DateTimeField("conclu le", null=True, blank=True)

    class Meta:
        verbose_name = "constat d’une analyse"
        verbose_name_plural = "constats d’une analyse"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["analyse", "sorte", "lecteur", "situation"], name="constat_une_fois_par_analyse"
            ),
            models.CheckConstraint(
                condition=Q(conclusion="", conclu_par__isnull=True) | (~Q(conclusion="") & Q(conclu_par__isnull=False)),
                name="constat_conclu_par_quelqu_un",
            ),
        ]

    def __str__(self):
        return f"{self.get_sorte_display()}, {self.lecteur}"

    def get_absolute_url(self):
        return reverse("concertation:constat", args=[self.uuid])
