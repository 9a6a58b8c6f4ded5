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


def _version(code, titre, source, mots, plages, version=1):
    gabarit = f"ressources/{code.replace('-', '_')}_v{version}.html"
    return Ressource(code, titre, version, PREMIERE_PUBLICATION, gabarit, source, mots, plages)


RESSOURCES = (
    _version(
        "mentorat-en-bref",
        "Le mentorat en bref",
        "Cadre de référence, section 5.1 et annexe 1; programme de mentorat du CCLS, aperçu",
        "définition, à qui, avantages, durée, participation",
        "R-042-R-062 R-430-R-431",
    ),
    _version(
        "fiche-mentorat",
        "Fiche synthèse\u00a0: mentorat",
        "Fiche synthèse «\u00a0Mentorat\u00a0»",
        "but, clientèle cible, contexte d’utilisation, fréquence, durée, bilan, prolongation",
        "R-042-R-070 R-404-R-416",
    ),
    _version(
        "mentorat-et-coaching",
        "Mentorat ou coaching?",
        "Programme de mentorat du CCLS, chapitre du Québec",
        "différence, comparaison, coaching, accompagnement, posture",
        "R-432-R-433",
    ),
    _version(
        "roles-mentorat",
        "Rôles et responsabilités dans le mentorat",
        "Cadre de référence, sections 4 et 5.1",
        "rôle, responsabilité, mentor, mentoré, gestionnaire, DSM, phases",
        "R-018-R-039 R-063-R-070 R-078-R-111 R-437-R-438",
    ),
    _version(
        "conseils-mentorat",
        "Conseils pour une relation de mentorat efficace",
        "Cadre de référence, annexe 1; programme de mentorat du CCLS, étapes 3 et 6",
        "conseils, efficacité, facteurs de succès, désaccord",
        "R-274-R-281 R-437 R-443 R-448",
    ),
    _version(
        "dix-etapes",
        "Les dix étapes du mentorat",
        "Programme de mentorat du CCLS, chapitre du Québec, adapté au cadre de référence",
        "étapes, phases, trajectoire, autoréflexion, inscription, jumelage, clôture, évaluation",
        "R-270-R-274 R-435-R-449",
    ),
    _version(
        "autoreflexion",
        "Autoréflexion avant de s’engager",
        "Programme de mentorat du CCLS, étape 1; cadre de référence, annexe 5",
        "autoréflexion, qualités, aspirations, disponibilité, mentor, mentoré",
        "R-345-R-351 R-435",
    ),
    _version(
        "premiere-rencontre",
        "Prise de contact et première rencontre",
        "Programme de mentorat du CCLS, étapes 5 à 7; cadre de référence, annexes 1 et 4",
        "attentes, points à discuter, buts, objectifs, S.M.A.R.T., feuille de travail",
        "R-272 R-329-R-332 R-439-R-442",
    ),
    _version(
        "annexe-1",
        "Annexe 1\u00a0: bonnes pratiques relatives au mentorat",
        "Cadre de référence, annexe 1",
        "bonnes pratiques, bénéfices, caractéristiques, facteurs de succès",
        "R-261-R-281",
    ),
    _version(
        "annexe-3",
        "Annexe 3\u00a0: communauté de pratique et comité de pairs",
        "Cadre de référence, annexe 3",
        "distinctions, comité de pairs, communauté de pratique, conseil multidisciplinaire",
        "R-040-R-041 R-145 R-320-R-326",
    ),
    _version(
        "annexe-3",
        "Annexe 3\u00a0: communauté de pratique et comité de pairs",
        "Cadre de référence, annexe 3 et section 4",
        "distinctions, comité de pairs, communauté de pratique, conseil multidisciplinaire",
        "R-040-R-041 R-145 R-320-R-326",
        version=2,
    ),
    _version(
        "annexe-4",
        "Annexe 4\u00a0: entente de mentorat (gabarit vierge)",
        "Cadre de référence, annexe 4",
        "entente, formulaire, objectifs, activités, mi-temps, évaluation finale, signatures",
        "R-053-R-059 R-069-R-071 R-075 R-327-R-343",
    ),
    _version(
        "annexe-5",
        "Annexe 5\u00a0: profil recherché du mentor",
        "Cadre de référence, annexe 5",
        "profil, critères, caractéristiques, qualités personnelles, recrutement",
        "R-050-R-052 R-076 R-086 R-276 R-344-R-351",
    ),
    _version(
        "annexe-6",
        "Annexe 6\u00a0: règles d’éthique du mentorat",
        "Cadre de référence, annexe 6",
        "éthique, confidentialité, devoir de réserve, honnêteté, non-blâme, fin de la relation",
        "R-063-R-064 R-077 R-100-R-102 R-109-R-110 R-333 R-352-R-363 R-442",
    ),
    _version(
        "fiche-cdp",
        "Fiche synthèse\u00a0: communauté de pratique",
        "Fiche synthèse «\u00a0Communauté de pratique\u00a0»",
        "but, clientèle cible, contexte d’utilisation, fréquence, durée, 24 heures, parrain, outils",
        "R-112-R-149 R-417-R-429",
    ),
    _version(
        "roles-cdp",
        "Rôles et responsabilités dans une communauté de pratique",
        "Cadre de référence, section 5, communauté de pratique",
        "rôle, responsabilité, animateur, secrétaire, membre, parrain, gestionnaire, DSM, APPR",
        "R-117-R-120 R-136-R-139 R-150-R-165",
    ),
    _version(
        "animer-cdp",
        "Animer une communauté de pratique",
        "Guide de soutien du MSSS, sections 4, 5.2 et 7.3, adapté au cadre de référence",
        "animation, posture, règles, tour de table, trois volets, situation complexe, discussion de cas, rituels",
        "R-153 R-165 R-309 R-313 R-391-R-392 R-468 R-472-R-473 R-483-R-484 R-487",
    ),
    _version(
        "annexe-2",
        "Annexe 2\u00a0: bonnes pratiques relatives à la communauté de pratique",
        "Cadre de référence, annexe 2",
        "bonnes pratiques, raisons d’être, bénéfices, balises, étapes, facteurs de succès, efficacité",
        "R-126 R-282-R-319",
    ),
    _version(
        "annexe-7",
        "Annexe 7\u00a0: plan d’action et rapport annuel (gabarit vierge)",
        "Cadre de référence, annexe 7",
        "plan d’action, rapport annuel, formulaire, objectifs, indicateurs, bilan, renouvellement, signatures",
        "R-121 R-139-R-140 R-144 R-146 R-158-R-159 R-163 R-364-R-379",
    ),
    _version(
        "annexe-8",
        "Annexe 8\u00a0: rôles et responsabilités de l’animateur",
        "Cadre de référence, annexe 8",
        "animateur, mise en place, fonctionnement, animation, rituels",
        "R-118 R-137 R-147 R-153 R-165 R-380-R-392",
    ),
    _version(
        "annexe-9",
        "Annexe 9\u00a0: ordre du jour d’une rencontre (gabarit vierge)",
        "Cadre de référence, annexe 9",
        "ordre du jour, rencontre, points fixes, pièce jointe",
        "R-148 R-385 R-393-R-395",
    ),
    _version(
        "annexe-10",
        "Annexe 10\u00a0: compte rendu d’une rencontre (gabarit vierge)",
        "Cadre de référence, annexe 10",
        "compte rendu, présences, absences, invités, décisions, suivi, échéance",
        "R-149 R-396-R-399",
    ),
    _version(
        "consultation-etapes",
        "Consulter un expert, étape par étape",
        "Cadre de référence, section 5.2",
        "consultation, expert, gradation, recherches, bottin, formulaire, RUISSS UL, annexe 11, annexe 12",
        "R-166-R-169 R-173-R-183 R-190-R-191 R-400-R-401",
    ),
    _version(
        "roles-consultation",
        "Rôles et responsabilités dans la consultation d’experts",
        "Cadre de référence, section 5.2",
        "rôle, responsabilité, expert, demandeur, gestionnaire, direction, DSM, APPR",
        "R-170-R-172 R-193-R-211",
    ),
    _version(
        "pratique-reflexive",
        "Pratique réflexive et techniques de recadrage",
        "Écrit pour l’application d’après le cadre de référence, section 5.2",
        "expert, matériel didactique, recadrage, pratique réflexive, questions, avis",
        "R-198 R-204",
    ),
    _version(
        "discussion-cas",
        "Discuter d’une situation complexe",
        "Écrit pour l’application d’après le cadre de référence, section 5.3",
        "comité, concertation, cas complexe, animer, étapes, orientations, impasse, guide de discussion",
        "R-222 R-225 R-243 R-251-R-252",
    ),
    _version(
        "roles-concertation",
        "Rôles et responsabilités au comité de concertation",
        "Cadre de référence, section 5.3",
        "rôle, responsabilité, comité, coordonnateur, représentant, gestionnaire, intervenant, direction, DSM",
        "R-216-R-219 R-234-R-260",
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
