"""Écrire la demande au comité : l’annexe 11 reconstituée, un code, rien qui nomme, rien de perdu (R-213, R-220, R-227)."""

import datetime

import pytest
from django.urls import reverse

from concertation.actions import situations
from concertation.models import Recit, SituationComplexe
from encadrement.personnes.models import Direction
from encadrement.socle import coffre
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local
from tests.concertation import scenes
from tests.concertation.gestes import (
    ACCUEIL,
    LISTE,
    adresse,
    champs_de,
    courriels,
    lectures,
    recit,
    relire,
    rien_decrit,
    texte_de,
)
from tests.consultation import scenes as consultations

pytestmark = pytest.mark.django_db
OUVRIR = reverse("concertation:situation_ouvrir")
NAM = "TREM 5501 0112"


@pytest.fixture
def demandeur(distribution, client_de):
    return client_de(distribution.mentore)


@pytest.fixture
def situation(distribution):
    return scenes.situation_en_redaction(distribution)


def saisie(situation, **champs):
    """Rend ce que la page enverrait sans JavaScript et sans témoins, les champs donnés mis à part."""
    directions = {f"direction-{direction.pk}": "on" for direction in situation.directions.all()}
    return {
        **{champ: texte for champ, texte in recit(situation).items() if champ not in ("plan", "discussion")},
        "adulte": "on",
        "impasse": "les_deux",
        "informee_le": jour_local().isoformat(),
        "informee_comment": "verbalement",
        "discutee_le": jour_local().isoformat(),
        **directions,
        **champs,
    }


# — Ouvrir


def test_deux_clics_nouvrent_quune_situation_et_elle_a_sa_cle(distribution, demandeur):
    premiere, seconde = demandeur.post(OUVRIR), demandeur.post(OUVRIR)
    situation = SituationComplexe.objects.get()
    assert premiere.url == seconde.url == adresse("situation_modifier", situation)
    assert situation.numero == f"CC-{jour_local().year}-01"
    assert coffre.a_une_cle(situation.uuid)
    assert demandeur.get(OUVRIR).status_code == 405


@pytest.mark.exigence("R-227", "R-228")
def test_laccueil_dit_le_dernier_jour_pour_deposer_a_la_prochaine_rencontre(distribution, demandeur):
    rencontre = scenes.rencontre_planifiee(distribution)
    page = texte_de(demandeur.get(ACCUEIL))
    assert "Présenter une situation" in page
    assert "Dernier jour pour déposer" in page
    assert rencontre.get_absolute_url() in page


def test_le_code_se_montre_et_la_page_dit_de_necrire_ni_nom_ni_initiales(demandeur, situation):
    page = texte_de(demandeur.get(adresse("situation_modifier", situation)))
    assert situation.numero in page
    assert "N’écrivez ni nom, ni initiales" in page


# — Écrire


@pytest.mark.exigence("R-220", "R-232", "R-256")
def test_le_formulaire_de_lannexe_11_senregistre_en_entier_au_coffre(distribution, demandeur, situation):
    envoi = saisie(
        situation, question="Qui sera le pivot?", recherches="Deux PSI.", partenaires="SMD", disponibilites="Mardi"
    )
    assert demandeur.post(adresse("situation_modifier", situation), envoi).url == adresse("situation", situation)
    garde = recit(situation)
    assert (garde["question"], garde["recherches"]) == ("Qui sera le pivot?", "Deux PSI.")
    assert (garde["partenaires"], garde["disponibilites"]) == ("SMD", "Mardi")
    assert "Qui sera le pivot?" not in Recit.objects.get().chiffre
    page = texte_de(demandeur.get(adresse("situation", situation)))
    for dit in ("Qui sera le pivot?", "Deux PSI.", "clinique et d’organisation de services", "verbalement"):
        assert dit in page


def test_incomplet_un_brouillon_senregistre(distribution, demandeur):
    situation = scenes.situation_ouverte(distribution)
    reponse = demandeur.post(adresse("situation_modifier", situation), {"question": "Quoi?"})
    assert reponse.url == adresse("situation", situation)
    assert recit(situation)["question"] == "Quoi?"
    assert not Recit.objects.get().complet


def test_chaque_direction_est_une_case_cochee_ou_decochee(distribution, demandeur, situation):
    autre = Direction.objects.exclude(pk__in=situation.directions.all()).first()
    retiree = situation.directions.first()
    envoi = saisie(situation, **{f"direction-{autre.pk}": "on"})
    del envoi[f"direction-{retiree.pk}"]
    lus = champs_de(demandeur.get(adresse("situation_modifier", situation)))
    temoins = {nom: valeur for nom, valeur in lus.items() if nom.startswith("temoin-")}
    demandeur.post(adresse("situation_modifier", situation), {**envoi, **temoins})
    noms = set(relire(situation).directions.all())
    assert autre in noms
    assert retiree not in noms


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"contexte": "é" * 4001}, "Ce texte dépasse 4000 caractères"),
        ({"precision_impasse": "é" * 2001}, "Ce texte dépasse 2000 caractères"),
        ({"impasse": "autre"}, "Choisissez d’où vient l’impasse."),
        ({"informee_comment": "par signes"}, "Choisissez comment la personne a été informée."),
        ({"informee_le": "31/02/2026"}, "n’existe pas"),
        ({"discutee_le": "0001-01-01"}, "Vérifiez l’année"),
    ],
)
def test_une_saisie_fautive_est_expliquee_et_le_reste_est_garde(demandeur, situation, champs, phrase):
    reponse = demandeur.post(adresse("situation_modifier", situation), saisie(situation, question="Neuve?", **champs))
    assert reponse.status_code == 200
    assert phrase in texte_de(reponse)
    assert recit(situation)["question"] == "Neuve?"
    (champ,) = champs
    if champ not in ("impasse", "informee_comment"):
        assert champs_de(reponse)[champ] == champs[champ]


@pytest.mark.parametrize("champ", ["informee_le", "discutee_le"])
def test_un_jour_a_venir_est_refuse(demandeur, situation, champ):
    demain = (jour_local() + datetime.timedelta(days=1)).isoformat()
    reponse = demandeur.post(adresse("situation_modifier", situation), saisie(situation, **{champ: demain}))
    assert "pas encore" in texte_de(reponse)
    assert getattr(relire(situation), champ) == jour_local()


HOSTILES = [
    "\x00",
    "\u202egauche",
    "😀" * 50,
    "<script>alert(1)</script>",
    "{7*7}",
    "%s%n",
    "a" * 3900,
    "'; DROP TABLE--",
]


@pytest.mark.parametrize("texte", HOSTILES)
def test_un_texte_hostile_se_garde_et_se_relit_sans_rien_casser(demandeur, situation, texte):
    envoi = saisie(
        situation, contexte=f"Contexte {texte}", **{"direction-999999": "on", "etat": "fermee", "numero": "X"}
    )
    assert demandeur.post(adresse("situation_modifier", situation), envoi).status_code == 302
    relue = relire(situation)
    assert (relue.etat, relue.numero) == ("brouillon", situation.numero)
    assert demandeur.get(adresse("situation", situation)).status_code == 200
    assert recit(situation)["contexte"].startswith("Contexte")


# — Relire avant d’enregistrer


NOMMANTS = (
    "Mme Tremblay refuse.",
    "J. T. refuse l’aide.",
    NAM,
    "dossier 123456",
    "née le 3 mars 1970",
    "usager B. dit non",
)


@pytest.mark.exigence("R-220")
@pytest.mark.parametrize("texte", NOMMANTS)
def test_un_nom_des_initiales_ou_un_numero_avertissent_avant_detre_gardes(demandeur, situation, texte):
    avant = recit(situation)["contexte"]
    reponse = demandeur.post(adresse("situation_modifier", situation), saisie(situation, contexte=texte))
    assert "Ce texte semble contenir" in texte_de(reponse)
    assert recit(situation)["contexte"] == avant
    assert champs_de(reponse)["contexte"] == texte


@pytest.mark.parametrize(
    "champ", ["question", "recherches", "attentes", "partenaires", "disponibilites", "precision_impasse", "precision_information"]
)  # fmt: skip
def test_chaque_texte_est_relu(demandeur, situation, champ):
    reponse = demandeur.post(adresse("situation_modifier", situation), saisie(situation, **{champ: "Mme Tremblay"}))
    assert champ in reponse.context["form"].errors


def test_relu_le_texte_senregistre(demandeur, situation):
    envoi = saisie(situation, contexte="Joindre au 418 555-1234")
    page = demandeur.post(adresse("situation_modifier", situation), envoi)
    relu = page.context["form"].fields["relu"].widget.attrs["value"]
    assert demandeur.post(adresse("situation_modifier", situation), {**envoi, "relu": relu}).status_code == 302
    assert recit(situation)["contexte"] == "Joindre au 418 555-1234"


# — Le brouillon enregistré à mesure


def _lus(client, situation):
    return champs_de(client.get(adresse("situation_modifier", situation)))


def test_le_brouillon_senregistre_a_mesure_meme_incomplet(demandeur, situation):
    envoi = {**_lus(demandeur, situation), "recherches": "", "question": "En cours d’éc"}
    reponse = demandeur.post(adresse("situation_brouillon", situation), envoi)
    assert reponse.json()["enregistre_le"]
    assert reponse.headers["Cache-Control"] == "no-store"
    assert (recit(situation)["question"], recit(situation)["recherches"]) == ("En cours d’éc", "")


def test_deux_onglets_ne_secrasent_pas_et_le_conflit_montre_se_consigne(distribution, demandeur, situation):
    premier, second = _lus(demandeur, situation), _lus(demandeur, situation)
    demandeur.post(adresse("situation_brouillon", situation), {**premier, "question": "Du premier?"})
    avant = len(lectures(situation))
    autre = demandeur.post(adresse("situation_brouillon", situation), {**second, "contexte": "Du second."})
    assert autre.status_code == 200
    assert (recit(situation)["question"], recit(situation)["contexte"]) == ("Du premier?", "Du second.")
    # La réponse porte le texte de l’autre onglet : c’est une lecture.
    assert [lu[2] for lu in lectures(situation)[avant:]] == [["question"]]
    conflit = demandeur.post(adresse("situation_brouillon", situation), {**second, "question": "Du second?"})
    assert conflit.status_code == 409
    page = demandeur.post(adresse("situation_modifier", situation), {**second, "question": "Du second?"})
    assert page.status_code == 409
    assert "Du premier?" in texte_de(page)
    assert champs_de(page)["question"] == "Du second?"


def test_une_direction_cochee_dans_un_onglet_survit_a_lautre(demandeur, situation):
    autre = Direction.objects.exclude(pk__in=situation.directions.all()).first()
    premier, second = _lus(demandeur, situation), _lus(demandeur, situation)
    demandeur.post(adresse("situation_brouillon", situation), {**premier, f"direction-{autre.pk}": "on"})
    demandeur.post(adresse("situation_brouillon", situation), {**second, "contexte": "Autre."})
    assert autre in relire(situation).directions.all()


def test_enregistrer_a_mesure_ne_consigne_aucune_lecture(demandeur, situation):
    lus = _lus(demandeur, situation)
    avant = len(lectures(situation))
    demandeur.post(adresse("situation_brouillon", situation), {**lus, "question": "Neuve?"})
    assert len(lectures(situation)) == avant
    # Le second envoi vient d’une page dépassée : elle se remontre, une fois.
    demandeur.post(adresse("situation_modifier", situation), {**lus, "question": "Neuve encore?"})
    assert len(lectures(situation)) == avant + 1


def test_ouvrir_la_page_se_consigne_une_fois(distribution, demandeur, situation):
    avant = len(lectures(situation))
    demandeur.get(adresse("situation_modifier", situation))
    (lu,) = lectures(situation)[avant:]
    assert lu == (distribution.mentore, "rédaction", list(situations.CHAMPS_DU_RECIT))


def test_presentee_la_demande_ne_secrit_plus(distribution, demandeur):
    situation = scenes.situation_a_attester(distribution)
    assert demandeur.get(adresse("situation_modifier", situation)).url == adresse("situation", situation)
    with rien_decrit():
        page = demandeur.post(adresse("situation_modifier", situation), saisie(situation, question="Autre?"))
        brouillon = demandeur.post(adresse("situation_brouillon", situation), saisie(situation, question="Autre?"))
    assert page.status_code == 409
    assert champs_de(page)["question"] == "Autre?"
    assert "Cette demande est déposée" in brouillon.json()["message"]


@pytest.mark.parametrize("nom", ["gestionnaire", "delegue", "coordonnatrice", "dsm", "collegue", "superutilisateur"])
def test_en_redaction_elle_nest_qua_son_auteur(distribution, client_de, situation, nom):
    client = client_de(distribution[nom])
    for page in ("situation", "situation_modifier", "situation_soumettre"):
        assert client.get(adresse(page, situation)).status_code == 404
    assert client.post(adresse("situation_brouillon", situation), saisie(situation)).status_code == 404
    assert situation.numero not in texte_de(client.get(LISTE))


# — Présenter


@pytest.mark.exigence("R-227", "R-257")
def test_relue_la_demande_part_chez_le_gestionnaire(distribution, demandeur, situation):
    envoi = saisie(situation, geste="soumettre")
    suite = demandeur.post(adresse("situation_modifier", situation), envoi)
    assert suite.url == adresse("situation_soumettre", situation)
    assert scenes.RECIT["question"] in texte_de(demandeur.get(suite.url))
    assert demandeur.post(suite.url).url == adresse("situation", situation)
    assert relire(situation).etat == "a_attester"
    assert set(courriels("situation_a_attester")) == {distribution.gestionnaire.prenom, distribution.delegue.prenom}


MANQUES = [
    ("R-213", {"adulte": False}, "Attestez que la personne a 18 ans ou plus"),
    ("R-212", {"impasse": ""}, "Dites de quoi vient l’impasse"),
    ("R-215", {"recherches": " "}, "Décrivez la situation, les démarches déjà faites"),
    ("R-214", {"directions": []}, "Nommez au moins une direction concernée"),
    ("R-227", {"informee_le": None}, "Dites quand et comment la personne a été informée"),
    ("R-227", {"informee_comment": ""}, "Dites quand et comment la personne a été informée"),
    ("R-227", {"discutee_le": None}, "Donnez le jour où vous en avez parlé avec votre gestionnaire"),
]


@pytest.mark.exigence("R-213", "R-215", "R-220", "R-227", "R-257")
@pytest.mark.parametrize(("numero", "manque", "phrase"), MANQUES)
def test_ce_qui_manque_retient_la_demande_avec_le_renvoi_au_cadre(
    distribution, demandeur, situation, numero, manque, phrase
):
    situations.ecrire_situation(situation, par=distribution.mentore, **manque)
    with rien_decrit():
        reponse = demandeur.post(adresse("situation_soumettre", situation))
    assert reponse.status_code == 409
    assert phrase in texte_de(reponse)
    assert reverse("cadre:exigence", args=[numero]) in texte_de(reponse)


def test_ce_qui_semble_nommer_quelquun_se_montre_avant_de_presenter(distribution, demandeur, situation):
    situations.ecrire_situation(situation, par=distribution.mentore, contexte="J. T. refuse l’aide.")
    page = demandeur.get(adresse("situation_soumettre", situation))
    assert "Relisez avant de présenter" in texte_de(page)
    with rien_decrit():
        assert demandeur.post(adresse("situation_soumettre", situation)).status_code == 200
    relu = page.context["form"].fields["relu"].widget.attrs["value"]
    assert demandeur.post(adresse("situation_soumettre", situation), {"relu": relu}).status_code == 302


def test_un_texte_glisse_dans_lenvoi_ne_compte_pas(demandeur, situation):
    demandeur.post(adresse("situation_soumettre", situation), {"question": "Glissée?"})
    assert recit(situation)["question"] == scenes.RECIT["question"]


def test_sans_gestionnaire_connu_la_page_dit_a_qui_sadresser(distribution, demandeur, situation):
    distribution.mentore.superieur = None
    distribution.mentore.save(update_fields=["superieur"])
    reponse = demandeur.post(adresse("situation_soumettre", situation))
    assert reponse.status_code == 409
    assert "Aucun gestionnaire n’est connu pour vous" in texte_de(reponse)


# — Retirer


@pytest.mark.parametrize(
    "scene", ["situation_en_redaction", "situation_a_attester", "situation_transmise", "situation_recevable"]
)
def test_lintervenant_retire_sa_demande_et_personne_dautre_ne_la_lit_plus(distribution, client_de, demandeur, scene):
    situation = getattr(scenes, scene)(distribution)
    assert demandeur.post(adresse("situation_retirer", situation)).status_code == 302
    assert relire(situation).etat == "retiree"
    assert relire(situation).detruire_le is not None
    for nom in ("gestionnaire", "coordonnatrice"):
        reponse = client_de(distribution[nom]).get(adresse("situation", situation))
        if scene == "situation_en_redaction":
            assert reponse.status_code == 404
        else:
            assert scenes.RECIT["question"] not in texte_de(reponse)
    assert courriels("situation_retiree") == (
        [] if scene == "situation_en_redaction" else [distribution.coordonnatrice.prenom]
    )


@pytest.mark.parametrize("scene", ["situation_inscrite", "situation_en_suivi", "situation_fermee", "situation_retiree"])
def test_trop_tard_elle_ne_se_retire_plus(distribution, demandeur, scene):
    situation = getattr(scenes, scene)(distribution)
    with rien_decrit():
        assert demandeur.post(adresse("situation_retirer", situation)).status_code == 409


# — Née d’une consultation confiée au comité


@pytest.mark.exigence("R-220")
def test_la_demande_nee_dune_consultation_se_poursuit_sans_rien_ressaisir(distribution, client_de, demandeur):
    cas = consultations.cas_en_redaction(distribution)
    page = texte_de(demandeur.get(cas.get_absolute_url()))
    reprendre = adresse("situation_reprendre", cas)
    assert f'action="{reprendre}"' in page
    ecrit = dict(cas.reponses)
    suite = demandeur.post(reprendre)
    situation = SituationComplexe.objects.get()
    assert suite.url == adresse("situation_modifier", situation)
    lus = champs_de(demandeur.get(suite.url))
    for champ, texte in ecrit.items():
        assert lus[champ] == texte
    assert lus["discutee_le"] == cas.discutee_le.isoformat()
    cas.refresh_from_db()
    assert cas.etat == "close"
    assert not any(cas.reponses.values())
    assert demandeur.post(reprendre).url == suite.url
    assert SituationComplexe.objects.count() == 1


@pytest.mark.parametrize("nom", ["appr", "gestionnaire", "coordonnatrice", "collegue"])
def test_le_demandeur_seul_la_poursuit(distribution, client_de, nom):
    cas = consultations.cas_en_redaction(distribution)
    with rien_decrit():
        assert client_de(distribution[nom]).post(adresse("situation_reprendre", cas)).status_code == 404


def test_tout_ou_rien_si_la_situation_ne_peut_souvrir(distribution, monkeypatch):
    cas = consultations.cas_en_redaction(distribution)

    def en_panne(*_):
        raise OSError("disque plein")

    monkeypatch.setattr(coffre, "creer_cle", en_panne)
    with rien_decrit(), pytest.raises(OSError, match="disque plein"):
        situations.reprendre_demande_service(cas, par=distribution.mentore)


def test_un_soutien_ne_se_poursuit_pas_au_comite(distribution, demandeur):
    soutien = consultations.soutien_en_redaction(distribution)
    with rien_decrit(), pytest.raises(ErreurMetier):
        situations.reprendre_demande_service(soutien, par=distribution.mentore)
    assert demandeur.post(adresse("situation_reprendre", soutien)).status_code == 404
