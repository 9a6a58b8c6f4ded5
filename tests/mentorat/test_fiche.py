"""La fiche de mentor : l’ouvrir, l’écrire, ce que chacun en lit."""

import uuid

import pytest
from django.urls import reverse

from encadrement.socle.erreurs import ErreurMetier
from mentorat.actions import bottin
from mentorat.models import Caracteristique, Competence, EtatFiche, FicheMentor, Qualite
from tests.mentorat import scenes
from tests.mentorat.formulaire import adresse, texte_de

pytestmark = pytest.mark.django_db
MA_FICHE = reverse("mentorat:ma_fiche")


def _saisie(**champs):
    return {
        "motivation": "Transmettre.",
        "experience": "Quinze ans en réadaptation.",
        "disponibilite": "Les mardis",
        "capacite": "2",
        "a_distance": "on",
        "caracteristiques": Caracteristique.values,
        "qualites": Qualite.values,
        "nouvelles": "",
        **champs,
    }


def test_visiter_ma_fiche_nen_cree_pas(distribution, client_de):
    page = texte_de(client_de(distribution.mentor).get(MA_FICHE))
    assert "volontaire, prêt à consacrer du temps" in page
    assert "capacité d’autocritique" in page
    assert not FicheMentor.objects.exists()


def test_commencer_ma_fiche_deux_fois_nen_ouvre_quune(distribution, client_de):
    client = client_de(distribution.mentor)
    premiere, seconde = client.post(MA_FICHE), client.post(MA_FICHE)
    fiche = FicheMentor.objects.get(personne=distribution.mentor)
    assert premiere.url == seconde.url == adresse("fiche_modifier", fiche)
    assert client.get(MA_FICHE).url == adresse("fiche_modifier", fiche)


def test_ma_fiche_inscrite_souvre_en_lecture(distribution, client_de):
    fiche = scenes.fiche_inscrite(distribution)
    assert client_de(distribution.mentor).get(MA_FICHE).url == adresse("fiche", fiche)


@pytest.mark.exigence("R-435", "R-436")
def test_la_mentore_ecrit_son_autoreflexion_et_ses_competences(distribution, client_de):
    connue = Competence.objects.create(libelle="Gériatrie")
    fiche = bottin.ouvrir_fiche(par=distribution.mentor)
    client = client_de(distribution.mentor)
    saisie = _saisie(competences=[connue.pk], nouvelles="OEMC, geriatrie ; oemc,  Aide à la marche ,, —")
    assert client.post(adresse("fiche_modifier", fiche), saisie).url == adresse("fiche", fiche)
    fiche.refresh_from_db()
    assert (fiche.motivation, fiche.capacite, fiche.a_distance) == ("Transmettre.", 2, True)
    assert sorted(map(str, fiche.competences.all())) == ["Aide à la marche", "Gériatrie", "OEMC"]
    assert Competence.objects.count() == 3


def test_enregistrer_et_soumettre_mene_a_la_page_du_verbe(distribution, client_de):
    fiche = bottin.ouvrir_fiche(par=distribution.mentor)
    reponse = client_de(distribution.mentor).post(adresse("fiche_modifier", fiche), _saisie(suite="soumettre"))
    assert reponse.url == adresse("fiche_soumettre", fiche)


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"capacite": "0"}, "Indiquez de 1 à 10 mentorés à la fois."),
        ({"capacite": "99"}, "Indiquez de 1 à 10 mentorés à la fois."),
        ({"capacite": ""}, "Indiquez de 1 à 10 mentorés à la fois."),
        ({"capacite": "deux"}, "Écrivez un nombre entier, de 1 à 10."),
        ({"capacite": "9" * 5000}, "Écrivez un nombre entier, de 1 à 10."),
        ({"qualites": ["ecoute", "omniscience"]}, "Cochez parmi les qualités de l’annexe 5."),
        ({"caracteristiques": ["\x00"]}, "Cochez parmi les caractéristiques de l’annexe 5."),
        ({"competences": ["999999"]}, "Une compétence choisie n’est plus dans la liste"),
        ({"competences": ["abc"]}, "Une compétence choisie n’est plus dans la liste"),
        ({"competences": ["\x00"]}, "caractère nul"),
        ({"nouvelles": "x" * 121}, "nommez chaque compétence en au plus 120 caractères"),
        ({"nouvelles": ",".join(f"c{n}" for n in range(11))}, "Ajoutez au plus 10 compétences à la fois."),
        ({"motivation": "é" * 4001}, "Ce texte dépasse 4 000 caractères"),
    ],
)
def test_une_saisie_fautive_est_expliquee_sans_rien_perdre(distribution, client_de, champs, phrase):
    fiche = bottin.ouvrir_fiche(par=distribution.mentor)
    reponse = client_de(distribution.mentor).post(adresse("fiche_modifier", fiche), _saisie(**champs))
    page = texte_de(reponse)
    assert reponse.status_code == 200
    assert phrase in page
    assert "Quinze ans en réadaptation." in page
    fiche.refresh_from_db()
    assert fiche.experience == ""
    assert not Competence.objects.exists()


def test_les_caracteres_invisibles_sont_retires(distribution, client_de):
    fiche = bottin.ouvrir_fiche(par=distribution.mentor)
    client_de(distribution.mentor).post(
        adresse("fiche_modifier", fiche), _saisie(motivation="\u202eAider\x00", nouvelles="Gér\u200fiatrie\x00")
    )
    fiche.refresh_from_db()
    assert fiche.motivation == "Aider"
    assert str(fiche.competences.get()) == "Gériatrie"


def test_une_fiche_incomplete_senregistre_en_redaction(distribution, client_de):
    fiche = bottin.ouvrir_fiche(par=distribution.mentor)
    client = client_de(distribution.mentor)
    client.post(adresse("fiche_modifier", fiche), {"capacite": "1", "caracteristiques": ["equipe"]})
    fiche.refresh_from_db()
    assert (fiche.capacite, fiche.caracteristiques, fiche.etat) == (1, ["equipe"], EtatFiche.BROUILLON)


@pytest.mark.exigence("R-344", "R-345", "R-346", "R-347", "R-348", "R-349", "R-351")
@pytest.mark.parametrize("retire", ["volontaire", "autocritique"])
def test_une_fiche_inscrite_ne_perd_pas_un_critere(distribution, client_de, retire):
    fiche = scenes.fiche_inscrite(distribution)
    saisie = _saisie(
        motivation="Changée",
        caracteristiques=[code for code in Caracteristique.values if code != retire],
        qualites=[code for code in Qualite.values if code != retire],
    )
    reponse = client_de(distribution.mentor).post(adresse("fiche_modifier", fiche), saisie)
    assert reponse.status_code == 409
    assert "annexe 5" in texte_de(reponse)
    assert "Changée" in texte_de(reponse)
    fiche.refresh_from_db()
    assert fiche.motivation != "Changée"


def test_une_candidature_a_letude_ne_se_modifie_pas(distribution, client_de):
    fiche = scenes.fiche_soumise(distribution)
    client = client_de(distribution.mentor)
    assert client.get(adresse("fiche_modifier", fiche)).url == adresse("fiche", fiche)
    reponse = client.post(adresse("fiche_modifier", fiche), _saisie(motivation="Trop tard"))
    assert reponse.status_code == 409
    assert "Votre candidature est à l’étude" in texte_de(reponse)
    fiche.refresh_from_db()
    assert fiche.motivation != "Trop tard"


def test_une_fiche_retiree_se_reprend_avant_de_se_modifier(distribution):
    fiche = scenes.fiche_inscrite(distribution)
    bottin.retirer_du_bottin(fiche, par=distribution.mentor)
    with pytest.raises(ErreurMetier, match="reprenez-la d’abord"):
        bottin.ecrire_fiche(fiche, par=distribution.mentor, motivation="Encore")


@pytest.mark.parametrize("nom", ["gestionnaire_mentor", "dsm", "appr", "collegue", "superutilisateur"])
def test_personne_dautre_necrit_ma_fiche(distribution, client_de, nom):
    fiche = scenes.fiche_inscrite(distribution)
    reponse = client_de(distribution[nom]).post(adresse("fiche_modifier", fiche), _saisie(motivation="Forcée"))
    assert reponse.status_code == 403
    fiche.refresh_from_db()
    assert fiche.motivation != "Forcée"


@pytest.mark.parametrize("nom", ["gestionnaire_mentor", "dsm", "appr", "mentore", "superutilisateur"])
def test_une_fiche_en_redaction_nest_qua_son_auteur(distribution, client_de, nom):
    fiche = scenes.fiche_en_redaction(distribution)
    assert client_de(distribution[nom]).get(adresse("fiche", fiche)).status_code == 404


def test_lautoreflexion_se_lit_par_qui_traite_la_candidature_seulement(distribution, client_de):
    fiche = scenes.fiche_inscrite(distribution)
    for nom in ("mentor", "gestionnaire_mentor", "dsm", "appr"):
        page = texte_de(client_de(distribution[nom]).get(adresse("fiche", fiche)))
        assert "Transmettre ce que des collègues m’ont appris." in page, nom
        assert "Ce qui s’est passé" in page, nom
    for nom in ("mentore", "collegue", "autre_gestionnaire", "superutilisateur"):
        page = texte_de(client_de(distribution[nom]).get(adresse("fiche", fiche)))
        assert "Guylaine Cyr" in page, nom
        assert "Transmettre ce que" not in page, nom
        assert "Quinze ans en réadaptation" not in page, nom
        assert "Ce qui s’est passé" not in page, nom


def test_une_fiche_inconnue_est_introuvable(distribution, client_de):
    client = client_de(distribution.dsm)
    for nom in ("fiche", "fiche_modifier", "fiche_inscrire"):
        assert client.get(reverse(f"mentorat:{nom}", args=[uuid.uuid4()])).status_code == 404
