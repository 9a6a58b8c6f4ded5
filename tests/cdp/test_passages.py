"""L’histoire d’une communauté ne se corrige pas, même par une requête écrite à la main."""

import pytest
from django.db import InternalError, connection, transaction

from cdp.actions.heures import accorder_heures
from cdp.models import PassageCommunaute, PassageRencontre
from encadrement.journal.models import LigneInalterable
from tests.cdp import scenes

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("modele", "scene"), [(PassageCommunaute, scenes.communaute_active), (PassageRencontre, scenes.rencontre_convoquee)]
)
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


def _heures_accordees(d):
    accorder_heures(scenes.heures_demandees(d), par=d.parrain)


@pytest.mark.postgresql
@pytest.mark.parametrize("requete", ["UPDATE cdp_{} SET motif = 'autre'", "DELETE FROM cdp_{}"])
@pytest.mark.parametrize(
    ("passages", "scene"),
    [
        ("passagecommunaute", scenes.communaute_active),
        ("passageadhesion", scenes.communaute_active),
        ("passageplan", scenes.plan_soumis),
        ("passagerapport", scenes.rapport_soumis),
        ("passagerencontre", scenes.rencontre_convoquee),
        ("passagedepassement", _heures_accordees),
    ],
)
def test_postgresql_refuse_de_reecrire_un_passage(distribution, requete, passages, scene):
    scene(distribution)
    with pytest.raises(InternalError, match="ne se corrige"), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(requete.format(passages))
