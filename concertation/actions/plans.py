"""La rencontre et son plan de concertation : ce qu’on y dit, les orientations, le suivi (R-225, R-251 à R-254, Q-04)."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from concertation.actions.annonces import annoncer
from concertation.actions.conservation import dater_la_conservation
from concertation.actions.recits import garder
from concertation.droits import DROITS_ORIENTATION, DROITS_SITUATION, EXCLU
from concertation.models import EtatSituation, Orientation
from concertation.trajectoire import ORIENTATION, SITUATION
from encadrement.journal.actions import consigner
from encadrement.notifications.actions import retirer_relances
from encadrement.socle import coffre
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local

ECRIVABLES = (EtatSituation.INSCRITE, EtatSituation.PRESENTEE, EtatSituation.EN_SUIVI)


@transaction.atomic
def ecrire_plan(situation, *, par, **champs):
    """Garde ce que la discussion a donné (`discussion`) et la situation dépersonnalisée du plan (`plan`)."""
    exiger_ecrivable(situation, par)
    garder(situation, **{champ: champs[champ] for champ in ("discussion", "plan") if champ in champs})
    return situation


@transaction.atomic
def ajouter_orientation(situation, *, par, texte, direction, responsable, echeance):
    """Ajoute une orientation, écrite pendant la rencontre : une direction, une personne, une échéance (R-225, R-253)."""
    exiger_ecrivable(situation, par)
    inscription = situation.inscription
    if inscription is None:
        raise ErreurMetier("Inscrivez d’abord la situation à une rencontre.", exigences=["R-225"])
    _exiger_responsable(situation, responsable)
    orientation = Orientation.objects.create(
        situation=situation,
        rencontre=inscription.rencontre,
        rang=situation.orientations.count() + 1,
        direction=direction,
        responsable=responsable,
        echeance=echeance,
        chiffre=_chiffrer(situation, texte),
    )
    consigner("concertation.orientation.ajouter", situation, par=par, details={"rang": orientation.rang})
    if situation.etat == EtatSituation.EN_SUIVI:
        annoncer("orientation_confiee", situation, [responsable], f"orientation {orientation.pk}", objet=orientation)
    return orientation


@transaction.atomic
def corriger_orientation(orientation, *, par, texte, direction, responsable, echeance):
    """Corrige une orientation encore ouverte ; un nouveau responsable en est avisé."""
    situation = orientation.situation
    exiger_ecrivable(situation, par)
    orientation.verrouiller()
    DROITS_ORIENTATION.exiger(par, "modifier", orientation)
    if not orientation.est_ouverte:
        raise ErreurMetier("Cette orientation est close : rouvrez-la avant de la corriger.")
    _exiger_responsable(situation, responsable)
    change = responsable.pk != orientation.responsable_id
    orientation.direction, orientation.responsable, orientation.echeance = direction, responsable, echeance
    orientation.chiffre = _chiffrer(situation, texte, raison=_raison(orientation))
    orientation.save(update_fields=["direction", "responsable", "echeance", "chiffre"])
    consigner("concertation.orientation.corriger", situation, par=par, details={"rang": orientation.rang})
    if change and situation.etat == EtatSituation.EN_SUIVI:
        annoncer(
            "orientation_confiee",
            situation,
            [responsable],
            f"orientation {orientation.pk} {responsable.pk}",
            objet=orientation,
        )
    return orientation


def _exiger_responsable(situation, responsable):
    if EXCLU.tenu_par(responsable, situation):
        raise ErreurMetier("Cette personne ne peut pas porter d’orientation ici : choisissez-en une autre.")


def _chiffrer(situation, texte, raison=""):
    if not texte.strip():
        raise ErreurMetier(
            "Écrivez l’orientation : ce qui sera fait, pour dénouer quelle impasse.", exigences=["R-225"]
        )
    return coffre.chiffrer(situation.uuid, {"texte": texte, "raison": raison})


def _raison(orientation):
    return coffre.dechiffrer(orientation.situation.uuid, orientation.chiffre)["raison"]


def exiger_ecrivable(situation, par):
    """Verrouille la situation et refuse qui n’en écrit pas le plan, ou trop tôt, ou trop tard."""
    situation.verrouiller()
    DROITS_SITUATION.exiger(par, "ecrire_plan", situation)
    if situation.etat not in ECRIVABLES:
        raise ErreurMetier(
            "Le plan de concertation s’écrit d’une situation inscrite, présentée ou en suivi.", exigences=["R-253"]
        )


@transaction.atomic
def presenter_situation(situation, *, par):
    """Note que la situation a été présentée à sa rencontre ; son plan reste à établir (R-225, R-253)."""
    passage = situation.franchir(SITUATION["presenter"], par=par)
    inscription = situation.inscription
    inscription.presentee_le = passage.quand
    inscription.save(update_fields=["presentee_le"])
    return passage


@transaction.atomic
def etablir_plan(situation, *, par):
    """Établit le plan et lance le suivi : chaque responsable reçoit son orientation (R-253, R-254)."""
    passage = situation.franchir(SITUATION["etablir_plan"], par=par)
    for orientation in situation.orientations.select_related("responsable"):
        annoncer(
            "orientation_confiee",
            situation,
            [orientation.responsable],
            f"orientation {orientation.pk}",
            objet=orientation,
        )
    a = [situation.demandeur, *DROITS_SITUATION.personnes("attester", situation)]
    annoncer("plan_etabli", situation, a, passage.pk, url=reverse("concertation:situation_plan", args=[situation.uuid]))
    return passage


@transaction.atomic
def ramener_au_comite(situation, *, par, motif):
    """Ramène une situation en suivi au comité : elle redevient à inscrire, ses orientations demeurent."""
    situation.verrouiller()
    inscription = situation.inscription
    passage = situation.franchir(SITUATION["representer"], par=par, motif=motif)
    if inscription is not None:
        inscription.reportee = True
        inscription.save(update_fields=["reportee"])
    annoncer("situation_ramenee", situation, [situation.demandeur], passage.pk)
    return passage


@transaction.atomic
def fermer_situation(situation, *, par):
    """Ferme la situation ; trente jours plus tard elle se referme pour tous, et sa destruction est datée (R-254, O-14)."""
    passage = situation.franchir(SITUATION["fermer"], par=par)
    situation.fermee_le = timezone.now()
    situation.save(update_fields=["fermee_le"])
    dater_la_conservation(situation)
    a = [situation.demandeur, *DROITS_SITUATION.personnes("attester", situation)]
    annoncer("situation_fermee", situation, a, passage.pk, urgent=False)
    return passage


# — Le suivi de chaque orientation


@transaction.atomic
def commencer_orientation(orientation, *, par):
    """Le responsable note que c’est en cours (R-244)."""
    return orientation.franchir(ORIENTATION["commencer"], par=par)


@transaction.atomic
def appliquer_orientation(orientation, *, par):
    """Le responsable note que c’est appliqué ; le coordonnateur le voit (R-244, R-254)."""
    return _clore(orientation, "appliquer", par)


@transaction.atomic
def ne_pas_appliquer_orientation(orientation, *, par, raison_du_refus):
    """L’orientation ne sera pas appliquée, et l’on dit pourquoi : c’est ce que le comité a besoin d’apprendre (R-254)."""
    if not raison_du_refus.strip():
        raise ErreurMetier(
            "Dites pourquoi l’orientation n’est pas appliquée : le comité en a besoin.", exigences=["R-254"]
        )
    orientation.verrouiller()
    DROITS_ORIENTATION.exiger(par, "ne_pas_appliquer", orientation)
    _garder_la_raison(orientation, raison_du_refus)
    return _clore(orientation, "ne_pas_appliquer", par, motif=raison_du_refus)


@transaction.atomic
def reporter_orientation(orientation, *, par, echeance, raison_du_report):
    """Reporte l’échéance, avec une raison ; les relances repartent de la nouvelle date."""
    if echeance <= jour_local():
        raise ErreurMetier("La nouvelle échéance doit être un jour à venir.")
    if not raison_du_report.strip():
        raise ErreurMetier("Dites pourquoi l’échéance est reportée.", exigences=["R-254"])
    orientation.verrouiller()
    DROITS_ORIENTATION.exiger(par, "reporter", orientation)
    _garder_la_raison(orientation, raison_du_report)
    orientation.echeance = echeance
    orientation.save(update_fields=["echeance"])
    # Une relance en file parlait de l’ancienne date, même d’une orientation déjà reportée.
    retirer_relances(orientation)
    return orientation.franchir(ORIENTATION["reporter"], par=par, motif=raison_du_report)


@transaction.atomic
def rouvrir_orientation(orientation, *, par, motif):
    """Le coordonnateur rouvre une orientation close trop tôt ; la situation ne se ferme pas pendant ce temps."""
    orientation.situation.verrouiller()
    passage = orientation.franchir(ORIENTATION["reprendre"], par=par, motif=motif)
    annoncer("orientation_rouverte", orientation.situation, [orientation.responsable], passage.pk, objet=orientation)
    return passage


def _garder_la_raison(orientation, raison):
    contenu = coffre.dechiffrer(orientation.situation.uuid, orientation.chiffre)
    orientation.chiffre = coffre.chiffrer(orientation.situation.uuid, {**contenu, "raison": raison})
    orientation.save(update_fields=["chiffre"])


def _clore(orientation, code, par, motif=""):
    passage = orientation.franchir(ORIENTATION[code], par=par, motif=motif)
    a = DROITS_ORIENTATION.personnes("modifier", orientation)
    annoncer("orientation_close", orientation.situation, a, passage.pk, objet=orientation, urgent=False)
    return passage
