"""Les scènes de mentorat, jouées par les vraies actions : les mêmes pour les essais et pour la démonstration."""

from encadrement.outils.demo import mentorat
from tests.rejeu import rejouees

globals().update(rejouees(mentorat))
