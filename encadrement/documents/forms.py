"""Ce qu’on dépose ou tape pour vérifier un document."""

from django import forms

from encadrement.documents.verification import TAILLE_MAXIMALE


class VerificationForm(forms.Form):
    """Un fichier PDF ou un code, jamais les deux à moitié : le fichier l’emporte."""

    fichier = forms.FileField(
        label="Fichier PDF à vérifier",
        required=False,
        allow_empty_file=True,
        help_text="Au plus 10\xa0Mo. Le fichier est comparé, puis oublié\xa0: il n’est pas gardé.",
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )
    code = forms.CharField(
        label="Code de vérification",
        required=False,
        max_length=40,
        help_text="Seize signes, imprimés à la dernière page du document.",
        error_messages={"max_length": "Un code de vérification compte seize signes."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_fichier(self):
        fichier = self.cleaned_data["fichier"]
        if fichier is None:
            return None
        if not fichier.size:
            raise forms.ValidationError("Ce fichier est vide\xa0: il n’y a rien à vérifier.")
        if fichier.size > TAILLE_MAXIMALE:
            raise forms.ValidationError("Ce fichier dépasse 10\xa0Mo\xa0: ce n’est pas un de nos documents.")
        return fichier

    def clean(self):
        donnees = super().clean()
        if not self.errors and donnees.get("fichier") is None and not donnees.get("code"):
            raise forms.ValidationError("Déposez un fichier PDF ou écrivez un code de vérification.")
        return donnees
