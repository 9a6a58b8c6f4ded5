"""Le matériel des experts et le réglage d’une direction : la saisie (R-198, R-202, Q-17)."""

from django import forms

from consultation.models import Approbation
from encadrement.fichiers.forms import FichierField
from encadrement.socle.champs import LienField, TexteField
from encadrement.socle.prudence import TextesPrudents


class MaterielForm(TextesPrudents, forms.Form):
    """Un document pour les experts : un fichier, un lien, ou les deux (R-198)."""

    textes_a_relire = ("titre", "description", "fichier")

    titre = TexteField(
        label="Titre",
        lignes=1,
        max_length=200,
        error_messages={
            "required": "Donnez un titre au document.",
            "max_length": "Donnez un titre d’au plus 200 caractères.",
        },
    )
    description = TexteField(
        label="À quoi il sert",
        lignes=2,
        required=False,
        max_length=500,
        error_messages={"max_length": "Dites-le en au plus 500 caractères."},
    )
    fichier = FichierField(label="Fichier", required=False)
    lien = LienField(label="Ou un lien", required=False, help_text="Vers le document ou la page d’origine.")

    def clean(self):
        donnees = super().clean()
        if not {"fichier", "lien"} & set(self.errors) and not donnees.get("fichier") and not donnees.get("lien"):
            self.add_error("fichier", "Déposez un fichier, ou donnez un lien.")
        return donnees

    @property
    def fichier_a_reprendre(self):
        """Le nom du fichier à choisir de nouveau : un navigateur ne rend jamais un fichier à une page réaffichée."""
        return self.files["fichier"].name if self.is_bound and self.errors and "fichier" in self.files else ""

    @property
    def saisi(self):
        """Rend ce que `deposer_materiel` attend ; le formulaire doit être valide."""
        donnees = self.cleaned_data
        return {champ: donnees[champ] for champ in ("titre", "description", "lien")} | {"contenu": donnees["fichier"]}


class ReglageForm(forms.Form):
    approbation = forms.ChoiceField(
        label="Après la discussion avec le gestionnaire",
        choices=[(code, libelle[:1].upper() + libelle[1:]) for code, libelle in Approbation.choices],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Choisissez si le gestionnaire autorise ou si la discussion suffit."
        ),
    )
    motif = TexteField(
        label="Motif",
        help_text="Qui l’a décidé, et pourquoi; tous le lisent.",
        lignes=2,
        max_length=300,
        error_messages={
            "required": "Écrivez le motif\xa0: il explique la règle aux intervenants de la direction.",
            "max_length": "Écrivez le motif en au plus 300 caractères.",
        },
    )
