"""Le contenu de l’annexe 11, commun à ses trois volets (produit, section 5)."""

from django.conf import settings

from encadrement.demandes.models import Volet
from encadrement.parametres.lecture import valeur
from encadrement.personnes.identite import identite


def contenu_du_volet(formulaire, volet):
    """Rend le contenu commun d’un formulaire de la DSM : identification, question, démarches, attentes, discussion."""
    demandeur = formulaire.demandeur
    return {
        "etablissement": settings.ETABLISSEMENT_NOM,
        "courriel_dsm": valeur("adresses.dsm"),
        "numero": formulaire.numero,
        "volet": str(volet),
        "volets": [{"code": code, "libelle": libelle, "coche": code == volet} for code, libelle in Volet.choices],
        "demandeur": identite(demandeur),
        "direction": str(demandeur.direction or ""),
        "gestionnaire": identite(demandeur.superieur),
        "discutee_le": formulaire.discutee_le.isoformat() if formulaire.discutee_le else "",
        **formulaire.reponses,
    }


def contenu_a_lire(demande):
    """Rend ce que les pages montrent : le contenu signé, ou celui qui le serait maintenant.

    En rédaction, jamais le contenu signé avant un renvoi : un gestionnaire peut avoir changé depuis.
    """
    if demande.instantane_id and not demande.est_modifiable:
        return demande.instantane.donnees
    return contenu_du_volet(demande, demande.volet)
