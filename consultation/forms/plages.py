"""Offrir une plage ou une série de plages : la saisie, et les dates qu’elle donne avant que rien ne soit enregistré (R-176)."""

import datetime
import hashlib

from dateutil.relativedelta import relativedelta
from django import forms
from django.utils import timezone

from encadrement.rencontres.serie import Dates, Rythme, Serie, creneau
from encadrement.socle.champs import DureeField, HeureField, JourField, TexteField
from encadrement.socle.erreurs import ErreurMetier

UNE_FOIS = "une_fois"
REPETITIONS = [
    (UNE_FOIS, "Une seule plage"),
    (Rythme.SEMAINES, "Le même jour, toutes les semaines ou toutes les N semaines"),
    (Rythme.RANG_DU_MOIS, "Le même rang dans le mois (par exemple, le 3e mercredi)"),
    (Rythme.DERNIER_DU_MOIS, "Le dernier du mois (par exemple, le dernier mercredi)"),
]
MINUTES = (5, 480)


def _nombre(label, maximum, **options):
    phrase = f"Écrivez un nombre de 1 à {maximum}."
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=1,
        max_value=maximum,
        error_messages=dict.fromkeys(("min_value", "max_value", "invalid"), phrase),
        **options,
    )


class PlagesForm(forms.Form):
    """Une plage, ou une série ; `dates` est ce que la saisie donne, à confirmer une à une."""

    jour = JourField(label="Date", error_messages={"required": "Écrivez la date de la plage."})
    heure = HeureField(label="Début", error_messages={"required": "Écrivez l’heure de début, par exemple 13:30."})
    minutes = DureeField(
        label="Durée",
        minimum=MINUTES[0],
        maximum=MINUTES[1],
        error_messages={"required": "Écrivez la durée de la plage, par exemple 45 min."},
    )
    lieu = TexteField(
        label="Lieu ou lien",
        lignes=1,
        required=False,
        max_length=200,
        help_text="Une salle, un numéro de téléphone ou un lien Teams; qui réserve le reçoit.",
        error_messages={"max_length": "Dites le lieu en au plus 200 caractères."},
    )
    repetition = forms.ChoiceField(
        label="Répétition",
        choices=REPETITIONS,
        initial=UNE_FOIS,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choisissez si la plage se répète."),
    )
    intervalle = _nombre("Toutes les combien de semaines (ou de mois)", 12, help_text="1 pour chaque semaine ou mois.")
    dernier_jour = JourField(label="Jusqu’au", required=False)
    nombre = _nombre("Ou combien de plages", 60)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.dates, self.libelle_serie = None, ""

    def clean(self):
        donnees = super().clean()
        if self.errors:
            return donnees
        try:
            self.dates = self._une_seule(donnees) if donnees["repetition"] == UNE_FOIS else self._serie(donnees)
        except ErreurMetier as refus:
            self.add_error("heure" if donnees["repetition"] == UNE_FOIS else None, refus.message)
        return donnees

    def _une_seule(self, donnees):
        plage = creneau(donnees["jour"], donnees["heure"], donnees["minutes"])
        if plage.debut <= timezone.now():
            self.add_error("jour", "Cette plage est passée\xa0: choisissez un moment à venir.")
            return None
        return Dates((plage,), ())

    def _serie(self, donnees):
        dernier, nombre = donnees.get("dernier_jour"), donnees.get("nombre")
        if not (dernier or nombre):
            self.add_error("dernier_jour", "Dites jusqu’à quand la série dure, ou combien de plages elle compte.")
            return None
        if dernier and dernier < donnees["jour"]:
            self.add_error("dernier_jour", "La série finit avant de commencer\xa0: vérifiez les deux dates.")
            return None
        if dernier and dernier > donnees["jour"] + relativedelta(years=2):
            self.add_error("dernier_jour", "Une série tient en deux ans au plus\xa0: offrez la suite plus tard.")
            return None
        serie = Serie(
            premier=donnees["jour"],
            heure=donnees["heure"],
            minutes=donnees["minutes"],
            rythme=Rythme(donnees["repetition"]),
            intervalle=donnees.get("intervalle") or 1,
            dernier_jour=dernier,
            nombre=nombre,
        )
        self.libelle_serie = serie.libelle
        return serie.dates()

    @property
    def empreinte_des_dates(self):
        """Ce que l’aperçu montrait : si la saisie change ensuite, on le montre de nouveau avant d’agir."""
        instants = "".join(f"{plage.debut.isoformat()}/{plage.fin.isoformat()};" for plage in self.dates.creneaux)
        return hashlib.sha256(instants.encode()).hexdigest()[:16]


def cle_du_moment(debut):
    """Rend la clé d’une date de l’aperçu : son instant, en UTC."""
    return debut.astimezone(datetime.UTC).isoformat()
