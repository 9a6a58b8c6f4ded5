"""La clôture : l’essentiel d’un coup d’œil, la signature du gestionnaire, la copie à la DSM."""

import pytest

from encadrement.documents.models import Document
from encadrement.journal.models import Entree
from encadrement.notifications.models import Courriel
from encadrement.sondages.models import Invitation
from mentorat.models import Bilan, Sorte, Transmission
from tests.mentorat import scenes
from tests.mentorat.formulaire import adresse, champs_de, signer_par_la_page, texte_de

pytestmark = pytest.mark.django_db

CIBLE = "Concision des rapports; oser demander tôt."


@pytest.fixture
def entente(distribution):
    return scenes.entente(distribution, "a_clore")


@pytest.mark.exigence("R-055", "R-071", "R-092", "R-342", "R-343", "R-408")
def test_le_gestionnaire_lit_lessentiel_signe_et_clot(distribution, client_de, entente):
    client = client_de(distribution.gestionnaire)
    page = texte_de(client.get(adresse("entente_clore", entente)))
    assert page.index("En un coup d’œil") < page.index(CIBLE)
    assert "<strong>3 objectifs</strong>6 activités" in page
    assert "<strong>4</strong>1 h 22 en moyenne" in page
    Courriel.objects.all().delete()
    reponse = signer_par_la_page(client, "entente_clore", entente)
    assert reponse.url == entente.get_absolute_url()
    entente = scenes.relire(entente)
    assert entente.etat == "close"
    bilan = Bilan.objects.get(sorte=Sorte.FINAL)
    assert bilan.instantane.signatures.get(titre="gestionnaire").personne == distribution.gestionnaire
    assert Document.objects.filter(instantane=bilan.instantane).exists()
    assert Transmission.objects.filter(nature="finale").values_list("destinataire", flat=True).get() == "dsm"
    assert Invitation.objects.count() == 2
    assert entente.passages.get(transition="clore").par == distribution.gestionnaire
    gabarits = set(Courriel.objects.values_list("gabarit", flat=True))
    assert {"mentorat/entente_close", "mentorat/copie_transmise", "sondages/invitation"} <= gabarits
    assert CIBLE not in str(list(Courriel.objects.values()))
    assert Entree.objects.filter(acte="signature", par=distribution.gestionnaire).exists()


def test_la_deleguee_clot_au_nom_du_gestionnaire(distribution, client_de, entente):
    signer_par_la_page(client_de(distribution.delegue), "entente_clore", entente)
    signature = Bilan.objects.get(sorte=Sorte.FINAL).instantane.signatures.get(titre="gestionnaire")
    assert (signature.personne, signature.au_nom_de) == (distribution.delegue, distribution.gestionnaire)


@pytest.mark.parametrize(
    ("qui", "code"),
    [
        ("mentor", 403),
        ("mentore", 403),
        ("appr", 403),
        ("dsm", 403),
        ("drhcaj", 403),
        ("gestionnaire_mentor", 404),
        ("autre_gestionnaire", 404),
        ("ancien_gestionnaire", 404),
        ("superutilisateur", 404),
    ],
)
def test_personne_dautre_ne_clot_ni_ne_renvoie(distribution, client_de, entente, qui, code):
    client = client_de(distribution[qui])
    assert client.post(adresse("entente_clore", entente)).status_code == code
    assert client.post(adresse("entente_renvoyer_finale", entente), {"motif": "Non"}).status_code == code
    assert scenes.relire(entente).etat == "a_clore"


def test_on_ne_clot_pas_deux_fois(distribution, client_de, entente):
    client = client_de(distribution.gestionnaire)
    signer_par_la_page(client, "entente_clore", entente)
    assert signer_par_la_page(client, "entente_clore", entente).status_code == 409
    assert Invitation.objects.count() == 2


def test_on_ne_clot_pas_une_evaluation_qui_nest_pas_signee_des_deux(distribution, client_de):
    entente = scenes.entente(distribution, "en_evaluation")
    assert signer_par_la_page(client_de(distribution.gestionnaire), "entente_clore", entente).status_code == 409
    assert scenes.relire(entente).etat == "en_evaluation"


def test_une_panne_de_transmission_ne_laisse_pas_une_entente_a_demi_close(
    distribution, client_de, entente, monkeypatch
):
    def panne(*args, **kwargs):
        raise RuntimeError("panne")

    monkeypatch.setattr("mentorat.actions.bilans.transmettre", panne)
    with pytest.raises(RuntimeError, match="panne"):
        signer_par_la_page(client_de(distribution.gestionnaire), "entente_clore", entente)
    assert scenes.relire(entente).etat == "a_clore"
    assert not Bilan.objects.get(sorte=Sorte.FINAL).instantane.signatures.filter(titre="gestionnaire").exists()
    assert not Document.objects.filter(instantane__nature="finale").exists()


@pytest.mark.exigence("R-063", "R-343")
@pytest.mark.parametrize(
    ("qui", "avant", "apres"),
    [
        ("appr", 403, 200),
        ("dsm", 403, 200),
        ("drhcaj", 403, 403),
        ("gestionnaire_mentor", 404, 404),
        ("directrice", 404, 404),
        ("executif_cm", 404, 404),
        ("pilote", 404, 404),
        ("superutilisateur", 404, 404),
    ],
)
def test_la_dsm_lit_levaluation_a_la_cloture_et_la_drhcaj_jamais(distribution, client_de, entente, qui, avant, apres):
    client = client_de(distribution[qui])
    assert client.get(adresse("entente_finale", entente)).status_code == avant
    signer_par_la_page(client_de(distribution.gestionnaire), "entente_clore", entente)
    reponse = client.get(adresse("entente_finale", entente))
    assert reponse.status_code == apres
    assert (CIBLE in reponse.content.decode()) == (apres == 200)
    lectures = Entree.objects.filter(acte="mentorat.lecture.finale", par=distribution[qui])
    assert lectures.exists() == (apres == 200)
    document = Document.objects.get(instantane__nature="finale")
    if apres != 200:
        assert client.get(f"/documents/{document.uuid}/").status_code == 404


def test_renvoyer_demande_un_commentaire_que_la_dyade_lit(distribution, client_de, entente):
    client = client_de(distribution.gestionnaire)
    reponse = client.post(adresse("entente_renvoyer_finale", entente), {"motif": " "})
    assert reponse.status_code == 200
    assert scenes.relire(entente).etat == "a_clore"
    client.post(adresse("entente_renvoyer_finale", entente), {"motif": "Précisez la cible."})
    assert scenes.relire(entente).etat == "en_evaluation"
    assert entente.passages.get(transition="renvoyer_finale").motif == "Précisez la cible."
    for partie in (distribution.mentor, distribution.mentore):
        assert "Précisez la cible." in texte_de(client_de(partie).get(entente.get_absolute_url()))
        assert adresse("entente_signer_finale", entente) in texte_de(client_de(partie).get("/"))


def test_renvoyee_puis_laissee_telle_quelle_elle_revient_au_gestionnaire(distribution, client_de, entente):
    client_de(distribution.gestionnaire).post(adresse("entente_renvoyer_finale", entente), {"motif": "Un doute."})
    reponse = signer_par_la_page(client_de(distribution.mentore), "entente_signer_finale", entente)
    assert reponse.status_code == 302
    assert scenes.relire(entente).etat == "a_clore"
    assert signer_par_la_page(client_de(distribution.gestionnaire), "entente_clore", entente).status_code == 302


def test_renvoyee_puis_modifiee_elle_se_signe_de_nouveau_a_deux(distribution, client_de, entente):
    client_de(distribution.gestionnaire).post(adresse("entente_renvoyer_finale", entente), {"motif": "Précisez."})
    mentor = client_de(distribution.mentor)
    lus = champs_de(mentor.get(adresse("entente_finale", entente)))
    mentor.post(adresse("entente_finale", entente), {**lus, "cibles": "Cible précisée"})
    signer_par_la_page(mentor, "entente_signer_finale", entente)
    assert scenes.relire(entente).etat == "en_evaluation"
    signer_par_la_page(client_de(distribution.mentore), "entente_signer_finale", entente)
    assert scenes.relire(entente).etat == "a_clore"


@pytest.mark.exigence("R-059", "R-341")
def test_une_poursuite_souhaitee_se_voit_avant_de_clore(distribution, client_de):
    entente = scenes.entente(distribution, "en_evaluation")
    scenes.evaluer(entente, poursuite=True, justification="Deux rencontres familiales restent à vivre.")
    scenes.signer_la_finale(entente)
    page = texte_de(client_de(distribution.gestionnaire).get(adresse("entente_clore", entente)))
    assert "La dyade juge une poursuite nécessaire" in page
    assert "Deux rencontres familiales restent à vivre." in page
