"""Les quatre trajectoires, état × verbe × personne : ce qui n’est pas dans la table est refusé et n’écrit rien.

Celle de la situation tient lieu de l’annexe 14, que le cadre ne donne pas (R-233, R-403, Q-02).
"""

import datetime
import functools

import pytest
from django.utils import timezone

from concertation.actions import comite, conservation, convocations, impasses, plans, situations
from concertation.models import (
    EtatSituation,
    ImpasseRecurrente,
    Orientation,
    RencontreComite,
    SituationComplexe,
)
from concertation.trajectoire import (
    TRAJECTOIRE_COMITE,
    TRAJECTOIRE_IMPASSE,
    TRAJECTOIRE_ORIENTATION,
    TRAJECTOIRE_SITUATION,
)
from encadrement.acces.matrice import AccesRefuse
from encadrement.personnes.models import Personne
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local
from tests.concertation import scenes
from tests.concertation.gestes import rien_decrit

pytestmark = pytest.mark.django_db

TRAJECTOIRES = (TRAJECTOIRE_SITUATION, TRAJECTOIRE_ORIENTATION, TRAJECTOIRE_IMPASSE, TRAJECTOIRE_COMITE)
FINAUX = {
    SituationComplexe: {"detruite"},
    Orientation: set(),
    ImpasseRecurrente: set(),
    RencontreComite: {"tenue", "annulee"},
}
JOUR = datetime.timedelta(days=1)
DANS_UN_MOIS = 30
_MOTIF, _RAISON = {"motif": "Motif."}, {"raison_du_refus": scenes.RAISON}


def _apres(scene, verbe, qui, **options):
    """Rend la fabrique d’un objet mené par une scène, puis par un verbe de plus."""

    def jouer(d):
        objet = scene(d)
        verbe(objet, par=d[qui], **options)
        return objet

    return jouer


SCENES = {
    SituationComplexe: {
        "brouillon": scenes.situation_en_redaction,
        "a_attester": scenes.situation_a_attester,
        "transmise": scenes.situation_transmise,
        "recevable": scenes.situation_recevable,
        "inscrite": scenes.situation_convoquee,
        "presentee": scenes.orientations_ecrites,
        "en_suivi": scenes.situation_en_suivi,
        "fermee": scenes.situation_fermee,
        "non_recevable": scenes.situation_non_recevable,
        "retiree": scenes.situation_retiree,
        "detruite": scenes.situation_detruite,
    },
    Orientation: {
        "a_faire": scenes.orientation,
        "en_cours": scenes.orientation_en_cours,
        "reportee": scenes.orientation_reportee,
        "appliquee": scenes.orientation_appliquee,
        "non_appliquee": scenes.orientation_non_appliquee,
    },
    ImpasseRecurrente: {
        "ouverte": scenes.impasse_ouverte,
        "en_cours": _apres(scenes.impasse_ouverte, impasses.entamer_solution, "autre_gestionnaire"),
        "resolue": _apres(scenes.impasse_ouverte, impasses.resoudre_impasse, "autre_gestionnaire"),
        "abandonnee": _apres(scenes.impasse_ouverte, impasses.abandonner_impasse, "coordonnatrice", motif="Ailleurs."),
    },
    RencontreComite: {
        "planifiee": scenes.rencontre_planifiee,
        "convoquee": scenes.rencontre_convoquee,
        "tenue": scenes.rencontre_tenue,
        "annulee": scenes.rencontre_annulee,
    },
}


def _autre_rencontre():
    return RencontreComite.objects.get(lieu="Salle de rechange")


def _vers_une_autre():
    return {"rencontre": _autre_rencontre()}


def _plus_tard():
    return {"debut": timezone.now() + 35 * JOUR, "fin": timezone.now() + 35 * JOUR + datetime.timedelta(hours=3)}


def _reporter():
    return {"echeance": jour_local() + DANS_UN_MOIS * JOUR, "raison_du_report": "Congés."}


# Le geste de chaque verbe, et de quoi le remplir : valide à tous égards, sauf le titre ou l’état.
GESTES = {
    SituationComplexe: {
        "soumettre": (situations.soumettre_situation, {}),
        "attester": (situations.attester_demarches, {}),
        "renvoyer": (situations.renvoyer_situation, _MOTIF),
        "demander_precisions": (situations.demander_precisions, _MOTIF),
        "recevoir": (situations.declarer_recevable, _MOTIF),
        "reorienter": (situations.reorienter_situation, {**_MOTIF, "reorientation": "equipe"}),
        "inscrire": (convocations.inscrire_situation, _vers_une_autre),
        "reporter": (convocations.reporter_situation, lambda: {**_MOTIF, **_vers_une_autre()}),
        "desinscrire": (convocations.desinscrire_situation, {}),
        "presenter": (plans.presenter_situation, {}),
        "etablir_plan": (plans.etablir_plan, {}),
        "representer": (plans.ramener_au_comite, _MOTIF),
        "fermer": (plans.fermer_situation, {}),
        "retirer": (situations.retirer_situation, {}),
        "detruire": (conservation.detruire_situation, {"confirmation": scenes.CONFIRMATION}),
    },
    Orientation: {
        "commencer": (plans.commencer_orientation, {}),
        "appliquer": (plans.appliquer_orientation, {}),
        "ne_pas_appliquer": (plans.ne_pas_appliquer_orientation, _RAISON),
        "reporter": (plans.reporter_orientation, _reporter),
        "reprendre": (plans.rouvrir_orientation, _MOTIF),
    },
    ImpasseRecurrente: {
        "entamer": (impasses.entamer_solution, {}),
        "resoudre": (impasses.resoudre_impasse, {}),
        "abandonner": (impasses.abandonner_impasse, _MOTIF),
        "rouvrir": (impasses.rouvrir_impasse, {}),
    },
    RencontreComite: {
        "convoquer": (comite.convoquer_rencontre, {}),
        "deplacer": (comite.deplacer_rencontre, _plus_tard),
        "tenir": (comite.tenir_rencontre, {}),
        "annuler": (comite.annuler_rencontre, _MOTIF),
    },
}
CAS = [
    pytest.param(trajectoire, etat, id=f"{trajectoire.modele.__name__}-{etat}")
    for trajectoire in TRAJECTOIRES
    for etat in SCENES[trajectoire.modele]
]


def _relire(objet):
    return type(objet).objects.get(pk=objet.pk)


def _scene(distribution, modele, etat):
    """Rend le dossier mené à son état ; une autre rencontre du comité est au calendrier."""
    rencontre = scenes.rencontre_planifiee(distribution, dans=49)
    comite.deplacer_rencontre(rencontre, par=distribution.coordonnatrice, lieu="Salle de rechange")
    objet = _relire(SCENES[modele][etat](distribution))
    assert objet.etat == etat
    return objet


def _agir(objet, transition, personne):
    agir, saisi = GESTES[type(objet)][transition.code]
    return agir(_relire(objet), par=personne, **(saisi() if callable(saisi) else saisi))


@functools.cache
def _paires(modele):
    """Rend les (état de départ, verbe) de la table."""
    trajectoire = next(t for t in TRAJECTOIRES if t.modele is modele)
    return sorted((str(de), transition.code) for transition in trajectoire for de in transition.de)


def test_chaque_etat_a_sa_scene_et_chaque_verbe_son_geste():
    for trajectoire in TRAJECTOIRES:
        modele = trajectoire.modele
        assert set(SCENES[modele]) == set(dict(modele._meta.get_field("etat").flatchoices))
        assert set(GESTES[modele]) == {transition.code for transition in trajectoire}


@pytest.mark.exigence("R-233", "R-403")
@pytest.mark.parametrize(("trajectoire", "etat"), CAS)
def test_ce_qui_nest_pas_dans_la_table_est_refuse_et_necrit_rien(distribution, trajectoire, etat):
    objet = _scene(distribution, trajectoire.modele, etat)
    _lissue_existe_et_attend_quelquun(trajectoire, objet)
    troupe = [Personne.objects.get(pk=personne.pk) for _, personne in distribution]
    essayes = 0
    with rien_decrit():
        for transition in trajectoire:
            for personne in troupe:
                permis = transition.droits.peut(personne, transition.code, objet)
                if etat in transition.de and permis:
                    continue
                with pytest.raises(ErreurMetier if permis else AccesRefuse):
                    _agir(objet, transition, personne)
                essayes += 1
    # Chaque verbe est essayé par presque tous : seuls quelques-uns peuvent l’un des verbes de cet état.
    assert essayes > len(troupe) * len(trajectoire.transitions) * 0.8


def _lissue_existe_et_attend_quelquun(trajectoire, objet):
    """Aucun état sans issue, sauf la fin ; aucune transition que personne ne peut franchir."""
    depuis = trajectoire.depuis(objet.etat)
    suites = [transition for transition in depuis if transition.vers not in {None, objet.etat}]
    assert bool(suites) == (objet.etat not in FINAUX[trajectoire.modele])
    for transition in depuis:
        assert transition.droits.personnes(transition.code, objet).exists(), transition.code


# --- Et ce qui est dans la table passe, avec les mêmes gestes ---------------------------------------------------

PERMIS = [
    pytest.param(trajectoire, etat, code, id=f"{trajectoire.modele.__name__}-{etat}-{code}")
    for trajectoire in TRAJECTOIRES
    for etat, code in _paires(trajectoire.modele)
]


@pytest.mark.exigence("R-227", "R-249", "R-253", "R-254", "R-403")
@pytest.mark.parametrize(("trajectoire", "etat", "code"), PERMIS)
def test_ce_qui_est_dans_la_table_passe_et_mene_ou_elle_dit(distribution, trajectoire, etat, code):
    """Le refus n’est donc pas celui d’une saisie bancale : le même geste passe, dans son état, par qui le peut."""
    transition = trajectoire[code]
    objet = _preparer(_scene(distribution, trajectoire.modele, etat), code, distribution)
    personne = transition.droits.personnes(code, objet).first()
    passages = objet.passages.count()
    _agir(objet, transition, personne)
    apres = _relire(objet)
    assert apres.etat == (transition.vers or etat)
    assert apres.passages.count() == passages + 1
    dernier = apres.passages.last()
    assert (dernier.transition, dernier.de, dernier.vers, dernier.par) == (code, etat, apres.etat, personne)


def _preparer(objet, code, d):
    """Pose ce que la règle du verbe demande et que la scène de l’état n’a pas : une rencontre passée, un suivi fini."""
    if code == "presenter":
        _tenir(objet.inscription.rencontre, d)
    if code == "tenir":
        _ramener_au_passe(objet, d)
    if code == "fermer":
        for orientation in objet.orientations.select_related("responsable", "situation"):
            plans.appliquer_orientation(orientation, par=orientation.responsable)
    if code == "detruire":
        SituationComplexe.objects.filter(pk=objet.pk).update(detruire_le=jour_local())
    return _relire(objet)


def _ramener_au_passe(rencontre, d):
    fin = timezone.now() - datetime.timedelta(hours=1)
    comite.deplacer_rencontre(rencontre, par=d.coordonnatrice, debut=fin - datetime.timedelta(hours=3), fin=fin)


def _tenir(rencontre, d):
    _ramener_au_passe(rencontre, d)
    comite.tenir_rencontre(rencontre, par=d.coordonnatrice, presentes=rencontre.participations.all())


# --- Le chemin d’une situation : aucun pas ne se saute ------------------------------------------------------------


@pytest.mark.exigence("R-225", "R-233", "R-246", "R-249", "R-253", "R-254", "R-403")
def test_de_chaque_etat_la_table_ne_mene_quau_suivant_ou_en_arriere():
    e = EtatSituation
    vers = {}
    for transition in TRAJECTOIRE_SITUATION:
        for de in transition.de:
            vers.setdefault(str(de), set()).add(str(transition.vers or de))
    assert vers == {
        e.BROUILLON: {e.A_ATTESTER, e.RETIREE},
        # Sans l’attestation du gestionnaire, le comité ne reçoit rien.
        e.A_ATTESTER: {e.TRANSMISE, e.BROUILLON, e.RETIREE},
        e.TRANSMISE: {e.RECEVABLE, e.NON_RECEVABLE, e.BROUILLON, e.RETIREE},
        e.RECEVABLE: {e.INSCRITE, e.RETIREE},
        e.INSCRITE: {e.INSCRITE, e.RECEVABLE, e.PRESENTEE},
        # Présentée, une situation a son plan, toujours; en suivi, elle se ferme ou revient au comité.
        e.PRESENTEE: {e.EN_SUIVI},
        e.EN_SUIVI: {e.FERMEE, e.RECEVABLE},
        e.FERMEE: {e.DETRUITE},
        e.NON_RECEVABLE: {e.DETRUITE},
        e.RETIREE: {e.DETRUITE},
    }


def test_une_orientation_non_appliquee_ou_reportee_dit_pourquoi(distribution):
    """R-254 : le comité a besoin d’apprendre ce qui n’a pas tenu."""
    orientation = scenes.orientation(distribution)
    with rien_decrit():
        for agir, saisi in (
            (plans.ne_pas_appliquer_orientation, {"raison_du_refus": "  "}),
            (plans.reporter_orientation, {"echeance": jour_local() + JOUR, "raison_du_report": ""}),
            (plans.reporter_orientation, {"echeance": jour_local(), "raison_du_report": "Congés."}),
        ):
            with pytest.raises(ErreurMetier):
                agir(_relire(orientation), par=orientation.responsable, **saisi)


@pytest.mark.exigence("R-249")
@pytest.mark.parametrize("agir", [situations.declarer_recevable, situations.demander_precisions])
def test_la_reponse_du_coordonnateur_est_toujours_motivee(distribution, agir):
    """Q-03 : recevable ou non, la réponse s’explique."""
    situation = scenes.situation_transmise(distribution)
    with rien_decrit(), pytest.raises(ErreurMetier):
        agir(situation, par=distribution.coordonnatrice, motif="  ")


@pytest.mark.exigence("R-249")
def test_une_demande_non_recevable_mene_toujours_quelque_part(distribution):
    situation = scenes.situation_transmise(distribution)
    for saisi in ({"motif": "Trop tôt.", "reorientation": ""}, {"motif": " ", "reorientation": "equipe"}):
        with rien_decrit(), pytest.raises(ErreurMetier):
            situations.reorienter_situation(_relire(situation), par=distribution.coordonnatrice, **saisi)
