"""La saisie de l’inscription à une rencontre et des gens conviés (R-218, R-219, R-228, R-247, R-250)."""

from django import forms
from django.utils.formats import date_format

from concertation.forms.situations import MotifForm, Prudents
from concertation.models import EtatComite, TitreConvie
from encadrement.accueil.forms import PersonneForm
from encadrement.personnes.models import Direction
from encadrement.rencontres.serie import dire_jour
from encadrement.socle.champs import DureeField, TexteField
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.forms import VerbeForm

MINUTES = 45


class RencontreField(forms.ModelChoiceField):
    """Une rencontre à venir, par son identifiant public ; illisible, elle se refuse comme une inconnue."""

    def to_python(self, value):
        try:
            return super().to_python(value)
        except forms.ValidationError as erreur:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from erreur

    def label_from_instance(self, rencontre):
        jour = dire_jour(rencontre.jour)
        dit = f"{jour[:1].upper()}{jour[1:]}, {rencontre.get_mode_display()}"
        convoquee = "; déjà convoquée" if rencontre.etat == EtatComite.CONVOQUEE else ""
        return f"{dit} (dépôt jusqu’au {date_format(rencontre.depot_le)}{convoquee})"


class ChoixDeRencontre(forms.Form):
    """Une rencontre à venir ; ce qu’elle entraîne d’inhabituel se dit, et se confirme, avant d’agir."""

    rencontre = RencontreField(
        label="Rencontre",
        queryset=None,
        to_field_name="uuid",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choisissez une rencontre à venir."),
    )

    def __init__(self, *args, rencontres, situation, **kwargs):
        super().__init__(*args, **kwargs)
        self.situation, self.alertes = situation, []
        self.fields["rencontre"].queryset = rencontres

    def clean(self):
        donnees = super().clean()
        rencontre = donnees.get("rencontre")
        if rencontre is not None and (alertes := _alertes(self.situation, rencontre)):
            self._demander_de_confirmer(rencontre, alertes)
        return donnees

    def _demander_de_confirmer(self, rencontre, alertes):
        self.alertes, cle = alertes, str(rencontre.uuid)
        self.fields["confirmee"] = forms.BooleanField(
            label="Inscrire quand même à cette rencontre",
            required=False,
            widget=forms.CheckboxInput(attrs={"value": cle}),
        )
        # Cocher vaut pour la rencontre qui était montrée, et pour elle seulement.
        if self.data.get("confirmee") == cle:
            return
        self.data = self.data.copy()
        self.data.pop("confirmee", None)
        self.add_error("rencontre", " ".join(alertes))


def _alertes(situation, rencontre):
    alertes = []
    if situation.attestee_le is not None and jour_local(situation.attestee_le) > rencontre.depot_le:
        depot = date_format(rencontre.depot_le)
        alertes.append(f"Cette demande est arrivée après le dernier jour pour déposer, le {depot}.")
    if rencontre.etat == EtatComite.CONVOQUEE:
        alertes.append("Cette rencontre est déjà convoquée\xa0: les personnes conviées d’office liront aussitôt.")
    return alertes


class InscrireForm(ChoixDeRencontre, VerbeForm):
    """À quelle rencontre, et pour combien de temps (R-222, R-228)."""

    minutes = DureeField(
        label="Temps prévu", initial=MINUTES, minimum=5, maximum=180, help_text="Par exemple 45 min ou 1 h."
    )
    field_order = ("rencontre", "minutes")


class ReporterForm(ChoixDeRencontre, MotifForm):
    """À quelle autre rencontre, et pourquoi."""

    field_order = ("rencontre", "motif")
    aide_motif = "Sans nom ni initiales. Les personnes conviées à la situation le liront."


class ConvierForm(PersonneForm):
    """Une personne de l’établissement, ou quelqu’un de l’extérieur, et à quel titre (R-218, R-219, R-247)."""

    nom_externe = TexteField(
        label="ou une personne de l’extérieur",
        lignes=1,
        required=False,
        max_length=170,
        help_text="Elle vient à la rencontre; elle ne lit rien ici.",
    )
    organisme = TexteField(label="Son organisme", lignes=1, required=False, max_length=170)
    titre = forms.ChoiceField(
        label="À titre de",
        choices=[
            (TitreConvie.INVITE, "Personne invitée\xa0: lit jusqu’à 48 h après la rencontre"),
            (TitreConvie.GESTIONNAIRE, "Gestionnaire\xa0: lit jusqu’à 30 jours après"),
            (TitreConvie.REPRESENTANT, "Représentant d’une direction\xa0: lit jusqu’à 30 jours après"),
        ],
        initial=TitreConvie.INVITE,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Dites à quel titre cette personne est conviée."),
    )
    direction = forms.ModelChoiceField(
        label="Direction représentée",
        queryset=Direction.objects.order_by("nom"),
        required=False,
        empty_label="Aucune",
        help_text="Pour un représentant.",
    )

    field_order = ("personne", "laquelle", "nom_externe", "organisme", "titre", "direction")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["personne"].required = False

    def clean(self):
        donnees = super().clean()
        personne, externe = donnees.get("personne"), donnees.get("nom_externe")
        if "personne" in self.errors or "laquelle" in self.errors:
            return donnees
        if personne and externe:
            self.add_error("nom_externe", "Une personne à la fois\xa0: conviez l’autre ensuite.")
        elif not personne and not externe:
            self.add_error("personne", "Choisissez une personne, ou nommez quelqu’un de l’extérieur.")
        elif externe and donnees.get("titre") not in (None, TitreConvie.INVITE):
            self.add_error(
                "titre", "Une personne de l’extérieur est invitée\xa0: elle ne représente pas une direction."
            )
        if donnees.get("titre") == TitreConvie.REPRESENTANT and not donnees.get("direction"):
            self.add_error("direction", "Dites quelle direction cette personne représente.")
        return donnees

    @property
    def saisi(self):
        """Rend ce que `convier` attend ; le formulaire doit être valide."""
        donnees = self.cleaned_data
        personne = donnees.get("personne") or None
        return {
            "personne": personne,
            "nom_externe": "" if personne else donnees["nom_externe"],
            "organisme": "" if personne else donnees["organisme"],
            "titre": donnees["titre"],
            "direction": donnees["direction"] if donnees["titre"] == TitreConvie.REPRESENTANT else None,
        }


class ProlongerForm(Prudents, forms.Form):
    """De combien de jours, et pourquoi."""

    textes_a_relire = ("motif",)

    jours = forms.IntegerField(
        label="Jours de plus",
        min_value=1,
        max_value=30,
        initial=7,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "Écrivez un nombre de jours, de 1 à 30."
        ),
    )
    motif = TexteField(
        label="Raison",
        max_length=1000,
        help_text="Sans nom ni initiales. Elle reste au journal de la situation, chiffrée.",
        error_messages={"required": "Écrivez la raison de cette prolongation."},
    )
