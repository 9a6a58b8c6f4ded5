"""Les échéances que la consultation fait relancer : délais de départ, en jours civils sauf mention (produit, section 6).

Les courriels disent un numéro et des noms de collègues ; jamais la question, le sujet ni l’avis (N-08).
"""

import datetime
import itertools

from django.db.models import Count, F, Max, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from consultation.droits import DROITS_DEMANDE, DROITS_FICHE
from consultation.models import (
    EN_COURS,
    DemandeConsultation,
    EtatConsultation,
    EtatFicheExpert,
    FicheExpert,
    ReponseExpert,
    Sollicitation,
    approbation_exigee,
)
from consultation.rappels.convocation import convocation
from encadrement.acces.attribues import APPR, DSM
from encadrement.notifications.attentes import (
    AttenteDEtat,
    attentes_d_etat,
    bornes,
    est_dans_le_meme_etat,
    par_acte,
)
from encadrement.notifications.rappels import Echeance, Pas, attente
from encadrement.notifications.series import Serie
from encadrement.parametres.lecture import valeur
from encadrement.socle.temps import AnneeFinanciere, ajouter_mois, jour_local

# Au-delà, une échéance dépassée n’est plus relancée : quelqu’un a été avisé trois fois, l’APPR aussi.
OUBLI = datetime.timedelta(days=60)
UN_JOUR = datetime.timedelta(days=1)
E = EtatConsultation
GROUPE, DELAI_DE_REPONSE = "Consultation d’experts", "consultation.delai_de_reponse"
SANS_REPONSE, RETARD_SIGNALE = "sans réponse", "réponse tardive"
MOMENT_PROPOSE, MOMENT, AVIS, CONTACT = "répondre au moment proposé", "moment", "rendre l’avis", "contact"
CONFIRMATION, BILAN = "confirmation", "bilan"


def echeances(jour):
    """Rend tout ce que le jour `jour` peut faire relancer."""
    return itertools.chain(
        attentes_d_etat(_ATTENTES, jour),
        _sans_reponse(jour),
        _moments_proposes(jour),
        _moments(jour),
        _avis(jour),
        _contacts(jour),
        _inscriptions(jour),
        _bilans(jour),
    )


def tient_encore(echeance):
    """Dit, une fois le dossier relu sous verrou, si la relance a toujours un sens."""
    objet, nature = echeance.objet, echeance.jalon_base
    if nature in _TIENNENT:
        return _TIENNENT[nature](objet, echeance.jour_du)
    return est_dans_le_meme_etat(echeance)


def _minuit(jour):
    return timezone.make_aware(datetime.datetime.combine(jour, datetime.time.min))


# — Qui l’on attend


def _demandeur(demande):
    return [demande.demandeur]


def expert(demande):
    sollicitation = demande.sollicitation
    return [sollicitation.expert] if sollicitation else []


def _aucun(_objet):
    return []


def qui_discute(demande):
    """Le gestionnaire autorise ; là où la discussion suffit, le demandeur la consigne (Q-17)."""
    if approbation_exigee(demande.demandeur.direction):
        return DROITS_DEMANDE.personnes("autoriser", demande)
    return [demande.demandeur]


def _au_dessus_de_qui_discute(demande):
    gestionnaire = demande.demandeur.superieur
    if gestionnaire is None or not approbation_exigee(demande.demandeur.direction):
        return []
    return [gestionnaire.superieur]


def _au_dessus_du_gestionnaire_de_l_expert(fiche):
    gestionnaire = fiche.personne.superieur
    return [gestionnaire.superieur] if gestionnaire else []


_ATTENTES = (
    AttenteDEtat(
        DemandeConsultation,
        E.A_DISCUTER,
        "discuter de la consultation",
        qui_discute,
        _au_dessus_de_qui_discute,
    ),
    # Le demandeur reste libre de sa demande : on la lui rappelle, on ne s’en plaint pas à son gestionnaire.
    AttenteDEtat(DemandeConsultation, E.AUTORISEE, "choisir un expert au bottin", _demandeur, _aucun),
    AttenteDEtat(DemandeConsultation, E.AVIS_RENDU, "fermer la consultation", _demandeur, _aucun),
    AttenteDEtat(DemandeConsultation, E.FORMULAIRE, "transmettre le formulaire à la DSM", _demandeur, _aucun),
    # Au-dessus de l’APPR et de l’agent de liaison, c’est la DSM.
    AttenteDEtat(
        DemandeConsultation,
        E.TRANSMISE,
        "analyser la demande de consultation",
        par_acte(DROITS_DEMANDE, "analyser"),
        DSM.personnes,
    ),
    AttenteDEtat(
        DemandeConsultation,
        E.ANALYSEE,
        "acheminer la demande au RUISSS UL",
        par_acte(DROITS_DEMANDE, "acheminer"),
        DSM.personnes,
    ),
    AttenteDEtat(
        DemandeConsultation,
        E.AU_RUISSS,
        "établir le contact avec le RUISSS UL",
        par_acte(DROITS_DEMANDE, "etablir_contact"),
        DSM.personnes,
    ),
    # Qui est pressenti n’a pas de supérieur à qui l’on s’en plaint : il est libre d’accepter.
    AttenteDEtat(
        FicheExpert,
        EtatFicheExpert.IDENTIFIEE,
        "répondre à l’offre d’être expert",
        lambda fiche: [fiche.personne],
        _aucun,
    ),
    AttenteDEtat(
        FicheExpert,
        EtatFicheExpert.CANDIDATURE,
        "répondre à la candidature d’expert",
        par_acte(DROITS_FICHE, "appuyer"),
        _au_dessus_du_gestionnaire_de_l_expert,
    ),
    AttenteDEtat(
        FicheExpert,
        EtatFicheExpert.APPUYEE,
        "inscrire l’expert au bottin",
        par_acte(DROITS_FICHE, "inscrire"),
        DSM.personnes,
    ),
)


# — L’expert qui n’a pas répondu : lui, puis l’APPR, qui ne lit pas la demande mais connaît le bottin


def _sans_reponse(jour):
    delai = valeur(DELAI_DE_REPONSE)
    depuis = _minuit(jour - OUBLI - datetime.timedelta(days=2 * delai))
    fiche = FicheExpert.objects.filter(personne__sollicitations__demande=OuterRef("pk"))
    sollicitee = fiche.filter(personne__sollicitations__reponse=ReponseExpert.ATTENDUE)
    demandes = DemandeConsultation.objects.filter(etat=E.CHEZ_EXPERT, depuis__gte=depuis)
    lues = demandes.annotate(fiche=Subquery(sollicitee.values("uuid")[:1])).order_by().only("uuid", "depuis")
    for demande in lues.iterator(chunk_size=500):
        du = jour_local(demande.depuis)
        yield Echeance(demande, SANS_REPONSE, du, (Pas(delai, "J+7", expert),), "consultation/rappel_sans_reponse")
        yield Echeance(
            demande,
            RETARD_SIGNALE,
            du,
            (Pas(2 * delai, "J+14", APPR.personnes),),
            "consultation/rappel_expert_muet",
            url=reverse("consultation:fiche", args=[demande.fiche])
            if demande.fiche
            else reverse("consultation:bottin"),
            contexte={"expert": lambda relue: relue.sollicitation.expert},
        )


def _est_sans_reponse(demande, jour_du):
    sollicitation = demande.sollicitation
    return (
        demande.etat == E.CHEZ_EXPERT
        and jour_local(demande.depuis) == jour_du
        and sollicitation is not None
        and sollicitation.moment_propose is None
    )


# — Les moments : proposé, le demandeur y répond ; convenu, on le rappelle la veille aux deux


def _moments_proposes(jour):
    proposees = DemandeConsultation.objects.filter(
        etat__in=(E.CHEZ_EXPERT, E.ACCEPTEE),
        sollicitations__reponse__in=EN_COURS,
        sollicitations__moment_propose__isnull=False,
    ).annotate(propose_le=Max("passages__quand", filter=Q(passages__transition="proposer_moment")))
    for demande in proposees.filter(propose_le__range=bornes(jour)).order_by().only("uuid"):
        yield attente(
            demande,
            geste=MOMENT_PROPOSE,
            dossier=str,
            depuis=demande.propose_le,
            qui=_demandeur,
            superieurs=_aucun,
        )


def _est_propose(demande, jour_du):
    dernier = demande.passages.filter(transition="proposer_moment").order_by("-pk").first()
    attend = demande.etat in (E.CHEZ_EXPERT, E.ACCEPTEE) and demande.sollicitation.moment_propose is not None
    return attend and dernier is not None and jour_local(dernier.quand) == jour_du


def _les_deux(demande):
    return [demande.demandeur, *expert(demande)]


PAS_MOMENT = (Pas(-1, "J-1", _les_deux),)


def _moments(jour):
    """R-174 : la rencontre convenue, la veille, avec de quoi l’inscrire à l’agenda."""
    # La veille d’un jour chômé peut tomber plus tôt qu’on la lit : une semaine d’avance suffit.
    prochains = (_minuit(jour), _minuit(jour + datetime.timedelta(days=8)))
    demandes = DemandeConsultation.objects.filter(
        etat=E.ACCEPTEE,
        sollicitations__reponse=ReponseExpert.ACCEPTEE,
        sollicitations__moment__range=prochains,
    ).annotate(moment=F("sollicitations__moment"))
    for demande in demandes.order_by().only("uuid", "numero"):
        yield Echeance(
            demande,
            MOMENT,
            jour_local(demande.moment),
            PAS_MOMENT,
            "consultation/rappel_moment",
            contexte={"sollicitation": lambda relue: relue.sollicitation},
            calendrier=lambda relue, personne: convocation(relue.sollicitation, personne),
        )


def _est_convenu(demande, jour_du):
    sollicitation = demande.sollicitation
    return (
        demande.etat == E.ACCEPTEE
        and sollicitation is not None
        and sollicitation.moment is not None
        and jour_local(sollicitation.moment) == jour_du
    )


# — L’avis à rendre, une fois la demande acceptée et le moment passé


def _avis(jour):
    """R-204, R-205 : l’expert consigne la rencontre et rend son avis ; les délais courent du moment convenu."""
    moment = Sollicitation.objects.filter(demande=OuterRef("pk"), reponse=ReponseExpert.ACCEPTEE).values("moment")[:1]
    periode = bornes(jour)
    demandes = (
        DemandeConsultation.objects.filter(etat=E.ACCEPTEE)
        .annotate(moment=Subquery(moment))
        .filter(Q(moment__range=periode) | Q(moment__isnull=True, depuis__range=periode))
    )
    for demande in demandes.order_by().only("uuid", "depuis"):
        yield attente(demande, geste=AVIS, dossier=str, depuis=demande.moment or demande.depuis, qui=expert)


def _est_a_rendre(demande, jour_du):
    sollicitation = demande.sollicitation
    return (
        demande.etat == E.ACCEPTEE
        and sollicitation is not None
        and sollicitation.moment_propose is None
        and jour_local(sollicitation.moment or demande.depuis) == jour_du
    )


# — En contact avec le RUISSS UL : le demandeur ferme, ou l’agent de liaison clôt sans nouvelles

NOUVELLES = Serie(
    "consultation.rappels.contact",
    "En contact avec le RUISSS UL, sans nouvelles",
    GROUPE,
    (
        Pas(30, "J+30", _demandeur),
        Pas(60, "J+60", _demandeur),
        Pas(90, "J+90", lambda demande: [*_demandeur(demande), *DROITS_DEMANDE.personnes("clore", demande)]),
    ),
    ("le demandeur", "de nouveau", "avec l’agent de liaison"),
    minimum=7,
    maximum=180,
)


def _contacts(jour):
    premier, dernier = NOUVELLES.premier_jour_du(jour, OUBLI + 90 * UN_JOUR), NOUVELLES.dernier_jour_du(jour)
    derniers, pas = (_minuit(premier), _minuit(dernier + UN_JOUR)), NOUVELLES.reglee()
    demandes = DemandeConsultation.objects.filter(etat=E.EN_CONTACT, depuis__range=derniers)
    for demande in demandes.order_by().only("uuid", "depuis").iterator(chunk_size=500):
        yield Echeance(demande, CONTACT, jour_local(demande.depuis), pas, "consultation/rappel_contact")


# — Le bottin : l’inscription à confirmer, et le bilan de chacun deux fois l’an

INSCRIPTION = Serie(
    "consultation.rappels.inscription",
    "Inscription au bottin à confirmer",
    GROUPE,
    (Pas(-30, "J-30", lambda fiche: [fiche.personne, *DSM.personnes(fiche)]),),
    ("l’expert et la DSM",),
    maximum=0,
    exigences=("R-195",),
)
PAS_BILAN = (Pas(0, "J", lambda fiche: [fiche.personne]),)


def _inscriptions(jour):
    """R-195 : l’inscription au bottin se confirme chaque année ; l’intéressé et la DSM en sont avisés à J-30."""
    # Douze mois ne font pas toujours autant de jours : cinq de marge.
    derniere = ajouter_mois(INSCRIPTION.dernier_jour_du(jour), -12) + 5 * UN_JOUR
    confirmees, pas = (ajouter_mois(jour - OUBLI, -12), derniere), INSCRIPTION.reglee()
    fiches = FicheExpert.objects.actives().filter(confirmee_le__range=confirmees)
    for fiche in fiches.order_by().only("uuid", "confirmee_le").iterator(chunk_size=500):
        yield Echeance(fiche, CONFIRMATION, fiche.echeance_confirmation, pas, "consultation/rappel_inscription")


def _bilans(jour):
    """R-205 : le 1er avril et le 1er octobre, ce que le tableau de suivi dit à chaque expert des six mois finis."""
    du = dernier_bilan(jour)
    if jour - du > OUBLI:
        return
    periode = (ajouter_mois(du, -6), du - UN_JOUR)
    tenues = Count("personne__lignes_suivi", filter=Q(personne__lignes_suivi__jour__range=periode))
    fiches = FicheExpert.objects.publiees().annotate(tenues=tenues).filter(tenues__gt=0)
    for fiche in fiches.order_by().only("uuid"):
        yield Echeance(
            fiche,
            BILAN,
            du,
            PAS_BILAN,
            "consultation/bilan_expert",
            url=reverse("consultation:mon_bilan"),
            contexte={"nombre": fiche.tenues, "du": periode[0], "au": periode[1]},
        )


def dernier_bilan(jour):
    """Rend le dernier jour de bilan échu, le 1er avril ou le 1er octobre."""
    debut = AnneeFinanciere.du(jour).debut
    mi_annee = ajouter_mois(debut, 6)
    return mi_annee if jour >= mi_annee else debut


_TIENNENT = {
    SANS_REPONSE: _est_sans_reponse,
    RETARD_SIGNALE: _est_sans_reponse,
    MOMENT_PROPOSE: _est_propose,
    MOMENT: _est_convenu,
    AVIS: _est_a_rendre,
    CONTACT: lambda demande, jour_du: demande.etat == E.EN_CONTACT,
    CONFIRMATION: lambda fiche, jour_du: (
        fiche.etat == EtatFicheExpert.ACTIVE and fiche.echeance_confirmation == jour_du
    ),
    BILAN: lambda fiche, jour_du: fiche.est_publiee,
}
