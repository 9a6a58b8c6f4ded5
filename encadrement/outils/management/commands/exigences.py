"""`manage.py exigences` : quels énoncés obligatoires du cadre un essai démontre, et lesquels aucun."""

import ast
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from encadrement.cadre.textes import SECTIONS, Force, bornes, exigences

GENERAL = "R-018-R-041"
PLAGES = {
    "mentorat": (GENERAL, "R-042-R-111", "R-327-R-363", "R-404-R-416"),
    "cdp": (GENERAL, "R-112-R-165", "R-282-R-326", "R-364-R-399", "R-417-R-429"),
    "consultation": (GENERAL, "R-166-R-211", "R-400-R-402"),
    "concertation": (GENERAL, "R-212-R-260", "R-403"),
}


def marques(chemin):
    """Rend les paires (numéro, ligne) des marques `pytest.mark.exigence` d’un fichier d’essais."""
    trouvees = []
    for noeud in ast.walk(ast.parse(chemin.read_text(encoding="utf-8"), filename=str(chemin))):
        if not isinstance(noeud, ast.Call) or not est_une_marque(noeud.func):
            continue
        for argument in noeud.args:
            if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
                raise CommandError(f"{chemin}:{noeud.lineno} : la marque attend des numéros écrits en toutes lettres.")
            trouvees.append((argument.value, noeud.lineno))
    return trouvees


def est_une_marque(appel):
    """Dit si l’appel est `….mark.exigence(…)`."""
    return (
        isinstance(appel, ast.Attribute)
        and appel.attr == "exigence"
        and isinstance(appel.value, ast.Attribute)
        and appel.value.attr == "mark"
    )


def numeros_demontres(dossier):
    """Rend les numéros marqués par les essais du dossier ; CommandError si l’un n’est pas un énoncé du cadre."""
    connus = {e.numero for e in exigences()}
    demontres = set()
    for chemin in sorted(dossier.rglob("*.py")):
        for numero, ligne in marques(chemin):
            if numero not in connus:
                raise CommandError(f"{chemin}:{ligne} : « {numero} » n’est pas un énoncé du cadre.")
            demontres.add(numero)
    return demontres


def obligatoires(plage):
    """Rend les énoncés obligatoires de la plage (« R-042-R-111 ») ; CommandError si elle est mal écrite."""
    try:
        de, a = bornes(plage)
    except ValueError as mal_ecrite:
        raise CommandError(f"{mal_ecrite}. Écrire par exemple R-042-R-111.") from mal_ecrite
    return [e for e in exigences() if e.force == Force.OBLIGATOIRE and de <= e.rang <= a]


class Command(BaseCommand):
    help = "Compte les énoncés obligatoires du cadre qu’au moins un essai démontre, et nomme ceux qui manquent."

    def add_arguments(self, parser):
        parser.add_argument("--plage", nargs="+", default=[], help="une ou plusieurs plages, par exemple R-042-R-111")
        parser.add_argument("--mesure", choices=sorted(PLAGES), help="les plages d’une mesure et les rôles généraux")
        parser.add_argument("--strict", action="store_true", help="échouer s’il manque un énoncé")
        parser.add_argument("--essais", type=Path, default=settings.RACINE / "tests", help="le dossier des essais")

    def handle(self, *, plage, mesure, strict, essais, **_):
        demontres = numeros_demontres(essais)
        self.montrer_les_sections(demontres)
        retenues = (*PLAGES.get(mesure, ()), *plage) or PLAGES["mentorat"]
        manquants = [e for retenue in retenues for e in self.montrer_la_plage(retenue, demontres)]
        if strict and manquants:
            raise CommandError(f"{len(manquants)} énoncé(s) obligatoire(s) sans essai.", returncode=1)

    def montrer_les_sections(self, demontres):
        self.stdout.write("Énoncés obligatoires démontrés par un essai, par section")
        lignes = [(f"{s.de}-{s.a}", f"{s.titre} ({s.de} à {s.a})") for s in SECTIONS]
        for plage, titre in [*lignes, ("R-001-R-488", "Ensemble")]:
            attendus = obligatoires(plage)
            faits = sum(e.numero in demontres for e in attendus)
            self.stdout.write(f"  {faits:>3} / {len(attendus):<3}  {titre}")

    def montrer_la_plage(self, plage, demontres):
        attendus = obligatoires(plage)
        manquants = [e for e in attendus if e.numero not in demontres]
        self.stdout.write(f"\n{plage} : {len(attendus) - len(manquants)} / {len(attendus)}")
        for exigence in manquants:
            self.stdout.write(f"  {exigence.numero}  {exigence.enonce}")
        return manquants
