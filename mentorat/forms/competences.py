"""Choisir des compétences dans la liste commune, ou en nommer de nouvelles séparées par des virgules."""

from django import forms

from encadrement.personnes.models import sans_accents
from encadrement.socle.champs import TexteField
from mentorat.models import Competence

LIBELLE_MAXIMAL = Competence._meta.get_field("libelle").max_length
NOUVELLES_MAXIMUM = 10


def en_ordre(competences):
    """Rend les choix (clé, libellé) dans l’ordre où on les cherche : « Évaluation » avec les E."""
    return sorted(((competence.pk, competence.libelle) for competence in competences), key=lambda c: sans_accents(c[1]))


class NouvellesCompetencesField(TexteField):
    """Des compétences écrites librement ; vaut la liste de leurs libellés, sans doublon ni vide."""

    def __init__(self, **kwargs):
        kwargs.setdefault("label", "Autres compétences")
        kwargs.setdefault("help_text", "Si elles ne sont pas dans la liste\u00a0: séparez-les par des virgules.")
        super().__init__(lignes=1, required=False, max_length=1000, **kwargs)

    def clean(self, value):
        libelles = {}
        for morceau in super().clean(value).replace(";", ",").replace("\n", ",").split(","):
            libelle = " ".join(morceau.split())
            if cle := sans_accents(libelle):
                libelles.setdefault(cle, libelle)
        if trop_long := next((libelle for libelle in libelles.values() if len(libelle) > LIBELLE_MAXIMAL), None):
            raise forms.ValidationError(
                f"«\u00a0{trop_long[:40]}…\u00a0» est trop long\u00a0: nommez chaque compétence en au plus "
                f"{LIBELLE_MAXIMAL} caractères."
            )
        if len(libelles) > NOUVELLES_MAXIMUM:
            raise forms.ValidationError(f"Ajoutez au plus {NOUVELLES_MAXIMUM} compétences à la fois.")
        return list(libelles.values())


class AvecCompetences(forms.Form):
    """À hériter : `competences` (cases à cocher) et `nouvelles` (libres)."""

    competences = forms.ModelMultipleChoiceField(
        label="Compétences",
        queryset=Competence.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": "Une compétence choisie n’est plus dans la liste\u00a0: choisissez-en une autre.",
            "invalid_pk_value": "Une compétence choisie n’est plus dans la liste\u00a0: choisissez-en une autre.",
        },
    )
    nouvelles = NouvellesCompetencesField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["competences"].queryset = Competence.objects.all()
        self.fields["competences"].choices = en_ordre(Competence.objects.all())
