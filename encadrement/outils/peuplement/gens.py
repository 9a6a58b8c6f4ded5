"""Les personnes inventées, par équipes de trente-cinq, et de quoi en tirer un mentoré, un mentor, un chef, un membre."""

import datetime
from array import array
from collections import defaultdict

from encadrement.outils.peuplement.hasard import apres, entre, identifiant, tirage
from encadrement.outils.peuplement.lignes import completer
from encadrement.outils.peuplement.noms import NOMS, PRENOMS
from encadrement.outils.peuplement.organigramme import ADMINISTRATION, CHEF, TITRES_DE_LA_CLINIQUE, Organigramme
from encadrement.personnes.models import Personne, sans_accents
from encadrement.socle.temps import AnneeFinanciere, jour_local

PREFIXE = "E0"
EQUIPE = 35
PAR_LOT = 100 * EQUIPE
MEMBRES_DU_CM = 0.62
ANS = 365


def matricule(rang):
    return f"{PREFIXE}{rang:06d}"


def embaucher(graine, nombre):
    """Complète l’établissement jusqu’à `nombre` personnes inventées ; rend combien il en manquait."""
    deja = Personne.objects.filter(matricule__startswith=PREFIXE).count()
    organigramme = Organigramme()

    def ecrire(rangs):
        # Les chefs d’abord : leur équipe les désigne. Une équipe entamée a déjà le sien.
        equipes = sorted({rang // EQUIPE for rang in rangs})
        Personne.objects.bulk_create(
            [_chef(graine, equipe, organigramme) for equipe in equipes if equipe * EQUIPE in rangs]
        )
        chefs = dict(
            Personne.objects.filter(matricule__in=[matricule(equipe * EQUIPE) for equipe in equipes]).values_list(
                "matricule", "pk"
            )
        )
        membres = [
            _membre(graine, rang, organigramme, chefs[matricule(rang - rang % EQUIPE)])
            for rang in rangs
            if rang % EQUIPE
        ]
        Personne.objects.bulk_create(membres, batch_size=1000)

    return completer("personnes", range(deja, nombre), ecrire, par_lot=PAR_LOT)


def _lieu(organigramme, rang):
    return organigramme.lieux[rang // EQUIPE % len(organigramme.lieux)]


def _personne(hasard, rang, lieu, **champs):
    """Une personne sans mot de passe : on n’entre pas sous son nom."""
    prenom, nom = hasard.choice(PRENOMS), hasard.choice(NOMS)
    anciennete = min(int(hasard.expovariate(1 / (9 * ANS))) + 5, 35 * ANS)
    embauche = apres(jour_local(), -anciennete)
    entree = entre(hasard, embauche, jour_local()) if hasard.random() < 0.3 else embauche
    return Personne(
        uuid=identifiant(hasard), matricule=matricule(rang), prenom=prenom, nom=nom, password="!",  # noqa: S106
        courriel=f"{matricule(rang)}@cisss.exemple".lower(), cle_recherche=sans_accents(f"{prenom} {nom}"),
        service_id=lieu.service, installation_id=lieu.installation, date_embauche=embauche,
        date_entree_service=entree, **champs,
    )  # fmt: skip


def _chef(graine, equipe, organigramme):
    rang = equipe * EQUIPE
    lieu = _lieu(organigramme, rang)
    hasard = tirage(graine, "personne", rang)
    return _personne(
        hasard, rang, lieu, superieur_id=lieu.directeur, titre_emploi_id=organigramme.titres[CHEF[0]].pk
    )  # fmt: skip


def _membre(graine, rang, organigramme, chef):
    lieu, hasard = _lieu(organigramme, rang), tirage(graine, "personne", rang)
    au_cm = lieu.est_clinique and hasard.random() < MEMBRES_DU_CM
    code = hasard.choice(TITRES_DE_LA_CLINIQUE)[0] if au_cm else ADMINISTRATION[0]
    return _personne(
        hasard, rang, lieu, superieur_id=chef, membre_cm=au_cm, titre_emploi_id=organigramme.titres[code].pk,
        is_active=hasard.random() > 0.02,
    )  # fmt: skip


class Gens:
    """Tout le monde, en tableaux d’entiers : quelques octets par personne, même à 330 000."""

    def __init__(self):
        self.pk, self.superieur, self.direction = array("q"), array("q"), array("q")
        self.chefs, self.cm = array("l"), array("l")
        self.arrives, self.anciens = defaultdict(lambda: array("l")), defaultdict(lambda: array("l"))
        self.de_titre = defaultdict(lambda: array("l"))
        il_y_a_trois_ans = apres(jour_local(), -3 * ANS)
        lues = Personne.objects.filter(matricule__startswith=PREFIXE, is_active=True).order_by("matricule")
        colonnes = ("pk", "superieur", "service__direction", "membre_cm", "titre_emploi", "date_embauche",
                    "date_entree_service", "matricule")  # fmt: skip
        for pk, superieur, direction, au_cm, titre, embauche, entree, numero in lues.values_list(*colonnes).iterator():
            place = len(self.pk)
            self.pk.append(pk)
            self.superieur.append(superieur)
            self.direction.append(direction)
            if int(numero[len(PREFIXE) :]) % EQUIPE == 0:
                self.chefs.append(place)
            elif au_cm:
                self.cm.append(place)
                self.de_titre[titre].append(place)
                self.arrives[AnneeFinanciere.du(entree).debut_annee].append(place)
                if embauche < il_y_a_trois_ans:
                    self.anciens[direction].append(place)

    def __len__(self):
        return len(self.pk)

    def mentors(self, direction):
        """Rend les places des mentors d’une direction : un ancien sur dix, et deux au moins."""
        anciens = self.anciens[direction] or self.cm
        return anciens[: len(anciens) // 10 + 2]

    def mentore(self, annee, rang):
        """Rend la place du mentoré de ce rang : quelqu’un qui arrivait cette année-là, tant qu’il en reste."""
        arrives = self.arrives[annee] or self.cm
        return arrives[rang % len(arrives)]

    def mentor(self, hasard, mentore):
        """Rend la place d’un mentor de la direction du mentoré, jamais lui-même."""
        voisins = [place for place in self.mentors(self.direction[mentore]) if place != mentore] or [
            place for place in self.cm[:2] if place != mentore
        ]
        return hasard.choice(voisins)

    def quelqu_un(self, hasard):
        """Rend la place d’un membre du CM."""
        return hasard.choice(self.cm)


def part_ecoulee(annee):
    """Rend la part de l’année financière déjà vécue, de 0 à 1."""
    ecoules = (min(jour_local(), annee.fin) - annee.debut).days + 1
    return max(ecoules, 0) / ((annee.fin - annee.debut).days + 1)


def annees_passees(combien):
    """Rend les `combien` dernières années financières, celle en cours comprise, la plus ancienne d’abord."""
    courante = AnneeFinanciere.du(jour_local()).debut_annee
    return [AnneeFinanciere(annee) for annee in range(courante - combien + 1, courante + 1)]


def jour_de(hasard, annee, *, marge=0):
    """Rend un jour vécu de l’année financière, au moins `marge` jours avant aujourd’hui."""
    dernier = min(annee.fin, apres(jour_local(), -marge))
    return entre(hasard, annee.debut, max(dernier, annee.debut))


def hier_au_plus(jour):
    return min(jour, jour_local() - datetime.timedelta(days=1))
