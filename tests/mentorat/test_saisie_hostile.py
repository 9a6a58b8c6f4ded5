"""La mauvaise saisie de l’entente : la phrase est sur le champ, ce qui est tapé reste, rien ne casse."""

import re
import uuid
from urllib.parse import quote_plus

import pytest
from django.test import Client
from django.urls import reverse

from encadrement.socle.champs import nettoyer
from mentorat.actions import ententes as actions
from mentorat.models import OBJECTIFS_MAXIMUM, TEXTE_MAXIMAL, Entente
from tests.mentorat import scenes
from tests.mentorat.formulaire import adresse, champs_de, texte_de
from tests.mentorat.traces import rien_decrit

pytestmark = pytest.mark.django_db


@pytest.fixture
def entente(distribution):
    return scenes.remplir(scenes.entente_naissante(distribution))


@pytest.fixture
def client_de():
    """Un client ordinaire : celui de la maison refuserait de voir `{{` ou `onerror=` dans une page, même échappés."""

    def connecter(personne):
        client = Client()
        client.force_login(personne, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return connecter


@pytest.fixture
def page(distribution, client_de, entente):
    """Rend (client du mentoré, ce qu’il a sous les yeux)."""
    client = client_de(distribution.mentore)
    return client, champs_de(client.get(adresse("entente_modifier", entente)))


def _ecrire(page, entente, **saisi):
    client, lus = page
    return client.post(adresse("entente_modifier", entente), {**lus, **saisi, "geste": "enregistrer"})


def _invalides(reponse):
    """Rend le nom des champs que la page dit invalides à qui l’écoute."""
    champs = re.findall(r"<(?:input|textarea)[^>]*>", reponse.content.decode())
    return [re.search(r'name="([^"]+)"', champ)[1] for champ in champs if 'aria-invalid="true"' in champ]


@pytest.mark.exigence("R-056", "R-332", "R-409")
@pytest.mark.parametrize(
    ("saisi", "champ", "phrase"),
    [
        ({"debut": "2026-02-31"}, "debut", "Cette date n’existe pas"),
        ({"debut": "demain"}, "debut", "Cette date n’existe pas"),
        ({"debut": "14/09/2026 environ"}, "debut", "Cette date n’existe pas"),
        ({"debut": "0001-01-01"}, "debut", "entre 2000 et 2100"),
        ({"fin": "9999-12-31"}, "fin", "entre 2000 et 2100"),
        ({"debut": "2026-09-14", "fin": "2026-09-13"}, "fin", "La fin doit suivre le début, le 2026-09-14."),
        ({"debut": "2026-09-14", "fin": "2027-03-15"}, "fin", "au plus tard le 2027-03-14"),
        ({"debut": "2026-08-31", "fin": "2027-03-01"}, "fin", "au plus tard le 2027-02-28"),
        ({"duree_rencontres": "une heure"}, "duree_rencontres", "Écrivez une durée comme 1 h 15"),
        ({"duree_rencontres": "-1"}, "duree_rencontres", "Écrivez une durée comme 1 h 15"),
        ({"duree_rencontres": "1e9"}, "duree_rencontres", "Écrivez une durée comme 1 h 15"),
        ({"duree_rencontres": "٣"}, "duree_rencontres", "Écrivez une durée comme 1 h 15"),
        ({"duree_rencontres": "999 h"}, "duree_rencontres", "entre 5 min et 8 h"),
        ({"frequence": "z" * 201}, "frequence", "200"),
        ({"identifie_par": "le_pdg"}, "identifie_par", "valide"),
    ],
)
def test_la_phrase_est_sur_le_champ_et_la_saisie_reste(page, entente, saisi, champ, phrase):
    reponse = _ecrire(page, entente, **saisi)
    assert reponse.status_code == 200
    texte = texte_de(reponse)
    assert phrase in texte
    assert "à corriger; tout le reste est enregistré" in texte
    if champ != "identifie_par":
        assert champs_de(reponse)[champ] == saisi[champ]
        assert _invalides(reponse) == [champ]
    valeur = getattr(scenes.relire(entente), champ)
    assert valeur == getattr(entente, champ), "la valeur refusée ne remplace pas celle qui est gardée"


@pytest.mark.exigence("R-056", "R-409")
@pytest.mark.parametrize(("debut", "fin"), [("2026-09-14", "2027-03-14"), ("2026-08-31", "2027-02-28")])
def test_six_mois_jour_pour_jour_sont_acceptes(page, entente, debut, fin):
    assert _ecrire(page, entente, debut=debut, fin=fin).status_code == 302
    assert scenes.relire(entente).fin.isoformat() == fin


@pytest.mark.parametrize(
    ("tape", "minutes"), [("1 h 15", 75), ("90 min", 90), ("1,5 h", 90), ("1.5", 90), ("1:30", 90), ("2H", 120)]
)
def test_une_duree_se_lit_comme_on_la_tape(page, entente, tape, minutes):
    assert _ecrire(page, entente, duree_rencontres=tape).status_code == 302
    assert scenes.relire(entente).duree_rencontres == minutes


@pytest.mark.parametrize(("longueur", "code"), [(TEXTE_MAXIMAL, 302), (TEXTE_MAXIMAL + 1, 200)])
def test_un_texte_de_vingt_mille_caracteres_passe_un_de_plus_est_refuse_et_garde(page, entente, longueur, code):
    champ = f"objectif-{entente.objectifs.first().pk}"
    texte = "é" * longueur
    reponse = _ecrire(page, entente, **{champ: texte})
    assert reponse.status_code == code
    garde = entente.objectifs.first().texte
    if code == 302:
        assert garde == texte
    else:
        assert "Ce texte dépasse 20 000 caractères : raccourcissez-le." in texte_de(reponse)
        assert champs_de(reponse)[champ] == texte
        assert garde != texte


HOSTILES = {
    "gabarit": "{{7*7}} {% debug %} ${7*7} #{7*7}",
    "format": "%s %d %(nom)s {0} {nom!r}",
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "guillemets": 'L\'œuvre d’« Anaïs » "citée" & <b>grasse</b>',
    "emoji": "Progrès 👩🏽‍⚕️👍 et \U0001d518nicode",
    "mot": "anticonstitutionnellement" * 200,
    "lignes": "Première ligne\n\n\tseconde",
    "sql": "'; DROP TABLE mentorat_entente; --",
    "arabe": "هدف التعلم",
}
REPARES = {
    "nul": ("av\x00ant", "avant"),
    "commande": ("av\x07\x1bant", "avant"),
    "sens": ("av\u202eant\u202c\u200f", "avant"),
    "isolat": ("\u2066avant\u2069", "avant"),
    "decompose": ("E\u0301valuer", "Évaluer"),
    "retours": ("un\r\ndeux\rtrois", "un\ndeux\ntrois"),
}


@pytest.mark.parametrize("sorte", [*HOSTILES, *REPARES])
def test_un_texte_hostile_se_garde_et_se_montre_tel_quel_ou_repare(page, entente, distribution, sorte):
    tape, attendu = REPARES.get(sorte) or (HOSTILES[sorte], HOSTILES[sorte])
    objectif = entente.objectifs.first()
    activite = objectif.activites.first()
    saisi = {f"objectif-{objectif.pk}": tape, f"activite-{activite.pk}": tape}
    if len(tape) < 200:
        saisi["frequence"] = tape
    assert _ecrire(page, entente, **saisi).status_code == 302
    objectif.refresh_from_db()
    activite.refresh_from_db()
    assert (objectif.texte, activite.texte) == (attendu, attendu)
    assert champs_de(page[0].get(adresse("entente_modifier", entente)))[f"objectif-{objectif.pk}"] == attendu
    lu = page[0].get(entente.get_absolute_url())
    assert lu.status_code == 200
    assert "<script>alert" not in lu.content.decode()
    actions.soumettre_entente(scenes.relire(entente), par=distribution.mentore)
    assert scenes.relire(entente).instantane.donnees["objectifs"][0]["texte"] == attendu
    assert page[0].get(adresse("entente_signer", entente)).status_code == 200


def test_un_demi_caractere_isole_ne_casse_rien(page, entente):
    """Un navigateur ne l’envoie pas ; un envoi fabriqué, si."""
    client, lus = page
    champ = f"objectif-{entente.objectifs.first().pk}"
    corps = b"&".join(f"{nom}={quote_plus(valeur)}".encode() for nom, valeur in lus.items() if nom != champ)
    corps += f"&{champ}=av%ED%A0%80ant&geste=enregistrer".encode()
    reponse = client.post(adresse("entente_modifier", entente), corps, content_type="application/x-www-form-urlencoded")
    assert reponse.status_code == 302
    entente.objectifs.first().texte.encode()
    assert nettoyer("av\ud800ant") == "avant"


@pytest.mark.exigence("R-329")
def test_un_objectif_vide_avec_des_activites_se_dit_a_la_soumission(page, entente):
    client, _ = page
    objectif = entente.objectifs.all()[1]
    assert _ecrire(page, entente, **{f"objectif-{objectif.pk}": ""}).status_code == 302
    with rien_decrit():
        reponse = client.post(adresse("entente_soumettre", entente))
    assert reponse.status_code == 409
    assert "L’objectif 2 est vide alors que des activités y sont écrites" in texte_de(reponse)


@pytest.mark.exigence("R-329")
def test_quarante_objectifs_se_soumettent_quarante_et_un_non(page, entente):
    client, _ = page
    objectifs = [("Évaluer seul.", ("Observer.",))] * OBJECTIFS_MAXIMUM
    pleine = scenes.remplir(entente, objectifs=objectifs)
    quarante_et_unieme = pleine.objectifs.create(rang=41, texte="Un de trop.")
    quarante_et_unieme.activites.create(rang=1, texte="Observer.")
    envoi = {"raison": "De petits objectifs."}
    with rien_decrit():
        reponse = client.post(adresse("entente_soumettre", entente), envoi)
    assert "au plus 40 objectifs" in texte_de(reponse)
    assert champs_de(reponse)["raison"] == "De petits objectifs."
    quarante_et_unieme.delete()
    champs = champs_de(client.get(adresse("entente_modifier", entente)))
    assert client.post(adresse("entente_modifier", entente), champs).status_code == 302
    assert client.post(adresse("entente_soumettre", entente), envoi).status_code == 302


def test_les_champs_en_trop_necrivent_rien(page, entente, distribution):
    """Affectation de masse : chaque champ du modèle est posté ; seuls ceux que la page montre s’écrivent."""
    avant = Entente.objects.filter(pk=entente.pk).values().get()
    de_la_page = {"frequence", "duree_rencontres", "debut", "fin", "identifie_par", *Entente.CASES}
    en_trop = {
        champ.attname: str(distribution.dsm.pk) for champ in Entente._meta.fields if champ.name not in de_la_page
    }
    en_trop |= {"mentor": distribution.dsm.pk, "mentore": distribution.dsm.pk, "etat": "active", "version": "9"}
    en_trop |= {"instantane": "1", "numero": "M-0000-0001", "par": distribution.dsm.pk, "objectif-999999": "Ailleurs"}
    assert _ecrire(page, entente, **en_trop).status_code == 302
    assert Entente.objects.filter(pk=entente.pk).values().get() == avant


@pytest.mark.parametrize("manquant", ["frequence", "duree_rencontres", "debut", "fin", "objectif", "activite"])
def test_un_champ_absent_de_lenvoi_nefface_rien(page, entente, manquant):
    client, lus = page
    champs = {nom: valeur for nom, valeur in lus.items() if not nom.startswith(manquant)}
    with rien_decrit():
        reponse = client.post(adresse("entente_modifier", entente), {**champs, "geste": "enregistrer"})
    assert reponse.status_code == 302


def test_un_envoi_vide_nefface_rien(page, entente):
    client, _ = page
    with rien_decrit():
        assert client.post(adresse("entente_modifier", entente), {}).status_code == 200
        assert client.post(adresse("entente_brouillon", entente), {}).status_code == 422


def test_un_champ_repete_compte_une_fois(page, entente):
    client, lus = page
    reponse = client.post(adresse("entente_modifier", entente), {**lus, "frequence": ["Une fois", "Deux fois"]})
    assert reponse.status_code == 302
    assert scenes.relire(entente).frequence == "Deux fois"


@pytest.mark.parametrize(
    "geste",
    [
        "ajouter_activite:²",
        "ajouter_activite:99999999999999999999999999",
        "retirer_objectif:-1",
        "retirer_objectif:99999999999999999999999999",
        "retirer_activite:abc",
        "retirer_activite:٣",
        "approuver",
        "__class__",
        "",
    ],
)
def test_un_geste_inconnu_ou_une_cible_impossible_ne_casse_rien(page, entente, geste):
    client, lus = page
    with rien_decrit():
        reponse = client.post(adresse("entente_modifier", entente), {**lus, "geste": geste, "confirme": "1"})
    assert reponse.status_code in (302, 409)


PAGES = ("modifier", "brouillon", "soumettre", "rouvrir", "signer", "approuver", "renvoyer", "refuser", "abandonner")
SUITES = ("confirmer_conditions", "liberation")


@pytest.mark.parametrize("nom", [*PAGES, *SUITES])
def test_une_mauvaise_methode_ou_un_dossier_inconnu_se_disent(page, entente, nom):
    client, _ = page
    connue = adresse(f"entente_{nom}", entente)
    inconnue = reverse(f"mentorat:entente_{nom}", args=[uuid.uuid4()])
    with rien_decrit():
        for methode in ("put", "patch", "delete"):
            assert getattr(client, methode)(connue).status_code == 405
        assert (client.get if nom == "liberation" else client.post)(inconnue).status_code == 404
        if nom == "brouillon":
            assert client.get(connue).status_code == 405
        if nom == "liberation":
            assert client.post(connue).status_code == 405


@pytest.mark.parametrize("sorte", ["application/json", "text/plain", "multipart/form-data; boundary=x"])
def test_un_envoi_dune_autre_sorte_ne_casse_rien(page, entente, sorte):
    client, _ = page
    with rien_decrit():
        reponse = client.post(adresse("entente_modifier", entente), b'{"frequence": "Neuf"}', content_type=sorte)
    assert reponse.status_code < 500


@pytest.mark.parametrize("texte", HOSTILES.values(), ids=list(HOSTILES))
def test_un_motif_hostile_se_montre_echappe_a_la_dyade(distribution, client_de, texte):
    entente = scenes.entente(distribution, "a_approuver")
    reponse = client_de(distribution.gestionnaire).post(adresse("entente_renvoyer", entente), {"motif": texte[:4000]})
    assert reponse.status_code == 302
    assert entente.passages.get(transition="renvoyer").motif == texte[:4000]
    lu = client_de(distribution.mentore).get(entente.get_absolute_url())
    assert "<script>alert" not in lu.content.decode()
    assert "onerror=alert(1)>" not in lu.content.decode()


def test_un_motif_trop_long_est_refuse_et_garde(distribution, client_de):
    entente = scenes.entente(distribution, "a_approuver")
    with rien_decrit():
        reponse = client_de(distribution.gestionnaire).post(adresse("entente_renvoyer", entente), {"motif": "z" * 4001})
    assert champs_de(reponse)["motif"] == "z" * 4001


@pytest.mark.parametrize("q", [*HOSTILES.values(), "\x00", "M-2026-0001", "%", "_"])
def test_la_liste_et_ses_filtres_ne_cassent_pas(distribution, client_de, entente, q):
    client = client_de(distribution.mentore)
    for champs in ({"q": q}, {"etat": q}, {"page": q}, {"q": q, "page": "-1"}):
        assert client.get(reverse("mentorat:ententes"), champs).status_code == 200
