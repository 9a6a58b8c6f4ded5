"""Qui entre, qui part, qui est parrain, quels points et quelles heures : les règles que les verbes tiennent eux-mêmes."""

import datetime

import pytest

from cdp.actions import adhesions, communautes, heures, ordre_du_jour, rencontres
from cdp.models import Adhesion, Communaute, RoleCdp
from encadrement.journal.models import Entree
from encadrement.outils.horloge import au
from encadrement.rencontres.models import Sorte
from encadrement.socle.erreurs import ErreurMetier, Perime
from encadrement.socle.temps import jour_local
from tests.cdp import scenes
from tests.cdp.test_regles import entrer, relire
from tests.cdp.traces import courriels, rien_decrit

pytestmark = pytest.mark.django_db


@pytest.mark.exigence("R-119")
@pytest.mark.parametrize("accepte", [False, True])
def test_qui_est_invite_ou_membre_ne_devient_pas_parrain(distribution, accepte):
    d = distribution
    invitation = adhesions.inviter(
        scenes.communaute_active(d), d.autre_gestionnaire, par=d.animatrice, role=RoleCdp.EXPERT
    )
    if accepte:
        adhesions.accepter_invitation(invitation, par=d.autre_gestionnaire)
    with rien_decrit(), pytest.raises(ErreurMetier, match="aussi membre"):
        communautes.changer_parrain(relire(invitation.communaute), d.autre_gestionnaire, par=d.parrain)


@pytest.mark.exigence("R-116", "R-119")
def test_on_ninvite_ni_le_parrain_ni_un_membre_ni_quelquun_qui_est_parti(distribution):
    d = distribution
    communaute = scenes.communaute_active(d)
    for nom, phrase in (("parrain", "aussi membre"), ("membre", "qu’une fois"), ("inactif", "plus à l’emploi")):
        with rien_decrit(), pytest.raises(ErreurMetier, match=phrase):
            adhesions.inviter(communaute, d[nom], par=d.animatrice, role=RoleCdp.EXPERT)


@pytest.mark.exigence("R-117", "R-137")
def test_la_communaute_garde_un_animateur_et_le_duo_en_libere_un(distribution):
    d = distribution
    communaute = scenes.communaute_active(d)
    sienne, autre = scenes.adhesion_de(d, "animatrice"), scenes.adhesion_de(d, "membre")
    with rien_decrit(), pytest.raises(ErreurMetier, match="nommez d’abord la relève"):
        adhesions.nommer(communaute, sienne, par=d.animatrice, role=RoleCdp.MEMBRE)
    adhesions.nommer(communaute, autre, par=d.parrain, role=RoleCdp.ANIMATEUR)
    assert relire(autre).mandat_fin is not None
    adhesions.nommer(communaute, relire(sienne), par=d.animatrice, role=RoleCdp.MEMBRE)
    assert relire(sienne).mandat_fin is None
    # Sans animateur, le parrain peut encore en nommer un : la communauté n’est jamais bloquée.
    adhesions.quitter(relire(autre), par=d.membre, raison="Je pars.")
    adhesions.nommer(communaute, relire(sienne), par=d.parrain, role=RoleCdp.ANIMATEUR)
    assert [a.personne for a in communaute.animateurs()] == [d.animatrice]


@pytest.mark.exigence("R-397")
def test_qui_arrive_ou_part_apres_une_rencontre_ne_change_pas_qui_y_etait(distribution):
    d = distribution
    communaute = scenes.communaute_active(d)
    with au(jour_local() - datetime.timedelta(days=2), 9):
        passee = scenes.rencontre_convoquee(d, communaute, 0)
    a_venir = scenes.rencontre_convoquee(d, communaute, 10)
    adhesions.quitter(scenes.adhesion_de(d, "membre"), par=d.membre)
    entrer(communaute, d.executif_cm, d)
    assert set(passee.participations.values_list("personne__prenom", flat=True)) == {"Marie-Ève", "Zélie", "Kim"}
    assert set(a_venir.participations.values_list("personne__prenom", flat=True)) == {
        "Marie-Ève",
        "Zélie",
        "Anne-Sophie",
    }
    assert courriels("rencontre_sans_vous") == ["Kim"]


@pytest.mark.exigence("R-395")
def test_les_points_fixes_demeurent_et_un_point_retire_ne_se_modifie_plus(distribution):
    d = distribution
    rencontre = scenes.rencontre_planifiee(d)
    fixe = rencontre.points.get(sorte=Sorte.LECTURE)
    with rien_decrit(), pytest.raises(ErreurMetier, match="fixe"):
        ordre_du_jour.retirer_point(fixe, par=d.animatrice)
    ordre_du_jour.modifier_point(fixe, par=d.animatrice, sujet="Autre chose", minutes=5)
    assert (relire(fixe).intitule, relire(fixe).minutes) == ("Lecture de l’ordre du jour", 5)
    point = rencontre.points.filter(sorte=Sorte.AUTRE).first()
    ordre_du_jour.retirer_point(relire(point), par=d.animatrice)
    rencontre = relire(rencontre)
    with rien_decrit():
        for geste in (
            lambda: ordre_du_jour.modifier_point(point, par=d.animatrice, minutes=10),
            lambda: ordre_du_jour.retirer_point(point, par=d.animatrice),
            lambda: ordre_du_jour.monter_point(point, par=d.animatrice, version=rencontre.version_ordre),
        ):
            with pytest.raises(Perime, match="vient de retirer ce point"):
                geste()


@pytest.mark.exigence("R-394", "R-395", "R-399")
def test_le_compte_rendu_nait_des_points_de_lordre_du_jour_dans_leur_ordre(distribution):
    rencontre = scenes.rencontre_tenue(distribution)
    numeros = [numero for numero, _ in ordre_du_jour.points_numerotes(rencontre)]
    assert numeros == ["1", "2", "3", "4.1", "4.2", "4.3", "5", "6", "7"]
    sortes = [point.sorte for _, point in ordre_du_jour.points_numerotes(rencontre)]
    assert sortes == ["ouverture", "lecture", "suivi", *["autre"] * 3, "evaluation", "prochaine", "fin"]


@pytest.mark.exigence("R-385")
@pytest.mark.parametrize("verbe", [communautes.suspendre_communaute, communautes.dissoudre_communaute])
def test_une_communaute_qui_sarrete_emporte_ses_rencontres_a_venir(distribution, verbe):
    d = distribution
    convoquee, planifiee = scenes.rencontre_convoquee(d), scenes.rencontre_planifiee(d, dans=40)
    tenue = scenes.rencontre_tenue(d)
    verbe(relire(convoquee.communaute), par=d.parrain, motif="Fin du mandat.")
    assert [relire(r).etat for r in (convoquee, planifiee, tenue)] == ["annulee", "annulee", "tenue"]
    assert courriels("rencontre_annulee") == ["Kim", "Marie-Ève", "Zélie"]
    with rien_decrit(), pytest.raises(ErreurMetier, match="n’est pas active"):
        rencontres.planifier_rencontres(
            relire(convoquee.communaute), [scenes.moment(60)], par=d.animatrice, mode="virtuelle"
        )


# --- Les heures -------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-126", "R-128", "R-422", "R-423")
def test_au_dela_de_vingt_quatre_heures_on_demande_dabord_au_parrain(distribution, time_machine):
    time_machine.move_to(datetime.datetime(2026, 9, 1, 16, tzinfo=datetime.UTC))
    d = distribution
    communaute = scenes.communaute_active(d)

    def consigner(minutes, sorte="recherche", jour=None):
        return heures.consigner_heures(
            communaute, par=d.membre, jour=jour or jour_local(), sorte=sorte, minutes=minutes
        )

    consigner(24 * 60)
    with rien_decrit(), pytest.raises(ErreurMetier, match="passeraient de 1\xa0min le maximum de 24\xa0h"):
        consigner(1)
    # Animer et administrer se comptent à part.
    consigner(300, "animation")
    consigner(200, "administration")
    demande = heures.demander_heures(
        communaute, par=d.membre, annee=2026, minutes=30, justification="Mandat.", personne=d.membre
    )
    with rien_decrit(), pytest.raises(ErreurMetier, match="attend déjà"):
        heures.demander_heures(
            communaute, par=d.membre, annee=2026, minutes=60, justification="Encore.", personne=d.membre
        )
    with rien_decrit(), pytest.raises(ErreurMetier):
        consigner(30)
    heures.accorder_heures(demande, par=d.parrain)
    consigner(30)
    with rien_decrit(), pytest.raises(ErreurMetier, match="le maximum de 24\xa0h\xa030"):
        consigner(1)


def test_on_ne_consigne_ni_lavenir_ni_un_jour_ou_lon_netait_pas_membre_ni_deux_fois(distribution):
    d = distribution
    communaute = scenes.communaute_active(d)
    demain = jour_local() + datetime.timedelta(days=1)
    hier = jour_local() - datetime.timedelta(days=1)
    consignees = scenes.heures_consignees(d)
    saisies = (
        ({"jour": demain, "minutes": 30}, "dans l’avenir"),
        ({"jour": hier, "minutes": 30}, "pas membre"),
        ({"jour": jour_local(), "minutes": 0}, "1 minute à 24 heures"),
        ({"jour": jour_local(), "minutes": 1441}, "1 minute à 24 heures"),
        ({"jour": jour_local(), "minutes": 60}, "déjà consignées"),
    )
    for saisi, phrase in saisies:
        with rien_decrit(), pytest.raises(ErreurMetier, match=phrase):
            heures.consigner_heures(communaute, par=d.membre, sorte="preparation", **saisi)
    copie = relire(consignees)
    heures.retirer_heures(consignees, par=d.membre)
    with rien_decrit(), pytest.raises(ErreurMetier, match="déjà retirées"):
        heures.retirer_heures(copie, par=d.membre)
    assert Entree.objects.filter(acte="cdp.heures.retirer").count() == 1


@pytest.mark.exigence("R-382", "R-383")
def test_deux_communautes_vivantes_ne_portent_pas_le_meme_nom(distribution):
    d = distribution
    premiere = scenes.communaute_active(d)
    with rien_decrit(), pytest.raises(ErreurMetier, match="porte déjà ce nom"):
        communautes.ouvrir_communaute(par=d.membre, nom=scenes.NOM.upper())
    communautes.dissoudre_communaute(premiere, par=d.parrain, motif="Fin.")
    neuve = communautes.ouvrir_communaute(par=d.membre, nom=scenes.NOM)
    assert Communaute.objects.filter(nom=scenes.NOM).count() == 2
    assert Adhesion.objects.get(communaute=neuve).role == RoleCdp.ANIMATEUR
