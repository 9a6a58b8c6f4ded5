"""Les relances : chaque mesure inscrit une source, un seul balayage les fait partir.

Une source est recalculée à chaque balayage : une échéance qui n’existe plus ne relance personne.
"""

import datetime
import hashlib
import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.utils.functional import SimpleLazyObject

from encadrement.notifications.actions import notifier
from encadrement.notifications.calendrier import ajouter_jours_ouvrables, jour_ouvrable_suivant
from encadrement.notifications.models import Rappel, StatutRappel
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
    prolongée) fait donc repartir les relances.
    """

    objet: Any
    jalon_base: str
    jour_du: datetime.date
    pas: tuple[Pas, ...]
    gabarit: str
    url: str | None = None
    contexte: dict = field(default_factory=dict)

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

    def __exit__(self, sorte, panne, trace):
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
    faits, parties = _deja_faits([echeance for echeance, _ in lot]), 0
    for echeance, echus in lot:
        ouverts = [pas for pas in echus if echeance.jalon(pas) not in faits.get(echeance.objet.uuid, ())]
        if ouverts:
            with cloison:
                parties += _relancer(source, echeance, echus, ouverts)
    return parties


def _deja_faits(echeances):
    """Rend {dossier: jalons déjà relancés}. Un jalon relancé est clos : changer de titulaire ne le rouvre pas."""
    faits = {}
    lignes = Rappel.objects.filter(objet_uuid__in={echeance.objet.uuid for echeance in echeances})
    for dossier, jalon in lignes.values_list("objet_uuid", "jalon").distinct():
        faits.setdefault(dossier, set()).add(jalon)
    return faits


@transaction.atomic
def _relancer(source, echeance, echus, ouverts):
    """Écrit, dans une transaction, les relances de ce dossier : la dernière de chacun part, les autres sont closes."""
    if source.tient_encore is not None:
        _verrouiller(echeance.objet)
        if not source.tient_encore(echeance):
            return 0
    dernier, remplaces = {}, []
    for pas in echus:
        for personne in _joignables(pas.destinataires(echeance.objet)):
            if personne.pk in dernier:
                remplaces.append(dernier[personne.pk])
            dernier[personne.pk] = (pas, personne)
    remplaces = [(pas, personne) for pas, personne in remplaces if pas in ouverts]
    a_faire = [(pas, personne) for pas, personne in dernier.values() if pas in ouverts]
    lignes = [_rappel(source, echeance, pas, personne, StatutRappel.REMPLACE) for pas, personne in remplaces]
    for pas in dict.fromkeys(pas for pas, _ in a_faire):
        personnes = [personne for choisi, personne in a_faire if choisi is pas]
        lignes += _faire_partir(source, echeance, pas, personnes)
    Rappel.objects.bulk_create(lignes, ignore_conflicts=True)
    return len(a_faire)


def _verrouiller(objet):
    objet.refresh_from_db(from_queryset=type(objet)._default_manager.select_for_update(of=("self",)))


def _joignables(personnes):
    uniques = {personne.pk: personne for personne in personnes if personne is not None and personne.is_active}
    return uniques.values()


def _faire_partir(source, echeance, pas, personnes):
    courriels = notifier(
        pas.gabarit or echeance.gabarit,
        echeance.objet,
        a=personnes,
        cle=echeance.jalon(pas),
        url=echeance.url,
        contexte={"jour_du": echeance.jour_du, "pas": pas.code, **echeance.contexte},
    )
    par_personne = {courriel.a_id: courriel for courriel in courriels}
    return [
        _rappel(source, echeance, pas, personne, StatutRappel.PARTI, par_personne.get(personne.pk))
        for personne in personnes
    ]


def _rappel(source, echeance, pas, personne, statut, courriel=None):
    jalon = echeance.jalon(pas)
    objet = echeance.objet
    cle = f"{source.mesure}:{objet.uuid}:{jalon}:{personne.uuid}"
    if len(cle) > 200:
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
        courriel=courriel,
    )


def pas_hebdomadaires(destinataires, *, depuis=7, nombre=12):
    """Rend les pas « puis chaque semaine » : à J+`depuis`, puis tous les sept jours, `nombre` fois."""
    decalages = range(depuis, depuis + 7 * nombre, 7)
    return tuple(Pas(decalage, f"J+{decalage}", destinataires) for decalage in decalages)


def periode_echue(jour, *, depuis, tous_les):
    """Rend le jour dû de la dernière période de `tous_les` jours écoulée depuis `depuis`, ou None.

    Sert aux relances « une fois par période » : sans rencontre depuis six semaines, puis six semaines plus tard…
    Le jour rendu reste le même jusqu’à la période suivante.
    """
    ecoulees = (jour - depuis).days // tous_les
    return depuis + datetime.timedelta(days=ecoulees * tous_les) if ecoulees > 0 else None


GABARIT_ATTENTE = "notifications/attente"


def attente(objet, *, geste, dossier, depuis, qui, superieurs=None, url=None, delais=(3, 7, 15)):
    """Rend l’échéance d’une signature ou d’une approbation en attente depuis l’instant `depuis`.

    `geste` (« approuver l’entente ») et `dossier` (« Entente de mentorat de… ») se lisent dans le courriel. Celui qui
    doit agir, `qui(objet)`, est relancé à 3 et 7 jours ouvrables ; à 15, ce sont ses supérieurs (par défaut, le
    supérieur immédiat de chacun).
    """
    premiere, seconde, derniere = delais
    au_dessus = superieurs or (lambda dossier_: [personne.superieur for personne in qui(dossier_)])
    return Echeance(
        objet=objet,
        jalon_base=geste[:40],
        jour_du=jour_local(depuis),
        pas=(
            Pas(premiere, f"J+{premiere} ouvrables", qui, ouvrables=True),
            Pas(seconde, f"J+{seconde} ouvrables", qui, ouvrables=True),
            Pas(
                derniere,
                f"J+{derniere} ouvrables",
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
            # Lus seulement si un courriel part : le balayage reste bon marché quand rien n’est dû.
            "attendus": SimpleLazyObject(lambda: ", ".join(personne.nom_complet for personne in qui(objet))),
        },
    )
