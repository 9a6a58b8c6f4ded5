"""Les échéances que le mentorat fait relancer : délais de départ, en jours civils sauf mention (produit, section 6).

Chaque requête porte la condition de son index partiel et ne lit que ce que le jour peut concerner, rattrapage compris.
"""

import datetime
import itertools

from django.db.models import Min

from encadrement.acces.attribues import APPR, DSM
from encadrement.notifications.attentes import (
    AttenteDEtat,
    attentes_d_etat,
    au_dessus_de,
    bornes,
    est_dans_le_meme_etat,
    par_acte,
)
from encadrement.notifications.rappels import Echeance, Pas, attente, periode_echue
from encadrement.notifications.series import Serie
from encadrement.parametres.lecture import valeur
from encadrement.signatures.actions import titres
from encadrement.socle.temps import ajouter_mois
from mentorat.droits import DROITS_DEMANDE, DROITS_ENTENTE, DROITS_FICHE, DROITS_PROLONGATION
from mentorat.models import (
    DemandeMentorat,
    Entente,
    EtatDemande,
    EtatEntente,
    EtatFiche,
    EtatProlongation,
    FicheMentor,
    Prolongation,
    Sorte,
)
from mentorat.regles import bilan_de

# Au-delà, une échéance dépassée n’est plus relancée : quelqu’un a été avisé trois fois, l’APPR aussi.
OUBLI = datetime.timedelta(days=60)
GROUPE, SANS_RENCONTRE = "Mentorat", "mentorat.rappels.sans_rencontre"
SEMAINES_D_ORIGINE = 6
SIGNER_LA_FINALE = "signer l’évaluation finale"


def echeances(jour):
    """Rend tout ce que le jour `jour` peut faire relancer."""
    return itertools.chain(
        _mi_temps(jour),
        _fins(jour),
        _sans_rencontre(jour),
        attentes_d_etat(_ATTENTES, jour),
        _finales_a_signer(jour),
        _inscriptions(jour),
    )


def tient_encore(echeance):
    """Dit, une fois le dossier relu sous verrou, si la relance a toujours un sens."""
    objet, nature, contexte = echeance.objet, echeance.jalon_base, echeance.contexte
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
    return est_dans_le_meme_etat(echeance)


def dyade(entente):
    return [entente.mentor, entente.mentore]


def gestionnaires(entente):
    return DROITS_ENTENTE.personnes("approuver", entente)


def appr(objet):
    return APPR.personnes(objet)


def a_confirmer(entente):
    """Rend ceux des deux qui n’ont pas confirmé la mi-temps : l’autre n’a plus rien à faire."""
    bilan = bilan_de(entente, Sorte.MI_TEMPS)
    if bilan is None:
        return dyade(entente)
    reponses = ((bilan.confirme_mentor_le, entente.mentor), (bilan.confirme_mentore_le, entente.mentore))
    return [personne for confirme, personne in reponses if confirme is None]


MI_TEMPS = Serie(
    "mentorat.rappels.mi_temps",
    "Bilan de mi-temps",
    GROUPE,
    (
        Pas(-14, "J-14", a_confirmer),
        Pas(0, "J", a_confirmer),
        Pas(7, "J+7", lambda entente: [*a_confirmer(entente), *gestionnaires(entente)]),
        Pas(21, "J+21", appr),
    ),
    ("qui n’a pas confirmé", "de nouveau", "avec le gestionnaire", "l’APPR en est avisé"),
    aide="Depuis la mi-temps de l’entente. Une relance déjà partie ne repart pas si le délai change.",
    exigences=("R-057",),
)
FIN = Serie(
    "mentorat.rappels.fin",
    "Fin de l’entente",
    GROUPE,
    (
        Pas(-30, "J-30", lambda entente: [*dyade(entente), *gestionnaires(entente)]),
        Pas(-7, "J-7", lambda entente: [*dyade(entente), *gestionnaires(entente)]),
        Pas(0, "J", lambda entente: [*dyade(entente), *gestionnaires(entente)]),
        Pas(7, "J+7", gestionnaires),
        Pas(21, "J+21", appr),
    ),
    ("la dyade et le gestionnaire", "de nouveau", "encore", "le gestionnaire", "l’APPR en est avisé"),
    aide="Depuis la date de fin de l’entente. Une relance déjà partie ne repart pas si le délai change.",
    exigences=("R-058", "R-059"),
)
INSCRIPTION = Serie(
    "mentorat.rappels.inscription",
    "Inscription au bottin à confirmer",
    GROUPE,
    (Pas(-30, "J-30", lambda fiche: [fiche.personne, *DSM.personnes(fiche)]),),
    ("le mentor et la DSM",),
    maximum=0,
    exigences=("R-080",),
)


def delai_sans_rencontre():
    """Rend le temps sans rencontre au journal après lequel on s’en inquiète (R-062)."""
    return datetime.timedelta(weeks=valeur(SANS_RENCONTRE))


def _mi_temps(jour):
    """R-057 : le bilan de mi-temps, tant que les deux ne l’ont pas confirmé."""
    bornes, pas = (MI_TEMPS.premier_jour_du(jour, OUBLI), MI_TEMPS.dernier_jour_du(jour)), MI_TEMPS.reglee()
    ententes = Entente.objects.filter(etat=EtatEntente.ACTIVE, mi_temps_le__range=bornes, debut__lte=jour)
    for entente in ententes.order_by().only("uuid", "mi_temps_le").iterator(chunk_size=500):
        yield Echeance(entente, "mi-temps", entente.mi_temps_le, pas, "mentorat/rappel_mi_temps")


def _fins(jour):
    """R-058, R-059 : à la fin prévue, l’évaluation finale ou une prolongation."""
    bornes, pas = (FIN.premier_jour_du(jour, OUBLI), FIN.dernier_jour_du(jour)), FIN.reglee()
    ententes = Entente.objects.filter(etat__in=(EtatEntente.ACTIVE, EtatEntente.EN_EVALUATION), fin__range=bornes)
    for entente in ententes.order_by().only("uuid", "fin").iterator(chunk_size=500):
        yield Echeance(entente, "fin", entente.fin, pas, "mentorat/rappel_fin")


def _sans_rencontre(jour):
    """R-062 : aucune rencontre consignée depuis six semaines, une fois par période."""
    delai = delai_sans_rencontre()
    ententes = Entente.objects.filter(etat=EtatEntente.ACTIVE, sans_rencontre_depuis__lte=jour - delai, fin__gte=jour)
    for entente in ententes.order_by().only("uuid", "sans_rencontre_depuis").iterator(chunk_size=500):
        depuis = entente.sans_rencontre_depuis
        echue = periode_echue(jour, depuis=depuis, tous_les=delai.days, origine=7 * SEMAINES_D_ORIGINE)
        if echue is not None:
            jour_du, decalage = echue
            yield Echeance(
                entente,
                "sans rencontre",
                jour_du,
                (Pas(decalage, "J", dyade),),
                "mentorat/rappel_sans_rencontre",
                contexte={"depuis": depuis, "semaines": delai.days // 7},
            )


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


_AU_DESSUS_DU_GESTIONNAIRE = au_dessus_de("gestionnaire")
_ATTENTES = (
    AttenteDEtat(Entente, EtatEntente.A_SIGNER, "signer l’entente", _non_signataires),
    AttenteDEtat(Entente, EtatEntente.A_APPROUVER, "approuver l’entente", gestionnaires, _AU_DESSUS_DU_GESTIONNAIRE),
    AttenteDEtat(Entente, EtatEntente.A_CLORE, "clore l’entente", gestionnaires, _AU_DESSUS_DU_GESTIONNAIRE),
    AttenteDEtat(
        Entente, EtatEntente.FIN_DEMANDEE, "conclure la fin demandée", gestionnaires, _AU_DESSUS_DU_GESTIONNAIRE
    ),
    AttenteDEtat(
        DemandeMentorat,
        EtatDemande.SOUMISE,
        "répondre à la demande de mentorat",
        par_acte(DROITS_DEMANDE, "accepter"),
        au_dessus_de("mentore.superieur"),
    ),
    AttenteDEtat(
        DemandeMentorat,
        EtatDemande.ACCEPTEE,
        "proposer un mentor",
        par_acte(DROITS_DEMANDE, "proposer"),
        au_dessus_de("mentore.superieur"),
    ),
    AttenteDEtat(DemandeMentorat, EtatDemande.PROPOSEE, "répondre au jumelage proposé", _pressentis),
    AttenteDEtat(
        Prolongation,
        EtatProlongation.DEMANDEE,
        "répondre à la prolongation demandée",
        par_acte(DROITS_PROLONGATION, "accorder"),
        au_dessus_de("entente.gestionnaire"),
    ),
    AttenteDEtat(
        FicheMentor,
        EtatFiche.CANDIDATURE,
        "répondre à la candidature de mentor",
        par_acte(DROITS_FICHE, "recommander"),
        au_dessus_de("personne.superieur"),
    ),
    # L’APPR et la DSM inscrivent ; au-dessus de l’APPR, c’est la DSM.
    AttenteDEtat(
        FicheMentor,
        EtatFiche.RECOMMANDEE,
        "inscrire le mentor au bottin",
        par_acte(DROITS_FICHE, "inscrire"),
        DSM.personnes,
    ),
)


def _finales_a_signer(jour):
    """L’un des deux a signé l’évaluation finale : l’autre est attendu depuis."""
    ententes = (
        Entente.objects.filter(
            etat=EtatEntente.EN_EVALUATION, bilans__sorte=Sorte.FINAL, bilans__instantane__isnull=False
        )
        .annotate(signee_le=Min("bilans__instantane__signatures__signee_le"))
        .filter(signee_le__range=bornes(jour))
    )
    for entente in ententes.order_by().only("uuid"):
        yield attente(
            entente,
            geste=SIGNER_LA_FINALE,
            dossier=str,
            depuis=entente.signee_le,
            qui=_non_signataires_de_la_finale,
        )


def _inscriptions(jour):
    """R-080 : l’inscription au bottin se confirme chaque année ; l’intéressé et la DSM en sont avisés à J-30."""
    # Douze mois ne font pas toujours autant de jours : cinq de marge.
    derniere = ajouter_mois(INSCRIPTION.dernier_jour_du(jour), -12) + datetime.timedelta(days=5)
    bornes, pas = (ajouter_mois(jour - OUBLI, -12), derniere), INSCRIPTION.reglee()
    fiches = FicheMentor.objects.actives().filter(confirmee_le__range=bornes)
    for fiche in fiches.order_by().only("uuid", "confirmee_le").iterator(chunk_size=500):
        yield Echeance(fiche, "confirmation", fiche.echeance_confirmation, pas, "mentorat/rappel_inscription")
