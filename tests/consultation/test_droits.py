"""Qui peut quoi en consultation : le tableau attendu, écrit à la main, et trois faces qui s’accordent."""

import pytest

from consultation import droits
from consultation.actions import bottin, demandes, dsm, experts, issues, reglages
from consultation.models import Approbation, DemandeConsultation, FicheExpert, Materiel
from encadrement.demandes.droits import DROITS_SERVICE
from encadrement.demandes.models import DemandeService
from encadrement.personnes.models import Delegation
from encadrement.socle.temps import jour_local
from tests.consultation import scenes
from tests.encadrement.acces.trois_faces import desaccords, permis, relire

pytestmark = pytest.mark.django_db

APPR = ("appr", "appr_liaison")


def ecarts(obtenu, attendu):
    """Rend ce que chacun peut de trop, ou de moins, que le tableau."""
    return {nom: sorted(obtenu[nom] ^ attendu[nom]) for nom in obtenu if obtenu[nom] != attendu[nom]}


def par_nom(distribution, **actes):
    """Rend {personnage: actes}, vide pour ceux qui ne sont pas nommés."""
    return {nom: set(actes.get(nom, ())) for nom, _ in distribution}


def toute_la_maison(attendu, *actes):
    """Ajoute des actes à tous, sauf au compte fermé."""
    for nom in set(attendu) - {"inactif"}:
        attendu[nom] |= set(actes)


# --- La fiche d’expert ------------------------------------------------------------------------------------------

SOI = {
    "voir", "voir_candidature", "modifier", "soumettre", "completer", "refuser", "confirmer", "mettre_en_pause",
    "reprendre", "retirer", "recommencer", "tenir_plages", "lire_bilan",
}  # fmt: skip
SON_GESTIONNAIRE = {"identifier", "appuyer", "ecarter"}
SOUTIEN = {"identifier", "ecarter", "inscrire", "confirmer", "mettre_en_pause", "reprendre", "retirer"}


def _apres(scene, verbe, qui, **options):
    """Rend la fabrique d’un objet mené par une scène, puis par un verbe de plus."""

    def jouer(d):
        objet = scene(d)
        verbe(objet, par=d[qui], **options)
        return type(objet).objects.get(pk=objet.pk)

    return jouer


FICHES = {
    "brouillon": scenes.fiche_en_redaction,
    "identifiee": scenes.fiche_identifiee,
    "candidature": scenes.fiche_soumise,
    "appuyee": scenes.fiche_appuyee,
    "active": scenes.fiche_inscrite,
    "en_pause": _apres(scenes.fiche_inscrite, bottin.mettre_en_pause, "mentor"),
    "non_retenue": _apres(scenes.fiche_soumise, bottin.ecarter_candidature, "gestionnaire_mentor", motif="Plus tard."),
    "retiree": _apres(scenes.fiche_inscrite, bottin.retirer_du_bottin, "mentor"),
}


@pytest.mark.exigence("R-170", "R-193", "R-194", "R-195", "R-200")
@pytest.mark.parametrize("etat", FICHES)
def test_le_bottin_souvre_a_tous_et_se_tient_par_lexpert_son_gestionnaire_et_la_dsm(distribution, etat):
    fiche = FicheExpert.objects.get(pk=FICHES[etat](distribution).pk)
    assert fiche.etat == etat
    attendu = par_nom(
        distribution, mentor=SOI, gestionnaire_mentor=SON_GESTIONNAIRE, dsm=SOUTIEN, **dict.fromkeys(APPR, SOUTIEN)
    )
    if etat != "brouillon":
        for nom in ("gestionnaire_mentor", "dsm", *APPR):
            attendu[nom] |= {"voir", "voir_candidature"}
    if etat in {"active", "en_pause"}:
        toute_la_maison(attendu, "voir")
        attendu["mentor"].add("tenir_suivi")
    assert ecarts(permis(droits.DROITS_FICHE, fiche, distribution), attendu) == {}
    assert desaccords(droits.DROITS_FICHE, [fiche], distribution) == []


@pytest.mark.exigence("R-200")
@pytest.mark.parametrize("acte", ["identifier", "appuyer", "ecarter", "inscrire"])
def test_nul_nappuie_ni_ninscrit_sa_propre_candidature(distribution, acte):
    """L’APPR, qui inscrit les autres, ne s’inscrit pas ; à qui son gestionnaire délègue, pas davantage."""
    d = distribution
    Delegation.objects.create(de=d.appr.superieur, a=d.appr, debut=jour_local(), fin=jour_local())
    fiche = scenes.fiche_soumise(d, d.appr, "Pratique réflexive")
    assert not droits.DROITS_FICHE.peut(relire(d.appr), acte, fiche)
    assert droits.DROITS_FICHE.peut(relire(d.dsm), acte, fiche)
    assert desaccords(droits.DROITS_FICHE, [fiche], d, [acte]) == []


# --- La demande -------------------------------------------------------------------------------------------------

DEMANDEUR = {
    "voir", "modifier", "soumettre", "reprendre", "retirer", "constater_discussion", "choisir_expert",
    "changer_expert", "constater_absence", "demander_dsm", "accepter_moment", "refuser_moment", "fermer", "poursuivre",
    "transmettre", "consigner_rencontre",
}  # fmt: skip
GESTIONNAIRE = {"autoriser", "juger_non_pertinente"}
EXPERT = {"voir", "accepter", "decliner", "proposer_moment", "rendre_avis", "consigner_rencontre"}
_APPR = {"voir", "suivre", "renvoyer", "analyser", "reorienter_expert", "reorienter_comite"}
_LIAISON = _APPR | {"acheminer", "etablir_contact", "constater_sans_reponse", "clore", "consigner_rencontre"}


# (scène, ce que l’expert y peut, ce que la DSM y peut) ; la demande transmise vient d’un premier expert qui a décliné.
DEMANDES = {
    "brouillon": (scenes.demande_en_redaction, None, False),
    "a_discuter": (scenes.demande_soumise, None, False),
    "autorisee": (scenes.demande_autorisee, None, False),
    "chez_expert": (scenes.demande_chez_expert, EXPERT, False),
    "acceptee": (scenes.demande_acceptee, EXPERT, False),
    "avis_rendu": (scenes.avis_rendu, {"voir"}, False),
    "formulaire": (scenes.formulaire_ouvert, None, False),
    "transmise": (scenes.demande_transmise, None, True),
    "analysee": (scenes.demande_analysee, None, True),
    "au_ruisss": (scenes.demande_acheminee, None, True),
    "en_contact": (scenes.demande_en_contact, None, True),
    "fermee": (scenes.demande_fermee, {"voir"}, False),
    "non_pertinente": (scenes.demande_non_pertinente, None, False),
    "au_comite": (scenes.demande_au_comite, None, True),
    "retiree": (scenes.demande_retiree, None, False),
}


def _attendu_de_la_demande(distribution, etat, expert, a_la_dsm):
    attendu = par_nom(distribution, mentore=DEMANDEUR, gestionnaire=GESTIONNAIRE, delegue=GESTIONNAIRE)
    if etat != "brouillon":
        for nom in ("gestionnaire", "delegue"):
            attendu[nom] |= {"voir", "suivre"}
    if expert:
        attendu["mentor"] |= expert
    if a_la_dsm:
        attendu["appr"] |= _APPR
        attendu["appr_liaison"] |= _LIAISON
        attendu["dsm"] |= {"voir", "suivre"}
    return attendu


@pytest.mark.exigence(
    "R-169", "R-177", "R-178", "R-179", "R-180", "R-181", "R-182", "R-183", "R-196", "R-202", "R-204", "R-206", "R-207",
    "R-208", "R-210",
)  # fmt: skip
@pytest.mark.parametrize("etat", DEMANDES)
def test_chaque_titre_peut_dans_la_demande_ce_que_dit_le_tableau(distribution, etat):
    scene, expert, a_la_dsm = DEMANDES[etat]
    demande = DemandeConsultation.objects.get(pk=scene(distribution).pk)
    assert demande.etat == etat
    attendu = _attendu_de_la_demande(distribution, etat, expert, a_la_dsm)
    assert ecarts(permis(droits.DROITS_DEMANDE, demande, distribution), attendu) == {}
    assert desaccords(droits.DROITS_DEMANDE, [demande], distribution) == []


@pytest.mark.exigence("R-196", "R-210")
def test_seul_lagent_de_liaison_achemine_et_seul_un_appr_analyse(distribution):
    demande = scenes.demande_transmise(distribution)
    obtenu = permis(droits.DROITS_DEMANDE, demande, distribution)
    assert {nom for nom, actes in obtenu.items() if "acheminer" in actes} == {"appr_liaison"}
    assert {nom for nom, actes in obtenu.items() if "analyser" in actes} == {"appr", "appr_liaison"}
    assert {nom for nom, actes in obtenu.items() if "constater_sans_reponse" in actes} == {"appr_liaison"}


def test_le_groupe_lit_la_demande_une_fois_soumise_et_nagit_pas(distribution):
    d = distribution
    demande = scenes.demande_de_groupe(d)
    assert permis(droits.DROITS_DEMANDE, demande, d)["collegue"] == set()
    demandes.soumettre_demande(demande, par=d.mentore)
    soumise = DemandeConsultation.objects.get(pk=demande.pk)
    assert permis(droits.DROITS_DEMANDE, soumise, d)["collegue"] == {"voir"}
    assert desaccords(droits.DROITS_DEMANDE, [soumise], d) == []


@pytest.mark.exigence("R-180", "R-204")
def test_qui_a_decline_ne_lit_plus_et_le_suivant_repond_seul(distribution):
    d = distribution
    demande = scenes.demande_declinee(d)
    assert permis(droits.DROITS_DEMANDE, demande, d)["animatrice"] == set()
    experts.choisir_expert(demande, par=d.mentore, fiche=scenes.fiche_inscrite(d))
    obtenu = permis(droits.DROITS_DEMANDE, demande, d)
    assert (obtenu["animatrice"], obtenu["mentor"]) == (set(), EXPERT)
    assert desaccords(droits.DROITS_DEMANDE, DemandeConsultation.objects.all(), d) == []


@pytest.mark.exigence("R-204", "R-210")
def test_qui_a_rendu_son_avis_lit_encore_mais_ne_repond_pas_pour_lexpert_suivant(distribution):
    d = distribution
    demande = scenes.avis_rendu(d)
    issues.poursuivre_vers_la_dsm(demande, par=d.mentore, reponses=scenes.REPONSES)
    dsm.transmettre_a_la_dsm(demande, par=d.mentore, confirmation=scenes.CONFIRMATION)
    dsm.analyser_demande(demande, par=d.appr, motif="Une expertise voisine.")
    experts.reorienter_vers_expert(demande, par=d.appr, fiche=scenes.autre_fiche(d), motif="Elle connaît le sujet.")
    obtenu = permis(droits.DROITS_DEMANDE, demande, d)
    assert (obtenu["mentor"], obtenu["animatrice"]) == ({"voir"}, EXPERT)
    assert desaccords(droits.DROITS_DEMANDE, [demande], d) == []


@pytest.mark.exigence("R-179", "R-202")
@pytest.mark.parametrize("acte", ["autoriser", "juger_non_pertinente"])
def test_nul_nautorise_sa_propre_consultation_ni_celle_de_son_groupe(distribution, acte):
    """À qui la gestionnaire délègue ne décide pas de la demande dont il est partie (N-01)."""
    d = distribution
    for nom in ("mentore", "collegue", "membre"):
        Delegation.objects.create(de=d.gestionnaire, a=d[nom], debut=jour_local(), fin=jour_local())
    demande = scenes.demande_de_groupe(d)
    demandes.soumettre_demande(demande, par=d.mentore)
    for nom, peut in (("mentore", False), ("collegue", False), ("membre", True), ("gestionnaire", True)):
        assert droits.DROITS_DEMANDE.peut(relire(d[nom]), acte, demande) is peut, nom
    assert desaccords(droits.DROITS_DEMANDE, [demande], d, [acte]) == []


@pytest.mark.parametrize("acte", ["renvoyer", "analyser", "acheminer", "reorienter_expert", "reorienter_comite"])
def test_nul_nanalyse_ni_nachemine_la_demande_dont_il_est_le_demandeur(distribution, acte):
    d = distribution
    DemandeConsultation.objects.create(numero="C-2026-0999", demandeur=d.appr_liaison, etat="transmise", a_la_dsm=True)
    demande = DemandeConsultation.objects.get(numero="C-2026-0999")
    assert not droits.DROITS_DEMANDE.peut(relire(d.appr_liaison), acte, demande)
    assert desaccords(droits.DROITS_DEMANDE, [demande], d, [acte]) == []


# --- Le tableau de suivi, les sujets, le matériel, les réglages ---------------------------------------------------


@pytest.mark.exigence("R-205")
def test_la_ligne_de_suivi_est_a_lexpert_au_demandeur_et_a_la_dsm(distribution):
    d = distribution
    for ligne in (scenes.ligne_de_couloir(d), scenes.demande_fermee(d).sollicitation.ligne_suivi):
        attendu = par_nom(
            d, mentor={"voir", "modifier"}, mentore={"voir"}, dsm={"voir"}, appr={"voir"}, appr_liaison={"voir"}
        )
        assert ecarts(permis(droits.DROITS_LIGNE, ligne, d), attendu) == {}
        assert desaccords(droits.DROITS_LIGNE, [ligne], d) == []


def test_la_ligne_du_ruisss_na_pas_dexpert_de_la_maison(distribution):
    d = distribution
    ligne = scenes.demande_fermee_par_le_ruisss(d).contact.ligne_suivi
    obtenu = permis(droits.DROITS_LIGNE, ligne, d)
    assert {nom for nom, actes in obtenu.items() if actes} == {"mentore", "dsm", *APPR}
    assert not any("modifier" in actes for actes in obtenu.values())


@pytest.mark.exigence("R-193", "R-195")
def test_la_dsm_et_ses_appr_tiennent_la_mesure(distribution):
    d = distribution
    sujet = scenes.les_sujets(d)[0]
    soutien = ("dsm", *APPR)
    ensemble = {"voir_ensemble"}
    attendu = par_nom(d, executif_cm=ensemble, **{nom: {"tenir", *ensemble} for nom in soutien})
    assert ecarts(permis(droits.DROITS_SUJET, sujet, d), attendu) == {}
    materiel = reglages.deposer_materiel(par=d.appr, titre="Recadrage", lien="https://exemple.test/recadrage")
    attendu = par_nom(d, **{nom: {"tenir"} for nom in soutien})
    toute_la_maison(attendu, "voir")
    assert ecarts(permis(droits.DROITS_MATERIEL, materiel, d), attendu) == {}
    reglage = reglages.regler_direction(
        d.mentore.service.direction, par=d.dsm, approbation=Approbation.INFORMATIVE, motif="Choix."
    )
    attendu = par_nom(d, **{nom: {"regler"} for nom in soutien})
    toute_la_maison(attendu, "voir")
    assert ecarts(permis(droits.DROITS_REGLAGE, reglage, d), attendu) == {}
    for matrice, objet in ((droits.DROITS_SUJET, sujet), (droits.DROITS_MATERIEL, materiel)):
        assert desaccords(matrice, [objet], d) == []
    assert desaccords(droits.DROITS_REGLAGE, [reglage], d) == []
    assert Materiel.objects.get() == materiel


# --- Les demandes de service --------------------------------------------------------------------------------------

_AUTEUR = {"voir", "modifier", "transmettre", "retirer"}
_TRAITENT = {"voir", "renvoyer", "prendre_en_charge", "clore"}
SERVICES = {
    "soutien_en_redaction": (False, APPR),
    "soutien_transmis": (True, APPR),
    "soutien_pris_en_charge": (True, APPR),
    "soutien_clos": (True, APPR),
    "cas_en_redaction": (False, ()),
    "cas_poursuivi": (False, ()),
}


@pytest.mark.parametrize("scene", SERVICES)
def test_un_soutien_va_aux_appr_et_un_cas_complexe_nest_que_de_son_demandeur(distribution, scene):
    d = distribution
    deposee, traitent = SERVICES[scene]
    demande = DemandeService.objects.get(pk=getattr(scenes, scene)(d).pk)
    attendu = par_nom(d, mentore=_AUTEUR)
    if deposee:
        for nom in ("gestionnaire", "delegue"):
            attendu[nom] |= {"voir"}
        for nom in traitent:
            attendu[nom] |= _TRAITENT
        if traitent == APPR:
            attendu["dsm"] |= {"voir"}
    assert ecarts(permis(DROITS_SERVICE, demande, d), attendu) == {}
    assert desaccords(DROITS_SERVICE, [demande], d) == []
