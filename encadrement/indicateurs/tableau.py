"""Le tableau : chaque indicateur, sa valeur, celle de l’année d’avant et l’écart ; ce que l’écran montre, l’export l’écrit."""

import datetime
from dataclasses import dataclass

from django.conf import settings

from encadrement.exports.tableau import Colonne
from encadrement.indicateurs.comparaison import Ecart, ecart
from encadrement.indicateurs.publies import comparer
from encadrement.indicateurs.registre import Indicateur, Unite, chiffres_des_mesures
from encadrement.indicateurs.valeurs import Valeur, ecrire, en_nombre

# L’aperçu d’une ligne : la plus grande des deux années prend toute la place.
_PLEINE_LARGEUR = 100
HORS_DU_BILAN = "Le bilan publié de cette année ne donne pas ce chiffre\xa0: c’est celui d’aujourd’hui."

COLONNES = (
    Colonne("Mesure"),
    Colonne("Indicateur", largeur=44),
    Colonne("Période"),
    Colonne("Valeur"),
    Colonne("Numérateur"),
    Colonne("Dénominateur"),
    Colonne("Ce qu’on n’en voit pas", largeur=36),
    Colonne("Période d’avant"),
    Colonne("Valeur d’avant"),
    Colonne("Numérateur d’avant"),
    Colonne("Dénominateur d’avant"),
    Colonne("Écart"),
    Colonne("Définition", largeur=50),
    Colonne("Ce que compte le numérateur", largeur=44),
    Colonne("Ce que compte le dénominateur", largeur=44),
)


class Notes:
    """Les raisons de ce qui ne se montre pas, numérotées dans l’ordre où la page les rencontre."""

    def __init__(self):
        self._textes = {}

    def numero(self, texte):
        """Rend le numéro de la note qui dit ce texte, ou None s’il est vide."""
        return self._textes.setdefault(texte, len(self._textes) + 1) if texte else None

    def __iter__(self):
        return ((numero, texte) for texte, numero in self._textes.items())

    def __len__(self):
        return len(self._textes)


@dataclass(frozen=True)
class Case:
    """Une valeur prête à lire : son texte, et le numéro de la note qui dit ce qu’on n’en voit pas."""

    valeur: Valeur
    texte: str
    note: int | None = None
    largeur: str = ""
    est_publie: bool = False


@dataclass(frozen=True)
class Ligne:
    """Un indicateur au tableau ; `url` mène aux dossiers qu’il compte, si la personne peut les voir."""

    indicateur: Indicateur
    maintenant: Case
    avant: Case
    ecart: Ecart
    url: str = ""

    @property
    def est_muette(self):
        """Vrai si ni l’année ni celle d’avant ne se lisent sur cette portée."""
        return bool(self.maintenant.valeur.raison and self.avant.valeur.raison)


@dataclass(frozen=True)
class Groupe:
    """Une mesure et ses lignes ; `hors_decoupe` ne se lisent pas sur cette portée, `ailleurs` a sa page."""

    code: str
    nom: str
    lues: tuple = ()
    hors_decoupe: tuple = ()
    ailleurs: tuple = ()

    @property
    def lignes(self):
        return (*self.lues, *self.hors_decoupe)


def mesures_chiffrees():
    """Rend [(code, nom, ChiffresDeMesure)] des mesures qui ont des chiffres, dans l’ordre du cadre."""
    noms = dict(settings.MESURES_DU_CADRE)
    return [(chiffres.mesure, noms[chiffres.mesure], chiffres) for chiffres in chiffres_des_mesures(list(noms))]


def dresser(portee, notes, publies, *, mesure=None, du_cadre=False):
    """Rend un Groupe par mesure (ou celui de `mesure`) : toutes les valeurs se lisent en une fois.

    `publies` sont ceux de l’année d’avant : ce qui n’y est pas se lit aujourd’hui, et une note le dit. `du_cadre` ne lit que
    ce que le cadre demande ; les indicateurs qui aident à agir sont alors `ailleurs`.
    """
    retenues = [m for m in mesures_chiffrees() if mesure in (None, m[0])]
    tous = [i for _, _, chiffres in retenues for i in chiffres.indicateurs if i.du_cadre or not du_cadre]
    valeurs = comparer(tous, portee, publies)
    adresses = {}
    groupes = []
    for code, nom, chiffres in retenues:
        # Ce que le cadre demande vient d’abord.
        siens = sorted((i for i in chiffres.indicateurs if i in tous), key=lambda i: not i.du_cadre)
        lignes = [_ligne(indicateur, portee, valeurs, notes, publies, adresses) for indicateur in siens]
        hors_decoupe = [] if portee.est_entiere else [ligne for ligne in lignes if ligne.est_muette]
        groupes.append(
            Groupe(
                code,
                nom,
                lues=tuple(ligne for ligne in lignes if ligne not in hors_decoupe),
                hors_decoupe=tuple(hors_decoupe),
                ailleurs=tuple(i for i in chiffres.indicateurs if i not in siens),
            )
        )
    return groupes


def _ligne(indicateur, portee, valeurs, notes, publies, adresses):
    valeur, avant = valeurs[indicateur.code, portee], valeurs[indicateur.code, portee.precedente]
    # Des indicateurs d’une mesure mènent souvent à la même liste : on ne demande le droit qu’une fois.
    if indicateur.liste not in adresses:
        adresses[indicateur.liste] = indicateur.liste(portee.personne, portee)
    nombres = [en_nombre(v, indicateur.unite) for v in (valeur, avant)]
    # À côté d’une année qui ne se montre pas, une barre seule tromperait.
    largeurs = ["" if None in nombres or not n else f"{_PLEINE_LARGEUR * n / max(nombres):.1f}%" for n in nombres]
    est_publie = indicateur.code in publies.valeurs
    maintenant = Case(valeur, ecrire(valeur, indicateur.unite), notes.numero(valeur.pourquoi), largeurs[0])
    precedente = Case(
        avant,
        ecrire(avant, indicateur.unite),
        notes.numero(_pourquoi(avant, publies, est_publie=est_publie)),
        largeurs[1],
        est_publie,
    )
    compare = ecart(valeur, avant, indicateur.unite)
    return Ligne(indicateur, maintenant, precedente, compare, adresses[indicateur.liste])


def _pourquoi(avant, publies, *, est_publie):
    if est_publie or not publies or not avant.est_montrable:
        return avant.pourquoi
    return " ".join(filter(None, (HORS_DU_BILAN, avant.pourquoi)))


def lignes_a_exporter(groupes, portee):
    """Rend les lignes du classeur : les mêmes valeurs qu’à l’écran, dans leur type, et une ligne par part."""
    for groupe in groupes:
        for ligne in groupe.lignes:
            indicateur = ligne.indicateur
            yield (
                groupe.nom,
                indicateur.nom,
                str(portee.periode),
                *_en_cellules(ligne.maintenant, indicateur.unite),
                ligne.maintenant.valeur.pourquoi,
                f"{portee.precedente.periode}, bilan publié"
                if ligne.avant.est_publie
                else str(portee.precedente.periode),
                *_en_cellules(ligne.avant, indicateur.unite),
                ligne.ecart.texte,
                indicateur.definition,
                indicateur.numerateur,
                indicateur.denominateur_dit,
            )
            for part in ligne.maintenant.valeur.parts:
                yield (
                    groupe.nom,
                    f"{indicateur.nom}, {part.libelle}",
                    str(portee.periode),
                    ecrire(Valeur(nombre=part.nombre), Unite.NOMBRE),
                    _type(part.nombre, Unite.NOMBRE),
                    *([""] * (len(COLONNES) - 5)),
                )


def _en_cellules(case, unite):
    """Rend (valeur écrite, numérateur, dénominateur) ; ce que l’écran masque reste vide."""
    valeur = case.valeur
    if not valeur.est_montrable:
        return case.texte, "", ""
    return case.texte, _type(valeur.nombre, unite), "" if valeur.sur is None else _type(valeur.sur, Unite.NOMBRE)


def _type(nombre, unite):
    if unite == Unite.HEURES:
        return datetime.timedelta(minutes=round(nombre))
    return int(nombre) if float(nombre).is_integer() else float(nombre)
