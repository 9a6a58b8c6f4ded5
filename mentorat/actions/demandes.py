"""Les verbes de la demande et du jumelage (R-068, R-087, R-407, R-439)."""

from django.db import transaction
from django.utils import timezone

from encadrement.journal.actions import consigner
from encadrement.notifications.actions import retirer_relances
from encadrement.personnes.models import Personne
from encadrement.socle.erreurs import ErreurMetier
from encadrement.trajectoire.transition import TransitionImpossible
from mentorat.actions.annonces import annoncer
from mentorat.actions.competences import reunir_competences
from mentorat.actions.ententes import naitre_entente
from mentorat.droits import DROITS_DEMANDE, GESTIONNAIRE_DEMANDE
from mentorat.models import DemandeMentorat, EtatDemande, FicheMentor, IdentifiePar, Jumelage
from mentorat.regles import DEJA_PROPOSE, raison_d_exclusion
from mentorat.trajectoire import DEMANDE

CHAMPS_DEMANDE = (*DemandeMentorat.CASES, "identifie_par", "description", "attentes")


@transaction.atomic
def ouvrir_demande(*, par):
    """Rend la demande en rédaction de l’intervenant, créée au besoin."""
    # Deux clics : le second attend ici et trouve la demande du premier.
    Personne.objects.select_for_update(of=("self",)).get(pk=par.pk)
    demande = DemandeMentorat.objects.filter(mentore=par, etat=EtatDemande.BROUILLON).first()
    return demande or DemandeMentorat.objects.create(mentore=par)


@transaction.atomic
def ecrire_demande(demande, *, par, competences=None, nouvelles=(), **champs):
    """Enregistre la demande ; possible tant qu’elle est en rédaction."""
    demande.verrouiller()
    DROITS_DEMANDE.exiger(par, "modifier", demande)
    if demande.etat != EtatDemande.BROUILLON:
        raise ErreurMetier("Cette demande est déjà soumise : retirez-la pour en écrire une autre.")
    _poser(demande, champs, competences, nouvelles)
    return demande


def _poser(demande, champs, competences, nouvelles):
    for champ in CHAMPS_DEMANDE:
        if champ in champs:
            setattr(demande, champ, champs[champ])
    demande.save(update_fields=[champ for champ in CHAMPS_DEMANDE if champ in champs])
    if competences is not None:
        demande.competences.set(reunir_competences(competences, nouvelles))


@transaction.atomic
def designer_besoin(mentore, *, par, competences=None, nouvelles=(), **champs):
    """Un gestionnaire voit un besoin de mentorat : la demande naît acceptée, prête à jumeler (R-085, Q-05)."""
    Personne.objects.select_for_update(of=("self",)).get(pk=mentore.pk)
    demande = DemandeMentorat(mentore=mentore, etat=EtatDemande.ACCEPTEE)
    DROITS_DEMANDE.exiger(par, "accepter", demande)
    demande.identifie_par = IdentifiePar.GESTIONNAIRE
    demande.save(force_insert=True)
    _poser(demande, champs, competences, nouvelles)
    demande.verrouiller()
    if raisons := DEMANDE["soumettre"].manques(demande):
        raise TransitionImpossible(raisons)
    consigner("mentorat.demandementorat.designer", demande, par=par, titre=GESTIONNAIRE_DEMANDE.libelle)
    passage = demande.passages.create(
        transition="designer",
        de=EtatDemande.BROUILLON,
        vers=EtatDemande.ACCEPTEE,
        par=par,
        titre=GESTIONNAIRE_DEMANDE.libelle,
        au_nom_de=GESTIONNAIRE_DEMANDE.au_nom_de(par, demande),
    )
    annoncer("demande_designee", demande, [mentore], passage.pk)
    return demande


@transaction.atomic
def soumettre_demande(demande, *, par):
    """La demande part chez le gestionnaire de l’intervenant (R-068)."""
    passage = demande.franchir(DEMANDE["soumettre"], par=par)
    annoncer("demande_soumise", demande, DROITS_DEMANDE.personnes("accepter", demande), passage.pk)
    return passage


@transaction.atomic
def accepter_demande(demande, *, par):
    """Le gestionnaire reconnaît le besoin ; il lui reste à jumeler (R-069, R-085)."""
    passage = demande.franchir(DEMANDE["accepter"], par=par)
    annoncer("demande_acceptee", demande, [demande.mentore], passage.pk, urgent=False)
    return passage


@transaction.atomic
def refuser_demande(demande, *, par, motif):
    """Le gestionnaire refuse, avec un motif que l’intervenant lit."""
    passage = demande.franchir(DEMANDE["refuser"], par=par, motif=motif)
    annoncer("demande_refusee", demande, [demande.mentore], passage.pk)
    return passage


@transaction.atomic
def retirer_demande(demande, *, par):
    """La demande est retirée par qui l’a faite ; jamais soumise, elle ne laisse rien à lire à personne d’autre."""
    demande.verrouiller()
    passage = demande.franchir(DEMANDE["retirer"], par=par)
    if passage.de == EtatDemande.BROUILLON:
        demande.description = demande.attentes = ""
        demande.save(update_fields=["description", "attentes"])
        demande.competences.clear()
    return passage


@transaction.atomic
def suggerer_mentor(demande, *, par, mentor):
    """La DSM suggère un mentor ; le gestionnaire reste celui qui jumelle (R-087, Q-14).

    Lève ErreurMetier si cette personne ne peut pas être le mentor de cette autre.
    """
    demande.verrouiller()
    DROITS_DEMANDE.exiger(par, "suggerer", demande)
    _exiger_mentor_possible(demande, mentor)
    demande.suggestion = mentor
    demande.save(update_fields=["suggestion"])
    passage = demande.franchir(DEMANDE["suggerer"], par=par)
    annoncer("mentor_suggere", demande, DROITS_DEMANDE.personnes("proposer", demande), passage.pk, urgent=False)
    return passage


@transaction.atomic
def proposer_jumelage(demande, *, mentor, par):
    """Le gestionnaire propose un mentor ; les deux personnes peuvent se rencontrer avant d’accepter (R-087, R-407).

    Lève ErreurMetier si cette personne ne peut pas être le mentor de cette autre.
    """
    demande.verrouiller()
    DROITS_DEMANDE.exiger(par, "proposer", demande)
    _exiger_mentor_possible(demande, mentor)
    passage = demande.franchir(DEMANDE["proposer"], par=par)
    Jumelage.objects.create(demande=demande, mentor=mentor, propose_par=par)
    annoncer("jumelage_propose", demande, [mentor, demande.mentore], passage.pk)
    return passage


def _exiger_mentor_possible(demande, mentor):
    if raison := raison_d_exclusion(mentor, demande.mentore, demande.mentore.superieurs_ids()):
        raise ErreurMetier(raison, exigences=["R-049"])
    if not FicheMentor.objects.actives().filter(personne=mentor, experience_attestee=True).exists():
        raise ErreurMetier(
            "Choisissez un mentor inscrit et disponible au bottin\u00a0: le mentor doit être expérimenté.",
            exigences=["R-050"],
        )
    if demande.jumelages.filter(mentor=mentor, actif=False).exists():
        raise ErreurMetier(DEJA_PROPOSE, exigences=["R-439"])


@transaction.atomic
def accepter_jumelage(demande, *, par):
    """Chacun accepte à son tour ; au second, la demande est jumelée et l’entente naît. Rend l’entente ou None."""
    demande.verrouiller()
    jumelage = demande.jumelage
    if demande.etat == EtatDemande.PROPOSEE and jumelage.a_repondu(par):
        raise ErreurMetier("Vous avez déjà accepté ce jumelage\u00a0: il attend la réponse de l’autre personne.")
    passage = demande.franchir(DEMANDE["accepter_jumelage"], par=par)
    champ = "accepte_mentor_le" if par.pk == jumelage.mentor_id else "accepte_mentore_le"
    setattr(jumelage, champ, timezone.now())
    jumelage.save(update_fields=[champ])
    retirer_relances(demande, personne=par)
    if not jumelage.est_accepte:
        return None
    demande.franchir(DEMANDE["jumeler"], par=par)
    entente = naitre_entente(demande, jumelage.mentor, par=par)
    parties = [jumelage.mentor, demande.mentore, *DROITS_DEMANDE.personnes("proposer", demande)]
    annoncer("jumelage_conclu", entente, parties, passage.pk)
    return entente


@transaction.atomic
def decliner_jumelage(demande, *, par):
    """L’un des deux dit que ce jumelage ne convient pas, sans se justifier ; le gestionnaire en propose un autre."""
    demande.verrouiller()
    jumelage = demande.jumelage
    passage = demande.franchir(DEMANDE["decliner_jumelage"], par=par)
    jumelage.actif = False
    jumelage.save(update_fields=["actif"])
    annoncer("jumelage_decline", demande, DROITS_DEMANDE.personnes("proposer", demande), passage.pk)
    return passage
