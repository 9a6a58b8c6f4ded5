"""La saisie de ce qui prolonge et met fin."""

from django import forms

from encadrement.acces.attribues import APPR
from encadrement.personnes.models import Personne
from encadrement.socle.champs import JourField, TexteField
from encadrement.socle.temps import ajouter_mois, jour_local
from encadrement.trajectoire.forms import VerbeForm
from mentorat.models import PROLONGATION_MAXIMALE_MOIS

TROP_LONG = "Ce texte dépasse 4\xa0000 caractères\xa0: raccourcissez-le. Rien n’est perdu."


def _texte(label, **options):
    return TexteField(
        label=label,
        max_length=4000,
        error_messages={"max_length": TROP_LONG, "required": options.pop("obligatoire", "")},
        **options,
    )


class ProlongationForm(VerbeForm):
    """La nouvelle fin et sa justification ; la limite est dite avant la saisie (R-059, R-341, Q-06)."""

    nouvelle_fin = JourField(
        label="Nouvelle fin", error_messages={"required": "Écrivez la date jusqu’à laquelle poursuivre."}
    )
    justification = _texte(
        "Pourquoi poursuivre au-delà de la période prévue",
        obligatoire="Écrivez pourquoi la poursuite est nécessaire\xa0: le gestionnaire décidera d’après cela.",
    )

    def __init__(self, *args, objet, **kwargs):
        super().__init__(*args, objet=objet, **kwargs)
        self.fin = objet.fin
        self.limite = ajouter_mois(objet.fin, PROLONGATION_MAXIMALE_MOIS)
        self.fields["nouvelle_fin"].help_text = f"Après le {self.fin:%Y-%m-%d}, au plus tard le {self.limite:%Y-%m-%d}."

    def clean_nouvelle_fin(self):
        jour = self.cleaned_data["nouvelle_fin"]
        if jour <= self.fin:
            raise forms.ValidationError(f"La nouvelle fin doit suivre la fin actuelle, le {self.fin:%Y-%m-%d}.")
        if jour > self.limite:
            raise forms.ValidationError(
                f"Une prolongation est d’au plus {PROLONGATION_MAXIMALE_MOIS} mois\xa0: jusqu’au {self.limite:%Y-%m-%d}."
            )
        return jour


class FinForm(VerbeForm):
    motif = _texte(
        "Motif (facultatif)",
        required=False,
        help_text="Chacun peut mettre fin au mentorat pour tout motif qu’il juge valable, sans avoir à le dire. Si "
        "vous en écrivez un, l’autre personne, le gestionnaire et l’APPR le liront.",
    )


class ConsignerFinForm(VerbeForm):
    """La rencontre qui évalue l’expérience vécue, avec le gestionnaire et un APPR (R-363)."""

    rencontre_le = JourField(
        label="Date de la rencontre", error_messages={"required": "Écrivez la date de la rencontre."}
    )
    appr = forms.ModelChoiceField(
        label="APPR présent",
        queryset=Personne.objects.none(),
        required=False,
        empty_label="Aucun APPR n’était présent",
    )
    gestionnaire_present = forms.BooleanField(label="Le gestionnaire était présent", required=False)
    constat = _texte(
        "Ce que la dyade retient de l’expérience",
        required=False,
        help_text="Facultatif. Lu par le mentor, le mentoré, le gestionnaire et l’APPR\xa0: restez à l’expérience, sans "
        "le contenu des conversations.",
    )

    def __init__(self, *args, objet, **kwargs):
        super().__init__(*args, objet=objet, **kwargs)
        self.fields["appr"].queryset = APPR.personnes(objet).order_by("nom", "prenom")

    def clean_rencontre_le(self):
        jour = self.cleaned_data["rencontre_le"]
        if jour > jour_local():
            raise forms.ValidationError("Cette rencontre est dans l’avenir\xa0: consignez-la une fois tenue.")
        return jour
