"""/verifier/ dit authentique, altéré ou inconnu, sans rien révéler et quoi qu’on lui donne."""

import random
import zlib

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from encadrement.documents import verification
from encadrement.documents.models import lire_code
from encadrement.documents.verification import Verdict, verifier_code, verifier_octets

ADRESSE = "/verifier/"


@pytest.fixture(autouse=True)
def compteurs_neufs(db):
    cache.clear()


def deposer(client, octets, nom="document.pdf"):
    reponse = client.post(ADRESSE, {"fichier": SimpleUploadedFile(nom, octets, "application/pdf")})
    return reponse.content.decode()


def test_la_page_s_ouvre_sans_connexion(client):
    reponse = client.get(reverse("documents:verifier"))

    assert reponse.status_code == 200
    assert "Vérifier un document" in reponse.content.decode()


@pytest.mark.usefixtures("nature_inscrite")
def test_le_fichier_d_origine_est_authentique(client, produit, octets):
    page = deposer(client, octets)

    assert "Ce fichier est authentique" in page
    assert "Entente de mentorat" in page
    assert produit.numero in page


def test_la_page_ne_revele_ni_nom_ni_contenu(client, octets):
    page = deposer(client, octets)

    for secret in ("Cayouette", "Sansregret", "Fortier", "M-2026-0001", "évaluations", "CLSC"):
        assert secret not in page


def test_un_octet_change_n_importe_ou_se_dit_altere(produit, octets):
    hasard = random.Random(12)
    positions = [0, len(octets) - 1, *hasard.sample(range(len(octets)), 400)]
    verdicts = {}
    for position in positions:
        copie = bytearray(octets)
        copie[position] ^= 1 << hasard.randrange(8)
        verdicts[position] = verifier_octets(bytes(copie)).verdict

    assert [position for position, verdict in verdicts.items() if verdict != Verdict.ALTERE] == []


def test_la_page_dit_altere_en_toutes_lettres(client, octets):
    copie = bytearray(octets)
    copie[len(copie) // 2] ^= 0x20

    page = deposer(client, bytes(copie))

    assert "Ce fichier a été altéré" in page
    assert "ne vous y fiez pas" in page


@pytest.mark.parametrize(
    "retouche",
    [
        lambda octets: octets + b"\n",
        lambda octets: octets[:-200],
        lambda octets: b"\x00" + octets,
        lambda octets: octets.replace(b"/Lang", b"/Gnal"),
    ],
    ids=["ajout", "troncature", "decalage", "remplacement"],
)
def test_toute_retouche_se_dit_alteree(octets, retouche):
    assert verifier_octets(retouche(octets)).verdict == Verdict.ALTERE


def test_notre_sceau_sans_document_au_registre_ne_passe_pas(octets):
    sans_trace = verification._NUMERO.sub(b"XX-0000-00000", octets)
    sans_trace = verification._CODE.sub(lambda trace: b"-" * len(trace.group()), sans_trace)

    constat = verifier_octets(sans_trace)

    assert constat.verdict == Verdict.ALTERE
    assert constat.document is None


HOSTILES = {
    "vide": b"",
    "pas_un_pdf": b"GIF89a" + b"\x00" * 100,
    "page_web": b"<html><script>alert(1)</script></html>",
    "pdf_tronque": b"%PDF-1.7\n",
    "bombe": b"%PDF-1.7\n1 0 obj<</Filter/FlateDecode/Length 1>>stream\n" + zlib.compress(b"\0" * 20_000_000),
    "bruit": random.Random(1).randbytes(200_000),
    "nos_numeros_en_rafale": b"%PDF-1.7\n" + b"".join(b"EC-2026-%05d " % rang for rang in range(20_000)),
}


@pytest.mark.parametrize("sorte", sorted(HOSTILES))
def test_un_fichier_hostile_recoit_une_phrase(client, sorte):
    page = deposer(client, HOSTILES[sorte])

    assert any(phrase in page for phrase in ("Document inconnu", "Ce fichier est vide"))


def test_un_fichier_qui_n_est_pas_un_pdf_se_dit(client):
    assert "n’est pas un PDF" in deposer(client, HOSTILES["pas_un_pdf"])


def test_un_envoi_trop_gros_est_refuse_avant_d_etre_lu(client):
    reponse = client.post(ADRESSE, {}, headers={"content-length": str(500 * 1024 * 1024)})

    assert reponse.status_code == 413
    assert "dépasse 10" in reponse.content.decode()


def test_un_fichier_un_peu_trop_gros_est_refuse_par_le_formulaire(client, monkeypatch):
    monkeypatch.setattr("encadrement.documents.forms.TAILLE_MAXIMALE", 10)

    assert "dépasse 10" in deposer(client, b"%PDF-1.7 et quelques octets de plus")


def test_ni_fichier_ni_code_demande_l_un_ou_l_autre(client):
    assert "Déposez un fichier PDF ou écrivez un code" in client.post(ADRESSE, {}).content.decode()


def test_le_jeton_du_formulaire_reste_exige(octets):
    from django.test import Client

    reponse = Client(enforce_csrf_checks=True).post(ADRESSE, {"code": "x"})

    assert reponse.status_code == 403


@pytest.mark.usefixtures("nature_inscrite")
@pytest.mark.parametrize(
    "ecrire",
    [
        lambda document: document.code,
        lambda document: document.code_lisible,
        lambda document: document.code_lisible.lower().replace("-", " "),
        lambda document: document.code.replace("0", "O").replace("1", "l"),
    ],
    ids=["serre", "groupe", "minuscules", "confondu"],
)
def test_un_code_se_reconnait_comme_on_le_tape(client, produit, ecrire):
    page = client.post(ADRESSE, {"code": ecrire(produit)}).content.decode()

    assert "Ce code est celui d’un document de l’établissement" in page
    assert produit.numero in page
    assert "Cayouette" not in page


def test_le_code_qr_mene_au_constat(client, produit):
    page = client.get(ADRESSE, {"code": produit.code_lisible}).content.decode()

    assert "Ce code est celui d’un document" in page
    assert f'value="{produit.code_lisible}"' in page


@pytest.mark.parametrize("code", ["", "AAAA-BBBB-CCCC-DDDD", "<script>", "🦀" * 16, "0" * 40])
def test_un_code_inconnu_ou_mal_forme_reste_inconnu(code):
    assert verifier_code(code).verdict == Verdict.INCONNU


def test_un_document_pas_encore_produit_n_est_pas_connu(document):
    assert verifier_code(document.code).verdict == Verdict.INCONNU


def test_lire_code_accepte_seize_signes_seulement():
    assert lire_code("7k3m-9qtx-2b4c-wz8a") == "7K3M9QTX2B4CWZ8A"
    assert lire_code("7K3M-9QTX-2B4C-WZ8") == ""
    assert lire_code("7K3M-9QTX-2B4C-WZ8U") == ""


def test_trop_d_essais_de_la_meme_adresse_font_patienter(client):
    statuts = [client.get(ADRESSE, {"code": f"AAAA-BBBB-CCCC-{rang:04d}"}).status_code for rang in range(31)]

    assert statuts[:30] == [200] * 30
    assert statuts[30] == 429
