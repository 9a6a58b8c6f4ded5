"""La saisie des sujets : ce qu’on en compte, ceux que la DSM ajoute ou réunit (R-184)."""

from django import forms

from consultation.forms.suivi import FiltrePeriode, choix_de_sujets
from consultation.models import SujetConsultation
from encadrement.personnes.models import Direction
from encadrement.socle.champs import TexteField
from encadrement.socle.prudence import TextesPrudents
from encadrement.socle.temps import AnneeFinanciere, jour_local


class FiltreSujets(FiltrePeriode):
    """La période et la direction ; sans choix, l’année financière en cours."""

    direction = forms.ChoiceField(label="Direction du demandeur", required=False)

    def __init__(self, donnees, *, lignes):
        if not any(champ in donnees for champ in ("annee", "du", "au")):
            donnees = {**donnees.dict(), "annee": AnneeFinanciere.du(jour_local()).debut_annee}
        super().__init__(donnees, lignes=lignes)

    def offrir(self, lignes):
        """Offre les directions qui ont consulté."""
        directions = Direction.objects.filter(pk__in=lignes.order_by().values("direction"))
        self.fields["direction"].choices = [("", "Toutes"), *((str(d.pk), d.nom) for d in directions)]

    def filtrer(self, lignes):
        """Rend les lignes de la période et de la direction."""
        lignes = self.de_la_periode(lignes)
        direction = self.cleaned_data.get("direction")
        return lignes.filter(direction=direction) if direction else lignes


class FiltreAnnee(FiltreSujets):
    """Une année entière, toutes directions : ce que lit qui ne voit que des ensembles."""

    TOUTES = ("", "Année en cours")
    du = au = direction = None

    def offrir(self, lignes):
        """Rien d’autre que l’année : un croisement désignerait quelqu’un."""

    @property
    def annee_choisie(self):
        return super().annee_choisie or AnneeFinanciere.du(jour_local())


class SujetForm(TextesPrudents, forms.Form):
    """Un sujet que la DSM ajoute ; écrit autrement qu’un sujet déjà proposé, il en corrige la graphie."""

    textes_a_relire = ("libelle",)

    libelle = TexteField(
        label="Sujet",
        lignes=1,
        max_length=120,
        help_text="Quelques mots, sans rien qui identifie un usager.",
        error_messages={
            "required": "Écrivez le sujet en quelques mots.",
            "max_length": "Ce sujet dépasse 120 caractères\xa0: nommez-le plus court.",
        },
    )

    def clean_libelle(self):
        libelle = self.cleaned_data["libelle"]
        if not SujetConsultation.cle_de(libelle):
            raise forms.ValidationError("Écrivez le sujet en quelques mots.")
        return libelle


class FusionForm(forms.Form):
    """Le sujet dans lequel en réunir un autre."""

    vers = forms.ChoiceField(
        label="Réunir à",
        error_messages={
            "required": "Choisissez l’autre sujet.",
            "invalid_choice": "Ce sujet n’est plus dans la liste\xa0: choisissez-en un autre.",
        },
    )

    def __init__(self, donnees=None, *, sujet):
        super().__init__(donnees)
        autres = SujetConsultation.objects.proposes().exclude(pk=sujet.pk)
        self.fields["vers"].choices = [("", "Choisissez l’autre sujet"), *choix_de_sujets(autres)]

    @property
    def autre(self):
        """Rend le sujet choisi ; le formulaire doit être valide."""
        return SujetConsultation.objects.get(uuid=self.cleaned_data["vers"])
