"""L’année d’avant est celle de son bilan : le tableau de bord compare à ce qu’on a publié (R-083)."""

import datetime
from dataclasses import replace

import pytest
from django.urls import reverse

from encadrement.bilan_annuel.actions import bilans as actions
from encadrement.bilan_annuel.chiffres import chiffres_par_mesure, publies_des
from encadrement.bilan_annuel.droits import NATURE
from encadrement.bilan_annuel.models import VersionBilan
from encadrement.indicateurs import registre
from encadrement.indicateurs.publies import depuis_les_donnees, en_donnees
from encadrement.indicateurs.tableau import HORS_DU_BILAN
from encadrement.indicateurs.valeurs import Part, Valeur
from encadrement.outils.horloge import au
from encadrement.personnes.models import Personne
from encadrement.signatures.actions import figer
from tests.encadrement.bilan_annuel import scenes
from tests.encadrement.bilan_annuel.conftest import EMBAUCHES
from tests.mentorat.formulaire import texte_de

pytestmark = [pytest.mark.django_db, pytest.mark.exigence("R-083")]
MESURE = reverse("indicateurs:mesure", args=["mentorat"])


@pytest.fixture
def annee():
    return scenes.annee_passee()


@pytest.fixture
def inscrits(embauches, monkeypatch):
    """Le même indicateur, que chacun peut lire ; rend de quoi en inscrire d’autres à côté."""
    (du_bilan,) = registre.indicateurs()
    faits = replace(du_bilan.faits, lignes=lambda personne: Personne.objects.filter(is_active=True))

    def inscrire(*codes):
        siens = tuple(replace(du_bilan, code=code, faits=faits) for code in codes)
        monkeypatch.setattr(registre, "_inscrits", {"mentorat": registre.ChiffresDeMesure("mentorat", siens)})

    inscrire(EMBAUCHES)
    return inscrire


@pytest.fixture
def paru(distribution, embauches, inscrits, annee):
    """Le bilan de l’an dernier dit sept ; deux embauches y sont consignées depuis, six cette année."""
    embauches(7, annee)
    bilan = scenes.publie(distribution)
    embauches(2, annee)
    embauches(6, annee.suivante)
    return bilan


def lue(client, **filtre):
    """Rend la page et sa première ligne."""
    page = client.get(MESURE, filtre)
    return page, page.context["fiches"][0].ligne


def test_l_annee_d_avant_est_celle_que_le_bilan_a_publiee(client_de, distribution, paru):
    page, ligne = lue(client_de(distribution.dsm))
    assert (ligne.maintenant.texte, ligne.avant.texte, ligne.ecart.texte) == ("6", "7", "1 de moins")
    assert "au bilan publié" in texte_de(page)


def test_l_annee_parue_regardee_pour_elle_meme_se_lit_aujourd_hui(client_de, distribution, paru, annee):
    page, ligne = lue(client_de(distribution.dsm), annee=annee.debut_annee)
    assert ligne.maintenant.texte == "9"
    assert "au bilan publié" not in texte_de(page)


def test_des_mois_se_comparent_aux_memes_mois_d_aujourd_hui(client_de, distribution, paru):
    page, ligne = lue(client_de(distribution.dsm), du=4, au=4)
    assert ligne.avant.texte == "9"
    assert "au bilan publié" not in texte_de(page)


def test_la_courbe_garde_ce_qui_a_paru_des_annees_d_avant(client_de, distribution, paru, annee):
    with au(annee.suivante.fin + datetime.timedelta(days=60)):
        courbe = client_de(distribution.dsm).get(MESURE).context["fiches"][0].annees
    assert [str(texte) for *_, texte in courbe.tableau][-3:] == ["7", "6", "0"]


def test_une_nouvelle_version_remplace_le_chiffre(client_de, distribution, paru):
    actions.reprendre_bilan(paru, par=distribution.dsm, motif="Deux embauches consignées en retard.")
    assert lue(client_de(distribution.dsm))[1].avant.texte == "7", "reprise, c’est encore la version parue qu’on lit"
    actions.publier_bilan(paru, par=distribution.dsm)
    assert lue(client_de(distribution.dsm))[1].avant.texte == "9"


def test_les_deux_annees_d_un_bilan_se_comptent_le_meme_jour(distribution, paru, annee):
    (chiffre,) = chiffres_par_mesure(annee.suivante)["mentorat"]
    assert (chiffre["annee"]["texte"], chiffre["avant"]["texte"]) == ("6", "9")


def test_un_bilan_paru_avant_la_fin_de_son_annee_n_en_dit_qu_une_partie(distribution, embauches, inscrits, annee):
    with au(annee.fin - datetime.timedelta(days=40)):
        bilan = actions.ouvrir_bilan(annee.debut_annee, par=distribution.appr)
        actions.publier_bilan(bilan, par=distribution.dsm, raison=scenes.RAISON)
    assert publies_des({annee.debut_annee}) == {}


def test_ce_que_le_bilan_ne_donne_pas_se_lit_aujourd_hui_et_une_note_le_dit(client_de, distribution, paru, monkeypatch):
    (ancien,) = registre.indicateurs()
    nouveau = replace(ancien, code="mentorat.nouveau")
    chiffres = registre.ChiffresDeMesure("mentorat", (ancien, nouveau))
    monkeypatch.setattr(registre, "_inscrits", {"mentorat": chiffres})
    page, _ = lue(client_de(distribution.dsm))
    assert [fiche.ligne.avant.texte for fiche in page.context["fiches"]] == ["7", "9"]
    assert page.context["fiches"][0].ligne.avant.note is None
    assert dict(page.context["notes"])[page.context["fiches"][1].ligne.avant.note] == HORS_DU_BILAN


def _publies(annee):
    return publies_des({annee.debut_annee})[annee.debut_annee]


def _autre_version(bilan, par, valeurs):
    instantane = figer(bilan, NATURE, {"version": 2}, gabarit=actions.GABARIT)
    return VersionBilan.objects.create(bilan=bilan, numero=2, instantane=instantane, publiee_par=par, valeurs=valeurs)


def test_ce_que_le_bilan_n_a_pas_pu_dire_n_est_pas_publie(distribution, paru, annee):
    muette = Valeur(raison="La campagne est encore ouverte.")
    _autre_version(paru, distribution.dsm, {EMBAUCHES: en_donnees(muette)})
    assert _publies(annee).valeurs == {}


def test_une_version_sans_ses_valeurs_laisse_parler_celle_d_avant(distribution, paru, annee):
    _autre_version(paru, distribution.dsm, None)
    assert _publies(annee).valeurs[EMBAUCHES].nombre == 7


def test_une_valeur_publiee_se_relit_telle_quelle_sauf_combien_elle_compte_de_gens(paru, annee):
    donnees = VersionBilan.objects.get().valeurs[EMBAUCHES]
    assert "effectif" not in donnees
    valeur = Valeur(nombre=3, sur=9, parts=(Part("rouge", 2),), partiel=True, retenus="Vingt, par la DSM.", effectif=7)
    assert depuis_les_donnees(en_donnees(valeur)) == replace(valeur, effectif=0)


def test_le_classeur_dit_ce_qui_est_publie_de_l_annee_d_avant(client_de, distribution, paru, inscrits, annee):
    inscrits(EMBAUCHES, "mentorat.nouveau")
    reponse = client_de(distribution.dsm).get(reverse("indicateurs:tableau_exporter"), {"format": "csv"})
    _, publiee, nouvelle = reponse.getvalue().decode("utf-8-sig").splitlines()
    assert f"{annee}, bilan publié" in publiee
    assert "bilan publié" not in nouvelle
