"""Demander à chaque acteur ce qu’une rencontre du comité lui a valu, sans rien dire d’une situation (R-231, produit §8)."""

from django.db import transaction
from django.utils import formats

from concertation.droits import EXCLU
from encadrement.socle.temps import AnneeFinanciere
from encadrement.sondages.actions import POUR_REPONDRE, campagne_continue, inviter

CODE = "concertation-rencontre"
MESURE = "concertation"


@transaction.atomic
def demander_la_satisfaction(rencontre):
    """Invite, une fois chacun, les conviés de l’établissement qui étaient là, l’intervenant responsable et son gestionnaire.

    L’invitation nomme la rencontre, jamais une situation ni son code.
    """
    repondants = _repondants(rencontre)
    if not repondants:
        return []
    annee = AnneeFinanciere.du(rencontre.jour)
    campagne = campagne_continue(
        CODE,
        mesure=MESURE,
        annee=annee,
        libelle=f"satisfaction après les rencontres du comité, {annee}",
        # Qui a siégé le 31 mars a encore le temps de répondre.
        fin=annee.fin + POUR_REPONDRE,
    )
    if not campagne.ouverte:
        return []
    dossier = f"Rencontre du comité du {formats.date_format(rencontre.jour, 'j F Y')}"
    # L’échéance habituelle, et non la fin de l’année.
    attendue_le = min(rencontre.jour + POUR_REPONDRE, campagne.fin)
    return inviter(campagne, repondants, sujet=rencontre.uuid, dossier=dossier, attendue_le=attendue_le)


def _repondants(rencontre):
    presentes = rencontre.participations.filter(retiree=False, presente=True, personne__isnull=False)
    gens = {participation.personne_id: participation.personne for participation in presentes.select_related("personne")}
    inscrites = rencontre.inscriptions.filter(reportee=False)
    for inscription in inscrites.select_related("situation__demandeur__superieur__service"):
        situation = inscription.situation
        gens[situation.demandeur_id] = situation.demandeur
        gestionnaire = situation.demandeur.superieur
        if gestionnaire is not None and not EXCLU.tenu_par(gestionnaire, situation):
            gens[gestionnaire.pk] = gestionnaire
    return list(gens.values())
