"""Mon profil, mes courriels, mes données."""

import csv
import io
import json

import pytest
from django.urls import reverse

from encadrement.accueil import essai
from encadrement.accueil import mesures as registre
from encadrement.accueil.essai import CompteEssai
from encadrement.accueil.mesures import Mesure
from encadrement.journal.models import Entree
from encadrement.notifications.models import Preference
from encadrement.personnes.models import Personne


def test_le_profil_montre_mon_emploi_mes_roles_et_depuis_quand(client_de, distribution):
    page = client_de(distribution.coordonnatrice).get(reverse("accueil:profil")).content.decode()
    assert distribution.coordonnatrice.matricule in page
    assert "Réjean Dugas" in page
    assert "Coordonnateur du comité de concertation, depuis le 1 janvier 2020" in page.replace("1er", "1")


def test_un_profil_presque_vide_s_affiche(client_de, db):
    nue = Personne.objects.create_user("777", nom="X", courriel="")
    page = client_de(nue).get(reverse("accueil:profil")).content.decode()
    assert "vous ne recevrez pas d’avis" in page
    assert "Changer mon mot de passe" not in page


def test_je_choisis_comment_recevoir_le_reste(client_de, distribution):
    client = client_de(distribution.mentor)
    assert client.post(reverse("accueil:profil"), {"resume": "hebdomadaire"}).status_code == 302
    assert Preference.objects.get(personne=distribution.mentor).resume == "hebdomadaire"
    assert client.post(reverse("accueil:profil"), {"resume": "jamais"}).status_code == 200
    assert Preference.objects.get(personne=distribution.mentor).resume == "hebdomadaire"


def test_mes_donnees_sortent_en_json_et_l_exportation_se_consigne(client_de, distribution):
    reponse = client_de(distribution.appr).get(reverse("accueil:mes_donnees"))
    assert reponse["Content-Disposition"] == 'attachment; filename="mes-donnees.json"'
    rubriques = json.loads(reponse.content)["rubriques"]
    assert rubriques["identite"][0]["matricule"] == distribution.appr.matricule
    assert rubriques["roles"][0]["debut"] == "2020-01-01"
    assert Entree.objects.filter(acte="accueil.mes_donnees", par=distribution.appr).count() == 1


def test_mes_donnees_en_csv_s_ouvrent_dans_un_tableur_sans_rien_executer(client_de, distribution):
    Personne.objects.filter(pk=distribution.mentor.pk).update(nom="=cmd|'/c calc'!A1")
    reponse = client_de(distribution.mentor).get(reverse("accueil:mes_donnees"), {"forme": "csv"})
    lignes = list(csv.reader(io.StringIO(reponse.content.decode("utf-8-sig")), delimiter=";"))
    assert lignes[0] == ["rubrique", "numero", "champ", "valeur"]
    assert ["identite", "1", "nom", "'=cmd|'/c calc'!A1"] in lignes


def test_mes_donnees_ne_contiennent_que_les_miennes(client_de, distribution, monkeypatch):
    monkeypatch.setattr(registre, "_inscrites", {})
    registre.inscrire(
        Mesure("essai", "Essai", "accueil:a_faire", donnees=lambda qui: [("notes", [{"auteur": qui.matricule}])])
    )
    contenu = client_de(distribution.mentore).get(reverse("accueil:mes_donnees")).content.decode()
    assert json.loads(contenu)["rubriques"]["essai_notes"] == [{"auteur": distribution.mentore.matricule}]
    assert distribution.mentor.matricule not in contenu


def test_les_comptes_d_essai_ne_se_montrent_qu_en_mode_essai(settings, monkeypatch):
    monkeypatch.setattr(essai, "_sources", [])
    essai.fournir(lambda: [CompteEssai("10004", "Chloé Côté", "APPR", "secret")])
    settings.MODE_ESSAI = True
    assert [compte.matricule for compte in essai.comptes()] == ["10004"]
    settings.MODE_ESSAI = False
    assert essai.comptes() == []


@pytest.mark.parametrize(
    ("qui", "acteurs"),
    [
        ("dsm", ["dsm", "direction_soutien", "gestionnaire"]),
        ("directrice", ["direction_clinique", "gestionnaire"]),
        ("appr", ["appr", "beneficiaire"]),
        ("executif_cm", ["beneficiaire", "cm"]),
        ("mentore", ["beneficiaire"]),
        ("drhcaj", []),
    ],
)
@pytest.mark.exigence("R-018", "R-025", "R-028", "R-029", "R-037", "R-040")
def test_qui_doit_faire_quoi_commence_par_ce_qui_me_concerne(client_de, distribution, monkeypatch, qui, acteurs):
    monkeypatch.setattr(registre, "_inscrites", {})
    page = client_de(distribution[qui]).get(reverse("accueil:qui_doit_faire_quoi"))
    groupes = page.context["groupes"]
    assert [groupe.acteur.value for groupe in groupes if groupe.me_concerne] == acteurs
    assert all(groupe.me_concerne for groupe in groupes[: len(acteurs)])


def test_un_geste_de_la_mesure_se_relie_a_son_enonce(client_de, distribution, monkeypatch):
    monkeypatch.setattr(registre, "_inscrites", {})
    liens = [registre.Lien("R-094", "Rédiger l’entente avec Loïc St-Onge", "/e/")]
    acteurs = {distribution.mentor.pk: ["mentor"]}
    registre.inscrire(
        Mesure(
            "essai",
            "Essai",
            "accueil:a_faire",
            liens_de_role=lambda _: liens,
            acteurs=lambda qui: acteurs.get(qui.pk, ()),
        )
    )
    page = client_de(distribution.mentor).get(reverse("accueil:qui_doit_faire_quoi"))
    assert "Rédiger l’entente avec Loïc St-Onge" in page.content.decode()
    assert {"mentor", "offrant"} <= {g.acteur.value for g in page.context["groupes"] if g.me_concerne}
    autre = client_de(distribution.mentore).get(reverse("accueil:qui_doit_faire_quoi"))
    assert "Rédiger l’entente avec Loïc St-Onge" not in autre.content.decode()
