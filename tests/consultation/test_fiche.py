"""La fiche d’expert : l’ouvrir, l’écrire, ce que chacun en lit."""

import uuid

import pytest
from django.urls import reverse

from consultation.actions import bottin
from consultation.models import EtatFicheExpert, FicheExpert, SorteExpert, SujetConsultation
from encadrement.socle.erreurs import ErreurMetier
from tests.consultation import scenes
from tests.consultation.traces import rien_decrit
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = pytest.mark.django_db
MA_FICHE = reverse("consultation:ma_fiche")


def adresse(nom, fiche):
    return reverse(f"consultation:{nom}", args=[fiche.uuid])


def _saisie(**champs):
    return {
        "sorte": "pair",
        "expertise": "Positionnement",
        "presentation": "Quinze ans de réadaptation.",
        "disponibilite": "Les mardis",
        "a_distance": "on",
        "nouveaux": "",
        **champs,
    }


def test_visiter_ma_fiche_nen_cree_pas(distribution, client_de):
    page = texte_de(client_de(distribution.mentor).get(MA_FICHE))
    for sorte in SorteExpert.labels:
        assert sorte in page
    assert not FicheExpert.objects.exists()


def test_commencer_ma_fiche_deux_fois_nen_ouvre_quune(distribution, client_de):
    client = client_de(distribution.mentor)
    premiere, seconde = client.post(MA_FICHE), client.post(MA_FICHE)
    fiche = FicheExpert.objects.get(personne=distribution.mentor)
    assert premiere.url == seconde.url == adresse("fiche_modifier", fiche)
    assert client.get(MA_FICHE).url == adresse("fiche_modifier", fiche)


def test_ma_fiche_inscrite_souvre_en_lecture(distribution, client_de):
    fiche = scenes.fiche_inscrite(distribution)
    assert client_de(distribution.mentor).get(MA_FICHE).url == adresse("fiche", fiche)


@pytest.mark.exigence("R-170")
def test_lexpert_ecrit_son_expertise_et_ses_sujets(distribution, client_de):
    connu, _ = scenes.les_sujets(distribution)[:2]
    fiche = bottin.ouvrir_fiche(par=distribution.mentor)
    saisie = _saisie(sujets=[connu.pk], nouveaux="Contractures, HEMINEGLIGENCE ; contractures,  Aide à la marche ,, —")
    assert client_de(distribution.mentor).post(adresse("fiche_modifier", fiche), saisie).url == adresse("fiche", fiche)
    fiche.refresh_from_db()
    assert (fiche.sorte, fiche.expertise, fiche.accepte_groupes) == ("pair", "Positionnement", False)
    assert sorted(map(str, fiche.sujets.all())) == ["Aide à la marche", "Contractures", "Héminégligence"]
    assert set(SujetConsultation.objects.filter(a_classer=True).values_list("libelle", flat=True)) == {
        "Aide à la marche",
        "Contractures",
    }


def test_enregistrer_et_soumettre_mene_a_la_page_du_verbe(distribution, client_de):
    fiche = bottin.ouvrir_fiche(par=distribution.mentor)
    reponse = client_de(distribution.mentor).post(adresse("fiche_modifier", fiche), _saisie(suite="oui"))
    assert reponse.url == adresse("fiche_soumettre", fiche)


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"sorte": "devin"}, "Choisissez un des titres proposés."),
        ({"expertise": "x" * 201}, "en au plus 200 caractères"),
        ({"presentation": "x" * 4001}, "dépasse 4 000 caractères"),
        ({"disponibilite": "x" * 201}, "en au plus 200 caractères"),
        ({"sujets": ["999999"]}, "n’est plus à la liste"),
        ({"sujets": ["abc"]}, "n’est plus à la liste"),
        ({"nouveaux": "x" * 121}, "est trop long"),
        ({"nouveaux": ",".join(f"sujet {rang}" for rang in range(11))}, "Ajoutez au plus 10 sujets"),
        ({"presentation": "J’ai suivi Mme Ginette Bourdages, née le 1951-03-02."}, "semble contenir"),
    ],
)
def test_une_mauvaise_saisie_se_dit_et_rien_nest_perdu(distribution, client_de, champs, phrase):
    fiche = bottin.ouvrir_fiche(par=distribution.mentor)
    with rien_decrit():
        reponse = client_de(distribution.mentor).post(adresse("fiche_modifier", fiche), _saisie(**champs))
    assert reponse.status_code == 200
    assert phrase in texte_de(reponse)
    assert "Rien de ce que vous avez écrit n’est perdu." in texte_de(reponse)


def test_une_presentation_relue_senregistre(distribution, client_de):
    fiche = bottin.ouvrir_fiche(par=distribution.mentor)
    client = client_de(distribution.mentor)
    texte = "J’ai formé avec Mme Ginette Bourdages."
    page = client.post(adresse("fiche_modifier", fiche), _saisie(presentation=texte))
    relu = page.context["form"].fields["relu"].widget.attrs["value"]
    assert client.post(adresse("fiche_modifier", fiche), _saisie(presentation=texte, relu=relu)).status_code == 302
    fiche.refresh_from_db()
    assert fiche.presentation == texte


def test_un_sujet_retire_de_la_liste_reste_a_qui_le_porte(distribution, client_de):
    fiche = scenes.fiche_inscrite(distribution)
    porte = fiche.sujets.first()
    porte.retire = True
    porte.save(update_fields=["retire"])
    page = client_de(distribution.mentor).get(adresse("fiche_modifier", fiche))
    assert str(porte) in texte_de(page)
    assert str(porte) not in texte_de(client_de(distribution.collegue).post(MA_FICHE, follow=True))


@pytest.mark.exigence("R-170")
def test_une_fiche_inscrite_ne_perd_ni_son_titre_ni_son_expertise(distribution, client_de):
    fiche = scenes.fiche_inscrite(distribution)
    saisie = _saisie(expertise="", presentation="Changée")
    with rien_decrit():
        reponse = client_de(distribution.mentor).post(adresse("fiche_modifier", fiche), saisie)
    assert reponse.status_code == 409
    assert "Nommez votre expertise" in texte_de(reponse)
    assert champs_de(reponse)["presentation"] == "Changée"


def test_une_candidature_a_letude_ne_se_modifie_pas(distribution, client_de):
    fiche = scenes.fiche_soumise(distribution)
    client = client_de(distribution.mentor)
    assert client.get(adresse("fiche_modifier", fiche)).url == adresse("fiche", fiche)
    with rien_decrit():
        reponse = client.post(adresse("fiche_modifier", fiche), _saisie(presentation="Trop tard"))
    assert reponse.status_code == 409
    assert "Votre candidature est à l’étude" in texte_de(reponse)


def test_une_fiche_retiree_se_reprend_avant_de_se_modifier(distribution):
    fiche = scenes.fiche_inscrite(distribution)
    bottin.retirer_du_bottin(fiche, par=distribution.mentor)
    with pytest.raises(ErreurMetier, match="reprenez-la d’abord"):
        bottin.ecrire_fiche(fiche, par=distribution.mentor, presentation="Encore")


@pytest.mark.parametrize("nom", ["gestionnaire_mentor", "dsm", "appr", "collegue", "superutilisateur"])
def test_personne_dautre_necrit_ma_fiche(distribution, client_de, nom):
    fiche = scenes.fiche_inscrite(distribution)
    with rien_decrit():
        reponse = client_de(distribution[nom]).post(adresse("fiche_modifier", fiche), _saisie(presentation="Forcée"))
    assert reponse.status_code == 403


@pytest.mark.exigence("R-172")
def test_chacun_lit_la_presentation_mais_pas_la_candidature(distribution, client_de):
    fiche = scenes.fiche_inscrite(distribution)
    for nom in ("mentor", "gestionnaire_mentor", "dsm", "appr"):
        page = texte_de(client_de(distribution[nom]).get(adresse("fiche", fiche)))
        assert "Quinze ans de réadaptation physique" in page, nom
        assert "Appuyé par" in page, nom
        assert "Ce qui s’est passé" in page, nom
    for nom in ("mentore", "collegue", "autre_gestionnaire", "superutilisateur"):
        page = texte_de(client_de(distribution[nom]).get(adresse("fiche", fiche)))
        assert "Quinze ans de réadaptation physique" in page, nom
        assert "Héminégligence" in page, nom
        assert "Appuyé par" not in page, nom
        assert "Ce qui s’est passé" not in page, nom


@pytest.mark.exigence("R-176", "R-172")
def test_la_fiche_montre_les_plages_libres_sans_leur_lien(distribution, client_de):
    plage = scenes.plage_libre(distribution)
    client = client_de(distribution.collegue)
    page = texte_de(client.get(adresse("fiche", plage.fiche)))
    assert "13 h 00" in page
    assert "45 min, en ligne" in page
    assert "teams.exemple" not in page
    scenes.demande_chez_expert(distribution, plage=plage)
    page = texte_de(client.get(adresse("fiche", plage.fiche)))
    assert "13 h 00" not in page
    assert "Aucune plage affichée" in page


def test_la_fiche_offre_de_confier_la_consultation_qui_attend_un_expert(distribution, client_de):
    demande = scenes.demande_autorisee(distribution)
    fiche = scenes.fiche_inscrite(distribution)
    lien = f"{reverse('consultation:demande_choisir_expert', args=[demande.uuid])}?expert={fiche.uuid}"
    client = client_de(distribution.mentore)
    assert lien in client.get(adresse("fiche", fiche)).text
    assert champs_de(client.get(lien))["choix"] == f"expert:{fiche.uuid}"
    # Personne d’autre n’y lit qu’une consultation attend.
    assert demande.numero not in client_de(distribution.collegue).get(adresse("fiche", fiche)).text


def test_une_fiche_en_redaction_nest_qua_son_auteur(distribution, client_de):
    fiche = scenes.fiche_en_redaction(distribution)
    for nom in ("gestionnaire_mentor", "dsm", "appr", "mentore", "superutilisateur"):
        assert client_de(distribution[nom]).get(adresse("fiche", fiche)).status_code == 404, nom


def test_une_fiche_inconnue_est_introuvable(distribution, client_de):
    client = client_de(distribution.dsm)
    for nom in ("fiche", "fiche_modifier", "fiche_inscrire", "fiche_plages"):
        assert client.get(reverse(f"consultation:{nom}", args=[uuid.uuid4()])).status_code == 404


def test_la_fiche_en_pause_dit_le_retour_et_ne_se_choisit_plus(distribution, client_de):
    fiche = scenes.fiche_inscrite(distribution)
    scenes.demande_autorisee(distribution)
    bottin.mettre_en_pause(fiche, par=distribution.mentor)
    assert fiche.etat == EtatFicheExpert.EN_PAUSE
    page = texte_de(client_de(distribution.mentore).get(adresse("fiche", fiche)))
    assert "Lui confier une consultation" not in page
