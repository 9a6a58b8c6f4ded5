"""Ce qu’une demande à la DSM fait relancer : 3 et 7 jours ouvrables, puis plus haut à 15 (produit, section 6)."""

from encadrement.demandes.droits import DROITS_SERVICE
from encadrement.demandes.models import DemandeService, EtatService
from encadrement.notifications.attentes import AttenteDEtat, attentes_d_etat, est_dans_le_meme_etat, par_acte


def _au_dessus(demande):
    """Rend les supérieurs qui peuvent lire la demande."""
    attendus = DROITS_SERVICE.personnes("prendre_en_charge", demande).select_related("superieur")
    superieurs = {personne.superieur for personne in attendus if personne.superieur}
    return [superieur for superieur in superieurs if DROITS_SERVICE.peut(superieur, "voir", demande)]


_ATTENTES = (
    AttenteDEtat(
        DemandeService,
        EtatService.TRANSMISE,
        "prendre en charge la demande",
        par_acte(DROITS_SERVICE, "prendre_en_charge"),
        _au_dessus,
    ),
)


def echeances(jour):
    """Rend les demandes transmises que le jour `jour` peut faire relancer."""
    return attentes_d_etat(_ATTENTES, jour)


tient_encore = est_dans_le_meme_etat
