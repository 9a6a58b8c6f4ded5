"""La marque qui rattache une règle de l’application à l’énoncé du cadre qui la demande."""

from .textes import exigence


def exige(*numeros):
    """Marque une règle des énoncés qu’elle applique (`regle.exigences`) ; KeyError à l’import si l’un n’existe pas."""
    if not numeros:
        raise ValueError("une règle cite au moins un énoncé du cadre")
    reconnus = tuple(exigence(numero).numero for numero in numeros)

    def marquer(regle):
        regle.exigences = reconnus
        return regle

    return marquer
