"""Les scènes du comité, jouées par les vraies actions : les mêmes pour les essais et pour la démonstration."""

from encadrement.outils.demo import concertation
from tests.rejeu import rejouees

globals().update(rejouees(concertation))
