"""Les échelons de la DSM : le formulaire, l’analyse, le RUISSS UL, le comité (R-181 à R-183, R-208, R-210)."""

from django.db import transaction

from consultation.actions.annonces import annoncer
from consultation.actions.contenu import contenu_du_formulaire
from consultation.actions.suivi import inscrire_au_suivi
from consultation.droits import DROITS_DEMANDE
from consultation.models import Acheminement
from consultation.trajectoire import DEMANDE
from encadrement.demandes.actions import figer_et_signer, ouvrir_demande_service
from encadrement.demandes.models import Volet
from encadrement.journal.actions import consigner
from encadrement.notifications.annonces import boite_dsm
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local

NATURE = "consultation"


@transaction.atomic
def demander_a_la_dsm(demande, *, par):
    """Un expert du CISSS n’a pas pu répondre : le formulaire de la DSM s’ouvre, déjà rempli (R-181)."""
    return demande.franchir(DEMANDE["demander_dsm"], par=par)


@transaction.atomic
def constater_absence(demande, *, par, motif):
    """Aucun expert du bottin n’a cette expertise ; `motif` dit ce qui y a été cherché (R-181, R-207)."""
    return demande.franchir(DEMANDE["constater_absence"], par=par, motif=motif)


@transaction.atomic
def transmettre_a_la_dsm(demande, *, par, confirmation):
    """Le demandeur signe le formulaire et la DSM le reçoit ; le PDF de l’annexe 11 s’en tire (R-173, R-181, R-208)."""
    demande.verrouiller()
    role = DROITS_DEMANDE.exiger(par, "transmettre", demande)
    passage = demande.franchir(DEMANDE["transmettre"], par=par)
    contenu = contenu_du_formulaire(demande)
    figer_et_signer(demande, NATURE, contenu, par=par, role=role, confirmation=confirmation)
    demande.a_la_dsm = True
    demande.save(update_fields=["a_la_dsm"])
    appr = list(DROITS_DEMANDE.personnes("analyser", demande))
    annoncer("demande_a_analyser", demande, [*appr, boite_dsm()], passage.pk)
    gestionnaires = DROITS_DEMANDE.personnes("autoriser", demande)
    annoncer("demande_transmise", demande, gestionnaires, passage.pk, urgent=False)
    return passage


@transaction.atomic
def renvoyer_demande(demande, *, par, motif):
    """L’APPR renvoie le formulaire au demandeur, avec un commentaire ; rien de ce qu’il a écrit n’est perdu."""
    passage = demande.franchir(DEMANDE["renvoyer"], par=par, motif=motif)
    annoncer("demande_renvoyee", demande, [demande.demandeur], passage.pk)
    return passage


@transaction.atomic
def analyser_demande(demande, *, par, motif):
    """L’APPR analyse : l’expertise est-elle absente ou insuffisante au CISSS (R-210)? Le demandeur voit où il en est."""
    passage = demande.franchir(DEMANDE["analyser"], par=par, motif=motif)
    annoncer("demande_analysee", demande, [demande.demandeur], passage.pk, urgent=False)
    annoncer("demande_a_acheminer", demande, DROITS_DEMANDE.personnes("acheminer", demande), passage.pk)
    return passage


@transaction.atomic
def acheminer_au_ruisss(demande, *, par, destinataire, finalite, justification):
    """L’agent de liaison achemine la demande au RUISSS UL ; à qui et pourquoi, c’est consigné (R-182, O-03)."""
    passage = demande.franchir(DEMANDE["acheminer"], par=par)
    acheminement = Acheminement.objects.create(
        demande=demande,
        destinataire=destinataire,
        finalite=finalite,
        justification=justification,
        achemine_par=par,
    )
    # Le registre des communications se lit au journal ; la finalité et la justification restent au dossier.
    consigner("consultation.communication", demande, par=par, details={"acheminement": str(acheminement.uuid)})
    annoncer("demande_acheminee", demande, [demande.demandeur], passage.pk)
    return acheminement


@transaction.atomic
def etablir_contact(demande, *, par, expert_externe, organisme, contact_le, expertise=""):
    """L’agent de liaison a mis en contact le demandeur et l’expert du RUISSS UL (R-183)."""
    if contact_le > jour_local():
        raise ErreurMetier("Le contact n’a pas encore eu lieu : notez-le une fois établi.", exigences=["R-183"])
    passage = demande.franchir(DEMANDE["etablir_contact"], par=par)
    acheminement = demande.acheminement
    acheminement.expert_externe, acheminement.organisme = expert_externe, organisme
    acheminement.contact_le, acheminement.expertise = contact_le, expertise
    acheminement.save(update_fields=["expert_externe", "organisme", "contact_le", "expertise"])
    annoncer("contact_etabli", demande, [demande.demandeur], passage.pk)
    return passage


@transaction.atomic
def constater_sans_reponse(demande, *, par, motif):
    """Le RUISSS UL ne peut répondre : la demande revient à l’analyse (R-210)."""
    passage = demande.franchir(DEMANDE["constater_sans_reponse"], par=par, motif=motif)
    annoncer("ruisss_sans_reponse", demande, [demande.demandeur], passage.pk)
    return passage


@transaction.atomic
def clore_sans_nouvelles(demande, *, par, motif):
    """L’agent de liaison clôt une consultation du RUISSS UL dont le demandeur ne donne plus de nouvelles."""
    passage = demande.franchir(DEMANDE["clore"], par=par, motif=motif)
    inscrire_au_suivi(demande)
    annoncer("consultation_close", demande, [demande.demandeur], passage.pk)
    return passage


@transaction.atomic
def reorienter_vers_comite(demande, *, par, motif):
    """La situation relève du comité : sa demande naît remplie, au nom du demandeur, qui n’a rien à ressaisir (R-220)."""
    demande.verrouiller()
    passage = demande.franchir(DEMANDE["reorienter_comite"], par=par, motif=motif)
    demande.demande_comite = ouvrir_demande_service(
        Volet.COMITE,
        demandeur=demande.demandeur,
        par=par,
        mesure="concertation",
        reponses=demande.reponses | {"recherches": _demarches(demande), "discutee_le": demande.discutee_le},
    )
    demande.save(update_fields=["demande_comite"])
    annoncer("demande_au_comite", demande, [demande.demandeur], passage.pk)
    return passage


def _demarches(demande):
    """Ce qui a été cherché et ce qui a été trouvé : le comité a un seul champ pour les deux."""
    return "\n\n".join(texte for texte in (demande.recherches, demande.constats) if texte.strip())
