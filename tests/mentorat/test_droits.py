"""Qui peut quoi en mentorat : le tableau attendu, et trois faces qui s’accordent."""

import pytest

from encadrement.personnes.models import Delegation
from encadrement.socle.temps import jour_local
from mentorat import droits
from mentorat.models import NoteDyade, NotePersonnelle, SuiviGestionnaire
from tests.encadrement.acces.trois_faces import desaccords, permis, relire
from tests.mentorat import scenes

pytestmark = pytest.mark.django_db

LECTURE_DSM = {"voir", "recevoir_dsm", "suivre"}
DYADE = {
    "voir", "modifier", "soumettre", "rouvrir", "signer", "presenter", "abandonner", "voir_liberation",
    "voir_journal", "consigner_rencontre", "voir_notes", "noter_pour_soi", "voir_suivi", "voir_mi_temps",
    "ecrire_mi_temps", "confirmer_mi_temps", "voir_finale", "entamer_finale", "ecrire_finale", "signer_finale",
    "presenter_finale", "demander_prolongation", "demander_fin", "retirer_fin", "voir_fin", "signaler_mesentente",
    "attester_heures",
}  # fmt: skip
GESTIONNAIRE = {
    "voir", "approuver", "renvoyer", "refuser", "confirmer_conditions", "voir_liberation", "voir_journal",
    "voir_suivi", "voir_mi_temps", "voir_finale", "renvoyer_finale", "clore", "demander_fin", "retirer_fin",
    "consigner_fin", "constater_fin", "voir_fin", "suivre",
}  # fmt: skip
TOUJOURS = {
    "mentor": DYADE | {"ecrire_suivi"},
    "mentore": DYADE,
    "gestionnaire": GESTIONNAIRE,
    "delegue": GESTIONNAIRE,
    "gestionnaire_mentor": {"voir_liberation"},
}
# L’APPR consigne la rencontre de fin à tout âge de l’entente ; il n’en voit le contenu que dès l’approbation.
APPR = ("appr", "appr_liaison")
PAR_ETAT = {
    "brouillon": {nom: {"consigner_fin"} for nom in APPR},
    "active": {
        **{nom: LECTURE_DSM | {"consigner_fin", "voir_fin"} for nom in APPR},
        "dsm": LECTURE_DSM,
        "drhcaj": {"voir", "recevoir_drhcaj"},
    },
    "close": {
        **{nom: LECTURE_DSM | {"consigner_fin", "voir_fin", "voir_finale"} for nom in APPR},
        "dsm": LECTURE_DSM | {"voir_finale"},
        "drhcaj": {"voir", "recevoir_drhcaj"},
    },
}


@pytest.mark.exigence("R-063", "R-070", "R-089", "R-091", "R-343", "R-354", "R-414")
@pytest.mark.parametrize("etat", PAR_ETAT)
def test_chaque_titre_peut_ce_que_dit_le_tableau(distribution, etat):
    entente = scenes.entente(distribution, etat) if etat != "brouillon" else scenes.entente_naissante(distribution)
    attendu = {nom: set() for nom, _ in distribution} | TOUJOURS | PAR_ETAT[etat]
    obtenu = permis(droits.DROITS_ENTENTE, entente, distribution)
    ecarts = {nom: sorted(obtenu[nom] ^ attendu[nom]) for nom in obtenu if obtenu[nom] != attendu[nom]}
    assert ecarts == {}


@pytest.mark.exigence("R-049", "R-414")
@pytest.mark.parametrize("etat", ["a_approuver", "active", "close"])
def test_les_trois_faces_de_lentente_saccordent(distribution, etat):
    entente = scenes.entente(distribution, etat)
    assert desaccords(droits.DROITS_ENTENTE, [entente], distribution) == []


def test_les_trois_faces_de_la_demande_et_de_la_fiche_saccordent(distribution):
    demande = scenes.demande_proposee(distribution)
    assert desaccords(droits.DROITS_DEMANDE, [demande], distribution) == []
    assert desaccords(droits.DROITS_FICHE, [distribution.mentor.fiche_mentor], distribution) == []
    candidate = scenes.fiche_soumise(distribution, distribution.collegue)
    assert desaccords(droits.DROITS_FICHE, [candidate], distribution) == []


@pytest.mark.exigence("R-063", "R-353", "R-354", "R-356", "R-357", "R-414")
@pytest.mark.parametrize("etat", ["active", "close"])
def test_les_notes_restent_a_la_dyade_et_la_note_personnelle_a_son_auteur(distribution, etat):
    d = distribution
    entente = scenes.entente(d, etat)
    dyade = NoteDyade.objects.create(entente=entente, auteur=d.mentor, texte="Entre nous.")
    personnelle = NotePersonnelle.objects.create(entente=entente, auteur=d.mentore, texte="Pour moi.")
    lecteurs = {nom for nom, p in d if droits.DROITS_NOTE_DYADE.peut(relire(p), "voir", dyade)}
    assert lecteurs == {"mentor", "mentore"}
    assert {nom for nom, p in d if droits.DROITS_NOTE_PERSONNELLE.peut(relire(p), "voir", personnelle)} == {"mentore"}
    assert desaccords(droits.DROITS_NOTE_DYADE, [dyade], d) == []
    assert desaccords(droits.DROITS_NOTE_PERSONNELLE, [personnelle], d) == []


@pytest.mark.exigence("R-064", "R-101", "R-358")
def test_le_suivi_du_mentor_se_lit_de_la_dyade_et_du_gestionnaire(distribution):
    entente = scenes.entente(distribution, "active")
    suivi = SuiviGestionnaire.objects.create(entente=entente, auteur=distribution.mentor, texte="Progresse bien.")
    lecteurs = {nom for nom, p in distribution if droits.DROITS_SUIVI.peut(relire(p), "voir", suivi)}
    assert lecteurs == {"mentor", "mentore", "gestionnaire", "delegue"}
    assert desaccords(droits.DROITS_SUIVI, [suivi], distribution) == []


@pytest.mark.exigence("R-049")
def test_le_mentor_a_qui_lon_delegue_napprouve_pas_sa_propre_entente(distribution):
    d = distribution
    Delegation.objects.create(de=d.gestionnaire, a=d.mentor, debut=jour_local(), fin=jour_local())
    entente = scenes.entente(d, "a_approuver")
    mentor = relire(d.mentor)
    assert not droits.DROITS_ENTENTE.peut(mentor, "approuver", entente)
    assert entente not in droits.DROITS_ENTENTE.objets(mentor, "approuver")
    assert mentor not in droits.DROITS_ENTENTE.personnes("approuver", entente)


def test_changer_de_gestionnaire_ferme_lacces_a_la_requete_suivante(distribution, client_de):
    d = distribution
    entente = scenes.entente(d, "active")
    ancien = client_de(d.gestionnaire)
    assert ancien.get(entente.get_absolute_url()).status_code == 200
    d.mentore.superieur = d.autre_gestionnaire
    d.mentore.save(update_fields=["superieur"])
    assert ancien.get(entente.get_absolute_url()).status_code == 404
    assert client_de(d.autre_gestionnaire).get(entente.get_absolute_url()).status_code == 200
