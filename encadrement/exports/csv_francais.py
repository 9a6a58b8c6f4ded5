"""Un tableau en CSV tel qu’Excel d’ici l’ouvre : UTF-8 annoncé, points-virgules, virgule décimale, aucune formule."""

import csv
import datetime
import io
from decimal import Decimal

from encadrement.exports.tableau import en_colonnes, en_valeur, est_une_formule


def csv_francais(colonnes, lignes):
    """Rend les octets du CSV ; un texte qu’un tableur prendrait pour une formule est précédé d’une apostrophe."""
    colonnes = en_colonnes(colonnes)
    sortie = io.StringIO()
    ecrire = csv.writer(sortie, delimiter=";", lineterminator="\r\n")
    ecrire.writerow([_ecrit(en_valeur(colonne.titre, colonne)) for colonne in colonnes])
    for ligne in lignes:
        ecrire.writerow([_ecrit(en_valeur(valeur, colonne)) for colonne, valeur in zip(colonnes, ligne, strict=True)])
    return sortie.getvalue().encode("utf-8-sig")


def _ecrit(valeur):
    if isinstance(valeur, str):
        return f"'{valeur}" if est_une_formule(valeur) else valeur
    if isinstance(valeur, datetime.datetime):
        return f"{valeur:%Y-%m-%d %H:%M}"
    if isinstance(valeur, datetime.timedelta):
        minutes = round(valeur.total_seconds() / 60)
        return f"{'-' if minutes < 0 else ''}{abs(minutes) // 60}:{abs(minutes) % 60:02d}"
    if isinstance(valeur, float | Decimal):
        return str(valeur).replace(".", ",")
    return str(valeur)
