"""Les chiffres d’un bilan : ceux de l’année et de la précédente, en valeurs simples qu’on peut figer et redessiner.

Le regard n’exclut personne, puisque le bilan se lit par tous ; ce qui compte moins de cinq personnes reste masqué (N-06).
"""

from django.conf import settings

from encadrement.bilan_annuel.models import VersionBilan
from encadrement.indicateurs.comparaison import ecart
from encadrement.indicateurs.graphiques import Point, dessiner_comparaison, dessiner_repartition
from encadrement.indicateurs.portee import Periode, Portee
from encadrement.indicateurs.publies import Publies, depuis_les_donnees, en_donnees
from encadrement.indicateurs.registre import Unite, chiffres_des_mesures
from encadrement.indicateurs.releve import relever
from encadrement.indicateurs.valeurs import Part, Valeur, ecrire, en_nombre
from encadrement.personnes.models import Personne
from encadrement.socle.temps import AnneeFinanciere, jour_local

# Ce qui se compare sur une même échelle, dans l’ordre où on le dessine.
_DESSINES = {
    Unite.NOMBRE: "Nombres",
    Unite.HEURES: "Heures",
    Unite.PART: "Parts",
    Unite.NOTE: "Satisfaction, sur cinq",
    Unite.JOURS: "Délais, en jours",
}


def chiffres_par_mesure(annee):
    """Rend {code de mesure: [chiffre]} pour l’année financière, à côté de ceux de l’année d’avant, comptés le même jour."""
    portee = Portee(Periode(annee), personne=Personne.objects.systeme())
    mesures = chiffres_des_mesures([code for code, _ in settings.MESURES_DU_CADRE])
    indicateurs = [indicateur for mesure in mesures for indicateur in mesure.indicateurs]
    valeurs = relever(indicateurs, [portee, portee.precedente])
    return {
        mesure.mesure: [
            _chiffre(indicateur, valeurs[indicateur.code, portee], valeurs[indicateur.code, portee.precedente])
            for indicateur in mesure.indicateurs
        ]
        for mesure in mesures
    }


def publies_des(annees):
    """Rend {année: Publies} des années financières parues, chacune d’après sa dernière version, en une requête.

    Ce que le bilan n’a pas pu dire n’est pas publié : un sondage encore ouvert ce jour-là a depuis ses résultats. Un bilan
    paru avant la fin de son année n’en dit qu’une partie : il ne compte pas.
    """
    versions = VersionBilan.objects.filter(bilan__annee__in=annees, valeurs__isnull=False).order_by("numero")
    parus = {}
    for annee, quand, donnees in versions.values_list("bilan__annee", "publiee_le", "valeurs"):
        if jour_local(quand) > AnneeFinanciere(annee).fin:
            parus[annee] = Publies(jour_local(quand), _dites(donnees))
    return parus


def _dites(donnees):
    valeurs = {code: depuis_les_donnees(gardees) for code, gardees in donnees.items()}
    return {code: valeur for code, valeur in valeurs.items() if not valeur.raison}


def valeurs_publiees(contenu):
    """Rend {code: données} des valeurs que fige ce contenu de bilan."""
    return {chiffre["code"]: chiffre["valeur"] for mesure in contenu["mesures"] for chiffre in mesure["chiffres"]}


def _chiffre(indicateur, valeur, avant):
    return {
        "code": indicateur.code,
        "nom": indicateur.nom,
        "unite": str(indicateur.unite),
        "definition": indicateur.definition,
        "numerateur": indicateur.numerateur,
        "denominateur": indicateur.denominateur_dit,
        "periode": indicateur.periode,
        "manquantes": indicateur.manquantes,
        "exigences": list(indicateur.exigences),
        "annee": _terme(valeur, indicateur.unite),
        "avant": _terme(avant, indicateur.unite),
        "ecart": ecart(valeur, avant, indicateur.unite).texte,
        "valeur": en_donnees(valeur),
    }


def _terme(valeur, unite):
    return {
        "nombre": en_nombre(valeur, unite),
        "texte": ecrire(valeur, unite),
        "pourquoi": valeur.pourquoi,
        "parts": [{"libelle": part.libelle, "nombre": part.nombre} for part in valeur.parts],
    }


def dessins_de(mesure, *, annee, avant):
    """Rend les Graphiques d’une mesure du bilan figé : une comparaison par unité, puis chaque répartition."""
    dessins = []
    for unite, titre in _DESSINES.items():
        memes = [chiffre for chiffre in mesure["chiffres"] if chiffre["unite"] == unite]
        rangees = [
            (chiffre["nom"], [_point(annee, chiffre["annee"]), _point(avant, chiffre["avant"])]) for chiffre in memes
        ]
        if any(point.nombre for _, points in rangees for point in points):
            dessins.append(
                dessiner_comparaison(
                    f"{mesure['code']}-{unite}", f"{mesure['nom']}\xa0: {titre.lower()}", rangees, unite=unite
                )
            )
    for chiffre in mesure["chiffres"]:
        if parts := tuple(Part(**part) for part in chiffre["annee"]["parts"]):
            dessins.append(
                dessiner_repartition(f"{chiffre['code']}-parts", f"{chiffre['nom']}, {annee}", Valeur(parts=parts))
            )
    return dessins


def _point(annee, terme):
    return Point(annee, terme["nombre"], terme["texte"])
