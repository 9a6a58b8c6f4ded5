"""Prolonger : la dyade demande, justifie, le gestionnaire accorde ou refuse."""

import datetime

import pytest

from encadrement.notifications.models import Courriel
from encadrement.socle.temps import ajouter_mois, jour_local
from mentorat.actions import fin as actions
from mentorat.models import Prolongation
from tests.mentorat import scenes
from tests.mentorat.formulaire import adresse, champs_de, signer_par_la_page, texte_de

pytestmark = pytest.mark.django_db

POURQUOI = "Aucune rencontre familiale n’était disponible avant les Fêtes."


@pytest.fixture
def entente(distribution):
    return scenes.entente(distribution)


def _demander(client, entente, jours=60, **champs):
    nouvelle = entente.fin + datetime.timedelta(days=jours)
    saisie = {"nouvelle_fin": nouvelle.isoformat(), "justification": POURQUOI, **champs}
    return client.post(adresse("entente_demander_prolongation", entente), saisie)


@pytest.fixture
def demande(distribution, client_de, entente):
    _demander(client_de(distribution.mentore), entente)
    return Prolongation.objects.get()


@pytest.mark.exigence("R-059", "R-092", "R-341", "R-409")
def test_la_mentore_demande_et_le_gestionnaire_accorde(distribution, client_de, entente):
    client = client_de(distribution.mentore)
    limite = ajouter_mois(entente.fin, 6)
    assert limite.isoformat() in texte_de(client.get(adresse("entente_demander_prolongation", entente)))
    Courriel.objects.all().delete()
    reponse = _demander(client, entente)
    demande = Prolongation.objects.get()
    assert reponse.url == entente.get_absolute_url()
    assert Courriel.objects.filter(a=distribution.gestionnaire).exists()
    gestionnaire = client_de(distribution.gestionnaire)
    page = texte_de(gestionnaire.get(adresse("prolongation", demande)))
    assert POURQUOI in page
    assert "Accorder la prolongation" in page
    reponse = gestionnaire.post(adresse("prolongation_accorder", demande))
    assert reponse.url == demande.get_absolute_url()
    entente = scenes.relire(entente)
    assert entente.fin == demande.nouvelle_fin
    assert entente.fin_initiale == demande.fin_actuelle
    assert scenes.relire(demande).etat == "accordee"
    assert Courriel.objects.filter(gabarit="mentorat/prolongation_accordee", a=distribution.mentor).exists()


@pytest.mark.exigence("R-092")
def test_le_gestionnaire_refuse_avec_un_motif_que_la_dyade_lit(distribution, client_de, demande):
    client = client_de(distribution.gestionnaire)
    assert client.post(adresse("prolongation_refuser", demande), {"motif": ""}).status_code == 200
    assert scenes.relire(demande).etat == "demandee"
    client.post(adresse("prolongation_refuser", demande), {"motif": "Les objectifs sont atteints."})
    assert scenes.relire(demande).etat == "refusee"
    assert scenes.relire(demande.entente).fin == demande.fin_actuelle
    page = texte_de(client_de(distribution.mentor).get(adresse("prolongation", demande)))
    assert "Les objectifs sont atteints." in page


@pytest.mark.parametrize(("qui", "code"), [("gestionnaire", 403), ("dsm", 403), ("drhcaj", 403), ("collegue", 404)])
def test_seule_la_dyade_demande(distribution, client_de, entente, qui, code):
    assert _demander(client_de(distribution[qui]), entente).status_code == code
    assert not Prolongation.objects.exists()


@pytest.mark.parametrize(
    ("qui", "code"),
    [
        ("mentor", 403),
        ("mentore", 403),
        ("appr", 403),
        ("dsm", 403),
        ("drhcaj", 404),
        ("gestionnaire_mentor", 404),
        ("autre_gestionnaire", 404),
        ("ancien_gestionnaire", 404),
        ("superutilisateur", 404),
    ],
)
def test_seul_le_gestionnaire_decide(distribution, client_de, demande, qui, code):
    client = client_de(distribution[qui])
    for nom in ("prolongation_accorder", "prolongation_refuser"):
        assert client.post(adresse(nom, demande), {"motif": "Non"}).status_code == code
    assert scenes.relire(demande).etat == "demandee"


@pytest.mark.exigence("R-059", "R-409")
@pytest.mark.parametrize(
    ("jours", "phrase"),
    [(0, "La nouvelle fin doit suivre la fin actuelle"), (-5, "doit suivre la fin actuelle"), (200, "au plus 6 mois")],
)
def test_une_date_hors_limite_est_refusee_et_la_justification_gardee(distribution, client_de, entente, jours, phrase):
    reponse = _demander(client_de(distribution.mentor), entente, jours=jours)
    assert phrase in texte_de(reponse)
    assert champs_de(reponse)["justification"] == POURQUOI
    assert not Prolongation.objects.exists()


@pytest.mark.exigence("R-059")
def test_la_limite_est_de_six_mois_au_jour_pres(distribution, client_de, entente):
    limite, client = ajouter_mois(entente.fin, 6), client_de(distribution.mentor)
    trop = (limite + datetime.timedelta(days=1)).isoformat()
    assert _demander(client, entente, nouvelle_fin=trop).status_code == 200
    assert _demander(client, entente, nouvelle_fin=limite.isoformat()).status_code == 302


@pytest.mark.exigence("R-341")
def test_sans_justification_pas_de_demande(distribution, client_de, entente):
    reponse = _demander(client_de(distribution.mentor), entente, justification=" ")
    assert "Écrivez pourquoi la poursuite est nécessaire" in texte_de(reponse)
    assert not Prolongation.objects.exists()


@pytest.mark.parametrize("longueur", [4000, 4001])
def test_la_justification_a_une_limite_dite(distribution, client_de, entente, longueur):
    reponse = _demander(client_de(distribution.mentor), entente, justification="j" * longueur)
    assert Prolongation.objects.exists() == (longueur == 4000)
    if longueur == 4001:
        assert "dépasse 4 000 caractères" in texte_de(reponse)
        assert len(champs_de(reponse)["justification"]) == 4001


def test_une_seule_demande_attend_a_la_fois(distribution, client_de, demande):
    reponse = _demander(client_de(distribution.mentor), scenes.relire(demande.entente), jours=30)
    assert reponse.status_code == 409
    assert "attend la réponse du gestionnaire" in texte_de(reponse)
    assert Prolongation.objects.count() == 1


def test_on_naccorde_pas_deux_fois(distribution, client_de, demande):
    client = client_de(distribution.gestionnaire)
    client.post(adresse("prolongation_accorder", demande))
    assert client.post(adresse("prolongation_accorder", demande)).status_code == 409
    assert client.post(adresse("prolongation_refuser", demande), {"motif": "Non"}).status_code == 409
    assert demande.passages.count() == 1


@pytest.mark.exigence("R-059")
def test_des_la_deuxieme_prolongation_une_raison_est_demandee_et_la_dsm_avisee(distribution, client_de, demande):
    gestionnaire = client_de(distribution.gestionnaire)
    gestionnaire.post(adresse("prolongation_accorder", demande))
    _demander(client_de(distribution.mentor), scenes.relire(demande.entente), jours=30)
    seconde = Prolongation.objects.get(etat="demandee")
    reponse = gestionnaire.post(adresse("prolongation_accorder", seconde))
    assert "a déjà été prolongée" in texte_de(reponse)
    assert scenes.relire(seconde).etat == "demandee"
    gestionnaire.post(adresse("prolongation_accorder", seconde), {"raison": "Congé de maladie de trois mois."})
    assert scenes.relire(seconde).etat == "accordee"
    assert Courriel.objects.filter(gabarit="mentorat/prolongation_repetee", a=distribution.dsm).exists()


def test_une_entente_cessee_ne_se_prolonge_plus(distribution, client_de, demande):
    entente = scenes.relire(demande.entente)
    actions.demander_fin(entente, par=distribution.mentore)
    actions.consigner_fin(
        scenes.relire(entente),
        par=distribution.gestionnaire,
        rencontre_le=jour_local(demande.cree_le),
        appr=distribution.appr,
        gestionnaire_present=True,
    )
    actions.constater_fin(scenes.relire(entente), par=distribution.gestionnaire)
    reponse = client_de(distribution.gestionnaire).post(adresse("prolongation_accorder", demande))
    assert reponse.status_code == 409
    assert "elle ne se prolonge plus" in texte_de(reponse)
    assert scenes.relire(entente).fin == demande.fin_actuelle


@pytest.mark.parametrize("etat", ["brouillon", "a_signer", "close"])
def test_seule_une_entente_en_cours_se_prolonge(distribution, client_de, etat):
    dossier = scenes.entente_naissante(distribution) if etat == "brouillon" else scenes.entente(distribution, etat)
    client = client_de(distribution.mentor)
    statuts = {client.get(adresse("entente_demander_prolongation", dossier)).status_code}
    statuts.add(client.post(adresse("entente_demander_prolongation", dossier), {"justification": "x"}).status_code)
    assert statuts <= {200, 409}
    assert not Prolongation.objects.exists()


def test_une_panne_ne_laisse_pas_une_fin_changee(distribution, client_de, demande, monkeypatch):
    def panne(*args, **kwargs):
        raise RuntimeError("panne")

    monkeypatch.setattr("mentorat.actions.fin.annoncer", panne)
    with pytest.raises(RuntimeError, match="panne"):
        client_de(distribution.gestionnaire).post(adresse("prolongation_accorder", demande))
    assert scenes.relire(demande).etat == "demandee"
    assert scenes.relire(demande.entente).fin == demande.fin_actuelle


def test_prolongee_en_evaluation_elle_se_conclut_ensuite(distribution, client_de):
    entente = scenes.entente(distribution, "en_evaluation")
    _demander(client_de(distribution.mentor), entente)
    client_de(distribution.gestionnaire).post(adresse("prolongation_accorder", Prolongation.objects.get()))
    scenes.evaluer(entente)
    assert signer_par_la_page(client_de(distribution.mentor), "entente_signer_finale", entente).status_code == 302
