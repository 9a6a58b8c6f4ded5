"""Les scènes des communautés, jouées par les vraies actions : les mêmes pour les essais et pour la démonstration."""

from encadrement.outils.demo import cdp
from tests.rejeu import rejouees

globals().update(rejouees(cdp))
