"""Pour toute année engendrée, les nombres du rapport égalent ceux des comptes rendus, comptés à la main (R-369 à R-375)."""

import datetime
import zoneinfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdp.actions import annees, comptes_rendus, rencontres
from cdp.actions.contenus_annuels import contenu_rapport
from cdp.forms.annees import RapportForm
from cdp.models import RapportAnnuel, SorteContribution
from encadrement.outils.horloge import au
from encadrement.rencontres.models import Mode
from encadrement.socle.temps import ecrire_duree
from tests.cdp import scenes

pytestmark = pytest.mark.django_db
TORONTO = zoneinfo.ZoneInfo("America/Toronto")
TENUE, CORRIGEE, ANNULEE, A_VENIR = "tenue", "corrigee", "annulee", "à venir"
RUBRIQUES = {
    "experiences": "experience",
    "donnees_probantes": "donnee",
    "coconstructions": "coconstruction",
    "productions": "production",
}


@st.composite
def rencontres_de_trois_ans(draw):
    """Des rencontres de l’année d’avant, de l’année et de celle d’après ; les bornes reviennent souvent.

    Les jours sont dits en écart au 1er avril de l’année : -1 est le 31 mars, 364 ou 365 le dernier jour.
    """
    bornes = st.sampled_from([-1, 0, 1, 363, 364, 365, 366])
    return draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "jour": st.one_of(bornes, st.integers(-200, 500)),
                    "heure": st.integers(0, 23),
                    "minutes": st.integers(15, 8 * 60),
                    "sort": st.sampled_from([TENUE, TENUE, TENUE, CORRIGEE, ANNULEE, A_VENIR]),
                    "contributions": st.lists(st.sampled_from(SorteContribution.values), max_size=4),
                }
            ),
            max_size=6,
            unique_by=lambda rencontre: rencontre["jour"],
        )
    )


@pytest.mark.exigence("R-144", "R-369", "R-370", "R-371", "R-372", "R-373", "R-374", "R-375")
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(prevues=rencontres_de_trois_ans())
def test_les_nombres_du_rapport_sont_ceux_des_comptes_rendus(distribution, prevues):
    communaute = scenes.communaute_active(distribution)
    annee = communaute.annee
    with transaction.atomic(), au(annee.suivante.fin + datetime.timedelta(days=400)):
        for prevue in prevues:
            _jouer(communaute, prevue, annee.debut, distribution.secretaire)
        rapport = RapportAnnuel.objects.create(communaute=communaute, annee=annee.debut_annee)
        _verifier(rapport, _de_l_annee(prevues, annee))
        transaction.set_rollback(True)


def _jouer(communaute, prevue, premier_avril, par):
    jour = premier_avril + datetime.timedelta(days=prevue["jour"])
    debut = datetime.datetime.combine(jour, datetime.time(prevue["heure"], 10), tzinfo=TORONTO)
    moment = (debut, debut + datetime.timedelta(minutes=prevue["minutes"]))
    (rencontre,) = rencontres.planifier_rencontres(communaute, [moment], par=par, mode=Mode.VIRTUELLE)
    if prevue["sort"] == A_VENIR:
        return
    if prevue["sort"] == ANNULEE:
        rencontres.annuler_rencontre(rencontre, par=par)
        return
    rencontres.tenir_rencontre(rencontre, par=par)
    for rang, sorte in enumerate(prevue["contributions"]):
        comptes_rendus.consigner_contribution(rencontre, par=par, sorte=sorte, precision=f"apport {rang}")
    if prevue["sort"] == CORRIGEE:
        en_trop = comptes_rendus.consigner_contribution(rencontre, par=par, sorte="experience", precision="par erreur")
        comptes_rendus.retirer_contribution(en_trop, par=par)


def _de_l_annee(prevues, annee):
    """L’oracle : les rencontres tenues de l’année, lues dans ce qui a été engendré et non dans la base."""
    jours = (annee.fin - annee.debut).days
    return [p for p in prevues if p["sort"] in {TENUE, CORRIGEE} and 0 <= p["jour"] <= jours]


def _verifier(rapport, tenues):
    sortes = [sorte for tenue in tenues for sorte in tenue["contributions"]]
    attendus = {"rencontres": len(tenues)} | {champ: sortes.count(sorte) for champ, sorte in RUBRIQUES.items()}
    nombres = contenu_rapport(rapport)["nombres"]
    moyenne = sum(tenue["minutes"] for tenue in tenues) / max(1, len(tenues))
    assert {nombre: nombres[nombre] for nombre in attendus} == attendus
    assert nombres["duree_moyenne"] in {ecrire_duree(int(moyenne)), ecrire_duree(int(moyenne) + 1)}
    for rubrique in RapportForm(document=rapport).bilan():
        nom = rubrique["champ"].name
        assert rubrique["compte"] == rubrique["retenu"] == nombres[nom]
        assert len(rubrique["precisions"]) == (attendus[nom] if nom in RUBRIQUES else 0)


def test_le_rapport_ne_compte_pas_les_rencontres_d_une_autre_communaute(distribution):
    communaute = scenes.communaute_active(distribution)
    scenes.plan_approuve(distribution, communaute)
    scenes.rencontre_tenue(distribution, scenes.communaute_active(distribution, "Une autre CdP"))
    rapport = annees.ouvrir_rapport(communaute, communaute.annee.debut_annee, par=distribution.animatrice)
    assert contenu_rapport(rapport)["nombres"]["rencontres"] == 0
