"""Les situations à l’accueil, à la recherche et dans « Mes données » : un code à qui le voit, et rien de plus."""

import datetime
import json

import pytest
from django.urls import reverse

from concertation.actions import exclusions
from concertation.models import DeclarationInteret, Exclusion
from concertation.rappels import dossiers
from encadrement.personnes.models import Personne
from encadrement.socle.temps import jour_local
from tests.concertation import scenes

pytestmark = pytest.mark.django_db


def relire(personne):
    return Personne.objects.get(pk=personne.pk)


@pytest.mark.parametrize(
    ("nom", "titre"),
    [
        ("mentore", "l’intervenant responsable"),
        ("gestionnaire", "le gestionnaire"),
        ("delegue", "le gestionnaire"),
        ("coordonnatrice", "le coordonnateur du comité"),
        ("autre_gestionnaire", "une personne conviée"),
        ("animatrice", "une personne conviée"),
        ("dsm", None),
        ("appr", None),
        ("directrice", None),
        ("secretaire", None),
        ("superutilisateur", None),
    ],
)
def test_les_situations_sont_a_l_accueil_a_mon_titre(distribution, client_de, nom, titre):
    situation = scenes.situation_convoquee(distribution)
    page = client_de(distribution[nom]).get(reverse("accueil:a_faire"))
    miens = [(d.nom, d.titre) for d in page.context["dossiers"] if d.url == situation.get_absolute_url()]
    assert miens == ([(f"Situation {situation.numero}", titre)] if titre else [])


def test_la_rencontre_convoquee_est_a_l_accueil_de_ses_convies(distribution):
    d = distribution
    rencontre = scenes.rencontre_convoquee(d)
    for nom, y_est in (("autre_gestionnaire", True), ("animatrice", True), ("mentore", True), ("secretaire", False)):
        noms = [dossier.nom for dossier in dossiers.dossiers(relire(d[nom]))]
        assert (str(rencontre) in noms) is y_est, nom


def test_un_acces_exceptionnel_se_lit_comme_tel(distribution):
    d = distribution
    demande = scenes.exception_demandee(d)
    assert dossiers.dossiers(relire(d.dsm)) == []
    exclusions.approuver_exception(demande, par=d.prp)
    assert [dossier.titre for dossier in dossiers.dossiers(relire(d.dsm))] == ["accès exceptionnel"]


@pytest.mark.exigence("R-240", "R-244")
def test_lorientation_est_un_dossier_de_son_responsable_et_de_sa_direction(distribution):
    d = distribution
    situation = scenes.orientations_ecrites(d)
    sienne = situation.orientations.get(responsable=d.delegue)
    assert str(sienne) not in [dossier.nom for dossier in dossiers.dossiers(relire(d.delegue))]
    scenes.plans.etablir_plan(situation, par=d.coordonnatrice)
    for nom, titre in (("delegue", "la personne responsable"), ("directrice", "le directeur de la direction visée")):
        titres = {dossier.nom: dossier.titre for dossier in dossiers.dossiers(relire(d[nom]))}
        assert titres[str(sienne)] == titre


def test_une_situation_finie_quitte_l_accueil(distribution):
    d = distribution
    scenes.situation_fermee(d)
    for nom in ("mentore", "gestionnaire", "coordonnatrice", "autre_gestionnaire", "delegue"):
        assert dossiers.dossiers(relire(d[nom])) == [], nom


def _trouves(client, texte):
    return [
        dossier.nom for dossier in client.get(reverse("accueil:recherche"), {"q": texte}).context["resultat"].dossiers
    ]


def test_une_situation_se_trouve_par_son_code_par_qui_la_voit(distribution, client_de):
    d = distribution
    situation = scenes.situation_convoquee(d)
    nom = f"Situation {situation.numero}"
    for texte in (situation.numero, situation.numero.lower(), f" {situation.numero} "):
        for voit in ("mentore", "gestionnaire", "delegue", "coordonnatrice", "autre_gestionnaire", "animatrice"):
            assert nom in _trouves(client_de(d[voit]), texte), (voit, texte)
        for autre in ("secretaire", "appr", "dsm", "prp", "superutilisateur", "directrice"):
            assert nom not in _trouves(client_de(d[autre]), texte), (autre, texte)


def test_rien_d_autre_d_une_situation_ne_se_cherche(distribution, client_de):
    """Ni un nom, ni un mot du récit, d’une orientation ou d’un invité de l’extérieur."""
    d = distribution
    situation = scenes.situation_en_suivi(d)
    for texte in ("st-onge", "intervenant pivot", "diabète", "répit", "Sûreté municipale", "hébergement"):
        for nom in ("mentore", "coordonnatrice", "autre_gestionnaire"):
            assert f"Situation {situation.numero}" not in _trouves(client_de(d[nom]), texte), (nom, texte)


# --- Qui est exclu ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("comment", ["personne", "service", "direction"])
@pytest.mark.parametrize("nom", ["gestionnaire", "coordonnatrice", "autre_gestionnaire", "collegue", "animatrice"])
def test_qui_est_exclu_ne_la_trouve_nulle_part(distribution, client_de, nom, comment):
    d = distribution
    situation = scenes.situation_en_suivi(d)
    scenes.lu(situation, relire(d[nom]))
    personne = relire(d[nom])
    assert _partout(client_de(personne), situation)
    champs = {"personne": personne, "service": personne.service, "direction": personne.service.direction}
    Exclusion.objects.create(situation=situation, posee_par=d.mentore, **{comment: champs[comment]})
    assert _partout(client_de(relire(personne)), situation) == []


def _partout(client, situation):
    """Rend où le code de la situation se lit : l’accueil, la recherche, les données."""
    lus = {
        "accueil": client.get(reverse("accueil:a_faire")).text,
        "recherche": " ".join(_trouves(client, situation.numero)),
        "données": client.get(reverse("accueil:mes_donnees"), {"format": "json"}).getvalue().decode(),
    }
    return [ou for ou, texte in lus.items() if situation.numero in texte]


# --- « Mes données » --------------------------------------------------------------------------------------------------


def _rubriques(client):
    page = client.get(reverse("accueil:mes_donnees"), {"format": "json"})
    rubriques = json.loads(page.getvalue())["rubriques"]
    return {nom.removeprefix("concertation_"): lignes for nom, lignes in rubriques.items() if "concertation_" in nom}


def test_mes_donnees_disent_des_codes_et_des_etats_jamais_ce_qui_s_ecrit(distribution, client_de):
    d = distribution
    situation = scenes.situation_en_suivi(d)
    scenes.lu(situation, d.autre_gestionnaire)
    scenes.impasse_ouverte(d)
    miennes = _rubriques(client_de(d.mentore))
    assert [(s["code"], s["etat"]) for s in miennes["situations"]] == [(situation.numero, "orientations en suivi")]
    siennes = _rubriques(client_de(d.autre_gestionnaire))
    assert [ligne["code"] for ligne in siennes["participations"]] == [situation.numero]
    assert [(o["code"], o["rang"]) for o in siennes["orientations"]] == [(situation.numero, 1)]
    assert [ligne["en_conflit"] for ligne in siennes["declarations"]] == [False]
    assert len(siennes["nominations"]) == len(siennes["impasses"]) == 1
    tout = json.dumps([miennes, siennes], ensure_ascii=False)
    ecrits = [*scenes.RECIT.values(), *(texte for texte, _ in scenes.ORIENTATIONS)]
    assert [texte for texte in ecrits if texte in tout] == []
    assert not any(_rubriques(client_de(d.secretaire)).values())


def test_convier_ne_se_lit_pas_avant_la_convocation(distribution, client_de):
    """Ni une orientation encore en brouillon, tant que le plan n’est pas établi."""
    d = distribution
    scenes.situation_inscrite(d)
    assert _rubriques(client_de(d.collegue))["participations"] == []
    scenes.orientations_ecrites(d)
    assert _rubriques(client_de(d.collegue))["orientations"] == []


def test_un_lien_declare_ne_se_relit_plus(distribution, client_de):
    d = distribution
    exclusions.declarer(scenes.situation_convoquee(d), par=d.collegue, en_conflit=True)
    assert DeclarationInteret.objects.filter(personne=d.collegue).exists()
    rubriques = _rubriques(client_de(d.collegue))
    assert rubriques["declarations"] == rubriques["participations"] == []


def test_l_accueil_pose_toujours_les_memes_requetes(distribution, django_assert_max_num_queries):
    d = distribution
    for rang in range(6):
        scenes.situation_transmise(d)
        if rang == 0:
            scenes.situation_en_suivi(d)
    for nom in ("mentore", "gestionnaire", "coordonnatrice", "autre_gestionnaire"):
        personne = relire(d[nom])
        with django_assert_max_num_queries(6):
            dossiers.dossiers(personne)


@pytest.mark.parametrize(
    ("nom", "acteurs"),
    [
        ("coordonnatrice", {"coordonnateur"}),
        ("autre_gestionnaire", {"representant"}),
        ("mentore", {"intervenant"}),
        ("gestionnaire", set()),
        ("dsm", set()),
        ("animatrice", set()),
    ],
)
def test_chacun_est_au_comite_ce_que_ses_dossiers_disent(distribution, nom, acteurs):
    scenes.situation_convoquee(distribution)
    assert dossiers.acteurs(relire(distribution[nom])) == acteurs


def test_un_representant_dont_la_nomination_est_finie_ne_l_est_plus(distribution):
    d = distribution
    nomination = scenes.nomination_acceptee(d)
    assert dossiers.acteurs(relire(nomination.personne)) == {"representant"}
    hier = jour_local() - datetime.timedelta(days=1)
    type(nomination).objects.filter(pk=nomination.pk).update(debut=hier, fin=hier)
    assert dossiers.acteurs(relire(nomination.personne)) == set()
