"""Publier, rouvrir, adopter ; et ce que chaque face du compte rendu montre : page, PDF, recherche, versions."""

import pytest
from django.urls import reverse

from cdp.actions import communautes, comptes_rendus, suivis
from encadrement.documents.models import Document
from encadrement.rencontres.models import Sorte
from tests.cdp import scenes
from tests.cdp.traces import courriels, rien_decrit
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = pytest.mark.django_db

PHRASE = "La grille est essayée dans les quatre RLS"


def adresse(nom, objet):
    return reverse(f"cdp:{nom}", args=[objet.uuid])


@pytest.fixture
def rencontre(distribution):
    return scenes.rencontre_redigee(distribution)


@pytest.fixture
def secretaire(distribution, client_de):
    return client_de(distribution.secretaire)


def sommaire(rencontre, texte):
    point = rencontre.points.filter(sorte=Sorte.AUTRE).order_by("rang").first()
    point.sommaire = texte
    point.save(update_fields=["sommaire"])
    return point


def publier(client, rencontre, **saisi):
    url = adresse("rencontre_publier", rencontre)
    return client.post(url, {**champs_de(client.get(url)), **saisi})


# --- Publier ----------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-149", "R-398", "R-387")
def test_on_relit_ce_qui_sera_publie_puis_les_membres_le_lisent(secretaire, distribution, rencontre, client_de):
    page = texte_de(secretaire.get(adresse("rencontre_publier", rencontre)))
    for attendu in (PHRASE, "Corriger l’item 14", "Line Metallic (Gesgapegiag)", "essais de la grille TDL"):
        assert attendu in page
    assert client_de(distribution.membre).get(adresse("rencontre_compte_rendu", rencontre)).status_code == 403
    reponse = publier(secretaire, rencontre)
    assert reponse.url == adresse("rencontre_compte_rendu", rencontre)
    lu = texte_de(client_de(distribution.membre).get(reponse.url))
    assert PHRASE in lu
    assert "Présences (2)" in lu
    assert "Absences (1)" in lu
    assert "Invités (1)" in lu
    assert courriels("compte_rendu_publie") == ["Kim", "Marie-Ève"]


@pytest.mark.exigence("R-397", "R-398")
def test_la_page_dit_ce_qui_manque_et_ne_publie_pas(secretaire, distribution):
    rencontre = scenes.rencontre_tenue(distribution)
    manques = ("Dites, pour chaque personne convoquée", "Écrivez le sommaire d’au moins un point")
    page = texte_de(secretaire.get(adresse("rencontre_publier", rencontre)))
    with rien_decrit():
        reponse = publier(secretaire, rencontre)
    assert reponse.status_code == 409
    for manque in manques:
        assert manque in page
        assert manque in texte_de(reponse)


def test_publie_deux_fois_il_ne_lest_quune(secretaire, distribution, rencontre):
    champs = champs_de(secretaire.get(adresse("rencontre_publier", rencontre)))
    assert secretaire.post(adresse("rencontre_publier", rencontre), champs).status_code == 302
    with rien_decrit():
        reponse = secretaire.post(adresse("rencontre_publier", rencontre), champs)
    assert reponse.status_code == 409
    assert "à l’état « compte rendu publié »" in texte_de(reponse)


def test_un_texte_change_pendant_quon_le_relit_ne_part_pas(secretaire, rencontre):
    champs = champs_de(secretaire.get(adresse("rencontre_publier", rencontre)))
    sommaire(rencontre, "Une autre décision, que personne n’a relue.")
    with rien_decrit():
        reponse = secretaire.post(adresse("rencontre_publier", rencontre), champs)
    assert reponse.status_code == 409
    assert "a changé depuis que vous l’avez lu" in texte_de(reponse)
    assert "Une autre décision" in texte_de(reponse)
    assert secretaire.post(adresse("rencontre_publier", rencontre), champs_de(reponse)).status_code == 302


@pytest.mark.parametrize(
    "texte", ["Le dossier TREM 8501 0112 est discuté.", "Rappeler au 418 555-0199.", "Mme Tremblay, née le 3 mai 1985."]
)
def test_ce_qui_identifie_une_personne_se_relit_avant_de_publier(secretaire, rencontre, texte):
    sommaire(rencontre, texte)
    with rien_decrit():
        reponse = publier(secretaire, rencontre)
    assert reponse.status_code == 200
    page = texte_de(reponse)
    assert "À relire avant de publier" in page
    assert "Ce texte semble contenir" in page
    relu = reponse.context["form"].fields["relu"].widget.attrs["value"]
    assert publier(secretaire, rencontre, relu=relu).status_code == 302


@pytest.mark.exigence("R-320")
def test_un_avis_sur_les_services_demande_une_raison(secretaire, rencontre):
    sommaire(rencontre, "On recommande de revoir la qualité des services.")
    with rien_decrit():
        reponse = publier(secretaire, rencontre)
    assert "elle ne rend ni avis ni recommandation" in texte_de(reponse)
    assert publier(secretaire, rencontre, raison="On cite le plan de l’établissement.").status_code == 302


# --- Qui lit ----------------------------------------------------------------------------------------------------

FACES = {"parrain": ("parrain",), "dsm": ("dsm", "appr")}


def _pdf(rencontre):
    return reverse("documents:telecharger", args=[Document.objects.get(instantane=rencontre.compte_rendu).uuid])


@pytest.mark.parametrize("ouvert", ["personne", "parrain", "dsm"])
def test_le_parrain_et_la_dsm_ne_lisent_que_si_la_communaute_le_leur_ouvre(
    distribution, client_de, ouvert, monkeypatch
):
    rencontre = scenes.rencontre_publiee(distribution)
    communautes.partager(
        rencontre.communaute,
        par=distribution.animatrice,
        au_parrain=ouvert == "parrain",
        a_la_dsm=ouvert == "dsm",
    )
    # On juge qui entre, pas ce que le PDF contient : le produire prendrait une seconde par personne.
    monkeypatch.setattr("encadrement.documents.views.produire", lambda document: document)
    for face, gens in FACES.items():
        for nom in gens:
            client = client_de(distribution[nom])
            lit = face == ouvert
            codes = {
                "page": client.get(adresse("rencontre_compte_rendu", rencontre)).status_code,
                "version": client.get(adresse("rencontre_compte_rendu", rencontre), {"version": 1}).status_code,
                "pdf": client.get(_pdf(rencontre)).status_code,
            }
            assert codes == (
                {"page": 200, "version": 200, "pdf": 200} if lit else {"page": 403, "version": 403, "pdf": 404}
            )
            fiche = client.get(adresse("rencontre", rencontre))
            assert PHRASE not in texte_de(fiche)
            trouve = client.get(reverse("accueil:recherche"), {"q": "grille est essayée"})
            assert PHRASE not in texte_de(trouve)


@pytest.mark.parametrize("nom", ["ancien_membre", "collegue", "pilote", "superutilisateur", "autre_gestionnaire"])
def test_pour_quiconque_d_autre_le_compte_rendu_nexiste_pas(distribution, client_de, nom):
    rencontre = scenes.rencontre_publiee(distribution)
    client = client_de(distribution[nom])
    assert client.get(adresse("rencontre_compte_rendu", rencontre)).status_code == 404
    assert client.get(_pdf(rencontre)).status_code == 404


# --- Corriger, adopter ------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-398")
def test_rouvert_corrige_et_republie_il_garde_ses_deux_versions(secretaire, distribution, rencontre, client_de):
    publier(secretaire, rencontre)
    rouvert = secretaire.post(adresse("rencontre_rouvrir", rencontre))
    assert rouvert.url == adresse("rencontre_ecrire", rencontre)
    membre = client_de(distribution.membre)
    assert membre.get(adresse("rencontre_compte_rendu", rencontre)).status_code == 403
    sommaire(rencontre, "L’item 14 est réécrit.")
    publier(secretaire, rencontre)
    en_vigueur = texte_de(membre.get(adresse("rencontre_compte_rendu", rencontre)))
    premiere = texte_de(membre.get(adresse("rencontre_compte_rendu", rencontre), {"version": 1}))
    assert "L’item 14 est réécrit." in en_vigueur
    assert PHRASE not in en_vigueur
    assert PHRASE in premiere
    assert "remplacée depuis" in premiere
    assert Document.objects.filter(instantane__nature="cdp_compte_rendu").count() == 2


@pytest.mark.parametrize("version", ["0", "2", "-1", "abc", "²", ""])
def test_une_version_qui_nexiste_pas_rend_celle_en_vigueur(secretaire, distribution, version):
    rencontre = scenes.rencontre_publiee(distribution)
    reponse = secretaire.get(adresse("rencontre_compte_rendu", rencontre), {"version": version})
    assert reponse.status_code == 200
    assert PHRASE in texte_de(reponse)


@pytest.mark.exigence("R-395", "R-399")
def test_il_sadopte_a_la_rencontre_suivante_pas_avant(secretaire, distribution):
    rencontre = scenes.rencontre_publiee(distribution, il_y_a=30)
    with rien_decrit():
        reponse = secretaire.post(adresse("rencontre_adopter", rencontre))
    assert reponse.status_code == 409
    assert "s’adopte à la rencontre suivante" in texte_de(reponse)
    suivante = scenes.rencontre_tenue(distribution, il_y_a=1)
    assert secretaire.post(adresse("rencontre_adopter", rencontre)).status_code == 302
    rencontre.refresh_from_db()
    assert (rencontre.etat, rencontre.adoptee_a) == ("adoptee", suivante)


def test_une_rencontre_a_venir_na_pas_de_compte_rendu(secretaire, distribution):
    rencontre = scenes.rencontre_planifiee(distribution)
    for page in ("rencontre_compte_rendu", "rencontre_ecrire", "rencontre_presences"):
        assert secretaire.get(adresse(page, rencontre)).url == rencontre.get_absolute_url()


@pytest.mark.exigence("R-396", "R-397", "R-398", "R-399")
def test_le_contenu_fige_porte_tout_ce_que_lannexe_10_demande(distribution):
    rencontre = scenes.rencontre_publiee(distribution)
    contenu = rencontre.compte_rendu.donnees
    assert [ligne["nom"] for ligne in contenu["presences"]] == ["Zélie Babin", "Marie-Ève Huard"]
    assert [ligne["nom"] for ligne in contenu["absences"]] == ["Kim Gagné"]
    assert [ligne["nom"] for ligne in contenu["invites"]] == ["Line Metallic"]
    assert (contenu["debut"][11:16], contenu["fin"][11:16]) == ("13:30", "16:30")
    assert contenu["mode"] == "par Teams ou visioconférence"
    assert [point["numero"] for point in contenu["points"]] == ["1", "2", "3", "4.1", "4.2", "4.3", "5", "6", "7"]
    grille = contenu["points"][3]
    assert grille["responsable"] == "Zélie Babin"
    assert grille["suivis"][0]["texte"] == "Corriger l’item 14"
    assert grille["suivis"][0]["quand"]


def test_clore_un_suivi_apres_coup_ne_change_pas_le_compte_rendu_publie(distribution):
    rencontre = scenes.rencontre_publiee(distribution)
    avant = rencontre.compte_rendu.donnees
    for suivi in rencontre.suivis.all():
        suivis.clore_suivi(suivi, par=distribution.animatrice)
    rencontre.refresh_from_db()
    assert rencontre.compte_rendu.donnees == avant
    assert comptes_rendus.contenu_compte_rendu(rencontre) == avant
