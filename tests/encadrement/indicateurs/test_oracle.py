"""Chaque indicateur égale un oracle en Python nu, masques compris ; aucune paire de filtres ne rend un petit groupe (N-06)."""

import itertools
import os
import random
from dataclasses import replace

import pytest
from django.db import transaction
from django.test import override_settings

from encadrement.indicateurs.portee import Periode, Portee, Territoire
from encadrement.indicateurs.registre import indicateurs
from encadrement.indicateurs.releve import relever, ventiler
from encadrement.outils.demo import comptes
from encadrement.outils.peuplement.ensemble import peupler
from encadrement.personnes.models import RLS, Direction, Personne, Service
from tests.encadrement.indicateurs.oracle import CINQ, refuse, satisfaction, terme
from tests.encadrement.indicateurs.regles_brutes import REGLES, SATISFACTIONS, ReglesBrutes, tout_lire
from tests.encadrement.indicateurs.semailles import Semeur

pytestmark = pytest.mark.django_db
GRAINE = int(os.environ.get("ENCADREMENT_ORACLE", random.randrange(10**6)))
PORTEES, PAR_LOT = 200, 6


class Monde:
    """L’établissement, ses lignes brutes, et deux cents façons de le regarder."""

    def __init__(self, troupe):
        hasard = random.Random(GRAINE)
        self.semeur = Semeur(hasard, troupe.dsm).semer()
        self.semeur.retenir()
        self.dsm, self.exclue = troupe.dsm, Personne.objects.get(pk=self.semeur.gens[5].pk)
        self.brut = tout_lire()
        self.regles = {qui.pk: ReglesBrutes(self.brut, qui.pk) for qui in (self.dsm, self.exclue)}
        self.cellules = set(self.regles[self.dsm.pk].cellules.values())
        self.portees = self._tirer(hasard)

    def _tirer(self, hasard):
        annees = (self.semeur.courante, self.semeur.courante.precedente)
        directions = frozenset(d["id"] for d in self.brut["Direction"])
        peuplees = [p.service for p in self.semeur.gens[3:60]]
        # La plus ancienne n’a que trois personnes : rien ne s’y montre, même en entier.
        anciennes = (*annees, annees[1].precedente)
        entieres = [Portee(Periode(annee), personne=qui) for annee in anciennes for qui in (self.dsm, self.exclue)]
        tirees = dict.fromkeys(entieres)
        while len(tirees) < PORTEES:
            periode = Periode(hasard.choice(annees))
            if hasard.random() < 0.25:
                premier = hasard.randrange(1, 13)
                periode = replace(periode, premier_mois=premier, dernier_mois=hasard.randrange(premier, 13))
            services = hasard.sample(peuplees, hasard.choice((1, 1, 2, 4)))
            territoire = hasard.choice(
                (
                    Territoire(),
                    Territoire(directions=frozenset(s.direction_id for s in services)),
                    Territoire(services=frozenset(s.pk for s in services)),
                    # Tout sauf une : ce qu’on ôterait du total pour la deviner.
                    Territoire(directions=directions - {services[0].direction_id}),
                    Territoire(rls=hasard.choice(RLS.values)),
                    Territoire(directions=frozenset({services[0].direction_id}), rls=hasard.choice(RLS.values)),
                    Territoire(directions=frozenset({services[0].direction_id}), services=frozenset({services[0].pk})),
                )
            )
            tirees[Portee(periode, territoire, hasard.choice((self.dsm, self.dsm, self.exclue)))] = None
        return list(tirees)

    def retenus(self, portee):
        """Rend {direction: nombre} de ce que la DSM a retenu cette année-là en dernier."""
        lignes = sorted(self.brut["EligiblesRetenus"], key=lambda ligne: ligne["id"])
        derniers = {x["direction_id"]: x["nombre"] for x in lignes if x["annee"] == portee.periode.annee.debut_annee}
        return {direction: nombre for direction, nombre in derniers.items() if nombre is not None}

    def attendu(self, code, portee):
        """Rend les Termes (numérateur, dénominateur ou None) d’un indicateur, ou None s’il ne répond pas."""
        haut, bas = REGLES[code]
        if any(refuse(regle, portee) for regle in (haut, bas) if regle):
            return None
        regles = self.regles[portee.personne.pk]
        numerateur = terme(haut, regles.lignes(haut), portee)
        if code != "mentorat.beneficiaires":
            return numerateur, terme(bas, regles.lignes(bas), portee) if bas else None
        retenus, territoire = self.retenus(portee), portee.territoire
        services = {s["id"] for s in self.brut["Service"] if s["direction_id"] in retenus}
        if retenus and (territoire.rls or territoire.services & services):
            return None
        autres = [ligne for ligne in regles.lignes(bas) if ligne.cellule[0] not in retenus]
        denominateur = terme(bas, autres, portee)
        if not denominateur.masque and not territoire.services:
            denominateur.nombre += sum(
                n for d, n in retenus.items() if not territoire.directions or d in territoire.directions
            )
        return numerateur, denominateur


@pytest.fixture(scope="module")
def monde(django_db_setup, django_db_blocker, tmp_path_factory):
    """L’année de démonstration, jouée une fois pour le module et défaite à la fin."""
    with (
        django_db_blocker.unblock(),
        override_settings(VAR=tmp_path_factory.mktemp("var")),
        transaction.atomic(),
    ):
        troupe = comptes.installer()
        peupler(315, 2)
        yield Monde(troupe)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def releve(monde):
    """Les valeurs du registre pour toutes les portées."""
    valeurs = {}
    for lot in _lots(monde.portees):
        valeurs |= relever(indicateurs(), lot)
    return valeurs


def _lots(portees):
    return [portees[debut : debut + PAR_LOT] for debut in range(0, len(portees), PAR_LOT)]


def _ecarts(valeur, attendu):
    """Rend ce qui diffère entre une valeur et ce que l’oracle attend, ou rien."""
    if attendu is None:
        return "" if valeur.raison else "le registre répond à ce qu’il devrait refuser"
    haut, bas = attendu
    masque = haut.masque or bool(bas and bas.masque)
    if valeur.raison or masque != valeur.masque:
        return f"masque : {valeur} pour {haut.masque}, {bas and bas.masque}"
    if masque:
        return ""
    sur = bas.nombre if bas else haut.sur
    partiel = haut.partiel or bool(bas and bas.partiel)
    obtenu = (
        valeur.nombre,
        valeur.sur or 0,
        min(valeur.effectif, CINQ),
        valeur.partiel,
        {p.libelle: p.nombre for p in valeur.parts},
    )
    voulu = (haut.nombre, sur, min(haut.effectif, CINQ), partiel, haut.parts)
    return "" if obtenu == voulu else f"{obtenu} au lieu de {voulu}"


@pytest.mark.exigence("R-072", "R-074", "R-142", "R-144", "R-184", "R-186", "R-187", "R-188", "R-229", "R-230")
def test_chaque_indicateur_egale_loracle_masques_compris(monde, releve):
    assert {i.code for i in indicateurs()} == REGLES.keys() | SATISFACTIONS.keys()
    ecarts, vus = [], {code: [0, 0, 0] for code in REGLES}
    for code, portee in itertools.product(REGLES, monde.portees):
        valeur = releve[code, portee]
        if ecart := _ecarts(valeur, monde.attendu(code, portee)):
            ecarts.append((code, portee.periode, portee.territoire, str(portee.personne), ecart))
        vus[code][0 if valeur.raison else 1 if valeur.masque else 2] += 1
    assert not ecarts, f"graine {GRAINE} : {len(ecarts)} écarts, dont {ecarts[:5]}"
    # L’oracle ne dirait rien de portées toutes masquées, ou toutes vides.
    muets = [code for code, (_, _, montres) in vus.items() if not montres]
    assert not muets, f"graine {GRAINE} : {muets} ne se montrent jamais"
    assert sum(masques for _, masques, _ in vus.values()) > 200


@pytest.mark.exigence("R-073", "R-143", "R-189", "R-231")
def test_la_satisfaction_egale_loracle(monde, releve):
    montrees = 0
    for (code, questionnaire), portee in itertools.product(SATISFACTIONS.items(), monde.portees):
        valeur = releve[code, portee]
        attendu = satisfaction(questionnaire, portee.periode.annee, monde.brut) if portee.est_entiere else None
        assert (valeur.raison == "") == (attendu is not None), (GRAINE, code, portee)
        if attendu:
            montrees += 1
            assert (valeur.nombre, valeur.sur) == (pytest.approx(attendu[0]), attendu[1]), (GRAINE, code, portee)
    assert montrees


def _emboitees(monde):
    """Rend les paires de portées (A, B) d’une même personne où A est dans B."""

    def etendue(portee):
        periode, territoire = portee.periode, portee.territoire
        return (
            portee.personne.pk,
            periode.annee,
            set(range(periode.premier_mois, periode.dernier_mois + 1)),
            {cellule for cellule in monde.cellules if territoire.contient(cellule)},
        )

    etendues = [(portee, etendue(portee)) for portee in monde.portees]
    return [
        (a, b)
        for (a, (qui, annee, mois, ici)), (b, (autre, meme, plus, la)) in itertools.permutations(etendues, 2)
        if (qui, annee) == (autre, meme) and mois <= plus and ici <= la
    ]


@pytest.mark.exigence("R-073")
def test_aucune_paire_de_filtres_ne_revele_un_groupe_de_moins_de_cinq(monde, releve):
    paires, comparees = _emboitees(monde), 0
    for code, rang in itertools.product(REGLES, (0, 1)):
        regle = REGLES[code][rang]
        if regle is None or not regle.groupe:
            continue
        montres = {
            portee: set(attendu[rang].lignes)
            for portee in monde.portees
            if not releve[code, portee].raison
            and not releve[code, portee].masque
            and (attendu := monde.attendu(code, portee)) is not None
        }
        for a, b in paires:
            if a in montres and b in montres:
                reste = {ligne.qui for ligne in montres[b] - montres[a]}
                comparees += bool(reste)
                assert not 0 < len(reste) < CINQ, (
                    f"graine {GRAINE} : {code}, {a} ôté de {b} rend {len(reste)} personnes"
                )
                assert montres[a] <= montres[b], f"graine {GRAINE} : {code}, {a} n’est pas dans {b}"
    assert comparees > 100


def test_une_decoupe_dit_la_meme_chose_que_le_filtre(monde):
    """Chaque barre d’une page est le chiffre qu’on lirait en choisissant cette partie."""
    portee = Portee(Periode(monde.semeur.courante.precedente), personne=monde.dsm)
    dimensions = {
        "direction": [(str(pk), Territoire(directions=frozenset({pk}))) for pk in _pks(Direction)],
        "service": [(str(pk), Territoire(services=frozenset({pk}))) for pk in _pks(Service)],
        "rls": [(rls, Territoire(rls=rls)) for rls in RLS.values],
    }
    codes = [i for i in indicateurs() if i.code in {"mentorat.heures", "cdp.presences", "concertation.application"}]
    comparees = 0
    for dimension, parties in dimensions.items():
        barres = ventiler(codes, [portee], dimension)
        for cle, territoire in parties[:12]:
            la = replace(portee, territoire=territoire)
            filtrees = relever(codes, [la])
            for indicateur in codes:
                barre = barres.get((indicateur.code, portee), {}).get(cle)
                if barre is not None:
                    comparees += 1
                    filtree = filtrees[indicateur.code, la]
                    assert (barre.nombre, barre.sur, barre.masque) == (filtree.nombre, filtree.sur, filtree.masque)
    assert comparees > 20


def _pks(modele):
    return modele.objects.order_by("pk").values_list("pk", flat=True)
