"""La saisie de la vie entre les rencontres : outils, sujets, appels, retraits ; on relit avant de publier (N-10)."""

from django import forms
from django.utils.formats import date_format

from cdp.models import SorteOutil
from encadrement.fichiers.forms import FichierField
from encadrement.socle.champs import LienField, TexteField
from encadrement.socle.prudence import TextesPrudents

DEPERSONNALISE = "Sans nom, date de naissance, adresse ni numéro\xa0: décrivez la situation, pas la personne."


def _zone(label, *, maximum, lignes=4, obligatoire="", **options):
    erreurs = {"max_length": f"Ce texte dépasse {maximum} caractères\xa0: raccourcissez-le. Rien n’est perdu."}
    champ = TexteField(
        label=label,
        lignes=lignes,
        required=bool(obligatoire),
        max_length=maximum,
        error_messages=erreurs | ({"required": obligatoire} if obligatoire else {}),
        **options,
    )
    # Le navigateur couperait sans le dire un collage trop long : on compte, et c’est le serveur qui refuse.
    champ.widget.attrs["data-compteur"] = champ.widget.attrs.pop("maxlength")
    return champ


class FiltreOutils(forms.Form):
    q = forms.CharField(label="Mots du titre ou de la description", max_length=100, required=False)
    sorte = forms.ChoiceField(
        label="Sorte d’outil",
        choices=[("", "Toutes les sortes"), *((code, nom.capitalize()) for code, nom in SorteOutil.choices)],
        required=False,
    )


class OutilForm(TextesPrudents, forms.Form):
    """Un outil de la bibliothèque : un fichier, un lien, ou les deux (R-452)."""

    textes_a_relire = ("titre", "description", "fichier")

    titre = _zone("Titre", maximum=200, lignes=1, obligatoire="Donnez un titre à l’outil.")
    sorte = forms.ChoiceField(
        label="Sorte d’outil",
        choices=[(code, nom.capitalize()) for code, nom in SorteOutil.choices],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez la sorte d’outil."},
    )
    description = _zone("Description", maximum=2000, help_text=f"À quoi il sert, d’où il vient. {DEPERSONNALISE}")
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
    def outil(self):
        """Rend les champs de l’outil ; le formulaire doit être valide."""
        donnees = self.cleaned_data
        return {champ: donnees[champ] for champ in ("titre", "sorte", "description", "lien")} | {
            "contenu": donnees["fichier"]
        }


class SujetForm(TextesPrudents, forms.Form):
    textes_a_relire = ("texte",)

    texte = _zone(
        "Sujet qui vous intéresse", maximum=300, lignes=1, obligatoire="Écrivez le sujet avant de le proposer."
    )


class AppelForm(TextesPrudents, forms.Form):
    textes_a_relire = ("titre", "texte")

    titre = _zone("Votre question", maximum=200, lignes=1, obligatoire="Écrivez votre question.")
    texte = _zone("Le contexte", maximum=8000, lignes=6, help_text=DEPERSONNALISE)


class ReponseForm(TextesPrudents, forms.Form):
    textes_a_relire = ("texte",)

    texte = _zone(
        "Votre réponse",
        maximum=8000,
        lignes=5,
        obligatoire="Écrivez votre réponse avant de la publier.",
        help_text=DEPERSONNALISE,
    )


class InscriptionForm(forms.Form):
    """À quelle rencontre à venir mettre un sujet."""

    rencontre = forms.ModelChoiceField(
        label="Rencontre",
        queryset=None,
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez une rencontre.",
            "invalid_choice": "Cette rencontre n’est plus à venir\xa0: choisissez-en une autre.",
        },
    )

    def __init__(self, *args, rencontres, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rencontre"].queryset = rencontres
        self.fields["rencontre"].label_from_instance = _en_clair


def _en_clair(rencontre):
    return f"{date_format(rencontre.jour)}, {rencontre.get_etat_display()}"


class RetraitForm(forms.Form):
    motif = _zone(
        "Motif du retrait",
        maximum=300,
        lignes=2,
        obligatoire="Écrivez le motif du retrait\xa0: il reste au dossier.",
        help_text="Lu par l’auteur et par l’animateur.",
    )
