"""La convocation à la rencontre convenue avec l’expert : celle de l’annonce, et celle du rappel de la veille (R-174)."""

import datetime

from encadrement.rencontres.calendrier import ecrire_convocation

DUREE_HABITUELLE = datetime.timedelta(hours=1)


def convocation(sollicitation, personne, *, annulee=False):
    """Rend le texte iCalendar de la rencontre convenue : un numéro, un lieu, jamais le sujet (N-08)."""
    demande = sollicitation.demande
    duree = datetime.timedelta(minutes=sollicitation.plage.minutes) if sollicitation.plage_id else DUREE_HABITUELLE
    return ecrire_convocation(
        uid=sollicitation.uuid,
        sequence=sollicitation.sequence,
        resume=str(demande),
        debut=sollicitation.moment,
        fin=sollicitation.moment + duree,
        organisateur_nom="Consultation d’experts",
        destinataire=(personne.nom_complet, personne.courriel),
        page=demande.get_absolute_url(),
        lieu=sollicitation.lieu,
        annulee=annulee,
    )
