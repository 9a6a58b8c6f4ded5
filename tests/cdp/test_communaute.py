"""La fiche d’une communauté : la mettre en route, l’écrire à plusieurs, la proposer, la mener, l’ouvrir."""

import re

import pytest

from cdp.actions import adhesions, communautes
from cdp.models import Communaute, EtatCommunaute, RoleCdp
from cdp.regles import HORS_MANDAT
from encadrement.acces.matrice import AccesRefuse
from encadrement.personnes.organisation import TitreEmploi
from encadrement.socle.erreurs import ErreurMetier
from encadrement.sondages.models import Campagne
from tests.cdp import scenes
from tests.cdp.annuel import adresse
from tests.cdp.traces import courriels, rien_decrit
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = pytest.mark.django_db

OUVRIR = "/communautes/ouvrir/"


def _relire(communaute):
    return Communaute.objects.get(pk=communaute.pk)


# --- Mettre en route --------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-156", "R-382")
def test_un_gestionnaire_met_une_communaute_en_route_et_invite_qui_l_animera(distribution, client_de):
    d = distribution
    donnees = {"nom": "CdP en soins de plaies", "personne": d.membre.matricule}
    reponse = client_de(d.gestionnaire).post(OUVRIR, donnees)
    communaute = Communaute.objects.get(nom="CdP en soins de plaies")
    assert reponse.url == adresse("demarrage", communaute, 1)
    invitation = communaute.adhesions.get()
    assert (invitation.personne, invitation.role, invitation.etat) == (d.membre, RoleCdp.ANIMATEUR, "invitee")
    assert courriels("adhesion_invitation") == ["Kim"]
    assert client_de(d.gestionnaire).get(communaute.get_absolute_url()).status_code == 200


def test_qui_n_est_ni_du_cm_ni_gestionnaire_ne_met_rien_en_route(distribution, client_de):
    with rien_decrit():
        assert client_de(distribution.drhcaj).post(OUVRIR, {"nom": "CdP"}).status_code == 403
        with pytest.raises(AccesRefuse):
            communautes.ouvrir_communaute(par=distribution.drhcaj, nom="CdP")


@pytest.mark.parametrize("nom", [scenes.NOM, scenes.NOM.upper(), f"  {scenes.NOM} "])
def test_un_nom_deja_pris_est_refuse_et_la_saisie_reste(distribution, client_de, nom):
    scenes.communaute_ouverte(distribution)
    with rien_decrit():
        reponse = client_de(distribution.mentor).post(OUVRIR, {"nom": nom, "domaine": "Mon domaine."})
    assert reponse.status_code == 409
    assert "Une autre communauté porte déjà ce nom" in texte_de(reponse)
    assert champs_de(reponse)["domaine"] == "Mon domaine."


def test_un_nom_redevient_libre_quand_sa_communaute_est_dissoute(distribution, client_de):
    communaute = scenes.communaute_active(distribution)
    communautes.dissoudre_communaute(communaute, par=distribution.parrain, motif="Mandat accompli.")
    assert client_de(distribution.mentor).post(OUVRIR, {"nom": scenes.NOM}).status_code == 302


def test_une_personne_partie_n_est_pas_trouvee_pour_animer(distribution, client_de):
    with rien_decrit():
        reponse = client_de(distribution.mentor).post(OUVRIR, {"nom": "CdP", "personne": "Keays"})
    assert "Aucune personne en poste ne porte ce nom" in texte_de(reponse)


# --- La fiche ---------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-117", "R-119", "R-426")
def test_la_fiche_dit_qui_tient_la_communaute(distribution, client_de):
    page = texte_de(client_de(distribution.mentore).get(scenes.communaute_active(distribution).get_absolute_url()))
    for attendu in ("Marie-Ève Huard", "mandat d’un an, jusqu’au", "Zélie Babin", "3 membres", "Pierre-Luc Barriault"):
        assert attendu in page
    for pierre in ("domaine", "groupe", "pratique"):
        assert scenes.FICHE[pierre] in page


@pytest.mark.parametrize(
    ("code", "libelle"),
    [
        pytest.param("soutien", "Aide et soutien entre professionnels", marks=pytest.mark.exigence("R-131")),
        pytest.param(
            "pratiques",
            "Vérification des pratiques ou application de nouvelles pratiques",
            marks=pytest.mark.exigence("R-132"),
        ),
        pytest.param(
            "connaissances",
            "Partage ou production de nouvelles connaissances",
            marks=pytest.mark.exigence("R-133"),
        ),
        pytest.param("competences", "Développement de nouvelles compétences", marks=pytest.mark.exigence("R-134")),
        pytest.param(
            "organisation", "Réponse à un besoin spécifique de l’organisation", marks=pytest.mark.exigence("R-135")
        ),
    ],
)
def test_chaque_besoin_se_coche_et_se_lit_sur_la_fiche(distribution, client_de, code, libelle):
    communaute = scenes.communaute_ouverte(distribution)
    client = client_de(distribution.animatrice)
    lus = champs_de(client.get(adresse("communaute_modifier", communaute)))
    client.post(adresse("communaute_modifier", communaute), {**lus, f"besoin_{code}": "on"})
    assert _relire(communaute).besoins == [code]
    assert f'{libelle}<span class="visually-hidden"> : oui' in texte_de(client.get(communaute.get_absolute_url()))


def test_deux_personnes_ecrivent_la_fiche_sans_s_ecraser(distribution, client_de):
    communaute = scenes.communaute_active(distribution)
    page = adresse("communaute_modifier", communaute)
    animatrice, secretaire = client_de(distribution.animatrice), client_de(distribution.secretaire)
    lus = champs_de(animatrice.get(page))
    secretaire.post(page, {**lus, "clientele": "Enfants de 0 à 7 ans", "besoin_competences": "on"})
    assert animatrice.post(page, {**lus, "retombees": "Moins d’attente."}).status_code == 302
    relue = _relire(communaute)
    assert (relue.clientele, relue.retombees) == ("Enfants de 0 à 7 ans", "Moins d’attente.")
    assert relue.besoins == ["soutien", "pratiques", "competences"]


def test_deux_textes_au_meme_endroit_sont_montres_tous_les_deux(distribution, client_de):
    communaute = scenes.communaute_active(distribution)
    page = adresse("communaute_modifier", communaute)
    animatrice, secretaire = client_de(distribution.animatrice), client_de(distribution.secretaire)
    lus = champs_de(animatrice.get(page))
    secretaire.post(page, {**lus, "pratique": "Codéveloppement mensuel."})
    reponse = animatrice.post(page, {**lus, "pratique": "Lectures commentées."})
    assert reponse.status_code == 409
    assert "Codéveloppement mensuel." in texte_de(reponse)
    assert champs_de(reponse)["pratique"] == "Lectures commentées."
    assert _relire(communaute).pratique == "Codéveloppement mensuel."


def test_la_fiche_s_enregistre_pendant_la_frappe(distribution, client_de):
    communaute = scenes.communaute_active(distribution)
    client = client_de(distribution.animatrice)
    lus = champs_de(client.get(adresse("communaute_modifier", communaute)))
    reponse = client.post(adresse("communaute_brouillon", communaute), {**lus, "themes": "Bilinguisme"})
    assert reponse.json()["enregistre_le"]
    assert _relire(communaute).themes == "Bilinguisme"
    vide = client.post(adresse("communaute_brouillon", communaute), {**lus, "nom": " ", "clientele": "Familles"})
    assert (vide.status_code, "Donnez un nom" in vide.json()["message"]) == (422, True)
    assert (_relire(communaute).nom, _relire(communaute).clientele) == (scenes.NOM, "Familles")


def test_un_texte_trop_long_reste_a_l_ecran_et_le_reste_est_garde(distribution, client_de):
    communaute = scenes.communaute_active(distribution)
    client = client_de(distribution.animatrice)
    lus = champs_de(client.get(adresse("communaute_modifier", communaute)))
    long = "é" * 4001
    saisi = {**lus, "domaine": long, "lien_teams": "pas une adresse", "clientele": "Familles"}
    reponse = client.post(adresse("communaute_modifier", communaute), saisi)
    assert champs_de(reponse)["domaine"] == long
    assert "Il reste 2 champs à corriger" in texte_de(reponse)
    relue = _relire(communaute)
    assert (relue.domaine, relue.lien_teams, relue.clientele) == (scenes.FICHE["domaine"], scenes.LIEN, "Familles")


@pytest.mark.exigence("R-114", "R-418")
def test_les_titres_d_emploi_s_ajoutent_et_se_retirent_un_a_un(distribution, client_de):
    communaute = scenes.communaute_active(distribution)
    page = adresse("communaute_modifier", communaute)
    client = client_de(distribution.animatrice)
    autre = TitreEmploi.objects.get(code="1230")
    lus = champs_de(client.get(page))
    assert client.post(page, {**lus, "titre": autre.pk, "geste": "ajouter_titre"}).url.endswith("#titres")
    assert {titre.code for titre in communaute.titres_emploi.all()} == {"1230", "1255"}
    client.post(page, {**lus, "geste": f"retirer_titre:{autre.pk}"})
    assert [titre.code for titre in communaute.titres_emploi.all()] == ["1255"]
    client.post(page, {**lus, "geste": "retirer_titre:²"})


def test_le_dossier_d_accueil_et_teams_sont_aux_membres(distribution, client_de):
    adresse_fiche = scenes.communaute_active(distribution).get_absolute_url()
    assert scenes.FICHE["accueil"] in texte_de(client_de(distribution.membre).get(adresse_fiche))
    for dehors in ("mentore", "parrain", "appr", "ancien_membre"):
        page = texte_de(client_de(distribution[dehors]).get(adresse_fiche))
        assert scenes.FICHE["accueil"] not in page
        assert scenes.LIEN not in page


def test_une_communaute_dissoute_ne_se_modifie_plus(distribution, client_de):
    communaute = scenes.communaute_active(distribution)
    communautes.dissoudre_communaute(communaute, par=distribution.parrain, motif="Mandat accompli.")
    client = client_de(distribution.animatrice)
    assert client.get(adresse("communaute_modifier", communaute)).url == communaute.get_absolute_url()
    with rien_decrit():
        reponse = client.post(adresse("communaute_modifier", communaute), {"nom": "Autre nom"})
        assert reponse.status_code == 409
        with pytest.raises(ErreurMetier, match="dissoute"):
            communautes.changer_parrain(_relire(communaute), distribution.gestionnaire, par=distribution.dsm)


@pytest.mark.parametrize(
    ("nom", "onglets"),
    [
        (
            "membre",
            ["Fiche", "Membres", "Rencontres", "Suivis", "Plan et rapport", "Heures", "Outils", "Sujets", "Appels"],
        ),
        ("parrain", ["Fiche", "Membres", "Rencontres", "Plan et rapport", "Heures"]),
        ("mentore", ["Fiche", "Membres"]),
    ],
)
def test_chacun_ne_voit_que_ses_onglets_et_chacun_s_ouvre(distribution, client_de, nom, onglets):
    communaute = scenes.communaute_active(distribution)
    client = client_de(distribution[nom])
    reponse = client.get(communaute.get_absolute_url())
    nav = reponse.content.decode().partition('<nav class="onglets"')[2].partition("</nav>")[0]
    liens = re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', nav)
    assert [libelle for _, libelle in liens] == onglets
    assert {client.get(lien).status_code for lien, _ in liens} == {200}


# --- Proposer, agréer, mener ------------------------------------------------------------------------------------


@pytest.mark.exigence("R-119", "R-426")
def test_le_groupe_noyau_propose_et_le_parrain_agree(distribution, client_de):
    communaute = scenes.communaute_prete(distribution)
    reponse = client_de(distribution.animatrice).post(adresse("communaute_proposer", communaute))
    assert reponse.status_code == 302
    assert courriels("communaute_proposee") == ["Pierre-Luc"]
    parrain = client_de(distribution.parrain)
    assert scenes.FICHE["retombees"] in texte_de(parrain.get(adresse("communaute_agreer", communaute)))
    parrain.post(adresse("communaute_agreer", communaute))
    assert _relire(communaute).etat == EtatCommunaute.ACTIVE
    assert courriels("communaute_agreee") == ["Kim", "Marie-Ève", "Zélie"]


@pytest.mark.exigence("R-117", "R-119", "R-137", "R-427")
def test_proposer_trop_tot_dit_tout_ce_qui_manque(distribution, client_de):
    communaute = scenes.communaute_ouverte(distribution)
    with rien_decrit():
        reponse = client_de(distribution.animatrice).post(
            adresse("communaute_proposer", communaute), {"raison": "Tôt."}
        )
    assert reponse.status_code == 409
    page = texte_de(reponse)
    for manque in ("Désignez le gestionnaire qui parraine", "doit avoir un secrétaire", "au moins un des cinq besoins"):
        assert manque in page


@pytest.mark.exigence("R-114", "R-418", "R-288")
def test_s_ecarter_des_balises_demande_une_raison_gardee_au_dossier(distribution, client_de):
    communaute = scenes.communaute_prete(distribution)
    communaute.titres_emploi.set([distribution.mentor.titre_emploi])
    client = client_de(distribution.animatrice)
    page = adresse("communaute_proposer", communaute)
    assert "n’ont pas un titre d’emploi de la communauté" in texte_de(client.get(page))
    with rien_decrit():
        assert "Écrivez la raison de cet écart" in texte_de(client.post(page, {"raison": " "}))
    client.post(page, {"raison": "Deux professions se partagent la clientèle."})
    passage = communaute.passages.get(transition="proposer")
    assert passage.motif == "Deux professions se partagent la clientèle."
    assert passage.avertissements


def test_le_parrain_retourne_avec_un_commentaire_que_le_noyau_lit(distribution, client_de):
    communaute = scenes.communaute_proposee(distribution)
    parrain = client_de(distribution.parrain)
    with rien_decrit():
        assert "Écrivez le motif" in texte_de(parrain.post(adresse("communaute_retourner", communaute)))
    parrain.post(adresse("communaute_retourner", communaute), {"motif": "Précisez la clientèle."})
    assert "Précisez la clientèle." in texte_de(client_de(distribution.animatrice).get(communaute.get_absolute_url()))
    # Retournée, la préparation n’est plus à lui.
    assert parrain.get(communaute.get_absolute_url()).status_code == 404


def test_suspendre_annule_les_rencontres_et_reprendre_rouvre(distribution, client_de):
    communaute = scenes.communaute_active(distribution)
    rencontre = scenes.rencontre_convoquee(distribution, communaute)
    parrain = client_de(distribution.parrain)
    parrain.post(adresse("communaute_suspendre", communaute), {"motif": "Réorganisation."})
    rencontre.refresh_from_db()
    assert (rencontre.etat, _relire(communaute).etat) == ("annulee", "suspendue")
    parrain.post(adresse("communaute_reprendre", communaute))
    assert _relire(communaute).etat == "active"
    assert courriels("communaute_suspendue") == courriels("communaute_reprise") == ["Kim", "Marie-Ève", "Zélie"]


@pytest.mark.exigence("R-320", "R-145")
@pytest.mark.parametrize(
    ("nom", "page"),
    [("mentor", OUVRIR), ("animatrice", "communaute_proposer"), ("parrain", "communaute_agreer")],
)
def test_le_mandat_d_une_cdp_se_lit_la_ou_l_on_decide_de_son_sort(distribution, client_de, nom, page):
    if page == "communaute_proposer":
        page = adresse(page, scenes.communaute_prete(distribution))
    elif page == "communaute_agreer":
        page = adresse(page, scenes.communaute_proposee(distribution))
    client = client_de(distribution[nom])
    lue = texte_de(client.get(page))
    assert "elle ne rend pas d’avis sur l’organisation ou la qualité des services" in lue
    assert "/ressources/annexe-3/" in lue
    assert "comité de pairs" in texte_de(client.get("/ressources/annexe-3/"))
    assert "comité de pairs" in HORS_MANDAT


@pytest.mark.exigence("R-147", "R-165", "R-380", "R-381", "R-383", "R-384")
def test_l_animateur_trouve_son_role_a_partir_de_la_fiche(distribution, client_de):
    communaute = scenes.communaute_active(distribution)
    client = client_de(distribution.animatrice)
    assert "/ressources/annexe-8/" in texte_de(client.get(communaute.get_absolute_url()))
    annexe = texte_de(client.get("/ressources/annexe-8/"))
    for role in ("communauté vivante", "objectifs", "recruter les membres", "relation productive"):
        assert role in annexe


# --- Le parrain, le partage, le sondage -------------------------------------------------------------------------


@pytest.mark.exigence("R-119", "R-384")
def test_le_parrain_change_et_les_deux_sont_avises(distribution, client_de):
    communaute = scenes.communaute_active(distribution)
    page = adresse("communaute_changer_parrain", communaute)
    client_de(distribution.dsm).post(page, {"personne": "Desbois"})
    assert _relire(communaute).parrain == distribution.autre_gestionnaire
    assert courriels("parrain_change") == ["Carole", "Marie-Ève", "Pierre-Luc", "Zélie"]
    assert client_de(distribution.parrain).get(page).status_code == 403


@pytest.mark.exigence("R-119", "R-426")
@pytest.mark.parametrize(
    ("qui", "phrase"),
    [
        ("mentor", "n’a pas d’équipe : un gestionnaire parraine chaque communauté"),
        ("inactif", "Aucune personne en poste"),
    ],
)
def test_seul_un_gestionnaire_en_poste_parraine(distribution, client_de, qui, phrase):
    communaute = scenes.communaute_active(distribution)
    donnees = {"personne": distribution[qui].matricule}
    with rien_decrit():
        reponse = client_de(distribution.dsm).post(adresse("communaute_changer_parrain", communaute), donnees)
    assert phrase in texte_de(reponse)
    assert champs_de(reponse)["personne"] == donnees["personne"]


@pytest.mark.exigence("R-119")
def test_qui_est_membre_ou_invite_ne_parraine_pas(distribution):
    communaute = scenes.communaute_ouverte(distribution)
    adhesions.inviter(communaute, distribution.parrain, par=distribution.animatrice)
    with rien_decrit(), pytest.raises(ErreurMetier, match="ne peut pas être aussi membre"):
        communautes.changer_parrain(communaute, distribution.parrain, par=distribution.animatrice)


def test_le_parrain_pressenti_n_apprend_rien_avant_la_proposition(distribution, client_de):
    communaute = scenes.communaute_prete(distribution)
    assert courriels("parrain_change") == []
    assert client_de(distribution.parrain).get(communaute.get_absolute_url()).status_code == 404


@pytest.mark.exigence("R-120")
def test_la_communaute_dit_a_qui_elle_ouvre_ses_comptes_rendus(distribution, client_de):
    communaute = scenes.communaute_active(distribution)
    rencontre = scenes.rencontre_publiee(distribution, communaute)
    lecture = adresse("rencontre_compte_rendu", rencontre)
    parrain = client_de(distribution.parrain)
    assert parrain.get(lecture).status_code == 403
    assert parrain.get(rencontre.get_absolute_url()).status_code == 200
    client_de(distribution.animatrice).post(adresse("communaute_partager", communaute), {"au_parrain": "on"})
    assert "Aux membres, au gestionnaire parrain." in texte_de(parrain.get(communaute.get_absolute_url()))
    assert parrain.get(lecture).status_code == 200
    assert client_de(distribution.appr).get(lecture).status_code == 403


@pytest.mark.exigence("R-469", "R-477")
def test_sonder_les_besoins_invite_les_membres_une_fois_par_annee(distribution, client_de):
    communaute = scenes.communaute_active(distribution)
    client = client_de(distribution.animatrice)
    page = adresse("communaute_sonder", communaute)
    client.post(page)
    campagne = Campagne.objects.get()
    assert campagne.invitations.count() == 3
    client.post(page)
    assert (Campagne.objects.count(), campagne.invitations.count()) == (1, 3)
    assert "n’invite que les membres arrivés depuis" in texte_de(client.get(page))
    lien = f"/sondages/campagnes/{campagne.uuid}/"
    assert lien in texte_de(client.get(page))
    assert client.get(lien).status_code == 200
    assert client_de(distribution.membre).get(lien).status_code == 404


def test_une_communaute_suspendue_ne_sonde_pas(distribution, client_de):
    communaute = scenes.communaute_active(distribution)
    communautes.suspendre_communaute(communaute, par=distribution.parrain, motif="Pause.")
    with rien_decrit():
        assert client_de(distribution.animatrice).post(adresse("communaute_sonder", communaute)).status_code == 409
