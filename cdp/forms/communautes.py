"""La saisie de la fiche d’une communauté, de ses brouillons, de son parrain et de ce qu’elle ouvre."""

from django import forms

from cdp.actions.communautes import BESOINS, valeurs_fiche
from cdp.models import Besoin, Communaute
from encadrement.accueil.forms import PersonneForm
from encadrement.personnes.models import TitreEmploi, sans_accents
from encadrement.socle.brouillon import PREFIXE_TEMOIN
from encadrement.socle.champs import TexteField
from encadrement.socle.fusion import temoin


def zone(nom, *, label="", lignes=4, **options):
    """Rend la zone de texte d’un champ de la fiche, à sa longueur ; le serveur refuse un texte trop long."""
    champ = Communaute._meta.get_field(nom)
    maximum = champ.max_length
    rendue = TexteField(
        label=label or str(champ.verbose_name).capitalize(),
        lignes=lignes,
        required=False,
        max_length=maximum,
        error_messages={"max_length": trop_long(maximum)},
        **options,
    )
    compter(rendue)
    return rendue


def trop_long(maximum):
    """Rend la phrase d’un texte trop long."""
    return f"Ce texte dépasse {maximum:,} caractères\xa0: raccourcissez-le. Rien n’est perdu.".replace(",", "\xa0")


def compter(champ):
    """Fait compter le champ par la page : le navigateur couperait sans le dire un collage trop long."""
    if "maxlength" in champ.widget.attrs and isinstance(champ.widget, forms.Textarea):
        champ.widget.attrs["data-compteur"] = champ.widget.attrs.pop("maxlength")


class Brouillon(forms.Form):
    """Un formulaire écrit à plusieurs : chaque champ a son témoin, et l’on n’enregistre que ce que la page montrait."""

    def __init__(self, data=None, *, valeurs):
        self.valeurs = valeurs
        super().__init__(data, initial=valeurs)

    @property
    def libelles(self):
        return {nom: champ.label for nom, champ in self.fields.items()}

    def temoins(self):
        """Rend (nom du champ caché, témoin) de chaque champ ; un témoin reçu est gardé tel quel."""
        neufs = {f"{PREFIXE_TEMOIN}{champ}": temoin(self.valeurs[champ]) for champ in self.fields}
        return [(nom, self.data.get(nom, valeur)) for nom, valeur in neufs.items()]

    @property
    def saisi(self):
        """Rend les valeurs lisibles, à fusionner ; une saisie en erreur n’y est pas et reste à l’écran."""
        return {champ: valeur for champ, valeur in self.cleaned_data.items() if self._est_recu(champ)}

    def _est_recu(self, champ):
        # Une case décochée ne s’envoie pas : seul son témoin dit qu’elle était à l’écran.
        est_une_case = isinstance(self.fields[champ], forms.BooleanField)
        return champ in self.data or (est_une_case and f"{PREFIXE_TEMOIN}{champ}" in self.data)


def champ_nom(**options):
    """Rend le champ du nom de la communauté."""
    return TexteField(
        label="Nom de la communauté",
        lignes=1,
        max_length=160,
        error_messages={
            "required": "Donnez un nom à la communauté.",
            "max_length": "Donnez un nom d’au plus 160 caractères.",
        },
        **options,
    )


class FicheForm(Brouillon):
    """La fiche de la communauté : trois pierres angulaires, besoins, règles, accueil (R-450, R-131 à R-135, R-472)."""

    nom = champ_nom()
    domaine = zone("domaine", help_text="La raison d’être de la communauté\xa0: ce que les membres ont en commun.")
    groupe = zone("groupe", help_text="Qui la forme, ce qui lie ses membres, comment on s’y parle.")
    pratique = zone(
        "pratique", help_text="Données probantes, savoirs d’expérience, outils\xa0: ce que les membres échangent."
    )
    precision_besoins = zone("precision_besoins", lignes=1, label="Précision, au besoin")
    clientele = zone("clientele", lignes=1, help_text="Une clientèle commune rend la communauté plus efficace.")
    themes = zone("themes", help_text="Un par ligne. Ils paraissent à l’annuaire et au napperon.")
    retombees = zone("retombees", help_text="Pour les membres, pour la clientèle, pour l’organisation.")
    regles_internes = zone(
        "regles_internes",
        lignes=6,
        help_text="Par exemple\xa0: confidentialité, respect, ponctualité, caméras ouvertes.",
    )
    accueil = zone("accueil", lignes=6, help_text="Ce que lit une personne qui entre. Les membres seuls le voient.")
    lien_teams = forms.URLField(
        label="Lien vers l’équipe Teams",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="Les membres seuls le voient.",
        error_messages={"invalid": "Collez l’adresse complète, qui commence par https://."},
    )

    def __init__(self, data=None, *, communaute):
        super().__init__(data, valeurs=valeurs_fiche(communaute))
        for besoin, case in zip(Besoin, BESOINS, strict=True):
            self.fields[case] = forms.BooleanField(label=besoin.label.capitalize(), required=False)

    @property
    def cases(self):
        return [self[case] for case in BESOINS]


class TitreForm(forms.Form):
    """Un titre d’emploi à ajouter à ceux de la communauté."""

    titre = forms.ModelChoiceField(
        label="Titre d’emploi à ajouter",
        queryset=TitreEmploi.objects.none(),
        empty_label="Choisir un titre d’emploi",
        required=False,
        widget=forms.Select(attrs={"data-brouillon-hors": ""}),
    )

    def __init__(self, data=None, *, communaute):
        super().__init__(data)
        restants = TitreEmploi.objects.exclude(pk__in=communaute.titres_emploi.values("pk"))
        champ = self.fields["titre"]
        champ.queryset = restants
        en_ordre = sorted(restants, key=lambda titre: sans_accents(titre.libelle))
        champ.choices = [("", champ.empty_label), *((titre.pk, titre.libelle) for titre in en_ordre)]


class OuvertureForm(PersonneForm):
    """Le nom, le domaine, et qui animera : soi-même si l’on ne nomme personne (R-156, R-382)."""

    nom = champ_nom(help_text="Par exemple\xa0: CdP des orthophonistes en petite enfance.")
    domaine = zone("domaine", help_text="En une phrase, si vous le savez déjà.")
    personne = TexteField(
        label="Qui l’animera, si ce n’est pas vous?",
        lignes=1,
        required=False,
        max_length=120,
        help_text="Son nom ou son matricule; cette personne recevra une invitation. Laissez vide si vous l’animerez.",
    )

    field_order = ("nom", "domaine", "personne", "laquelle")


class ParrainForm(PersonneForm):
    """Le gestionnaire qui parraine la communauté (R-119)."""

    personne = TexteField(
        label="Gestionnaire parrain",
        lignes=1,
        max_length=120,
        help_text="Son nom ou son matricule. Il ne peut pas être aussi membre de la communauté.",
        error_messages={"required": "Écrivez le nom du gestionnaire."},
    )


class PartageForm(forms.Form):
    """À qui la communauté ouvre ses comptes rendus."""

    au_parrain = forms.BooleanField(label="Au gestionnaire parrain", required=False)
    a_la_dsm = forms.BooleanField(label="À la DSM et à ses APPR", required=False)
