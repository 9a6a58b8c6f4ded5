"""Ce qu’on relève d’une base, en SQL : migrations, comptes de lignes, têtes du journal, fichiers qu’elle désigne.

Le même relevé se fait sur la base figée, puis sur la base restaurée avant toute migration : en SQL, il ne dépend pas des
modèles du jour.
"""

import hashlib

from django.apps import apps
from django.conf import settings
from django.db import connection, models

# Les sessions et le cache ne se restaurent pas : une session fermée depuis revivrait.
SANS_LIGNES = ("django_session",)
# La colonne qui garde le condensé de chaque colonne de fichier.
CONDENSES = {"fichiers.fichier.contenu": "empreinte", "documents.document.fichier": "empreinte_pdf"}


def tables_sans_lignes():
    """Rend les tables dont la sauvegarde ne garde que la structure."""
    caches = [cache["LOCATION"] for cache in settings.CACHES.values() if cache["BACKEND"].endswith(".DatabaseCache")]
    return [*SANS_LIGNES, *caches]


def relever(curseur):
    """Rend {migrations, tables, journal} de la base que lit `curseur`."""
    tables = sorted(table.name for table in connection.introspection.get_table_list(curseur) if table.type == "t")
    comptees = [table for table in tables if table not in tables_sans_lignes()]
    return {
        "migrations": [
            list(ligne) for ligne in _lignes(curseur, "SELECT app, name FROM django_migrations ORDER BY id")
        ],
        "tables": {table: _lignes(curseur, f'SELECT count(*) FROM "{table}"')[0][0] for table in comptees},  # noqa: S608
        "journal": _journal(curseur),
    }


def _journal(curseur):
    """Rend le bout du journal : nombre d’entrées, dernier numéro, et le condensé de toutes les têtes de chaîne."""
    entrees, derniere = _lignes(curseur, "SELECT count(*), coalesce(max(id), 0) FROM journal_entree")[0]
    tetes = sorted(_lignes(curseur, "SELECT chaine, rang, empreinte FROM journal_tete WHERE rang > 0"))
    somme = hashlib.sha256("".join(f"{chaine}\t{rang}\t{bout}\n" for chaine, rang, bout in tetes).encode())
    return {"entrees": entrees, "derniere": derniere, "chaines": len(tetes), "tete": somme.hexdigest()}


def colonnes_de_fichiers():
    """Rend (modèle, champ) de chaque colonne qui désigne un fichier du stockage."""
    return [
        (modele, champ)
        for modele in apps.get_models()
        for champ in modele._meta.local_concrete_fields
        if isinstance(champ, models.FileField)
    ]


def fichiers_designes(curseur):
    """Rend {nom dans le stockage: condensé gardé en base}, dans l’ordre des noms."""
    trouves = {}
    for modele, champ in colonnes_de_fichiers():
        condense = CONDENSES[f"{modele._meta.label_lower}.{champ.name}"]
        requete = f'SELECT "{champ.column}", "{condense}" FROM "{modele._meta.db_table}" WHERE "{champ.column}" <> \'\''  # noqa: S608
        trouves |= dict(_lignes(curseur, requete))
    return dict(sorted(trouves.items()))


def _lignes(curseur, requete):
    curseur.execute(requete)
    return curseur.fetchall()
