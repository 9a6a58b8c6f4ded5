"""Une requête faite pour une personne, composée une seule fois par sorte de personne, puis rejouée.

La pastille « À faire » interroge la base à chaque page. Composer ces requêtes coûte dix fois leur exécution : on garde le
SQL, écrit pour un modèle de personne, et l’on n’y remplace que ses identifiants et le jour. Les planifier en coûte
cinquante : PostgreSQL les garde préparées aussi longtemps que la connexion.
"""

import datetime
import hashlib
from weakref import WeakKeyDictionary

from django.core.exceptions import EmptyResultSet
from django.db import connection
from psycopg2.extensions import AsIs

from encadrement.personnes.models import Personne

# Des valeurs qu’aucune donnée ne porte : leur place dans les paramètres dit où mettre les vraies.
_MOI = -1
_REPRESENTES = -1000
_JOUR = datetime.date(1, 1, 1)
_SORTES_GARDEES = 256


class RequeteParPersonne:
    """Rejoue pour chacun la requête que `composer(personne, jour)` rend, un `values_list` ; `jour` s’y lit tel quel.

    `composer` ne lit de la personne que sa clé, ses rôles en vigueur, ceux qu’elle représente et son appartenance au CM.
    """

    def __init__(self, composer):
        self._composer = composer
        self._gardees = {}

    def lignes(self, personne, jour):
        """Rend les lignes de cette personne ce jour-là, en une requête au plus."""
        representes = sorted(personne.represente_ids - {personne.pk})
        sorte = (connection.vendor, personne.roles_attribues, len(representes), personne.membre_cm)
        if sorte not in self._gardees:
            if len(self._gardees) >= _SORTES_GARDEES:
                self._gardees.clear()
            self._gardees[sorte] = self._preparer(personne, len(representes))
        if not personne.is_active or self._gardees[sorte] is None:
            return []
        requete, lire = self._gardees[sorte]
        with connection.cursor() as curseur:
            curseur.execute(*requete.appel(personne.pk, jour, representes))
            return lire(curseur.fetchall())

    def _preparer(self, personne, combien):
        """Rend (requête, lecture des lignes), ou None si la requête ne peut rien rendre."""
        modele = Personne(pk=_MOI, membre_cm=personne.membre_cm)
        modele.roles_attribues = personne.roles_attribues
        modele.represente_ids = frozenset([_MOI, *(_REPRESENTES - rang for rang in range(combien))])
        compilateur = self._composer(modele, _JOUR).query.get_compiler(connection=connection)
        try:
            sql, parametres = compilateur.as_sql()
        except EmptyResultSet:
            return None
        convertisseurs = compilateur.get_converters([choix[0] for choix in compilateur.select])
        requete = _Preparee if connection.vendor == "postgresql" else _Remplie
        return requete(sql, parametres, combien), lambda lignes: _convertir(lignes, convertisseurs)


class _Remplie:
    """Le SQL tel quel, dont on remplace les valeurs du modèle par les vraies."""

    def __init__(self, sql, parametres, combien):
        self._sql, self._parametres = sql, parametres

    def appel(self, moi, jour, representes):
        """Rend (SQL, valeurs) à exécuter."""
        adapter = connection.ops.adapt_datefield_value
        vraies = {_MOI: moi, adapter(_JOUR): adapter(jour)}
        vraies |= {_REPRESENTES - rang: pk for rang, pk in enumerate(representes)}
        return self._sql, [vraies.get(valeur, valeur) for valeur in self._parametres]


class _Preparee:
    """Le SQL préparé par PostgreSQL, une fois par connexion : seules la personne et le jour y restent à donner.

    Ses constantes y sont écrites : un plan qui ne les connaîtrait pas ne saurait pas quel état est rare.
    """

    _par_connexion = WeakKeyDictionary()

    def __init__(self, sql, parametres, combien):
        self._sql, self._parametres, self._combien = sql, parametres, combien
        self._nom = "par_personne_" + hashlib.sha256(repr((sql, parametres, combien)).encode()).hexdigest()[:32]

    def appel(self, moi, jour, representes):
        """Rend (SQL, valeurs) à exécuter, la requête étant préparée sur cette connexion."""
        connection.ensure_connection()
        faites = self._par_connexion.setdefault(connection.connection, set())
        if self._nom not in faites:
            self._preparer()
            faites.add(self._nom)
        valeurs = [moi, connection.ops.adapt_datefield_value(jour), *representes]
        return f"EXECUTE {self._nom} ({', '.join(['%s'] * len(valeurs))})", valeurs

    def _preparer(self):
        places = {_MOI: AsIs("$1"), connection.ops.adapt_datefield_value(_JOUR): AsIs("$2")}
        places |= {_REPRESENTES - rang: AsIs(f"${rang + 3}") for rang in range(self._combien)}
        types = ", ".join(["bigint", "date", *["bigint"] * self._combien])
        # Par le curseur du pilote : préparer n’est pas lire, et ne compte pas dans les requêtes d’une page.
        with connection.connection.cursor() as curseur:
            curseur.execute(
                f"PREPARE {self._nom} ({types}) AS {self._sql}",
                [places.get(valeur, valeur) for valeur in self._parametres],
            )


def _convertir(lignes, convertisseurs):
    """Rend les lignes dans les types de Python : la base peut ne connaître que du texte et des nombres."""
    lues = [list(ligne) for ligne in lignes]
    for colonne, (fonctions, expression) in convertisseurs.items():
        for ligne in lues:
            for fonction in fonctions:
                ligne[colonne] = fonction(ligne[colonne], expression, connection)
    return lues
