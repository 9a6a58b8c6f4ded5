"""Le filtre du tableau de bord : il vit dans l’adresse, et ne s’ouvre jamais plus grand que le regard de la personne."""

from urllib.parse import urlencode

from django import forms

from encadrement.acces.matrice import AccesRefuse
from encadrement.indicateurs.droits import DROITS_CHIFFRES
from encadrement.indicateurs.portee import Periode, Portee
from encadrement.personnes.organisation import RLS, Direction
from encadrement.socle.champs import TexteField
from encadrement.socle.temps import AnneeFinanciere, jour_local

ANNEES_OFFERTES = 6
ANNEES_A_RETENIR, ELIGIBLES_MAXIMUM = 3, 100_000
_MOIS = (
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
    "janvier",
    "février",
    "mars",
)
# Ce qui se choisit parmi son regard ; le reste ne restreint que le temps et le lieu.
_DU_REGARD = ("direction", "service")


class FiltreTerritoire(forms.Form):
    """Où regarder : une direction, un service, un RLS."""

    direction = forms.TypedChoiceField(label="Direction", required=False, coerce=int, empty_value=None)
    service = forms.TypedChoiceField(label="Service", required=False, coerce=int, empty_value=None)
    rls = forms.ChoiceField(label="RLS", required=False, choices=[("", "Tous les RLS"), *RLS.choices])

    defauts = {}

    def __init__(self, donnees, *, regard):
        super().__init__(donnees)
        self.regard = regard
        directions = regard.directions_offertes
        self.fields["direction"].choices = [("", _tout(regard)), *((d.pk, str(d)) for d in directions)]
        self.fields["service"].choices = [
            ("", "Tous les services"),
            *((str(d), [(s.pk, str(s)) for s in regard.services if s.direction_id == d.pk]) for d in directions),
        ]
        # Un choix d’ailleurs n’est pas une faute de frappe : on le refuse au lieu de l’oublier, ce qui élargirait.
        for champ in _DU_REGARD:
            if self[champ].value() and not self.fields[champ].valid_value(self[champ].value()):
                raise AccesRefuse(
                    f"« {self.fields[champ].label} »\xa0: ce choix n’est pas parmi les chiffres que vous regardez "
                    f"({regard.nom}).",
                    acte=f"{DROITS_CHIFFRES.code}.voir",
                )

    def territoire(self):
        """Rend le Territoire choisi, dans le regard de la personne."""
        return self.regard.territoire(
            **{champ: self.cleaned_data.get(champ) for champ in ("direction", "service")},
            rls=self.cleaned_data.get("rls") or "",
        )

    @property
    def choisi(self):
        """Ce qui restreint, en mots : {étiquette: choix}."""
        return {
            self.fields[nom].label: _libelles(self.fields[nom]).get(valeur, valeur)
            for nom, valeur in self._choix().items()
        }

    @property
    def adresse(self):
        """Ce qui a été choisi, à remettre dans une adresse : « ?annee=2026&direction=3 », ou vide."""
        choix = urlencode(self._choix())
        return f"?{choix}" if choix else ""

    @property
    def adresse_du_territoire(self):
        """Le seul territoire choisi, à remettre dans une adresse : une alerte est d’aujourd’hui, pas d’une année."""
        choix = urlencode({nom: v for nom, v in self._choix().items() if nom in FiltreTerritoire.base_fields})
        return f"?{choix}" if choix else ""

    def _choix(self):
        """Rend {champ: valeur} de ce qui a été choisi, sans ce qui va de soi."""
        return {
            nom: self.data[nom]
            for nom in self.fields
            if self.data.get(nom) and self.data[nom] != self.defauts.get(nom) and nom in self.cleaned_data
        }


class FiltreTableau(FiltreTerritoire):
    """Quand et où regarder ; sans choix, l’année financière en cours et tout le regard."""

    annee = forms.TypedChoiceField(label="Année financière", required=False, coerce=int, empty_value=None)
    du = forms.TypedChoiceField(label="Du mois de", required=False, coerce=int, empty_value=1)
    au = forms.TypedChoiceField(label="Au mois de", required=False, coerce=int, empty_value=12)

    field_order = ("annee", "du", "au", "direction", "service", "rls")

    def __init__(self, donnees, *, regard):
        self.defauts = self._defauts(donnees, regard)
        super().__init__({**self.defauts, **{nom: v for nom, v in donnees.items() if v}}, regard=regard)
        courante = int(self.defauts["annee"])
        annees = range(courante, courante - ANNEES_OFFERTES, -1)
        self.fields["annee"].choices = [(annee, str(AnneeFinanciere(annee))) for annee in annees]
        mois = list(enumerate(_MOIS, start=1))
        self.fields["du"].choices, self.fields["au"].choices = mois, mois

    def _defauts(self, donnees, regard):
        """Rend ce qui va de soi quand rien n’est choisi."""
        return {"annee": str(AnneeFinanciere.du(jour_local()).debut_annee), "du": "1", "au": "12"}

    def clean(self):
        donnees = super().clean()
        if donnees.get("du") and donnees.get("au") and donnees["du"] > donnees["au"]:
            self.add_error(
                "au", "La période va d’avril à mars, dans une même année financière\xa0: la fin doit suivre le début."
            )
        return donnees

    def portee(self, personne):
        """Rend la Portee choisie, pour cette personne."""
        choisie = self.cleaned_data
        periode = Periode(AnneeFinanciere(choisie["annee"]), choisie["du"], choisie["au"])
        return Portee(periode, self.territoire(), personne)


class FiltreMesure(FiltreTableau):
    """Le même filtre, et la découpe de chaque chiffre : une dimension à la fois."""

    par = forms.ChoiceField(
        label="Découper par",
        required=False,
        choices=[("direction", "direction"), ("service", "service"), ("rls", "RLS")],
    )

    field_order = (*FiltreTableau.field_order, "par")

    def _defauts(self, donnees, regard):
        """Les directions de l’établissement, ou les services d’une direction, vont de soi."""
        partout = regard.est_entier and not (donnees.get("direction") or donnees.get("service"))
        return {**super()._defauts(donnees, regard), "par": "direction" if partout else "service"}

    def clean(self):
        donnees = super().clean()
        if donnees.get("par") == "service" and self.regard.est_entier and not donnees.get("direction"):
            self.add_error(
                "par", "Choisissez d’abord une direction\xa0: l’établissement a trop de services pour une page."
            )
        return donnees


class RetenirForm(forms.Form):
    """Un nombre pour une direction et une année ; laissé vide, on revient au calcul des données RH."""

    direction = forms.ModelChoiceField(
        label="Direction",
        queryset=Direction.objects.order_by("nom"),
        empty_label="Choisissez",
        error_messages={"required": "Choisissez une direction."},
    )
    annee = forms.TypedChoiceField(label="Année financière", coerce=lambda annee: AnneeFinanciere(int(annee)))
    nombre = forms.IntegerField(
        label="Nombre d’éligibles",
        required=False,
        min_value=0,
        max_value=ELIGIBLES_MAXIMUM,
        help_text="Laissez vide pour revenir au calcul des données RH.",
        error_messages={"invalid": "Écrivez un nombre entier."},
    )
    motif = TexteField(
        label="Pourquoi",
        lignes=2,
        max_length=300,
        help_text="Il se lit sous le chiffre, au tableau de bord. Aucun nom.",
        error_messages={"required": "Dites pourquoi ce nombre remplace celui des données RH."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        courante = AnneeFinanciere.du(jour_local()).debut_annee
        annees = range(courante, courante - ANNEES_A_RETENIR, -1)
        self.fields["annee"].choices = [(annee, str(AnneeFinanciere(annee))) for annee in annees]


def _tout(regard):
    return "Toutes les directions" if regard.est_entier else f"Tout ce que je regarde ({regard.nom})"


def _libelles(champ):
    """Rend {valeur: libellé} des choix d’un champ, groupes dépliés."""
    plats = {}
    for valeur, libelle in champ.choices:
        plats |= {str(v): lib for v, lib in libelle} if isinstance(libelle, (list, tuple)) else {str(valeur): libelle}
    return plats
