"""Remettre un fichier déposé : toujours en pièce jointe, jamais exécuté dans notre origine."""

from django.http import FileResponse

from encadrement.fichiers.actions import ouvrir
from encadrement.fichiers.sortes import Sorte
from encadrement.journal.actions import consigner


def servir(fichier, *, par):
    """Rend la réponse qui remet le fichier et consigne la lecture ; le droit de le voir se juge avant, dans la mesure."""
    flux = ouvrir(fichier)
    consigner("fichier.telecharger", fichier, par=par)
    reponse = FileResponse(flux, as_attachment=True, filename=fichier.nom, content_type=Sorte(fichier.sorte).mime)
    reponse.headers["X-Content-Type-Options"] = "nosniff"
    reponse.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    reponse.headers["Cache-Control"] = "no-store"
    return reponse
