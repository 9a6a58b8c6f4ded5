"""Qui reçoit quoi sur chaque page du socle ; chaque mesure a la sienne (tests/<mesure>/acces_attendu.py)."""

import uuid

from encadrement.personnes.models import Attribution, Delegation, RoleAttribue
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


ACCES = [
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
