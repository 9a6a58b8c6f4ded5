"""La troupe tient ses promesses : chacun n’est refusé que pour une raison."""

from django.db import transaction

from encadrement.personnes.models import Attribution, Delegation, Direction, Personne, RoleAttribue, Service
from encadrement.protection.models import Attestation
from tests import distribution as troupe
from tests.distribution import Distribution, monter
from tests.factories import MOT_DE_PASSE


def test_chacun_a_un_compte_et_le_meme_mot_de_passe(distribution):
    assert [nom for nom, _ in distribution] == Distribution.noms()
    assert all(personne.check_password(MOT_DE_PASSE) for _, personne in distribution)
    assert [nom for nom, personne in distribution if not personne.is_active] == ["inactif"]


def test_le_delegue_represente_le_gestionnaire_lancien_ne_le_represente_plus(distribution):
    assert distribution.gestionnaire.pk in distribution.delegue.represente_ids
    assert distribution.gestionnaire.pk not in distribution.ancien_gestionnaire.represente_ids
    assert distribution.ancien_gestionnaire.roles_attribues == frozenset()


def test_linactif_tient_tout_sauf_son_compte(distribution):
    assert distribution.inactif.roles_attribues == frozenset(RoleAttribue.values)
    assert distribution.gestionnaire.pk in distribution.inactif.represente_ids


def test_le_superutilisateur_na_aucun_role(distribution):
    assert distribution.superutilisateur.is_superuser
    assert distribution.superutilisateur.roles_attribues == frozenset()


def test_la_ligne_hierarchique_remonte_jusquau_sommet(distribution):
    superieurs = distribution.mentore.superieurs_ids()
    assert superieurs[:2] == [distribution.gestionnaire.pk, distribution.directrice.pk]
    assert len(superieurs) == 3


def test_le_client_est_connecte(client_de, distribution):
    assert client_de(distribution.mentor).get("/sante/").json() == {"etat": "en santé"}


def _montee():
    """Monte la troupe, puis l’annule ; rend ce qui était dans la base, et ce que chacun portait."""
    with transaction.atomic():
        gens = monter()
        lignes = [
            list(modele.objects.order_by("pk").values())
            for modele in (Direction, Service, Personne, Attribution, Delegation, Attestation)
        ]
        portes = {nom: (personne.pk, personne.matricule, personne.direction.directeur) for nom, personne in gens}
        transaction.set_rollback(True)
    return lignes, portes


def test_la_troupe_rejouee_est_celle_qui_a_ete_composee(db, monkeypatch):
    monkeypatch.setattr(troupe, "_MONTEES", {})
    composee, rejouee = _montee(), _montee()
    assert rejouee == composee
    lignes, _ = composee
    assert all(lignes)


def test_ce_qu_un_essai_change_a_la_troupe_ne_passe_pas_au_suivant(db, monkeypatch):
    monkeypatch.setattr(troupe, "_MONTEES", {})
    for _ in range(3):
        with transaction.atomic():
            mentor = monter().mentor
            assert (mentor.prenom, mentor.service.nom) == ("Guylaine", "Réadaptation – URFI Maria")
            assert "represente_ids" not in vars(mentor)
            mentor.prenom = mentor.service.nom = "Changé"
            assert mentor.represente_ids == {mentor.pk}
            transaction.set_rollback(True)
