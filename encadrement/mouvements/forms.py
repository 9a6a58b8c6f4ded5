"""Dire ce qui a été décidé des dossiers de quelqu’un."""

from django import forms

from encadrement.socle.champs import TexteField


class DecisionForm(forms.Form):
    decision = TexteField(
        label="Ce qui a été décidé",
        help_text="Qui reprend quoi, ce qui est clos. Aucun renseignement sur un usager.",
        max_length=2000,
        error_messages={"required": "Écrivez ce qui a été décidé : la suite doit pouvoir se comprendre."},
    )
