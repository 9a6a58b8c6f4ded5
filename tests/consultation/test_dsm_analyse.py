"""Les cinquième et sixième échelons : analyser, acheminer au RUISSS UL, réorienter, confier au comité (R-182, R-183, R-210)."""

import datetime

import pytest
from django.urls import reverse

from consultation.actions import dsm, experts
from consultation.models import Acheminement, DemandeConsultation, LigneSuivi, ModeConsultation, Sollicitation
from encadrement.demandes.models import DemandeService
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local
from tests.consultation import scenes
from tests.consultation.pages_dsm import ANALYSE, adresse, relire, transmettre
from tests.consultation.traces import actes, courriels, rien_decrit
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = pytest.mark.django_db
CONTACT = {**scenes.CONTACT, "contact_le": ""}
NOMMANT = "Mme Tremblay, 418-555-0199, refuse l’aide."


@pytest.fixture
def appr(distribution, client_de):
    return client_de(distribution.appr)


@pytest.fixture
def liaison(distribution, client_de):
    return client_de(distribution.appr_liaison)


def contact(**saisi):
    return {**CONTACT, "contact_le": jour_local().isoformat(), **saisi}


# --- L’histoire entière -----------------------------------------------------------------------------------------


@pytest.mark.exigence("R-177", "R-181", "R-182", "R-183", "R-191", "R-208", "R-210", "R-401")
def test_les_prismes_montent_jusquau_ruisss_et_chacun_voit_ou_ils_en_sont(distribution, client_de, appr, liaison):
    demande = scenes.demande_declinee(distribution)
    demandeur = client_de(distribution.mentore)
    demandeur.post(adresse("demander_dsm", demande))
    transmettre(demandeur, demande)
    assert "un APPR de la DSM" in texte_de(demandeur.get(adresse("", demande)))
    assert appr.post(adresse("analyser", demande), {"motif": ANALYSE}).url == demande.get_absolute_url()
    page = texte_de(demandeur.get(adresse("", demande)))
    assert ANALYSE in page
    assert "l’agent de liaison du RUISSS UL" in page
    assert liaison.post(adresse("acheminer", demande), scenes.RUISSS).url == demande.get_absolute_url()
    assert courriels("demande_acheminee") == [distribution.mentore.prenom]
    assert liaison.post(adresse("etablir_contact", demande), contact()).status_code == 302
    assert courriels("contact_etabli") == [distribution.mentore.prenom]
    assert scenes.CONTACT["expert_externe"] in texte_de(demandeur.get(adresse("", demande)))
    franchis = [passage.transition for passage in demande.passages.order_by("id")]
    assert franchis[-5:] == ["demander_dsm", "transmettre", "analyser", "acheminer", "etablir_contact"]
    experts.consigner_rencontre(
        relire(demande), par=distribution.mentore, jour=jour_local(), minutes=90, mode=ModeConsultation.TEAMS
    )
    assert liaison.post(adresse("clore", demande), {"motif": "Sans nouvelles depuis un mois."}).status_code == 302
    assert relire(demande).etat == "fermee"
    ligne = LigneSuivi.objects.get()
    assert (ligne.minutes, ligne.acheminement.demande) == (90, demande)


# --- Analyser ---------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-210")
def test_lappr_lit_le_formulaire_signe_puis_ecrit_son_analyse(distribution, appr):
    demande = scenes.demande_transmise(distribution)
    page = texte_de(appr.get(adresse("analyser", demande)))
    assert scenes.QUESTION in page
    assert "Hors de mon champ." in page
    with rien_decrit():
        assert appr.post(adresse("analyser", demande), {"motif": " "}).status_code == 200
        assert "semble contenir" in texte_de(appr.post(adresse("analyser", demande), {"motif": NOMMANT}))
    assert appr.post(adresse("analyser", demande), {"motif": ANALYSE}).status_code == 302
    assert courriels("demande_a_acheminer") == [distribution.appr_liaison.prenom]
    with rien_decrit():
        assert appr.post(adresse("analyser", demande), {"motif": ANALYSE}).status_code == 409


# --- Le RUISSS UL -----------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-182", "R-210")
@pytest.mark.parametrize("champ", ["destinataire", "finalite", "justification"])
def test_rien_ne_sort_sans_dire_a_qui_a_quelle_fin_et_pourquoi(distribution, liaison, champ):
    demande = scenes.demande_analysee(distribution)
    with rien_decrit():
        reponse = liaison.post(adresse("acheminer", demande), {**scenes.RUISSS, champ: " "})
    assert reponse.context["form"].errors[champ]
    assert not Acheminement.objects.exists()


@pytest.mark.exigence("R-182", "R-196")
@pytest.mark.parametrize("nom", ["appr", "dsm", "mentore", "gestionnaire"])
@pytest.mark.parametrize("verbe", ["acheminer", "etablir_contact", "constater_sans_reponse", "clore"])
def test_seul_lagent_de_liaison_nomme_achemine(distribution, client_de, nom, verbe):
    scene = {"acheminer": scenes.demande_analysee, "clore": scenes.demande_en_contact}
    demande = scene.get(verbe, scenes.demande_acheminee)(distribution)
    with rien_decrit():
        saisi = {**scenes.RUISSS, **contact(), "motif": "Non."}
        assert client_de(distribution[nom]).post(adresse(verbe, demande), saisi).status_code == 403


@pytest.mark.exigence("R-182")
def test_lacheminement_est_consigne_au_journal_sans_son_contenu(distribution, liaison):
    demande = scenes.demande_analysee(distribution)
    liaison.post(adresse("acheminer", demande), scenes.RUISSS)
    assert "consultation.communication" in actes(demande)
    acheminement = Acheminement.objects.get()
    assert (acheminement.achemine_par, acheminement.destinataire) == (
        distribution.appr_liaison, scenes.RUISSS["destinataire"]
    )  # fmt: skip


@pytest.mark.exigence("R-183")
@pytest.mark.parametrize("champ", ["expert_externe", "organisme", "contact_le"])
def test_le_contact_nomme_lexpert_son_etablissement_et_le_jour(distribution, liaison, champ):
    demande = scenes.demande_acheminee(distribution)
    with rien_decrit():
        reponse = liaison.post(adresse("etablir_contact", demande), contact(**{champ: ""}))
    assert reponse.context["form"].errors[champ]


def test_un_contact_a_venir_est_refuse(distribution, liaison):
    demande = scenes.demande_acheminee(distribution)
    demain = jour_local() + datetime.timedelta(days=1)
    with rien_decrit():
        reponse = liaison.post(adresse("etablir_contact", demande), contact(contact_le=demain.isoformat()))
    assert "n’a pas encore eu lieu" in texte_de(reponse)
    with pytest.raises(ErreurMetier), rien_decrit():
        dsm.etablir_contact(demande, par=distribution.appr_liaison, contact_le=demain, **scenes.CONTACT)


@pytest.mark.exigence("R-210")
def test_le_ruisss_ne_peut_repondre_la_demande_revient_a_lanalyse_puis_repart(distribution, liaison):
    demande = scenes.demande_acheminee(distribution)
    reponse = liaison.post(adresse("constater_sans_reponse", demande), {"motif": "Aucun expert disponible."})
    assert reponse.status_code == 302
    assert relire(demande).etat == "analysee"
    assert courriels("ruisss_sans_reponse") == [distribution.mentore.prenom]
    autre = {**scenes.RUISSS, "destinataire": "Chaire en neuroréadaptation"}
    liaison.post(adresse("acheminer", demande), autre)
    assert relire(demande).acheminement.destinataire == "Chaire en neuroréadaptation"
    assert demande.acheminements.count() == 2


# --- Réorienter sans ressaisie ----------------------------------------------------------------------------------


@pytest.mark.exigence("R-210")
def test_lappr_reoriente_vers_un_expert_du_cisss_telle_quelle(distribution, client_de, appr):
    demande = scenes.demande_analysee(distribution)
    fiche = scenes.fiche_inscrite(distribution)
    page = appr.get(adresse("reorienter_expert", demande))
    proposes = [str(fiche.personne) for fiche in page.context["form"].fields["fiche"].queryset]
    assert proposes == [str(distribution.mentor)], "ni le demandeur, ni celle qui a décliné"
    saisi = {"fiche": fiche.uuid, "motif": "Elle a suivi la formation sur les prismes."}
    assert appr.post(adresse("reorienter_expert", demande), saisi).url == demande.get_absolute_url()
    relue = relire(demande)
    assert (relue.etat, relue.reponses) == ("chez_expert", demande.reponses)
    assert Sollicitation.objects.get(demande=demande, expert=distribution.mentor).reponse == "attendue"
    assert courriels("demande_reorientee") == [distribution.mentore.prenom]
    assert scenes.QUESTION in texte_de(client_de(distribution.mentor).get(adresse("", demande)))


@pytest.mark.parametrize("fiche", ["", "pas-un-uuid", "declinee"])
def test_un_expert_qui_na_pas_a_repondre_est_refuse(distribution, appr, fiche):
    demande = scenes.demande_analysee(distribution)
    valeur = scenes.autre_fiche(distribution).uuid if fiche == "declinee" else fiche
    with rien_decrit():
        reponse = appr.post(adresse("reorienter_expert", demande), {"fiche": valeur, "motif": "Lui."})
    assert "Choisissez un expert disponible" in texte_de(reponse)
    with pytest.raises(ErreurMetier), rien_decrit():
        experts.reorienter_vers_expert(
            demande, par=distribution.appr, fiche=scenes.autre_fiche(distribution), motif="Elle a déjà décliné."
        )


@pytest.mark.exigence("R-210", "R-220")
def test_confiee_au_comite_la_demande_nait_remplie_et_le_demandeur_na_rien_a_ressaisir(distribution, client_de, appr):
    demande = scenes.demande_analysee(distribution)
    saisi = {"motif": "Plusieurs directions sont en cause."}
    assert appr.post(adresse("reorienter_comite", demande), saisi).url == demande.get_absolute_url()
    relue = relire(demande)
    cas = relue.demande_comite
    assert (relue.etat, cas.volet, cas.etat, cas.demandeur) == (
        "au_comite",
        "comite",
        "brouillon",
        distribution.mentore,
    )
    client = client_de(distribution.mentore)
    assert "Poursuivre au comité" in texte_de(client.get(cas.get_absolute_url()))
    for champ in ("question", "contexte", "attentes", "partenaires", "disponibilites"):
        assert getattr(cas, champ) == scenes.FORMULAIRE[champ]
    assert scenes.FORMULAIRE["recherches"] in cas.recherches
    assert scenes.FORMULAIRE["constats"] in cas.recherches
    assert cas.discutee_le == demande.discutee_le
    assert courriels("demande_au_comite") == [distribution.mentore.prenom]
    # X-1 : l’APPR qui l’a confiée au comité ne lit pas ce cas ; le demandeur, lui, n’a qu’à le poursuivre.
    assert appr.get(cas.get_absolute_url()).status_code == 404
    suite = client.post(reverse("concertation:situation_reprendre", args=[cas.uuid]))
    assert champs_de(client.get(suite.url))["question"] == scenes.FORMULAIRE["question"]
    with rien_decrit():
        assert appr.post(adresse("reorienter_comite", demande), saisi).status_code == 409
    assert DemandeService.objects.count() == 1


def test_tout_ou_rien_si_la_demande_au_comite_ne_peut_naitre(distribution, monkeypatch):
    demande = scenes.demande_analysee(distribution)

    def en_panne(*_, **__):
        raise RuntimeError("panne")

    monkeypatch.setattr(dsm, "ouvrir_demande_service", en_panne)
    with pytest.raises(RuntimeError), rien_decrit():
        dsm.reorienter_vers_comite(demande, par=distribution.appr, motif="Plusieurs directions.")


# --- N-01 -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verbe", ["renvoyer", "analyser", "reorienter_comite", "acheminer"])
def test_un_appr_ne_traite_pas_sa_propre_demande(distribution, client_de, verbe):
    demande = _a_soi(distribution)
    saisi = {"motif": "Oui.", **scenes.RUISSS}
    with rien_decrit():
        assert client_de(distribution.appr_liaison).post(adresse(verbe, demande), saisi).status_code == 403


def _a_soi(distribution):
    """Une demande de l’agent de liaison, transmise à la DSM par les vraies actions."""
    moi = distribution.appr_liaison
    scenes.fiche_inscrite(distribution)
    demande = scenes.demande_autorisee(distribution, demandeur=moi)
    dsm.constater_absence(demande, par=moi, motif="Rien au bottin.")
    dsm.transmettre_a_la_dsm(demande, par=moi, confirmation=scenes.CONFIRMATION)
    return DemandeConsultation.objects.get(pk=demande.pk)
