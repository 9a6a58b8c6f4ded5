"""Les verbes qui prolongent, mettent fin, et font évaluer la mesure (R-059, R-071, R-092, R-362, R-363)."""

import datetime

from django.conf import settings
from django.db import transaction

from encadrement.acces.attribues import APPR, DSM
from encadrement.documents.actions import demander_document
from encadrement.journal.actions import consigner
from encadrement.notifications.actions import retirer_relances
from encadrement.notifications.annonces import boite_dsm
from encadrement.personnes.identite import identite
from encadrement.signatures.actions import figer
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import AnneeFinanciere, ajouter_mois, ecrire_duree, jour_local
from encadrement.sondages.actions import POUR_REPONDRE, campagne_continue, inviter
from encadrement.sondages.models import Invitation
from mentorat.actions.annonces import annoncer
from mentorat.droits import DROITS_ENTENTE, DROITS_PROLONGATION
from mentorat.models import (
    PROLONGATION_MAXIMALE_MOIS,
    VIVANTES,
    Cessation,
    EtatEntente,
    EtatProlongation,
    Prolongation,
    TitreEvaluation,
)
from mentorat.trajectoire import ENTENTE, PROLONGATION

# L’entente close le 31 mars a le mois d’avril pour être évaluée.
POUR_LES_DERNIERES = datetime.timedelta(days=30)


@transaction.atomic
def demander_prolongation(entente, *, par, nouvelle_fin, justification):
    """La dyade demande de poursuivre au-delà de la fin prévue, avec une justification (R-059, R-341)."""
    passage = entente.franchir(ENTENTE["demander_prolongation"], par=par)
    if nouvelle_fin <= entente.fin:
        raise ErreurMetier(f"La nouvelle fin doit suivre la fin actuelle, le {entente.fin:%Y-%m-%d}.")
    limite = ajouter_mois(entente.fin, PROLONGATION_MAXIMALE_MOIS)
    if nouvelle_fin > limite:
        raise ErreurMetier(
            f"Une prolongation est d’au plus {PROLONGATION_MAXIMALE_MOIS} mois : jusqu’au {limite:%Y-%m-%d}.",
            exigences=["R-059"],
        )
    prolongation = Prolongation.objects.create(
        entente=entente,
        fin_actuelle=entente.fin,
        nouvelle_fin=nouvelle_fin,
        justification=justification,
        demandee_par=par,
    )
    annoncer("prolongation_demandee", prolongation, DROITS_PROLONGATION.personnes("accorder", prolongation), passage.pk)
    return prolongation


@transaction.atomic
def accorder_prolongation(prolongation, *, par, raison=""):
    """Le gestionnaire autorise la poursuite : la fin de l’entente change (R-059, R-092)."""
    entente = prolongation.entente.verrouiller()
    if entente.etat not in VIVANTES:
        raise ErreurMetier(
            f"L’entente est maintenant à l’état « {entente.get_etat_display()} » : elle ne se prolonge plus."
        )
    repetee = entente.prolongations.filter(etat=EtatProlongation.ACCORDEE).exists()
    passage = prolongation.franchir(PROLONGATION["accorder"], par=par, raison=raison)
    entente.fin = prolongation.nouvelle_fin
    if entente.mi_temps_le is not None:
        entente.mi_temps_le = entente.mi_temps
    entente.save(update_fields=["fin", "mi_temps_le"])
    # L’ancienne fin et l’ancienne mi-temps ne sont plus dues ; les nouvelles relanceront à leur tour.
    retirer_relances(entente, "fin", "mi-temps")
    consigner("mentorat.entente.prolonger", entente, par=par, details={"fin": entente.fin.isoformat()})
    annoncer("prolongation_accordee", entente, [entente.mentor, entente.mentore], passage.pk)
    if repetee:
        annoncer("prolongation_repetee", entente, [boite_dsm(), *DSM.personnes(entente)], passage.pk, urgent=False)
    return passage


@transaction.atomic
def refuser_prolongation(prolongation, *, par, motif):
    """Le gestionnaire n’autorise pas la poursuite ; la fin prévue demeure (R-092)."""
    passage = prolongation.franchir(PROLONGATION["refuser"], par=par, motif=motif)
    entente = prolongation.entente
    annoncer("prolongation_refusee", entente, [entente.mentor, entente.mentore], passage.pk)
    return passage


@transaction.atomic
def demander_fin(entente, *, par, motif=""):
    """Une partie ou le gestionnaire met fin au mentorat, sans motif obligatoire (R-362)."""
    passage = entente.franchir(ENTENTE["demander_fin"], par=par)
    Cessation.objects.create(entente=entente, demandee_par=par, motif=motif)
    a = {entente.mentor, entente.mentore, *DROITS_ENTENTE.personnes("constater_fin", entente), *APPR.personnes(entente)}
    annoncer("fin_demandee", entente, sorted(a - {par}, key=lambda personne: personne.pk), passage.pk)
    return passage


@transaction.atomic
def retirer_fin(entente, *, par):
    """Celui qui a demandé la fin y renonce : le mentorat se poursuit."""
    passage = entente.franchir(ENTENTE["retirer_fin"], par=par)
    cessation = entente.cessations.get(retiree=False)
    if cessation.demandee_par_id != par.pk:
        raise ErreurMetier("Seule la personne qui a demandé la fin peut la retirer.", exigences=["R-362"])
    cessation.retiree = True
    cessation.save(update_fields=["retiree"])
    return passage


@transaction.atomic
def consigner_fin(entente, *, par, rencontre_le, appr=None, gestionnaire_present=False, constat=""):
    """La rencontre qui évalue l’expérience vécue est consignée (R-363)."""
    passage = entente.franchir(ENTENTE["consigner_fin"], par=par)
    if rencontre_le > jour_local():
        raise ErreurMetier("Cette rencontre est dans l’avenir : consignez-la une fois tenue.")
    cessation = entente.cessations.select_for_update().get(retiree=False)
    cessation.rencontre_le, cessation.appr = rencontre_le, appr
    cessation.gestionnaire_present, cessation.constat = gestionnaire_present, constat
    cessation.save(update_fields=["rencontre_le", "appr", "gestionnaire_present", "constat"])
    return passage


@transaction.atomic
def constater_fin(entente, *, par, raison=""):
    """Le gestionnaire autorise la cessation ; l’évaluation de la mesure est demandée (R-092, R-071)."""
    passage = entente.franchir(ENTENTE["constater_fin"], par=par, raison=raison)
    annoncer("fin_constatee", entente, [entente.mentor, entente.mentore, boite_dsm()], passage.pk)
    demander_evaluations(entente)
    return passage


def demander_evaluations(entente):
    """Invite le mentor et le mentoré, chacun de son côté, à évaluer la mesure, une fois par entente (R-071, R-445)."""
    if Invitation.objects.filter(campagne__mesure="mentorat", sujet=entente.uuid).exists():
        return
    jour = jour_local()
    annee = AnneeFinanciere.du(jour)
    for personne, titre in ((entente.mentor, TitreEvaluation.MENTOR), (entente.mentore, TitreEvaluation.MENTORE)):
        campagne = campagne_continue(
            f"mentorat-{titre}",
            mesure="mentorat",
            annee=annee,
            libelle="évaluation de la mesure de mentorat",
            fin=annee.fin + POUR_LES_DERNIERES,
        )
        inviter(
            campagne,
            [personne],
            sujet=entente.uuid,
            dossier=f"Entente {entente.numero}",
            attendue_le=jour + POUR_REPONDRE,
        )


@transaction.atomic
def attester_heures(entente, *, par):
    """Fige l’attestation d’heures de la personne et demande son PDF ; rend le document (R-434)."""
    role = DROITS_ENTENTE.exiger(par, "attester_heures", entente)
    if entente.etat not in (EtatEntente.CLOSE, EtatEntente.CESSEE) and not entente.rencontres.exists():
        raise ErreurMetier("Aucune rencontre n’est encore consignée : il n’y a pas d’heures à attester.")
    rencontres = list(entente.rencontres.all())
    contenu = {
        "personne": identite(par),
        "titre": "mentor" if role.code == "mentor" else "mentoré",
        "entente": entente.en_tete(),
        "rencontres": [{"date": r.jour.isoformat(), "duree": ecrire_duree(r.minutes)} for r in rencontres],
        "total": ecrire_duree(sum(rencontre.minutes for rencontre in rencontres)),
        "etablissement": settings.ETABLISSEMENT_NOM,
    }
    nature = f"heures_{role.code}"
    return demander_document(figer(entente, nature, contenu, gabarit="mentorat/attestation_heures_v1"))
