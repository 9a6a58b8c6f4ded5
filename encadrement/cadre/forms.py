"""Le filtre de la liste des énoncés ; ses champs portent les noms que `chercher` attend."""

from django import forms

from .textes import SECTIONS, Force

SORTES = ("règle", "rôle", "formulaire", "indicateur", "outil", "délai")


class FiltreDuCadre(forms.Form):
    """Restreint la liste par mots, section, force et sorte d’énoncé ; tout est facultatif."""

    texte = forms.CharField(label="Mots ou numéro", max_length=100, required=False)
    section = forms.ChoiceField(
        label="Section", choices=[("", "Toutes les sections"), *((s.code, s.titre) for s in SECTIONS)], required=False
    )
    force = forms.ChoiceField(label="Force", choices=[("", "Toutes les forces"), *Force.choices], required=False)
    sorte = forms.ChoiceField(
        label="Sorte d’énoncé", choices=[("", "Toutes les sortes"), *((s, s) for s in SORTES)], required=False
    )
