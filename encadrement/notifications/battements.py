"""Les signes de vie : ce qui doit revenir à intervalle fixe dit qu’il est passé."""

from django.utils import timezone

from encadrement.notifications.models import Battement

TRAVAILLEUR, SAUVEGARDE = "travailleur", "sauvegarde"
# Le métronome bat chaque minute : à trois de manquées, quelque chose est arrêté.
SILENCE_TOLERE = 180


def battre(nom):
    """Note que `nom` vit, à l’instant."""
    Battement.objects.update_or_create(nom=nom, defaults={"le": timezone.now()})


def dernier_battement(nom):
    """Rend l’instant du dernier signe de vie de `nom`, ou None."""
    return Battement.objects.filter(nom=nom).values_list("le", flat=True).first()
