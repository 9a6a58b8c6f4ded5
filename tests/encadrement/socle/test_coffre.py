"""Une clé par dossier, hors de la base : sans elle rien ne se lit ; la détruire détruit le dossier ; la tourner ne perd rien."""

import multiprocessing
import os
import uuid

import pytest
from cryptography.fernet import Fernet

from encadrement.socle import coffre
from encadrement.socle.coffre import CoffreFerme

CONTENU = {"récit": "Zibeline, œuvre d’été", "liste": [1, "deux"]}


@pytest.fixture
def nom():
    nom = uuid.uuid4()
    coffre.creer_cle(nom)
    return nom


def fichier(nom):
    return coffre.dossier() / str(nom)[:2] / f"{nom}.cle"


def test_ce_qui_est_chiffre_se_relit_et_ne_dit_rien(nom):
    chiffre = coffre.chiffrer(nom, CONTENU)
    assert coffre.dechiffrer(nom, chiffre) == CONTENU
    assert "Zibeline" not in chiffre


def test_la_cle_n_est_lisible_que_du_compte_et_chiffree_elle_meme(nom, settings):
    chemin = fichier(nom)
    assert chemin.stat().st_mode & 0o777 == 0o600
    assert chemin.parent.stat().st_mode & 0o077 == 0
    assert coffre.dossier().stat().st_mode & 0o077 == 0
    # Qui copie le fichier sans les clés de l’établissement n’a rien.
    with pytest.raises(ValueError):
        Fernet(chemin.read_bytes())
    assert sorted(chemin.parent.iterdir()) == [chemin]


def test_creer_deux_fois_garde_la_premiere_cle(nom):
    avant = fichier(nom).read_bytes()
    coffre.creer_cle(nom)
    assert fichier(nom).read_bytes() == avant


def _creer(nom, pret):
    pret.wait()
    coffre.creer_cle(nom)


def test_deux_processus_qui_creent_ensemble_n_ont_qu_une_cle():
    nom, contexte = uuid.uuid4(), multiprocessing.get_context("fork")
    pret = contexte.Barrier(6)
    processus = [contexte.Process(target=_creer, args=(nom, pret)) for _ in range(6)]
    for un in processus:
        un.start()
    for un in processus:
        un.join()
    assert [un.exitcode for un in processus] == [0] * 6
    assert coffre.dechiffrer(nom, coffre.chiffrer(nom, CONTENU)) == CONTENU
    assert len(list(fichier(nom).parent.iterdir())) == 1


def test_une_cle_absente_ferme_le_dossier(nom):
    chiffre = coffre.chiffrer(nom, CONTENU)
    fichier(nom).unlink()
    for geste in (lambda: coffre.dechiffrer(nom, chiffre), lambda: coffre.chiffrer(nom, CONTENU)):
        with pytest.raises(CoffreFerme):
            geste()
    assert not coffre.a_une_cle(nom)


def test_la_cle_d_un_autre_dossier_n_ouvre_pas_celui_ci(nom):
    autre = uuid.uuid4()
    coffre.creer_cle(autre)
    with pytest.raises(CoffreFerme):
        coffre.dechiffrer(autre, coffre.chiffrer(nom, CONTENU))


@pytest.mark.parametrize("abime", [b"", b"\x00" * 40, b"pas une cle", "tronque"])
def test_une_cle_abimee_ferme_le_dossier_sans_en_creer_une_autre(nom, abime):
    chiffre = coffre.chiffrer(nom, CONTENU)
    octets = fichier(nom).read_bytes()[:-9] if abime == "tronque" else abime
    fichier(nom).write_bytes(octets)
    coffre.creer_cle(nom)
    with pytest.raises(CoffreFerme):
        coffre.dechiffrer(nom, chiffre)
    assert fichier(nom).read_bytes() == octets


def test_un_chiffre_modifie_ne_se_lit_pas_a_moitie(nom):
    chiffre = coffre.chiffrer(nom, CONTENU)
    with pytest.raises(CoffreFerme):
        coffre.dechiffrer(nom, chiffre[:-4] + "AAAA")


def test_sans_les_cles_de_l_etablissement_rien_ne_s_ouvre_ni_ne_se_cree(nom, settings):
    chiffre = coffre.chiffrer(nom, CONTENU)
    for cles in ([], [Fernet.generate_key().decode()]):
        settings.CLES_CHAMPS = cles
        with pytest.raises(CoffreFerme):
            coffre.dechiffrer(nom, chiffre)
    settings.CLES_CHAMPS = []
    with pytest.raises(CoffreFerme):
        coffre.creer_cle(uuid.uuid4())


def test_o_14_detruire_la_cle_rend_le_dossier_illisible_a_jamais(nom):
    chiffre = coffre.chiffrer(nom, CONTENU)
    assert coffre.detruire_cle(nom)
    assert not coffre.detruire_cle(nom)
    coffre.creer_cle(nom)
    with pytest.raises(CoffreFerme):
        coffre.dechiffrer(nom, chiffre)


def test_o_14_une_cle_detruite_ne_se_remet_plus(nom):
    """Le registre survit à la clé : la copie qu’une sauvegarde en gardait ne sert plus à rien."""
    copie = dict(coffre.cles())[str(nom)]
    coffre.detruire_cle(nom)
    assert coffre.detruites() == {str(nom)}
    assert coffre.registre().stat().st_mode & 0o777 == 0o600
    assert not coffre.remettre_cle(nom, copie)
    assert not coffre.a_une_cle(nom)
    coffre.noter_detruites([nom, "une-autre", "une-autre"])
    assert len(coffre.registre().read_text().splitlines()) == 2


def test_une_cle_perdue_sans_etre_detruite_se_remet_telle_quelle(nom):
    chiffre, copie = coffre.chiffrer(nom, CONTENU), dict(coffre.cles())[str(nom)]
    fichier(nom).unlink()
    assert coffre.remettre_cle(nom, copie)
    assert not coffre.remettre_cle(nom, b"une autre")
    assert coffre.dechiffrer(nom, chiffre) == CONTENU
    assert fichier(nom).stat().st_mode & 0o777 == 0o600
    assert coffre.fermees() == []
    fichier(nom).write_bytes(Fernet(Fernet.generate_key()).encrypt(b"x"))
    assert coffre.fermees() == [str(nom)]


# — Tourner les clés de l’établissement


@pytest.fixture
def deux_cles(nom, settings):
    """Une clé neuve en tête, l’ancienne derrière ; rend (ancienne, neuve)."""
    ancienne, neuve = settings.CLES_CHAMPS[0], Fernet.generate_key().decode()
    settings.CLES_CHAMPS = [neuve, ancienne]
    return ancienne, neuve


def test_apres_la_rotation_la_cle_neuve_suffit_et_l_ancienne_n_ouvre_plus(nom, deux_cles, settings):
    ancienne, neuve = deux_cles
    chiffre = coffre.chiffrer(nom, CONTENU)
    assert coffre.tourner() == (1, [])
    assert fichier(nom).stat().st_mode & 0o777 == 0o600
    settings.CLES_CHAMPS = [neuve]
    assert coffre.dechiffrer(nom, chiffre) == CONTENU
    settings.CLES_CHAMPS = [ancienne]
    with pytest.raises(CoffreFerme):
        coffre.dechiffrer(nom, chiffre)


def test_rejouer_la_rotation_ne_change_rien(nom, deux_cles):
    coffre.tourner()
    avant = fichier(nom).read_bytes()
    assert coffre.tourner() == (0, [])
    assert fichier(nom).read_bytes() == avant


def test_une_cle_que_rien_n_ouvre_est_nommee_et_laissee_telle_quelle(nom, deux_cles):
    perdue = uuid.uuid4()
    coffre.creer_cle(perdue)
    fichier(perdue).write_bytes(Fernet(Fernet.generate_key()).encrypt(b"x"))
    avant = fichier(perdue).read_bytes()
    assert coffre.tourner() == (1, [str(perdue)])
    assert fichier(perdue).read_bytes() == avant


class Coupure(Exception):
    """Le courant manque."""


@pytest.mark.parametrize("geste", ["fsync", "replace"])
def test_une_coupure_pendant_la_rotation_laisse_chaque_cle_entiere(nom, deux_cles, settings, monkeypatch, geste):
    autres = [uuid.uuid4() for _ in range(4)]
    for autre in autres:
        settings.CLES_CHAMPS = list(reversed(settings.CLES_CHAMPS)) if autre is autres[0] else settings.CLES_CHAMPS
        coffre.creer_cle(autre)
    settings.CLES_CHAMPS = list(reversed(settings.CLES_CHAMPS))
    dossiers = [nom, *autres]
    chiffres = {un: coffre.chiffrer(un, CONTENU) for un in dossiers}
    vrai, restant = getattr(os, geste), [3]

    def couper(*args, **kwargs):
        restant[0] -= 1
        if restant[0] < 0:
            raise Coupure
        return vrai(*args, **kwargs)

    monkeypatch.setattr(os, geste, couper)
    with pytest.raises(Coupure):
        coffre.tourner()
    monkeypatch.setattr(os, geste, vrai)
    # Entre-temps, tout se lit avec les deux clés ; repris, tout se lit avec la neuve seule.
    assert all(coffre.dechiffrer(un, chiffres[un]) == CONTENU for un in dossiers)
    coffre.tourner()
    settings.CLES_CHAMPS = settings.CLES_CHAMPS[:1]
    assert all(coffre.dechiffrer(un, chiffres[un]) == CONTENU for un in dossiers)
    assert all(len(list(fichier(un).parent.glob("tmp*"))) == 0 for un in dossiers)


def test_une_coupure_pendant_la_creation_ne_laisse_pas_une_demi_cle(monkeypatch):
    nom, vrai = uuid.uuid4(), os.fsync

    def couper(_):
        raise Coupure

    monkeypatch.setattr(os, "fsync", couper)
    with pytest.raises(Coupure):
        coffre.creer_cle(nom)
    monkeypatch.setattr(os, "fsync", vrai)
    assert not coffre.a_une_cle(nom)
    coffre.creer_cle(nom)
    assert coffre.dechiffrer(nom, coffre.chiffrer(nom, CONTENU)) == CONTENU
