"""La fin d’une consultation : ce qu’elle a changé, et sa ligne au tableau de suivi (R-185, R-205, R-209 ; produit, section 8)."""

import datetime

from django.db import transaction

from consultation.actions.annonces import annoncer
from consultation.actions.sondages import CODE
from consultation.actions.suivi import inscrire_au_suivi
from consultation.models import Suite
from consultation.trajectoire import DEMANDE
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import AnneeFinanciere, jour_local
from encadrement.sondages.actions import campagne_continue, inviter, repondre
from encadrement.sondages.questionnaires import en_vigueur

DU_RUISSS = "ruisss"
POUR_LES_DERNIERES = datetime.timedelta(days=30)


@transaction.atomic
def fermer_consultation(demande, *, par, suite, reponses):
    """Le demandeur ferme : ce que l’avis a changé reste au dossier, ce qu’il en pense va au sondage, sans son nom.

    Lève ErreurMetier si la demande à la DSM est encore nécessaire : c’est alors qu’on poursuit, et non qu’on ferme.
    """
    demande.verrouiller()
    if suite == Suite.ENCORE_NECESSAIRE and demande.contact is None:
        raise ErreurMetier(
            "Si une demande à la DSM est encore nécessaire, poursuivez vers elle : rien n’est à ressaisir.",
            exigences=["R-181"],
        )
    passage = demande.franchir(DEMANDE["fermer"], par=par)
    _conclure(demande, par, suite, reponses)
    sollicitation = demande.sollicitation
    if sollicitation and demande.contact is None:
        annoncer("consultation_fermee", demande, [sollicitation.expert], passage.pk, urgent=False)
    return passage


@transaction.atomic
def poursuivre_vers_la_dsm(demande, *, par, reponses):
    """L’avis n’a pas dénoué l’impasse : le formulaire de la DSM s’ouvre, déjà rempli (R-181)."""
    passage = demande.franchir(DEMANDE["poursuivre"], par=par)
    _conclure(demande, par, Suite.ENCORE_NECESSAIRE, reponses)
    return passage


def _conclure(demande, par, suite, reponses):
    demande.suite = suite
    demande.save(update_fields=["suite"])
    inscrire_au_suivi(demande)
    _deposer_les_reponses(demande, par, reponses)


def questions_de_fermeture():
    """Rend les questions posées à la fermeture, dans la version en vigueur du questionnaire."""
    return en_vigueur(CODE).liste


def _deposer_les_reponses(demande, par, reponses):
    """Les réponses vont à la campagne de l’année, détachées de la demande ; l’expert en lira l’ensemble (R-189, N-06)."""
    annee = AnneeFinanciere.du(jour_local())
    sollicitation = demande.sollicitation
    chez_nous = sollicitation is not None and demande.contact is None
    campagne = campagne_continue(
        CODE,
        mesure="consultation",
        annee=annee,
        libelle="valeur des consultations",
        groupe=str(sollicitation.expert.uuid) if chez_nous else DU_RUISSS,
        fin=annee.fin + POUR_LES_DERNIERES,
    )
    # Une demande réorientée se ferme deux fois : l’expert du CISSS, puis celui du RUISSS UL.
    sujet = f"{demande.uuid}-{demande.passages.count()}"
    (invitation,) = inviter(campagne, [par], sujet=sujet, dossier=str(demande), avertir=False)
    repondre(invitation, par=par, reponses=reponses)
