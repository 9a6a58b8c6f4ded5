"""La mésentente : d’abord l’autre, puis ceux qu’on choisit ; eux seuls la lisent."""

import pytest
from django.db import connection

from encadrement.journal.models import Entree
from encadrement.notifications.models import Courriel
from mentorat.models import Mesentente
from tests.distribution import Distribution
from tests.mentorat import scenes
from tests.mentorat.formulaire import adresse, champs_de, texte_de

pytestmark = pytest.mark.django_db

RECIT = "Nos rencontres sont annulées à la dernière minute."


@pytest.fixture
def entente(distribution):
    return scenes.entente(distribution)


def _signaler(client, entente, **champs):
    saisie = {"parle_a_l_autre": "oui", "au_gestionnaire": "on", "texte": RECIT, **champs}
    return client.post(adresse("mesentente_signaler", entente), {nom: v for nom, v in saisie.items() if v})


@pytest.mark.exigence("R-089", "R-102", "R-110", "R-360", "R-448")
def test_la_mentore_signale_a_son_gestionnaire_qui_prend_en_charge_puis_regle(distribution, client_de, entente):
    auteur, gestionnaire = client_de(distribution.mentore), client_de(distribution.gestionnaire)
    page = texte_de(auteur.get(adresse("mesentente_signaler", entente)))
    assert page.index("D’abord, l’autre personne") < page.index("À qui vous adressez-vous?")
    Courriel.objects.all().delete()
    assert _signaler(auteur, entente).url == entente.get_absolute_url()
    mesentente = Mesentente.objects.get()
    assert distribution.gestionnaire.pk in set(Courriel.objects.values_list("a", flat=True))
    assert distribution.mentor.pk not in set(Courriel.objects.values_list("a", flat=True))
    assert RECIT in texte_de(gestionnaire.get(adresse("mesentente", mesentente)))
    gestionnaire.post(adresse("mesentente_prendre_en_charge", mesentente))
    mesentente.refresh_from_db()
    assert mesentente.etat == "prise_en_charge"
    gestionnaire.post(adresse("mesentente_regler", mesentente), {"suite": "Horaire fixe convenu."})
    mesentente.refresh_from_db()
    assert (mesentente.etat, mesentente.suite) == ("reglee", "Horaire fixe convenu.")
    assert "Horaire fixe convenu." in texte_de(auteur.get(adresse("mesentente", mesentente)))


LECTEURS = {
    "au_gestionnaire": {"mentore", "gestionnaire", "delegue"},
    "a_la_dsm": {"mentore", "appr", "appr_liaison"},
}


@pytest.mark.exigence("R-063", "R-110")
@pytest.mark.parametrize("destinataire", list(LECTEURS))
def test_le_signalement_nest_lu_que_de_son_auteur_et_de_ses_destinataires(
    distribution, client_de, entente, destinataire
):
    _signaler(client_de(distribution.mentore), entente, **{"au_gestionnaire": "", destinataire: "on"})
    mesentente = Mesentente.objects.get()
    for nom in Distribution.noms():
        if nom == "inactif":
            continue
        reponse = client_de(distribution[nom]).get(adresse("mesentente", mesentente))
        assert reponse.status_code == (200 if nom in LECTEURS[destinataire] else 404), nom
        page = client_de(distribution[nom]).get(entente.get_absolute_url()).content.decode()
        assert (adresse("mesentente", mesentente) in page) <= (nom in LECTEURS[destinataire]), nom


@pytest.mark.parametrize("qui", ["mentor", "dsm", "autre_gestionnaire", "superutilisateur"])
@pytest.mark.parametrize("nom", ["mesentente_prendre_en_charge", "mesentente_regler"])
def test_personne_dautre_ny_donne_suite(distribution, client_de, entente, qui, nom):
    _signaler(client_de(distribution.mentore), entente)
    mesentente = Mesentente.objects.get()
    assert client_de(distribution[qui]).post(adresse(nom, mesentente)).status_code == 404
    mesentente.refresh_from_db()
    assert mesentente.etat == "signalee"


def test_lauteur_ne_prend_pas_lui_meme_en_charge(distribution, client_de, entente):
    _signaler(client_de(distribution.mentore), entente)
    reponse = client_de(distribution.mentore).post(adresse("mesentente_prendre_en_charge", Mesentente.objects.get()))
    assert reponse.status_code == 403


@pytest.mark.parametrize(("qui", "code"), [("gestionnaire", 403), ("dsm", 403), ("collegue", 404)])
def test_seule_la_dyade_signale(distribution, client_de, entente, qui, code):
    assert _signaler(client_de(distribution[qui]), entente).status_code == code
    assert not Mesentente.objects.exists()


@pytest.mark.exigence("R-360", "R-448")
def test_sans_en_avoir_parle_a_lautre_on_dit_pourquoi_et_on_continue(distribution, client_de, entente):
    client = client_de(distribution.mentore)
    reponse = _signaler(client, entente, parle_a_l_autre="non")
    assert "Écrivez pourquoi" in texte_de(reponse)
    assert champs_de(reponse)["texte"] == RECIT
    assert not Mesentente.objects.exists()
    _signaler(client, entente, parle_a_l_autre="non", raison="Je crains sa réaction.")
    mesentente = Mesentente.objects.get()
    assert not mesentente.parle_a_l_autre
    assert "Je crains sa réaction." in mesentente.texte


def test_il_faut_choisir_a_qui_lon_sadresse(distribution, client_de, entente):
    client = client_de(distribution.mentore)
    assert "au_gestionnaire" not in champs_de(client.get(adresse("mesentente_signaler", entente)))
    reponse = _signaler(client, entente, au_gestionnaire="")
    assert reponse.status_code == 200
    assert "Choisissez à qui vous vous adressez : au moins une des deux cases." in texte_de(reponse)
    assert champs_de(reponse)["texte"] == RECIT
    assert not Mesentente.objects.exists()


@pytest.mark.exigence("R-063")
def test_le_recit_et_la_raison_sont_chiffres_et_ne_passent_pas_dans_les_avis(distribution, client_de, entente):
    raison = "Je crains sa réaction."
    _signaler(client_de(distribution.mentore), entente, parle_a_l_autre="non", raison=raison)
    client_de(distribution.gestionnaire).post(
        adresse("mesentente_regler", Mesentente.objects.get()), {"suite": "Médiation faite."}
    )
    with connection.cursor() as curseur:
        for table in connection.introspection.table_names(curseur):
            curseur.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            contenu = str(curseur.fetchall())
            assert not [texte for texte in (RECIT, raison, "Médiation faite.") if texte in contenu], table


def test_chaque_lecture_du_signalement_est_consignee(distribution, client_de, entente):
    _signaler(client_de(distribution.mentore), entente)
    client_de(distribution.gestionnaire).get(adresse("mesentente", Mesentente.objects.get()))
    trace = Entree.objects.filter(acte="mentorat.lecture.mesentente").latest("pk")
    assert trace.par_id == distribution.gestionnaire.pk


def test_une_mesentente_reglee_ne_se_regle_pas_deux_fois(distribution, client_de, entente):
    _signaler(client_de(distribution.mentore), entente)
    mesentente, client = Mesentente.objects.get(), client_de(distribution.gestionnaire)
    client.post(adresse("mesentente_regler", mesentente), {"suite": "Réglé."})
    reponse = client.post(adresse("mesentente_regler", mesentente), {"suite": "Encore."})
    assert reponse.status_code == 409
    assert champs_de(reponse)["suite"] == "Encore."
    mesentente.refresh_from_db()
    assert mesentente.suite == "Réglé."


def test_une_panne_dannonce_ne_laisse_pas_un_signalement_muet(distribution, client_de, entente, monkeypatch):
    def panne(*args, **kwargs):
        raise RuntimeError("panne")

    monkeypatch.setattr("mentorat.actions.suivi.annoncer", panne)
    with pytest.raises(RuntimeError, match="panne"):
        _signaler(client_de(distribution.mentore), entente)
    assert not Mesentente.objects.exists()
