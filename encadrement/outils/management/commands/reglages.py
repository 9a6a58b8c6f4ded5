"""`manage.py reglages` : la table des réglages, telle que le registre la dit, et les deux fichiers qui en sortent."""

import re
import textwrap

from django.conf import settings
from django.core.management import BaseCommand

from encadrement.settings.registre import SECTIONS

EXEMPLE = ".env.example"
PAGE = "docs/exploitation.md"
DEBUT, FIN = "<!-- réglages : début -->", "<!-- réglages : fin -->"

ENTETE = """\
# Réglages de production. Copier, remplir, ne jamais verser au dépôt.
# Sans une valeur obligatoire, ou avec une valeur fausse, rien ne démarre et la ligne à corriger s’affiche.
# Chaque réglage se donne lui-même, ou par un fichier : NOM_FILE=/chemin, pour ce qui ne doit pas se lire ici.
# Écrit par « manage.py reglages --ecrire » à partir de encadrement/settings/registre.py.
"""


class Command(BaseCommand):
    help = "Imprime la table des réglages de production ; --ecrire refait .env.example et la table de la documentation."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--ecrire", action="store_true", help=f"refaire {EXEMPLE} et la table de {PAGE}")

    def handle(self, *, ecrire, **options):
        if not ecrire:
            self.stdout.write(table())
            return
        (settings.RACINE / EXEMPLE).write_text(exemple(), encoding="utf-8")
        page = settings.RACINE / PAGE
        page.write_text(avec_la_table(page.read_text(encoding="utf-8")), encoding="utf-8")
        self.stdout.write(f"{EXEMPLE} et {PAGE} sont à jour.")


def exemple():
    """Rend le contenu de .env.example : l’obligatoire à remplir, le reste en commentaire, à sa valeur par défaut."""
    lignes = [ENTETE]
    for titre, reglages in SECTIONS.items():
        lignes.append(f"# --- {titre} ---")
        for reglage in reglages:
            lignes += textwrap.wrap(reglage.sens, 118, initial_indent="# ", subsequent_indent="# ")
            if reglage.naissance:
                lignes.append(f"# Pour en faire un : {reglage.naissance}")
            lignes.append(reglage.ligne if reglage.obligatoire else f"#{reglage.ligne}")
        lignes.append("")
    return "\n".join(lignes)


def table():
    """Rend la table de docs/exploitation.md."""
    lignes = ["| Réglage | Sens | Forme | Défaut |", "|---|---|---|---|"]
    for titre, reglages in SECTIONS.items():
        lignes.append(f"| **{titre}** | | | |")
        for reglage in reglages:
            secret = " (secret)" if reglage.secret else ""
            lignes.append(f"| `{reglage.nom}`{secret} | {reglage.sens} | {reglage.forme.dite} | {_defaut(reglage)} |")
    return "\n".join(lignes)


def avec_la_table(page):
    """Rend la page où ce qui est entre les deux repères est la table du registre."""
    return re.sub(f"{DEBUT}.*{FIN}", lambda _: f"{DEBUT}\n{table()}\n{FIN}", page, flags=re.DOTALL)


def _defaut(reglage):
    if reglage.obligatoire:
        return "**obligatoire**"
    return f"`{reglage.defaut}`" if reglage.defaut else "vide"
