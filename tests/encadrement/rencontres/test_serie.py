"""Les dates d’une série : l’heure de l’horloge ne bouge pas, le jour de la semaine non plus."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from encadrement.notifications.calendrier import est_ouvrable, jours_chomes
from encadrement.rencontres.serie import MAXIMUM, Rythme, Serie, creneau, moment_local
from encadrement.socle.erreurs import ErreurMetier

J = datetime.date.fromisoformat
TORONTO = ZoneInfo("America/Toronto")
MERCREDI = J("2026-09-16")
TREIZE_TRENTE = datetime.time(13, 30)


def serie(**champs):
    valeurs = {
        "premier": MERCREDI,
        "heure": TREIZE_TRENTE,
        "minutes": 180,
        "rythme": Rythme.SEMAINES,
        **champs,
    }
    if "nombre" not in valeurs and "dernier_jour" not in valeurs:
        valeurs["nombre"] = 6
    return Serie(**valeurs)


def jours(dates):
    return [f"{creneau.debut.astimezone(TORONTO):%Y-%m-%d}" for creneau in dates.creneaux]


# --- Les règles -------------------------------------------------------------------------------------------------------


def test_toutes_les_quatre_semaines_six_fois():
    dates = serie(intervalle=4).dates()
    assert jours(dates) == ["2026-09-16", "2026-10-14", "2026-11-11", "2026-12-09", "2027-01-06", "2027-02-03"]
    assert dates.sautes == ()


def test_le_troisieme_mercredi_du_mois_jusqu_a_une_date():
    dates = serie(rythme=Rythme.RANG_DU_MOIS, dernier_jour=J("2026-12-16")).dates()
    assert jours(dates) == ["2026-09-16", "2026-10-21", "2026-11-18", "2026-12-16"]


def test_le_dernier_jeudi_tous_les_deux_mois():
    dates = serie(premier=J("2026-09-24"), rythme=Rythme.DERNIER_DU_MOIS, intervalle=2, nombre=4).dates()
    assert jours(dates) == ["2026-09-24", "2026-11-26", "2027-01-28", "2027-03-25"]


def test_un_cinquieme_mercredi_vaut_pour_le_dernier():
    dates = serie(premier=J("2026-09-30"), rythme=Rythme.RANG_DU_MOIS, nombre=3).dates()
    assert jours(dates) == ["2026-09-30", "2026-10-28", "2026-11-25"]


def test_les_deux_fins_se_combinent():
    assert len(serie(nombre=3, dernier_jour=J("2026-12-31")).dates().creneaux) == 3
    assert len(serie(nombre=30, dernier_jour=J("2026-09-30")).dates().creneaux) == 3


@pytest.mark.parametrize(
    ("champs", "libelle"),
    [
        ({}, "chaque semaine, le mercredi"),
        ({"intervalle": 2}, "toutes les 2\xa0semaines, le mercredi"),
        ({"rythme": Rythme.RANG_DU_MOIS}, "le 3e mercredi de chaque mois"),
        ({"rythme": Rythme.RANG_DU_MOIS, "premier": J("2026-09-01")}, "le 1er mardi de chaque mois"),
        ({"rythme": Rythme.RANG_DU_MOIS, "premier": J("2026-09-30")}, "le dernier mercredi de chaque mois"),
        ({"rythme": Rythme.DERNIER_DU_MOIS, "intervalle": 3}, "le dernier mercredi du mois, tous les 3\xa0mois"),
    ],
)
def test_la_regle_se_dit_en_mots(champs, libelle):
    assert serie(**champs).libelle == libelle


# --- Les jours fériés -------------------------------------------------------------------------------------------------


def test_un_jour_ferie_est_saute_signale_et_ne_compte_pas():
    dates = serie(premier=J("2026-06-17"), nombre=4).dates()
    # La Fête nationale et la fête du Canada tombent un mercredi en 2026.
    assert jours(dates) == ["2026-06-17", "2026-07-08", "2026-07-15", "2026-07-22"]
    assert [(saute.jour, saute.report) for saute in dates.sautes] == [
        (J("2026-06-24"), J("2026-06-25")),
        (J("2026-07-01"), J("2026-07-02")),
    ]
    assert str(dates.sautes[0]) == (
        "Le mercredi 24\xa0juin\xa02026 est férié\xa0: aucune rencontre ce jour-là. "
        "Pour la tenir quand même, ajoutez-en une, par exemple le jeudi 25\xa0juin\xa02026."
    )


def test_un_jour_chome_de_l_etablissement_est_saute_aussi(settings):
    settings.JOURS_CHOMES = ["2026-09-23"]
    assert jours(serie(nombre=2).dates()) == ["2026-09-16", "2026-09-30"]


def test_une_fin_de_semaine_choisie_se_garde():
    assert jours(serie(premier=J("2026-09-19"), nombre=2).dates()) == ["2026-09-19", "2026-09-26"]


# --- Les refus --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"nombre": None}, "Dites jusqu’à quand"),
        ({"nombre": 0}, "Dites jusqu’à quand"),
        ({"nombre": -1}, "au moins un"),
        ({"intervalle": 0}, "au moins un"),
        ({"minutes": 0}, "au moins un"),
        ({"nombre": MAXIMUM + 1}, "deux ans"),
        ({"rythme": Rythme.RANG_DU_MOIS, "nombre": None, "dernier_jour": J("2028-09-20")}, "deux ans"),
        ({"nombre": None, "dernier_jour": J("2028-09-16")}, "60 rencontres"),
        ({"rythme": Rythme.RANG_DU_MOIS, "nombre": 30}, "deux ans"),
        ({"dernier_jour": J("2026-09-15")}, "aucune rencontre"),
        ({"premier": J("2026-12-25"), "dernier_jour": J("2026-12-31")}, "aucune rencontre"),
    ],
)
def test_une_serie_sans_fin_trop_longue_ou_vide_est_refusee(champs, phrase):
    with pytest.raises(ErreurMetier, match=phrase):
        serie(**champs).dates()


@pytest.mark.parametrize(
    ("jour", "heure", "phrase"),
    [
        ("2026-03-08", "02:30", "Le dimanche 8\xa0mars\xa02026, on avance l’heure\xa0: 2\xa0h\xa030 n’existe pas"),
        ("2026-03-08", "02:00", "n’existe pas"),
        (
            "2026-11-01",
            "01:30",
            "Le dimanche 1er\xa0novembre\xa02026, on recule l’heure\xa0: 1\xa0h\xa030 arrive deux fois",
        ),
        ("2026-11-01", "01:00", "deux fois"),
    ],
)
def test_une_heure_qui_n_existe_pas_ou_arrive_deux_fois_est_refusee(jour, heure, phrase):
    with pytest.raises(ErreurMetier, match=phrase):
        moment_local(J(jour), datetime.time.fromisoformat(heure))


def test_une_serie_de_nuit_est_refusee_au_changement_d_heure():
    with pytest.raises(ErreurMetier, match="n’existe pas"):
        serie(premier=J("2026-03-01"), heure=datetime.time(2, 30), nombre=2).dates()


@pytest.mark.parametrize(
    ("jour", "heure"),
    [("2026-03-08", "01:59"), ("2026-03-08", "03:00"), ("2026-11-01", "00:59"), ("2026-11-01", "02:00")],
)
def test_au_bord_du_changement_l_heure_est_prise(jour, heure):
    instant = moment_local(J(jour), datetime.time.fromisoformat(heure))
    assert f"{instant.astimezone(datetime.UTC).astimezone(TORONTO):%Y-%m-%d %H:%M}" == f"{jour} {heure}"


@pytest.mark.parametrize(
    ("jour", "heure", "minutes", "fin"),
    [
        ("2026-10-31", "23:00", 240, "2026-11-01 02:00"),  # la nuit compte une heure de plus
        ("2026-03-07", "23:00", 240, "2026-03-08 04:00"),  # une de moins
        ("2026-10-31", "13:30", 180, "2026-10-31 16:30"),
    ],
)
def test_la_duree_est_en_minutes_reelles(jour, heure, minutes, fin):
    trouve = creneau(J(jour), datetime.time.fromisoformat(heure), minutes)
    assert trouve.fin - trouve.debut == datetime.timedelta(minutes=minutes)
    assert f"{trouve.fin.astimezone(TORONTO):%Y-%m-%d %H:%M}" == fin


# --- Pour toute série -------------------------------------------------------------------------------------------------

SERIES = st.builds(
    Serie,
    premier=st.dates(J("2025-01-01"), J("2035-12-31")),
    # Le jour, l’heure existe toujours une seule fois.
    heure=st.times(datetime.time(3), datetime.time(23, 59)).map(lambda heure: heure.replace(second=0, microsecond=0)),
    minutes=st.integers(15, 480),
    rythme=st.sampled_from(Rythme),
    intervalle=st.integers(1, 3),
    nombre=st.integers(1, 6),
)


@given(SERIES)
@settings(deadline=None)
def test_toute_serie_garde_son_heure_son_jour_et_son_compte(essayee):
    dates = essayee.dates()
    locaux = [creneau.debut.astimezone(TORONTO) for creneau in dates.creneaux]
    assert len(locaux) == essayee.nombre
    assert {local.time() for local in locaux} == {essayee.heure}
    assert {local.weekday() for local in locaux} == {essayee.premier.weekday()}
    assert locaux[0].date() >= essayee.premier
    assert all(c.fin - c.debut == datetime.timedelta(minutes=essayee.minutes) for c in dates.creneaux)
    assert not any(local.date() in jours_chomes(local.year) for local in locaux)
    assert all(saute.jour in jours_chomes(saute.jour.year) for saute in dates.sautes)
    assert all(est_ouvrable(saute.report) and saute.report > saute.jour for saute in dates.sautes)


@given(SERIES)
@settings(deadline=None)
def test_toute_serie_suit_son_pas(essayee):
    dates = essayee.dates()
    prevus = sorted(
        [creneau.debut.astimezone(TORONTO).date() for creneau in dates.creneaux] + [s.jour for s in dates.sautes]
    )
    assert len(set(prevus)) == len(prevus)
    if essayee.rythme == Rythme.SEMAINES:
        pas = datetime.timedelta(weeks=essayee.intervalle)
        assert prevus == [essayee.premier + pas * rang for rang in range(len(prevus))]
        return
    mois = [jour.year * 12 + jour.month for jour in prevus]
    assert mois == list(range(mois[0], mois[0] + essayee.intervalle * len(mois), essayee.intervalle))
    du_rang = (essayee.premier.day - 1) // 7 + 1
    if essayee.rythme == Rythme.DERNIER_DU_MOIS or du_rang == 5:
        assert all((jour + datetime.timedelta(days=7)).month != jour.month for jour in prevus)
    else:
        assert {(jour.day - 1) // 7 + 1 for jour in prevus} == {du_rang}
