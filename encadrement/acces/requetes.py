"""Une requête faite pour une personne, composée une seule fois par sorte de personne, puis rejouée.

La pastille « À faire » interroge la base à chaque page. Composer ces requêtes coûte dix fois leur exécution : on garde le
SQL, écrit pour un modèle de personne, et l’on n’y remplace que ses identifiants et le jour.
"""

import datetime

from django.core.exceptions import EmptyResultSet
from django.db import connection

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
        sql, parametres, lire = self._gardees[sorte]
        adapter = connection.ops.adapt_datefield_value
        vraies = {_MOI: personne.pk, adapter(_JOUR): adapter(jour)}
        vraies |= {_REPRESENTES - rang: pk for rang, pk in enumerate(representes)}
        with connection.cursor() as curseur:
            curseur.execute(sql, [vraies.get(valeur, valeur) for valeur in parametres])
            return lire(curseur.fetchall())

    def _preparer(self, personne, combien):
        """Rend (SQL, paramètres, lecture des lignes), ou None si la requête ne peut rien rendre."""
        modele = Personne(pk=_MOI, membre_cm=personne.membre_cm)
        modele.roles_attribues = personne.roles_attribues
        modele.represente_ids = frozenset([_MOI, *(_REPRESENTES - rang for rang in range(combien))])
        compilateur = self._composer(modele, _JOUR).query.get_compiler(connection=connection)
        try:
            sql, parametres = compilateur.as_sql()
        except EmptyResultSet:
            return None
        convertisseurs = compilateur.get_converters([choix[0] for choix in compilateur.select])
        return sql, parametres, lambda lignes: _convertir(lignes, convertisseurs)


def _convertir(lignes, convertisseurs):
    """Rend les lignes dans les types de Python : la base peut ne connaître que du texte et des nombres."""
    lues = [list(ligne) for ligne in lignes]
    for colonne, (fonctions, expression) in convertisseurs.items():
        for ligne in lues:
            for fonction in fonctions:
                ligne[colonne] = fonction(ligne[colonne], expression, connection)
    return lues
