"""Chaque matrice, chaque acte, chaque personne : les trois faces s’accordent, et rien ne s’ouvre tout seul."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from encadrement.acces.matrice import AccesRefuse, Acte, Invisible, Matrice
from encadrement.acces.roles import MembreDuCM, RoleGlobal, RoleMembre, RoleRelatif, TouteLaMaison
from encadrement.accueil.droits import DROITS_ATTRIBUTION, DROITS_DELEGATION
from encadrement.personnes.models import Attribution, Delegation, Personne, RoleAttribue
from encadrement.socle.temps import jour_local
from tests.distribution import Distribution
from tests.encadrement.acces.trois_faces import desaccords, permis, relire

JOUR = datetime.timedelta(days=1)
GESTIONNAIRE = RoleRelatif("gestionnaire", "le gestionnaire", chemin="personne__superieur", delegable=True)
TITULAIRE = RoleRelatif("titulaire", "la personne", chemin="personne")


@pytest.fixture
def matrice(monkeypatch):
    """Une matrice d’essai sur les attributions, qui emploie chaque sorte de rôle ; elle n’est pas inscrite."""
    monkeypatch.setattr(Matrice, "toutes", [])
    approuvees = GESTIONNAIRE.quand("role", {RoleAttribue.APPR, RoleAttribue.DSM}, "pour une APPR")
    delegants = RoleMembre(
        "delegant", "qui lui délègue", lien=Delegation, vers_objet="a__attributions", vers_personne="de"
    )
    return Matrice(
        Attribution,
        {
            "relatif": Acte("Relatif", (TITULAIRE,)),
            "delegable": Acte("Délégable", (GESTIONNAIRE,), sauf=(TITULAIRE,)),
            "conditionnel": Acte("Conditionnel", (approuvees,)),
            "global": Acte("Global", (RoleGlobal(RoleAttribue.APPR, "APPR"),), sauf=(TITULAIRE, GESTIONNAIRE)),
            "membre": Acte("Membre", (delegants, TITULAIRE)),
            "maison": Acte("Maison", (TouteLaMaison("tous", "tous"),), sauf=(MembreDuCM("cm", "membre du CM"),)),
            "personne": Acte("Personne", ()),
        },
    )


def test_les_trois_faces_s_accordent_pour_chaque_sorte_de_role(matrice, distribution):
    assert desaccords(matrice, Attribution.objects.all(), distribution) == []


def test_les_trois_faces_s_accordent_pour_chaque_matrice_de_la_maison(distribution):
    assert {DROITS_ATTRIBUTION, DROITS_DELEGATION} <= set(Matrice.toutes)
    for matrice in Matrice.toutes:
        assert desaccords(matrice, matrice.modele._default_manager.all()[:40], distribution) == []


def test_chaque_matrice_dit_qui_voit_et_ses_roles_se_lisent():
    for matrice in Matrice.toutes:
        assert matrice.actes.keys() & {"voir", "voir_ensemble", "repondre"}, matrice.code
        for code, acte in matrice.actes.items():
            assert acte.libelle[:1].isupper(), f"{matrice.code}.{code}"
            assert all(role.libelle for role in (*acte.roles, *acte.sauf)), f"{matrice.code}.{code}"


@pytest.mark.parametrize("nom", ["superutilisateur", "inactif", "ancien_gestionnaire"])
def test_sans_role_en_vigueur_on_ne_voit_ni_roles_ni_delegations_des_autres(distribution, nom):
    personne = relire(distribution[nom])
    for droits in (DROITS_ATTRIBUTION, DROITS_DELEGATION):
        siens = {objet.pk for objet in droits.objets(personne)}
        siens -= set(Attribution.objects.filter(personne=personne).values_list("pk", flat=True))
        siens -= set(Delegation.objects.filter(a=personne).values_list("pk", flat=True))
        assert siens == set()


def test_etre_superutilisateur_n_ouvre_aucun_acte(distribution):
    superutilisateur = relire(distribution.superutilisateur)
    assert superutilisateur.is_superuser
    for matrice in (DROITS_ATTRIBUTION, DROITS_DELEGATION):
        for acte in matrice.actes:
            assert not matrice.objets(superutilisateur, acte).exists()


def test_un_compte_ferme_ne_peut_rien_meme_de_ce_qui_est_a_lui(distribution):
    inactif = relire(distribution.inactif)
    siennes = Attribution.objects.filter(personne=inactif)
    assert siennes.exists()
    for acte in DROITS_ATTRIBUTION.actes:
        assert not DROITS_ATTRIBUTION.objets(inactif, acte).exists()
        assert not any(DROITS_ATTRIBUTION.peut(inactif, acte, objet) for objet in siennes)
        assert not any(inactif in DROITS_ATTRIBUTION.personnes(acte, objet) for objet in siennes)


def test_personne_de_connecte_ne_peut_rien(distribution):
    objet = Attribution.objects.first()
    for visiteur in (None, AnonymousUser()):
        assert not DROITS_ATTRIBUTION.peut(visiteur, "voir", objet)
        assert not DROITS_ATTRIBUTION.objets(visiteur).exists()


@pytest.mark.parametrize(
    ("du", "au", "vaut"), [(-2, -1, False), (-1, 0, True), (0, 0, True), (0, 1, True), (1, 2, False)]
)
def test_le_delegue_agit_du_premier_au_dernier_jour_et_pas_un_de_plus(matrice, distribution, du, au, vaut):
    d = distribution
    Attribution.objects.filter(personne=d.collegue).delete()
    objet = Attribution.objects.create(
        personne=d.collegue, role=RoleAttribue.APPR, motif="x", proposee_par=d.dsm, approuvee_par=d.prp
    )
    Delegation.objects.all().delete()
    Delegation.objects.create(
        de=d.gestionnaire, a=d.autre_gestionnaire, debut=jour_local() + du * JOUR, fin=jour_local() + au * JOUR
    )
    delegue = relire(d.autre_gestionnaire)
    assert matrice.peut(delegue, "delegable", objet) is vaut
    assert GESTIONNAIRE.au_nom_de(delegue, objet) == d.gestionnaire
    assert GESTIONNAIRE.au_nom_de(d.gestionnaire, objet) is None
    assert desaccords(matrice, [objet], distribution) == []


def test_une_delegation_ne_donne_que_les_roles_qui_se_deleguent(matrice, distribution):
    d = distribution
    objet = Attribution.objects.create(
        personne=d.gestionnaire, role=RoleAttribue.APPR, motif="x", proposee_par=d.dsm, approuvee_par=d.prp
    )
    assert matrice.peut(relire(d.gestionnaire), "relatif", objet)
    assert not matrice.peut(relire(d.delegue), "relatif", objet)
    assert not matrice.peut(relire(d.delegue), "global", objet)


def test_un_role_termine_hier_ne_vaut_plus_et_un_role_non_approuve_jamais(distribution):
    d = distribution
    hier = jour_local() - JOUR
    Attribution.objects.filter(personne=d.appr).update(debut=hier, fin=hier)
    assert relire(d.appr).roles_attribues == frozenset()
    Attribution.objects.filter(personne=d.dsm).update(approuvee_par=None)
    assert relire(d.dsm).roles_attribues == frozenset()


def test_changer_de_superieur_change_le_gestionnaire_tout_de_suite(matrice, distribution):
    d = distribution
    objet = Attribution.objects.filter(personne=d.appr).first()
    assert matrice.peut(relire(d.dsm), "delegable", objet)
    Personne.objects.filter(pk=d.appr.pk).update(superieur=d.autre_gestionnaire)
    objet = Attribution.objects.get(pk=objet.pk)
    assert not matrice.peut(relire(d.dsm), "delegable", objet)
    assert matrice.peut(relire(d.autre_gestionnaire), "delegable", objet)


def test_un_acte_inconnu_est_une_faute_pas_un_refus(distribution):
    objet = Attribution.objects.first()
    for face in (
        lambda: DROITS_ATTRIBUTION.peut(distribution.dsm, "aprouver", objet),
        lambda: DROITS_ATTRIBUTION.objets(distribution.dsm, "aprouver"),
        lambda: DROITS_ATTRIBUTION.personnes("aprouver", objet),
        lambda: DROITS_ATTRIBUTION.exiger(distribution.dsm, "aprouver", objet),
    ):
        with pytest.raises(KeyError):
            face()


def test_exiger_dit_a_qui_revient_l_acte_et_trouver_ne_dit_rien(distribution):
    objet = Attribution.objects.filter(personne=distribution.appr).first()
    with pytest.raises(AccesRefuse, match="« Approuver le rôle »\\) revient à : la DSM, le responsable"):
        DROITS_ATTRIBUTION.exiger(distribution.pilote, "approuver", objet)
    for uuid in (objet.uuid, "00000000-0000-4000-8000-000000000000"):
        with pytest.raises(Invisible, match="introuvable") as refus:
            DROITS_ATTRIBUTION.trouver(relire(distribution.mentore), uuid=uuid)
        assert isinstance(refus.value, Http404)


ATTENDU = {
    "dsm": {"voir", "terminer"},
    "prp": {"voir", "terminer", "approuver"},
    "pilote": {"voir", "terminer", "proposer"},
    "appr": {"voir", "terminer"},
}


def test_le_role_d_une_appr_se_lit_dans_ce_tableau(distribution):
    objet = Attribution.objects.get(personne=distribution.appr)
    obtenu = permis(DROITS_ATTRIBUTION, objet, distribution)
    # La DSM a proposé ce rôle : elle ne l’approuve pas ; elle est aussi la supérieure de l’APPR.
    assert obtenu == {nom: ATTENDU.get(nom, set()) for nom in Distribution.noms()} | {
        "dsm": {"voir", "terminer", "proposer"}
    }
