"""Les annonces du mentorat : un sujet, un geste, un lien ; jamais un contenu (N-08)."""

from django.conf import settings

from encadrement.notifications.actions import BoiteFonctionnelle, notifier


def annoncer(gabarit, objet, a, fait, *, urgent=True, contexte=None):
    """Dépose une annonce par destinataire ; `fait` (un passage, une date) rend la clé unique."""
    notifier(f"mentorat/{gabarit}", objet, a=a, cle=str(fait), urgent=urgent, contexte=contexte)


def boite_dsm():
    return BoiteFonctionnelle("DSM", settings.COURRIEL_DSM)


def boite_drhcaj():
    return BoiteFonctionnelle("DRHCAJ", settings.COURRIEL_DRHCAJ)
