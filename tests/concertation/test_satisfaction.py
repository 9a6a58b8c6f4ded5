"""La satisfaction de chacun après une rencontre, et l’évaluation annuelle (R-231, R-237, R-241, R-245, R-248, R-255, R-260)."""

import datetime

import pytest
from django.urls import reverse

from concertation.actions import comite, satisfaction
from concertation.rappels import evaluations
from encadrement.notifications.models import Courriel
from encadrement.outils.horloge import au
from encadrement.socle.temps import AnneeFinanciere
from encadrement.sondages.actions import fermer_campagne
from encadrement.sondages.annuelles import ouvrir_les_annuelles
from encadrement.sondages.models import Campagne, Invitation
from encadrement.sondages.questionnaires import en_vigueur
from tests.concertation import scenes
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db
APRES, ANNUELLE = satisfaction.CODE, evaluations.CODE
LE_2_MARS = datetime.date(2027, 3, 2)
ANNEE = AnneeFinanciere(2026)


@pytest.fixture
def d(distribution):
    return distribution


@pytest.fixture(autouse=True)
def en_novembre(time_machine):
    time_machine.move_to("2026-11-27T10:00:00-05:00", tick=False)


def invites(code=APRES):
    invitations = Invitation.objects.filter(campagne__questionnaire__code=code)
    return sorted(invitations.values_list("personne__prenom", flat=True))


def tenir(d, situation, presentes, il_y_a=1):
    """Tient la rencontre de cette situation, finie il y a tant d’heures ; `presentes` y étaient."""
    rencontre = situation.inscription.rencontre
    fin = scenes.timezone.now() - datetime.timedelta(hours=il_y_a)
    comite.deplacer_rencontre(rencontre, par=d.coordonnatrice, debut=fin - datetime.timedelta(hours=3), fin=fin)
    participations = rencontre.participations.filter(personne__in=presentes)
    comite.tenir_rencontre(rencontre, par=d.coordonnatrice, presentes=participations)
    return rencontre


# — Après une rencontre


@pytest.mark.exigence("R-231")
def test_les_presents_l_intervenant_et_son_gestionnaire_sont_invites_une_fois(d):
    situation = scenes.situation_convoquee(d)
    assert invites() == []
    rencontre = tenir(d, situation, [d.autre_gestionnaire, d.animatrice])
    attendus = sorted(p.prenom for p in (d.autre_gestionnaire, d.animatrice, d.mentore, d.gestionnaire))
    assert invites() == attendus
    satisfaction.demander_la_satisfaction(rencontre)
    assert invites() == attendus
    assert Courriel.objects.filter(gabarit="sondages/invitation").count() == 4
    (campagne,) = Campagne.objects.filter(questionnaire__code=APRES)
    assert (campagne.mesure, campagne.annee, campagne.fin) == ("concertation", 2026, datetime.date(2027, 4, 14))


@pytest.mark.exigence("R-231")
def test_ni_l_absent_ni_le_retire_ni_l_exclu_ni_qui_vient_de_l_exterieur(d):
    situation = scenes.situation_convoquee(d)
    scenes.exclusions.exclure(situation, par=d.mentore, personne=d.gestionnaire)
    scenes.convocations.retirer_de_la_situation(situation.participations.get(personne=d.collegue), par=d.coordonnatrice)
    tenir(d, situation, [d.collegue, d.gestionnaire, d.animatrice])
    assert invites() == sorted([d.animatrice.prenom, d.mentore.prenom])


@pytest.mark.exigence("R-231")
def test_l_invitation_nomme_la_rencontre_jamais_la_situation(d, client_de):
    situation = scenes.situation_convoquee(d)
    tenir(d, situation, [d.autre_gestionnaire])
    invitation = Invitation.objects.get(personne=d.autre_gestionnaire)
    assert invitation.dossier == "Rencontre du comité du 27 novembre 2026"
    page = texte_de(client_de(d.autre_gestionnaire).get(reverse("sondages:repondre", args=[invitation.uuid])))
    assert "La rencontre était bien préparée" in page
    ecrits = "".join(f"{c.objet}{c.texte}{c.html}" for c in Courriel.objects.filter(gabarit="sondages/invitation"))
    for texte in (page, ecrits, invitation.sujet, invitation.dossier, str(invitation.campagne)):
        assert situation.numero not in texte
        assert str(situation.uuid) not in texte


@pytest.mark.exigence("R-231")
def test_deux_rencontres_deux_invitations_dans_une_seule_campagne_de_l_annee(d):
    tenir(d, scenes.situation_convoquee(d), [d.autre_gestionnaire])
    tenir(d, scenes.situation_convoquee(d), [d.autre_gestionnaire], il_y_a=25)
    assert invites().count(d.autre_gestionnaire.prenom) == 2
    assert Campagne.objects.filter(questionnaire__code=APRES).count() == 1


def test_une_rencontre_sans_situation_n_invite_personne(d):
    moment = scenes.creneau(datetime.date(2026, 12, 2), datetime.time(13), 180)
    (rencontre,) = comite.planifier_rencontres([moment], par=d.coordonnatrice)
    comite.convoquer_rencontre(rencontre, par=d.coordonnatrice)
    with au(datetime.date(2026, 12, 3)):
        comite.tenir_rencontre(rencontre, par=d.coordonnatrice)
    assert not Campagne.objects.filter(questionnaire__code=APRES).exists()


@pytest.mark.exigence("R-231")
@pytest.mark.parametrize("code", [APRES, ANNUELLE])
def test_chaque_questionnaire_est_court_et_se_repond_de_1_a_5(code):
    questions = en_vigueur(code).liste
    assert len(questions) <= 8
    assert {q.sorte.value for q in questions} <= {"echelle", "note", "texte"}
    assert not questions[-1].obligatoire
    if code == APRES:
        assert [q.code for q in questions] == ["preparation", "participation", "orientations", "suites", "commentaire"]


# — Une fois l’an


@pytest.mark.exigence("R-237", "R-241", "R-245", "R-248", "R-255", "R-260")
def test_chaque_acteur_est_invite_une_fois_l_an(d):
    scenes.situation_en_suivi(d)
    with au(datetime.date(2026, 3, 31)):
        scenes.situation_transmise(d)  # l’année d’avant
    with au(LE_2_MARS):
        ouvrir_les_annuelles(LE_2_MARS)
        ouvrir_les_annuelles(LE_2_MARS)
    direction_smd = d.autre_gestionnaire.direction.directeur
    attendus = {
        "intervenants": {d.mentore},
        "gestionnaires": {d.gestionnaire},
        "representants": {personne for _, personne in scenes.directions(d)},
        "directeurs": {d.directrice, d.dsm, direction_smd},
        "coordonnateurs": {d.coordonnatrice},
    }
    with au(LE_2_MARS):
        for groupe, gens in attendus.items():
            assert set(getattr(evaluations, groupe)(ANNEE)) == gens, groupe
    assert invites(ANNUELLE) == sorted({p.prenom for gens in attendus.values() for p in gens})
    campagne = Campagne.objects.get(questionnaire__code=ANNUELLE)
    assert (campagne.mesure, campagne.annee) == ("concertation", 2026)


@pytest.mark.exigence("R-245")
def test_une_nomination_jamais_acceptee_ou_finie_avant_l_annee_n_y_est_pas(d):
    scenes.nomination_proposee(d, 0)
    nomination = scenes.comite.accepter_nomination(scenes.nomination_proposee(d, 1), par=d.dsm)
    scenes.Nomination.objects.filter(pk=nomination.pk).update(
        debut=datetime.date(2025, 1, 1), fin=datetime.date(2026, 3, 31)
    )
    assert set(evaluations.representants(ANNEE)) == set()
    assert set(evaluations.representants(ANNEE.precedente)) == {d.delegue}


@pytest.mark.exigence("R-237", "R-241", "R-245", "R-248", "R-255", "R-260")
def test_chacun_repond_l_appr_ferme_et_les_resultats_se_diffusent(d, client_de):
    scenes.situation_en_suivi(d)
    with au(LE_2_MARS):
        ouvrir_les_annuelles(LE_2_MARS)
        campagne = Campagne.objects.get(questionnaire__code=ANNUELLE)
        reponses = {q.code: 3 for q in campagne.questionnaire.liste if q.chiffree}
        for invitation in campagne.invitations.select_related("personne"):
            client = client_de(invitation.personne)
            adresse = reverse("sondages:repondre", args=[invitation.uuid])
            assert client.post(adresse, reponses).status_code == 302
            assert Invitation.objects.get(pk=invitation.pk).remplie
        appr = client_de(d.appr)
        assert appr.post(reverse("sondages:campagne_fermer", args=[campagne.uuid])).status_code == 302
        for qui in (d.appr, d.dsm, d.coordonnatrice, d.executif_cm):
            page = client_de(qui).get("/indicateurs/concertation/", {"annee": "2026"})
            assert "3,0 sur 5" in texte_de(page)


def test_personne_hors_de_la_dsm_ne_lit_les_resultats_d_une_campagne(d, client_de):
    situation = scenes.situation_convoquee(d)
    tenir(d, situation, [d.autre_gestionnaire])
    campagne = Campagne.objects.get(questionnaire__code=APRES)
    fermer_campagne(campagne)
    for qui in (d.mentore, d.gestionnaire, d.autre_gestionnaire, d.coordonnatrice, d.executif_cm):
        assert client_de(qui).get(campagne.get_absolute_url()).status_code == 404
