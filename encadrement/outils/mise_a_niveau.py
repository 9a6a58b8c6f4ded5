"""Dire d’avance ce qu’une mise à niveau demande : peut-elle se faire pendant que l’ancienne version sert, et s’en défait-on.

Une opération est « à chaud » si l’ancien code continue de lire et d’écrire après elle. Dans le doute, elle est « à froid » :
une migration qui sait mieux l’écrit, `A_CHAUD = "pourquoi"`, comme celle qui ne se défait pas écrit `IRREVERSIBLE = "pourquoi"`.
"""

import importlib
from dataclasses import dataclass

from django.core.management import call_command
from django.db import connection, models
from django.db.migrations import operations
from django.db.migrations.executor import MigrationExecutor

from encadrement.outils.sauvegarde import moteurs

# Sans effet sur ce que l’ancien code lit et écrit, ni longtemps sur les verrous.
_A_CHAUD = (
    operations.CreateModel,
    operations.AddIndex,
    operations.RemoveIndex,
    operations.RenameIndex,
    operations.AlterModelOptions,
    operations.AlterModelManagers,
    operations.RemoveConstraint,
)
# Ce qu’une colonne dit d’elle-même sans que la base le sache.
_SANS_EFFET = {"choices", "verbose_name", "help_text", "validators", "error_messages", "default", "blank", "editable"}


@dataclass(frozen=True)
class Etape:
    """Une migration à venir : pourquoi elle demande d’arrêter l’ancienne version, et pourquoi elle ne se défait pas."""

    nom: str
    a_froid: tuple
    irreversible: str


def plan():
    """Rend les étapes qui attendent cette base, dans l’ordre."""
    executeur = MigrationExecutor(connection)
    attendues = executeur.migration_plan(executeur.loader.graph.leaf_nodes())
    faites = [cle for cle in executeur.loader.applied_migrations if cle in executeur.loader.graph.nodes]
    etat = executeur.loader.project_state(faites)
    return [_etape(migration, etat) for migration, _ in attendues]


def appliquer():
    """Applique ce qui attend, sans les délais faits pour une page ; sans effet s’il n’y a rien."""
    if plan():
        moteurs.actuel().prendre_son_temps()
        call_command("migrate", verbosity=0, interactive=False)


def _etape(migration, etat):
    return Etape(
        f"{migration.app_label}.{migration.name}", raisons(migration, etat), mention(migration, "IRREVERSIBLE")
    )


def mention(migration, nom):
    """Rend la phrase que le fichier de la migration porte sous ce nom, ou ""."""
    return getattr(importlib.import_module(migration.__module__), nom, "")


def raisons(migration, etat):
    """Rend ce qui gênerait l’ancien code, une phrase par opération ; `etat` avance jusqu’après la migration."""
    trouvees, nees = [], set()
    for operation in migration.operations:
        avant = etat.clone()
        operation.state_forwards(migration.app_label, etat)
        if isinstance(operation, operations.CreateModel):
            nees.add(operation.name_lower)
        sur_une_neuve = getattr(operation, "model_name_lower", None) in nees
        if not sur_une_neuve and not _est_a_chaud(operation, migration.app_label, avant):
            trouvees.append(nommer(operation))
    return () if mention(migration, "A_CHAUD") else tuple(trouvees)


def nommer(operation):
    """Rend ce que fait l’opération, dans les mots du fichier : « RemoveField battement.le »."""
    lieu = [getattr(operation, "model_name", ""), getattr(operation, "name", "")]
    return " ".join([type(operation).__name__, ".".join(filter(None, lieu))]).strip()


def _est_a_chaud(operation, application, avant):
    if isinstance(operation, operations.AddField):
        champ = operation.field
        return champ.null or champ.many_to_many or champ.db_default is not models.NOT_PROVIDED
    if isinstance(operation, operations.AlterField):
        ancien = avant.models[application, operation.model_name_lower].fields[operation.name]
        return _en_base(ancien) == _en_base(operation.field)
    return isinstance(operation, _A_CHAUD) or getattr(operation, "a_chaud", False)


def _en_base(champ):
    _, sorte, mots, reglages = champ.deconstruct()
    return sorte, mots, {nom: str(valeur) for nom, valeur in reglages.items() if nom not in _SANS_EFFET}
