"""Du contenu figé au PDF : PDF/A-3a et PDF/UA-1, mêmes octets à chaque rendu (SGQRI 008, LCCJTI art. 5 et 6).

Rien n’est lu des lignes vivantes : l’instantané, ses signatures, le numéro et le code du document suffisent.
"""

import atexit
import base64
import functools
import hashlib
import threading
from dataclasses import dataclass
from pathlib import Path
from urllib.request import url2pathname

import segno
import structlog
from django.conf import settings
from django.template.loader import get_template, render_to_string

from encadrement.fichiers.actions import ouvrir
from encadrement.fichiers.models import Fichier
from encadrement.fichiers.sortes import Sorte
from encadrement.parametres.lecture import valeur
from encadrement.socle.erreurs import ErreurMetier

POLICES = Path(__file__).resolve().parent / "polices"
FEUILLE = "pdf/impression_v1.css"
LOGO = "identite.logo"
IDENTIFIANT_UA = (Path(__file__).resolve().parent / "pdfua.xmp").read_bytes()

# Pango n’est pas sûr entre fils d’exécution et sa configuration de polices est partagée par le processus.
_un_seul_a_la_fois = threading.Lock()
_journal = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Rendu:
    """Un PDF pas encore scellé et son empreinte SHA-256."""

    octets: bytes

    @property
    def empreinte(self):
        return hashlib.sha256(self.octets).hexdigest()


class ParTitre(dict):
    """Les signatures par code de titre ; un titre qui n’a pas signé vaut None dans un gabarit."""

    def __missing__(self, titre):
        return None


def rendre(document):
    """Rend le PDF non scellé d’un document ; lève les erreurs du gabarit ou du moteur telles quelles."""
    return imprimer(ecrire_html(document), identifiant=f"{document.numero} {document.code}")


def ecrire_html(document):
    """Rend la page HTML du document, tirée de son seul instantané et de ses signatures."""
    instantane = document.instantane
    signatures = list(instantane.signatures.all())
    adresse = f"{settings.ADRESSE_PUBLIQUE.rstrip('/')}/verifier/?code={document.code_lisible}"
    dernier = max([instantane.cree_le, *(signature.signee_le for signature in signatures)])
    return render_to_string(
        f"pdf/{instantane.gabarit}.html",
        {
            "contenu": instantane.donnees,
            "instantane": instantane,
            "document": document,
            "signatures": signatures,
            "par_titre": ParTitre((signature.titre, signature) for signature in signatures),
            "adresse_verification": adresse,
            "qr": _code_qr(adresse),
            "cree": instantane.cree_le.isoformat(timespec="seconds"),
            "modifie": dernier.isoformat(timespec="seconds"),
            "logo": _logo(),
            "direction": settings.ETABLISSEMENT_DIRECTION,
            "sceau_essai": settings.MODE_ESSAI and not settings.SCEAU_PKCS12,
            "horodatage_configure": bool(settings.SCEAU_HORODATAGE_URL),
        },
    )


def imprimer(html, *, identifiant):
    """Rend les octets PDF d’une page HTML ; `identifiant` entre dans le fichier, lisible sans le décoder."""
    outils = _outils()
    with _un_seul_a_la_fois:
        octets = outils.html(string=html, base_url=POLICES.as_uri() + "/", url_fetcher=outils.fureteur).write_pdf(
            stylesheets=[outils.feuille],
            font_config=outils.polices,
            pdf_variant="pdf/a-3a",
            pdf_identifier=identifiant.encode(),
            finisher=_declarer_accessible,
        )
    return Rendu(octets)


@dataclass(frozen=True)
class _Outils:
    html: type
    feuille: object
    polices: object
    fureteur: object


@functools.cache
def _outils():
    """Rend le moteur, une fois par processus : chaque nouvelle configuration de polices perdrait 0,2 Mo."""
    # Chargé au premier rendu : les pages et les commandes démarrent sans Pango ni 64 Mo de plus.
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    class Fureteur(URLFetcher):
        """N’ouvre que nos polices et les images en ligne ; jamais le réseau ni un autre fichier."""

        def fetch(self, url, headers=None):
            if url.startswith("file:"):
                chemin = Path(url2pathname(url.split("?")[0].removeprefix("file:").removeprefix("//"))).resolve()
                if chemin.parent != POLICES:
                    raise ValueError("fichier hors des dossiers permis")
            return super().fetch(url, headers)

    polices = FontConfiguration()
    fureteur = Fureteur(allowed_protocols={"file", "data"}, allow_redirects=False)
    feuille = CSS(
        string=get_template(FEUILLE).template.source,
        base_url=POLICES.as_uri() + "/",
        font_config=polices,
        url_fetcher=fureteur,
    )
    # Rendre les polices avant que l’interprète ne se démonte, sinon leur destructeur échoue bruyamment.
    atexit.register(_outils.cache_clear)
    return _Outils(HTML, feuille, polices, fureteur)


def _code_qr(adresse):
    # Un masque fixe évite d’en comparer huit ; une image PNG laisse moins de mémoire derrière elle qu’un SVG.
    return segno.make(adresse, error="m", micro=False, mask=3).png_data_uri(scale=6, border=4, dark="#1a2b3c")


def _logo():
    """Rend le logo que la DSM a déposé, en ligne ; illisible, le nom de l’établissement le remplace et le document sort."""
    identifiant = valeur(LOGO)
    fichier = Fichier.objects.presents().filter(uuid=identifiant).first() if identifiant else None
    if fichier is None:
        return ""
    try:
        with ouvrir(fichier) as flux:
            return f"data:{Sorte(fichier.sorte).mime};base64,{base64.b64encode(flux.read()).decode()}"
    except ErreurMetier:
        _journal.warning("logo_illisible")
        return ""


def _declarer_accessible(_, pdf):
    """Ajoute l’identifiant PDF/UA au même rdf:RDF que celui de PDF/A : WeasyPrint n’en écrit qu’un des deux.

    Les métadonnées restent en clair : la vérification y retrouve le numéro d’un document retouché.
    """
    flux = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    flux.compress = False
    flux.stream = [morceau.replace(b"</rdf:RDF>", IDENTIFIANT_UA + b"</rdf:RDF>", 1) for morceau in flux.stream]
