"""Ce qu’un paramètre accepte : ses champs à l’écran, ce qu’il refuse, comment il se lit et s’écrit en mots."""

import itertools
import re
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from encadrement.fichiers.actions import deposer
from encadrement.fichiers.forms import FichierField
from encadrement.parametres.images import exiger_une_image_sure
from encadrement.socle.champs import TexteField, nettoyer
from encadrement.socle.erreurs import ErreurMetier

CHAMP = "valeur"
_COURRIEL = "Écrivez une adresse de courriel complète, comme dsm@exemple.qc.ca."


class Nature:
    """Ce que toutes ont en commun ; `lire` reçoit la saisie nettoyée, `garder` rend ce qui va dans la base."""

    # Un fichier ne se montre pas avant d’être gardé : il n’a pas d’aperçu.
    a_un_apercu = True

    def initial(self, valeur):
        return {CHAMP: valeur}

    def lire(self, saisie):
        return saisie[CHAMP]

    def garder(self, valeur, *, par):
        return valeur

    def relire(self, gardee):
        return gardee

    def verifier(self, valeur):
        """Lève ErreurMetier, une phrase, si la valeur n’est pas permise."""


def ecrire_delai(jours, *, ouvrables=False):
    """Rend « 14 jours avant », « le jour même », « 3 jours ouvrables après »."""
    if jours == 0:
        return "le jour même"
    unite = ("jour" if abs(jours) == 1 else "jours") + (
        (" ouvrable" if abs(jours) == 1 else " ouvrables") if ouvrables else ""
    )
    return f"{abs(jours)}\xa0{unite} {'avant' if jours < 0 else 'après'}"


@dataclass(frozen=True)
class Delais(Nature):
    """Les jours où partent les relances d’une échéance, une par étape : négatif avant, zéro le jour même, positif après."""

    etapes: tuple
    minimum: int
    maximum: int
    ouvrables: bool = False

    def champs(self):
        unite = "jours ouvrables" if self.ouvrables else "jours"
        aide = f"En {unite}, de {self.minimum} à {self.maximum}."
        if self.minimum < 0:
            aide += " Avec un moins, c’est avant l’échéance; 0, le jour même."
        return {
            f"etape_{rang}": forms.IntegerField(
                label=etape[:1].upper() + etape[1:],
                min_value=self.minimum,
                max_value=self.maximum,
                help_text=aide if rang == 0 else "",
                error_messages={
                    "required": "Écrivez un nombre de jours.",
                    "invalid": "Écrivez un nombre entier de jours.",
                    "min_value": f"Écrivez {self.minimum} ou davantage.",
                    "max_value": f"Écrivez {self.maximum} ou moins.",
                },
            )
            for rang, etape in enumerate(self.etapes)
        }

    def initial(self, valeur):
        return {f"etape_{rang}": jours for rang, jours in enumerate(valeur)}

    def lire(self, saisie):
        return [saisie[f"etape_{rang}"] for rang in range(len(self.etapes))]

    def garder(self, valeur, *, par):
        return list(valeur)

    def relire(self, gardee):
        return tuple(gardee)

    def verifier(self, valeur):
        if len(valeur) != len(self.etapes):
            raise ErreurMetier("Donnez un délai à chaque étape.")
        if any(not self.minimum <= jours <= self.maximum for jours in valeur):
            raise ErreurMetier(f"Un délai se situe entre {self.minimum} et {self.maximum} jours.")
        if any(suivant <= jours for jours, suivant in itertools.pairwise(valeur)):
            raise ErreurMetier("Chaque étape vient après la précédente\xa0: mettez les délais en ordre croissant.")

    def en_mots(self, valeur):
        return [
            f"{etape}\xa0: {ecrire_delai(jours, ouvrables=self.ouvrables)}"
            for etape, jours in zip(self.etapes, valeur, strict=True)
        ]


@dataclass(frozen=True)
class Entier(Nature):
    """Un nombre entier, borné, dans une unité."""

    minimum: int
    maximum: int
    unite: str

    def champs(self):
        return {
            CHAMP: forms.IntegerField(
                label=self.unite.capitalize(),
                min_value=self.minimum,
                max_value=self.maximum,
                help_text=f"De {self.minimum} à {self.maximum}.",
                error_messages={
                    "required": "Écrivez un nombre.",
                    "invalid": "Écrivez un nombre entier.",
                    "min_value": f"Écrivez {self.minimum} ou davantage.",
                    "max_value": f"Écrivez {self.maximum} ou moins.",
                },
            )
        }

    def verifier(self, valeur):
        if not self.minimum <= valeur <= self.maximum:
            raise ErreurMetier(f"Écrivez un nombre de {self.minimum} à {self.maximum}.")

    def en_mots(self, valeur):
        return [f"{valeur}\xa0{self.unite}"]


@dataclass(frozen=True)
class Adresse(Nature):
    """Une adresse de courriel de l’établissement."""

    def champs(self):
        return {
            CHAMP: forms.EmailField(
                label="Adresse de courriel", error_messages={"required": _COURRIEL, "invalid": _COURRIEL}
            )
        }

    def verifier(self, valeur):
        try:
            validate_email(valeur)
        except ValidationError as erreur:
            raise ErreurMetier(_COURRIEL) from erreur

    def en_mots(self, valeur):
        return [valeur]


@dataclass(frozen=True)
class Texte(Nature):
    """Un texte brut, sans mise en forme ; `facultatif` s’il peut être vide."""

    longueur: int
    lignes: int = 4
    facultatif: bool = False

    def champs(self):
        champ = TexteField(
            label="Texte",
            lignes=self.lignes,
            max_length=self.longueur,
            required=not self.facultatif,
            help_text="Aucun nom d’usager ni renseignement clinique."
            + (" Vide, rien ne s’affiche." if self.facultatif else ""),
            error_messages={"required": "Écrivez le texte, ou remettez la valeur d’origine."},
        )
        return {CHAMP: champ}

    def verifier(self, valeur):
        if not self.facultatif and not valeur.strip():
            raise ErreurMetier("Écrivez le texte, ou remettez la valeur d’origine.")
        if len(valeur) > self.longueur or nettoyer(valeur) != valeur:
            raise ErreurMetier(f"Écrivez au plus {self.longueur} caractères, sans caractère invisible.")

    def en_mots(self, valeur):
        return [ligne for ligne in re.split(r"\n+", valeur) if ligne] or ["aucun texte"]


@dataclass(frozen=True)
class Image(Nature):
    """Une image PNG ou JPEG, examinée comme tout fichier déposé ; la valeur est l’identifiant du Fichier, ou vide."""

    a_un_apercu = False

    def champs(self):
        return {
            CHAMP: FichierField(
                label="Image",
                help_text="PNG ou JPEG, au plus 500\xa0ko et 2000 points de côté; une image SVG est refusée.",
            )
        }

    def initial(self, valeur):
        return {}

    def verifier(self, valeur):
        exiger_une_image_sure(valeur)

    def garder(self, valeur, *, par):
        return valeur and str(deposer(valeur, par=par).uuid)

    def en_mots(self, valeur):
        return ["une image déposée"] if valeur else ["aucune image"]
