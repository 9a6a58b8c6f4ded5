"""Le manifeste : d’où vient l’archive, ce qu’elle contient, à quoi la base restaurée doit ressembler."""

import json
from dataclasses import asdict, dataclass

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from encadrement.outils.sauvegarde.refus import RestaurationRefusee
from encadrement.version import VERSION

FORMAT = 1
NOM = "manifeste.json"


@dataclass(frozen=True)
class Manifeste:
    """Écrit le dernier dans l’archive, lu le premier ; `membres` dit le condensé et la taille de chaque fichier."""

    application: str
    fait_le: str
    moteur: str
    migrations: list
    tables: dict
    journal: dict
    membres: dict
    ecarts: list
    format: int = FORMAT

    def en_octets(self):
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode()


def lire(octets):
    """Rend le manifeste ; lève RestaurationRefusee s’il est illisible ou écrit par une version plus récente."""
    try:
        contenu = json.loads(octets)
        if contenu["format"] <= FORMAT:
            return Manifeste(**contenu)
    except (ValueError, TypeError, KeyError) as erreur:
        raise RestaurationRefusee("Le manifeste de cette archive est illisible.") from erreur
    raise RestaurationRefusee(_plus_recente(contenu.get("application", "?")))


def exiger_compatible(manifeste):
    """Lève RestaurationRefusee si ce code est plus ancien que l’archive, ou si la base n’est pas du même moteur."""
    connues = set(MigrationLoader(None).disk_migrations)
    inconnues = [f"{app}.{nom}" for app, nom in manifeste.migrations if (app, nom) not in connues]
    if inconnues or rang(manifeste.application) > rang(VERSION):
        raise RestaurationRefusee(_plus_recente(manifeste.application, inconnues))
    if manifeste.moteur != connection.vendor:
        raise RestaurationRefusee(
            f"Cette archive vient d’une base {manifeste.moteur}, et celle-ci est une base {connection.vendor}."
        )


def rang(version):
    """Rend de quoi comparer deux versions : « 0.10.1 » vient après « 0.9 »."""
    return [int(nombre) for nombre in version.split(".") if nombre.isdigit()]


def _plus_recente(version, inconnues=()):
    detail = f" Migrations inconnues ici\xa0: {', '.join(inconnues)}." if inconnues else ""
    return (
        f"Cette archive vient d’une version plus récente ({version}) que celle-ci ({VERSION})\xa0: installez d’abord cette "
        f"version.{detail}"
    )
