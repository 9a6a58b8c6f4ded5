"""Une requête composée une fois par l’ORM, et préparée une fois par connexion : seules ses valeurs se donnent ensuite.

Composer une requête coûte souvent dix fois son exécution, et la planifier bien davantage quand elle a une quinzaine de
sous-requêtes, dont PostgreSQL essaie les ordres. Ce que chaque page demande n’a pas à le payer chaque fois.
"""

import datetime
import hashlib
from weakref import WeakKeyDictionary

from django.core.exceptions import EmptyResultSet
from django.db import connection
from psycopg2.extensions import AsIs

# Ce qu’une requête reçoit, et la marque qu’elle porte en attendant : des valeurs qu’aucune donnée n’a.
CLE, JOUR = "bigint", "date"
_MARQUES = {
    CLE: lambda rang: -(10**15) - rang,
    JOUR: lambda rang: datetime.date(1, 1, 1 + rang),
}


class RequetePreparee:
    """La requête que `composer(*valeurs)` rend, un `values_list` ; `sortes` dit de chaque valeur si c’est CLE ou JOUR.

    `composer` n’est appelé qu’une fois, avec des marques : il ne lit rien des valeurs et ne choisit rien d’après elles.
    """

    def __init__(self, composer, *sortes):
        self._composer, self._sortes = composer, sortes
        self._composees = {}

    def lignes(self, *valeurs):
        """Rend les lignes de la requête pour ces valeurs, en une requête au plus."""
        if connection.vendor not in self._composees:
            self._composees[connection.vendor] = self._preparer()
        composee = self._composees[connection.vendor]
        if composee is None:
            return []
        appeler, lire = composee
        adaptees = [_adapter(valeur) for valeur in valeurs]
        with connection.cursor() as curseur:
            curseur.execute(*appeler(adaptees))
            return lire(curseur.fetchall())

    def _preparer(self):
        """Rend (appel, lecture des lignes), ou None si la requête ne peut rien rendre."""
        marques = [_MARQUES[sorte](rang) for rang, sorte in enumerate(self._sortes)]
        compilateur = self._composer(*marques).query.get_compiler(connection=connection)
        try:
            sql, parametres = compilateur.as_sql()
        except EmptyResultSet:
            return None
        convertisseurs = compilateur.get_converters([choix[0] for choix in compilateur.select])
        places = [_adapter(marque) for marque in marques]
        return self._appel(sql, parametres, places), lambda lignes: _convertir(lignes, convertisseurs)

    def _appel(self, sql, parametres, places):
        if connection.vendor == "postgresql":
            return _Preparee(sql, parametres, places, self._sortes)
        return _Remplie(sql, parametres, places)


class Gardees:
    """Des requêtes gardées par clé, `au_plus` à la fois ; pleines, elles s’oublient toutes et se recomposent."""

    def __init__(self, au_plus):
        self._au_plus, self._par_cle = au_plus, {}

    def prendre(self, cle, composer):
        """Rend la requête de cette clé, ou celle que rend `composer()`, qui se garde."""
        # Un autre fil peut tout oublier entre-temps : ce qu’on tient ne se relit pas.
        requete = self._par_cle.get(cle)
        if requete is None:
            if len(self._par_cle) >= self._au_plus:
                self._par_cle.clear()
            requete = self._par_cle[cle] = composer()
        return requete


class _Remplie:
    """Le SQL tel quel, dont on remplace les marques par les valeurs."""

    def __init__(self, sql, parametres, marques):
        self._sql, self._parametres, self._marques = sql, parametres, marques

    def __call__(self, valeurs):
        vraies = dict(zip(self._marques, valeurs, strict=True))
        return self._sql, [vraies.get(parametre, parametre) for parametre in self._parametres]


# Chacune occupe près d’un demi-mégaoctet du serveur, par connexion ; « À faire » en demande la moitié pour toutes les sortes
# de personnes, le tableau de bord de l’année le quart.
PREPAREES_AU_PLUS = 100


class _Preparee:
    """Le SQL que PostgreSQL garde préparé ; ses constantes y sont écrites : un plan qui ne les connaîtrait pas ne saurait
    pas quel état est rare."""

    _par_connexion = WeakKeyDictionary()

    def __init__(self, sql, parametres, marques, sortes):
        places = {marque: AsIs(f"${rang}") for rang, marque in enumerate(marques, 1)}
        self._sql = f"({', '.join(sortes)}) AS {sql}"
        self._parametres = [places.get(parametre, parametre) for parametre in parametres]
        cle = repr((self._sql, parametres))
        self._nom = f"preparee_{hashlib.sha256(cle.encode()).hexdigest()[:32]}"
        self._appel = f"EXECUTE {self._nom} ({', '.join(['%s'] * len(sortes))})"

    def __call__(self, valeurs):
        connection.ensure_connection()
        preparees = self._par_connexion.setdefault(connection.connection, {})
        if self._nom not in preparees:
            self._preparer(preparees)
        # La dernière qui a servi passe à la fin : la première est celle dont on se passe.
        preparees[self._nom] = preparees.pop(self._nom, None)
        return self._appel, valeurs

    def _preparer(self, preparees):
        # Par le curseur du pilote : préparer n’est pas lire, et ne compte pas dans les requêtes d’une page.
        with connection.connection.cursor() as curseur:
            if len(preparees) >= PREPAREES_AU_PLUS:
                curseur.execute(f"DEALLOCATE {next(iter(preparees))}")
                del preparees[next(iter(preparees))]
            curseur.execute(f"PREPARE {self._nom} {self._sql}", self._parametres)


def _adapter(valeur):
    """Rend la valeur comme l’ORM la donne à la base : SQLite ne connaît pas les dates."""
    return connection.ops.adapt_datefield_value(valeur) if isinstance(valeur, datetime.date) else valeur


def _convertir(lignes, convertisseurs):
    """Rend les lignes dans les types de Python : la base peut ne connaître que du texte et des nombres."""
    lues = [list(ligne) for ligne in lignes]
    for colonne, (fonctions, expression) in convertisseurs.items():
        for ligne in lues:
            for fonction in fonctions:
                ligne[colonne] = fonction(ligne[colonne], expression, connection)
    return lues
