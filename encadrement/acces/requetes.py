"""Une requête faite pour une personne : composée par sorte de personne, elle se rejoue pour chacune (socle/requetes.py).

La pastille « À faire » interroge la base à chaque page, et ce qu’on peut lire dépend des titres qu’on tient.
"""

from encadrement.personnes.models import Personne
from encadrement.socle.requetes import CLE, JOUR, Gardees, RequetePreparee

_SORTES_GARDEES = 256


class RequeteParPersonne:
    """Rejoue pour chacun la requête que `composer(personne, jour)` rend, un `values_list` ; `jour` s’y lit tel quel.

    `composer` ne lit de la personne que sa clé, ses rôles en vigueur, ceux qu’elle représente et son appartenance au CM.
    """

    def __init__(self, composer):
        self._composer = composer
        self._gardees = Gardees(_SORTES_GARDEES)

    def lignes(self, personne, jour):
        """Rend les lignes de cette personne ce jour-là, en une requête au plus."""
        representes = sorted(personne.represente_ids - {personne.pk})
        sorte = (personne.roles_attribues, personne.membre_cm, len(representes))
        requete = self._gardees.prendre(sorte, lambda: self._preparer(*sorte))
        return requete.lignes(personne.pk, jour, *representes) if personne.is_active else []

    def _preparer(self, roles, membre_cm, combien):
        def composer(moi, jour, *representes):
            modele = Personne(pk=moi, membre_cm=membre_cm)
            modele.roles_attribues = roles
            modele.represente_ids = frozenset([moi, *representes])
            return self._composer(modele, jour)

        return RequetePreparee(composer, CLE, JOUR, *[CLE] * combien)
