"""La demande de mentorat et le choix d’un mentor : dire le besoin, chercher, proposer."""

from django import forms

from encadrement.personnes.models import Personne
from encadrement.socle.champs import TexteField
from encadrement.trajectoire.forms import VerbeForm
from mentorat.forms.competences import AvecCompetences
from mentorat.models import DemandeMentorat, EtatDemande, FicheMentor, IdentifiePar

TROP_LONG = "Ce texte dépasse 4\u00a0000 caractères\u00a0: raccourcissez-le."


def _texte(label, aide):
    return TexteField(
        label=label, help_text=aide, required=False, max_length=4000, error_messages={"max_length": TROP_LONG}
    )


def _case(nom):
    return forms.BooleanField(label=DemandeMentorat._meta.get_field(nom).verbose_name, required=False)


class DemandeForm(AvecCompetences):
    """Le besoin vu par l’intervenant (R-068, R-436) ; un brouillon peut être incomplet."""

    besoin_nouvel_intervenant = _case("besoin_nouvel_intervenant")
    besoin_nouveau_programme = _case("besoin_nouveau_programme")
    besoin_competences = _case("besoin_competences")
    identifie_par = forms.ChoiceField(
        label="Qui a vu ce besoin?",
        choices=[(IdentifiePar.INTERVENANT, "Moi"), (IdentifiePar.LES_DEUX, "Mon gestionnaire et moi")],
        widget=forms.RadioSelect,
        error_messages={"required": "Dites qui a vu ce besoin.", "invalid_choice": "Dites qui a vu ce besoin."},
    )
    description = _texte(
        "Ce que je veux développer",
        "Dans vos mots. Lu par votre gestionnaire, par la DSM et par le mentor qu’on vous propose.",
    )
    attentes = _texte(
        "Mes attentes et mes disponibilités", "Ce que vous espérez d’un mentor, vos moments, le lieu ou Teams."
    )

    CHAMPS = (*DemandeMentorat.CASES, "identifie_par", "description", "attentes")

    def __init__(self, data=None, *, demande):
        initial = {champ: getattr(demande, champ) for champ in self.CHAMPS}
        super().__init__(data, initial={**initial, "competences": list(demande.competences.all())})

    @property
    def cases(self):
        return [self[case] for case in DemandeMentorat.CASES]


class DesignationForm(AvecCompetences):
    """Le besoin vu par le gestionnaire pour une personne de son équipe (R-046, R-085)."""

    mentore = forms.ModelChoiceField(
        label="Personne",
        queryset=Personne.objects.none(),
        to_field_name="uuid",
        empty_label="Choisir une personne de l’équipe",
        error_messages={
            "required": "Choisissez une personne de votre équipe.",
            "invalid_choice": "Choisissez une personne de votre équipe.",
        },
    )
    besoin_nouvel_intervenant = _case("besoin_nouvel_intervenant")
    besoin_nouveau_programme = _case("besoin_nouveau_programme")
    besoin_competences = _case("besoin_competences")
    identifie_par = forms.ChoiceField(
        label="Qui a vu ce besoin?",
        choices=[(IdentifiePar.GESTIONNAIRE, "Moi, gestionnaire"), (IdentifiePar.LES_DEUX, "Nous deux, ensemble")],
        initial=IdentifiePar.LES_DEUX,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites qui a vu ce besoin.", "invalid_choice": "Dites qui a vu ce besoin."},
    )
    description = _texte("Ce qui est à développer", "La personne le lira, ainsi que la DSM et le mentor proposé.")

    def __init__(self, data=None, *, equipe):
        super().__init__(data)
        self.fields["mentore"].queryset = equipe

    @property
    def cases(self):
        return [self[case] for case in DemandeMentorat.CASES]

    def clean(self):
        donnees = super().clean()
        if not any(donnees.get(case) for case in DemandeMentorat.CASES):
            self.add_error(None, "Cochez au moins un besoin\u00a0: c’est lui qui rend admissible au mentorat.")
        return donnees


class ChoixMentorForm(VerbeForm):
    """Un mentor du bottin, nommé par l’adresse de sa fiche."""

    mentor = forms.UUIDField(
        label="Mentor",
        error_messages={
            "required": "Choisissez un mentor dans la liste.",
            "invalid": "Choisissez un mentor dans la liste.",
        },
    )

    def clean_mentor(self):
        fiche = (
            FicheMentor.objects.actives().select_related("personne").filter(uuid=self.cleaned_data["mentor"]).first()
        )
        if fiche is None:
            raise forms.ValidationError("Ce mentor n’est plus disponible au bottin\u00a0: choisissez-en un autre.")
        return fiche.personne


class FiltreDemandes(forms.Form):
    """Les filtres de la liste ; dans l’adresse, donc partageables."""

    q = TexteField(label="Nom du mentoré", lignes=1, required=False, max_length=80)
    etat = forms.ChoiceField(label="État", required=False, choices=[("", "Tous les états"), *EtatDemande.choices])


class RechercheMentor(forms.Form):
    q = TexteField(label="Nom, discipline ou compétence", lignes=1, required=False, max_length=80)
