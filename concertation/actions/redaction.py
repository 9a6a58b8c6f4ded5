"""Écrire le plan à mesure, pendant la rencontre, sans s’écraser ni rien garder ailleurs qu’au coffre (R-251 à R-253)."""

from dataclasses import dataclass

from django.db import transaction

from concertation.actions.plans import ECRIVABLES, exiger_ecrivable
from concertation.actions.recits import CHAMPS_DU_PLAN, contenu, garder
from concertation.droits import DROITS_SITUATION
from encadrement.socle import coffre
from encadrement.socle.fusion import fusionner

CHAMPS_ECRITS = ("discussion", "plan")
CHAMPS_DE_LA_PAGE = ("discussion", *CHAMPS_DU_PLAN)


def ecrit_le_plan(personne, situation):
    """Dit si cette personne peut écrire le plan maintenant."""
    return situation.etat in ECRIVABLES and DROITS_SITUATION.peut(personne, "ecrire_plan", situation)


@dataclass(frozen=True)
class Ecriture:
    """Ce qu’un enregistrement a donné ; `d_autrui` nomme les champs où ce qui est gardé n’est pas ce qui a été envoyé."""

    valeurs: dict
    d_autrui: tuple
    conflits: list


@transaction.atomic
def fusionner_plan(situation, *, par, saisi, temoins, libelles=None):
    """Enregistre ce qui a changé sans écraser ce qu’un autre coordonnateur a écrit ; rend une Ecriture.

    Elle ne porte que ce que la personne a elle-même envoyé : le texte d’un autre se lit par `lire_recit`, qui le consigne.
    """
    exiger_ecrivable(situation, par)
    garde = contenu(situation, CHAMPS_ECRITS)
    a_ecrire, conflits = fusionner(garde, temoins, saisi, libelles)
    if a_ecrire:
        garder(situation, **a_ecrire)
    garde |= a_ecrire
    d_autrui = tuple(champ for champ in saisi if garde[champ] != saisi[champ])
    return Ecriture({champ: saisi[champ] for champ in saisi if champ not in d_autrui}, d_autrui, conflits)


def textes_a_verifier(situation):
    """Rend [(libellé, texte)] de ce que le plan fera lire à d’autres : la machine y cherche ce qui nomme quelqu’un (N-10).

    Une page qui les montre passe par `lire_plan`.
    """
    textes = [("Situation dépersonnalisée", contenu(situation, ("plan",))["plan"])]
    textes += [
        (f"Orientation {orientation.rang}", coffre.dechiffrer(situation.uuid, orientation.chiffre)["texte"])
        for orientation in situation.orientations.order_by("rang")
    ]
    return textes
