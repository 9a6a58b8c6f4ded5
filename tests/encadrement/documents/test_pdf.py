"""Le PDF est archivable (PDF/A-3a), accessible (PDF/UA-1), fidèle à l’annexe 4 et le même à chaque rendu."""

import io
import shutil
import subprocess

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfReader

from encadrement.documents import rendu
from encadrement.documents.actions import demander_document, produire
from encadrement.documents.rendu import imprimer, rendre
from encadrement.fichiers.actions import deposer
from encadrement.parametres.models import VersionParametre
from tests.encadrement.documents import contenus
from tests.factories import PersonneFactory

GABARITS = sorted(contenus.TOUS)
ETATS = ["Vert", "Jaune", "Rouge"]


@pytest.fixture
def lire(figer_et_signer):
    """Rend le PDF scellé d’un gabarit, ouvert par pypdf."""

    def _lire(gabarit, contenu=None):
        document = produire(demander_document(figer_et_signer(contenu or contenus.TOUS[gabarit](), gabarit)))
        assert document.est_produit, document.erreur
        with document.fichier.open("rb") as fichier:
            return PdfReader(io.BytesIO(fichier.read()))

    return _lire


def texte(lecteur):
    return " ".join(" ".join(page.extract_text() for page in lecteur.pages).replace("\xa0", " ").split())


def polices(lecteur):
    for page in lecteur.pages:
        for police in page["/Resources"].get("/Font", {}).values():
            yield police.get_object()["/DescendantFonts"][0].get_object()


@pytest.mark.parametrize("gabarit", GABARITS)
def test_chaque_gabarit_est_balise_en_francais_et_declare_ses_deux_normes(lire, gabarit):
    racine = lire(gabarit).trailer["/Root"]

    assert racine["/MarkInfo"]["/Marked"]
    assert racine["/Lang"] == "fr-CA"
    assert racine["/StructTreeRoot"]["/K"]
    assert racine["/ViewerPreferences"]["/DisplayDocTitle"]
    xmp = racine["/Metadata"].get_data().decode()
    assert xmp.count("<rdf:RDF") == 1
    assert 'pdfaid:part="3"' in xmp
    assert 'pdfaid:conformance="A"' in xmp
    assert 'pdfuaid:part="1"' in xmp


@pytest.mark.parametrize("gabarit", GABARITS)
def test_toutes_les_polices_sont_dans_le_fichier(lire, gabarit):
    trouvees = list(polices(lire(gabarit)))

    assert trouvees
    for police in trouvees:
        assert "/FontFile2" in police["/FontDescriptor"]


@pytest.mark.parametrize("gabarit", GABARITS)
def test_la_structure_du_fichier_est_saine(lire, gabarit, tmp_path):
    chemin = tmp_path / "document.pdf"
    lecteur = lire(gabarit)
    lecteur.stream.seek(0)
    chemin.write_bytes(lecteur.stream.read())
    qpdf = shutil.which("qpdf")
    assert qpdf, "qpdf manque : apt install qpdf"

    controle = subprocess.run([qpdf, "--check", chemin], capture_output=True, text=True, check=False)

    assert controle.returncode == 0, controle.stdout + controle.stderr


@pytest.mark.exigence("R-327", "R-328", "R-329", "R-330", "R-331", "R-332", "R-333", "R-334")
def test_l_entente_reprend_les_champs_de_l_annexe_4_dans_l_ordre(lire):
    lu = texte(lire("mentorat/entente_v1"))
    champs = [
        "Nom du mentor",
        "Nom du mentoré",
        "BESOIN",
        "Nouvel intervenant du CISSS",
        "Intégration d’un nouveau programme ou service",
        "Développement de compétences spécifiques",
        "DÉBUT DE LA RELATION MENTORALE",
        "Définition des objectifs d’apprentissage et des activités à réaliser",
        "Objectifs d’apprentissage du mentoré (S.M.A.R.T.",
        "Activités à réaliser",
        "Détermination de la fréquence des rencontres",
        "Fréquence des rencontres",
        "Durée des rencontres",
        "Durée de l’entente de mentorat",
        "Nous convenons de respecter les règles d’éthique du mentorat.",
        "Signature du mentor",
        "Signature du mentoré",
        "Signature du gestionnaire",
    ]
    rangs = [lu.index(champ) for champ in champs]

    assert rangs == sorted(rangs)
    assert (lu.count("☒"), lu.count("☐")) == (2, 1)
    assert "Du : 14 septembre 2026" in lu
    assert "par délégation de Noémie L’Heureux" in lu


@pytest.mark.parametrize("gabarit", ["mentorat/mi_temps_v1", "mentorat/finale_v1"])
def test_l_etat_s_imprime_en_mot_et_en_forme_et_non_seulement_en_couleur(lire, gabarit):
    lu = texte(lire(gabarit))

    for forme, mot in zip("●▲■", ETATS, strict=True):
        assert f"{forme} {mot}" in lu


def test_l_evaluation_finale_dit_ou_envoyer_copie(lire):
    lu = texte(lire("mentorat/finale_v1"))

    assert "dsm@cisss.exemple" in lu
    assert "Deux activités du dernier objectif restent à réaliser." in lu


@pytest.mark.exigence("R-434")
def test_l_attestation_d_heures_donne_les_rencontres_et_le_total(lire):
    lu = texte(lire("mentorat/attestation_heures_v1"))

    assert "15 septembre 2026" in lu
    assert "Total 5 h" in lu


def test_la_derniere_page_atteste_chaque_signature(lire):
    lecteur = lire("mentorat/entente_v1")
    derniere = " ".join(lecteur.pages[-1].extract_text().replace("\xa0", " ").split())

    for attendu in ("Attestation des signatures", "Rosalie Cayouette", "10.20.30.40", "mot de passe confirmé"):
        assert attendu in derniere
    assert derniere.count("Engagement accepté") == 3
    assert "auto-signé" in derniere
    assert "aucune autorité d’horodatage n’est configurée" in derniere


def test_chaque_page_porte_numero_pagination_et_confidentialite(lire):
    lecteur = lire("mentorat/entente_v1")
    nombre = len(lecteur.pages)

    for rang, page in enumerate(lecteur.pages, start=1):
        lu = page.extract_text().replace("\xa0", " ")
        assert "Confidentiel" in lu
        assert "EC-20" in lu
        assert f"Page {rang} de {nombre}" in lu


def test_le_meme_instantane_rend_les_memes_octets(document):
    assert rendre(document).octets == rendre(document).octets


HOSTILE = (
    "<script>alert(1)</script> {{ 7*7 }} {% now %} %s <img src='file:///etc/passwd'> أهلا بالعالم שלום 😀 \u0301 "
    + "M" * 400
)


def test_un_texte_hostile_s_imprime_tel_quel(lire):
    contenu = contenus.finale(forces=HOSTILE, cibles="", recommandations=HOSTILE)
    lu = texte(lire("mentorat/finale_v1", contenu))

    assert "<script>alert(1)</script> {{ 7*7 }}" in lu
    assert "<img src='file:///etc/passwd'>" in lu
    assert "root:" not in lu


def test_un_long_texte_et_quarante_objectifs_tiennent_dans_les_pages(lire):
    objectifs = [
        {
            "texte": f"objectif{rang:02d} " + "M" * 300,
            "etat": "vert",
            "avant": "",
            "activites": [{"texte": f"activite{rang:02d}-{no}", "etat": "jaune"} for no in range(3)],
        }
        for rang in range(40)
    ]
    objectifs[0]["activites"][0]["texte"] = " ".join(f"mot{rang:04d}" for rang in range(2500))
    lecteur = lire("mentorat/finale_v1", contenus.finale(objectifs=objectifs))
    lu = texte(lecteur)

    manquants = [f"activite{rang:02d}-2" for rang in range(40) if f"activite{rang:02d}-2" not in lu]
    assert manquants == []
    assert all(f"mot{rang:04d}" in lu for rang in range(0, 2500, 50))
    assert debordements(lecteur) == []


def debordements(lecteur):
    """Rend les morceaux de texte qui commencent hors des marges de leur page."""
    trouves = []
    for page in lecteur.pages:
        largeur = float(page.mediabox.width)

        def visiter(morceau, cm, tm, *_, largeur=largeur):
            x = tm[4] * cm[0] + cm[4]
            if morceau.strip() and not 0 <= x <= largeur:
                trouves.append((morceau, x))

        page.extract_text(visitor_text=visiter)
    return trouves


@pytest.mark.parametrize(
    "adresse", ["file:///etc/passwd", "http://127.0.0.1:1/x.png", "https://exemple.org/x.png", "ftp://exemple.org/x"]
)
def test_le_moteur_n_ouvre_ni_fichier_etranger_ni_reseau(adresse, settings):
    fureteur = rendu._outils().fureteur

    with pytest.raises(ValueError, match=r"hors des dossiers|disallowed"):
        fureteur.fetch(adresse)
    assert imprimer(f"<html lang='fr'><title>x</title><img src='{adresse}' alt='x'>", identifiant="x").octets


def test_un_logo_remplace_le_nom_de_l_etablissement(lire):
    octets = io.BytesIO()
    Image.new("RGB", (90, 30), "#095797").save(octets, "PNG")
    par = PersonneFactory()
    logo = deposer(SimpleUploadedFile("logo.png", octets.getvalue()), par=par)
    VersionParametre.objects.create(code=rendu.LOGO, rang=1, valeur=str(logo.uuid), motif="Essai.", par=par)

    lecteur = lire("mentorat/attestation_heures_v1")

    assert not lecteur.pages[0].extract_text().startswith("CISSS")
    assert len(lecteur.pages[0].images) >= 1
