"""Régler un paramètre : sa valeur, et pourquoi."""

from django import forms

from encadrement.parametres.natures import CHAMP
from encadrement.socle.champs import TexteField
from encadrement.socle.erreurs import ErreurMetier


class ParametreForm(forms.Form):
    """Les champs de la nature du paramètre, puis le motif ; `vue` dit la version que la personne avait sous les yeux."""

    vue = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, donnees, fichiers, *, declare, valeur, vue):
        super().__init__(donnees, fichiers, initial={**declare.nature.initial(valeur), "vue": vue})
        self.declare = declare
        self.fields.update(declare.nature.champs())
        self.fields["motif"] = TexteField(
            label="Motif",
            lignes=1,
            max_length=300,
            help_text="Pourquoi ce changement\xa0: tous les gestionnaires le liront.",
            error_messages={"required": "Dites pourquoi vous changez ce paramètre."},
        )

    def clean(self):
        saisie = super().clean()
        if not self.errors:
            try:
                saisie["choisie"] = self.declare.nature.lire(saisie)
                self.declare.nature.verifier(saisie["choisie"])
            except ErreurMetier as refus:
                self.add_error(CHAMP if CHAMP in self.fields else None, str(refus))
        return saisie
