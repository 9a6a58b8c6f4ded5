"""Choisir un expert au bottin, ou une de ses plages; en changer (R-170, R-176, R-180, R-207)."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consultation.actions import bottin, experts
from consultation.models import Ampleur, EtatConsultation, FicheExpert, Plage, ReponseExpert
from tests.consultation import scenes
from tests.consultation.gestes import adresse, relire, texte_de
from tests.consultation.traces import courriels, rien_decrit
from tests.factories import PersonneFactory

pytestmark = pytest.mark.django_db
# Fixe : pytest-xdist exige les mêmes essais dans chaque processus.
INCONNU = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def demande(distribution):
    return scenes.demande_autorisee(distribution)


@pytest.fixture
def demandeur(distribution, client_de):
    return client_de(distribution.mentore)


def _choisir(client, demande, objet):
    sorte = "plage" if isinstance(objet, Plage) else "expert"
    return client.post(adresse("demande_choisir_expert", demande), {"choix": f"{sorte}:{objet.uuid}"})


def _proposes(reponse):
    return [fiche.personne.prenom for fiche in reponse.context["fiches"]]


@pytest.mark.exigence("R-168", "R-170", "R-180", "R-207")
def test_le_demandeur_choisit_au_bottin_un_expert_dun_autre_titre_que_le_sien(distribution, demandeur, demande):
    fiche = scenes.autre_fiche(distribution)
    assert fiche.personne.titre_emploi != distribution.mentore.titre_emploi
    assert "Langage et communication" in texte_de(demandeur.get(adresse("demande_choisir_expert", demande)))
    assert _choisir(demandeur, demande, fiche).url == demande.get_absolute_url()
    assert relire(demande).etat == EtatConsultation.CHEZ_EXPERT
    sollicitation = demande.sollicitations.get()
    assert (sollicitation.expert, sollicitation.expertise) == (distribution.animatrice, "Langage et communication")
    assert courriels("demande_chez_expert") == ["Marie-Ève"]


@pytest.mark.exigence("R-170")
def test_un_expert_du_meme_titre_convient_aussi(distribution, demandeur, demande):
    fiche = scenes.fiche_inscrite(distribution)
    assert fiche.personne.titre_emploi == distribution.mentore.titre_emploi
    assert _choisir(demandeur, demande, fiche).status_code == 302


@pytest.mark.exigence("R-176")
def test_une_plage_visible_se_reserve_avec_lexpert(distribution, demandeur, demande):
    plage = scenes.plage_libre(distribution)
    page = texte_de(demandeur.get(adresse("demande_choisir_expert", demande)))
    assert "(45 min)" in page
    assert "13 h 00" in page
    assert _choisir(demandeur, demande, plage).status_code == 302
    sollicitation = demande.sollicitations.get()
    assert (sollicitation.plage, sollicitation.moment, sollicitation.lieu) == (plage, plage.debut, plage.lieu)
    assert plage not in Plage.objects.libres()
    assert "La plage réservée" in texte_de(demandeur.get(adresse("demande", demande)))


@pytest.mark.exigence("R-176")
def test_une_plage_prise_entre_temps_laisse_choisir_parmi_les_suivantes(distribution, client_de, demandeur, demande):
    d = distribution
    prise, suivante = scenes.plage_libre(d), scenes.plage_libre(d, 8)
    scenes.demande_chez_expert(d, prise, d.collegue)
    with rien_decrit():
        reponse = _choisir(demandeur, demande, prise)
    page = texte_de(reponse)
    assert reponse.status_code == 409
    assert "Cette plage vient d’être réservée par quelqu’un d’autre. Voici les suivantes." in page
    assert reponse.context["suivantes"] == [suivante]
    assert str(prise.uuid) not in page
    assert f"plage:{suivante.uuid}" in page
    assert _choisir(demandeur, demande, suivante).status_code == 302


def test_sil_ne_reste_aucune_plage_la_page_dit_quoi_faire(distribution, demandeur, demande):
    prise = scenes.plage_libre(distribution)
    scenes.demande_chez_expert(distribution, prise, distribution.collegue)
    page = texte_de(_choisir(demandeur, demande, prise))
    assert "Proposez plutôt vos disponibilités à l’expert." in page
    assert "Choisir Guylaine Cyr" in page


@pytest.mark.exigence("R-180")
def test_seuls_les_experts_disponibles_sont_proposes(distribution, demandeur, demande):
    d = distribution
    scenes.autre_fiche(d)
    en_pause = scenes.fiche_inscrite(d)
    bottin.mettre_en_pause(en_pause, par=d.mentor)
    assert _proposes(demandeur.get(adresse("demande_choisir_expert", demande))) == ["Marie-Ève"]
    with rien_decrit():
        reponse = _choisir(demandeur, demande, en_pause)
    assert reponse.status_code == 409
    assert "n’est pas disponible au bottin" in texte_de(reponse)


@pytest.mark.exigence("R-170")
def test_on_ne_se_consulte_pas_soi_meme(distribution, demandeur, demande):
    sienne = scenes.fiche_inscrite(distribution, distribution.mentore)
    assert _proposes(demandeur.get(adresse("demande_choisir_expert", demande))) == []
    with rien_decrit():
        reponse = _choisir(demandeur, demande, sienne)
    assert reponse.status_code == 409
    assert "On ne se consulte pas soi-même" in texte_de(reponse)


def test_un_expert_qui_a_decline_nest_plus_propose(distribution, demandeur):
    demande = scenes.demande_declinee(distribution)
    scenes.fiche_inscrite(distribution)
    assert _proposes(demandeur.get(adresse("demande_choisir_expert", demande))) == ["Guylaine"]
    with rien_decrit():
        reponse = _choisir(demandeur, demande, scenes.autre_fiche(distribution))
    assert "a déjà décliné cette demande" in texte_de(reponse)


def test_un_groupe_ne_voit_que_les_experts_qui_repondent_a_des_groupes(distribution, demandeur, demande):
    scenes.autre_fiche(distribution)
    seul = scenes.fiche_inscrite(distribution)
    FicheExpert.objects.filter(pk=seul.pk).update(accepte_groupes=False)
    demande.ampleur = Ampleur.GROUPE
    demande.save(update_fields=["ampleur"])
    page = demandeur.get(adresse("demande_choisir_expert", demande))
    assert _proposes(page) == ["Marie-Ève"]
    assert "Seuls les experts qui répondent à des groupes" in texte_de(page)


def test_qui_connait_le_sujet_vient_dabord(distribution, demandeur, demande):
    autre = scenes.fiche_inscrite(distribution, distribution.animatrice, "Langage")
    scenes.fiche_inscrite(distribution)
    autre.sujets.clear()
    assert _proposes(demandeur.get(adresse("demande_choisir_expert", demande))) == ["Guylaine", "Marie-Ève"]


def test_la_recherche_trouve_malgre_les_accents_et_ne_passe_pas_par_ladresse(distribution, demandeur, demande):
    scenes.autre_fiche(distribution)
    scenes.fiche_inscrite(distribution)
    page = adresse("demande_choisir_expert", demande)
    with rien_decrit():
        trouvee = demandeur.post(page, {"geste": "chercher", "q": "LANGÂGE"})
    assert trouvee.status_code == 200
    assert _proposes(trouvee) == ["Marie-Ève"]
    assert _proposes(demandeur.get(page, {"q": "langage"})) == ["Guylaine", "Marie-Ève"]
    assert "Aucun expert ne correspond" in texte_de(demandeur.post(page, {"geste": "chercher", "q": "volcanologie"}))


@pytest.mark.parametrize(
    "choix", ["", "expert:", "plage:zzz", f"expert:{INCONNU}", f"plage:{INCONNU}", "\x00", "x" * 200]
)
def test_un_choix_qui_nexiste_pas_est_explique(demandeur, demande, choix):
    with rien_decrit():
        reponse = demandeur.post(adresse("demande_choisir_expert", demande), {"choix": choix})
    assert reponse.status_code == 200
    assert "Choisissez un expert, ou une de ses plages." in texte_de(reponse)


def test_on_ne_choisit_pas_deux_experts(distribution, demandeur, demande):
    fiche, autre = scenes.fiche_inscrite(distribution), scenes.autre_fiche(distribution)
    _choisir(demandeur, demande, fiche)
    with rien_decrit():
        assert _choisir(demandeur, demande, autre).status_code == 409


def test_une_plage_passee_ne_se_reserve_pas(distribution, demandeur, demande, time_machine):
    plage = scenes.plage_libre(distribution)
    time_machine.move_to(plage.debut + datetime.timedelta(minutes=1))
    client = demandeur
    client.force_login(distribution.mentore, backend="allauth.account.auth_backends.AuthenticationBackend")
    with rien_decrit():
        assert _choisir(client, demande, plage).status_code == 409


@pytest.mark.exigence("R-176", "R-207")
def test_sans_attendre_davantage_le_demandeur_choisit_un_autre_expert(distribution, client_de, demandeur):
    plage = scenes.plage_libre(distribution)
    demande = scenes.demande_chez_expert(distribution, plage)
    assert "sa plage redeviendra libre" in texte_de(demandeur.get(adresse("demande_changer_expert", demande)))
    assert demandeur.post(adresse("demande_changer_expert", demande)).status_code == 302
    assert relire(demande).etat == EtatConsultation.AUTORISEE
    assert demande.sollicitations.get().reponse == ReponseExpert.REPRISE
    assert plage in Plage.objects.libres()
    assert courriels("demande_retiree") == ["Guylaine"]
    assert client_de(distribution.mentor).get(adresse("demande", demande)).status_code == 404
    with rien_decrit():
        assert demandeur.post(adresse("demande_changer_expert", demande)).status_code == 409


def test_une_demande_acceptee_ne_change_plus_dexpert(distribution, demandeur):
    demande = scenes.demande_acceptee(distribution)
    with rien_decrit():
        assert demandeur.post(adresse("demande_changer_expert", demande)).status_code == 409


def test_le_choix_coute_autant_de_requetes_a_dix_experts_qua_un(distribution, demandeur, demande):
    scenes.plage_libre(distribution)
    page = adresse("demande_choisir_expert", demande)

    def compter():
        with CaptureQueriesContext(connection) as requetes:
            assert demandeur.get(page).status_code == 200
        return len(requetes)

    compter()
    a_un = compter()
    for rang in range(9):
        personne = PersonneFactory(
            superieur=distribution.gestionnaire, service=distribution.mentor.service, titre_emploi=None
        )
        scenes.fiche_inscrite(distribution, personne, f"Expertise {rang}")
    assert compter() == a_un


def test_la_sollicitation_garde_lexpertise_du_jour(distribution, demande):
    fiche = scenes.fiche_inscrite(distribution)
    experts.choisir_expert(demande, par=distribution.mentore, fiche=fiche)
    FicheExpert.objects.filter(pk=fiche.pk).update(expertise="Autre chose")
    assert demande.sollicitations.get().expertise == scenes.EXPERTISE
