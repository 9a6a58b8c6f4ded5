"""Les scènes de mentorat, jouées par les vraies actions : les mêmes pour les essais et pour la démonstration."""

from encadrement.outils.demo.mentorat import *  # noqa: F403
