"""Un oracle en Python nu : les lignes brutes de la base, des boucles, aucune agrégation ; les masques y sont récrits."""

import datetime
import json
import statistics
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

GASPESIE = ZoneInfo("America/Toronto")
TOUJOURS = datetime.date(9999, 12, 31)
CINQ = 5


@dataclass(eq=False)
class Ligne:
    """Une ligne brute qui compte : quand elle vit, pour qui, dans quelle cellule, et ce qu’elle ajoute."""

    vit: object
    qui: object = None
    cellule: tuple = (None, None, None)
    nombre: float = 1
    sur: float = 0
    categorie: object = ""
    jour: object = None
    # Ce qui ne compte qu’une fois, même s’il y revient deux fois dans l’année.
    objet: object = None


@dataclass
class Terme:
    """Ce qu’un terme d’un indicateur doit valoir, et les lignes qui s’y montrent."""

    nombre: float | None = 0
    sur: float = 0
    parts: dict = field(default_factory=dict)
    effectif: int = 0
    masque: bool = False
    partiel: bool = False
    lignes: list = field(default_factory=list)


@dataclass
class Regle:
    """Comment se calcule un terme : sa sorte, ce qu’il protège, et ce qui peut le découper."""

    lignes: object
    sorte: str = "compte"
    groupe: bool = True
    territoire: tuple = ("direction", "service", "rls")
    datee: bool = False
    additives: bool = True
    libelles: dict = field(default_factory=dict)


def jour_de(instant):
    return instant.astimezone(GASPESIE).date() if instant is not None else None


def le(jour):
    return lambda debut, fin: jour is not None and debut <= jour <= fin


def du_au(premier, dernier):
    return lambda debut, fin: premier is not None and dernier is not None and premier <= fin and dernier >= debut


def tous(*vies):
    return lambda debut, fin: all(vit(debut, fin) for vit in vies)


def un_de(*vies):
    return lambda debut, fin: any(vit(debut, fin) for vit in vies)


# — Les lots, récrits


def _fondre(groupes, reunir):
    gros = [groupe for groupe in groupes if groupe[1] == 0 or groupe[1] >= CINQ]
    tas = []
    for groupe in groupes:
        if 0 < groupe[1] < CINQ:
            tas.append(groupe)
            if reunir([nombre for _, nombre in tas]) >= CINQ:
                gros.append(_union(tas, reunir))
                tas = []
    if not tas:
        return gros
    peuples = [groupe for groupe in gros if groupe[1] > 0]
    if peuples:
        appui = sorted(peuples, key=lambda groupe: (groupe[1], sorted(_cle(c) for c in groupe[0])))[0]
        gros.remove(appui)
        tas.append(appui)
    return [*gros, _union(tas, reunir)]


def _union(groupes, reunir):
    return {cellule for cellules, _ in groupes for cellule in cellules}, reunir([nombre for _, nombre in groupes])


def _cle(cellule):
    return tuple(str(partie) for partie in cellule)


def lots_du_territoire(comptes, additives):
    """Réunit par récurrence : les cellules d’un service, les services d’une direction, les directions."""
    reunir = sum if additives else max

    def monter(cellules, etage):
        if etage == 2:
            groupes = [({cellule}, comptes[cellule]) for cellule in sorted(cellules, key=_cle)]
        else:
            groupes = []
            for partie in sorted({cellule[etage] for cellule in cellules}, key=str):
                groupes += monter([cellule for cellule in cellules if cellule[etage] == partie], etage + 1)
        return _fondre(groupes, reunir)

    return [cellules for cellules, nombre in monter(list(comptes), 0) if nombre == 0 or nombre >= CINQ]


def lots_des_mois(comptes):
    lots, suite = [], []
    for mois in sorted(comptes):
        suite.append(mois)
        if max(comptes[m] for m in suite) >= CINQ:
            lots.append(set(suite))
            suite = []
    if suite and lots:
        lots[-1] |= set(suite)
    return lots


# — Un terme, pour une portée


def refuse(regle, portee):
    """Dit si ce terme ne peut pas répondre à cette portée."""
    territoire, periode = portee.territoire, portee.periode
    choisis = (("direction", territoire.directions), ("service", territoire.services), ("rls", territoire.rls))
    if any(choix and nom not in regle.territoire for nom, choix in choisis):
        return True
    if regle.sorte == "repartition" and regle.groupe and not portee.est_entiere:
        return True
    if periode.est_une_annee:
        return False
    return not regle.datee or (regle.groupe and not territoire.est_partout)


def terme(regle, toutes, portee):
    """Rend le Terme d’une portée, depuis toutes les lignes brutes de ce terme."""
    periode = portee.periode
    annee = periode.annee
    de_l_annee = [ligne for ligne in toutes if ligne.vit(annee.debut, annee.fin)]
    dedans = [ligne for ligne in de_l_annee if ligne.vit(periode.debut, periode.fin)]
    dedans = [ligne for ligne in dedans if _dans(portee.territoire, ligne.cellule)]
    retenues, partiel, masque = dedans, False, False
    if regle.groupe and not portee.est_entiere:
        retenues, partiel, masque = (_par_territoire if periode.est_une_annee else _par_mois)(
            regle, de_l_annee, dedans, portee
        )
    effectif = len({ligne.qui for ligne in retenues if ligne.qui is not None}) if regle.groupe else 0
    masque = masque or (regle.groupe and 0 < effectif < CINQ)
    if masque:
        return Terme(nombre=None, masque=True)
    return _valeur(regle, retenues, effectif, partiel)


def _dans(territoire, cellule):
    direction, service, rls = cellule
    return (
        (not territoire.directions or direction in territoire.directions)
        and (not territoire.services or service in territoire.services)
        and (not territoire.rls or rls == territoire.rls)
    )


def _compter(lignes, cle):
    gens = {}
    for ligne in lignes:
        groupe = gens.setdefault(cle(ligne), set())
        if ligne.qui is not None:
            groupe.add(ligne.qui)
    return {groupe: len(qui) for groupe, qui in gens.items()}


def _par_territoire(regle, de_l_annee, dedans, portee):
    comptes = _compter(de_l_annee, lambda ligne: ligne.cellule)
    voulues = {cellule for cellule in comptes if _dans(portee.territoire, cellule)}
    montrees = set()
    for lot in lots_du_territoire(comptes, regle.additives):
        if lot <= voulues:
            montrees |= lot
    return _trier(comptes, voulues, montrees, dedans, lambda ligne: ligne.cellule)


def _par_mois(regle, de_l_annee, dedans, portee):
    def rang(ligne):
        return (ligne.jour.month - 4) % 12 + 1

    comptes = _compter(de_l_annee, rang)
    voulus = {mois for mois in comptes if portee.periode.premier_mois <= mois <= portee.periode.dernier_mois}
    montres = set()
    for lot in lots_des_mois(comptes):
        if lot <= voulus:
            montres |= lot
    if voulus - montres and not montres:
        return [], True, True
    return [ligne for ligne in dedans if rang(ligne) in montres], bool(voulus - montres), False


def _trier(comptes, voulues, montrees, dedans, cle):
    manquent = any(comptes[cellule] for cellule in voulues - montrees)
    if manquent and not any(comptes[cellule] for cellule in montrees):
        return [], True, True
    return [ligne for ligne in dedans if not manquent or cle(ligne) in montrees], manquent, False


def _valeur(regle, lignes, effectif, partiel):
    rendu = Terme(effectif=effectif, partiel=partiel, lignes=lignes)
    rendu.nombre, rendu.sur = sum(ligne.nombre for ligne in lignes), sum(ligne.sur for ligne in lignes)
    if regle.sorte == "distincts":
        rendu.nombre = len({ligne.qui for ligne in lignes if ligne.qui is not None})
    elif regle.sorte == "mediane":
        rendu.nombre = statistics.median([ligne.categorie for ligne in lignes]) if lignes else None
    elif regle.sorte == "repartition":
        rendu.nombre, rendu.sur, rendu.parts = _combien(lignes), 0, _parts(regle, lignes)
    return rendu


def _combien(lignes):
    return len({ligne.objet or id(ligne) for ligne in lignes})


def _parts(regle, lignes):
    par_categorie = {}
    for ligne in lignes:
        par_categorie.setdefault(ligne.categorie, []).append(ligne)
    rangees = sorted(
        ((_combien(siennes), str(cle), siennes) for cle, siennes in par_categorie.items()), key=lambda r: (-r[0], r[1])
    )
    petites = [r for r in rangees if regle.groupe and len({ligne.qui for ligne in r[2]}) < CINQ]
    grandes = [r for r in rangees if r not in petites]
    if petites and grandes:
        petites.append(grandes.pop())
    parts = {regle.libelles.get(cle, cle): combien for combien, cle, _ in grandes}
    if petites and grandes:
        parts["Autres, réunis"] = sum(combien for combien, *_ in petites)
    return parts


# — La satisfaction


def satisfaction(code, annee, brut):
    """Rend (somme, nombre de notes) d’une année, ou None : des lots entiers, et cinq personnes à chaque question."""
    versions = {q["id"]: q for q in brut["Questionnaire"] if q["code"] == code}
    campagnes = {
        c["id"]: c for c in brut["Campagne"] if c["questionnaire_id"] in versions and c["annee"] == annee.debut_annee
    }
    par_lot = {}
    for campagne in brut["Campagne"]:
        if campagne["lot_id"] is not None:
            par_lot.setdefault(campagne["lot_id"], set()).add(campagne["id"])
    entiers = [lot for lot, siennes in par_lot.items() if siennes <= set(campagnes)]
    if not entiers:
        return None
    questions = {q["code"] for v in versions.values() for q in _questions(v) if q["sorte"] == "echelle"}
    somme, notes = 0, 0
    lots = {lot["id"]: lot for lot in brut["Lot"]}
    for lot in entiers:
        contenus = [json.loads(r["contenu"]) for r in brut["Reponse"] if r["campagne_id"] in par_lot[lot]]
        doublons = lots[lot]["reponses"] - lots[lot]["repondants"]
        for question in questions:
            valeurs = [contenu[question] for contenu in contenus if contenu.get(question) is not None]
            if len(valeurs) - doublons >= CINQ:
                somme, notes = somme + sum(valeurs), notes + len(valeurs)
    return somme, notes


def _questions(version):
    contenu = version["questions"]
    return json.loads(contenu) if isinstance(contenu, str) else contenu
