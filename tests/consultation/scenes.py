"""Les scènes de la consultation, jouées par les vraies actions : les mêmes pour les essais et pour la démonstration."""

from encadrement.outils.demo import consultation
from tests.rejeu import rejouees

globals().update(rejouees(consultation))
