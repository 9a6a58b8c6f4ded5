"""Les communautés à l’accueil, à la recherche et dans « Mes données » : chacun y trouve les siennes, rien de plus."""

import json

import pytest
from django.urls import reverse

from cdp.actions import adhesions, vie
from cdp.rappels import dossiers
from tests.cdp import scenes

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("nom", "titre"),
    [
        ("animatrice", "animateur"),
        ("secretaire", "secrétaire"),
        ("membre", "membre"),
        ("parrain", "le gestionnaire parrain"),
        ("ancien_membre", None),
        ("collegue", None),
        ("dsm", None),
    ],
)
def test_mes_communautes_sont_a_l_accueil_a_mon_titre(distribution, client_de, nom, titre):
    communaute = scenes.communaute_active(distribution)
    page = client_de(distribution[nom]).get(reverse("accueil:a_faire"))
    miens = [d.titre for d in page.context["dossiers"] if d.url == communaute.get_absolute_url()]
    assert miens == ([titre] if titre else [])


def test_une_invitation_et_une_mise_en_route_sont_des_dossiers(distribution):
    invitee = scenes.adhesion_invitee(distribution)
    assert [d.titre for d in dossiers.dossiers(invitee.personne)] == ["adhésion invitée"]
    neuve = scenes.communaute_ouverte(distribution, "CdP télépratique")
    assert neuve.nom in [d.nom for d in dossiers.dossiers(distribution.animatrice)]


def _trouves(client, texte):
    return [
        dossier.nom for dossier in client.get(reverse("accueil:recherche"), {"q": texte}).context["resultat"].dossiers
    ]


def test_toute_la_maison_trouve_une_communaute_agreee_sans_accents(distribution, client_de):
    scenes.communaute_active(distribution)
    assert _trouves(client_de(distribution.collegue), "ORTHOPHONISTES petite") == [scenes.NOM]


def test_une_communaute_qui_se_prepare_ne_se_trouve_que_par_les_siens(distribution, client_de):
    scenes.communaute_prete(distribution)
    assert _trouves(client_de(distribution.membre), "orthophonistes") == [scenes.NOM]
    assert _trouves(client_de(distribution.collegue), "orthophonistes") == []
    assert _trouves(client_de(distribution.parrain), "orthophonistes") == []


@pytest.mark.parametrize("texte", ["grille tdl", "QUELQU’UN a", "essais octobre"])
def test_les_outils_et_les_appels_ne_se_trouvent_qu_entre_membres(distribution, client_de, texte):
    outil, appel = scenes.outil_depose(distribution), scenes.appel_lance(distribution)
    attendus = {"grille tdl": [outil.titre], "QUELQU’UN a": [appel.titre], "essais octobre": [outil.titre]}[texte]
    for nom in ("animatrice", "secretaire", "membre"):
        assert _trouves(client_de(distribution[nom]), texte) == attendus, nom
    for nom in ("parrain", "dsm", "appr", "ancien_membre", "collegue", "superutilisateur"):
        assert _trouves(client_de(distribution[nom]), texte) == [], nom


def test_la_recherche_dit_de_quelle_communaute_vient_un_outil(distribution, client_de):
    scenes.outil_depose(distribution)
    page = client_de(distribution.membre).get(reverse("accueil:recherche"), {"q": "grille tdl"}).text
    assert f"(outil, {scenes.NOM})" in page


def test_ce_qui_est_retire_ne_se_trouve_plus(distribution, client_de):
    outil = scenes.outil_depose(distribution)
    vie.retirer_publication(outil, par=distribution.membre, motif="Périmé.")
    assert _trouves(client_de(distribution.membre), "grille") == []


@pytest.mark.parametrize("nom", ["animatrice", "membre", "parrain", "dsm", "collegue"])
def test_ni_l_ordre_du_jour_ni_le_compte_rendu_ne_se_trouvent(distribution, client_de, nom):
    scenes.rencontre_publiee(distribution)
    for mots in ("item 14", "quatre RLS", "retour des essais", "traduction"):
        assert _trouves(client_de(distribution[nom]), mots) == []


def test_mes_donnees_disent_ce_que_j_ai_fait_et_rien_des_autres(distribution, client_de):
    scenes.rencontre_publiee(distribution)
    scenes.heures_consignees(distribution)
    scenes.outil_depose(distribution)
    scenes.reponse_donnee(distribution)
    for nom in ("membre", "secretaire"):
        page = client_de(distribution[nom]).get(reverse("accueil:mes_donnees"), {"format": "json"})
        rubriques = json.loads(page.getvalue())["rubriques"]
        assert [ligne["communaute"] for ligne in rubriques["cdp_adhesions"]] == [scenes.NOM]
        assert [ligne["presente"] for ligne in rubriques["cdp_presences"]] == [nom == "secretaire"]
        publies = {ligne["titre"] or ligne["texte"] for ligne in rubriques["cdp_publications"]}
        if nom == "membre":
            assert [ligne["minutes"] for ligne in rubriques["cdp_heures"]] == [60]
            assert publies == {"Grille TDL v2", "Quelqu’un a-t-il une grille de bégaiement bilingue?"}
        else:
            assert rubriques["cdp_heures"] == []
            assert [ligne["precision"] for ligne in rubriques["cdp_contributions"]] == ["essais de la grille TDL"]
            assert publies == {"Oui : voir la bibliothèque."}


def test_mes_donnees_gardent_une_adhesion_terminee(distribution):
    scenes.communaute_active(distribution)
    adhesions.quitter(scenes.adhesion_de(distribution, "membre"), par=distribution.membre)
    (ligne,) = dict(dossiers.donnees(distribution.membre))["adhesions"]
    assert ligne["etat"] == "terminée"
    assert ligne["au"] is not None
