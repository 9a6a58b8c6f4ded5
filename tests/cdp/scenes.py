"""Les scènes des communautés, jouées par les vraies actions : les mêmes pour les essais et pour la démonstration."""

from encadrement.outils.demo.cdp import *  # noqa: F403
