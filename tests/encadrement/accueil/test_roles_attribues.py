"""Un rôle se propose et s’approuve à deux ; personne ne s’en donne à soi-même (N-12)."""

import datetime
import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from encadrement.acces.matrice import AccesRefuse
from encadrement.accueil.actions import (
    amorcer_roles,
    approuver_attribution,
    proposer_attribution,
    terminer_attribution,
)
from encadrement.accueil.taches import roles_a_approuver
from encadrement.journal.models import Entree
from encadrement.notifications.models import Courriel
from encadrement.personnes.models import Attribution, Personne, RoleAttribue
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local
from tests.factories import PersonneFactory

COORDONNATEUR = RoleAttribue.COORDONNATEUR


def relire(personne):
    return Personne.objects.get(pk=personne.pk)


@pytest.fixture
def apprs(distribution):
    """La collègue et le directeur de la DSM sont aussi APPR : rien n’empêche de leur proposer de coordonner (R-216)."""
    return Attribution.objects.bulk_create(
        Attribution(
            personne=personne,
            role=RoleAttribue.APPR,
            debut=jour_local() - datetime.timedelta(days=30),
            motif="APPR",
            proposee_par=distribution.pilote,
            approuvee_par=distribution.prp,
        )
        for personne in (distribution.collegue, distribution.dsm)
    )


@pytest.fixture
def proposee(distribution, apprs):
    """La collègue, proposée comme coordonnatrice par le pilote."""
    return proposer_attribution(
        personne=distribution.collegue,
        role=COORDONNATEUR,
        debut=jour_local(),
        motif="Remplace la coordonnatrice",
        par=distribution.pilote,
    )


def test_le_pilote_propose_et_la_dsm_approuve(client_de, distribution, apprs):
    d = distribution
    saisie = {"personne": d.collegue.matricule, "role": "coordonnateur", "debut": jour_local(), "motif": "Remplacement"}
    client_de(d.pilote).post(reverse("accueil:role_proposer"), saisie)
    attribution = Attribution.objects.get(personne=d.collegue, role=COORDONNATEUR)
    assert relire(d.collegue).roles_attribues == {"appr"}
    assert Courriel.objects.filter(a=d.dsm, objet__startswith="Rôle à approuver").exists()
    assert [tache.dossier for tache in roles_a_approuver(d.dsm)] == [
        "Zoé Bujold, coordonnateur du comité de concertation"
    ]

    adresse = reverse("accueil:role_approuver", args=[attribution.uuid])
    client = client_de(d.dsm)
    assert "Remplacement" in client.get(adresse).content.decode()
    assert client.post(adresse).status_code == 302
    assert relire(d.collegue).roles_attribues == {"appr", "coordonnateur"}
    assert roles_a_approuver(relire(d.dsm)) == []
    assert [e.acte for e in Entree.objects.filter(objet_uuid=attribution.uuid)] == [
        "accueil.role.proposer",
        "accueil.role.approuver",
    ]
    with pytest.raises(ErreurMetier, match="déjà approuvé"):
        approuver_attribution(attribution, par=d.dsm)


def test_personne_ne_se_propose_un_role(distribution):
    for qui in (distribution.pilote, distribution.dsm):
        with pytest.raises(AccesRefuse):
            proposer_attribution(personne=qui, role=COORDONNATEUR, debut=jour_local(), motif="x", par=qui)


@pytest.mark.parametrize("qui", ["collegue", "appr", "prp", "superutilisateur", "ancien_gestionnaire", "inactif"])
def test_seuls_le_pilote_et_la_dsm_proposent(distribution, qui):
    with pytest.raises(AccesRefuse):
        proposer_attribution(
            personne=distribution.mentor, role=COORDONNATEUR, debut=jour_local(), motif="x", par=distribution[qui]
        )


@pytest.mark.exigence("R-216")
def test_le_coordonnateur_est_un_appr_de_la_dsm_et_cesse_de_coordonner_avec_lui(distribution, proposee, apprs):
    d = distribution
    with pytest.raises(ErreurMetier, match="APPR de la DSM") as refus:
        proposer_attribution(personne=d.membre, role=COORDONNATEUR, debut=jour_local(), motif="x", par=d.pilote)
    assert refus.value.exigences == ("R-216",)
    # Un rôle d’APPR qui finit avant celui de coordonnateur ne suffit pas.
    Attribution.objects.filter(pk=apprs[0].pk).update(fin=jour_local() + datetime.timedelta(days=10))
    with pytest.raises(ErreurMetier, match="pour toute la période"):
        approuver_attribution(proposee, par=d.dsm)
    Attribution.objects.filter(pk=apprs[0].pk).update(fin=None)
    approuver_attribution(proposee, par=d.dsm)
    terminer_attribution(apprs[0], motif="Mutation", par=d.pilote)
    assert relire(d.collegue).roles_attribues == frozenset()


def test_qui_propose_n_approuve_pas(distribution, apprs):
    d = distribution
    attribution = proposer_attribution(
        personne=d.collegue, role=COORDONNATEUR, debut=jour_local(), motif="Remplacement", par=d.dsm
    )
    with pytest.raises(AccesRefuse):
        approuver_attribution(attribution, par=d.dsm)
    approuver_attribution(attribution, par=d.prp)


def test_qui_recoit_le_role_ne_l_approuve_pas(distribution, apprs):
    d = distribution
    attribution = proposer_attribution(
        personne=d.dsm, role=COORDONNATEUR, debut=jour_local(), motif="Intérim", par=d.pilote
    )
    with pytest.raises(AccesRefuse):
        approuver_attribution(attribution, par=d.dsm)


@pytest.mark.parametrize("qui", ["pilote", "appr", "superutilisateur", "ancien_gestionnaire", "inactif", "collegue"])
def test_les_autres_n_approuvent_pas(distribution, proposee, qui):
    with pytest.raises(AccesRefuse):
        approuver_attribution(proposee, par=distribution[qui])


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"fin": -1}, "doit suivre son début"),
        ({"debut": -9, "fin": -2}, "ne vaudrait jamais"),
        ({"personne": "inactif"}, "est fermé"),
        ({"personne": "coordonnatrice"}, "tient déjà ce rôle"),
    ],
)
def test_une_proposition_sans_sens_est_refusee(distribution, champs, phrase):
    jour = datetime.timedelta(days=1)
    debut = jour_local() + champs.get("debut", 0) * jour
    fin = jour_local() + champs["fin"] * jour if "fin" in champs else None
    with pytest.raises(ErreurMetier, match=phrase):
        proposer_attribution(
            personne=distribution[champs.get("personne", "collegue")],
            role=COORDONNATEUR,
            debut=debut,
            fin=fin,
            motif="x",
            par=distribution.pilote,
        )


def test_on_ne_propose_pas_deux_fois_le_meme_role(distribution, proposee):
    with pytest.raises(ErreurMetier, match="attend d’être approuvé"):
        proposer_attribution(
            personne=proposee.personne, role=COORDONNATEUR, debut=jour_local(), motif="x", par=distribution.pilote
        )


def test_mettre_fin_coupe_l_acces_tout_de_suite_et_garde_le_motif(client_de, distribution):
    d = distribution
    attribution = d.coordonnatrice.attributions.get()
    adresse = reverse("accueil:role_terminer", args=[attribution.uuid])
    client = client_de(d.dsm)
    assert "Écrivez pourquoi" in client.post(adresse, {"motif": " "}).content.decode()
    assert relire(d.coordonnatrice).roles_attribues == {"coordonnateur"}
    client.post(adresse, {"motif": "Changement de fonctions"})
    assert relire(d.coordonnatrice).roles_attribues == frozenset()
    assert Entree.objects.get(acte="accueil.role.terminer").details["motif"] == "Changement de fonctions"
    with pytest.raises(ErreurMetier, match="déjà terminé"):
        terminer_attribution(attribution, motif="encore", par=d.dsm)


def test_une_proposition_retiree_ne_s_approuve_plus(distribution, proposee):
    terminer_attribution(proposee, motif="Erreur de nom", par=distribution.dsm)
    with pytest.raises(ErreurMetier, match="retirée"):
        approuver_attribution(proposee, par=distribution.dsm)
    assert roles_a_approuver(relire(distribution.dsm)) == []


def test_la_page_ne_montre_a_chacun_que_ce_qu_il_a_a_connaitre(client_de, distribution, proposee):
    d = distribution

    def page(qui):
        return client_de(d[qui]).get(reverse("accueil:roles")).content.decode()

    assert "Remplace la coordonnatrice" in page("dsm")
    assert "Approuver" in page("dsm")
    assert "Proposer un rôle" in page("pilote")
    assert "Remplace la coordonnatrice" in page("collegue")
    assert "Remplace la coordonnatrice" not in page("mentore")
    assert "Benoît Tapp" not in page("mentore")
    assert "Proposer un rôle" not in page("mentore")


def test_une_attribution_etrangere_est_introuvable_et_une_visible_refusee(client_de, distribution, proposee):
    adresse = reverse("accueil:role_approuver", args=[proposee.uuid])
    assert client_de(distribution.mentore).get(adresse).status_code == 404
    assert client_de(distribution.pilote).get(adresse).status_code == 403
    assert client_de(distribution.mentore).get(reverse("accueil:role_proposer")).status_code == 403


def test_l_installation_nomme_une_dsm_et_un_pilote_une_seule_fois(db):
    dsm, pilote = PersonneFactory(), PersonneFactory()
    with pytest.raises(ErreurMetier, match="deux personnes"):
        amorcer_roles(dsm=dsm, pilote=dsm, motif="Installation")
    amorcer_roles(dsm=dsm, pilote=pilote, motif="Installation")
    assert relire(dsm).roles_attribues == {"dsm"}
    assert relire(pilote).roles_attribues == {"pilote"}
    with pytest.raises(ErreurMetier, match="déjà en poste"):
        amorcer_roles(dsm=PersonneFactory(), pilote=pilote, motif="Encore")


def test_la_commande_d_installation_nomme_puis_refuse(db):
    dsm, pilote = PersonneFactory(), PersonneFactory()
    sortie = io.StringIO()
    call_command("nommer_premiers_roles", dsm=dsm.matricule, pilote=pilote.matricule, stdout=sortie)
    assert "direction de la DSM" in sortie.getvalue()
    with pytest.raises(CommandError, match="déjà en poste"):
        call_command("nommer_premiers_roles", dsm=dsm.matricule, pilote=pilote.matricule)
    with pytest.raises(CommandError, match="Aucune personne active"):
        call_command("nommer_premiers_roles", dsm="404", pilote=pilote.matricule)
