"""Plusieurs réponses au même instant, sur PostgreSQL : toutes gardées, chacune une fois."""

import pytest

from encadrement.notifications.models import Courriel
from encadrement.socle.erreurs import ErreurMetier
from encadrement.sondages.actions import fermer_campagne, inviter, ouvrir_campagne, repondre
from encadrement.sondages.models import Campagne, Invitation, Lot, Reponse
from tests.encadrement.sondages.essai import CODE, REPONSES
from tests.ensemble import ensemble
from tests.factories import PersonneFactory

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def _repondre(invitation):
    return lambda: repondre(invitation, par=invitation.personne, reponses=REPONSES)


@pytest.mark.exigence("R-071")
def test_huit_clics_de_la_meme_personne_font_une_reponse(invitees):
    rendus = ensemble(*[_repondre(invitees[0])] * 8)
    assert sum(isinstance(rendu, ErreurMetier) for rendu in rendus) == 7
    assert Reponse.objects.count() == 1


def test_huit_personnes_au_meme_instant_font_huit_reponses(campagne):
    invitees = inviter(campagne, PersonneFactory.create_batch(8, mot_de_passe=None))
    assert ensemble(*map(_repondre, invitees)) == [None] * 8
    assert Reponse.objects.count() == Invitation.objects.filter(remplie=True).count() == 8


def test_repondre_pendant_quon_ferme_compte_ou_se_refuse(campagne, invitees):
    ensemble(*map(_repondre, invitees), lambda: fermer_campagne(campagne))
    remplies = Invitation.objects.filter(remplie=True).count()
    assert Reponse.objects.count() == remplies
    lot = Campagne.objects.get().lot
    assert (lot.reponses if lot else None) == (remplies if remplies >= 5 else None)


def test_de_petites_campagnes_fermees_ensemble_nentrent_que_dans_un_lot():
    campagnes = []
    for rang in range(4):
        campagnes.append(ouvrir_campagne(CODE, cle=str(rang), mesure="essai", annee=2026, libelle=str(rang)))
        for invitation in inviter(campagnes[-1], PersonneFactory.create_batch(3, mot_de_passe=None)):
            _repondre(invitation)()
    ensemble(*(lambda c=campagne: fermer_campagne(c) for campagne in campagnes))
    for lot in Lot.objects.all():
        assert lot.reponses == Reponse.objects.filter(campagne__lot=lot).count() == lot.repondants >= 5


def test_inviter_et_ouvrir_ensemble_ne_doublent_rien():
    personne = PersonneFactory()

    def geste():
        campagne = ouvrir_campagne(CODE, cle="une", mesure="essai", annee=2026, libelle="une")
        inviter(campagne, [personne])

    assert ensemble(*[geste] * 6) == [None] * 6
    assert Campagne.objects.count() == Invitation.objects.count() == Courriel.objects.count() == 1
