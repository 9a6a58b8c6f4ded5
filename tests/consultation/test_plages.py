"""Les plages d’un expert : en offrir une ou une série, les voir, les retirer ; deux à la fois, une seule passe (R-176)."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consultation.actions import bottin, experts, plages
from consultation.models import FicheExpert, Plage
from encadrement.personnes.models import Personne
from encadrement.rencontres.serie import Creneau, creneau
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local
from tests.consultation import scenes
from tests.consultation.traces import rien_decrit
from tests.distribution import monter
from tests.ensemble import ensemble
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = pytest.mark.django_db
SERIE = {"jour": "2026-09-07", "heure": "13:30", "minutes": "45 min", "lieu": "Teams", "repetition": "semaines"}


@pytest.fixture
def en_aout(time_machine):
    time_machine.move_to("2026-08-31T08:00:00-04:00", tick=False)


@pytest.fixture
def fiche(en_aout, distribution):
    return scenes.fiche_inscrite(distribution)


@pytest.fixture
def expert(fiche, client_de):
    return client_de(fiche.personne)


def page_de(fiche):
    return reverse("consultation:fiche_plages", args=[fiche.uuid])


def retirer(plage):
    return reverse("consultation:plage_retirer", args=[plage.uuid])


def _confirmer(client, fiche, saisie, *, dates=None):
    """Voit les dates, puis les confirme toutes, ou seulement `dates`."""
    apercu = client.post(page_de(fiche), {**saisie, "geste": "apercu"})
    lignes = apercu.context["apercu"]["lignes"]
    choisies = [ligne["cle"] for ligne in lignes if ligne["cochee"]] if dates is None else dates
    vu = apercu.context["apercu"]["vu"]
    return client.post(page_de(fiche), {**saisie, "geste": "confirmer", "vu": vu, "dates": choisies})


# — Offrir


@pytest.mark.exigence("R-176")
def test_une_plage_se_voit_avant_de_senregistrer_puis_parait(fiche, expert):
    saisie = {**SERIE, "repetition": "une_fois", "jour": "2026-09-08"}
    with rien_decrit():
        apercu = expert.post(page_de(fiche), {**saisie, "geste": "apercu"})
    assert "Mardi 8 septembre 2026, de 13 h 30 à 14 h 15" in texte_de(apercu)
    assert champs_de(apercu)["lieu"] == "Teams"
    assert _confirmer(expert, fiche, saisie).url == page_de(fiche)
    plage = Plage.objects.get()
    assert (plage.minutes, plage.lieu, f"{plage.debut:%H:%M}") == (45, "Teams", "17:30")
    assert "Mardi 8 septembre 2026, 13 h 30" in texte_de(expert.get(page_de(fiche)))


@pytest.mark.exigence("R-176")
def test_une_serie_saute_les_feries_et_garde_son_heure_apres_le_changement(fiche, expert):
    apercu = expert.post(page_de(fiche), {**SERIE, "dernier_jour": "2026-11-09", "geste": "apercu"})
    page = texte_de(apercu)
    # Le 7 septembre 2026 est la fête du Travail, le 12 octobre l’Action de grâces.
    assert "Le lundi 7 septembre 2026 est férié : aucune plage n’y est prévue." in page
    assert "lundi 12 octobre 2026 est férié" in page
    assert "Chaque semaine, le lundi" in page
    _confirmer(expert, fiche, {**SERIE, "dernier_jour": "2026-11-09"})
    plages_offertes = list(Plage.objects.all())
    assert len(plages_offertes) == 8
    locales = {f"{plage.debut.astimezone(datetime.UTC):%H:%M}" for plage in plages_offertes}
    assert locales == {"17:30", "18:30"}


@pytest.mark.exigence("R-176")
def test_dune_serie_on_ne_garde_que_les_dates_cochees(fiche, expert):
    apercu = expert.post(page_de(fiche), {**SERIE, "nombre": "3", "geste": "apercu"})
    cles = [ligne["cle"] for ligne in apercu.context["apercu"]["lignes"]]
    assert len(cles) == 3
    _confirmer(expert, fiche, {**SERIE, "nombre": "3"}, dates=[cles[0], cles[2]])
    assert Plage.objects.count() == 2


def test_sans_aucune_date_cochee_rien_ne_soffre(fiche, expert):
    with rien_decrit():
        page = _confirmer(expert, fiche, {**SERIE, "nombre": "3"}, dates=[])
    assert page.status_code == 409
    assert "Cochez au moins une date" in texte_de(page)


def test_une_saisie_changee_apres_lapercu_se_remontre_avant_dagir(fiche, expert):
    apercu = expert.post(page_de(fiche), {**SERIE, "nombre": "3", "geste": "apercu"})
    vu = apercu.context["apercu"]["vu"]
    with rien_decrit():
        page = expert.post(page_de(fiche), {**SERIE, "nombre": "4", "geste": "confirmer", "vu": vu})
    assert "Les dates ont changé depuis l’aperçu" in texte_de(page)


@pytest.mark.parametrize(
    ("saisie", "phrase"),
    [
        ({"jour": "2026-02-31"}, "Cette date n’existe pas"),
        ({"jour": ""}, "Écrivez la date de la plage."),
        ({"heure": "25:00"}, "Écrivez une heure comme 13:30"),
        ({"heure": ""}, "Écrivez l’heure de début"),
        ({"minutes": ""}, "Écrivez la durée de la plage"),
        ({"minutes": "9 h"}, "Écrivez une durée entre 5 min et 8 h."),
        ({"minutes": "deux heures"}, "Écrivez une durée comme"),
        ({"lieu": "x" * 201}, "en au plus 200 caractères"),
        ({"repetition": "toujours"}, "Choisissez si la plage se répète."),
        ({"intervalle": "0"}, "Écrivez un nombre de 1 à 12."),
        ({"nombre": "61"}, "Écrivez un nombre de 1 à 60."),
        ({}, "Dites jusqu’à quand la série dure, ou combien de plages elle compte."),
        ({"dernier_jour": "2026-09-01"}, "La série finit avant de commencer"),
        ({"dernier_jour": "2029-09-01"}, "Une série tient en deux ans au plus"),
        ({"repetition": "une_fois", "jour": "2026-08-30"}, "Cette plage est passée"),
        ({"repetition": "une_fois", "jour": "2027-03-14", "heure": "2:30"}, "2 h 30 n’existe pas"),
        ({"repetition": "une_fois", "jour": "2026-11-01", "heure": "1:30"}, "1 h 30 arrive deux fois"),
        ({"jour": "2027-03-07", "heure": "2:30", "nombre": "3"}, "2 h 30 n’existe pas"),
    ],
)
def test_une_mauvaise_saisie_se_dit_et_rien_ne_soffre(fiche, expert, saisie, phrase):
    with rien_decrit():
        page = expert.post(page_de(fiche), {**SERIE, **saisie, "geste": "confirmer"})
    assert page.status_code == 200
    assert phrase in texte_de(page)


@pytest.mark.exigence("R-176")
def test_une_plage_ne_recoupe_pas_une_autre(fiche, expert):
    une_fois = {**SERIE, "repetition": "une_fois", "jour": "2026-09-08"}
    _confirmer(expert, fiche, une_fois)
    apercu = expert.post(page_de(fiche), {**une_fois, "heure": "14:00", "geste": "apercu"})
    assert "Une de vos plages est déjà à ce moment." in texte_de(apercu)
    with rien_decrit(), pytest.raises(ErreurMetier, match="déjà à votre horaire"):
        plages.offrir_plages(fiche, [creneau(datetime.date(2026, 9, 8), datetime.time(14), 45)], par=fiche.personne)
    # Se suivre n’est pas se recouper.
    assert _confirmer(expert, fiche, {**une_fois, "heure": "14:15"}).status_code == 302


def test_dun_meme_envoi_deux_plages_ne_se_recoupent_pas(fiche):
    jour = datetime.date(2026, 9, 8)
    deux = [creneau(jour, datetime.time(9), 60), creneau(jour, datetime.time(9, 30), 60)]
    with rien_decrit(), pytest.raises(ErreurMetier, match="déjà à votre horaire"):
        plages.offrir_plages(fiche, deux, par=fiche.personne)


def test_une_plage_passee_ou_trop_de_plages_se_refusent(fiche):
    hier = creneau(datetime.date(2026, 8, 30), datetime.time(9), 30)
    with rien_decrit(), pytest.raises(ErreurMetier, match="plus tard que maintenant"):
        plages.offrir_plages(fiche, [hier], par=fiche.personne)
    jour, pas = creneau(datetime.date(2026, 9, 8), datetime.time(8), 5).debut, datetime.timedelta(minutes=5)
    trop = [Creneau(jour + rang * pas, jour + (rang + 1) * pas) for rang in range(61)]
    with rien_decrit(), pytest.raises(ErreurMetier, match="au plus 60 plages"):
        plages.offrir_plages(fiche, trop, par=fiche.personne)


def test_une_fiche_pas_encore_inscrite_noffre_pas_de_plage(en_aout, distribution, client_de):
    fiche = scenes.fiche_soumise(distribution)
    client = client_de(distribution.mentor)
    assert "Offrir une plage" not in texte_de(client.get(page_de(fiche)))
    with rien_decrit():
        assert _confirmer(client, fiche, {**SERIE, "nombre": "2"}).status_code == 409


@pytest.mark.parametrize("nom", ["gestionnaire_mentor", "dsm", "appr", "collegue", "superutilisateur"])
def test_lexpert_seul_tient_ses_plages(distribution, client_de, nom):
    plage = scenes.plage_libre(distribution)
    client = client_de(distribution[nom])
    with rien_decrit():
        assert client.get(page_de(plage.fiche)).status_code == 403
        assert client.post(page_de(plage.fiche), {**SERIE, "geste": "confirmer"}).status_code == 403
        assert client.post(retirer(plage)).status_code == 403


# — Voir et retirer


@pytest.mark.exigence("R-176")
def test_une_plage_reservee_dit_par_quelle_demande_et_ne_se_retire_pas(distribution, client_de):
    plage = scenes.plage_libre(distribution)
    demande = scenes.demande_chez_expert(distribution, plage=plage)
    client = client_de(distribution.mentor)
    page = texte_de(client.get(page_de(plage.fiche)))
    assert demande.numero in page
    assert "Loïc St-Onge" in page
    assert retirer(plage) not in page
    with rien_decrit():
        refus = client.post(retirer(plage))
    assert refus.status_code == 409
    assert "Cette plage est réservée" in texte_de(refus)


def test_une_demande_declinee_rend_la_plage(distribution, client_de):
    plage = scenes.plage_libre(distribution)
    demande = scenes.demande_chez_expert(distribution, plage=plage)
    experts.decliner_demande(demande, par=distribution.mentor, motif="Hors de mon champ.")
    page = texte_de(client_de(distribution.mentor).get(page_de(plage.fiche)))
    assert demande.numero not in page
    assert retirer(plage) in page


def test_une_plage_retiree_quitte_la_page_et_se_retire_deux_fois_sans_mal(distribution, client_de):
    plage = scenes.plage_libre(distribution)
    client = client_de(distribution.mentor)
    assert client.post(retirer(plage)).url == page_de(plage.fiche)
    assert "Aucune plage à venir" in texte_de(client.get(page_de(plage.fiche)))
    with rien_decrit():
        assert client.post(retirer(plage)).status_code == 302


def test_une_plage_retiree_soffre_de_nouveau(fiche, expert):
    une_fois = {**SERIE, "repetition": "une_fois", "jour": "2026-09-08"}
    _confirmer(expert, fiche, une_fois)
    expert.post(retirer(Plage.objects.get()))
    assert _confirmer(expert, fiche, une_fois).status_code == 302
    assert Plage.objects.filter(retiree=False).count() == 1


def test_en_pause_les_plages_restent_et_la_page_le_dit(distribution, client_de):
    plage = scenes.plage_libre(distribution)
    bottin.mettre_en_pause(FicheExpert.objects.get(), par=distribution.mentor)
    page = texte_de(client_de(distribution.mentor).get(page_de(plage.fiche)))
    assert "ne se réservent pas avant votre retour" in page


def test_la_page_coute_autant_de_requetes_a_vingt_plages_qua_une(fiche, expert):
    def compter():
        with CaptureQueriesContext(connection) as requetes:
            assert expert.get(page_de(fiche)).status_code == 200
        return len(requetes)

    _confirmer(expert, fiche, {**SERIE, "repetition": "une_fois", "jour": "2026-09-08"})
    compter()
    a_une = compter()
    _confirmer(expert, fiche, {**SERIE, "nombre": "20"})
    assert Plage.objects.count() == 21
    assert compter() == a_une


# — Deux à la fois


class TestEnsemble:
    pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

    @pytest.fixture
    def d(self, transactional_db):
        Personne.objects.systeme()
        return monter()

    def test_la_meme_plage_offerte_deux_fois_au_meme_instant_nen_fait_quune(self, d):
        fiche = scenes.fiche_inscrite(d)
        moment = creneau(jour_local() + datetime.timedelta(days=7), datetime.time(13), 45)

        def offrir():
            return plages.offrir_plages(
                FicheExpert.objects.get(pk=fiche.pk), [moment], par=Personne.objects.get(pk=d.mentor.pk)
            )

        rendus = ensemble(offrir, offrir, offrir)
        refus = [rendu for rendu in rendus if isinstance(rendu, ErreurMetier)]
        assert len(refus) == 2
        assert all("déjà à votre horaire" in str(rendu) for rendu in refus)
        assert Plage.objects.filter(retiree=False).count() == 1

    @pytest.mark.exigence("R-176")
    @pytest.mark.parametrize("_essai", range(3))
    def test_retirer_pendant_quon_reserve_ne_fait_que_lun_des_deux(self, d, _essai):
        plage = scenes.plage_libre(d)
        demande = scenes.demande_autorisee(d)
        fiche = plage.fiche
        ensemble(
            lambda: plages.retirer_plage(plage, par=Personne.objects.get(pk=d.mentor.pk)),
            lambda: experts.choisir_expert(
                type(demande).objects.get(pk=demande.pk),
                par=Personne.objects.get(pk=d.mentore.pk),
                fiche=FicheExpert.objects.get(pk=fiche.pk),
                plage=Plage.objects.get(pk=plage.pk),
            ),
        )
        plage.refresh_from_db()
        reservee = plage.sollicitations.filter(reponse="attendue").exists()
        assert plage.retiree != reservee
