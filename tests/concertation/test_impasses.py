"""Les impasses récurrentes : des thèmes codés, une solution durable portée jusqu’au bout, rien d’un cas (R-226)."""

import pytest
from django.urls import reverse

from concertation.actions import impasses as actions
from concertation.models import EtatImpasse, ImpasseRecurrente, Theme
from encadrement.journal.models import Entree
from encadrement.socle.erreurs import ErreurMetier
from tests.concertation import scenes
from tests.concertation.gestes_plan import adresse, dans, lectures
from tests.consultation.traces import courriels
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = [pytest.mark.django_db, pytest.mark.exigence("R-226")]
LISTE = reverse("concertation:impasses")
THEMES = reverse("concertation:themes")


@pytest.fixture
def d(distribution):
    return distribution


def test_de_la_liste_des_themes_a_la_solution_en_place(d, client_de):
    coordonnatrice = client_de(d.coordonnatrice)
    for libelle in ("Hébergement", "Intervenant pivot"):
        assert coordonnatrice.post(THEMES, {"libelle": libelle}).status_code == 302
    hebergement, pivot = Theme.objects.order_by("cle")
    situation = scenes.situation_en_suivi(d)
    classer = adresse("situation_classer", situation)
    assert coordonnatrice.post(classer, {"themes": [hebergement.pk]}).status_code == 302
    assert set(situation.themes.all()) == {hebergement}
    saisi = {
        "titre": "Aucune place de répit pour un adulte en DI",
        "themes": [hebergement.pk],
        "solution": "",
        "personne": d.autre_gestionnaire.matricule,
        "echeance": dans(120),
    }
    assert coordonnatrice.post(reverse("concertation:impasse_ouvrir"), saisi).status_code == 302
    impasse = ImpasseRecurrente.objects.get()
    assert courriels("impasse_confiee", "concertation") == [d.autre_gestionnaire.prenom]
    # Qui la porte écrit où en est la solution, et la mène au bout.
    porteuse = client_de(d.autre_gestionnaire)
    page = texte_de(porteuse.get(impasse.get_absolute_url()))
    assert "3 orientations dans 1 situation" in page
    modifier = adresse("impasse_modifier", impasse)
    recrit = champs_de(porteuse.get(modifier)) | {"themes": [hebergement.pk, pivot.pk], "personne": ""}
    assert porteuse.post(modifier, recrit | {"solution": "Une entente entre deux directions."}).status_code == 302
    for nom, etat in (("entamer", EtatImpasse.EN_COURS), ("resoudre", EtatImpasse.RESOLUE)):
        assert porteuse.post(adresse(f"impasse_{nom}", impasse)).status_code == 302
        impasse.refresh_from_db()
        assert impasse.etat == etat
    assert impasse.solution == "Une entente entre deux directions."
    assert set(impasse.themes.all()) == {hebergement, pivot}
    assert porteuse.post(adresse("impasse_resoudre", impasse)).status_code == 409
    assert porteuse.post(adresse("impasse_rouvrir", impasse)).status_code == 403
    assert coordonnatrice.post(adresse("impasse_rouvrir", impasse)).status_code == 302


def test_elle_reunit_les_orientations_de_ses_themes_sans_rien_d_un_cas(d, client_de):
    impasse = scenes.impasse_ouverte(d)
    autre_theme = scenes.les_themes(d)[1]
    dedans, dehors = scenes.situation_fermee(d), scenes.situation_en_suivi(d)
    actions.classer(dedans, list(impasse.themes.all()), par=d.coordonnatrice)
    actions.classer(dehors, [autre_theme], par=d.coordonnatrice)
    avant = lectures(dedans)
    textes = [*(texte for texte, _ in scenes.ORIENTATIONS), scenes.RAISON, *scenes.RECIT.values()]
    for qui, nomme in ((d.coordonnatrice, True), (d.dsm, False), (d.appr, False)):
        page = texte_de(client_de(qui).get(impasse.get_absolute_url()))
        assert "3 orientations dans 1 situation</strong> : 2 appliquées, 1 non appliquée, 0 encore ouverte" in page
        assert (dedans.numero in page) is nomme
        assert ("une situation</td>" in page) is not nomme
        assert dehors.numero not in page
        assert not [texte for texte in textes if texte in page]
    assert lectures(dedans) == avant


def test_un_representant_ne_voit_le_code_que_des_situations_ou_il_est_convie(d, client_de):
    impasse = scenes.impasse_ouverte(d)
    conviee, autre = scenes.situation_en_suivi(d), scenes.situation_en_suivi(d)
    for situation in (conviee, autre):
        actions.classer(situation, list(impasse.themes.all()), par=d.coordonnatrice)
    scenes.convocations.retirer_de_la_situation(autre.participations.get(personne=d.collegue), par=d.coordonnatrice)
    page = texte_de(client_de(d.collegue).get(impasse.get_absolute_url()))
    assert conviee.numero in page
    assert autre.numero not in page
    assert "6 orientations dans 2 situations" in page


@pytest.mark.parametrize(
    ("champ", "valeur", "phrase"),
    [
        ("titre", "", "Nommez l’impasse en une phrase."),
        ("titre", "a" * 201, "dépasse 200 caractères"),
        ("themes", [], "Choisissez au moins un thème"),
        ("themes", [999999], "n’est plus à la liste"),
        ("themes", ["a"], "n’est plus à la liste"),
        ("personne", "", "Nommez la personne qui portera la solution."),
        ("echeance", "2026-13-01", "Cette date n’existe pas"),
        ("solution", "Appeler Jean au 418 555-0199.", "Ce texte semble contenir"),
    ],
)
def test_un_dossier_mal_ecrit_le_dit_sur_le_champ(d, client_de, champ, valeur, phrase):
    theme = scenes.les_themes(d)[0]
    saisi = {"titre": "Aucune place", "themes": [theme.pk], "solution": "", "personne": d.parrain.matricule}
    reponse = client_de(d.coordonnatrice).post(reverse("concertation:impasse_ouvrir"), saisi | {champ: valeur})
    assert reponse.status_code == 200
    assert phrase in texte_de(reponse)
    assert not ImpasseRecurrente.objects.exists()


def test_sans_theme_l_action_refuse_aussi(d):
    impasse = scenes.impasse_ouverte(d)
    champs = {"titre": "x", "themes": [], "responsable": d.parrain, "solution": ""}
    with pytest.raises(ErreurMetier, match="au moins un thème"):
        actions.ouvrir_impasse(par=d.coordonnatrice, **champs)
    with pytest.raises(ErreurMetier, match="au moins un thème"):
        actions.ecrire_impasse(impasse, par=d.coordonnatrice, **champs)
    assert impasse.themes.exists()


def test_abandonner_demande_un_motif(d, client_de):
    impasse = scenes.impasse_ouverte(d)
    client = client_de(d.coordonnatrice)
    page = adresse("impasse_abandonner", impasse)
    assert "Écrivez le motif" in texte_de(client.post(page, {"motif": " "}))
    assert "Ce texte semble contenir" in texte_de(client.post(page, {"motif": "Joindre le 418 555-0199."}))
    assert client.post(page, {"motif": "La direction a réglé la question."}).status_code == 302
    assert "La direction a réglé la question." in texte_de(client.get(impasse.get_absolute_url()))


@pytest.mark.parametrize("qui", ["dsm", "appr", "collegue"])
def test_qui_suit_une_impasse_sans_la_porter_ne_l_ecrit_pas(d, client_de, qui):
    scenes.representants(d)
    impasse = scenes.impasse_ouverte(d)
    client = client_de(d[qui])
    assert client.get(impasse.get_absolute_url()).status_code == 200
    for nom in ("modifier", "entamer", "resoudre", "abandonner", "rouvrir"):
        assert client.post(adresse(f"impasse_{nom}", impasse), {"motif": "x"}).status_code == 403
    impasse.refresh_from_db()
    assert impasse.etat == EtatImpasse.OUVERTE


def test_un_theme_se_retire_se_remet_et_ne_se_double_pas(d, client_de):
    theme = scenes.les_themes(d)[0]
    situation = scenes.situation_transmise(d)
    actions.classer(situation, [theme], par=d.coordonnatrice)
    client = client_de(d.dsm)
    for _ in range(2):
        assert client.post(THEMES, {"geste": f"retirer:{theme.pk}"}).status_code == 302
    theme.refresh_from_db()
    assert theme.retire
    assert Entree.objects.filter(acte="concertation.theme.retirer").count() == 1
    # Retiré, il n’est plus offert qu’à ce qu’il classe déjà.
    coordonnatrice = client_de(d.coordonnatrice)
    assert theme.libelle in texte_de(coordonnatrice.get(adresse("situation_classer", situation)))
    assert theme.libelle not in texte_de(coordonnatrice.get(reverse("concertation:impasse_ouvrir")))
    # Écrit de nouveau, avec ou sans accents, c’est le même.
    assert client.post(THEMES, {"libelle": " hebergement "}).status_code == 302
    theme.refresh_from_db()
    assert not theme.retire
    assert Theme.objects.filter(cle=theme.cle).count() == 1
    assert client.post(THEMES, {"geste": "retirer:99999999999999999999"}).status_code == 404
    assert "Écrivez le thème" in texte_de(client.post(THEMES, {"libelle": "!!!"}))


def test_classer_revient_au_coordonnateur(d, client_de):
    theme = scenes.les_themes(d)[0]
    situation = scenes.situation_transmise(d)
    for qui, code in ((d.mentore, 403), (d.gestionnaire, 403), (d.dsm, 404), (d.appr, 404)):
        assert client_de(qui).post(adresse("situation_classer", situation), {"themes": [theme.pk]}).status_code == code
    assert not situation.themes.exists()


def test_les_listes_disent_qui_porte_quoi(d, client_de):
    impasse = scenes.impasse_ouverte(d)
    for qui in (d.coordonnatrice, d.dsm, d.appr, d.autre_gestionnaire):
        page = texte_de(client_de(qui).get(LISTE))
        assert impasse.titre in page
        assert "Carole Desbois" in page
    for qui in (d.mentore, d.gestionnaire, d.executif_cm):
        assert impasse.titre not in texte_de(client_de(qui).get(LISTE))
