"""Rien de confirmé ne se perd, rien ne part deux fois, et tout se rattrape seul; l’incertain se voit et se tranche."""

import itertools

import pytest
from celery.app.task import Task
from django.db import connection, connections

from encadrement.notifications.models import Courriel, EtatCourriel
from encadrement.outils.instances import InstanceAbsente, courtier_prive, port_libre
from tests.encadrement.supervision import pannes
from tests.encadrement.supervision.serveur_capricieux import BIEN, MEURT, REFUSE, TRAINE, serveur_capricieux
from tests.factories import PersonneFactory
from tests.manque import manque
from tests.mentorat import scenes
from tests.mentorat.formulaire import signer_par_la_page

# Le vrai, avant que la suite ne le remplace : ici, les coups de pouce partent.
PUBLIER = Task.apply_async


@pytest.mark.django_db
def test_un_serveur_qui_refuse_traine_et_meurt_ne_perd_rien_et_le_pilote_tranche(distribution, client_de):
    humeurs = [BIEN, REFUSE, TRAINE, MEURT, REFUSE, MEURT, TRAINE, BIEN]
    bilan, recus = pannes.serveur_de_courriel(PersonneFactory.create_batch(12, mot_de_passe=None), humeurs)
    assert bilan.sans_faute
    assert (bilan.combien, bilan.ambigus) == (12, 2)
    client = client_de(distribution.pilote)
    incertains = client.get("/courriels/?etat=incertain").context["lignes"]
    assert len(incertains) == 2
    for ligne in incertains:
        client.post(f"/courriels/{ligne.uuid}/relancer/")
    port = port_libre()
    with pannes.envoi_vers(port), serveur_capricieux(port) as remis:
        pannes.tout_expedier(5)
    assert set(Courriel.objects.values_list("etat", flat=True)) == {EtatCourriel.ENVOYE}
    # Relancé, un courriel que le serveur avait reçu arrive deux fois : ceux-là, et aucun autre.
    assert set(recus) & set(remis.recus) == {ligne.message_id for ligne in incertains}
    assert len(set(recus)) == 12


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_redis_arrete_on_lit_on_approuve_on_signe_et_tout_se_rattrape(
    distribution, client_de, var_jetable, monkeypatch
):
    d, port, port_redis = distribution, port_libre(), port_libre()
    entente = scenes.entente(d, "a_approuver")
    monkeypatch.setattr("celery.app.task.Task.apply_async", PUBLIER)
    monkeypatch.setenv("CELERY_BROKER_URL", f"redis://127.0.0.1:{port_redis}/0")
    with serveur_capricieux(port) as serveur:
        try:
            with courtier_prive(port_redis) as adresse, pannes.travailleur(port, adresse, var_jetable):
                pannes.annoncer([d.collegue], "avant")
                assert pannes.attendre(pannes.plus_rien_en_file)
        except InstanceAbsente as absente:
            manque("redis", str(absente))
        with pannes.travailleur(port, adresse, var_jetable):
            client = client_de(d.gestionnaire)
            assert client.get(entente.get_absolute_url()).status_code == 200
            signer_par_la_page(client, "entente_approuver", entente, charge_ajustee="on")
            assert scenes.relire(entente).etat == "active"
            en_attente = Courriel.objects.filter(etat=EtatCourriel.A_ENVOYER).count()
            assert en_attente >= 3
            with courtier_prive(port_redis):
                # Le prochain fait, n’importe lequel, réveille le travailleur : il prend aussi ce qui attendait.
                pannes.annoncer([d.mentor], "après")
                assert pannes.attendre(pannes.plus_rien_en_file)
    bilan = pannes.compter(serveur.recus)
    assert bilan.sans_faute
    assert bilan.ambigus == 0


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_la_base_coupe_sous_charge_aucun_acte_confirme_ne_se_perd(distribution):
    coupes = itertools.count()

    def couper(fini):
        while not fini.wait(0.15):
            with connection.cursor() as curseur:
                curseur.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            next(coupes)
        connections.close_all()

    bilan = pannes.charge(distribution.collegue, fils=3, actes=60, couper=couper)
    assert next(coupes) > 1
    assert bilan.combien > 0
    assert bilan.sans_faute
