"""La vie d’une fiche inscrite : formation, confirmation annuelle, pause, reprise, retrait (R-080, R-081)."""

import datetime

import pytest

from encadrement.socle.temps import ajouter_mois, jour_local
from mentorat.actions import bottin
from mentorat.models import EtatFiche
from tests.mentorat import scenes
from tests.mentorat.formulaire import adresse, texte_de

pytestmark = pytest.mark.django_db
UN_JOUR = datetime.timedelta(days=1)


@pytest.fixture
def fiche(distribution):
    return scenes.fiche_inscrite(distribution)


@pytest.mark.exigence("R-081")
def test_la_dsm_consigne_la_formation_de_mentor(distribution, client_de):
    fiche = scenes.fiche_recommandee(distribution)
    hier = jour_local() - UN_JOUR
    client = client_de(distribution.appr)
    assert client.post(adresse("fiche_former", fiche), {"suivie_le": hier.isoformat()}).status_code == 302
    fiche = scenes.relire(fiche)
    assert (fiche.formation_suivie_le, fiche.etat) == (hier, EtatFiche.RECOMMANDEE)


@pytest.mark.parametrize(
    ("saisi", "phrase"),
    [
        ("", "Indiquez le jour où la formation a été suivie."),
        ("2026-02-31", "Cette date n’existe pas"),
        ("0026-01-01", "Vérifiez l’année"),
        ("\x00", "Cette date n’existe pas"),
        (None, "Cette formation n’a pas encore eu lieu"),
    ],
)
def test_une_date_de_formation_impossible_est_refusee(distribution, client_de, fiche, saisi, phrase):
    saisi = (jour_local() + UN_JOUR).isoformat() if saisi is None else saisi
    avant = fiche.formation_suivie_le
    reponse = client_de(distribution.appr).post(adresse("fiche_former", fiche), {"suivie_le": saisi})
    assert phrase in texte_de(reponse)
    assert scenes.relire(fiche).formation_suivie_le == avant


def test_laction_refuse_aussi_une_formation_a_venir(distribution, fiche):
    with pytest.raises(Exception, match="pas encore eu lieu"):
        bottin.consigner_formation(fiche, par=distribution.dsm, suivie_le=jour_local() + UN_JOUR)


@pytest.mark.parametrize(("nom", "code"), [("mentor", 403), ("gestionnaire_mentor", 403), ("collegue", 403)])
def test_seule_la_dsm_consigne_la_formation(distribution, client_de, fiche, nom, code):
    reponse = client_de(distribution[nom]).post(adresse("fiche_former", fiche), {"suivie_le": "2026-01-05"})
    assert reponse.status_code == code


@pytest.mark.exigence("R-080")
def test_linscription_se_confirme_pour_un_an(distribution, client_de, fiche):
    fiche.confirmee_le = ajouter_mois(jour_local(), -13)
    fiche.save(update_fields=["confirmee_le"])
    client = client_de(distribution.mentor)
    assert "confirmez-la pour une autre année" in texte_de(client.get(adresse("fiche", fiche)))
    client.post(adresse("fiche_confirmer", fiche))
    assert scenes.relire(fiche).echeance_confirmation == ajouter_mois(jour_local(), 12)
    assert "confirmez-la" not in texte_de(client.get(adresse("fiche", fiche)))


def test_la_pause_dit_le_retour_et_la_reprise_lefface(distribution, client_de, fiche):
    client = client_de(distribution.mentor)
    retour = jour_local() + 30 * UN_JOUR
    client.post(adresse("fiche_mettre_en_pause", fiche), {"retour_prevu_le": retour.isoformat()})
    assert "retour prévu le" in texte_de(client_de(distribution.mentore).get(adresse("fiche", fiche)))
    assert scenes.relire(fiche).etat == EtatFiche.EN_PAUSE
    client.post(adresse("fiche_reprendre", fiche))
    fiche = scenes.relire(fiche)
    assert (fiche.etat, fiche.retour_prevu_le) == (EtatFiche.ACTIVE, None)


def test_une_pause_se_prend_sans_date_de_retour(distribution, client_de, fiche):
    client_de(distribution.mentor).post(adresse("fiche_mettre_en_pause", fiche), {"retour_prevu_le": ""})
    assert scenes.relire(fiche).etat == EtatFiche.EN_PAUSE


def test_un_retour_deja_passe_est_refuse(distribution, client_de, fiche):
    reponse = client_de(distribution.mentor).post(
        adresse("fiche_mettre_en_pause", fiche), {"retour_prevu_le": jour_local().isoformat()}
    )
    assert "Indiquez un jour à venir" in texte_de(reponse)
    with pytest.raises(Exception, match="jour à venir"):
        bottin.mettre_en_pause(fiche, par=distribution.mentor, retour_prevu_le=jour_local())
    assert scenes.relire(fiche).etat == EtatFiche.ACTIVE


@pytest.mark.exigence("R-350")
def test_on_ne_reprend_pas_sans_etre_en_regle_avec_son_ordre(distribution, client_de, fiche):
    bottin.mettre_en_pause(fiche, par=distribution.mentor)
    distribution.mentor.ordre, distribution.mentor.ordre_en_regle = "OEQ", False
    distribution.mentor.save(update_fields=["ordre", "ordre_en_regle"])
    assert client_de(distribution.mentor).post(adresse("fiche_reprendre", fiche)).status_code == 409
    assert scenes.relire(fiche).etat == EtatFiche.EN_PAUSE


def test_se_retirer_ne_demande_pas_de_motif_et_fait_quitter_le_bottin(distribution, client_de, fiche):
    client = client_de(distribution.mentor)
    assert client.post(adresse("fiche_retirer", fiche), {"motif": ""}).status_code == 302
    assert scenes.relire(fiche).etat == EtatFiche.RETIREE
    assert client_de(distribution.mentore).get(adresse("fiche", fiche)).status_code == 404
    assert client.post(adresse("fiche_retirer", fiche)).status_code == 409


@pytest.mark.parametrize("code", ["confirmer", "mettre_en_pause", "retirer"])
@pytest.mark.parametrize("nom", ["gestionnaire_mentor", "collegue", "autre_gestionnaire", "superutilisateur"])
def test_un_tiers_ne_touche_pas_a_linscription(distribution, client_de, fiche, code, nom):
    client = client_de(distribution[nom])
    assert client.get(adresse(f"fiche_{code}", fiche)).status_code == 403
    assert client.post(adresse(f"fiche_{code}", fiche)).status_code == 403
    assert scenes.relire(fiche).etat == EtatFiche.ACTIVE


def test_on_ne_recommence_que_sa_propre_candidature(distribution, client_de, fiche):
    bottin.retirer_du_bottin(fiche, par=distribution.mentor)
    assert client_de(distribution.dsm).post(adresse("fiche_recommencer", fiche)).status_code == 403
    client_de(distribution.mentor).post(adresse("fiche_recommencer", fiche))
    assert scenes.relire(fiche).etat == EtatFiche.BROUILLON
