"""La saisie d’une rencontre, commune aux mesures : le moment, le mode, la série, et l’aperçu de ses dates (R-385, R-466)."""

import datetime
import hashlib

from django import forms
from django.utils import timezone

from encadrement.notifications.calendrier import jours_chomes
from encadrement.rencontres.models import Mode
from encadrement.rencontres.serie import Creneau, Dates, Rythme, Serie, dire_jour, moment_local
from encadrement.socle.champs import HeureField, JourField, TexteField
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.forms import VerbeForm

UNE_FOIS = "une_fois"
REPETITIONS = [
    (UNE_FOIS, "Une seule rencontre"),
    (Rythme.SEMAINES, "Le même jour, toutes les semaines ou toutes les N semaines"),
    (Rythme.RANG_DU_MOIS, "Le même rang dans le mois (par exemple, le 3e mercredi)"),
    (Rythme.DERNIER_DU_MOIS, "Le dernier du mois (par exemple, le dernier mercredi)"),
]


class Moment(forms.Form):
    """Quand, comment et où : commun à la planification et au déplacement (R-393, R-456)."""

    jour = JourField(label="Date", error_messages={"required": "Écrivez la date de la rencontre."})
    heure_debut = HeureField(label="Début", error_messages={"required": "Écrivez l’heure de début, par exemple 13:30."})
    heure_fin = HeureField(label="Fin", error_messages={"required": "Écrivez l’heure de fin, par exemple 16:30."})
    mode = forms.ChoiceField(
        label="Mode",
        choices=[(code, libelle[:1].upper() + libelle[1:]) for code, libelle in Mode.choices],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choisissez comment se tient la rencontre."),
    )
    lieu = TexteField(
        label="Lieu",
        lignes=1,
        required=False,
        max_length=200,
        help_text="La salle et l’installation, si la rencontre est en personne ou hybride.",
    )
    lien = forms.URLField(
        label="Lien Teams ou de visioconférence",
        required=False,
        max_length=500,
        assume_scheme="https",
        error_messages={
            "invalid": "Ce lien n’est pas complet\xa0: collez l’adresse entière, qui commence par https://."
        },
    )

    def clean(self):
        donnees = super().clean()
        if donnees.get("mode") == Mode.PRESENCE:
            donnees["lien"] = ""
        elif donnees.get("mode") == Mode.VIRTUELLE:
            donnees["lieu"] = ""
        debut, fin = donnees.get("heure_debut"), donnees.get("heure_fin")
        if debut and fin and fin <= debut:
            self.add_error("heure_fin", "La rencontre finit le même jour, après son début.")
        return donnees

    def instants(self, donnees):
        """Rend le Creneau tapé, ou None en notant l’erreur : une heure que l’horloge ne montre pas, ou deux fois."""
        bornes = {}
        for champ in ("heure_debut", "heure_fin"):
            try:
                bornes[champ] = moment_local(donnees["jour"], donnees[champ]).astimezone(datetime.UTC)
            except ErreurMetier as refus:
                self.add_error(champ, refus.message)
        if len(bornes) < 2:
            return None
        return Creneau(bornes["heure_debut"], bornes["heure_fin"])

    def moment_complet(self, donnees):
        return all(donnees.get(champ) for champ in ("jour", "heure_debut", "heure_fin")) and not self.errors


class SerieForm(Moment):
    """Une rencontre, ou une série (R-385, R-466) ; `dates` est ce que la saisie donne, à confirmer une à une."""

    COMMUNS: tuple[str, ...] = ("mode", "lieu", "lien")

    repetition = forms.ChoiceField(
        label="Répétition",
        choices=REPETITIONS,
        initial=UNE_FOIS,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choisissez si la rencontre se répète."),
    )
    intervalle = forms.IntegerField(
        label="Toutes les combien de semaines (ou de mois)",
        required=False,
        min_value=1,
        max_value=12,
        error_messages={
            "min_value": "Écrivez un nombre de 1 à 12.",
            "max_value": "Écrivez un nombre de 1 à 12.",
            "invalid": "Écrivez un nombre de 1 à 12.",
        },
        help_text="1 pour chaque semaine ou chaque mois, 2 pour une sur deux.",
    )
    dernier_jour = JourField(label="Jusqu’au", required=False)
    nombre = forms.IntegerField(
        label="Ou combien de rencontres",
        required=False,
        min_value=1,
        max_value=60,
        error_messages={
            "min_value": "Écrivez un nombre de 1 à 60.",
            "max_value": "Écrivez un nombre de 1 à 60.",
            "invalid": "Écrivez un nombre de 1 à 60.",
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.dates = None

    def clean(self):
        donnees = super().clean()
        if self.moment_complet(donnees):
            self.dates = self._une_seule(donnees) if donnees["repetition"] == UNE_FOIS else self._serie(donnees)
        return donnees

    def _une_seule(self, donnees):
        creneau = self.instants(donnees)
        return Dates((creneau,), ()) if creneau else None

    def _serie(self, donnees):
        debut, fin = (datetime.datetime.combine(donnees["jour"], donnees[f"heure_{quoi}"]) for quoi in ("debut", "fin"))
        serie = Serie(
            premier=donnees["jour"],
            heure=donnees["heure_debut"],
            minutes=int((fin - debut).total_seconds() // 60),
            rythme=Rythme(donnees["repetition"]),
            intervalle=donnees.get("intervalle") or 1,
            dernier_jour=donnees.get("dernier_jour"),
            nombre=donnees.get("nombre"),
        )
        self.libelle_serie = serie.libelle
        try:
            return serie.dates()
        except ErreurMetier as refus:
            self.add_error(None, refus.message)
        return None

    @property
    def empreinte_des_dates(self):
        """Ce que l’aperçu montrait : si la saisie change ensuite, on le montre de nouveau avant d’agir."""
        instants = "".join(f"{creneau.debut.isoformat()}/{creneau.fin.isoformat()};" for creneau in self.dates.creneaux)
        return hashlib.sha256(instants.encode()).hexdigest()[:16]

    @property
    def communs(self):
        return {champ: self.cleaned_data[champ] for champ in self.COMMUNS}


class DeplacerForm(Moment, VerbeForm):
    """La date, le mode ou le lieu d’une rencontre à venir ; rend les champs que l’action attend."""

    def clean(self):
        donnees = super().clean()
        creneau = self.instants(donnees) if self.moment_complet(donnees) else None
        if creneau is None:
            return donnees
        garde = {champ: donnees[champ] for champ in ("mode", "lieu", "lien")}
        return {"debut": creneau.debut, "fin": creneau.fin, **garde}


# — L’aperçu d’une série


def apercu_des_dates(form, envoi, prises):
    """Rend ce que la saisie donnerait, chaque date cochée ou non, et si elle a changé depuis le dernier aperçu.

    `envoi` est ce qui est posté ; `prises`, les débuts où quelque chose commence déjà.
    """
    confirme = envoi.get("geste") == "confirmer"
    a_change = confirme and envoi.get("vu", "") != form.empreinte_des_dates
    cochees = set(envoi.getlist("dates")) if confirme and not a_change else None
    lignes = [_ligne(creneau, prises, cochees) for creneau in form.dates.creneaux]
    return {
        "lignes": lignes,
        "retenus": [ligne["creneau"] for ligne in lignes if ligne["cochee"]],
        "sautes": form.dates.sautes,
        "libelle": getattr(form, "libelle_serie", ""),
        "vu": form.empreinte_des_dates,
        "a_change": a_change,
    }


def _ligne(creneau, prises, cochees):
    cle = creneau.debut.isoformat()
    prise = creneau.debut in prises
    jour = jour_local(creneau.debut)
    return {
        "cle": cle,
        "creneau": creneau,
        "jour": dire_jour(jour),
        "prise": prise,
        "cochee": not prise and (cochees is None or cle in cochees),
        "passee": creneau.debut <= timezone.now(),
        "feriee": jour in jours_chomes(jour.year),
    }
