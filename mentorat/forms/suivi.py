"""La saisie du déroulement : rencontres, notes, suivi au gestionnaire, mésentente."""

from django import forms

from encadrement.socle.champs import DureeField, JourField, TexteField
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.forms import VerbeForm
from mentorat.models import TEXTE_MAXIMAL, Mode

TROP_LONG = f"Ce texte dépasse {TEXTE_MAXIMAL:,} caractères\xa0: raccourcissez-le. Rien n’est perdu.".replace(
    ",", "\xa0"
)


def zone(label, *, obligatoire="", lignes=5, **options):
    """Rend une zone de texte d’au plus 20 000 caractères ; `obligatoire` est la phrase qui demande de la remplir."""
    erreurs = {"max_length": TROP_LONG, **({"required": obligatoire} if obligatoire else {})}
    champ = TexteField(
        label=label,
        lignes=lignes,
        required=bool(obligatoire),
        max_length=TEXTE_MAXIMAL,
        error_messages=erreurs,
        **options,
    )
    # Le navigateur couperait sans le dire un collage trop long : on compte, et c’est le serveur qui refuse.
    champ.widget.attrs["data-compteur"] = champ.widget.attrs.pop("maxlength")
    return champ


class RencontreForm(forms.Form):
    """Une rencontre du journal : on tape la durée vécue, l’orientation s’en soustrait (R-067, Q-23)."""

    jour = JourField(label="Date", error_messages={"required": "Écrivez la date de la rencontre."})
    duree = DureeField(
        label="Durée de la rencontre", error_messages={"required": "Écrivez la durée, par exemple 1 h 15."}
    )
    orientation = DureeField(
        label="Dont temps d’orientation",
        required=False,
        minimum=0,
        help_text="L’orientation d’un nouvel employé ou dans un nouveau service ne fait pas partie du mentorat\xa0: elle "
        "sera soustraite. Laissez vide s’il n’y en a pas eu.",
    )
    mode = forms.ChoiceField(
        label="Mode",
        choices=[(code, libelle.capitalize()) for code, libelle in Mode.choices],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez comment la rencontre s’est tenue."},
    )
    precision = TexteField(
        label="Lieu ou précision",
        lignes=1,
        required=False,
        max_length=120,
        help_text="Pour vous deux seulement. N’écrivez ici ni nom d’usager ni contenu de la rencontre.",
    )

    @classmethod
    def pour(cls, donnees=None, rencontre=None):
        """Rend le formulaire d’une rencontre à ajouter, ou celui d’une rencontre du journal à corriger."""
        if rencontre is None:
            return cls(donnees, initial={"jour": jour_local(), "mode": Mode.PRESENCE})
        initiales = {
            "jour": rencontre.jour,
            "duree": rencontre.minutes + rencontre.minutes_orientation,
            "orientation": rencontre.minutes_orientation or None,
            "mode": rencontre.mode,
            "precision": rencontre.precision,
        }
        return cls(donnees, initial=initiales)

    def clean_jour(self):
        jour = self.cleaned_data["jour"]
        if jour > jour_local():
            raise forms.ValidationError("Cette rencontre est dans l’avenir\xa0: consignez-la une fois tenue.")
        return jour

    def clean(self):
        donnees = super().clean()
        duree, orientation = donnees.get("duree"), donnees.get("orientation") or 0
        if duree is not None and orientation >= duree:
            self.add_error(
                "orientation",
                "L’orientation prend toute la rencontre\xa0: elle relève de la DRHCAJ et ne se consigne pas au journal "
                "du mentorat.",
            )
        return donnees

    @property
    def champs(self):
        """Rend les champs de la rencontre, l’orientation soustraite ; le formulaire doit être valide."""
        donnees = self.cleaned_data
        orientation = donnees["orientation"] or 0
        return {
            "jour": donnees["jour"],
            "minutes": donnees["duree"] - orientation,
            "minutes_orientation": orientation,
            "mode": donnees["mode"],
            "precision": donnees["precision"],
        }


class NoteForm(forms.Form):
    texte = zone("Votre note", obligatoire="Écrivez la note avant de l’enregistrer.")


class SuiviForm(forms.Form):
    texte = zone(
        "Vos observations sur les apprentissages",
        obligatoire="Écrivez vos observations avant de les transmettre.",
        help_text="Ce que vous observez des apprentissages, pour des services sécuritaires et de qualité. Le contenu "
        "de vos conversations reste entre vous deux.",
    )


class MesententeForm(forms.Form):
    """Le chemin du cadre : d’abord l’autre, puis ceux qu’on choisit (R-360, R-448, R-102, R-110)."""

    parle_a_l_autre = forms.TypedChoiceField(
        label="En avez-vous d’abord parlé à l’autre personne?",
        choices=[("oui", "Oui, nous en avons parlé"), ("non", "Non, pas pour l’instant")],
        coerce=lambda choix: choix == "oui",
        widget=forms.RadioSelect,
        error_messages={"required": "Répondez par oui ou par non\xa0: rien ne vous empêche de continuer."},
    )
    raison = TexteField(
        label="Si non, pourquoi",
        required=False,
        max_length=4000,
        help_text="Le cadre invite à s’en ouvrir d’abord à l’autre. Si ce n’est pas possible, dites-le simplement.",
    )
    au_gestionnaire = forms.BooleanField(label="Au gestionnaire du mentoré", required=False)
    a_la_dsm = forms.BooleanField(label="À la DSM (APPR)", required=False)
    texte = zone("Ce qui se passe", obligatoire="Décrivez ce qui se passe, dans vos mots.")

    def clean(self):
        donnees = super().clean()
        if donnees.get("parle_a_l_autre") is False and not donnees.get("raison") and "raison" not in self.errors:
            self.add_error("raison", "Écrivez pourquoi vous n’en avez pas d’abord parlé à l’autre personne.")
        if not (donnees.get("au_gestionnaire") or donnees.get("a_la_dsm")):
            self.add_error("au_gestionnaire", "Choisissez à qui vous vous adressez\xa0: au moins une des deux cases.")
        return donnees


class ReglerForm(VerbeForm):
    suite = zone(
        "Suite donnée",
        lignes=4,
        help_text="Facultatif. Lu par l’auteur du signalement et par ceux à qui il l’a adressé, personne d’autre.",
    )
