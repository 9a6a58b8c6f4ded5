"""Plusieurs travailleurs, de vrais processus, sur PostgreSQL."""

import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings as reglages
from django.db import connection, transaction

from encadrement.notifications.envoi import expedier_courriels
from encadrement.notifications.models import Courriel, EtatCourriel
from encadrement.notifications.rappels import balayer_rappels
from tests.encadrement.notifications.serveur_smtp import serveur_smtp
from tests.factories import PersonneFactory

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

TRAVAILLEUR = """
import django
django.setup()
from django.conf import settings
settings.EMAIL_BACKEND = "encadrement.notifications.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", {port}, 5
from encadrement.notifications.envoi import expedier_courriels
print("pret", flush=True)
input()
while expedier_courriels(limite={limite}).reclames:
    print("lot", flush=True)
"""


def travailleur(serveur, var, limite):
    """Lance un travailleur dans un autre processus ; il attend le signal de départ."""
    env = {
        **os.environ,
        "ENCADREMENT_VAR": str(var),
        "PGDATABASE": connection.settings_dict["NAME"],
        "DJANGO_SETTINGS_MODULE": "encadrement.settings.test",
        "PYTHONPATH": str(reglages.RACINE),
    }
    processus = subprocess.Popen(
        [sys.executable, "-c", TRAVAILLEUR.format(port=serveur.port, limite=limite)],
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert processus.stdout.readline() == "pret\n"
    return processus


def identifiants(serveur):
    return [message["Message-ID"] for message in serveur.messages()]


def test_deux_travailleurs_a_la_fois_chaque_courriel_une_fois(annoncer, var_jetable):
    annoncer(*PersonneFactory.create_batch(120, mot_de_passe=None))
    with serveur_smtp() as serveur:
        equipe = [travailleur(serveur, var_jetable, limite=7) for _ in range(2)]
        for processus in equipe:
            processus.stdin.write("\n")
            processus.stdin.flush()
        for processus in equipe:
            processus.communicate(timeout=60)
            assert processus.returncode == 0
        assert len(set(identifiants(serveur))) == len(serveur.recus) == 120
    assert set(Courriel.objects.values_list("etat", flat=True)) == {EtatCourriel.ENVOYE}


def test_un_travailleur_tue_en_plein_lot_ne_perd_ni_ne_double_rien(annoncer, var_jetable, settings, time_machine):
    annoncer(*PersonneFactory.create_batch(200, mot_de_passe=None))
    settings.EMAIL_BACKEND = "encadrement.notifications.smtp.EmailBackend"
    with serveur_smtp() as serveur:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", serveur.port
        processus = travailleur(serveur, var_jetable, limite=40)
        processus.stdin.write("\n")
        processus.stdin.flush()
        processus.stdout.readline()
        processus.send_signal(signal.SIGKILL)
        processus.communicate(timeout=60)
        Courriel.objects.filter(etat=EtatCourriel.EN_COURS).update(reclame_le="2026-01-01T00:00:00Z")
        while expedier_courriels().reclames:
            pass
        envoyes = Courriel.objects.filter(etat=EtatCourriel.ENVOYE).count()
        ambigus = Courriel.objects.filter(etat=EtatCourriel.AMBIGU).count()
        assert envoyes + ambigus == 200
        assert ambigus <= 1
        assert len(set(identifiants(serveur))) == len(serveur.recus)
        assert envoyes <= len(serveur.recus) <= envoyes + ambigus


def test_une_ligne_verrouillee_par_un_autre_ne_bloque_pas_les_suivantes(annoncer, var_jetable):
    annoncer(*PersonneFactory.create_batch(5, mot_de_passe=None))
    with serveur_smtp() as serveur:
        processus = travailleur(serveur, var_jetable, limite=10)
        with transaction.atomic():
            Courriel.objects.select_for_update().order_by("id").first()
            processus.communicate("\n", timeout=60)
        assert len(serveur.recus) == 4


def test_balayer_deux_fois_en_meme_temps_ne_relance_qu_une_fois(sources):
    """Le second balayage a lu avant que le premier n’écrive : la clé unique tranche."""
    from encadrement.notifications.rappels import Echeance, Pas, SourceDeRappels
    from tests.encadrement.notifications.conftest import CONTEXTE, GABARIT
    from tests.encadrement.notifications.test_rappels import DU

    dossier, personne, rejoue = PersonneFactory(), PersonneFactory(), []

    def destinataires(dossier):
        if not rejoue:
            rejoue.append(True)
            balayer_rappels(DU)
        return [personne]

    pas = (Pas(0, "J", destinataires),)
    sources.inscrire(
        SourceDeRappels("essai", lambda jour: [Echeance(dossier, "x", DU, pas, GABARIT, "/", CONTEXTE)]),
    )
    balayer_rappels(DU)
    assert Courriel.objects.count() == 1
