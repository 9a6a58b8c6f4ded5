"""La troupe tient ses promesses : chacun n’est refusé que pour une raison."""

from encadrement.personnes.models import RoleAttribue
from tests.distribution import Distribution
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
