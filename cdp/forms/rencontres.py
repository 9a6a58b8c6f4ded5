"""La saisie d’une rencontre : le moment, la série, le mode, les invités."""

from django import forms

from encadrement.personnes.models import Personne
from encadrement.rencontres.forms import DeplacerForm as DeplacerCommun
from encadrement.rencontres.forms import SerieForm
from encadrement.socle.champs import TexteField
from encadrement.socle.prudence import TextesPrudents

_LIEN = "Vide, c’est celui de l’équipe Teams de la communauté."


def _lien_de_la_communaute(form):
    form.fields["lien"].help_text = _LIEN


class PlanifierForm(TextesPrudents, SerieForm):
    """Une rencontre, ou une série (R-385, R-466), et ses objectifs."""

    objectif_general = TexteField(label="Objectif général", lignes=2, required=False, max_length=2000)
    objectifs_specifiques = TexteField(
        label="Objectifs spécifiques", lignes=3, required=False, max_length=4000, help_text="Un par ligne."
    )
    textes_a_relire = ("objectif_general", "objectifs_specifiques")

    COMMUNS = (*SerieForm.COMMUNS, "objectif_general", "objectifs_specifiques")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _lien_de_la_communaute(self)


class DeplacerForm(DeplacerCommun):
    """La date, le mode ou le lieu d’une rencontre à venir ; rend les champs que l’action attend."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _lien_de_la_communaute(self)


class InviterExterneForm(forms.Form):
    """Une personne de l’extérieur : son nom et d’où elle vient (R-397, R-484)."""

    nom_externe = TexteField(
        label="Nom de la personne",
        lignes=1,
        max_length=170,
        error_messages={"required": "Nommez la personne invitée."},
    )
    organisme = TexteField(label="Organisme ou fonction", lignes=1, required=False, max_length=170)


class ChercherPersonneForm(forms.Form):
    q = TexteField(label="Nom d’une personne de l’établissement", lignes=1, required=False, max_length=80)


class ChoisirPersonneForm(forms.Form):
    """Une personne trouvée par son nom, désignée par son identifiant public."""

    personne = forms.ModelChoiceField(queryset=Personne.objects.actives(), to_field_name="uuid")
