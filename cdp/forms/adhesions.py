"""La saisie des gens d’une communauté : demander, inviter, nommer, remplacer."""

from django import forms

from cdp.models import Adhesion, RoleCdp
from encadrement.accueil.forms import PersonneForm
from encadrement.socle.champs import TexteField
from encadrement.trajectoire.forms import VerbeForm

ROLES = [
    (RoleCdp.MEMBRE, "Membre"),
    (RoleCdp.SECRETAIRE, "Secrétaire"),
    (RoleCdp.ANIMATEUR, "Animateur, seul ou en duo"),
    (RoleCdp.EXPERT, "Expert de contenu"),
]
CHOISIR_UN_ROLE = {"required": "Choisissez un rôle.", "invalid_choice": "Choisissez un rôle de la liste."}


class DemandeForm(forms.Form):
    """Pourquoi l’on veut en être : l’animateur le lira (R-116)."""

    motivation = TexteField(
        label="Ce qui vous intéresse dans les objectifs de la communauté",
        help_text="Facultatif. L’animateur et le secrétaire le liront.",
        required=False,
        max_length=Adhesion._meta.get_field("motivation").max_length,
    )


class InvitationForm(PersonneForm):
    """Qui inviter, et à quel rôle."""

    role = forms.ChoiceField(
        label="À titre de",
        choices=ROLES,
        initial=RoleCdp.MEMBRE,
        widget=forms.RadioSelect,
        error_messages=CHOISIR_UN_ROLE,
    )
    raison = TexteField(label="Raison de cet écart", lignes=2, required=False, max_length=2000)

    field_order = ("personne", "laquelle", "role", "raison")


class RoleForm(forms.Form):
    """Le rôle d’un membre ; l’animateur s’engage pour un an (R-117, R-118)."""

    role = forms.ChoiceField(label="Rôle", choices=ROLES, widget=forms.RadioSelect, error_messages=CHOISIR_UN_ROLE)


class RemplacementForm(VerbeForm, PersonneForm):
    """Le motif du départ et, au besoin, qui prendra la place."""

    aide_motif = "La personne le lira. Par exemple\xa0: changement de service, congé prolongé."
    personne = TexteField(
        label="Qui inviter à sa place",
        lignes=1,
        required=False,
        max_length=120,
        help_text="Facultatif\xa0: son nom ou son matricule. L’invitation porte le même rôle.",
    )
    raison_ecart = TexteField(
        label="Raison, si la personne n’a pas le titre d’emploi de la communauté",
        lignes=2,
        required=False,
        max_length=2000,
    )

    field_order = ("motif", "personne", "laquelle", "raison_ecart")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields(self.field_order)

    def clean(self):
        donnees = super().clean()
        donnees["remplacant"] = donnees.pop("personne", None) or None
        donnees["raison"] = donnees.pop("raison_ecart", "")
        return donnees
