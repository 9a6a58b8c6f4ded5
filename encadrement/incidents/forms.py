"""La saisie d’un incident : quelques lignes pour signaler, huit éléments pour le registre."""

from django import forms

from encadrement.incidents.models import EtatIncident, ZoneIncident
from encadrement.socle.champs import JourField, TexteField
from encadrement.socle.prudence import TextesPrudents
from encadrement.socle.temps import jour_local

_SANS_NOM = "Sans nom d’usager\xa0: dites ce qui s’est passé, pas à qui."


def _texte(label, *, lignes=4, **options):
    champ = TexteField(label=label, lignes=lignes, max_length=4000, **options)
    champ.widget.attrs["data-compteur"] = champ.widget.attrs.pop("maxlength")
    return champ


class _Periode(TextesPrudents, forms.Form):
    """Ce que le signalement et le registre ont en commun."""

    textes_a_relire = ("circonstances", "renseignements")

    zone = forms.ChoiceField(
        label="De qui sont les renseignements?",
        choices=[(code, libelle.capitalize()) for code, libelle in ZoneIncident.choices],
        widget=forms.RadioSelect,
        error_messages={"required": "Dites s’il s’agit de renseignements sur des usagers ou sur le personnel."},
    )
    circonstances = _texte(
        "Ce qui s’est passé",
        help_text=_SANS_NOM,
        error_messages={"required": "Écrivez ce qui s’est passé, même en une phrase."},
    )
    survenu_du = JourField(
        label="Le, ou à partir du", required=False, help_text="Laissez vide si vous ne le savez pas."
    )
    survenu_au = JourField(label="Jusqu’au", required=False, help_text="Seulement si cela a duré.")
    renseignements = _texte(
        "Renseignements visés", required=False, help_text="Par exemple\xa0: un rapport, une liste de noms, un courriel."
    )

    def clean(self):
        donnees = super().clean()
        debut, fin = donnees.get("survenu_du"), donnees.get("survenu_au")
        if fin and not debut:
            self.add_error("survenu_du", "Donnez aussi le début de la période.")
        elif fin and fin < debut:
            self.add_error("survenu_au", "La fin de la période doit suivre son début.")
        for champ in self.fields:
            jour = donnees.get(champ)
            if isinstance(self.fields[champ], JourField) and jour and jour > jour_local():
                self.add_error(champ, "Cette date est à venir\xa0: vérifiez-la.")
        return donnees


class SignalementForm(_Periode):
    """Signaler : ce qui s’est passé, quand, quels renseignements ; le reste s’écrira à l’analyse."""


class RegistreForm(_Periode):
    """Les huit éléments du registre ; incomplets, ils s’enregistrent, mais l’incident ne se clôt pas."""

    textes_a_relire = ("circonstances", "renseignements", "prejudice", "avis_public", "mesures", "conseils")

    periode_estimee = forms.BooleanField(label="Cette période est approximative", required=False)
    connu_le = JourField(label="Connu de l’établissement le")
    nombre = forms.IntegerField(
        label="Nombre de personnes concernées",
        required=False,
        min_value=0,
        max_value=1_000_000,
        error_messages={"invalid": "Écrivez un nombre entier.", "min_value": "Écrivez zéro ou davantage."},
    )
    nombre_estime = forms.BooleanField(label="Ce nombre est approximatif", required=False)
    risque_serieux = forms.TypedChoiceField(
        label="Y a-t-il un risque de préjudice sérieux?",
        choices=[("", "Pas encore jugé"), ("oui", "Oui"), ("non", "Non")],
        coerce={"oui": True, "non": False}.get,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    prejudice = _texte(
        "Ce qui mène à le conclure",
        required=False,
        help_text="La sensibilité des renseignements, ce qu’on peut en craindre, la probabilité qu’on s’en serve.",
    )
    ministre_le = JourField(label="Avis au ministre transmis le", required=False)
    cai_le = JourField(label="Avis à la Commission d’accès à l’information transmis le", required=False)
    personnes_le = JourField(label="Avis aux personnes concernées transmis le", required=False)
    avis_public = _texte("Avis public, et pourquoi", lignes=2, required=False)
    mesures = _texte("Mesures prises pour diminuer les risques", required=False)
    conseils = _texte(
        "Ce que les personnes concernées peuvent faire",
        lignes=3,
        required=False,
        help_text="Paraît dans l’avis qui leur est envoyé.",
    )

    @classmethod
    def valeurs_de(cls, incident):
        """Rend les valeurs d’un incident, telles que le formulaire les montre."""
        risque = {True: "oui", False: "non"}.get(incident.risque_serieux, "")
        return {champ: getattr(incident, champ) for champ in incident.ECRITS} | {"risque_serieux": risque}


class FiltreRegistre(forms.Form):
    """Les filtres du registre ; dans l’adresse, donc partageables."""

    etat = forms.ChoiceField(label="État", required=False, choices=[("", "Tous les états"), *EtatIncident.choices])
    zone = forms.ChoiceField(
        label="Renseignements", required=False, choices=[("", "Tous les renseignements"), *ZoneIncident.choices]
    )
