"""Le registre des ressources versionnées : une version publiée ne change plus jamais, on en ajoute une autre."""

import datetime
import hashlib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.template.loader import get_template
from django.urls import reverse

from .textes import bornes, rang


@dataclass(frozen=True, slots=True)
class Ressource:
    """Une version d’une page de ressource ; `gabarit` n’en contient que le corps, pour l’inclure ailleurs."""

    code: str
    titre: str
    version: int
    publiee_le: datetime.date
    gabarit: str
    source: str
    mots: str
    plages: str = field(default="", repr=False)

    def __str__(self):
        return self.titre

    def get_absolute_url(self):
        return reverse("cadre:ressource", args=[self.code])

    @property
    def adresse_de_version(self):
        """L’adresse qui mènera toujours à cette version-ci."""
        return reverse("cadre:ressource_version", args=[self.code, self.version])

    @property
    def est_la_derniere(self):
        return self == ressource(self.code)

    def concerne(self, numero):
        """Dit si la ressource éclaire cet énoncé."""
        return any(de <= rang(numero) <= a for de, a in map(bornes, self.plages.split()))


PREMIERE_PUBLICATION = datetime.date(2026, 11, 22)


def _v1(code, titre, source, mots, plages):
    gabarit = f"ressources/{code.replace('-', '_')}_v1.html"
    return Ressource(code, titre, 1, PREMIERE_PUBLICATION, gabarit, source, mots, plages)


RESSOURCES = (
    _v1(
        "mentorat-en-bref",
        "Le mentorat en bref",
        "Cadre de référence, section 5.1 et annexe 1; programme de mentorat du CCLS, aperçu",
        "définition, à qui, avantages, durée, participation",
        "R-042-R-062 R-430-R-431",
    ),
    _v1(
        "fiche-mentorat",
        "Fiche synthèse\u00a0: mentorat",
        "Fiche synthèse «\u00a0Mentorat\u00a0»",
        "but, clientèle cible, contexte d’utilisation, fréquence, durée, bilan, prolongation",
        "R-042-R-070 R-404-R-416",
    ),
    _v1(
        "mentorat-et-coaching",
        "Mentorat ou coaching?",
        "Programme de mentorat du CCLS, chapitre du Québec",
        "différence, comparaison, coaching, accompagnement, posture",
        "R-432-R-433",
    ),
    _v1(
        "roles-mentorat",
        "Rôles et responsabilités dans le mentorat",
        "Cadre de référence, sections 4 et 5.1",
        "rôle, responsabilité, mentor, mentoré, gestionnaire, DSM, phases",
        "R-018-R-039 R-063-R-070 R-078-R-111 R-437-R-438",
    ),
    _v1(
        "conseils-mentorat",
        "Conseils pour une relation de mentorat efficace",
        "Cadre de référence, annexe 1; programme de mentorat du CCLS, étapes 3 et 6",
        "conseils, efficacité, facteurs de succès, désaccord",
        "R-274-R-281 R-437 R-443 R-448",
    ),
    _v1(
        "dix-etapes",
        "Les dix étapes du mentorat",
        "Programme de mentorat du CCLS, chapitre du Québec, adapté au cadre de référence",
        "étapes, phases, trajectoire, autoréflexion, inscription, jumelage, clôture, évaluation",
        "R-270-R-274 R-435-R-449",
    ),
    _v1(
        "autoreflexion",
        "Autoréflexion avant de s’engager",
        "Programme de mentorat du CCLS, étape 1; cadre de référence, annexe 5",
        "autoréflexion, qualités, aspirations, disponibilité, mentor, mentoré",
        "R-345-R-351 R-435",
    ),
    _v1(
        "premiere-rencontre",
        "Prise de contact et première rencontre",
        "Programme de mentorat du CCLS, étapes 5 à 7; cadre de référence, annexes 1 et 4",
        "attentes, points à discuter, buts, objectifs, S.M.A.R.T., feuille de travail",
        "R-272 R-329-R-332 R-439-R-442",
    ),
    _v1(
        "annexe-1",
        "Annexe 1\u00a0: bonnes pratiques relatives au mentorat",
        "Cadre de référence, annexe 1",
        "bonnes pratiques, bénéfices, caractéristiques, facteurs de succès",
        "R-261-R-281",
    ),
    _v1(
        "annexe-3",
        "Annexe 3\u00a0: communauté de pratique et comité de pairs",
        "Cadre de référence, annexe 3",
        "distinctions, comité de pairs, communauté de pratique, conseil multidisciplinaire",
        "R-040-R-041 R-145 R-320-R-326",
    ),
    _v1(
        "annexe-4",
        "Annexe 4\u00a0: entente de mentorat (gabarit vierge)",
        "Cadre de référence, annexe 4",
        "entente, formulaire, objectifs, activités, mi-temps, évaluation finale, signatures",
        "R-053-R-059 R-069-R-071 R-075 R-327-R-343",
    ),
    _v1(
        "annexe-5",
        "Annexe 5\u00a0: profil recherché du mentor",
        "Cadre de référence, annexe 5",
        "profil, critères, caractéristiques, qualités personnelles, recrutement",
        "R-050-R-052 R-076 R-086 R-276 R-344-R-351",
    ),
    _v1(
        "annexe-6",
        "Annexe 6\u00a0: règles d’éthique du mentorat",
        "Cadre de référence, annexe 6",
        "éthique, confidentialité, devoir de réserve, honnêteté, non-blâme, fin de la relation",
        "R-063-R-064 R-077 R-100-R-102 R-109-R-110 R-333 R-352-R-363 R-442",
    ),
)


@cache
def _registre():
    registre = {(r.code, r.version): r for r in RESSOURCES}
    if len(registre) != len(RESSOURCES):
        raise ValueError("deux ressources portent le même code et la même version")
    return registre


def ressource(code, version=None):
    """Rend une version d’une ressource, la dernière si `version` est omise ; KeyError si elle n’existe pas."""
    if version is None:
        version = max((r.version for r in RESSOURCES if r.code == code), default=0)
    return _registre()[code, version]


def ressources():
    """Rend la dernière version de chaque ressource, dans l’ordre du registre."""
    return tuple(r for r in RESSOURCES if r.est_la_derniere)


def versions(code):
    """Rend toutes les versions d’une ressource, la plus récente d’abord ; vide si le code est inconnu."""
    return tuple(sorted((r for r in RESSOURCES if r.code == code), key=lambda r: -r.version))


def ressources_sur(numero):
    """Rend les ressources, en dernière version, qui éclairent cet énoncé."""
    return tuple(r for r in ressources() if r.concerne(numero))


def empreinte(ressource):
    """Rend le SHA-256, en hexadécimal, du fichier de gabarit tel qu’il est publié."""
    chemin = Path(get_template(ressource.gabarit).origin.name)
    return hashlib.sha256(chemin.read_bytes()).hexdigest()
