"""Tourner les clés : tout passe à la plus récente, rien ne se perd, et la commande dit quand l’ancienne peut partir."""

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.core.management import CommandError, call_command
from django.db import connection

from concertation.models import AccesExceptionnel
from encadrement.incidents.models import Incident
from encadrement.outils.rotation import colonnes_chiffrees
from encadrement.socle.champs import ChampChiffre
from encadrement.sondages.models import Reponse
from tests.concertation import scenes
from tests.encadrement.incidents import scenes as incidents

pytestmark = pytest.mark.django_db


@pytest.fixture
def deux_cles(settings):
    """Une clé neuve en tête, l’ancienne derrière ; appelée, ne garde que la neuve."""
    neuve = Fernet.generate_key().decode()

    def ajouter():
        settings.CLES_CHAMPS = [neuve, *settings.CLES_CHAMPS]

    def retirer():
        settings.CLES_CHAMPS = [neuve]

    return ajouter, retirer


def jetons(table, colonne):
    with connection.cursor() as curseur:
        curseur.execute(f"SELECT {colonne} FROM {table} WHERE {colonne} <> '' ORDER BY 1")
        return [ligne[0] for ligne in curseur.fetchall()]


def test_apres_la_rotation_la_cle_neuve_suffit_partout(distribution, deux_cles, capsys):
    d, (ajouter, retirer) = distribution, deux_cles
    demande = scenes.exception_demandee(d)
    situation = demande.situation
    incident = incidents.signale(d)
    facteur = Authenticator.objects.create(
        user=d.mentor, type="totp", data={"secret": get_adapter().encrypt("JBSWY3DPEHPK3PXP")}
    )
    ajouter()
    call_command("tourner_cles")
    assert "Tout est chiffré par la clé la plus récente." in capsys.readouterr().out
    retirer()
    assert AccesExceptionnel.objects.get(pk=demande.pk).motif == "Urgence signalée de nuit."
    assert Incident.objects.get(pk=incident.pk).circonstances == incidents.SIGNALEMENT["circonstances"]
    assert scenes.lu(situation, d.coordonnatrice)["question"] == scenes.RECIT["question"]
    facteur.refresh_from_db()
    assert get_adapter().decrypt(facteur.data["secret"]) == "JBSWY3DPEHPK3PXP"


def test_rejouer_ne_recrit_rien(distribution, deux_cles, capsys):
    incidents.signale(distribution)
    deux_cles[0]()
    call_command("tourner_cles")
    avant = jetons("incidents_incident", "circonstances")
    capsys.readouterr()
    call_command("tourner_cles")
    assert capsys.readouterr().out == "Tout est chiffré par la clé la plus récente.\n"
    assert jetons("incidents_incident", "circonstances") == avant


def test_une_valeur_que_rien_n_ouvre_interdit_de_retirer_l_ancienne_cle(distribution, deux_cles, capsys):
    perdu, lisible = incidents.signale(distribution), incidents.signale(distribution)
    with connection.cursor() as curseur:
        jeton = Fernet(Fernet.generate_key()).encrypt(b"x").decode()
        curseur.execute("UPDATE incidents_incident SET circonstances = %s WHERE id = %s", [jeton, perdu.pk])
    ajouter, retirer = deux_cles
    ajouter()
    with pytest.raises(CommandError, match="Ne retirez aucune clé"):
        call_command("tourner_cles")
    assert f"incidents.incident.circonstances {perdu.pk}" in capsys.readouterr().err
    # Le reste est tourné quand même.
    retirer()
    assert Incident.objects.get(pk=lisible.pk).circonstances
    with pytest.raises(InvalidToken):
        Incident.objects.get(pk=perdu.pk)


def test_la_rotation_passe_par_lots(distribution, deux_cles, monkeypatch):
    monkeypatch.setattr("encadrement.outils.rotation.LOT", 2)
    for _ in range(5):
        incidents.signale(distribution)
    ajouter, retirer = deux_cles
    ajouter()
    call_command("tourner_cles")
    retirer()
    assert len([incident.circonstances for incident in Incident.objects.all()]) == 5


def test_aucune_colonne_chiffree_n_est_oubliee():
    """Les colonnes se trouvent d’elles-mêmes, celles des réponses de sondage comprises."""
    trouvees = {(modele._meta.label_lower, champ.name) for modele, champ in colonnes_chiffrees()}
    assert ("concertation.accesexceptionnel", "motif") in trouvees
    assert ("demandes.demandeservice", "question") in trouvees
    champs = [champ for champ in Reponse._meta.local_concrete_fields if isinstance(champ, ChampChiffre)]
    assert champs
    assert {("sondages.reponse", champ.name) for champ in champs} <= trouvees
