"""La saisie du plan de concertation : ce qui se dit, la situation dépersonnalisée, chaque orientation (Q-04, R-253)."""

from django import forms

from concertation.actions.redaction import CHAMPS_ECRITS
from encadrement.accueil.forms import PersonneForm
from encadrement.demandes.forms import DEPERSONNALISE, texte_long
from encadrement.personnes.models import Direction
from encadrement.socle.brouillon import PREFIXE_TEMOIN
from encadrement.socle.champs import JourField
from encadrement.socle.fusion import temoin
from encadrement.socle.prudence import TextesPrudents
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.forms import VerbeForm

# Une orientation part avec son bouton : à demi tapée, elle ne serait encore l’engagement de personne.
HORS_BROUILLON = {"data-brouillon-hors": ""}


def texte_requis(label, phrase, **options):
    """Rend un texte long qu’on ne peut laisser vide ; `phrase` le dit."""
    champ = texte_long(label, **options)
    champ.required = True
    champ.error_messages["required"] = phrase
    return champ


class PlanForm(TextesPrudents, forms.Form):
    """Ce que la discussion a donné, et la situation telle que le plan la redit."""

    textes_a_relire = CHAMPS_ECRITS

    discussion = texte_long(
        "Notes de la discussion",
        lignes=6,
        maximum=8000,
        help_text="Ce que chacun a apporté. Vous seul les lisez dans cette page; elles ne sont pas reprises au plan.",
    )
    plan = texte_long("Situation dépersonnalisée", lignes=4, help_text=DEPERSONNALISE)

    def __init__(self, data=None, *, valeurs, brouillon=False):
        super().__init__(data, initial=valeurs)
        self.valeurs = valeurs
        if brouillon:
            self.textes_a_relire = ()

    @property
    def saisi(self):
        """Rend les textes lisibles que la page a envoyés ; une saisie en erreur n’y est pas et reste à l’écran."""
        return {champ: self.cleaned_data[champ] for champ in CHAMPS_ECRITS if champ in self.cleaned_data}

    @property
    def libelles(self):
        return {nom: str(champ.label) for nom, champ in self.fields.items()}

    def temoins(self):
        """Rend (nom du champ caché, témoin) de chaque champ ; un témoin reçu est gardé tel quel."""
        neufs = {f"{PREFIXE_TEMOIN}{champ}": temoin(valeur) for champ, valeur in self.valeurs.items()}
        return [(nom, self.data.get(nom, valeur)) for nom, valeur in neufs.items()]


class OrientationForm(TextesPrudents, PersonneForm):
    """Une orientation : ce qui sera fait, par quelle direction, par qui, pour quand (R-225, R-253)."""

    textes_a_relire = ("texte",)

    texte = texte_requis(
        "Orientation",
        "Écrivez l’orientation\xa0: ce qui sera fait, pour dénouer quelle impasse.",
        lignes=2,
        maximum=2000,
        help_text="Ce qui sera fait, pour dénouer quelle impasse. Sans rien qui identifie la personne.",
    )
    direction = forms.ModelChoiceField(
        label="Direction",
        queryset=Direction.objects.all(),
        empty_label="Choisissez une direction",
        error_messages={
            "required": "Choisissez la direction qui l’applique.",
            "invalid_choice": "Cette direction n’existe plus\xa0: choisissez-en une autre.",
        },
    )
    echeance = JourField(label="Échéance", error_messages={"required": "Donnez le jour où ce sera fait."})

    field_order = ("texte", "direction", "personne", "laquelle", "echeance")

    def __init__(self, data=None, *, orientation=None, texte="", prefix=None):
        super().__init__(data, prefix=prefix, initial=_initiales(orientation, texte))
        self.orientation = orientation
        personne = self.fields["personne"]
        personne.label = "Responsable"
        personne.error_messages["required"] = "Nommez la personne qui en répondra."
        if orientation is not None:
            personne.required = False
            personne.label = "Changer de responsable"
            personne.help_text = (
                f"C’est {orientation.responsable}. Laissez vide pour garder; sinon, un nom ou un matricule."
            )
        else:
            for champ in self.fields.values():
                champ.widget.attrs |= HORS_BROUILLON

    def clean_echeance(self):
        jour = self.cleaned_data["echeance"]
        gardee = self.orientation is not None and jour == self.orientation.echeance
        if jour < jour_local() and not gardee:
            raise forms.ValidationError("Cette date est passée\xa0: donnez un jour à venir.")
        return jour

    @property
    def champs(self):
        """Rend ce qu’on enregistre ; le formulaire doit être valide."""
        saisi = self.cleaned_data
        return {
            "texte": saisi["texte"],
            "direction": saisi["direction"],
            "responsable": saisi["personne"] or self.orientation.responsable,
            "echeance": saisi["echeance"],
        }


def _initiales(orientation, texte):
    if orientation is None:
        return None
    return {"texte": texte, "direction": orientation.direction_id, "echeance": orientation.echeance}


class EtablirForm(TextesPrudents, VerbeForm):
    """Établir : ce que d’autres liront se relit une dernière fois ; rien ne s’y tape (N-10)."""

    def __init__(self, data=None, *, textes, **kwargs):
        # Toujours lié : ce qui semble nommer quelqu’un se montre dès la visite.
        super().__init__({} if data is None else data, **kwargs)
        self.textes_a_relire = tuple(f"texte_{rang}" for rang, _ in enumerate(textes))
        for nom, (libelle, texte) in zip(self.textes_a_relire, textes, strict=True):
            # Désactivé : la valeur est celle du dossier, jamais celle de l’envoi.
            self.fields[nom] = forms.CharField(label=libelle, required=False, disabled=True, initial=texte)

    def a_relire(self):
        """Rend (libellé, erreurs) de chaque texte qui semble identifier une personne."""
        return [(self.fields[nom].label, self.errors[nom]) for nom in self.textes_a_relire if nom in self.errors]


class MotifPrudentForm(TextesPrudents, VerbeForm):
    """Un motif que d’autres liront, relu avant d’être écrit."""

    textes_a_relire = ("motif",)
