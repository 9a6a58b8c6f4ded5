"""La saisie d’une demande : la retrouver, l’écrire, en discuter (R-166, R-178, R-179, R-202)."""

from django import forms

from consultation.models import Ampleur, EtatConsultation, SujetConsultation
from encadrement.accueil.forms import PersonneForm
from encadrement.demandes.forms import TEXTES, FormulaireDSMForm, RelectureForm, texte_long
from encadrement.demandes.models import FormulaireDSM
from encadrement.socle.champs import JourField, TexteField
from encadrement.socle.prudence import TextesPrudents
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.forms import VerbeForm

EN_MARCHE = "en_cours"
# Ce champ ne part qu’avec un bouton : enregistré pendant la frappe, « Hém » deviendrait un sujet de la liste.
HORS_BROUILLON = {"data-brouillon-hors": ""}


class FiltreDemandes(forms.Form):
    """Les filtres de la liste ; dans l’adresse, donc jamais une question ni un sujet."""

    q = TexteField(label="Nom du demandeur ou numéro", lignes=1, required=False, max_length=80)
    etat = forms.ChoiceField(
        label="État",
        required=False,
        choices=[("", "Tous les états"), (EN_MARCHE, "En cours"), *EtatConsultation.choices],
    )


class SujetField(forms.ModelChoiceField):
    """Un sujet de la liste, par son identifiant public ; une valeur illisible n’y est pas, sans plus."""

    def to_python(self, value):
        try:
            return super().to_python(value)
        except forms.ValidationError as erreur:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from erreur


class DemandeForm(FormulaireDSMForm):
    """Toute la demande : le premier échelon et ce que le formulaire de la DSM y ajoute (R-178, R-400)."""

    CHAMPS = (*FormulaireDSM.CHAMPS, "constats", "sujet", "ampleur")
    textes_a_relire = (*TEXTES, "constats", "disponibilites", "sujet_libre")

    constats = texte_long(
        "Ce que j’ai trouvé", help_text="Ce que vos recherches vous ont appris, et ce qui vous manque encore."
    )
    sujet = SujetField(
        label="Sujet",
        queryset=SujetConsultation.objects.none(),
        to_field_name="uuid",
        required=False,
        empty_label="À choisir",
        error_messages={"invalid_choice": "Ce sujet n’est plus à la liste\xa0: choisissez-en un autre."},
    )
    sujet_libre = TexteField(
        label="Ou, s’il n’est pas à la liste",
        lignes=1,
        required=False,
        max_length=120,
        help_text="En quelques mots, sans rien qui identifie une personne. Il s’ajoute quand vous appuyez sur un bouton.",
        widget=forms.TextInput(attrs=HORS_BROUILLON),
    )
    ampleur = forms.ChoiceField(
        label="Qui consulte?",
        choices=[(Ampleur.INDIVIDUELLE, "Moi"), (Ampleur.GROUPE, "Un groupe, dont je suis")],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Dites si vous consultez seul ou en groupe."),
    )

    def __init__(self, data=None, *, demande, brouillon=False):
        super().__init__(data, demande=demande, brouillon=brouillon)
        self.fields["recherches"].label = "Ce que j’ai cherché"
        self.fields["disponibilites"].label = "Mes disponibilités"
        # Un sujet retiré de la liste reste celui de la demande qui le portait.
        proposes = SujetConsultation.objects.proposes() | SujetConsultation.objects.filter(pk=demande.sujet_id)
        self.fields["sujet"].queryset = proposes.order_by("libelle")

    def clean_ampleur(self):
        ampleur = self.cleaned_data["ampleur"]
        if ampleur == Ampleur.INDIVIDUELLE and self.demande.participants.exists():
            raise forms.ValidationError(
                "Retirez d’abord les personnes du groupe\xa0: elles liraient encore une demande qui n’est plus la leur."
            )
        return ampleur


class RecherchesForm(DemandeForm):
    """Le premier échelon seul : la DSM demandera le reste, s’il faut y venir."""

    CHAMPS = tuple(champ for champ in DemandeForm.CHAMPS if champ not in ("attentes", "partenaires"))
    attentes = None
    partenaires = None


class ParticipantForm(PersonneForm):
    """Une personne du groupe, par son nom ou son matricule."""

    personne = TexteField(
        label="Ajouter une personne au groupe",
        lignes=1,
        required=False,
        max_length=120,
        help_text="Son nom ou son matricule. Elle lira la demande une fois celle-ci présentée.",
        widget=forms.TextInput(attrs=HORS_BROUILLON),
    )
    laquelle = forms.ChoiceField(
        label="Laquelle?", required=False, widget=forms.RadioSelect(attrs=HORS_BROUILLON), choices=()
    )

    def clean(self):
        donnees = super().clean()
        if not donnees.get("personne") and not self.errors:
            self.add_error("personne", "Écrivez le nom de la personne.")
        return donnees


class SoumettreForm(RelectureForm):
    """Présenter : ce que d’autres liront se relit une dernière fois (N-10)."""

    textes_a_relire = (*TEXTES, "constats", "disponibilites")


class DiscussionForm(VerbeForm):
    """Le jour où l’on en a discuté (R-179)."""

    discutee_le = JourField(
        label="Discutée le",
        initial=jour_local,
        error_messages={"required": "Donnez le jour où vous en avez discuté."},
    )

    def clean_discutee_le(self):
        jour = self.cleaned_data["discutee_le"]
        if jour > jour_local():
            raise forms.ValidationError(
                "La discussion n’a pas encore eu lieu\xa0: donnez le jour où vous en avez parlé."
            )
        return jour


class MotifForm(TextesPrudents, VerbeForm):
    """Un motif que d’autres liront, relu avant d’être écrit."""

    textes_a_relire = ("motif",)
