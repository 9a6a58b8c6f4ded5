"""QUI : les rôles attribués et les délégations, dont personne ne dispose seul (N-11, N-12)."""

from encadrement.acces.matrice import AccesRefuse, Acte, Matrice
from encadrement.acces.roles import RoleGlobal, RoleRelatif
from encadrement.personnes.models import Attribution, Delegation, RoleAttribue

DSM = RoleGlobal(RoleAttribue.DSM, "la DSM")
PRP = RoleGlobal(RoleAttribue.PRP, "le responsable de la protection des renseignements")
PILOTE = RoleGlobal(RoleAttribue.PILOTE, "le pilote")

TITULAIRE = RoleRelatif("titulaire", "la personne qui tient le rôle", chemin="personne")
PROPOSEUR = RoleRelatif("proposeur", "la personne qui l’a proposé", chemin="proposee_par")
GESTIONNAIRE = RoleRelatif("gestionnaire", "son gestionnaire", chemin="personne__superieur")

DROITS_ATTRIBUTION = Matrice(
    Attribution,
    {
        "voir": Acte("Voir le rôle attribué", (TITULAIRE, GESTIONNAIRE, PILOTE, DSM, PRP)),
        "proposer": Acte("Proposer un rôle", (PILOTE, DSM), sauf=(TITULAIRE,)),
        "approuver": Acte("Approuver le rôle", (DSM, PRP), sauf=(TITULAIRE, PROPOSEUR)),
        "terminer": Acte("Mettre fin au rôle", (TITULAIRE, PILOTE, DSM, PRP)),
    },
    nom="Rôles attribués",
)

DELEGANT = RoleRelatif("delegant", "la personne qui délègue", chemin="de")
DELEGUE = RoleRelatif("delegue", "la personne à qui l’on délègue", chemin="a")

DROITS_DELEGATION = Matrice(
    Delegation,
    {
        "voir": Acte("Voir la délégation", (DELEGANT, DELEGUE, PILOTE, DSM, PRP)),
        "donner": Acte("Déléguer ses approbations", (DELEGANT, PILOTE), sauf=(DELEGUE,)),
        "revoquer": Acte("Révoquer la délégation", (DELEGANT, DELEGUE, PILOTE)),
    },
    nom="Délégations",
)


def peut_proposer(personne):
    """Dit si la personne peut proposer un rôle à quelqu’un."""
    return any(role.tenu_par(personne, None) for role in DROITS_ATTRIBUTION.actes["proposer"].roles)


def peut_deleguer_pour_autrui(personne):
    """Dit si la personne peut déléguer au nom d’un absent, à la demande de sa direction (N-11)."""
    return PILOTE.tenu_par(personne, None)


def exiger_de_proposer(personne):
    """Lève AccesRefuse si la personne ne propose pas de rôles."""
    if not peut_proposer(personne):
        raise AccesRefuse(
            "Proposer un rôle revient au pilote et à la DSM. Écrivez-leur si un rôle vous manque.",
            acte=f"{DROITS_ATTRIBUTION.code}.proposer",
        )
