"""La saisie des pages communes : choisir une personne sans JavaScript, dater, motiver."""

from django import forms

from encadrement.accueil.droits import peut_deleguer_pour_autrui
from encadrement.notifications.models import Cadence
from encadrement.personnes.models import Personne, RoleAttribue
from encadrement.socle.champs import JourField, TexteField
from encadrement.socle.temps import jour_local

TROP = 10


def avec_son_poste(personne):
    """Rend « Nom, titre, service » : de quoi distinguer deux homonymes (B-04)."""
    morceaux = (personne.nom_complet, personne.titre_emploi, personne.service, personne.installation)
    return ", ".join(str(morceau) for morceau in morceaux if morceau)


class PersonneForm(forms.Form):
    """Nomme une personne par son nom ou son matricule ; s’il y en a plusieurs, la page demande laquelle."""

    personne = TexteField(
        label="Personne",
        lignes=1,
        max_length=120,
        help_text="Son nom ou son matricule.",
        error_messages={"required": "Écrivez le nom de la personne."},
    )
    laquelle = forms.ChoiceField(label="Laquelle?", required=False, widget=forms.RadioSelect, choices=())

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.trouvees = {}
        if self.is_bound:
            self.trouvees = {str(trouvee.uuid): trouvee for trouvee in self._chercher()}
            self.fields["laquelle"].choices = [(cle, avec_son_poste(p)) for cle, p in self.trouvees.items()]
        if not 2 <= len(self.trouvees) <= TROP:
            del self.fields["laquelle"]

    def _chercher(self):
        texte = self.data.get(self.add_prefix("personne"), "").strip()
        if not texte:
            return []
        actives = Personne.objects.actives().avec_poste()
        exacte = actives.filter(matricule=texte)
        return exacte or actives.chercher(texte)[: TROP + 1]

    def clean(self):
        donnees = super().clean()
        if not donnees.get("personne"):
            return donnees
        trouvees = list(self.trouvees.values())
        if not trouvees:
            self.add_error("personne", "Aucune personne en poste ne porte ce nom ni ce matricule.")
        elif len(trouvees) == 1:
            donnees["personne"] = trouvees[0]
        elif len(trouvees) > TROP:
            self.add_error("personne", "Trop de personnes portent ce nom : ajoutez le prénom ou écrivez le matricule.")
        elif choix := donnees.get("laquelle"):
            donnees["personne"] = self.trouvees[choix]
        elif "laquelle" not in self.errors:
            self.add_error("laquelle", "Plusieurs personnes portent ce nom : choisissez la bonne.")
        donnees.pop("laquelle", None)
        return donnees


class DelegationForm(PersonneForm):
    """À qui, du, au, pourquoi."""

    debut = JourField(label="Du", initial=jour_local)
    fin = JourField(label="Au", help_text="Ce jour compris; un an au plus.")
    motif = TexteField(
        label="Motif", lignes=1, max_length=300, required=False, help_text="Par exemple : vacances, congé, formation."
    )

    de = TexteField(
        label="Au nom de",
        lignes=1,
        max_length=20,
        required=False,
        help_text="Le matricule de la personne absente, à la demande de sa direction; vide pour vos approbations.",
    )

    field_order = ("de", "personne", "laquelle", "debut", "fin", "motif")

    def __init__(self, *args, par, **kwargs):
        super().__init__(*args, **kwargs)
        self.par = par
        if not peut_deleguer_pour_autrui(par):
            del self.fields["de"]

    def clean_de(self):
        matricule = self.cleaned_data["de"]
        absente = Personne.objects.actives().filter(matricule=matricule).first()
        if matricule and absente is None:
            raise forms.ValidationError("Aucune personne en poste n’a ce matricule.")
        return absente

    def clean(self):
        donnees = super().clean()
        donnees["de"] = donnees.get("de") or self.par
        return donnees


class AttributionForm(PersonneForm):
    """À qui, quel rôle, du, au, pourquoi."""

    role = forms.ChoiceField(label="Rôle", choices=[("", "Choisissez un rôle"), *RoleAttribue.choices])
    debut = JourField(label="Du", initial=jour_local)
    fin = JourField(label="Au", required=False, help_text="Laissez vide si la fin n’est pas connue.")
    motif = TexteField(
        label="Motif",
        lignes=2,
        max_length=300,
        help_text="La personne qui approuve le lira; il reste au dossier.",
        error_messages={"required": "Écrivez pourquoi cette personne reçoit ce rôle."},
    )

    field_order = ("personne", "laquelle", "role", "debut", "fin", "motif")


class FinDeRoleForm(forms.Form):
    """Pourquoi le rôle prend fin."""

    motif = TexteField(
        label="Motif",
        lignes=2,
        max_length=300,
        help_text="Gardé au journal.",
        error_messages={"required": "Écrivez pourquoi ce rôle prend fin."},
    )


class PreferenceForm(forms.Form):
    """Comment recevoir ce qui n’attend pas de décision."""

    resume = forms.ChoiceField(
        label="Ce qui n’attend pas de décision", choices=Cadence.choices, widget=forms.RadioSelect
    )
