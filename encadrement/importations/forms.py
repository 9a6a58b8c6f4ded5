"""Téléverser un extrait des ressources humaines."""

from django import forms

from encadrement.fichiers.forms import FichierField
from encadrement.fichiers.sortes import Sorte
from encadrement.trajectoire.forms import VerbeForm


class RetourForm(VerbeForm):
    """Annuler se motive : le motif reste à l’histoire de l’importation."""

    aide_motif = "Gardé à l’histoire de l’importation."


class ExtraitForm(forms.Form):
    fichier = FichierField(
        label="Extrait des ressources humaines",
        help_text="CSV à points-virgules, tel que les ressources humaines le donnent; rien ne s’écrit avant que vous ayez "
        "lu la différence.",
        widget=forms.FileInput(attrs={"accept": ".csv"}),
    )
    complete = forms.BooleanField(
        label="L’extrait dit tout l’établissement",
        help_text="Les personnes absentes du fichier deviennent inactives; sinon, elles sont seulement signalées.",
        required=False,
    )

    def clean_fichier(self):
        inspecte = self.cleaned_data["fichier"]
        if inspecte is not None and inspecte.sorte not in (Sorte.CSV, Sorte.TXT):
            raise forms.ValidationError("L’extrait est un fichier CSV : enregistrez le classeur en CSV UTF-8.")
        return inspecte
