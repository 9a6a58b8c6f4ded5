"""Répondre par un tableau à télécharger : la même liste que l’écran, et l’export consigné (N-09)."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from encadrement.exports.classeur import classeur
from encadrement.exports.csv_francais import csv_francais
from encadrement.journal.actions import consigner

MIMES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
VALEUR_MAXIMALE = 200


def repondre_export(request, nom, colonnes, lignes, *, quoi, filtre):
    """Rend le tableau en pièce jointe, XLSX ou CSV selon ?format=, et consigne qui, quoi, filtre et nombre de lignes.

    `nom` est le titre et le nom du fichier, `quoi` un code (« mesure.heures »), `filtre` un dictionnaire. La vue a déjà
    exigé le droit, et ne passe que ce que l’écran montre.
    """
    lignes = [list(ligne) for ligne in lignes]
    forme = "csv" if request.GET.get("format") == "csv" else "xlsx"
    octets = csv_francais(colonnes, lignes) if forme == "csv" else classeur(nom, colonnes, lignes)
    consigner(
        "export.telecharger",
        par=request.user,
        chaine=f"export:{quoi}"[:80],
        details={"quoi": quoi, "filtre": _en_clair(filtre), "lignes": len(lignes), "format": forme},
    )
    reponse = HttpResponse(octets, content_type=MIMES[forme])
    reponse.headers["Content-Disposition"] = content_disposition_header(True, f"{_nom_de_fichier(nom)}.{forme}")
    reponse.headers["X-Content-Type-Options"] = "nosniff"
    reponse.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    reponse.headers["Cache-Control"] = "no-store"
    return reponse


def _en_clair(filtre):
    clair = {}
    for cle, valeur in (filtre or {}).items():
        if valeur not in (None, "", []):
            clair[str(cle)[:VALEUR_MAXIMALE]] = str(valeur)[:VALEUR_MAXIMALE]
    return clair


def _nom_de_fichier(nom):
    return (
        " ".join("".join(signe if signe.isalnum() or signe in " -_’'().," else " " for signe in nom).split())
        or "export"
    )
