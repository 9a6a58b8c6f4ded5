"""La saisie du troisième échelon : choisir un expert, convenir d’un moment, consigner la rencontre, rendre l’avis."""

import uuid

from django import forms
from django.utils import timezone

from consultation.models import FicheExpert, ModeConsultation, Plage
from encadrement.demandes.forms import texte_long
from encadrement.rencontres.serie import moment_local
from encadrement.socle.champs import DureeField, HeureField, JourField, TexteField
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.prudence import TextesPrudents
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.forms import VerbeForm

CHOISIR = "Choisissez un expert, ou une de ses plages."
D_UN_EXPERT, D_UNE_PLAGE = "expert:", "plage:"


class RechercheExpert(forms.Form):
    """Envoyée par POST : ce que l’on cherche pour une demande en dirait le sujet dans l’adresse (Q-19)."""

    q = TexteField(label="Nom, expertise ou sujet", lignes=1, required=False, max_length=80)


class ChoixExpertForm(VerbeForm):
    """Un expert, ou une de ses plages (R-176, R-180) ; rend `fiche` et `plage`."""

    choix = TexteField(lignes=1, max_length=60, error_messages=dict.fromkeys(("required", "max_length"), CHOISIR))

    def clean(self):
        donnees = super().clean()
        if "choix" not in donnees:
            return donnees
        fiche, plage = self._lire(donnees["choix"])
        if fiche is None:
            self.add_error("choix", CHOISIR)
            return donnees
        return {"fiche": fiche, "plage": plage}

    def _lire(self, choix):
        sorte, _, cle = choix.partition(":")
        try:
            cle = uuid.UUID(cle)
        except ValueError:
            return None, None
        if f"{sorte}:" == D_UN_EXPERT:
            return FicheExpert.objects.select_related("personne").filter(uuid=cle).first(), None
        if f"{sorte}:" == D_UNE_PLAGE:
            plage = Plage.objects.select_related("fiche__personne").filter(uuid=cle).first()
            return (plage.fiche, plage) if plage else (None, None)
        return None, None


class MomentForm(TextesPrudents, VerbeForm):
    """Un moment à venir, et où (R-174) ; rend `moment` et `lieu`."""

    textes_a_relire = ("lieu",)

    jour = JourField(label="Date", error_messages={"required": "Écrivez la date que vous proposez."})
    heure = HeureField(label="Heure", error_messages={"required": "Écrivez l’heure, par exemple 13:30."})
    lieu = TexteField(
        label="Lieu ou lien",
        lignes=1,
        required=False,
        max_length=200,
        help_text="Une salle, un lien Teams ou un numéro de poste. Il s’inscrit aux agendas.",
    )

    def clean(self):
        donnees = super().clean()
        if not all(donnees.get(champ) for champ in ("jour", "heure")):
            return donnees
        try:
            moment = moment_local(donnees["jour"], donnees["heure"])
        except ErreurMetier as refus:
            self.add_error("heure", refus.message)
            return donnees
        if moment <= timezone.now():
            self.add_error("jour", "Proposez un moment à venir.")
            return donnees
        return {"moment": moment, "lieu": donnees.get("lieu", "")}


class AutreMomentForm(TextesPrudents, VerbeForm):
    """Ce moment ne convient pas : quand serait-ce possible?"""

    textes_a_relire = ("disponibilites",)

    disponibilites = TexteField(
        label="Mes disponibilités",
        lignes=2,
        max_length=300,
        help_text="L’expert les lira pour vous proposer un autre moment.",
        error_messages={"required": "Dites quand vous êtes disponible\xa0: l’expert pourra proposer autre chose."},
    )


class RencontreForm(forms.Form):
    """Une rencontre tenue : sa date, sa durée, son mode (R-174, R-188) ; rend les champs de l’action."""

    jour = JourField(label="Date", error_messages={"required": "Écrivez la date de la rencontre."})
    duree = DureeField(
        label="Durée",
        help_text="Par exemple 45 min, 1 h 30 ou 1,5 h.",
        error_messages={"required": "Écrivez la durée, par exemple 45 min."},
    )
    mode = forms.ChoiceField(
        label="Mode",
        choices=[(code, libelle[:1].upper() + libelle[1:]) for code, libelle in ModeConsultation.choices],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choisissez comment la rencontre s’est tenue."),
    )

    def clean_jour(self):
        jour = self.cleaned_data["jour"]
        if jour > jour_local():
            raise forms.ValidationError("Cette rencontre n’a pas encore eu lieu\xa0: consignez-la une fois tenue.")
        return jour

    @property
    def champs(self):
        donnees = self.cleaned_data
        return {"jour": donnees["jour"], "minutes": donnees["duree"], "mode": donnees["mode"]}


class AvisForm(TextesPrudents, VerbeForm):
    """L’avis : des pistes, que le demandeur lit au dossier (R-167, R-204)."""

    textes_a_relire = ("avis", "raison")

    avis = texte_long(
        "Avis et pistes",
        lignes=8,
        maximum=8000,
        help_text="Ce qui aidera le demandeur à cibler des pistes de solution; la décision reste la sienne.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["avis"].required = True
        self.fields["avis"].error_messages["required"] = "Écrivez votre avis\xa0: c’est lui que le demandeur attend."
