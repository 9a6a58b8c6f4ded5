"""Le bottin des mentors : le filtrer, y poser sa fiche, et les quelques champs des verbes."""

from django import forms

from encadrement.personnes.models import sans_accents
from encadrement.personnes.organisation import RLS
from encadrement.socle.champs import JourField, TexteField
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.forms import VerbeForm
from mentorat.forms.competences import AvecCompetences, en_ordre
from mentorat.models import Caracteristique, Competence, EtatFiche, Qualite

TROP_LONG = "Ce texte dépasse 4\u00a0000 caractères\u00a0: raccourcissez-le."
DISPONIBILITES = [
    ("", "Tous les mentors"),
    ("libre", "Avec une place libre"),
    ("en_pause", "En pause"),
]


class FiltreBottin(forms.Form):
    """Les filtres du bottin ; dans l’adresse, donc partageables. Un choix inconnu est ignoré, et dit."""

    q = TexteField(label="Nom, discipline ou compétence", lignes=1, required=False, max_length=80)
    discipline = forms.ChoiceField(label="Discipline", required=False)
    competence = forms.ModelChoiceField(
        label="Compétence", queryset=Competence.objects.none(), required=False, empty_label="Toutes les compétences"
    )
    rls = forms.ChoiceField(label="RLS", required=False, choices=[("", "Tous les RLS"), *RLS.choices])
    disponibilite = forms.ChoiceField(label="Disponibilité", required=False, choices=DISPONIBILITES)
    a_distance = forms.BooleanField(label="Accepte à distance", required=False)

    def __init__(self, *args, disciplines, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["discipline"].choices = [
            ("", "Toutes les disciplines"),
            *((discipline, discipline) for discipline in sorted(filter(None, disciplines), key=sans_accents)),
        ]
        inscrites = Competence.objects.filter(fiches__etat__in=(EtatFiche.ACTIVE, EtatFiche.EN_PAUSE))
        self.fields["competence"].queryset = inscrites.distinct()
        self.fields["competence"].choices = [("", "Toutes les compétences"), *en_ordre(inscrites.distinct())]


class FicheForm(AvecCompetences):
    """Ce que la personne dit d’elle-même (R-435, R-436) ; un brouillon peut être incomplet."""

    motivation = TexteField(
        label="Mes motivations",
        help_text="Pourquoi être mentor, ce que j’espère y trouver. Lu par votre gestionnaire et par la DSM.",
        required=False,
        max_length=4000,
        error_messages={"max_length": TROP_LONG},
    )
    experience = TexteField(
        label="Mon expérience et mes champs d’intérêt",
        help_text="Votre feuille de présentation\u00a0: le mentoré qu’on vous propose la lira aussi.",
        required=False,
        max_length=4000,
        error_messages={"max_length": TROP_LONG},
    )
    disponibilite = TexteField(
        label="Mes disponibilités",
        help_text="Par exemple\u00a0: les mardis après-midi, en présence à Maria ou par Teams.",
        lignes=1,
        required=False,
        max_length=200,
        error_messages={"max_length": "Dites vos disponibilités en au plus 200 caractères."},
    )
    capacite = forms.IntegerField(
        label="Nombre de mentorés à la fois",
        min_value=1,
        max_value=10,
        error_messages={
            "required": "Indiquez de 1 à 10 mentorés à la fois.",
            "invalid": "Écrivez un nombre entier, de 1 à 10.",
            "min_value": "Indiquez de 1 à 10 mentorés à la fois.",
            "max_value": "Indiquez de 1 à 10 mentorés à la fois.",
        },
    )
    a_distance = forms.BooleanField(label="J’accepte le mentorat à distance", required=False)
    caracteristiques = forms.MultipleChoiceField(
        label="Je suis…",
        choices=Caracteristique.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Cochez parmi les caractéristiques de l’annexe 5."},
    )
    qualites = forms.MultipleChoiceField(
        label="Je me reconnais ces qualités",
        choices=Qualite.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Cochez parmi les qualités de l’annexe 5."},
    )

    CHAMPS = ("motivation", "experience", "disponibilite", "capacite", "a_distance", "caracteristiques", "qualites")

    def __init__(self, data=None, *, fiche):
        initial = {champ: getattr(fiche, champ) for champ in self.CHAMPS}
        super().__init__(data, initial={**initial, "competences": list(fiche.competences.all())})


class RecommandationForm(VerbeForm):
    experience_attestee = forms.BooleanField(
        label=(
            "J’atteste que cette personne est un intervenant expérimenté, reconnu compétent par ses pairs et par moi, "
            "qui applique les procédures clinico-administratives de l’établissement"
        ),
        error_messages={"required": "Attestez l’expérience de cette personne pour la recommander."},
    )


class FormationForm(VerbeForm):
    suivie_le = JourField(
        label="Formation de mentor suivie le",
        error_messages={"required": "Indiquez le jour où la formation a été suivie."},
    )

    def clean_suivie_le(self):
        jour = self.cleaned_data["suivie_le"]
        if jour > jour_local():
            raise forms.ValidationError("Cette formation n’a pas encore eu lieu\u00a0: consignez-la une fois suivie.")
        return jour


class PauseForm(VerbeForm):
    retour_prevu_le = JourField(
        label="Retour prévu le", required=False, help_text="Laissez vide si vous ne le savez pas encore."
    )

    def clean_retour_prevu_le(self):
        jour = self.cleaned_data["retour_prevu_le"]
        if jour and jour <= jour_local():
            raise forms.ValidationError("Indiquez un jour à venir, ou laissez vide.")
        return jour


class RetraitForm(VerbeForm):
    motif = TexteField(label="Motif, si vous le voulez", required=False, max_length=4000)
