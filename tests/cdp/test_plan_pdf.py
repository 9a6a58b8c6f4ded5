"""Les PDF du plan et du rapport : les champs de l’annexe 7 dans leur ordre, les deux signatures, puis l’attestation."""

import io
import shutil
import subprocess

import pytest
from pypdf import PdfReader

from cdp.actions import annees
from encadrement.documents.actions import produire
from encadrement.documents.rendu import rendre
from tests.cdp import scenes
from tests.cdp.annuel import adresse, relire

pytestmark = pytest.mark.django_db
ANNEXE_7 = {
    "plan": [
        "Plan d’action annuel de la communauté de pratique",
        "Nom de la CdP",
        "CdP des orthophonistes en petite enfance",
        "Année",
        "Objectif(s)",
        "Responsable(s)",
        "Collaborateur(s)",
        "Moyen(s) identifié(s)",
        "Échéancier(s)",
        "Indicateur(s) de résultat",
        "1. Harmoniser",
        "2. Partager",
        "3. Briser",
        "Signature du représentant de la CdP",
        "Signature du gestionnaire",
        "Attestation des signatures",
    ],
    "rapport": [
        "Rapport annuel d’activité de la communauté de pratique",
        "Nom et titre des membres de la CdP",
        "Marie-Ève Huard",
        "Évaluation de l’atteinte des objectifs",
        "Objectif(s)",
        "Indicateur(s) de résultat",
        "Atteinte de l’objectif/résultat",
        "1. Harmoniser",
        "Bilan des activités",
        "Nombre de rencontres",
        "Durée moyenne des rencontres",
        "présentations d’expérience clinique",
        "données probantes",
        "coconstructions de connaissances",
        "productions d’outil clinique",
        "Autres",
        "Conclusion ou commentaires",
        "DEMANDE DE RENOUVELLEMENT",
        "☒ Oui ☐ Non",
        "Aperçu des objectifs de l’année prochaine",
        "1. Télépratique",
        "2. Liste d’attente",
        "3. Stagiaires",
        "Signature du représentant de la CdP",
        "Signature du gestionnaire",
        "Attestation des signatures",
    ],
}


def _lire(octets):
    lecteur = PdfReader(io.BytesIO(octets))
    return lecteur, " ".join(" ".join(page.extract_text() for page in lecteur.pages).replace("\xa0", " ").split())


def _rangs(texte, champs):
    """Rend où chaque champ se lit, chacun cherché après le précédent ; échoue en nommant celui qui manque."""
    depuis, rangs = 0, []
    for champ in champs:
        rang = texte.find(champ, depuis)
        assert rang >= 0, f"« {champ} » manque après « …{texte[max(0, depuis - 60) : depuis]} »"
        rangs.append(rang)
        depuis = rang
    return rangs


@pytest.mark.exigence("R-121", "R-146", "R-364", "R-365", "R-366", "R-367", "R-368", "R-369", "R-370", "R-371")
@pytest.mark.exigence("R-372", "R-373", "R-374", "R-375", "R-376", "R-377", "R-378", "R-379")
@pytest.mark.parametrize("nature", ["plan", "rapport"])
def test_le_pdf_suit_l_annexe_7_et_porte_les_deux_signatures(distribution, client_de, nature, tmp_path):
    document = getattr(scenes, f"{nature}_approuve")(distribution)
    produit = produire(relire(document).instantane.document)
    assert produit.est_produit, produit.erreur
    reponse = client_de(distribution.membre).get(adresse_du_pdf(produit))
    octets = reponse.content if not reponse.streaming else b"".join(reponse.streaming_content)
    lecteur, texte = _lire(octets)
    _rangs(texte, ANNEXE_7[nature])
    for qui in ("animatrice", "parrain"):
        assert f"{distribution[qui].nom_complet} signé électroniquement le" in texte
    assert texte.count("Engagement accepté") == 2
    xmp = lecteur.trailer["/Root"]["/Metadata"].get_data().decode()
    assert 'pdfaid:part="3"' in xmp
    assert 'pdfuaid:part="1"' in xmp
    chemin = tmp_path / "document.pdf"
    chemin.write_bytes(octets)
    controle = subprocess.run([shutil.which("qpdf"), "--check", chemin], capture_output=True, text=True, check=False)
    assert controle.returncode == 0, controle.stdout


def adresse_du_pdf(document):
    return f"/documents/{document.uuid}/"


def test_le_plan_se_lit_couche_et_son_attestation_debout(distribution):
    lecteur, _ = _lire(rendre(scenes.plan_approuve(distribution).instantane.document).octets)
    formes = ["couché" if page.mediabox.width > page.mediabox.height else "debout" for page in lecteur.pages]
    assert formes == ["couché", "debout"]


def test_un_plan_de_vingt_objectifs_longs_reste_couche_et_ne_perd_rien(distribution):
    plan = scenes.plan_en_redaction(distribution)
    for _ in range(16):
        annees.ajouter_ligne(plan, par=distribution.animatrice)
    saisi = {}
    for ligne in plan.lignes.all():
        saisi |= {f"ligne-{ligne.pk}-{colonne}": f"fin{ligne.rang}{colonne}" for colonne in ligne.COLONNES}
        saisi[f"ligne-{ligne.pk}-objectif"] = f"{'Un objectif très détaillé. ' * 30}fin{ligne.rang}objectif"
    annees.ecrire(plan, par=distribution.animatrice, saisi=saisi, temoins={})
    annees.soumettre(plan, par=distribution.animatrice, confirmation=scenes.CONFIRMATION)
    annees.approuver_plan(plan, par=distribution.parrain, confirmation=scenes.CONFIRMATION)
    lecteur, texte = _lire(rendre(plan.instantane.document).octets)
    colle = texte.replace(" ", "")
    assert all(f"fin{rang}{colonne}" in colle for rang in range(1, 21) for colonne in plan.lignes.first().COLONNES)
    assert all(page.mediabox.width > page.mediabox.height for page in lecteur.pages[:-1])


def test_le_rapport_refuse_de_poursuivre_coche_non(distribution):
    rapport = scenes.rapport_en_redaction(distribution)
    saisi = {"poursuite": False, "apercu_1": "", "apercu_2": "", "apercu_3": "", "conclusion": ""}
    annees.ecrire(rapport, par=distribution.animatrice, saisi=saisi, temoins={})
    annees.soumettre(rapport, par=distribution.animatrice, confirmation=scenes.CONFIRMATION, raison=scenes.RAISON)
    annees.approuver_rapport(rapport, par=distribution.parrain, confirmation=scenes.CONFIRMATION)
    _, texte = _lire(rendre(rapport.instantane.document).octets)
    assert "☐ Oui ☒ Non" in texte
    assert "Aucun objectif annoncé" in texte


def test_le_pdf_ne_depend_que_du_contenu_signe(distribution):
    rapport = scenes.rapport_approuve(distribution)
    avant = rendre(rapport.instantane.document).empreinte
    scenes.rencontre_publiee(distribution, rapport.communaute)
    assert rendre(relire(rapport).instantane.document).empreinte == avant


@pytest.mark.parametrize(("nom", "code"), [("collegue", 404), ("parrain", 200), ("dsm", 200)])
def test_qui_lit_le_plan_lit_son_pdf(distribution, client_de, nom, code):
    plan = scenes.plan_approuve(distribution)
    client = client_de(distribution[nom])
    assert client.get(adresse_du_pdf(plan.instantane.document)).status_code == code
    assert client.get(adresse("plan", plan)).status_code == code
