"""Les suivis : ils reviennent à chaque ordre du jour jusqu’à leur clôture, et se closent en deux gestes."""

import datetime

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cdp.actions import ordre_du_jour, rencontres, suivis
from cdp.models import SuiviCdp
from encadrement.socle.temps import jour_local
from tests.cdp import scenes
from tests.cdp.traces import rien_decrit
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = pytest.mark.django_db


def adresse(nom, objet):
    return reverse(f"cdp:{nom}", args=[objet.uuid])


@pytest.fixture
def communaute(distribution):
    return scenes.communaute_active(distribution)


@pytest.fixture
def rencontre(distribution):
    return scenes.rencontre_publiee(distribution)


@pytest.fixture
def secretaire(distribution, client_de):
    return client_de(distribution.secretaire)


# --- Une année, engendrée ---------------------------------------------------------------------------------------

# Une rencontre : combien de suivis s’y notent, et lesquels de tous ceux qui sont ouverts se closent avant la suivante.
ANNEE = st.lists(st.tuples(st.integers(0, 3), st.lists(st.integers(0, 20), max_size=3)), min_size=2, max_size=6)


@pytest.mark.exigence("R-395", "R-390")
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(annee=ANNEE)
def test_chaque_annee_un_suivi_ouvert_revient_a_chaque_ordre_du_jour_jusqua_sa_cloture(distribution, communaute, annee):
    with transaction.atomic():
        _jouer(distribution, communaute, annee)
        transaction.set_rollback(True)


def _jouer(d, communaute, annee):
    moments = [scenes.moment(-14 * rang) for rang in range(len(annee), 0, -1)]
    tenues = rencontres.planifier_rencontres(communaute, moments, par=d.animatrice, mode="virtuelle", lien=scenes.LIEN)
    ouverts = {}
    for rang, (rencontre, (nombre, closes)) in enumerate(zip(tenues, annee, strict=True)):
        a_lordre_du_jour = {suivi.texte for suivi in ordre_du_jour.suivis_ouverts(rencontre)}
        assert a_lordre_du_jour == set(ouverts), f"rencontre {rang}"
        rencontres.tenir_rencontre(rencontre, par=d.secretaire)
        for numero in range(nombre):
            texte = f"Suivi {numero} de la rencontre {rang}"
            ouverts[texte] = suivis.noter_suivi(
                rencontre, par=d.secretaire, texte=texte, personne=d.membre, echeance_dite="en continu"
            )
        for place in closes:
            if ouverts:
                texte = sorted(ouverts)[place % len(ouverts)]
                suivis.clore_suivi(ouverts.pop(texte), par=d.membre)


@pytest.mark.exigence("R-395")
def test_lordre_du_jour_suivant_montre_les_suivis_aux_membres(distribution, rencontre, client_de):
    suivante = scenes.rencontre_planifiee(distribution, rencontre.communaute)
    page = texte_de(client_de(distribution.membre).get(adresse("rencontre", suivante)))
    for attendu in ("Corriger l’item 14", "Demander la traduction", "quand le budget sera connu"):
        assert attendu in page
    assert "Demander la traduction" not in texte_de(
        client_de(distribution.parrain).get(adresse("rencontre", suivante))
    ), "les suivis viennent du compte rendu, que le parrain ne lit pas"


# --- La liste, clore, corriger ----------------------------------------------------------------------------------


@pytest.mark.exigence("R-390")
def test_la_liste_montre_les_retards_dabord_et_ce_qui_est_a_moi(distribution, secretaire, rencontre):
    sans_date, date = rencontre.suivis.get(echeance=None), rencontre.suivis.exclude(echeance=None).get()
    suivis.modifier_suivi(date, par=distribution.animatrice, echeance=jour_local() - datetime.timedelta(days=1))
    page = texte_de(secretaire.get(adresse("communaute_suivis", rencontre.communaute)))
    assert "2 suivis ouverts, dont 1 en retard" in page
    assert page.index(date.texte) < page.index(sans_date.texte)
    assert "Vous</strong>" in page
    assert "quand le budget sera connu" in page


@pytest.mark.exigence("R-390")
def test_clore_prend_deux_gestes_et_le_suivi_ne_revient_plus(distribution, secretaire, rencontre):
    suivi = rencontre.suivis.first()
    liste = secretaire.get(adresse("communaute_suivis", rencontre.communaute)).text
    assert adresse("suivi_clore", suivi) in liste
    assert secretaire.post(adresse("suivi_clore", suivi), {"issue": "Fait le 3."}).status_code == 302
    suivante = scenes.rencontre_planifiee(distribution, rencontre.communaute)
    assert suivi not in ordre_du_jour.suivis_ouverts(suivante)
    page = texte_de(secretaire.get(adresse("communaute_suivis", rencontre.communaute)))
    assert "par Zélie Babin : Fait le 3." in page


def test_clos_deux_fois_il_ne_lest_quune(secretaire, rencontre):
    suivi = rencontre.suivis.first()
    secretaire.post(adresse("suivi_clore", suivi))
    with rien_decrit():
        encore = secretaire.post(adresse("suivi_clore", suivi), {"issue": "Encore"})
    assert encore.status_code == 409
    assert "Ce suivi est clos depuis" in texte_de(encore)
    assert champs_de(encore)["issue"] == "Encore"
    assert secretaire.get(adresse("suivi_clore", suivi)).status_code == 302


def test_un_membre_clot_le_sien_pas_celui_dun_autre(distribution, client_de, rencontre):
    a_elle = SuiviCdp.objects.get(personne=distribution.animatrice)
    membre = client_de(distribution.membre)
    assert membre.post(adresse("suivi_clore", a_elle)).status_code == 403
    suivis.modifier_suivi(a_elle, par=distribution.animatrice, personne=distribution.membre)
    assert membre.post(adresse("suivi_clore", a_elle)).status_code == 302


def test_corriger_un_suivi_change_son_responsable_et_son_echeance(distribution, secretaire, rencontre):
    suivi = rencontre.suivis.exclude(echeance=None).get()
    champs = champs_de(secretaire.get(adresse("suivi_modifier", suivi)))
    saisi = {**champs, "personne": distribution.membre.pk, "echeance": "", "echeance_dite": "au printemps"}
    assert secretaire.post(adresse("suivi_modifier", suivi), saisi).status_code == 302
    suivi.refresh_from_db()
    assert (suivi.personne, suivi.quand) == (distribution.membre, "au printemps")


def test_la_liste_coute_autant_de_requetes_a_quarante_suivis(
    distribution, secretaire, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr("encadrement.accueil.contexte.nombre_a_faire", lambda personne: 0)
    rencontre = scenes.rencontre_tenue(distribution)
    for rang in range(40):
        suivi = suivis.noter_suivi(
            rencontre, par=distribution.secretaire, texte=f"Suivi {rang}", personne=distribution.membre
        )
        if rang % 2:
            suivis.clore_suivi(suivi, par=distribution.secretaire)
    with django_assert_max_num_queries(16):
        secretaire.get(adresse("communaute_suivis", rencontre.communaute))
