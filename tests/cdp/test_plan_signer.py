"""Signer, approuver, renvoyer : les mêmes gestes pour le plan et pour le rapport, par leurs pages."""

import pytest

from cdp.actions import annees
from cdp.models import EtatAnnuel, PlanAnnuel
from encadrement.documents.models import Document
from encadrement.signatures.models import Signature
from tests.cdp import scenes
from tests.cdp.annuel import adresse, case, relire, saisie_de_signature, signer
from tests.cdp.traces import actes, courriels, rien_decrit
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = pytest.mark.django_db
NATURES = ("plan", "rapport")


@pytest.fixture(params=NATURES)
def nature(request):
    return request.param


@pytest.fixture
def redige(distribution, nature):
    return getattr(scenes, f"{nature}_en_redaction")(distribution)


@pytest.fixture
def soumis(distribution, nature):
    return getattr(scenes, f"{nature}_soumis")(distribution)


def _decision(nature):
    return {"renouveler": "True"} if nature == "rapport" else {}


# — Signer et soumettre


@pytest.mark.exigence("R-163", "R-320", "R-366", "R-379")
@pytest.mark.parametrize("qui", ["animatrice", "secretaire"])
def test_un_responsable_signe_au_nom_de_la_cdp_et_soumet_au_parrain(distribution, client_de, redige, nature, qui):
    client = client_de(distribution[qui])
    page = texte_de(client.get(adresse(f"{nature}_soumettre", redige)))
    assert "ni avis ni recommandation sur l’organisation ou la qualité des services" in page
    assert "/ressources/annexe-3" in page
    reponse = signer(client, f"{nature}_soumettre", redige, raison=scenes.RAISON)
    assert reponse.url == redige.get_absolute_url()
    relu = relire(redige)
    signature = relu.instantane.signatures.get()
    assert (relu.etat, signature.titre, signature.personne) == ("soumis", "representant", distribution[qui])
    assert "le représentant de la CdP" in signature.titre_libelle
    assert "annexe 3" in signature.engagement
    assert courriels(f"{nature}_a_approuver") == [distribution.parrain.prenom]


@pytest.mark.parametrize("oubli", ["engagement", "mot_de_passe", "empreinte"])
def test_sans_engagement_mot_de_passe_ou_empreinte_rien_n_est_signe(distribution, client_de, redige, nature, oubli):
    client, page = client_de(distribution.animatrice), f"{nature}_soumettre"
    saisi = saisie_de_signature(client, page, redige, raison=scenes.RAISON)
    del saisi[oubli]
    with rien_decrit():
        assert client.post(adresse(page, redige), saisi).status_code == 200


def test_un_contenu_change_depuis_la_lecture_n_est_pas_signe(distribution, client_de, redige, nature):
    client, page = client_de(distribution.animatrice), f"{nature}_soumettre"
    saisi = saisie_de_signature(client, page, redige, raison=scenes.RAISON)
    change = {case(redige, 1, "objectif"): "Un autre objectif"}
    annees.ecrire(relire(redige), par=distribution.secretaire, saisi=change, temoins={})
    with rien_decrit():
        reponse = client.post(adresse(page, redige), saisi)
    assert reponse.status_code == 409
    assert "Le contenu a changé depuis que vous l’avez lu" in texte_de(reponse)
    reprise = {**champs_de(reponse), "engagement": "on", "mot_de_passe": saisi["mot_de_passe"], "raison": scenes.RAISON}
    client.post(
        adresse(page, redige), {**reprise, "empreinte": champs_de(client.get(adresse(page, redige)))["empreinte"]}
    )
    assert relire(redige).instantane.donnees["lignes"][0]["objectif"] == "Un autre objectif"


@pytest.mark.exigence("R-365")
def test_un_plan_incomplet_n_est_pas_signe_et_la_page_dit_quoi_remplir(distribution, client_de):
    plan = scenes.plan_en_redaction(distribution)
    annees.ecrire(plan, par=distribution.animatrice, saisi={case(plan, 2, "indicateur"): ""}, temoins={})
    client = client_de(distribution.animatrice)
    with rien_decrit():
        reponse = signer(client, "plan_soumettre", plan)
    assert reponse.status_code == 409
    assert "À l’objectif 2, remplissez la colonne « indicateur(s) de résultat »" in texte_de(reponse)


@pytest.mark.exigence("R-130", "R-365")
def test_un_plan_sans_objectif_n_est_pas_signe(distribution, client_de):
    plan = scenes.plan_en_redaction(distribution)
    vide = {case(plan, rang, colonne): "" for rang in (1, 2, 3) for colonne in scenes.LIGNES[0]}
    annees.ecrire(plan, par=distribution.animatrice, saisi=vide, temoins={})
    with rien_decrit():
        reponse = signer(client_de(distribution.animatrice), "plan_soumettre", plan)
    assert "Écrivez au moins un objectif." in texte_de(reponse)


@pytest.mark.exigence("R-145", "R-320")
def test_un_objectif_qui_rend_un_avis_sur_les_services_demande_une_raison(distribution, client_de):
    plan = scenes.plan_en_redaction(distribution)
    avis = {case(plan, 1, "objectif"): "Recommander à la direction une autre organisation des services"}
    annees.ecrire(plan, par=distribution.animatrice, saisi=avis, temoins={})
    reponse = signer(client_de(distribution.animatrice), "plan_soumettre", plan, raison="")
    assert "elle ne rend ni avis ni recommandation" in texte_de(reponse)
    assert relire(plan).etat == EtatAnnuel.BROUILLON
    assert signer(client_de(distribution.animatrice), "plan_soumettre", plan, raison="Mal dit.").status_code == 302


@pytest.mark.exigence("R-126")
def test_au_dela_de_24_h_le_plan_se_soumet_avec_une_raison_et_le_parrain_le_lit(distribution, client_de):
    plan = scenes.plan_en_redaction(distribution)
    annees.ecrire(plan, par=distribution.animatrice, saisi={"rencontres_prevues": 10}, temoins={})
    client = client_de(distribution.animatrice)
    assert "raison" in champs_de(client.get(adresse("plan_soumettre", plan)))
    assert signer(client, "plan_soumettre", plan, raison="").status_code == 200
    assert relire(plan).etat == EtatAnnuel.BROUILLON
    assert signer(client, "plan_soumettre", plan, raison="Mandat de traduction.").status_code == 302
    page = texte_de(client_de(distribution.parrain).get(adresse("plan_approuver", plan)))
    assert "soit 30 h par membre sur 24 h" in page
    assert "Le plan passe de 6 h les 24 h par membre" in page


# — Approuver


@pytest.mark.exigence("R-121", "R-139", "R-140", "R-158", "R-366", "R-379", "R-425")
def test_le_parrain_approuve_signe_et_copie_va_a_la_dsm(distribution, client_de, soumis, nature):
    client = client_de(distribution.parrain)
    reponse = signer(client, f"{nature}_approuver", soumis, **_decision(nature))
    assert reponse.url == soumis.get_absolute_url()
    relu = relire(soumis)
    titres = list(relu.instantane.signatures.values_list("titre", flat=True))
    assert (relu.etat, titres) == ("approuve", ["representant", "parrain"])
    assert Document.objects.filter(instantane=relu.instantane).count() == 1
    assert "dsm@cisss.exemple" in courriels(f"{nature}_copie")
    assert courriels(f"{nature}_approuve") == sorted([distribution.animatrice.prenom, distribution.secretaire.prenom])
    for nom in ("dsm", "animatrice", "parrain"):
        page = texte_de(client_de(distribution[nom]).get(relu.get_absolute_url()))
        assert "Copie transmise à la DSM le" in page
        assert relu.instantane.document.numero in page


@pytest.mark.exigence("R-139", "R-158")
def test_les_autres_gestionnaires_des_membres_sont_avises_du_plan(distribution):
    scenes.plan_approuve(distribution)
    assert courriels("plan_avis") == [distribution.membre.superieur.prenom]


@pytest.mark.exigence("R-158")
@pytest.mark.parametrize("nom", ["animatrice", "membre", "dsm", "autre_gestionnaire"])
def test_personne_d_autre_que_le_parrain_n_approuve(distribution, client_de, soumis, nature, nom):
    attendu = 404 if nom == "autre_gestionnaire" else 403
    donnees = {"engagement": "on", "mot_de_passe": "x", **_decision(nature)}
    with rien_decrit():
        reponse = client_de(distribution[nom]).post(adresse(f"{nature}_approuver", soumis), donnees)
    assert reponse.status_code == attendu


@pytest.mark.exigence("R-158")
def test_un_parrain_devenu_membre_n_approuve_pas(distribution, client_de, soumis, nature):
    scenes.adhesions.devenir_animateur(soumis.communaute, distribution.parrain)
    with rien_decrit():
        assert client_de(distribution.parrain).get(adresse(f"{nature}_approuver", soumis)).status_code == 403


def test_approuver_deux_fois_ne_signe_qu_une_fois(distribution, client_de, soumis, nature):
    client, page = client_de(distribution.parrain), f"{nature}_approuver"
    saisi = saisie_de_signature(client, page, soumis, **_decision(nature))
    codes = [client.post(adresse(page, soumis), saisi).status_code for _ in range(2)]
    assert codes == [302, 409]
    assert Signature.objects.filter(titre="parrain", instantane=relire(soumis).instantane).count() == 1


def test_on_n_approuve_pas_ce_que_la_cdp_a_repris_et_change(distribution, client_de, soumis, nature):
    client, page = client_de(distribution.parrain), f"{nature}_approuver"
    saisi = saisie_de_signature(client, page, soumis, **_decision(nature))
    annees.rouvrir(relire(soumis), par=distribution.animatrice)
    with rien_decrit():
        assert client.post(adresse(page, soumis), saisi).status_code == 404
    change = {case(soumis, 1, "objectif"): "Un autre objectif"}
    annees.ecrire(relire(soumis), par=distribution.animatrice, saisi=change, temoins={})
    confirmation, raison = scenes.CONFIRMATION, scenes.RAISON
    annees.soumettre(relire(soumis), par=distribution.animatrice, confirmation=confirmation, raison=raison)
    with rien_decrit():
        reponse = client.post(adresse(page, soumis), saisi)
    assert reponse.status_code == 409
    assert "Le contenu a changé depuis que vous l’avez lu" in texte_de(reponse)
    assert "Un autre objectif" in texte_de(reponse)


# — Renvoyer, rouvrir


@pytest.mark.exigence("R-158")
def test_le_parrain_renvoie_avec_un_commentaire_que_la_cdp_lit(distribution, client_de, soumis, nature):
    client = client_de(distribution.parrain)
    sans = client.post(adresse(f"{nature}_renvoyer", soumis), {"motif": "  "})
    assert (sans.status_code, relire(soumis).etat) == (200, "soumis")
    reponse = client.post(adresse(f"{nature}_renvoyer", soumis), {"motif": "Précisez l’échéancier."})
    # Redevenu un brouillon, le document n’est plus lisible du parrain : il revient à la liste.
    assert client.get(reponse.url).status_code == 200
    assert client.get(soumis.get_absolute_url()).status_code == 404
    assert relire(soumis).etat == "brouillon"
    page = texte_de(client_de(distribution.secretaire).get(soumis.get_absolute_url()))
    assert "Renvoyé par le parrain" in page
    assert "Précisez l’échéancier." in page
    assert courriels(f"{nature}_renvoye") == sorted([distribution.animatrice.prenom, distribution.secretaire.prenom])


def test_renvoye_puis_laisse_tel_quel_le_document_garde_sa_signature(distribution, client_de, soumis, nature):
    annees.renvoyer(soumis, par=distribution.parrain, motif="Un doute.")
    client = client_de(distribution.secretaire)
    assert signer(client, f"{nature}_soumettre", soumis, raison=scenes.RAISON).status_code == 302
    assert relire(soumis).instantane.signatures.get().personne == distribution.animatrice


def test_renvoye_puis_change_le_document_doit_etre_signe_de_nouveau(distribution, client_de, soumis, nature):
    annees.renvoyer(soumis, par=distribution.parrain, motif="Un doute.")
    change = {case(soumis, 1, "objectif"): "Un autre objectif"}
    annees.ecrire(soumis, par=distribution.secretaire, saisi=change, temoins={})
    signer(client_de(distribution.secretaire), f"{nature}_soumettre", soumis, raison=scenes.RAISON)
    assert relire(soumis).instantane.signatures.get().personne == distribution.secretaire


def test_renvoye_sans_changement_on_ne_resoumet_pas_un_texte_qu_on_n_a_pas_lu(distribution, client_de, soumis, nature):
    annees.renvoyer(soumis, par=distribution.parrain, motif="Un doute.")
    client, page = client_de(distribution.secretaire), f"{nature}_soumettre"
    saisi = saisie_de_signature(client, page, soumis, raison=scenes.RAISON, empreinte="0" * 64)
    with rien_decrit():
        assert client.post(adresse(page, soumis), saisi).status_code == 409


def test_la_cdp_reprend_la_redaction_avant_l_approbation(distribution, client_de, soumis, nature):
    client = client_de(distribution.animatrice)
    assert client.post(adresse(f"{nature}_rouvrir", soumis)).status_code == 302
    assert client.get(adresse(f"{nature}_modifier", soumis)).status_code == 200
    assert relire(soumis).etat == "brouillon"
    assert f"cdp.{nature}annuel.rouvrir" in actes(soumis)


# — Lire : la liste des années


def _page_des_annees(client, communaute):
    return texte_de(client.get(adresse("communaute_annees", communaute)))


@pytest.mark.exigence("R-140", "R-425")
def test_la_liste_dit_ce_qui_manque_et_offre_de_l_ouvrir(distribution, client_de):
    communaute = scenes.communaute_active(distribution)
    page = _page_des_annees(client_de(distribution.animatrice), communaute)
    assert "Manquant" in page
    assert adresse("plan_ouvrir", communaute, communaute.annee.debut_annee) in page
    assert "après l’approbation du plan" in page
    lecture = _page_des_annees(client_de(distribution.membre), communaute)
    assert "Manquant" in lecture
    assert "/ouvrir/" not in lecture


def test_le_parrain_voit_qu_un_brouillon_existe_sans_pouvoir_l_ouvrir(distribution, client_de):
    plan = scenes.plan_en_redaction(distribution)
    page = _page_des_annees(client_de(distribution.parrain), plan.communaute)
    assert "en rédaction" in page
    assert plan.get_absolute_url() not in page


@pytest.mark.exigence("R-139", "R-159")
def test_la_liste_montre_copies_pdf_et_renouvellement(distribution, client_de):
    rapport = scenes.rapport_approuve(distribution)
    page = _page_des_annees(client_de(distribution.dsm), rapport.communaute)
    plan = PlanAnnuel.objects.get(annee=rapport.annee)
    assert page.count("Copie à la DSM le") == 2
    assert rapport.instantane.document.numero in page
    assert plan.instantane.document.numero in page
    assert f"Accordé pour {rapport.annee_financiere.suivante}" in page


def test_la_liste_ne_demande_pas_plus_de_requetes_quand_les_annees_s_ajoutent(
    distribution, client_de, django_assert_num_queries, django_assert_max_num_queries
):
    communaute = scenes.communaute_active(distribution)
    client = client_de(distribution.animatrice)
    page = adresse("communaute_annees", communaute)
    client.get(page)
    with django_assert_max_num_queries(26) as vide:
        client.get(page)
    scenes.rapport_approuve(distribution, communaute)
    with django_assert_num_queries(len(vide.captured_queries)):
        client.get(page)
