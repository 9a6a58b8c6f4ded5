"""Le formulaire commun des verbes : un motif quand l’acte l’exige, une raison quand le cadre recommande autre chose."""

from django import forms

from encadrement.socle.champs import TexteField


class VerbeForm(forms.Form):
    """Se compose selon la transition ; une mesure l’hérite pour ajouter ses propres champs."""

    libelle_motif = "Motif"
    aide_motif = "La personne concernée le lira."

    def __init__(self, *args, objet, transition, **kwargs):
        super().__init__(*args, **kwargs)
        self.avertissements = transition.avertit(objet)
        if transition.motif_requis:
            self.fields["motif"] = TexteField(
                label=self.libelle_motif,
                help_text=self.aide_motif,
                max_length=4000,
                error_messages={"required": "Écrivez le motif : la personne doit pouvoir comprendre la décision."},
            )
        if self.avertissements:
            self.fields["raison"] = TexteField(
                label="Raison de cet écart",
                help_text="Le cadre recommande autre chose, sans l’imposer : votre raison sera gardée au dossier.",
                max_length=4000,
                error_messages={"required": "Écrivez la raison de cet écart : rien ne vous empêche de continuer."},
            )
