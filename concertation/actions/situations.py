"""La demande au comité, du brouillon à la recevabilité (R-213 à R-215, R-220, R-227, R-246, R-249, R-256, R-257, Q-03)."""

from django.db import transaction
from django.utils import timezone

from concertation.actions.annonces import annoncer
from concertation.actions.conservation import dater_la_conservation
from concertation.actions.recits import LECTURE, contenu, garder
from concertation.droits import DROITS_SITUATION
from concertation.models import Recit, SituationComplexe
from concertation.trajectoire import SITUATION
from encadrement.demandes.actions import poursuivre_ailleurs
from encadrement.documents.actions import numero_suivant
from encadrement.journal.actions import consigner
from encadrement.personnes.models import Direction, Personne
from encadrement.socle import coffre
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.fusion import fusionner
from encadrement.socle.temps import jour_local

SERIE = "CC"
CHAMPS = ("adulte", "impasse", "informee_le", "informee_comment", "discutee_le")
CHAMPS_DU_RECIT = tuple(champ for champ in Recit.CHAMPS if champ not in {"discussion", "plan"})
# Chaque direction est une case, fusionnée pour elle-même : deux onglets ne s’effacent pas l’un l’autre.
DIRECTION = "direction-"


@transaction.atomic
def ouvrir_situation(*, par, demande_service=None):
    """Ouvre une demande au comité sous un code, avec sa clé (R-220) ; `demande_service` dit d’où elle vient.

    Deux clics n’en ouvrent qu’une : le brouillon encore vide sert de nouveau.
    """
    Personne.objects.select_for_update(of=("self",)).get(pk=par.pk)
    vides = SituationComplexe.objects.filter(demandeur=par, etat="brouillon", recit=None, demande_service=None)
    if demande_service is None and (vide := vides.first()):
        return vide
    if demande_service is not None and (
        deja := SituationComplexe.objects.filter(demande_service=demande_service).first()
    ):
        return deja
    annee = jour_local().year
    situation = SituationComplexe.objects.create(
        numero=f"{SERIE}-{annee}-{numero_suivant(SERIE, annee):02d}", demandeur=par, demande_service=demande_service
    )
    coffre.creer_cle(situation.uuid)
    consigner("concertation.situation.ouvrir", situation, par=par)
    return situation


@transaction.atomic
def reprendre_demande_service(demande_service, *, par):
    """Poursuit au comité une demande née d’une consultation : rien ne se ressaisit, et elle se ferme (R-220).

    Deux clics mènent à la même situation. Seul le demandeur le peut.
    """
    demande_service.verrouiller()
    deja = SituationComplexe.objects.filter(demande_service=demande_service, demandeur=par).first()
    if deja is not None:
        return deja
    reponses = poursuivre_ailleurs(demande_service, par=par)
    situation = ouvrir_situation(par=par, demande_service=demande_service)
    garder(situation, **reponses)
    situation.discutee_le = demande_service.discutee_le
    situation.save(update_fields=["discutee_le"])
    return situation


@transaction.atomic
def ecrire_situation(situation, *, par, directions=None, **champs):
    """Enregistre ce que l’intervenant écrit ; le récit va au coffre, le reste n’est que cases, dates et directions.

    Lève ErreurMetier si la demande n’est plus en rédaction.
    """
    _exiger_redaction(situation, par)
    ecrits = [champ for champ in CHAMPS if champ in champs]
    for champ in ecrits:
        setattr(situation, champ, champs[champ])
    situation.save(update_fields=ecrits)
    if recit := {champ: champs[champ] for champ in CHAMPS_DU_RECIT if champ in champs}:
        garder(situation, **recit)
    if directions is not None:
        situation.directions.set(directions)
    return situation


def _exiger_redaction(situation, par):
    situation.verrouiller()
    DROITS_SITUATION.exiger(par, "modifier", situation)
    if not situation.est_modifiable:
        raise ErreurMetier("Cette demande est déposée : retirez-la, ou attendez qu’on vous la renvoie.")


# — Écrire à plusieurs onglets


@transaction.atomic
def relire_pour_ecrire(situation, *, par):
    """Rend {champ: valeur} à celui qui l’a écrit, pour qu’il le modifie ; consigné comme toute lecture."""
    consigner_la_relecture(situation, CHAMPS_DU_RECIT, par=par)
    return _valeurs(situation)


@transaction.atomic
def fusionner_situation(situation, *, par, saisi, temoins, libelles=None):
    """Enregistre ce qui a changé sans écraser ce qui vient d’un autre onglet ; rend (conflits, valeurs gardées).

    Une page qui montrerait ensuite un texte gardé le consigne d’abord : `consigner_la_relecture`. Lève ErreurMetier si la
    demande n’est plus en rédaction.
    """
    _exiger_redaction(situation, par)
    avant = _valeurs(situation)
    a_ecrire, conflits = fusionner(avant, temoins, saisi, libelles)
    valeurs = {**avant, **a_ecrire}
    if a_ecrire:
        directions = None
        if any(champ.startswith(DIRECTION) for champ in a_ecrire):
            directions = [
                champ.removeprefix(DIRECTION) for champ, coche in valeurs.items() if _est_cochee(champ, coche)
            ]
        ecrire_situation(situation, par=par, directions=directions, **a_ecrire)
    return conflits, valeurs


def _est_cochee(champ, valeur):
    return champ.startswith(DIRECTION) and valeur


def _valeurs(situation):
    nommees = set(situation.directions.values_list("pk", flat=True))
    return {
        **contenu(situation, CHAMPS_DU_RECIT),
        **{champ: getattr(situation, champ) for champ in CHAMPS},
        **{f"{DIRECTION}{direction.pk}": direction.pk in nommees for direction in Direction.objects.all()},
    }


@transaction.atomic
def consigner_la_relecture(situation, champs, *, par):
    """Consigne que son auteur relit ces champs du récit, pour les écrire."""
    role = DROITS_SITUATION.exiger(par, "modifier", situation)
    details = {"champs": list(champs), "pourquoi": "rédaction", "role": role.code}
    consigner(LECTURE, situation, par=par, titre=role.libelle, details=details)


# — Présenter, attester, recevoir


@transaction.atomic
def soumettre_situation(situation, *, par):
    """La demande part chez le gestionnaire, qui atteste les démarches préalables (R-227, R-246)."""
    passage = situation.franchir(SITUATION["soumettre"], par=par)
    annoncer("situation_a_attester", situation, DROITS_SITUATION.personnes("attester", situation), passage.pk)
    return passage


@transaction.atomic
def attester_demarches(situation, *, par):
    """Le gestionnaire atteste les démarches préalables et approuve ; le coordonnateur reçoit (R-246, R-249)."""
    passage = situation.franchir(SITUATION["attester"], par=par)
    situation.attestee_par, situation.attestee_le = par, timezone.now()
    situation.save(update_fields=["attestee_par", "attestee_le"])
    annoncer("situation_transmise", situation, DROITS_SITUATION.personnes("recevoir", situation), passage.pk)
    annoncer("situation_attestee", situation, [situation.demandeur], passage.pk, urgent=False)
    return passage


@transaction.atomic
def renvoyer_situation(situation, *, par, motif):
    """Le gestionnaire renvoie la demande, avec un commentaire ; rien de ce qui est écrit n’est perdu."""
    passage = situation.franchir(SITUATION["renvoyer"], par=par, motif=motif)
    annoncer("situation_renvoyee", situation, [situation.demandeur], passage.pk)
    return passage


@transaction.atomic
def demander_precisions(situation, *, par, motif):
    """Le coordonnateur demande des précisions : la demande revient à l’intervenant, puis à son gestionnaire."""
    passage = situation.franchir(SITUATION["demander_precisions"], par=par, motif=motif)
    annoncer("situation_renvoyee", situation, [situation.demandeur], passage.pk)
    return passage


@transaction.atomic
def declarer_recevable(situation, *, par, motif):
    """Le coordonnateur reçoit la demande, par une réponse motivée (R-249, Q-03)."""
    passage = situation.franchir(SITUATION["recevoir"], par=par, motif=motif)
    annoncer("situation_recevable", situation, _demandeur_et_gestionnaires(situation), passage.pk)
    return passage


@transaction.atomic
def reorienter_situation(situation, *, par, motif, reorientation):
    """La demande n’est pas recevable : le coordonnateur dit pourquoi et vers où aller, jamais nulle part (R-249, Q-03)."""
    situation.verrouiller()
    DROITS_SITUATION.exiger(par, "reorienter", situation)
    if not reorientation:
        raise ErreurMetier(
            "Dites vers où réorienter la demande : une réponse négative mène toujours ailleurs.", exigences=["R-249"]
        )
    situation.reorientation = reorientation
    situation.save(update_fields=["reorientation"])
    passage = situation.franchir(SITUATION["reorienter"], par=par, motif=motif)
    dater_la_conservation(situation)
    annoncer("situation_non_recevable", situation, _demandeur_et_gestionnaires(situation), passage.pk)
    return passage


@transaction.atomic
def retirer_situation(situation, *, par):
    """L’intervenant retire sa demande ; un brouillon que personne ne lisait se referme aussitôt, sans rien annoncer."""
    situation.verrouiller()
    en_redaction = situation.est_modifiable
    passage = situation.franchir(SITUATION["retirer"], par=par)
    dater_la_conservation(situation)
    if en_redaction:
        situation.verrou_le = timezone.now()
        situation.save(update_fields=["verrou_le"])
    a = DROITS_SITUATION.personnes("recevoir", situation)
    annoncer("situation_retiree", situation, a, passage.pk, urgent=False)
    return passage


def _demandeur_et_gestionnaires(situation):
    return [situation.demandeur, *DROITS_SITUATION.personnes("attester", situation)]
