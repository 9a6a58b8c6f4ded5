"""La saisie d’une conclusion : ce qu’on retient d’un constat, et pourquoi."""

from django import forms

from concertation.models import Conclusion
from encadrement.socle.champs import TexteField
from encadrement.socle.prudence import TextesPrudents


class ConclureForm(TextesPrudents, forms.Form):
    """L’accès était justifié, la personne a été rappelée à l’ordre, ou c’est un incident."""

    textes_a_relire = ("note",)

    conclusion = forms.ChoiceField(
        label="Ce qu’on en conclut",
        choices=[(code, libelle.capitalize()) for code, libelle in Conclusion.choices],
        widget=forms.RadioSelect,
        error_messages={"required": "Dites ce que vous en concluez."},
    )
    note = TexteField(
        label="Ce qui y mène, et ce qui a été fait",
        lignes=3,
        max_length=1000,
        required=False,
        help_text="Sans nom d’usager\xa0: cette note est signée avec l’analyse. Facultatif si l’accès est justifié.",
    )

    def clean(self):
        donnees = super().clean()
        if donnees.get("conclusion") not in ("", None, Conclusion.JUSTIFIE) and not donnees.get("note"):
            self.add_error("note", "Écrivez ce qui mène à cette conclusion, et ce qui a été fait.")
        return donnees
