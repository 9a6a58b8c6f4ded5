"""Qui reçoit quoi sur chaque page du mentorat : une table par moment du dossier."""

from tests.mentorat import acces_bottin

ACCES = [*acces_bottin.ACCES]
