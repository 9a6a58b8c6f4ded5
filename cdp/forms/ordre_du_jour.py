"""La saisie de l’ordre du jour : un point, ses responsables, sa durée, ses pièces, les objectifs (R-394, R-488)."""

from django import forms

from encadrement.fichiers.forms import FichierField
from encadrement.personnes.models import Personne
from encadrement.rencontres.models import Sorte
from encadrement.socle.champs import DureeField, TexteField
from encadrement.socle.prudence import TextesPrudents

DUREE_MAXIMALE = 8 * 60


def gens_de(rencontre):
    """Rend les personnes qu’un point peut nommer : les membres d’aujourd’hui et les invités de la maison."""
    membres = rencontre.communaute.adhesions.actives().values("personne")
    conviees = rencontre.participations.filter(personne__isnull=False).values("personne")
    return Personne.objects.filter(pk__in=membres) | Personne.objects.filter(pk__in=conviees)


class ResponsableField(forms.ModelChoiceField):
    """Une personne de la rencontre ; un identifiant illisible reçoit la même phrase qu’une personne partie."""

    def to_python(self, value):
        try:
            return super().to_python(value)
        except forms.ValidationError as erreur:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from erreur


class PointForm(TextesPrudents, forms.Form):
    """Un point de l’ordre du jour ; celui d’un point fixe n’a pas de sujet, il est de tous les ordres du jour."""

    sujet = TexteField(
        label="Sujet",
        lignes=1,
        max_length=300,
        error_messages={
            "required": "Écrivez le sujet du point.",
            "max_length": "Ce sujet dépasse 300 caractères\xa0: raccourcissez-le; le reste ira dans une pièce jointe.",
        },
    )
    personne = ResponsableField(
        label="Responsable",
        queryset=Personne.objects.none(),
        to_field_name="uuid",
        required=False,
        empty_label="Personne de désigné",
        error_messages={"invalid_choice": "Cette personne n’est plus membre ni invitée\xa0: choisissez-en une autre."},
    )
    nom_externe = TexteField(
        label="Ou présentateur de l’extérieur",
        lignes=1,
        required=False,
        max_length=170,
        help_text="Son nom et son organisme. Pensez à l’inviter à la rencontre.",
    )
    minutes = DureeField(
        label="Durée",
        required=False,
        maximum=DUREE_MAXIMALE,
        help_text="Facultative\xa0: avec elle, l’ordre du jour donne l’heure de chaque point. Par exemple 45 min.",
    )
    textes_a_relire = ("sujet",)

    def __init__(self, *args, rencontre, point=None, **kwargs):
        if point is not None:
            kwargs.setdefault("initial", initiales(point))
        super().__init__(*args, **kwargs)
        self.fields["personne"].queryset = gens_de(rencontre)
        if point is not None and point.sorte != Sorte.AUTRE:
            del self.fields["sujet"]

    def clean(self):
        donnees = super().clean()
        if donnees.get("personne") and donnees.get("nom_externe"):
            self.add_error("nom_externe", "Choisissez un responsable de la liste ou nommez quelqu’un, pas les deux.")
        return donnees

    @property
    def champs(self):
        """Rend les champs du point ; le formulaire doit être valide."""
        noms = ("sujet", "personne", "nom_externe", "minutes")
        return {nom: self.cleaned_data[nom] for nom in noms if nom in self.cleaned_data}


def initiales(point):
    """Rend ce qu’un point montre dans son formulaire."""
    return {
        "sujet": point.sujet,
        "personne": point.personne,
        "nom_externe": point.nom_externe,
        "minutes": point.minutes,
    }


class PieceForm(TextesPrudents, forms.Form):
    """Un fichier à joindre ; son nom se relit comme un texte qu’on publie (N-10)."""

    fichier = FichierField(label="Fichier à joindre")
    textes_a_relire = ("fichier",)


class ObjectifsForm(TextesPrudents, forms.Form):
    """L’objectif général et les objectifs spécifiques de la rencontre, en option (R-488)."""

    objectif_general = TexteField(label="Objectif général", lignes=2, required=False, max_length=2000)
    objectifs_specifiques = TexteField(
        label="Objectifs spécifiques", lignes=3, required=False, max_length=4000, help_text="Un par ligne."
    )
    textes_a_relire = ("objectif_general", "objectifs_specifiques")
