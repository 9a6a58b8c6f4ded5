"""Les dessins des chiffres : des SVG rendus par gabarit, lisibles sans couleur, chacun avec son tableau de données.

Le dessin est calculé ici, en texte : un gabarit écrirait « 42,1 » là où le SVG veut « 42.1 ». Les largeurs sont des parts
de la place donnée et les lettres gardent leur taille : le même dessin se lit à 320 px et sur une page imprimée. Les couleurs
sont des attributs, pas des styles : la politique de sécurité refuse les seconds, et le PDF n’en lirait pas la feuille.
"""

import textwrap
from dataclasses import dataclass

from django.utils.text import slugify

from encadrement.indicateurs.registre import Unite
from encadrement.indicateurs.valeurs import AUTRES, ecrire, en_nombre

# Le tout d’une part, la plus haute note : deux dessins de même sorte se comparent.
SOMMETS = {Unite.PART: 1, Unite.NOTE: 5}
SANS_VALEUR = "—"

_LIGNE, _BARRE, _ENTRE, _APRES = 18, 16, 4, 14
_LETTRES_PAR_LIGNE = 36
# Parts de la largeur : ce qui reste à droite tient la valeur écrite, sans qu’elle sorte d’un petit écran.
_PLUS_LONGUE_COMPAREE, _PLUS_LONGUE_REPARTIE = 48, 68
_HAUT_DE_LA_COURBE, _BAS_DE_LA_COURBE = 26, 130


@dataclass(frozen=True)
class Point:
    """Une valeur à dessiner : ce qu’elle compte, sa grandeur (None : rien à dessiner), comment elle s’écrit."""

    libelle: str
    nombre: float | None
    texte: str

    @classmethod
    def de(cls, libelle, valeur, unite):
        """Rend le point d’une Valeur : masquée ou absente, elle s’écrit mais ne se dessine pas."""
        return cls(libelle, en_nombre(valeur, unite), ecrire(valeur, unite))


@dataclass(frozen=True)
class Graphique:
    """Un dessin prêt à rendre : `{% include graphique.gabarit %}` ; `tableau` en redit toutes les données."""

    identifiant: str
    titre: str
    description: str
    gabarit: str
    hauteur: int
    traits: tuple
    colonnes: tuple
    tableau: tuple


@dataclass(frozen=True)
class Barre:
    """Une barre, sa ligne de texte et ce qu’elle vaut ; `largeur` est vide quand il n’y a rien à dessiner."""

    y: int
    y_texte: int
    largeur: str
    motif: str
    annee: str
    texte: str


@dataclass(frozen=True)
class Rangee:
    """Un libellé, sur une ligne ou plus, et ses barres."""

    lignes: tuple
    barres: tuple


@dataclass(frozen=True)
class Sommet:
    """Un point de la courbe ; `vers` est l’ordonnée et l’abscisse du point précédent, s’il y en a un à relier."""

    x: str
    y: int
    est_la: bool
    texte: str
    y_texte: int
    annee: tuple
    vers: tuple | None = None


def dessiner_comparaison(identifiant, titre, rangees, *, unite, colonne="Élément", avec_libelles=True):
    """Rend des barres couchées, chacune à côté de celle de l’année d’avant ; `rangees` est [(libellé, [Point])].

    Les points d’une rangée vont de l’année montrée, pleine, à la précédente, hachurée ; chaque barre dit son année.
    `avec_libelles=False` : une seule rangée, que le titre nomme déjà.
    """
    sommet = _sommet((point.nombre for _, points in rangees for point in points), unite)
    traits, y = [], 0
    for libelle, points in rangees:
        lignes, y = _lignes_du_libelle(libelle, y) if avec_libelles else ((), y)
        barres = []
        for rang, point in enumerate(points):
            largeur = _largeur(point.nombre, sommet, _PLUS_LONGUE_COMPAREE)
            barres.append(Barre(y, y + 13, largeur, "hachure" if rang else "plein", point.libelle, point.texte))
            y += _BARRE + _ENTRE
        traits.append(Rangee(lignes, tuple(barres)))
        y += _APRES
    annees = tuple(point.libelle for point in rangees[0][1]) if rangees else ()
    return Graphique(
        slugify(identifiant),
        titre,
        _decrire((f"{libelle}, {point.libelle}", point.texte) for libelle, points in rangees for point in points),
        "encadrement/indicateurs/graphiques/comparaison.html",
        max(y - _APRES + 2, _LIGNE),
        tuple(traits),
        (colonne, *annees),
        tuple((libelle, *(point.texte for point in points)) for libelle, points in rangees),
    )


def dessiner_repartition(identifiant, titre, valeur, *, colonne="Catégorie"):
    """Rend les parts d’une répartition, la plus grande d’abord ; ce qu’on a réuni se hachure et vient en dernier."""
    total = sum(part.nombre for part in valeur.parts)
    sommet = max((part.nombre for part in valeur.parts), default=0)
    traits, tableau, y = [], [], 0
    for part in valeur.parts:
        texte = ecrire(valeur.__class__(nombre=part.nombre), Unite.NOMBRE)
        sur_cent = f"{round(100 * part.nombre / total)}\xa0%" if total else SANS_VALEUR
        lignes, y = _lignes_du_libelle(part.libelle, y)
        motif = "hachure" if part.libelle == AUTRES else "plein"
        largeur = _largeur(part.nombre, sommet, _PLUS_LONGUE_REPARTIE)
        traits.append(Rangee(lignes, (Barre(y, y + 13, largeur, motif, "", f"{texte} ({sur_cent})"),)))
        tableau.append((part.libelle, texte, sur_cent))
        y += _BARRE + _APRES
    return Graphique(
        slugify(identifiant),
        titre,
        _decrire((part[0], part[1]) for part in tableau),
        "encadrement/indicateurs/graphiques/repartition.html",
        max(y - _APRES + 2, _LIGNE),
        tuple(traits),
        (colonne, "Nombre", "Part"),
        tuple(tableau),
    )


def dessiner_evolution(identifiant, titre, points, *, unite, colonne="Année financière"):
    """Rend la courbe d’un chiffre d’année en année, de la plus ancienne à la plus récente ; un trou reste un trou."""
    sommet = _sommet((point.nombre for point in points), unite)
    pas = 100 / max(len(points), 1)
    traits, dernier = [], None
    for rang, point in enumerate(points):
        x, est_la = f"{pas * (rang + 0.5):.2f}%", point.nombre is not None
        haut = _BAS_DE_LA_COURBE - _HAUT_DE_LA_COURBE
        y = round(_BAS_DE_LA_COURBE - haut * (point.nombre / sommet if est_la and sommet else 0))
        annee = tuple(point.libelle.replace("-", "-|").split("|"))
        traits.append(Sommet(x, y, est_la, _abrege(point.texte), y - 12, annee, dernier if est_la else None))
        dernier = (x, y) if est_la else None
    return Graphique(
        slugify(identifiant),
        titre,
        _decrire((point.libelle, point.texte) for point in points),
        "encadrement/indicateurs/graphiques/evolution.html",
        _BAS_DE_LA_COURBE + 46,
        tuple(traits),
        (colonne, "Valeur"),
        tuple((point.libelle, point.texte) for point in points),
    )


def _sommet(nombres, unite):
    return max([SOMMETS.get(unite, 0), *(nombre for nombre in nombres if nombre is not None)])


def _largeur(nombre, sommet, plus_longue):
    """Rend la largeur d’une barre en part de la place ; vide, rien n’est dessiné."""
    if not nombre or not sommet:
        return ""
    return f"{max(plus_longue * nombre / sommet, 0.4):.2f}%"


def _lignes_du_libelle(libelle, y):
    """Coupe un libellé trop long pour un petit écran ; rend ses lignes, chacune à sa hauteur, et la suite."""
    lignes = []
    for morceau in textwrap.wrap(libelle, _LETTRES_PAR_LIGNE, break_on_hyphens=False) or [libelle]:
        y += _LIGNE
        lignes.append((y - 5, morceau))
    return tuple(lignes), y


def _abrege(texte):
    """Garde ce qui tient au-dessus d’un point : « 58 % » plutôt que « 58 % (34 sur 59) » ; le tableau dit le reste."""
    return texte.split(" (")[0].removesuffix(" sur 5")


def _decrire(paires):
    return " ".join(f"{quoi}\xa0: {texte}." for quoi, texte in paires)
