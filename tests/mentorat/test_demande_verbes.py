"""Les verbes de la demande jusqu’à la décision : soumettre, accepter, refuser, retirer, désigner."""

import pytest
from django.urls import reverse

from encadrement.journal.models import Entree
from encadrement.notifications.models import Courriel
from encadrement.personnes.models import Delegation
from encadrement.socle.temps import jour_local
from mentorat.actions import demandes
from mentorat.models import DemandeMentorat, EtatDemande, IdentifiePar
from tests.mentorat import scenes
from tests.mentorat.formulaire import adresse, texte_de

pytestmark = pytest.mark.django_db
DESIGNER = reverse("mentorat:demande_designer")


def _etat(demande):
    return scenes.relire(demande).etat


def _avises(gabarit):
    return set(Courriel.objects.filter(gabarit=f"mentorat/{gabarit}").values_list("a__nom", flat=True))


@pytest.mark.exigence("R-068", "R-069", "R-406")
def test_la_demande_est_soumise_puis_acceptee_par_le_gestionnaire(distribution, client_de):
    d = distribution
    demande = scenes.demande_en_redaction(d)
    assert client_de(d.mentore).post(adresse("demande_soumettre", demande)).url == adresse("demande", demande)
    assert _etat(demande) == EtatDemande.SOUMISE
    assert _avises("demande_soumise") == {d.gestionnaire.nom, d.delegue.nom}
    assert client_de(d.gestionnaire).post(adresse("demande_accepter", demande)).status_code == 302
    assert _etat(demande) == EtatDemande.ACCEPTEE
    assert _avises("demande_acceptee") == {d.mentore.nom}
    assert list(demande.passages.values_list("de", "vers")) == [("brouillon", "soumise"), ("soumise", "acceptee")]
    actes = Entree.objects.filter(objet_uuid=demande.uuid).values_list("acte", flat=True)
    assert set(actes) >= {"mentorat.demandementorat.soumettre", "mentorat.demandementorat.accepter"}


@pytest.mark.parametrize(
    "besoin",
    [
        pytest.param("besoin_nouvel_intervenant", marks=pytest.mark.exigence("R-044", "R-405")),
        pytest.param("besoin_nouveau_programme", marks=pytest.mark.exigence("R-045", "R-405")),
        pytest.param("besoin_competences", marks=pytest.mark.exigence("R-046", "R-405")),
    ],
)
def test_un_seul_besoin_coche_rend_admissible(distribution, client_de, besoin):
    demande = demandes.ouvrir_demande(par=distribution.mentore)
    demandes.ecrire_demande(demande, par=distribution.mentore, **{besoin: True})
    assert client_de(distribution.mentore).post(adresse("demande_soumettre", demande)).status_code == 302


@pytest.mark.exigence("R-044", "R-045", "R-046", "R-405")
def test_sans_besoin_coche_la_demande_ne_part_pas(distribution, client_de):
    demande = demandes.ouvrir_demande(par=distribution.mentore)
    reponse = client_de(distribution.mentore).post(adresse("demande_soumettre", demande))
    assert reponse.status_code == 409
    assert "Cochez au moins un besoin" in texte_de(reponse)
    assert reverse("cadre:exigence", args=["R-044"]) in reponse.content.decode()
    assert _etat(demande) == EtatDemande.BROUILLON
    assert not Courriel.objects.exists()


def test_sans_superieur_connu_la_demande_ne_part_pas(distribution, client_de):
    demande = scenes.demande_en_redaction(distribution)
    distribution.mentore.superieur = None
    distribution.mentore.save(update_fields=["superieur"])
    reponse = client_de(distribution.mentore).post(adresse("demande_soumettre", demande))
    assert "Le supérieur immédiat du mentoré n’est pas connu" in texte_de(reponse)
    assert _etat(demande) == EtatDemande.BROUILLON


@pytest.mark.exigence("R-048")
def test_une_seconde_demande_attend_la_fin_de_la_premiere(distribution, client_de):
    seconde = scenes.demande_en_redaction(distribution)
    demandes.designer_besoin(distribution.mentore, par=distribution.gestionnaire, besoin_competences=True)
    reponse = client_de(distribution.mentore).post(adresse("demande_soumettre", seconde))
    assert reponse.status_code == 409
    assert "Une autre demande de mentorat est déjà en cours" in texte_de(reponse)


@pytest.mark.parametrize(("verbe", "donnees"), [("accepter", {}), ("refuser", {"motif": "Pas maintenant"})])
def test_on_ne_decide_pas_deux_fois(distribution, client_de, verbe, donnees):
    demande = scenes.demande_soumise(distribution)
    client = client_de(distribution.gestionnaire)
    client.post(adresse(f"demande_{verbe}", demande), donnees)
    reponse = client.post(adresse(f"demande_{verbe}", demande), donnees)
    assert reponse.status_code == 409
    assert demande.passages.count() == 2


@pytest.mark.parametrize("verbe", ["accepter", "refuser"])
@pytest.mark.parametrize(
    ("nom", "code"),
    [
        ("mentore", 403),
        ("dsm", 403),
        ("appr", 403),
        ("directrice", 404),
        ("autre_gestionnaire", 404),
        ("ancien_gestionnaire", 404),
        ("superutilisateur", 404),
    ],
)
def test_seul_le_gestionnaire_du_mentore_decide(distribution, client_de, verbe, nom, code):
    demande = scenes.demande_soumise(distribution)
    client = client_de(distribution[nom])
    assert client.post(adresse(f"demande_{verbe}", demande), {"motif": "Non"}).status_code == code
    assert _etat(demande) == EtatDemande.SOUMISE


@pytest.mark.parametrize("verbe", ["accepter", "refuser"])
def test_le_mentore_delegue_de_son_gestionnaire_naccepte_pas_la_sienne(distribution, client_de, verbe):
    """N-01 : la délégation donne tout, sauf de décider pour soi."""
    d = distribution
    Delegation.objects.create(de=d.gestionnaire, a=d.mentore, debut=jour_local(), fin=jour_local())
    demande = scenes.demande_soumise(d)
    assert client_de(d.mentore).get(adresse(f"demande_{verbe}", demande)).status_code == 403
    assert client_de(d.mentore).post(adresse(f"demande_{verbe}", demande), {"motif": "x"}).status_code == 403
    assert _etat(demande) == EtatDemande.SOUMISE


def test_le_delegue_accepte_au_nom_du_gestionnaire(distribution, client_de):
    demande = scenes.demande_soumise(distribution)
    client_de(distribution.delegue).post(adresse("demande_accepter", demande))
    passage = demande.passages.last()
    assert (passage.par, passage.au_nom_de) == (distribution.delegue, distribution.gestionnaire)


def test_un_refus_demande_un_motif_que_le_mentore_lit(distribution, client_de):
    demande = scenes.demande_soumise(distribution)
    client = client_de(distribution.gestionnaire)
    assert "Écrivez le motif" in texte_de(client.post(adresse("demande_refuser", demande), {"motif": "\u202e \x00"}))
    assert _etat(demande) == EtatDemande.SOUMISE
    client.post(adresse("demande_refuser", demande), {"motif": "Après ton orientation."})
    page = texte_de(client_de(distribution.mentore).get(adresse("demande", demande)))
    assert "Après ton orientation." in page
    assert _avises("demande_refusee") == {distribution.mentore.nom}


def test_un_brouillon_retire_ne_laisse_rien_a_lire(distribution, client_de):
    demande = scenes.demande_en_redaction(distribution)
    client_de(distribution.mentore).post(adresse("demande_retirer", demande))
    demande = scenes.relire(demande)
    assert (demande.etat, demande.description) == (EtatDemande.RETIREE, "")
    page = texte_de(client_de(distribution.gestionnaire).get(adresse("demande", demande)))
    assert "Je passe de la clinique externe" not in page


def test_une_demande_soumise_puis_retiree_se_lit_encore(distribution, client_de):
    demande = scenes.demande_acceptee(distribution)
    client_de(distribution.mentore).post(adresse("demande_retirer", demande))
    demande = scenes.relire(demande)
    assert demande.etat == EtatDemande.RETIREE
    assert demande.description


@pytest.mark.exigence("R-047")
def test_le_mentorat_designe_ne_se_retire_que_par_le_gestionnaire(distribution, client_de):
    d = distribution
    demande = demandes.designer_besoin(d.mentore, par=d.gestionnaire, besoin_nouvel_intervenant=True)
    assert client_de(d.mentore).post(adresse("demande_retirer", demande)).status_code == 403
    assert _etat(demande) == EtatDemande.ACCEPTEE
    client_de(d.gestionnaire).post(adresse("demande_retirer", demande))
    assert _etat(demande) == EtatDemande.RETIREE


def test_le_gestionnaire_ne_retire_pas_la_demande_de_lintervenant(distribution, client_de):
    demande = scenes.demande_soumise(distribution)
    assert client_de(distribution.gestionnaire).post(adresse("demande_retirer", demande)).status_code == 403


# — Désigner


def _designation(personne, **champs):
    return {"mentore": personne.uuid, "besoin_nouvel_intervenant": "on", "identifie_par": "gestionnaire", **champs}


@pytest.mark.exigence("R-046", "R-068", "R-085")
def test_le_gestionnaire_designe_un_besoin_et_la_demande_nait_acceptee(distribution, client_de):
    d = distribution
    reponse = client_de(d.gestionnaire).post(DESIGNER, _designation(d.mentore, nouvelles="OEMC", description="SIMAF"))
    demande = DemandeMentorat.objects.get()
    assert reponse.url == adresse("demande", demande)
    assert (demande.mentore, demande.etat) == (d.mentore, EtatDemande.ACCEPTEE)
    assert (demande.identifie_par, demande.description) == (IdentifiePar.GESTIONNAIRE, "SIMAF")
    assert str(demande.competences.get()) == "OEMC"
    assert _avises("demande_designee") == {d.mentore.nom}
    assert demande.passages.get().par == d.gestionnaire
    assert Entree.objects.filter(acte="mentorat.demandementorat.designer", objet_uuid=demande.uuid).exists()


def test_le_delegue_designe_au_nom_du_gestionnaire(distribution, client_de):
    client_de(distribution.delegue).post(DESIGNER, _designation(distribution.mentore))
    assert DemandeMentorat.objects.get().passages.get().au_nom_de == distribution.gestionnaire


@pytest.mark.parametrize("nom", ["mentor", "dsm", "autre_gestionnaire", "inactif", "gestionnaire"])
def test_on_ne_designe_que_pour_ses_gens(distribution, client_de, nom):
    reponse = client_de(distribution.gestionnaire).post(DESIGNER, _designation(distribution[nom]))
    assert "Choisissez une personne de votre équipe." in texte_de(reponse)
    assert not DemandeMentorat.objects.exists()


@pytest.mark.parametrize("saisi", ["", "abc", "\x00", "00000000-0000-0000-0000-000000000000"])
def test_une_personne_inconnue_est_refusee_sans_rien_perdre(distribution, client_de, saisi):
    donnees = {**_designation(distribution.mentore, description="À garder"), "mentore": saisi}
    reponse = client_de(distribution.gestionnaire).post(DESIGNER, donnees)
    assert reponse.status_code == 200
    assert "À garder" in texte_de(reponse)
    assert not DemandeMentorat.objects.exists()


@pytest.mark.parametrize("nom", ["mentore", "mentor", "appr", "ancien_gestionnaire", "superutilisateur"])
def test_sans_equipe_on_ne_designe_personne(distribution, client_de, nom):
    client = client_de(distribution[nom])
    assert client.get(DESIGNER).status_code == 403
    assert client.post(DESIGNER, _designation(distribution.mentore)).status_code == 403


@pytest.mark.exigence("R-044", "R-046")
def test_designer_sans_cocher_de_besoin_est_refuse(distribution, client_de):
    donnees = _designation(distribution.mentore, description="À garder")
    del donnees["besoin_nouvel_intervenant"]
    reponse = client_de(distribution.gestionnaire).post(DESIGNER, donnees)
    assert "Cochez au moins un besoin" in texte_de(reponse)
    assert "À garder" in texte_de(reponse)
    with pytest.raises(Exception, match="Cochez au moins un besoin"):
        demandes.designer_besoin(distribution.mentore, par=distribution.gestionnaire)
    assert not DemandeMentorat.objects.exists()


@pytest.mark.exigence("R-048")
def test_un_double_clic_ne_designe_pas_deux_besoins(distribution, client_de):
    client = client_de(distribution.gestionnaire)
    client.post(DESIGNER, _designation(distribution.mentore))
    reponse = client.post(DESIGNER, _designation(distribution.mentore, description="À garder"))
    assert reponse.status_code == 409
    assert "Une autre demande de mentorat est déjà en cours" in texte_de(reponse)
    assert "À garder" in texte_de(reponse)
    assert DemandeMentorat.objects.count() == 1


def test_personne_ne_designe_pour_soi_meme_par_delegation(distribution, client_de):
    """N-01 : le mentoré délégué ne se trouve pas dans l’équipe qu’il gère ce jour-là."""
    d = distribution
    Delegation.objects.create(de=d.gestionnaire, a=d.mentore, debut=jour_local(), fin=jour_local())
    reponse = client_de(d.mentore).post(DESIGNER, _designation(d.mentore))
    assert "Choisissez une personne de votre équipe." in texte_de(reponse)
    with pytest.raises(Exception, match="revient à"):
        demandes.designer_besoin(d.mentore, par=d.mentore, besoin_competences=True)


def test_une_annonce_qui_echoue_annule_la_soumission(distribution, monkeypatch):
    def panne(*_, **__):
        raise RuntimeError("panne")

    demande = scenes.demande_en_redaction(distribution)
    monkeypatch.setattr("mentorat.actions.demandes.annoncer", panne)
    with pytest.raises(RuntimeError):
        demandes.soumettre_demande(demande, par=distribution.mentore)
    assert (_etat(demande), demande.passages.count()) == (EtatDemande.BROUILLON, 0)
