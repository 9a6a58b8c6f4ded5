"""Qui reçoit quoi sur les pages des communautés : une table par section de cdp/urls.py."""

from tests.cdp import (
    acces_adhesions,
    acces_annees,
    acces_chiffres,
    acces_communautes,
    acces_comptes_rendus,
    acces_heures,
    acces_rencontres,
    acces_vie,
)

ACCES = [
    *acces_adhesions.ACCES,
    *acces_annees.ACCES,
    *acces_chiffres.ACCES,
    *acces_communautes.ACCES,
    *acces_comptes_rendus.ACCES,
    *acces_heures.ACCES,
    *acces_rencontres.ACCES,
    *acces_vie.ACCES,
]
