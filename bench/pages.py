"""Ce que coûtent les pages du mentorat, en proportion de la même page sans l’application, dans la même exécution.

Le pair d’une page est son propre HTML, servi tout fait après la connexion et une requête. Les temps sont ceux du
processeur, médians, mesurés à tour de rôle.
Usage : python bench/pages.py [tours]. PostgreSQL si PGDATABASE est donné, sinon SQLite.
"""

import datetime
import gzip
import re
import statistics
import sys
import time
import uuid
from types import SimpleNamespace

import preparation  # noqa: F401  (démarre Django avant l’import des modèles)
import temoins
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases
from django.urls import reverse

from encadrement.socle.temps import jour_local
from mentorat.models import Entente, FicheMentor
from mentorat.views import bottin, demandes, ententes
from tests.distribution import monter
from tests.factories import PersonneFactory
from tests.mentorat import scenes

LISTE = 50
HTML_MAX, JS_MAX, REQUETES_MAX = 60_000, 41_000, 12
BUDGET_LISTE, BUDGET_POST = 0.5, 1.3


def peupler():
    """Un dossier dans chaque état, joué par les vraies actions, et de quoi remplir une liste de cinquante."""
    troupe = monter()
    dossiers = {}
    for etat in ("brouillon", "a_signer", "a_approuver", "active", "en_evaluation"):
        mentore = PersonneFactory(superieur=troupe.gestionnaire, service=troupe.mentore.service)
        d = SimpleNamespace(**{**dict(troupe), "mentore": mentore})
        dossiers[etat] = scenes.entente(d, etat, debut=jour_local() - datetime.timedelta(days=80))
    scenes.rencontrer(dossiers["active"], 6)
    scenes.evaluer(dossiers["en_evaluation"])
    dossiers["demande"] = scenes.demande_soumise(troupe)
    _copier_ententes(dossiers["active"], PersonneFactory.create_batch(LISTE, superieur=troupe.gestionnaire))
    for personne in PersonneFactory.create_batch(LISTE, superieur=troupe.gestionnaire_mentor):
        copie = FicheMentor.objects.get(personne=troupe.mentor)
        copie.pk, copie.uuid, copie.personne = None, uuid.uuid4(), personne
        copie.save(force_insert=True)
    return troupe, dossiers


def _copier_ententes(entente, mentores):
    """Copie une entente jouée : une liste ne montre que des lignes, leur histoire n’y compte pas."""
    copies = []
    for rang, mentore in enumerate(mentores):
        copie = scenes.relire(entente)
        copie.pk, copie.uuid, copie.demande, copie.mentore = None, uuid.uuid4(), None, mentore
        copie.numero, copie.mi_temps_le = f"C-{rang}", None
        copies.append(copie)
    Entente.objects.bulk_create(copies)


def pages(troupe, dossiers):
    """Rend les (nom, personne, adresse) des pages du cycle."""

    def adresse(nom, etat):
        return reverse(f"mentorat:{nom}", args=[dossiers[etat].uuid])

    def mentore(etat):
        return dossiers[etat].mentore

    return [
        ("À faire (mentoré)", mentore("active"), reverse("accueil:a_faire")),
        ("À faire (mentor, 55 dossiers)", troupe.mentor, reverse("accueil:a_faire")),
        ("À faire (gestionnaire)", troupe.gestionnaire, reverse("accueil:a_faire")),
        ("accueil du mentorat", mentore("active"), reverse("mentorat:accueil")),
        ("liste d’ententes (50)", troupe.gestionnaire, reverse("mentorat:ententes")),
        ("liste des demandes", troupe.gestionnaire, reverse("mentorat:demandes")),
        ("bottin (50)", mentore("active"), reverse("mentorat:bottin")),
        ("dossier d’une entente", mentore("active"), adresse("entente", "active")),
        ("rédaction", mentore("brouillon"), adresse("entente_modifier", "brouillon")),
        ("signature", mentore("a_signer"), adresse("entente_signer", "a_signer")),
        ("approbation", troupe.gestionnaire, adresse("entente_approuver", "a_approuver")),
        ("journal", mentore("active"), adresse("entente_journal", "active")),
        ("bilan de mi-temps", mentore("active"), adresse("entente_mi_temps", "active")),
        ("évaluation finale", mentore("en_evaluation"), adresse("entente_finale", "en_evaluation")),
        ("demande", troupe.mentore, reverse("mentorat:demande", args=[dossiers["demande"].uuid])),
    ]


def client_de(personne):
    client = Client()
    client.force_login(personne, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def lire(client, adresse):
    reponse = client.get(adresse)
    if reponse.status_code != 200:
        raise SystemExit(f"{adresse} a répondu {reponse.status_code}")
    return reponse.content


def chronometrer(geste, *valeurs):
    debut = time.process_time()
    geste(*valeurs)
    return time.process_time() - debut


def comparer(tours, *gestes):
    """Rend le temps processeur médian de chaque geste, en ms, mesurés à tour de rôle ; les premiers, à froid, non."""
    temps = [[chronometrer(*geste) for geste in gestes] for _ in range(tours + 3)]
    return [statistics.median(colonne) * 1000 for colonne in zip(*temps[3:], strict=True)]


def verdict(mesure, budget):
    return "OK" if mesure <= budget else "DÉPASSE"


def mesurer_page(rang, nom, personne, adresse, tours):
    """Affiche une ligne par page et rend (html, requêtes dans le budget)."""
    client = client_de(personne)
    html = temoins.PAGES[rang] = lire(client, adresse)
    with CaptureQueriesContext(connection) as requetes:
        lire(client, adresse)
        nombre = len(requetes)
    vraie, nue = comparer(tours, (lire, client, adresse), (lire, client, f"/banc/nue/{rang}/"))
    print(
        f"{nom:32} {vraie:6.1f} ms {vraie / nue:6.1f} × nue  {nombre:3d} requêtes "
        f"{len(html) / 1000:6.1f} ko {verdict(len(html), HTML_MAX)}"
    )
    return html, nombre


def mesurer_liste(personne, tours):
    """La liste de cinquante contre la même, écrite comme d’habitude ; puis le corps seul, sans l’habillage commun."""
    client = client_de(personne)
    vraie, habituelle = comparer(tours, (lire, client, reverse("mentorat:ententes")), (lire, client, "/banc/liste/"))
    rapport = vraie / habituelle
    print(
        f"liste de 50 / liste Django ordinaire : {rapport:.2f} (budget {BUDGET_LISTE}) {verdict(rapport, BUDGET_LISTE)}"
    )
    return rapport <= BUDGET_LISTE


def mesurer_post(dossier, tours):
    """Consigner une rencontre (droits, verrou, règles, journal scellé) contre le formulaire nu du même modèle."""
    client, minutes = client_de(dossier.mentore), iter(range(2, 10_000))
    jour = jour_local().isoformat()
    vraie_adresse = reverse("mentorat:entente_journal", args=[dossier.uuid])

    def vrai():
        saisi = {"jour": jour, "duree": f"{next(minutes) % 1400 + 1} min", "mode": "teams"}
        assert client.post(vraie_adresse, saisi).status_code == 302

    def nu():
        saisi = {"entente": dossier.pk, "jour": jour, "minutes": next(minutes) % 1400 + 1, "mode": "presence"}
        assert client.post("/banc/rencontre/", {**saisi, "consignee_par": dossier.mentore_id}).status_code == 302

    reel, nu_ms = comparer(tours, (vrai,), (nu,))
    rapport = reel / nu_ms
    print(
        f"POST au journal / ModelForm nu       : {rapport:.2f} ({reel:.1f} / {nu_ms:.1f} ms, budget {BUDGET_POST}) "
        f"{verdict(rapport, BUDGET_POST)}"
    )
    return rapport <= BUDGET_POST


def poids_du_javascript(html):
    """Rend les octets, une fois comprimés, des scripts que la page charge."""
    sources = re.findall(r'<script[^>]*\ssrc="[^"]*?/?static/([^"?]+)"', html.decode())
    return sum(len(gzip.compress(open(finders.find(source), "rb").read())) for source in sources), len(sources)


def main():
    """Mesure, affiche et rend vrai si les budgets sont tenus."""
    tours = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    ententes.PAR_PAGE = demandes.PAR_PAGE = bottin.PAR_PAGE = LISTE
    bases = setup_databases(verbosity=0, interactive=False)
    try:
        with override_settings(ROOT_URLCONF="temoins"):
            troupe, dossiers = peupler()
            print(f"{connection.vendor}, {tours} tours")
            lues = [mesurer_page(rang, *page, tours) for rang, page in enumerate(pages(troupe, dossiers))]
            tenus = [mesurer_liste(troupe.gestionnaire, tours), mesurer_post(dossiers["active"], tours)]
    finally:
        teardown_databases(bases, verbosity=0)
    poids, scripts = poids_du_javascript(lues[0][0])
    print(f"JavaScript : {poids / 1000:.1f} ko comprimés, {scripts} fichiers {verdict(poids, JS_MAX)}")
    requetes = max(nombre for _, nombre in lues)
    print(f"requêtes d’une page, au plus : {requetes} (listes : {REQUETES_MAX} au plus)")
    return all(tenus) and poids <= JS_MAX and all(len(html) <= HTML_MAX for html, _ in lues)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
