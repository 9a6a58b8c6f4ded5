"""« Qui doit faire quoi » : chaque responsabilité est dite à la bonne personne, et son lien mène à un acte qui marche."""

import html
import re

import pytest
from django.urls import reverse

from encadrement.cadre.roles import enonces_de_role
from mentorat.actions.suivi import signaler_mesentente
from tests.mentorat import scenes
from tests.mentorat.formulaire import adresse, texte_de

pytestmark = pytest.mark.django_db

# Pour chaque personne, chaque énoncé : ce qu’on lit au bout du lien, puis l’acte qui y répond sur son entente.
DSM = {
    "R-018": ("Mentorat", None),
    "R-019": ("dix étapes", None),
    "R-020": ("M-20", "entente"),
    "R-021": ("Candidatures", None),
    "R-022": ("Annexe 4", None),
    "R-023": ("heures", None),
    "R-024": ("heures", None),
    "R-078": ("Rôles et responsabilités", None),
    "R-079": ("Conseils pour une relation", None),
    "R-080": ("Cyr", None),
    "R-081": ("Candidatures", None),
    "R-082": ("Satisfaction", None),
    "R-083": ("heures", None),
}
APPR = {"R-065": ("M-20", "entente"), "R-066": ("À faire", None)}
DIRECTION = {
    "R-025": ("Le mentorat en bref", None),
    "R-026": ("bonnes pratiques", None),
    "R-027": ("Temps à libérer", None),
    "R-084": ("Fiche synthèse", None),
}
GESTIONNAIRE = {
    "R-029": ("besoin", None),
    "R-030": ("M-20", "entente_confirmer_conditions"),
    "R-031": ("Temps à libérer", "entente_liberation"),
    "R-032": ("M-20", "entente_journal"),
    "R-033": ("M-20", "entente"),
    "R-070": ("M-20", "entente"),
    "R-085": ("besoin", None),
    "R-086": ("Candidatures", None),
    "R-087": ("emandes", None),
    "R-088": ("M-20", "entente_confirmer_conditions"),
    "R-089": ("À faire", None),
    "R-090": ("M-20", "entente"),
    "R-091": ("M-20", "entente_journal"),
    "R-092": ("M-20", "entente_demander_fin"),
    "R-093": ("M-20", "entente"),
}
MENTOR = {
    "R-034": ("M-20", "entente"),
    "R-035": ("M-20", "entente_suivi"),
    "R-036": ("À faire", None),
    "R-064": ("M-20", "entente_suivi"),
    "R-094": ("M-20", "entente"),
    "R-095": ("M-20", "entente_mi_temps"),
    "R-096": ("M-20", "entente_journal"),
    "R-097": ("Conseils pour une relation", "entente_notes"),
    "R-098": ("M-20", "entente_mi_temps"),
    "R-099": ("première rencontre", "entente_notes"),
    "R-100": ("règles d’éthique", None),
    "R-101": ("M-20", "entente_suivi"),
    "R-102": ("M-20", "mesentente_signaler"),
    "R-103": ("À faire", None),
}
MENTORE = {
    "R-037": ("mentor", None),
    "R-038": ("M-20", "entente"),
    "R-039": ("À faire", None),
    "R-104": ("M-20", "entente"),
    "R-105": ("M-20", "entente_mi_temps"),
    "R-106": ("M-20", "entente_mi_temps"),
    "R-107": ("M-20", "entente_mi_temps"),
    "R-108": ("première rencontre", "entente_notes"),
    "R-109": ("règles d’éthique", None),
    "R-110": ("M-20", "mesentente_signaler"),
    "R-111": ("À faire", None),
}
CM = {"R-040": ("comité de pairs", None), "R-041": ("comité de pairs", None)}

CAS = [
    pytest.param(
        "dsm",
        DSM,
        marks=pytest.mark.exigence(
            "R-018", "R-019", "R-020", "R-021", "R-022", "R-023", "R-024", "R-078", "R-079", "R-080", "R-081",
            "R-082", "R-083",
        ),
    ),
    pytest.param("appr", APPR, marks=pytest.mark.exigence("R-065", "R-066")),
    pytest.param("directrice", DIRECTION, marks=pytest.mark.exigence("R-025", "R-026", "R-027", "R-084")),
    pytest.param(
        "gestionnaire",
        GESTIONNAIRE,
        marks=pytest.mark.exigence(
            "R-029", "R-030", "R-031", "R-032", "R-033", "R-070", "R-085", "R-086", "R-087", "R-088", "R-089",
            "R-090", "R-091", "R-092", "R-093",
        ),
    ),
    pytest.param(
        "mentor",
        MENTOR,
        marks=pytest.mark.exigence(
            "R-034", "R-035", "R-036", "R-064", "R-094", "R-095", "R-096", "R-097", "R-098", "R-099", "R-100",
            "R-101", "R-102", "R-103",
        ),
    ),
    pytest.param(
        "mentore",
        MENTORE,
        marks=pytest.mark.exigence(
            "R-037", "R-038", "R-039", "R-104", "R-105", "R-106", "R-107", "R-108", "R-109", "R-110", "R-111",
        ),
    ),
    pytest.param("executif_cm", CM, marks=pytest.mark.exigence("R-040", "R-041")),
]  # fmt: skip


@pytest.mark.parametrize(("nom", "attendus"), CAS)
def test_chaque_responsabilite_est_dite_et_mene_a_un_acte_qui_marche(distribution, client_de, nom, attendus):
    entente = scenes.entente(distribution)
    client = client_de(distribution[nom])
    blocs = _blocs(client)
    for numero, (a_lire, acte) in attendus.items():
        assert numero in blocs, f"{numero} n’est pas dit"
        liens = re.findall(r'<li><a href="([^"]+)">', blocs[numero])
        assert liens, f"{numero} n’a pas de lien"
        pages = [client.get(html.unescape(lien)) for lien in liens]
        assert {page.status_code for page in pages} == {200}, (numero, liens)
        # Le bilan annuel et les recommandations y répondent aussi, chacun à sa façon.
        assert any(a_lire.lower() in texte_de(page).lower() for page in pages), (numero, liens, a_lire)
        if acte:
            assert client.get(adresse(acte, entente)).status_code == 200, (numero, acte)


def _blocs(client):
    """Rend {numéro: ce qui suit l’énoncé}, un par énoncé que la page dit avec son « Pourquoi? »."""
    lus = html.unescape(client.get(reverse("accueil:qui_doit_faire_quoi")).content.decode())
    enonces = {e.numero: e.enonce for e in enonces_de_role()}
    renvois = [renvoi for renvoi in re.finditer(r"/cadre/(R-\d{3})/", lus) if renvoi[1] in enonces]
    debuts = [0, *(renvoi.end() for renvoi in renvois)]
    fins = [*(renvoi.start() for renvoi in renvois[1:]), len(lus)]
    return {
        renvoi[1]: lus[renvoi.end() : fin]
        for renvoi, avant, fin in zip(renvois, debuts, fins, strict=False)
        if enonces[renvoi[1]] in lus[avant : renvoi.start()]
    }


def test_chaque_personne_voit_dabord_ce_qui_la_concerne(distribution, client_de):
    scenes.entente(distribution)
    for nom, titre in (("mentor", "Mentor"), ("mentore", "Mentoré"), ("gestionnaire", "Gestionnaires")):
        page = texte_de(client_de(distribution[nom]).get(reverse("accueil:qui_doit_faire_quoi")))
        assert re.search(rf'>{titre} <span class="etat etat--active">vous concerne', page), nom


def test_chaque_responsabilite_du_mentorat_a_sa_ligne_ici():
    ecrites = {numero for cas in CAS for numero in cas.values[1]}
    attendues = {e.numero for e in enonces_de_role("mentorat")} | {e.numero for e in enonces_de_role("general")}
    # La direction de soutien n’a personne dans la troupe; ce qu’elle lit est éprouvé avec les ressources.
    assert attendues - ecrites == {"R-028"}


# --- Ce que les liens promettent --------------------------------------------------------------------------------


@pytest.mark.exigence("R-033", "R-036", "R-039", "R-093", "R-103", "R-111")
def test_clore_invite_les_deux_a_evaluer_et_linvitation_est_a_faire(distribution, client_de):
    entente = scenes.entente(distribution, "close")
    for nom in ("mentor", "mentore"):
        page = scenes.invitation(entente, distribution[nom]).get_absolute_url()
        client = client_de(distribution[nom])
        assert page in client.get(reverse("accueil:a_faire")).content.decode()
        assert client.get(page).status_code == 200


@pytest.mark.exigence("R-066", "R-089")
def test_une_mesentente_adressee_a_la_dsm_et_au_gestionnaire_est_a_faire_chez_eux(distribution, client_de):
    d = distribution
    signalee = signaler_mesentente(
        scenes.entente(d), par=d.mentore, texte="Rythme.", au_gestionnaire=True, a_la_dsm=True, parle_a_l_autre=True
    )
    for nom in ("gestionnaire", "appr"):
        a_faire = client_de(d[nom]).get(reverse("accueil:a_faire")).content.decode()
        assert str(signalee.uuid) in a_faire, nom


@pytest.mark.exigence("R-053", "R-075")
def test_lentente_close_donne_les_trois_parties_de_lannexe_4(distribution, client_de):
    entente = scenes.entente(distribution, "close")
    texte = texte_de(client_de(distribution.mentore).get(entente.get_absolute_url()))
    for partie in ("Entente (PDF, EC-", "Bilan de mi-temps (PDF, EC-", "Évaluation finale (PDF, EC-"):
        assert partie in texte
    modele = client_de(distribution.collegue).get(reverse("cadre:ressource", args=["annexe-4"]))
    assert modele.status_code == 200
    assert "entente de mentorat" in texte_de(modele).lower()


@pytest.mark.exigence("R-355")
def test_les_deux_exceptions_a_la_confidentialite_se_lisent_avant_de_signer_et_de_signaler(distribution, client_de):
    entente = scenes.entente(distribution, "a_signer")
    client = client_de(distribution.mentor)
    regles = texte_de(client.get(adresse("entente_signer", entente)))
    for exception in ("l’accord explicite de la personne concernée", "risque de préjudice pour une autre personne"):
        assert exception in regles
    scenes.signer_a_deux(entente)
    scenes.ententes.approuver_entente(
        scenes.relire(entente), par=distribution.gestionnaire, confirmation=scenes.CONFIRMATION
    )
    signalement = texte_de(client.get(adresse("mesentente_signaler", entente)))
    assert "risque de préjudice pour une autre personne" in signalement
    # Hors de ces deux exceptions, que seule une partie peut faire jouer, rien ne sort de la dyade.
    for nom in ("gestionnaire", "appr", "dsm", "pilote", "superutilisateur"):
        assert client_de(distribution[nom]).get(adresse("entente_notes", entente)).status_code in (403, 404)
