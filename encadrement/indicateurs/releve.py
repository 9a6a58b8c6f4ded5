"""Le relevé : les valeurs de tous les indicateurs demandés, masquées par lots entiers (décision 0018)."""

from collections import defaultdict
from dataclasses import replace
from itertools import groupby

from django.db.models import Q

from encadrement.indicateurs.eligibles import Retenus, retenus_des_annees
from encadrement.indicateurs.lecture import TOTAL, Compte, Demande, lire, lire_les_cellules
from encadrement.indicateurs.lots import lots_des_mois, lots_du_territoire
from encadrement.indicateurs.registre import Unite, entre_les_jours
from encadrement.indicateurs.valeurs import Valeur, mediane, repartir, sans_ce_qui_se_devine

DETAIL_ENTIER = "Ce détail se lit pour l’établissement et l’année entière."


def relever(indicateurs, portees, *, connues=None):
    """Rend {(code, portée): Valeur}, en une requête par mesure ; ce qui est déjà dans `connues` ne se lit pas.

    S’y ajoutent au plus celle des premières lignes, celle des cellules si un territoire ou des mois sont choisis, et celle
    des nombres que la DSM retient.
    """
    connues = connues or {}
    valeurs, demandes, retenus = {}, [], _retenus(indicateurs, portees)
    for indicateur in indicateurs:
        if indicateur.calcul is not None:
            continue
        for portee in _a_lire([indicateur], portees, connues):
            siennes = _demandes(indicateur, portee, retenus)
            raison = _raison(indicateur, portee) or _raison_des_retenus(siennes)
            if raison:
                valeurs[indicateur.code, portee] = Valeur(raison=raison)
            else:
                demandes += siennes
    permis, partiels = _ce_qui_se_montre(demandes)
    conditions = {
        rang: permis[rang] if demande.se_masque else demande.portee.territoire.condition(demande.faits)
        for rang, demande in enumerate(demandes)
        if not demande.se_masque or permis[rang] is not None
    }
    lues = lire(demandes, conditions)
    composees = _composer(demandes, lues, permis, partiels)
    return valeurs | _calculer(indicateurs, portees, connues) | composees | connues


def _a_lire(indicateurs, portees, connues):
    """Rend les portées où l’un de ces indicateurs reste à lire."""
    return [portee for portee in portees if any((indicateur.code, portee) not in connues for indicateur in indicateurs)]


def _retenus(indicateurs, portees):
    """Rend {année: Retenus}, lus en une requête si l’un des dénominateurs peut être retenu."""
    if not any(indicateur.denominateur and indicateur.denominateur.retenu for indicateur in indicateurs):
        return {}
    return retenus_des_annees({portee.periode.annee.debut_annee for portee in portees})


def _demandes(indicateur, portee, retenus):
    """Rend la demande du numérateur, et celle du dénominateur, sans les directions dont le nombre est retenu."""
    demandes = [Demande(indicateur, portee, indicateur.faits, True)]
    if faits := indicateur.denominateur:
        siens = retenus[portee.periode.annee.debut_annee] if faits.retenu else Retenus()
        demandes.append(Demande(indicateur, portee, siens.sans(faits) if siens else faits, False, siens))
    return demandes


def _raison_des_retenus(demandes):
    return next((raison for d in demandes if (raison := d.retenus.raison(d.portee.territoire))), "")


def _raison(indicateur, portee):
    if indicateur.unite == Unite.REPARTITION and indicateur.faits.personnes and not portee.est_entiere:
        return DETAIL_ENTIER
    termes = [indicateur.faits, indicateur.denominateur] if indicateur.denominateur else [indicateur.faits]
    return next((raison for faits in termes if (raison := faits.repond_a(portee))), "")


def _calculer(indicateurs, portees, connues):
    """Rend les valeurs des indicateurs qui se calculent autrement, chaque sorte de calcul en une fois."""
    calcules = [indicateur for indicateur in indicateurs if indicateur.calcul is not None]
    valeurs = {}
    for sorte, memes in groupby(sorted(calcules, key=lambda i: type(i.calcul).__name__), lambda i: type(i.calcul)):
        memes = list(memes)
        a_lire = _a_lire(memes, portees, connues)
        lues = sorte.ensemble([indicateur.calcul for indicateur in memes], a_lire)
        for indicateur in memes:
            for portee in a_lire:
                valeurs[indicateur.code, portee] = lues[indicateur.calcul, portee]
    return valeurs


# — Masquer


def _ce_qui_se_montre(demandes):
    """Rend {rang: filtre des lots entiers, ou None} et {rang: vrai si des personnes n’y sont pas}."""
    concernees = {rang: demande for rang, demande in enumerate(demandes) if demande.se_masque}
    cellules = lire_les_cellules(concernees)
    permis, partiels = {}, {}
    for rang, demande in concernees.items():
        decouper = _par_territoire if demande.portee.periode.est_une_annee else _par_mois
        permis[rang], partiels[rang] = decouper(demande, cellules[rang])
    return permis, partiels


def _par_territoire(demande, cellules):
    territoire, faits = demande.portee.territoire, demande.faits
    voulues = {cle for cle in cellules if territoire.contient(cle)}
    lots = lots_du_territoire(cellules, additives=faits.une_cellule)
    montrees = frozenset().union(*(lot for lot in lots if lot <= voulues))
    manquent = any(cellules[cle] for cle in voulues - montrees)
    if manquent and not any(cellules[cle] for cle in montrees):
        return None, True
    return _filtre(faits, montrees) if manquent else territoire.condition(faits), manquent


def _filtre(faits, cellules):
    """Rend le filtre des lignes de ces cellules, un service entier à la fois quand on le peut."""
    par_service = defaultdict(set)
    for direction, service, rls in cellules:
        par_service[direction, service].add(rls)
    condition = Q(pk__in=[])
    for (direction, service), reseaux in par_service.items():
        une = Q()
        for chemin, valeur in ((faits.direction, direction), (faits.service, service)):
            if chemin:
                une &= Q(**{f"{chemin}__isnull": True}) if valeur is None else Q(**{chemin: valeur})
        if faits.rls:
            nommes = Q(**{f"{faits.rls}__in": sorted(rls for rls in reseaux if rls is not None)})
            une &= nommes | Q(**{f"{faits.rls}__isnull": True}) if None in reseaux else nommes
        condition |= une
    return condition


def _par_mois(demande, cellules):
    periode = demande.portee.periode
    # Avril est le premier mois de l’année financière.
    rangs = {(mois - 4) % 12 + 1: personnes for mois, personnes in cellules.items()}
    voulus = {rang for rang in rangs if periode.premier_mois <= rang <= periode.dernier_mois}
    montres = frozenset().union(*(lot for lot in lots_des_mois(rangs) if lot <= voulus))
    if voulus - montres and not montres:
        return None, True
    condition = Q(pk__in=[])
    for rang in montres:
        condition |= entre_les_jours(demande.faits.jour, *periode.mois(rang))
    return condition if voulus else Q(), bool(voulus - montres)


# — Composer


def _composer(demandes, lues, permis, partiels):
    termes = defaultdict(dict)
    for rang, demande in enumerate(demandes):
        masque = demande.se_masque and permis[rang] is None
        terme = Valeur(masque=True) if masque else _terme(demande, lues[rang][""], partiels.get(rang, False))
        termes[demande.indicateur.code, demande.portee][demande.est_numerateur] = _avec_les_retenus(demande, terme)
    return {cle: _valeur(ses_termes) for cle, ses_termes in termes.items()}


def _avec_les_retenus(demande, terme):
    """Ajoute au calcul des autres directions les nombres que la DSM a retenus ; ce qui est masqué le reste."""
    territoire = demande.portee.territoire
    retenus = demande.retenus.dans(territoire)
    if not retenus or terme.masque:
        return terme
    return replace(terme, nombre=terme.nombre + sum(retenus.values()), retenus=demande.retenus.en_mots(territoire))


def _terme(demande, comptes, partiel):
    total = comptes.get(TOTAL, Compte())
    details = {categorie: compte for categorie, compte in comptes.items() if categorie != TOTAL}
    valeur = Valeur(nombre=total.nombre, sur=total.sur, effectif=total.personnes, partiel=partiel)
    indicateur, cacher = demande.indicateur, bool(demande.faits.personnes)
    if demande.se_detaille and indicateur.unite == Unite.JOURS:
        valeur = replace(valeur, nombre=mediane({int(jours): compte.nombre for jours, compte in details.items()}))
    elif demande.se_detaille:
        libelles = indicateur.libelles(list(details)) if indicateur.libelles else {}
        groupes = {categorie: (compte.nombre, compte.personnes) for categorie, compte in details.items()}
        valeur = replace(valeur, parts=repartir(groupes, libelles, cacher=cacher))
    return sans_ce_qui_se_devine(valeur) if cacher else valeur


def _valeur(termes):
    haut, bas = termes[True], termes.get(False)
    if bas is None:
        return haut
    if haut.masque or bas.masque:
        return Valeur(masque=True)
    return replace(haut, sur=bas.nombre, partiel=haut.partiel or bas.partiel, retenus=bas.retenus)


# — Ventiler

DIMENSIONS = ("direction", "service", "rls")


def se_ventile(indicateur, portee, dimension):
    """Dit pourquoi ce chiffre ne se découpe pas ainsi, ou ""."""
    if indicateur.calcul is not None or indicateur.unite == Unite.REPARTITION:
        return DETAIL_ENTIER
    termes = [indicateur.faits, indicateur.denominateur] if indicateur.denominateur else [indicateur.faits]
    decoupee = replace(portee, territoire=replace(portee.territoire, **_UNE_DE[dimension]))
    return next((raison for faits in termes if (raison := faits.repond_a(decoupee))), "")


# De quoi demander à des faits s’ils connaissent une dimension : peu importe laquelle de ses parties.
_UNE_DE = {"direction": {"directions": frozenset({0})}, "service": {"services": frozenset({0})}, "rls": {"rls": "0"}}


def ventiler(indicateurs, portees, dimension):
    """Rend {(code, portée): {clé: Valeur}}, chaque chiffre par direction, service ou RLS ; une requête par mesure, plus une.

    Une seule dimension à la fois, et par lots entiers : la somme des parties montrées, ôtée du tout, ne rend jamais un
    groupe de moins de cinq. Un indicateur qui ne s’y prête pas n’y est pas (`se_ventile` dit pourquoi).
    """
    retenus, demandes = _retenus(indicateurs, portees), []
    for indicateur in indicateurs:
        for portee in portees:
            if not se_ventile(indicateur, portee, dimension):
                siennes = _demandes(indicateur, portee, retenus)
                # Un nombre retenu pour une direction ne se partage pas entre les RLS.
                demandes += [] if dimension == "rls" and any(demande.retenus for demande in siennes) else siennes
    # Une découpe additionne des lots entiers : même l’établissement entier s’y lit cellule par cellule.
    cellules = lire_les_cellules({rang: demande for rang, demande in enumerate(demandes) if demande.faits.personnes})
    parties, conditions = {}, {}
    for rang, demande in enumerate(demandes):
        parties[rang], conditions[rang] = _parties(demande, cellules[rang], DIMENSIONS.index(dimension))
    return _composer_les_parties(demandes, lire(demandes, conditions, dimension), parties, dimension)


def _parties(demande, cellules, rang_de_cle):
    """Rend {clé: (masquée, partielle)} des parties du territoire, et le filtre des lots qui s’y montrent."""
    territoire, faits = demande.portee.territoire, demande.faits
    if not faits.personnes:
        return {}, territoire.condition(faits)
    par_cle = defaultdict(set)
    for cle in cellules:
        if territoire.contient(cle):
            par_cle[str(cle[rang_de_cle]) if cle[rang_de_cle] is not None else ""].add(cle)
    lots = lots_du_territoire(cellules, additives=faits.une_cellule)
    etats, montrees, manque = {}, frozenset(), False
    for cle, voulues in par_cle.items():
        siennes = frozenset().union(*(lot for lot in lots if lot <= voulues))
        partielle = any(cellules[c] for c in voulues - siennes)
        etats[cle] = (partielle and not any(cellules[c] for c in siennes), partielle)
        montrees, manque = montrees | siennes, manque or partielle
    return etats, _filtre(faits, montrees) if manque else territoire.condition(faits)


def _composer_les_parties(demandes, lues, parties, dimension):
    termes = defaultdict(lambda: defaultdict(dict))
    for rang, demande in enumerate(demandes):
        if dimension == "direction":
            for direction, nombre in demande.retenus.dans(demande.portee.territoire).items():
                terme = Valeur(nombre=nombre, retenus=demande.retenus.phrases[direction])
                termes[demande.indicateur.code, demande.portee][str(direction)][False] = terme
        for cle in parties[rang].keys() | lues[rang].keys():
            masquee, partielle = parties[rang].get(cle, (False, False))
            terme = Valeur(masque=True) if masquee else _terme(demande, lues[rang].get(cle, {}), partielle)
            termes[demande.indicateur.code, demande.portee][cle][demande.est_numerateur] = terme
    vide = Valeur(nombre=0)
    return {
        cle: {partie: _valeur({True: lus.get(True, vide), **lus}) for partie, lus in valeurs.items()}
        for cle, valeurs in termes.items()
    }
