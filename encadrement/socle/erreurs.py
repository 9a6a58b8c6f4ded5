"""Les refus prévus par les règles : une phrase pour la personne, un renvoi au cadre, jamais un code."""


class ErreurMetier(Exception):
    """Refus expliqué ; `message` se lit tel quel, `exigences` renvoie aux énoncés du cadre (« R-049 »)."""

    def __init__(self, message, *, exigences=()):
        super().__init__(message)
        self.message = message
        self.exigences = tuple(exigences)


class Perime(ErreurMetier):
    """Le contenu a changé depuis que la personne l’a lu : rien n’est écrit, les deux textes sont montrés."""

    def __init__(self, message, *, conflits=()):
        super().__init__(message)
        self.conflits = tuple(conflits)
