"""Ce que la page « Protection des renseignements » dit : lu du code, des réglages et de la base, jamais recopié (O-07, O-08)."""

import datetime
import json
import platform
import re
import tomllib
from importlib import metadata

from celery import current_app
from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from encadrement.acces.matrice import Matrice
from encadrement.journal.actions import derniere_verification
from encadrement.journal.ancres import fichier_des_ancres
from encadrement.journal.models import Entree
from encadrement.personnes.models import Attribution, RoleAttribue
from encadrement.protection.champs import USAGERS, champs_sensibles

# Ce que le journal garde de plus que chaque changement d’état : l’acte, et comme on le dit.
LECTURES = (
    ("concertation.lecture", "lecture d’une situation du comité, champ par champ"),
    ("incidents.lire", "lecture d’un incident"),
    ("export.telecharger", "téléchargement d’une liste, avec son filtre et son nombre de lignes"),
    ("fichier.telecharger", "téléchargement d’un fichier"),
    ("acces.refus", "accès refusé"),
)
_NOM = re.compile(r"[\w.-]+")
_RECENT = datetime.timedelta(days=30)


def categories_de_personnes():
    """Rend [(catégorie de personnes, matrices où elle a un droit)], pour ce qui peut parler d’un usager, tiré des matrices."""
    noms_de_modeles = {
        nom_du_modele
        for categorie in champs_sensibles()
        if categorie.zone == USAGERS
        for nom_du_modele in categorie.modeles
    }
    applications = {nom_du_modele.partition(".")[0] for nom_du_modele in noms_de_modeles}
    trouvees = {}
    for matrice in Matrice.toutes:
        if matrice.modele._meta.app_label in applications:
            for role in matrice.roles():
                trouvees.setdefault(role.libelle.partition(" (")[0], set()).add(matrice.nom)
    return sorted((libelle, sorted(noms)) for libelle, noms in trouvees.items())


def roles_tenus():
    """Rend [(rôle attribué, combien de personnes le tiennent aujourd’hui)]."""
    lignes = Attribution.objects.en_vigueur().filter(personne__is_active=True).order_by()
    nombres = dict(lignes.values_list("role").annotate(nombre=Count("personne", distinct=True)))
    return [(libelle, nombres.get(code, 0)) for code, libelle in RoleAttribue.choices]


def journalisation():
    """Rend ce que le journal garde, avec le nombre des trente derniers jours."""
    recentes = Entree.objects.filter(quand__gt=timezone.now() - _RECENT, acte__in=[acte for acte, _ in LECTURES])
    nombres = dict(recentes.order_by().values_list("acte").annotate(nombre=Count("pk")))
    return [(libelle, nombres.get(acte, 0)) for acte, libelle in LECTURES]


def minutes_entre_ancres():
    """Rend l’intervalle, en minutes, entre deux empreintes du journal écrites hors de la base."""
    return current_app.conf.beat_schedule["ancrer le journal"]["schedule"] // 60


def derniere_ancre():
    """Rend l’instant de la dernière ancre, ou None."""
    chemin = fichier_des_ancres()
    if not chemin.exists():
        return None
    lignes = [ligne for ligne in chemin.read_text().splitlines() if ligne.strip()]
    try:
        return datetime.datetime.fromisoformat(json.loads(lignes[-1])["le"]) if lignes else None
    except (ValueError, KeyError):
        return None


def verification():
    """Rend (instant, nombre d’altérations) de la dernière vérification du journal, ou None."""
    entree = derniere_verification()
    return (entree.quand, entree.details["anomalies"]) if entree else None


def versions():
    """Rend [(produit, version)] : l’application, le langage, la base, puis chaque bibliothèque déclarée."""
    projet = tomllib.loads((settings.RACINE / "pyproject.toml").read_text())["project"]
    bibliotheques = sorted((_NOM.match(ligne)[0] for ligne in projet["dependencies"]), key=str.casefold)
    return [
        ("Encadrement clinique", projet["version"]),
        ("Python", platform.python_version()),
        (connection.display_name, ".".join(map(str, connection.get_database_version()))),
        *((nom, metadata.version(nom)) for nom in bibliotheques),
    ]
