"""Le registre des dossiers ouverts : chaque mesure y écrit à quels titres une personne en a, et le cœur n’en connaît aucune."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Q

from encadrement.acces.matrice import Matrice
from encadrement.mouvements.models import Regard


@dataclass(frozen=True)
class Titre:
    """Un titre auquel une personne tient un dossier : le chemin qui mène du dossier à elle, et les états où il est clos.

    `discrets` : états qu’on ne compte pas d’avance (un brouillon n’appartient qu’à son auteur). `en_partant_seulement` :
    un changement de gestionnaire ou de service n’y touche pas. `charge` mène du dossier à qui en décide; vide, c’est le
    gestionnaire de la personne.
    """

    titre: str
    droits: Matrice
    chemin: str
    clos: frozenset
    nom: str
    noms: str
    discrets: frozenset = frozenset()
    condition: Q = field(default_factory=Q)
    regard: str = Regard.MESURES
    en_partant_seulement: bool = False
    charge: str = ""

    def ouverts(self, personnes):
        """Rend le filtre des dossiers encore ouverts de ces personnes, à ce titre."""
        return Q(self.condition, **{f"{self.chemin}__in": personnes}) & ~Q(etat__in=sorted(self.clos))


@dataclass(frozen=True)
class DossierOuvert:
    """Un dossier à réattribuer ou à clore : ce qu’il est, à quel titre la personne y est, où le régler."""

    nom: str
    titre: str
    etat: str
    url: str


_titres = {}


def inscrire(mesure, titres):
    """Inscrit les titres d’une mesure ; les réinscrire les remplace."""
    _titres[mesure] = tuple(titres)


def _tous(regard, depart):
    return [
        titre
        for titres in _titres.values()
        for titre in titres
        if titre.regard == regard and (depart or not titre.en_partant_seulement)
    ]


def compter(personnes, *, depart):
    """Rend [(personne, regard, qui en décide ou None, compte)] des dossiers ouverts ; une requête par titre inscrit.

    Personnes et décideurs sont des identifiants ; None vaut pour le gestionnaire de la personne.
    """
    comptes = []
    for regard in Regard.values:
        for titre in _tous(regard, depart):
            dossiers = titre.droits.modele._default_manager.filter(titre.ouverts(personnes))
            dossiers = dossiers.exclude(etat__in=sorted(titre.discrets))
            paires = dossiers.order_by().values_list(titre.chemin, titre.charge or titre.chemin)
            for (pk, charge), combien in Counter(paires).items():
                decide = charge if titre.charge else None
                comptes.append((pk, regard, decide, Counter({(titre.nom, titre.noms): combien})))
    return comptes


def en_mots(compte):
    """Rend « 2 consultations ouvertes, 1 entente ouverte »."""
    return ", ".join(f"{combien} {nom if combien == 1 else noms}" for (nom, noms), combien in sorted(compte.items()))


def ouverts_pour(lecteur, mouvement, *, depart):
    """Rend les dossiers encore ouverts de la personne que `lecteur` a le droit de voir, à quel titre, et où les régler."""
    trouves = []
    for titre in _tous(mouvement.regard, depart):
        dossiers = titre.droits.objets(lecteur).filter(titre.ouverts([mouvement.personne_id]))
        trouves += [
            DossierOuvert(str(dossier), titre.titre, dossier.get_etat_display(), dossier.get_absolute_url())
            for dossier in dossiers.distinct()
        ]
    return trouves
