"""La saisie du bilan et des recommandations."""

from django import forms
from django.conf import settings

from encadrement.accueil.forms import PersonneForm
from encadrement.bilan_annuel.actions.bilans import PREFIXE_MESURE, textes_du_bilan
from encadrement.bilan_annuel.actions.recommandations import dire, valeurs_de
from encadrement.bilan_annuel.models import TOUTES_LES_MESURES, EtatRecommandation
from encadrement.demandes.forms import texte_long
from encadrement.socle.brouillon import PREFIXE_TEMOIN, donnees_a_reprendre
from encadrement.socle.champs import JourField, TexteField
from encadrement.socle.fusion import temoin
from encadrement.socle.prudence import TextesPrudents
from encadrement.socle.temps import AnneeFinanciere, jour_local
from encadrement.trajectoire.forms import VerbeForm

ANNEES_PROPOSEES = 4
_MESURES = [("", TOUTES_LES_MESURES.capitalize()), *settings.MESURES_DU_CADRE]


def annees_proposees():
    """Rend les années financières, la courante et les précédentes."""
    courante = AnneeFinanciere.du(jour_local()).debut_annee
    return [AnneeFinanciere(annee) for annee in range(courante, courante - ANNEES_PROPOSEES, -1)]


def _choix_annees(*autres):
    annees = {annee.debut_annee for annee in annees_proposees()} | {annee for annee in autres if annee}
    return [(annee, str(AnneeFinanciere(annee))) for annee in sorted(annees, reverse=True)]


class BilanForm(TextesPrudents, forms.Form):
    """Les textes du bilan ; incomplet, il s’enregistre. `brouillon=True` (pendant la frappe) garde tout sans avertir."""

    def __init__(self, data=None, *, bilan, brouillon=False):
        self.valeurs = textes_du_bilan(bilan)
        super().__init__(data, initial=self.valeurs)
        noms = dict(settings.MESURES_DU_CADRE)
        for champ in self.valeurs:
            nom = noms.get(champ.removeprefix(PREFIXE_MESURE), champ.capitalize())
            self.fields[champ] = texte_long(nom, lignes=8, maximum=8000)
        self.textes_a_relire = () if brouillon else tuple(self.valeurs)

    @property
    def saisi(self):
        """Rend les textes lisibles que la page a envoyés ; une saisie en erreur n’y est pas et reste à l’écran."""
        return {champ: self.cleaned_data[champ] for champ in self.valeurs if self._est_recu(champ)}

    def _est_recu(self, champ):
        return champ in self.cleaned_data and (champ in self.data or f"{PREFIXE_TEMOIN}{champ}" in self.data)

    @property
    def libelles(self):
        return {nom: str(champ.label) for nom, champ in self.fields.items()}

    def temoins(self):
        """Rend (nom du champ caché, témoin) de chaque champ ; un témoin reçu est gardé tel quel."""
        neufs = {f"{PREFIXE_TEMOIN}{champ}": temoin(valeur) for champ, valeur in self.valeurs.items()}
        return [(nom, self.data.get(nom, valeur)) for nom, valeur in neufs.items()]


class OuvrirForm(forms.Form):
    """De quelle année faire le bilan ; celles qui en ont déjà un n’y sont plus."""

    annee = forms.TypedChoiceField(
        label="Année financière",
        coerce=int,
        error_messages={"invalid_choice": "Choisissez une des années proposées."},
    )

    def __init__(self, *args, deja=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["annee"].choices = [choix for choix in _choix_annees() if choix[0] not in deja]


class PublierForm(VerbeForm):
    """Publier ce qu’on a lu : l’empreinte des textes montrés accompagne l’envoi."""

    lu = forms.CharField(widget=forms.HiddenInput, required=False)


class ReprendreForm(VerbeForm):
    libelle_motif = "Pourquoi une nouvelle version"
    aide_motif = "Par exemple\xa0: une rencontre consignée en retard. Gardé dans l’histoire du bilan."


class RecommandationForm(TextesPrudents, PersonneForm):
    """Une recommandation : pour quelle mesure, d’après quel bilan, par qui, pour quand (R-024).

    À la modifier, un nom laissé vide garde le responsable ; publiée, seuls le responsable et l’échéance s’écrivent.
    """

    textes_a_relire = ("libelle",)
    field_order = ("libelle", "mesure", "annee", "personne", "laquelle", "echeance")

    libelle = texte_long(
        "Recommandation",
        lignes=3,
        maximum=2000,
        help_text="Ce qui devrait changer, et pourquoi. Elle se lira par tous ceux qui voient les résultats.",
    )
    mesure = forms.ChoiceField(label="Mesure", choices=_MESURES, required=False)
    annee = forms.TypedChoiceField(label="D’après le bilan de l’année", coerce=int)
    echeance = JourField(label="Échéance", error_messages={"required": "Donnez le jour où ce sera fait."})

    def __init__(self, data=None, *, recommandation=None):
        self.recommandation = recommandation
        self.valeurs = valeurs_de(recommandation) if recommandation else {}
        super().__init__(data, initial=self.valeurs or {"annee": annees_proposees()[1].debut_annee})
        personne = self.fields["personne"]
        personne.label = "Responsable"
        personne.error_messages["required"] = "Nommez la personne qui en répondra."
        self.fields["libelle"].required = True
        self.fields["libelle"].error_messages["required"] = "Écrivez ce qui est recommandé."
        self.fields["annee"].choices = _choix_annees(self.valeurs.get("annee"))
        if recommandation is not None:
            self._pour_modifier(personne)

    def _pour_modifier(self, personne):
        personne.required = False
        personne.label = "Changer de responsable"
        personne.help_text = (
            f"C’est {self.recommandation.responsable}. Laissez vide pour garder\xa0; sinon, un nom ou un matricule."
        )
        for champ in set(self.recommandation.ECRITS) - set(self.valeurs) - {"responsable"}:
            del self.fields[champ]

    def clean_echeance(self):
        jour = self.cleaned_data["echeance"]
        if jour < jour_local() and jour != self.valeurs.get("echeance"):
            raise forms.ValidationError("Cette date est passée\xa0: donnez un jour à venir.")
        return jour

    def apres_conflit(self, conflits):
        """Rend le formulaire à réafficher : ce qui se contredit tel que tapé, le reste tel qu’il est gardé."""
        donnees = donnees_a_reprendre(self, valeurs_de(self.recommandation), conflits)
        return type(self)(donnees, recommandation=self.recommandation)

    @property
    def champs(self):
        """Rend ce qu’on enregistre ; le formulaire doit être valide."""
        saisi = {
            champ: self.cleaned_data[champ] for champ in _ENREGISTRES if champ in self.fields and champ in self.data
        }
        if self.cleaned_data.get("personne"):
            saisi["responsable"] = self.cleaned_data["personne"]
        return saisi

    @property
    def libelles(self):
        return {nom: str(champ.label) for nom, champ in self.fields.items()} | {"responsable": "Responsable"}

    def temoins(self):
        """Rend (nom du champ caché, témoin) de chaque champ qui s’écrit encore."""
        neufs = {f"{PREFIXE_TEMOIN}{champ}": temoin(dire(valeur)) for champ, valeur in self.valeurs.items()}
        return [(nom, self.data.get(nom, valeur)) for nom, valeur in neufs.items()]


_ENREGISTRES = ("libelle", "mesure", "annee", "echeance")


class SuiviForm(TextesPrudents, forms.Form):
    """Où en est la recommandation aujourd’hui."""

    textes_a_relire = ("texte",)

    texte = texte_long(
        "Où elle en est", maximum=2000, help_text="Daté d’aujourd’hui\xa0; un suivi ne se corrige pas, on en ajoute un."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["texte"].required = True
        self.fields["texte"].error_messages["required"] = "Écrivez où elle en est."


class RealiserForm(TextesPrudents, VerbeForm):
    textes_a_relire = ("motif",)
    libelle_motif = "Ce qui a été fait"
    aide_motif = "Paraît au bilan, à côté de la recommandation."


class AbandonnerForm(TextesPrudents, VerbeForm):
    textes_a_relire = ("motif",)
    libelle_motif = "Pourquoi on l’abandonne"
    aide_motif = "Paraît au bilan si la recommandation a été publiée\xa0; la personne responsable le lira."


class FiltreRecommandations(forms.Form):
    """Les filtres de la liste ; dans l’adresse, donc partageables."""

    annee = forms.TypedChoiceField(label="Bilan de l’année", coerce=int, required=False, empty_value=None)
    mesure = forms.ChoiceField(
        label="Mesure", required=False, choices=[("", "Toutes les mesures"), *settings.MESURES_DU_CADRE]
    )
    etat = forms.ChoiceField(
        label="État", required=False, choices=[("", "Tous les états"), *EtatRecommandation.choices]
    )
    responsable = TexteField(label="Responsable", lignes=1, required=False, max_length=80)

    def __init__(self, *args, annees=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["annee"].choices = [
            ("", "Toutes les années"),
            *((annee, str(AnneeFinanciere(annee))) for annee in annees),
        ]
