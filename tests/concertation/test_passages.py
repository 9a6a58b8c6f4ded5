"""L’histoire d’une situation ne se corrige pas, même par une requête écrite à la main, et ses motifs y sont chiffrés."""

import pytest
from django.db import InternalError, connection, transaction

from concertation.actions import plans, situations
from concertation.models import PassageComite, PassageImpasse, PassageOrientation, PassageSituation
from encadrement.journal.models import LigneInalterable
from encadrement.socle import coffre
from tests.concertation import scenes

pytestmark = pytest.mark.django_db


def _impasse_entamee(d):
    impasse = scenes.impasse_ouverte(d)
    scenes.impasses.entamer_solution(impasse, par=d.autre_gestionnaire)


PASSAGES = [
    (PassageSituation, scenes.situation_recevable),
    (PassageOrientation, scenes.orientation_non_appliquee),
    (PassageComite, scenes.rencontre_annulee),
    (PassageImpasse, _impasse_entamee),
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


# --- Le motif : lisible avec la clé, illisible sans -----------------------------------------------------------------

SECRET = "La voisine, à Cap-aux-Os, a appelé trois fois."


def _en_base(modele):
    with connection.cursor() as curseur:
        curseur.execute(f"SELECT motif FROM {modele._meta.db_table}")
        return " ".join(motif for (motif,) in curseur.fetchall())


def test_le_motif_dune_situation_est_chiffre_par_sa_cle(distribution):
    d = distribution
    situation = scenes.situation_transmise(d)
    situations.demander_precisions(situation, par=d.coordonnatrice, motif=SECRET)
    passage = situation.passages.last()
    assert passage.texte == SECRET
    assert "Cap-aux-Os" not in _en_base(PassageSituation)
    coffre.detruire_cle(situation.uuid)
    assert PassageSituation.objects.get(pk=passage.pk).texte == "Contenu détruit."


def test_la_raison_dune_orientation_non_appliquee_est_chiffree(distribution):
    d = distribution
    orientation = scenes.orientation(d)
    plans.ne_pas_appliquer_orientation(orientation, par=orientation.responsable, raison_du_refus=SECRET)
    passage = orientation.passages.last()
    assert passage.texte == SECRET
    assert "Cap-aux-Os" not in _en_base(PassageOrientation)
    coffre.detruire_cle(orientation.situation.uuid)
    assert PassageOrientation.objects.get(pk=passage.pk).texte == "Contenu détruit."


def test_deux_situations_au_meme_motif_ne_se_ressemblent_pas(distribution):
    """Rien dans la base ne dit que deux décisions ont été motivées de la même façon."""
    d = distribution
    for situation in (scenes.situation_transmise(d), scenes.situation_transmise(d)):
        situations.declarer_recevable(situation, par=d.coordonnatrice, motif=SECRET)
    motifs = PassageSituation.objects.exclude(motif="").values_list("motif", flat=True)
    assert len(set(motifs)) == len(motifs) == 2


def test_un_passage_sans_motif_reste_vide(distribution):
    passage = scenes.situation_a_attester(distribution).passages.last()
    assert (passage.motif, passage.texte) == ("", "")
