"""Franchir une transition : verrou, relecture, droit, état, règles; puis état, passage et journal, ou rien."""

import pytest

from encadrement.acces.matrice import AccesRefuse
from encadrement.journal.models import Entree, LigneInalterable
from encadrement.personnes.models import Personne
from encadrement.trajectoire import models as trajectoire
from encadrement.trajectoire.dessin import boutons, etapes
from encadrement.trajectoire.transition import MotifRequis, RaisonRequise, Trajectoire, TransitionImpossible
from mentorat.models import Entente
from mentorat.trajectoire import ENTENTE
from tests.mentorat import scenes
from tests.mentorat.formulaire import adresse, champs_de, texte_de
from tests.mentorat.traces import rien_decrit

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_approuver(distribution):
    return scenes.entente(distribution, "a_approuver")


def test_un_passage_garde_qui_quoi_a_quel_titre_et_laisse_une_trace_au_journal(distribution, a_approuver):
    passage = a_approuver.franchir(ENTENTE["renvoyer"], par=distribution.delegue, motif="  Revoir.  ")
    assert (passage.de, passage.vers, passage.transition) == ("a_approuver", "brouillon", "renvoyer")
    assert (passage.par, passage.au_nom_de) == (distribution.delegue, distribution.gestionnaire)
    assert (passage.titre, passage.motif) == ("le gestionnaire du mentoré", "Revoir.")
    entree = Entree.objects.filter(objet_uuid=a_approuver.uuid).last()
    assert (entree.acte, entree.details) == (
        "mentorat.entente.renvoyer",
        {"de": "a_approuver", "vers": "brouillon"},
    )
    assert scenes.relire(a_approuver).depuis > a_approuver.cree_le


@pytest.mark.parametrize("motif", ["", "   ", "\n\t"])
def test_un_motif_blanc_nest_pas_un_motif(distribution, a_approuver, motif):
    with rien_decrit(), pytest.raises(MotifRequis):
        a_approuver.franchir(ENTENTE["renvoyer"], par=distribution.gestionnaire, motif=motif)


def test_secarter_dune_recommandation_demande_une_raison_gardee_au_passage(distribution):
    entente = scenes.remplir(scenes.entente_naissante(distribution), objectifs=[scenes.OBJECTIFS[1]] * 11)
    with rien_decrit(), pytest.raises(RaisonRequise) as refus:
        entente.franchir(ENTENTE["soumettre"], par=distribution.mentor, raison="  ")
    assert refus.value.exigences == ("R-330",)
    passage = entente.franchir(ENTENTE["soumettre"], par=distribution.mentor, raison="Ils sont petits.")
    assert passage.motif == "Ils sont petits."
    assert "11 objectifs" in passage.avertissements[0]


def test_letat_se_relit_sous_le_verrou(distribution, a_approuver):
    vieille = Entente.objects.get(pk=a_approuver.pk)
    a_approuver.franchir(ENTENTE["refuser"], par=distribution.gestionnaire, motif="Non.")
    with rien_decrit(), pytest.raises(TransitionImpossible) as refus:
        vieille.franchir(ENTENTE["renvoyer"], par=distribution.gestionnaire, motif="Revoir.")
    assert "maintenant à l’état « refusée »" in str(refus.value)


def test_une_regle_refusee_dit_toutes_ses_raisons_et_leurs_enonces(distribution):
    entente = scenes.entente_naissante(distribution)
    with rien_decrit(), pytest.raises(TransitionImpossible) as refus:
        entente.franchir(ENTENTE["soumettre"], par=distribution.mentor)
    assert len(refus.value.raisons) == 3
    assert {"R-329", "R-331", "R-332"} <= set(refus.value.exigences)


def test_lapplication_franchit_les_transitions_automatiques_et_elles_seules(distribution, a_approuver):
    systeme = Personne.objects.systeme()
    with rien_decrit(), pytest.raises(AccesRefuse):
        a_approuver.franchir(ENTENTE["renvoyer"], par=systeme, motif="Revoir.")
    Entente.objects.filter(pk=a_approuver.pk).update(etat="a_signer")
    passage = a_approuver.franchir(ENTENTE["presenter"], par=systeme)
    assert (passage.par, passage.titre, passage.au_nom_de) == (systeme, "application", None)


def test_personne_ne_pose_une_transition_automatique_a_sa_place(distribution, a_approuver):
    Entente.objects.filter(pk=a_approuver.pk).update(etat="a_signer")
    with rien_decrit(), pytest.raises(AccesRefuse):
        a_approuver.franchir(ENTENTE["presenter"], par=distribution.gestionnaire)


@pytest.mark.parametrize("etape", ["consigner", "passage"])
def test_une_panne_au_journal_ou_au_passage_annule_letat(distribution, a_approuver, monkeypatch, etape):
    def panne(*_args, **_options):
        raise RuntimeError("panne")

    cible = (trajectoire, "consigner") if etape == "consigner" else (trajectoire.PassageAbstrait, "save")
    monkeypatch.setattr(*cible, panne)
    with rien_decrit(), pytest.raises(RuntimeError):
        a_approuver.franchir(ENTENTE["renvoyer"], par=distribution.gestionnaire, motif="Revoir.")


def test_un_passage_ne_se_corrige_ni_ne_sefface(distribution, a_approuver):
    passage = a_approuver.passages.last()
    passage.motif = "Autre chose"
    for geste in (passage.save, passage.delete, a_approuver.passages.all().delete):
        with pytest.raises(LigneInalterable):
            geste()
    with pytest.raises(LigneInalterable):
        a_approuver.passages.update(motif="Autre chose")


# --- La page commune des verbes ---------------------------------------------------------------------------------


def test_ouvrir_la_page_dun_verbe_ne_fait_rien_et_dit_deja_ce_qui_manque(distribution, client_de):
    entente = scenes.entente_naissante(distribution)
    with rien_decrit():
        page = client_de(distribution.mentor).get(adresse("entente_soumettre", entente))
    assert page.status_code == 200
    assert "Écrivez au moins un objectif" in texte_de(page)
    assert "/cadre/R-329/" in page.content.decode()


def test_un_refus_garde_ce_qui_est_tape_et_nomme_le_nouvel_etat(distribution, client_de, a_approuver):
    client = client_de(distribution.gestionnaire)
    a_approuver.franchir(ENTENTE["refuser"], par=distribution.delegue, motif="Non.")
    reponse = client.post(adresse("entente_renvoyer", a_approuver), {"motif": "Un long motif réfléchi."})
    assert reponse.status_code == 409
    assert champs_de(reponse)["motif"] == "Un long motif réfléchi."
    assert "« refusée »" in texte_de(reponse)


# --- Le dessin et les boutons -----------------------------------------------------------------------------------


def test_le_dessin_montre_le_franchi_le_courant_qui_lon_attend_et_la_suite(distribution, a_approuver):
    dessin = etapes(scenes.relire(a_approuver))
    assert [(etape["code"], etape["statut"]) for etape in dessin[:4]] == [
        ("brouillon", "faite"),
        ("a_signer", "faite"),
        ("a_approuver", "courante"),
        ("active", "a_venir"),
    ]
    assert dessin[0]["qui"] == str(distribution.mentore)
    assert dessin[2]["attend"] == "le gestionnaire du mentoré"
    assert dessin[2]["depuis"] == 0
    assert dessin[1]["qui"] == str(distribution.mentore)


def test_letape_a_approuver_porte_le_nom_de_qui_a_approuve(distribution):
    dessin = etapes(scenes.entente(distribution, "active"))
    assert dessin[2]["code"] == "a_approuver"
    assert dessin[2]["qui"] == str(distribution.gestionnaire)


def test_un_etat_hors_du_chemin_se_dessine_au_bout(distribution, a_approuver):
    a_approuver.franchir(ENTENTE["refuser"], par=distribution.gestionnaire, motif="Non.")
    dessin = etapes(scenes.relire(a_approuver))
    assert (dessin[-1]["code"], dessin[-1]["statut"]) == ("refusee", "courante")
    assert "a_venir" not in {etape["statut"] for etape in dessin}


def test_les_boutons_sont_ceux_que_la_personne_peut_grises_avec_la_raison(distribution):
    entente = scenes.entente_naissante(distribution)
    miens = {bouton["code"]: bouton for bouton in boutons(entente, distribution.mentor)}
    assert set(miens) == {"soumettre", "abandonner"}
    assert not miens["soumettre"]["possible"]
    assert "Écrivez au moins un objectif" in str(miens["soumettre"]["raisons"][0])
    assert miens["abandonner"]["possible"]
    assert boutons(entente, distribution.gestionnaire) == []
    assert boutons(entente, distribution.superutilisateur) == []


def test_aucun_bouton_pour_ce_que_lapplication_fait_seule(distribution):
    entente = scenes.entente(distribution, "a_signer")
    assert "presenter" not in {bouton["code"] for bouton in boutons(entente, distribution.mentor)}
    assert Trajectoire.de(entente)["presenter"].automatique


def test_sans_chemin_propre_toutes_les_etapes_se_dessinent(a_approuver):
    assert Trajectoire.de(a_approuver).chemin(a_approuver) == Trajectoire.de(a_approuver).etapes


def test_un_dossier_peut_avoir_son_chemin_et_ne_dessine_que_lui(distribution, a_approuver, monkeypatch):
    """Un chemin plus court, demandé dossier par dossier ; un état qui n’y est pas se dessine au bout."""
    trajectoire = Trajectoire.de(a_approuver)
    chemins = {"a_approuver": ["brouillon", "a_approuver", "close"], "refusee": ["brouillon", "close"]}
    monkeypatch.setattr(trajectoire, "_chemin", lambda entente: chemins[entente.etat])
    assert trajectoire.chemin(a_approuver) == ("brouillon", "a_approuver", "close")
    assert [(etape["code"], etape["statut"]) for etape in etapes(scenes.relire(a_approuver))] == [
        ("brouillon", "faite"),
        ("a_approuver", "courante"),
        ("close", "a_venir"),
    ]
    a_approuver.franchir(ENTENTE["refuser"], par=distribution.gestionnaire, motif="Non.")
    dessin = [(etape["code"], etape["statut"]) for etape in etapes(scenes.relire(a_approuver))]
    assert dessin[-1] == ("refusee", "courante")
    assert ("close", "a_venir") not in dessin


def test_qui_lon_attend_peut_se_dire_dossier_par_dossier(a_approuver, monkeypatch):
    monkeypatch.setattr(Trajectoire.de(a_approuver), "attend", lambda entente: f"le tour de {entente.mentor}")
    (courante,) = (etape for etape in etapes(scenes.relire(a_approuver)) if etape["statut"] == "courante")
    assert courante["attend"] == f"le tour de {a_approuver.mentor}"
