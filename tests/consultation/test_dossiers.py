"""Les consultations à l’accueil, à la recherche et dans « Mes données » : chacun y trouve les siennes, rien de plus."""

import json

import pytest
from django.urls import reverse

from consultation.actions import demandes
from consultation.rappels import dossiers
from tests.consultation import scenes

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("nom", "titre"),
    [
        ("mentore", "le demandeur"),
        ("mentor", "l’expert consulté"),
        ("gestionnaire", "le gestionnaire"),
        ("delegue", "le gestionnaire"),
        ("collegue", None),
        ("appr", None),
        ("dsm", None),
        ("gestionnaire_mentor", None),
    ],
)
def test_mes_consultations_sont_a_l_accueil_a_mon_titre(distribution, client_de, nom, titre):
    demande = scenes.demande_acceptee(distribution)
    page = client_de(distribution[nom]).get(reverse("accueil:a_faire"))
    miens = [d.titre for d in page.context["dossiers"] if d.url == demande.get_absolute_url()]
    assert miens == ([titre] if titre else [])


def test_le_groupe_a_la_demande_a_l_accueil_une_fois_soumise(distribution):
    d = distribution
    demande = scenes.demande_de_groupe(d)
    assert dossiers.dossiers(d.collegue) == []
    demandes.soumettre_demande(demande, par=d.mentore)
    assert [dossier.titre for dossier in dossiers.dossiers(d.collegue)] == ["un membre du groupe qui consulte"]


def test_une_demande_finie_quitte_l_accueil(distribution):
    scenes.demande_non_pertinente(distribution)
    assert dossiers.dossiers(distribution.mentore) == []
    assert dossiers.dossiers(distribution.gestionnaire) == []


def test_ma_fiche_est_un_dossier(distribution):
    scenes.fiche_en_redaction(distribution)
    assert [dossier.nom for dossier in dossiers.dossiers(distribution.mentor)] == ["Ma fiche au bottin des experts"]


def _trouves(client, texte):
    return [
        dossier.nom for dossier in client.get(reverse("accueil:recherche"), {"q": texte}).context["resultat"].dossiers
    ]


def test_une_demande_se_trouve_par_son_numero_ou_un_nom_par_qui_la_voit(distribution, client_de):
    d = distribution
    demande = scenes.demande_acceptee(d)
    nom = f"Consultation {demande.numero}, Loïc St-Onge"
    for texte in (demande.numero, "st-onge", "GUYLAINE cyr"):
        for voit in ("mentore", "mentor", "gestionnaire", "delegue"):
            assert nom in _trouves(client_de(d[voit]), texte), (voit, texte)
        for autre in ("collegue", "appr", "dsm", "superutilisateur", "gestionnaire_mentor"):
            assert nom not in _trouves(client_de(d[autre]), texte), (autre, texte)


def test_transmise_elle_se_trouve_aussi_par_la_dsm(distribution, client_de):
    demande = scenes.demande_transmise(distribution)
    for nom in ("appr", "appr_liaison", "dsm"):
        assert _trouves(client_de(distribution[nom]), demande.numero) == [
            f"Consultation {demande.numero}, Loïc St-Onge"
        ]


@pytest.mark.exigence("R-172")
def test_toute_la_maison_trouve_un_expert_par_son_nom_ou_son_expertise(distribution, client_de):
    scenes.fiche_inscrite(distribution)
    for texte in ("guylaine cyr", "positionnement", "AIDES a la mobilite"):
        assert "Guylaine Cyr" in _trouves(client_de(distribution.collegue), texte), texte


def test_une_candidature_ne_se_trouve_pas(distribution, client_de):
    scenes.fiche_soumise(distribution)
    for nom in ("collegue", "dsm", "appr"):
        assert _trouves(client_de(distribution[nom]), "positionnement") == []


def test_mes_donnees_disent_ce_que_j_ai_ecrit_et_rien_des_autres(distribution, client_de):
    d = distribution
    scenes.ligne_de_couloir(d)
    demande = scenes.demande_fermee(d)
    rubriques = {}
    for nom in ("mentore", "mentor", "collegue"):
        page = client_de(d[nom]).get(reverse("accueil:mes_donnees"), {"format": "json"})
        rubriques[nom] = json.loads(page.getvalue())["rubriques"]
    avis = "Essayer deux blocs"
    assert [ligne["numero"] for ligne in rubriques["mentore"]["consultation_demandes"]] == [demande.numero]
    assert rubriques["mentore"]["consultation_demandes"][0]["question"] == scenes.QUESTION
    assert [ligne["minutes"] for ligne in rubriques["mentore"]["consultation_rencontres"]] == [45]
    assert avis in rubriques["mentor"]["consultation_avis"][0]["avis"]
    assert rubriques["mentor"]["consultation_fiche"][0]["expertise"] == scenes.EXPERTISE
    assert len(rubriques["mentor"]["consultation_suivi"]) == 2
    # L’expert n’emporte pas la question d’un autre ; le demandeur n’emporte pas le texte de l’expert.
    assert scenes.QUESTION not in json.dumps(rubriques["mentor"], ensure_ascii=False)
    assert avis not in json.dumps(rubriques["mentore"], ensure_ascii=False)
    assert not any(lignes for nom, lignes in rubriques["collegue"].items() if nom.startswith("consultation_"))


def test_l_accueil_pose_toujours_les_memes_requetes(distribution, django_assert_max_num_queries):
    d = distribution
    for _ in range(8):
        scenes.demande_chez_expert(d)
    for nom in ("mentore", "mentor", "gestionnaire"):
        with django_assert_max_num_queries(7):
            assert len(dossiers.dossiers(d[nom])) >= 8
