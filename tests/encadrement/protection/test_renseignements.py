"""La page « Protection des renseignements » se tire de ce qui tourne ; aucun texte libre n’échappe au registre (O-01, O-07)."""

import django
import pytest
from django.apps import apps
from django.core.management import call_command
from django.urls import reverse

from encadrement.journal.models import Entree
from encadrement.protection.champs import champs_sensibles, par_cle_du_dossier, textes_libres
from encadrement.socle.champs import ChampChiffre
from tests.mentorat.formulaire import texte_de
from tests.sources import MESURES

ADRESSE = "protection:renseignements"


def _de_la_maison():
    return [m for m in apps.get_models() if m.__module__.startswith(("encadrement", *MESURES)) and textes_libres(m)]


def test_o_01_chaque_texte_libre_a_sa_categorie_et_une_seule():
    ranges = [etiquette for categorie in champs_sensibles() for etiquette in categorie.modeles]
    assert sorted(ranges) == sorted(set(ranges))
    libres = {modele._meta.label_lower for modele in _de_la_maison()}
    assert libres - set(ranges) == set(), "à ranger dans encadrement/protection/champs.py"
    assert set(ranges) - libres == set(), "rangés sans texte libre"


def test_o_01_ce_qui_parle_d_une_situation_n_est_jamais_en_clair():
    du_comite = next(categorie for categorie in champs_sensibles() if "concertation.recit" in categorie.modeles)
    en_clair = [
        f"{etiquette}.{champ.name}"
        for etiquette in du_comite.modeles
        for champ in textes_libres(apps.get_model(etiquette))
        if not isinstance(champ, ChampChiffre) and f"{etiquette}.{champ.name}" not in par_cle_du_dossier()
    ]
    assert en_clair == []


@pytest.mark.django_db
def test_o_07_chacun_lit_qui_quoi_et_comment_le_detail_va_a_ceux_qui_en_repondent(distribution, client_de, settings):
    d = distribution
    settings.CONSERVATION_SITUATIONS_ANNEES, settings.CONSERVATION_SITUATIONS_SERIE = 7, "12-345"
    commune = texte_de(client_de(d.mentore).get(reverse(ADRESSE)))
    for attendu in (
        "7 ans",
        "série 12-345",
        "chiffré par la clé du dossier",
        "15 minutes",
        "L’intervenant responsable",
    ):
        assert attendu in commune, attendu
    assert django.get_version() not in commune
    assert "Jamais" in texte_de(client_de(d.pilote).get(reverse(ADRESSE)))
    call_command("verifier_journal")
    for nom in ("prp", "dsm", "pilote"):
        detail = texte_de(client_de(d[nom]).get(reverse(ADRESSE)))
        for attendu in (django.get_version(), "intact", "1 personne"):
            assert attendu in detail, (nom, attendu)


@pytest.mark.django_db
def test_la_verification_du_journal_se_consigne_meme_quand_elle_trouve(monkeypatch):
    from encadrement.journal.management.commands import verifier_journal

    monkeypatch.setattr(verifier_journal, "anomalies", lambda: ["Une entrée a été modifiée."])
    with pytest.raises(verifier_journal.CommandError):
        call_command("verifier_journal")
    assert Entree.objects.get(acte="journal.verifier").details == {"anomalies": 1}
