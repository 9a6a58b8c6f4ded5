"""QUI : chacun atteste sa formation ; le responsable de la protection et la DSM la consignent, l’annulent, revoient les rôles."""

from encadrement.acces.attribues import DSM, PILOTE, PRP, TOUS
from encadrement.acces.matrice import Acte, Matrice, Prealable
from encadrement.acces.roles import RoleRelatif
from encadrement.personnes.models import Attribution
from encadrement.protection.models import Attestation
from encadrement.socle.erreurs import ErreurMetier

TITULAIRE = RoleRelatif("titulaire", "la personne formée", chemin="personne")
DROITS_ATTESTATION = Matrice(
    Attestation,
    {
        "voir": Acte("Voir l’attestation", (TITULAIRE, PRP, DSM)),
        "verser": Acte("Attester une formation", (TITULAIRE, PRP, DSM)),
        "annuler": Acte("Annuler l’attestation", (TITULAIRE, PRP, DSM)),
        "voir_ensemble": Acte("Voir les attestations de chacun", (PRP, DSM)),
    },
    nom="Attestations de formation",
)

_TIENT_LE_ROLE = RoleRelatif("titulaire", "la personne qui tient le rôle", chemin="personne")
DROITS_REVUE = Matrice(
    Attribution,
    {
        "confirmer": Acte("Confirmer le rôle pour l’année", (DSM, PRP), sauf=(_TIENT_LE_ROLE,)),
        "voir_ensemble": Acte("Voir la revue annuelle des rôles", (DSM, PRP)),
    },
    nom="Revue annuelle des rôles",
)

DROITS_PAGE = Matrice(
    Attestation,
    {
        "voir": Acte("Lire comment les renseignements sont protégés", (TOUS,)),
        "voir_en_detail": Acte("Y lire les versions, les comptes et la vérification du journal", (PRP, DSM, PILOTE)),
    },
    nom="Page de la protection des renseignements",
)


class AttestationRequise(ErreurMetier):
    """La personne a le droit de lire, et n’a pas de formation attestée de douze mois au plus (O-09)."""

    def __init__(self):
        super().__init__(
            "Avant de lire ou d’écrire ce qui parle d’un usager, attestez votre formation sur la protection des "
            "renseignements, suivie depuis douze mois au plus."
        )


def est_attestee(personne):
    """Dit si la personne a une formation attestée de douze mois au plus."""
    return Attestation.objects.en_vigueur().filter(personne=personne.pk).exists()


def _exiger_la_formation(personne):
    if not est_attestee(personne):
        raise AttestationRequise


# Les actes qui lisent ou écrivent un renseignement sur un usager le demandent, une fois le droit reconnu.
FORMATION = Prealable("avec une formation attestée depuis douze mois au plus", _exiger_la_formation)
