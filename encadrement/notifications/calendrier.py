"""Les jours ouvrables au Québec : ni fin de semaine, ni férié, ni jour chômé de l’établissement."""

import datetime
from functools import lru_cache

import holidays
from dateutil.easter import easter
from django.conf import settings

UN_JOUR = datetime.timedelta(days=1)


def est_ouvrable(jour):
    """Dit si l’on travaille ce jour-là à l’établissement."""
    return jour.weekday() < 5 and jour not in jours_chomes(jour.year)


def jour_ouvrable_suivant(jour):
    """Rend `jour` s’il est ouvrable, sinon le premier jour ouvrable qui suit."""
    while not est_ouvrable(jour):
        jour += UN_JOUR
    return jour


def ajouter_jours_ouvrables(jour, nombre):
    """Rend le `nombre`-ième jour ouvrable après `jour` (avant, si `nombre` est négatif) ; `jour` ne compte pas."""
    pas = UN_JOUR if nombre >= 0 else -UN_JOUR
    for _ in range(abs(nombre)):
        jour += pas
        while not est_ouvrable(jour):
            jour += pas
    return jour


def jours_chomes(annee):
    """Rend l’ensemble des jours fériés et chômés de l’année civile `annee`, selon les réglages."""
    return _jours_chomes(
        annee,
        settings.CHOME_LE_VENDREDI_SAINT,
        settings.CHOME_LE_LUNDI_DE_PAQUES,
        tuple(settings.JOURS_CHOMES),
    )


@lru_cache(maxsize=64)
def _jours_chomes(annee, vendredi_saint, lundi_de_paques, ajoutes):
    # Les fériés légaux du Québec, y compris leur report quand l’un d’eux tombe une fin de semaine.
    jours = set(holidays.country_holidays("CA", subdiv="QC", years=annee))
    paques = easter(annee)
    for chome, jour in ((vendredi_saint, paques - 2 * UN_JOUR), (lundi_de_paques, paques + UN_JOUR)):
        (jours.add if chome else jours.discard)(jour)
    return frozenset(jours | {jour for texte in ajoutes if (jour := _lire(texte, annee)) is not None})


def _lire(texte, annee):
    """Lit « 2026-12-24 » (cette année-là seulement) ou « 12-24 » (chaque année)."""
    jour = datetime.date.fromisoformat(texte if texte.count("-") == 2 else f"{annee}-{texte}")
    return jour if jour.year == annee else None
