"""La saisie des heures : celles qu’on a données, celles qu’on demande en plus (R-126 à R-128)."""

from django import forms

from cdp.droits import DROITS_COMMUNAUTE
from cdp.models import PLAFONNEES, SorteHeures
from encadrement.personnes.models import Personne
from encadrement.socle.champs import DureeField, JourField, TexteField
from encadrement.socle.temps import AnneeFinanciere, jour_local

DEMANDE_MAXIMALE = 200 * 60
_SORTES = [
    (
        "Comptées dans les 24 heures",
        [(sorte.value, sorte.label.capitalize()) for sorte in SorteHeures if sorte in PLAFONNEES],
    ),
    ("Comptées à part", [(sorte.value, sorte.label.capitalize()) for sorte in SorteHeures if sorte not in PLAFONNEES]),
]


class HeuresForm(forms.Form):
    """Du temps donné hors des rencontres : celles-ci se comptent d’elles-mêmes, d’après les présences."""

    jour = JourField(label="Date", error_messages={"required": "Écrivez la date."})
    duree = DureeField(label="Durée", error_messages={"required": "Écrivez la durée, par exemple 1 h 15."})
    sorte = forms.ChoiceField(
        label="Sorte",
        choices=[("", "Choisissez"), *_SORTES],
        error_messages={"required": "Choisissez à quoi ce temps a servi."},
    )
    precision = TexteField(
        label="Précision",
        lignes=1,
        required=False,
        max_length=200,
        help_text="Pour vous seulement. N’y écrivez rien qui identifie un usager.",
    )

    @classmethod
    def pour(cls, donnees=None, heures=None):
        """Rend le formulaire d’heures à consigner, ou celui d’heures à corriger."""
        if heures is None:
            return cls(donnees, initial={"jour": jour_local()})
        initiales = {champ: getattr(heures, champ) for champ in ("jour", "sorte", "precision")}
        return cls(donnees, initial={**initiales, "duree": heures.minutes})

    def clean_jour(self):
        jour = self.cleaned_data["jour"]
        if jour > jour_local():
            raise forms.ValidationError("Cette date est dans l’avenir\xa0: consignez ces heures une fois données.")
        return jour

    @property
    def champs(self):
        """Rend les champs à enregistrer ; le formulaire doit être valide."""
        donnees = dict(self.cleaned_data)
        return {"minutes": donnees.pop("duree"), **donnees}


class DemandeHeuresForm(forms.Form):
    """Des heures en plus des 24 : pour soi, et pour un autre ou pour tous si l’on est responsable (R-128, R-423)."""

    TOUS = "tous"

    pour = forms.ChoiceField(label="Pour", error_messages={"required": "Dites pour qui."})
    annee = forms.TypedChoiceField(label="Année financière", coerce=int)
    duree = DureeField(
        label="Heures de plus",
        maximum=DEMANDE_MAXIMALE,
        error_messages={"required": "Écrivez le nombre d’heures, par exemple 6 h."},
        help_text="En plus de ce qui est déjà accordé. Par exemple 6 h, ou 1 h 30.",
    )
    justification = TexteField(
        label="Mandat spécifique ou raison",
        max_length=2000,
        error_messages={"required": "Dites le mandat ou la raison qui demande plus de temps."},
        help_text="Le parrain la lira pour décider.",
    )

    def __init__(self, data=None, *, communaute, par):
        annee = AnneeFinanciere.du(jour_local())
        super().__init__(data, initial={"pour": str(par.pk), "annee": annee.debut_annee})
        self.fields["annee"].choices = [(a.debut_annee, str(a)) for a in (annee, annee.suivante)]
        choix = [(str(par.pk), "Moi")]
        if DROITS_COMMUNAUTE.peut(par, "demander_heures_autrui", communaute):
            membres = communaute.membres().exclude(personne=par).order_by("personne__nom", "personne__prenom")
            choix.append((self.TOUS, "Chaque membre"))
            choix += [(str(adhesion.personne_id), str(adhesion.personne)) for adhesion in membres]
        self.fields["pour"].choices = choix

    @property
    def champs(self):
        """Rend ce que la demande enregistre ; le formulaire doit être valide."""
        pour = self.cleaned_data["pour"]
        return {
            "personne": None if pour == self.TOUS else Personne.objects.get(pk=int(pour)),
            "annee": self.cleaned_data["annee"],
            "minutes": self.cleaned_data["duree"],
            "justification": self.cleaned_data["justification"],
        }


class AnneeForm(forms.Form):
    """L’année financière à montrer ; une adresse bricolée rend l’année en cours."""

    annee = forms.TypedChoiceField(label="Année financière", coerce=int, required=False)

    def __init__(self, donnees, *, depuis):
        courante = AnneeFinanciere.du(jour_local())
        super().__init__({"annee": donnees.get("annee") or courante.debut_annee})
        self.annees = [AnneeFinanciere(debut) for debut in range(courante.debut_annee + 1, depuis.debut_annee - 1, -1)]
        self.fields["annee"].choices = [(annee.debut_annee, str(annee)) for annee in self.annees]
        self.choisie = courante
        if self.is_valid() and self.cleaned_data["annee"]:
            self.choisie = AnneeFinanciere(self.cleaned_data["annee"])
