"""En français, le premier du mois est « 1er » ; les autres jours n’ont pas de suffixe."""

import datetime

import pytest
from django.template import Context, Template


@pytest.mark.parametrize(
    ("jour", "forme", "dit"),
    [
        ("2026-12-01", '"j F Y"', "1er décembre 2026"),
        ("2026-12-01", '"l j F"', "mardi 1er décembre"),
        ("2026-12-11", '"j F Y"', "11 décembre 2026"),
        ("2026-12-01", '"DATE_FORMAT"', "1er décembre 2026"),
        ("2026-12-01", '"Y-m-d"', "2026-12-01"),
        ("2026-12-01", '"SHORT_DATE_FORMAT"', "2026-12-01"),
    ],
)
def test_le_premier_du_mois_se_dit_premier(jour, forme, dit):
    gabarit = Template("{{ jour|date:" + forme + " }}")
    assert gabarit.render(Context({"jour": datetime.date.fromisoformat(jour)})) == dit


def test_sans_forme_cest_la_date_longue():
    assert Template("{{ jour|date }}").render(Context({"jour": datetime.date(2026, 5, 1)})) == "1er mai 2026"


def test_rien_reste_rien():
    assert Template("{{ jour|date }}").render(Context({"jour": None})) == ""


def test_lheure_locale_dit_le_jour():
    instant = datetime.datetime(2026, 12, 2, 2, 0, tzinfo=datetime.UTC)
    assert Template('{{ q|date:"j F, G" }}').render(Context({"q": instant})) == "1er décembre, 21"
