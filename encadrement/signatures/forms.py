"""Signer, c’est lire, cocher l’engagement et confirmer son identité à ce moment même."""

import time

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import ratelimit
from allauth.core.internal.httpkit import get_client_ip
from django import forms

from encadrement.personnes.comptes import passe_par_l_etablissement
from encadrement.signatures.actions import Confirmation
from encadrement.signatures.models import Methode


def vient_de_se_connecter(request):
    """Dit si la dernière authentification de la session date de moins de cinq minutes.

    allauth tient pour réauthentifiée toute personne sans mot de passe local : pour signer, ce n’est pas assez.
    """
    preuves = get_authentication_records(request, request.user)
    return bool(preuves) and time.time() - preuves[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


class SignatureForm(forms.Form):
    """Bloc de signature : engagement coché, identité confirmée, empreinte du contenu affiché.

    Une personne sans mot de passe local (compte de l’établissement) doit s’être réauthentifiée à l’instant.
    """

    engagement = forms.BooleanField(
        label="J’ai lu ce document et je m’engage à le respecter.",
        error_messages={"required": "Cochez l’engagement pour signer."},
    )
    mot_de_passe = forms.CharField(
        label="Votre mot de passe",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="Confirmer votre identité vaut signature.",
        error_messages={"required": "Écrivez votre mot de passe pour confirmer que c’est bien vous."},
    )
    empreinte = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, request, engagement="", **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request
        self.empreinte_lue = self.data.get(self.add_prefix("empreinte"), "") if self.is_bound else ""
        if self.is_bound:
            # Si le contenu a changé entre-temps, la page réaffichée montre le nouveau : c’est lui qu’elle doit nommer.
            self.data = self.data.copy()
            self.data[self.add_prefix("empreinte")] = self.initial.get("empreinte", "")
        if engagement:
            self.fields["engagement"].label = engagement
        self.par_etablissement = passe_par_l_etablissement(request.user)
        if self.par_etablissement:
            del self.fields["mot_de_passe"]

    def clean_mot_de_passe(self):
        mot = self.cleaned_data["mot_de_passe"]
        if not ratelimit.consume(self.request, action="reauthenticate", user=self.request.user):
            raise forms.ValidationError(
                "Trop d’essais : attendez quelques minutes avant de recommencer. Rien n’est perdu."
            )
        if not self.request.user.check_password(mot):
            raise forms.ValidationError("Ce mot de passe n’est pas le vôtre. Rien n’a été signé.")
        return mot

    def clean(self):
        donnees = super().clean()
        if self.initial.get("empreinte") and not self.empreinte_lue:
            raise forms.ValidationError(
                "La page n’a pas dit quel contenu vous lisiez\xa0: relisez-le ci-dessous, puis signez."
            )
        if self.par_etablissement and not vient_de_se_connecter(self.request):
            raise forms.ValidationError(
                "Reconnectez-vous avec le compte de l’établissement, puis revenez signer : rien n’a été signé."
            )
        return donnees

    def confirmation(self):
        """Rend la Confirmation à passer à l’action qui signe ; le formulaire doit être valide."""
        return Confirmation(
            methode=Methode.ETABLISSEMENT if self.par_etablissement else Methode.MOT_DE_PASSE,
            adresse=get_client_ip(self.request),
            empreinte_lue=self.empreinte_lue,
            engagement=str(self.fields["engagement"].label),
        )
