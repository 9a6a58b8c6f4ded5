"""Les six trajectoires, état × verbe × personne : ce qui n’est pas dans la table est refusé et n’écrit rien."""

import pytest

from cdp.actions import adhesions, annees, communautes, comptes_rendus, heures, rencontres
from cdp.models import Adhesion, Communaute, Depassement, PlanAnnuel, RapportAnnuel, RencontreCdp
from cdp.trajectoire import (
    TRAJECTOIRE_ADHESION,
    TRAJECTOIRE_COMMUNAUTE,
    TRAJECTOIRE_DEPASSEMENT,
    TRAJECTOIRE_PLAN,
    TRAJECTOIRE_RAPPORT,
    TRAJECTOIRE_RENCONTRE,
)
from encadrement.acces.matrice import AccesRefuse
from encadrement.personnes.models import Personne
from encadrement.socle.erreurs import ErreurMetier
from tests.cdp import scenes
from tests.cdp.traces import rien_decrit

pytestmark = pytest.mark.django_db

TRAJECTOIRES = (
    TRAJECTOIRE_COMMUNAUTE,
    TRAJECTOIRE_ADHESION,
    TRAJECTOIRE_PLAN,
    TRAJECTOIRE_RAPPORT,
    TRAJECTOIRE_RENCONTRE,
    TRAJECTOIRE_DEPASSEMENT,
)
FINAUX = {
    Communaute: {"dissoute"},
    Adhesion: {"refusee", "declinee", "retiree", "terminee"},
    PlanAnnuel: {"approuve"},
    RapportAnnuel: {"approuve"},
    RencontreCdp: {"adoptee", "annulee"},
    Depassement: {"accorde", "refuse"},
}


def _apres(scene, verbe, qui, **options):
    """Rend la fabrique d’un objet mené par une scène, puis par un verbe de plus."""

    def jouer(d):
        objet = scene(d)
        verbe(objet, par=d[qui], **options)
        return objet

    return jouer


SCENES = {
    Communaute: {
        "en_preparation": scenes.communaute_prete,
        "proposee": scenes.communaute_proposee,
        "active": scenes.communaute_active,
        "suspendue": _apres(scenes.communaute_active, communautes.suspendre_communaute, "parrain", motif="Été."),
        "dissoute": _apres(scenes.communaute_active, communautes.dissoudre_communaute, "parrain", motif="Fin."),
    },
    Adhesion: {
        "demandee": scenes.adhesion_demandee,
        "invitee": scenes.adhesion_invitee,
        "active": scenes.adhesion_de,
        "refusee": _apres(scenes.adhesion_demandee, adhesions.refuser_adhesion, "animatrice", motif="Complet."),
        "declinee": _apres(scenes.adhesion_invitee, adhesions.decliner_invitation, "executif_cm"),
        "retiree": _apres(scenes.adhesion_demandee, adhesions.retirer_demande, "executif_cm"),
        "terminee": _apres(scenes.adhesion_de, adhesions.quitter, "membre"),
    },
    PlanAnnuel: {
        "brouillon": scenes.plan_en_redaction,
        "soumis": scenes.plan_soumis,
        "approuve": scenes.plan_approuve,
    },
    RapportAnnuel: {
        "brouillon": scenes.rapport_en_redaction,
        "soumis": scenes.rapport_soumis,
        "approuve": scenes.rapport_approuve,
    },
    RencontreCdp: {
        "planifiee": scenes.rencontre_planifiee,
        "convoquee": scenes.rencontre_convoquee,
        "tenue": scenes.rencontre_redigee,
        "publiee": scenes.rencontre_publiee,
        "adoptee": scenes.rencontre_adoptee,
        "annulee": _apres(scenes.rencontre_convoquee, rencontres.annuler_rencontre, "animatrice"),
    },
    Depassement: {
        "demande": scenes.heures_demandees,
        "accorde": _apres(scenes.heures_demandees, heures.accorder_heures, "parrain"),
        "refuse": _apres(scenes.heures_demandees, heures.refuser_heures, "parrain", motif="Non."),
    },
}
_MOTIF, _RAISON = {"motif": "Motif."}, {"raison": "Raison."}
_SIGNER = {"confirmation": scenes.CONFIRMATION}
# Le geste de chaque verbe, et de quoi le remplir : valide à tous égards, sauf le titre ou l’état.
GESTES = {
    Communaute: {
        "proposer": (communautes.proposer_communaute, _RAISON),
        "agreer": (communautes.agreer_communaute, {}),
        "retourner": (communautes.retourner_communaute, _MOTIF),
        "suspendre": (communautes.suspendre_communaute, _MOTIF),
        "reprendre": (communautes.reprendre_communaute, {}),
        "dissoudre": (communautes.dissoudre_communaute, _MOTIF),
    },
    Adhesion: {
        "accepter": (adhesions.accepter_adhesion, {}),
        "refuser": (adhesions.refuser_adhesion, _MOTIF),
        "retirer": (adhesions.retirer_demande, {}),
        "accepter_invitation": (adhesions.accepter_invitation, {}),
        "decliner": (adhesions.decliner_invitation, {}),
        "annuler": (adhesions.annuler_invitation, {}),
        "quitter": (adhesions.quitter, _RAISON),
        "remplacer": (adhesions.remplacer, _MOTIF),
        "reconduire": (adhesions.reconduire_mandat, {}),
    },
    PlanAnnuel: {
        "soumettre": (annees.soumettre, _SIGNER | _RAISON),
        "rouvrir": (annees.rouvrir, {}),
        "approuver": (annees.approuver_plan, _SIGNER | _RAISON),
        "renvoyer": (annees.renvoyer, _MOTIF),
    },
    RapportAnnuel: {
        "soumettre": (annees.soumettre, _SIGNER | _RAISON),
        "rouvrir": (annees.rouvrir, {}),
        "approuver": (annees.approuver_rapport, _SIGNER | _RAISON | {"renouveler": True}),
        "renvoyer": (annees.renvoyer, _MOTIF),
    },
    RencontreCdp: {
        "convoquer": (rencontres.convoquer_rencontre, _RAISON),
        "deplacer": (rencontres.deplacer_rencontre, {"lieu": "Salle B", "mode": "presence"}),
        "annuler": (rencontres.annuler_rencontre, {}),
        "tenir": (rencontres.tenir_rencontre, {}),
        "publier": (comptes_rendus.publier_compte_rendu, _RAISON),
        "rouvrir": (comptes_rendus.rouvrir_compte_rendu, {}),
        "adopter": (comptes_rendus.adopter_compte_rendu, {}),
    },
    Depassement: {
        "accorder": (heures.accorder_heures, {}),
        "refuser": (heures.refuser_heures, _MOTIF),
    },
}
CAS = [
    pytest.param(trajectoire, etat, id=f"{trajectoire.modele.__name__}-{etat}")
    for trajectoire in TRAJECTOIRES
    for etat in SCENES[trajectoire.modele]
]


def _relire(objet):
    return type(objet).objects.get(pk=objet.pk)


def test_chaque_etat_a_sa_scene_et_chaque_verbe_son_geste():
    for trajectoire in TRAJECTOIRES:
        modele = trajectoire.modele
        assert set(SCENES[modele]) == set(dict(modele._meta.get_field("etat").flatchoices))
        assert set(GESTES[modele]) == {transition.code for transition in trajectoire if not transition.automatique}


@pytest.mark.parametrize(("trajectoire", "etat"), CAS)
def test_ce_qui_nest_pas_dans_la_table_est_refuse_et_necrit_rien(distribution, trajectoire, etat):
    objet = _relire(SCENES[trajectoire.modele][etat](distribution))
    assert objet.etat == etat
    _lissue_existe_et_attend_quelquun(trajectoire, objet)
    troupe = [Personne.objects.get(pk=personne.pk) for _, personne in distribution]
    with rien_decrit():
        for transition in trajectoire:
            agir, saisi = GESTES[trajectoire.modele].get(transition.code, (_franchir(transition), {}))
            for personne in troupe:
                permis = transition.droits.peut(personne, transition.code, objet)
                if etat in transition.de and permis:
                    continue
                with pytest.raises(ErreurMetier if permis else AccesRefuse):
                    agir(_relire(objet), par=personne, **saisi)


def _franchir(transition):
    return lambda objet, par: objet.franchir(transition, par=par)


def _lissue_existe_et_attend_quelquun(trajectoire, objet):
    """Aucun état sans issue, sauf la fin ; aucune transition que personne ne peut franchir."""
    depuis = trajectoire.depuis(objet.etat)
    suites = [transition for transition in depuis if transition.vers not in {None, objet.etat}]
    assert bool(suites) == (objet.etat not in FINAUX[trajectoire.modele])
    for transition in depuis:
        # Seul le mandat d’un animateur se reconduit : l’adhésion d’un simple membre n’attend personne.
        if transition.code != "reconduire":
            assert transition.droits.personnes(transition.code, objet).exists(), transition.code
