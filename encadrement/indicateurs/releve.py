"""Le relevé : les valeurs de tous les indicateurs demandés, en une requête par mesure (vitesse, « Aggregation »)."""

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import groupby

from django.db.models import CharField, Count, FloatField, IntegerField, Q, Value
from django.db.models.functions import Cast, Coalesce, ExtractMonth

from encadrement.indicateurs.eligibles import Retenus, retenus_des_annees
from encadrement.indicateurs.lots import lots_des_mois, lots_du_territoire
from encadrement.indicateurs.registre import Unite, entre_les_jours
from encadrement.indicateurs.valeurs import Valeur, mediane, repartir, sans_ce_qui_se_devine

TOTAL = "*"
_COLONNES = ("cle", "categorie", "personnes_", "nombre_", "sur_")
_CELLULES = ("cle", "direction_", "service_", "rls_", "mois_", "personnes_")
DETAIL_ENTIER = "Ce détail se lit pour l’établissement et l’année entière."


@dataclass(frozen=True)
class _Demande:
    """Un des deux termes d’un indicateur, pour une portée ; `retenus` : ce que la DSM y retient elle-même (Q-21)."""

    indicateur: object
    portee: object
    faits: object
    est_numerateur: bool
    retenus: Retenus = Retenus()

    @property
    def se_masque(self):
        return bool(self.faits.personnes) and not self.portee.est_entiere

    @property
    def se_detaille(self):
        return bool(self.faits.par) and self.est_numerateur


def relever(indicateurs, portees):
    """Rend {(code, portée): Valeur} ; une requête par mesure, une de plus si un territoire ou des mois sont choisis."""
    valeurs, demandes, retenus = {}, [], _retenus(indicateurs, portees)
    for indicateur in indicateurs:
        if indicateur.calcul is not None:
            continue
        for portee in portees:
            siennes = _demandes(indicateur, portee, retenus)
            raison = _raison(indicateur, portee) or _raison_des_retenus(siennes)
            if raison:
                valeurs[indicateur.code, portee] = Valeur(raison=raison)
            else:
                demandes += siennes
    return valeurs | _calculer(indicateurs, portees) | _composer(demandes, *_lire(demandes))


def _retenus(indicateurs, portees):
    """Rend {année: Retenus}, lus en une requête si l’un des dénominateurs peut être retenu."""
    if not any(indicateur.denominateur and indicateur.denominateur.retenu for indicateur in indicateurs):
        return {}
    return retenus_des_annees({portee.periode.annee.debut_annee for portee in portees})


def _demandes(indicateur, portee, retenus):
    """Rend la demande du numérateur, et celle du dénominateur, sans les directions dont le nombre est retenu."""
    demandes = [_Demande(indicateur, portee, indicateur.faits, True)]
    if faits := indicateur.denominateur:
        siens = retenus[portee.periode.annee.debut_annee] if faits.retenu else Retenus()
        demandes.append(_Demande(indicateur, portee, siens.sans(faits) if siens else faits, False, siens))
    return demandes


def _raison_des_retenus(demandes):
    return next((raison for d in demandes if (raison := d.retenus.raison(d.portee.territoire))), "")


def _raison(indicateur, portee):
    if indicateur.unite == Unite.REPARTITION and indicateur.faits.personnes and not portee.est_entiere:
        return DETAIL_ENTIER
    termes = [indicateur.faits, indicateur.denominateur] if indicateur.denominateur else [indicateur.faits]
    return next((raison for faits in termes if (raison := faits.repond_a(portee))), "")


def _calculer(indicateurs, portees):
    """Rend les valeurs des indicateurs qui se calculent autrement, chaque sorte de calcul en une fois."""
    calcules = [indicateur for indicateur in indicateurs if indicateur.calcul is not None]
    valeurs = {}
    for sorte, memes in groupby(sorted(calcules, key=lambda i: type(i.calcul).__name__), lambda i: type(i.calcul)):
        memes = list(memes)
        lues = sorte.ensemble([indicateur.calcul for indicateur in memes], portees)
        for indicateur in memes:
            for portee in portees:
                valeurs[indicateur.code, portee] = lues[indicateur.calcul, portee]
    return valeurs


# — Lire


def _lire(demandes):
    """Rend les lignes lues par demande, et les demandes dont des lots manquent : {rang: [ligne]}, {rang: bool}."""
    permis, partiels = _ce_qui_se_montre(demandes)
    par_mesure = defaultdict(list)
    for rang, demande in enumerate(demandes):
        if permis.get(rang) is not None or not demande.se_masque:
            mesure = demande.indicateur.code.split(".")[0]
            par_mesure[mesure] += _requetes(str(rang), demande, permis.get(rang))
    lues = defaultdict(list)
    for requetes in par_mesure.values():
        for cle, categorie, personnes, nombre, sur in _unir(requetes):
            lues[int(cle)].append((categorie, personnes, nombre, sur))
    return lues, permis, partiels


def _unir(requetes):
    premiere, *autres = requetes
    return premiere.union(*autres, all=True) if autres else premiere


def _requetes(cle, demande, permis):
    faits, portee = demande.faits, demande.portee
    lignes = faits.lignes(portee.personne).filter(faits.pendant(portee.periode))
    lignes = lignes.filter(portee.territoire.condition(faits) if permis is None else permis)
    requetes = [_agreger(lignes, faits, cle, Value(TOTAL))]
    if demande.se_detaille:
        categorie = (
            faits.par if hasattr(faits.par, "resolve_expression") else Coalesce(Cast(faits.par, CharField()), Value(""))
        )
        requetes.append(_agreger(lignes, faits, cle, Cast(categorie, CharField())))
    return requetes


def _agreger(lignes, faits, cle, categorie):
    personnes = Count(faits.personnes, distinct=True) if faits.personnes else Value(0)
    # Le regroupement par une constante garde une ligne même quand il n’y a rien à compter.
    groupes = lignes.order_by().annotate(categorie=categorie).values("categorie")
    return groupes.annotate(
        cle=Value(cle),
        personnes_=Cast(personnes, IntegerField()),
        nombre_=Cast(faits.nombre, FloatField()),
        sur_=Cast(faits.sur, FloatField()) if faits.sur is not None else Cast(Value(None), FloatField()),
    ).values_list(*_COLONNES)


# — Masquer


def _ce_qui_se_montre(demandes):
    """Rend {rang: filtre des lots entiers, ou None} et {rang: vrai si des personnes n’y sont pas}."""
    concernees = [(rang, demande) for rang, demande in enumerate(demandes) if demande.se_masque]
    if not concernees:
        return {}, {}
    cellules = defaultdict(dict)
    requetes = [_cellules(str(rang), demande) for rang, demande in concernees]
    for cle, direction, service, rls, mois, personnes in _unir(requetes):
        cellules[int(cle)][(direction, service, rls) if mois is None else mois] = personnes
    permis, partiels = {}, {}
    for rang, demande in concernees:
        decouper = _par_territoire if demande.portee.periode.est_une_annee else _par_mois
        permis[rang], partiels[rang] = decouper(demande, cellules[rang])
    return permis, partiels


def _cellules(cle, demande):
    """Rend la requête des cellules de toute l’année : par territoire, ou par mois si c’est la période qu’on découpe."""
    faits, annee = demande.faits, replace(demande.portee.periode, premier_mois=1, dernier_mois=12)
    vide = Cast(Value(None), IntegerField())
    sans_rls = Cast(Value(None), CharField())
    lignes = faits.lignes(demande.portee.personne).filter(faits.pendant(annee)).order_by()
    if demande.portee.periode.est_une_annee:
        colonnes = {
            "direction_": Cast(faits.direction, IntegerField()) if faits.direction else vide,
            "service_": Cast(faits.service, IntegerField()) if faits.service else vide,
            "rls_": Cast(faits.rls, CharField()) if faits.rls else sans_rls,
            "mois_": vide,
        }
    else:
        colonnes = {"direction_": vide, "service_": vide, "rls_": sans_rls, "mois_": ExtractMonth(faits.jour)}
    return (
        lignes.annotate(**colonnes)
        .values(*colonnes)
        .annotate(cle=Value(cle), personnes_=Cast(Count(faits.personnes, distinct=True), IntegerField()))
        .values_list(*_CELLULES)
    )


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
        terme = Valeur(masque=True) if masque else _terme(demande, lues[rang], partiels.get(rang, False))
        termes[demande.indicateur.code, demande.portee][demande.est_numerateur] = _avec_les_retenus(demande, terme)
    return {cle: _valeur(ses_termes) for cle, ses_termes in termes.items()}


def _avec_les_retenus(demande, terme):
    """Ajoute au calcul des autres directions les nombres que la DSM a retenus ; ce qui est masqué le reste."""
    territoire = demande.portee.territoire
    retenus = demande.retenus.dans(territoire)
    if not retenus or terme.masque:
        return terme
    return replace(terme, nombre=terme.nombre + sum(retenus.values()), retenus=demande.retenus.en_mots(territoire))


def _terme(demande, lignes, partiel):
    total = next((ligne for ligne in lignes if ligne[0] == TOTAL), (TOTAL, 0, 0, None))
    details = {categorie: (nombre, personnes) for categorie, personnes, nombre, _ in lignes if categorie != TOTAL}
    _, personnes, nombre, sur = total
    valeur = Valeur(nombre=nombre or 0, sur=sur, effectif=personnes, partiel=partiel)
    indicateur, cacher = demande.indicateur, bool(demande.faits.personnes)
    if demande.se_detaille and indicateur.unite == Unite.JOURS:
        valeur = replace(valeur, nombre=mediane({int(jours): combien for jours, (combien, _) in details.items()}))
    elif demande.se_detaille:
        libelles = indicateur.libelles(list(details)) if indicateur.libelles else {}
        valeur = replace(valeur, parts=repartir(details, libelles, cacher=cacher))
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
_COLONNES_VENTILEES = ("cle", "groupe_", "categorie", "personnes_", "nombre_", "sur_")


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
    cellules = defaultdict(dict)
    cachees = [(rang, demande) for rang, demande in enumerate(demandes) if demande.faits.personnes]
    if cachees:
        for cle, direction, service, rls, _, personnes in _unir([_cellules(str(rang), d) for rang, d in cachees]):
            cellules[int(cle)][direction, service, rls] = personnes
    parties, par_mesure = {}, defaultdict(list)
    for rang, demande in enumerate(demandes):
        parties[rang], condition = _parties(demande, cellules[rang], DIMENSIONS.index(dimension))
        mesure = demande.indicateur.code.split(".")[0]
        par_mesure[mesure] += _requetes_ventilees(str(rang), demande, condition, getattr(demande.faits, dimension))
    lues = defaultdict(lambda: defaultdict(list))
    for requetes in par_mesure.values():
        for cle, groupe, *reste in _unir(requetes):
            lues[int(cle)][groupe].append(reste)
    return _composer_les_parties(demandes, lues, parties, dimension)


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


def _requetes_ventilees(cle, demande, condition, chemin):
    faits = demande.faits
    lignes = faits.lignes(demande.portee.personne).filter(faits.pendant(demande.portee.periode)).filter(condition)
    groupe = Coalesce(Cast(chemin, CharField()), Value(""))
    categories = [Value(TOTAL)]
    if demande.se_detaille:
        par = (
            faits.par if hasattr(faits.par, "resolve_expression") else Coalesce(Cast(faits.par, CharField()), Value(""))
        )
        categories.append(Cast(par, CharField()))
    personnes = Count(faits.personnes, distinct=True) if faits.personnes else Value(0)
    return [
        lignes.order_by()
        .annotate(groupe_=groupe, categorie=categorie)
        .values("groupe_", "categorie")
        .annotate(
            cle=Value(cle),
            personnes_=Cast(personnes, IntegerField()),
            nombre_=Cast(faits.nombre, FloatField()),
            sur_=Cast(faits.sur, FloatField()) if faits.sur is not None else Cast(Value(None), FloatField()),
        )
        .values_list(*_COLONNES_VENTILEES)
        for categorie in categories
    ]


def _composer_les_parties(demandes, lues, parties, dimension):
    termes = defaultdict(lambda: defaultdict(dict))
    for rang, demande in enumerate(demandes):
        if dimension == "direction":
            for direction, nombre in demande.retenus.dans(demande.portee.territoire).items():
                terme = Valeur(nombre=nombre, retenus=demande.retenus.phrases[direction])
                termes[demande.indicateur.code, demande.portee][str(direction)][False] = terme
        for cle in parties[rang].keys() | lues[rang].keys():
            masquee, partielle = parties[rang].get(cle, (False, False))
            terme = Valeur(masque=True) if masquee else _terme(demande, lues[rang].get(cle, []), partielle)
            termes[demande.indicateur.code, demande.portee][cle][demande.est_numerateur] = terme
    vide = Valeur(nombre=0)
    return {
        cle: {partie: _valeur({True: lus.get(True, vide), **lus}) for partie, lus in valeurs.items()}
        for cle, valeurs in termes.items()
    }
