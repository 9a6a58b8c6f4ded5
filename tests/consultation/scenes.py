"""Les scènes de la consultation, jouées par les vraies actions : les mêmes pour les essais et pour la démonstration."""

from encadrement.outils.demo.consultation import *  # noqa: F403
