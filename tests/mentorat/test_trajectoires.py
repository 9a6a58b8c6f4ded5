"""Les cinq trajectoires, état × verbe × personne : ce qui n’est pas dans la table est refusé et n’écrit rien."""

import datetime

import pytest
from django.urls import reverse

from encadrement.acces.matrice import AccesRefuse
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.transition import TransitionImpossible
from mentorat.actions import bottin, demandes, fin, suivi
from mentorat.actions import ententes as actions
from mentorat.models import DemandeMentorat, Entente, FicheMentor, Mesentente, Prolongation
from mentorat.trajectoire import (
    TRAJECTOIRE_DEMANDE,
    TRAJECTOIRE_ENTENTE,
    TRAJECTOIRE_FICHE,
    TRAJECTOIRE_MESENTENTE,
    TRAJECTOIRE_PROLONGATION,
)
from tests.factories import MOT_DE_PASSE
from tests.mentorat import scenes
from tests.mentorat.traces import rien_decrit

pytestmark = pytest.mark.django_db


def _en_pause(d):
    fiche = scenes.fiche_inscrite(d)
    bottin.mettre_en_pause(fiche, par=d.mentor)
    return fiche


def _non_retenue(d):
    fiche = scenes.fiche_soumise(d)
    bottin.decliner_candidature(fiche, par=d.mentor.superieur, motif="Pas cette année.")
    return fiche


def _retiree(d):
    fiche = scenes.fiche_inscrite(d)
    bottin.retirer_du_bottin(fiche, par=d.mentor)
    return fiche


def _demande(d, verbe, **options):
    demande = scenes.demande_soumise(d)
    verbe(demande, **options)
    return demande


def _entente_finie(d, etat, verbe, **options):
    entente = scenes.entente(d, etat)
    verbe(entente, **options)
    return entente


def _abandonnee(d):
    return _entente_finie(d, "brouillon", actions.abandonner_entente, par=d.mentore)


def _cessee(d):
    entente = scenes.fin_demandee(d)
    fin.consigner_fin(entente, par=d.gestionnaire, rencontre_le=jour_local(), appr=d.appr, gestionnaire_present=True)
    fin.constater_fin(scenes.relire(entente), par=d.gestionnaire)
    return entente


def _refusee(d):
    return _entente_finie(d, "a_approuver", actions.refuser_entente, par=d.gestionnaire, motif="Non.")


def _prolongation(d, verbe=None, **options):
    entente = scenes.entente(d)
    plus_tard = entente.fin + datetime.timedelta(days=30)
    demandee = fin.demander_prolongation(entente, par=d.mentore, nouvelle_fin=plus_tard, justification="Congé.")
    if verbe:
        verbe(demandee, par=d.gestionnaire, **options)
    return demandee


def _mesentente(d, *verbes):
    signalee = suivi.signaler_mesentente(
        scenes.entente(d), par=d.mentor, texte="Rythme.", au_gestionnaire=True, a_la_dsm=True, parle_a_l_autre=True
    )
    for verbe in verbes:
        verbe(scenes.relire(signalee), par=d.gestionnaire)
    return signalee


SCENES = {
    FicheMentor: {
        "brouillon": scenes.fiche_en_redaction,
        "candidature": scenes.fiche_soumise,
        "recommandee": scenes.fiche_recommandee,
        "active": scenes.fiche_inscrite,
        "en_pause": _en_pause,
        "non_retenue": _non_retenue,
        "retiree": _retiree,
    },
    DemandeMentorat: {
        "brouillon": scenes.demande_en_redaction,
        "soumise": scenes.demande_soumise,
        "acceptee": scenes.demande_acceptee,
        "proposee": scenes.demande_proposee,
        "jumelee": lambda d: scenes.entente_naissante(d).demande,
        "refusee": lambda d: _demande(d, demandes.refuser_demande, par=d.gestionnaire, motif="Non."),
        "retiree": lambda d: _demande(d, demandes.retirer_demande, par=d.mentore),
    },
    Entente: {
        **{etat: lambda d, etat=etat: scenes.entente(d, etat) for etat in scenes.CHEMIN},
        "fin_demandee": scenes.fin_demandee,
        "cessee": _cessee,
        "abandonnee": _abandonnee,
        "refusee": _refusee,
    },
    Prolongation: {
        "demandee": _prolongation,
        "accordee": lambda d: _prolongation(d, fin.accorder_prolongation),
        "refusee": lambda d: _prolongation(d, fin.refuser_prolongation, motif="Non."),
    },
    Mesentente: {
        "signalee": _mesentente,
        "prise_en_charge": lambda d: _mesentente(d, suivi.prendre_en_charge),
        "reglee": lambda d: _mesentente(d, suivi.regler_mesentente),
    },
}
TRAJECTOIRES = (
    TRAJECTOIRE_FICHE,
    TRAJECTOIRE_DEMANDE,
    TRAJECTOIRE_ENTENTE,
    TRAJECTOIRE_PROLONGATION,
    TRAJECTOIRE_MESENTENTE,
)
CAS = [
    pytest.param(trajectoire, etat, id=f"{trajectoire.modele.__name__}-{etat}")
    for trajectoire in TRAJECTOIRES
    for etat in SCENES[trajectoire.modele]
]


def _scene(distribution, trajectoire, etat):
    objet = scenes.relire(SCENES[trajectoire.modele][etat](distribution))
    assert objet.etat == etat
    return objet


def test_chaque_etat_a_sa_scene():
    for trajectoire in TRAJECTOIRES:
        assert set(SCENES[trajectoire.modele]) == set(dict(trajectoire.modele._meta.get_field("etat").flatchoices))


@pytest.mark.parametrize(("trajectoire", "etat"), CAS)
def test_ce_qui_nest_pas_dans_la_table_est_refuse_et_necrit_rien(distribution, client_de, trajectoire, etat):
    objet = _scene(distribution, trajectoire, etat)
    _chaque_suite_attend_quelquun(trajectoire, objet)
    with rien_decrit():
        for transition in trajectoire:
            for _, personne in distribution:
                permis = transition.droits.peut(personne, transition.code, objet)
                if etat in transition.de and permis:
                    continue
                with pytest.raises(TransitionImpossible if permis else AccesRefuse):
                    scenes.relire(objet).franchir(transition, par=personne, motif="Motif.", raison="Raison.")
    hors_table = [t for t in trajectoire if not t.automatique and etat not in t.de]
    for transition in hors_table:
        _la_page_explique_et_necrit_rien(distribution, client_de, trajectoire, transition, objet)


def _chaque_suite_attend_quelquun(trajectoire, objet):
    """Aucune impasse, aucune transition que personne ne peut franchir."""
    for transition in trajectoire.depuis(objet.etat):
        assert transition.droits.personnes(transition.code, objet).exists(), transition.code


def _la_page_explique_et_necrit_rien(distribution, client_de, trajectoire, transition, objet):
    personne = _qui_peut(distribution, transition, objet)
    if personne is None:
        return
    page = reverse(trajectoire.nom_url(transition), args=[objet.uuid])
    with rien_decrit():
        reponse = client_de(personne).post(page, _saisie(objet))
    # 404 : ce qui est encore en rédaction n’est visible que de son auteur.
    assert reponse.status_code in (200, 302, 403, 404, 409), (transition.code, reponse.status_code)


def _qui_peut(distribution, transition, objet):
    return next((qui for _, qui in distribution if transition.droits.peut(qui, transition.code, objet)), None)


def _saisie(objet):
    """Rend de quoi remplir n’importe lequel des formulaires de verbe, valide à tous égards."""
    instantane = getattr(objet, "instantane", None)
    return {
        "motif": "Motif.",
        "raison": "Raison.",
        "engagement": "on",
        "mot_de_passe": MOT_DE_PASSE,
        "empreinte": instantane.empreinte if instantane else "",
        "experience_attestee": "on",
        "suivie_le": jour_local().isoformat(),
        "nouvelle_fin": (jour_local() + datetime.timedelta(days=230)).isoformat(),
        "justification": "Congé.",
        "rencontre_le": jour_local().isoformat(),
        "suite": "Rencontre prévue.",
    }
