"""Les scènes du comité, jouées par les vraies actions : les mêmes pour les essais et pour la démonstration."""

from encadrement.outils.demo.concertation import *  # noqa: F403
