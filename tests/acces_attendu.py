"""Qui reçoit quoi sur chaque page du socle ; chaque mesure a la sienne (tests/<mesure>/acces_attendu.py)."""

import uuid

from encadrement.personnes.models import Attribution, Delegation, RoleAttribue
from encadrement.sondages.actions import inviter, ouvrir_campagne
from encadrement.sondages.versions import preparer_version
from tests.encadrement.bilan_annuel import acces_bilan_annuel
from tests.encadrement.demandes import acces_demandes
from tests.encadrement.importations import acces_importations
from tests.encadrement.incidents import acces_incidents
from tests.encadrement.indicateurs import acces_indicateurs
from tests.encadrement.mouvements import acces_mouvements
from tests.encadrement.parametres import acces_parametres
from tests.encadrement.protection import acces_protection
from tests.encadrement.supervision import acces_supervision
from tests.page_attendue import TOUS, Page


def _attribution_proposee(distribution):
    return Attribution.objects.create(
        personne=distribution.collegue,
        role=RoleAttribue.APPR,
        motif="Renfort de l’équipe",
        proposee_par=distribution.pilote,
    )


def _delegation_du_gestionnaire(distribution):
    return Delegation.objects.get(de=distribution.gestionnaire, a=distribution.delegue)


def _invitation(distribution):
    campagne = ouvrir_campagne(
        "mentorat-mentore", cle="essai", mesure="mentorat", annee=2026, libelle="évaluation de la mesure"
    )
    return inviter(campagne, [distribution.mentore])[0]


def _campagne(distribution):
    return _invitation(distribution).campagne


def _version(distribution):
    return preparer_version("mentorat-mentore", par=distribution.dsm)


_SUIVENT = {"dsm", "appr", "appr_liaison"}
_LISENT = {"appr": 403, "appr_liaison": 403}

SONDAGES = [
    Page("sondages:campagnes"),
    Page("sondages:campagne", permis=_SUIVENT, scene=_campagne),
    Page("sondages:campagne_fermer", permis=_SUIVENT, scene=_campagne),
    Page("sondages:campagne_fermer", permis=_SUIVENT, scene=_campagne, methode="post", code=302),
    Page("sondages:repondre", permis={"mentore"}, scene=_invitation),
    Page("sondages:repondre", permis={"mentore"}, scene=_invitation, methode="post"),
    Page("sondages:questionnaires", permis=_SUIVENT, autres=403),
    Page("sondages:questionnaire", permis=_SUIVENT, scene=_version),
    Page("sondages:questionnaire_preparer", permis={"dsm"}, sauf=_LISENT, scene=_version, methode="post", code=302),
    Page("sondages:questionnaire_preparer", scene=_version, code=405, autres=405),
    Page("sondages:questionnaire_modifier", permis={"dsm"}, sauf=_LISENT, scene=_version),
    Page("sondages:questionnaire_publier", permis={"dsm"}, sauf=_LISENT, scene=_version),
    Page("sondages:questionnaire_publier", permis={"dsm"}, sauf=_LISENT, scene=_version, methode="post", code=302),
    Page("sondages:questionnaire_abandonner", permis={"dsm"}, sauf=_LISENT, scene=_version),
]

ACCES = [
    *SONDAGES,
    *acces_bilan_annuel.ACCES,
    *acces_demandes.ACCES,
    *acces_importations.ACCES,
    *acces_incidents.ACCES,
    *acces_indicateurs.ACCES,
    *acces_parametres.ACCES,
    *acces_protection.ACCES,
    *acces_mouvements.ACCES,
    *acces_supervision.ACCES,
    Page("sante", publique=True, permis=TOUS | {"inactif"}),
    Page("accueil:a_faire"),
    Page("accueil:fil_lu", methode="post", code=302, autres=302),
    Page("accueil:fil_lu", code=405),
    Page("accueil:recherche"),
    Page("accueil:qui_doit_faire_quoi"),
    Page("accueil:profil"),
    Page("accueil:mes_donnees"),
    Page("accueil:delegations"),
    Page(
        "accueil:delegation_revoquer",
        permis={"gestionnaire", "delegue", "pilote"},
        sauf={"dsm": 403, "prp": 403},
        scene=_delegation_du_gestionnaire,
    ),
    Page("accueil:roles"),
    Page("accueil:role_proposer", permis={"pilote", "dsm"}, autres=403),
    Page(
        "accueil:role_approuver",
        permis={"dsm", "prp"},
        sauf={"collegue": 403, "gestionnaire": 403, "pilote": 403},
        scene=_attribution_proposee,
    ),
    Page(
        "accueil:role_terminer",
        permis={"collegue", "pilote", "dsm", "prp"},
        sauf={"gestionnaire": 403},
        scene=_attribution_proposee,
    ),
    Page("accueil:reconnexion", methode="post", publique=True, permis=TOUS | {"inactif"}, code=400),
    Page("acces:qui_peut_quoi"),
    Page("cadre:index"),
    Page("cadre:questions"),
    Page("cadre:exigence", kwargs=lambda _: {"numero": "R-049"}),
    Page("cadre:exigence", code=404, kwargs=lambda _: {"numero": "R-999"}, cas="inconnue"),
    Page("cadre:ressources"),
    Page("cadre:ressource", kwargs=lambda _: {"code": "fiche-mentorat"}),
    Page("cadre:ressource_version", kwargs=lambda _: {"code": "fiche-mentorat", "version": 1}),
    Page("cadre:ressource_version", code=404, kwargs=lambda _: {"code": "fiche-mentorat", "version": 99}, cas="99"),
    Page("documents:verifier", publique=True, permis=TOUS | {"inactif"}),
    Page("documents:telecharger", code=404, kwargs=lambda _: {"uuid": uuid.uuid4()}, cas="inconnu"),
]
