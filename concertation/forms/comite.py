"""La saisie du comité : ses représentants, son calendrier, ses rencontres (R-217, R-221 à R-223, R-235, R-239)."""

import datetime

from django import forms
from django.utils import timezone

from concertation.actions.comite import depot_par_defaut
from concertation.forms.situations import MotifForm
from concertation.models import DUREE_HABITUELLE
from encadrement.accueil.forms import PersonneForm
from encadrement.personnes.models import Direction
from encadrement.rencontres import forms as communs
from encadrement.rencontres.serie import Rythme
from encadrement.socle.champs import JourField
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.forms import VerbeForm

TITULAIRE, SUBSTITUT = "titulaire", "substitut"
HEURE_HABITUELLE = datetime.time(13)
FIN_HABITUELLE = (datetime.datetime.combine(datetime.date.min, HEURE_HABITUELLE) + DUREE_HABITUELLE).time()


class NommerForm(PersonneForm):
    """Qui représente une direction, à quel titre, du… au…, avec quel pouvoir (R-217, R-239)."""

    direction = forms.ModelChoiceField(
        label="Direction",
        queryset=Direction.objects.none(),
        empty_label="À choisir",
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Choisissez la direction que cette personne représente."
        ),
    )
    sorte = forms.ChoiceField(
        label="À titre de",
        choices=[(TITULAIRE, "Représentant"), (SUBSTITUT, "Substitut, en son absence")],
        initial=TITULAIRE,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Dites si c’est le représentant ou son substitut."
        ),
    )
    pouvoir = forms.BooleanField(
        label="J’atteste que cette personne a un pouvoir décisionnel sur les services requis",
        required=False,
    )
    debut = JourField(label="Du", initial=jour_local, error_messages={"required": "Donnez le premier jour."})
    fin = JourField(label="Au", required=False, help_text="Laissez vide si la fin n’est pas connue.")

    field_order = ("direction", "personne", "laquelle", "sorte", "pouvoir", "debut", "fin")

    def __init__(self, *args, directions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["direction"].queryset = directions

    def clean(self):
        donnees = super().clean()
        if donnees.get("debut") and donnees.get("fin") and donnees["fin"] < donnees["debut"]:
            self.add_error("fin", "La fin doit suivre le début.")
        return donnees

    @property
    def saisi(self):
        """Rend ce que `nommer_representant` attend ; le formulaire doit être valide."""
        champs = {champ: self.cleaned_data[champ] for champ in ("direction", "personne", "pouvoir", "debut", "fin")}
        return {**champs, "est_substitut": self.cleaned_data["sorte"] == SUBSTITUT}


class PlanifierForm(communs.SerieForm):
    """Le calendrier du comité : une rencontre par mois, de trois heures au départ, ou une rencontre de plus (R-221 à R-223)."""

    repetition = forms.ChoiceField(
        label="Répétition",
        choices=[
            (Rythme.RANG_DU_MOIS, "Chaque mois, au même rang (par exemple, le 3e mercredi)"),
            (Rythme.DERNIER_DU_MOIS, "Chaque mois, le dernier (par exemple, le dernier mercredi)"),
            (communs.UNE_FOIS, "Une seule fois\xa0: rencontre supplémentaire"),
        ],
        initial=Rythme.RANG_DU_MOIS,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choisissez si la rencontre revient chaque mois."),
    )
    intervalle = None

    @property
    def est_supplementaire(self):
        return self.cleaned_data["repetition"] == communs.UNE_FOIS

    def clean(self):
        donnees = super().clean()
        if self.dates is not None and all(creneau.debut <= timezone.now() for creneau in self.dates.creneaux):
            self.add_error("jour", "Cette date est passée\xa0: une rencontre du comité se prévoit à l’avance.")
        return donnees


class DeplacerForm(communs.DeplacerForm):
    """La date, le mode, le lieu ou le dernier jour pour déposer (R-221, R-228)."""

    depot_le = JourField(
        label="Dernier jour pour déposer une demande",
        required=False,
        help_text="Vide, deux semaines avant la rencontre.",
    )

    def clean(self):
        depot_le = self.cleaned_data.get("depot_le")
        donnees = super().clean()
        if self.errors or "debut" not in donnees:
            return donnees
        if donnees["debut"] <= timezone.now():
            self.add_error("jour", "Ce moment est passé\xa0: choisissez-en un à venir.")
        # Une nouvelle date entraîne celle du dépôt, sauf si on l’a changée aussi.
        if not depot_le or ("jour" in self.changed_data and "depot_le" not in self.changed_data):
            depot_le = depot_par_defaut(donnees["debut"])
        if depot_le > jour_local(donnees["debut"]):
            self.add_error("depot_le", "On dépose avant la rencontre, au plus tard le jour même.")
        return {**donnees, "depot_le": depot_le}


class TenirForm(VerbeForm):
    """Qui était là (R-242, R-258) ; une case par personne conviée et par situation."""

    def __init__(self, *args, participations, **kwargs):
        super().__init__(*args, **kwargs)
        self.participations = participations
        self.fields["presentes"] = forms.ModelMultipleChoiceField(
            label="Qui était là",
            queryset=participations,
            to_field_name="uuid",
            required=False,
            widget=forms.CheckboxSelectMultiple,
            error_messages=dict.fromkeys(
                ("invalid_choice", "invalid_list", "invalid_pk_value"), "Cochez des personnes de la liste."
            ),
        )
        self.fields["presentes"].label_from_instance = _nommer


def _nommer(participation):
    qui = str(participation.personne or participation.nom_externe)
    return f"{qui}, {participation.get_titre_display()} ({participation.situation.numero})"


class AnnulerForm(MotifForm):
    aide_motif = "Ce qui empêche la rencontre; rien d’une situation. Il reste à l’histoire du comité."
