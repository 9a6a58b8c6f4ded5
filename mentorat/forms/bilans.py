"""La saisie des bilans (annexe 4) : un état par objectif et par activité, des zones de texte, un témoin par champ."""

from django import forms

from encadrement.socle.brouillon import PREFIXE_TEMOIN, donnees_a_reprendre
from encadrement.socle.fusion import temoin
from encadrement.trajectoire.forms import VerbeForm
from mentorat.actions.bilans import champs_de
from mentorat.forms.suivi import zone
from mentorat.models import Couleur, Sorte

COULEURS = [(Couleur.VERT, "Vert"), (Couleur.JAUNE, "Jaune"), (Couleur.ROUGE, "Rouge")]
ZONES = {
    "forces": ("Forces du mentoré", 4),
    "cibles": ("Cibles de développement", 4),
    "recommandations": ("Recommandations du mentor", 4),
    "commentaires": ("Commentaires", 4),
    "justification": ("Justification de la poursuite", 3),
}


def _couleur(label):
    return forms.ChoiceField(
        label=label,
        choices=COULEURS,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={"invalid_choice": "Choisissez vert, jaune ou rouge."},
    )


class ConfirmerMiTempsForm(VerbeForm):
    """La version lue voyage avec la confirmation : on ne confirme pas ce qu’on n’a pas vu."""

    version = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={
            "required": "Relisez le bilan, puis confirmez.",
            "invalid": "Relisez le bilan, puis confirmez.",
        },
    )


class BilanForm(forms.Form):
    """Tous les champs d’un bilan, à remplir à deux ; un bilan peut rester incomplet jusqu’à sa confirmation."""

    def __init__(self, data=None, *, bilan):
        self.bilan = bilan
        self.lignes = bilan.lignes()
        self.valeurs = self._valeurs()
        super().__init__(data, initial=self.valeurs)
        for ligne in self.lignes:
            rang = ligne["objectif"].rang
            self.fields[f"objectif-{ligne['objectif'].pk}"] = _couleur(f"État de l’objectif {rang}")
            for numero, rangee in enumerate(ligne["activites"], start=1):
                champ = f"activite-{rangee['activite'].pk}"
                self.fields[champ] = _couleur(f"Objectif {rang}, état de l’activité {numero}")
        for nom in champs_de(bilan.sorte):
            self.fields[nom] = self._champ(nom)

    def _valeurs(self):
        valeurs = {champ: getattr(self.bilan, champ) for champ in champs_de(self.bilan.sorte)}
        for ligne in self.lignes:
            valeurs[f"objectif-{ligne['objectif'].pk}"] = ligne["etat"]
            valeurs.update({f"activite-{rangee['activite'].pk}": rangee["etat"] for rangee in ligne["activites"]})
        return valeurs

    @staticmethod
    def _champ(nom):
        if nom == "poursuite":
            return forms.BooleanField(label="Une poursuite est nécessaire au-delà de la période prévue", required=False)
        libelle, lignes = ZONES[nom]
        return zone(libelle, lignes=lignes)

    @property
    def libelles(self):
        return {nom: champ.label for nom, champ in self.fields.items()}

    def temoins(self):
        """Rend (nom du champ caché, témoin) de chaque champ ; un témoin reçu est gardé tel quel."""
        neufs = {f"{PREFIXE_TEMOIN}{champ}": temoin(valeur) for champ, valeur in self.valeurs.items()}
        return [(nom, self.data.get(nom, valeur)) for nom, valeur in neufs.items()]

    def a_reprendre(self, bilan, conflits):
        """Rend le formulaire à réafficher après un enregistrement partiel, sur le bilan relu."""
        return type(self)(donnees_a_reprendre(self, type(self)(bilan=bilan).valeurs, conflits), bilan=bilan)

    def rangees(self):
        """Rend les objectifs et leurs activités avec leur champ, pour le gabarit."""
        return [
            {
                **ligne,
                "champ": self[f"objectif-{ligne['objectif'].pk}"],
                "activites": [
                    {**rangee, "champ": self[f"activite-{rangee['activite'].pk}"]} for rangee in ligne["activites"]
                ],
            }
            for ligne in self.lignes
        ]

    @property
    def est_finale(self):
        return self.bilan.sorte == Sorte.FINAL
