"""Les règles du plan et du rapport annuels, et ce qui avertit sans jamais bloquer."""

import datetime

import pytest

from cdp import regles, trajectoire
from cdp.actions import adhesions, annees, communautes, comptes_rendus, rencontres
from cdp.models import Atteinte, Communaute, PlanAnnuel, RapportAnnuel
from encadrement.rencontres.models import Mode
from encadrement.signatures.actions import figer
from encadrement.trajectoire.transition import RaisonRequise, TransitionImpossible
from tests.cdp import scenes
from tests.cdp.test_regles import entrer, relire, verifier
from tests.cdp.traces import rien_decrit
from tests.factories import PersonneFactory

pytestmark = pytest.mark.django_db

AVIS = "Nous recommandons de revoir l’organisation des services; la qualité des soins en souffre."


# --- Le plan ----------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-140", "R-425")
@pytest.mark.parametrize(
    ("etat", "agreee"),
    [("en_preparation", False), ("proposee", False), ("active", True), ("suspendue", True), ("dissoute", False)],
)
def test_le_plan_et_le_rapport_sont_ceux_dune_communaute_agreee(etat, agreee):
    phrase = None if agreee else "agréée par son parrain"
    for modele in (PlanAnnuel, RapportAnnuel):
        verifier(regles.communaute_agreee, modele(communaute=Communaute(etat=etat)), phrase)


@pytest.mark.exigence("R-121", "R-146", "R-163", "R-365")
@pytest.mark.parametrize(
    ("colonne", "phrase"),
    [
        ("objectif", "remplie sans objectif"),
        ("responsables", "« responsable(s) »"),
        ("collaborateurs", None),
        ("moyens", "« moyen(s) identifié(s) »"),
        ("echeancier", "« échéancier(s) »"),
        ("indicateur", "« indicateur(s) de résultat »"),
    ],
)
def test_chaque_objectif_a_ses_colonnes_sauf_les_collaborateurs(distribution, colonne, phrase):
    plan = scenes.plan_en_redaction(distribution)
    verifier(regles.objectifs_complets, plan, None)
    plan.lignes.filter(rang=2).update(**{colonne: " "})
    verifier(regles.objectifs_complets, plan, phrase)


@pytest.mark.exigence("R-365")
def test_un_plan_a_au_moins_un_objectif_et_au_plus_vingt(distribution):
    d = distribution
    plan = annees.ouvrir_plan(scenes.communaute_active(d), 2026, par=d.animatrice)
    assert plan.lignes.count() == 4
    verifier(regles.objectifs_complets, plan, "au moins un objectif")
    for _ in range(16):
        annees.ajouter_ligne(plan, par=d.animatrice)
    verifier(regles.nombre_de_lignes, plan, None)
    plan.lignes.create(rang=21)
    verifier(regles.nombre_de_lignes, plan, "au plus 20 objectifs")


@pytest.mark.exigence("R-125", "R-421")
@pytest.mark.parametrize(
    ("nombre", "duree", "dite"), [(6, 180, True), (None, 180, False), (6, None, False), (0, 180, False)]
)
def test_le_plan_dit_la_frequence_et_la_duree_des_rencontres(nombre, duree, dite):
    plan = PlanAnnuel(rencontres_prevues=nombre, duree_prevue=duree)
    verifier(regles.frequence_prevue, plan, None if dite else "le nombre et la durée des rencontres")


@pytest.mark.exigence("R-126", "R-127", "R-422")
@pytest.mark.parametrize(
    ("nombre", "duree", "phrase"),
    [(6, 180, None), (6, 240, None), (6, 241, "24\xa0h\xa006"), (8, 200, "26\xa0h\xa040"), (None, None, None)],
)
def test_plus_de_vingt_quatre_heures_de_rencontres_avertit(nombre, duree, phrase):
    verifier(
        regles.plan_dans_les_vingt_quatre_heures, PlanAnnuel(rencontres_prevues=nombre, duree_prevue=duree), phrase
    )


@pytest.mark.exigence("R-145", "R-320")
@pytest.mark.parametrize(
    ("texte", "avertit"),
    [
        (AVIS, True),
        ("Évaluer les effectifs du service", True),
        ("Recommander des ratios", True),
        ("Évaluation du trouble du langage", False),
        ("Améliorer la qualité de nos évaluations", False),
        ("Recommandé par les pairs.\nLa qualité des services reste la même", False),
        ("", False),
    ],
)
def test_un_avis_sur_les_services_avertit_et_la_pratique_non(texte, avertit):
    verifier(regles.hors_mandat, texte, "comité de pairs" if avertit else None)


@pytest.mark.exigence("R-130", "R-145", "R-320")
def test_le_plan_le_rapport_et_le_compte_rendu_restent_au_developpement_de_la_pratique(distribution):
    rapport = scenes.rapport_en_redaction(distribution)
    plan = rapport.communaute.planannuels.get()
    rencontre = scenes.rencontre_redigee(distribution)
    for regle, objet in (
        (regles.plan_dans_le_mandat, plan),
        (regles.rapport_dans_le_mandat, rapport),
        (regles.compte_rendu_dans_le_mandat, rencontre),
    ):
        verifier(regle, objet, None)
    for colonne in ("objectif", "moyens", "indicateur"):
        plan.lignes.filter(rang=1).update(**{colonne: AVIS})
        verifier(regles.plan_dans_le_mandat, plan, "comité de pairs")
        plan.lignes.filter(rang=1).update(**{colonne: "Grille"})
    for champ in ("conclusion", "autres_precisez"):
        verifier(regles.rapport_dans_le_mandat, RapportAnnuel(**{champ: AVIS}), "comité de pairs")
    rencontre.points.filter(sorte="fin").update(sommaire=AVIS)
    verifier(regles.compte_rendu_dans_le_mandat, rencontre, "comité de pairs")


@pytest.mark.exigence("R-366", "R-379")
def test_on_approuve_ce_que_le_representant_de_la_communaute_a_signe(distribution):
    plan = scenes.plan_soumis(distribution)
    verifier(regles.signe_par_la_cdp, plan, None)
    plan.instantane = figer(plan, "cdp_plan", {"objectif": "un autre contenu"}, gabarit="cdp/plan_v1")
    verifier(regles.signe_par_la_cdp, plan, "signature du représentant de la CdP")


# --- Le rapport -------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-140", "R-364")
def test_le_rapport_suit_un_plan_approuve_de_la_meme_annee(distribution):
    d = distribution
    plan = scenes.plan_soumis(d)
    rapport = annees.ouvrir_rapport(plan.communaute, plan.annee, par=d.animatrice)
    verifier(regles.plan_de_l_annee_approuve, rapport, "pas de plan d’action approuvé")
    annees.approuver_plan(plan, par=d.parrain, confirmation=scenes.CONFIRMATION)
    verifier(regles.plan_de_l_annee_approuve, rapport, None)
    rapport.annee += 1
    verifier(regles.plan_de_l_annee_approuve, rapport, "pas de plan d’action approuvé")


@pytest.mark.exigence("R-163", "R-368")
def test_le_rapport_dit_latteinte_de_chaque_objectif(distribution):
    rapport = scenes.rapport_en_redaction(distribution)
    verifier(regles.atteinte_de_chaque_objectif, rapport, None)
    for atteinte in Atteinte.values:
        rapport.lignes.filter(rang=2).update(atteinte=atteinte)
        verifier(regles.atteinte_de_chaque_objectif, rapport, None)
    rapport.lignes.filter(rang=2).update(atteinte="")
    verifier(regles.atteinte_de_chaque_objectif, rapport, "l’objectif 2 est atteint")
    rapport.lignes.update(objectif=" ")
    verifier(regles.atteinte_de_chaque_objectif, rapport, "au moins un objectif")


@pytest.mark.exigence("R-377", "R-378")
@pytest.mark.parametrize(
    ("poursuite", "apercu", "phrase"),
    [
        (True, "Télépratique", None),
        (True, " ", "Donnez un aperçu"),
        (False, "", None),
        (None, "Télépratique", "désire poursuivre"),
    ],
)
def test_le_rapport_dit_si_la_communaute_poursuit_et_quoi(poursuite, apercu, phrase):
    verifier(regles.poursuite_repondue, RapportAnnuel(poursuite=poursuite, apercu_2=apercu), phrase)


@pytest.mark.exigence("R-371", "R-372", "R-373", "R-374")
@pytest.mark.parametrize("nombre", RapportAnnuel.PRECISIONS)
def test_un_nombre_du_bilan_se_precise(distribution, nombre):
    rapport = annees.ouvrir_rapport(scenes.communaute_active(distribution), 2026, par=distribution.animatrice)
    verifier(regles.precisions_du_bilan, rapport, None)
    setattr(rapport, nombre, 2)
    verifier(regles.precisions_du_bilan, rapport, "Précisez : nombre de")
    setattr(rapport, f"{nombre}_precisez", "Deux grilles.")
    verifier(regles.precisions_du_bilan, rapport, None)


@pytest.mark.exigence("R-371")
def test_un_nombre_compte_aux_comptes_rendus_se_precise_aussi(distribution):
    rencontre = scenes.rencontre_redigee(distribution)
    rapport = annees.ouvrir_rapport(
        rencontre.communaute, rencontre.communaute.annee.debut_annee, par=distribution.animatrice
    )
    assert rapport.experiences_precisez == "essais de la grille TDL"
    rapport.experiences_precisez = ""
    verifier(regles.precisions_du_bilan, rapport, "expérience clinique")
    rapport.experiences = 0
    verifier(regles.precisions_du_bilan, rapport, None)


@pytest.mark.exigence("R-140")
@pytest.mark.parametrize(("jour", "phrase"), [("2027-03-30", "2027-03-31"), ("2027-03-31", None), ("2027-04-01", None)])
def test_signer_un_rapport_avant_la_fin_de_lannee_avertit(time_machine, jour, phrase):
    time_machine.move_to(datetime.datetime.fromisoformat(f"{jour}T17:00:00+00:00"))
    verifier(regles.annee_terminee, RapportAnnuel(annee=2026), phrase)


@pytest.mark.exigence("R-292", "R-457")
@pytest.mark.parametrize(
    ("mode", "recommandee"), [(Mode.VIRTUELLE, False), (Mode.PRESENCE, True), (Mode.HYBRIDE, True)]
)
def test_une_rencontre_en_personne_par_annee_est_recommandee(distribution, time_machine, mode, recommandee):
    time_machine.move_to(datetime.datetime(2026, 9, 1, 16, tzinfo=datetime.UTC))
    rencontre = scenes.rencontre_planifiee(distribution, mode=mode, lieu="Carleton")
    rapport = RapportAnnuel(communaute=rencontre.communaute, annee=2026)
    verifier(regles.une_rencontre_en_personne, rapport, None if recommandee else "Aucune rencontre en personne")
    verifier(regles.une_rencontre_en_personne, RapportAnnuel(communaute=rencontre.communaute, annee=2025), "Aucune")
    rencontres.annuler_rencontre(rencontre, par=distribution.animatrice)
    verifier(regles.une_rencontre_en_personne, rapport, "Aucune rencontre en personne")


# --- Ce qui avertit demande une raison, et ne bloque jamais -------------------------------------------------------


def _communaute_hors_normes(d):
    communaute = scenes.communaute_ouverte(d)
    fiche = {"besoin_soutien": True, "domaine": "", "pratique": "", "regles_internes": ""}
    communautes.ecrire_fiche(communaute, par=d.animatrice, saisi=fiche, temoins={})
    communautes.changer_parrain(relire(communaute), d.parrain, par=d.animatrice)
    entrer(communaute, d.secretaire, d, "secretaire")
    entrer(communaute, d.collegue, d)
    for _ in range(18):
        entrer(communaute, PersonneFactory(mot_de_passe=None), d)
    return lambda **raison: communautes.proposer_communaute(relire(communaute), par=d.animatrice, **raison)


def _demande_dun_autre_titre(d):
    communaute = scenes.communaute_active(d)
    for _ in range(17):
        adhesions.inviter(
            communaute, PersonneFactory(titre_emploi=d.membre.titre_emploi, mot_de_passe=None), par=d.animatrice
        )
    demande = scenes.adhesion_demandee(d, d.collegue)
    return lambda **raison: adhesions.accepter_adhesion(relire(demande), par=d.animatrice, **raison)


def _depart_de_lanimatrice(d):
    sienne = scenes.adhesion_de(d, "animatrice")
    return lambda **raison: adhesions.quitter(relire(sienne), par=d.animatrice, **raison)


def _plan_hors_normes(d):
    plan = scenes.plan_en_redaction(d)
    ligne = plan.lignes.first()
    saisi = {"rencontres_prevues": 9, f"ligne-{ligne.pk}-moyens": AVIS}
    annees.ecrire(plan, par=d.animatrice, saisi=saisi, temoins={})
    return lambda **raison: annees.soumettre(relire(plan), par=d.animatrice, confirmation=scenes.CONFIRMATION, **raison)


def _rapport_hors_normes(d):
    rapport = scenes.rapport_en_redaction(d)
    annees.ecrire(rapport, par=d.animatrice, saisi={"conclusion": AVIS}, temoins={})
    return lambda **raison: annees.soumettre(
        relire(rapport), par=d.animatrice, confirmation=scenes.CONFIRMATION, **raison
    )


def _convocation_de_trop(d):
    rencontre = scenes.rencontre_planifiee(d)
    debut = rencontre.debut
    rencontres.deplacer_rencontre(rencontre, par=d.animatrice, debut=debut, fin=debut + datetime.timedelta(hours=25))
    return lambda **raison: rencontres.convoquer_rencontre(relire(rencontre), par=d.animatrice, **raison)


def _compte_rendu_hors_mandat(d):
    rencontre = scenes.rencontre_redigee(d)
    rencontre.points.filter(sorte="fin").update(sommaire=AVIS)
    return lambda **raison: comptes_rendus.publier_compte_rendu(relire(rencontre), par=d.secretaire, **raison)


ECARTS = {
    "proposer": (
        _communaute_hors_normes,
        {"nombre_de_membres", "meme_titre_d_emploi", "pierres_angulaires", "regles_internes_ecrites"},
    ),
    "accepter": (_demande_dun_autre_titre, {"titre_de_la_communaute", "place_de_plus"}),
    "quitter": (_depart_de_lanimatrice, {"il_reste_un_animateur"}),
    "soumettre le plan": (_plan_hors_normes, {"plan_dans_les_vingt_quatre_heures", "plan_dans_le_mandat"}),
    "soumettre le rapport": (
        _rapport_hors_normes,
        {"une_rencontre_en_personne", "annee_terminee", "rapport_dans_le_mandat"},
    ),
    "convoquer": (_convocation_de_trop, {"plafond_respecte"}),
    "publier": (_compte_rendu_hors_mandat, {"compte_rendu_dans_le_mandat"}),
}


@pytest.mark.parametrize("verbe", ECARTS)
def test_un_ecart_demande_une_raison_et_ne_bloque_jamais(distribution, time_machine, verbe):
    time_machine.move_to(datetime.datetime(2026, 9, 1, 16, tzinfo=datetime.UTC), tick=False)
    preparer, attendus = ECARTS[verbe]
    agir = preparer(distribution)
    for vide in ({}, {"raison": "  "}):
        with rien_decrit(), pytest.raises(RaisonRequise) as refus:
            agir(**vide)
        assert {raison.regle for raison in refus.value.raisons} == attendus
    passage = agir(raison="Nous l’avons convenu avec le parrain.")
    assert "convenu avec le parrain" in passage.motif
    assert len(passage.avertissements) == len(attendus)


def test_chaque_avertissement_de_la_table_a_son_ecart_joue():
    tables = (trajectoire.COMMUNAUTE, trajectoire.ADHESION, trajectoire.PLAN, trajectoire.RAPPORT)
    tables += (trajectoire.RENCONTRE, trajectoire.DEPASSEMENT)
    transitions = [transition for table in tables for transition in table.values()]
    avertissements = {regle.__name__ for transition in transitions for regle in transition.avertissements}
    assert avertissements == set().union(*(attendus for _, attendus in ECARTS.values()))
    conditions = {regle.__name__ for transition in transitions for regle in transition.conditions}
    assert not conditions & avertissements


@pytest.mark.exigence("R-117", "R-119")
def test_une_condition_bloque_meme_avec_une_raison(distribution):
    d = distribution
    communaute = scenes.communaute_ouverte(d)
    with rien_decrit(), pytest.raises(TransitionImpossible) as refus:
        communautes.proposer_communaute(communaute, par=d.animatrice, raison="Nous y tenons.")
    assert {raison.regle for raison in refus.value.raisons} == {
        "parrain_designe",
        "roles_requis",
        "besoin_prioritaire",
    }
