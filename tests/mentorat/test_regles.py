"""Chaque règle du mentorat, dans un tableau : la situation, puis la phrase qu’elle rend, ou rien."""

import calendar
import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from encadrement.personnes.models import Personne
from encadrement.personnes.organisation import TitreEmploi
from encadrement.socle.temps import jour_local
from mentorat import regles
from mentorat.actions import bilans, bottin, demandes, fin
from mentorat.actions import ententes as actions
from mentorat.actions.suivi import consigner_rencontre
from mentorat.models import (
    OBJECTIFS_MAXIMUM,
    Bilan,
    Caracteristique,
    DemandeMentorat,
    Entente,
    EtatDemande,
    FicheMentor,
    Mesentente,
    Objectif,
    Prolongation,
    Qualite,
    Sorte,
)
from mentorat.trajectoire import DEMANDE, ENTENTE, FICHE, MESENTENTE, PROLONGATION
from tests.mentorat import scenes

JOUR = datetime.date.fromisoformat


def verifier(regle, objet, phrase):
    """La règle rend une phrase qui contient `phrase`, ou rien si `phrase` vaut None."""
    rendu = regle(objet)
    if phrase is None:
        assert rendu is None
    else:
        assert rendu is not None, f"{regle.__name__} a laissé passer"
        assert phrase in rendu


def personne(**champs):
    return Personne(prenom="Claude", nom="Bernatchez", **champs)


def fiche(**champs):
    tout = {
        "caracteristiques": list(Caracteristique.values),
        "qualites": list(Qualite.values),
        "motivation": "Transmettre.",
        "experience": "Quinze ans.",
        "experience_attestee": True,
        "recommandee_par_id": 1,
        "formation_suivie_le": JOUR("2026-01-10"),
        "personne": personne(ordre="OEQ", ordre_en_regle=True),
    }
    return FicheMentor(**{**tout, **champs})


def _sans(codes, absent):
    return [code for code in codes if code != absent]


# --- Le bottin --------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-344", "R-345", "R-346", "R-347", "R-348", "R-349")
@pytest.mark.parametrize("absente", [code for code in Caracteristique.values if code != Caracteristique.EN_REGLE])
def test_chaque_caracteristique_requise_doit_etre_cochee(absente):
    verifier(regles.caracteristiques_completes, fiche(), None)
    manque = fiche(caracteristiques=_sans(Caracteristique.values, absente))
    verifier(regles.caracteristiques_completes, manque, "Cochez chacune des caractéristiques requises")


@pytest.mark.exigence("R-351")
@pytest.mark.parametrize("absente", Qualite.values)
def test_chacune_des_neuf_qualites_doit_etre_cochee(absente):
    assert len(Qualite.values) == 9
    verifier(regles.qualites_completes, fiche(), None)
    verifier(regles.qualites_completes, fiche(qualites=_sans(Qualite.values, absente)), "neuf qualités")


@pytest.mark.exigence("R-350")
@pytest.mark.parametrize(
    ("ordre", "en_regle", "cochee", "phrase"),
    [
        ("OEQ", True, True, None),
        ("OEQ", False, True, "en règle avec son ordre"),
        ("OEQ", True, False, "en règle avec son ordre"),
        ("", False, False, None),
    ],
)
def test_un_membre_dun_ordre_doit_etre_en_regle(ordre, en_regle, cochee, phrase):
    coches = Caracteristique.values if cochee else _sans(Caracteristique.values, Caracteristique.EN_REGLE)
    candidat = personne(ordre=ordre, ordre_en_regle=en_regle)
    verifier(regles.en_regle_avec_son_ordre, fiche(personne=candidat, caracteristiques=coches), phrase)


@pytest.mark.parametrize(
    ("regle", "manque", "phrase"),
    [
        pytest.param(
            regles.experience_attestee,
            {"experience_attestee": False},
            "reconnu compétent par ses pairs",
            marks=pytest.mark.exigence("R-050", "R-344"),
        ),
        pytest.param(
            regles.recommandee_par_le_gestionnaire,
            {"recommandee_par_id": None},
            "la recommandation du gestionnaire",
            marks=pytest.mark.exigence("R-086"),
        ),
        (regles.autoreflexion_presente, {"motivation": ""}, "L’autoréflexion"),
        (regles.autoreflexion_presente, {"experience": ""}, "L’autoréflexion"),
        pytest.param(
            regles.formation_suivie,
            {"formation_suivie_le": None},
            "La formation de mentor n’est pas encore consignée",
            marks=pytest.mark.exigence("R-081"),
        ),
    ],
)
def test_une_fiche_complete_passe_une_fiche_incomplete_se_le_fait_dire(regle, manque, phrase):
    verifier(regle, fiche(), None)
    verifier(regle, fiche(**manque), phrase)


# --- La demande et les deux personnes ---------------------------------------------------------------------------


@pytest.mark.exigence("R-044", "R-045", "R-046", "R-328", "R-405")
@pytest.mark.parametrize("modele", [DemandeMentorat, Entente])
@pytest.mark.parametrize("case", DemandeMentorat.CASES)
def test_un_besoin_suffit_aucun_ne_suffit_pas(modele, case):
    verifier(regles.besoin_coche, modele(**{case: True}), None)
    verifier(regles.besoin_coche, modele(), "Cochez au moins un besoin")


@pytest.mark.exigence("R-085", "R-090")
def test_sans_superieur_connu_rien_ne_part():
    verifier(regles.gestionnaire_connu, Entente(mentore=personne(superieur_id=3)), None)
    verifier(regles.gestionnaire_connu, Entente(mentore=personne()), "Le supérieur immédiat du mentoré n’est pas connu")


@pytest.mark.django_db
@pytest.mark.exigence("R-048")
@pytest.mark.parametrize("etat", EtatDemande.values)
def test_une_seule_demande_en_cours_par_personne(distribution, etat):
    DemandeMentorat.objects.create(mentore=distribution.mentore, etat=etat)
    neuve = DemandeMentorat.objects.create(mentore=distribution.mentore)
    ailleurs = DemandeMentorat.objects.create(mentore=distribution.collegue)
    en_cours = etat in ("soumise", "acceptee", "proposee")
    verifier(regles.pas_d_autre_demande, neuve, "Une autre demande de mentorat est déjà en cours" if en_cours else None)
    verifier(regles.pas_d_autre_demande, ailleurs, None)


@pytest.mark.exigence("R-048", "R-049", "R-267", "R-411")
@pytest.mark.parametrize(
    ("mentor", "phrase"),
    [
        ({"pk": 1}, None),
        ({"pk": 9}, "son propre mentor"),
        ({"pk": 2}, "c’est son supérieur immédiat"),
        ({"pk": 3}, "à aucun niveau"),
        ({"pk": 4}, "à aucun niveau"),
        ({"pk": 1, "is_active": False}, "n’est plus à l’emploi"),
    ],
)
def test_qui_ne_peut_pas_etre_le_mentor_de_qui(mentor, phrase):
    mentore = personne(pk=9, superieur_id=2)
    verifier(lambda paire: regles.raison_d_exclusion(*paire, [2, 3, 4]), (personne(**mentor), mentore), phrase)


@pytest.mark.django_db
@pytest.mark.exigence("R-049", "R-267", "R-411")
def test_chaque_superieur_hierarchique_est_exclu_a_tous_les_niveaux(distribution):
    d, plus_haut, exclus = distribution, distribution.mentore.superieur, 0
    while plus_haut is not None:
        entente = Entente(mentor=plus_haut, mentore=d.mentore)
        verifier(regles.mentor_n_est_pas_un_superieur, entente, "supérieur hiérarchique")
        plus_haut, exclus = plus_haut.superieur, exclus + 1
    assert exclus >= 3
    for nom in ("mentor", "collegue", "gestionnaire_mentor", "autre_gestionnaire"):
        verifier(regles.mentor_n_est_pas_un_superieur, Entente(mentor=d[nom], mentore=d.mentore), None)


@pytest.mark.django_db
@pytest.mark.exigence("R-050", "R-267", "R-412")
def test_le_mentor_doit_etre_inscrit_au_bottin(distribution):
    d = distribution
    entente = Entente(mentor=d.mentor, mentore=d.mentore)
    phrase = "Le mentor doit être un intervenant expérimenté"
    verifier(regles.mentor_inscrit_au_bottin, entente, phrase)
    inscrite = scenes.fiche_recommandee(d)
    verifier(regles.mentor_inscrit_au_bottin, entente, phrase)
    bottin.consigner_formation(inscrite, par=d.dsm, suivie_le=jour_local())
    bottin.inscrire_mentor(inscrite, par=d.dsm)
    verifier(regles.mentor_inscrit_au_bottin, entente, None)
    bottin.retirer_du_bottin(inscrite, par=d.dsm)
    verifier(regles.mentor_inscrit_au_bottin, entente, phrase)


@pytest.mark.exigence("R-051", "R-052", "R-412", "R-413")
@pytest.mark.parametrize(
    ("discipline", "competences", "phrase"),
    [
        ("Ergothérapie", False, None),
        ("Travail social", True, None),
        ("Travail social", False, "ne sont pas de la même discipline"),
        ("", False, "discipline inconnue"),
    ],
)
def test_une_autre_discipline_se_permet_pour_des_competences_specifiques(discipline, competences, phrase):
    entente = Entente(
        mentor=personne(titre_emploi=TitreEmploi(discipline=discipline)),
        mentore=personne(titre_emploi=TitreEmploi(discipline="Ergothérapie")),
        besoin_competences=competences,
    )
    verifier(regles.meme_discipline, entente, phrase)


@pytest.mark.django_db
@pytest.mark.exigence("R-069", "R-407")
def test_le_jumelage_se_conclut_quand_les_deux_ont_accepte(distribution):
    d = distribution
    demande = scenes.demande_proposee(d)
    phrase = "Le mentor et le mentoré doivent tous deux accepter"
    verifier(regles.jumelage_accepte, demande, phrase)
    demandes.accepter_jumelage(demande, par=d.mentor)
    verifier(regles.jumelage_accepte, scenes.relire(demande), phrase)
    demandes.accepter_jumelage(scenes.relire(demande), par=d.mentore)
    verifier(regles.jumelage_accepte, scenes.relire(demande), None)
    verifier(regles.jumelage_accepte, DemandeMentorat.objects.create(mentore=d.collegue), phrase)


# --- L’entente --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.exigence("R-094", "R-104", "R-105", "R-329")
@pytest.mark.parametrize(
    ("lignes", "phrase"),
    [
        ([("Évaluer seule", ["Observer"])], None),
        ([("Évaluer seule", ["Observer"]), ("", [""]), ("", [])], None),
        ([], "Écrivez au moins un objectif"),
        ([("", [""])], "Écrivez au moins un objectif"),
        ([("", ["Observer"])], "Écrivez au moins un objectif"),
        ([("Évaluer seule", ["Observer"]), ("", ["Lire"])], "L’objectif 2 est vide alors que des activités"),
        ([("Évaluer seule", [])], "Ajoutez au moins une activité à l’objectif 1."),
        ([("Évaluer seule", ["Observer"]), ("Aborder", [""])], "Ajoutez au moins une activité à l’objectif 2."),
    ],
)
def test_chaque_objectif_a_son_texte_et_ses_activites(distribution, lignes, phrase):
    entente = Entente.objects.create(numero="M-1", mentor=distribution.mentor, mentore=distribution.mentore)
    for rang, (texte, activites) in enumerate(lignes, start=1):
        objectif = entente.objectifs.create(rang=rang, texte=texte)
        for numero, activite in enumerate(activites, start=1):
            objectif.activites.create(rang=numero, texte=activite)
    verifier(regles.objectifs_et_activites, entente, phrase)


@pytest.mark.django_db
@pytest.mark.exigence("R-329", "R-330")
@pytest.mark.parametrize(
    ("regle", "nombre", "phrase"),
    [
        (regles.nombre_d_objectifs_raisonnable, OBJECTIFS_MAXIMUM, None),
        (regles.nombre_d_objectifs_raisonnable, OBJECTIFS_MAXIMUM + 1, "au plus 40 objectifs"),
        (regles.objectifs_realistes, 10, None),
        (regles.objectifs_realistes, 11, "Vous visez 11 objectifs en six mois"),
    ],
)
def test_un_nombre_dobjectifs_realiste(distribution, regle, nombre, phrase):
    entente = Entente.objects.create(numero="M-1", mentor=distribution.mentor, mentore=distribution.mentore)
    Objectif.objects.bulk_create(Objectif(entente=entente, rang=rang, texte="Évaluer") for rang in range(nombre))
    verifier(regle, entente, phrase)


@pytest.mark.exigence("R-054", "R-331")
@pytest.mark.parametrize(
    ("frequence", "duree", "phrase"),
    [
        ("Aux 3 semaines", 75, None),
        ("", 75, "Précisez la fréquence et la durée"),
        ("Aux 3 semaines", None, "Précisez la fréquence et la durée"),
    ],
)
def test_la_frequence_et_la_duree_sont_ecrites(frequence, duree, phrase):
    verifier(regles.frequence_et_duree, Entente(frequence=frequence, duree_rencontres=duree), phrase)


@pytest.mark.exigence("R-332")
@pytest.mark.parametrize(
    ("debut", "fin", "phrase"),
    [
        ("2026-09-14", "2026-09-14", None),
        ("2026-09-14", "2026-09-13", "La fin de l’entente doit suivre son début."),
        (None, "2026-09-14", "Précisez la durée de l’entente"),
        ("2026-09-14", None, "Précisez la durée de l’entente"),
    ],
)
def test_la_periode_va_dun_jour_a_un_autre(debut, fin, phrase):
    entente = Entente(debut=debut and JOUR(debut), fin=fin and JOUR(fin))
    verifier(regles.periode_precisee, entente, phrase)


@pytest.mark.exigence("R-056", "R-409")
@pytest.mark.parametrize(
    ("debut", "dernier_permis"),
    [
        ("2026-09-14", "2027-03-14"),
        ("2026-08-31", "2027-02-28"),
        ("2026-08-30", "2027-02-28"),
        ("2026-08-29", "2027-02-28"),
        ("2026-08-28", "2027-02-28"),
        ("2027-08-31", "2028-02-29"),
        ("2027-08-29", "2028-02-29"),
        ("2028-02-29", "2028-08-29"),
        ("2026-12-31", "2027-06-30"),
        ("2026-10-31", "2027-04-30"),
        ("2026-09-30", "2027-03-30"),
        ("2026-09-15", "2027-03-15"),
    ],
)
def test_six_mois_au_jour_pres(debut, dernier_permis):
    debut, limite = JOUR(debut), JOUR(dernier_permis)
    verifier(regles.six_mois_au_plus, Entente(debut=debut, fin=limite), None)
    trop = Entente(debut=debut, fin=limite + datetime.timedelta(days=1))
    verifier(regles.six_mois_au_plus, trop, f"se termine au plus tard le {dernier_permis}.")


def _six_mois_apres(jour):
    """L’oracle : six mois plus tard au même quantième, ou le dernier jour du mois s’il n’existe pas."""
    annee, mois = (jour.year, jour.month + 6) if jour.month <= 6 else (jour.year + 1, jour.month - 6)
    return datetime.date(annee, mois, min(jour.day, calendar.monthrange(annee, mois)[1]))


@pytest.mark.exigence("R-056", "R-057", "R-409")
def test_la_fin_et_la_mi_temps_de_trois_ans_de_debuts_egalent_loracle():
    for rang in range(1096):
        debut = JOUR("2026-01-01") + datetime.timedelta(days=rang)
        limite = _six_mois_apres(debut)
        entente = Entente(debut=debut, fin=limite)
        assert entente.fin_maximale == limite
        avant, apres = (entente.mi_temps - debut).days, (limite - entente.mi_temps).days
        assert avant == apres or avant + 1 == apres, "le milieu, arrondi au jour précédent"


@settings(max_examples=200, deadline=None)
@given(debut=st.dates(JOUR("2000-01-01"), JOUR("2099-06-30")), jours=st.integers(0, 184))
def test_toute_periode_se_juge_comme_loracle(debut, jours):
    entente = Entente(debut=debut, fin=debut + datetime.timedelta(days=jours))
    permise = entente.fin <= _six_mois_apres(debut)
    assert (regles.six_mois_au_plus(entente) is None) == permise
    assert entente.debut <= entente.mi_temps <= entente.fin


@pytest.mark.django_db
@pytest.mark.exigence("R-069", "R-334")
def test_lentente_porte_les_deux_signatures(distribution):
    entente = scenes.entente(distribution, "a_signer")
    phrase = "L’entente doit porter la signature du mentor et celle du mentoré."
    verifier(regles.signee_par_la_dyade, Entente(), phrase)
    verifier(regles.signee_par_la_dyade, entente, phrase)
    actions.signer_entente(entente, par=entente.mentore, confirmation=scenes.CONFIRMATION)
    verifier(regles.signee_par_la_dyade, scenes.relire(entente), phrase)
    actions.signer_entente(scenes.relire(entente), par=entente.mentor, confirmation=scenes.CONFIRMATION)
    verifier(regles.signee_par_la_dyade, scenes.relire(entente), None)


# --- Les bilans et la fin ---------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.exigence("R-057", "R-061", "R-336", "R-337", "R-409", "R-410")
def test_la_mi_temps_se_remplit_puis_se_confirme_par_les_deux(distribution):
    entente = scenes.entente(distribution)
    verifier(regles.mi_temps_complet, entente, "Le bilan de mi-temps n’est pas commencé.")
    verifier(regles.mi_temps_confirme, entente, "rempli et confirmé par le mentor et le mentoré")
    scenes.colorier(entente, Sorte.MI_TEMPS)
    bilan = Bilan.objects.get(entente=entente, sorte=Sorte.MI_TEMPS)
    verifier(regles.chaque_ligne_a_un_etat, bilan, None)
    for etat in (bilan.etats_objectifs.last(), bilan.etats_activites.last()):
        etat.delete()
        verifier(regles.chaque_ligne_a_un_etat, bilan, "il en manque à l’objectif 3")
        verifier(regles.mi_temps_complet, entente, "vert, jaune ou rouge")
        etat.save(force_insert=True)
    verifier(regles.mi_temps_complet, entente, None)
    bilans.confirmer_mi_temps(scenes.relire(entente), par=entente.mentor)
    verifier(regles.mi_temps_confirme, scenes.relire(entente), "rempli et confirmé")
    bilans.confirmer_mi_temps(scenes.relire(entente), par=entente.mentore)
    verifier(regles.mi_temps_confirme, scenes.relire(entente), None)
    for nombre, phrase in ((0, "Le journal compte 0 rencontre : "), (1, "1 rencontre : "), (3, "3 rencontres : ")):
        _rencontrer(entente, nombre)
        verifier(regles.quatre_rencontres, entente, phrase)
    _rencontrer(entente, 4)
    verifier(regles.quatre_rencontres, entente, None)


def _rencontrer(entente, nombre):
    for rang in range(entente.rencontres.count(), nombre):
        consigner_rencontre(entente, par=entente.mentor, jour=jour_local(), minutes=60 + rang, mode="teams")


@pytest.mark.django_db
@pytest.mark.exigence("R-055", "R-058", "R-339", "R-340", "R-341", "R-342", "R-408", "R-409")
def test_la_finale_se_remplit_se_justifie_et_se_signe(distribution):
    entente = scenes.entente(distribution, "active")
    verifier(regles.finale_complete, entente, "L’évaluation finale n’est pas commencée.")
    entente = _en_evaluation(entente)
    verifier(regles.finale_complete, entente, "Donnez un état")
    verifier(regles.zones_finales_remplies, entente, "Remplissez les forces du mentoré")
    verifier(regles.finale_signee_par_la_dyade, entente, "L’évaluation finale doit porter la signature")
    scenes.evaluer(entente, poursuite=True)
    verifier(regles.finale_complete, entente, None)
    verifier(regles.zones_finales_remplies, entente, None)
    verifier(regles.poursuite_justifiee, entente, "Justifiez la poursuite")
    for zone in ("forces", "cibles", "recommandations"):
        scenes.evaluer(entente, **{zone: ""})
        verifier(regles.zones_finales_remplies, entente, "Remplissez les forces du mentoré")
    scenes.evaluer(entente, justification="Reprise au retour de congé.")
    verifier(regles.poursuite_justifiee, entente, None)
    bilans.signer_finale(scenes.relire(entente), par=entente.mentor, confirmation=scenes.CONFIRMATION)
    verifier(regles.finale_signee_par_la_dyade, entente, "L’évaluation finale doit porter la signature")
    bilans.signer_finale(scenes.relire(entente), par=entente.mentore, confirmation=scenes.CONFIRMATION)
    verifier(regles.finale_signee_par_la_dyade, scenes.relire(entente), None)


def _en_evaluation(entente):
    scenes.rencontrer(entente)
    scenes.mi_temps(entente)
    bilans.entamer_finale(scenes.relire(entente), par=entente.mentore)
    return scenes.relire(entente)


@pytest.mark.exigence("R-059", "R-341")
@pytest.mark.parametrize(
    ("fin_actuelle", "nouvelle", "phrase"),
    [
        ("2027-03-14", "2027-09-14", None),
        ("2027-03-14", "2027-09-15", "Une prolongation est d’au plus 6 mois."),
        ("2026-08-31", "2027-02-28", None),
        ("2026-08-31", "2027-03-01", "Une prolongation est d’au plus 6 mois."),
    ],
)
def test_une_prolongation_est_de_six_mois_au_plus(fin_actuelle, nouvelle, phrase):
    prolongation = Prolongation(fin_actuelle=JOUR(fin_actuelle), nouvelle_fin=JOUR(nouvelle))
    verifier(regles.prolongation_de_six_mois_au_plus, prolongation, phrase)


@pytest.mark.django_db
@pytest.mark.exigence("R-059", "R-341", "R-409")
def test_une_prolongation_a_la_fois_et_la_seconde_avertit(distribution):
    entente, semaine = scenes.entente(distribution), datetime.timedelta(days=7)
    verifier(regles.pas_de_prolongation_en_attente, entente, None)
    for phrase in (None, "Cette entente a déjà été prolongée"):
        entente = scenes.relire(entente)
        demande = fin.demander_prolongation(
            entente, par=entente.mentor, nouvelle_fin=entente.fin + semaine, justification="Congé."
        )
        verifier(regles.pas_de_prolongation_en_attente, entente, "attend la réponse du gestionnaire")
        verifier(regles.deja_prolongee, demande, phrase)
        fin.accorder_prolongation(demande, par=distribution.gestionnaire, raison="Congé de maladie.")
    verifier(regles.pas_de_prolongation_en_attente, entente, None)


@pytest.mark.django_db
@pytest.mark.exigence("R-363")
def test_la_fin_anticipee_se_conclut_par_une_rencontre_avec_le_gestionnaire_et_un_appr(distribution):
    d = distribution
    entente = scenes.fin_demandee(d)
    phrase, avec = "avec le gestionnaire et un APPR de la DSM : consignez-la", "sans le gestionnaire ou sans un APPR"
    verifier(regles.rencontre_de_fin_consignee, entente, phrase)
    verifier(regles.rencontre_de_fin_avec_appr, entente, None)
    for presents, attendue in (
        ({"appr": None, "gestionnaire_present": True}, avec),
        ({"appr": d.appr, "gestionnaire_present": False}, avec),
        ({"appr": d.appr, "gestionnaire_present": True}, None),
    ):
        fin.consigner_fin(scenes.relire(entente), par=d.gestionnaire, rencontre_le=jour_local(), **presents)
        verifier(regles.rencontre_de_fin_consignee, entente, None)
        verifier(regles.rencontre_de_fin_avec_appr, entente, attendue)
    fin.retirer_fin(scenes.relire(entente), par=d.mentore)
    verifier(regles.rencontre_de_fin_consignee, entente, phrase)


@pytest.mark.exigence("R-360")
def test_on_sen_ouvre_dabord_a_lautre():
    verifier(regles.parle_a_l_autre_d_abord, Mesentente(parle_a_l_autre=True), None)
    verifier(regles.parle_a_l_autre_d_abord, Mesentente(parle_a_l_autre=False), "s’en ouvrir d’abord à l’autre")


def test_chaque_regle_a_son_essai_ici():
    source = Path(__file__).read_text(encoding="utf-8")
    toutes = {nom for nom, objet in vars(regles).items() if hasattr(objet, "exigences")}
    assert len(toutes) > 25
    assert {nom for nom in toutes if f"regles.{nom}," not in source} == set()


def test_chaque_regle_des_trajectoires_vient_du_module_des_regles():
    tables = (FICHE, DEMANDE, ENTENTE, PROLONGATION, MESENTENTE)
    posees = {regle for table in tables for t in table.values() for regle in (*t.conditions, *t.avertissements)}
    assert {regle.__module__ for regle in posees} == {"mentorat.regles"}
