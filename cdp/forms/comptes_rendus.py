"""La saisie du compte rendu (annexe 10) : sommaires, présences, contributions, suivis, publication."""

import datetime

from django import forms
from django.db.models import Q
from django.utils import timezone

from cdp.actions.comptes_rendus import valeurs_compte_rendu
from cdp.actions.ordre_du_jour import points_numerotes
from cdp.actions.suivis import CHAMPS_SUIVI
from cdp.models import TEXTE_MAXIMAL, SorteContribution
from encadrement.personnes.models import Personne
from encadrement.socle.brouillon import PREFIXE_TEMOIN
from encadrement.socle.champs import HeureField, JourField, TexteField, nettoyer
from encadrement.socle.fusion import temoin
from encadrement.socle.prudence import TextesPrudents
from encadrement.trajectoire.forms import VerbeForm

TROP_LONG = f"Ce texte dépasse {TEXTE_MAXIMAL:,} caractères : raccourcissez-le. Rien n’est perdu.".replace(
    ",", "\u00a0"
)
PREFIXE_POINT, PREFIXE_PRESENCE, PREFIXE_VU = "point-", "presence-", "vu-"


class CompteRenduForm(forms.Form):
    """Un sommaire par point de l’ordre du jour ; un brouillon peut être incomplet (R-398, R-399)."""

    def __init__(self, data=None, *, rencontre):
        self.valeurs = valeurs_compte_rendu(rencontre)
        super().__init__(data, initial=self.valeurs)
        self.points = points_numerotes(rencontre)
        for numero, point in self.points:
            champ = TexteField(
                label=f"{numero} {point.intitule}",
                lignes=3,
                required=False,
                max_length=TEXTE_MAXIMAL,
                error_messages={"max_length": TROP_LONG},
            )
            champ.widget.attrs["data-compteur"] = champ.widget.attrs.pop("maxlength")
            self.fields[f"{PREFIXE_POINT}{point.pk}"] = champ

    @property
    def libelles(self):
        libelles = {nom: champ.label for nom, champ in self.fields.items()}
        return libelles | dict.fromkeys(self._points_retires, "Un point retiré de l’ordre du jour")

    def temoins(self):
        """Rend (nom du champ caché, témoin) de chaque sommaire ; un témoin reçu est gardé tel quel."""
        neufs = {f"{PREFIXE_TEMOIN}{champ}": temoin(valeur) for champ, valeur in self.valeurs.items()}
        return [(nom, self.data.get(nom, valeur)) for nom, valeur in neufs.items()]

    def rangees(self):
        """Rend (numéro, point, champ) pour le gabarit."""
        return [(numero, point, self[f"{PREFIXE_POINT}{point.pk}"]) for numero, point in self.points]

    @property
    def saisi(self):
        """Rend les sommaires reçus et lisibles ; celui d’un point retiré par l’autre y reste, pour ne pas se perdre."""
        recus = {champ: valeur for champ, valeur in self.cleaned_data.items() if champ in self.data}
        return recus | {champ: nettoyer(self.data[champ]).strip() for champ in self._points_retires}

    @property
    def _points_retires(self):
        return [
            champ
            for champ in self.data
            if champ.startswith(PREFIXE_POINT) and f"{PREFIXE_TEMOIN}{champ}" in self.data and champ not in self.fields
        ]


class _ChoixDePersonne(forms.ModelChoiceField):
    def __init__(self, **options):
        super().__init__(queryset=Personne.objects.none(), required=False, **options)


class _Ajout(forms.Form):
    """Un ajout au bas de la page d’écriture : laissé vide, il ne dérange pas l’enregistrement du reste."""

    def __init__(self, data=None, *, rencontre, **options):
        super().__init__(data, use_required_attribute=False, **options)
        self.rencontre = rencontre
        for champ in self.fields.values():
            if isinstance(champ, _ChoixDePersonne):
                champ.queryset = self.gens().order_by("nom", "prenom")
        if "point" in self.fields:
            points = [(str(point.pk), f"{numero} {point.intitule}") for numero, point in points_numerotes(rencontre)]
            self.fields["point"].choices = [("", "Aucun point en particulier"), *points]

    def gens(self):
        """Rend les membres d’aujourd’hui et les personnes de la maison qui étaient convoquées."""
        membres = self.rencontre.communaute.adhesions.actives().values("personne")
        convoquees = self.rencontre.participations.filter(personne__isnull=False).values("personne")
        return Personne.objects.filter(Q(pk__in=membres) | Q(pk__in=convoquees))

    def clean_point(self):
        choisi = self.cleaned_data["point"]
        return self.rencontre.points.get(pk=int(choisi)) if choisi else None


class ContributionForm(_Ajout):
    """Ce que la communauté a produit ou partagé ; le rapport annuel en fait le compte (R-294 à R-296, R-371)."""

    sorte = forms.ChoiceField(
        label="Sorte de contribution",
        choices=[("", "Choisissez"), *((code, libelle.capitalize()) for code, libelle in SorteContribution.choices)],
        error_messages={"required": "Choisissez la sorte de contribution."},
    )
    precision = TexteField(
        label="Précisez",
        lignes=1,
        max_length=300,
        error_messages={"required": "Précisez la contribution : le rapport annuel le demande."},
    )
    point = forms.ChoiceField(label="Point de l’ordre du jour", required=False)
    auteur = _ChoixDePersonne(label="De qui", empty_label="Toute la communauté")
    auteur_externe = TexteField(
        label="Nom, si la personne est de l’extérieur", lignes=1, required=False, max_length=170
    )


class SuiviForm(_Ajout):
    """Ce qui est à faire, par qui, pour quand : une date, ou une échéance en toutes lettres (R-398)."""

    texte = TexteField(
        label="À faire", lignes=1, max_length=500, error_messages={"required": "Dites ce qui est à faire."}
    )
    point = forms.ChoiceField(label="Point de l’ordre du jour", required=False)
    personne = _ChoixDePersonne(label="Responsable", empty_label="Choisissez")
    nom_externe = TexteField(label="Nom, si la personne est de l’extérieur", lignes=1, required=False, max_length=170)
    echeance = JourField(label="Échéance", required=False)
    echeance_dite = TexteField(
        label="Ou l’échéance en toutes lettres",
        lignes=1,
        required=False,
        max_length=120,
        help_text="Par exemple : en continu, quand le budget sera connu.",
    )

    def clean(self):
        donnees = super().clean()
        if not (
            donnees.get("personne") or donnees.get("nom_externe") or {"personne", "nom_externe"} & set(self.errors)
        ):
            self.add_error("personne", "Dites qui en est responsable.")
        if donnees.get("personne") and donnees.get("nom_externe"):
            self.add_error("nom_externe", "Nommez une seule personne : un membre, ou quelqu’un de l’extérieur.")
        date, dite = donnees.get("echeance"), donnees.get("echeance_dite")
        if date and dite:
            self.add_error("echeance_dite", "Gardez la date, ou l’échéance en toutes lettres : une seule des deux.")
        elif not (date or dite or {"echeance", "echeance_dite"} & set(self.errors)):
            self.add_error("echeance", "Donnez une date, ou dites l’échéance en toutes lettres.")
        if date and date < self.rencontre.jour and "echeance" in self.changed_data:
            self.add_error("echeance", f"L’échéance suit la rencontre du {self.rencontre.jour:%Y-%m-%d}.")
        return donnees


class CorrectionSuiviForm(SuiviForm):
    """Le même, pour un suivi déjà noté ; il reste au point où on l’a décidé."""

    def __init__(self, data=None, *, suivi):
        self.suivi = suivi
        initiales = {champ: getattr(suivi, champ) for champ in CHAMPS_SUIVI}
        super().__init__(data, rencontre=suivi.rencontre, initial=initiales)
        del self.fields["point"]

    def gens(self):
        return super().gens() | Personne.objects.filter(pk=self.suivi.personne_id)


class ClotureForm(forms.Form):
    issue = TexteField(
        label="Ce qui a été fait",
        lignes=2,
        required=False,
        max_length=500,
        help_text="Facultatif. Les membres de la communauté le liront.",
    )


class PresencesForm(forms.Form):
    """Qui était là, et de quelle heure à quelle heure (R-396, R-397)."""

    jour = JourField(label="Tenue le", error_messages={"required": "Écrivez la date de la rencontre."})
    debut = HeureField(label="De", error_messages={"required": "Écrivez l’heure du début."})
    fin = HeureField(label="À", error_messages={"required": "Écrivez l’heure de fin."})

    def __init__(self, data=None, *, rencontre):
        debut, fin = timezone.localtime(rencontre.debut), timezone.localtime(rencontre.fin)
        self.horaire = {"jour": debut.date(), "debut": debut.time(), "fin": fin.time()}
        super().__init__(data, initial=self.horaire)
        self.rencontre = rencontre
        self.lignes = list(rencontre.participations.select_related("personne__titre_emploi"))
        for ligne in self.lignes:
            self.fields[f"{PREFIXE_PRESENCE}{ligne.pk}"] = forms.ChoiceField(
                label=ligne.qui,
                required=False,
                choices=[("oui", "Présent"), ("non", "Absent")],
                widget=forms.RadioSelect,
                initial=en_clair(ligne.presente),
            )

    def clean(self):
        donnees = super().clean()
        debut, fin = donnees.get("debut"), donnees.get("fin")
        if debut and fin and fin <= debut:
            self.add_error("fin", "La fin de la rencontre doit suivre son début.")
        return donnees

    @property
    def moment(self):
        """Rend (début, fin) tels que saisis, à l’heure locale, ou None si rien n’a changé."""
        saisi = {champ: self.cleaned_data[champ] for champ in self.horaire}
        if saisi == {champ: _a_la_minute(valeur) for champ, valeur in self.horaire.items()}:
            return None
        return tuple(
            timezone.make_aware(datetime.datetime.combine(saisi["jour"], saisi[borne])) for borne in ("debut", "fin")
        )

    def presences(self, *, tous=False):
        """Rend {clé: présente} de ce que cette page a changé ; `tous` note présent qui n’a pas encore de réponse.

        Ce que la page n’a pas touché n’est pas repris : l’autre personne note peut-être au même moment.
        """
        notees = {}
        for ligne in self.lignes:
            dit = self.cleaned_data.get(f"{PREFIXE_PRESENCE}{ligne.pk}", "")
            if dit and dit != self.data.get(f"{PREFIXE_VU}{ligne.pk}", ""):
                notees[ligne.pk] = dit == "oui"
            elif tous and not dit and ligne.presente is None:
                notees[ligne.pk] = True
        return notees

    def rangees(self):
        """Rend (participation, champ, ce que la page montrait) pour le gabarit."""
        return [
            (ligne, self[f"{PREFIXE_PRESENCE}{ligne.pk}"], (f"{PREFIXE_VU}{ligne.pk}", en_clair(ligne.presente)))
            for ligne in self.lignes
        ]


def _a_la_minute(valeur):
    return valeur.replace(second=0, microsecond=0) if isinstance(valeur, datetime.time) else valeur


def en_clair(presente):
    return {True: "oui", False: "non", None: ""}[presente]


class AjoutPresenceForm(_Ajout):
    """Quelqu’un qui était là sans être convoqué : un membre, ou une personne invitée."""

    personne = _ChoixDePersonne(label="Un membre qui n’est pas à la liste", empty_label="Quelqu’un d’autre")
    nom_externe = TexteField(label="Nom de la personne invitée", lignes=1, required=False, max_length=170)
    organisme = TexteField(label="Son service ou son organisme", lignes=1, required=False, max_length=170)

    def gens(self):
        """Rend les personnes qui étaient membres ce jour-là et ne sont pas encore à la liste."""
        deja = self.rencontre.participations.filter(personne__isnull=False).values("personne")
        jour = self.rencontre.jour
        membres = self.rencontre.communaute.adhesions.pendant(jour, jour).values("personne")
        return Personne.objects.filter(pk__in=membres).exclude(pk__in=deja)

    def clean(self):
        donnees = super().clean()
        if not (donnees.get("personne") or donnees.get("nom_externe")) and not self.errors:
            self.add_error("nom_externe", "Nommez la personne, ou choisissez un membre.")
        if donnees.get("personne") and donnees.get("nom_externe"):
            self.add_error("nom_externe", "Nommez une seule personne à la fois.")
        return donnees


class PublicationForm(TextesPrudents, VerbeForm):
    """Publier : ce qui sera lu de tous se relit une dernière fois ; rien ne s’y tape (N-10)."""

    lu = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, objet, **kwargs):
        super().__init__(*args, objet=objet, **kwargs)
        for nom, (libelle, texte) in _textes_publies(objet).items():
            # Désactivé : la valeur est celle de la base, jamais celle de l’envoi.
            self.fields[nom] = forms.CharField(label=libelle, required=False, disabled=True, initial=texte)
        self.textes_a_relire = tuple(_textes_publies(objet))

    def a_relire(self):
        """Rend (libellé, erreurs) de chaque texte qui semble identifier une personne."""
        return [(self.fields[nom].label, self.errors[nom]) for nom in self.textes_a_relire if nom in self.errors]


def _textes_publies(rencontre):
    textes = {
        f"{PREFIXE_POINT}{point.pk}": (f"{numero} {point.intitule}", f"{point.sujet}\n{point.sommaire}")
        for numero, point in points_numerotes(rencontre)
    }
    textes["suivis"] = ("Suivis", "\n".join(suivi.texte for suivi in rencontre.suivis.all()))
    precisions = "\n".join(contribution.precision for contribution in rencontre.contributions.all())
    return textes | {"contributions": ("Contributions", precisions)}
