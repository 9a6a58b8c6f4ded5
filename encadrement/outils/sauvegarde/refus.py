"""Ce qui empêche de sauvegarder ou de restaurer, en une phrase qui dit quoi faire."""

from encadrement.socle.erreurs import ErreurMetier


class SauvegardeImpossible(ErreurMetier):
    """Rien n’a été écrit, ou la sauvegarde d’avant est restée entière."""


class RestaurationRefusee(ErreurMetier):
    """L’archive ou la destination ne convient pas : rien n’a été touché."""
