"""La saisie des impasses récurrentes : les thèmes, le dossier d’une solution durable (R-226)."""

from django import forms
from django.db.models import Q

from concertation.forms.plans import texte_requis
from concertation.models import Theme
from encadrement.accueil.forms import PersonneForm
from encadrement.demandes.forms import texte_long
from encadrement.socle.champs import JourField, TexteField
from encadrement.socle.prudence import TextesPrudents

_RIEN_D_UN_CAS = "Rien d’une situation en particulier\xa0: ce qui revient d’une à l’autre."


class ThemesField(forms.ModelMultipleChoiceField):
    """Des thèmes de la liste ; un thème retiré y reste tant qu’il classe ce qu’on modifie."""

    def __init__(self, **kwargs):
        super().__init__(
            queryset=Theme.objects.none(),
            widget=forms.CheckboxSelectMultiple,
            error_messages={
                "required": "Choisissez au moins un thème\xa0: c’est lui qui réunit les situations.",
                "invalid_choice": "Un de ces thèmes n’est plus à la liste\xa0: choisissez-en un autre.",
                "invalid_pk_value": "Un de ces thèmes n’est plus à la liste\xa0: choisissez-en un autre.",
            },
            **kwargs,
        )

    def offrir(self, deja=()):
        """Offre les thèmes de la liste, et ceux que l’objet porte déjà."""
        self.queryset = Theme.objects.filter(Q(retire=False) | Q(pk__in=[theme.pk for theme in deja]))


class ThemeForm(TextesPrudents, forms.Form):
    """Un thème de plus ; un code, jamais un texte sur une situation."""

    textes_a_relire = ("libelle",)

    libelle = TexteField(
        label="Nouveau thème",
        lignes=1,
        max_length=120,
        help_text="Quelques mots\xa0: «\xa0Hébergement\xa0», «\xa0Intervenant pivot\xa0».",
        error_messages={
            "required": "Écrivez le thème en quelques mots.",
            "max_length": "Ce thème dépasse 120 caractères\xa0: nommez-le plus court.",
        },
    )


class ClasserForm(forms.Form):
    """Les thèmes d’une situation ; aucun, si rien n’y revient d’ailleurs."""

    themes = ThemesField(label="Thèmes", required=False)

    def __init__(self, data=None, *, situation):
        portes = list(situation.themes.all())
        super().__init__(data, initial={"themes": portes})
        self.fields["themes"].offrir(portes)


class ImpasseForm(TextesPrudents, PersonneForm):
    """L’impasse, ses thèmes, la solution durable qu’on cherche, et qui la porte."""

    textes_a_relire = ("titre", "solution")

    titre = texte_requis("Impasse", "Nommez l’impasse en une phrase.", lignes=2, maximum=200, help_text=_RIEN_D_UN_CAS)
    themes = ThemesField(label="Thèmes")
    solution = texte_long(
        "Solution durable cherchée", help_text="Ce qu’on essaie, avec qui, ce qui manque. " + _RIEN_D_UN_CAS
    )
    echeance = JourField(label="Échéance", required=False)

    field_order = ("titre", "themes", "solution", "personne", "laquelle", "echeance")

    def __init__(self, data=None, *, impasse=None):
        portes = list(impasse.themes.all()) if impasse else []
        super().__init__(data, initial=_initiales(impasse, portes))
        self.impasse = impasse
        self.fields["themes"].offrir(portes)
        personne = self.fields["personne"]
        personne.label = "Responsable de la solution"
        personne.error_messages["required"] = "Nommez la personne qui portera la solution."
        if impasse is not None:
            personne.required = False
            personne.label = "Changer de responsable"
            personne.help_text = (
                f"C’est {impasse.responsable}. Laissez vide pour garder; sinon, un nom ou un matricule."
            )

    @property
    def champs(self):
        """Rend ce qu’on enregistre ; le formulaire doit être valide."""
        saisi = self.cleaned_data
        return {
            "titre": saisi["titre"],
            "themes": list(saisi["themes"]),
            "solution": saisi["solution"],
            "responsable": saisi["personne"] or self.impasse.responsable,
            "echeance": saisi["echeance"],
        }


def _initiales(impasse, portes):
    if impasse is None:
        return None
    champs = {champ: getattr(impasse, champ) for champ in ("titre", "solution", "echeance")}
    return {**champs, "themes": portes}
