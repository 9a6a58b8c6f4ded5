"""Le gestionnaire approuve et signe : l’entente prend effet, son PDF se prépare, les copies partent."""

import pytest
from django.conf import settings as reglages

from encadrement.documents.models import Document
from encadrement.personnes.models import Delegation
from encadrement.signatures.models import Signature
from mentorat.actions import ententes as actions
from mentorat.models import ConditionsFavorables
from tests.factories import MOT_DE_PASSE
from tests.mentorat import scenes
from tests.mentorat.formulaire import adresse, champs_de, signer_par_la_page, texte_de
from tests.mentorat.traces import actes, courriels, rien_decrit

pytestmark = pytest.mark.django_db
PAGE = "entente_approuver"


@pytest.fixture
def entente(distribution):
    return scenes.entente(distribution, "a_approuver")


@pytest.fixture
def boite_drhcaj(settings):
    settings.COURRIEL_DRHCAJ = "drhcaj@cisss.exemple"


@pytest.mark.exigence("R-030", "R-055", "R-069", "R-070", "R-088", "R-090", "R-334", "R-408")
def test_le_gestionnaire_approuve_lentente(distribution, client_de, entente, boite_drhcaj):
    d = distribution
    reponse = signer_par_la_page(
        client_de(d.gestionnaire), PAGE, entente, charge_ajustee="on", rencontres_autorisees="on"
    )
    assert reponse.url == entente.get_absolute_url()
    relue = scenes.relire(entente)
    assert (relue.etat, relue.fin_initiale) == ("active", relue.fin)
    assert relue.prise_d_effet is not None
    passage = relue.passages.get(transition="approuver")
    assert (passage.par, passage.titre, passage.au_nom_de) == (d.gestionnaire, "le gestionnaire du mentoré", None)
    assert set(relue.instantane.signatures.values_list("titre", flat=True)) == {"mentor", "mentore", "gestionnaire"}
    assert Document.objects.get().instantane == relue.instantane
    assert courriels("entente_approuvee") == sorted([d.mentor.nom_complet, d.mentore.nom_complet])
    assert courriels("entente_liberation") == [d.gestionnaire_mentor.nom_complet]
    boites = {reglages.COURRIEL_DSM, "drhcaj@cisss.exemple"}
    assert boites | {d.dsm.nom_complet, d.drhcaj.nom_complet} == set(courriels("copie_transmise"))
    conditions = ConditionsFavorables.objects.get(entente=relue)
    assert (conditions.charge_ajustee, conditions.rencontres_autorisees, conditions.reconnaissance) == (
        True,
        True,
        False,
    )
    assert {"mentorat.entente.approuver", "signature", "mentorat.entente.confirmer_conditions"} <= set(actes(relue))


@pytest.mark.exigence("R-090", "R-408")
def test_la_page_montre_lessentiel_et_qui_a_deja_signe(distribution, client_de, entente):
    texte = texte_de(client_de(distribution.gestionnaire).get(adresse(PAGE, entente)))
    assert "3 objectifs, aux 3 semaines, 1 h 15, du" in texte
    for partie in (entente.mentor, entente.mentore):
        assert partie.nom_complet in texte


def test_le_delegue_signe_par_delegation_du_gestionnaire(distribution, client_de, entente):
    d = distribution
    signer_par_la_page(client_de(d.delegue), PAGE, entente)
    signature = Signature.objects.get(titre="gestionnaire")
    assert (signature.personne, signature.au_nom_de, signature.au_nom_de_nom) == (
        d.delegue,
        d.gestionnaire,
        d.gestionnaire.nom_complet,
    )
    assert scenes.relire(entente).passages.get(transition="approuver").au_nom_de == d.gestionnaire
    texte = texte_de(client_de(d.gestionnaire).get(entente.get_absolute_url()))
    assert "délégation" in texte


@pytest.mark.exigence("R-090")
@pytest.mark.parametrize(
    ("nom", "code"),
    [
        ("mentor", 403),
        ("mentore", 403),
        ("gestionnaire_mentor", 404),
        ("autre_gestionnaire", 404),
        ("ancien_gestionnaire", 404),
        ("directrice", 404),
        ("dsm", 404),
        ("superutilisateur", 404),
        ("inactif", 302),
    ],
)
def test_personne_dautre_napprouve(distribution, client_de, entente, nom, code):
    donnees = {"engagement": "on", "mot_de_passe": MOT_DE_PASSE, "empreinte": entente.instantane.empreinte}
    with rien_decrit():
        assert client_de(distribution[nom]).post(adresse(PAGE, entente), donnees).status_code == code


def test_une_delegation_revoquee_ferme_lapprobation_a_la_requete_suivante(distribution, client_de, entente):
    d = distribution
    client = client_de(d.delegue)
    lus = champs_de(client.get(adresse(PAGE, entente)))
    Delegation.objects.filter(a=d.delegue).delete()
    with rien_decrit():
        reponse = client.post(adresse(PAGE, entente), {**lus, "engagement": "on", "mot_de_passe": MOT_DE_PASSE})
    assert reponse.status_code == 404


def test_on_napprouve_pas_deux_fois(distribution, client_de, entente):
    client = client_de(distribution.gestionnaire)
    lus = champs_de(client.get(adresse(PAGE, entente)))
    donnees = {**lus, "engagement": "on", "mot_de_passe": MOT_DE_PASSE}
    client.post(adresse(PAGE, entente), donnees)
    with rien_decrit():
        reponse = client.post(adresse(PAGE, entente), donnees)
    assert reponse.status_code == 409
    assert "« active »" in texte_de(reponse)


def test_un_mot_de_passe_faux_garde_les_conditions_cochees_et_ne_signe_rien(distribution, client_de, entente):
    with rien_decrit():
        reponse = signer_par_la_page(
            client_de(distribution.gestionnaire),
            PAGE,
            entente,
            mot_de_passe="Pas-le-bon-2026",
            charge_ajustee="on",
        )
    assert champs_de(reponse)["charge_ajustee"] == "on"
    assert champs_de(reponse)["engagement"] == "on"


@pytest.mark.exigence("R-334")
def test_le_gestionnaire_napprouve_pas_un_contenu_quil_na_pas_lu(distribution, client_de, entente):
    d = distribution
    client = client_de(d.gestionnaire)
    lus = champs_de(client.get(adresse(PAGE, entente)))
    actions.renvoyer_entente(entente, par=d.gestionnaire, motif="Revoir la fréquence.")
    actions.ecrire_entente(entente, par=d.mentore, saisi={"frequence": "Chaque mois"}, temoins={})
    scenes.mener(d, scenes.relire(entente), "a_approuver")
    with rien_decrit():
        reponse = client.post(adresse(PAGE, entente), {**lus, "engagement": "on", "mot_de_passe": MOT_DE_PASSE})
    assert reponse.status_code == 409
    assert "Le contenu a changé depuis que vous l’avez lu" in texte_de(reponse)


@pytest.mark.exigence("R-049", "R-411")
def test_un_mentor_devenu_superieur_apres_les_signatures_arrete_lapprobation(distribution, client_de, entente):
    d = distribution
    d.mentor.superieur = None
    d.mentor.save(update_fields=["superieur"])
    d.gestionnaire.superieur = d.mentor
    d.gestionnaire.save(update_fields=["superieur"])
    with rien_decrit():
        reponse = signer_par_la_page(client_de(d.gestionnaire), PAGE, entente)
    assert reponse.status_code == 409
    assert "à aucun niveau" in texte_de(reponse)


@pytest.mark.parametrize("etape", ["transmettre", "confirmer_conditions", "demander_document"])
def test_une_panne_a_la_derniere_etape_ne_laisse_rien(distribution, client_de, entente, monkeypatch, etape):
    monkeypatch.setattr(actions, etape, _panne)
    with rien_decrit(), pytest.raises(RuntimeError):
        signer_par_la_page(client_de(distribution.gestionnaire), PAGE, entente)


def _panne(*_args, **_options):
    raise RuntimeError("panne")


# --- Renvoyer et refuser ----------------------------------------------------------------------------------------

VERBES = [
    ("entente_renvoyer", "renvoyer", "brouillon", "entente_renvoyee"),
    ("entente_refuser", "refuser", "refusee", "entente_refusee"),
]


@pytest.mark.exigence("R-090")
@pytest.mark.parametrize(("page", "verbe", "etat", "gabarit"), VERBES)
@pytest.mark.parametrize("nom", ["gestionnaire", "delegue"])
def test_le_gestionnaire_decide_avec_un_motif_que_la_dyade_lit(
    distribution, client_de, entente, page, verbe, etat, gabarit, nom
):
    d = distribution
    reponse = client_de(d[nom]).post(adresse(page, entente), {"motif": "Précisez l’objectif 2."})
    assert reponse.url == entente.get_absolute_url()
    relue = scenes.relire(entente)
    passage = relue.passages.get(transition=verbe)
    assert (relue.etat, passage.motif, passage.par) == (etat, "Précisez l’objectif 2.", d[nom])
    assert courriels(gabarit) == sorted([d.mentor.nom_complet, d.mentore.nom_complet])
    assert actes(relue)[-1] == f"mentorat.entente.{verbe}"
    assert "Précisez l’objectif 2." in texte_de(client_de(d.mentore).get(entente.get_absolute_url()))


@pytest.mark.parametrize(("page", "verbe", "etat", "gabarit"), VERBES)
def test_sans_motif_ni_droit_ni_bon_etat_rien_ne_change(
    distribution, client_de, entente, monkeypatch, page, verbe, etat, gabarit
):
    d = distribution
    with rien_decrit():
        for vide in ("", "   ", "\u200e\u202e"):
            reponse = client_de(d.gestionnaire).post(adresse(page, entente), {"motif": vide})
            assert "Écrivez le motif" in texte_de(reponse)
        for nom, code in (("mentor", 403), ("mentore", 403), ("dsm", 404), ("autre_gestionnaire", 404)):
            assert client_de(d[nom]).post(adresse(page, entente), {"motif": "Non."}).status_code == code
    vraie = actions.annoncer
    monkeypatch.setattr(actions, "annoncer", _panne)
    with rien_decrit(), pytest.raises(RuntimeError):
        client_de(d.gestionnaire).post(adresse(page, entente), {"motif": "Non."})
    monkeypatch.setattr(actions, "annoncer", vraie)
    client_de(d.gestionnaire).post(adresse(page, entente), {"motif": "Non."})
    with rien_decrit():
        encore = client_de(d.gestionnaire).post(adresse(page, entente), {"motif": "Non, encore."})
    assert encore.status_code == 409
    assert champs_de(encore)["motif"] == "Non, encore."


def test_une_entente_renvoyee_puis_modifiee_se_resigne_et_sapprouve(distribution, client_de, entente):
    d = distribution
    client_de(d.gestionnaire).post(adresse("entente_renvoyer", entente), {"motif": "Revoir la fréquence."})
    actions.ecrire_entente(scenes.relire(entente), par=d.mentore, saisi={"frequence": "Chaque mois"}, temoins={})
    relue = scenes.mener(d, scenes.relire(entente), "a_approuver")
    signer_par_la_page(client_de(d.gestionnaire), PAGE, relue)
    relue = scenes.relire(entente)
    assert relue.etat == "active"
    assert relue.instantane.signatures.count() == 3
    assert relue.instantane.donnees["frequence"] == "Chaque mois"
