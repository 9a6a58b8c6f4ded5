"""Qui part ou change de gestionnaire laisse des dossiers ouverts : ils sont proposés, rien n’est réattribué."""

import pytest

from encadrement.accueil.a_faire import taches_de
from encadrement.journal.models import Entree
from encadrement.mouvements.actions import acquitter_mouvement
from encadrement.mouvements.models import Mouvement, Sorte
from encadrement.mouvements.taches import taches
from encadrement.notifications.models import Courriel
from encadrement.personnes.models import Personne
from encadrement.socle.erreurs import ErreurMetier
from tests.cdp import scenes as cdp
from tests.encadrement.importations.extraits import rangee_de
from tests.encadrement.importations.scenes import appliquee
from tests.encadrement.mouvements import scenes
from tests.mentorat import scenes as mentorat


def a_faire(personne):
    """Ce que la personne lit à « À faire » au sujet des mouvements, relu comme à une nouvelle requête."""
    fraiche = Personne.objects.get(pk=personne.pk)
    return [tache.dossier for tache in taches_de(fraiche) if "/mouvements/" in tache.url]


def test_un_depart_dit_au_gestionnaire_et_a_la_dsm_ce_qui_reste_ouvert(client_de, distribution):
    d = distribution
    mouvement = scenes.depart_du_mentore(d)
    phrase = "Loïc St-Onge a quitté\xa0: 1 entente ouverte"
    for qui in (d.gestionnaire, d.delegue, d.dsm):
        assert a_faire(qui) == [phrase]
    for qui in (d.gestionnaire_mentor, d.autre_gestionnaire, d.appr, d.coordonnatrice, d.superutilisateur):
        assert a_faire(qui) == []
    assert set(Courriel.objects.filter(objet__contains="dossiers à régler").values_list("a", flat=True)) == {
        d.gestionnaire.pk,
        d.delegue.pk,
        d.dsm.pk,
    }
    entente = d.mentore.ententes_mentore.get()
    client = client_de(d.gestionnaire)
    assert entente.get_absolute_url() in client.get(mouvement.get_absolute_url()).text
    avant = entente.etat, entente.mentor_id
    assert client.post(mouvement.get_absolute_url(), {"decision": "  "}).status_code == 200
    assert a_faire(d.dsm)
    client.post(mouvement.get_absolute_url(), {"decision": "Hélène clôt l’entente."})
    entente.refresh_from_db()
    assert (entente.etat, entente.mentor_id) == avant
    assert not a_faire(d.gestionnaire)
    assert not a_faire(d.dsm)
    assert "Hélène clôt l’entente." in client_de(d.dsm).get(mouvement.get_absolute_url()).text
    consigne = Entree.objects.get(acte="mouvements.acquitter")
    assert (consigne.par, consigne.objet_uuid) == (d.gestionnaire, mouvement.uuid)


def test_changer_de_gestionnaire_propose_les_dossiers_au_nouveau(distribution):
    d = distribution
    mentorat.entente(d, "active")
    appliquee(d, rangee_de(d.mentore, MATRICULE_SUPERIEUR=d.autre_gestionnaire.matricule))
    mouvement = Mouvement.objects.get()
    assert (mouvement.sorte, mouvement.ancien) == (Sorte.GESTIONNAIRE, d.gestionnaire)
    assert a_faire(d.autre_gestionnaire) == ["Loïc St-Onge a changé de gestionnaire\xa0: 1 entente ouverte"]
    assert not a_faire(d.gestionnaire)


def test_le_depart_d_un_gestionnaire_ne_laisse_pas_les_siens_sans_personne(distribution):
    d = distribution
    mentorat.entente(d, "active")
    appliquee(d, rangee_de(d.gestionnaire, STATUT="Inactif"))
    assert a_faire(d.directrice) == ["Hélène Arsenault a quitté\xa0: 1 entente ouverte"]


@pytest.mark.parametrize("perdu", ["mentor", "animatrice", "parrain"])
def test_chaque_mesure_dit_a_quel_titre(client_de, distribution, perdu):
    d = distribution
    if perdu == "mentor":
        mentorat.entente(d, "active")
    else:
        cdp.communaute_active(d)
    titre, decide = {
        "mentor": ("(mentor,", d.gestionnaire),
        "animatrice": ("(animateur ou secrétaire,", d.parrain),
        "parrain": ("(gestionnaire parrain,", d.parrain.superieur),
    }[perdu]
    appliquee(d, rangee_de(d[perdu], STATUT="Inactif"))
    mouvement = Mouvement.objects.get(personne=d[perdu], responsable=decide)
    for lecteur in (d.dsm, decide):
        assert titre in client_de(lecteur).get(mouvement.get_absolute_url()).text
    assert len(a_faire(decide)) == 1


def test_la_page_ne_montre_que_les_dossiers_que_la_personne_peut_voir(client_de, distribution):
    """Le gestionnaire du mentor règle sa fiche; l’entente revient au gestionnaire du mentoré, et il ne la lit pas."""
    d = distribution
    entente = mentorat.entente(d, "active")
    appliquee(d, rangee_de(d.mentor, STATUT="Inactif"))
    assert a_faire(d.gestionnaire_mentor) == ["Guylaine Cyr a quitté\xa0: 1 fiche de mentor"]
    fiche = Mouvement.objects.get(responsable=d.gestionnaire_mentor)
    page = client_de(d.gestionnaire_mentor).get(fiche.get_absolute_url()).text
    assert entente.get_absolute_url() not in page
    assert "(mentor inscrit," in page


def test_qui_n_a_rien_d_ouvert_part_sans_bruit_et_un_brouillon_reste_a_son_auteur(distribution):
    d = distribution
    mentorat.entente_naissante(d)
    appliquee(d, rangee_de(d.collegue, STATUT="Inactif"), rangee_de(d.mentore, STATUT="Inactif"))
    resumes = [m.resume for m in Mouvement.objects.all()]
    assert not any("entente" in resume for resume in resumes)
    assert not Mouvement.objects.filter(personne=d.collegue).exists()


def test_une_situation_du_comite_n_est_dite_qu_au_coordonnateur(client_de, distribution):
    d = distribution
    mouvement = scenes.depart_du_demandeur(d)
    phrase = f"{mouvement.personne} a quitté\xa0: 1 situation ouverte"
    assert a_faire(d.coordonnatrice) == [phrase]
    for nom, personne in d:
        if nom != "coordonnatrice" and personne.pk != mouvement.personne_id:
            assert phrase not in a_faire(personne), nom
    page = client_de(d.coordonnatrice).get(mouvement.get_absolute_url()).text
    assert mouvement.personne.situations.get().numero in page


def test_acquitter_deux_fois_ne_recrit_rien(distribution):
    d = distribution
    mouvement = scenes.acquitte(d)
    with pytest.raises(ErreurMetier, match="a déjà dit"):
        acquitter_mouvement(mouvement, decision="Autre chose.", par=d.dsm)
    mouvement.refresh_from_db()
    assert mouvement.decision == "L’entente est close."


def test_a_faire_ne_pose_qu_une_question_quel_que_soit_leur_nombre(distribution, django_assert_num_queries):
    d = distribution
    scenes.depart_du_mentore(d)
    gestionnaire = Personne.objects.get(pk=d.gestionnaire.pk)
    assert gestionnaire.represente_ids
    assert gestionnaire.roles_attribues is not None
    list(taches(gestionnaire))
    with django_assert_num_queries(1):
        assert len(list(taches(gestionnaire))) == 1
