"""Une importation RH : le fichier gardé et daté, ce qu’il changeait, et de quoi revenir exactement à l’état d’avant."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.urls import reverse

from encadrement.fichiers.models import Fichier
from encadrement.personnes.models import Personne
from encadrement.trajectoire.models import ObjetSuivi, PassageAbstrait


class EtatImportation(models.TextChoices):
    EN_ATTENTE = "en_attente", "différence à confirmer"
    APPLIQUEE = "appliquee", "appliquée"
    ANNULEE = "annulee", "annulée"
    ABANDONNEE = "abandonnee", "abandonnée"


class Provenance(models.TextChoices):
    PAGE = "page", "téléversé"
    DOSSIER = "dossier", "pris au dossier surveillé"
    COMMANDE = "commande", "donné à la commande"


class Importation(ObjetSuivi):
    """Un extrait RH déposé ; rien n’est écrit tant que sa différence n’est pas appliquée."""

    etat = models.CharField("état", max_length=12, choices=EtatImportation, default=EtatImportation.EN_ATTENTE)
    fichier = models.ForeignKey(Fichier, models.PROTECT, related_name="+")
    provenance = models.CharField("provenance", max_length=10, choices=Provenance)
    complete = models.BooleanField("extraction complète", default=False)
    deposee_par = models.ForeignKey(Personne, models.PROTECT, related_name="+", verbose_name="déposée par")
    attente = models.CharField("pourquoi elle attend", max_length=300, blank=True)
    # Un fichier du dossier surveillé n’est importé qu’une fois, même si la panne survient avant qu’il soit déplacé.
    cle = models.CharField("clé", max_length=200, unique=True, null=True, blank=True, editable=False)
    rapport = models.JSONField("rapport", default=dict, encoder=DjangoJSONEncoder)
    retour = models.JSONField("ce qu’il faut pour revenir", default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = "importation RH"
        verbose_name_plural = "importations RH"
        ordering = ["-cree_le", "-pk"]

    def __str__(self):
        return f"Importation de {self.fichier.nom}"

    def get_absolute_url(self):
        return reverse("importations:importation", args=[self.uuid])


class PassageImportation(PassageAbstrait):
    importation = models.ForeignKey(Importation, models.PROTECT, related_name="passages")

    class Meta(PassageAbstrait.Meta):
        verbose_name = "passage d’une importation"
