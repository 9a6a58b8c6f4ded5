"""Les trois trajectoires, état × verbe × personne : ce qui n’est pas dans la table est refusé et n’écrit rien.

La consultation d’experts y tient lieu de l’annexe 12 : aucun échelon ne se saute (R-177, R-401).
"""

import datetime
import functools

import pytest
from django.utils import timezone

from consultation.actions import bottin, demandes, dsm, experts, issues
from consultation.models import DemandeConsultation, EtatConsultation, FicheExpert, Suite
from consultation.trajectoire import TRAJECTOIRE_DEMANDE, TRAJECTOIRE_FICHE
from encadrement.acces.matrice import AccesRefuse
from encadrement.demandes import actions as services
from encadrement.demandes.models import DemandeService
from encadrement.demandes.trajectoire import TRAJECTOIRE_SERVICE
from encadrement.personnes.models import Personne
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local
from tests.consultation import scenes
from tests.consultation.traces import rien_decrit

pytestmark = pytest.mark.django_db

TRAJECTOIRES = (TRAJECTOIRE_FICHE, TRAJECTOIRE_DEMANDE, TRAJECTOIRE_SERVICE)
FINAUX = {
    FicheExpert: set(),
    DemandeConsultation: {"fermee", "non_pertinente", "au_comite", "retiree"},
    DemandeService: {"close", "retiree"},
}


def _apres(scene, verbe, qui, **options):
    """Rend la fabrique d’un objet mené par une scène, puis par un verbe de plus."""

    def jouer(d):
        objet = scene(d)
        verbe(objet, par=d[qui], **options)
        return objet

    return jouer


SCENES = {
    FicheExpert: {
        "brouillon": scenes.fiche_en_redaction,
        "identifiee": scenes.fiche_identifiee,
        "candidature": scenes.fiche_soumise,
        "appuyee": scenes.fiche_appuyee,
        "active": scenes.fiche_inscrite,
        "en_pause": _apres(scenes.fiche_inscrite, bottin.mettre_en_pause, "mentor"),
        "non_retenue": _apres(scenes.fiche_soumise, bottin.ecarter_candidature, "gestionnaire_mentor", motif="Non."),
        "retiree": _apres(scenes.fiche_inscrite, bottin.retirer_du_bottin, "mentor"),
    },
    DemandeConsultation: {
        "brouillon": scenes.demande_en_redaction,
        "a_discuter": scenes.demande_soumise,
        "autorisee": scenes.demande_declinee,
        "chez_expert": scenes.moment_propose,
        "acceptee": scenes.rencontre_tenue,
        "avis_rendu": scenes.avis_rendu,
        "formulaire": scenes.formulaire_ouvert,
        "transmise": scenes.demande_transmise,
        "analysee": scenes.demande_analysee,
        "au_ruisss": scenes.demande_acheminee,
        "en_contact": scenes.demande_en_contact,
        "fermee": scenes.demande_fermee,
        "non_pertinente": scenes.demande_non_pertinente,
        "au_comite": scenes.demande_au_comite,
        "retiree": scenes.demande_retiree,
    },
    DemandeService: {
        "brouillon": scenes.soutien_en_redaction,
        "transmise": scenes.soutien_transmis,
        "prise_en_charge": scenes.soutien_pris_en_charge,
        "close": scenes.soutien_clos,
        "retiree": _apres(scenes.soutien_transmis, services.retirer_demande_service, "mentore"),
    },
}
_MOTIF, _SIGNER = {"motif": "Motif."}, {"confirmation": scenes.CONFIRMATION}
_REPONDRE = {"reponses": scenes.REPONSES}


def _aujourdhui(nom):
    return lambda: {nom: jour_local()}


def _autre_expert():
    return {"fiche": FicheExpert.objects.get(personne__prenom="Zélie")}


# Le geste de chaque verbe, et de quoi le remplir : valide à tous égards, sauf le titre ou l’état.
GESTES = {
    FicheExpert: {
        "soumettre": (bottin.soumettre_candidature, {"raison": "Raison."}),
        "identifier": (
            lambda fiche, par: bottin.identifier_expert(fiche.personne, par=par, expertise=scenes.EXPERTISE),
            {},
        ),
        "completer": (bottin.completer_fiche, {}),
        "refuser": (bottin.refuser_offre, {}),
        "appuyer": (bottin.appuyer_candidature, {}),
        "ecarter": (bottin.ecarter_candidature, _MOTIF),
        "inscrire": (bottin.inscrire_expert, {}),
        "confirmer": (bottin.confirmer_inscription, {}),
        "mettre_en_pause": (bottin.mettre_en_pause, {}),
        "reprendre": (bottin.reprendre_expertise, {}),
        "retirer": (bottin.retirer_du_bottin, {}),
        "recommencer": (bottin.recommencer_candidature, {}),
    },
    DemandeConsultation: {
        "soumettre": (demandes.soumettre_demande, {}),
        "reprendre": (demandes.reprendre_demande, {}),
        "retirer": (demandes.retirer_demande, {}),
        "autoriser": (demandes.autoriser_consultation, _aujourdhui("discutee_le")),
        "juger_non_pertinente": (demandes.juger_non_pertinente, _MOTIF),
        "constater_discussion": (demandes.constater_discussion, _aujourdhui("discutee_le")),
        "choisir_expert": (experts.choisir_expert, _autre_expert),
        "changer_expert": (experts.changer_expert, {}),
        "accepter": (experts.accepter_demande, {}),
        "decliner": (experts.decliner_demande, _MOTIF),
        "proposer_moment": (
            experts.proposer_moment,
            lambda: {"moment": timezone.now() + datetime.timedelta(days=2)},
        ),
        "accepter_moment": (experts.accepter_moment, {}),
        "refuser_moment": (experts.refuser_moment, {"disponibilites": "Jeudi"}),
        "rendre_avis": (experts.rendre_avis, {"avis": "Une piste."}),
        "fermer": (issues.fermer_consultation, {"suite": Suite.DENOUEE, **_REPONDRE}),
        "poursuivre": (issues.poursuivre_vers_la_dsm, _REPONDRE),
        "demander_dsm": (dsm.demander_a_la_dsm, {}),
        "constater_absence": (dsm.constater_absence, _MOTIF),
        "transmettre": (dsm.transmettre_a_la_dsm, _SIGNER),
        "renvoyer": (dsm.renvoyer_demande, _MOTIF),
        "analyser": (dsm.analyser_demande, _MOTIF),
        "acheminer": (dsm.acheminer_au_ruisss, scenes.RUISSS),
        "reorienter_expert": (experts.reorienter_vers_expert, lambda: {**_MOTIF, **_autre_expert()}),
        "reorienter_comite": (dsm.reorienter_vers_comite, _MOTIF),
        "etablir_contact": (dsm.etablir_contact, lambda: {"contact_le": jour_local(), **scenes.CONTACT}),
        "constater_sans_reponse": (dsm.constater_sans_reponse, _MOTIF),
        "clore": (dsm.clore_sans_nouvelles, _MOTIF),
    },
    DemandeService: {
        "transmettre": (services.transmettre_demande_service, _SIGNER),
        "renvoyer": (services.renvoyer_demande_service, _MOTIF),
        "prendre_en_charge": (services.prendre_en_charge, {}),
        "clore": (services.clore_demande_service, {"suite": "Fait.", "minutes": 30}),
        "retirer": (services.retirer_demande_service, {}),
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
    """Rend le dossier mené à son état ; un autre expert est au bottin, prêt à répondre."""
    scenes.fiche_inscrite(distribution, distribution.secretaire, "Dysphagie")
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
    return sorted((str(de), transition.code) for transition in _a_la_main(trajectoire) for de in transition.de)


def _a_la_main(trajectoire):
    """Rend ce qu’une personne peut poser : le reste, seule l’application le franchit (tests/encadrement/trajectoire)."""
    return [transition for transition in trajectoire if not transition.automatique]


def test_chaque_etat_a_sa_scene_et_chaque_verbe_son_geste():
    for trajectoire in TRAJECTOIRES:
        modele = trajectoire.modele
        assert set(SCENES[modele]) == set(dict(modele._meta.get_field("etat").flatchoices))
        assert set(GESTES[modele]) == {transition.code for transition in _a_la_main(trajectoire)}


@pytest.mark.exigence("R-177", "R-401")
@pytest.mark.parametrize(("trajectoire", "etat"), CAS)
def test_ce_qui_nest_pas_dans_la_table_est_refuse_et_necrit_rien(distribution, trajectoire, etat):
    objet = _scene(distribution, trajectoire.modele, etat)
    _lissue_existe_et_attend_quelquun(trajectoire, objet)
    troupe = [Personne.objects.get(pk=personne.pk) for _, personne in distribution]
    essayes = 0
    with rien_decrit():
        for transition in _a_la_main(trajectoire):
            for personne in troupe:
                permis = transition.droits.peut(personne, transition.code, objet)
                if etat in transition.de and permis:
                    continue
                with pytest.raises(ErreurMetier if permis else AccesRefuse):
                    _agir(objet, transition, personne)
                essayes += 1
    # Chaque verbe est essayé par presque tous : seuls quelques-uns peuvent l’un des verbes de cet état.
    assert essayes > len(troupe) * len(_a_la_main(trajectoire)) * 0.8


def _lissue_existe_et_attend_quelquun(trajectoire, objet):
    """Aucun état sans issue, sauf la fin ; aucune transition que personne ne peut franchir."""
    depuis = [transition for transition in trajectoire.depuis(objet.etat) if not transition.automatique]
    suites = [transition for transition in depuis if transition.vers not in {None, objet.etat}]
    assert bool(suites) == (objet.etat not in FINAUX[trajectoire.modele])
    for transition in depuis:
        assert transition.droits.personnes(transition.code, objet).exists(), transition.code


# --- Et ce qui est dans la table passe, avec les mêmes gestes ---------------------------------------------------

# Là où la discussion suffit, c’est un réglage ; une règle le dit (test_regles).
SELON_LE_REGLAGE = {("a_discuter", "constater_discussion")}
PERMIS = [
    pytest.param(trajectoire, etat, code, id=f"{trajectoire.modele.__name__}-{etat}-{code}")
    for trajectoire in TRAJECTOIRES
    for etat, code in _paires(trajectoire.modele)
    if (etat, code) not in SELON_LE_REGLAGE
]


@pytest.mark.exigence("R-177")
@pytest.mark.parametrize(("trajectoire", "etat", "code"), PERMIS)
def test_ce_qui_est_dans_la_table_passe_et_mene_ou_elle_dit(distribution, trajectoire, etat, code):
    """Le refus n’est donc pas celui d’une saisie bancale : le même geste passe, dans son état, par qui le peut."""
    transition = trajectoire[code]
    objet = _preparer(_scene(distribution, trajectoire.modele, etat), etat, code, distribution)
    personne = transition.droits.personnes(code, objet).first()
    passages = objet.passages.count()
    _agir(objet, transition, personne)
    apres = _relire(objet)
    assert apres.etat == (transition.vers or etat)
    assert apres.passages.count() == passages + 1
    dernier = apres.passages.last()
    assert (dernier.transition, dernier.de, dernier.vers, dernier.par) == (code, etat, apres.etat, personne)


def _preparer(objet, etat, code, d):
    """Pose ce que la règle du verbe demande et que la scène de l’état n’a pas : un moment, une fiche complète."""
    if (etat, code) in {("acceptee", "accepter_moment"), ("acceptee", "refuser_moment")}:
        experts.proposer_moment(objet, par=d.mentor, moment=timezone.now() + datetime.timedelta(days=2))
    if isinstance(objet, FicheExpert) and code == "completer":
        bottin.ecrire_fiche(objet, par=objet.personne, sorte="pair", expertise=scenes.EXPERTISE)
    return _relire(objet)


@pytest.mark.exigence("R-177", "R-178", "R-179", "R-180", "R-181")
def test_aucun_echelon_ne_se_saute():
    """De chaque échelon, la table ne mène qu’au suivant, en arrière, ou hors de la trajectoire."""
    e = EtatConsultation
    vers = {}
    for transition in TRAJECTOIRE_DEMANDE:
        for de in transition.de:
            vers.setdefault(str(de), set()).add(str(transition.vers or de))
    assert vers == {
        e.BROUILLON: {e.A_DISCUTER, e.RETIREE},
        e.A_DISCUTER: {e.BROUILLON, e.AUTORISEE, e.NON_PERTINENTE, e.RETIREE},
        # Sans expert consulté, la DSM ne reçoit qu’une absence constatée et motivée.
        e.AUTORISEE: {e.CHEZ_EXPERT, e.FORMULAIRE, e.RETIREE},
        e.CHEZ_EXPERT: {e.CHEZ_EXPERT, e.ACCEPTEE, e.AUTORISEE, e.RETIREE},
        e.ACCEPTEE: {e.ACCEPTEE, e.AVIS_RENDU, e.AUTORISEE, e.RETIREE},
        e.AVIS_RENDU: {e.FERMEE, e.FORMULAIRE},
        e.FORMULAIRE: {e.TRANSMISE, e.RETIREE},
        e.TRANSMISE: {e.FORMULAIRE, e.ANALYSEE, e.RETIREE},
        e.ANALYSEE: {e.AU_RUISSS, e.CHEZ_EXPERT, e.AU_COMITE},
        e.AU_RUISSS: {e.EN_CONTACT, e.ANALYSEE},
        e.EN_CONTACT: {e.FERMEE},
    }
