"""Ouvrir une campagne, inviter, répondre, fermer ; écrire et publier une version d’un questionnaire."""

import datetime
import json
from random import SystemRandom

from django.db import transaction

from encadrement.journal.actions import consigner
from encadrement.notifications.actions import notifier, retirer_relances
from encadrement.personnes.models import Personne
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local
from encadrement.sondages.comptes import compter_les_reponses
from encadrement.sondages.droits import DROITS_CAMPAGNE, DROITS_INVITATION
from encadrement.sondages.models import Campagne, Invitation, Lot, Reponse
from encadrement.sondages.questionnaires import en_vigueur

POUR_REPONDRE = datetime.timedelta(days=14)
PETIT_NOMBRE = 5  # N-06 : en deçà, un résultat désignerait quelqu’un.
BRASSAGE = 50

_HASARD = SystemRandom()


@transaction.atomic
def ouvrir_campagne(code, *, cle, mesure, annee, libelle, groupe="", fin=None, par=None):
    """Ouvre une campagne du questionnaire en vigueur et la rend ; la même `cle` rend la même campagne (Q-18).

    `annee` : l’année financière, par son année de début ou en AnneeFinanciere. `groupe` : le code, propre à la mesure,
    de ceux qu’on interroge (vide : tous). `fin` : le dernier jour pour répondre ; sans elle, quelqu’un ferme.
    """
    campagne, nouvelle = Campagne.objects.get_or_create(
        cle=cle,
        defaults={
            "questionnaire": en_vigueur(code),
            "mesure": mesure,
            "groupe": groupe,
            "annee": getattr(annee, "debut_annee", annee),
            "libelle": libelle,
            "fin": fin,
        },
    )
    if nouvelle:
        consigner("sondages.campagne.ouvrir", campagne, par=par, details={"questionnaire": code})
    return campagne


@transaction.atomic
def campagne_continue(code, *, mesure, annee, libelle, groupe="", fin=None):
    """Rend la campagne ouverte de cette année-là, ou en ouvre une : pour inviter au fil de l’année (R-071).

    Fermée avant l’heure, elle a une suite ; les résultats de l’année réunissent les campagnes fermées.
    """
    annee = getattr(annee, "debut_annee", annee)
    miennes = Campagne.objects.filter(questionnaire__code=code, mesure=mesure, groupe=groupe, annee=annee)
    if ouverte := miennes.ouvertes().order_by("pk").first():
        return ouverte
    cle = f"{code}:{groupe}:{annee}:{miennes.count() + 1}"
    return ouvrir_campagne(code, cle=cle, mesure=mesure, groupe=groupe, annee=annee, libelle=libelle, fin=fin)


@transaction.atomic
def inviter(campagne, personnes, *, sujet="", dossier="", attendue_le=None, avertir=True):
    """Invite chaque personne en poste et rend les invitations nouvelles ; inviter de nouveau ne double rien (R-071).

    `sujet` distingue deux invitations d’une même personne ; `dossier` se lit à l’écran. `attendue_le` : par défaut, le
    dernier jour de la campagne, sinon dans quatorze jours. `avertir` : par courriel, sauf à qui répond sur-le-champ.
    """
    if not campagne.ouverte:
        raise ErreurMetier(f"«\xa0{campagne}\xa0» est fermée\xa0: on n’y invite plus personne.")
    attendue_le = attendue_le or campagne.fin or jour_local() + POUR_REPONDRE
    nouvelles = []
    for personne in personnes:
        if personne is None or not personne.is_active:
            continue
        invitation, nouvelle = Invitation.objects.get_or_create(
            campagne=campagne,
            personne=personne,
            sujet=str(sujet),
            defaults={"dossier": dossier, "attendue_le": attendue_le},
        )
        if nouvelle:
            nouvelles.append(invitation)
            if avertir:
                notifier("sondages/invitation", invitation, a=[personne], cle="invitation")
    return nouvelles


@transaction.atomic
def repondre(invitation, *, par, reponses):
    """Garde la réponse sans sa personne ; seule l’invitation sait qu’elle est remplie (R-071, R-073, R-161, R-164)."""
    DROITS_INVITATION.exiger(par, "repondre", invitation)
    campagne = (
        Campagne.objects.select_for_update(of=("self",)).select_related("questionnaire").get(pk=invitation.campagne_id)
    )
    if not campagne.ouverte:
        raise ErreurMetier("Ce sondage est fermé\xa0: on ne peut plus y répondre.")
    contenu = _contenu(campagne.questionnaire.liste, reponses)
    if not Invitation.objects.filter(pk=invitation.pk, remplie=False).update(remplie=True):
        raise ErreurMetier("Vous avez déjà répondu à ce sondage\xa0: merci.")
    retirer_relances(invitation)
    _deposer(campagne, contenu)


def _contenu(questions, reponses):
    """Rend les réponses en JSON, dans l’ordre des questions ; lève ErreurMetier si l’une ne convient pas."""
    if set(reponses) - {question.code for question in questions}:
        raise ErreurMetier("Une réponse ne correspond à aucune question de ce sondage.")
    for question in questions:
        if not question.accepte(reponses.get(question.code)):
            raise ErreurMetier(f"La réponse à «\xa0{question.libelle}\xa0» ne convient pas.")
    valeurs = {question.code: reponses.get(question.code) for question in questions}
    return json.dumps({code: v for code, v in valeurs.items() if v not in (None, "")}, ensure_ascii=False)


def _deposer(campagne, contenu):
    """Écrit la réponse parmi d’autres de la campagne, réécrites dans un ordre tiré au sort.

    Sans cela, la place de la ligne dans la table, ou le numéro de transaction que PostgreSQL y laisse, la relierait à
    l’invitation remplie au même moment. Le verrou de la campagne fait passer les réponses une à la fois.
    """
    voisines = list(Reponse.objects.filter(campagne=campagne).order_by("?")[:BRASSAGE])
    contenus = [*(voisine.contenu for voisine in voisines), contenu]
    Reponse.objects.filter(pk__in=[voisine.pk for voisine in voisines]).delete()
    _HASARD.shuffle(contenus)
    Reponse.objects.bulk_create([Reponse(campagne=campagne, contenu=brasse) for brasse in contenus])


@transaction.atomic
def fermer_campagne(campagne, *, par=None):
    """Ferme la campagne : plus de réponse, plus de relance, et ses résultats peuvent paraître (R-154, N-06).

    `par` : qui la ferme ; sans personne, c’est son dernier jour qui est passé.
    """
    if par is not None:
        DROITS_CAMPAGNE.exiger(par, "fermer", campagne)
    campagne = Campagne.objects.select_for_update(of=("self",)).select_related("questionnaire").get(pk=campagne.pk)
    if campagne.fermee_le is not None:
        return campagne
    campagne.fermee_le = jour_local()
    campagne.save(update_fields=["fermee_le"])
    for invitation in campagne.invitations.filter(remplie=False):
        retirer_relances(invitation)
    _former_un_lot(campagne)
    consigner("sondages.campagne.fermer", campagne, par=par or Personne.objects.systeme())
    return campagne


def fermer_les_echues(jour=None):
    """Ferme les campagnes dont le dernier jour est passé et rend leur nombre."""
    echues = list(Campagne.objects.echues(jour or jour_local()))
    for campagne in echues:
        fermer_campagne(campagne)
    return len(echues)


def _former_un_lot(campagne):
    """Fait paraître la campagne seule si cinq personnes ont répondu, sinon avec les petites qui attendent (N-06)."""
    if _repondants([campagne]) >= PETIT_NOMBRE:
        ensemble = [campagne]
    else:
        petites = Campagne.objects.filter(
            questionnaire__code=campagne.code,
            mesure=campagne.mesure,
            annee=campagne.annee,
            fermee_le__isnull=False,
            lot=None,
            pk__in=Reponse.objects.order_by().values("campagne"),
        )
        ensemble = list(petites.select_for_update(of=("self",)).select_related("questionnaire").order_by("pk"))
    repondants = _repondants(ensemble)
    if repondants < PETIT_NOMBRE:
        return
    lot = Lot.objects.create(
        repondants=repondants,
        reponses=Reponse.objects.filter(campagne__in=ensemble).count(),
        comptes=compter_les_reponses(ensemble),
    )
    Campagne.objects.filter(pk__in=[petite.pk for petite in ensemble]).update(lot=lot)
    campagne.lot = lot


def _repondants(campagnes):
    remplies = Invitation.objects.filter(campagne__in=campagnes, remplie=True)
    return remplies.order_by().values("personne").distinct().count()
