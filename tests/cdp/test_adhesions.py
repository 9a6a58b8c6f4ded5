"""Les gens d’une communauté : demander, inviter, répondre, nommer, quitter, remplacer, reconduire un mandat."""

import datetime

import pytest

from cdp.actions import adhesions
from cdp.models import Adhesion, RoleCdp
from encadrement.documents.models import Document
from encadrement.outils.horloge import au
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import ajouter_mois, jour_local
from tests.cdp import scenes
from tests.cdp.annuel import adresse
from tests.cdp.traces import courriels, rien_decrit
from tests.factories import PersonneFactory
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = pytest.mark.django_db


def _relire(adhesion):
    return Adhesion.objects.get(pk=adhesion.pk)


def _inviter(client, communaute, qui, **donnees):
    saisi = {"personne": qui, "role": RoleCdp.MEMBRE, **donnees}
    return client.post(adresse("communaute_inviter", communaute), saisi)


# --- Demander ---------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-116", "R-420")
def test_demander_puis_etre_accepte(distribution, client_de):
    communaute = scenes.communaute_active(distribution)
    page = adresse("communaute_demander_adhesion", communaute)
    client_de(distribution.executif_cm).post(page, {"motivation": "La télépratique."})
    adhesion = communaute.adhesions.get(personne=distribution.executif_cm)
    assert courriels("adhesion_demandee") == ["Marie-Ève"]
    animatrice = client_de(distribution.animatrice)
    assert "La télépratique." in texte_de(animatrice.get(adresse("adhesion_accepter", adhesion)))
    animatrice.post(adresse("adhesion_accepter", adhesion))
    assert (_relire(adhesion).etat, _relire(adhesion).debut) == ("active", jour_local())
    assert client_de(distribution.executif_cm).get(adresse("outils", communaute)).status_code == 200


@pytest.mark.exigence("R-116")
def test_une_demande_se_refuse_avec_un_motif_et_se_retire_sans(distribution, client_de):
    adhesion = scenes.adhesion_demandee(distribution)
    client_de(distribution.animatrice).post(adresse("adhesion_refuser", adhesion), {"motif": "Groupe complet."})
    personne = client_de(distribution.executif_cm)
    assert "Groupe complet." in texte_de(personne.get(adhesion.get_absolute_url()))
    # Refusée, on peut redemander ; et changer d’idée.
    nouvelle = scenes.adhesion_demandee(distribution)
    personne.post(adresse("adhesion_retirer", nouvelle))
    assert _relire(nouvelle).etat == "retiree"


def test_on_ne_demande_pas_deux_fois(distribution, client_de):
    scenes.adhesion_demandee(distribution)
    communaute = scenes.communaute_active(distribution)
    with rien_decrit():
        reponse = client_de(distribution.executif_cm).post(
            adresse("communaute_demander_adhesion", communaute), {"motivation": "Encore."}
        )
    assert reponse.status_code == 409
    assert "Une personne n’est membre qu’une fois" in texte_de(reponse)
    assert champs_de(reponse)["motivation"] == "Encore."


# --- Inviter ----------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-116", "R-383", "R-467")
def test_une_personne_invitee_accepte_ou_decline_sans_se_justifier(distribution, client_de):
    communaute = scenes.communaute_active(distribution)
    animatrice = client_de(distribution.animatrice)
    _inviter(animatrice, communaute, "Anne-Sophie Babin")
    adhesion = communaute.adhesions.get(personne=distribution.executif_cm)
    assert courriels("adhesion_invitation")[0] == "Anne-Sophie"
    personne = client_de(distribution.executif_cm)
    assert "On vous invite" in texte_de(personne.get("/communautes/"))
    assert scenes.FICHE["regles_internes"] in texte_de(personne.get(adresse("adhesion_accepter_invitation", adhesion)))
    personne.post(adresse("adhesion_decliner", adhesion))
    assert _relire(adhesion).etat == "declinee"
    _inviter(animatrice, communaute, distribution.executif_cm.matricule)
    seconde = communaute.adhesions.get(personne=distribution.executif_cm, etat="invitee")
    personne.post(adresse("adhesion_accepter_invitation", seconde))
    assert _relire(seconde).etat == "active"


@pytest.mark.parametrize(
    ("qui", "phrase"),
    [
        ("membre", "Une personne n’est membre qu’une fois"),
        ("parrain", "il ne peut pas être aussi membre"),
        ("inactif", "Aucune personne en poste"),
    ],
)
@pytest.mark.exigence("R-119")
def test_une_invitation_impossible_dit_pourquoi_et_garde_la_saisie(distribution, client_de, qui, phrase):
    communaute = scenes.communaute_active(distribution)
    with rien_decrit():
        reponse = _inviter(client_de(distribution.animatrice), communaute, distribution[qui].matricule)
    assert phrase in texte_de(reponse)
    assert champs_de(reponse)["personne"] == distribution[qui].matricule


def test_une_personne_partie_ne_s_invite_pas_par_l_action(distribution):
    communaute = scenes.communaute_active(distribution)
    with rien_decrit(), pytest.raises(ErreurMetier, match="n’est plus à l’emploi"):
        adhesions.inviter(communaute, distribution.inactif, par=distribution.animatrice)


def test_deux_homonymes_se_distinguent(distribution, client_de):
    communaute = scenes.communaute_active(distribution)
    jumelle = PersonneFactory(prenom="Anne-Sophie", nom="Babin", titre_emploi=distribution.animatrice.titre_emploi)
    animatrice = client_de(distribution.animatrice)
    reponse = _inviter(animatrice, communaute, "Anne-Sophie Babin")
    assert "Plusieurs personnes portent ce nom" in texte_de(reponse)
    _inviter(animatrice, communaute, "Anne-Sophie Babin", laquelle=str(jumelle.uuid))
    assert communaute.adhesions.filter(personne=jumelle, etat="invitee").exists()


@pytest.mark.exigence("R-114", "R-418")
def test_un_autre_titre_d_emploi_demande_une_raison_ecrite(distribution, client_de):
    communaute = scenes.communaute_active(distribution)
    animatrice = client_de(distribution.animatrice)
    with rien_decrit():
        reponse = _inviter(animatrice, communaute, "Bujold")
    assert (reponse.status_code, "n’a pas un titre d’emploi de la communauté" in texte_de(reponse)) == (409, True)
    _inviter(animatrice, communaute, "Bujold", raison="Elle travaille avec les mêmes familles.")
    adhesion = communaute.adhesions.get(personne=distribution.collegue)
    assert adhesion.raison_ecart == "Elle travaille avec les mêmes familles."
    # L’expert de contenu, lui, vient d’ailleurs.
    _inviter(animatrice, communaute, "St-Onge", role=RoleCdp.EXPERT)
    assert communaute.adhesions.get(personne=distribution.mentore).raison_ecart == ""


@pytest.mark.exigence("R-114")
def test_accepter_la_demande_d_un_autre_titre_demande_aussi_une_raison(distribution, client_de):
    adhesion = scenes.adhesion_demandee(distribution, distribution.mentore)
    animatrice = client_de(distribution.animatrice)
    with rien_decrit():
        animatrice.post(adresse("adhesion_accepter", adhesion))
    animatrice.post(adresse("adhesion_accepter", adhesion), {"raison": "Même clientèle."})
    assert (_relire(adhesion).etat, _relire(adhesion).raison_ecart) == ("active", "Même clientèle.")


@pytest.mark.exigence("R-288")
def test_un_vingt_et_unieme_membre_demande_une_raison(distribution, client_de):
    communaute = scenes.communaute_active(distribution)
    titre = distribution.animatrice.titre_emploi
    for _ in range(17):
        adhesions.inviter(communaute, PersonneFactory(titre_emploi=titre), par=distribution.animatrice)
    with rien_decrit():
        reponse = _inviter(client_de(distribution.animatrice), communaute, distribution.executif_cm.matricule)
    assert "La communauté compterait 21 membres" in texte_de(reponse)


def test_l_animatrice_reprend_une_invitation(distribution, client_de):
    adhesion = scenes.adhesion_invitee(distribution)
    client_de(distribution.animatrice).post(adresse("adhesion_annuler", adhesion))
    reponse = client_de(distribution.executif_cm).post(adresse("adhesion_accepter_invitation", adhesion))
    assert reponse.status_code == 409
    assert _relire(adhesion).etat == "retiree"


# --- Les rôles --------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-117", "R-137", "R-465")
def test_deux_animateurs_forment_un_duo(distribution, client_de):
    adhesion = scenes.adhesion_de(distribution)
    reponse = client_de(distribution.animatrice).post(adresse("adhesion_nommer", adhesion), {"role": "animateur"})
    assert reponse.url == adresse("communaute_membres", adhesion.communaute)
    assert _relire(adhesion).mandat_fin == ajouter_mois(jour_local(), 12)
    assert {a.personne.prenom for a in adhesion.communaute.animateurs()} == {"Kim", "Marie-Ève"}
    assert courriels("role_nomme") == ["Kim"]


@pytest.mark.exigence("R-117", "R-137")
def test_la_communaute_garde_un_animateur(distribution, client_de):
    adhesion = scenes.adhesion_de(distribution, "animatrice")
    with rien_decrit():
        reponse = client_de(distribution.parrain).post(adresse("adhesion_nommer", adhesion), {"role": "membre"})
    assert "nommez d’abord la relève" in texte_de(reponse)


@pytest.mark.exigence("R-118")
def test_le_mandat_d_un_an_se_reconduit_par_le_parrain(distribution, client_de):
    adhesion = scenes.adhesion_de(distribution, "animatrice")
    fin = adhesion.mandat_fin
    client_de(distribution.parrain).post(adresse("adhesion_reconduire", adhesion))
    assert _relire(adhesion).mandat_fin == ajouter_mois(fin, 12)
    # Un membre n’a pas de mandat.
    assert (
        client_de(distribution.membre).get(adresse("adhesion_reconduire", scenes.adhesion_de(distribution))).status_code
        == 403
    )


# --- Partir -----------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-116")
def test_quitter_ferme_les_echanges_et_garde_le_dossier(distribution, client_de):
    adhesion = scenes.adhesion_de(distribution)
    membre = client_de(distribution.membre)
    membre.post(adresse("adhesion_quitter", adhesion))
    assert (_relire(adhesion).etat, _relire(adhesion).fin) == ("terminee", jour_local())
    assert membre.get(adresse("outils", adhesion.communaute)).status_code in {403, 404}
    assert "Présences et heures" in texte_de(membre.get(adhesion.get_absolute_url()))
    assert "Pierre-Luc" in courriels("membre_parti")


@pytest.mark.exigence("R-117")
def test_le_seul_animateur_dit_pourquoi_il_quitte(distribution, client_de):
    adhesion = scenes.adhesion_de(distribution, "animatrice")
    animatrice = client_de(distribution.animatrice)
    with rien_decrit():
        assert "n’aura plus d’animateur" in texte_de(animatrice.post(adresse("adhesion_quitter", adhesion)))
    animatrice.post(adresse("adhesion_quitter", adhesion), {"raison": "Congé; le parrain cherche la relève."})
    assert _relire(adhesion).etat == "terminee"


@pytest.mark.exigence("R-467")
def test_remplacer_un_membre_invite_la_releve_au_meme_role(distribution, client_de):
    adhesion = scenes.adhesion_de(distribution, "secretaire")
    page = adresse("adhesion_remplacer", adhesion)
    animatrice = client_de(distribution.animatrice)
    saisi = {"motif": "Changement de service.", "personne": distribution.executif_cm.matricule}
    animatrice.post(page, saisi)
    releve = adhesion.communaute.adhesions.get(personne=distribution.executif_cm)
    assert (_relire(adhesion).etat, releve.role, releve.remplace) == ("terminee", "secretaire", adhesion)


def test_un_remplacement_refuse_ne_fait_partir_personne(distribution, client_de):
    adhesion = scenes.adhesion_de(distribution, "secretaire")
    saisi = {"motif": "Changement de service.", "personne": distribution.collegue.matricule}
    animatrice = client_de(distribution.animatrice)
    with rien_decrit():
        reponse = animatrice.post(adresse("adhesion_remplacer", adhesion), saisi)
    assert (reponse.status_code, champs_de(reponse)["motif"]) == (409, "Changement de service.")
    animatrice.post(adresse("adhesion_remplacer", adhesion), {**saisi, "raison_ecart": "Même clientèle."})
    assert adhesion.communaute.adhesions.get(personne=distribution.collegue).raison_ecart == "Même clientèle."


# --- Les pages --------------------------------------------------------------------------------------------------


def test_la_liste_des_membres_ne_montre_les_demandes_qu_a_qui_repond(distribution, client_de):
    scenes.adhesion_demandee(distribution)
    page = adresse("communaute_membres", scenes.communaute_active(distribution))
    assert "Anne-Sophie Babin" in texte_de(client_de(distribution.animatrice).get(page))
    for nom in ("membre", "mentore", "parrain"):
        lue = texte_de(client_de(distribution[nom]).get(page))
        assert "Anne-Sophie Babin" not in lue
        assert "Simon Leblanc" not in lue


def test_le_parrain_ne_lit_ni_la_demande_ni_les_heures_d_un_membre(distribution, client_de):
    adhesion = scenes.adhesion_demandee(distribution)
    adhesions.accepter_adhesion(adhesion, par=distribution.animatrice)
    page = texte_de(client_de(distribution.parrain).get(adhesion.get_absolute_url()))
    assert "Anne-Sophie Babin" in page
    assert "Télépratique." not in page
    assert "Présences et heures" not in page


@pytest.mark.exigence("R-461")
def test_l_attestation_se_demande_de_sa_page(distribution, client_de):
    with au(jour_local() - datetime.timedelta(days=40)):
        scenes.communaute_active(distribution)
    scenes.rencontre_publiee(distribution)
    adhesion = scenes.adhesion_de(distribution, "secretaire")
    client = client_de(distribution.secretaire)
    lus = champs_de(client.get(adhesion.get_absolute_url()))
    client.post(adresse("adhesion_attester", adhesion), lus)
    document = Document.objects.get(instantane__nature="cdp_presence")
    assert document.instantane.donnees["personne"]["nom"] == "Zélie Babin"
    assert client_de(distribution.membre).get(f"/documents/{document.uuid}/").status_code == 404


@pytest.mark.parametrize("annee", ["", "²²²²", "99999999", "abc", "0000"])
def test_une_annee_illisible_n_est_pas_une_panne(distribution, client_de, annee):
    adhesion = scenes.adhesion_de(distribution, "secretaire")
    reponse = client_de(distribution.secretaire).post(adresse("adhesion_attester", adhesion), {"annee": annee})
    assert reponse.status_code == 409
