"""Le comité : son calendrier mensuel, ses rencontres, l’ordre du jour par codes, les présences (R-216, R-221 à R-223, R-235)."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from concertation.actions import comite, convocations, exclusions
from concertation.models import EtatComite, RencontreComite
from encadrement.rencontres.serie import creneau
from encadrement.socle.temps import jour_local
from tests.concertation import scenes
from tests.concertation.gestes import ACCUEIL, COMITE, PLANIFIER, adresse, courriels, rien_decrit, texte_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def coord(distribution, client_de):
    return client_de(distribution.coordonnatrice)


def _dans(jours):
    return jour_local() + datetime.timedelta(days=jours)


def _mercredi(semaines=2):
    """Rend un mercredi à venir qui n’est pas le cinquième de son mois."""
    jour = _dans(7 * semaines)
    jour += datetime.timedelta(days=(2 - jour.weekday()) % 7)
    return jour + datetime.timedelta(days=7) if jour.day > 28 else jour


def _serie(**champs):
    return {
        "jour": _mercredi().isoformat(),
        "heure_debut": "13:00",
        "heure_fin": "16:00",
        "repetition": "rang_du_mois",
        "nombre": "6",
        "mode": "virtuelle",
        "lien": "https://teams.exemple/comite",
        **champs,
    }


def planifier(client, **champs):
    """Voit les dates, puis les confirme toutes ; rend la réponse."""
    apercu = client.post(PLANIFIER, {**_serie(**champs), "geste": "apercu"}).context["apercu"]
    dates = [ligne["cle"] for ligne in apercu["lignes"] if ligne["cochee"]]
    return client.post(PLANIFIER, {**_serie(**champs), "geste": "confirmer", "vu": apercu["vu"], "dates": dates})


# — Le comité


@pytest.mark.exigence("R-216", "R-234", "R-235")
def test_la_page_du_comite_dit_a_tous_qui_coordonne_qui_represente_et_quand(distribution, client_de):
    d = distribution
    scenes.representants(d)
    rencontre = scenes.rencontre_planifiee(d)
    page = texte_de(client_de(d.membre).get(COMITE))
    assert f"{d.coordonnatrice}, {d.coordonnatrice.titre_emploi}" in page
    assert "Agent de planification, de programmation et de recherche" in page
    for direction, personne in scenes.directions(d):
        assert str(direction).replace("\xa0", " ") in page
        assert str(personne) in page
    assert rencontre.get_absolute_url() in page
    assert "Établir le calendrier" not in page


def test_la_page_du_comite_coute_autant_pour_vingt_rencontres_que_pour_une(distribution, coord):
    scenes.representants(distribution)
    scenes.rencontre_planifiee(distribution)
    coord.get(COMITE)
    with CaptureQueriesContext(connection) as une:
        coord.get(COMITE)
    for rang in range(19):
        comite.planifier_rencontres([creneau(_dans(30 + rang), datetime.time(9), 180)], par=distribution.coordonnatrice)
    with CaptureQueriesContext(connection) as vingt:
        coord.get(COMITE)
    assert len(vingt) == len(une)


# — Le calendrier


@pytest.mark.exigence("R-221", "R-235")
def test_le_calendrier_donne_une_rencontre_de_trois_heures_par_mois(distribution, coord):
    page = coord.get(PLANIFIER)
    assert page.context["form"]["repetition"].value() == "rang_du_mois"
    assert (page.context["form"]["heure_debut"].value(), page.context["form"]["heure_fin"].value()) == (
        datetime.time(13), datetime.time(16)
    )  # fmt: skip
    assert planifier(coord).url == COMITE
    rencontres = list(RencontreComite.objects.all())
    assert len(rencontres) == 6
    assert len({(r.jour.year, r.jour.month) for r in rencontres}) == 6
    assert {(r.minutes, r.jour.weekday(), r.est_supplementaire) for r in rencontres} == {(180, 2, False)}
    assert {timezone.localtime(r.debut).hour for r in rencontres} == {13}
    for rencontre in rencontres:
        assert rencontre.depot_le == rencontre.jour - datetime.timedelta(days=14)


@pytest.mark.exigence("R-221")
@pytest.mark.parametrize(("mode", "dit"), [("presence", "en personne"), ("virtuelle", "visioconférence")])
def test_en_presence_ou_a_distance(distribution, coord, client_de, mode, dit):
    planifier(coord, mode=mode, lieu="Salle 2" if mode == "presence" else "", nombre="1")
    rencontre = RencontreComite.objects.get()
    assert rencontre.mode == mode
    assert dit in texte_de(client_de(distribution.membre).get(rencontre.get_absolute_url()))


def test_une_rencontre_supplementaire_se_prevoit_au_besoin(coord):
    reponse = planifier(coord, repetition="une_fois", nombre="")
    rencontre = RencontreComite.objects.get()
    assert reponse.url == rencontre.get_absolute_url()
    assert rencontre.est_supplementaire


def test_rien_ne_sinscrit_avant_la_confirmation_et_une_date_decochee_nest_pas_prevue(coord):
    with rien_decrit():
        apercu = coord.post(PLANIFIER, {**_serie(), "geste": "apercu"}).context["apercu"]
    dates = [ligne["cle"] for ligne in apercu["lignes"]][:2]
    coord.post(PLANIFIER, {**_serie(), "geste": "confirmer", "vu": apercu["vu"], "dates": dates})
    assert RencontreComite.objects.count() == 2


def test_si_la_saisie_change_apres_lapercu_on_le_revoit(coord):
    apercu = coord.post(PLANIFIER, {**_serie(), "geste": "apercu"}).context["apercu"]
    dates = [ligne["cle"] for ligne in apercu["lignes"]]
    with rien_decrit():
        page = coord.post(
            PLANIFIER, {**_serie(heure_debut="14:00"), "geste": "confirmer", "vu": apercu["vu"], "dates": dates}
        )
    assert "Les dates ont changé depuis l’aperçu" in texte_de(page)


def test_deux_rencontres_ne_commencent_pas_au_meme_moment(coord):
    planifier(coord, nombre="2")
    page = coord.post(PLANIFIER, {**_serie(nombre="3"), "geste": "apercu"})
    assert texte_de(page).count("Une rencontre du comité commence déjà à ce moment.") == 2
    planifier(coord, nombre="3")
    assert RencontreComite.objects.count() == 3


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"jour": "2020-01-08", "repetition": "une_fois"}, "Cette date est passée"),
        ({"jour": ""}, "Écrivez la date"),
        ({"heure_fin": "12:00"}, "finit le même jour"),
        ({"heure_debut": "25:00"}, "Écrivez une heure"),
        ({"repetition": "semaines"}, "Choisissez si la rencontre revient chaque mois."),
        ({"mode": "pigeon"}, "Choisissez comment se tient la rencontre."),
        ({"lien": "pas un lien"}, "Ce lien n’est pas complet"),
        ({"nombre": "", "dernier_jour": ""}, "Dites jusqu’à quand dure la série"),
        ({"nombre": "0"}, "Écrivez un nombre de 1 à 60."),
    ],
)
def test_une_saisie_fautive_est_expliquee(coord, champs, phrase):
    with rien_decrit():
        page = coord.post(PLANIFIER, {**_serie(**champs), "geste": "apercu"})
    assert page.status_code == 200
    assert phrase in texte_de(page)


@pytest.mark.parametrize("nom", ["appr", "directrice", "pilote", "mentore", "superutilisateur"])
def test_la_coordination_et_la_dsm_seules_etablissent_le_calendrier(distribution, client_de, nom):
    with rien_decrit():
        assert client_de(distribution[nom]).post(PLANIFIER, _serie()).status_code == 403


# — Déplacer


def test_la_date_entraine_celle_du_depot_sauf_si_on_la_change_aussi(distribution, coord):
    rencontre = scenes.rencontre_planifiee(distribution)
    page = coord.get(adresse("rencontre_deplacer", rencontre))
    assert page.context["form"]["depot_le"].value() == rencontre.depot_le
    envoi = {
        "heure_debut": "13:00",
        "heure_fin": "16:00",
        "mode": "virtuelle",
        "depot_le": rencontre.depot_le.isoformat(),
    }
    coord.post(adresse("rencontre_deplacer", rencontre), {**envoi, "jour": _dans(35).isoformat()})
    rencontre.refresh_from_db()
    assert (rencontre.jour, rencontre.depot_le) == (_dans(35), _dans(21))
    coord.post(
        adresse("rencontre_deplacer", rencontre),
        {**envoi, "jour": _dans(35).isoformat(), "depot_le": _dans(30).isoformat()},
    )
    rencontre.refresh_from_db()
    assert rencontre.depot_le == _dans(30)


@pytest.mark.exigence("R-228")
def test_laccueil_dit_a_quelle_rencontre_ira_une_demande_deposee_trop_tard(distribution, client_de):
    proche, suivante = (
        scenes.rencontre_planifiee(distribution, dans=5),
        scenes.rencontre_planifiee(distribution, dans=40),
    )
    page = texte_de(client_de(distribution.mentore).get(ACCUEIL))
    assert "Le dépôt est passé pour la prochaine" in page
    assert proche.get_absolute_url() in page
    assert suivante.get_absolute_url() in page


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [({"jour": "2020-01-08"}, "Ce moment est passé"), ({"depot_le": "2090-01-01"}, "On dépose avant la rencontre")],
)
def test_un_deplacement_impossible_est_explique(distribution, coord, champs, phrase):
    rencontre = scenes.rencontre_planifiee(distribution)
    envoi = {
        "jour": rencontre.jour.isoformat(),
        "heure_debut": "13:00",
        "heure_fin": "16:00",
        "mode": "virtuelle",
        "depot_le": rencontre.depot_le.isoformat(),
    }
    with rien_decrit():
        page = coord.post(adresse("rencontre_deplacer", rencontre), {**envoi, **champs})
    assert phrase in texte_de(page)


# — L’ordre du jour par codes (D17, N-02)


@pytest.fixture
def deux_inscrites(distribution):
    """Deux situations à la même rencontre ; la seconde ne concerne qu’une direction."""
    premiere = scenes.situation_inscrite(distribution)
    seconde = scenes.situation_recevable(distribution)
    seconde.directions.set([distribution.autre_gestionnaire.direction])
    convocations.inscrire_situation(
        seconde, premiere.inscription.rencontre, par=distribution.coordonnatrice, minutes=90
    )
    return premiere, seconde


def _codes(client, rencontre):
    page = texte_de(client.get(rencontre.get_absolute_url()))
    return {numero for numero in (f"CC-{jour_local().year}-0{rang}" for rang in (1, 2)) if numero in page}


def test_lordre_du_jour_se_lit_par_codes_et_chacun_nouvre_que_ses_situations(distribution, client_de, deux_inscrites):
    d = distribution
    premiere, seconde = deux_inscrites
    rencontre = premiere.inscription.rencontre
    comite.convoquer_rencontre(rencontre, par=d.coordonnatrice)
    deux = {premiere.numero, seconde.numero}
    for nom in ("coordonnatrice", "dsm", "appr", "autre_gestionnaire", "collegue"):
        assert _codes(client_de(d[nom]), rencontre) == deux, nom
    page = texte_de(client_de(d.collegue).get(rencontre.get_absolute_url()))
    assert premiere.get_absolute_url() in page
    assert seconde.get_absolute_url() not in page
    for nom in ("dsm", "appr"):
        page = texte_de(client_de(d[nom]).get(rencontre.get_absolute_url()))
        assert premiere.get_absolute_url() not in page
    for nom in ("membre", "prp", "pilote"):
        assert _codes(client_de(d[nom]), rencontre) == set(), nom
    # L’invitée ne voit que celle où elle est conviée.
    convocations.convier(premiere, par=d.coordonnatrice, titre="invite", personne=d.animatrice)
    assert _codes(client_de(d.animatrice), rencontre) == {premiere.numero}


def test_une_situation_dou_lon_est_exclu_ne_laisse_ni_ligne_ni_heure(distribution, client_de, deux_inscrites):
    d = distribution
    premiere, seconde = deux_inscrites
    rencontre = premiere.inscription.rencontre
    avant = texte_de(client_de(d.coordonnatrice).get(rencontre.get_absolute_url()))
    assert "13 h 45" in avant
    for nom in ("coordonnatrice", "autre_gestionnaire", "dsm"):
        exclusions.exclure(premiere, par=d.mentore, personne=d[nom])
        page = texte_de(client_de(d[nom]).get(rencontre.get_absolute_url()))
        assert premiere.numero not in page
        assert seconde.numero in page
        assert "13 h 45" not in page
    page = client_de(d.coordonnatrice).get(adresse("rencontre_convoquer", rencontre))
    assert premiere.numero not in texte_de(page)


def test_le_lien_de_la_visioconference_nest_qua_qui_y_va(distribution, client_de):
    d = distribution
    rencontre = scenes.rencontre_convoquee(d)
    for nom, voit in (("animatrice", True), ("coordonnatrice", True), ("membre", False), ("pilote", False)):
        page = texte_de(client_de(d[nom]).get(rencontre.get_absolute_url()))
        assert ("https://teams.exemple/comite" in page) is voit, nom


def test_la_rencontre_coute_autant_pour_dix_situations_que_pour_une(distribution, client_de):
    d = distribution
    rencontre = scenes.situation_inscrite(d).inscription.rencontre
    page = rencontre.get_absolute_url()
    clients = [client_de(d[nom]) for nom in ("coordonnatrice", "collegue", "membre")]
    couts = []
    for client in clients:
        client.get(page)
        with CaptureQueriesContext(connection) as requetes:
            client.get(page)
        couts.append(len(requetes))
    for _ in range(9):
        situation = scenes.situation_recevable(d)
        convocations.inscrire_situation(situation, rencontre, par=d.coordonnatrice)
    for client, cout in zip(clients, couts, strict=True):
        with CaptureQueriesContext(connection) as requetes:
            client.get(page)
        assert len(requetes) == cout


def test_un_ordre_du_jour_trop_long_se_signale(distribution, coord):
    situation = scenes.situation_recevable(distribution)
    rencontre = scenes.rencontre_planifiee(distribution)
    convocations.inscrire_situation(situation, rencontre, par=distribution.coordonnatrice, minutes=180)
    convocations.inscrire_situation(
        scenes.situation_recevable(distribution), rencontre, par=distribution.coordonnatrice, minutes=30
    )
    assert "dépasse l’heure de fin de 30 min" in texte_de(coord.get(rencontre.get_absolute_url()))


def test_le_guide_de_discussion_se_lit_dune_rencontre(distribution, coord):
    rencontre = scenes.rencontre_planifiee(distribution)
    adresse_du_guide = reverse("cadre:ressource", args=["discussion-cas"])
    assert adresse_du_guide in texte_de(coord.get(rencontre.get_absolute_url()))
    page = texte_de(coord.get(adresse_du_guide))
    for etape in ("Présenter (10 minutes).", "Nommer l’impasse (5 minutes).", "Décider (5 minutes)."):
        assert etape in page


# — Convoquer, tenir, annuler


@pytest.mark.exigence("R-242", "R-258")
def test_tenue_la_rencontre_garde_qui_etait_la(distribution, client_de):
    d = distribution
    situation = scenes.situation_convoquee(d)
    rencontre = situation.inscription.rencontre
    fin = timezone.now() - datetime.timedelta(hours=1)
    comite.deplacer_rencontre(rencontre, par=d.coordonnatrice, debut=fin - datetime.timedelta(hours=3), fin=fin)
    coord = client_de(d.coordonnatrice)
    page = texte_de(coord.get(adresse("rencontre_tenir", rencontre)))
    assert f"{d.collegue}, représentant d’une direction ({situation.numero})" in page
    presentes = [str(situation.participations.get(personne=p).uuid) for p in (d.mentore, d.collegue)]
    assert (
        coord.post(adresse("rencontre_tenir", rencontre), {"presentes": presentes}).url == rencontre.get_absolute_url()
    )
    assert RencontreComite.objects.get().etat == EtatComite.TENUE
    presence = {p.personne: p.presente for p in situation.participations.filter(personne__isnull=False)}
    assert (presence[d.mentore], presence[d.collegue], presence[d.animatrice]) == (True, True, False)
    page = texte_de(coord.get(rencontre.get_absolute_url()))
    assert "Qui était là" in page


def test_une_rencontre_a_venir_ne_se_note_pas_comme_tenue(distribution, coord):
    rencontre = scenes.rencontre_convoquee(distribution)
    with rien_decrit():
        reponse = coord.post(adresse("rencontre_tenir", rencontre))
    assert reponse.status_code == 409
    assert "n’a pas encore commencé" in texte_de(reponse)


def test_une_presence_inventee_est_refusee(distribution, coord):
    rencontre = scenes.rencontre_convoquee(distribution)
    for valeur in ("x", "11111111-1111-4111-8111-111111111111"):
        with rien_decrit():
            assert coord.post(adresse("rencontre_tenir", rencontre), {"presentes": [valeur]}).status_code == 200


def test_annulee_la_rencontre_rend_ses_situations_a_inscrire(distribution, coord, client_de):
    situation = scenes.situation_convoquee(distribution)
    rencontre = situation.inscription.rencontre
    assert coord.post(adresse("rencontre_annuler", rencontre), {"motif": "Tempête."}).status_code == 302
    situation.refresh_from_db()
    assert situation.etat == "recevable"
    assert client_de(distribution.animatrice).get(situation.get_absolute_url()).status_code == 404
    assert distribution.collegue.prenom in courriels("rencontre_annulee")
    with rien_decrit():
        assert coord.post(adresse("rencontre_annuler", rencontre), {"motif": "Encore."}).status_code == 409


def test_annuler_demande_un_motif_qui_ne_nomme_personne(distribution, coord):
    rencontre = scenes.rencontre_planifiee(distribution)
    for motif, phrase in ((" ", "Écrivez le motif"), ("Mme Tremblay est hospitalisée", "semble contenir")):
        with rien_decrit():
            page = coord.post(adresse("rencontre_annuler", rencontre), {"motif": motif})
        assert phrase in texte_de(page)


@pytest.mark.parametrize("verbe", ["convoquer", "tenir", "annuler", "deplacer"])
@pytest.mark.parametrize("nom", ["dsm", "appr", "directrice", "delegue", "mentore"])
def test_la_coordination_seule_mene_la_rencontre(distribution, client_de, verbe, nom):
    rencontre = scenes.rencontre_planifiee(distribution)
    with rien_decrit():
        reponse = client_de(distribution[nom]).post(adresse(f"rencontre_{verbe}", rencontre), {"motif": "Non."})
    assert reponse.status_code == 403


@pytest.mark.parametrize("scene", ["rencontre_convoquee", "rencontre_tenue", "rencontre_annulee"])
def test_convoquee_une_rencontre_ne_se_convoque_plus(distribution, coord, scene):
    rencontre = getattr(scenes, scene)(distribution)
    rencontre.refresh_from_db()
    with rien_decrit():
        assert coord.post(adresse("rencontre_convoquer", rencontre)).status_code == 409


def test_tout_ou_rien_si_une_convocation_ne_peut_secrire(distribution, monkeypatch):
    situation = scenes.situation_inscrite(distribution)

    def en_panne(*_, **__):
        raise RuntimeError("panne")

    monkeypatch.setattr(convocations, "convocation", en_panne)
    with rien_decrit(), pytest.raises(RuntimeError):
        comite.convoquer_rencontre(situation.inscription.rencontre, par=distribution.coordonnatrice)
