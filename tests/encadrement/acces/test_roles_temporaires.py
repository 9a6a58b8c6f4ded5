"""Un rôle tenu pour un temps : il ouvre à l’instant dit, ferme à l’autre, et ses trois faces le disent à la minute."""

import datetime

import pytest
from django.utils import timezone

from encadrement.acces.matrice import Acte, Matrice
from encadrement.acces.roles import RoleRelatif, RoleTemporaire, TouteLaMaison
from encadrement.notifications.models import Courriel
from encadrement.personnes.models import Delegation, Personne
from encadrement.socle.temps import jour_local
from tests.encadrement.acces.trois_faces import desaccords, relire

pytestmark = pytest.mark.django_db

HEURE = datetime.timedelta(hours=1)
# Un courriel d’essai tient lieu de lien daté : envoyé le, lu le, à qui, à propos de quoi.
FENETRE = RoleTemporaire(
    "convie", "la personne conviée", lien=Courriel, vers_objet="a__delegations_recues", vers_personne="a",
    ouvre="envoye_le", ferme="lu_le",
)  # fmt: skip
TITULAIRE = RoleRelatif("titulaire", "qui délègue", chemin="de")


@pytest.fixture
def matrice(monkeypatch):
    """Une matrice d’essai sur les délégations ; elle n’est pas inscrite."""
    monkeypatch.setattr(Matrice, "toutes", [])
    return Matrice(
        Delegation,
        {
            "pendant": Acte("Pendant la fenêtre", (FENETRE,)),
            "sauf": Acte("Sauf pendant la fenêtre", (TouteLaMaison("tous", "tous"),), sauf=(FENETRE,)),
            "avant": Acte("Avant la révocation", (TITULAIRE.avant("revoquee_le"),)),
            "chemin": Acte("Avant un instant lointain", (TITULAIRE.avant("a__last_login"),)),
            "quand_et_avant": Acte(
                "Les deux", (TITULAIRE.quand("motif", {"Congé annuel"}).avant("revoquee_le", "tant qu’elle vaut"),)
            ),
        },
    )


@pytest.fixture
def delegation(distribution):
    return Delegation.objects.get(a=distribution.delegue)


def _lien(personne, ouvre, ferme):
    """Crée le lien daté ; `ouvre` et `ferme` en heures à partir de maintenant, ou None."""
    instants = {
        champ: timezone.now() + ecart * HEURE if ecart is not None else None
        for champ, ecart in (("envoye_le", ouvre), ("lu_le", ferme))
    }
    courriel = Courriel.objects.create(a=personne, adresse=personne.courriel, cle="essai", gabarit="essai", objet="x")
    Courriel.objects.filter(pk=courriel.pk).update(**instants)


@pytest.mark.parametrize(
    ("ouvre", "ferme", "vaut"),
    [
        (-1, 1, True),
        (0, 1, True),
        (1, 2, False),
        (-2, -1, False),
        # L’instant où il se ferme n’en est déjà plus.
        (-1, 0, False),
        # Sans début ou sans fin, il ne s’est jamais ouvert : rien ne s’ouvre par oubli.
        (None, 1, False),
        (-1, None, False),
        (None, None, False),
    ],
)
def test_le_role_ne_vaut_que_de_son_ouverture_a_sa_fermeture(
    matrice, distribution, delegation, time_machine, ouvre, ferme, vaut
):
    time_machine.move_to(timezone.now(), tick=False)
    d = distribution
    _lien(d.delegue, ouvre, ferme)
    assert matrice.peut(relire(d.delegue), "pendant", delegation) is vaut
    assert matrice.peut(relire(d.delegue), "sauf", delegation) is not vaut
    assert not matrice.peut(relire(d.collegue), "pendant", delegation)
    assert desaccords(matrice, Delegation.objects.all(), d, ["pendant", "sauf"]) == []


def test_le_temps_qui_passe_suffit_a_le_fermer(matrice, distribution, delegation, time_machine):
    """Rien n’est à balayer : la requête suivante ne voit plus rien."""
    time_machine.move_to(timezone.now(), tick=False)
    d = distribution
    _lien(d.delegue, -1, 1)
    for ecart, vaut in ((datetime.timedelta(minutes=59), True), (datetime.timedelta(minutes=1), False)):
        time_machine.shift(ecart)
        assert matrice.peut(relire(d.delegue), "pendant", delegation) is vaut
        assert matrice.objets(relire(d.delegue), "pendant").exists() is vaut
        assert matrice.personnes("pendant", delegation).exists() is vaut


def test_un_compte_ferme_pendant_sa_fenetre_ne_lit_plus(matrice, distribution, delegation):
    d = distribution
    _lien(d.delegue, -1, 1)
    Personne.objects.filter(pk=d.delegue.pk).update(is_active=False)
    assert not matrice.peut(relire(d.delegue), "pendant", delegation)
    assert not matrice.personnes("pendant", delegation).exists()


# --- Un rôle qui cesse à un instant de l’objet --------------------------------------------------------------------


@pytest.mark.parametrize(("heures", "vaut"), [(None, True), (1, True), (0, False), (-1, False)])
@pytest.mark.parametrize("acte", ["avant", "chemin", "quand_et_avant"])
def test_un_role_cesse_a_linstant_que_dit_lobjet_et_vaut_tant_quil_nen_dit_aucun(
    matrice, distribution, delegation, time_machine, acte, heures, vaut
):
    time_machine.move_to(timezone.now(), tick=False)
    d = distribution
    instant = timezone.now() + heures * HEURE if heures is not None else None
    if acte == "chemin":
        Personne.objects.filter(pk=d.delegue.pk).update(last_login=instant)
    else:
        Delegation.objects.filter(pk=delegation.pk).update(revoquee_le=instant)
    relue = Delegation.objects.get(pk=delegation.pk)
    assert matrice.peut(relire(d.gestionnaire), acte, relue) is vaut
    assert not matrice.peut(relire(d.collegue), acte, relue)
    assert desaccords(matrice, [relue], d, [acte]) == []


def test_la_precision_se_lit_dans_le_libelle_et_lancien_role_ne_change_pas():
    precis = TITULAIRE.avant("revoquee_le", "jusqu’à la révocation")
    assert precis.libelle == "qui délègue (jusqu’à la révocation)"
    assert (TITULAIRE.libelle, TITULAIRE.jusqu_a) == ("qui délègue", "")
    assert TITULAIRE.avant("revoquee_le").libelle == TITULAIRE.libelle


def test_un_objet_neuf_sans_instant_ni_ligne_ne_donne_rien_a_personne(matrice, distribution):
    d = distribution
    neuve = Delegation.objects.create(de=d.dsm, a=d.collegue, debut=jour_local(), fin=jour_local(), motif="x")
    assert not matrice.personnes("pendant", neuve).exists()
    assert list(matrice.personnes("avant", neuve)) == [d.dsm]
