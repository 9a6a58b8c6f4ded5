"""Après une restauration, rien ne repart tout seul : ce qui attendait a pu partir depuis la sauvegarde.

Les courriels en file sont retenus dans la transaction même qui recharge la base : aucun travailleur ne peut les prendre
avant. Le registre des envois, tenu à part, dit lesquels étaient partis; les autres attendent que le pilote tranche.
"""

from django.db import transaction
from django.utils import timezone

from encadrement.notifications.models import Courriel, EtatCourriel
from encadrement.notifications.rappels import balayer_rappels
from encadrement.notifications.registre import PARTI, registre_ouvert
from encadrement.notifications.retenus import RETENU, retenus
from encadrement.sondages.actions import fermer_les_echues
from encadrement.sondages.annuelles import ouvrir_les_annuelles

EN_FILE = (EtatCourriel.A_ENVOYER, EtatCourriel.EN_COURS, EtatCourriel.A_REGROUPER)
# Ce que le temps fait partir, et qui a pu partir entre la sauvegarde et la restauration.
BALAYAGES = (balayer_rappels, fermer_les_echues, ouvrir_les_annuelles)

# Joué sur la base rechargée, avant qu’elle soit validée ; ces colonnes sont là depuis la première version.
SQL = (
    f"UPDATE notifications_courriel SET etat = '{EtatCourriel.AMBIGU.value}', erreur = '{RETENU}' "  # noqa: S608
    f"WHERE etat IN ({', '.join(repr(etat.value) for etat in EN_FILE)});"
)


def rattraper():
    """Compose ce que le temps écoulé a fait partir, le retient aussi, et rend les pannes, une phrase chacune.

    Recomposé plus tard, un rappel déjà parti repartirait ; composé ici, il porte la même clé et attend avec les autres.
    """
    pannes = []
    with transaction.atomic():
        for balayage in BALAYAGES:
            try:
                balayage()
            except ExceptionGroup as panne:
                pannes.append(f"{balayage.__name__}\xa0: {len(panne.exceptions)} dossier(s) en panne.")
        Courriel.objects.filter(etat__in=EN_FILE).update(etat=EtatCourriel.AMBIGU, erreur=RETENU)
    return pannes


def reconnaitre_les_partis(copie=None):
    """Note envoyés les courriels retenus que le registre des envois, ou sa `copie`, dit partis ; rend combien."""
    partis, retenus_ = [], list(retenus().values_list("pk", "message_id"))
    with registre_ouvert() as registre:
        if copie is not None and copie.exists():
            registre.absorber(copie)
        issues = registre.issues([message_id for _, message_id in retenus_])
    partis = [pk for pk, message_id in retenus_ if PARTI in issues.get(message_id, {}).values()]
    Courriel.objects.filter(pk__in=partis).update(etat=EtatCourriel.ENVOYE, envoye_le=timezone.now(), erreur="")
    return len(partis)
