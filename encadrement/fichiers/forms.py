"""Le champ de formulaire d’un fichier : il refuse par une phrase, et la valeur se passe à `deposer`."""

from django import forms
from django.conf import settings

from encadrement.fichiers.actions import inspecter
from encadrement.fichiers.refus import FichierRefuse, en_mo
from encadrement.fichiers.sortes import EN_TOUTES_LETTRES, EXTENSIONS


class FichierField(forms.FileField):
    """Fichier à déposer ; sa valeur nettoyée est un Inspecte, ou None. Le formulaire est en multipart/form-data."""

    default_error_messages = {
        "required": "Choisissez un fichier.",
        "invalid": "Aucun fichier n’est arrivé\xa0: choisissez-le de nouveau.",
        "missing": "Aucun fichier n’est arrivé\xa0: choisissez-le de nouveau.",
        "empty": "Ce fichier est vide\xa0: vérifiez que c’est le bon.",
    }

    def __init__(self, **kwargs):
        accepte = ",".join(f".{extension}" for extension in EXTENSIONS)
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": accepte}))
        kwargs.setdefault("help_text", f"{EN_TOUTES_LETTRES}; au plus {en_mo(settings.FICHIER_TAILLE_MAXIMALE)}.")
        # Le nom se nettoie et se coupe lui-même ; un fichier vide reçoit la même phrase qu’ailleurs.
        super().__init__(allow_empty_file=True, **kwargs)

    def clean(self, data, initial=None):
        televerse = super().clean(data, None)
        if not televerse:
            return None
        try:
            return inspecter(televerse)
        except FichierRefuse as refus:
            raise forms.ValidationError(refus.message, code="fichier") from refus
