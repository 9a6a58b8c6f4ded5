"""Chaque règle de la communauté et de ses rencontres : la situation, puis la phrase qu’elle rend, ou rien."""

import datetime
import re
from pathlib import Path

import pytest
from django.utils import timezone

from cdp import regles
from cdp.actions import adhesions, annees, comptes_rendus, heures, rencontres
from cdp.models import Adhesion, Besoin, Communaute, Depassement, RencontreCdp, RoleCdp
from encadrement.rencontres.models import Mode, Sorte
from encadrement.socle.erreurs import ErreurMetier
from tests.cdp import scenes
from tests.factories import PersonneFactory

pytestmark = pytest.mark.django_db


def verifier(regle, objet, phrase):
    """La règle rend une phrase qui contient `phrase`, ou rien si `phrase` vaut None."""
    rendu = regle(objet)
    if phrase is None:
        assert rendu is None
    else:
        assert rendu is not None, f"{regle.__name__} a laissé passer"
        assert phrase in rendu


def relire(objet):
    return type(objet).objects.get(pk=objet.pk)


def entrer(communaute, personne, d, role=RoleCdp.MEMBRE):
    """Invite une personne, qui accepte ; rend son adhésion."""
    adhesion = adhesions.inviter(communaute, personne, par=d.animatrice, role=role)
    adhesions.accepter_invitation(adhesion, par=personne)
    return relire(adhesion)


def test_chaque_regle_a_son_essai_et_cite_le_cadre():
    ecrits = "".join(chemin.read_text() for chemin in Path(__file__).parent.glob("test_regles*.py"))
    connues = {nom for nom, regle in vars(regles).items() if getattr(regle, "exigences", ())}
    assert {nom for nom in connues if not re.search(rf"\bregles\.{nom}\b", ecrits)} == set()
    assert len(connues) > 30


# --- La communauté ----------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-119", "R-426")
def test_un_gestionnaire_en_poste_parraine_la_communaute(distribution):
    parrainee = Communaute(parrain=distribution.parrain)
    verifier(regles.parrain_designe, parrainee, None)
    verifier(regles.parrain_designe, Communaute(), "Désignez le gestionnaire qui parraine")
    verifier(regles.parrain_designe, Communaute(parrain=distribution.inactif), "n’est plus à l’emploi")


@pytest.mark.exigence("R-119")
def test_le_parrain_nest_pas_membre_de_la_communaute_quil_approuve(distribution):
    communaute = scenes.communaute_prete(distribution)
    verifier(regles.parrain_n_est_pas_membre, communaute, None)
    communaute.parrain = distribution.ancien_membre
    verifier(regles.parrain_n_est_pas_membre, communaute, None)
    communaute.parrain = distribution.membre
    verifier(regles.parrain_n_est_pas_membre, communaute, "ne peut pas être aussi membre")


@pytest.mark.exigence("R-117", "R-137")
@pytest.mark.parametrize(
    ("parti", "phrase"),
    [
        (None, None),
        ("animatrice", "doit avoir un animateur"),
        ("secretaire", "doit avoir un secrétaire"),
        ("membre", "au moins un membre en plus"),
    ],
)
def test_la_communaute_a_un_animateur_un_secretaire_et_des_membres(distribution, parti, phrase):
    communaute = scenes.communaute_prete(distribution)
    if parti:
        adhesions.quitter(
            Adhesion.objects.get(personne=distribution[parti]), par=distribution[parti], raison="Elle change de milieu."
        )
    verifier(regles.roles_requis, communaute, phrase)


def test_un_expert_de_contenu_compte_comme_membre_en_plus(distribution):
    communaute = scenes.communaute_prete(distribution)
    Adhesion.objects.filter(personne=distribution.membre).update(role=RoleCdp.EXPERT)
    verifier(regles.roles_requis, communaute, None)


@pytest.mark.exigence("R-131", "R-132", "R-133", "R-134", "R-135", "R-427")
@pytest.mark.parametrize("besoin", Besoin.values)
def test_la_communaute_repond_a_lun_des_cinq_besoins_prioritaires(besoin):
    assert len(Besoin.values) == 5
    verifier(regles.besoin_prioritaire, Communaute(besoins=[besoin]), None)
    verifier(regles.besoin_prioritaire, Communaute(besoins=[]), "cinq besoins prioritaires")


@pytest.mark.exigence("R-450", "R-112")
@pytest.mark.parametrize(
    ("domaine", "pratique", "phrase"),
    [("Langage", "Grilles", None), ("  ", "Grilles", "pierres angulaires"), ("Langage", "", "pierres angulaires")],
)
def test_le_domaine_et_la_pratique_se_decrivent(domaine, pratique, phrase):
    verifier(regles.pierres_angulaires, Communaute(domaine=domaine, pratique=pratique), phrase)


@pytest.mark.exigence("R-122", "R-288")
@pytest.mark.parametrize(
    ("nombre", "phrase"), [(1, "compte 1 membre :"), (2, "compte 2 membres"), (3, None), (20, None), (21, "compte 21")]
)
def test_de_trois_a_vingt_membres_sont_suggeres(distribution, nombre, phrase):
    communaute = scenes.communaute_ouverte(distribution)
    for _ in range(nombre - 1):
        Adhesion.objects.create(
            communaute=communaute, personne=PersonneFactory(mot_de_passe=None), etat="active", debut="2026-04-01"
        )
    verifier(regles.nombre_de_membres, communaute, phrase)


@pytest.mark.exigence("R-114", "R-418")
def test_les_membres_ont_un_meme_titre_demploi_sauf_lexpert_de_contenu(distribution):
    communaute = scenes.communaute_prete(distribution)
    verifier(regles.meme_titre_d_emploi, communaute, None)
    communaute.titres_emploi.clear()
    verifier(regles.meme_titre_d_emploi, communaute, None)
    autre = entrer(communaute, distribution.collegue, distribution, RoleCdp.EXPERT)
    verifier(regles.meme_titre_d_emploi, communaute, None)
    adhesions.nommer(communaute, autre, par=distribution.animatrice, role=RoleCdp.MEMBRE)
    verifier(regles.meme_titre_d_emploi, communaute, "plus d’un titre d’emploi")
    communaute.titres_emploi.set([distribution.animatrice.titre_emploi])
    verifier(regles.meme_titre_d_emploi, communaute, "Des membres n’ont pas un titre d’emploi")
    communaute.titres_emploi.add(distribution.collegue.titre_emploi)
    verifier(regles.meme_titre_d_emploi, communaute, None)


@pytest.mark.exigence("R-472")
def test_les_regles_de_fonctionnement_secrivent():
    verifier(regles.regles_internes_ecrites, Communaute(regles_internes="Confidentialité."), None)
    verifier(regles.regles_internes_ecrites, Communaute(regles_internes=" "), "ne sont pas écrites")


# --- Les gens ---------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-116")
def test_une_communaute_dissoute_naccueille_plus(distribution):
    demande = Adhesion(communaute=Communaute(etat="active"), personne=distribution.collegue)
    verifier(regles.communaute_accueille, demande, None)
    demande.communaute.etat = "dissoute"
    verifier(regles.communaute_accueille, demande, "n’accueille plus de membres")


@pytest.mark.exigence("R-114", "R-418")
def test_accueillir_un_autre_titre_demploi_sort_du_cadre_sauf_pour_un_expert(distribution):
    d = distribution
    communaute = scenes.communaute_active(d)
    meme = Adhesion(communaute=communaute, personne=d.executif_cm)
    autre = Adhesion(communaute=communaute, personne=d.collegue)
    verifier(regles.titre_de_la_communaute, meme, None)
    verifier(regles.titre_de_la_communaute, autre, "n’a pas un titre d’emploi de la communauté")
    autre.role = RoleCdp.EXPERT
    verifier(regles.titre_de_la_communaute, autre, None)


@pytest.mark.exigence("R-122", "R-288")
def test_le_vingt_et_unieme_membre_depasse_ce_qui_est_suggere(distribution):
    communaute = scenes.communaute_active(distribution)
    for _ in range(16):
        adhesions.inviter(
            communaute,
            PersonneFactory(titre_emploi=distribution.membre.titre_emploi, mot_de_passe=None),
            par=distribution.animatrice,
        )
    verifier(regles.place_de_plus, Adhesion(communaute=communaute, personne=distribution.executif_cm), None)
    scenes.adhesion_invitee(distribution)
    de_plus = Adhesion(communaute=communaute, personne=distribution.mentor)
    verifier(regles.place_de_plus, de_plus, "compterait 21 membres")


@pytest.mark.exigence("R-117", "R-137")
def test_le_depart_du_dernier_animateur_avertit(distribution):
    d = distribution
    sienne = scenes.adhesion_de(d, "animatrice")
    verifier(regles.il_reste_un_animateur, sienne, "n’aura plus d’animateur")
    verifier(regles.il_reste_un_animateur, scenes.adhesion_de(d, "membre"), None)
    adhesions.nommer(sienne.communaute, scenes.adhesion_de(d, "membre"), par=d.animatrice, role=RoleCdp.ANIMATEUR)
    verifier(regles.il_reste_un_animateur, relire(sienne), None)


@pytest.mark.exigence("R-159", "R-377")
def test_renouveler_suit_un_rapport_approuve_ou_la_communaute_veut_poursuivre(distribution):
    d = distribution
    rapport = scenes.rapport_soumis(d)
    verifier(regles.poursuite_demandee, rapport.communaute, "suit un rapport annuel approuvé")
    annees.approuver_rapport(rapport, par=d.parrain, confirmation=scenes.CONFIRMATION, renouveler=True)
    verifier(regles.poursuite_demandee, rapport.communaute, None)
    type(rapport).objects.update(poursuite=False)
    verifier(regles.poursuite_demandee, rapport.communaute, "demande de poursuivre")


# --- Les rencontres ---------------------------------------------------------------------------------------------


def dans(**ecart):
    return timezone.now() + datetime.timedelta(**ecart)


@pytest.mark.exigence("R-385")
@pytest.mark.parametrize(("etat", "tient"), [("active", True), ("suspendue", False), ("dissoute", False)])
def test_seule_une_communaute_active_tient_des_rencontres(etat, tient):
    rencontre = RencontreCdp(communaute=Communaute(etat=etat))
    verifier(regles.communaute_active, rencontre, None if tient else "n’est pas active")


@pytest.mark.exigence("R-394", "R-395")
def test_on_convoque_avec_un_point_propre_a_la_rencontre(distribution):
    rencontre = scenes.rencontre_planifiee(distribution)
    verifier(regles.ordre_du_jour_ecrit, rencontre, None)
    rencontre.points.filter(sorte=Sorte.AUTRE).delete()
    assert rencontre.points.count() == 6
    verifier(regles.ordre_du_jour_ecrit, rencontre, "aucun point propre")


@pytest.mark.exigence("R-393")
@pytest.mark.parametrize(
    ("mode", "lieu", "lien", "teams", "phrase"),
    [
        (Mode.PRESENCE, "Salle A", "", "", None),
        (Mode.PRESENCE, " ", "https://x.exemple", "", "Dites où"),
        (Mode.VIRTUELLE, "", "https://x.exemple", "", None),
        (Mode.VIRTUELLE, "", "", "https://teams.exemple", None),
        (Mode.VIRTUELLE, "Salle A", "", "", "Donnez le lien"),
        (Mode.HYBRIDE, "Salle A", "https://x.exemple", "", None),
        (Mode.HYBRIDE, "", "https://x.exemple", "", "Dites où"),
        (Mode.HYBRIDE, "Salle A", "", "", "Donnez le lien"),
    ],
)
def test_le_lieu_ou_le_lien_suit_le_mode(mode, lieu, lien, teams, phrase):
    communaute = Communaute(lien_teams=teams)
    verifier(regles.lieu_ou_lien, RencontreCdp(communaute=communaute, mode=mode, lieu=lieu, lien=lien), phrase)


@pytest.mark.exigence("R-393", "R-396")
def test_on_convoque_avant_le_debut_et_on_tient_apres():
    a_venir, commencee = RencontreCdp(debut=dans(minutes=5)), RencontreCdp(debut=dans(minutes=-5))
    verifier(regles.pas_encore_passee, a_venir, None)
    verifier(regles.pas_encore_passee, commencee, "déjà commencée")
    verifier(regles.deja_commencee, commencee, None)
    verifier(regles.deja_commencee, a_venir, "n’a pas encore commencé")


@pytest.mark.exigence("R-397", "R-398")
def test_on_publie_des_presences_completes_et_au_moins_un_sommaire(distribution):
    rencontre = scenes.rencontre_tenue(distribution)
    verifier(regles.sommaire_ecrit, rencontre, "Écrivez le sommaire")
    verifier(regles.presences_notees, rencontre, "présente ou absente")
    tous = list(rencontre.participations.all())
    comptes_rendus.noter_presences(rencontre, {ligne.pk: False for ligne in tous}, par=distribution.secretaire)
    verifier(regles.presences_notees, rencontre, "Personne n’est noté présent")
    comptes_rendus.noter_presences(rencontre, {tous[0].pk: True}, par=distribution.secretaire)
    verifier(regles.presences_notees, rencontre, None)
    rencontre.points.filter(sorte=Sorte.OUVERTURE).update(sommaire="Bienvenue.")
    verifier(regles.sommaire_ecrit, rencontre, None)


@pytest.mark.exigence("R-395", "R-399")
def test_un_compte_rendu_sadopte_a_une_rencontre_tenue_apres_la_sienne(distribution):
    premiere = scenes.rencontre_publiee(distribution, il_y_a=30)
    scenes.rencontre_tenue(distribution, il_y_a=60)
    scenes.rencontre_convoquee(distribution)
    verifier(regles.adopte_a_une_rencontre_suivante, premiere, "s’adopte à la rencontre suivante")
    with pytest.raises(ErreurMetier, match="rencontre suivante"):
        comptes_rendus.adopter_compte_rendu(premiere, par=distribution.animatrice)
    scenes.rencontre_tenue(distribution, il_y_a=1)
    verifier(regles.adopte_a_une_rencontre_suivante, premiere, None)


# --- Les heures -------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-126", "R-128", "R-423")
def test_une_demande_dheures_dit_son_mandat(distribution):
    verifier(regles.depassement_motive, Depassement(justification="Traduire la grille."), None)
    verifier(regles.depassement_motive, Depassement(justification=" "), "le mandat ou la raison")
    with pytest.raises(ErreurMetier, match="le mandat ou la raison"):
        heures.demander_heures(
            scenes.communaute_active(distribution), par=distribution.membre, annee=2026, minutes=60, justification=" ",
            personne=distribution.membre,
        )  # fmt: skip


@pytest.mark.exigence("R-126", "R-128", "R-422")
def test_convoquer_au_dela_de_vingt_quatre_heures_avertit_jusqua_ce_que_le_parrain_les_accorde(
    distribution, time_machine
):
    time_machine.move_to(datetime.datetime(2026, 9, 1, 16, tzinfo=datetime.UTC))
    d = distribution
    communaute = scenes.communaute_active(d)
    for rang in range(8):
        rencontre = scenes.rencontre_planifiee(d, communaute, 10 + rang)
    verifier(regles.plafond_respecte, rencontre, None)
    rencontre = scenes.rencontre_planifiee(d, communaute, 30)
    verifier(regles.plafond_respecte, rencontre, "3 membres passeront leur plafond")
    verifier(regles.plafond_respecte, rencontre, "jusqu’à 3\xa0h de plus")
    rencontres.annuler_rencontre(rencontre, par=d.animatrice)
    verifier(regles.plafond_respecte, rencontre, None)
    rencontre = scenes.rencontre_planifiee(d, communaute, 31)
    demande = heures.demander_heures(
        communaute, par=d.animatrice, annee=2026, minutes=180, justification="Mandat.", personne=None
    )
    verifier(regles.plafond_respecte, rencontre, "3 membres")
    heures.accorder_heures(demande, par=d.parrain)
    verifier(regles.plafond_respecte, rencontre, None)
