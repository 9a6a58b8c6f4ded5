"""Les échéances que le comité fait relancer : délais de départ, en jours civils sauf mention (produit, section 6).

Les courriels disent un code, une date et des noms de collègues ; jamais un mot de la situation. Qui en est exclu ne reçoit
rien (N-02, N-08) ; qui n’a pas à la voir, le supérieur d’une personne relancée, n’en lit pas même le code.
"""

import datetime
import itertools
from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from concertation.droits import DROITS_ANALYSE, DROITS_ORIENTATION, DROITS_SITUATION, EXCLU
from concertation.models import (
    AnalyseMensuelle,
    EtatAnalyse,
    EtatComite,
    EtatImpasse,
    EtatSituation,
    ImpasseRecurrente,
    Nomination,
    RencontreComite,
    SituationComplexe,
)
from concertation.rappels.confiees import confiees, est_confiee
from concertation.rappels.conviees import attendues, convocation
from encadrement.acces.attribues import DSM
from encadrement.notifications.attentes import AttenteDEtat, attentes_d_etat, bornes, est_dans_le_meme_etat, par_acte
from encadrement.notifications.rappels import Echeance, Pas, attente, delais_d_attente
from encadrement.notifications.series import ChaqueSemaine, Serie
from encadrement.personnes.models import Personne
from encadrement.socle.temps import jour_local

UN_JOUR = datetime.timedelta(days=1)
# Au-delà, une échéance manquée n’est plus relancée ; une orientation, elle, l’est chaque semaine, un an s’il le faut.
OUBLI = datetime.timedelta(days=60)
SEMAINES = 52
GROUPE, DELAI_DE_DEPOT = "Comité de concertation", "concertation.delai_de_depot"
E = EtatSituation
DEPOT, RENCONTRE, ORIENTATION, NOMINATION, IMPASSE = "dépôt", "rencontre", "orientation", "nomination", "impasse"
SIGNALE = "en attente : "


def echeances(jour):
    """Rend tout ce que le jour `jour` peut faire relancer."""
    return itertools.chain(
        _attentes(jour),
        _depots(jour),
        _rencontres(jour),
        _orientations(jour),
        _nominations(jour),
        _impasses(jour),
        attentes_d_etat(_ANALYSES, jour),
    )


def tient_encore(echeance):
    """Dit, une fois le dossier relu sous verrou, si la relance a toujours un sens."""
    objet, nature = echeance.objet, echeance.jalon_base
    if nature in _TIENNENT:
        return _TIENNENT[nature](objet, echeance.jour_du)
    return est_dans_le_meme_etat(echeance)


def _instants(premier, dernier):
    return tuple(timezone.make_aware(datetime.datetime.combine(jour, datetime.time.min)) for jour in (premier, dernier))


# — L’état d’une situation attend quelqu’un : 3 et 7 jours ouvrables ; au-dessus de lui à 15, sans dire laquelle


@dataclass(frozen=True)
class _Attente:
    geste: str
    qui: Callable
    au_dessus: Callable


def _au_dessus_du_gestionnaire(situation):
    gestionnaire = situation.demandeur.superieur
    return _sans_les_exclus(situation, [gestionnaire.superieur] if gestionnaire else [])


def _la_dsm(situation):
    return _sans_les_exclus(situation, DSM.personnes(situation))


def _sans_les_exclus(situation, personnes):
    return [personne for personne in personnes if personne is not None and not EXCLU.tenu_par(personne, situation)]


def _du_coordonnateur(geste, acte):
    return _Attente(geste, par_acte(DROITS_SITUATION, acte), _la_dsm)


_ATTENTES = {
    E.A_ATTESTER: _Attente(
        "attester les démarches préalables", par_acte(DROITS_SITUATION, "attester"), _au_dessus_du_gestionnaire
    ),
    E.TRANSMISE: _du_coordonnateur("analyser la recevabilité", "recevoir"),
    E.RECEVABLE: _du_coordonnateur("inscrire à une rencontre", "inscrire"),
    E.PRESENTEE: _du_coordonnateur("établir le plan de concertation", "etablir_plan"),
}


# L’analyse d’un mois ne se signe pas d’elle-même : son auteur, puis ceux qui voient qu’elle manque.
_ANALYSES = (
    AttenteDEtat(
        AnalyseMensuelle,
        EtatAnalyse.A_SIGNER,
        "conclure et signer l’analyse des accès",
        par_acte(DROITS_ANALYSE, "signer"),
        par_acte(DROITS_ANALYSE, "voir_ensemble"),
    ),
)


def _attentes(jour):
    situations = SituationComplexe.objects.filter(etat__in=sorted(_ATTENTES), depuis__range=bornes(jour))
    for situation in situations.order_by().only("uuid", "etat", "depuis", "numero").iterator(chunk_size=500):
        ligne = _ATTENTES[situation.etat]
        relance = attente(
            situation, geste=ligne.geste, dossier=str, depuis=situation.depuis, qui=ligne.qui, superieurs=lambda _: []
        )
        relance.contexte["etat_attendu"] = situation.etat
        yield relance
        yield _signalee(situation, ligne)


def _signalee(situation, ligne):
    return Echeance(
        situation,
        f"{SIGNALE}{ligne.geste}"[:40],
        jour_local(situation.depuis),
        (Pas(delais_d_attente("concertation")[-1], "J+15 ouvrables", ligne.au_dessus, ouvrables=True),),
        "concertation/rappel_superieur",
        url=reverse("concertation:accueil"),
        contexte={
            "geste": ligne.geste,
            "etat_attendu": situation.etat,
            "attendus": lambda relue: ", ".join(personne.nom_complet for personne in ligne.qui(relue)),
        },
    )


# — Le dépôt pour le prochain comité : qui écrit encore sa demande


def _qui_ecrit(_rencontre):
    brouillons = SituationComplexe.objects.filter(etat=E.BROUILLON)
    return Personne.objects.actives().filter(pk__in=brouillons.values("demandeur"))


DEPOSER = Serie(
    "concertation.rappels.depot",
    "Rappel du dernier jour de dépôt",
    GROUPE,
    (Pas(-3, "J-3", _qui_ecrit),),
    ("qui écrit encore sa demande",),
    minimum=-30,
    maximum=0,
    exigences=("R-228",),
)


def _depots(jour):
    rencontres = RencontreComite.objects.filter(
        etat__in=(EtatComite.PLANIFIEE, EtatComite.CONVOQUEE),
        depot_le__range=(jour, DEPOSER.dernier_jour_du(jour) + UN_JOUR),
    )
    pas = DEPOSER.reglee()
    for rencontre in rencontres.order_by().only("uuid", "depot_le"):
        yield Echeance(
            rencontre,
            DEPOT,
            rencontre.depot_le,
            pas,
            "concertation/rappel_depot",
            url=reverse("concertation:situations"),
        )


def _se_depose_encore(rencontre, jour_du):
    ouverte = rencontre.etat in {EtatComite.PLANIFIEE, EtatComite.CONVOQUEE}
    return ouverte and rencontre.depot_le == jour_du >= jour_local()


# — La rencontre convoquée, avec de quoi l’inscrire à l’agenda

CONVOCATION = Serie(
    "concertation.rappels.rencontre",
    "Rencontre du comité",
    GROUPE,
    (Pas(-7, "J-7", attendues), Pas(-1, "J-1", attendues)),
    ("les personnes conviées", "de nouveau"),
    minimum=-30,
    maximum=0,
    exigences=("R-242",),
)


def _rencontres(jour):
    pas, fin = CONVOCATION.reglee(), CONVOCATION.dernier_jour_du(jour) + UN_JOUR
    rencontres = RencontreComite.objects.filter(etat=EtatComite.CONVOQUEE, debut__range=_instants(jour, fin))
    for rencontre in rencontres.order_by().only("uuid", "debut"):
        yield Echeance(
            rencontre, RENCONTRE, rencontre.jour, pas, "concertation/rappel_rencontre", calendrier=convocation
        )


def _est_a_venir(rencontre, jour_du):
    return rencontre.etat == EtatComite.CONVOQUEE and rencontre.jour == jour_du >= jour_local()


# — L’orientation : son responsable jusqu’à ce qu’elle se ferme, le coordonnateur après deux semaines


def _responsable(orientation):
    peut = DROITS_ORIENTATION.peut(orientation.responsable, "appliquer", orientation)
    return [orientation.responsable] if peut else []


CHAQUE_SEMAINE = ChaqueSemaine(
    "concertation.rappels.orientation.chaque_semaine",
    "Orientation en retard, chaque semaine",
    GROUPE,
    _responsable,
    origine=SEMAINES,
    maximum=SEMAINES,
    exigences=("R-244",),
)
SUITE_DONNEE = Serie(
    "concertation.rappels.orientation",
    "Orientation confiée",
    GROUPE,
    (
        Pas(-7, "J-7", _responsable),
        Pas(0, "J", _responsable),
        Pas(
            14,
            "J+14 coordination",
            par_acte(DROITS_ORIENTATION, "modifier"),
            gabarit="concertation/rappel_orientation_retard",
        ),
    ),
    ("le responsable", "de nouveau, puis chaque semaine", "le coordonnateur en est avisé"),
    ensuite=CHAQUE_SEMAINE,
    exigences=("R-244",),
)


def _orientations(jour):
    dues, pas = (jour - 7 * SEMAINES * UN_JOUR, SUITE_DONNEE.dernier_jour_du(jour) + UN_JOUR), SUITE_DONNEE.reglee()
    orientations = confiees().filter(echeance__range=dues).order_by()
    for orientation in orientations.only("uuid", "echeance").iterator(chunk_size=500):
        yield Echeance(orientation, ORIENTATION, orientation.echeance, pas, "concertation/rappel_orientation")


# — La nomination d’un représentant : elle finit dans un mois

MANDAT = Serie(
    "concertation.rappels.nomination",
    "Nomination d’un représentant qui finit",
    GROUPE,
    (Pas(-30, "J-30", lambda nomination: [nomination.personne, *DSM.personnes(nomination)]),),
    ("le représentant et la DSM",),
    maximum=0,
    exigences=("R-217",),
)


def _nominations(jour):
    pas, finissant = MANDAT.reglee(), (jour, MANDAT.dernier_jour_du(jour) + UN_JOUR)
    finissent = Nomination.objects.filter(approuvee_le__isnull=False, fin__range=finissant)
    for nomination in finissent.order_by().only("uuid", "fin"):
        yield Echeance(nomination, NOMINATION, nomination.fin, pas, "concertation/rappel_nomination")


# — L’impasse récurrente, à son échéance

PAS_IMPASSE = (Pas(0, "J", lambda impasse: [impasse.responsable]),)
_EN_COURS = (EtatImpasse.OUVERTE, EtatImpasse.EN_COURS)


def _impasses(jour):
    echues = ImpasseRecurrente.objects.filter(etat__in=_EN_COURS, echeance__range=(jour - OUBLI, jour))
    for impasse in echues.order_by().only("uuid", "echeance"):
        yield Echeance(impasse, IMPASSE, impasse.echeance, PAS_IMPASSE, "concertation/rappel_impasse")


_TIENNENT = {
    DEPOT: _se_depose_encore,
    RENCONTRE: _est_a_venir,
    ORIENTATION: lambda orientation, jour_du: orientation.echeance == jour_du and est_confiee(orientation),
    NOMINATION: lambda nomination, jour_du: nomination.fin == jour_du >= jour_local(),
    IMPASSE: lambda impasse, jour_du: impasse.etat in _EN_COURS and impasse.echeance == jour_du,
}
