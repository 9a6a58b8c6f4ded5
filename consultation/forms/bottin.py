"""Le bottin des experts : le filtrer, y écrire sa fiche, y identifier quelqu’un, et les quelques champs des verbes."""

from django import forms

from consultation.models import FicheExpert, SorteExpert, SujetConsultation
from encadrement.personnes.models import Direction, Personne, sans_accents
from encadrement.personnes.organisation import RLS
from encadrement.socle.champs import JourField, TexteField
from encadrement.socle.prudence import TextesPrudents
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.forms import VerbeForm

NOUVEAUX_MAXIMUM = 10
LIBELLE_MAXIMAL = SujetConsultation._meta.get_field("libelle").max_length
SORTES = [(code, libelle[:1].upper() + libelle[1:]) for code, libelle in SorteExpert.choices]
DISPONIBILITES = [
    ("", "Tous les experts"),
    ("disponible", "Disponibles"),
    ("plage", "Avec une plage libre"),
    ("en_pause", "En pause"),
]
_PLUS_A_LA_LISTE = "Un sujet choisi n’est plus à la liste\xa0: choisissez-en un autre."
_EXPERTISE = {
    "required": "Nommez l’expertise en quelques mots\xa0: c’est elle qu’on cherche au bottin.",
    "max_length": "Nommez l’expertise en au plus 200 caractères.",
}


def en_ordre(objets):
    """Rend les choix (clé, libellé) dans l’ordre où on les cherche : « Évaluation » avec les E."""
    return sorted(((objet.pk, str(objet)) for objet in objets), key=lambda choix: sans_accents(choix[1]))


class FiltreBottin(forms.Form):
    """Les filtres du bottin ; dans l’adresse, donc partageables. Un choix inconnu est ignoré, et dit."""

    q = TexteField(
        label="Expertise, sujet, nom ou discipline",
        lignes=1,
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    sorte = forms.ChoiceField(label="À titre de", required=False, choices=[("", "Tous les titres"), *SORTES])
    sujet = forms.ModelChoiceField(label="Sujet", queryset=None, required=False, empty_label="Tous les sujets")
    direction = forms.ModelChoiceField(
        label="Direction", queryset=None, required=False, empty_label="Toutes les directions"
    )
    rls = forms.ChoiceField(label="RLS", required=False, choices=[("", "Tous les RLS"), *RLS.choices])
    disponibilite = forms.ChoiceField(label="Disponibilité", required=False, choices=DISPONIBILITES)
    a_distance = forms.BooleanField(label="Répond à distance", required=False)
    groupes = forms.BooleanField(label="Répond à des groupes", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        publiees = FicheExpert.objects.publiees()
        portes = FicheExpert.sujets.through.objects.filter(ficheexpert__in=publiees)
        self._proposer("sujet", SujetConsultation.objects.filter(pk__in=portes.values("sujetconsultation")))
        self._proposer("direction", Direction.objects.filter(pk__in=publiees.values("personne__service__direction")))

    def _proposer(self, nom, objets):
        champ = self.fields[nom]
        champ.queryset = objets
        champ.choices = [("", champ.empty_label), *en_ordre(objets)]

    def garder(self, fiches):
        """Rend les fiches qui passent les filtres valides, `q` excepté."""
        choix = self.cleaned_data
        egalites = {
            "sorte": choix.get("sorte"),
            "personne__service__direction": choix.get("direction"),
            "personne__installation__rls": choix.get("rls"),
            "a_distance": choix.get("a_distance"),
            "accepte_groupes": choix.get("groupes"),
        }
        fiches = fiches.filter(**{champ: valeur for champ, valeur in egalites.items() if valeur})
        if choix.get("sujet"):
            fiches = fiches.filter(pk__in=choix["sujet"].fiches.values("pk"))
        if choix.get("disponibilite") == "en_pause":
            return fiches.exclude(pk__in=FicheExpert.objects.actives().values("pk"))
        if choix.get("disponibilite"):
            fiches = fiches.filter(pk__in=FicheExpert.objects.actives().values("pk"))
        if choix.get("disponibilite") == "plage":
            fiches = fiches.filter(prochaine_plage__isnull=False)
        return fiches


class NouveauxSujetsField(TexteField):
    """Des sujets écrits librement, séparés par des virgules ; vaut la liste de leurs libellés, sans doublon ni vide."""

    def __init__(self, **kwargs):
        kwargs.setdefault("label", "Autres sujets")
        kwargs.setdefault(
            "help_text", "S’ils ne sont pas à la liste\xa0: séparez-les par des virgules. La DSM les classera."
        )
        super().__init__(lignes=1, required=False, max_length=1000, **kwargs)

    def clean(self, value):
        libelles = {}
        for morceau in super().clean(value).replace(";", ",").replace("\n", ",").split(","):
            libelle = " ".join(morceau.split())
            if cle := SujetConsultation.cle_de(libelle):
                libelles.setdefault(cle, libelle)
        if trop_long := next((libelle for libelle in libelles.values() if len(libelle) > LIBELLE_MAXIMAL), None):
            raise forms.ValidationError(
                f"«\xa0{trop_long[:40]}…\xa0» est trop long\xa0: nommez chaque sujet en au plus "
                f"{LIBELLE_MAXIMAL} caractères."
            )
        if len(libelles) > NOUVEAUX_MAXIMUM:
            raise forms.ValidationError(f"Ajoutez au plus {NOUVEAUX_MAXIMUM} sujets à la fois.")
        return list(libelles.values())


class FicheForm(TextesPrudents, forms.Form):
    """Ce que l’expert dit de lui (R-170, R-171) ; un brouillon peut être incomplet."""

    textes_a_relire = ("presentation", "nouveaux")
    CHAMPS = ("sorte", "expertise", "presentation", "disponibilite", "a_distance", "accepte_groupes")

    sorte = forms.ChoiceField(
        label="On me consulte à titre de",
        required=False,
        choices=SORTES,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choisissez un des titres proposés."},
    )
    expertise = TexteField(
        label="Mon expertise",
        help_text="En quelques mots, comme un collègue la chercherait\xa0: positionnement et aides à la mobilité.",
        lignes=1,
        required=False,
        max_length=200,
        error_messages=_EXPERTISE,
    )
    presentation = TexteField(
        label="Mon expérience et mes champs d’intérêt",
        help_text="Lu par tous au bottin\xa0: rien qui identifie un usager.",
        lignes=5,
        required=False,
        max_length=4000,
        error_messages={"max_length": "Ce texte dépasse 4\xa0000 caractères\xa0: raccourcissez-le."},
    )
    sujets = forms.ModelMultipleChoiceField(
        label="Sujets sur lesquels on peut me consulter",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(("invalid_choice", "invalid_pk_value"), _PLUS_A_LA_LISTE),
    )
    nouveaux = NouveauxSujetsField()
    disponibilite = TexteField(
        label="Mes disponibilités",
        help_text="Par exemple\xa0: les mardis après-midi, par Teams. Vous pourrez aussi montrer des plages à réserver.",
        lignes=1,
        required=False,
        max_length=200,
        error_messages={"max_length": "Dites vos disponibilités en au plus 200 caractères."},
    )
    a_distance = forms.BooleanField(label="Je réponds à distance", required=False)
    accepte_groupes = forms.BooleanField(label="Je réponds à des groupes", required=False)

    def __init__(self, data=None, *, fiche):
        siens = list(fiche.sujets.all())
        initial = {champ: getattr(fiche, champ) for champ in self.CHAMPS}
        super().__init__(data, initial={**initial, "sujets": siens})
        # Un sujet retiré de la liste reste à qui le porte.
        offerts = SujetConsultation.objects.proposes() | SujetConsultation.objects.filter(
            pk__in=[sujet.pk for sujet in siens]
        )
        self.fields["sujets"].queryset = offerts
        self.fields["sujets"].choices = en_ordre(offerts)

    @property
    def saisi(self):
        """Rend ce que `ecrire_fiche` attend, sans la case de relecture ; le formulaire doit être valide."""
        return {champ: valeur for champ, valeur in self.cleaned_data.items() if champ != "relu"}


class ChercherPersonneForm(forms.Form):
    q = TexteField(label="Nom ou matricule", lignes=1, required=False, max_length=80)


class PersonneField(forms.ModelChoiceField):
    """Une personne désignée par son identifiant public ; illisible, il se refuse comme un inconnu."""

    def to_python(self, value):
        try:
            return super().to_python(value)
        except forms.ValidationError as erreur:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from erreur


class IdentificationForm(forms.Form):
    """Qui l’on identifie, et pour quelle expertise (R-194, R-200) ; `choix` sont les personnes offertes à l’écran."""

    personne = PersonneField(
        label="Personne",
        queryset=Personne.objects.none(),
        to_field_name="uuid",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez la personne.",
            "invalid_choice": "Cette personne n’est pas de celles que vous pouvez identifier\xa0: choisissez-en une autre.",
        },
    )
    expertise = TexteField(
        label="Expertise",
        help_text="En quelques mots; la personne pourra la préciser.",
        lignes=1,
        max_length=200,
        error_messages=_EXPERTISE,
    )

    def __init__(self, *args, permises, choix, **kwargs):
        super().__init__(*args, **kwargs)
        champ = self.fields["personne"]
        champ.queryset = permises
        champ.choices = [(str(personne.uuid), _avec_son_poste(personne)) for personne in choix]


def _avec_son_poste(personne):
    poste = ", ".join(str(partie) for partie in (personne.titre_emploi, personne.service) if partie)
    return f"{personne} – {poste}" if poste else str(personne)


class IdentificationDeNouveauForm(VerbeForm):
    """L’expertise d’une fiche qui n’en nommait pas ; sinon, celle de la fiche vaut."""

    def __init__(self, *args, objet, **kwargs):
        super().__init__(*args, objet=objet, **kwargs)
        if not objet.expertise:
            self.fields["expertise"] = TexteField(
                label="Expertise", lignes=1, max_length=200, error_messages=_EXPERTISE
            )


class AppuiForm(VerbeForm):
    """Le gestionnaire s’engage ; l’étape franchie en garde la trace, rien d’autre n’est à enregistrer (R-201)."""

    conditions = forms.BooleanField(
        label=(
            "Je mettrai en place des conditions favorables\xa0: charge de travail ajustée, rencontres autorisées, "
            "reconnaissance"
        ),
        error_messages={"required": "Cochez cet engagement pour appuyer la candidature."},
    )

    def clean(self):
        super().clean()
        return {}


class PauseForm(VerbeForm):
    retour_prevu_le = JourField(
        label="Retour prévu le", required=False, help_text="Laissez vide si vous ne le savez pas encore."
    )

    def clean_retour_prevu_le(self):
        jour = self.cleaned_data["retour_prevu_le"]
        if jour and jour <= jour_local():
            raise forms.ValidationError("Indiquez un jour à venir, ou laissez vide.")
        return jour


class RetraitForm(VerbeForm):
    motif = TexteField(label="Motif, si vous le voulez", required=False, max_length=4000)
