"""Qui peut quoi au comité : le tableau attendu, écrit à la main, et trois faces qui s’accordent.

La matrice la plus étroite de la maison (surete.md, D14 à D17, X-1 à X-3, N-02) : qui n’y est pas écrit ne voit rien.
"""

import datetime

import pytest
from django.utils import timezone

from concertation import droits
from concertation.actions import comite, convocations, exclusions, plans
from concertation.models import (
    AccesExceptionnel,
    Exclusion,
    ImpasseRecurrente,
    Nomination,
    Orientation,
    RencontreComite,
    SituationComplexe,
)
from encadrement.personnes.models import Attribution, Delegation, Personne
from encadrement.socle.temps import jour_local
from tests.concertation import scenes
from tests.encadrement.acces.trois_faces import desaccords, permis, relire

pytestmark = pytest.mark.django_db

JOUR = datetime.timedelta(days=1)
GESTION = ("gestionnaire", "delegue")
CONVIES = ("autre_gestionnaire", "collegue")
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


@pytest.fixture
def aller(time_machine):
    """Avance l’horloge de tant de jours, d’heures ou de minutes."""
    time_machine.move_to(timezone.now(), tick=False)

    def aller(**ecart):
        time_machine.shift(datetime.timedelta(**ecart))

    return aller


# --- La situation, état par état ----------------------------------------------------------------------------------

LIRE = {"voir", "lire_recit", "lire_plan", "declarer"}
DEMANDEUR = {*LIRE, "modifier", "soumettre", "retirer", "exclure", "voir_lectures"}
GESTIONNAIRE = {*LIRE, "attester", "renvoyer"}
COORDONNATRICE = {
    *LIRE, "demander_precisions", "recevoir", "reorienter", "inscrire", "reporter", "desinscrire", "convier",
    "presenter", "ecrire_plan", "etablir_plan", "representer", "fermer", "classer", "exclure", "voir_lectures",
}  # fmt: skip
PRP = {"voir_lectures", "detruire"}
SANS_LIRE = {"lire_recit", "lire_plan", "declarer"}

# (scène, le gestionnaire y est, la coordonnatrice y est, les conviés y sont)
SITUATIONS = {
    "brouillon": (scenes.situation_en_redaction, False, False, False),
    "a_attester": (scenes.situation_a_attester, True, False, False),
    "transmise": (scenes.situation_transmise, True, True, False),
    "recevable": (scenes.situation_recevable, True, True, False),
    "inscrite": (scenes.situation_inscrite, True, True, False),
    "inscrite, convoquée": (scenes.situation_convoquee, True, True, True),
    "presentee": (scenes.situation_presentee, True, True, True),
    "en_suivi": (scenes.situation_en_suivi, True, True, True),
    "fermee": (scenes.situation_fermee, True, True, True),
    "non_recevable": (scenes.situation_non_recevable, True, True, False),
    "retiree": (scenes.situation_retiree, True, True, False),
    "detruite": (scenes.situation_detruite, False, False, False),
}


def _attendu_de_la_situation(distribution, etat):
    _, gestion, coordination, conviees = SITUATIONS[etat]
    attendu = par_nom(distribution, prp=PRP, mentore=() if etat == "detruite" else DEMANDEUR)
    for nom in GESTION if gestion else ():
        attendu[nom] |= GESTIONNAIRE
    if coordination:
        attendu["coordonnatrice"] |= COORDONNATRICE
    for nom in (*CONVIES, "animatrice") if conviees else ():
        attendu[nom] |= LIRE
    if etat == "retiree":
        for nom in (*GESTION, "coordonnatrice"):
            attendu[nom] -= SANS_LIRE
    return attendu


@pytest.mark.exigence("R-216", "R-217", "R-246", "R-249", "R-250", "R-253", "R-254")
@pytest.mark.parametrize("etat", SITUATIONS)
def test_chaque_titre_peut_dans_la_situation_ce_que_dit_le_tableau(distribution, etat):
    situation = SituationComplexe.objects.get(pk=SITUATIONS[etat][0](distribution).pk)
    assert situation.etat == etat.split(",")[0]
    attendu = _attendu_de_la_situation(distribution, etat)
    assert ecarts(permis(droits.DROITS_SITUATION, situation, distribution), attendu) == {}
    assert desaccords(droits.DROITS_SITUATION, [situation], distribution) == []


def test_la_dsm_lappr_le_pilote_et_le_superutilisateur_ne_savent_pas_quelle_existe(distribution):
    """X-1, X-7 : diriger, administrer ou suivre des chiffres n’ouvre aucune situation."""
    for scene in (scenes.situation_transmise, scenes.situation_en_suivi):
        situation = scene(distribution)
        for nom in ("dsm", *APPR, "pilote", "superutilisateur", "drhcaj", "executif_cm", "directrice", "secretaire"):
            assert not droits.DROITS_SITUATION.peut(relire(distribution[nom]), "voir", situation), nom
            assert not droits.DROITS_SITUATION.objets(relire(distribution[nom])).exists(), nom


@pytest.mark.exigence("R-246")
@pytest.mark.parametrize("acte", ["attester", "renvoyer", "recevoir", "reorienter", "demander_precisions"])
def test_nul_natteste_ni_ne_recoit_sa_propre_demande(distribution, acte):
    """À qui sa gestionnaire délègue, ou qui coordonne le comité, ne juge pas de ce qu’il a demandé (N-01)."""
    d = distribution
    Delegation.objects.create(de=d.gestionnaire, a=d.mentore, debut=jour_local(), fin=jour_local())
    Attribution.objects.create(
        personne=d.mentore, role="coordonnateur", motif="Essai", proposee_par=d.dsm, approuvee_par=d.prp
    )
    situation = scenes.situation_transmise(d)
    assert not droits.DROITS_SITUATION.peut(relire(d.mentore), acte, situation)
    assert desaccords(droits.DROITS_SITUATION, [situation], d, [acte]) == []


# --- Les fenêtres : l’accès commence à la convocation et finit seul -----------------------------------------------


@pytest.mark.exigence("R-250")
def test_convier_nouvre_rien_convoquer_ouvre(distribution):
    situation = scenes.situation_inscrite(distribution)
    qui = {*CONVIES, "delegue"}
    assert {p.titre for p in situation.participations.all()} == {"intervenant", "representant"}
    obtenu = permis(droits.DROITS_SITUATION, situation, distribution)
    assert not any(obtenu[nom] for nom in qui - {"delegue"})
    comite.convoquer_rencontre(situation.inscription.rencontre, par=distribution.coordonnatrice)
    obtenu = permis(droits.DROITS_SITUATION, situation, distribution)
    assert all(obtenu[nom] >= LIRE for nom in qui)


@pytest.mark.parametrize(
    ("ecart", "representants", "invitee"),
    [
        ({"hours": 46}, True, True),
        ({"hours": 49}, True, False),
        ({"days": 29}, True, False),
        ({"days": 30, "minutes": 1}, False, False),
    ],
)
def test_lacces_se_ferme_trente_jours_apres_la_rencontre_et_quarante_huit_heures_pour_une_invitee(
    distribution, aller, ecart, representants, invitee
):
    """La rencontre de la scène a fini il y a une heure."""
    d = distribution
    situation = scenes.situation_presentee(d)
    aller(**ecart)
    obtenu = permis(droits.DROITS_SITUATION, SituationComplexe.objects.get(pk=situation.pk), d)
    for nom in CONVIES:
        assert obtenu[nom] == (LIRE if representants else set()), nom
    assert obtenu["animatrice"] == (LIRE if invitee else set())
    assert desaccords(droits.DROITS_SITUATION, [situation], d, LIRE) == []


def test_une_fenetre_prolongee_se_ferme_a_son_nouveau_terme(distribution, aller):
    d = distribution
    situation = scenes.situation_presentee(d)
    invitee = situation.participations.get(personne=d.animatrice)
    convocations.prolonger_acces(invitee, par=d.coordonnatrice, jours=10, motif="Elle prépare le suivi.")
    aller(days=11)
    assert droits.DROITS_SITUATION.peut(relire(d.animatrice), "lire_recit", situation)
    aller(days=1, hours=1)
    assert not droits.DROITS_SITUATION.peut(relire(d.animatrice), "lire_recit", situation)


def test_une_personne_retiree_ne_lit_plus_a_la_requete_suivante(distribution):
    d = distribution
    situation = scenes.situation_convoquee(d)
    convocations.retirer_de_la_situation(situation.participations.get(personne=d.collegue), par=d.coordonnatrice)
    assert permis(droits.DROITS_SITUATION, situation, d)["collegue"] == set()
    assert desaccords(droits.DROITS_SITUATION, [situation], d, LIRE) == []


def test_reportee_elle_se_ferme_a_ceux_de_la_rencontre_quelle_quitte(distribution):
    d = distribution
    situation = scenes.situation_convoquee(d)
    convocations.reporter_situation(
        situation, scenes.rencontre_planifiee(d, dans=49), par=d.coordonnatrice, motif="Une absence."
    )
    obtenu = permis(droits.DROITS_SITUATION, situation, d)
    assert not any(obtenu[nom] for nom in (*CONVIES, "animatrice"))


def test_trente_jours_apres_la_fermeture_le_dossier_se_referme_pour_tous_sauf_qui_la_porte(distribution, aller):
    d = distribution
    situation = scenes.situation_fermee(d)
    aller(days=29)
    obtenu = permis(droits.DROITS_SITUATION, SituationComplexe.objects.get(pk=situation.pk), d)
    assert all(obtenu[nom] for nom in ("gestionnaire", "coordonnatrice"))
    aller(days=2)
    relue = SituationComplexe.objects.get(pk=situation.pk)
    assert ecarts(permis(droits.DROITS_SITUATION, relue, d), par_nom(d, mentore=DEMANDEUR, prp=PRP)) == {}
    assert desaccords(droits.DROITS_SITUATION, [relue], d) == []
    assert desaccords(droits.DROITS_ORIENTATION, relue.orientations.all(), d) == []


def test_perdre_son_role_ou_son_equipe_ferme_la_situation_aussitot(distribution):
    """N-05 : la requête suivante ne lit plus rien."""
    d = distribution
    situation = scenes.situation_transmise(d)
    hier = jour_local() - JOUR
    Attribution.objects.filter(personne=d.coordonnatrice).update(debut=hier, fin=hier)
    Delegation.objects.filter(a=d.delegue).update(debut=hier, fin=hier)
    Personne.objects.filter(pk=d.mentore.pk).update(superieur=d.autre_gestionnaire)
    relue = SituationComplexe.objects.get(pk=situation.pk)
    obtenu = permis(droits.DROITS_SITUATION, relue, d)
    assert {nom for nom, actes in obtenu.items() if actes} == {"mentore", "autre_gestionnaire", "prp"}


# --- L’accès exceptionnel : deux personnes, soixante minutes ------------------------------------------------------


def test_lacces_exceptionnel_souvre_a_deux_et_dure_soixante_minutes(distribution, aller):
    d = distribution
    demande = scenes.exception_demandee(d)
    situation = demande.situation
    assert permis(droits.DROITS_SITUATION, situation, d)["dsm"] == set()
    exclusions.approuver_exception(demande, par=d.prp)
    assert permis(droits.DROITS_SITUATION, situation, d)["dsm"] == LIRE
    aller(minutes=59)
    assert permis(droits.DROITS_SITUATION, situation, d)["dsm"] == LIRE
    assert desaccords(droits.DROITS_SITUATION, [situation], d, LIRE) == []
    aller(minutes=2)
    assert permis(droits.DROITS_SITUATION, situation, d)["dsm"] == set()
    assert desaccords(droits.DROITS_SITUATION, [situation], d, LIRE) == []


def test_qui_demande_un_acces_exceptionnel_ne_se_lapprouve_pas(distribution):
    d = distribution
    demande = AccesExceptionnel.objects.get(pk=scenes.exception_demandee(d).pk)
    attendu = par_nom(d, dsm={"voir", "demander"}, prp={"voir", "demander", "approuver"}, coordonnatrice={"demander"})
    assert ecarts(permis(droits.DROITS_EXCEPTION, demande, d), attendu) == {}
    assert desaccords(droits.DROITS_EXCEPTION, [demande], d) == []


# --- L’exclusion l’emporte sur tous les rôles ---------------------------------------------------------------------

# Chaque titre sous lequel on verrait la situation, ou l’une de ses orientations, si l’on n’en était pas exclu.
EXCLUES = {
    "gestionnaire": "la gestionnaire de l’intervenant",
    "delegue": "la déléguée, aussi représentante et responsable d’une orientation",
    "coordonnatrice": "la coordonnatrice du comité",
    "autre_gestionnaire": "une représentante conviée",
    "collegue": "un responsable d’orientation",
    "animatrice": "une invitée",
    "directrice": "la directrice de la direction visée",
    "dsm": "la DSM, qui suit et qui a un accès exceptionnel",
    "appr": "l’APPR, qui suit",
    "prp": "la responsable de la protection",
}


def _exclure(situation, personne, comment):
    """Pose l’exclusion telle qu’elle se lit en base ; que l’acte la refuse à l’intervenant se vérifie ailleurs."""
    service = personne.service
    vise = {"personne": {"personne": personne}, "service": {"service": service}}
    champs = vise.get(comment, {"direction": service.direction})
    Exclusion.objects.create(situation=situation, posee_par=situation.demandeur, **champs)


@pytest.mark.parametrize("comment", ["personne", "service", "direction"])
@pytest.mark.parametrize("nom", EXCLUES)
def test_qui_est_exclu_ne_peut_plus_rien_a_aucun_titre(distribution, nom, comment):
    d = distribution
    situation = scenes.situation_en_suivi(d)
    demande = exclusions.demander_exception(situation.numero, par=d.dsm, motif="Urgence.")
    exclusions.approuver_exception(demande, par=d.prp)
    assert _ce_qu_elle_en_peut(d[nom], situation), f"{nom} n’en pouvait déjà rien : l’essai ne prouve rien"
    _exclure(situation, relire(d[nom]), comment)
    assert _ce_qu_elle_en_peut(d[nom], situation) == set()
    for matrice, objets in _tout(situation):
        assert desaccords(matrice, objets, [(nom, d[nom])]) == [], matrice


def _tout(situation):
    return (
        (droits.DROITS_SITUATION, [SituationComplexe.objects.get(pk=situation.pk)]),
        (droits.DROITS_ORIENTATION, list(Orientation.objects.filter(situation=situation))),
    )


def _ce_qu_elle_en_peut(personne, situation):
    """Rend les actes qu’elle peut poser sur la situation, ses orientations et les accès exceptionnels qui s’y rapportent."""
    qui = relire(personne)
    exceptions = list(AccesExceptionnel.objects.filter(situation=situation))
    return {
        f"{matrice.code}.{acte}"
        for matrice, objets in (*_tout(situation), (droits.DROITS_EXCEPTION, exceptions))
        for objet in objets
        for acte in matrice.actes
        # Demander un accès exceptionnel se peut sans rien savoir d’une situation.
        if matrice.peut(qui, acte, objet) and acte != "demander"
    }


def test_lever_lexclusion_rend_ce_que_le_role_donnait(distribution):
    d = distribution
    situation = scenes.situation_transmise(d)
    exclusion = exclusions.exclure(situation, par=d.mentore, personne=d.coordonnatrice)
    assert permis(droits.DROITS_SITUATION, situation, d)["coordonnatrice"] == set()
    exclusions.lever_exclusion(exclusion, par=d.mentore)
    assert permis(droits.DROITS_SITUATION, situation, d)["coordonnatrice"] == COORDONNATRICE


def test_une_exclusion_ne_vaut_que_pour_sa_situation(distribution):
    d = distribution
    une, autre = scenes.situation_transmise(d), scenes.situation_transmise(d)
    exclusions.exclure(une, par=d.mentore, personne=d.coordonnatrice)
    assert list(droits.DROITS_SITUATION.objets(relire(d.coordonnatrice))) == [autre]


def test_changer_de_service_leve_lexclusion_du_service(distribution):
    d = distribution
    situation = scenes.situation_transmise(d)
    exclusions.exclure(situation, par=d.mentore, service=d.coordonnatrice.service)
    assert not droits.DROITS_SITUATION.peut(relire(d.coordonnatrice), "voir", situation)
    Personne.objects.filter(pk=d.coordonnatrice.pk).update(service=d.drhcaj.service)
    assert droits.DROITS_SITUATION.peut(relire(d.coordonnatrice), "voir", situation)


def test_declarer_un_lien_exclut_aussitot(distribution):
    d = distribution
    situation = scenes.situation_convoquee(d)
    exclusions.declarer(situation, par=d.collegue, en_conflit=True)
    assert permis(droits.DROITS_SITUATION, situation, d)["collegue"] == set()
    assert desaccords(droits.DROITS_SITUATION, [situation], d) == []


# --- Les orientations (D16) ---------------------------------------------------------------------------------------

SUIVRE = {"commencer", "appliquer", "ne_pas_appliquer", "reporter"}
ORIENTATIONS = {
    "a_faire": scenes.orientation,
    "en_cours": scenes.orientation_en_cours,
    "reportee": scenes.orientation_reportee,
    "appliquee": scenes.orientation_appliquee,
    "non_appliquee": scenes.orientation_non_appliquee,
}


@pytest.mark.exigence("R-240", "R-244", "R-254", "R-259")
@pytest.mark.parametrize("etat", ORIENTATIONS)
def test_lorientation_se_suit_par_son_responsable_et_se_lit_par_les_siens(distribution, etat):
    """X-3 : la directrice lit celles de sa direction ; la DSM suit, sans texte."""
    d = distribution
    orientation = Orientation.objects.get(pk=ORIENTATIONS[etat](d).pk)
    assert orientation.etat == etat
    attendu = par_nom(d, **dict.fromkeys(("mentore", *GESTION, *CONVIES, "animatrice"), ("voir",)))
    attendu["coordonnatrice"] = {"voir", "suivre", *SUIVRE, "reprendre", "modifier"}
    for nom in ("dsm", *APPR):
        attendu[nom] = {"suivre"}
    # La non appliquée est celle de la direction SAPA, que dirige la directrice ; les autres, d’une autre direction.
    responsable = "delegue" if etat == "non_appliquee" else "autre_gestionnaire"
    attendu[responsable] = {"voir", "suivre", *SUIVRE}
    if etat == "non_appliquee":
        attendu["directrice"] = {"voir", "suivre"}
    assert ecarts(permis(droits.DROITS_ORIENTATION, orientation, d), attendu) == {}
    assert desaccords(droits.DROITS_ORIENTATION, orientation.situation.orientations.all(), d) == []


def test_le_responsable_dune_orientation_nouvre_pas_la_situation(distribution):
    """Hors de sa fenêtre de convié, il lit ce dont il répond, et rien d’autre."""
    d = distribution
    situation = scenes.situation_en_suivi(d)
    plans.ajouter_orientation(
        situation, par=d.coordonnatrice, texte="Offrir un répit.", direction=d.secretaire.direction,
        responsable=d.secretaire, echeance=jour_local() + JOUR,
    )  # fmt: skip
    sienne = situation.orientations.get(responsable=d.secretaire)
    assert permis(droits.DROITS_ORIENTATION, sienne, d)["secretaire"] == {"voir", "suivre", *SUIVRE}
    assert permis(droits.DROITS_SITUATION, situation, d)["secretaire"] == set()
    autres = situation.orientations.exclude(pk=sienne.pk)
    assert not any(droits.DROITS_ORIENTATION.peut(relire(d.secretaire), "voir", o) for o in autres)


# --- Le comité, ses impasses, ses chiffres ------------------------------------------------------------------------

RENCONTRES = {
    "planifiee": scenes.rencontre_planifiee,
    "convoquee": scenes.rencontre_convoquee,
    "tenue": scenes.rencontre_tenue,
    "annulee": scenes.rencontre_annulee,
}


@pytest.mark.exigence("R-216", "R-217", "R-221", "R-235", "R-251")
@pytest.mark.parametrize("etat", RENCONTRES)
def test_le_calendrier_est_a_tous_et_lordre_du_jour_a_qui_y_siege(distribution, etat):
    d = distribution
    scenes.representants(d)
    rencontre = RencontreComite.objects.get(pk=RENCONTRES[etat](d).pk)
    assert rencontre.etat == etat
    attendu = par_nom(d, **dict.fromkeys((*APPR, *CONVIES, "delegue"), ("voir_ordre_du_jour",)))
    attendu["dsm"] = {"voir_ordre_du_jour", "planifier"}
    attendu["coordonnatrice"] = {"voir_ordre_du_jour", "planifier", "convoquer", "deplacer", "tenir", "annuler"}
    toute_la_maison(attendu, "voir")
    assert ecarts(permis(droits.DROITS_RENCONTRE, rencontre, d), attendu) == {}
    assert desaccords(droits.DROITS_RENCONTRE, [rencontre], d) == []


@pytest.mark.exigence("R-217", "R-239")
@pytest.mark.parametrize("scene", [scenes.nomination_proposee, scenes.nomination_acceptee])
def test_une_direction_nomme_et_la_dsm_accepte(distribution, scene):
    d = distribution
    Nomination.objects.all().delete()
    nomination = Nomination.objects.get(pk=scene(d).pk)
    tenir = {"nommer", "terminer"}
    attendu = par_nom(d, pilote={"nommer"}, coordonnatrice=tenir, dsm={"approuver", "terminer"})
    toute_la_maison(attendu, "voir")
    assert ecarts(permis(droits.DROITS_NOMINATION, nomination, d), attendu) == {}
    assert desaccords(droits.DROITS_NOMINATION, [nomination], d) == []


@pytest.mark.exigence("R-239")
def test_la_directrice_nomme_pour_sa_direction_et_nul_naccepte_sa_propre_nomination(distribution):
    d = distribution
    sienne = comite.nommer_representant(d.directrice.direction, d.delegue, par=d.directrice, pouvoir=True)
    assert permis(droits.DROITS_NOMINATION, sienne, d)["directrice"] == {"voir", "nommer", "terminer"}
    de_la_dsm = comite.nommer_representant(d.dsm.direction, d.dsm, par=d.pilote, pouvoir=True)
    assert "approuver" not in permis(droits.DROITS_NOMINATION, de_la_dsm, d)["dsm"]
    assert desaccords(droits.DROITS_NOMINATION, [sienne, de_la_dsm], d) == []


def test_une_nomination_proposee_ou_finie_ne_fait_pas_un_representant(distribution):
    d = distribution
    rencontre = scenes.rencontre_planifiee(d)
    nomination = scenes.nomination_proposee(d)

    def lit():
        return droits.DROITS_RENCONTRE.peut(relire(d.autre_gestionnaire), "voir_ordre_du_jour", rencontre)

    assert not lit()
    comite.accepter_nomination(nomination, par=d.dsm)
    assert lit()
    comite.terminer_nomination(nomination, par=d.dsm)
    assert not lit()
    assert desaccords(droits.DROITS_RENCONTRE, [rencontre], d) == []


def test_les_impasses_recurrentes_se_lisent_au_comite_et_se_portent(distribution):
    d = distribution
    scenes.representants(d)
    impasse = ImpasseRecurrente.objects.get(pk=scenes.impasse_ouverte(d).pk)
    attendu = par_nom(d, **dict.fromkeys((*APPR, "collegue", "delegue"), ("voir",)))
    porter = {"voir", "modifier", "entamer", "resoudre"}
    attendu["autre_gestionnaire"] = porter
    attendu["coordonnatrice"] = {*porter, "ouvrir", "abandonner", "rouvrir"}
    attendu["dsm"] = {"voir", "ouvrir"}
    assert ecarts(permis(droits.DROITS_IMPASSE, impasse, d), attendu) == {}
    assert desaccords(droits.DROITS_IMPASSE, [impasse], d) == []


def test_les_themes_les_chiffres_et_la_conservation_ont_chacun_les_leurs(distribution):
    d = distribution
    situation = scenes.situation_transmise(d)
    for matrice, objet, acte, qui in (
        (droits.DROITS_THEME, scenes.les_themes(d)[0], "tenir", {"coordonnatrice", "dsm"}),
        (droits.DROITS_CONSERVATION, situation, "voir_ensemble", {"prp"}),
    ):
        assert {nom for nom, actes in permis(matrice, objet, d).items() if acte in actes} == qui, matrice
        assert desaccords(matrice, [objet], d) == []
