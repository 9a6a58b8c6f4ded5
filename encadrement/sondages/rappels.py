"""Les relances de qui n’a pas répondu : à J+7 et à J+14 (R-071, Q-18)."""

import datetime

from encadrement.notifications.rappels import Echeance, Pas
from encadrement.notifications.series import Serie
from encadrement.parametres.registre import MAISON
from encadrement.sondages.models import Campagne, Invitation

# Au-delà, on n’insiste plus : la personne a reçu deux relances.
OUBLI = datetime.timedelta(days=60)
RELANCES = Serie(
    "sondages.rappels",
    "Questionnaire sans réponse",
    MAISON,
    tuple(Pas(jours, f"J+{jours}", lambda invitation: [invitation.personne]) for jours in (7, 14)),
    ("la personne invitée", "de nouveau"),
    minimum=1,
    aide="Depuis l’invitation. Après la seconde relance, on n’insiste plus.",
    exigences=("R-071",),
)


def echeances(jour):
    """Rend les invitations sans réponse que le jour `jour` peut faire relancer."""
    bornes, pas = (RELANCES.premier_jour_du(jour, OUBLI), RELANCES.dernier_jour_du(jour)), RELANCES.reglee()
    attendues = Invitation.objects.filter(
        remplie=False, demandee_le__range=bornes, campagne__in=Campagne.objects.ouvertes()
    )
    for invitation in attendues.order_by().only("uuid", "demandee_le").iterator(chunk_size=500):
        yield Echeance(invitation, "répondre", invitation.demandee_le, pas, "sondages/rappel")


def tient_encore(echeance):
    """Dit, une fois l’invitation relue sous verrou, si la relance a toujours un sens."""
    return not echeance.objet.remplie and echeance.objet.campagne.ouverte
