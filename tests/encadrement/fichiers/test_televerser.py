"""Par la page : un envoi refusé ne perd rien de ce qui était écrit, un envoi démesuré ne remplit rien."""

import io
import os
import tracemalloc

import pytest
from django.http.multipartparser import MultiPartParser
from django.test import RequestFactory

from encadrement.fichiers.models import Fichier
from encadrement.fichiers.televersement import TropGros
from tests.encadrement.fichiers.contenus import PDF, png, televerse

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.encadrement.fichiers.page")]

MO = 1024 * 1024
ADRESSE = "/essai/depot/"


@pytest.fixture
def envoyer(client_de, distribution):
    client = client_de(distribution.mentor)

    def envoyer(nom, contenu):
        return client.post(
            ADRESSE, {"avant": "écrit avant", "fichier": televerse(nom, contenu), "apres": "écrit après"}
        )

    return envoyer


@pytest.mark.parametrize("contenu", [PDF, PDF + bytes(5 * MO)], ids=["en mémoire", "sur le disque"])
def test_un_fichier_permis_se_depose(envoyer, contenu):
    assert envoyer("Évaluation (v2) .PDF", contenu).content.decode() == "déposé"
    assert Fichier.objects.get().nom == "Évaluation (v2).pdf"


def test_sans_fichier_le_formulaire_passe(client_de, distribution):
    reponse = client_de(distribution.mentor).post(ADRESSE, {"avant": "seul"})
    assert reponse.status_code == 200
    assert not Fichier.objects.exists()


def test_un_fichier_de_25_mo_est_refuse_et_le_reste_est_garde(envoyer):
    reponse = envoyer("Évaluation.pdf", PDF + bytes(25 * MO - len(PDF)))
    page = reponse.content.decode()
    assert reponse.status_code == 422
    assert "Ce fichier fait 25\xa0Mo\xa0: la limite est de 20\xa0Mo." in page
    assert "écrit avant" in page
    assert "écrit après" in page
    assert not Fichier.objects.exists()


def test_la_limite_exacte_passe_et_un_octet_de_plus_ne_passe_pas(settings, envoyer):
    settings.FICHIER_TAILLE_MAXIMALE = MO
    assert envoyer("a.pdf", PDF + bytes(MO - len(PDF))).status_code == 200
    assert envoyer("a.pdf", PDF + bytes(MO - len(PDF) + 1)).status_code == 422


@pytest.mark.parametrize(
    ("nom", "contenu", "phrase"),
    [
        ("évaluation (v2) .PDF.exe", PDF, "se termine par .exe"),
        ("image.pdf", png(), "image PNG"),
        ("vide.pdf", b"", "est vide"),
    ],
)
def test_un_refus_se_lit_sous_le_champ_et_garde_le_texte(envoyer, nom, contenu, phrase):
    page = envoyer(nom, contenu).content.decode()
    assert phrase in page
    assert "écrit avant" in page


def test_un_antivirus_en_panne_refuse_le_fichier_et_garde_le_texte(envoyer, settings):
    settings.ANTIVIRUS, settings.CLAMD_ADRESSE = "encadrement.fichiers.clamd.examiner", "tcp://127.0.0.1:1"
    reponse = envoyer("a.pdf", PDF)
    assert reponse.status_code == 422
    assert "L’antivirus ne répond pas" in reponse.content.decode()
    assert "écrit avant" in reponse.content.decode()


def test_trop_de_fichiers_a_la_fois_sont_refuses(client_de, distribution):
    client = client_de(distribution.mentor)
    reponse = client.post(ADRESSE, {f"f{rang}": televerse("a.pdf", PDF) for rang in range(11)})
    assert reponse.status_code == 400


@pytest.mark.parametrize("gros_en_premier", [True, False])
def test_un_fichier_coupe_nabime_pas_son_voisin(settings, gros_en_premier):
    settings.FICHIER_TAILLE_MAXIMALE = MO
    gros, petit = televerse("gros.pdf", PDF + bytes(3 * MO)), televerse("petit.pdf", PDF)
    paires = [("gros", gros), ("petit", petit)]
    requete = RequestFactory().post("/", dict(paires if gros_en_premier else paires[::-1]))
    try:
        assert requete.FILES["petit"].read() == PDF
        assert isinstance(requete.FILES["gros"], TropGros)
    finally:
        requete.close()


class EnvoiSansFin(io.RawIOBase):
    """Un envoi de plusieurs centaines de mégaoctets qui n’existe jamais en entier."""

    def __init__(self, debut, milieu, fin):
        self.morceaux, self.milieu = [debut, fin], milieu
        self.taille = len(debut) + milieu + len(fin)

    def readable(self):
        return True

    def readinto(self, tampon):
        if self.morceaux and len(self.morceaux) == 2:
            octets = self.morceaux.pop(0)
        elif self.milieu:
            octets = bytes(min(len(tampon), self.milieu, 64 * 1024))
            self.milieu -= len(octets)
        else:
            octets = self.morceaux.pop(0) if self.morceaux else b""
        assert len(octets) <= len(tampon)
        tampon[: len(octets)] = octets
        return len(octets)


def test_un_envoi_de_500_mo_ne_remplit_ni_la_memoire_ni_le_disque(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    envoi = EnvoiSansFin(
        b'--lim\r\nContent-Disposition: form-data; name="fichier"; filename="a.pdf"\r\n\r\n%PDF-1.7\n',
        500 * MO,
        b'\r\n--lim\r\nContent-Disposition: form-data; name="apres"\r\n\r\nrest\xc3\xa9\r\n--lim--\r\n',
    )
    requete = RequestFactory().post("/", content_type="multipart/form-data; boundary=lim")
    requete.META["CONTENT_LENGTH"] = str(envoi.taille)
    handlers = requete.upload_handlers
    disque = []
    temporaire = handlers[2]
    recevoir = temporaire.receive_data_chunk
    temporaire.receive_data_chunk = lambda *args: (recevoir(*args), disque.append(_octets_sous(tmp_path)))[0]
    tracemalloc.start()
    try:
        post, fichiers = MultiPartParser(requete.META, io.BufferedReader(envoi), handlers).parse()
        pointe = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert post["apres"] == "resté"
    assert isinstance(fichiers["fichier"], TropGros)
    assert fichiers["fichier"].size > 500 * MO
    assert pointe < 10 * MO
    assert max(disque) <= 20 * MO
    assert _octets_sous(tmp_path) == 0


def _octets_sous(dossier):
    return sum(os.path.getsize(entree) for entree in os.scandir(dossier))
