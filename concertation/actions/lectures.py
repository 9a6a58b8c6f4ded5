"""Qui a lu une situation : le journal, tel que la personne concernée a le droit de le connaître (LRSSS art. 18 et 103, O-04)."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.timezone import localtime

from concertation.actions.recits import LECTURE, consigner_la_lecture
from concertation.droits import DROITS_SITUATION
from concertation.models import ParticipationComite
from concertation.models.situation import motif_en_clair
from encadrement.journal.models import Entree

COLONNES = ("Quand", "Qui", "Matricule", "À titre de", "Ce qui a été lu", "Pourquoi")
# Un champ du récit, comme on le dit.
_CHAMPS = {
    "question": "question posée au comité",
    "contexte": "situation décrite",
    "recherches": "démarches préalables",
    "attentes": "attentes",
    "partenaires": "partenaires en cause",
    "disponibilites": "disponibilités",
    "precision_impasse": "précision sur l’impasse",
    "precision_information": "précision sur l’information donnée",
    "discussion": "notes de la discussion",
    "plan": "plan de concertation",
}
RAISONS = "raisons des prolongations d’accès"


@dataclass(frozen=True)
class Prolongation:
    """Un accès prolongé : de qui, de combien, par qui, pourquoi."""

    entree: Entree
    personne: str
    raison: str

    @property
    def jours(self):
        return self.entree.details["jours"]


@transaction.atomic
def prolongations(situation, *, par):
    """Rend les accès prolongés, la raison en clair ; elle peut parler de la personne : la lire se consigne d’abord."""
    entrees = Entree.objects.filter(
        objet_type=situation._meta.label_lower, objet_uuid=situation.uuid, acte="concertation.prolonger"
    )
    entrees = list(entrees.select_related("par").order_by("-rang"))
    if not entrees:
        return []
    role = DROITS_SITUATION.exiger(par, "voir_lectures", situation)
    consigner_la_lecture(situation, par, role, (RAISONS,), "registre des lectures")
    conviees = {
        str(participation.uuid): str(participation.personne or participation.nom_externe)
        for participation in ParticipationComite.objects.filter(situation=situation).select_related("personne")
    }
    return [
        Prolongation(
            entree,
            conviees.get(entree.details["participation"], ""),
            motif_en_clair(situation.uuid, entree.details["raison_chiffree"]),
        )
        for entree in entrees
    ]


def lectures(situation):
    """Rend les entrées du journal qui disent une lecture de la situation, de la plus récente à la plus ancienne."""
    return (
        Entree.objects.filter(objet_type=situation._meta.label_lower, objet_uuid=situation.uuid, acte=LECTURE)
        .select_related("par")
        .order_by("-rang")
    )


def champs_lus(entree):
    """Rend en toutes lettres ce qu’une lecture a montré."""
    return [_CHAMPS.get(champ, champ) for champ in entree.details["champs"]]


def titre_de(entree):
    """Rend le titre auquel on a lu ; quand ce titre vaut se lit à « Qui peut quoi », pas à chaque ligne."""
    return entree.titre.partition(" (")[0]


def ligne(entree):
    """Rend la ligne d’export d’une lecture, dans l’ordre de COLONNES."""
    return (
        localtime(entree.quand),
        str(entree.par),
        entree.par.matricule,
        titre_de(entree),
        ", ".join(champs_lus(entree)),
        entree.details["pourquoi"],
    )
