"""Les annonces d’une mesure : un sujet, un geste, un lien ; jamais un contenu (N-08)."""

from encadrement.notifications.actions import BoiteFonctionnelle, notifier
from encadrement.parametres.lecture import valeur


def annonces(mesure):
    """Rend la fonction d’annonce d’une mesure, dont les gabarits vivent dans `courriels/<mesure>/`."""

    def annoncer(gabarit, objet, a, fait, *, urgent=True, contexte=None, **options):
        """Dépose une annonce par destinataire ; `fait` (un passage, une date) rend la clé unique."""
        notifier(f"{mesure}/{gabarit}", objet, a=a, cle=str(fait), urgent=urgent, contexte=contexte, **options)

    return annoncer


def boite_dsm():
    return BoiteFonctionnelle("DSM", valeur("adresses.dsm"))


def boite_drhcaj():
    return BoiteFonctionnelle("DRHCAJ", valeur("adresses.drhcaj"))
