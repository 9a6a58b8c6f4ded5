"""Une requête rejouée pour chacun rend ce que l’ORM rendrait, et PostgreSQL ne la planifie qu’une fois par connexion."""

import datetime

import pytest
from django.db import connection
from django.db.models import Value

from encadrement.acces.requetes import RequeteParPersonne
from encadrement.personnes.models import Delegation, Personne, RoleAttribue
from encadrement.socle.requetes import CLE, RequetePreparee
from encadrement.socle.temps import jour_local

HIER = datetime.timedelta(days=1)


def _representes_entres_avant(personne, jour):
    """Ceux que la personne représente et dont la délégation court ce jour-là, et elle-même ; la DSM les voit tous."""
    toutes = Personne.objects.order_by("pk").values_list("pk", "nom", "date_entree_service")
    if RoleAttribue.DSM in personne.roles_attribues:
        return toutes.filter(date_entree_service__lte=jour)
    return toutes.filter(pk__in=sorted(personne.represente_ids), date_entree_service__lte=jour)


@pytest.fixture
def requete():
    return RequeteParPersonne(_representes_entres_avant)


def _lignes(requete, personne, jour):
    return [tuple(ligne) for ligne in requete.lignes(personne, jour)]


def test_elle_rend_a_chacun_ses_lignes(distribution, requete):
    Personne.objects.update(date_entree_service=jour_local())
    Personne.objects.filter(pk=distribution.gestionnaire.pk).update(date_entree_service=jour_local() - HIER)
    attendues = {
        (nom, jour): list(_representes_entres_avant(personne, jour))
        for nom, personne in distribution
        if nom != "inactif"
        for jour in (jour_local(), jour_local() - HIER)
    }
    recues = {(nom, jour): _lignes(requete, distribution[nom], jour) for nom, jour in attendues}
    assert recues == attendues
    assert len(attendues["delegue", jour_local()]) == 2
    assert [nom for _, nom, _ in attendues["delegue", jour_local() - HIER]] == [distribution.gestionnaire.nom]


@pytest.mark.parametrize("nom", ["delegue", "dsm"])
def test_un_delegant_de_plus_et_la_requete_le_sait(distribution, requete, nom):
    """Même quand son SQL n’en parle pas, comme celui de la DSM : le nombre de valeurs à donner a changé."""
    Personne.objects.update(date_entree_service=jour_local())
    avant = _lignes(requete, distribution[nom], jour_local())
    Delegation.objects.create(
        de=distribution.autre_gestionnaire, a=distribution[nom], debut=jour_local(), fin=jour_local(), motif="Congé"
    )
    relue = Personne.objects.get(pk=distribution[nom].pk)
    apres = _lignes(requete, relue, jour_local())
    assert apres == list(_representes_entres_avant(relue, jour_local()))
    assert len(apres) - len(avant) == (1 if nom == "delegue" else 0)


def test_un_compte_ferme_ne_recoit_rien(distribution, requete):
    assert _lignes(requete, distribution.inactif, jour_local()) == []


def _preparees():
    with connection.cursor() as curseur:
        curseur.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'preparee_%'")
        return curseur.fetchone()[0]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_elle_ne_se_prepare_quune_fois_par_connexion(distribution, requete):
    connection.close()
    assert _preparees() == 0
    for nom in ("mentor", "mentore", "mentor"):
        # Ses titres, ceux qu’elle représente, et la requête elle-même.
        requete.lignes(Personne.objects.get(pk=distribution[nom].pk), jour_local())
        assert _preparees() == 3
    connection.close()
    assert len(requete.lignes(Personne.objects.get(pk=distribution.mentor.pk), jour_local())) == 1
    assert _preparees() == 3


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_la_moins_recente_laisse_sa_place(distribution, monkeypatch):
    connection.close()
    monkeypatch.setattr("encadrement.socle.requetes.PREPAREES_AU_PLUS", 2)

    def annees(nombre):
        return RequetePreparee(lambda cle: Personne.objects.filter(pk=cle).values_list(Value(nombre)), CLE)

    premiere, deuxieme, troisieme = map(annees, (1, 2, 3))
    for requete, nombre in ((premiere, 1), (deuxieme, 2), (premiere, 1), (troisieme, 3), (premiere, 1), (deuxieme, 2)):
        assert requete.lignes(distribution.mentor.pk) == [[nombre]]
        assert _preparees() <= 2
