"""Ce qui suit une connexion : un groupe du fournisseur propose un rôle, un compte de secours se consigne et s’annonce."""

import structlog
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from encadrement.acces.attribues import DSM, PILOTE, PRP
from encadrement.accueil.actions import proposer_selon_le_groupe
from encadrement.journal.actions import consigner
from encadrement.notifications.actions import notifier
from encadrement.personnes.models import RoleAttribue
from encadrement.socle.erreurs import ErreurMetier

_journal = structlog.get_logger(__name__)


def apres_la_connexion(connexion):
    """Propose les rôles des groupes reconnus (éteint par défaut) ; consigne et annonce l’usage d’un compte de secours."""
    if connexion.moyen == "secours":
        _annoncer_le_secours(connexion.personne)
    for groupe in connexion.groupes:
        if role := settings.OIDC_GROUPES.get(groupe):
            _proposer(connexion.personne, role, groupe)


def _proposer(personne, role, groupe):
    if role not in RoleAttribue.values:
        _journal.warning("groupe_sans_role", role=role[:40])
        return
    try:
        proposer_selon_le_groupe(personne=personne, role=role, groupe=groupe)
    except ErreurMetier:
        # Le rôle est déjà tenu, ou la proposition attend : la connexion suivante n’en fait pas une seconde.
        return


@transaction.atomic
def _annoncer_le_secours(personne):
    consigner("accueil.compte_de_secours", personne, par=personne, chaine="accueil.compte_de_secours")
    a = {p.pk: p for role in (DSM, PRP, PILOTE) for p in role.personnes(None)}
    notifier(
        "accueil/compte_de_secours",
        personne,
        a=a.values(),
        cle=f"secours:{personne.uuid}:{timezone.now():%Y-%m-%dT%H}",
        contexte={"quand": timezone.localtime()},
        url=reverse("accueil:roles"),
    )
