"""Des situations du comité amenées à l’état voulu par les vraies actions : jamais un état forgé.

La situation CC-2026-07 vient des formulaires d’exemple ; personnes et faits inventés. `d` est la distribution.
"""

import datetime

from django.utils import timezone

from concertation.actions import (
    comite,
    conservation,
    convocations,
    exclusions,
    impasses,
    plans,
    recits,
    situations,
)
from concertation.models import (
    Nomination,
    Orientation,
    RencontreComite,
    SituationComplexe,
    SorteImpasse,
    TitreConvie,
)
from encadrement.outils.horloge import au
from encadrement.rencontres.serie import creneau
from encadrement.signatures.actions import Confirmation
from encadrement.socle.temps import ajouter_mois, jour_local

RECIT = {
    "question": "Qui sera l’intervenant pivot, et où cette personne peut-elle vivre d’ici 30 jours?",
    "contexte": (
        "Adulte, 50-59 ans, DI légère, TPL probable, itinérance intermittente, diabète non traité; trois directions, un "
        "organisme communautaire et un service de police."
    ),
    "recherches": "2 PSI, rencontre intersectorielle, appel au CAVAC.",
    "attentes": "Un intervenant pivot désigné, un plan d’hébergement à 30 jours.",
    "partenaires": "SMD, DI-TSA-DP, SAPA, organisme communautaire, sûreté",
    "precision_impasse": "Chaque service juge que l’autre est prioritaire; 2 ruptures d’hébergement en 4 mois.",
    "precision_information": "Expliqué à domicile, accord verbal.",
}
CASES = {
    "adulte": True,
    "impasse": SorteImpasse.LES_DEUX,
    "informee_comment": "verbalement",
}
ORIENTATIONS = (
    ("Désigner un intervenant pivot.", 7),
    ("Trouver une place de répit.", 15),
    ("Écrire un protocole d’urgence commun.", 45),
)
RAISON = "Aucune ressource disponible, réévaluer au 1er février."
CONFIRMATION = Confirmation(engagement="Je détruis ce dossier.")
THEMES = ("Hébergement", "Intervenant pivot", "Accès aux soins de santé mentale")


def _relue(situation):
    return SituationComplexe.objects.get(pk=situation.pk)


# — Le comité


def directions(d):
    """Rend (direction, représentant) pour les trois directions de l’exemple."""
    return (
        (d.autre_gestionnaire.direction, d.autre_gestionnaire),
        (d.gestionnaire.direction, d.delegue),
        getattr(d, "troisieme", (d.dsm.direction, d.collegue)),
    )


def nomination_proposee(d, rang=0):
    direction, personne = directions(d)[rang]
    return comite.nommer_representant(direction, personne, par=d.pilote, pouvoir=True)


def representants(d):
    """Nomme un représentant par direction ; les mêmes à chaque appel dans un essai."""
    for rang, (direction, personne) in enumerate(directions(d)):
        if not Nomination.objects.en_vigueur().filter(direction=direction, personne=personne).exists():
            comite.accepter_nomination(nomination_proposee(d, rang), par=d.dsm)


def nomination_acceptee(d):
    representants(d)
    return Nomination.objects.en_vigueur().order_by("pk").first()


def rencontre_planifiee(d, dans=21):
    """La prochaine rencontre du comité, trois heures, dans trois semaines ; la même à chaque appel dans un essai."""
    jour = jour_local() + datetime.timedelta(days=dans)
    existante = RencontreComite.objects.filter(debut__date=jour).exclude(etat="annulee").first()
    if existante:
        return existante
    moment = creneau(jour, datetime.time(13), 180)
    return comite.planifier_rencontres([moment], par=d.coordonnatrice, lien="https://teams.exemple/comite")[0]


def rencontre_convoquee(d):
    """Une rencontre convoquée, avec une situation à son ordre du jour."""
    return situation_convoquee(d).inscription.rencontre


def rencontre_tenue(d):
    return situation_presentee(d).inscription.rencontre


def rencontre_annulee(d):
    rencontre = rencontre_convoquee(d)
    comite.annuler_rencontre(rencontre, par=d.coordonnatrice, motif="Tempête.")
    return rencontre


# — La situation, du brouillon à la fermeture


def situation_ouverte(d):
    return situations.ouvrir_situation(par=d.mentore)


def situation_en_redaction(d, recit=None):
    """Une demande au comité écrite, pas encore présentée."""
    situation = situation_ouverte(d)
    situations.ecrire_situation(
        situation,
        par=d.mentore,
        directions=[direction for direction, _ in directions(d)],
        informee_le=jour_local(),
        discutee_le=jour_local(),
        **CASES,
        **(recit or RECIT),
    )
    return _relue(situation)


def situation_a_attester(d, recit=None):
    situation = situation_en_redaction(d, recit)
    situations.soumettre_situation(situation, par=d.mentore)
    return _relue(situation)


def situation_transmise(d, recit=None):
    situation = situation_a_attester(d, recit)
    situations.attester_demarches(situation, par=d.gestionnaire)
    return _relue(situation)


def situation_recevable(d, recit=None):
    situation = situation_transmise(d, recit)
    situations.declarer_recevable(situation, par=d.coordonnatrice, motif="Trois directions, une impasse de services.")
    return _relue(situation)


def situation_non_recevable(d):
    situation = situation_transmise(d)
    situations.reorienter_situation(
        situation, par=d.coordonnatrice, motif="L’équipe n’a pas encore été consultée.", reorientation="equipe"
    )
    return _relue(situation)


def situation_retiree(d):
    situation = situation_a_attester(d)
    situations.retirer_situation(situation, par=d.mentore)
    return _relue(situation)


def situation_inscrite(d, recit=None):
    representants(d)
    situation = situation_recevable(d, recit)
    convocations.inscrire_situation(situation, rencontre_planifiee(d), par=d.coordonnatrice)
    return _relue(situation)


def situation_convoquee(d, recit=None):
    """Inscrite et convoquée : les conviés lisent, un invité aussi."""
    situation = situation_inscrite(d, recit)
    convocations.convier(situation, par=d.coordonnatrice, titre=TitreConvie.INVITE, personne=d.animatrice)
    convocations.convier(
        situation,
        par=d.coordonnatrice,
        titre=TitreConvie.INVITE,
        nom_externe="Service de police",
        organisme="Sûreté municipale",
    )
    comite.convoquer_rencontre(situation.inscription.rencontre, par=d.coordonnatrice)
    return _relue(situation)


def situation_presentee(d, recit=None):
    """Présentée à une rencontre tenue hier : la rencontre est ramenée au passé par un déplacement."""
    situation = situation_convoquee(d, recit)
    rencontre = situation.inscription.rencontre
    fin = timezone.now() - datetime.timedelta(hours=1)
    comite.deplacer_rencontre(rencontre, par=d.coordonnatrice, debut=fin - datetime.timedelta(hours=3), fin=fin)
    comite.tenir_rencontre(rencontre, par=d.coordonnatrice, presentes=rencontre.participations.all())
    plans.presenter_situation(situation, par=d.coordonnatrice)
    return _relue(situation)


def orientations_ecrites(d, recit=None):
    situation = situation_presentee(d, recit)
    plans.ecrire_plan(
        situation,
        par=d.coordonnatrice,
        discussion="Chacun nomme ce qu’il peut faire.",
        plan="Adulte sans hébergement stable; trois services sans porteur désigné.",
    )
    for (texte, jours), (direction, personne) in zip(ORIENTATIONS, directions(d), strict=True):
        plans.ajouter_orientation(
            situation,
            par=d.coordonnatrice,
            texte=texte,
            direction=direction,
            responsable=personne,
            echeance=jour_local() + datetime.timedelta(days=jours),
        )
    return _relue(situation)


def situation_en_suivi(d, recit=None):
    situation = orientations_ecrites(d, recit)
    plans.etablir_plan(situation, par=d.coordonnatrice)
    return _relue(situation)


def orientation(d, rang=1):
    """Une orientation à faire de la situation en suivi."""
    return Orientation.objects.get(situation=situation_en_suivi(d), rang=rang)


def orientation_en_cours(d):
    o = orientation(d)
    plans.commencer_orientation(o, par=o.responsable)
    return Orientation.objects.get(pk=o.pk)


def orientation_appliquee(d):
    o = orientation(d)
    plans.appliquer_orientation(o, par=o.responsable)
    return Orientation.objects.get(pk=o.pk)


def orientation_non_appliquee(d):
    o = orientation(d, 2)
    plans.ne_pas_appliquer_orientation(o, par=o.responsable, raison_du_refus=RAISON)
    return Orientation.objects.get(pk=o.pk)


def orientation_reportee(d):
    o = orientation(d)
    plans.reporter_orientation(
        o, par=o.responsable, echeance=jour_local() + datetime.timedelta(days=40), raison_du_report="Congés."
    )
    return Orientation.objects.get(pk=o.pk)


def situation_fermee(d, recit=None):
    """Fermée : deux orientations appliquées, une non appliquée."""
    situation = situation_en_suivi(d, recit)
    for o in situation.orientations.select_related("responsable"):
        if o.rang == 2:
            plans.ne_pas_appliquer_orientation(o, par=o.responsable, raison_du_refus=RAISON)
        else:
            plans.appliquer_orientation(o, par=o.responsable)
    plans.fermer_situation(situation, par=d.coordonnatrice)
    return _relue(situation)


def situation_detruite(d):
    """Détruite à l’échéance : elle s’est fermée il y a plus de cinq ans."""
    with au(ajouter_mois(jour_local(), -61)):
        situation = situation_fermee(d)
    conservation.detruire_situation(situation, par=d.prp, confirmation=CONFIRMATION)
    return _relue(situation)


# — Ce qui protège


def exclusion_posee(d, personne=None):
    return exclusions.exclure(situation_transmise(d), par=d.mentore, personne=personne or d.delegue)


def exception_demandee(d):
    return exclusions.demander_exception(situation_transmise(d).numero, par=d.dsm, motif="Urgence signalée de nuit.")


def exception_approuvee(d):
    return exclusions.approuver_exception(exception_demandee(d), par=d.prp)


def lu(situation, personne):
    """La personne déclare n’avoir aucun lien, puis lit le récit ; rend le récit en clair."""
    if recits.doit_declarer(personne, situation):
        exclusions.declarer(situation, par=personne, en_conflit=False)
    return recits.lire_recit(situation, par=personne)


# — Les impasses récurrentes


def les_themes(d):
    return [impasses.ajouter_theme(libelle, par=d.coordonnatrice) for libelle in THEMES]


def impasse_ouverte(d):
    themes = les_themes(d)
    return impasses.ouvrir_impasse(
        par=d.coordonnatrice,
        titre="Aucune place de répit pour un adulte en DI",
        themes=themes[:1],
        responsable=d.autre_gestionnaire,
        solution="Recenser les places; proposer une entente entre deux directions.",
        echeance=jour_local() + datetime.timedelta(days=120),
    )
