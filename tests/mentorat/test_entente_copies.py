"""Après l’approbation : accuser réception des copies, confirmer les conditions favorables, libérer du temps."""

import pytest
from django.urls import reverse

from encadrement.acces.matrice import AccesRefuse
from mentorat.actions import ententes as actions
from mentorat.models import ConditionsFavorables, Transmission
from tests.mentorat import scenes
from tests.mentorat.formulaire import adresse, champs_de, texte_de
from tests.mentorat.traces import actes, rien_decrit

pytestmark = pytest.mark.django_db


@pytest.fixture
def entente(distribution):
    return scenes.entente(distribution)


def _recevoir(client, entente, destinataire):
    copie = Transmission.objects.get(entente=entente, destinataire=destinataire)
    return client.post(reverse("mentorat:entente_accuser_reception", args=[entente.uuid, copie.pk]))


@pytest.mark.exigence("R-070")
@pytest.mark.parametrize(
    ("destinataire", "nom"), [("dsm", "dsm"), ("dsm", "appr"), ("dsm", "appr_liaison"), ("drhcaj", "drhcaj")]
)
def test_le_destinataire_accuse_reception_de_sa_copie(distribution, client_de, entente, destinataire, nom):
    client = client_de(distribution[nom])
    assert "Accuser réception" in texte_de(client.get(entente.get_absolute_url()))
    assert _recevoir(client, entente, destinataire).url == entente.get_absolute_url()
    copie = Transmission.objects.get(entente=entente, destinataire=destinataire)
    assert copie.recue_par == distribution[nom]
    assert "Accuser réception" not in texte_de(client.get(entente.get_absolute_url()))
    assert "mentorat.transmission.recevoir" in actes(entente)
    with rien_decrit():
        _recevoir(client, entente, destinataire)


@pytest.mark.exigence("R-070")
def test_personne_naccuse_reception_pour_un_autre(distribution, client_de, entente):
    with rien_decrit():
        for destinataire, nom, code in (
            ("dsm", "drhcaj", 403),
            ("drhcaj", "dsm", 403),
            ("drhcaj", "appr", 403),
            ("dsm", "gestionnaire", 403),
            ("dsm", "mentor", 403),
            ("dsm", "superutilisateur", 404),
            ("dsm", "coordonnatrice", 404),
        ):
            assert _recevoir(client_de(distribution[nom]), entente, destinataire).status_code == code, nom


def test_la_copie_dune_autre_entente_nest_pas_trouvee(distribution, client_de, entente):
    client = client_de(distribution.dsm)
    with rien_decrit():
        reponse = client.post(reverse("mentorat:entente_accuser_reception", args=[entente.uuid, 999_999]))
    assert reponse.status_code == 404


@pytest.mark.exigence("R-030", "R-088")
@pytest.mark.parametrize("nom", ["gestionnaire", "delegue"])
def test_le_gestionnaire_confirme_puis_revoit_les_conditions(distribution, client_de, entente, nom):
    client, page = client_de(distribution[nom]), adresse("entente_confirmer_conditions", entente)
    client.post(page, {"charge_ajustee": "on", "precision": "Le mardi après-midi"})
    assert champs_de(client.get(page))["precision"] == "Le mardi après-midi"
    assert client.post(page, {"rencontres_autorisees": "on"}).url == entente.get_absolute_url()
    conditions = ConditionsFavorables.objects.get()
    assert (conditions.charge_ajustee, conditions.rencontres_autorisees, conditions.par) == (
        False,
        True,
        distribution[nom],
    )
    assert actes(entente).count("mentorat.entente.confirmer_conditions") == 2
    lu = texte_de(client_de(distribution.mentor).get(entente.get_absolute_url()))
    assert "Rencontres autorisées : oui" in lu
    assert "Charge de travail ajustée : non" in lu


def test_les_conditions_reviennent_au_gestionnaire_seul(distribution, client_de, entente):
    with rien_decrit():
        for nom, code in (("mentor", 403), ("mentore", 403), ("appr", 403), ("gestionnaire_mentor", 404)):
            reponse = client_de(distribution[nom]).post(
                adresse("entente_confirmer_conditions", entente), {"charge_ajustee": "on"}
            )
            assert reponse.status_code == code
            with pytest.raises(AccesRefuse):
                actions.confirmer_conditions(entente, par=distribution[nom], charge_ajustee=True)


def test_une_panne_en_confirmant_ne_laisse_rien(distribution, client_de, entente, monkeypatch):
    def panne(*_args, **_options):
        raise RuntimeError("panne")

    monkeypatch.setattr(actions, "consigner", panne)
    with rien_decrit(), pytest.raises(RuntimeError):
        client_de(distribution.gestionnaire).post(
            adresse("entente_confirmer_conditions", entente), {"charge_ajustee": "on"}
        )


@pytest.mark.exigence("R-027", "R-031", "R-063")
def test_le_gestionnaire_du_mentor_voit_le_temps_a_liberer_et_rien_du_contenu(distribution, client_de, entente):
    client = client_de(distribution.gestionnaire_mentor)
    texte = texte_de(client.get(adresse("entente_liberation", entente)))
    assert entente.mentor.nom_complet in texte
    assert ("Aux 3 semaines" in texte, "1 h 15" in texte) == (True, True)
    assert scenes.OBJECTIFS[0][0][:40] not in texte
    assert client.get(entente.get_absolute_url()).status_code == 404
    liste = texte_de(client.get(reverse("mentorat:liberations")))
    assert entente.mentor.nom_complet in liste
    assert scenes.OBJECTIFS[0][0][:40] not in liste


def test_le_temps_a_liberer_ne_se_montre_pas_a_tous(distribution, client_de, entente):
    for nom in ("collegue", "autre_gestionnaire", "dsm", "appr", "drhcaj", "superutilisateur", "pilote"):
        assert client_de(distribution[nom]).get(adresse("entente_liberation", entente)).status_code == 404, nom
    assert entente.mentor.nom_complet not in texte_de(
        client_de(distribution.autre_gestionnaire).get(reverse("mentorat:liberations"))
    )
