"""Ce que coûtent les relances, en proportion d’un envoi SMTP nu des mêmes messages sur une seule connexion.

Budget : rédiger, écrire les lignes et envoyer, au plus 1,15 fois l’envoi nu ; un balayage sans rien de dû, au plus
10 ms. Les rapports sont en temps processeur (serveur SMTP compris, PostgreSQL non), mesurés à tour de rôle dans la même
exécution.
Usage : python bench/rappels.py [messages] [tours]. PostgreSQL si PGDATABASE est donné, sinon SQLite.
"""

import datetime
import statistics
import sys
import time

import preparation  # noqa: F401  (démarre Django avant l’import des modèles)
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.test import override_settings
from django.test.utils import setup_databases, teardown_databases

from encadrement.notifications import rappels
from encadrement.notifications.actions import notifier
from encadrement.notifications.envoi import expedier_courriels
from encadrement.notifications.models import Courriel, Rappel
from encadrement.personnes.models import Personne
from tests.encadrement.notifications.serveur_smtp import serveur_smtp

DU = datetime.date(2026, 11, 18)
GABARIT = "notifications/attente"
CONTEXTE = {"geste": "approuver l’entente", "dossier": "Entente de mentorat de deux collègues", "jour_du": DU}
BUDGET_ENVOI, BUDGET_BALAYAGE_MS = 1.15, 10


def peupler(nombre):
    Personne.objects.bulk_create(
        Personne(matricule=f"7{n:06d}", prenom="Claude", nom=f"Bernatchez {n}", courriel=f"p{n}@cisss.exemple")
        for n in range(nombre)
    )
    return list(Personne.objects.filter(matricule__startswith="7"))


def chronometrer(geste, *valeurs):
    """Rend le temps processeur de `geste(*valeurs)`, en secondes."""
    debut = time.process_time()
    geste(*valeurs)
    return time.process_time() - debut


def vider():
    Rappel.objects.all().delete()
    Courriel.objects.all().delete()


def tout_expedier():
    while expedier_courriels().reclames:
        pass


def envoi_nu(lignes):
    """La manière ordinaire de Django, sans rien d’autre : un message, une remise."""
    courrier = get_connection()
    courrier.open()
    for ligne in lignes:
        message = EmailMultiAlternatives(
            ligne.objet, ligne.texte, to=[ligne.a.courriel], headers={"Message-ID": ligne.message_id}
        )
        message.attach_alternative(ligne.html, "text/html")
        courrier.send_messages([message])
    courrier.close()


def annoncer(personnes, tour):
    """Un fait annoncé à tous."""
    with transaction.atomic():
        notifier(GABARIT, personnes[0], a=personnes, cle=f"tour {tour}", url="/x/", contexte=CONTEXTE)
    tout_expedier()


def inscrire(personnes, du, code):
    """N’inscrit que cette source : un dossier et une relance par personne."""
    pas = (rappels.Pas(0, code, lambda dossier: [dossier]),)

    def echeances(jour):
        for personne in personnes:
            yield rappels.Echeance(personne, "bench", du, pas, GABARIT, f"/x/{personne.uuid}/", CONTEXTE)

    rappels._sources.clear()
    rappels.inscrire(rappels.SourceDeRappels("bench", echeances))


def relancer(personnes, tour):
    inscrire(personnes, DU, f"J{tour}")
    rappels.balayer_rappels(DU)
    tout_expedier()


def mesurer(personnes, tours):
    """Rend les temps (nu, annonce, relance) de chaque tour ; le premier, à froid, ne compte pas."""
    temps = []
    for tour in range(tours + 1):
        annonce = chronometrer(annoncer, personnes, tour)
        nu = chronometrer(envoi_nu, list(Courriel.objects.select_related("a")))
        vider()
        relance = chronometrer(relancer, personnes, tour)
        vider()
        temps.append((nu, annonce, relance))
    return temps[1:]


def balayage_sans_rien_de_du(personnes):
    """Deux cents échéances à venir, aucune échue : rend le temps médian d’un balayage, en millisecondes."""
    inscrire(personnes[:200], DU + datetime.timedelta(days=30), "J")
    return statistics.median(chronometrer(rappels.balayer_rappels, DU) for _ in range(20)) * 1000


def balayage_deja_fait(personnes):
    """Autant de relances déjà parties que de personnes : rend le temps médian d’un balayage, en millisecondes."""
    inscrire(personnes, DU, "J")
    rappels.balayer_rappels(DU)
    return statistics.median(chronometrer(rappels.balayer_rappels, DU) for _ in range(5)) * 1000


def main():
    """Mesure, affiche et rend vrai si les budgets sont tenus."""
    nombre, tours = [int(valeur) for valeur in sys.argv[1:]] + [1000, 5][len(sys.argv) - 1 :]
    bases = setup_databases(verbosity=0, interactive=False)
    try:
        with (
            serveur_smtp() as serveur,
            override_settings(
                EMAIL_BACKEND="encadrement.notifications.smtp.EmailBackend",
                EMAIL_HOST="127.0.0.1",
                EMAIL_PORT=serveur.port,
            ),
        ):
            personnes = peupler(nombre)
            temps = mesurer(personnes, tours)
        repos, deja = balayage_sans_rien_de_du(personnes), balayage_deja_fait(personnes)
    finally:
        teardown_databases(bases, verbosity=0)
    nu = statistics.median(nu for nu, _, _ in temps)
    annonce = statistics.median(a / nu for nu, a, _ in temps)
    relance = statistics.median(r / nu for nu, _, r in temps)
    print(f"envoi nu, une connexion             {nu / nombre * 1000:6.2f} ms processeur par message")
    print(f"annoncer à tous, envoi compris      {annonce:6.2f} × l’envoi nu (budget {BUDGET_ENVOI})")
    print(f"une relance par dossier, comprise   {relance:6.2f} × l’envoi nu (budget {BUDGET_ENVOI})")
    print(f"balayage sans rien de dû            {repos:6.2f} ms (budget {BUDGET_BALAYAGE_MS})")
    print(f"balayage de {nombre} relances parties   {deja:6.2f} ms")
    return max(annonce, relance) <= BUDGET_ENVOI and repos <= BUDGET_BALAYAGE_MS


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
