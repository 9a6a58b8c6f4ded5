"""Qui reçoit quoi sur les pages de la consultation d’experts : une table par section de consultation/urls.py."""

from tests.consultation import acces_bottin, acces_demandes, acces_dsm, acces_suivi

ACCES = [
    *acces_bottin.ACCES,
    *acces_demandes.ACCES,
    *acces_dsm.ACCES,
    *acces_suivi.ACCES,
]
