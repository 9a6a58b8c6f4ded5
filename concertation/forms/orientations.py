"""La saisie du suivi : ce qui filtre la liste, pourquoi une orientation n’est pas appliquée, ou plus tard (R-244, R-254)."""

from django import forms

from concertation.forms.plans import texte_requis
from concertation.models import OUVERTES, EtatOrientation
from encadrement.personnes.models import Direction
from encadrement.socle.champs import JourField
from encadrement.socle.prudence import TextesPrudents
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.forms import VerbeForm

OUVERTE, EN_RETARD = "ouverte", "retard"
_SANS_PERSONNE = "Sans rien qui identifie la personne. Le comité la lira."


class FiltreOrientations(forms.Form):
    """Les filtres de la liste ; dans l’adresse, donc jamais un texte."""

    etat = forms.ChoiceField(
        label="État",
        required=False,
        choices=[("", "Tous les états"), (OUVERTE, "Ouvertes"), (EN_RETARD, "En retard"), *EtatOrientation.choices],
    )
    direction = forms.ChoiceField(label="Direction", required=False)

    def __init__(self, donnees, *, orientations):
        super().__init__(donnees)
        directions = Direction.objects.filter(pk__in=orientations.order_by().values("direction"))
        self.fields["direction"].choices = [("", "Toutes"), *((str(d.pk), d.nom) for d in directions)]
        self.is_valid()

    def filtrer(self, orientations):
        """Rend les orientations que ces filtres retiennent."""
        etat = self.cleaned_data.get("etat")
        if etat in (OUVERTE, EN_RETARD):
            orientations = orientations.filter(etat__in=OUVERTES)
            if etat == EN_RETARD:
                orientations = orientations.filter(echeance__lt=jour_local())
        elif etat:
            orientations = orientations.filter(etat=etat)
        direction = self.cleaned_data.get("direction")
        return orientations.filter(direction=direction) if direction else orientations


class NonAppliqueeForm(TextesPrudents, VerbeForm):
    """Pourquoi l’orientation ne s’applique pas : c’est ce que le comité a besoin d’apprendre (R-254)."""

    textes_a_relire = ("raison_du_refus",)

    raison_du_refus = texte_requis(
        "Pourquoi?",
        "Dites pourquoi l’orientation n’est pas appliquée\xa0: le comité en a besoin.",
        maximum=2000,
        help_text=_SANS_PERSONNE,
    )


class ReportForm(TextesPrudents, VerbeForm):
    """La nouvelle échéance, et pourquoi."""

    textes_a_relire = ("raison_du_report",)

    echeance = JourField(label="Nouvelle échéance", error_messages={"required": "Donnez la nouvelle échéance."})
    raison_du_report = texte_requis(
        "Pourquoi?", "Dites pourquoi l’échéance est reportée.", maximum=2000, help_text=_SANS_PERSONNE
    )

    def clean_echeance(self):
        jour = self.cleaned_data["echeance"]
        if jour <= jour_local():
            raise forms.ValidationError("La nouvelle échéance doit être un jour à venir.")
        return jour
