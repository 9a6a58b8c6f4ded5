"""Pourquoi un fichier n’est pas pris : une phrase pour la personne qui l’a choisi."""

from encadrement.socle.erreurs import ErreurMetier


class FichierRefuse(ErreurMetier):
    """Le fichier n’est pas gardé ; le reste de ce qui a été saisi n’est pas touché."""


def en_mo(octets):
    """Écrit une taille comme on la dit : « 20 Mo », « 1,5 Mo », « 340 ko »."""
    if octets < 1024 * 1024:
        return f"{max(1, round(octets / 1024))}\xa0ko"
    return f"{round(octets / (1024 * 1024), 1):g}".replace(".", ",") + "\xa0Mo"
