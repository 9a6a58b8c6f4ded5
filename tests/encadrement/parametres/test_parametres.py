"""Régler un paramètre : une version de plus, effective aussitôt, lue d’un seul coup ; rien ne se corrige ni ne se double."""

import io
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image, ImageFile

from encadrement.acces.matrice import AccesRefuse
from encadrement.documents.rendu import _logo
from encadrement.fichiers.refus import FichierRefuse
from encadrement.journal.models import Entree, LigneInalterable
from encadrement.parametres import registre
from encadrement.parametres.actions import RETOUR, regler, remettre_a_l_origine
from encadrement.parametres.droits import DROITS_PARAMETRE
from encadrement.parametres.images import exiger_une_image_sure
from encadrement.parametres.lecture import lecture, valeur
from encadrement.parametres.models import VersionParametre
from encadrement.socle.erreurs import ErreurMetier
from tests.encadrement.acces.trois_faces import desaccords

ATTENTE = "rappels.attente"
PAGE = ("parametres:parametre", [ATTENTE])


def test_les_trois_faces_du_droit_saccordent(distribution):
    d = distribution
    regler(ATTENTE, par=d.dsm, valeur=[2, 5, 10], motif="Essai.", vue=0)
    # Qui dirige sans avoir d’équipe lit aussi.
    direction = d.collegue.service.direction
    direction.directeur = d.collegue
    direction.save()
    assert DROITS_PARAMETRE.peut(d.collegue, "voir", None)
    assert desaccords(DROITS_PARAMETRE, VersionParametre.objects.all(), d) == []


def test_la_dsm_regle_relit_lavant_et_lapres_puis_revient_a_lorigine(distribution, client_de):
    d = distribution
    client, page = client_de(d.appr), reverse(*PAGE[:1], args=PAGE[1])
    saisie = {"etape_0": 2, "etape_1": 5, "etape_2": 10, "motif": "Relancer plus tôt.", "vue": 0}

    apercu = client.post(page, saisie)
    assert "3\xa0jours ouvrables après" in apercu.text
    assert "2\xa0jours ouvrables après" in apercu.text
    assert valeur(ATTENTE) == (3, 7, 15), "rien n’est enregistré avant d’avoir relu"

    # Ce qu’on a relu n’est plus ce qu’on envoie : on relit encore.
    assert client.post(page, saisie | {"etape_2": 12, "apercu": "[2, 5, 10]"}).status_code == 200
    assert not VersionParametre.objects.exists()

    assert client.post(page, saisie | {"apercu": "[2, 5, 10]"}).status_code == 302
    assert valeur(ATTENTE) == (2, 5, 10)
    histoire = client_de(d.gestionnaire).get(page).text
    assert "Relancer plus tôt." in histoire
    assert "Enregistrer" not in histoire
    assert "Voir ce qui change" not in histoire

    assert client.post(reverse("parametres:parametre_origine", args=[ATTENTE]), {"vue": "1"}).status_code == 302
    assert valeur(ATTENTE) == (3, 7, 15)
    versions = list(VersionParametre.objects.values_list("rang", "avant", "valeur", "motif", "par"))
    assert versions == [
        (2, [2, 5, 10], None, RETOUR, d.appr.pk),
        (1, None, [2, 5, 10], "Relancer plus tôt.", d.appr.pk),
    ]
    assert [e.details["version"] for e in Entree.objects.filter(acte="parametres.regler").order_by("rang")] == [1, 2]


def test_ce_qui_se_refuse(distribution):
    d = distribution
    bon = {"par": d.dsm, "motif": "Essai.", "vue": 0}
    for valeur_, motif in (([7, 3, 15], "croissant"), ([3, 7, 40], "entre 1 et 30"), ([3, 7], "chaque étape")):
        with pytest.raises(ErreurMetier, match=motif):
            regler(ATTENTE, valeur=valeur_, **bon)
    with pytest.raises(ErreurMetier, match="Dites pourquoi"):
        regler(ATTENTE, valeur=[2, 5, 10], **{**bon, "motif": " "})
    with pytest.raises(ErreurMetier, match="déjà la valeur en vigueur"):
        regler(ATTENTE, valeur=[3, 7, 15], **bon)
    with pytest.raises(ErreurMetier, match="adresse de courriel"):
        regler("adresses.dsm", valeur="la DSM", **bon)
    for par in (d.appr, d.pilote, d.directrice):
        with pytest.raises(AccesRefuse):
            regler("adresses.dsm", valeur="autre@cisss.exemple", par=par, motif="Essai.", vue=0)
    assert not VersionParametre.objects.exists()


def test_deux_clics_nen_font_quun_et_deux_personnes_ne_secrasent_pas(distribution):
    d = distribution
    premiere = regler(ATTENTE, par=d.dsm, valeur=[2, 5, 10], motif="Essai.", vue=0)
    assert regler(ATTENTE, par=d.dsm, valeur=[2, 5, 10], motif="Essai.", vue=0) == premiere
    with pytest.raises(ErreurMetier, match="déjà la valeur en vigueur"):
        regler(ATTENTE, par=d.appr, valeur=[2, 5, 10], motif="Un autre motif.", vue=0)
    with pytest.raises(ErreurMetier, match="pendant que vous"):
        regler(ATTENTE, par=d.appr, valeur=[4, 8, 16], motif="Essai.", vue=0)
    with pytest.raises(ErreurMetier, match="pendant que vous"):
        remettre_a_l_origine(ATTENTE, par=d.appr, vue=0)
    assert valeur(ATTENTE) == (2, 5, 10)


def test_une_requete_par_demande_quel_que_soit_le_nombre_lu(distribution, client_de):
    with CaptureQueriesContext(connection) as requetes, lecture():
        for declare in registre.parametres():
            # Un balayage lancé au milieu d’une demande lit les mêmes valeurs.
            with lecture():
                valeur(declare.code)
    assert len(requetes) == 1
    client = client_de(distribution.gestionnaire)
    page = reverse("parametres:liste")
    client.get(page)
    with CaptureQueriesContext(connection) as avant:
        client.get(page)
    regler(ATTENTE, par=distribution.dsm, valeur=[2, 5, 10], motif="Essai.", vue=0)
    regler("adresses.dsm", par=distribution.dsm, valeur="a@cisss.exemple", motif="Essai.", vue=0)
    with CaptureQueriesContext(connection) as apres:
        assert "a@cisss.exemple" in client.get(page).text
    assert len(apres) == len(avant)


def test_ecrire_au_milieu_dune_lecture_la_fait_relire(distribution):
    with lecture():
        assert valeur(ATTENTE) == (3, 7, 15)
        regler(ATTENTE, par=distribution.dsm, valeur=[2, 5, 10], motif="Essai.", vue=0)
        assert valeur(ATTENTE) == (2, 5, 10)


def test_lhistoire_ne_se_recrit_pas(distribution):
    version = regler(ATTENTE, par=distribution.dsm, valeur=[2, 5, 10], motif="Essai.", vue=0)
    with pytest.raises(LigneInalterable):
        VersionParametre.objects.update(motif="Autre.")
    with pytest.raises(LigneInalterable):
        version.delete()


@pytest.mark.postgresql
def test_la_base_aussi_garde_lhistoire(distribution):
    regler(ATTENTE, par=distribution.dsm, valeur=[2, 5, 10], motif="Essai.", vue=0)
    with pytest.raises(DatabaseError), connection.cursor() as curseur:
        curseur.execute("UPDATE parametres_versionparametre SET motif = 'autre'")


def _image(sorte="PNG", cote=20):
    octets = io.BytesIO()
    Image.new("RGB", (cote, 10), "#095797").save(octets, sorte)
    return octets.getvalue()


def _televerse(nom, octets):
    return SimpleUploadedFile(nom, octets)


@pytest.mark.parametrize("indulgent", [False, True], ids=["Pillow seul", "WeasyPrint est passé par là"])
def test_un_logo_nentre_que_sil_est_une_image_et_rien_dautre(distribution, client_de, monkeypatch, indulgent):
    d = distribution
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", indulgent)
    page = reverse("parametres:parametre", args=["identite.logo"])
    bombe = _image()
    bombe = bombe[:16] + (30000).to_bytes(4) * 2 + bombe[24:29] + zlib.crc32(b"x").to_bytes(4) + bombe[33:]
    dangereux = {
        "logo.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        "svg.png": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "suite.png": _image() + b"<script>alert(1)</script>",
        "grand.png": _image(cote=2001),
        "abime.png": _image()[:40] + b"IEND\xaeB`\x82",
        "illisible.png": _image()[:43] + bytes(8) + _image()[51:],
        "bombe.png": bombe,
        "texte.pdf": b"%PDF-1.7\n%%EOF",
    }
    for nom, octets in dangereux.items():
        with pytest.raises(FichierRefuse):
            exiger_une_image_sure(_televerse(nom, octets))
    envoi = {"motif": "Nouveau logo.", "vue": 0}
    refusee = client_de(d.dsm).post(page, {**envoi, "valeur": _televerse("suite.png", dangereux["suite.png"])})
    assert refusee.status_code == 200
    assert "autre chose qu’une image" in refusee.text
    assert _logo() == ""

    for rang, (nom, sorte) in enumerate((("logo.png", "PNG"), ("logo.jpg", "JPEG"))):
        envoi = {"motif": "Nouveau logo.", "vue": rang, "valeur": _televerse(nom, _image(sorte))}
        assert client_de(d.dsm).post(page, envoi).status_code == 302
        assert _logo().startswith(f"data:image/{sorte.lower()};base64,")
    image = client_de(d.gestionnaire).get(reverse("parametres:parametre_image", args=["identite.logo"]))
    assert image["X-Content-Type-Options"] == "nosniff"
    assert image["Content-Type"] == "image/jpeg"
    assert b"".join(image.streaming_content) == _image("JPEG")
    remettre_a_l_origine("identite.logo", par=d.dsm, vue=2)
    assert _logo() == ""
    # La fermer ferme aussi la connexion à la base : en dernier.
    image.close()
