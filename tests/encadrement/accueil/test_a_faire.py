"""La première page : ce qui attend, mes dossiers, ce qui a bougé."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from encadrement.accueil import mesures as registre
from encadrement.accueil.a_faire import dossiers_de, nombre_a_faire, taches_de
from encadrement.accueil.mesures import Dossier, Mesure, Tache
from encadrement.notifications.models import Courriel


@pytest.fixture
def mesure(monkeypatch):
    """Une mesure d’essai, seule inscrite ; ses appels se comptent."""
    monkeypatch.setattr(registre, "_inscrites", {})
    appels = []
    jour = datetime.date(2026, 11, 22)

    def taches(personne):
        appels.append(personne.pk)
        return [
            Tache("Approuver", "Entente de Zoé", "/z/"),
            Tache("Signer", "Entente de Loïc", "/l/", echeance=jour + datetime.timedelta(days=9)),
            Tache("Remplir le bilan", "Entente de Marie", "/m/", echeance=jour, retard=True),
            Tache("Consigner", "Entente de Paul", "/p/", echeance=jour + datetime.timedelta(days=2)),
        ]

    def dossiers(_personne):
        ancien = timezone.now() - datetime.timedelta(days=30)
        return [
            Dossier("Sans date", "/d0/"),
            Dossier("Ancien", "/d1/", bouge_le=ancien),
            Dossier("Récent", "/d2/", etat="active", etat_code="active", titre="mentor", bouge_le=timezone.now()),
        ]

    registre.inscrire(Mesure("essai", "Essai", "accueil:a_faire", taches=taches, dossiers=dossiers))
    return appels


def courriel(personne, objet, **champs):
    return Courriel.objects.create(
        cle=objet, a=personne, gabarit="essai", objet=objet, texte="", message_id=objet, **champs
    )


def test_le_retard_passe_avant_l_echeance_et_l_echeance_avant_le_reste(distribution, mesure):
    gestes = [tache.geste for tache in taches_de(distribution.gestionnaire)]
    assert gestes == ["Remplir le bilan", "Consigner", "Signer", "Approuver"]


def test_les_dossiers_vont_du_plus_recent_au_moins_connu(distribution, mesure):
    assert [dossier.nom for dossier in dossiers_de(distribution.mentor)] == ["Récent", "Ancien", "Sans date"]


def test_la_page_et_la_pastille_ne_demandent_les_taches_qu_une_fois(client_de, distribution, mesure):
    page = client_de(distribution.gestionnaire).get(reverse("accueil:a_faire"))
    assert mesure == [distribution.gestionnaire.pk]
    assert nombre_a_faire(distribution.gestionnaire) == 4
    texte = page.content.decode()
    assert texte.index("En retard") < texte.index("Ensuite")
    assert "Entente de Marie" in texte


def test_personne_n_attend_rien_le_dit_calmement(client_de, distribution, monkeypatch):
    monkeypatch.setattr(registre, "_inscrites", {})
    page = client_de(distribution.collegue).get("/").content.decode()
    assert "Rien ne vous attend." in page
    assert "Vous n’avez pas encore de dossier." in page
    assert "Rien de nouveau dans vos dossiers." in page


def test_ce_qui_a_bouge_ne_montre_que_mes_courriels(client_de, distribution):
    courriel(distribution.mentor, "L’entente est approuvée", url="/mentorat/")
    courriel(distribution.mentore, "Pour le mentoré seulement")
    page = client_de(distribution.mentor).get("/").content.decode()
    assert "L’entente est approuvée" in page
    assert "nouveau" in page
    assert "Pour le mentoré seulement" not in page


def test_marquer_lu_ne_touche_que_ce_qui_etait_a_l_ecran(client_de, distribution):
    lu = courriel(distribution.mentor, "Lu", cree_le=timezone.now() - datetime.timedelta(minutes=5))
    client = client_de(distribution.mentor)
    jusqu_a = client.get("/").context["fil"][0].cree_le.isoformat()
    nouveau = courriel(distribution.mentor, "Arrivé depuis")
    assert client.post(reverse("accueil:fil_lu"), {"jusqu_a": jusqu_a}).status_code == 302
    lu.refresh_from_db()
    nouveau.refresh_from_db()
    assert lu.lu_le is not None
    assert nouveau.lu_le is None


def test_marquer_lu_accepte_une_date_illisible(client_de, distribution):
    assert client_de(distribution.mentor).post(reverse("accueil:fil_lu"), {"jusqu_a": "?"}).status_code == 302


@pytest.mark.parametrize("nom", ["a_faire", "recherche", "profil", "delegations", "roles", "qui_doit_faire_quoi"])
def test_une_page_commune_demande_une_connexion(client, db, nom):
    reponse = client.get(reverse(f"accueil:{nom}"))
    assert reponse.status_code == 302
    assert reponse.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("nom", ["a_faire", "recherche", "profil", "delegations", "roles", "qui_doit_faire_quoi"])
def test_chacun_ouvre_les_pages_communes_en_peu_de_requetes(
    client_de, distribution, django_assert_max_num_queries, nom
):
    for _, personne in distribution:
        if personne.is_active:
            client = client_de(personne)
            with django_assert_max_num_queries(45):
                assert client.get(reverse(f"accueil:{nom}")).status_code == 200
