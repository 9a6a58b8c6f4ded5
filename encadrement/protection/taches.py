"""Ce que la protection des renseignements attend d’une personne : renouveler sa formation, revoir les rôles de l’année.

Rien n’y dépend d’une situation : une tâche d’ici ne trahit l’existence d’aucune (N-02).
"""

import datetime

from django.urls import reverse

from encadrement.acces.requetes import RequeteParPersonne
from encadrement.accueil.mesures import Tache
from encadrement.personnes.models import RoleAttribue
from encadrement.protection.droits import DROITS_REVUE
from encadrement.protection.models import Attestation, RevueRoles
from encadrement.protection.rappels import DELAI_REVUE
from encadrement.socle.temps import jour_local

# Qui entre dans la zone par son rôle l’apprend avant d’y être attendu ; les autres, quand une situation les concerne.
_ATTENDUS = frozenset({RoleAttribue.COORDONNATEUR})
_RAPPELEE = datetime.timedelta(days=60)


def taches(personne):
    """Rend l’attestation à verser ou à renouveler, et la revue des rôles à finir."""
    yield from _attestation(personne, jour_local())
    if personne.roles_attribues & {role.code for role in DROITS_REVUE.actes["confirmer"].roles}:
        yield from _revue(personne)


def _attestation(personne, jour):
    attendue = bool(_ATTENDUS & personne.roles_attribues)
    derniere = next((Attestation(suivie_le=ligne[0]) for ligne in _DERNIERE.lignes(personne, jour)), None)
    if derniere is None:
        geste, echeance = ("Attester ma formation", None) if attendue else ("", None)
    else:
        echeance = derniere.vaut_jusqu_au
        oubliee = echeance + _RAPPELEE < jour and not attendue
        geste = "Renouveler ma formation" if derniere.a_renouveler_le <= jour and not oubliee else ""
    if geste:
        yield Tache(
            geste=geste,
            dossier="Protection des renseignements",
            url=reverse("protection:attestations"),
            echeance=echeance,
            retard=echeance is not None and echeance < jour,
        )


def _la_derniere(personne, jour):
    retenues = Attestation.objects.retenues().filter(personne=personne.pk)
    return retenues.order_by("-suivie_le").values_list("suivie_le")[:1]


_DERNIERE = RequeteParPersonne(_la_derniere)


def _revue(personne):
    revue = RevueRoles.objects.first()
    restent = revue.a_revoir().exclude(personne=personne).count() if revue else 0
    if restent:
        echeance = revue.ouverte_le + DELAI_REVUE
        yield Tache(
            geste="Revoir les rôles de l’année",
            dossier=f"{restent} rôle{'s' if restent > 1 else ''} à confirmer",
            url=reverse("protection:revue"),
            echeance=echeance,
            retard=echeance < jour_local(),
        )


def donnees(personne):
    """Rend les attestations de la personne, pour « Mes données » (O-13)."""
    yield (
        "attestations",
        [
            {
                "titre": attestation.titre,
                "suivie_le": attestation.suivie_le,
                "vaut_jusqu_au": attestation.vaut_jusqu_au,
                "annulee_le": attestation.annulee_le,
                "motif_annulation": attestation.motif_annulation,
            }
            for attestation in Attestation.objects.filter(personne=personne)
        ],
    )
