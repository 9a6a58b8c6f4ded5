"""Le dossier met d’abord le geste qu’on attend : écrire, tenir la rencontre convenue, la consigner, puis fermer."""

import datetime
import re

import pytest
import time_machine

from encadrement.socle.temps import jour_local
from tests.consultation import scenes
from tests.consultation.gestes import adresse, texte_de

pytestmark = pytest.mark.django_db
CONSIGNER, ECRIRE = "Consigner une rencontre", "Remplir le formulaire de la DSM"


@pytest.fixture
def dossier(client_de, distribution):
    """Rend la page du dossier, telle que la voit un personnage."""
    return lambda nom, demande: client_de(distribution[nom]).get(demande.get_absolute_url())


def _principaux(reponse):
    """Rend les gestes en bleu plein, dans l’ordre de la page."""
    return re.findall(r'class="btn btn-primary"[^>]*>([^<]+)<', reponse.content.decode())


def test_la_rencontre_convenue_nattend_rien_de_personne_avant_davoir_lieu(distribution, dossier):
    demande = scenes.demande_acceptee(distribution, scenes.plage_libre(distribution))
    page = dossier("mentor", demande)
    assert "<strong>à vous</strong>, une fois la rencontre tenue." in texte_de(page)
    assert _principaux(page) == []
    with time_machine.travel(demande.sollicitation.moment + datetime.timedelta(hours=1), tick=True):
        page = dossier("mentor", demande)
        assert "une fois la rencontre tenue" not in texte_de(page)
        assert _principaux(page) == [CONSIGNER]


def test_lexpert_ne_voit_pas_le_refus_avant_le_reste(distribution, dossier):
    for demande in (scenes.demande_chez_expert(distribution), scenes.demande_acceptee(distribution)):
        assert dossier("mentor", demande).context["boutons"][-1]["code"] == "decliner"


def test_en_contact_avec_le_ruisss_la_rencontre_se_consigne_avant_de_fermer(distribution, dossier, client_de):
    demande = scenes.demande_en_contact(distribution)
    assert _principaux(dossier("mentore", demande)) == [CONSIGNER]
    saisie = {"jour": jour_local().isoformat(), "duree": "1 h 30", "mode": "teams"}
    client_de(distribution.mentore).post(adresse("demande_rencontres", demande), saisie)
    assert _principaux(dossier("mentore", demande)) == ["Fermer la consultation"]


def test_un_formulaire_incomplet_se_remplit_avant_de_se_signer(distribution, dossier):
    demande = scenes.formulaire_ouvert(distribution)
    assert _principaux(dossier("mentore", demande)) == ["Signer et transmettre à la DSM"]
    type(demande).objects.filter(pk=demande.pk).update(attentes="")
    assert _principaux(dossier("mentore", demande)) == [ECRIRE]


def test_lappr_trouve_les_autres_voies_la_ou_sa_tache_le_mene(distribution, client_de):
    transmise = scenes.demande_transmise(distribution)
    page = client_de(distribution.appr).get(adresse("demande_analyser", transmise)).content.decode()
    assert adresse("demande_renvoyer", transmise) in page
    analysee = scenes.demande_analysee(distribution)
    page = client_de(distribution.appr_liaison).get(adresse("demande_acheminer", analysee)).content.decode()
    assert adresse("demande_reorienter_expert", analysee) in page
    assert adresse("demande_reorienter_comite", analysee) in page
