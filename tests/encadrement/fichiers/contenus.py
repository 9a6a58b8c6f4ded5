"""Des fichiers honnêtes et hostiles, fabriqués à la volée."""

import io
import struct
import zipfile
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(document.cookie)</script>"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" * 8
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
# Se dit PDF, et se lirait comme une page si un navigateur y cherchait du HTML.
POLYGLOTTE = b"%PDF-1.7\n<html><body><script>alert(1)</script></body></html>\n" + PDF[9:]
# L’inverse : une page que les lecteurs PDF tolérants ouvriraient.
PAGE_POLYGLOTTE = b"<html><script>alert(1)</script></html>\n" + PDF

_OOXML = "application/vnd.openxmlformats-officedocument"
_PRINCIPALES = {
    "docx": f"{_OOXML}.wordprocessingml.document.main+xml",
    "xlsx": f"{_OOXML}.spreadsheetml.sheet.main+xml",
    "pptx": f"{_OOXML}.presentationml.presentation.main+xml",
}
_ODF = "application/vnd.oasis.opendocument"
_MIMES = {"odt": f"{_ODF}.text", "ods": f"{_ODF}.spreadsheet", "odp": f"{_ODF}.presentation"}


def png():
    """Rend une image PNG d’un point."""

    def bloc(sorte, donnees):
        corps = sorte + donnees
        return struct.pack(">I", len(donnees)) + corps + struct.pack(">I", zlib.crc32(corps))

    entete = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + bloc(b"IHDR", entete) + bloc(b"IDAT", zlib.compress(b"\x00\x00")) + bloc(b"IEND", b"")


def archive(pieces):
    """Rend une archive zip de {nom: contenu}, dans cet ordre."""
    flux = io.BytesIO()
    with zipfile.ZipFile(flux, "w", zipfile.ZIP_DEFLATED) as sortie:
        for nom, contenu in pieces.items():
            sortie.writestr(nom, contenu)
    return flux.getvalue()


def ooxml(sorte="docx", types=None, **pieces):
    """Rend un document de Microsoft réduit à ses pièces nécessaires."""
    types = types or f'<Types><Override PartName="/principale.xml" ContentType="{_PRINCIPALES[sorte]}"/></Types>'
    return archive({"[Content_Types].xml": types, "principale.xml": "<document/>", **pieces})


def opendocument(sorte="odt", **pieces):
    """Rend un document OpenDocument réduit à ses pièces nécessaires."""
    return archive({"mimetype": _MIMES[sorte], "content.xml": "<office/>", **pieces})


def honnetes():
    """Rend {extension: contenu} de chaque sorte permise."""
    return {
        "pdf": PDF,
        "png": png(),
        "jpg": JPG,
        "jpeg": JPG,
        "txt": "Été à Gaspé".encode(),
        "csv": "nom;âge\r\nÉlise;34\r\n".encode("cp1252"),
        **{sorte: ooxml(sorte) for sorte in _PRINCIPALES},
        **{sorte: opendocument(sorte) for sorte in _MIMES},
    }


def televerse(nom, contenu):
    """Rend le contenu téléversé d’un fichier."""
    return SimpleUploadedFile(nom, contenu, content_type="application/octet-stream")
