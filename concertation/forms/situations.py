"""La saisie de la demande au comité : la retrouver, l’écrire, la relire, l’attester, répondre (R-213, R-220, R-227, R-246)."""

from django import forms

from concertation.actions.situations import CHAMPS as CASES
from concertation.actions.situations import CHAMPS_DU_RECIT, DIRECTION
from concertation.models import EtatSituation, Information, Reorientation, SorteImpasse
from encadrement.demandes.forms import DEPERSONNALISE, FormulaireDSMForm, texte_long
from encadrement.personnes.models import Direction
from encadrement.socle.champs import JourField
from encadrement.socle.prudence import TextesPrudents
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.forms import VerbeForm

EN_MARCHE = "en_cours"
LIBELLES = {
    "question": "Question au comité",
    "contexte": "Situation clinique dépersonnalisée",
    "recherches": "Démarches déjà faites",
    "attentes": "Attentes",
    "precision_impasse": "Précision sur l’impasse",
    "partenaires": "Programmes et partenaires en cause",
    "precision_information": "Précision sur ce qui lui a été dit",
    "disponibilites": "Mes disponibilités",
}
_AIDES = {
    "question": "Ce que le comité doit dénouer, en une ou deux phrases.",
    "contexte": f"{DEPERSONNALISE} Une tranche d’âge suffit.",
    "recherches": "Plans d’intervention, rencontres, appels, références\xa0: votre gestionnaire l’attestera.",
    "attentes": "Ce qui dénouerait la situation\xa0: un intervenant pivot, une place, un protocole commun.",
    "partenaires": "Programmes, organismes, services\xa0: leur nom, jamais celui d’une personne.",
}


class Prudents(TextesPrudents):
    """Au comité, une situation n’a qu’un code : des initiales avertissent comme un nom (O-01, N-10)."""

    initiales_aussi = True


class FiltreSituations(forms.Form):
    """Les filtres de la liste ; dans l’adresse, donc jamais un mot de la situation."""

    etat = forms.ChoiceField(
        label="État",
        required=False,
        choices=[
            ("", "Tous les états"),
            (EN_MARCHE, "En cours"),
            *((code, libelle) for code, libelle in EtatSituation.choices if code != EtatSituation.DETRUITE),
        ],
    )
    direction = forms.ModelChoiceField(
        label="Direction concernée",
        required=False,
        queryset=Direction.objects.order_by("nom"),
        empty_label="Toutes les directions",
    )
    qui = forms.ChoiceField(
        label="Lesquelles",
        required=False,
        choices=[("", "Toutes"), ("tour", "À mon tour d’agir"), ("miennes", "Que je présente")],
    )


class SituationForm(Prudents, FormulaireDSMForm):
    """Toute la demande : les champs de l’annexe 11, et ce que le comité doit savoir de plus (R-213 à R-215, O-06).

    `valeurs` : {champ: valeur gardée}, lues du coffre par l’action. Une direction est une case.
    """

    CHAMPS = (*CHAMPS_DU_RECIT, *CASES)
    textes_a_relire = CHAMPS_DU_RECIT

    precision_impasse = texte_long(LIBELLES["precision_impasse"], lignes=2, maximum=2000)
    precision_information = texte_long(LIBELLES["precision_information"], lignes=2, maximum=1000)
    adulte = forms.BooleanField(label="J’atteste que la personne a 18\xa0ans ou plus", required=False)
    impasse = forms.ChoiceField(
        label="L’impasse est",
        required=False,
        widget=forms.RadioSelect,
        choices=SorteImpasse.choices,
        error_messages={"invalid_choice": "Choisissez d’où vient l’impasse."},
    )
    informee_le = JourField(label="La personne a été informée le", required=False)
    informee_comment = forms.ChoiceField(
        label="Comment",
        required=False,
        widget=forms.RadioSelect,
        choices=Information.choices,
        error_messages={"invalid_choice": "Choisissez comment la personne a été informée."},
    )
    discutee_le = JourField(label="Discutée avec mon gestionnaire le", required=False)

    def __init__(self, data=None, *, situation, valeurs, brouillon=False):
        super().__init__(data, demande=situation, brouillon=brouillon, valeurs=valeurs)
        for champ, libelle in LIBELLES.items():
            self.fields[champ].label = libelle
        for champ, aide in _AIDES.items():
            self.fields[champ].help_text = aide
        for direction in Direction.objects.order_by("sorte", "nom"):
            self.fields[f"{DIRECTION}{direction.pk}"] = forms.BooleanField(label=direction.nom, required=False)
        self.CHAMPS = (*self.CHAMPS, *(nom for nom in self.fields if nom.startswith(DIRECTION)))

    def directions(self):
        """Rend les cases des directions, pour le gabarit."""
        return [self[nom] for nom in self.fields if nom.startswith(DIRECTION)]

    def clean_informee_le(self):
        return self._pas_a_venir("informee_le", "La personne n’est pas encore informée\xa0: donnez un jour passé.")

    def clean_discutee_le(self):
        return self._pas_a_venir(
            "discutee_le", "Cette discussion n’a pas encore eu lieu\xa0: donnez le jour où vous en avez parlé."
        )

    def _pas_a_venir(self, champ, phrase):
        jour = self.cleaned_data[champ]
        if jour and jour > jour_local():
            raise forms.ValidationError(phrase)
        return jour


class RelectureForm(Prudents, VerbeForm):
    """Présenter : ce que d’autres liront se relit une dernière fois ; rien ne s’y tape (N-10)."""

    textes_a_relire = CHAMPS_DU_RECIT

    def __init__(self, data=None, *, recit, **kwargs):
        # Toujours lié : ce qui semble identifier quelqu’un se montre dès la visite.
        super().__init__({} if data is None else data, **kwargs)
        for champ in self.textes_a_relire:
            # Désactivé : la valeur est celle du coffre, jamais celle de l’envoi.
            self.fields[champ] = forms.CharField(
                label=LIBELLES[champ], required=False, disabled=True, initial=recit[champ]
            )

    def a_relire(self):
        """Rend (libellé, erreurs) de chaque texte qui semble identifier une personne."""
        return [(self.fields[nom].label, self.errors[nom]) for nom in self.textes_a_relire if nom in self.errors]


class MotifForm(Prudents, VerbeForm):
    """Un motif que d’autres liront, relu avant d’être écrit ; il reste chiffré au dossier."""

    textes_a_relire = ("motif",)
    aide_motif = "Sans nom ni initiales. L’intervenant et son gestionnaire le liront."


class AttesterForm(VerbeForm):
    """Ce que le gestionnaire atteste avant que le comité soit saisi (R-246)."""

    demarches = forms.BooleanField(
        label="J’atteste que les démarches préalables visant à dénouer la situation ont été faites",
        error_messages={"required": "Cochez cette attestation, ou renvoyez la demande avec un commentaire."},
    )

    def clean(self):
        super().clean()
        return {}


class RecevoirForm(MotifForm):
    """La réponse motivée d’une demande recevable (R-249, Q-03)."""

    libelle_motif = "Réponse motivée"


class ReorienterForm(MotifForm):
    """La réponse motivée d’une demande non recevable, et où aller : jamais nulle part (R-249, Q-03)."""

    libelle_motif = "Réponse motivée"

    reorientation = forms.ChoiceField(
        label="Réorienter",
        widget=forms.RadioSelect,
        choices=Reorientation.choices,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Dites vers où réorienter\xa0: une réponse négative mène toujours ailleurs."
        ),
    )
