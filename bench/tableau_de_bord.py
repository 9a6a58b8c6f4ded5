"""Ce que coûte le tableau de bord à 10³ puis à 10⁵ ententes, et ce que lui coûtent huit années d’histoire de plus.

Budgets : la page à 10⁵ ententes, au plus 1,5 fois celle à 10³ ; ses requêtes d’indicateurs (ceux du cadre, qu’elle
montre), 50 ms en tout et douze au plus ; dix années d’histoire, au plus 1,25 fois les deux que la page compare. Le bilan de
l’année d’avant est publié, comme il l’est presque toute l’année : ses chiffres sont ceux que la page compare (décision 0022) ;
ce que coûtent les requêtes tant qu’il ne l’est pas est dit à côté. Chaque mesure est la moindre de plusieurs, pour une
machine partagée.

Usage : python bench/tableau_de_bord.py [personnes] [tours]. PostgreSQL si PGDATABASE est donné.
"""

import contextlib
import sys
import time
from collections import namedtuple

import preparation  # noqa: F401  (démarre Django avant l’import des modèles)
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

PERSONNES, TOURS = 330_000, 9
PETIT = 100
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


def mesurer(tours):
    """Rend la Mesure de la base telle qu’elle est : la page entière, puis ses indicateurs seuls."""
    personne, client, adresse = qui_regarde(), Client(), reverse("indicateurs:tableau")
    with connection.cursor() as curseur:
        if connection.vendor == "postgresql":
            # Ranger dix années d’un coup dépasse le délai d’une page.
            curseur.execute("SET statement_timeout = 0")
            publier_l_annee_d_avant(personne)
            curseur.execute("VACUUM ANALYZE")
            curseur.execute("RESET statement_timeout")
        else:
            publier_l_annee_d_avant(personne)
            curseur.execute("ANALYZE")
    client.force_login(personne, backend="allauth.account.auth_backends.AuthenticationBackend")
    pages = []
    for _ in range(tours):
        debut = time.perf_counter()
        reponse = client.get(adresse)
        pages.append((time.perf_counter() - debut) * 1000)
        if reponse.status_code != 200:
            raise SystemExit(f"{adresse} a répondu {reponse.status_code}")
    avec, sans = ([lire_le_tableau(personne, publies=publies) for _ in range(tours)] for publies in (True, False))
    return Mesure(Entente.objects.count(), min(pages), min(map(sum, avec)), len(avec[0]), min(map(sum, sans)))


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
    bases = setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
    try:
        print(connection.vendor)
        mesures = {}
        for combien in (personnes // PETIT, personnes):
            for annees in (ANNEES_COMPAREES, ANNEES):
                peupler(combien, annees)
                mesures[combien, annees] = mesure = mesurer(tours)
                dire(f"{combien} personnes, {annees} années", mesure)
    finally:
        teardown_databases(bases, verbosity=0)
    petite, recente, grande = (
        mesures[cle] for cle in ((personnes // PETIT, ANNEES), (personnes, ANNEES_COMPAREES), (personnes, ANNEES))
    )
    tenus = [
        verdict(f"page à {grande.ententes} ententes / à {petite.ententes}", grande.page / petite.page, RAPPORT_MAX),
        verdict("page sur dix années / sur deux", grande.page / recente.page, HISTOIRE_MAX),
        verdict("requêtes d’indicateurs, en tout", grande.requetes, REQUETES_MS, "ms"),
        verdict("requêtes d’indicateurs, nombre", grande.nombre, REQUETES_MAX, "  "),
    ]
    return all(tenus)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
