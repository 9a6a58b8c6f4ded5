"""L’histoire d’une consultation ne se corrige pas, même par une requête écrite à la main."""

import pytest
from django.db import InternalError, connection, transaction

from consultation.models import PassageConsultation, PassageFicheExpert
from encadrement.demandes.models import PassageDemandeService
from encadrement.journal.models import LigneInalterable
from tests.consultation import scenes

pytestmark = pytest.mark.django_db

PASSAGES = [
    (PassageConsultation, scenes.demande_non_pertinente),
    (PassageFicheExpert, scenes.fiche_inscrite),
    (PassageDemandeService, scenes.soutien_transmis),
]


@pytest.mark.parametrize(("modele", "scene"), PASSAGES)
def test_un_passage_ne_se_corrige_ni_ne_sefface(distribution, modele, scene):
    scene(distribution)
    passage = modele.objects.first()
    passage.motif = "autre"
    with pytest.raises(LigneInalterable):
        passage.save()
    with pytest.raises(LigneInalterable):
        passage.delete()
    with pytest.raises(LigneInalterable):
        modele.objects.update(motif="autre")
    with pytest.raises(LigneInalterable):
        modele.objects.all().delete()


@pytest.mark.postgresql
@pytest.mark.parametrize("requete", ["UPDATE {} SET motif = 'autre'", "DELETE FROM {}"])
@pytest.mark.parametrize(("modele", "scene"), PASSAGES)
def test_postgresql_refuse_de_reecrire_un_passage(distribution, requete, modele, scene):
    scene(distribution)
    with pytest.raises(InternalError, match="ne se corrige"), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(requete.format(modele._meta.db_table))
