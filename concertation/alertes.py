"""Ce qui demande qu’on agisse au comité : un code et une direction, jamais un mot de la situation (N-02, N-08)."""

from django.urls import reverse

from concertation.droits import DROITS_ORIENTATION, DROITS_SITUATION
from concertation.models import EtatSituation
from concertation.rappels.confiees import confiees
from encadrement.indicateurs.registre import Alerte, LigneAlerte
from encadrement.notifications.attentes import par_acte
from encadrement.notifications.calendrier import ajouter_jours_ouvrables
from encadrement.notifications.rappels import GABARIT_ATTENTE
from encadrement.socle.temps import debut_du_jour, jour_local

JOURS_POUR_STATUER = 5


def _orientations_echues(personne):
    return (
        DROITS_ORIENTATION.objets(personne, "suivre")
        .filter(pk__in=confiees().values("pk"), echeance__lt=jour_local())
        .select_related("situation", "direction", "responsable")
        .defer("chiffre")
        .order_by("echeance", "pk")
    )


def _orientation(orientation):
    return LigneAlerte(
        dossier=str(orientation),
        # La liste s’ouvre à qui suit sans lire ; la page d’une orientation, non.
        url=f"{reverse('concertation:orientations')}?etat=retard",
        quoi="Orientation à appliquer",
        du_le=orientation.echeance,
        # Une personne nommée en dirait plus que la direction.
        qui="le responsable",
        direction=orientation.direction.nom,
    )


def _responsable(orientation):
    peut = DROITS_ORIENTATION.peut(orientation.responsable, "appliquer", orientation)
    return [orientation.responsable] if peut else []


def _a_statuer(personne):
    limite = debut_du_jour(ajouter_jours_ouvrables(jour_local(), -JOURS_POUR_STATUER))
    return (
        DROITS_SITUATION.objets(personne, "recevoir")
        .filter(etat=EtatSituation.TRANSMISE, depuis__lt=limite)
        .order_by("depuis")
    )


def _situation(situation):
    return LigneAlerte(
        dossier=str(situation),
        url=situation.get_absolute_url(),
        quoi="Recevabilité à analyser",
        du_le=jour_local(situation.depuis),
        qui="le coordonnateur",
    )


ALERTES = (
    Alerte(
        code="concertation.orientations_echues",
        nom="Orientations échues et toujours ouvertes",
        objets=_orientations_echues,
        ligne=_orientation,
        direction="direction",
        explication="Leur responsable n’a pas dit ce qu’elles sont devenues.",
        exigences=("R-244", "R-254"),
        gabarit="concertation/rappel_orientation",
        destinataires=_responsable,
        contexte=lambda orientation: {"jour_du": orientation.echeance},
    ),
    Alerte(
        code="concertation.a_statuer",
        nom="Situations dont la recevabilité attend",
        objets=_a_statuer,
        ligne=_situation,
        explication="Transmises au comité depuis plus de cinq jours ouvrables.",
        exigences=("R-249",),
        gabarit=GABARIT_ATTENTE,
        destinataires=par_acte(DROITS_SITUATION, "recevoir"),
        contexte=lambda situation: {
            "geste": "analyser la recevabilité",
            "dossier": str(situation),
            "jour_du": jour_local(situation.depuis),
        },
    ),
)
