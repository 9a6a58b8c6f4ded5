"""Planifier une rencontre ou une série : l’aperçu d’abord, les dates retenues ensuite (R-385, R-466, R-126, R-457)."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from cdp.models import RencontreCdp
from encadrement.rencontres.serie import moment_local
from tests.cdp import scenes
from tests.cdp.traces import rien_decrit
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = pytest.mark.django_db

MERCREDIS = {"jour": "2026-09-16", "repetition": "rang_du_mois", "nombre": "4"}


@pytest.fixture(autouse=True)
def en_septembre(time_machine):
    time_machine.move_to("2026-09-01T08:00:00-04:00", tick=False)


@pytest.fixture
def communaute(distribution):
    return scenes.communaute_active(distribution)


@pytest.fixture
def animatrice(distribution, communaute, client_de):
    return client_de(distribution.animatrice)


@pytest.fixture
def page(communaute):
    return reverse("cdp:rencontre_planifier", args=[communaute.uuid])


def _saisie(**champs):
    base = {
        "jour": "2026-09-16",
        "heure_debut": "13:30",
        "heure_fin": "16:30",
        "repetition": "une_fois",
        "intervalle": "1",
        "dernier_jour": "",
        "nombre": "",
        "mode": "virtuelle",
        "lieu": "",
        "lien": "",
        "objectif_general": "",
        "objectifs_specifiques": "",
    }
    return {**base, "geste": "apercu", **champs}


def _confirmer(client, page, sauf=(), **champs):
    """Demande l’aperçu, puis confirme les dates cochées, sauf celles dites."""
    saisie = _saisie(**champs)
    apercu = client.post(page, saisie).context["apercu"]
    dates = [ligne["cle"] for rang, ligne in enumerate(apercu["lignes"]) if ligne["cochee"] and rang not in sauf]
    return client.post(page, {**saisie, "geste": "confirmer", "vu": apercu["vu"], "dates": dates})


def _jours():
    return [
        timezone.localtime(rencontre.debut).isoformat()[:16] for rencontre in RencontreCdp.objects.order_by("debut")
    ]


# --- Une rencontre --------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-385", "R-393")
def test_lapercu_necrit_rien_puis_la_rencontre_est_planifiee_a_lheure_dici(animatrice, page, communaute):
    with rien_decrit():
        apercu = animatrice.post(page, _saisie())
    assert "Mercredi 16 septembre 2026, de 13 h 30 à 16 h 30" in texte_de(apercu)
    reponse = _confirmer(animatrice, page)
    rencontre = RencontreCdp.objects.get()
    assert reponse.url == reverse("cdp:rencontre_modifier", args=[rencontre.uuid])
    assert rencontre.debut == moment_local(datetime.date(2026, 9, 16), datetime.time(13, 30))
    assert (rencontre.etat, rencontre.minutes, rencontre.serie) == ("planifiee", 180, None)
    assert rencontre.lien == communaute.lien_teams
    assert rencontre.points.count() == 6


@pytest.mark.exigence("R-488")
def test_les_objectifs_de_la_rencontre_sont_en_option(animatrice, page):
    _confirmer(animatrice, page, objectif_general="Harmoniser l’évaluation.", objectifs_specifiques="Un\nDeux")
    rencontre = RencontreCdp.objects.get()
    assert (rencontre.objectif_general, rencontre.objectifs_specifiques) == ("Harmoniser l’évaluation.", "Un\nDeux")


def test_en_personne_le_lien_ne_part_pas_a_lagenda(animatrice, page):
    _confirmer(animatrice, page, mode="presence", lieu="Salle B-204", lien="https://teams.exemple/autre")
    rencontre = RencontreCdp.objects.get()
    assert (rencontre.lieu, rencontre.lien) == ("Salle B-204", "")


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"jour": ""}, "Écrivez la date de la rencontre."),
        ({"jour": "2026-02-31"}, "Cette date n’existe pas"),
        ({"jour": "0001-01-01"}, "Vérifiez l’année"),
        ({"heure_debut": ""}, "Écrivez l’heure de début"),
        ({"heure_debut": "midi"}, "Écrivez une heure comme"),
        ({"heure_fin": "09:00"}, "La rencontre finit le même jour, après son début."),
        ({"heure_fin": "13:30"}, "La rencontre finit le même jour, après son début."),
        ({"jour": "2027-03-14", "heure_debut": "02:15", "heure_fin": "05:00"}, "2 h 15 n’existe pas"),
        ({"jour": "2027-03-14", "heure_debut": "01:00", "heure_fin": "02:30"}, "2 h 30 n’existe pas"),
        ({"jour": "2026-11-01", "heure_debut": "01:30", "heure_fin": "05:00"}, "1 h 30 arrive deux fois"),
        ({"repetition": "toujours"}, "Choisissez si la rencontre se répète."),
        ({"repetition": "semaines"}, "Dites jusqu’à quand dure la série"),
        ({"repetition": "semaines", "nombre": "61"}, "Écrivez un nombre de 1 à 60."),
        ({"repetition": "semaines", "nombre": "4", "intervalle": "0"}, "Écrivez un nombre de 1 à 12."),
        ({"repetition": "semaines", "dernier_jour": "2030-01-01"}, "Une série tient en deux ans"),
        ({"repetition": "semaines", "dernier_jour": "2026-09-01"}, "Cette série ne donne aucune rencontre"),
        ({"lien": "javascript:alert(1)"}, "Ce lien n’est pas complet"),
        ({"objectif_general": "Revoir le dossier de Mme Tremblay"}, "un nom de personne"),
    ],
)
@pytest.mark.parametrize("geste", ["apercu", "confirmer"])
def test_une_saisie_fautive_est_expliquee_et_reste_a_lecran(animatrice, page, champs, phrase, geste):
    saisie = _saisie(geste=geste, lieu="Salle B-204", **champs)
    with rien_decrit():
        reponse = animatrice.post(page, saisie)
    assert phrase in texte_de(reponse)
    assert champs_de(reponse)["lieu"] == "Salle B-204"


def test_une_heure_tapee_en_toutes_lettres_est_lue(animatrice, page):
    _confirmer(animatrice, page, heure_debut="13 h 30", heure_fin="16h")
    assert RencontreCdp.objects.get().minutes == 150


def test_le_meme_moment_ne_se_planifie_pas_deux_fois(distribution, animatrice, page):
    _confirmer(animatrice, page)
    apercu = animatrice.post(page, _saisie())
    assert "commence déjà à ce moment" in texte_de(apercu)
    (ligne,) = apercu.context["apercu"]["lignes"]
    assert (ligne["prise"], ligne["cochee"]) == (True, False)
    forcee = {**_saisie(geste="confirmer"), "vu": apercu.context["apercu"]["vu"], "dates": [ligne["cle"]]}
    with rien_decrit():
        reponse = animatrice.post(page, forcee)
    assert reponse.status_code == 409
    assert "Cochez au moins une date" in texte_de(reponse)


def test_une_communaute_qui_nest_pas_active_nen_planifie_pas(distribution, client_de):
    communaute = scenes.communaute_prete(distribution)
    client, page = client_de(distribution.animatrice), reverse("cdp:rencontre_planifier", args=[communaute.uuid])
    reponse = _confirmer(client, page)
    assert reponse.status_code == 409
    assert "elle ne tient pas de rencontre" in texte_de(reponse)
    assert not RencontreCdp.objects.exists()


# --- Une série ------------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-385", "R-466")
def test_le_troisieme_mercredi_reste_a_13_h_30_quand_lheure_change(animatrice, page):
    apercu = animatrice.post(page, _saisie(**MERCREDIS))
    assert "Le 3e mercredi de chaque mois." in texte_de(apercu)
    reponse = _confirmer(animatrice, page, **MERCREDIS)
    assert reponse.url.endswith("/rencontres/")
    assert _jours() == ["2026-09-16T13:30", "2026-10-21T13:30", "2026-11-18T13:30", "2026-12-16T13:30"]
    assert len({rencontre.serie for rencontre in RencontreCdp.objects.all()}) == 1


@pytest.mark.exigence("R-466")
def test_une_date_decochee_est_une_exception_a_la_serie(animatrice, page):
    _confirmer(animatrice, page, sauf={1}, **MERCREDIS)
    assert _jours() == ["2026-09-16T13:30", "2026-11-18T13:30", "2026-12-16T13:30"]


def test_toutes_decochees_rien_nest_planifie(animatrice, page):
    with rien_decrit():
        reponse = _confirmer(animatrice, page, sauf=set(range(4)), **MERCREDIS)
    assert reponse.status_code == 409
    assert not any(ligne["cochee"] for ligne in reponse.context["apercu"]["lignes"])


def test_toutes_les_deux_semaines_jusqua_une_date(animatrice, page):
    serie = {"repetition": "semaines", "intervalle": "2", "dernier_jour": "2026-10-31"}
    _confirmer(animatrice, page, **serie)
    assert _jours() == ["2026-09-16T13:30", "2026-09-30T13:30", "2026-10-14T13:30", "2026-10-28T13:30"]


def test_un_jour_ferie_est_signale_et_saute(animatrice, page):
    serie = {"jour": "2026-10-05", "repetition": "semaines", "nombre": "3"}
    apercu = animatrice.post(page, _saisie(**serie))
    assert "Le lundi 12 octobre 2026 est férié : aucune rencontre ce jour-là." in texte_de(apercu)
    _confirmer(animatrice, page, **serie)
    assert _jours() == ["2026-10-05T13:30", "2026-10-19T13:30", "2026-10-26T13:30"]


def test_une_seule_rencontre_un_jour_ferie_est_signalee_sans_etre_empechee(animatrice, page):
    assert "C’est un jour férié." in texte_de(animatrice.post(page, _saisie(jour="2026-12-25")))
    assert _confirmer(animatrice, page, jour="2026-12-25").status_code == 302


def test_changer_les_dates_apres_lapercu_les_remontre_avant_decrire(animatrice, page):
    apercu = animatrice.post(page, _saisie(**MERCREDIS)).context["apercu"]
    dates = [ligne["cle"] for ligne in apercu["lignes"]]
    changee = _saisie(**{**MERCREDIS, "jour": "2026-09-17"}, geste="confirmer")
    with rien_decrit():
        reponse = animatrice.post(page, {**changee, "vu": apercu["vu"], "dates": dates})
    assert "Les dates ont changé depuis l’aperçu" in texte_de(reponse)
    assert "Jeudi 17 septembre 2026" in texte_de(reponse)


def test_une_date_ajoutee_a_la_main_dans_lenvoi_est_ignoree(animatrice, page):
    apercu = animatrice.post(page, _saisie(**MERCREDIS)).context["apercu"]
    dates = [apercu["lignes"][0]["cle"], "2030-01-01T00:00:00+00:00", "\x00"]
    animatrice.post(page, {**_saisie(**MERCREDIS), "geste": "confirmer", "vu": apercu["vu"], "dates": dates})
    assert _jours() == ["2026-09-16T13:30"]


# --- Ce que le cadre en dit, avant de confirmer ---------------------------------------------------------------------


def test_le_depassement_dheures_projete_se_voit_avant_de_confirmer(distribution, animatrice, page):
    sous = animatrice.post(page, _saisie(repetition="semaines", nombre="8"))
    assert "plafond d’heures" not in texte_de(sous)
    au_dela = texte_de(animatrice.post(page, _saisie(repetition="semaines", nombre="10")))
    assert "En 2026-2027, 3 membres passeraient le plafond d’heures, jusqu’à 6 h de plus" in au_dela
    scenes.rencontre_planifiee(distribution)
    avec_celle_qui_est_prevue = texte_de(animatrice.post(page, _saisie(repetition="semaines", nombre="8")))
    assert "jusqu’à 3 h de plus" in avec_celle_qui_est_prevue


def test_les_heures_projetees_se_comptent_par_annee_financiere(animatrice, page):
    serie = {"jour": "2027-03-03", "repetition": "semaines", "nombre": "10"}
    assert "plafond d’heures" not in texte_de(animatrice.post(page, _saisie(**serie)))


@pytest.mark.exigence("R-292", "R-457")
def test_aucune_rencontre_en_personne_cette_annee_avertit_sans_empecher(distribution, animatrice, page):
    manque = "En 2026-2027, aucune rencontre en personne n’est prévue"
    assert manque in texte_de(animatrice.post(page, _saisie()))
    assert manque not in texte_de(animatrice.post(page, _saisie(mode="hybride", lieu="Salle B-204")))
    assert _confirmer(animatrice, page).status_code == 302
    scenes.rencontre_planifiee(distribution, dans=40, mode="presence", lieu="Salle B-204")
    assert manque not in texte_de(animatrice.post(page, _saisie(jour="2026-09-23")))
