"""Qui reçoit quoi sur les pages du comité de concertation : une table par section de concertation/urls.py."""

from tests.concertation import acces_analyses, acces_plans, acces_protection, acces_situations

ACCES = [
    *acces_situations.ACCES,
    *acces_protection.ACCES,
    *acces_plans.ACCES,
    *acces_analyses.ACCES,
]
