"""Les relances : chaque mesure inscrit une source, un seul balayage les fait partir.

Une source est recalculée à chaque balayage : une échéance qui n’existe plus ne relance personne.
"""

import datetime
import hashlib
import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction

from encadrement.notifications.actions import LONGUEUR_CLE, composer, deposer
from encadrement.notifications.calendrier import ajouter_jours_ouvrables, jour_ouvrable_suivant
from encadrement.notifications.models import Rappel, StatutRappel
from encadrement.parametres.lecture import lecture, valeur
from encadrement.parametres.registre import est_declare, parametres
from encadrement.socle.temps import jour_local

TAILLE_DU_LOT = 200


@dataclass(frozen=True)
class Pas:
    """Une relance d’une échéance : `decalage` en jours (ouvrables si dit), et à qui.

    `code` (« J-14 ») est unique dans son échéance ; `destinataires(objet)` est appelé au moment de l’envoi : on écrit
    à qui tient le rôle ce jour-là. `gabarit` remplace celui de l’échéance.
    """

    decalage: int
    code: str
    destinataires: Callable[[Any], Iterable]
    ouvrables: bool = False
    gabarit: str = ""

    def jour(self, jour_du):
        """Rend le jour où la relance part : le jour visé, ou le jour ouvrable qui le suit."""
        if self.ouvrables:
            return jour_ouvrable_suivant(ajouter_jours_ouvrables(jour_du, self.decalage))
        return jour_ouvrable_suivant(jour_du + datetime.timedelta(days=self.decalage))


@dataclass(frozen=True)
class Echeance:
    """Ce qui est dû sur un dossier et les relances qui l’entourent.

    `jour_du` doit rester le même d’un balayage à l’autre : il fait partie de la clé, un nouveau jour dû (entente
    prolongée) fait donc repartir les relances. Une valeur de `contexte` peut être une fonction du dossier, appelée
    seulement si un courriel part ; `calendrier(objet, personne)`, s’il est donné, rend de même la convocation jointe.
    """

    objet: Any
    jalon_base: str
    jour_du: datetime.date
    pas: tuple[Pas, ...]
    gabarit: str
    url: str | None = None
    contexte: dict = field(default_factory=dict)
    calendrier: Callable[[Any, Any], str] | None = None

    def jalon(self, pas):
        return f"{self.jalon_base} {self.jour_du:%Y-%m-%d} {pas.code}"

    def pas_echus(self, jour):
        """Rend les pas dont le jour est venu, du plus ancien au plus récent."""
        dates = ((pas.jour(self.jour_du), rang, pas) for rang, pas in enumerate(self.pas))
        return [pas for _, _, pas in sorted((date for date in dates if date[0] <= jour), key=lambda date: date[:2])]


@dataclass(frozen=True)
class SourceDeRappels:
    """Les échéances d’une mesure ; `echeances(jour)` ne rend que celles que `jour` peut concerner.

    `tient_encore(echeance)`, s’il est donné, est rappelé une fois le dossier verrouillé et relu, juste avant d’écrire
    la relance : un dossier fermé entre-temps ne relance plus.
    """

    mesure: str
    echeances: Callable[[datetime.date], Iterable[Echeance]]
    tient_encore: Callable[[Echeance], bool] | None = None


_sources = {}


def inscrire(source):
    """Inscrit une source sous le nom de sa mesure ; la réinscrire la remplace."""
    _sources[source.mesure] = source


def sources():
    """Rend les sources inscrites."""
    return list(_sources.values())


def balayer_rappels(jour=None):
    """Fait partir les relances dues au jour local `jour` et rend leur nombre ; le rejouer ne double rien.

    De plusieurs relances en retard pour une même personne, seule la plus récente part ; les autres sont notées
    remplacées. La panne d’une source ou d’un dossier n’arrête pas les autres : ExceptionGroup les lève à la fin.
    """
    jour = jour or jour_local()
    cloison, parties = _Cloison(), 0
    # Les délais que la DSM a réglés se lisent une fois : tout le balayage suit les mêmes.
    with lecture():
        for source in sources():
            with cloison:
                for lot in _lots_echus(source, jour):
                    parties += _relancer_lot(source, lot, cloison)
    cloison.lever()
    return parties


class _Cloison:
    """Retient la panne d’un dossier le temps que les autres passent ; l’arrêt demandé du travailleur la traverse."""

    def __init__(self):
        self.pannes = []

    def __enter__(self):
        return self

    def __exit__(self, sorte, panne, trace) -> bool:
        if not isinstance(panne, Exception) or isinstance(panne, SoftTimeLimitExceeded):
            return False
        self.pannes = [*self.pannes, panne][:20]
        return True

    def lever(self):
        if self.pannes:
            raise ExceptionGroup("Des relances n’ont pas pu partir ; elles seront retentées.", self.pannes)


def _lots_echus(source, jour):
    """Rend, par lots, les (échéance, pas échus) : la mémoire ne suit pas le nombre de dossiers."""
    echues = ((echeance, pas) for echeance in source.echeances(jour) if (pas := echeance.pas_echus(jour)))
    while lot := list(itertools.islice(echues, TAILLE_DU_LOT)):
        yield lot


def _relancer_lot(source, lot, cloison):
    """Écrit le lot d’un coup ; s’il contient un dossier en panne, dossier par dossier, pour ne retenir que celui-là."""
    faits = _deja_faits([echeance for echeance, _ in lot])
    ouverts = [
        (echeance, echus)
        for echeance, echus in lot
        if any(echeance.jalon(pas) not in faits.get(echeance.objet.uuid, ()) for pas in echus)
    ]
    if not ouverts:
        return 0
    with _Cloison():
        return _ecrire(source, ouverts, faits)
    parties = 0
    for dossier in ouverts:
        with cloison:
            parties += _ecrire(source, [dossier], faits)
    return parties


def _deja_faits(echeances):
    """Rend {dossier: jalons déjà relancés}. Un jalon relancé est clos : changer de titulaire ne le rouvre pas."""
    faits = {}
    lignes = Rappel.objects.filter(objet_uuid__in={echeance.objet.uuid for echeance in echeances})
    for dossier, jalon in lignes.values_list("objet_uuid", "jalon").distinct():
        faits.setdefault(dossier, set()).add(jalon)
    return faits


@transaction.atomic
def _ecrire(source, dossiers, faits):
    """Écrit, dans une transaction, les courriels et les relances de ces dossiers ; rend le nombre qui partent."""
    if source.tient_encore is not None:
        dossiers = _encore_dus(source, dossiers)
    lignes, relances = [], []
    for echeance, echus in dossiers:
        for pas, personne, statut in _choisir(echeance, echus, faits.get(echeance.objet.uuid, ())):
            courriels = _composer(echeance, pas, personne) if statut == StatutRappel.PARTI else []
            lignes += courriels
            relances.append((_rappel(source, echeance, pas, personne, statut), [ligne.cle for ligne in courriels]))
    numeros = deposer(lignes)
    for rappel, cles in relances:
        rappel.courriel_id = next((numeros[cle] for cle in cles), None)
    Rappel.objects.bulk_create([rappel for rappel, _ in relances], ignore_conflicts=True)
    return len(lignes)


def _encore_dus(source, dossiers):
    """Verrouille et relit les dossiers, et rend ceux dont l’échéance tient toujours."""
    relus = {}
    for modele in {type(echeance.objet) for echeance, _ in dossiers}:
        pks = [echeance.objet.pk for echeance, _ in dossiers if type(echeance.objet) is modele]
        # Toujours dans le même ordre : deux balayages ne s’attendent pas l’un l’autre.
        verrou = modele._default_manager.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk")
        relus |= {(modele, objet.pk): objet for objet in verrou}
    fraiches = (
        (replace(echeance, objet=relus[type(echeance.objet), echeance.objet.pk]), echus)
        for echeance, echus in dossiers
        if (type(echeance.objet), echeance.objet.pk) in relus
    )
    return [(echeance, echus) for echeance, echus in fraiches if source.tient_encore(echeance)]


def _choisir(echeance, echus, faits):
    """Rend les (pas, personne, statut) à écrire : le dernier pas échu de chacun part, les autres sont remplacés."""
    dernier, remplaces = {}, []
    for pas in echus:
        for personne in _joignables(pas.destinataires(echeance.objet)):
            if personne.pk in dernier:
                remplaces.append((*dernier[personne.pk], StatutRappel.REMPLACE))
            dernier[personne.pk] = (pas, personne)
    choisis = [*remplaces, *((pas, personne, StatutRappel.PARTI) for pas, personne in dernier.values())]
    return [choix for choix in choisis if echeance.jalon(choix[0]) not in faits]


def _joignables(personnes):
    uniques = {personne.pk: personne for personne in personnes if personne is not None and personne.is_active}
    return uniques.values()


def _composer(echeance, pas, personne):
    objet = echeance.objet
    contexte = {nom: valeur(objet) if callable(valeur) else valeur for nom, valeur in echeance.contexte.items()}
    return composer(
        pas.gabarit or echeance.gabarit,
        objet,
        a=[personne],
        cle=echeance.jalon(pas),
        url=echeance.url,
        contexte={"jour_du": echeance.jour_du, "pas": pas.code, **contexte},
        calendrier=echeance.calendrier(objet, personne) if echeance.calendrier else "",
    )


def _rappel(source, echeance, pas, personne, statut):
    jalon = echeance.jalon(pas)
    objet = echeance.objet
    cle = f"{source.mesure}:{objet.uuid}:{jalon}:{personne.uuid}"
    if len(cle) > LONGUEUR_CLE:
        cle = f"{source.mesure}:{hashlib.sha256(cle.encode()).hexdigest()}"
    return Rappel(
        cle=cle,
        mesure=source.mesure,
        objet_type=objet._meta.label_lower,
        objet_uuid=objet.uuid,
        jalon=jalon,
        destinataire=personne,
        jour=pas.jour(echeance.jour_du),
        statut=statut,
    )


def pas_hebdomadaires(destinataires, *, depuis=7, nombre=12):
    """Rend les pas « puis chaque semaine » : à J+`depuis`, puis tous les sept jours, `nombre` fois."""
    decalages = range(depuis, depuis + 7 * nombre, 7)
    return tuple(Pas(decalage, f"J+{decalage}", destinataires) for decalage in decalages)


UNE_SEMAINE = 7


def periode_echue(jour, *, depuis, tous_les, origine):
    """Rend (jour dû, décalage) de la dernière période de `tous_les` jours écoulée depuis `depuis`, ou None.

    Sert aux relances « une fois par période » : sans rencontre depuis six semaines, puis six semaines plus tard… Le jour
    dû compte les périodes à leur longueur d’`origine` : il est dans la clé, et la relance de ce rang ne repart pas quand la
    DSM en change la longueur. Le décalage, en jours, le ramène au vrai jour.
    """
    rang, reste = divmod((jour - depuis).days, tous_les)
    # On vient de raccourcir la période et la suivante est à quelques jours : une seule relance suffit.
    presque_la_suivante = tous_les < origine and tous_les - reste < UNE_SEMAINE
    if rang <= 0 or presque_la_suivante:
        return None
    return depuis + datetime.timedelta(days=rang * origine), rang * (tous_les - origine)


GABARIT_ATTENTE = "notifications/attente"


ATTENTE = "rappels.attente"


def delais_d_attente(mesure):
    """Rend les trois délais, en jours ouvrables, qu’une mesure laisse à qui doit agir : les siens, ou ceux de la maison."""
    code = f"{mesure}.{ATTENTE}"
    return valeur(code if est_declare(code) else ATTENTE)


def plus_court_delai_d_attente():
    """Rend le plus court des premiers délais d’attente, toutes mesures réunies."""
    return min(valeur(ligne.code)[0] for ligne in parametres() if ligne.code.endswith(ATTENTE))


def attente(objet, *, geste, dossier, depuis, qui, superieurs=None, url=None):
    """Rend l’échéance d’une signature ou d’une approbation en attente depuis l’instant `depuis`.

    `geste` (« approuver l’entente ») et `dossier` (« Entente de mentorat de… ») se lisent dans le courriel. Celui qui
    doit agir, `qui(objet)`, est relancé à 3 et 7 jours ouvrables, si la DSM n’en décide pas autrement ; à 15, ce sont ses
    supérieurs (par défaut, le supérieur immédiat de chacun). Le code d’un pas ne suit pas son délai : il est dans la clé.
    """
    premiere, seconde, derniere = delais_d_attente(objet._meta.app_label)
    au_dessus = superieurs or (lambda dossier_: [personne.superieur for personne in qui(dossier_)])
    return Echeance(
        objet=objet,
        jalon_base=geste[:40],
        jour_du=jour_local(depuis),
        pas=(
            Pas(premiere, "J+3 ouvrables", qui, ouvrables=True),
            Pas(seconde, "J+7 ouvrables", qui, ouvrables=True),
            Pas(
                derniere,
                "J+15 ouvrables",
                au_dessus,
                ouvrables=True,
                gabarit=f"{GABARIT_ATTENTE}_superieur",
            ),
        ),
        gabarit=GABARIT_ATTENTE,
        url=url,
        contexte={
            "geste": geste,
            "dossier": dossier,
            "attendus": lambda relu: ", ".join(personne.nom_complet for personne in qui(relu)),
        },
    )
