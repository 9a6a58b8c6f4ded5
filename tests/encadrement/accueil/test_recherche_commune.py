"""Chercher : des personnes en poste, mes dossiers, rien d’autre."""

import pytest
from django.urls import reverse

from encadrement.accueil import mesures as registre
from encadrement.accueil.mesures import Dossier, Mesure
from encadrement.accueil.recherche import LIMITE, chercher
from encadrement.personnes.models import Personne
from tests.factories import PersonneFactory


def noms(resultat):
    return [personne.nom_complet for personne in resultat.personnes]


@pytest.mark.parametrize("texte", ["loic", "LOÏC", "st-onge", "onge lo", "St Onge Loïc"])
def test_une_personne_se_trouve_sans_accents_ni_traits(distribution, texte):
    assert noms(chercher(distribution.collegue, texte)) == ["Loïc St-Onge"]


@pytest.mark.parametrize("texte", ["", "l", "é", "%%", "__", "' OR 1=1 --"])
def test_un_texte_trop_court_ou_malin_ne_trouve_personne(distribution, texte):
    assert noms(chercher(distribution.collegue, texte)) == []


def test_ni_les_comptes_fermes_ni_l_application_ne_se_trouvent(distribution):
    Personne.objects.systeme()
    assert noms(chercher(distribution.collegue, "keays")) == []
    assert noms(chercher(distribution.collegue, "système")) == []


def test_une_longue_liste_se_coupe_et_le_dit(distribution):
    for _ in range(LIMITE + 1):
        PersonneFactory(nom="Poirier")
    resultat = chercher(distribution.collegue, "poirier")
    assert (len(resultat.personnes), resultat.davantage) == (LIMITE, True)


def test_les_dossiers_viennent_de_chaque_mesure_pour_cette_personne_seulement(distribution, monkeypatch):
    monkeypatch.setattr(registre, "_inscrites", {})
    siens = {distribution.mentor.pk: [Dossier("Entente de Loïc", "/e/")]}
    registre.inscrire(Mesure("e", "Essai", "accueil:a_faire", chercher=lambda qui, _texte: siens.get(qui.pk, [])))
    assert [d.nom for d in chercher(distribution.mentor, "loic").dossiers] == ["Entente de Loïc"]
    assert chercher(distribution.collegue, "loic").dossiers == []


def test_la_page_montre_titre_service_et_rls_sans_lien_ni_courriel(client_de, distribution):
    page = client_de(distribution.collegue).get(reverse("accueil:recherche"), {"q": "st-onge"}).content.decode()
    assert "Ergothérapeute" in page
    assert "Soutien à domicile – Baie-des-Chaleurs" in page
    assert "Baie-des-Chaleurs" in page
    assert distribution.mentore.matricule not in page
    assert distribution.mentore.courriel not in page


def test_la_page_echappe_ce_qui_est_cherche(client_de, distribution):
    page = client_de(distribution.collegue).get(reverse("accueil:recherche"), {"q": "<script>alert(1)</script>"})
    assert "<script>alert" not in page.content.decode()
