"""La saisie de la fermeture : ce que la consultation a changé, et ce qu’on en pense, sans son nom (R-209)."""

from django import forms

from consultation.actions.issues import questions_de_fermeture
from consultation.models import Suite
from encadrement.sondages.forms import ReponseForm
from encadrement.trajectoire.forms import VerbeForm


class PoursuivreForm(ReponseForm, VerbeForm):
    """Les questions du questionnaire en vigueur ; rend `reponses`."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, questions=questions_de_fermeture(), **kwargs)

    def clean(self):
        donnees = super().clean()
        # Une réponse refusée manque : la page se réaffiche, l’action n’est pas appelée.
        return donnees if self.errors else {"reponses": {code: donnees[code] for code in self.questions}}


class FermerForm(PoursuivreForm):
    """La suite, qui reste au dossier, puis les questions ; rend `suite` et `reponses`."""

    # Un nom que la DSM ne donnera pas à une question : les deux formulaires n’en font qu’un.
    suite_au_dossier = forms.ChoiceField(
        label="Ce que la consultation a changé",
        choices=[(code, libelle[:1].upper() + libelle[1:]) for code, libelle in Suite.choices],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Dites ce que la consultation a changé."),
    )

    def clean(self):
        # Lue avant : `clean` rend d’autres clés.
        suite = self.cleaned_data.get("suite_au_dossier")
        donnees = super().clean()
        return donnees if self.errors else {"suite": suite, **donnees}
