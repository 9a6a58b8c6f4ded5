"""Le journal des rencontres : ajouter, corriger, retirer ; ce que chacun y lit."""

import datetime

import pytest

from encadrement.journal.models import Entree
from encadrement.socle.temps import jour_local
from mentorat.models import Bilan, RencontreMentorat, Sorte
from tests.mentorat import scenes
from tests.mentorat.formulaire import adresse, champs_de, signer_par_la_page, texte_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def entente(distribution):
    return scenes.entente(distribution, debut=jour_local() - datetime.timedelta(days=60))


def _saisie(**champs):
    return {"jour": jour_local().isoformat(), "duree": "1 h 15", "mode": "presence", **champs}


def _ajouter(client, entente, **champs):
    return client.post(adresse("entente_journal", entente), _saisie(**champs))


@pytest.mark.exigence("R-054", "R-335")
def test_la_mentore_ajoute_une_rencontre_et_le_journal_en_fait_le_compte(distribution, client_de, entente):
    client = client_de(distribution.mentore)
    reponse = _ajouter(client, entente, precision="À Maria, jumelée à une visite")
    assert reponse.url == adresse("entente_journal", entente)
    _ajouter(client, entente, duree="45 min", mode="teams")
    rencontre = RencontreMentorat.objects.get(minutes=75)
    assert (rencontre.consignee_par, rencontre.mode) == (distribution.mentore, "presence")
    page = texte_de(client.get(adresse("entente_journal", entente)))
    assert "<strong>2</strong> rencontres" in page
    assert "<strong>2 h</strong> de mentorat en tout" in page
    assert "<strong>1 h</strong> en moyenne" in page
    assert Entree.objects.filter(acte="mentorat.rencontre.consigner").count() == 2


@pytest.mark.exigence("R-067")
def test_le_temps_dorientation_est_rappele_et_soustrait_des_heures(distribution, client_de, entente):
    client = client_de(distribution.mentor)
    assert "orientation" in texte_de(client.get(adresse("entente_journal", entente)))
    _ajouter(client, entente, duree="2 h", orientation="30 min")
    rencontre = RencontreMentorat.objects.get()
    assert (rencontre.minutes, rencontre.minutes_orientation) == (90, 30)
    corrigee = champs_de(client.get(adresse("rencontre_corriger", rencontre)))
    assert corrigee["duree"].replace("\xa0", " ") == "2 h"


@pytest.mark.exigence("R-067")
def test_une_rencontre_toute_dorientation_ne_se_consigne_pas(distribution, client_de, entente):
    reponse = _ajouter(client_de(distribution.mentor), entente, duree="1 h", orientation="1 h")
    assert "elle relève de la DRHCAJ" in texte_de(reponse)
    assert not RencontreMentorat.objects.exists()


@pytest.mark.exigence("R-060", "R-061")
def test_quatre_rencontres_sont_recommandees_sans_maximum(distribution, client_de, entente):
    client = client_de(distribution.mentor)
    phrase = "Au moins 4 rencontres sont recommandées; il n’y a pas de maximum."
    assert phrase in texte_de(client.get(adresse("entente_journal", entente)))
    for minutes in range(30, 42):
        _ajouter(client, entente, duree=f"{minutes} min")
    page = texte_de(client.get(adresse("entente_journal", entente)))
    assert "<strong>12</strong> rencontres" in page
    assert phrase not in page


@pytest.mark.parametrize("duree", ["abc", "٣", "-1", "25 h", "0 min", "1 h 75", "1e3 h", "1 h 15" * 40])
def test_une_duree_illisible_est_refusee_et_reste_a_lecran(distribution, client_de, entente, duree):
    reponse = _ajouter(client_de(distribution.mentor), entente, duree=duree, precision="Bonaventure")
    assert reponse.status_code == 200
    assert "Écrivez une durée" in texte_de(reponse)
    lus = champs_de(reponse)
    assert (lus["duree"], lus["precision"]) == (duree, "Bonaventure")
    assert not RencontreMentorat.objects.exists()


@pytest.mark.parametrize(("duree", "minutes"), [("1 h 15", 75), ("90 min", 90), ("1,5 h", 90), ("1:05", 65)])
def test_une_duree_secrit_comme_on_la_dit(distribution, client_de, entente, duree, minutes):
    _ajouter(client_de(distribution.mentor), entente, duree=duree)
    assert RencontreMentorat.objects.get().minutes == minutes


@pytest.mark.parametrize(
    ("jours", "phrase"),
    [(1, "Cette rencontre est dans l’avenir"), (-61, "cette rencontre la précède")],
)
def test_une_rencontre_hors_de_la_periode_est_refusee(distribution, client_de, entente, jours, phrase):
    jour = jour_local() + datetime.timedelta(days=jours)
    reponse = _ajouter(client_de(distribution.mentor), entente, jour=jour.isoformat())
    assert phrase in texte_de(reponse)
    assert champs_de(reponse)["jour"] == jour.isoformat()
    assert not RencontreMentorat.objects.exists()


@pytest.mark.parametrize("jour", ["2026-02-31", "0001-01-01", "9999-12-31", "hier", ""])
def test_une_date_impossible_est_refusee_par_une_phrase(distribution, client_de, entente, jour):
    reponse = _ajouter(client_de(distribution.mentor), entente, jour=jour)
    assert reponse.status_code == 200
    assert "champ--erreur" in reponse.content.decode()
    assert not RencontreMentorat.objects.exists()


def test_la_meme_rencontre_ne_sinscrit_pas_deux_fois(distribution, client_de, entente):
    _ajouter(client_de(distribution.mentor), entente)
    reponse = _ajouter(client_de(distribution.mentore), entente)
    assert reponse.status_code == 409
    assert "Cette rencontre est déjà au journal" in texte_de(reponse)
    assert RencontreMentorat.objects.count() == 1


def test_une_precision_hostile_devient_du_texte_inoffensif(distribution, client_de, entente):
    client = client_de(distribution.mentor)
    _ajouter(client, entente, precision="<script>alert(1)</script>\u202e{{ 7|add:7 }}\x07")
    assert RencontreMentorat.objects.get().precision == "<script>alert(1)</script>{{ 7|add:7 }}"


@pytest.mark.exigence("R-063", "R-091", "R-354")
def test_le_gestionnaire_lit_les_dates_et_les_durees_seulement(distribution, client_de, entente):
    _ajouter(client_de(distribution.mentor), entente, precision="Chez une usagère à Paspébiac", mode="telephone")
    page = texte_de(client_de(distribution.gestionnaire).get(adresse("entente_journal", entente)))
    assert "1 h 15" in page
    assert "Paspébiac" not in page
    assert "téléphone" not in page.lower()
    assert "Ajouter au journal" not in page
    assert "Corriger" not in page


@pytest.mark.parametrize(
    ("qui", "code"),
    [
        ("gestionnaire", 403),
        ("delegue", 403),
        ("dsm", 403),
        ("appr", 403),
        ("drhcaj", 403),
        ("gestionnaire_mentor", 404),
        ("autre_gestionnaire", 404),
        ("ancien_gestionnaire", 404),
        ("directrice", 404),
        ("pilote", 404),
        ("superutilisateur", 404),
    ],
)
def test_seule_la_dyade_tient_le_journal(distribution, client_de, entente, qui, code):
    assert _ajouter(client_de(distribution[qui]), entente).status_code == code
    assert not RencontreMentorat.objects.exists()


def test_une_rencontre_se_corrige_et_la_correction_laisse_une_trace(distribution, client_de, entente):
    client = client_de(distribution.mentor)
    _ajouter(client, entente)
    rencontre = RencontreMentorat.objects.get()
    reponse = client.post(adresse("rencontre_corriger", rencontre), _saisie(duree="1 h", mode="teams"))
    assert reponse.url == adresse("entente_journal", entente)
    rencontre.refresh_from_db()
    assert (rencontre.minutes, rencontre.mode) == (60, "teams")
    assert Entree.objects.filter(acte="mentorat.rencontre.corriger").exists()


def test_corriger_vers_une_autre_rencontre_du_journal_est_refuse(distribution, client_de, entente):
    client = client_de(distribution.mentor)
    _ajouter(client, entente)
    _ajouter(client, entente, duree="1 h")
    rencontre = RencontreMentorat.objects.get(minutes=60)
    reponse = client.post(adresse("rencontre_corriger", rencontre), _saisie())
    assert reponse.status_code == 409
    assert "Cette rencontre est déjà au journal" in texte_de(reponse)


def test_corriger_vers_une_date_hors_de_la_periode_est_refuse(distribution, client_de, entente):
    client = client_de(distribution.mentor)
    _ajouter(client, entente)
    rencontre = RencontreMentorat.objects.get()
    avant = (entente.debut - datetime.timedelta(days=1)).isoformat()
    assert client.post(adresse("rencontre_corriger", rencontre), _saisie(jour=avant)).status_code == 409


def test_une_rencontre_se_retire_apres_confirmation(distribution, client_de, entente):
    client = client_de(distribution.mentor)
    _ajouter(client, entente)
    rencontre = RencontreMentorat.objects.get()
    assert client.get(adresse("rencontre_retirer", rencontre)).status_code == 200
    assert RencontreMentorat.objects.exists()
    client.post(adresse("rencontre_retirer", rencontre))
    assert not RencontreMentorat.objects.exists()
    assert Entree.objects.filter(acte="mentorat.rencontre.retirer").exists()
    assert client.post(adresse("rencontre_retirer", rencontre)).status_code == 404


@pytest.mark.parametrize("nom", ["rencontre_corriger", "rencontre_retirer"])
@pytest.mark.parametrize("qui", ["gestionnaire", "dsm", "appr", "collegue", "superutilisateur"])
def test_personne_dautre_ne_corrige_ni_ne_retire(distribution, client_de, entente, nom, qui):
    scenes.rencontrer(entente, 1)
    rencontre = RencontreMentorat.objects.get()
    client = client_de(distribution[qui])
    assert client.get(adresse(nom, rencontre)).status_code == 404
    assert client.post(adresse(nom, rencontre), _saisie()).status_code == 404
    assert RencontreMentorat.objects.get().minutes == rencontre.minutes


@pytest.mark.parametrize("etat", ["a_signer", "close"])
def test_le_journal_ne_se_tient_que_pendant_le_mentorat(distribution, client_de, etat):
    entente = scenes.entente(distribution, etat)
    avant = RencontreMentorat.objects.count()
    reponse = _ajouter(client_de(distribution.mentor), entente, duree="3 h")
    assert reponse.status_code == 409
    assert "pendant que l’entente est active" in texte_de(reponse)
    assert RencontreMentorat.objects.count() == avant


@pytest.mark.exigence("R-338")
def test_changer_le_journal_rend_caduque_la_signature_de_la_finale(distribution, client_de):
    entente = scenes.entente(distribution, "en_evaluation")
    scenes.evaluer(entente)
    signer_par_la_page(client_de(distribution.mentor), "entente_signer_finale", entente)
    assert Bilan.objects.get(sorte=Sorte.FINAL).instantane.signatures.count() == 1
    _ajouter(client_de(distribution.mentore), entente, duree="3 h", mode="telephone")
    assert Bilan.objects.get(sorte=Sorte.FINAL).instantane is None
    page = texte_de(client_de(distribution.mentor).get(adresse("entente_signer_finale", entente)))
    assert "Personne n’a encore signé." in page


def test_une_panne_ne_laisse_pas_une_rencontre_sans_trace(distribution, client_de, entente, monkeypatch):
    def panne(*args, **kwargs):
        raise RuntimeError("panne")

    monkeypatch.setattr("mentorat.actions.suivi.consigner", panne)
    with pytest.raises(RuntimeError, match="panne"):
        _ajouter(client_de(distribution.mentor), entente)
    assert not RencontreMentorat.objects.exists()


def test_le_journal_coute_autant_de_requetes_a_trente_rencontres(
    distribution, client_de, entente, django_assert_max_num_queries, monkeypatch
):
    # La pastille « À faire » a son propre essai : ici, on compte ce que coûte la page.
    monkeypatch.setattr("encadrement.accueil.contexte.nombre_a_faire", lambda personne: 0)
    client = client_de(distribution.mentor)
    scenes.rencontrer(entente, 30)
    with django_assert_max_num_queries(9):
        client.get(adresse("entente_journal", entente))
