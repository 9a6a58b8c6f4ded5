"""Des années tirées au hasard : les suivis, le bilan et les heures, comparés à des comptes faits autrement."""

import collections
import datetime

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from cdp.actions import ordre_du_jour, rencontres, suivis
from cdp.models import Contribution, Depassement, Heures, ParticipationCdp, RencontreCdp, SorteContribution
from cdp.models.bilan import bilan
from cdp.models.decompte import decomptes
from encadrement.outils.horloge import au
from encadrement.socle.temps import AnneeFinanciere
from tests.cdp import scenes

pytestmark = pytest.mark.django_db

ANNEE = AnneeFinanciere(2026)
PEU = settings(max_examples=12, deadline=None, database=None, derandomize=True)
JOURS = st.dates(datetime.date(2026, 3, 25), datetime.date(2027, 4, 6))
MOMENTS = st.builds(
    lambda jour, heure: timezone.make_aware(datetime.datetime.combine(jour, datetime.time(heure, 30))),
    st.one_of(
        JOURS, st.sampled_from([datetime.date(2026, 3, 31), datetime.date(2026, 4, 1), datetime.date(2027, 3, 31)])
    ),
    st.sampled_from([0, 1, 9, 20, 23]),
)


def engendrer(strategie, verifier):
    """Vérifie chaque exemple dans une transaction défaite après : la base repart de la même scène."""

    @PEU
    @given(strategie)
    def jouer(exemple):
        with transaction.atomic():
            verifier(exemple)
            transaction.set_rollback(True)

    jouer()


def dans_l_annee(moment):
    """L’oracle : du 1er avril 2026 au 31 mars 2027, à l’heure de la Gaspésie."""
    local = timezone.localtime(moment)
    return (2026, 4, 1) <= (local.year, local.month, local.day) <= (2027, 3, 31)


def _rencontre(communaute, moment, minutes, etat):
    return RencontreCdp.objects.create(
        communaute=communaute,
        debut=moment,
        fin=moment + datetime.timedelta(minutes=minutes),
        etat=etat,
        lien=scenes.LIEN,
    )


# --- Les suivis -------------------------------------------------------------------------------------------------

# Par rencontre : combien de suivis y naissent, et lesquels de ceux encore ouverts on clôt ensuite.
SUIVIS = st.lists(st.tuples(st.integers(0, 2), st.lists(st.integers(0, 5), max_size=2)), min_size=2, max_size=5)


@pytest.mark.exigence("R-390", "R-395", "R-398")
def test_un_suivi_ouvert_revient_a_chaque_ordre_du_jour_jusqua_sa_cloture_et_plus_apres(distribution):
    d = distribution
    communaute = scenes.communaute_active(d)
    depart = timezone.localdate() + datetime.timedelta(days=1)

    def verifier(rencontres_de_l_annee):
        ouverts = []
        for rang, (naissent, clos) in enumerate(rencontres_de_l_annee):
            jour = depart + datetime.timedelta(days=7 * rang)
            with au(jour, 9):
                (rencontre,) = rencontres.planifier_rencontres(
                    communaute, [scenes.moment(0)], par=d.animatrice, mode="virtuelle", lien=scenes.LIEN
                )
                a_l_ordre_du_jour = [suivi.texte for suivi in ordre_du_jour.suivis_ouverts(rencontre)]
                assert sorted(a_l_ordre_du_jour) == sorted(suivi.texte for suivi in ouverts)
            with au(jour, 18):
                rencontres.tenir_rencontre(rencontre, par=d.secretaire)
                ouverts += [
                    suivis.noter_suivi(rencontre, par=d.secretaire, texte=f"À faire {rang}.{numero}", personne=d.membre)
                    for numero in range(naissent)
                ]
                for place in clos:
                    if place < len(ouverts):
                        suivis.clore_suivi(ouverts.pop(place), par=d.animatrice, issue="Fait.")

    engendrer(SUIVIS, verifier)


# --- Le bilan ---------------------------------------------------------------------------------------------------

ETATS = st.sampled_from(["planifiee", "convoquee", "tenue", "publiee", "adoptee", "annulee"])
ONT_EU_LIEU = {"tenue", "publiee", "adoptee"}
RENCONTRES = st.lists(
    st.tuples(MOMENTS, st.integers(15, 420), ETATS, st.lists(st.sampled_from(SorteContribution.values), max_size=3)),
    max_size=8,
    unique_by=lambda ligne: ligne[0],
)
RUBRIQUES = {
    "experience": "experiences",
    "donnee": "donnees_probantes",
    "coconstruction": "coconstructions",
    "production": "productions",
    "autre": "autres",
}


@pytest.mark.exigence("R-144", "R-369", "R-370", "R-371", "R-372", "R-373", "R-374", "R-375")
def test_le_bilan_compte_les_rencontres_tenues_de_lannee_et_leurs_contributions(distribution):
    communaute = scenes.communaute_active(distribution)

    def verifier(lignes):
        durees, contributions, precisions = [], collections.Counter(), collections.defaultdict(list)
        for rang, (moment, minutes, etat, sortes) in enumerate(lignes):
            rencontre = _rencontre(communaute, moment, minutes, etat)
            for numero, sorte in enumerate(sortes):
                Contribution.objects.create(
                    rencontre=rencontre,
                    sorte=sorte,
                    precision=f"p{rang}.{numero}",
                    consignee_par=distribution.secretaire,
                )
            if dans_l_annee(moment) and etat in ONT_EU_LIEU:
                durees.append(minutes)
                contributions.update(sortes)
                for numero, sorte in enumerate(sortes):
                    precisions[RUBRIQUES[sorte]].append(f"p{rang}.{numero}")
        compte = bilan(communaute, ANNEE)
        assert compte["rencontres"] == len(durees)
        if durees:
            assert abs(compte["duree_moyenne"] * len(durees) - sum(durees)) * 2 <= len(durees)
        else:
            assert compte["duree_moyenne"] == 0
        assert {rubrique: compte[rubrique] for rubrique in RUBRIQUES.values()} == {
            rubrique: contributions[sorte] for sorte, rubrique in RUBRIQUES.items()
        }
        assert {nom: sorted(dits) for nom, dits in compte.precisions.items() if dits} == {
            nom: sorted(dits) for nom, dits in precisions.items()
        }

    engendrer(RENCONTRES, verifier)


# --- Les heures -------------------------------------------------------------------------------------------------

GENS = ("animatrice", "secretaire", "membre", "ancien_membre")
MEMBRES = GENS[:3]
SORTES = ("preparation", "recherche", "animation", "administration")
PRESENCES = st.dictionaries(
    st.sampled_from(GENS), st.tuples(st.sampled_from([True, False, None]), st.sampled_from(["present", "absent"]))
)
EXERCICES = st.fixed_dictionaries(
    {
        "heures": st.lists(
            st.tuples(st.sampled_from(GENS), JOURS, st.sampled_from(SORTES), st.integers(1, 1440)), max_size=8
        ),
        "rencontres": st.lists(
            st.tuples(MOMENTS, st.integers(15, 420), ETATS, PRESENCES), max_size=5, unique_by=lambda ligne: ligne[0]
        ),
        "depassements": st.lists(
            st.tuples(
                st.sampled_from([None, *GENS]),
                st.sampled_from([2025, 2026]),
                st.integers(1, 600),
                st.sampled_from(["accorde", "refuse"]),
            ),
            max_size=4,
        ),
    }
)


def _oracle(exercice):
    """Rend {personnage: (plafonnées, à part, prévues, plafond)} en additionnant ligne par ligne."""
    plafonnees, a_part, prevues = collections.Counter(), collections.Counter(), collections.Counter()
    for nom, jour, sorte, minutes in exercice["heures"]:
        if datetime.date(2026, 4, 1) <= jour <= datetime.date(2027, 3, 31):
            (plafonnees if sorte in {"preparation", "recherche"} else a_part)[nom] += minutes
    for moment, minutes, etat, presences in exercice["rencontres"]:
        if not dans_l_annee(moment):
            continue
        for nom in GENS:
            presente, reponse = presences.get(nom, (None, "attendue"))
            if etat in ONT_EU_LIEU and presente:
                plafonnees[nom] += minutes
            if etat in {"planifiee", "convoquee"} and nom in MEMBRES and reponse != "absent":
                prevues[nom] += minutes
    plafonds = dict.fromkeys(GENS, 1440)
    for pour, annee, minutes, etat in exercice["depassements"]:
        if annee == 2026 and etat == "accorde":
            for nom in GENS if pour is None else (pour,):
                plafonds[nom] += minutes
    return {nom: (plafonnees[nom], a_part[nom], prevues[nom], plafonds[nom]) for nom in GENS}


def _ecrire(communaute, d, exercice):
    for nom, jour, sorte, minutes in exercice["heures"]:
        Heures.objects.create(communaute=communaute, personne=d[nom], jour=jour, sorte=sorte, minutes=minutes)
    for moment, minutes, etat, presences in exercice["rencontres"]:
        rencontre = _rencontre(communaute, moment, minutes, etat)
        for nom, (presente, reponse) in presences.items():
            ParticipationCdp.objects.create(rencontre=rencontre, personne=d[nom], presente=presente, reponse=reponse)
    for pour, annee, minutes, etat in exercice["depassements"]:
        Depassement.objects.create(
            communaute=communaute,
            personne=d[pour] if pour else None,
            annee=annee,
            minutes=minutes,
            etat=etat,
            justification="Mandat.",
            demande_par=d.animatrice,
        )


@pytest.mark.exigence("R-126", "R-128", "R-422", "R-423")
def test_le_decompte_egale_le_compte_a_la_main_plafonds_releves_compris(distribution):
    d = distribution
    communaute = scenes.communaute_active(d)

    def verifier(exercice):
        _ecrire(communaute, d, exercice)
        comptes = decomptes(communaute, ANNEE)
        for nom, (plafonnees, a_part, prevues, plafond) in _oracle(exercice).items():
            compte = comptes.get(d[nom].pk)
            if compte is None:
                assert nom == "ancien_membre"
                assert (plafonnees, a_part) == (0, 0)
                continue
            assert (compte.consacrees, compte.a_part, compte.prevues, compte.plafond) == (
                plafonnees,
                a_part,
                prevues,
                plafond,
            ), nom
            assert compte.projete == plafonnees + prevues
            assert compte.restantes == max(0, plafond - plafonnees)
            assert compte.depassement_prevu == max(0, plafonnees + prevues - plafond)
            assert compte.pourcentage >= 100 if plafonnees >= plafond else compte.pourcentage < 100

    engendrer(EXERCICES, verifier)
