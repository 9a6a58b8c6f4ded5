"""Remettre un fichier : toujours en pièce jointe, intact, jamais dans notre origine (B-05)."""

import os
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from encadrement.fichiers.actions import deposer, effacer_les_orphelins, retirer
from encadrement.journal.models import Entree
from tests.encadrement.fichiers.contenus import HTML, PDF, POLYGLOTTE, honnetes, televerse

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.encadrement.fichiers.page")]


@pytest.fixture
def remettre(client_de, distribution):
    client = client_de(distribution.mentor)
    reponses = []

    def remettre(fichier):
        reponses.append(client.get(f"/essai/remise/{fichier.uuid}/"))
        return reponses[-1]

    yield remettre
    for reponse in reponses:
        reponse.close()


@pytest.mark.parametrize("extension", honnetes())
def test_chaque_sorte_sort_en_piece_jointe_inerte(remettre, distribution, extension):
    contenu = honnetes()[extension]
    reponse = remettre(deposer(televerse(f"a.{extension}", contenu), par=distribution.mentor))
    assert b"".join(reponse.streaming_content) == contenu
    assert reponse.headers["Content-Disposition"].startswith("attachment")
    assert reponse.headers["X-Content-Type-Options"] == "nosniff"
    assert reponse.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert reponse.headers["Cache-Control"] == "no-store"
    assert reponse.headers["X-Frame-Options"] == "DENY"
    assert not reponse.headers["Content-Type"].startswith(("text/html", "image/svg", "application/xhtml"))


def test_un_polyglotte_sort_inerte(remettre, distribution):
    reponse = remettre(deposer(televerse("a.pdf", POLYGLOTTE), par=distribution.mentor))
    assert reponse.headers["Content-Type"] == "application/pdf"
    assert reponse.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in reponse.headers["Content-Security-Policy"]


def test_le_nom_accentue_voyage(remettre, distribution):
    reponse = remettre(deposer(televerse("Évaluation de l’été.pdf", PDF), par=distribution.mentor))
    assert reponse.headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''%C3%89valuation%20de%20l%E2%80%99%C3%A9t%C3%A9.pdf"
    )


def test_la_lecture_est_consignee(remettre, distribution):
    fichier = deposer(televerse("a.pdf", PDF), par=distribution.mentore)
    remettre(fichier)
    entree = Entree.objects.get(acte="fichier.telecharger")
    assert (entree.par, entree.objet_uuid) == (distribution.mentor, fichier.uuid)


def test_un_fichier_retire_nest_plus_remis(remettre, distribution):
    fichier = deposer(televerse("a.pdf", PDF), par=distribution.mentor)
    retirer(fichier, par=distribution.mentor)
    reponse = remettre(fichier)
    assert reponse.status_code == 409
    assert "a été retiré" in reponse.content.decode()


@pytest.mark.parametrize("sort", ["alteré", "disparu"])
def test_un_fichier_altere_ou_disparu_nest_pas_remis(remettre, distribution, sort):
    fichier = deposer(televerse("a.pdf", PDF), par=distribution.mentor)
    chemin = default_storage.path(fichier.contenu.name)
    if sort == "disparu":
        os.remove(chemin)
    else:
        with open(chemin, "wb") as garde:
            garde.write(HTML)
    reponse = remettre(fichier)
    assert reponse.status_code == 409
    assert b"document.cookie" not in reponse.content
    assert not Entree.objects.filter(acte="fichier.telecharger").exists()


def test_ce_quune_transaction_annulee_a_laisse_sefface(distribution):
    fichier = deposer(televerse("a.pdf", PDF), par=distribution.mentor)
    orphelin = default_storage.save("pieces/ab/orphelin", ContentFile(b"x"))
    recent = default_storage.save("pieces/cd/recent", ContentFile(b"x"))
    avant_hier = (timezone.now() - timedelta(days=2)).timestamp()
    for nom in (fichier.contenu.name, orphelin):
        os.utime(default_storage.path(nom), (avant_hier, avant_hier))
    assert effacer_les_orphelins() == 1
    assert not default_storage.exists(orphelin)
    assert default_storage.exists(recent)
    assert default_storage.exists(fichier.contenu.name)


def test_un_stockage_encore_vide_na_pas_dorphelin():
    assert effacer_les_orphelins() == 0
