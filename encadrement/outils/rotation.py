"""Tourner les clés de l’établissement : tout ce qu’elles chiffrent passe à la plus récente, sans rien montrer.

Trois endroits : les clés de dossiers (le coffre), les colonnes chiffrées, les secrets du second facteur. Une valeur qu’une
autre personne récrit pendant ce temps est laissée : elle l’est déjà par la clé récente.
"""

from dataclasses import dataclass, field

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.apps import apps
from django.db import connection, transaction

from encadrement.socle import coffre
from encadrement.socle.champs import ChampChiffre

LOT = 500


@dataclass
class Bilan:
    """Combien de valeurs ont été rechiffrées, par endroit, et celles qu’aucune clé n’ouvre."""

    tournees: dict = field(default_factory=dict)
    fermees: list = field(default_factory=list)


def tourner_les_cles():
    """Rechiffre tout par la clé la plus récente et rend le Bilan ; rejouer ne change rien."""
    bilan = Bilan()
    bilan.tournees["clés de dossiers"], fermees = coffre.tourner()
    bilan.fermees += [f"clé de dossier {nom}" for nom in fermees]
    for modele, colonne in colonnes_chiffrees():
        _tourner_colonne(modele, colonne, bilan)
    _tourner_seconds_facteurs(bilan)
    return bilan


def colonnes_chiffrees():
    """Rend (modèle, champ) de chaque colonne chiffrée par les clés de l’établissement."""
    return [
        (modele, champ)
        for modele in apps.get_models()
        if modele._meta.managed and not modele._meta.proxy
        for champ in modele._meta.local_concrete_fields
        if isinstance(champ, ChampChiffre)
    ]


def _tourner_colonne(modele, champ, bilan):
    """Lit et récrit la colonne en SQL : le champ, lui, déchiffre, et certaines tables n’offrent pas de correction."""
    nom = f"{modele._meta.label_lower}.{champ.name}"
    table, colonne, cle = _noms(modele, champ)
    tournees = 0
    for lot in lots(modele, champ):
        with transaction.atomic(), connection.cursor() as curseur:
            for pk, jeton in lot:
                try:
                    neuf = coffre.rechiffrer(jeton.encode())
                except InvalidToken:
                    bilan.fermees.append(f"{nom} {pk}")
                    continue
                if neuf is not None:
                    curseur.execute(
                        f"UPDATE {table} SET {colonne} = %s WHERE {cle} = %s AND {colonne} = %s",  # noqa: S608
                        [neuf.decode(), pk, jeton],
                    )
                    tournees += curseur.rowcount
    bilan.tournees[nom] = tournees


def lots(modele, champ):
    """Parcourt une colonne chiffrée par lots de (clé primaire, jeton), sans tenir de transaction d’un lot à l’autre."""
    table, colonne, cle = _noms(modele, champ)
    derniere = None
    while True:
        suite, valeurs = ("", []) if derniere is None else (f" AND {cle} > %s", [derniere])
        with connection.cursor() as curseur:
            curseur.execute(
                f"SELECT {cle}, {colonne} FROM {table} WHERE {colonne} <> ''{suite} ORDER BY {cle} LIMIT {LOT}",  # noqa: S608
                valeurs,
            )
            lot = curseur.fetchall()
        if not lot:
            return
        yield lot
        derniere = lot[-1][0]


def _noms(modele, champ):
    """Rend, prêts pour le SQL, le nom de la table, de la colonne et de la clé primaire."""
    noms = (modele._meta.db_table, champ.column, modele._meta.pk.column)
    return [connection.ops.quote_name(nom) for nom in noms]


def _tourner_seconds_facteurs(bilan):
    tournees = 0
    for pk in Authenticator.objects.values_list("pk", flat=True):
        with transaction.atomic():
            facteur = Authenticator.objects.select_for_update().get(pk=pk)
            neufs = {cle: _neuf(valeur) for cle, valeur in facteur.data.items() if cle in ("secret", "seed")}
            if changes := {cle: neuf for cle, neuf in neufs.items() if neuf}:
                facteur.data = {**facteur.data, **changes}
                facteur.save(update_fields=["data"])
                tournees += 1
    bilan.tournees["seconds facteurs"] = tournees


def _neuf(valeur):
    try:
        jeton = coffre.rechiffrer(valeur.encode())
    except InvalidToken:
        return None
    return jeton.decode() if jeton else None
