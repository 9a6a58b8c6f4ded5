"""Couper un envoi démesuré pendant qu’il arrive : ni la mémoire ni le disque ne le reçoivent."""

import io

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class TropGros(UploadedFile):
    """Ce qui reste d’un fichier coupé : son nom et sa taille, sans contenu."""


class CoupeLesTropGros(FileUploadHandler):
    """Placé avant les autres : passé la limite, il avale la suite et rend un TropGros.

    L’envoi est lu jusqu’au bout, sans quoi les champs de texte qui suivent le fichier seraient perdus.
    """

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.trop_gros = False

    def receive_data_chunk(self, raw_data, start):
        if not self.trop_gros and start + len(raw_data) > settings.FICHIER_TAILLE_MAXIMALE:
            self.trop_gros = True
            self._liberer()
        return None if self.trop_gros else raw_data

    def _liberer(self):
        # Ce que les suivants ont déjà reçu part tout de suite, sans attendre la fin de l’envoi.
        for suivant in self.request.upload_handlers if self.request else ():
            recu = getattr(suivant, "file", None)
            if recu is not None:
                recu.close()

    def file_complete(self, file_size):
        if not self.trop_gros:
            return None
        return TropGros(io.BytesIO(), name=self.file_name, content_type=self.content_type, size=file_size)
