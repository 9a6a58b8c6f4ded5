"""Répondre : chacun la sienne, une fois, et tout ce qui est saisi reste à l’écran si quelque chose ne va pas."""

import datetime

import pytest
from django.utils import timezone

from encadrement.acces.matrice import AccesRefuse
from encadrement.journal.models import Entree
from encadrement.notifications.models import Courriel
from encadrement.socle.erreurs import ErreurMetier
from encadrement.sondages import actions, questionnaires
from encadrement.sondages.models import Campagne, Invitation, Reponse
from encadrement.sondages.questions import Question, SorteQuestion
from tests.encadrement.sondages.essai import REPONSES, repondre_a
from tests.factories import PersonneFactory
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = pytest.mark.django_db

SAISIE = {"utilite": "5", "note": "10", "mode": "presence", "mot": "Plus de temps libéré, s’il vous plaît."}


@pytest.fixture
def invitation(invitees):
    return invitees[0]


@pytest.fixture
def client(client_de, invitation):
    return client_de(invitation.personne)


@pytest.mark.exigence("R-071", "R-161", "R-164")
def test_on_repond_par_la_page_et_elle_remercie(client, invitation):
    page = invitation.get_absolute_url()
    lue = texte_de(client.get(page))
    assert "jamais ce que vous avez répondu" in lue
    assert "Deux minutes." in lue
    assert client.post(page, SAISIE).url == page
    apres = client.get(page)
    assert "Merci, vous avez répondu" in texte_de(apres)
    assert "Envoyer ma réponse" not in texte_de(apres)
    assert Reponse.objects.get().contenu == (
        '{"utilite": 5, "note": 10, "mode": "presence", "mot": "Plus de temps libéré, s’il vous plaît."}'
    )


def test_un_commentaire_qui_nomme_quelquun_se_fait_relire(client, invitation):
    page, saisie = invitation.get_absolute_url(), {**SAISIE, "mot": "Mon mentor, M. Tremblay, était souvent absent."}
    avertie = client.post(page, saisie)
    assert "semble contenir" in texte_de(avertie)
    assert not Reponse.objects.exists()
    champs = champs_de(avertie)
    assert champs["mot"] == saisie["mot"]
    case = avertie.context["form"].fields["relu"].widget.attrs["value"]
    assert client.post(page, {**saisie, "relu": case}).status_code == 302
    assert "relu" not in Reponse.objects.get().contenu


def test_on_ne_repond_pas_deux_fois(client, invitation):
    client.post(invitation.get_absolute_url(), SAISIE)
    encore = client.post(invitation.get_absolute_url(), {**SAISIE, "mot": "Encore moi"})
    assert encore.status_code == 409
    assert Reponse.objects.count() == 1


def test_on_ne_repond_plus_une_fois_la_campagne_fermee(client, invitation, campagne):
    actions.fermer_campagne(campagne)
    assert "Ce sondage est fermé" in texte_de(client.get(invitation.get_absolute_url()))
    assert client.post(invitation.get_absolute_url(), SAISIE).status_code == 409
    assert not Reponse.objects.exists()
    assert not Invitation.objects.filter(remplie=True).exists()


def test_ni_apres_le_dernier_jour(invitation, campagne, time_machine):
    Campagne.objects.filter(pk=campagne.pk).update(fin=campagne.ouverte_le)
    time_machine.move_to(timezone.now() + datetime.timedelta(days=1))
    with pytest.raises(ErreurMetier, match="fermé"):
        actions.repondre(invitation, par=invitation.personne, reponses=REPONSES)
    assert not Reponse.objects.exists()


def test_laction_refuse_quelquun_dautre(invitation):
    with pytest.raises(AccesRefuse):
        actions.repondre(invitation, par=PersonneFactory(), reponses=REPONSES)
    assert not Reponse.objects.exists()


@pytest.mark.parametrize(
    ("champ", "valeurs"),
    [
        ("utilite", ["", "0", "6", "0,5", "-1", "٣", "abc", "1e1", "4.0"]),
        ("note", ["-1", "11", "1e1", "٣"]),
        ("mode", ["autre", "0", "presence "]),
    ],
)
def test_une_reponse_hors_echelle_est_refusee_et_le_reste_garde(client, invitation, champ, valeurs):
    for valeur in valeurs:
        reponse = client.post(invitation.get_absolute_url(), {**SAISIE, champ: valeur})
        assert reponse.status_code == 200, valeur
        assert "Choisissez une" in texte_de(reponse)
        gardes = champs_de(reponse)
        assert {nom: gardes[nom] for nom in SAISIE if nom != champ} == {n: v for n, v in SAISIE.items() if n != champ}
    assert not Reponse.objects.exists()


@pytest.mark.parametrize(
    "reponses",
    [
        {"utilite": None},
        {"utilite": True},
        {"utilite": "4"},
        {"utilite": 6},
        {"note": 11},
        {"mode": "autre"},
        {"mot": "é" * 4001},
        {"mot": 3},
        {"inconnue": 1},
    ],
)
def test_laction_valide_elle_aussi(invitation, reponses):
    with pytest.raises(ErreurMetier):
        actions.repondre(invitation, par=invitation.personne, reponses={**REPONSES, **reponses})
    assert not Reponse.objects.exists()
    assert not Invitation.objects.filter(remplie=True).exists()


def test_les_questions_facultatives_le_sont(client, invitation):
    client.post(invitation.get_absolute_url(), {"utilite": "1", "note": "", "mode": "", "mot": "  "})
    assert Reponse.objects.get().contenu == '{"utilite": 1}'


@pytest.mark.parametrize("longueur", [4000, 4001])
def test_le_texte_a_une_limite_dite(client, invitation, longueur):
    reponse = client.post(invitation.get_absolute_url(), {**SAISIE, "mot": "é" * longueur})
    assert Reponse.objects.exists() == (longueur == 4000)
    if longueur == 4001:
        assert "dépasse 4 000 caractères" in texte_de(reponse)
        assert len(champs_de(reponse)["mot"]) == 4001


def test_une_panne_ne_laisse_pas_une_invitation_remplie_sans_reponse(client, invitation, monkeypatch):
    def panne(*args, **kwargs):
        raise RuntimeError("panne")

    monkeypatch.setattr(Reponse.objects, "bulk_create", panne)
    with pytest.raises(RuntimeError, match="panne"):
        client.post(invitation.get_absolute_url(), SAISIE)
    invitation.refresh_from_db()
    assert not invitation.remplie


@pytest.mark.exigence("R-063", "R-071")
def test_repondre_ne_laisse_ni_entree_au_journal_ni_courriel(invitees):
    avant = Entree.objects.count(), Courriel.objects.count()
    repondre_a(invitees)
    assert (Entree.objects.count(), Courriel.objects.count()) == avant


def test_linvitation_sait_seulement_quelle_est_remplie(invitation):
    avant = Invitation.objects.values().get(pk=invitation.pk)
    repondre_a([invitation])
    apres = Invitation.objects.values().get(pk=invitation.pk)
    assert {champ for champ in avant if avant[champ] != apres[champ]} == {"remplie"}


def test_le_texte_dune_question_ne_devient_jamais_du_html(client_de):
    piege = Question("utilite", SorteQuestion.TEXTE, "<b>Q</b>", aide="<script src=//x></script>")
    questionnaires.inscrire("piege", nom="<i>N</i>", questions=[piege])
    campagne = actions.ouvrir_campagne("piege", cle="piege", mesure="essai", annee=2026, libelle="<u>L</u>")
    [invitation] = actions.inviter(campagne, [PersonneFactory()])
    page = client_de(invitation.personne).get(invitation.get_absolute_url()).content.decode()
    assert "&lt;script src=//x&gt;" in page
    for balise in ("<script src=//x>", "<b>Q</b>", "<i>N</i>", "<u>L</u>"):
        assert balise not in page
