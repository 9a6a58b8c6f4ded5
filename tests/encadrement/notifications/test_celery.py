"""L’horaire, les tâches et les réglages de fiabilité."""

import datetime

import pytest
from celery.app import defaults
from django.conf import settings as reglages
from django.core.management import CommandError, call_command

from encadrement.celery import app
from encadrement.notifications import tasks
from encadrement.notifications.models import Battement, Courriel, Rappel
from encadrement.notifications.rappels import Echeance, Pas, SourceDeRappels
from tests.encadrement.notifications.conftest import CONTEXTE, GABARIT
from tests.factories import PersonneFactory


def test_chaque_tache_de_l_horaire_existe():
    app.autodiscover_tasks(force=True)
    assert {entree["task"] for entree in app.conf.beat_schedule.values()} <= set(app.tasks)


def test_l_horaire_est_a_intervalles_en_utc_et_chaque_passage_perime():
    assert (app.conf.timezone, app.conf.enable_utc) == ("UTC", True)
    for entree in app.conf.beat_schedule.values():
        assert isinstance(entree["schedule"], int)
        assert entree["options"]["expires"] < entree["schedule"]


def test_chaque_reglage_celery_porte_un_nom_que_celery_connait():
    connus = {nom for nom, _ in defaults.flatten(defaults.NAMESPACES)} | {"visibility_timeout"}
    nommes = {nom.removeprefix("CELERY_").lower() for nom in dir(reglages) if nom.startswith("CELERY_")}
    assert nommes <= connus


def test_les_reglages_de_fiabilite_sont_ceux_qui_s_appliquent():
    conf = app.conf
    assert (conf.task_acks_late, conf.task_reject_on_worker_lost, conf.worker_prefetch_multiplier) == (True, True, 1)
    assert conf.broker_transport_options["visibility_timeout"] == conf.visibility_timeout == 600
    assert conf.result_backend_transport_options["visibility_timeout"] == 600
    # Courtier arrêté, un acte n’attend pas qu’on insiste.
    assert conf.broker_transport_options["max_retries"] <= 1
    assert not any(conf.broker_transport_options[f"interval_{pas}"] for pas in ("start", "step", "max"))
    assert conf.task_soft_time_limit < conf.task_time_limit < conf.visibility_timeout
    assert (conf.accept_content, conf.task_ignore_result) == (["json"], True)


@pytest.mark.django_db
def test_le_travailleur_donne_signe_de_vie(time_machine):
    instant = datetime.datetime(2026, 11, 16, 12, tzinfo=datetime.UTC)
    for minute in range(2):
        time_machine.move_to(instant + datetime.timedelta(minutes=minute), tick=False)
        tasks.battement()
    assert Battement.objects.get().le == instant + datetime.timedelta(minutes=1)


@pytest.mark.django_db
@pytest.mark.parametrize(("heure_utc", "partent"), [("10:59", False), ("11:00", True)])
def test_aucune_relance_ne_part_avant_six_heures_locales(sources, time_machine, heure_utc, partent):
    dossier, personne = PersonneFactory(), PersonneFactory()
    pas = (Pas(0, "J", lambda dossier: [personne]),)
    du = datetime.date(2026, 11, 17)
    sources.inscrire(
        SourceDeRappels("essai", lambda jour: [Echeance(dossier, "x", du, pas, GABARIT, "/", CONTEXTE)]),
    )
    time_machine.move_to(datetime.datetime.fromisoformat(f"2026-11-17T{heure_utc}:00+00:00"), tick=False)
    tasks.rappels()
    tasks.resumes()
    assert Rappel.objects.exists() == partent


@pytest.mark.django_db
def test_la_tache_d_envoi_vide_la_boite_lot_apres_lot(courrier, annoncer, monkeypatch):
    monkeypatch.setattr(tasks, "TAILLE_DU_LOT", 4)
    monkeypatch.setattr(tasks, "expedier_courriels", lambda: _expedier(4))
    annoncer(*PersonneFactory.create_batch(10, mot_de_passe=None))
    tasks.expedier()
    assert len(courrier.recus) == 10


@pytest.mark.django_db
def test_une_tournee_trop_longue_passe_la_suite(courrier, annoncer, monkeypatch, coups_de_pouce):
    monkeypatch.setattr(tasks, "TAILLE_DU_LOT", 4)
    monkeypatch.setattr(tasks, "DUREE_D_UNE_TOURNEE", -1)
    monkeypatch.setattr(tasks, "expedier_courriels", lambda: _expedier(4))
    annoncer(*PersonneFactory.create_batch(10, mot_de_passe=None))
    tasks.expedier()
    assert len(courrier.recus) == 4
    assert Courriel.objects.filter(etat="a_envoyer").count() == 6


def _expedier(limite):
    from encadrement.notifications.envoi import expedier_courriels

    return expedier_courriels(limite)


@pytest.mark.django_db
def test_le_gardien_voit_un_travailleur_muet(time_machine, capsys):
    instant = datetime.datetime(2026, 11, 16, 12, tzinfo=datetime.UTC)
    time_machine.move_to(instant, tick=False)
    with pytest.raises(CommandError, match="180 secondes"):
        call_command("verifier_travailleur")
    tasks.battement()
    call_command("verifier_travailleur")
    assert capsys.readouterr().out == "Le travailleur est en vie.\n"
    time_machine.move_to(instant + datetime.timedelta(minutes=4), tick=False)
    with pytest.raises(CommandError):
        call_command("verifier_travailleur")
    call_command("verifier_travailleur", "--delai", "600")
