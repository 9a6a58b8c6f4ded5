"""Champs maison : chiffrement au repos (modèle) ; durées, heures, liens et textes comme on les tape (formulaire)."""

import datetime
import re
import unicodedata

from cryptography.fernet import Fernet, MultiFernet
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models

from encadrement.socle.temps import ecrire_duree, lire_duree


class ChampChiffre(models.TextField):
    """Texte chiffré au repos ; une clé absente ou fausse lève une erreur, jamais le chiffré à la place du clair."""

    @property
    def _coffre(self):
        return MultiFernet([Fernet(cle) for cle in settings.CLES_CHAMPS])

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return value if value in (None, "") else self._coffre.encrypt(value.encode()).decode()

    def from_db_value(self, value, expression, connection):
        return value if value in (None, "") else self._coffre.decrypt(value.encode()).decode()

    def get_lookup(self, lookup_name):
        if lookup_name != "isnull":
            raise TypeError("On ne cherche pas dans un champ chiffré.")
        return super().get_lookup(lookup_name)


# Sens d’écriture forcé et caractères de commande : ils changent ce qu’on lit sans changer ce qu’on signe.
_INVISIBLES = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0xFEFF])


def nettoyer(texte):
    """Rend `texte` en NFC, sans caractère de commande ni marque de sens d’écriture ; le reste est intact."""
    texte = unicodedata.normalize("NFC", texte).replace("\r\n", "\n").replace("\r", "\n").translate(_INVISIBLES)
    return "".join(signe for signe in texte if signe in "\n\t" or unicodedata.category(signe) not in ("Cc", "Cs"))


class TexteField(forms.CharField):
    """Texte libre nettoyé des caractères invisibles ; zone de texte par défaut."""

    def __init__(self, *, lignes=3, **kwargs):
        if lignes > 1:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": lignes}))
        super().__init__(**kwargs)

    def to_python(self, value):
        return nettoyer(super().to_python(value)).strip()

    def clean(self, value):
        # Nettoyer d’abord : le validateur des caractères nuls refuserait un collage que l’on sait réparer.
        return super().clean(nettoyer(value) if isinstance(value, str) else value)


class LienField(forms.URLField):
    """Adresse d’une page Web ; ni compte glissé devant le nom du site, ni autre protocole que celui du Web."""

    default_validators = [
        URLValidator(schemes=["http", "https"], message="Écrivez une adresse comme https://exemple.ca.")
    ]
    default_error_messages = {"invalid": "Écrivez une adresse comme https://exemple.ca."}

    def __init__(self, **kwargs):
        super().__init__(assume_scheme="https", max_length=500, **kwargs)
        self.widget.attrs["placeholder"] = "https://"

    def clean(self, value):
        lien = super().clean(value)
        if "@" in lien.partition("//")[2].partition("/")[0]:
            raise forms.ValidationError("Ôtez ce qui précède le «\xa0@\xa0»\xa0: il cache où mène vraiment le lien.")
        return lien


class DureeField(forms.CharField):
    """Durée tapée « 1 h 15 », « 90 min » ou « 1,5 h » ; vaut un nombre de minutes."""

    def __init__(self, *, minimum=1, maximum=24 * 60, **kwargs):
        self.minimum, self.maximum = minimum, maximum
        kwargs.setdefault("help_text", "Par exemple 1 h 15, 90 min ou 1,5 h.")
        super().__init__(**kwargs)

    def to_python(self, value):
        texte = super().to_python(value)
        if texte in self.empty_values:
            return None
        try:
            minutes = lire_duree(texte)
        except ValueError as erreur:
            raise ValidationError("Écrivez une durée comme 1 h 15, 90 min ou 1,5 h.", code="duree") from erreur
        if not self.minimum <= minutes <= self.maximum:
            raise ValidationError(
                f"Écrivez une durée entre {ecrire_duree(self.minimum)} et {ecrire_duree(self.maximum)}.",
                code="duree_bornes",
            )
        return minutes

    def prepare_value(self, value):
        return ecrire_duree(value) if isinstance(value, int) else value


class JourField(forms.DateField):
    """Jour civil ; la phrase d’erreur dit quoi écrire, y compris pour un 31 février."""

    default_error_messages = {
        "invalid": "Cette date n’existe pas ou n’est pas lisible : écrivez-la année-mois-jour, par exemple 2026-09-14.",
        "bornes": "Vérifiez l’année : la date doit se situer entre 2000 et 2100.",
    }

    def __init__(self, **kwargs):
        # Sans borne, le navigateur laisse taper une année à six chiffres et n’avance pas au mois.
        bornes = {"min": "2000-01-01", "max": "2100-12-31"}
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **bornes}))
        super().__init__(**kwargs)

    def to_python(self, value):
        jour = super().to_python(value)
        if jour and not 2000 <= jour.year <= 2100:
            raise ValidationError(self.error_messages["bornes"], code="bornes")
        return jour


_HEURE = re.compile(r"(?P<h>\d{1,2})\s*(?:h|:)\s*(?P<m>\d{2})?", re.ASCII)


class HeureField(forms.TimeField):
    """Heure du jour tapée « 13 h 30 », « 9h » ou choisie dans le navigateur (« 13:30 »)."""

    default_error_messages = {"invalid": "Écrivez une heure comme 13:30 ou 9 h."}

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
        super().__init__(**kwargs)

    def to_python(self, value):
        if value in self.empty_values or isinstance(value, datetime.time):
            return value or None
        trouve = _HEURE.fullmatch(" ".join(str(value).replace("\u202f", " ").replace("\xa0", " ").split()))
        if not trouve or int(trouve["h"]) > 23 or int(trouve["m"] or 0) > 59:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return datetime.time(int(trouve["h"]), int(trouve["m"] or 0))
