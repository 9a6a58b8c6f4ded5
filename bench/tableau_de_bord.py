"""Ce que coûte le tableau de bord à 10³ puis à 10⁵ ententes, et ce que lui coûtent huit années d’histoire de plus.

Budgets : la page à 10⁵ ententes, au plus 1,5 fois celle à 10³ ; ses requêtes d’indicateurs (ceux du cadre, qu’elle
montre), 50 ms en tout et douze au plus ; dix années d’histoire, au plus 1,25 fois les deux que la page compare. Le bilan de
l’année d’avant est publié, comme il l’est presque toute l’année : ses chiffres sont ceux que la page compare (décision 0022) ;
ce que coûtent les requêtes tant qu’il ne l’est pas est dit à côté.

Une machine partagée change de vitesse d’un moment à l’autre : chaque base peuplée est gardée, puis toutes sont lues tour à
tour. Une mesure est la moindre de quelques lectures de suite ; un rapport, la médiane de ceux des tours.

Usage : PGDATABASE=… python bench/tableau_de_bord.py [personnes] [tours]. Les budgets sont ceux de PostgreSQL.
"""

import contextlib
import os
import statistics
import sys
import time
from collections import namedtuple

import preparation  # noqa: F401  (démarre Django avant l’import des modèles)
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from django.urls import reverse
from django.utils import timezone

from encadrement.bilan_annuel.actions.bilans import ouvrir_bilan, publier_bilan
from encadrement.indicateurs.portee import Periode, Portee
from encadrement.indicateurs.publies import RIEN, chiffres_publies, comparer
from encadrement.indicateurs.registre import indicateurs
from encadrement.outils.peuplement.ensemble import peupler
from encadrement.personnes.models import Attribution, Personne, RoleAttribue
from mentorat.models import Entente
from tests.bases import branchee

PERSONNES, TOURS = 330_000, 15
PETIT = 100
LECTURES = 4
ANNEES_COMPAREES, ANNEES = 2, 10
RAPPORT_MAX, HISTOIRE_MAX, REQUETES_MS, REQUETES_MAX = 1.5, 1.25, 50, 12

Mesure = namedtuple("Mesure", "ententes page requetes nombre sans_bilan")


def qui_regarde():
    """Rend une personne de la DSM, qui voit l’établissement entier."""
    personne = Personne.objects.filter(matricule="bench").first()
    if personne is None:
        personne = Personne.objects.create_user("bench", prenom="Banc", nom="d’essai", courriel="banc@cisss.exemple")
        Attribution.objects.create(
            personne=personne, role=RoleAttribue.DSM, motif="Banc", proposee_par=Personne.objects.systeme(),
            approuvee_par=Personne.objects.systeme(), approuvee_le=timezone.now(),
        )  # fmt: skip
    return personne


def publier_l_annee_d_avant(personne):
    """Publie le bilan de l’année d’avant, s’il ne l’est pas."""
    bilan = ouvrir_bilan(Periode.en_cours().precedente.annee.debut_annee, par=personne)
    if not bilan.diffuse:
        publier_bilan(bilan, par=personne, raison="Banc d’essai.")


@contextlib.contextmanager
def requetes_chronometrees():
    """Rend la liste des millisecondes des requêtes du bloc, mesurées autour de chacune."""
    relevees = []

    def chronometrer(executer, sql, parametres, plusieurs, contexte):
        debut = time.perf_counter()
        try:
            return executer(sql, parametres, plusieurs, contexte)
        finally:
            relevees.append((time.perf_counter() - debut) * 1000)

    with connection.execute_wrapper(chronometrer):
        yield relevees


def lire_le_tableau(personne, *, publies):
    """Lit ce que la page lit des indicateurs, et rend les millisecondes de chaque requête."""
    portee = Portee(Periode.en_cours(), personne=personne)
    du_cadre = [indicateur for indicateur in indicateurs() if indicateur.du_cadre]
    with requetes_chronometrees() as relevees:
        comparer(du_cadre, portee, chiffres_publies(portee.precedente) if publies else RIEN)
    return relevees


def ranger():
    """Publie le bilan de l’année d’avant, puis met la base dans l’état où le balai d’une vraie base la tient."""
    with connection.cursor() as curseur:
        # Ranger dix années d’un coup dépasse le délai d’une page.
        curseur.execute("SET statement_timeout = 0")
        publier_l_annee_d_avant(qui_regarde())
        curseur.execute("VACUUM ANALYZE")


def copier(nom):
    """Garde sous ce nom une copie de la base telle qu’elle est."""
    connection.close()
    with connection._nodb_cursor() as curseur:
        curseur.execute(f'CREATE DATABASE "{nom}" TEMPLATE "{connection.settings_dict["NAME"]}"')


def effacer(nom):
    """Retire une copie."""
    connection.close()
    with connection._nodb_cursor() as curseur:
        curseur.execute(f'DROP DATABASE IF EXISTS "{nom}"')


def mesurer():
    """Rend la Mesure de la base telle qu’elle est : la page entière, puis ses indicateurs seuls."""
    personne, client, adresse = qui_regarde(), Client(), reverse("indicateurs:tableau")
    client.force_login(personne, backend="allauth.account.auth_backends.AuthenticationBackend")
    pages = []
    for _ in range(LECTURES):
        debut = time.perf_counter()
        reponse = client.get(adresse)
        pages.append((time.perf_counter() - debut) * 1000)
        if reponse.status_code != 200:
            raise SystemExit(f"{adresse} a répondu {reponse.status_code}")
    avec, sans = ([lire_le_tableau(personne, publies=publies) for _ in range(LECTURES)] for publies in (True, False))
    return Mesure(Entente.objects.count(), min(pages), min(map(sum, avec)), len(avec[0]), min(map(sum, sans)))


def mesurer_tour_a_tour(copies, tours):
    """Rend {clé: [Mesure de chaque tour]} : à chaque tour, toutes les copies l’une après l’autre."""
    mesures = {cle: [] for cle in copies}
    for _ in range(tours):
        for cle, nom in copies.items():
            # Rien de ce qu’une autre base a fait garder ne doit y servir.
            cache.clear()
            with branchee(nom):
                mesures[cle].append(mesurer())
    return mesures


def mediane(mesures):
    """Rend la Mesure médiane de tous les tours."""
    return Mesure(*map(statistics.median_low, zip(*mesures, strict=True)))


def rapport(grandes, petites):
    """Rend la médiane, tour par tour, de ce que la page coûte de plus à l’une qu’à l’autre."""
    return statistics.median(une.page / autre.page for une, autre in zip(grandes, petites, strict=True))


def dire(nom, mesure):
    print(
        f"{nom:28} {mesure.ententes:7d} ententes   page {mesure.page:7.1f} ms   indicateurs {mesure.requetes:6.1f} ms, "
        f"{mesure.nombre:2d} requêtes (sans bilan publié {mesure.sans_bilan:6.1f} ms)",
        flush=True,
    )


def verdict(nom, mesure, budget, unite="×"):
    """Affiche un budget et rend vrai s’il est tenu."""
    tenu = mesure <= budget
    print(f"{nom:60} {mesure:7.2f} {unite} (budget {budget}) {'tenu' if tenu else 'NON TENU'}")
    return tenu


def main():
    """Peuple, mesure, affiche et rend vrai si les budgets sont tenus."""
    personnes, tours = [int(valeur) for valeur in sys.argv[1:]] + [PERSONNES, TOURS][len(sys.argv) - 1 :]
    if connection.vendor != "postgresql":
        raise SystemExit("Ce banc mesure PostgreSQL : donnez-lui PGHOST, PGUSER et PGDATABASE.")
    bases, copies = setup_databases(verbosity=0, interactive=False, serialized_aliases=[]), {}
    try:
        for combien in (personnes // PETIT, personnes):
            for annees in (ANNEES_COMPAREES, ANNEES):
                peupler(combien, annees)
                ranger()
                copies[combien, annees] = nom = f"banc_{os.getpid()}_{combien}_{annees}"
                copier(nom)
        mesures = mesurer_tour_a_tour(copies, tours)
    finally:
        for nom in copies.values():
            effacer(nom)
        teardown_databases(bases, verbosity=0)
    for (combien, annees), tours_lus in mesures.items():
        dire(f"{combien} personnes, {annees} années", mediane(tours_lus))
    petites, recentes, grandes = (
        mesures[cle] for cle in ((personnes // PETIT, ANNEES), (personnes, ANNEES_COMPAREES), (personnes, ANNEES))
    )
    petite, grande = mediane(petites), mediane(grandes)
    tenus = [
        verdict(f"page à {grande.ententes} ententes / à {petite.ententes}", rapport(grandes, petites), RAPPORT_MAX),
        verdict("page sur dix années / sur deux", rapport(grandes, recentes), HISTOIRE_MAX),
        verdict("requêtes d’indicateurs, en tout", grande.requetes, REQUETES_MS, "ms"),
        verdict("requêtes d’indicateurs, nombre", grande.nombre, REQUETES_MAX, "  "),
    ]
    return all(tenus)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
