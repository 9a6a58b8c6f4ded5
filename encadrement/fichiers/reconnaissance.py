"""De quelle sorte est un fichier, d’après son contenu ; ni le nom ni le navigateur n’en décident."""

import codecs
import re
import zipfile
import zlib

from encadrement.fichiers.refus import FichierRefuse
from encadrement.fichiers.sortes import MIMES, Sorte

# Un document de bureau honnête tient largement dessous ; une bombe, des milliers de fois au-dessus.
DEPLIE_MAXIMAL = 300 * 1024 * 1024
RAPPORT_MAXIMAL = 200
PIECES_MAXIMALES = 10_000
INDEX_MAXIMAL = 2 * 1024 * 1024

_TETES = {b"%PDF-": Sorte.PDF, b"\x89PNG\r\n\x1a\n": Sorte.PNG, b"\xff\xd8\xff": Sorte.JPG}
_PRINCIPALES = {
    "wordprocessingml.document.main+xml": Sorte.DOCX,
    "spreadsheetml.sheet.main+xml": Sorte.XLSX,
    "presentationml.presentation.main+xml": Sorte.PPTX,
}
_OPENDOCUMENT = {MIMES[sorte].encode(): sorte for sorte in (Sorte.ODT, Sorte.ODS, Sorte.ODP)}
_MACROS_OOXML = re.compile(r"vbaproject|vbadata|macrosheets/|activex/", re.IGNORECASE)
_MACROS_ODF = re.compile(r"^(basic|scripts)/", re.IGNORECASE)
_COMMANDES = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MORCEAU = 64 * 1024

VERROUILLE = (
    "Ce fichier est protégé par un mot de passe\xa0: l’antivirus ne peut pas le lire. Enregistrez-le sans protection."
)
MACROS = "Ce fichier contient des macros\xa0: enregistrez-le sans macro, puis déposez-le de nouveau."
BOMBE = "Ce fichier se déplie en un volume anormal\xa0: il n’est pas accepté."
ABIME = "Ce fichier est abîmé ou incomplet\xa0: ouvrez-le, enregistrez-le de nouveau, puis déposez-le."
INCONNU = "Le contenu de ce fichier n’est pas d’une sorte acceptée."


def reconnaitre(flux):
    """Rend les sortes que ce contenu peut être (texte et CSV vont ensemble) ; lève FichierRefuse s’il n’en est aucune."""
    flux.seek(0)
    tete = flux.read(16)
    for signature, sorte in _TETES.items():
        if tete.startswith(signature):
            return {sorte}
    if tete.startswith(b"PK\x03\x04"):
        return {_reconnaitre_archive(flux)}
    if tete.startswith(b"\xd0\xcf\x11\xe0"):
        raise FichierRefuse(
            "Ce fichier est d’un format trop ancien ou protégé par un mot de passe\xa0: "
            "enregistrez-le en .docx, .xlsx ou .pptx, sans protection."
        )
    _exiger_du_texte(flux)
    return {Sorte.TXT, Sorte.CSV}


def _reconnaitre_archive(flux):
    flux.seek(0)
    try:
        with zipfile.ZipFile(flux) as archive:
            _exiger_une_taille_normale(archive)
            noms = {piece.filename for piece in archive.infolist()}
            if "[Content_Types].xml" in noms and "mimetype" not in noms:
                return _ooxml(archive, noms)
            if archive.infolist()[0].filename == "mimetype" and "[Content_Types].xml" not in noms:
                return _opendocument(archive, noms)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as erreur:
        raise FichierRefuse(ABIME) from erreur
    raise FichierRefuse("Les dossiers compressés (.zip) ne sont pas acceptés\xa0: déposez les fichiers un par un.")


def _exiger_une_taille_normale(archive):
    pieces = archive.infolist()
    if not pieces:
        raise FichierRefuse(ABIME)
    if any(piece.flag_bits & 1 for piece in pieces):
        raise FichierRefuse(VERROUILLE)
    deplie = sum(piece.file_size for piece in pieces)
    comprime = max(1, sum(piece.compress_size for piece in pieces))
    if (
        len(pieces) > PIECES_MAXIMALES
        or deplie > DEPLIE_MAXIMAL
        or (deplie > DEPLIE_MAXIMAL // 10 and deplie / comprime > RAPPORT_MAXIMAL)
        or len({piece.filename for piece in pieces}) != len(pieces)
    ):
        raise FichierRefuse(BOMBE)
    if any(piece.filename.startswith("/") or ".." in piece.filename.split("/") for piece in pieces):
        raise FichierRefuse(ABIME)


def _lire(archive, nom):
    with archive.open(nom) as piece:
        octets = piece.read(INDEX_MAXIMAL + 1)
    if len(octets) > INDEX_MAXIMAL:
        raise FichierRefuse(BOMBE)
    return octets


def _ooxml(archive, noms):
    types = _lire(archive, "[Content_Types].xml").decode("utf-8-sig")
    if "macroenabled" in types.lower() or any(_MACROS_OOXML.search(nom) for nom in noms):
        raise FichierRefuse(MACROS)
    trouvees = {sorte for motif, sorte in _PRINCIPALES.items() if motif in types}
    if len(trouvees) != 1:
        raise FichierRefuse(INCONNU)
    return trouvees.pop()


def _opendocument(archive, noms):
    sorte = _OPENDOCUMENT.get(_lire(archive, "mimetype").strip())
    if sorte is None:
        raise FichierRefuse(INCONNU)
    if any(_MACROS_ODF.match(nom) for nom in noms):
        raise FichierRefuse(MACROS)
    if "META-INF/manifest.xml" in noms and b"encryption-data" in _lire(archive, "META-INF/manifest.xml"):
        raise FichierRefuse(VERROUILLE)
    return sorte


def _exiger_du_texte(flux):
    """Un texte lisible, en UTF-8, en UTF-16 annoncé ou dans l’alphabet de Windows ; jamais une page."""
    flux.seek(0)
    utf16 = flux.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    alphabets = ("utf-16",) if utf16 else ("utf-8-sig", "cp1252")
    if not any(_se_lit(flux, alphabet) for alphabet in alphabets):
        raise FichierRefuse(INCONNU)


def _se_lit(flux, alphabet):
    lecteur, debut = codecs.getincrementaldecoder(alphabet)(), ""
    flux.seek(0)
    try:
        while morceau := flux.read(_MORCEAU):
            texte = lecteur.decode(morceau)
            if _COMMANDES.search(texte):
                return False
            debut = debut or texte.lstrip("\ufeff\u200b \t\r\n\f")[:1]
        lecteur.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    if debut == "<":
        raise FichierRefuse("Les pages Web et les images SVG ne sont pas acceptées\xa0: enregistrez-les en PDF.")
    return True
