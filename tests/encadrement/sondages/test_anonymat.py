"""Rien ne relie une réponse à une personne : ni une clé, ni une valeur, ni une heure, ni la place d’une ligne."""

import json

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from encadrement.personnes.models import Personne
from encadrement.sondages import actions
from encadrement.sondages.models import Invitation, Lot, Questionnaire, Reponse
from tests.encadrement.sondages.essai import repondre_a
from tests.factories import PersonneFactory

pytestmark = pytest.mark.django_db


def _cles(modele):
    return [champ for champ in modele._meta.get_fields() if isinstance(champ, models.ForeignKey)]


def _atteints(modele):
    """Rend tous les modèles qu’on atteint de celui-ci en suivant ses clés étrangères, de proche en proche."""
    vus, a_voir = set(), [modele]
    while a_voir:
        suivant = a_voir.pop()
        if suivant not in vus:
            vus.add(suivant)
            a_voir += [cle.related_model for cle in _cles(suivant)]
    return vus


@pytest.mark.exigence("R-073", "R-143", "R-445")
def test_aucune_cle_ne_mene_dune_reponse_a_une_personne():
    atteints = _atteints(Reponse)
    assert Personne not in atteints
    assert Invitation not in atteints
    assert {modele.__name__ for modele in atteints} == {"Reponse", "Campagne", "Questionnaire", "Lot"}


def test_aucun_modele_ne_pointe_vers_une_reponse():
    assert [modele for modele in apps.get_models() for cle in _cles(modele) if cle.related_model is Reponse] == []


def test_de_la_reponse_on_natteint_linvitation_que_par_toute_la_campagne(campagne, invitees):
    repondre_a(invitees)
    for reponse in Reponse.objects.all():
        assert set(Invitation.objects.filter(campagne__reponses=reponse)) == set(invitees)


@pytest.mark.exigence("R-073")
def test_la_reponse_na_ni_date_ni_heure_ni_numero_dordre(campagne, invitees):
    interdits = (models.DateField, models.TimeField, models.AutoField, models.IntegerField)
    assert [champ for champ in Reponse._meta.get_fields() if isinstance(champ, interdits)] == []
    assert [champ for champ in Invitation._meta.get_fields() if isinstance(champ, models.DateTimeField)] == []
    repondre_a(invitees)
    assert {reponse.pk.version for reponse in Reponse.objects.all()} == {4}


def test_le_chiffre_ne_dit_pas_lheure(campagne, invitees):
    repondre_a(invitees)
    coffre = Reponse._meta.get_field("contenu")._coffre
    with connection.cursor() as curseur:
        curseur.execute("SELECT contenu FROM sondages_reponse")
        jetons = [jeton for (jeton,) in curseur.fetchall()]
    assert {coffre._fernets[0].extract_timestamp(jeton) for jeton in jetons} == {0}
    assert "Plus de temps" not in str(jetons)


def test_aucune_autre_table_ne_garde_quoi_que_ce_soit_de_la_reponse(campagne, invitees):
    repondre_a(invitees[:1], mot="Phrase à ne retrouver nulle part")
    cle = Reponse.objects.get().pk.hex
    with connection.cursor() as curseur:
        for table in connection.introspection.table_names(curseur):
            curseur.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            contenu = str(curseur.fetchall())
            assert "Phrase à ne retrouver nulle part" not in contenu, table
            assert table == "sondages_reponse" or cle not in contenu.replace("-", ""), table


def _notes():
    return sorted(json.loads(reponse.contenu)["note"] for reponse in Reponse.objects.all())


def test_chaque_reponse_fait_reecrire_les_autres_dans_un_ordre_tire_au_sort(campagne, monkeypatch):
    invitees = actions.inviter(campagne, PersonneFactory.create_batch(8, mot_de_passe=None))
    tirages, avant = [], set()
    monkeypatch.setattr(actions._HASARD, "shuffle", lambda liste: tirages.append(len(liste)))
    for note, invitation in enumerate(invitees):
        repondre_a([invitation], note=note)
        ecrites = set(Reponse.objects.values_list("pk", flat=True))
        assert not avant & ecrites
        avant = ecrites
    assert tirages == list(range(1, 9))
    assert _notes() == list(range(8))


def test_le_brassage_ne_reecrit_jamais_plus_dun_paquet(campagne, monkeypatch):
    monkeypatch.setattr(actions, "BRASSAGE", 3)
    invitees = actions.inviter(campagne, PersonneFactory.create_batch(6, mot_de_passe=None))
    for note, invitation in enumerate(invitees):
        avant = set(Reponse.objects.values_list("pk", flat=True))
        repondre_a([invitation], note=note)
        gardees = avant & set(Reponse.objects.values_list("pk", flat=True))
        assert len(gardees) == max(0, note - 3)
    assert _notes() == list(range(6))


def test_le_hasard_vient_du_systeme():
    assert type(actions._HASARD).__name__ == "SystemRandom"


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_le_numero_de_transaction_ne_relie_pas_linvitation_a_la_reponse(campagne, invitees):
    repondre_a(invitees)
    with connection.cursor() as curseur:
        curseur.execute("SELECT xmin::text FROM sondages_reponse")
        des_reponses = [numero for (numero,) in curseur.fetchall()]
        curseur.execute("SELECT xmin::text FROM sondages_invitation WHERE remplie")
        des_invitations = [numero for (numero,) in curseur.fetchall()]
    assert len(set(des_invitations)) == len(invitees)
    assert len(set(des_reponses)) == 1


@pytest.mark.postgresql
def test_une_version_publiee_et_un_lot_ne_changent_plus_meme_en_base(campagne, invitees):
    repondre_a(invitees)
    actions.fermer_campagne(campagne)
    for modele, champs in ((Questionnaire, {"nom": "Autre"}), (Lot, {"repondants": 7, "reponses": 7})):
        for geste in (
            lambda m=modele, c=champs: m.objects.update(**c),
            lambda m=modele: m.objects.all()._raw_delete("default"),
        ):
            with pytest.raises(DatabaseError, match="ne"), transaction.atomic():
                geste()
