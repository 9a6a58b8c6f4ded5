"""Demander le soutien d’un APPR : ouvrir depuis une mesure, écrire à mesure, ne rien perdre, ne nommer personne."""

import datetime

import pytest
from django.db import connection
from django.urls import reverse

from encadrement.demandes import actions
from encadrement.demandes.models import DemandeService
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.fusion import temoin
from encadrement.socle.temps import jour_local
from tests.consultation import scenes
from tests.encadrement.demandes.pages import adresse, relire
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = pytest.mark.django_db
QUESTION = "Comment mener un bilan de mi-temps?"
NOMMANT = "Mme Tremblay, 418-555-0199, refuse l’aide."


@pytest.fixture
def demande(distribution):
    return scenes.soutien_en_redaction(distribution)


def ouvrir(client, mesure=""):
    return client.post(f"{reverse('demandes:soutien_ouvrir')}?mesure={mesure}")


# --- Ouvrir -----------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-065", "R-136")
@pytest.mark.parametrize("mesure", ["mentorat", "cdp"])
@pytest.mark.parametrize("page", ["accueil", "liste"])
def test_un_bouton_ouvre_la_demande_de_la_mesure_dou_lon_vient(distribution, client_de, mesure, page):
    client = client_de(distribution.mentore)
    depart = reverse(f"{mesure}:accueil") if page == "accueil" else reverse("demandes:liste")
    assert reverse("demandes:soutien_ouvrir") in client.get(depart).content.decode()
    reponse = ouvrir(client, mesure)
    demande = DemandeService.objects.get()
    assert reponse.url == adresse("demande_modifier", demande)
    assert (demande.demandeur, demande.mesure, demande.volet, demande.etat) == (
        distribution.mentore, mesure, "soutien", "brouillon"
    )  # fmt: skip


def test_le_bouton_porte_la_mesure(distribution, client_de):
    page = client_de(distribution.mentore).get(reverse("mentorat:accueil")).content.decode()
    assert f'action="{reverse("demandes:soutien_ouvrir")}?mesure=mentorat"' in page


def test_deux_clics_menent_a_la_meme_demande(distribution, client_de):
    client = client_de(distribution.mentore)
    assert ouvrir(client, "mentorat").url == ouvrir(client, "mentorat").url
    assert ouvrir(client, "cdp").url != ouvrir(client, "mentorat").url
    assert DemandeService.objects.count() == 2


@pytest.mark.parametrize("mesure", ["inconnue", "<script>", "m" * 60])
def test_une_mesure_inconnue_nouvre_rien(distribution, client_de, mesure):
    assert ouvrir(client_de(distribution.mentore), mesure).status_code == 404
    assert not DemandeService.objects.exists()


def test_visiter_nouvre_rien(distribution, client_de):
    assert client_de(distribution.mentore).get(reverse("demandes:soutien_ouvrir")).status_code == 405


# --- Écrire -----------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-400")
def test_tout_le_formulaire_senregistre_et_mene_a_la_transmission(distribution, client_de, demande):
    client = client_de(distribution.mentore)
    hier = jour_local() - datetime.timedelta(days=1)
    lus = champs_de(client.get(adresse("demande_modifier", demande)))
    saisi = {
        "question": QUESTION,
        "contexte": "Une dyade en soutien à domicile.",
        "recherches": "Le guide des dix étapes.",
        "attentes": "Une rencontre.",
        "partenaires": "SAPA",
        "disponibilites": "Mardi",
        "discutee_le": hier.isoformat(),
    }
    reponse = client.post(adresse("demande_modifier", demande), {**lus, **saisi, "suite": "transmettre"})
    assert reponse.url == adresse("demande_transmettre", demande)
    relue = relire(demande)
    assert {**relue.reponses, "discutee_le": relue.discutee_le.isoformat()} == saisi


def test_incomplet_il_senregistre_quand_meme(distribution, client_de, demande):
    client = client_de(distribution.mentore)
    lus = champs_de(client.get(adresse("demande_modifier", demande)))
    reponse = client.post(adresse("demande_modifier", demande), {**lus, "question": "", "attentes": ""})
    assert reponse.url == demande.get_absolute_url()
    assert relire(demande).question == ""


def test_une_discussion_a_venir_est_refusee_sans_rien_perdre(distribution, client_de, demande):
    client = client_de(distribution.mentore)
    demain = jour_local() + datetime.timedelta(days=1)
    lus = champs_de(client.get(adresse("demande_modifier", demande)))
    saisi = {**lus, "question": QUESTION, "discutee_le": demain.isoformat()}
    reponse = client.post(adresse("demande_modifier", demande), saisi)
    assert reponse.status_code == 200
    assert "n’a pas encore eu lieu" in texte_de(reponse)
    assert demain.isoformat() in reponse.content.decode()
    assert (relire(demande).question, relire(demande).discutee_le) == (QUESTION, None)


def test_un_texte_trop_long_reste_a_lecran(distribution, client_de, demande):
    client = client_de(distribution.mentore)
    lus = champs_de(client.get(adresse("demande_modifier", demande)))
    reponse = client.post(adresse("demande_modifier", demande), {**lus, "contexte": "é" * 4001})
    assert "dépasse 4000 caractères" in texte_de(reponse)
    assert "é" * 4001 in reponse.content.decode()
    assert relire(demande).contexte == demande.contexte


def test_ce_qui_semble_nommer_quelquun_attend_une_relecture(distribution, client_de, demande):
    client = client_de(distribution.mentore)
    lus = champs_de(client.get(adresse("demande_modifier", demande)))
    reponse = client.post(adresse("demande_modifier", demande), {**lus, "contexte": NOMMANT})
    assert "semble contenir" in texte_de(reponse)
    assert relire(demande).contexte == demande.contexte
    relu = {**champs_de(reponse), "relu": _case_relu(reponse)}
    assert client.post(adresse("demande_modifier", demande), relu).status_code == 302
    assert relire(demande).contexte == NOMMANT


def _case_relu(reponse):
    return reponse.context["form"].fields["relu"].widget.attrs["value"]


def test_le_brouillon_garde_tout_pendant_la_frappe(distribution, client_de, demande):
    client = client_de(distribution.mentore)
    lus = champs_de(client.get(adresse("demande_modifier", demande)))
    reponse = client.post(adresse("demande_brouillon", demande), {**lus, "contexte": NOMMANT})
    assert reponse.status_code == 200
    assert reponse.json()["temoins"]["contexte"] == temoin(NOMMANT)
    assert relire(demande).contexte == NOMMANT


def test_deux_pages_de_la_meme_personne_ne_secrasent_pas(distribution, client_de, demande):
    client = client_de(distribution.mentore)
    premiere = champs_de(client.get(adresse("demande_modifier", demande)))
    client.post(adresse("demande_modifier", demande), {**premiere, "question": "Écrit dans la première page."})
    conflit = client.post(adresse("demande_brouillon", demande), {**premiere, "question": "Dans la seconde."})
    assert conflit.status_code == 409
    assert conflit.json()["conflit"][0]["actuel"] == "Écrit dans la première page."
    page = client.post(adresse("demande_modifier", demande), {**premiere, "question": "Dans la seconde."})
    assert page.status_code == 409
    assert "Écrit dans la première page." in texte_de(page)
    assert "Dans la seconde." in texte_de(page)
    assert relire(demande).question == "Écrit dans la première page."


def test_transmise_elle_ne_secrit_plus(distribution, client_de):
    demande = scenes.soutien_transmis(distribution)
    client = client_de(distribution.mentore)
    assert client.get(adresse("demande_modifier", demande)).url == demande.get_absolute_url()
    saisi = {"question": "Changée après coup."}
    assert client.post(adresse("demande_modifier", demande), saisi).status_code == 409
    assert client.post(adresse("demande_brouillon", demande), saisi).status_code == 422
    with pytest.raises(ErreurMetier, match="transmise"):
        actions.ecrire_demande_service(demande, par=distribution.mentore, question="Changée après coup.")
    assert relire(demande).question == demande.question


@pytest.mark.parametrize("champ", DemandeService.CHAMPS[:5])
def test_en_redaction_aucun_texte_nest_en_clair_dans_la_base(distribution, demande, champ):
    actions.ecrire_demande_service(demande, par=distribution.mentore, **{champ: "Canari bleu."})
    assert getattr(relire(demande), champ) == "Canari bleu."
    with connection.cursor() as curseur:
        curseur.execute(f"SELECT {champ} FROM demandes_demandeservice")
        ((brut,),) = curseur.fetchall()
        for table in connection.introspection.table_names():
            curseur.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            assert "Canari bleu" not in str(curseur.fetchall()), table
    assert brut


def test_la_suite_aussi_est_chiffree(distribution):
    demande = scenes.soutien_pris_en_charge(distribution)
    actions.clore_demande_service(demande, par=distribution.appr, suite="Canari vert.", minutes=60)
    with connection.cursor() as curseur:
        curseur.execute("SELECT suite FROM demandes_demandeservice")
        ((brut,),) = curseur.fetchall()
    assert "Canari" not in brut
    assert relire(demande).suite == "Canari vert."
