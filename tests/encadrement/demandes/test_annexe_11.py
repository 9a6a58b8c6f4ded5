"""Le PDF de l’annexe 11 : ses champs dans leur ordre, le volet coché, la signature, puis l’attestation."""

import io
import shutil
import subprocess

import pytest
from pypdf import PdfReader

from consultation.actions import dsm
from encadrement.demandes import actions
from encadrement.documents.actions import produire
from encadrement.documents.rendu import rendre
from tests.consultation import scenes

pytestmark = pytest.mark.django_db

COMMUN = [
    "Demande de service à la DSM",
    "Formulaire reconstitué (Q-01)",
    "Identification",
    "Demandeur",
    "Loïc St-Onge",
    "Titre d’emploi",
    "Ergothérapeute",
    "Service",
    "Soutien à domicile",
    "Direction",
    "Gestionnaire",
    "Hélène Arsenault",
]
EXPERT = [
    *COMMUN,
    "Demande",
    "Individuelle",
    "Sujet",
    "Héminégligence",
    "☒ Consultation d’un expert",
    "☐ Comité de concertation",
    "☐ Soutien d’un APPR",
    "Question précise",
    "modalités d’adaptation de prismes",
    "Contexte clinique dépersonnalisé",
    "Adulte vivant avec son conjoint",
    "Recherches et démarches déjà faites",
    "3 articles, guide des AVC",
    "Ce qui a été trouvé",
    "Les protocoles trouvés demandent",
    "Experts du CISSS consultés",
    "Marie-Ève Huard",
    "Déclinée",
    "Hors de mon champ.",
    "Attentes",
    "Protocole simple + critères d’arrêt.",
    "Programmes et partenaires en cause",
    "SAPA, URFI de Maria",
    "Disponibilités",
    "Mardi et jeudi après-midi",
    "Discutée avec le gestionnaire",
    "avec Hélène Arsenault",
    "Loïc St-Onge signé électroniquement le",
    "Signature du demandeur",
    "Attestation des signatures",
    "Engagement accepté",
]
SOUTIEN = [
    *COMMUN,
    "☐ Consultation d’un expert",
    "☐ Comité de concertation",
    "☒ Soutien d’un APPR",
    "Question précise",
    "Comment mener un bilan de mi-temps",
    "Attentes",
    "Une rencontre d’une heure avec un APPR.",
    "Pas avant la transmission",
    "Loïc St-Onge signé électroniquement le",
    "Signature du demandeur",
    "Attestation des signatures",
]


def lire(octets):
    lecteur = PdfReader(io.BytesIO(octets))
    return lecteur, " ".join(" ".join(page.extract_text() for page in lecteur.pages).replace("\xa0", " ").split())


def dans_lordre(texte, champs):
    depuis = 0
    for champ in champs:
        rang = texte.find(champ, depuis)
        assert rang >= 0, f"« {champ} » manque après « …{texte[max(0, depuis - 60) : depuis]} »"
        depuis = rang + len(champ)


@pytest.mark.exigence("R-173", "R-190", "R-400")
@pytest.mark.parametrize(
    ("scene", "champs", "nom"),
    [("demande_transmise", EXPERT, "appr"), ("soutien_transmis", SOUTIEN, "appr")],
)
def test_le_pdf_suit_lannexe_11_et_porte_la_signature(distribution, client_de, scene, champs, nom, tmp_path):
    demande = getattr(scenes, scene)(distribution)
    document = produire(demande.instantane.document)
    assert document.est_produit, document.erreur
    reponse = client_de(distribution[nom]).get(f"/documents/{document.uuid}/")
    assert f"demande-dsm-{demande.numero}.pdf" in reponse["Content-Disposition"]
    octets = reponse.content if not reponse.streaming else b"".join(reponse.streaming_content)
    lecteur, texte = lire(octets)
    dans_lordre(texte, champs)
    xmp = lecteur.trailer["/Root"]["/Metadata"].get_data().decode()
    assert 'pdfaid:part="3"' in xmp
    assert 'pdfuaid:part="1"' in xmp
    chemin = tmp_path / "annexe_11.pdf"
    chemin.write_bytes(octets)
    controle = subprocess.run([shutil.which("qpdf"), "--check", chemin], capture_output=True, text=True, check=False)
    assert controle.returncode == 0, controle.stdout


def test_labsence_constatee_au_bottin_se_lit_dans_le_formulaire(distribution):
    demande = scenes.demande_autorisee(distribution)
    dsm.constater_absence(demande, par=distribution.mentore, motif="Cherché « prismes » et « neurovision » : rien.")
    dsm.transmettre_a_la_dsm(demande, par=distribution.mentore, confirmation=scenes.CONFIRMATION)
    _, texte = lire(rendre(demande.instantane.document).octets)
    dans_lordre(texte, ["Ce qui a été cherché au bottin", "neurovision", "Attentes"])
    assert "Experts du CISSS consultés" not in texte


def test_un_texte_tres_long_ne_perd_rien(distribution):
    demande = scenes.soutien_en_redaction(distribution)
    longs = {champ: f"{'Un contexte détaillé. ' * 150}fin{champ}" for champ in ("question", "contexte", "recherches")}
    actions.ecrire_demande_service(demande, par=distribution.mentore, **longs)
    actions.transmettre_demande_service(demande, par=distribution.mentore, confirmation=scenes.CONFIRMATION)
    _, texte = lire(rendre(demande.instantane.document).octets)
    assert all(f"fin{champ}" in texte for champ in longs)


def test_un_balisage_tape_reste_du_texte(distribution):
    demande = scenes.soutien_en_redaction(distribution)
    actions.ecrire_demande_service(demande, par=distribution.mentore, question="<b>Gras</b> & <img src=x>?")
    actions.transmettre_demande_service(demande, par=distribution.mentore, confirmation=scenes.CONFIRMATION)
    _, texte = lire(rendre(demande.instantane.document).octets)
    assert "<b>Gras</b> & <img src=x>?" in texte


@pytest.mark.parametrize(
    ("scene", "lecteurs"),
    [
        ("soutien_transmis", {"mentore": 200, "gestionnaire": 200, "dsm": 200, "coordonnatrice": 404, "collegue": 404}),
        ("demande_transmise", {"mentore": 200, "gestionnaire": 200, "dsm": 200, "coordonnatrice": 404, "mentor": 404}),
    ],
)
def test_qui_lit_la_demande_lit_son_pdf(distribution, client_de, scene, lecteurs):
    demande = getattr(scenes, scene)(distribution)
    document = produire(demande.instantane.document)
    assert document.est_produit
    recus = {nom: client_de(distribution[nom]).get(f"/documents/{document.uuid}/").status_code for nom in lecteurs}
    assert recus == lecteurs
