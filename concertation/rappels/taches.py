"""Les gestes que le comité attend d’une personne, pour la page « À faire » : un code, jamais un mot de la situation.

La pastille du menu les compte à chaque page : tout se lit en une requête, quel que soit le nombre de dossiers. Qui est
exclu d’une situation n’en voit aucun, fût-il coordonnateur (N-02).
"""

from collections import namedtuple

from django.db.models import CharField, DateField, DateTimeField, Exists, F, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from concertation.droits import (
    DROITS_ANALYSE,
    DROITS_EXCEPTION,
    DROITS_IMPASSE,
    DROITS_NOMINATION,
    DROITS_ORIENTATION,
    DROITS_SITUATION,
)
from concertation.models import (
    OUVERTES,
    AccesExceptionnel,
    AnalyseMensuelle,
    EtatAnalyse,
    EtatComite,
    EtatImpasse,
    EtatSituation,
    ImpasseRecurrente,
    Inscription,
    Nomination,
    Orientation,
    RencontreComite,
    SituationComplexe,
)
from concertation.models.acces import ATTENTE_EXCEPTION
from concertation.rappels.confiees import confiees
from concertation.trajectoire import SITUATION, TRAJECTOIRE_COMITE, TRAJECTOIRE_SITUATION
from encadrement.acces.requetes import RequeteParPersonne
from encadrement.accueil.mesures import Tache
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.dessin import condition_attendue

E = EtatSituation
_TEXTE = CharField()
_COLONNES = ("sorte", "uuid", "etat", "nom", "rang", "depuis", "jour")
_Ligne = namedtuple("_Ligne", _COLONNES)


def taches(personne):
    """Rend tout ce que le comité attend de cette personne aujourd’hui."""
    jour = jour_local()
    for ligne in map(_Ligne._make, _TOUT.lignes(personne, jour)):
        yield from _LECTURES[ligne.sorte](ligne, jour)


def _tout(personne, jour):
    premiere, *autres = [
        _des_situations("situation", _attendues(personne), jour),
        _des_situations("presentee", _a_presenter(personne), jour),
        _des_situations("fermable", _a_fermer(personne), jour),
        _lignes("orientation", _a_appliquer(personne), nom=F("situation__numero"), rang=F("rang"), jour=F("echeance")),
        *_des_rencontres(personne, jour),
        _lignes(
            "nomination",
            _a_accepter(personne, jour),
            etat=Value("", output_field=_TEXTE),
            nom=F("direction__nom"),
            depuis=Cast(None, DateTimeField()),
        ),
        _lignes("exception", _a_approuver(personne), etat=Value("", output_field=_TEXTE), depuis=F("demande_le")),
        _lignes("impasse", _a_relancer(personne, jour), nom=F("titre"), jour=F("echeance")),
        _lignes("analyse", _a_signer(personne), jour=F("mois")),
    ]
    return premiere.union(*autres, all=True)


# Composée une fois et rejouée : aucune condition d’ici ne dit l’heure qu’il est. Celles qui se referment avec le temps ne
# visent que des dossiers finis, et ce qui suit n’en lit pas.
_TOUT = RequeteParPersonne(_tout)


# — Quels dossiers


def _attendues(personne):
    return SituationComplexe.objects.filter(condition_attendue(personne, TRAJECTOIRE_SITUATION))


def _a_presenter(personne):
    tenue = Inscription.objects.filter(situation=OuterRef("pk"), reportee=False, rencontre__etat=EtatComite.TENUE)
    miennes = DROITS_SITUATION.condition(personne, "presenter")
    return SituationComplexe.objects.filter(miennes, Exists(tenue), etat=E.INSCRITE)


def _a_fermer(personne):
    ouverte = Orientation.objects.filter(situation=OuterRef("pk"), etat__in=OUVERTES)
    return SituationComplexe.objects.filter(
        DROITS_SITUATION.condition(personne, "fermer"), ~Exists(ouverte), etat=E.EN_SUIVI
    )


def _a_appliquer(personne):
    # Le coordonnateur peut les noter toutes ; chacune n’attend que son responsable.
    return confiees().filter(DROITS_ORIENTATION.condition(personne, "appliquer"), responsable=personne)


def _des_rencontres(personne, jour):
    gerees = RencontreComite.objects.filter(TRAJECTOIRE_COMITE["convoquer"].droits.condition(personne, "convoquer"))
    a_convoquer = gerees.filter(etat=EtatComite.PLANIFIEE, depot_le__lt=jour)
    a_tenir = gerees.filter(etat=EtatComite.CONVOQUEE, debut__date__lte=jour)
    for sorte, rencontres in (("convoquer", a_convoquer), ("tenir", a_tenir)):
        yield _lignes(sorte, rencontres, depuis=F("debut"), jour=F("debut__date"))


def _a_accepter(personne, jour):
    acceptables = DROITS_NOMINATION.condition(personne, "approuver")
    encore_utile = Q(fin__isnull=True) | Q(fin__gte=jour)
    return Nomination.objects.filter(acceptables, encore_utile, approuvee_le=None).exclude(proposee_par=personne)


def _a_approuver(personne):
    return AccesExceptionnel.objects.filter(DROITS_EXCEPTION.condition(personne, "approuver"), approuve_le=None)


def _a_relancer(personne, jour):
    siennes = DROITS_IMPASSE.condition(personne, "modifier")
    en_cours = (EtatImpasse.OUVERTE, EtatImpasse.EN_COURS)
    return ImpasseRecurrente.objects.filter(siennes, responsable=personne, etat__in=en_cours, echeance__lt=jour)


def _a_signer(personne):
    return AnalyseMensuelle.objects.filter(DROITS_ANALYSE.condition(personne, "signer"), etat=EtatAnalyse.A_SIGNER)


def _des_situations(sorte, situations, jour):
    """Rend les situations en lignes ; ce qui n’est pas encore déposé a pour échéance le prochain dépôt (R-228)."""
    ouvertes = RencontreComite.objects.filter(etat__in=(EtatComite.PLANIFIEE, EtatComite.CONVOQUEE), depot_le__gte=jour)
    prochain = Subquery(ouvertes.order_by("depot_le").values("depot_le")[:1], output_field=DateField())
    return _lignes(sorte, situations, nom=F("numero"), jour=prochain)


def _lignes(sorte, objets, **colonnes):
    """Rend les dossiers en lignes de `_COLONNES`."""
    valeurs = {
        "c_sorte": Value(sorte, output_field=_TEXTE),
        "c_uuid": F("uuid"),
        "c_etat": colonnes.get("etat", F("etat")),
        "c_nom": colonnes.get("nom", Value("", output_field=_TEXTE)),
        "c_rang": Cast(colonnes.get("rang", Value(0)), IntegerField()),
        "c_depuis": colonnes.get("depuis", F("depuis")),
        "c_jour": colonnes.get("jour", Cast(None, DateField())),
    }
    return objets.order_by().annotate(**valeurs).values_list(*valeurs)


# — Quel geste


def _tache(geste, dossier, nom, ligne, jour, *, echeance=None, **options):
    return Tache(
        geste=geste,
        dossier=dossier,
        url=reverse(f"concertation:{nom}", args=[ligne.uuid]),
        echeance=echeance,
        retard=echeance is not None and echeance < jour,
        **options,
    )


# Où l’on lit ou écrit avant d’agir : une demande n’est pas recevable d’avance, un plan s’écrit avant d’être établi.
_A_ECRIRE = {
    E.BROUILLON: ("Écrire ma demande au comité", "situation_modifier"),
    E.TRANSMISE: ("Analyser la recevabilité", "situation"),
    E.PRESENTEE: ("Établir le plan de concertation", "situation_plan"),
}
_AVANT_LE_DEPOT = (E.BROUILLON, E.A_ATTESTER)


def _situation(ligne, jour):
    transition = next(transition for transition in TRAJECTOIRE_SITUATION.depuis(ligne.etat) if transition.attendue)
    geste, nom = _A_ECRIRE.get(ligne.etat, (transition.libelle, f"situation_{transition.code}"))
    echeance = ligne.jour if ligne.etat in _AVANT_LE_DEPOT else None
    ton = transition.ton
    yield _tache(geste, f"Situation {ligne.nom}", nom, ligne, jour, echeance=echeance, depuis=ligne.depuis, ton=ton)


def _franchir(code):
    def lire(ligne, jour):
        transition = SITUATION[code]
        nom, ton = f"situation_{code}", transition.ton
        yield _tache(transition.libelle, f"Situation {ligne.nom}", nom, ligne, jour, depuis=ligne.depuis, ton=ton)

    return lire


def _orientation(ligne, jour):
    dossier = f"Situation {ligne.nom}, orientation {ligne.rang}"
    geste = "Appliquer l’orientation, ou dire où elle en est"
    yield _tache(geste, dossier, "orientation", ligne, jour, echeance=ligne.jour, depuis=ligne.depuis)


def _comite(ligne):
    return f"Comité du {date_format(ligne.jour, 'j F Y')}"


def _convoquer(ligne, jour):
    if ligne.jour < jour:
        # Passée sans convocation, elle ne s’est pas tenue.
        geste, nom = "Annuler la rencontre, qui n’a pas été convoquée", "rencontre_annuler"
    else:
        geste, nom = "Convoquer la rencontre", "rencontre_convoquer"
    yield _tache(geste, _comite(ligne), nom, ligne, jour, echeance=ligne.jour, ton="principal")


def _tenir(ligne, jour):
    if ligne.depuis <= timezone.now():
        yield _tache(
            "Noter la rencontre comme tenue", _comite(ligne), "rencontre_tenir", ligne, jour,
            echeance=ligne.jour, ton="principal",
        )  # fmt: skip


def _nomination(ligne, jour):
    yield _tache("Accepter la nomination", f"Comité, {ligne.nom}", "nomination_accepter", ligne, jour, ton="principal")


def _exception(ligne, jour):
    # Une urgence de plus de vingt-quatre heures n’en est plus une : elle ne s’approuve plus.
    if ligne.depuis > timezone.now() - ATTENTE_EXCEPTION:
        yield _tache(
            "Approuver un accès exceptionnel", "Comité de concertation", "exception_approuver", ligne, jour,
            depuis=ligne.depuis, ton="principal",
        )  # fmt: skip


def _impasse(ligne, jour):
    geste = "Dire où en est la solution durable"
    yield _tache(
        geste, f"Impasse récurrente\xa0: {ligne.nom}", "impasse", ligne, jour, echeance=ligne.jour, depuis=ligne.depuis
    )


def _analyse(ligne, jour):
    dossier = f"Analyse des accès, {date_format(ligne.jour, 'F Y')}"
    yield _tache("Conclure et signer l’analyse", dossier, "analyse", ligne, jour, depuis=ligne.depuis, ton="principal")


_LECTURES = {
    "situation": _situation,
    "presentee": _franchir("presenter"),
    "fermable": _franchir("fermer"),
    "orientation": _orientation,
    "convoquer": _convoquer,
    "tenir": _tenir,
    "nomination": _nomination,
    "exception": _exception,
    "impasse": _impasse,
    "analyse": _analyse,
}
