"""Les verbes de la rencontre : planifier, convoquer, déplacer, annuler, tenir (R-385, R-393 à R-395, R-456)."""

import uuid

from django.db import transaction
from django.utils import timezone

from cdp.actions.annonces import annoncer, membres
from cdp.actions.ordre_du_jour import contenu_ordre_du_jour, poser_les_points_fixes
from cdp.droits import DROITS_COMMUNAUTE, DROITS_RENCONTRE
from cdp.models import EtatRencontre, ParticipationCdp, RencontreCdp
from cdp.regles import lieu_ou_lien
from cdp.trajectoire import RENCONTRE
from encadrement.documents.actions import demander_document
from encadrement.journal.actions import consigner
from encadrement.rencontres.calendrier import convoquer as convocation
from encadrement.rencontres.models import Mode, Reponse
from encadrement.signatures.actions import figer
from encadrement.socle.bd import unicite
from encadrement.socle.erreurs import ErreurMetier

GABARIT_ORDRE_DU_JOUR = "cdp/ordre_du_jour_v1"
CHAMPS_MOMENT = ("debut", "fin", "mode", "lieu", "lien")
_DEJA_PRIS = "Une rencontre de cette communauté commence déjà à ce moment : choisissez une autre heure."


@transaction.atomic
def planifier_rencontres(communaute, moments, *, par, mode, lieu="", lien="", **objectifs):
    """Planifie une rencontre par (début, fin) de `moments` et les rend ; plusieurs forment une série (R-385)."""
    communaute.verrouiller()
    DROITS_COMMUNAUTE.exiger(par, "planifier", communaute)
    if not communaute.est_active:
        raise ErreurMetier("La communauté n’est pas active : elle ne tient pas de rencontre.")
    serie = uuid.uuid4() if len(moments) > 1 else None
    rencontres = [
        _creer(communaute, debut, fin, serie=serie, mode=mode, lieu=lieu, lien=lien, **objectifs)
        for debut, fin in moments
    ]
    consigner("cdp.rencontre.planifier", communaute, par=par, details={"nombre": len(rencontres)})
    return rencontres


def _creer(communaute, debut, fin, **champs):
    _exiger_moment_libre(communaute, debut, fin)
    rencontre = RencontreCdp(communaute=communaute, debut=debut, fin=fin, **champs)
    _prendre_le_lien_de_la_communaute(rencontre)
    rencontre.save()
    poser_les_points_fixes(rencontre)
    return rencontre


def _prendre_le_lien_de_la_communaute(rencontre):
    """À distance et sans lien propre, on se rejoint dans l’équipe Teams de la communauté : l’agenda le dit aussi."""
    if rencontre.mode != Mode.PRESENCE and not rencontre.lien:
        rencontre.lien = rencontre.communaute.lien_teams


def _exiger_moment_libre(communaute, debut, fin, sauf=None):
    if fin <= debut:
        raise ErreurMetier("La fin de la rencontre doit suivre son début.", exigences=["R-393"])
    autres = communaute.rencontres.exclude(etat=EtatRencontre.ANNULEE).exclude(pk=getattr(sauf, "pk", None))
    if autres.filter(debut=debut).exists():
        raise ErreurMetier(_DEJA_PRIS)


@transaction.atomic
def convoquer_rencontre(rencontre, *, par, raison=""):
    """Envoie l’ordre du jour et la convocation, à l’agenda de chacun (R-385, R-393)."""
    passage = rencontre.franchir(RENCONTRE["convoquer"], par=par, raison=raison)
    for personne in membres(rencontre.communaute):
        ParticipationCdp.objects.get_or_create(rencontre=rencontre, personne=personne)
    _prendre_le_lien_de_la_communaute(rencontre)
    rencontre.save(update_fields=["lien"])
    figer_ordre_du_jour(rencontre)
    demander_document(rencontre.ordre_du_jour)
    avertir_les_agendas("rencontre_convoquee", rencontre, passage.pk)
    return passage


@transaction.atomic
def rediffuser_ordre_du_jour(rencontre, *, par):
    """Renvoie aux personnes convoquées l’ordre du jour qui a changé depuis la convocation."""
    rencontre.verrouiller()
    titre = DROITS_RENCONTRE.exiger(par, "convoquer", rencontre)
    if rencontre.etat != EtatRencontre.CONVOQUEE:
        raise ErreurMetier("On rediffuse l’ordre du jour d’une rencontre convoquée.")
    ancien = rencontre.ordre_du_jour_id
    figer_ordre_du_jour(rencontre)
    if rencontre.ordre_du_jour_id == ancien:
        raise ErreurMetier("L’ordre du jour n’a pas changé depuis le dernier envoi.")
    demander_document(rencontre.ordre_du_jour)
    consigner("cdp.rencontre.rediffuser", rencontre, par=par, titre=titre.libelle)
    a = [ligne.personne for ligne in rencontre.participations.select_related("personne") if ligne.personne_id]
    annoncer("ordre_du_jour_change", rencontre, a, rencontre.ordre_du_jour_id, urgent=False)
    return rencontre.ordre_du_jour


def figer_ordre_du_jour(rencontre):
    """Fige l’ordre du jour tel qu’il part ; c’est lui que le PDF reproduit (annexe 9)."""
    contenu = contenu_ordre_du_jour(rencontre)
    rencontre.ordre_du_jour = figer(rencontre, "cdp_ordre_du_jour", contenu, gabarit=GABARIT_ORDRE_DU_JOUR)
    rencontre.save(update_fields=["ordre_du_jour"])


def avertir_les_agendas(gabarit, rencontre, fait, *, annulee=False, contexte=None):
    """Écrit à chaque personne convoquée, avec ce que son agenda inscrit, déplace ou retire."""
    groupe = rencontre.communaute.nom
    for participation in rencontre.participations.filter(personne__isnull=False).select_related("personne"):
        personne = participation.personne
        annoncer(
            gabarit,
            rencontre,
            [personne],
            f"{fait}-{rencontre.sequence}",
            contexte=contexte,
            calendrier=convocation(rencontre, personne, groupe=groupe, annulee=annulee),
        )


def ajouter_a_la_convocation(rencontre, personne):
    """Convoque un membre arrivé après les autres."""
    ParticipationCdp.objects.update_or_create(rencontre=rencontre, personne=personne, defaults={"est_invite": False})
    calendrier = convocation(rencontre, personne, groupe=rencontre.communaute.nom)
    annoncer("rencontre_convoquee", rencontre, [personne], f"arrivee-{rencontre.sequence}", calendrier=calendrier)


def retirer_de_la_convocation(rencontre, personne):
    """N’attend plus une personne partie ; une rencontre déjà convoquée s’efface de son agenda."""
    retirees, _ = rencontre.participations.filter(personne=personne).delete()
    if not retirees or rencontre.etat != EtatRencontre.CONVOQUEE:
        return
    rencontre.sequence += 1
    rencontre.save(update_fields=["sequence"])
    calendrier = convocation(rencontre, personne, groupe=rencontre.communaute.nom, annulee=True)
    annoncer("rencontre_sans_vous", rencontre, [personne], f"depart-{rencontre.sequence}", calendrier=calendrier)


@transaction.atomic
def deplacer_rencontre(rencontre, *, par, **moment):
    """Change la date, le mode ou le lieu ; une rencontre convoquée se déplace dans les agendas (R-456)."""
    passage = rencontre.franchir(RENCONTRE["deplacer"], par=par)
    anciens = {champ: getattr(rencontre, champ) for champ in CHAMPS_MOMENT}
    for champ in CHAMPS_MOMENT:
        setattr(rencontre, champ, moment.get(champ, anciens[champ]))
    _prendre_le_lien_de_la_communaute(rencontre)
    changes = [champ for champ in CHAMPS_MOMENT if getattr(rencontre, champ) != anciens[champ]]
    if not changes:
        raise ErreurMetier("Vous n’avez rien changé\xa0: ni la date, ni l’heure, ni le mode, ni le lieu.")
    _exiger_moment_libre(rencontre.communaute, rencontre.debut, rencontre.fin, sauf=rencontre)
    if rencontre.debut <= timezone.now():
        raise ErreurMetier("Cette date est passée : donnez un moment à venir.")
    if rencontre.etat == EtatRencontre.CONVOQUEE and (manque := lieu_ou_lien(rencontre)):
        raise ErreurMetier(manque, exigences=lieu_ou_lien.exigences)
    rencontre.sequence += 1
    with unicite(_DEJA_PRIS):
        rencontre.save(update_fields=[*changes, "sequence"])
    if rencontre.etat == EtatRencontre.CONVOQUEE:
        _redemander_si_la_date_change(rencontre, changes)
        figer_ordre_du_jour(rencontre)
        demander_document(rencontre.ordre_du_jour)
        avertir_les_agendas("rencontre_deplacee", rencontre, passage.pk)
    return passage


def _redemander_si_la_date_change(rencontre, changes):
    if {"debut", "fin"} & set(changes):
        rencontre.participations.update(reponse=Reponse.ATTENDUE, repondu_le=None)


@transaction.atomic
def annuler_rencontre(rencontre, *, par):
    """Annule la rencontre ; une rencontre convoquée s’efface des agendas."""
    return _annuler(rencontre, "annuler", par)


def emporter_rencontres(communaute, *, par):
    """Annule les rencontres à venir d’une communauté que son parrain suspend ou dissout."""
    for rencontre in communaute.rencontres.a_venir().select_for_update():
        _annuler(rencontre, "emporter", par)


def _annuler(rencontre, code, par):
    convoquee = rencontre.etat == EtatRencontre.CONVOQUEE
    passage = rencontre.franchir(RENCONTRE[code], par=par)
    rencontre.sequence += 1
    rencontre.save(update_fields=["sequence"])
    if convoquee:
        avertir_les_agendas("rencontre_annulee", rencontre, passage.pk, annulee=True)
    return passage


@transaction.atomic
def repondre_a_la_convocation(rencontre, *, par, presence):
    """Un membre dit s’il sera là ; il peut changer d’avis jusqu’à la rencontre."""
    rencontre.verrouiller()
    DROITS_RENCONTRE.exiger(par, "repondre", rencontre)
    if rencontre.etat != EtatRencontre.CONVOQUEE:
        raise ErreurMetier("Cette rencontre n’attend plus de réponse.")
    participation, _ = ParticipationCdp.objects.get_or_create(rencontre=rencontre, personne=par)
    participation.reponse, participation.repondu_le = Reponse(presence), timezone.now()
    participation.save(update_fields=["reponse", "repondu_le"])
    return participation


@transaction.atomic
def inviter_a_la_rencontre(rencontre, *, par, personne=None, nom_externe="", organisme=""):
    """Ajoute un invité, de la maison ou de l’extérieur ; convoquée, la rencontre s’inscrit à son agenda (R-397, R-484)."""
    rencontre.verrouiller()
    DROITS_RENCONTRE.exiger(par, "modifier", rencontre)
    if personne is None and not nom_externe.strip():
        raise ErreurMetier("Nommez la personne invitée.")
    if personne is not None and rencontre.participations.filter(personne=personne).exists():
        raise ErreurMetier("Cette personne est déjà convoquée à cette rencontre.")
    participation = ParticipationCdp.objects.create(
        rencontre=rencontre, personne=personne, nom_externe=nom_externe, organisme=organisme, est_invite=True
    )
    if personne is not None and rencontre.etat == EtatRencontre.CONVOQUEE:
        _inscrire_a_l_agenda(rencontre, participation)
    return participation


def _inscrire_a_l_agenda(rencontre, participation):
    personne = participation.personne
    calendrier = convocation(rencontre, personne, groupe=rencontre.communaute.nom)
    annoncer("rencontre_invitation", rencontre, [personne], participation.pk, calendrier=calendrier)


@transaction.atomic
def tenir_rencontre(rencontre, *, par):
    """La rencontre a eu lieu : son compte rendu naît de son ordre du jour (R-399)."""
    passage = rencontre.franchir(RENCONTRE["tenir"], par=par)
    for personne in membres(rencontre.communaute):
        ParticipationCdp.objects.get_or_create(rencontre=rencontre, personne=personne)
    return passage
