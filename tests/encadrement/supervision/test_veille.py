"""Le chien de garde : un avis par panne, remis par lui-même, au pilote."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from encadrement.notifications.battements import TRAVAILLEUR, battre
from encadrement.notifications.models import Courriel, EtatCourriel
from encadrement.supervision import controles
from encadrement.supervision.models import Panne
from encadrement.supervision.veille import veiller


@pytest.fixture(autouse=True)
def disque(monkeypatch):
    bien = controles.Controle("disque", controles.BIEN, "")
    monkeypatch.setattr(controles, "disque", lambda: bien)


def test_un_battement_manque_avise_le_pilote_une_fois_meme_sans_travailleur(
    distribution, courrier, annoncer, time_machine
):
    d, depart = distribution, timezone.now()
    annoncer(d.mentor)
    battre(TRAVAILLEUR)
    assert veiller() == []
    for minutes in (4, 9, 14):
        time_machine.move_to(depart + datetime.timedelta(minutes=minutes), tick=False)
        assert [controle.nom for controle in veiller()] == ["battement"]
    assert courrier.adresses == [d.pilote.courriel]
    # Il remet son avis, pas la file : le reste est au travailleur.
    assert Courriel.objects.get(a=d.mentor).etat == EtatCourriel.A_ENVOYER
    battre(TRAVAILLEUR)
    veiller()
    assert not Panne.objects.filter(fin=None).exists()
    time_machine.move_to(depart + datetime.timedelta(minutes=30), tick=False)
    veiller()
    assert len(courrier.recus) == 2


def test_un_courriel_qui_attend_trop_avise_et_l_avis_ne_dit_rien_de_lui(distribution, courrier, annoncer, time_machine):
    annoncer(distribution.mentor)
    time_machine.move_to(timezone.now() + datetime.timedelta(minutes=61), tick=False)
    battre(TRAVAILLEUR)
    courrier.a_l_ouverture = ConnectionRefusedError("refusé")
    veiller()
    veiller()
    avis = Courriel.objects.get(gabarit="supervision/panne")
    assert (avis.a, avis.etat) == (distribution.pilote, EtatCourriel.A_ENVOYER)
    assert distribution.mentor.nom not in avis.texte


def test_la_commande_echoue_tant_qu_une_panne_dure(distribution, courrier, capsys):
    with pytest.raises(CommandError, match="battement"):
        call_command("veiller")
    battre(TRAVAILLEUR)
    call_command("veiller")
    assert "Tout marche." in capsys.readouterr().out
