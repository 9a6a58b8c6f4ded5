"""Les échéances que le mentorat fait relancer : délais de départ, en jours civils sauf mention (produit, section 6).

Chaque requête porte la condition de son index partiel et ne lit que ce que le jour peut concerner, rattrapage compris.
"""

import datetime
import itertools

from django.db.models import Min
from django.utils import timezone

from encadrement.notifications.rappels import Echeance, Pas, attente, periode_echue
from encadrement.socle.temps import ajouter_mois, jour_local
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
# Le supérieur est avisé à quinze jours ouvrables, un mois au plus à travers les Fêtes.
OUBLI_ATTENTE = datetime.timedelta(days=90)
SEMAINES_SANS_RENCONTRE = 6
SIGNER_LA_FINALE = "signer l’évaluation finale"


def echeances(jour):
    """Rend tout ce que le jour `jour` peut faire relancer."""
    return itertools.chain(
        _mi_temps(jour),
        _fins(jour),
        _sans_rencontre(jour),
        _attentes(jour),
        _finales_a_signer(jour),
        _evaluations(jour),
        _inscriptions(jour),
    )


def tient_encore(echeance):
    """Dit, une fois le dossier relu sous verrou, si la relance a toujours un sens."""
    objet, nature, contexte = echeance.objet, echeance.jalon_base, echeance.contexte
    if isinstance(objet, EvaluationMesure):
        return not objet.remplie
    if nature == "mi-temps":
        return objet.etat == EtatEntente.ACTIVE and objet.mi_temps_le == echeance.jour_du
    if nature == "fin":
        return objet.etat in (EtatEntente.ACTIVE, EtatEntente.EN_EVALUATION) and objet.fin == echeance.jour_du
    if nature == "sans rencontre":
        return objet.etat == EtatEntente.ACTIVE and objet.sans_rencontre_depuis == contexte["depuis"]
    if nature == "confirmation":
        return objet.etat == EtatFiche.ACTIVE and objet.echeance_confirmation == echeance.jour_du
    if nature == SIGNER_LA_FINALE:
        return objet.etat == EtatEntente.EN_EVALUATION
    return objet.etat == contexte["etat_attendu"] and jour_local(objet.depuis) == echeance.jour_du


def dyade(entente):
    return [entente.mentor, entente.mentore]


def gestionnaires(entente):
    return DROITS_ENTENTE.personnes("approuver", entente)


def appr(objet):
    return APPR.personnes(objet)


def _a_confirmer(entente):
    """Rend ceux des deux qui n’ont pas confirmé la mi-temps : l’autre n’a plus rien à faire."""
    bilan = bilan_de(entente, Sorte.MI_TEMPS)
    if bilan is None:
        return dyade(entente)
    reponses = ((bilan.confirme_mentor_le, entente.mentor), (bilan.confirme_mentore_le, entente.mentore))
    return [personne for confirme, personne in reponses if confirme is None]


PAS_MI_TEMPS = (
    Pas(-14, "J-14", _a_confirmer),
    Pas(0, "J", _a_confirmer),
    Pas(7, "J+7", lambda entente: [*_a_confirmer(entente), *gestionnaires(entente)]),
    Pas(21, "J+21", appr),
)
PAS_FIN = (
    Pas(-30, "J-30", lambda entente: [*dyade(entente), *gestionnaires(entente)]),
    Pas(-7, "J-7", lambda entente: [*dyade(entente), *gestionnaires(entente)]),
    Pas(0, "J", lambda entente: [*dyade(entente), *gestionnaires(entente)]),
    Pas(7, "J+7", gestionnaires),
    Pas(21, "J+21", appr),
)
PAS_SANS_RENCONTRE = (Pas(0, "J", dyade),)
PAS_EVALUATION = tuple(Pas(n, f"J+{n}", lambda evaluation: [evaluation.personne]) for n in (7, 14))
PAS_INSCRIPTION = (Pas(-30, "J-30", lambda fiche: [fiche.personne, *DSM.personnes(fiche)]),)


def _mi_temps(jour):
    """R-057 : le bilan de mi-temps, tant que les deux ne l’ont pas confirmé."""
    bornes = (jour - OUBLI, jour + datetime.timedelta(days=14))
    ententes = Entente.objects.filter(etat=EtatEntente.ACTIVE, mi_temps_le__range=bornes, debut__lte=jour)
    for entente in ententes.order_by().only("uuid", "mi_temps_le").iterator(chunk_size=500):
        yield Echeance(entente, "mi-temps", entente.mi_temps_le, PAS_MI_TEMPS, "mentorat/rappel_mi_temps")


def _fins(jour):
    """R-058, R-059 : à la fin prévue, l’évaluation finale ou une prolongation."""
    bornes = (jour - OUBLI, jour + datetime.timedelta(days=30))
    ententes = Entente.objects.filter(etat__in=(EtatEntente.ACTIVE, EtatEntente.EN_EVALUATION), fin__range=bornes)
    for entente in ententes.order_by().only("uuid", "fin").iterator(chunk_size=500):
        yield Echeance(entente, "fin", entente.fin, PAS_FIN, "mentorat/rappel_fin")


def _sans_rencontre(jour):
    """R-062 : aucune rencontre consignée depuis six semaines, une fois par période."""
    tous_les = 7 * SEMAINES_SANS_RENCONTRE
    ententes = Entente.objects.filter(
        etat=EtatEntente.ACTIVE, sans_rencontre_depuis__lte=jour - datetime.timedelta(days=tous_les), fin__gte=jour
    )
    for entente in ententes.order_by().only("uuid", "sans_rencontre_depuis").iterator(chunk_size=500):
        depuis = entente.sans_rencontre_depuis
        yield Echeance(
            entente,
            "sans rencontre",
            periode_echue(jour, depuis=depuis, tous_les=tous_les),
            PAS_SANS_RENCONTRE,
            "mentorat/rappel_sans_rencontre",
            contexte={"depuis": depuis},
        )


def _attente(objet, geste, qui, superieurs=None):
    """Une attente qui tombe dès que l’état change (le dossier est relu sous verrou avant l’envoi)."""
    echeance = attente(objet, geste=geste, dossier=str, depuis=objet.depuis, qui=qui, superieurs=superieurs)
    echeance.contexte["etat_attendu"] = objet.etat
    return echeance


def _non_signataires(entente):
    return _sans_signature(entente, entente.instantane)


def _non_signataires_de_la_finale(entente):
    bilan = bilan_de(entente, Sorte.FINAL)
    return _sans_signature(entente, bilan.instantane) if bilan and titres(bilan.instantane) else []


def _sans_signature(entente, instantane):
    deja = titres(instantane)
    parties = (("mentor", entente.mentor), ("mentore", entente.mentore))
    return [personne for titre, personne in parties if titre not in deja]


def _pressentis(demande):
    jumelage = demande.jumelage
    if jumelage is None:
        return []
    reponses = ((jumelage.accepte_mentor_le, jumelage.mentor), (jumelage.accepte_mentore_le, demande.mentore))
    return [personne for accepte, personne in reponses if not accepte]


def _qui(droits, acte):
    return lambda objet: droits.personnes(acte, objet)


def _au_dessus_de(titulaire):
    """Le supérieur de qui répond du dossier, et non celui de son délégué."""

    def superieurs(objet):
        responsable = titulaire(objet)
        return [responsable.superieur] if responsable is not None else []

    return superieurs


_AU_DESSUS_DU_GESTIONNAIRE = _au_dessus_de(lambda entente: entente.gestionnaire)
_ATTENTES = (
    (Entente, EtatEntente.A_SIGNER, "signer l’entente", _non_signataires, None),
    (Entente, EtatEntente.A_APPROUVER, "approuver l’entente", gestionnaires, _AU_DESSUS_DU_GESTIONNAIRE),
    (Entente, EtatEntente.A_CLORE, "clore l’entente", gestionnaires, _AU_DESSUS_DU_GESTIONNAIRE),
    (Entente, EtatEntente.FIN_DEMANDEE, "conclure la fin demandée", gestionnaires, _AU_DESSUS_DU_GESTIONNAIRE),
    (
        DemandeMentorat,
        EtatDemande.SOUMISE,
        "répondre à la demande de mentorat",
        _qui(DROITS_DEMANDE, "accepter"),
        _au_dessus_de(lambda demande: demande.mentore.superieur),
    ),
    (
        DemandeMentorat,
        EtatDemande.ACCEPTEE,
        "proposer un mentor",
        _qui(DROITS_DEMANDE, "proposer"),
        _au_dessus_de(lambda demande: demande.mentore.superieur),
    ),
    (DemandeMentorat, EtatDemande.PROPOSEE, "répondre au jumelage proposé", _pressentis, None),
    (
        Prolongation,
        EtatProlongation.DEMANDEE,
        "répondre à la prolongation demandée",
        _qui(DROITS_PROLONGATION, "accorder"),
        _au_dessus_de(lambda prolongation: prolongation.entente.gestionnaire),
    ),
    (
        FicheMentor,
        EtatFiche.CANDIDATURE,
        "répondre à la candidature de mentor",
        _qui(DROITS_FICHE, "recommander"),
        _au_dessus_de(lambda fiche: fiche.personne.superieur),
    ),
    # L’APPR et la DSM inscrivent ; au-dessus de l’APPR, c’est la DSM.
    (FicheMentor, EtatFiche.RECOMMANDEE, "inscrire le mentor au bottin", _qui(DROITS_FICHE, "inscrire"), DSM.personnes),
)


def _attentes(jour):
    """Signatures et approbations en attente : 3 et 7 jours ouvrables, le supérieur à 15."""
    for modele in (Entente, DemandeMentorat, Prolongation, FicheMentor):
        gestes = {etat: (geste, qui, dessus) for pour, etat, geste, qui, dessus in _ATTENTES if pour is modele}
        dossiers = modele.objects.filter(etat__in=sorted(gestes), depuis__range=_bornes(jour))
        for objet in dossiers.order_by().only("uuid", "etat", "depuis").iterator(chunk_size=500):
            yield _attente(objet, *gestes[objet.etat])


def _bornes(jour):
    """Rend les instants entre lesquels une attente a commencé pour qu’on la relance le jour `jour`."""
    # Trois jours ouvrables font au moins trois jours civils.
    premier, dernier = jour - OUBLI_ATTENTE, jour - datetime.timedelta(days=2)
    return tuple(timezone.make_aware(datetime.datetime.combine(le, datetime.time.min)) for le in (premier, dernier))


def _finales_a_signer(jour):
    """L’un des deux a signé l’évaluation finale : l’autre est attendu depuis."""
    ententes = (
        Entente.objects.filter(
            etat=EtatEntente.EN_EVALUATION, bilans__sorte=Sorte.FINAL, bilans__instantane__isnull=False
        )
        .annotate(signee_le=Min("bilans__instantane__signatures__signee_le"))
        .filter(signee_le__range=_bornes(jour))
    )
    for entente in ententes.order_by().only("uuid"):
        yield attente(
            entente,
            geste=SIGNER_LA_FINALE,
            dossier=str,
            depuis=entente.signee_le,
            qui=_non_signataires_de_la_finale,
        )


def _evaluations(jour):
    """R-071 : l’évaluation de la mesure non remplie, à J+7 et J+14."""
    bornes = (jour - OUBLI, jour - datetime.timedelta(days=7))
    attendues = EvaluationMesure.objects.filter(remplie=False, demandee_le__range=bornes)
    for evaluation in attendues.only("uuid", "demandee_le").iterator(chunk_size=500):
        yield Echeance(evaluation, "évaluation", evaluation.demandee_le, PAS_EVALUATION, "mentorat/rappel_evaluation")


def _inscriptions(jour):
    """R-080 : l’inscription au bottin se confirme chaque année ; l’intéressé et la DSM en sont avisés à J-30."""
    bornes = (ajouter_mois(jour - OUBLI, -12), jour - datetime.timedelta(days=330))
    fiches = FicheMentor.objects.actives().filter(confirmee_le__range=bornes)
    for fiche in fiches.order_by().only("uuid", "confirmee_le").iterator(chunk_size=500):
        yield Echeance(
            fiche, "confirmation", fiche.echeance_confirmation, PAS_INSCRIPTION, "mentorat/rappel_inscription"
        )
