"""L’histoire d’un dossier ne se corrige pas, même par une requête écrite à la main."""

import pytest
from django.db import InternalError, connection, transaction

from encadrement.journal.models import LigneInalterable
from mentorat.models import PassageEntente
from tests.mentorat import scenes

pytestmark = pytest.mark.django_db


def test_un_passage_ne_se_corrige_ni_ne_sefface(distribution):
    passage = scenes.entente(distribution, "a_signer").passages.first()
    passage.motif = "autre"
    with pytest.raises(LigneInalterable):
        passage.save()
    with pytest.raises(LigneInalterable):
        passage.delete()
    with pytest.raises(LigneInalterable):
        PassageEntente.objects.update(motif="autre")


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "requete", ["UPDATE mentorat_passageentente SET motif = 'autre'", "DELETE FROM mentorat_passageentente"]
)
def test_postgresql_refuse_de_reecrire_un_passage(distribution, requete):
    scenes.entente(distribution, "a_signer")
    with pytest.raises(InternalError, match="ne se corrige"), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(requete)
