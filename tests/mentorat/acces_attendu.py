"""Qui reçoit quoi sur chaque page du mentorat : une table par moment du dossier."""

from tests.mentorat import acces_bottin, acces_chiffres, acces_deroulement, acces_entente

ACCES = [*acces_bottin.ACCES, *acces_chiffres.ACCES, *acces_deroulement.ACCES, *acces_entente.ACCES]
