"""La saisie de ce qui protège une situation : déclarer un lien, exclure, demander un accès d’urgence."""

from django import forms

from encadrement.accueil.forms import PersonneForm
from encadrement.personnes.models import Direction, Service
from encadrement.socle.champs import JourField, TexteField
from encadrement.socle.prudence import TextesPrudents
from encadrement.socle.temps import jour_local


class DeclarationForm(forms.Form):
    """Un lien avec la personne, ou aucun (N-03)."""

    lien = forms.ChoiceField(
        label="Avez-vous un lien avec la personne dont il est question?",
        choices=[
            ("aucun", "Non, je n’ai aucun lien avec elle"),
            ("lien", "Oui, ou je crois que oui\xa0: ne me montrez pas cette situation"),
        ],
        widget=forms.RadioSelect,
        help_text="Vous-même, un parent, un proche, un voisin, un ami, un collègue\xa0: dans une petite région, le doute suffit.",
        error_messages={"required": "Répondez avant de lire\xa0: la question est posée à chacun."},
    )

    @property
    def en_conflit(self):
        return self.cleaned_data["lien"] == "lien"


class ExclusionForm(PersonneForm):
    """Une personne, un service ou une direction à qui cacher la situation (O-05)."""

    service = forms.ModelChoiceField(
        label="Ou un service",
        queryset=Service.objects.select_related("direction").order_by("nom"),
        required=False,
        empty_label="Aucun service",
    )
    direction = forms.ModelChoiceField(
        label="Ou une direction",
        queryset=Direction.objects.order_by("nom"),
        required=False,
        empty_label="Aucune direction",
    )
    avis_le = JourField(
        label="Avis écrit de la personne reçu le",
        required=False,
        help_text="Si c’est elle, ou son représentant, qui restreint l’accès. L’avis lui-même se garde à son dossier.",
    )

    field_order = ("personne", "laquelle", "service", "direction", "avis_le")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["personne"].required = False

    def clean_avis_le(self):
        jour = self.cleaned_data["avis_le"]
        if jour and jour > jour_local():
            raise forms.ValidationError("Cet avis n’est pas encore reçu\xa0: donnez le jour où vous l’avez eu en main.")
        return jour

    def clean(self):
        donnees = super().clean()
        vises = [champ for champ in ("personne", "service", "direction") if donnees.get(champ)]
        if not vises and not self.errors:
            raise forms.ValidationError("Dites qui est exclu\xa0: une personne, un service ou une direction.")
        if len(vises) > 1:
            raise forms.ValidationError("Une exclusion à la fois\xa0: une personne, un service ou une direction.")
        return donnees

    def vise(self):
        """Rend {personne, service, direction, avis_le} à passer à l’action ; le formulaire doit être valide."""
        return {
            champ: self.cleaned_data.get(champ) or None for champ in ("personne", "service", "direction", "avis_le")
        }


class ExceptionForm(TextesPrudents, forms.Form):
    """Le code d’une situation et le motif de la lire en urgence (X-7)."""

    textes_a_relire = ("motif",)

    numero = TexteField(
        label="Code de la situation",
        lignes=1,
        max_length=20,
        help_text="Par exemple CC-2026-07.",
        error_messages={"required": "Écrivez le code de la situation."},
    )
    motif = TexteField(
        label="Motif",
        max_length=2000,
        help_text="Ce qui presse, sans rien qui identifie la personne. Qui approuve le lira; il reste chiffré au dossier.",
        error_messages={"required": "Écrivez le motif\xa0: une autre personne décidera d’après lui."},
    )


class ConfirmationForm(forms.Form):
    """Un bouton : rien à saisir, l’acte s’explique dans la page."""
