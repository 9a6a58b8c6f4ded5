"""La saisie du plan et du rapport annuels (annexe 7) : chaque phrase d’erreur dit quoi écrire."""

from django import forms
from django.db import models

from cdp.actions.annees import COLONNES, valeurs
from cdp.models import Atteinte, LignePlan, LigneRapport, RapportAnnuel
from cdp.models.bilan import bilan, nombres
from encadrement.socle.brouillon import PREFIXE_TEMOIN
from encadrement.socle.champs import DureeField, TexteField, nettoyer
from encadrement.socle.fusion import temoin
from encadrement.socle.temps import ecrire_duree
from encadrement.trajectoire.forms import VerbeForm

PREFIXE_LIGNE = "ligne-"
RENCONTRES_MAXIMUM = 99
OUI_NON = (("True", "Oui"), ("False", "Non"))
# Les en-têtes de l’annexe 7, dans son ordre.
TITRES = {
    "objectif": "Objectif(s)",
    "responsables": "Responsable(s)",
    "collaborateurs": "Collaborateur(s)",
    "moyens": "Moyen(s) identifié(s)",
    "echeancier": "Échéancier(s)",
    "indicateur": "Indicateur(s) de résultat",
    "atteinte": "Atteinte de l’objectif",
    "resultat": "Résultat",
}


def _texte(modele, champ, label, lignes=2, **options):
    maximum = modele._meta.get_field(champ).max_length
    trop_long = f"Ce texte dépasse {maximum:,} caractères : raccourcissez-le.".replace(",", "\u00a0")
    return TexteField(
        label=label,
        lignes=lignes,
        required=False,
        max_length=maximum,
        error_messages={"max_length": trop_long},
        **options,
    )


def _nombre(label, minimum, maximum, **options):
    phrase = f"Écrivez un nombre entier, de {minimum} à {maximum}."
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=minimum,
        max_value=maximum,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), phrase),
        **options,
    )


class RedactionForm(forms.Form):
    """Les champs du document et une zone par case de son tableau ; un brouillon peut être incomplet."""

    modele_ligne: type[models.Model]

    def __init__(self, data=None, *, document):
        self.valeurs = valeurs(document)
        super().__init__(data, initial=self.valeurs)
        self.document = document
        self.lignes = list(document.lignes.all())
        for rang, ligne in enumerate(self.lignes, start=1):
            for colonne in COLONNES[type(document)]:
                self.fields[_case(ligne, colonne)] = self._champ_de_la_case(colonne, rang)

    def _champ_de_la_case(self, colonne, rang):
        libelle = f"Objectif {rang}" if colonne == "objectif" else f"{TITRES[colonne]}, objectif {rang}"
        if colonne == "atteinte":
            return forms.ChoiceField(label=libelle, choices=[("", "À préciser"), *Atteinte.choices], required=False)
        return _texte(self.modele_ligne, colonne, libelle)

    @property
    def titres(self):
        return [TITRES[colonne] for colonne in COLONNES[type(self.document)]]

    def rangees(self):
        """Rend les lignes du tableau, chacune avec ses champs dans l’ordre des colonnes, pour le gabarit."""
        colonnes = COLONNES[type(self.document)]
        return [
            {
                "ligne": ligne,
                "champs": [self[_case(ligne, colonne)] for colonne in colonnes],
                "par_colonne": {colonne: self[_case(ligne, colonne)] for colonne in colonnes},
            }
            for ligne in self.lignes
        ]

    @property
    def libelles(self):
        """Rend le nom complet de chaque champ, pour dire un conflit."""
        libelles = {nom: champ.label for nom, champ in self.fields.items()}
        return libelles | dict.fromkeys(self._cases_retirees, "Une ligne retirée")

    def temoins(self):
        """Rend (nom du champ caché, témoin) de chaque champ ; un témoin reçu est gardé tel quel."""
        neufs = {f"{PREFIXE_TEMOIN}{champ}": temoin(valeur) for champ, valeur in self.valeurs.items()}
        return [(nom, self.data.get(nom, valeur)) for nom, valeur in neufs.items()]

    @property
    def saisi(self):
        """Rend les valeurs lisibles, à fusionner ; une saisie en erreur n’y est pas et reste à l’écran.

        Un champ que la page n’avait pas n’y est pas : son absence n’efface rien. La case d’une ligne retirée depuis par
        l’autre personne y reste, pour que le texte tapé ne se perde pas sans un mot.
        """
        recus = {champ: valeur for champ, valeur in self.cleaned_data.items() if champ in self.data}
        return recus | {champ: nettoyer(self.data[champ]).strip() for champ in self._cases_retirees}

    @property
    def _cases_retirees(self):
        recues = [c for c in self.data if c.startswith(PREFIXE_LIGNE) and f"{PREFIXE_TEMOIN}{c}" in self.data]
        return [champ for champ in recues if champ not in self.fields]


def _case(ligne, colonne):
    return f"{PREFIXE_LIGNE}{ligne.pk}-{colonne}"


class PlanForm(RedactionForm):
    """Le plan d’action : son tableau, et le temps que demanderont les rencontres (R-125)."""

    modele_ligne = LignePlan

    rencontres_prevues = _nombre("Nombre de rencontres prévues", 1, RENCONTRES_MAXIMUM)
    duree_prevue = DureeField(label="Durée prévue d’une rencontre", required=False, minimum=15, maximum=8 * 60)


class RapportForm(RedactionForm):
    """Le rapport annuel : chaque nombre laissé vide est celui des comptes rendus."""

    modele_ligne = LigneRapport

    rencontres = _nombre("Nombre de rencontres", 0, RENCONTRES_MAXIMUM)
    duree_moyenne = DureeField(label="Durée moyenne des rencontres", required=False, help_text="")
    experiences = _nombre("Nombre de présentations d’expérience clinique ou de partages de formation", 0, 999)
    donnees_probantes = _nombre(
        "Nombre de présentations de données probantes ou partages de pratiques prometteuses", 0, 999
    )
    coconstructions = _nombre(
        "Nombre de coconstructions de connaissances visant un consensus sur des lignes directrices, un guide de "
        "pratique, une nouvelle pratique, etc.",
        0,
        999,
    )
    productions = _nombre("Nombre de productions d’outil clinique, de procédure ou autre", 0, 999)
    autres_precisez = _texte(RapportAnnuel, "autres_precisez", "Autres, précisez", 3)
    conclusion = _texte(RapportAnnuel, "conclusion", "Conclusion ou commentaires", 5)
    poursuite = forms.TypedChoiceField(
        label="La CdP désire poursuivre ses activités",
        choices=OUI_NON,
        coerce=lambda valeur: valeur == "True",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, data=None, *, document):
        super().__init__(data, document=document)
        suivante = document.annee_financiere.suivante
        self.fields["poursuite"].label = f"La CdP désire poursuivre ses activités pour l’année financière {suivante}"
        for nombre in RapportAnnuel.PRECISIONS:
            label = str(self.fields[nombre].label)
            libelle = f"Précisez : {label[0].lower()}{label[1:]}"
            self.fields[f"{nombre}_precisez"] = _texte(RapportAnnuel, f"{nombre}_precisez", libelle)
        for rang in (1, 2, 3):
            self.fields[f"apercu_{rang}"] = _texte(RapportAnnuel, f"apercu_{rang}", f"Objectif {rang} à venir", 1)

    @property
    def apercus(self):
        return [self[f"apercu_{rang}"] for rang in (1, 2, 3)]

    def bilan(self):
        """Rend les rubriques du bilan : leurs champs, ce que disent les comptes rendus et ce qui est retenu."""
        compte = bilan(self.document.communaute, self.document.annee_financiere)
        return [
            {
                "champ": self[nombre],
                "precisez": self[f"{nombre}_precisez"] if nombre in RapportAnnuel.PRECISIONS else None,
                "compte": _dire(nombre, compte_nombre),
                "retenu": _dire(nombre, retenu),
                "ecart": compte_nombre != retenu,
                "precisions": compte.precisions.get(nombre, []),
            }
            for nombre, (compte_nombre, retenu) in nombres(self.document, compte).items()
        ]


def _dire(nombre, valeur):
    return ecrire_duree(valeur) if nombre == "duree_moyenne" else valeur


class RenvoiForm(VerbeForm):
    """Le parrain renvoie le document à la communauté."""

    libelle_motif = "Commentaire"
    aide_motif = "L’animateur et le secrétaire le liront; il reste à l’histoire du document."


class ApprobationRapportForm(VerbeForm):
    """L’approbation du rapport tranche aussi le renouvellement, si la communauté le demande (R-159)."""

    renouveler = forms.TypedChoiceField(
        label="Renouveler la communauté",
        choices=(("True", "Oui, je renouvelle la communauté"), ("False", "Non, je ne la renouvelle pas")),
        coerce=lambda valeur: valeur == "True",
        widget=forms.RadioSelect,
        error_messages={"required": "La CdP demande de poursuivre : dites si vous renouvelez."},
    )
    motif_renouvellement = TexteField(
        label="Pourquoi la communauté n’est pas renouvelée",
        required=False,
        max_length=RapportAnnuel._meta.get_field("motif_non_renouvellement").max_length,
        help_text="Requis seulement si vous ne renouvelez pas; la communauté le lira.",
    )

    def __init__(self, *args, objet, **kwargs):
        super().__init__(*args, objet=objet, **kwargs)
        if objet.poursuite:
            self.fields["renouveler"].label = f"Renouveler la communauté pour {objet.annee_financiere.suivante}"
        else:
            del self.fields["renouveler"], self.fields["motif_renouvellement"]

    def clean(self):
        donnees = super().clean() or {}
        if donnees.get("renouveler") is False and not donnees.get("motif_renouvellement"):
            self.add_error("motif_renouvellement", "Dites à la CdP pourquoi elle n’est pas renouvelée.")
        return donnees
