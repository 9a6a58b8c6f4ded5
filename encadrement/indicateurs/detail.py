"""La page d’une mesure : chaque indicateur avec ses années, ses parts et sa découpe."""

from dataclasses import dataclass, replace
from typing import Any

from encadrement.indicateurs.graphiques import (
    Graphique,
    Point,
    dessiner_comparaison,
    dessiner_evolution,
    dessiner_repartition,
)
from encadrement.indicateurs.publies import relever_les_parues
from encadrement.indicateurs.releve import se_ventile, ventiler
from encadrement.indicateurs.satisfaction import resultats_des
from encadrement.indicateurs.tableau import Ligne
from encadrement.indicateurs.valeurs import Valeur, en_nombre
from encadrement.personnes.organisation import RLS

# Moins de trois années ne font pas une courbe.
ANNEES_D_UNE_COURBE = 3
ANNEES_MONTREES = 5
COLONNES = {"direction": "Direction", "service": "Service", "rls": "RLS"}
TROP_PEU = "Trop peu de personnes dans chaque partie pour que ce chiffre s’y montre."
_NON_PRECISE = {"direction": "Sans direction", "service": "Sans service", "rls": "Sans installation"}


@dataclass(frozen=True)
class Fiche:
    """Un indicateur au complet ; `decoupe_refusee` dit pourquoi il ne se découpe pas, `notes` ce que sa découpe tait.

    `resultats` sont les moyennes de chaque question, pour une satisfaction.
    """

    ligne: Ligne
    annees: Graphique | None = None
    parts: Graphique | None = None
    decoupe: Graphique | None = None
    decoupe_refusee: str = ""
    notes: tuple = ()
    resultats: Any = None


def detailler(lignes, portee, notes, *, par="", regard=None):
    """Rend une Fiche par ligne ; `par` découpe chaque chiffre par direction, service ou RLS."""
    indicateurs = [ligne.indicateur for ligne in lignes]
    anciennes = _anciennes(portee)
    releve = relever_les_parues(indicateurs, anciennes)
    decoupes = ventiler(indicateurs, [portee, portee.precedente], par) if par else {}
    libelles = _libelles(par, regard) if par else {}
    resultats = resultats_des(indicateurs, portee)

    def fiche(ligne):
        indicateur = ligne.indicateur
        comparees = _comparees(indicateur, portee, decoupes, libelles)
        decoupe = _decoupe(indicateur, portee, comparees, par, libelles)
        tues = {notes.numero(valeur.pourquoi) for _, deux in comparees for valeur in deux} if decoupe else set()
        return Fiche(
            ligne,
            annees=_annees(ligne, portee, [releve[indicateur.code, une] for une in anciennes]),
            parts=_parts(ligne),
            decoupe=decoupe,
            decoupe_refusee=(se_ventile(indicateur, portee, par) or TROP_PEU) if par else "",
            notes=tuple(sorted(tues - {None})),
            resultats=resultats.get(indicateur.code),
        )

    return [fiche(ligne) for ligne in lignes]


def _anciennes(portee):
    """Rend les mêmes mois des années plus anciennes que celles que le tableau compare, de la plus ancienne."""
    suite, une = [], portee.precedente
    for _ in range(ANNEES_MONTREES - 2):
        une = une.precedente
        suite.append(une)
    return suite[::-1]


def _annees(ligne, portee, anciennes):
    unite, identifiant = ligne.indicateur.unite, f"{ligne.indicateur.code}-annees"
    suite = [*anciennes, ligne.avant.valeur, ligne.maintenant.valeur]
    premiere = portee.periode.annee.debut_annee - len(suite) + 1
    points = [
        Point.de(str(replace(portee.periode.annee, debut_annee=premiere + rang)), valeur, unite)
        for rang, valeur in enumerate(suite)
    ]
    # Les années d’avant le premier chiffre n’en sont pas.
    while suite and (suite[0].est_vide or suite[0].raison):
        suite, points = suite[1:], points[1:]
    if all(en_nombre(valeur, unite) is None for valeur in suite):
        return None
    if len(points) >= ANNEES_D_UNE_COURBE:
        return dessiner_evolution(identifiant, f"{ligne.indicateur.nom}, d’année en année", points, unite=unite)
    rangees = [(ligne.indicateur.nom, points[::-1])]
    titre = f"{ligne.indicateur.nom}, par année"
    return dessiner_comparaison(identifiant, titre, rangees, unite=unite, colonne="Chiffre", avec_libelles=False)


def _parts(ligne):
    valeur = ligne.maintenant.valeur
    if not valeur.parts:
        return None
    return dessiner_repartition(f"{ligne.indicateur.code}-parts", ligne.indicateur.nom, valeur)


def _comparees(indicateur, portee, decoupes, libelles):
    """Rend [(clé, (cette année, l’année d’avant))] des parties qui ont quelque chose à dire, par libellé."""
    maintenant, avant = (decoupes.get((indicateur.code, une), {}) for une in (portee, portee.precedente))
    vide = Valeur(nombre=0)
    cles = sorted(maintenant.keys() | avant.keys(), key=lambda cle: libelles.get(cle, ""))
    comparees = [(cle, (maintenant.get(cle, vide), avant.get(cle, vide))) for cle in cles]
    return [(cle, deux) for cle, deux in comparees if not all(valeur.est_vide for valeur in deux)]


def _decoupe(indicateur, portee, comparees, par, libelles):
    """Rend les barres de chaque partie, ou None si aucune ne se montre."""
    annees = (str(portee.periode.annee), str(portee.precedente.periode.annee))
    rangees = [
        (
            libelles.get(cle) or _NON_PRECISE[par],
            [Point.de(annee, valeur, indicateur.unite) for annee, valeur in zip(annees, deux, strict=True)],
        )
        for cle, deux in comparees
    ]
    if not any(point.nombre for _, points in rangees for point in points):
        return None
    titre = f"{indicateur.nom}, par {COLONNES[par] if par == 'rls' else COLONNES[par].lower()}"
    return dessiner_comparaison(
        f"{indicateur.code}-decoupe", titre, rangees, unite=indicateur.unite, colonne=COLONNES[par]
    )


def _libelles(par, regard):
    if par == "rls":
        return dict(RLS.choices)
    parties = regard.directions_offertes if par == "direction" else regard.services
    return {str(partie.pk): str(partie) for partie in parties}
