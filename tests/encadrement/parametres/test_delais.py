"""Changer un délai de relance vaut au balayage suivant, n’en double aucune et n’en perd aucune."""

import datetime

import pytest

from encadrement.notifications.models import Rappel
from encadrement.notifications.rappels import Echeance, Pas, SourceDeRappels, attente, balayer_rappels
from encadrement.notifications.series import ChaqueSemaine, Serie
from encadrement.parametres import registre
from encadrement.parametres.actions import regler
from encadrement.parametres.models import VersionParametre
from encadrement.socle.temps import jour_local
from tests.encadrement.notifications.conftest import CONTEXTE, GABARIT
from tests.factories import PersonneFactory

DU = datetime.date(2026, 11, 18)  # un mercredi
OUBLI = datetime.timedelta(days=30)


def le(jours):
    return DU + datetime.timedelta(days=jours)


@pytest.fixture
def relances(distribution, monkeypatch):
    """Une échéance relancée à J-14, J et J+7, que la source ne rend que si la série la dit à sa portée."""
    monkeypatch.setattr(registre, "_parametres", dict(registre._parametres))
    monkeypatch.setattr("encadrement.notifications.rappels._sources", {})
    mentor, dossier = distribution.mentor, PersonneFactory()
    serie = Serie(
        "essai.rappels",
        "Essai",
        registre.MAISON,
        tuple(Pas(jours, code, lambda _: [mentor]) for jours, code in ((-14, "J-14"), (0, "J"), (7, "J+7"))),
        ("avant", "le jour", "après"),
        ensuite=ChaqueSemaine(
            "essai.semaines", "Essai", registre.MAISON, lambda _: [mentor], origine=0, maximum=6, depuis=14
        ),
    )
    registre.declarer(serie.parametre, serie.ensuite.parametre)

    def echeances(jour):
        if serie.premier_jour_du(jour, OUBLI) <= DU <= serie.dernier_jour_du(jour):
            yield Echeance(dossier, "bilan", DU, serie.reglee(), GABARIT, url="/dossier/", contexte=CONTEXTE)

    monkeypatch.setattr("encadrement.notifications.rappels._sources", {"essai": SourceDeRappels("essai", echeances)})
    return distribution


def _parties():
    return [
        jalon.split(f"{DU:%Y-%m-%d} ")[1] for jalon in Rappel.objects.order_by("pk").values_list("jalon", flat=True)
    ]


def test_un_delai_change_ne_double_ni_ne_perd_de_relance(relances):
    d = relances

    def delais(*valeur):
        regler("essai.rappels", par=d.appr, valeur=list(valeur), motif="Essai.", vue=VersionParametre.objects.count())

    assert balayer_rappels(le(-18)) == 0
    delais(-20, 0, 7)
    assert balayer_rappels(le(-18)) == 1, "avancé : ce qui vient d’échoir part au balayage suivant"
    delais(-10, 0, 7)
    assert sum(balayer_rappels(le(jours)) for jours in range(-17, 0)) == 0, "reculé : ce qui est parti ne repart pas"
    assert balayer_rappels(le(0)) == 1
    delais(-10, -5, 20)
    assert sum(balayer_rappels(le(jours)) for jours in range(1, 19)) == 0
    delais(-10, -5, 6)
    assert balayer_rappels(le(19)) == 1
    delais(-14, 0, 7)
    assert sum(balayer_rappels(le(jours)) for jours in range(19, 70)) == 0
    assert _parties() == ["J-14", "J", "J+7"]


def test_un_delai_plus_long_que_loubli_se_relance_encore(relances):
    """La dernière étape à quarante-cinq jours, et deux semaines d’arrêt."""
    regler("essai.rappels", par=relances.appr, valeur=[-14, 0, 45], motif="Essai.", vue=0)
    balayer_rappels(le(0))
    assert balayer_rappels(le(45 + 13)) == 1


def test_les_delais_dattente_dune_mesure_ne_touchent_pas_les_autres(relances):
    depuis = datetime.datetime(2026, 11, 2, 12, tzinfo=datetime.UTC)

    def pas(objet):
        echeance = attente(objet, geste="signer", dossier=str, depuis=depuis, qui=lambda _: [])
        assert echeance.jour_du == jour_local(depuis)
        return [(ligne.code, ligne.decalage) for ligne in echeance.pas]

    entente, autre = type("Entente", (), {}), PersonneFactory()
    entente._meta = type("Meta", (), {"app_label": "mentorat"})
    regler("mentorat.rappels.attente", par=relances.dsm, valeur=[2, 4, 8], motif="Essai.", vue=0)
    assert pas(entente) == [("J+3 ouvrables", 2), ("J+7 ouvrables", 4), ("J+15 ouvrables", 8)]
    assert pas(autre) == [("J+3 ouvrables", 3), ("J+7 ouvrables", 7), ("J+15 ouvrables", 15)]


def test_regler_le_nombre_de_relances_hebdomadaires_prolonge_ou_ecourte_la_suite(relances):
    """La première à quatorze jours, puis chaque semaine."""

    def semaines(nombre):
        vue = VersionParametre.objects.filter(code="essai.semaines").count()
        regler("essai.semaines", par=relances.appr, valeur=nombre, motif="Essai.", vue=vue)

    balayer_rappels(le(7))
    assert balayer_rappels(le(14)) == 0, "aucune à l’origine"
    semaines(2)
    assert balayer_rappels(le(14)) == 1
    assert balayer_rappels(le(21)) == 1
    assert balayer_rappels(le(28)) == 0
    semaines(4)
    assert balayer_rappels(le(28)) == 1, "prolongée : la suivante part"
    semaines(1)
    semaines(3)
    assert sum(balayer_rappels(le(jours)) for jours in range(28, 60)) == 0, "ce qui est parti ne repart pas"
    assert _parties()[-3:] == ["J+14", "J+21", "J+28"]
