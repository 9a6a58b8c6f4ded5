"""Déposer un fichier : ce qui entre, ce qui est refusé et par quelle phrase (B-05)."""

import hashlib
import io
import random
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from encadrement.fichiers import reconnaissance
from encadrement.fichiers.actions import deposer, inspecter, retirer
from encadrement.fichiers.models import Examen, Fichier
from encadrement.fichiers.refus import FichierRefuse
from encadrement.journal.models import Entree, LigneInalterable
from encadrement.socle.erreurs import ErreurMetier
from tests.encadrement.fichiers import contenus
from tests.encadrement.fichiers.contenus import PDF, archive, honnetes, ooxml, opendocument, televerse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("extension", honnetes())
def test_chaque_sorte_permise_se_depose(distribution, extension):
    contenu = honnetes()[extension]
    fichier = deposer(televerse(f"Plan de l’été.{extension}", contenu), par=distribution.mentor)
    assert fichier.nom == f"Plan de l’été.{extension}"
    assert fichier.sorte == extension.replace("jpeg", "jpg")
    assert (fichier.taille, fichier.empreinte) == (len(contenu), hashlib.sha256(contenu).hexdigest())
    assert fichier.examen == Examen.EN_ATTENTE
    with default_storage.open(fichier.contenu.name) as garde:
        assert garde.read() == contenu


@pytest.mark.parametrize("extension", honnetes())
def test_chaque_sorte_sous_une_autre_extension_est_refusee(extension):
    autre = "png" if extension not in {"png", "txt", "csv"} else "pdf"
    with pytest.raises(FichierRefuse, match=rf"se termine par \.{autre}, mais son contenu"):
        inspecter(televerse(f"Plan.{autre}", honnetes()[extension]))


# --- Les noms ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tape", "garde"),
    [
        ("évaluation (v2) .PDF", "évaluation (v2).pdf"),
        ("  Bilan   de\u00a0l’œuvre .pdf", "Bilan de l’œuvre.pdf"),
        ("rapport\u202efdp.pdf", "rapportfdp.pdf"),
        ("e\u0301te\u0301.pdf", "été.pdf"),
        ("C:\\Mes documents\\plan v1.2.pdf", "plan v1.2.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ('a"b<c>d|e?.pdf', "a b c d e.pdf"),
        ("plan.\u200d.pdf", "plan.\u200d.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("Gesgapegiag 🌊.pdf", "Gesgapegiag 🌊.pdf"),
    ],
)
def test_le_nom_est_nettoye_sans_etre_appauvri(tape, garde):
    contenu = televerse("x.pdf", PDF)
    contenu._name = tape
    assert inspecter(contenu).nom == garde


@pytest.mark.parametrize(
    ("nom", "phrase"),
    [
        ("évaluation (v2) .PDF.exe", "se termine par .exe, malgré ce que le reste de son nom laisse croire"),
        ("facture.exe.pdf", "deux extensions (.exe et .pdf)"),
        ("page.html.txt", "deux extensions (.html et .txt)"),
        ("calcul.docm", "macros"),
        ("calcul.XLSM", "macros"),
        ("lettre.doc", "enregistrez le fichier en .docx"),
        ("dessin.svg", "Les fichiers .svg ne sont pas acceptés"),
        ("page.html", "Les fichiers .html ne sont pas acceptés"),
        ("outil.exe", "Les fichiers .exe ne sont pas acceptés"),
        ("archive.zip", "Les fichiers .zip ne sont pas acceptés"),
        ("sans extension", "ne dit pas de quelle sorte il est"),
        (".pdf", "ne dit pas de quelle sorte il est"),
        ("piege.pdf\u202e\u200b.", "ne dit pas de quelle sorte il est"),
    ],
)
def test_une_extension_refusee_le_dit_clairement(nom, phrase):
    contenu = televerse("x.pdf", PDF)
    contenu._name = nom
    with pytest.raises(FichierRefuse) as refus:
        inspecter(contenu)
    assert phrase in refus.value.message


# --- Les contenus -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nom", ["dessin.png", "dessin.pdf", "dessin.txt", "dessin.csv"])
@pytest.mark.parametrize(
    "contenu", [contenus.SVG, contenus.HTML, b"\xef\xbb\xbf \n" + contenus.HTML, contenus.PAGE_POLYGLOTTE]
)
def test_une_page_ou_un_svg_deguise_est_refuse(nom, contenu):
    with pytest.raises(FichierRefuse, match=r"pages Web|sorte acceptée"):
        inspecter(televerse(nom, contenu))


def test_une_page_en_utf16_est_refusee():
    with pytest.raises(FichierRefuse, match="pages Web"):
        inspecter(televerse("page.txt", contenus.HTML.decode().encode("utf-16")))


@pytest.mark.parametrize("extension", ["pdf", "png", "jpg", "txt", "csv", "docx"])
def test_un_programme_deguise_est_refuse(extension):
    with pytest.raises(FichierRefuse, match="sorte acceptée"):
        inspecter(televerse(f"photo.{extension}", contenus.EXE))


@pytest.mark.parametrize("contenu", [b"nom;age\x00;34", b"\x7fELF\x02\x01\x01", b"\x1b[2J", b"mot\x81", b"\xff\xfea"])
def test_un_texte_illisible_est_refuse(contenu):
    with pytest.raises(FichierRefuse, match="sorte acceptée"):
        inspecter(televerse("a.txt", contenu))


def test_un_fichier_vide_est_refuse():
    with pytest.raises(FichierRefuse, match="vide"):
        inspecter(televerse("vide.pdf", b""))


def test_un_ancien_format_ou_un_document_protege_dit_quoi_faire():
    with pytest.raises(FichierRefuse, match="sans protection"):
        inspecter(televerse("lettre.docx", contenus.OLE))


@pytest.mark.parametrize(
    ("nom", "contenu"),
    [
        ("a.docx", ooxml("docx", **{"word/vbaProject.bin": b"x"})),
        ("a.xlsx", ooxml("xlsx", **{"xl/VBAPROJECT.BIN": b"x"})),
        ("a.xlsx", ooxml("xlsx", **{"xl/macrosheets/sheet1.xml": b"x"})),
        ("a.docx", ooxml(types='ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"')),
        ("a.odt", opendocument("odt", **{"Basic/Standard/Module1.xml": b"x"})),
        ("a.ods", opendocument("ods", **{"Scripts/python/m.py": b"x"})),
    ],
)
def test_un_document_a_macros_est_refuse(nom, contenu):
    with pytest.raises(FichierRefuse, match="macros"):
        inspecter(televerse(nom, contenu))


def test_un_document_opendocument_protege_est_refuse():
    manifeste = {"META-INF/manifest.xml": "<manifest:encryption-data/>"}
    with pytest.raises(FichierRefuse, match="mot de passe"):
        inspecter(televerse("a.odt", opendocument("odt", **manifeste)))


def test_une_archive_chiffree_est_refusee():
    contenu = bytearray(ooxml())
    for signature, decalage in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        contenu[contenu.index(signature) + decalage] |= 1
    with pytest.raises(FichierRefuse, match="mot de passe"):
        inspecter(televerse("a.docx", bytes(contenu)))


@pytest.mark.parametrize(
    "contenu",
    [
        archive({"notes.txt": "bonjour"}),
        ooxml(types="<Types/>"),
        ooxml(types="wordprocessingml.document.main+xml spreadsheetml.sheet.main+xml"),
        archive({"mimetype": "application/vnd.oasis.opendocument.text", "[Content_Types].xml": "x"}),
        archive({"mimetype": "application/epub+zip"}),
        archive({"content.xml": "x", "mimetype": "application/vnd.oasis.opendocument.text"}),
    ],
)
def test_une_archive_qui_nest_pas_un_document_est_refusee(contenu):
    with pytest.raises(FichierRefuse, match=r"compressés|sorte acceptée"):
        inspecter(televerse("a.docx", contenu))


def test_une_bombe_est_refusee_sans_etre_depliee(monkeypatch):
    bombe = ooxml(**{f"word/media/{rang}.bin": bytes(8 * 1024 * 1024) for rang in range(5)})
    assert len(bombe) < 100_000
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_, **__: pytest.fail("rien ne devait être déplié"))
    with pytest.raises(FichierRefuse, match="volume anormal"):
        inspecter(televerse("a.docx", bombe))


def test_une_archive_trop_grosse_une_fois_depliee_est_refusee(monkeypatch):
    contenu = ooxml(**{"word/media/bruit.bin": random.Random(5).randbytes(5000)})
    inspecter(televerse("a.docx", contenu))
    monkeypatch.setattr(reconnaissance, "DEPLIE_MAXIMAL", 4000)
    with pytest.raises(FichierRefuse, match="volume anormal"):
        inspecter(televerse("a.docx", contenu))


def test_un_index_demesure_est_refuse_sans_etre_lu_au_dela():
    with pytest.raises(FichierRefuse, match="volume anormal"):
        inspecter(televerse("a.docx", ooxml(types=" " * (3 * 1024 * 1024))))


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("noms", [["a.xml", "a.xml"], [str(rang) for rang in range(10_001)]])
def test_une_archive_aux_pieces_trop_nombreuses_ou_doubles_est_refusee(noms):
    flux = io.BytesIO(ooxml())
    with zipfile.ZipFile(flux, "a") as sortie:
        for nom in noms:
            sortie.writestr(nom, "x")
    with pytest.raises(FichierRefuse, match="volume anormal"):
        inspecter(televerse("a.docx", flux.getvalue()))


@pytest.mark.parametrize("nom", ["../../sortie.xml", "/etc/sortie.xml"])
def test_une_archive_qui_sort_de_son_dossier_est_refusee(nom):
    with pytest.raises(FichierRefuse, match="abîmé"):
        inspecter(televerse("a.docx", ooxml(**{nom: "x"})))


@pytest.mark.parametrize("reste", range(4, len(ooxml()), 37))
def test_une_archive_tronquee_est_refusee(reste):
    with pytest.raises(FichierRefuse, match=r"abîmé|volume anormal|sorte acceptée"):
        inspecter(televerse("a.docx", ooxml()[:reste]))


def test_une_archive_qui_ment_sur_ses_tailles_est_refusee():
    contenu = bytearray(ooxml())
    index = contenu.index(b"PK\x01\x02")
    contenu[index + 24 : index + 28] = struct.pack("<I", 0xFFFFFFF0)
    with pytest.raises(FichierRefuse, match=r"volume anormal|abîmé"):
        inspecter(televerse("a.docx", bytes(contenu)))


def test_la_taille_se_juge_avant_tout_le_reste(settings):
    settings.FICHIER_TAILLE_MAXIMALE = 50
    with pytest.raises(FichierRefuse, match="la limite est de 1\xa0ko"):
        inspecter(televerse("a.pdf", PDF))


# --- Ce qui est gardé -------------------------------------------------------------------------------------------


def test_le_stockage_ne_connait_ni_le_nom_ni_la_sorte(distribution):
    fichier = deposer(televerse("Mme Roy.pdf", PDF), par=distribution.mentor)
    chemin = Path(default_storage.path(fichier.contenu.name))
    assert "roy" not in str(chemin).lower()
    assert chemin.suffix == ""
    assert stat.S_IMODE(chemin.stat().st_mode) == 0o600


def test_le_depot_est_consigne_sans_le_nom(distribution):
    fichier = deposer(televerse("Mme Roy.pdf", PDF), par=distribution.mentor)
    entree = Entree.objects.get(acte="fichier.deposer")
    assert (entree.par, entree.objet_uuid) == (distribution.mentor, fichier.uuid)
    assert "Roy" not in str(entree.details)


def test_un_stockage_en_panne_refuse_par_une_phrase(distribution, monkeypatch):
    def panne(*_args, **_kwargs):
        raise OSError("disque plein")

    monkeypatch.setattr(FileSystemStorage, "_save", panne)
    with pytest.raises(FichierRefuse, match="n’a pas pu être gardé"):
        deposer(televerse("a.pdf", PDF), par=distribution.mentor)
    assert not Fichier.objects.exists()


def test_un_fichier_depose_ne_change_ni_ne_sefface(distribution):
    fichier = deposer(televerse("a.pdf", PDF), par=distribution.mentor)
    fichier.nom = "b.pdf"
    for ecrire in (
        fichier.save,
        lambda: fichier.save(update_fields=["nom"]),
        fichier.delete,
        Fichier.objects.all().delete,
    ):
        with pytest.raises(LigneInalterable):
            ecrire()


def test_un_fichier_retire_laisse_sa_trace(distribution):
    fichier = deposer(televerse("a.pdf", PDF), par=distribution.mentor)
    retire = retirer(fichier, par=distribution.gestionnaire, motif="Nomme un usager.")
    assert (retire.retire_par, retire.motif_retrait) == (distribution.gestionnaire, "Nomme un usager.")
    assert default_storage.exists(retire.contenu.name)
    assert not Fichier.objects.presents().exists()
    assert Entree.objects.filter(acte="fichier.retirer", par=distribution.gestionnaire).count() == 1
    with pytest.raises(ErreurMetier, match="déjà retiré"):
        retirer(fichier, par=distribution.gestionnaire)


@pytest.mark.parametrize(
    "valeurs",
    [
        {"taille": 0},
        {"sorte": "exe"},
        {"examen": "peut-être"},
        {"examen": Examen.SAIN},
        {"examine_le": timezone.now()},
        {"retire_le": timezone.now()},
    ],
)
def test_la_base_refuse_un_fichier_incoherent(distribution, valeurs):
    fichier = deposer(televerse("a.pdf", PDF), par=distribution.mentor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Fichier.objects.filter(pk=fichier.pk).update(**valeurs)
