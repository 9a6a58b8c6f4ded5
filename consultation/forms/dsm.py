"""La saisie des échelons de la DSM : constater l’absence, relire, analyser, acheminer, réorienter (R-181 à R-183, R-210)."""

from django import forms

from consultation.forms.demandes import MotifForm, SoumettreForm
from consultation.models import FicheExpert
from encadrement.socle.champs import JourField, TexteField
from encadrement.socle.prudence import TextesPrudents
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.forms import VerbeForm

CHOISIR = "Choisissez un expert disponible dans la liste."


class AbsenceForm(MotifForm):
    """Aucun expert du bottin ne convient : dire ce qu’on y a cherché, la DSM le lira (R-181, R-207)."""

    libelle_motif = "Ce que j’ai cherché au bottin"
    aide_motif = "Les expertises et les sujets cherchés, et pourquoi rien ne convient. La DSM le lira."


class TransmissionForm(SoumettreForm):
    """Signer le formulaire de la DSM : rien ne s’y tape, tout s’y relit (N-10)."""


class AnalyseForm(MotifForm):
    """L’analyse de l’APPR : l’expertise est-elle absente ou insuffisante au CISSS (R-210)?"""

    libelle_motif = "Mon analyse"
    aide_motif = "L’expertise manque-t-elle au CISSS, ou ne suffit-elle pas? Le demandeur le lira."


class AcheminementForm(TextesPrudents, VerbeForm):
    """À qui la demande sort de l’établissement, et pourquoi : les trois sont exigés (O-03)."""

    textes_a_relire = ("destinataire", "finalite", "justification")

    destinataire = TexteField(
        label="Destinataire au RUISSS UL",
        lignes=1,
        max_length=170,
        help_text="L’organisme ou la plateforme qui reçoit la demande.",
        error_messages={"required": "Nommez qui reçoit la demande au RUISSS UL."},
    )
    finalite = TexteField(
        label="Finalité",
        lignes=2,
        max_length=500,
        help_text="Ce que la communication permet d’obtenir.",
        error_messages={"required": "Dites à quelle fin la demande est communiquée."},
    )
    justification = TexteField(
        label="Justification",
        lignes=3,
        max_length=500,
        help_text="Pourquoi cette communication est nécessaire, et pourquoi rien n’y identifie un usager.",
        error_messages={"required": "Justifiez la communication\xa0: le registre doit pouvoir le dire."},
    )


class ChoixDExpert(forms.ModelChoiceField):
    def label_from_instance(self, fiche):
        return ", ".join(filter(None, (str(fiche.personne), fiche.expertise)))

    def to_python(self, value):
        # Une clé illisible se dit comme un choix qui n’est pas à la liste.
        try:
            return super().to_python(value)
        except forms.ValidationError as erreur:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from erreur


class ReorientationForm(MotifForm):
    """Un expert du CISSS que l’APPR connaît, et pourquoi lui (R-210) ; rend `fiche` et `motif`."""

    aide_motif = "Le demandeur et l’expert le liront."

    fiche = ChoixDExpert(
        label="Expert du CISSS",
        queryset=FicheExpert.objects.none(),
        to_field_name="uuid",
        empty_label="À choisir",
        error_messages=dict.fromkeys(("required", "invalid_choice"), CHOISIR),
    )

    def __init__(self, *args, objet, **kwargs):
        super().__init__(*args, objet=objet, **kwargs)
        fiches = FicheExpert.objects.pour(objet).select_related("personne")
        self.fields["fiche"].queryset = fiches.order_by("personne__nom", "personne__prenom", "pk")
        self.order_fields(["fiche", "motif"])


class ContactForm(TextesPrudents, VerbeForm):
    """L’expert du RUISSS UL, son établissement, le jour du contact (R-183)."""

    textes_a_relire = ("expertise",)

    expert_externe = TexteField(
        label="Expert du RUISSS UL",
        lignes=1,
        max_length=170,
        help_text="La personne ou l’équipe avec qui le demandeur est en contact.",
        error_messages={"required": "Nommez l’expert, ou son équipe."},
    )
    organisme = TexteField(
        label="Son établissement",
        lignes=1,
        max_length=170,
        error_messages={"required": "Nommez l’établissement de l’expert."},
    )
    expertise = TexteField(label="Son expertise", lignes=1, required=False, max_length=200)
    contact_le = JourField(
        label="Contact établi le",
        initial=jour_local,
        error_messages={"required": "Donnez le jour où le contact s’est établi."},
    )

    def clean_contact_le(self):
        jour = self.cleaned_data["contact_le"]
        if jour > jour_local():
            raise forms.ValidationError("Le contact n’a pas encore eu lieu\xa0: notez-le une fois établi.")
        return jour


class FiltreCommunications(forms.Form):
    """La période du registre ; dans l’adresse, donc partageable."""

    du = JourField(label="Du", required=False)
    au = JourField(label="Au", required=False)
