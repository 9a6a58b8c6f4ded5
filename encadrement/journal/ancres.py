"""Les ancres : l’empreinte du journal, écrite à intervalles hors de la base.

Qui tient la base pourrait réécrire une chaîne et sa tête ; il ne peut pas réécrire les ancres déjà copiées ailleurs.
Chaque ancre scelle les entrées nouvelles et l’ancre précédente : son coût ne suit pas la taille du journal.
"""

import datetime
import fcntl
import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import structlog
from django.conf import settings
from django.utils import timezone

from encadrement.journal.models import Entree

# Une transaction encore ouverte peut valider une entrée dont le numéro précède ceux qu’on lit déjà.
MARGE = datetime.timedelta(minutes=2)

_journal_technique = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Ancre:
    """Le journal jusqu’à l’entrée `derniere` comprise : combien d’entrées et de chaînes nouvelles, quelle empreinte."""

    le: str
    derniere: int
    entrees: int
    chaines: int
    empreinte: str


ORIGINE = Ancre(le="", derniere=0, entrees=0, chaines=0, empreinte="")


def fichier_des_ancres():
    """Rend le chemin du fichier des ancres : une ligne JSON par ancre."""
    return Path(settings.VAR) / "ancres" / "journal.jsonl"


def ancrer():
    """Ajoute au fichier des ancres celle des entrées nouvelles et la rend ; None s’il n’y en a pas.

    L’ancre va aussi au journal technique, que l’établissement recueille sur un autre serveur.
    """
    chemin = fichier_des_ancres()
    chemin.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with chemin.open("a+") as fichier:
        fcntl.flock(fichier, fcntl.LOCK_EX)
        fichier.seek(0)
        *_, precedente = [ORIGINE, *(ancre for ancre in _lire(fichier) if ancre is not None)]
        ancre = _calculer(precedente, _derniere_sure())
        if ancre is None:
            return None
        # Le saut de ligne d’abord : une ancre coupée par un arrêt brutal ne gâte pas la suivante.
        fichier.write("\n" + json.dumps(asdict(ancre), sort_keys=True))
        fichier.flush()
    chemin.chmod(0o600)
    _journal_technique.info("journal_ancre", **asdict(ancre))
    return ancre


def ecarts_avec_les_ancres():
    """Rend, une phrase chacune, les ancres que le journal d’aujourd’hui ne reproduit plus."""
    chemin = fichier_des_ancres()
    if not chemin.exists():
        return
    precedente = ORIGINE
    with chemin.open() as fichier:
        for ancre in _lire(fichier):
            if ancre is None:
                yield "Le fichier des ancres porte une ligne illisible."
                continue
            relue = _calculer(precedente, ancre.derniere)
            if relue is None or (relue.entrees, relue.empreinte) != (ancre.entrees, ancre.empreinte):
                yield (
                    f"Entrées {precedente.derniere + 1} à {ancre.derniere} : elles ne correspondent plus "
                    f"à l’ancre du {ancre.le}."
                )
            precedente = ancre


def _lire(fichier):
    """Rend chaque ancre du fichier, ou None pour une ligne illisible."""
    for ligne in filter(str.strip, fichier):
        try:
            yield Ancre(**json.loads(ligne))
        except (ValueError, TypeError):
            yield None


def _derniere_sure():
    recentes = Entree.objects.filter(quand__gt=timezone.now() - MARGE).order_by("id").values_list("id", flat=True)
    if premiere := recentes.first():
        return premiere - 1
    return Entree.objects.order_by("-id").values_list("id", flat=True).first() or 0


def _calculer(precedente, derniere):
    """Rend l’ancre des entrées qui suivent `precedente`, jusqu’à `derniere` comprise ; None s’il n’y en a aucune."""
    somme, nombre, chaines = hashlib.sha256(precedente.empreinte.encode()), 0, set()
    lignes = Entree.objects.filter(id__gt=precedente.derniere, id__lte=derniere).order_by("id")
    for numero, chaine, rang, empreinte in lignes.values_list("id", "chaine", "rang", "empreinte").iterator(2000):
        somme.update(f"{numero}\t{chaine}\t{rang}\t{empreinte}\n".encode())
        chaines.add(chaine)
        nombre += 1
    if not nombre:
        return None
    return Ancre(
        le=timezone.now().astimezone(datetime.UTC).isoformat(timespec="seconds"),
        derniere=derniere,
        entrees=nombre,
        chaines=len(chaines),
        empreinte=somme.hexdigest(),
    )
