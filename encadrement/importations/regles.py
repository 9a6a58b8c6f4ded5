"""POURQUOI PAS : une importation s’annule tant que rien n’en dépend (N-05, N-10)."""

from encadrement.importations.retour import empechements

MONTRES = 5
# L’extrait, le détail de son rapport et son relevé d’annulation.
CONSERVATION_MOIS = 12


def rien_n_en_depend(importation):
    """Rend ce qui empêche de revenir exactement à l’état d’avant, ou None."""
    if importation.fichier.retire_le is not None:
        return (
            f"L’extrait et son relevé, gardés {CONSERVATION_MOIS}\xa0mois, sont détruits\xa0: on ne peut plus revenir."
        )
    raisons = empechements(importation)
    if not raisons:
        return None
    reste = f" Et {len(raisons) - MONTRES} autres." if len(raisons) > MONTRES else ""
    return "On ne peut plus revenir exactement à l’état d’avant. " + " ".join(raisons[:MONTRES]) + reste
