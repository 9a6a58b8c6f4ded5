"""Un fichier déposé : ce qu’il est, qui l’a déposé, ce que l’antivirus en a dit, s’il a été retiré."""

import secrets
import uuid

from django.db import models
from django.db.models import Q

from encadrement.fichiers.refus import en_mo
from encadrement.fichiers.sortes import Sorte
from encadrement.journal.models import LigneInalterable
from encadrement.personnes.models import Personne

DOSSIER = "pieces"
# Le contenu et sa provenance ne changent plus ; seuls l’examen et le retrait s’écrivent après le dépôt.
MODIFIABLES = {"examen", "examine_le", "retire_le", "retire_par", "motif_retrait"}


def nom_garde(_fichier=None, _nom=""):
    """Rend un nom de stockage tiré au sort : rien de ce que la personne a tapé n’arrive au disque."""
    hasard = secrets.token_hex(16)
    return f"{DOSSIER}/{hasard[:2]}/{hasard}"


class Examen(models.TextChoices):
    EN_ATTENTE = "en_attente", "pas encore examiné"
    SAIN = "sain", "aucun virus trouvé"
    REFUSE = "refuse", "virus trouvé"


class FichierQuerySet(models.QuerySet):
    def presents(self):
        """Fichiers ni retirés ni refusés par l’antivirus."""
        return self.filter(retire_le__isnull=True).exclude(examen=Examen.REFUSE)

    def delete(self):
        raise LigneInalterable("Un fichier déposé ne s’efface pas : il se retire.")


class Fichier(models.Model):
    """Un fichier déposé, gardé hors du Web sous un nom tiré au sort ; retiré, il laisse sa trace."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    nom = models.CharField("nom", max_length=150)
    sorte = models.CharField("sorte", max_length=5, choices=Sorte)
    taille = models.PositiveIntegerField("taille en octets")
    empreinte = models.CharField("empreinte SHA-256", max_length=64, db_index=True)
    # Vide : retiré, puis détruit à la fin de sa conservation; l’empreinte reste.
    contenu = models.FileField("contenu", max_length=80, upload_to=nom_garde, unique=True, null=True)
    depose_par = models.ForeignKey(Personne, models.PROTECT, related_name="+", verbose_name="déposé par")
    depose_le = models.DateTimeField("déposé le", auto_now_add=True)
    examen = models.CharField("examen", max_length=10, choices=Examen, default=Examen.EN_ATTENTE)
    examine_le = models.DateTimeField("examiné le", null=True, blank=True)
    retire_le = models.DateTimeField("retiré le", null=True, blank=True)
    retire_par = models.ForeignKey(
        Personne, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="retiré par"
    )
    motif_retrait = models.TextField("motif du retrait", blank=True)

    objects = FichierQuerySet.as_manager()

    class Meta:
        verbose_name = "fichier"
        ordering = ["depose_le", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(taille__gt=0), name="fichier_jamais_vide"),
            models.CheckConstraint(condition=Q(sorte__in=Sorte.values), name="fichier_sorte_permise"),
            models.CheckConstraint(condition=Q(examen__in=Examen.values), name="fichier_examen_connu"),
            models.CheckConstraint(
                condition=Q(retire_le__isnull=True, retire_par__isnull=True)
                | Q(retire_le__isnull=False, retire_par__isnull=False),
                name="fichier_retrait_complet",
            ),
            models.CheckConstraint(
                condition=Q(contenu__isnull=False) | Q(retire_le__isnull=False), name="fichier_detruit_est_retire"
            ),
            models.CheckConstraint(
                condition=Q(examen=Examen.EN_ATTENTE, examine_le__isnull=True)
                | (~Q(examen=Examen.EN_ATTENTE) & Q(examine_le__isnull=False)),
                name="fichier_examen_date",
            ),
        ]

    def __str__(self):
        return self.nom

    def save(self, *args, **kwargs):
        if not self._state.adding and not set(kwargs.get("update_fields") or ["*"]) <= MODIFIABLES:
            raise LigneInalterable("Un fichier déposé ne change plus.")
        super().save(*args, **kwargs)

    def delete(self, *_args, **_kwargs):
        raise LigneInalterable("Un fichier déposé ne s’efface pas : il se retire.")

    @property
    def est_present(self):
        return self.retire_le is None and self.examen != Examen.REFUSE

    @property
    def poids(self):
        """La taille comme on la dit : « 340 ko »."""
        return en_mo(self.taille)
