"""Un tableau en classeur Excel : vraies dates, vraies durées, en-tête figé, aucune formule."""

import datetime
import io
import re

from django.conf import settings
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from encadrement.exports.tableau import en_colonnes, en_valeur, est_une_formule

LARGEUR_MINIMALE, LARGEUR_MAXIMALE = 9, 60
# Excel ne connaît aucune date d’avant.
_PREMIERE_ANNEE = 1900

_FORMATS = {
    datetime.datetime: "yyyy-mm-dd hh:mm",
    datetime.date: "yyyy-mm-dd",
    datetime.timedelta: "[h]:mm",
    int: "0",
}


def classeur(titre, colonnes, lignes):
    """Rend les octets d’un classeur XLSX d’une feuille ; `lignes` est une suite de suites de valeurs."""
    colonnes = en_colonnes(colonnes)
    livre = Workbook()
    livre.properties.title, livre.properties.creator = titre, settings.ETABLISSEMENT_NOM
    livre.properties.language = "fr-CA"
    feuille = livre.active
    feuille.title = _titre_de_feuille(titre)
    largeurs = [len(colonne.titre) + 2 for colonne in colonnes]
    for rang, colonne in enumerate(colonnes, start=1):
        _ecrire_en_tete(feuille.cell(1, rang), colonne)
    for numero, ligne in enumerate(lignes, start=2):
        for rang, (colonne, valeur) in enumerate(zip(colonnes, ligne, strict=True)):
            ecrit = _ecrire(feuille.cell(numero, rang + 1), en_valeur(valeur, colonne))
            largeurs[rang] = max(largeurs[rang], ecrit)
    for rang, (colonne, largeur) in enumerate(zip(colonnes, largeurs, strict=True), start=1):
        voulue = colonne.largeur or min(max(largeur, LARGEUR_MINIMALE), LARGEUR_MAXIMALE)
        feuille.column_dimensions[get_column_letter(rang)].width = voulue
    feuille.freeze_panes = "A2"
    feuille.auto_filter.ref = feuille.dimensions
    feuille.print_title_rows = "1:1"
    sortie = io.BytesIO()
    livre.save(sortie)
    return sortie.getvalue()


def _titre_de_feuille(titre):
    propre = " ".join(re.sub(r"[\[\]:*?/\\]", " ", titre).split()).strip("'")
    return propre[:31].strip() or "Feuille 1"


def _ecrire_en_tete(cellule, colonne):
    _ecrire(cellule, en_valeur(colonne.titre, colonne))
    cellule.font = Font(bold=True)
    cellule.fill = PatternFill("solid", fgColor="DAE6F0")
    cellule.alignment = Alignment(wrap_text=True, vertical="top")


def _ecrire(cellule, valeur):
    """Écrit la valeur dans son type et rend sa largeur ; un texte reste un texte, quoi qu’il commence par."""
    if isinstance(valeur, datetime.date) and valeur.year < _PREMIERE_ANNEE:
        valeur = valeur.isoformat()
    cellule.value = valeur
    if not isinstance(valeur, str):
        cellule.number_format = _FORMATS.get(type(valeur), "General")
        return len(str(valeur)) + 2
    # openpyxl prend « = » pour une formule : on lui redit que c’est un texte. Le préfixe d’apostrophe empêche Excel
    # de changer d’avis quand on retouche la cellule, et ne s’affiche ni dans Excel ni dans LibreOffice.
    cellule.data_type = "s"
    cellule.quotePrefix = est_une_formule(valeur)
    cellule.alignment = Alignment(wrap_text=len(valeur) > LARGEUR_MAXIMALE or "\n" in valeur, vertical="top")
    return max(map(len, valeur.split("\n"))) + 2
