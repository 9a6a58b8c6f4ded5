"""QUI : écrire les questionnaires, répondre, suivre une campagne, lire ses résultats regroupés (N-06)."""

from dataclasses import dataclass

from django.db.models import Q

from encadrement.acces.matrice import Acte, Matrice
from encadrement.acces.roles import RIEN, Role, RoleGlobal, RoleRelatif
from encadrement.personnes.models import RoleAttribue
from encadrement.sondages.lecteurs import lecteurs_de, tous
from encadrement.sondages.models import Campagne, Invitation, Questionnaire

DSM = RoleGlobal(RoleAttribue.DSM, "la DSM")
APPR = RoleGlobal(RoleAttribue.APPR, "l’APPR de la DSM")


@dataclass(frozen=True)
class LecteurInscrit(Role):
    """Une personne à qui la mesure ouvre les résultats de ce questionnaire, pour son groupe."""

    def _tenu(self, personne, objet):
        inscrits = lecteurs_de(objet.code)
        return inscrits is not None and objet.groupe in set(inscrits.groupes(personne))

    def _objets(self, personne, modele):
        condition = RIEN
        for code, inscrits in tous().items():
            if groupes := sorted(inscrits.groupes(personne)):
                condition |= Q(questionnaire__code=code, groupe__in=groupes)
        return condition

    def _personnes(self, objet):
        inscrits = lecteurs_de(objet.code)
        return Q(pk__in=inscrits.personnes(objet.groupe).order_by().values("pk")) if inscrits else RIEN


LECTEUR = LecteurInscrit("lecteur", "ceux à qui la mesure en ouvre les résultats")

DROITS_QUESTIONNAIRE = Matrice(
    Questionnaire,
    {
        "voir": Acte("Voir le questionnaire", (DSM, APPR), exigences=("R-469",)),
        "preparer": Acte("Préparer une nouvelle version", (DSM,)),
        "publier": Acte("Publier la nouvelle version", (DSM,)),
        "abandonner": Acte("Abandonner la version en préparation", (DSM,)),
    },
    nom="Questionnaires",
)

DROITS_CAMPAGNE = Matrice(
    Campagne,
    {
        "voir": Acte("Voir la campagne et ses résultats regroupés", (DSM, APPR, LECTEUR), exigences=("R-154",)),
        "suivre": Acte("Voir qui n’a pas répondu", (DSM, APPR)),
        "fermer": Acte("Fermer la campagne", (DSM, APPR)),
    },
    nom="Campagnes de sondage",
)

REPONDANT = RoleRelatif("repondant", "la personne invitée à répondre", chemin="personne")

DROITS_INVITATION = Matrice(
    Invitation,
    {
        "voir": Acte("Voir l’invitation", (REPONDANT,)),
        "repondre": Acte("Répondre", (REPONDANT,), exigences=("R-071", "R-164")),
    },
    nom="Invitations à répondre",
)


def suit_les_sondages(personne):
    """Dit si la personne suit toutes les campagnes."""
    return any(role.tenu_par(personne, None) for role in DROITS_CAMPAGNE.actes["suivre"].roles)
