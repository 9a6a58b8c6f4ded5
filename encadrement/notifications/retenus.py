"""Les courriels qu’une restauration retient : peut-être déjà partis, ils attendent que le pilote tranche."""

from django.db import transaction

from encadrement.notifications.actions import trancher_envoi
from encadrement.notifications.models import Courriel, EtatCourriel

RETENU = "Retenu par une restauration : peut-être déjà parti."


def retenus():
    """Rend les courriels qu’une restauration retient encore."""
    return Courriel.objects.filter(etat=EtatCourriel.AMBIGU, erreur=RETENU)


@transaction.atomic
def relacher(*, par, renvoyer):
    """Renvoie ou abandonne tous les courriels retenus, chacun au journal ; rend combien. Deux à la fois : un seul agit."""
    lignes = list(retenus().select_for_update().order_by("cree_le", "id"))
    for courriel in lignes:
        trancher_envoi(courriel, par=par, renvoyer=renvoyer)
    return len(lignes)
