"""QUI : les rôles tenus d’une demande de service à la DSM (annexe 11 ; D12, D15)."""

from encadrement.acces.attribues import APPR, DSM
from encadrement.acces.matrice import Acte, Matrice
from encadrement.acces.roles import RoleRelatif
from encadrement.demandes.models import DemandeService, EtatService, Volet
from encadrement.documents.acces_documents import inscrire

DEMANDEUR = RoleRelatif("demandeur", "le demandeur", chemin="demandeur")
GESTIONNAIRE = RoleRelatif(
    "gestionnaire", "le gestionnaire du demandeur", chemin="demandeur__superieur", delegable=True
)
_deposee = {
    "champ": "etat",
    "valeurs": {EtatService.TRANSMISE, EtatService.PRISE_EN_CHARGE, EtatService.CLOSE},
    "precision": "dès qu’elle est transmise",
}
_soutien = {"champ": "volet", "valeurs": {Volet.SOUTIEN}, "precision": "pour un soutien"}
# X-1 : un cas à présenter au comité n’est que de son demandeur, qui le poursuit là où il est chiffré à part.
_TRAITENT = (APPR.quand(**_soutien).quand(**_deposee),)
_GESTIONNAIRE = GESTIONNAIRE.quand(**_soutien).quand(**_deposee)
_DSM = DSM.quand(**_soutien).quand(**_deposee)

DROITS_SERVICE = Matrice(
    DemandeService,
    {
        "voir": Acte("Voir la demande", (DEMANDEUR, _GESTIONNAIRE, *_TRAITENT, _DSM)),
        "modifier": Acte("Écrire la demande", (DEMANDEUR,)),
        "transmettre": Acte("Signer et transmettre", (DEMANDEUR,)),
        "renvoyer": Acte("Renvoyer avec un commentaire", _TRAITENT, sauf=(DEMANDEUR,)),
        "prendre_en_charge": Acte("Prendre en charge", _TRAITENT, sauf=(DEMANDEUR,)),
        "clore": Acte("Clore la demande", _TRAITENT, sauf=(DEMANDEUR,)),
        "retirer": Acte("Retirer la demande", (DEMANDEUR,)),
    },
)


def inscrire_documents():
    """Dit à la pièce des documents qui voit le formulaire signé d’un soutien (annexe 11)."""
    inscrire(
        "demande_service",
        lambda personne, demande: DROITS_SERVICE.peut(personne, "voir", demande),
        lambda demande: f"demande-dsm-{demande.numero}",
        libelle="demande de service à la DSM, soutien d’un APPR",
    )
