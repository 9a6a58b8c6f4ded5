"""Ce qu’on signe du formulaire de la DSM : des valeurs simples, dans l’ordre de l’annexe 11 (R-400, Q-01)."""

from encadrement.demandes.contenu import contenu_du_volet
from encadrement.demandes.models import Volet
from encadrement.socle.temps import jour_local


def contenu_du_formulaire(demande):
    """Rend le contenu à signer : c’est lui que le PDF reproduit."""
    return contenu_du_volet(demande, Volet.EXPERT) | {
        "discutee_avec": str(demande.discutee_avec or ""),
        "constats": demande.constats,
        "sujet": str(demande.sujet or ""),
        "ampleur": demande.get_ampleur_display(),
        "participants": [str(personne) for personne in demande.participants.all()],
        "absence": _absence_constatee(demande),
        "experts": [
            {
                "nom": sollicitation.expert.nom_complet,
                "expertise": sollicitation.expertise,
                "le": jour_local(sollicitation.choisie_le).isoformat(),
                "reponse": sollicitation.get_reponse_display(),
                "motif": sollicitation.motif,
            }
            for sollicitation in demande.sollicitations.select_related("expert")
        ],
    }


def _absence_constatee(demande):
    """Rend ce que le demandeur a cherché au bottin s’il n’y a trouvé aucun expert (R-181)."""
    constat = demande.passages.filter(transition="constater_absence").last()
    return constat.motif if constat else ""


def contenu_a_signer(demande):
    """Rend ce que les pages montrent : le contenu signé, ou celui qui le serait maintenant.

    En rédaction, jamais le contenu signé avant un renvoi : un gestionnaire peut avoir changé depuis.
    """
    if demande.instantane_id and not demande.est_modifiable:
        return demande.instantane.donnees
    return contenu_du_formulaire(demande)
