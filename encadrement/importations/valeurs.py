"""Lire une valeur d’une colonne RH : chaque fonction rend la valeur ou lève ValeurIllisible avec une phrase."""

import datetime
import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from encadrement.personnes.models import RLS, sans_accents

_DATES = (
    (re.compile(r"^(\d{4})-(\d{2})-(\d{2})$"), (1, 2, 3)),
    (re.compile(r"^(\d{2})/(\d{2})/(\d{4})$"), (3, 2, 1)),
)
_ACTIFS = frozenset({"actif", "active"})
_PARTIS = frozenset({"inactif", "inactive", "depart", "parti", "partie", "retraite", "retraitee", "demission", "deces"})
_OUI = {"o": True, "oui": True, "n": False, "non": False}
_RLS = {sans_accents(nom): code for code, nom in RLS.choices}


class ValeurIllisible(ValueError):
    """La valeur ne se lit pas ; le message dit pourquoi et ce qui est attendu."""


def lire_jour(texte):
    """Rend la date écrite AAAA-MM-JJ ou JJ/MM/AAAA, ou None si le texte est vide."""
    if not texte:
        return None
    for forme, (annee, mois, jour) in _DATES:
        if trouve := forme.match(texte):
            try:
                lue = datetime.date(int(trouve[annee]), int(trouve[mois]), int(trouve[jour]))
            except ValueError as erreur:
                raise ValeurIllisible(f"« {texte} » n’est pas une date du calendrier") from erreur
            if not 1940 <= lue.year <= 2100:
                raise ValeurIllisible(f"l’année de « {texte} » est hors de 1940 à 2100")
            return lue
    raise ValeurIllisible(f"« {texte} » n’est pas une date AAAA-MM-JJ ou JJ/MM/AAAA")


def lire_statut(texte, jour):
    """Rend (actif, date de départ) au jour dit ; un départ à venir laisse la personne active jusqu’à cette date."""
    premier, _, suite = texte.partition(" ")
    mot = sans_accents(premier)
    if mot in _ACTIFS and not suite:
        return True, None
    if mot not in _PARTIS:
        raise ValeurIllisible(
            f"« {texte} » n’est pas un statut connu (Actif, Inactif, Départ AAAA-MM-JJ)" if texte else "statut vide"
        )
    depart = lire_jour(suite.strip()) if suite.strip()[:1].isdigit() else None
    return depart is not None and depart >= jour, depart


def lire_oui_non(texte):
    """Rend True pour O ou Oui, False pour N ou Non."""
    if (reponse := _OUI.get(texte.casefold())) is None:
        raise ValeurIllisible(f"« {texte} » n’est ni O ni N" if texte else "réponse vide, O ou N attendu")
    return reponse


def lire_courriel(texte):
    """Rend l’adresse en minuscules, « » si elle est vide."""
    if texte:
        try:
            validate_email(texte)
        except ValidationError as erreur:
            raise ValeurIllisible(f"« {texte} » n’est pas une adresse de courriel") from erreur
    return texte.lower()


def lire_rls(texte):
    """Rend le code du réseau local de services."""
    if (code := _RLS.get(sans_accents(texte))) is None:
        raise ValeurIllisible(f"« {texte} » n’est pas un RLS connu ({', '.join(RLS.labels)})" if texte else "RLS vide")
    return code
