"""La saisie d’une attestation, pour soi ou pour quelqu’un ; le motif d’une annulation ; les filtres de la liste."""

from django import forms

from encadrement.accueil.forms import PersonneForm
from encadrement.fichiers.forms import FichierField
from encadrement.protection.models import VALIDITE_MOIS, premiere_date_valide
from encadrement.socle.champs import JourField, TexteField
from encadrement.socle.temps import jour_local


class _Formation(forms.Form):
    titre = TexteField(
        label="Titre de la formation",
        lignes=1,
        max_length=200,
        help_text="Tel qu’il est écrit sur l’attestation reçue.",
        error_messages={"required": "Écrivez le titre de la formation."},
    )
    suivie_le = JourField(
        label="Suivie le",
        help_text="Depuis douze mois au plus.",
        error_messages={"required": "Donnez la date où la formation a été suivie."},
    )
    fichier = FichierField(label="Attestation reçue, si vous l’avez", required=False)

    def clean_suivie_le(self):
        suivie_le = self.cleaned_data["suivie_le"]
        if suivie_le > jour_local():
            raise forms.ValidationError("Cette date est à venir\xa0: attestez la formation une fois suivie.")
        if suivie_le < premiere_date_valide(jour_local()):
            raise forms.ValidationError(
                f"Cette formation date de plus de {VALIDITE_MOIS} mois\xa0: il en faut une plus récente."
            )
        return suivie_le


class AttesterForm(_Formation):
    """Attester sa propre formation : un titre, une date, un fichier si on l’a."""


class ConsignerForm(_Formation, PersonneForm):
    """Consigner la formation de quelqu’un : le responsable de la protection ou la DSM l’a sous les yeux."""

    field_order = ("personne", "laquelle", "titre", "suivie_le", "fichier")


class AnnulerForm(forms.Form):
    """Pourquoi l’attestation ne vaut plus."""

    motif = TexteField(
        label="Motif",
        lignes=2,
        max_length=300,
        help_text="La personne le lira; il reste au dossier.",
        error_messages={"required": "Écrivez pourquoi cette attestation est annulée."},
    )


class FiltreAttestations(forms.Form):
    """Les filtres de la liste ; dans l’adresse, donc partageables."""

    qui = TexteField(label="Nom ou matricule", lignes=1, max_length=120, required=False)
    valeur = forms.ChoiceField(
        label="Ce qu’elles valent",
        required=False,
        choices=[
            ("", "Toutes"),
            ("valent", "En vigueur"),
            ("renouveler", "À renouveler dans le mois"),
            ("echues", "Échues"),
        ],
    )
