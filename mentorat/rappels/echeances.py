"""Les échéances que le mentorat fait relancer : délais de départ, en jours civils sauf mention (produit, section 6)."""

import datetime
import itertools

from django.db.models import F, Max

from encadrement.notifications.rappels import Echeance, Pas, attente, periode_echue
from mentorat.droits import APPR, DROITS_DEMANDE, DROITS_ENTENTE, DROITS_FICHE, DROITS_PROLONGATION, DSM
from mentorat.models import (
    DemandeMentorat,
    Entente,
    EtatDemande,
    EtatEntente,
    EtatFiche,
    EtatProlongation,
    EvaluationMesure,
    FicheMentor,
    Prolongation,
    Sorte,
)
from mentorat.regles import bilan_de, titres

# Au-delà, une échéance dépassée n’est plus relancée : quelqu’un a été avisé trois fois, l’APPR aussi.
OUBLI = datetime.timedelta(days=60)
SEMAINES_SANS_RENCONTRE = 6


def echeances(jour):
    """Rend tout ce que le jour `jour` peut faire relancer."""
    return itertools.chain(
        _mi_temps(jour), _fins(jour), _sans_rencontre(jour), _attentes(jour), _evaluations(jour), _inscriptions(jour)
    )


def tient_encore(echeance):
    """Dit, une fois le dossier relu sous verrou, si la relance a toujours un sens."""
    objet, nature = echeance.objet, echeance.jalon_base
    if isinstance(objet, EvaluationMesure):
        return not objet.remplie
    if nature == "mi-temps":
        return objet.etat == EtatEntente.ACTIVE and objet.mi_temps == echeance.jour_du and not _confirme(objet)
    if nature == "fin":
        return objet.etat in (EtatEntente.ACTIVE, EtatEntente.EN_EVALUATION) and objet.fin == echeance.jour_du
    if nature == "sans rencontre":
        return objet.etat == EtatEntente.ACTIVE
    if nature == "confirmation":
        return objet.etat == EtatFiche.ACTIVE and objet.echeance_confirmation == echeance.jour_du
    return objet.etat == echeance.contexte["etat_attendu"]


def _confirme(entente):
    bilan = bilan_de(entente, Sorte.MI_TEMPS)
    return bilan is not None and bilan.est_confirme


def dyade(entente):
    return [entente.mentor, entente.mentore]


def gestionnaires(entente):
    return DROITS_ENTENTE.personnes("approuver", entente)


def appr(objet):
    return APPR.personnes(objet)


PAS_MI_TEMPS = (
    Pas(-14, "J-14", dyade),
    Pas(0, "J", dyade),
    Pas(7, "J+7", lambda entente: [*dyade(entente), *gestionnaires(entente)]),
    Pas(21, "J+21", appr),
)
PAS_FIN = (
    Pas(-30, "J-30", lambda entente: [*dyade(entente), *gestionnaires(entente)]),
    Pas(-7, "J-7", lambda entente: [*dyade(entente), *gestionnaires(entente)]),
    Pas(0, "J", lambda entente: [*dyade(entente), *gestionnaires(entente)]),
    Pas(7, "J+7", gestionnaires),
    Pas(21, "J+21", appr),
)


def _en_cours(*etats):
    return Entente.objects.filter(etat__in=etats).avec_parties().select_related("mentor__superieur")


def _mi_temps(jour):
    """R-057 : le bilan de mi-temps, tant que les deux ne l’ont pas confirmé."""
    ententes = _en_cours(EtatEntente.ACTIVE).exclude(bilans__sorte=Sorte.MI_TEMPS, bilans__instantane__isnull=False)
    for entente in ententes.filter(debut__lte=jour).iterator(chunk_size=500):
        if entente.mi_temps - datetime.timedelta(days=14) <= jour <= entente.mi_temps + OUBLI:
            yield Echeance(entente, "mi-temps", entente.mi_temps, PAS_MI_TEMPS, "mentorat/rappel_mi_temps")


def _fins(jour):
    """R-058, R-059 : à la fin prévue, l’évaluation finale ou une prolongation."""
    ententes = _en_cours(EtatEntente.ACTIVE, EtatEntente.EN_EVALUATION)
    bornes = (jour - OUBLI, jour + datetime.timedelta(days=30))
    for entente in ententes.filter(fin__range=bornes).iterator(chunk_size=500):
        yield Echeance(entente, "fin", entente.fin, PAS_FIN, "mentorat/rappel_fin")


def _sans_rencontre(jour):
    """R-062 : aucune rencontre consignée depuis six semaines, une fois par période."""
    ententes = _en_cours(EtatEntente.ACTIVE).annotate(derniere=Max("rencontres__jour"))
    tous_les = 7 * SEMAINES_SANS_RENCONTRE
    for entente in ententes.filter(fin__gte=jour).iterator(chunk_size=500):
        depuis = entente.derniere or entente.debut
        if du := periode_echue(jour, depuis=depuis, tous_les=tous_les):
            yield Echeance(entente, "sans rencontre", du, (Pas(0, "J", dyade),), "mentorat/rappel_sans_rencontre")


def _attente(objet, geste, qui):
    """Une attente qui tombe dès que l’état change (le dossier est relu sous verrou avant l’envoi)."""
    echeance = attente(objet, geste=geste, dossier=str(objet), depuis=objet.depuis, qui=qui)
    echeance.contexte["etat_attendu"] = objet.etat
    return echeance


def _non_signataires(entente):
    deja = titres(entente.instantane)
    parties = (("mentor", entente.mentor), ("mentore", entente.mentore))
    return [personne for titre, personne in parties if titre not in deja]


def _pressentis(demande):
    jumelage = demande.jumelage
    if jumelage is None:
        return []
    reponses = ((jumelage.accepte_mentor_le, jumelage.mentor), (jumelage.accepte_mentore_le, demande.mentore))
    return [personne for accepte, personne in reponses if not accepte]


def _attentes(jour):
    """Signatures et approbations en attente : 3 et 7 jours ouvrables, le supérieur à 15."""
    for entente in _en_cours(EtatEntente.A_SIGNER).select_related("instantane"):
        yield _attente(entente, "signer l’entente", _non_signataires)
    for entente in _en_cours(EtatEntente.A_APPROUVER):
        yield _attente(entente, "approuver l’entente", gestionnaires)
    for entente in _en_cours(EtatEntente.A_CLORE):
        yield _attente(entente, "clore l’entente", gestionnaires)
    for entente in _en_cours(EtatEntente.FIN_DEMANDEE):
        yield _attente(entente, "conclure la fin demandée", gestionnaires)
    demandes = DemandeMentorat.objects.select_related("mentore__superieur")
    for etat, geste, qui in (
        (EtatDemande.SOUMISE, "répondre à la demande de mentorat", _qui(DROITS_DEMANDE, "accepter")),
        (EtatDemande.ACCEPTEE, "proposer un mentor", _qui(DROITS_DEMANDE, "proposer")),
        (EtatDemande.PROPOSEE, "répondre au jumelage proposé", _pressentis),
    ):
        for demande in demandes.filter(etat=etat):
            yield _attente(demande, geste, qui)
    for prolongation in Prolongation.objects.filter(etat=EtatProlongation.DEMANDEE).select_related(
        "entente__mentore__superieur", "entente__mentor"
    ):
        yield _attente(prolongation, "répondre à la prolongation demandée", _qui(DROITS_PROLONGATION, "accorder"))
    fiches = FicheMentor.objects.select_related("personne__superieur")
    for fiche in fiches.filter(etat=EtatFiche.CANDIDATURE):
        yield _attente(fiche, "répondre à la candidature de mentor", _qui(DROITS_FICHE, "recommander"))
    for fiche in fiches.filter(etat=EtatFiche.RECOMMANDEE):
        yield _attente(fiche, "inscrire le mentor au bottin", _qui(DROITS_FICHE, "inscrire"))


def _qui(droits, acte):
    return lambda objet: list(droits.personnes(acte, objet).select_related("superieur"))


def _evaluations(jour):
    """R-071 : l’évaluation de la mesure non remplie, à J+7 et J+14."""
    attendues = EvaluationMesure.objects.filter(
        remplie=False, demandee_le__range=(jour - OUBLI, jour - datetime.timedelta(days=7))
    )
    pas = tuple(Pas(n, f"J+{n}", lambda evaluation: [evaluation.personne]) for n in (7, 14))
    for evaluation in attendues.select_related("personne", "entente").iterator(chunk_size=500):
        yield Echeance(evaluation, "évaluation", evaluation.demandee_le, pas, "mentorat/rappel_evaluation")


def _inscriptions(jour):
    """R-080 : l’inscription au bottin se confirme chaque année ; l’intéressé à J-30, la DSM au jour dit."""
    pas = (
        Pas(-30, "J-30", lambda fiche: [fiche.personne]),
        Pas(0, "J", lambda fiche: [fiche.personne, *DSM.personnes(fiche)]),
    )
    fiches = FicheMentor.objects.actives().filter(confirmee_le__lte=jour - datetime.timedelta(days=330))
    for fiche in fiches.select_related("personne").order_by(F("confirmee_le")):
        if fiche.echeance_confirmation + OUBLI >= jour:
            yield Echeance(fiche, "confirmation", fiche.echeance_confirmation, pas, "mentorat/rappel_inscription")
