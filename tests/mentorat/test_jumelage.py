"""Suggérer et proposer un mentor : la courte liste expliquée, les exclus et pourquoi (R-049 à R-052, R-087)."""

import pytest
from django.urls import reverse

from encadrement.notifications.models import Courriel
from encadrement.personnes.models import Delegation, Personne
from encadrement.socle.temps import jour_local
from mentorat.actions import bottin, demandes
from mentorat.models import EtatDemande, Jumelage
from tests.factories import PersonneFactory
from tests.mentorat import scenes
from tests.mentorat.formulaire import adresse, texte_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def demande(distribution):
    demande = scenes.demande_en_redaction(distribution)
    demandes.ecrire_demande(demande, par=distribution.mentore, competences=[], nouvelles=["Gériatrie"])
    demandes.soumettre_demande(demande, par=distribution.mentore)
    demandes.accepter_demande(demande, par=distribution.gestionnaire)
    return demande


@pytest.fixture
def fiche(distribution):
    fiche = scenes.fiche_inscrite(distribution)
    return bottin.ecrire_fiche(fiche, par=distribution.mentor, competences=[], nouvelles=["geriatrie"])


def _inscrire(d, personne):
    """Inscrit au bottin une personne sans supérieur délégable : sa fiche est recommandée par son supérieur."""
    return scenes.fiche_inscrite(d, personne)


def _choix(fiche):
    return {"mentor": fiche.uuid}


def _etat(demande):
    return scenes.relire(demande).etat


@pytest.mark.exigence("R-087", "R-407")
def test_le_gestionnaire_propose_un_mentor_de_la_courte_liste(distribution, client_de, demande, fiche):
    d = distribution
    client = client_de(d.gestionnaire)
    reponse = client.post(adresse("demande_proposer", demande), _choix(fiche))
    assert reponse.url == adresse("demande", demande)
    assert _etat(demande) == EtatDemande.PROPOSEE
    jumelage = Jumelage.objects.get()
    assert (jumelage.mentor, jumelage.propose_par, jumelage.actif) == (d.mentor, d.gestionnaire, True)
    avises = Courriel.objects.filter(gabarit="mentorat/jumelage_propose").values_list("a__nom", flat=True)
    assert set(avises) == {d.mentor.nom, d.mentore.nom}


@pytest.mark.exigence("R-051", "R-087")
def test_la_courte_liste_dit_en_mots_ce_qui_recommande_chacun(distribution, client_de, demande, fiche):
    page = texte_de(client_de(distribution.gestionnaire).get(adresse("demande_proposer", demande)))
    for raison in ("Même discipline", "compétence voulue : geriatrie", "même RLS", "3 places libres"):
        assert raison.casefold().replace("é", "e") in page.casefold().replace("é", "e")


@pytest.mark.exigence("R-052")
def test_un_mentor_dune_autre_discipline_se_propose_quand_meme(distribution, client_de, demande):
    fiche = _inscrire(distribution, distribution.executif_cm)
    client = client_de(distribution.gestionnaire)
    assert "Autre discipline (Orthophonie)" in texte_de(client.get(adresse("demande_proposer", demande)))
    assert client.post(adresse("demande_proposer", demande), _choix(fiche)).status_code == 302


def test_la_recherche_couvre_tout_le_bottin_sans_accents(distribution, client_de, demande, fiche):
    for rang in range(8):
        personne = PersonneFactory(
            prenom="Rose",
            nom=f"Arseneau {rang}",
            superieur=distribution.gestionnaire_mentor,
            titre_emploi=distribution.executif_cm.titre_emploi,
        )
        _inscrire(distribution, personne)
    client = client_de(distribution.gestionnaire)

    def trouves(**cherche):
        return [str(s.fiche) for s in client.get(adresse("demande_proposer", demande), cherche).context["possibles"]]

    assert len(trouves()) == 6
    assert trouves()[0] == "Guylaine Cyr"
    assert "Rose Arseneau 7" not in trouves()
    assert trouves(q="arseneau 7") == ["Rose Arseneau 7"]
    assert trouves(q="GÉRIATRIE") == ["Guylaine Cyr"]
    assert trouves(q="\x00") == trouves()
    assert "Personne ne correspond" in texte_de(client.get(adresse("demande_proposer", demande), {"q": "zzz"}))


def _ligne_hierarchique(d):
    """Rend les supérieurs du mentoré, du plus proche au plus lointain : chef, directrice, PDGA."""
    pk = d.mentore.superieurs_ids()
    return [Personne.objects.get(pk=identifiant) for identifiant in pk]


@pytest.mark.exigence("R-049", "R-267", "R-411")
@pytest.mark.parametrize(
    ("rang", "precision"), [(0, "c’est son supérieur immédiat"), (1, "plus haut dans sa ligne hiérarchique")]
)
def test_un_superieur_a_tout_niveau_est_exclu_avec_la_raison_et_refuse_si_lon_force(
    distribution, client_de, demande, fiche, rang, precision
):
    """N-01 : il est au bottin, expérimenté, disponible ; seule la ligne hiérarchique l’exclut."""
    superieur = _ligne_hierarchique(distribution)[rang]
    sa_fiche = _inscrire(distribution, superieur)
    client = client_de(distribution.gestionnaire)
    reponse = client.get(adresse("demande_proposer", demande))
    assert str(superieur) not in [str(s.fiche) for s in reponse.context["possibles"]]
    assert f"<strong>{superieur}</strong> : Le mentor ne peut pas être le supérieur" in texte_de(reponse)
    assert f'value="{sa_fiche.uuid}"' not in reponse.content.decode()
    forcee = client.post(adresse("demande_proposer", demande), _choix(sa_fiche))
    assert forcee.status_code == 409
    assert "Le mentor ne peut pas être le supérieur hiérarchique du mentoré" in texte_de(forcee)
    assert precision in texte_de(forcee)
    assert reverse("cadre:exigence", args=["R-049"]) in forcee.content.decode()
    assert _etat(demande) == EtatDemande.ACCEPTEE
    assert not Jumelage.objects.exists()


@pytest.mark.exigence("R-048")
def test_le_mentore_nest_pas_son_propre_mentor(distribution, client_de, demande):
    fiche = _inscrire(distribution, distribution.mentore)
    client = client_de(distribution.gestionnaire)
    assert "Une personne ne peut pas être son propre mentor" in texte_de(
        client.get(adresse("demande_proposer", demande))
    )
    assert client.post(adresse("demande_proposer", demande), _choix(fiche)).status_code == 409


@pytest.mark.exigence("R-050", "R-267", "R-412")
@pytest.mark.parametrize("scene", [scenes.fiche_en_redaction, scenes.fiche_soumise, scenes.fiche_recommandee])
def test_qui_nest_pas_inscrit_ne_se_propose_pas(distribution, client_de, demande, scene):
    fiche = scene(distribution)
    reponse = client_de(distribution.gestionnaire).post(adresse("demande_proposer", demande), _choix(fiche))
    assert "Ce mentor n’est plus disponible au bottin" in texte_de(reponse)
    with pytest.raises(Exception, match="inscrit et disponible au bottin"):
        demandes.proposer_jumelage(demande, mentor=distribution.mentor, par=distribution.gestionnaire)
    assert _etat(demande) == EtatDemande.ACCEPTEE


def test_un_mentor_en_pause_ou_parti_ne_se_propose_pas(distribution, client_de, demande, fiche):
    client = client_de(distribution.gestionnaire)
    bottin.mettre_en_pause(fiche, par=distribution.mentor)
    assert "plus disponible" in texte_de(client.post(adresse("demande_proposer", demande), _choix(fiche)))
    bottin.reprendre_mentorat(fiche, par=distribution.mentor)
    distribution.mentor.is_active = False
    distribution.mentor.save(update_fields=["is_active"])
    assert "plus disponible" in texte_de(client.post(adresse("demande_proposer", demande), _choix(fiche)))
    assert not Jumelage.objects.exists()


@pytest.mark.parametrize("saisi", ["", "abc", "\x00", "12", "0b8f2f0e-7c0e-4c59-9d53-3f5a1d3c9a11"])
@pytest.mark.parametrize(("verbe", "par"), [("proposer", "gestionnaire"), ("suggerer", "appr")])
def test_un_choix_fautif_est_explique(distribution, client_de, demande, fiche, saisi, verbe, par):
    reponse = client_de(distribution[par]).post(adresse(f"demande_{verbe}", demande), {"mentor": saisi})
    assert reponse.status_code == 200
    assert "choisissez" in texte_de(reponse).lower()
    assert _etat(demande) == EtatDemande.ACCEPTEE


@pytest.mark.parametrize("verbe", ["proposer", "suggerer"])
@pytest.mark.parametrize(
    ("nom", "code"),
    [("mentore", 403), ("mentor", 404), ("directrice", 404), ("autre_gestionnaire", 404), ("superutilisateur", 404)],
)
def test_qui_ne_le_peut_pas_ne_choisit_pas(distribution, client_de, demande, fiche, verbe, nom, code):
    client = client_de(distribution[nom])
    assert client.get(adresse(f"demande_{verbe}", demande)).status_code == code
    assert client.post(adresse(f"demande_{verbe}", demande), _choix(fiche)).status_code == code


@pytest.mark.exigence("R-087", "R-407")
def test_le_gestionnaire_decide_et_la_dsm_suggere(distribution, client_de, demande, fiche):
    d = distribution
    assert client_de(d.dsm).post(adresse("demande_proposer", demande), _choix(fiche)).status_code == 403
    assert client_de(d.gestionnaire).post(adresse("demande_suggerer", demande), _choix(fiche)).status_code == 403
    assert client_de(d.appr).post(adresse("demande_suggerer", demande), _choix(fiche)).status_code == 302
    demande = scenes.relire(demande)
    assert (demande.etat, demande.suggestion) == (EtatDemande.ACCEPTEE, d.mentor)
    gestionnaire = client_de(d.gestionnaire)
    assert "La DSM suggère <strong>Guylaine Cyr</strong>" in texte_de(gestionnaire.get(adresse("demande", demande)))
    assert "suggéré par la DSM" in texte_de(gestionnaire.get(adresse("demande_proposer", demande)))


@pytest.mark.exigence("R-049")
def test_la_dsm_ne_suggere_pas_un_superieur(distribution, client_de, demande):
    fiche = _inscrire(distribution, distribution.directrice)
    reponse = client_de(distribution.appr).post(adresse("demande_suggerer", demande), _choix(fiche))
    assert reponse.status_code == 409
    assert scenes.relire(demande).suggestion is None


def test_le_mentore_appr_ne_suggere_pas_pour_lui_meme(distribution, client_de, fiche):
    """N-01 : elle tient le rôle, et même la délégation de son supérieur."""
    d = distribution
    Delegation.objects.create(de=d.dsm, a=d.appr, debut=jour_local(), fin=jour_local())
    demande = demandes.designer_besoin(d.appr, par=d.dsm, besoin_competences=True)
    for verbe in ("suggerer", "proposer"):
        assert client_de(d.appr).post(adresse(f"demande_{verbe}", demande), _choix(fiche)).status_code == 403


def test_on_ne_propose_pas_deux_fois(distribution, client_de, demande, fiche):
    client = client_de(distribution.gestionnaire)
    client.post(adresse("demande_proposer", demande), _choix(fiche))
    reponse = client.post(adresse("demande_proposer", demande), _choix(fiche))
    assert reponse.status_code == 409
    assert "n’y est plus possible" in texte_de(reponse)
    assert Jumelage.objects.count() == 1


def test_une_annonce_qui_echoue_ne_laisse_pas_de_jumelage(distribution, monkeypatch, demande, fiche):
    def panne(*_, **__):
        raise RuntimeError("panne")

    monkeypatch.setattr("mentorat.actions.demandes.annoncer", panne)
    with pytest.raises(RuntimeError):
        demandes.proposer_jumelage(demande, mentor=distribution.mentor, par=distribution.gestionnaire)
    assert _etat(demande) == EtatDemande.ACCEPTEE
    assert not Jumelage.objects.exists()


def test_le_bottin_vide_mene_a_la_dsm(distribution, client_de, demande):
    page = texte_de(client_de(distribution.gestionnaire).get(adresse("demande_proposer", demande)))
    assert "Aucun mentor disponible au bottin" in page
