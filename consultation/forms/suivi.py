"""La saisie du tableau de suivi : ses filtres, et une consultation tenue entre deux portes (annexe 13, R-402)."""

from django import forms
from django.db.models import Q

from consultation.indicateurs import annees
from consultation.models import LigneSuivi, SujetConsultation
from encadrement.accueil.forms import PersonneForm
from encadrement.personnes.models import Direction, Personne, sans_accents
from encadrement.socle.champs import DureeField, JourField, TexteField
from encadrement.socle.prudence import TextesPrudents
from encadrement.socle.temps import AnneeFinanciere, jour_local

_SANS_USAGER = "N’y écrivez rien qui identifie un usager."


def en_ordre(choix):
    """Rend les choix (code, libellé) dans l’ordre où on les cherche : « Équilibre » avec les E."""
    return sorted(choix, key=lambda code_libelle: sans_accents(code_libelle[1]))


def choix_de_sujets(sujets):
    """Rend les choix (uuid, libellé) de ces sujets."""
    return en_ordre((str(identifiant), libelle) for identifiant, libelle in sujets.values_list("uuid", "libelle"))


class FiltrePeriode(forms.Form):
    """Une année financière, ou une période ; une adresse bricolée le dit sur le champ et ne filtre pas."""

    annee = forms.TypedChoiceField(label="Année financière", coerce=int, required=False)
    du = JourField(label="Du", required=False)
    au = JourField(label="Au", required=False)

    TOUTES = ("", "Toutes les années")

    def __init__(self, donnees, *, lignes=None):
        super().__init__(donnees)
        self.fields["annee"].choices = [self.TOUTES, *((annee.debut_annee, str(annee)) for annee in annees(lignes))]
        self.offrir(lignes)
        self.is_valid()

    def offrir(self, lignes):
        """À redéfinir : remplit les choix que les lignes permettent."""

    def clean(self):
        donnees = super().clean()
        if donnees.get("du") and donnees.get("au") and donnees["du"] > donnees["au"]:
            self.add_error("au", "Cette date précède le début de la période.")
        return donnees

    @property
    def annee_choisie(self):
        """Rend l’AnneeFinanciere choisie, ou None."""
        choisie = self.cleaned_data.get("annee")
        return AnneeFinanciere(choisie) if choisie else None

    @property
    def bornes(self):
        """Rend (du, au) ; l’un, l’autre ou les deux valent None s’ils ne bornent rien."""
        annee = self.annee_choisie
        debuts = [jour for jour in (self.cleaned_data.get("du"), annee and annee.debut) if jour]
        fins = [jour for jour in (self.cleaned_data.get("au"), annee and annee.fin) if jour]
        return max(debuts, default=None), min(fins, default=None)

    def de_la_periode(self, lignes):
        """Rend les lignes de la période."""
        debut, fin = self.bornes
        if debut:
            lignes = lignes.filter(jour__gte=debut)
        return lignes.filter(jour__lte=fin) if fin else lignes

    def en_clair(self):
        """Rend ce qui filtre, sans un texte clinique : de quoi le consigner et le redire dans une adresse."""
        return {champ: valeur for champ, valeur in self.cleaned_data.items() if valeur not in (None, "")}

    def en_mots(self):
        """Rend la période et les choix en une phrase, pour l’en-tête du document imprimé."""
        mots = [f"année financière {self.annee_choisie}"] if self.annee_choisie else []
        mots += [f"{mot} {self.cleaned_data[mot]:%Y-%m-%d}" for mot in ("du", "au") if self.cleaned_data.get(mot)]
        for nom, champ in self.fields.items():
            if nom not in FiltrePeriode.base_fields and self.cleaned_data.get(nom):
                mots.append(dict(champ.choices)[self.cleaned_data[nom]])
        return ", ".join(mots)


def _choix(label):
    return forms.ChoiceField(label=label, required=False)


class FiltreSuivi(FiltrePeriode):
    """Les filtres du tableau : ils n’offrent que ce que la personne y voit déjà."""

    expert = _choix("Expert")
    direction = _choix("Direction du demandeur")
    sujet = _choix("Sujet")
    provenance = forms.ChoiceField(
        label="Provenance",
        required=False,
        choices=[("", "Toutes"), ("cisss", "Experts du CISSS"), ("ruisss", "Experts du RUISSS UL")],
    )

    def offrir(self, lignes):
        """N’offre que les experts, les directions et les sujets de ces lignes."""
        lignes = lignes.order_by()
        gens = Personne.objects.filter(pk__in=lignes.values("expert"))
        directions = Direction.objects.filter(pk__in=lignes.values("direction"))
        sujets = SujetConsultation.objects.filter(pk__in=lignes.values("sujet"))
        self.fields["expert"].choices = [("", "Tous"), *((str(p.uuid), str(p)) for p in gens)]
        self.fields["direction"].choices = [("", "Toutes"), *((str(d.pk), d.nom) for d in directions)]
        self.fields["sujet"].choices = [("", "Tous"), *choix_de_sujets(sujets)]

    def filtrer(self, lignes):
        """Rend les lignes que ces filtres retiennent."""
        choix, lignes = self.cleaned_data, self.de_la_periode(lignes)
        if choix.get("expert"):
            lignes = lignes.filter(expert__uuid=choix["expert"])
        if choix.get("direction"):
            lignes = lignes.filter(direction=choix["direction"])
        if choix.get("sujet"):
            lignes = lignes.filter(Q(sujet__uuid=choix["sujet"]) | Q(sujet__fusionne_dans__uuid=choix["sujet"]))
        if provenance := choix.get("provenance"):
            lignes = lignes.exclude(expert_externe="") if provenance == "ruisss" else lignes.filter(expert_externe="")
        return lignes


def _une_ligne(label, champ, **options):
    maximum = LigneSuivi._meta.get_field(champ).max_length
    return TexteField(
        label=label,
        lignes=options.pop("lignes", 1),
        required=False,
        max_length=maximum,
        error_messages={"max_length": f"Ce texte dépasse {maximum} caractères\xa0: raccourcissez-le."},
        **options,
    )


class CommentairesForm(TextesPrudents, forms.Form):
    """Ce qui se corrige d’une ligne née d’une demande fermée : le reste vient du dossier."""

    textes_a_relire = ("expertise", "commentaires")

    expertise = _une_ligne("Expertise", "expertise")
    commentaires = _une_ligne("Commentaires, au besoin", "commentaires", lignes=2, help_text=_SANS_USAGER)

    @property
    def champs(self):
        """Rend les champs à enregistrer ; le formulaire doit être valide."""
        return {"expertise": self.cleaned_data["expertise"], "commentaires": self.cleaned_data["commentaires"]}

    def clean_expertise(self):
        if not self.cleaned_data["expertise"]:
            raise forms.ValidationError("Nommez l’expertise consultée, en quelques mots.")
        return self.cleaned_data["expertise"]


class LigneForm(PersonneForm, CommentairesForm):
    """Une consultation tenue entre deux portes : qui, quand, combien de temps, sur quoi (R-402)."""

    textes_a_relire = ("nouveau_sujet", "expertise", "commentaires")

    jour = JourField(
        label="Date de la consultation", initial=jour_local, error_messages={"required": "Écrivez la date."}
    )
    duree = DureeField(label="Durée", error_messages={"required": "Écrivez la durée, par exemple 45 min ou 1 h 30."})
    sujet = forms.ChoiceField(label="Sujet", required=False)
    nouveau_sujet = TexteField(
        label="Ou un autre sujet",
        lignes=1,
        required=False,
        max_length=120,
        help_text="S’il n’est pas dans la liste\xa0: quelques mots, rien qui identifie un usager.",
        error_messages={"max_length": "Ce sujet dépasse 120 caractères\xa0: nommez-le plus court."},
    )

    field_order = (
        "personne",
        "laquelle",
        "jour",
        "duree",
        "sujet",
        "nouveau_sujet",
        "expertise",
        "commentaires",
    )

    def __init__(self, donnees=None, *, fiche=None, ligne=None):
        super().__init__(donnees, initial=_initiales(fiche, ligne))
        self.ligne = ligne
        self.fields["personne"].label = "Demandeur"
        self.fields["personne"].error_messages["required"] = "Écrivez le nom du demandeur."
        proposes = SujetConsultation.objects.proposes()
        if ligne is not None:
            proposes = proposes | SujetConsultation.objects.filter(pk=ligne.sujet_id)
            self.fields["personne"].required = False
            self.fields["personne"].label = "Changer de demandeur"
            self.fields[
                "personne"
            ].help_text = f"C’est {ligne.demandeur}. Laissez vide pour le garder; sinon, un nom ou un matricule."
        self.fields["sujet"].choices = [("", "Choisissez un sujet"), *choix_de_sujets(proposes)]
        self.fields["sujet"].error_messages["invalid_choice"] = (
            "Ce sujet n’est plus dans la liste\xa0: choisissez-en un autre."
        )

    def clean_jour(self):
        jour = self.cleaned_data["jour"]
        if jour > jour_local():
            raise forms.ValidationError("Cette date est dans l’avenir\xa0: inscrivez la consultation une fois tenue.")
        return jour

    def clean_nouveau_sujet(self):
        libelle = self.cleaned_data["nouveau_sujet"]
        if libelle and not SujetConsultation.cle_de(libelle):
            raise forms.ValidationError("Écrivez le sujet en quelques mots.")
        return libelle

    def clean(self):
        donnees = super().clean()
        if not {"sujet", "nouveau_sujet"} & set(self.errors) and not (donnees["sujet"] or donnees["nouveau_sujet"]):
            self.add_error("sujet", "Choisissez un sujet dans la liste, ou écrivez-en un.")
        return donnees

    @property
    def champs(self):
        """Rend les champs à enregistrer ; le formulaire doit être valide."""
        saisi = self.cleaned_data
        nouveau = saisi["nouveau_sujet"]
        return {
            **super().champs,
            "demandeur": saisi["personne"] or self.ligne.demandeur,
            "jour": saisi["jour"],
            "minutes": saisi["duree"],
            "sujet": None if nouveau else SujetConsultation.objects.get(uuid=saisi["sujet"]),
            "nouveau_sujet": nouveau,
        }


def _initiales(fiche, ligne):
    """Rend ce que le formulaire montre d’abord : la ligne à corriger, ou l’expertise de la fiche."""
    if ligne is None:
        return {"expertise": fiche.expertise}
    champs = {champ: getattr(ligne, champ) for champ in ("jour", "expertise", "commentaires")}
    return {**champs, "duree": ligne.minutes, "sujet": str(ligne.sujet.uuid)}
