"""Où vivent les textes libres, de qui ils peuvent parler, comment ils sont gardés : le registre des champs sensibles (O-01).

Un essai refuse un texte libre que ce registre ne range pas. Chaque mesure y range les siens.
"""

from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.db import models

from encadrement.socle.champs import ChampChiffre

USAGERS, PERSONNEL = "des usagers", "du personnel"


@dataclass(frozen=True)
class Categorie:
    """Une catégorie de renseignements : de qui, dans quelles tables, gardée combien de temps."""

    nom: str
    zone: str
    modeles: tuple
    conservation: str = "Selon le calendrier de conservation de l’établissement; rien ne se détruit automatiquement."
    # Une clé par dossier, hors de la base : la détruire rend ces champs illisibles.
    par_cle_du_dossier: frozenset = frozenset()


# Celles des pièces communes ; chaque mesure déclare les siennes dans son `AppConfig.champs_sensibles`.
_COMMUNS = (
    Categorie(
        "Demandes à la DSM",
        USAGERS,
        (
            "demandes.demandeservice",
            "demandes.passagedemandeservice",
        ),
    ),
    Categorie(
        "Incidents de confidentialité",
        USAGERS,
        ("incidents.incident", "incidents.passageincident"),
        "Cinq ans au moins, au registre.",
    ),
    Categorie(
        "Données des ressources humaines et mouvements du personnel",
        PERSONNEL,
        ("importations.passageimportation", "mouvements.mouvement"),
        "Selon le calendrier de conservation de l’établissement; un extrait, le détail de son rapport et ce qu’il faut pour "
        "l’annuler se détruisent d’eux-mêmes après douze mois.",
    ),
    Categorie(
        "Bilans annuels et recommandations",
        PERSONNEL,
        (
            "bilan_annuel.bilanannuel",
            "bilan_annuel.passagebilan",
            "bilan_annuel.recommandation",
            "bilan_annuel.passagerecommandation",
            "bilan_annuel.suivirecommandation",
        ),
    ),
    Categorie(
        "Documents signés, courriels, fichiers, sondages",
        PERSONNEL,
        (
            "signatures.instantane",
            "signatures.signature",
            "notifications.courriel",
            "fichiers.fichier",
            "sondages.questionnaire",
            "sondages.reponse",
        ),
    ),
)


def champs_sensibles():
    """Rend toutes les catégories, celles qui parlent des usagers d’abord."""
    de_mesures = [c for config in apps.get_app_configs() for c in getattr(config, "champs_sensibles", ())]
    return sorted((*de_mesures, *_COMMUNS), key=lambda categorie: categorie.zone != USAGERS)


def par_cle_du_dossier():
    """Rend les champs que chiffre la clé de leur dossier, en « application.modele.champ »."""
    return frozenset().union(*(categorie.par_cle_du_dossier for categorie in champs_sensibles()))


def textes_libres(modele):
    """Rend les champs de texte libre d’un modèle."""
    return [champ for champ in modele._meta.fields if isinstance(champ, models.TextField)]


def garde(champ):
    """Rend comment un champ est gardé, d’après le modèle lui-même."""
    if f"{champ.model._meta.label_lower}.{champ.name}" in par_cle_du_dossier():
        return "chiffré par la clé du dossier, hors de la base"
    return "chiffré dans la base" if isinstance(champ, ChampChiffre) else "en clair dans la base"


def categories():
    """Rend [(catégorie, {comment c’est gardé: nombre de champs}, conservation)], tiré des modèles et des réglages."""
    serie = settings.CONSERVATION_SITUATIONS_SERIE
    valeurs = {
        "annees": settings.CONSERVATION_SITUATIONS_ANNEES,
        "serie": f", série {serie}" if serie else ", série du calendrier de conservation à préciser",
    }
    return [
        (categorie, _gardes(categorie), categorie.conservation.format(**valeurs)) for categorie in champs_sensibles()
    ]


def _gardes(categorie):
    nombres = {}
    for nom_du_modele in categorie.modeles:
        for champ in textes_libres(apps.get_model(nom_du_modele)):
            nombres[garde(champ)] = nombres.get(garde(champ), 0) + 1
    return nombres
