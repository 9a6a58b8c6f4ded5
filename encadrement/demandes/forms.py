"""La saisie de l’annexe 11 : les champs communs à ses volets, et le dernier regard avant d’envoyer (R-400, Q-01, N-10)."""

from django import forms

from encadrement.demandes.models import EtatService, FormulaireDSM, Volet
from encadrement.socle.brouillon import PREFIXE_TEMOIN
from encadrement.socle.champs import DureeField, JourField, TexteField
from encadrement.socle.fusion import temoin
from encadrement.socle.prudence import TextesPrudents
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.forms import VerbeForm

DEPERSONNALISE = "Sans nom, date de naissance, adresse ni numéro\xa0: décrivez la situation, pas la personne."
TEXTES = ("question", "contexte", "recherches", "attentes", "partenaires")


def texte_long(label, *, lignes=4, maximum=4000, **options):
    """Rend un champ de texte compté plutôt que coupé : c’est le serveur qui refuse un collage trop long."""
    champ = TexteField(
        label=label,
        lignes=lignes,
        required=False,
        max_length=maximum,
        error_messages={
            "max_length": f"Ce texte dépasse {maximum} caractères\xa0: raccourcissez-le. Rien n’est perdu."
        },
        **options,
    )
    champ.widget.attrs["data-compteur"] = champ.widget.attrs.pop("maxlength")
    return champ


class FormulaireDSMForm(TextesPrudents, forms.Form):
    """Les champs communs de l’annexe 11 ; un brouillon peut être incomplet.

    Une mesure l’hérite : elle ajoute ses champs, les nomme dans CHAMPS et, s’il y a lieu, dans `textes_a_relire`.
    `brouillon=True` (l’enregistrement pendant la frappe) garde tout sans avertir : on relit avant d’envoyer. `valeurs`
    remplace celles qui se lisent de la demande, quand elles sont gardées ailleurs.
    """

    textes_a_relire = TEXTES
    CHAMPS = FormulaireDSM.CHAMPS

    question = texte_long(
        "Question précise",
        lignes=3,
        help_text="Celle à laquelle vous cherchez une réponse, en une ou deux phrases.",
    )
    contexte = texte_long("Contexte clinique dépersonnalisé", help_text=DEPERSONNALISE)
    recherches = texte_long(
        "Recherches et démarches déjà faites", help_text="Articles, guides, collègues\xa0: ce que vous avez consulté."
    )
    attentes = texte_long(
        "Attentes", lignes=3, help_text="Un avis, un outil, un accompagnement\xa0: ce qui vous aiderait."
    )
    partenaires = texte_long("Programmes et partenaires en cause", lignes=2, maximum=1000)
    disponibilites = TexteField(
        label="Disponibilités",
        lignes=1,
        required=False,
        max_length=300,
        help_text="Par exemple\xa0: mardi et jeudi après-midi, Teams ou téléphone.",
    )

    def __init__(self, data=None, *, demande, brouillon=False, valeurs=None):
        self.valeurs = self.valeurs_de(demande) if valeurs is None else valeurs
        super().__init__(data, initial=self.valeurs)
        self.demande = demande
        if brouillon:
            self.textes_a_relire = ()

    @classmethod
    def valeurs_de(cls, demande):
        """Rend {champ: valeur} de la demande, telle qu’elle est gardée."""
        return {champ: getattr(demande, champ) for champ in cls.CHAMPS}

    @property
    def saisi(self):
        """Rend les valeurs lisibles que la page a envoyées ; une saisie en erreur n’y est pas et reste à l’écran."""
        return {champ: self.cleaned_data[champ] for champ in self.CHAMPS if self._est_recu(champ)}

    def _est_recu(self, champ):
        return champ in self.cleaned_data and (champ in self.data or f"{PREFIXE_TEMOIN}{champ}" in self.data)

    @property
    def libelles(self):
        return {nom: str(champ.label) for nom, champ in self.fields.items()}

    def temoins(self):
        """Rend (nom du champ caché, témoin) de chaque champ ; un témoin reçu est gardé tel quel."""
        neufs = {f"{PREFIXE_TEMOIN}{champ}": temoin(valeur) for champ, valeur in self.valeurs.items()}
        return [(nom, self.data.get(nom, valeur)) for nom, valeur in neufs.items()]


class DemandeServiceForm(FormulaireDSMForm):
    """Le formulaire d’un soutien ou d’un cas du comité : la discussion avec le gestionnaire s’y écrit aussi."""

    CHAMPS = (*FormulaireDSM.CHAMPS, "discutee_le")
    textes_a_relire = (*TEXTES, "disponibilites")

    discutee_le = JourField(
        label="Discutée avec mon gestionnaire le",
        required=False,
        help_text="Laissez vide si vous n’en avez pas encore parlé.",
    )

    def clean_discutee_le(self):
        jour = self.cleaned_data["discutee_le"]
        if jour and jour > jour_local():
            raise forms.ValidationError(
                "Cette discussion n’a pas encore eu lieu\xa0: donnez le jour où vous en avez parlé."
            )
        return jour


class RelectureForm(TextesPrudents, VerbeForm):
    """Transmettre : ce qui part à la DSM se relit une dernière fois ; rien ne s’y tape (N-10)."""

    textes_a_relire = (*TEXTES, "disponibilites")

    def __init__(self, data=None, *, objet, **kwargs):
        # Toujours lié : ce qui semble identifier quelqu’un se montre dès la visite, avant qu’on ait tapé son mot de passe.
        super().__init__({} if data is None else data, objet=objet, **kwargs)
        for nom in self.textes_a_relire:
            libelle = objet._meta.get_field(nom).verbose_name.capitalize()
            # Désactivé : la valeur est celle de la base, jamais celle de l’envoi.
            texte = getattr(objet, nom)
            self.fields[nom] = forms.CharField(label=libelle, required=False, disabled=True, initial=texte)

    def a_relire(self):
        """Rend (libellé, erreurs) de chaque texte qui semble identifier une personne."""
        return [(self.fields[nom].label, self.errors[nom]) for nom in self.textes_a_relire if nom in self.errors]


class RenvoiForm(TextesPrudents, VerbeForm):
    """Renvoyer ou motiver : le texte reste au dossier et se lit par d’autres, on le relit comme le reste."""

    textes_a_relire = ("motif",)


class CloreForm(TextesPrudents, VerbeForm):
    """Ce qui a été fait, et le temps donné."""

    textes_a_relire = ("suite",)

    suite = texte_long("Ce qui a été fait", help_text="La personne qui a demandé le lira.")
    minutes = DureeField(label="Temps donné", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["suite"].required = True
        self.fields["suite"].error_messages["required"] = "Dites ce qui a été fait\xa0: c’est la réponse à la demande."


class FiltreDemandes(forms.Form):
    """Les filtres de la liste ; dans l’adresse, donc partageables."""

    etat = forms.ChoiceField(label="État", required=False, choices=[("", "Tous les états"), *EtatService.choices])
    volet = forms.ChoiceField(
        label="Volet",
        required=False,
        choices=[("", "Tous les volets"), *(volet for volet in Volet.choices if volet[0] != Volet.EXPERT)],
    )
