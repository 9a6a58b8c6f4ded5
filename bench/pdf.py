"""Le rendu et le sceau, mesurés à côté des bibliothèques seules : `python bench/pdf.py [répétitions]`.

Les temps absolus ne voyagent pas ; seuls les rapports d’une même exécution se comparent aux budgets. L’entente est
fictive, aucune base n’est lue. Sort toujours 0 : c’est un instrument, pas un essai.
"""

import datetime
import gc
import io
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "encadrement.settings.test"

import django

django.setup()

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf
from weasyprint import HTML

from encadrement.documents import rendu, sceau
from encadrement.signatures.models import Methode, Signature, canoniser, empreinte_de
from tests.encadrement.documents.contenus import entente

RENDUS_DE_FUITE = 300


def document_fictif():
    fige_le = datetime.datetime(2026, 9, 10, 13, 5, tzinfo=datetime.UTC)
    contenu = entente()
    signatures = [
        Signature(
            nom=nom,
            titre=titre,
            titre_libelle=titre,
            engagement="J’ai lu cette entente et je m’engage à la respecter.",
            methode=Methode.MOT_DE_PASSE,
            adresse="10.20.30.40",
            signee_le=fige_le,
        )
        for nom, titre in (
            ("Rosalie Cayouette", "mentor"),
            ("Élie Sansregret", "mentore"),
            ("N. L’Heureux", "gestionnaire"),
        )
    ]
    instantane = SimpleNamespace(
        gabarit="mentorat/entente_v1",
        donnees=contenu,
        contenu=canoniser(contenu),
        empreinte=empreinte_de(contenu),
        cree_le=fige_le,
        signatures=SimpleNamespace(all=lambda: signatures),
    )
    code = "7K3M9QTX2B4CWZ8A"
    return SimpleNamespace(numero="EC-2026-00042", code=code, code_lisible=code, instantane=instantane)


def usage_courant(html):
    """La même page comme on la rendrait sans y penser : feuille dans la page, tableaux à largeur libre, polices du poste."""
    feuille = rendu.get_template(rendu.FEUILLE).template.source
    feuille = "\n".join(ligne for ligne in feuille.splitlines() if not ligne.startswith("@font-face"))
    feuille = feuille.replace("table-layout: fixed", "").replace('"Imprime", "Symboles"', '"Open Sans", "DejaVu Sans"')
    return html.replace("</head>", f"<style>{feuille}</style></head>")


def pkcs12_rsa(chemin):
    cle = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    nom = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Mesure")])
    maintenant = datetime.datetime.now(datetime.UTC)
    certificat = (
        x509.CertificateBuilder()
        .subject_name(nom)
        .issuer_name(nom)
        .public_key(cle.public_key())
        .serial_number(1)
        .not_valid_before(maintenant)
        .not_valid_after(maintenant + datetime.timedelta(days=1))
        .sign(cle, hashes.SHA256())
    )
    chemin.write_bytes(pkcs12.serialize_key_and_certificates(b"m", cle, certificat, None, NoEncryption()))


def sceller_par_defaut(octets, chemin):
    """pyHanko tel quel : la clé RSA relue et la taille du sceau estimée par une première signature."""
    signataire = SimpleSigner.load_pkcs12(str(chemin))
    sortie = io.BytesIO()
    ecrivain = IncrementalPdfFileWriter(io.BytesIO(octets))
    sign_pdf(ecrivain, PdfSignatureMetadata(field_name="S"), signer=signataire, output=sortie)
    return sortie.getvalue()


def mesurer(cas, repetitions):
    """Rend la médiane en ms de chaque cas ; les cas alternent pour subir les mêmes voisins."""
    temps = {nom: [] for nom in cas}
    for _ in range(repetitions + 2):
        for nom, geste in cas.items():
            debut = time.process_time()
            geste()
            temps[nom].append((time.process_time() - debut) * 1000)
    return {nom: statistics.median(valeurs[2:]) for nom, valeurs in temps.items()}


def memoire_mo():
    for ligne in Path("/proc/self/status").read_text().splitlines():
        if ligne.startswith("VmRSS"):
            return int(ligne.split()[1]) / 1024
    raise RuntimeError("VmRSS absent")


def croissance(geste):
    for _ in range(30):
        geste()
    gc.collect()
    avant = memoire_mo()
    for _ in range(RENDUS_DE_FUITE):
        geste()
    gc.collect()
    return memoire_mo() - avant


def dire(nom, valeur, budget, unite="×"):
    verdict = "OK" if valeur <= budget else "DÉPASSE"
    print(f"  {verdict:8} {nom:58} {valeur:6.2f} {unite} (budget {budget} {unite})")


def main():
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    document = document_fictif()
    html = rendu.ecrire_html(document)
    courant = usage_courant(html)
    outils = rendu._outils()
    pdf = rendu.rendre(document).octets
    with tempfile.TemporaryDirectory() as dossier:
        chemin = Path(dossier) / "rsa.p12"
        pkcs12_rsa(chemin)
        cas = {
            "courant": lambda: HTML(string=courant).write_pdf(),
            "nu": lambda: HTML(string=html, base_url=rendu.POLICES.as_uri() + "/").write_pdf(
                stylesheets=[outils.feuille], font_config=outils.polices, pdf_variant="pdf/a-3a"
            ),
            "rendu": lambda: rendu.rendre(document),
            "sceau_defaut": lambda: sceller_par_defaut(pdf, chemin),
            "sceau": lambda: sceau.sceller(pdf),
            "chaine": lambda: sceau.sceller(rendu.rendre(document).octets),
        }
        ms = mesurer(cas, repetitions)
    print("Médianes de temps processeur (ms) :")
    for nom, valeur in ms.items():
        print(f"  {nom:14} {valeur:8.1f}")
    print("Rapports :")
    dire("rendu / WeasyPrint d’usage courant", ms["rendu"] / ms["courant"], 0.70)
    dire("sceau / pyHanko par défaut (RSA 2048)", ms["sceau"] / ms["sceau_defaut"], 0.20)
    dire("rendu et sceau / rendu optimisé nu", ms["chaine"] / ms["nu"], 1.12)
    dire("rendu et sceau / chaîne d’usage courant", ms["chaine"] / (ms["courant"] + ms["sceau_defaut"]), 0.50)
    dire(f"mémoire après {RENDUS_DE_FUITE} rendus", croissance(cas["rendu"]), 2.0, "Mo")


if __name__ == "__main__":
    main()
