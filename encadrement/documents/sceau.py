"""Le sceau invisible de l’établissement (PAdES) posé sur le PDF fini ; ensuite plus rien ne change (LCCJTI art. 6).

En essai un certificat auto-signé naît au premier besoin ; en production il n’en naît jamais.
"""

import datetime
import functools
import io
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import structlog
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, NoEncryption, pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings

from encadrement.documents.models import Horodatage

CHAMP = "Sceau"
# En chiffres hexadécimaux, comme les compte pyHanko : de quoi loger la chaîne de certificats, puis le jeton.
PLACE_DU_SCEAU = 16_384
PLACE_DU_JETON = 16_384
DELAI_HORODATAGE = 5

_journal = structlog.get_logger(__name__)


class SceauAbsent(ValueError):
    """Aucun PKCS#12 n’est configuré hors du mode essai, ou il ne s’ouvre pas."""


class SceauRefuse(ValueError):
    """Le PDF rendu ne se laisse pas sceller."""


@dataclass(frozen=True)
class Scelle:
    """Un PDF scellé et l’état de son horodatage."""

    octets: bytes
    horodatage: str


def sceller(octets):
    """Rend le PDF scellé ; si l’autorité d’horodatage ne répond pas, il l’est sans jeton et l’état le dit (F-10).

    Lève SceauAbsent si la clé manque.
    """
    if settings.SCEAU_HORODATAGE_URL:
        try:
            return Scelle(_signer(octets, _horodateur(settings.SCEAU_HORODATAGE_URL)), Horodatage.POSE)
        except (OSError, ValueError) as erreur:
            # Un sceau posé sans jeton vaut mieux qu’un document qui n’existe pas ; une vraie panne de clé
            # se redira à l’essai suivant, sans horodateur.
            _journal.warning("horodatage_refuse", erreur=type(erreur).__name__)
        return Scelle(_signer(octets, None), Horodatage.EN_ATTENTE)
    return Scelle(_signer(octets, None), Horodatage.ABSENT)


def certificat():
    """Rend le certificat du sceau en DER ; lève SceauAbsent s’il manque."""
    return signataire().signing_cert.dump()


def signataire():
    """Rend le signataire pyHanko, chargé une fois par processus ; lève SceauAbsent si la clé manque."""
    if settings.SCEAU_PKCS12:
        return _charger(str(settings.SCEAU_PKCS12), settings.SCEAU_PHRASE)
    if not settings.MODE_ESSAI:
        raise SceauAbsent("SCEAU_PKCS12 n’est pas configuré.")
    chemin = Path(settings.VAR) / "cles" / "sceau.p12"
    _faire_naitre(chemin)
    return _charger(str(chemin), "")


def _signer(octets, horodateur):
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

    cachet = PdfSigner(
        PdfSignatureMetadata(
            field_name=CHAMP,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            reason="Sceau de l’établissement sur un document signé électroniquement",
            location=settings.ETABLISSEMENT_NOM,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        ),
        signer=signataire(),
        timestamper=horodateur,
    )
    sortie = io.BytesIO()
    place = PLACE_DU_SCEAU + (PLACE_DU_JETON if horodateur else 0)
    try:
        cachet.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(octets)), bytes_reserved=place, output=sortie)
    except PdfError as erreur:
        raise SceauRefuse(type(erreur).__name__) from erreur
    return sortie.getvalue()


@functools.cache
def _charger(chemin, phrase):
    from pyhanko.sign.signers import SimpleSigner

    try:
        contenu = Path(chemin).read_bytes()
        return SimpleSigner.load_pkcs12_data(contenu, other_certs=[], passphrase=phrase.encode() or None)
    except (OSError, ValueError) as erreur:
        raise SceauAbsent("Le PKCS#12 du sceau est introuvable ou sa phrase ne l’ouvre pas.") from erreur


@functools.cache
def _horodateur(url):
    from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper

    return RequestsHTTPTimeStamper(url, timeout=DELAI_HORODATAGE)


def _faire_naitre(chemin):
    if chemin.exists():
        return
    chemin.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("wb", dir=chemin.parent) as brouillon:
        brouillon.write(pkcs12_d_essai())
        brouillon.flush()
        try:
            os.link(brouillon.name, chemin)
        except FileExistsError:
            # Un autre processus a donné naissance au sceau pendant ce temps : c’est le sien qui vaut.
            return


def pkcs12_d_essai(phrase=""):
    """Rend un PKCS#12, sans phrase ou fermé par elle : clé ECDSA P-256 et certificat auto-signé de dix ans."""
    cle = ec.generate_private_key(ec.SECP256R1())
    nom = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CA"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, settings.ETABLISSEMENT_NOM[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Sceau d’essai — {settings.ETABLISSEMENT_NOM}"[:64]),
        ]
    )
    maintenant = datetime.datetime.now(datetime.UTC)
    usage = dict.fromkeys(
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign "
        "crl_sign encipher_only decipher_only".split(),
        False,
    )
    certificat_ = (
        x509.CertificateBuilder()
        .subject_name(nom)
        .issuer_name(nom)
        .public_key(cle.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(maintenant - datetime.timedelta(days=1))
        .not_valid_after(maintenant + datetime.timedelta(days=3652))
        .add_extension(x509.KeyUsage(**{**usage, "digital_signature": True, "content_commitment": True}), critical=True)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(cle.public_key()), critical=False)
        .sign(cle, hashes.SHA256())
    )
    fermeture = BestAvailableEncryption(phrase.encode()) if phrase else NoEncryption()
    return pkcs12.serialize_key_and_certificates(CHAMP.encode(), cle, certificat_, None, fermeture)
