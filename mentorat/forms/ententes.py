"""La saisie de l’entente (annexe 4) : chaque phrase d’erreur dit quoi écrire."""

from django import forms
from django.db.models import Q

from encadrement.indicateurs.portee import Periode, Territoire
from encadrement.personnes.models import RLS, Direction, Service, sans_accents
from encadrement.socle.brouillon import PREFIXE_TEMOIN
from encadrement.socle.champs import DureeField, JourField, TexteField, nettoyer
from encadrement.socle.fusion import temoin
from encadrement.socle.temps import AnneeFinanciere, ajouter_mois, jour_local
from encadrement.trajectoire.forms import VerbeForm
from mentorat.actions.ententes import valeurs_entente
from mentorat.indicateurs import ENTENTES
from mentorat.models import TEXTE_MAXIMAL, DemandeMentorat, EtatEntente, IdentifiePar
from mentorat.models.entente import DUREE_MAXIMALE_MOIS

LIGNES = ("objectif-", "activite-")
TROP_LONG = f"Ce texte dépasse {TEXTE_MAXIMAL:,} caractères : raccourcissez-le.".replace(",", "\u00a0")


def _texte(label, lignes=2, **options):
    return TexteField(
        label=label,
        lignes=lignes,
        required=False,
        max_length=TEXTE_MAXIMAL,
        error_messages={"max_length": TROP_LONG},
        **options,
    )


class EntenteForm(forms.Form):
    """Tous les champs de l’annexe 4, une zone par objectif et par activité ; un brouillon peut être incomplet."""

    identifie_par = forms.ChoiceField(label="Besoin identifié par", choices=IdentifiePar, widget=forms.RadioSelect)
    frequence = TexteField(
        label="Fréquence des rencontres",
        lignes=1,
        required=False,
        max_length=200,
        help_text="Par exemple : aux 3 semaines. Au moins 4 rencontres sont recommandées.",
    )
    duree_rencontres = DureeField(label="Durée des rencontres", required=False, minimum=5, maximum=8 * 60)
    debut = JourField(label="Du", required=False)
    fin = JourField(
        label="Au",
        required=False,
        help_text="Au plus six mois après le début, au jour près : du 31 août, six mois mènent au 28 février.",
    )

    def __init__(self, data=None, *, entente):
        self.valeurs = valeurs_entente(entente)
        super().__init__(data, initial=self.valeurs)
        self.entente = entente
        self.objectifs = list(entente.objectifs.prefetch_related("activites"))
        for case in reversed(DemandeMentorat.CASES):
            libelle = DemandeMentorat._meta.get_field(case).verbose_name
            self.fields = {case: forms.BooleanField(label=libelle, required=False), **self.fields}
        for objectif in self.objectifs:
            self.fields[f"objectif-{objectif.pk}"] = _texte("Objectif d’apprentissage", lignes=3)
            for rang, activite in enumerate(objectif.activites.all(), start=1):
                self.fields[f"activite-{activite.pk}"] = _texte(f"Activité {rang}", lignes=2)

    def clean(self):
        donnees = super().clean()
        debut = donnees.get("debut") or (self.entente.debut if "debut" in self.errors else None)
        fin = donnees.get("fin")
        if not (debut and fin):
            return donnees
        limite = ajouter_mois(debut, DUREE_MAXIMALE_MOIS)
        if fin < debut:
            self.add_error("fin", f"La fin doit suivre le début, le {debut:%Y-%m-%d}.")
        elif fin > limite:
            self.add_error(
                "fin",
                f"La durée maximale du mentorat est de 6 mois (R-056) : commencée le {debut:%Y-%m-%d}, l’entente se "
                f"termine au plus tard le {limite:%Y-%m-%d}.",
            )
        return donnees

    @property
    def libelles(self):
        """Rend le nom complet de chaque champ : « Objectif 2, activité 1 »."""
        libelles = {nom: champ.label for nom, champ in self.fields.items()}
        for rang, rangee in enumerate(self.rangees(), start=1):
            libelles[rangee["champ"].name] = f"Objectif {rang}"
            for numero, ligne in enumerate(rangee["activites"], start=1):
                libelles[ligne["champ"].name] = f"Objectif {rang}, activité {numero}"
        retirees = {"objectif": "Un objectif retiré", "activite": "Une activité retirée"}
        return libelles | {champ: retirees[champ.partition("-")[0]] for champ in self._lignes_retirees}

    @property
    def cases(self):
        return [self[case] for case in DemandeMentorat.CASES]

    def temoins(self):
        """Rend (nom du champ caché, témoin) de chaque champ ; un témoin reçu est gardé tel quel."""
        neufs = {f"{PREFIXE_TEMOIN}{champ}": temoin(valeur) for champ, valeur in self.valeurs.items()}
        return [(nom, self.data.get(nom, valeur)) for nom, valeur in neufs.items()]

    def rangees(self):
        """Rend les objectifs avec leurs champs, pour le gabarit."""
        return [
            {
                "objectif": objectif,
                "champ": self[f"objectif-{objectif.pk}"],
                "activites": [
                    {"activite": activite, "champ": self[f"activite-{activite.pk}"]}
                    for activite in objectif.activites.all()
                ],
            }
            for objectif in self.objectifs
        ]

    @property
    def saisi(self):
        """Rend les valeurs lisibles, à fusionner ; une saisie en erreur n’y est pas et reste à l’écran.

        Un champ que la page n’avait pas (ligne ajoutée depuis par l’autre personne) n’y est pas non plus : son absence
        n’efface rien. Une ligne retirée depuis y reste, pour que le texte tapé ne se perde pas sans un mot.
        """
        recus = {champ: valeur for champ, valeur in self.cleaned_data.items() if self._est_recu(champ)}
        return recus | {champ: nettoyer(self.data[champ]).strip() for champ in self._lignes_retirees}

    def _est_recu(self, champ):
        # Une case décochée ne s’envoie pas : seul son témoin dit qu’elle était à l’écran.
        est_une_case = isinstance(self.fields[champ], forms.BooleanField)
        return champ in self.data or (est_une_case and f"{PREFIXE_TEMOIN}{champ}" in self.data)

    @property
    def _lignes_retirees(self):
        recues = [champ for champ in self.data if champ.startswith(LIGNES) and f"{PREFIXE_TEMOIN}{champ}" in self.data]
        return [champ for champ in recues if champ not in self.fields]


class ApprobationForm(VerbeForm):
    """L’approbation confirme d’un même geste les conditions favorables (R-030, R-088)."""

    charge_ajustee = forms.BooleanField(label="La charge de travail est ajustée", required=False)
    rencontres_autorisees = forms.BooleanField(label="Les rencontres sont autorisées", required=False)
    reconnaissance = forms.BooleanField(label="L’engagement du mentor est reconnu", required=False)


class ConditionsForm(forms.Form):
    charge_ajustee = forms.BooleanField(label="La charge de travail est ajustée", required=False)
    rencontres_autorisees = forms.BooleanField(label="Les rencontres sont autorisées", required=False)
    reconnaissance = forms.BooleanField(label="L’engagement du mentor est reconnu", required=False)
    precision = forms.CharField(label="Précision", required=False, max_length=300)


class FiltreEntentes(forms.Form):
    """Les filtres de la liste ; dans l’adresse, donc partageables : c’est là que mène un chiffre du tableau de bord."""

    etat = forms.ChoiceField(label="État", required=False, choices=[("", "Tous les états"), *EtatEntente.choices])
    q = forms.CharField(label="Nom du mentor ou du mentoré", required=False, max_length=80)
    annee = forms.TypedChoiceField(label="En vigueur dans l’année", required=False, coerce=int, empty_value=None)
    direction = forms.ModelChoiceField(
        label="Direction du mentoré",
        required=False,
        queryset=Direction.objects.order_by("nom"),
        empty_label="Toutes les directions",
    )
    # Ni l’un ni l’autre ne se choisit ici : le tableau de bord y mène.
    service = forms.ModelChoiceField(queryset=Service.objects.all(), required=False, widget=forms.HiddenInput)
    rls = forms.ChoiceField(choices=[("", ""), *RLS.choices], required=False, widget=forms.HiddenInput)

    ANNEES_OFFERTES = 6

    def __init__(self, donnees):
        super().__init__(donnees)
        courante = AnneeFinanciere.du(jour_local()).debut_annee
        annees = [
            (annee, str(AnneeFinanciere(annee))) for annee in range(courante, courante - self.ANNEES_OFFERTES, -1)
        ]
        self.fields["annee"].choices = [("", "Toutes les années"), *annees]

    def filtrer(self, ententes):
        """Rend les ententes choisies ; d’une année, ce sont celles que le chiffre compte."""
        if not self.is_valid():
            return ententes
        choix = self.cleaned_data
        if choix["etat"]:
            ententes = ententes.filter(etat=choix["etat"])
        for mot in sans_accents(choix["q"]).split():
            ententes = ententes.filter(Q(mentor__cle_recherche__contains=mot) | Q(mentore__cle_recherche__contains=mot))
        if choix["annee"]:
            approuvees = ententes.exclude(prise_d_effet=None)
            ententes = approuvees.filter(ENTENTES.pendant(Periode(AnneeFinanciere(choix["annee"]))))
        return ententes.filter(self._territoire().condition(ENTENTES))

    def _territoire(self):
        direction, service = self.cleaned_data["direction"], self.cleaned_data["service"]
        return Territoire(
            directions=frozenset([direction.pk] if direction else []),
            services=frozenset([service.pk] if service else []),
            rls=self.cleaned_data["rls"],
        )

    @property
    def precisions(self):
        """Ce qui filtre sans se choisir ici, en mots."""
        if not self.is_valid():
            return []
        service, rls = self.cleaned_data["service"], self.cleaned_data["rls"]
        return [*([str(service)] if service else []), *([RLS(rls).label] if rls else [])]
