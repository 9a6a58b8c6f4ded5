"""Les sortes de fichiers permises ; tout le reste est refusé."""

from django.db import models


class Sorte(models.TextChoices):
    PDF = "pdf", "PDF"
    DOCX = "docx", "document Word"
    XLSX = "xlsx", "classeur Excel"
    PPTX = "pptx", "présentation PowerPoint"
    ODT = "odt", "document OpenDocument"
    ODS = "ods", "classeur OpenDocument"
    ODP = "odp", "présentation OpenDocument"
    PNG = "png", "image PNG"
    JPG = "jpg", "image JPEG"
    TXT = "txt", "texte"
    CSV = "csv", "tableau CSV"

    @property
    def mime(self):
        return MIMES[self]


_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"
MIMES = {
    Sorte.PDF: "application/pdf",
    Sorte.DOCX: f"{_OOXML}.wordprocessingml.document",
    Sorte.XLSX: f"{_OOXML}.spreadsheetml.sheet",
    Sorte.PPTX: f"{_OOXML}.presentationml.presentation",
    Sorte.ODT: f"{_ODF}.text",
    Sorte.ODS: f"{_ODF}.spreadsheet",
    Sorte.ODP: f"{_ODF}.presentation",
    Sorte.PNG: "image/png",
    Sorte.JPG: "image/jpeg",
    Sorte.TXT: "text/plain; charset=utf-8",
    Sorte.CSV: "text/csv; charset=utf-8",
}
EXTENSIONS = {sorte.value: sorte for sorte in Sorte} | {"jpeg": Sorte.JPG}
EN_TOUTES_LETTRES = "PDF, Word (.docx), Excel (.xlsx), PowerPoint (.pptx), OpenDocument, PNG, JPEG, texte ou CSV"
