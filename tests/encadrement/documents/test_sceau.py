"""Le sceau de l’établissement : valide d’origine, brisé par le moindre changement."""

import io
import random
import shutil
import struct
import subprocess
import zlib

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from django.core.checks import run_checks
from pyhanko.keys.internal import translate_pyca_cryptography_key_to_asn1
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from encadrement.documents import sceau
from encadrement.documents.actions import produire
from encadrement.documents.models import Horodatage
from encadrement.documents.sceau import SceauAbsent, SceauRefuse, sceller, signataire

ILLISIBLE = (
    PdfError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    NotImplementedError,
    OSError,
    ArithmeticError,
    AssertionError,
    RecursionError,
    struct.error,
    zlib.error,
)


def valider(octets):
    """Rend le constat de pyHanko sur l’unique signature, avec notre certificat pour racine."""
    lecteur = PdfFileReader(io.BytesIO(octets))
    (signature,) = lecteur.embedded_signatures
    racine = signataire().signing_cert
    return validate_pdf_signature(signature, ValidationContext(trust_roots=[racine], allow_fetching=False))


def est_intact(octets):
    """Dit si pyHanko tient le fichier pour intact ; un fichier illisible ne l’est pas."""
    try:
        constat = valider(octets)
    except ILLISIBLE:
        return False
    return constat.intact and constat.valid and constat.bottom_line


def dit_pdfsig(octets, tmp_path):
    outil = shutil.which("pdfsig")
    assert outil, "pdfsig manque : apt install poppler-utils"
    chemin = tmp_path / "scelle.pdf"
    chemin.write_bytes(octets)
    return subprocess.run([outil, "-nocert", chemin], capture_output=True, text=True, check=False).stdout


def test_le_sceau_est_valide_pour_pyhanko_et_pour_poppler(octets, tmp_path):
    constat = valider(octets)

    assert constat.intact
    assert constat.valid
    assert constat.bottom_line
    assert constat.coverage.name == "ENTIRE_FILE"
    assert "Signature is Valid" in dit_pdfsig(octets, tmp_path)
    assert "Total document signed" in dit_pdfsig(octets, tmp_path)


def test_le_sceau_est_invisible_et_interdit_tout_changement(octets):
    lecteur = PdfFileReader(io.BytesIO(octets))
    (signature,) = lecteur.embedded_signatures

    assert signature.docmdp_level.name == "NO_CHANGES"
    assert list(signature.sig_field["/Rect"]) == [0, 0, 0, 0]


def test_un_seul_octet_change_brise_le_sceau_partout(octets):
    hasard = random.Random(12)
    positions = [0, 7, *hasard.sample(range(len(octets) - 1), 60)]
    passes = []
    for position in positions:
        copie = bytearray(octets)
        copie[position] ^= 0x01
        if est_intact(bytes(copie)) and not _est_dans_le_sceau(octets, position):
            passes.append(position)

    assert passes == []


def _est_dans_le_sceau(octets, position):
    """Le remplissage du sceau lui-même n’est pas couvert par sa propre empreinte."""
    debut = octets.rindex(b"/Contents <")
    return debut <= position <= octets.index(b">", debut)


def test_un_ajout_apres_le_sceau_se_voit(octets, tmp_path):
    redacteur = IncrementalPdfFileWriter(io.BytesIO(octets))
    redacteur.root["/Ajout"] = redacteur.add_object(redacteur.root["/Lang"])
    redacteur.update_root()
    sortie = io.BytesIO()
    redacteur.write(sortie)

    assert not est_intact(sortie.getvalue())
    assert "Total document signed" not in dit_pdfsig(sortie.getvalue(), tmp_path).replace("Not total", "")


def test_le_sceau_d_essai_nait_une_seule_fois_et_n_est_lisible_que_du_compte(octets, settings):
    chemin = settings.VAR / "cles" / "sceau.p12"
    avant = chemin.read_bytes()
    sceau._faire_naitre(chemin)

    assert chemin.read_bytes() == avant
    assert chemin.stat().st_mode & 0o077 == 0
    assert "Sceau d’essai" in signataire().signing_cert.subject.human_friendly


def test_en_production_aucune_cle_ne_nait(settings):
    settings.MODE_ESSAI = False
    settings.SCEAU_PKCS12 = ""

    with pytest.raises(SceauAbsent):
        signataire()
    assert not (settings.VAR / "cles" / "sceau.p12").exists()


@pytest.mark.parametrize("chemin", ["", "/nulle/part/sceau.p12"])
def test_en_production_un_sceau_absent_arrete_le_demarrage(settings, chemin):
    settings.MODE_ESSAI = False
    settings.SCEAU_PKCS12 = chemin

    assert [erreur.id for erreur in run_checks() if erreur.id.startswith("encadrement.E03")] == ["encadrement.E030"]


@pytest.fixture
def pkcs12_de_l_etablissement(tmp_path, settings):
    cle, certificat, _ = pkcs12.load_key_and_certificates(sceau.pkcs12_d_essai(), None)
    chemin = tmp_path / "etablissement.p12"
    chemin.write_bytes(
        pkcs12.serialize_key_and_certificates(b"sceau", cle, certificat, None, BestAvailableEncryption(b"phrase"))
    )
    settings.MODE_ESSAI = False
    settings.SCEAU_PKCS12 = str(chemin)
    return settings


def test_le_pkcs12_de_l_etablissement_s_ouvre_avec_sa_phrase(pkcs12_de_l_etablissement):
    pkcs12_de_l_etablissement.SCEAU_PHRASE = "phrase"

    assert [erreur for erreur in run_checks() if erreur.id.startswith("encadrement.E03")] == []
    assert signataire()


def test_une_mauvaise_phrase_se_dit_au_demarrage(pkcs12_de_l_etablissement):
    pkcs12_de_l_etablissement.SCEAU_PHRASE = "autre"

    assert "encadrement.E030" in [erreur.id for erreur in run_checks()]


def test_sans_autorite_d_horodatage_le_document_est_scelle_et_l_etat_le_dit(document, settings):
    settings.SCEAU_HORODATAGE_URL = "http://127.0.0.1:9/horodatage"

    produit = produire(document)

    assert produit.est_produit
    assert produit.horodatage == Horodatage.EN_ATTENTE
    assert produit.get_horodatage_display() == "horodatage en attente"
    with produit.fichier.open("rb") as fichier:
        assert est_intact(fichier.read())


def test_un_horodatage_obtenu_est_dans_le_sceau(document, settings, monkeypatch):
    cle = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    autorite = DummyTimeStamper(
        tsa_cert=signataire().signing_cert, tsa_key=translate_pyca_cryptography_key_to_asn1(cle)
    )
    settings.SCEAU_HORODATAGE_URL = "http://127.0.0.1:9/horodatage"
    monkeypatch.setattr(sceau, "_horodateur", lambda _: autorite)

    produit = produire(document)

    assert produit.horodatage == Horodatage.POSE
    with produit.fichier.open("rb") as fichier:
        (signature,) = PdfFileReader(io.BytesIO(fichier.read())).embedded_signatures
    attributs = signature.signer_info["unsigned_attrs"].native
    assert [attribut["type"] for attribut in attributs] == ["signature_time_stamp_token"]


def test_ce_qui_n_est_pas_un_pdf_ne_se_scelle_pas():
    with pytest.raises(SceauRefuse):
        sceller(b"pas un PDF")


def test_sceller_lit_la_cle_une_seule_fois(octets, monkeypatch):
    def interdit(*_):
        raise AssertionError("la clé est relue")

    monkeypatch.setattr("pathlib.Path.read_bytes", interdit)

    assert sceller(octets[: octets.index(b"%%EOF") + 6])
