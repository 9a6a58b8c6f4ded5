from django import forms

from encadrement.supervision.registre import A_DECIDER, FAMILLES, noms_des_mesures


class FiltreDesCourriels(forms.Form):
    """Les filtres du registre ; dans l’adresse, donc partageables."""

    etat = forms.ChoiceField(
        label="État",
        required=False,
        choices=[
            ("", "Tous les états"),
            (A_DECIDER, "À décider"),
            *((code, libelle.capitalize()) for code, (libelle, *_) in FAMILLES.items()),
        ],
    )
    mesure = forms.ChoiceField(
        label="Mesure",
        required=False,
        choices=lambda: [("", "Toutes les mesures"), *noms_des_mesures().items()],
    )


class RetenusForm(forms.Form):
    """Ce que le pilote décide de tous les courriels retenus à la fois."""

    decision = forms.ChoiceField(
        choices=[("renvoyer", "Les envoyer"), ("abandonner", "Les abandonner")],
        error_messages={"required": "Choisissez\u00a0: les envoyer, ou les abandonner."},
    )
