"""Les résultats regroupés : rien sous cinq personnes, et rien qu’une soustraction ferait paraître (N-06).

Un résultat n’additionne que des lots entiers, et dans un lot une question ne compte que si cinq personnes au moins y ont
répondu. Quels que soient les filtres, leur différence est donc encore faite de groupes de cinq personnes au moins.
"""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from random import SystemRandom

from django.db.models import Count, Q

from encadrement.sondages.actions import PETIT_NOMBRE
from encadrement.sondages.models import Campagne, Invitation, Lot, Reponse
from encadrement.sondages.questions import Question, SorteQuestion

OUVERTE = "La campagne est ouverte\xa0: les résultats paraîtront à sa fermeture, pour qu’aucune réponse ne se devine."
TROP_PEU = (
    "Moins de cinq personnes ont répondu\xa0: les résultats ne sont pas montrés, pour que personne ne soit reconnu."
)
MELEES = (
    "Moins de cinq personnes ont répondu\xa0: leurs réponses ne paraissent que réunies à celles d’autres groupes, dans "
    "les résultats de l’année."
)
AUCUNE = "Aucune campagne n’a été tenue."


@dataclass(frozen=True)
class Part:
    """Un choix et le nombre de fois qu’il a été retenu."""

    libelle: str
    nombre: int


@dataclass(frozen=True)
class ResultatQuestion:
    """Une question et ce qui en paraît ; `nombre` à zéro : trop peu de personnes y ont répondu."""

    question: Question
    nombre: int
    moyenne: float | None = None
    repartition: tuple = ()
    textes: tuple = ()

    @property
    def sur(self):
        return {SorteQuestion.ECHELLE: 5, SorteQuestion.NOTE: 10}.get(self.question.sorte)


@dataclass(frozen=True)
class Resultats:
    """Ce qui paraît d’une ou de plusieurs campagnes ; `attente` dit pourquoi rien ne paraît."""

    reponses: int = 0
    questions: tuple = ()
    attente: str = ""

    @property
    def montrables(self):
        return bool(self.reponses)

    def question(self, code):
        """Rend le résultat de cette question, ou None."""
        return next((resultat for resultat in self.questions if resultat.question.code == code), None)

    def moyenne(self, code):
        """Rend la moyenne d’une question, ou None si elle ne paraît pas."""
        trouve = self.question(code)
        return trouve.moyenne if trouve else None


@dataclass(frozen=True)
class Participation:
    """Combien sont invités, combien ont répondu."""

    invites: int
    repondus: int

    @property
    def taux(self):
        """Rend le taux de réponse en pour cent, ou None si personne n’est invité."""
        return round(100 * self.repondus / self.invites) if self.invites else None


def participation(campagnes):
    """Rend la participation à une ou à plusieurs campagnes ; elle se connaît même avant la fermeture."""
    comptes = Invitation.objects.filter(campagne__in=_liste(campagnes)).aggregate(
        invites=Count("pk"), repondus=Count("pk", filter=Q(remplie=True))
    )
    return Participation(**comptes)


def non_repondants(campagne):
    """Rend les invitations restées sans réponse : qui relancer (R-071, Q-18)."""
    return campagne.invitations.filter(remplie=False).select_related("personne")


def resultats(campagnes):
    """Rend les résultats d’une campagne ou de plusieurs du même questionnaire, textes compris (R-073, R-143, R-154)."""
    # Relues : on peut tenir une campagne d’avant sa fermeture.
    demandees = list(Campagne.objects.filter(pk__in=[campagne.pk for campagne in _liste(campagnes)]))
    return _regrouper(demandees, _lots_de(demandees), textes=True)


def resultats_par_annee(codes, annees):
    """Rend {(code du questionnaire, année): Résultats}, sans les textes, en un nombre constant de requêtes.

    `annees` : leur 1er avril.
    """
    campagnes = Campagne.objects.filter(questionnaire__code__in=codes, annee__in=annees).select_related("questionnaire")
    demandees = defaultdict(list)
    for campagne in campagnes:
        demandees[campagne.questionnaire.code, campagne.annee].append(campagne)
    lots = _lots_de(campagnes)
    return {(code, annee): _regrouper(demandees[code, annee], lots) for code in codes for annee in annees}


def _regrouper(demandees, lots, *, textes=False):
    """Rend les Resultats des lots dont toutes les campagnes sont demandées : un lot entamé laisserait deviner le reste."""
    voulues = {campagne.pk for campagne in demandees}
    entiers = [lot for lot in lots if {campagne.pk for campagne in lot.campagnes.all()} <= voulues]
    if not entiers:
        return Resultats(attente=_attente(demandees))
    sommes = {(question.code, question.sorte): _Somme(question) for question in _questions(entiers)}
    for lot in entiers:
        _ajouter(lot, sommes)
    if textes:
        _ajouter_les_textes(entiers, sommes)
    return Resultats(
        reponses=sum(lot.reponses for lot in entiers), questions=tuple(somme.resultat() for somme in sommes.values())
    )


def _liste(campagnes):
    return [campagnes] if isinstance(campagnes, Campagne) else list(campagnes)


def _lots_de(campagnes):
    """Rend les lots où paraissent ces campagnes, avec toutes celles qu’ils réunissent."""
    lots = Lot.objects.filter(campagnes__in=[campagne.pk for campagne in campagnes]).distinct().order_by("pk")
    return list(lots.prefetch_related("campagnes__questionnaire"))


def _attente(campagnes):
    if not campagnes:
        return AUCUNE
    if any(campagne.fermee_le is None for campagne in campagnes):
        return OUVERTE
    return MELEES if any(campagne.lot_id for campagne in campagnes) else TROP_PEU


def _questions(lots):
    """Rend les questions de toutes les versions en cause, la plus récente donnant l’ordre et la lettre."""
    versions = {campagne.questionnaire for lot in lots for campagne in lot.campagnes.all()}
    retenues = {}
    for questionnaire in sorted(versions, key=lambda version: -version.version):
        for question in questionnaire.liste:
            retenues.setdefault((question.code, question.sorte), question)
    return list(retenues.values())


def _ajouter(lot, sommes):
    # Qui a répondu deux fois ne compte pas pour deux personnes ; on ignore à quelles questions, donc on retient le pire.
    doublons = lot.reponses - lot.repondants
    for compte in lot.comptes:
        somme = sommes[compte["code"], compte["sorte"]]
        valeurs = Counter({valeur: fois for valeur, fois in compte["valeurs"] if somme.question.accepte(valeur)})
        if valeurs.total() - doublons >= PETIT_NOMBRE:
            somme.valeurs += valeurs


def _ajouter_les_textes(lots, sommes):
    """Ajoute les textes des lots : ils ne se comptent pas, n’importe lequel des cinq peut en avoir écrit un."""
    libres = [somme for somme in sommes.values() if somme.question.sorte == SorteQuestion.TEXTE]
    if not libres:
        return
    for contenu in Reponse.objects.filter(campagne__lot__in=lots).values_list("contenu", flat=True):
        donnees = json.loads(contenu)
        for somme in libres:
            if texte := donnees.get(somme.question.code):
                somme.textes.append(texte)


class _Somme:
    def __init__(self, question):
        self.question, self.valeurs, self.textes = question, Counter(), []

    def resultat(self):
        """Rend ce qui paraît de la question ; les textes, chaque fois dans un autre ordre."""
        question, valeurs = self.question, self.valeurs
        if question.sorte == SorteQuestion.TEXTE:
            SystemRandom().shuffle(self.textes)
            return ResultatQuestion(question, len(self.textes), textes=tuple(self.textes))
        nombre = valeurs.total()
        if question.chiffree:
            moyenne = sum(valeur * fois for valeur, fois in valeurs.items()) / nombre if nombre else None
            return ResultatQuestion(question, nombre, moyenne)
        parts = tuple(Part(libelle, valeurs[code]) for code, libelle in question.choix) if valeurs else ()
        return ResultatQuestion(question, nombre, repartition=parts)
