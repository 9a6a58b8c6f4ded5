"""Le cycle entier par les actions : du besoin à la clôture."""

import pytest

from encadrement.documents.models import Document
from encadrement.sondages.models import Invitation
from mentorat.models import Transmission
from tests.mentorat import scenes

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("etat", scenes.CHEMIN)
def test_lentente_atteint_chaque_etat_du_chemin(distribution, etat):
    assert scenes.entente(distribution, etat).etat == etat


@pytest.mark.exigence("R-058", "R-070", "R-071", "R-343")
def test_la_cloture_laisse_trois_documents_trois_copies_et_deux_evaluations(distribution):
    entente = scenes.entente(distribution, "close")
    natures = Document.objects.values_list("instantane__nature", flat=True)
    assert sorted(natures) == ["entente", "finale", "mi_temps"]
    copies = Transmission.objects.filter(entente=entente).values_list("nature", "destinataire")
    assert sorted(copies) == [("entente", "drhcaj"), ("entente", "dsm"), ("finale", "dsm")]
    invitations = Invitation.objects.filter(sujet=entente.uuid)
    assert dict(invitations.values_list("personne", "campagne__questionnaire__code")) == {
        distribution.mentor.pk: "mentorat-mentor",
        distribution.mentore.pk: "mentorat-mentore",
    }
