"""Rédiger l’entente à deux : rien ne s’écrase, rien ne se perd, chaque ligne s’ajoute et se retire."""

import datetime

import pytest

from encadrement.acces.matrice import AccesRefuse
from encadrement.socle.fusion import temoin
from mentorat.actions import ententes as actions
from mentorat.models import OBJECTIFS_MAXIMUM, Activite, DemandeMentorat, Objectif
from tests.mentorat import scenes
from tests.mentorat.formulaire import adresse, champs_de, texte_de
from tests.mentorat.traces import rien_decrit

pytestmark = pytest.mark.django_db


@pytest.fixture
def entente(distribution):
    return scenes.remplir(scenes.entente_naissante(distribution))


@pytest.fixture
def a_deux(distribution, entente, client_de):
    """Rend (client du mentor, client du mentoré, ce que chacun a sous les yeux)."""
    mentor, mentore = client_de(distribution.mentor), client_de(distribution.mentore)
    return mentor, mentore, champs_de(mentor.get(adresse("entente_modifier", entente)))


def _poster(client, entente, champs, geste="enregistrer", nom="entente_modifier"):
    return client.post(adresse(nom, entente), {**champs, "geste": geste})


def _premier(entente):
    return f"objectif-{entente.objectifs.first().pk}"


@pytest.mark.exigence("R-094", "R-104", "R-105", "R-329", "R-331", "R-332")
def test_le_mentore_ecrit_toute_lannexe_dun_seul_envoi(distribution, client_de):
    entente = scenes.entente_naissante(distribution)
    client = client_de(distribution.mentore)
    champs = champs_de(client.get(adresse("entente_modifier", entente)))
    objectif = entente.objectifs.first()
    reponse = _poster(
        client,
        entente,
        {
            **champs,
            "frequence": "Aux 3 semaines",
            "duree_rencontres": "1 h 15",
            "debut": "2026-09-14",
            "fin": "2027-03-13",
            "identifie_par": "les_deux",
            "besoin_nouvel_intervenant": "on",
            f"objectif-{objectif.pk}": "Évaluer seule à domicile.",
            f"activite-{objectif.activites.get().pk}": "Observer deux évaluations.",
        },
    )
    assert reponse.url == adresse("entente_modifier", entente)
    relue = scenes.relire(entente)
    assert (relue.frequence, relue.duree_rencontres) == ("Aux 3 semaines", 75)
    assert (relue.debut, relue.fin) == (datetime.date(2026, 9, 14), datetime.date(2027, 3, 13))
    assert (relue.identifie_par, relue.besoin_nouvel_intervenant) == ("les_deux", True)
    assert relue.objectifs.first().texte == "Évaluer seule à domicile."
    assert relue.objectifs.first().activites.get().texte == "Observer deux évaluations."
    assert relue.modifiee_par == distribution.mentore


@pytest.mark.exigence("R-327", "R-328", "R-329", "R-331", "R-332", "R-334")
def test_la_page_porte_toutes_les_zones_de_lannexe_4(distribution, entente, client_de):
    page = client_de(distribution.mentore).get(adresse("entente_modifier", entente))
    texte, champs = texte_de(page), champs_de(page)
    for partie in (entente.mentor, entente.mentore):
        assert partie.nom_complet in texte
    for besoin in ("Nouvel intervenant du CISSS", "nouveau programme ou service", "compétences spécifiques"):
        assert besoin in texte
    assert {"identifie_par", "frequence", "duree_rencontres", "debut", "fin"} <= champs.keys()
    for lettre in ("Spécifique", "Mesurable", "Acceptable", "Réaliste", "Temporellement défini"):
        assert lettre in texte


@pytest.mark.parametrize(
    ("nom", "code"), [("gestionnaire", 403), ("delegue", 403), ("collegue", 404), ("superutilisateur", 404)]
)
@pytest.mark.parametrize("page", ["entente_modifier", "entente_brouillon"])
def test_personne_dautre_que_la_dyade_necrit(distribution, entente, client_de, a_deux, nom, code, page):
    champs = a_deux[2] | {"frequence": "Jamais"}
    with rien_decrit():
        assert _poster(client_de(distribution[nom]), entente, champs, nom=page).status_code == code
    assert scenes.relire(entente).frequence == "Aux 3 semaines"


def test_laction_elle_meme_exige_le_droit_de_rediger(distribution, entente):
    objectif = entente.objectifs.first()
    gestes = (
        lambda qui: actions.ecrire_entente(entente, par=qui, saisi={"frequence": "Jamais"}, temoins={}),
        lambda qui: actions.ajouter_objectif(entente, par=qui),
        lambda qui: actions.ajouter_activite(entente, objectif.pk, par=qui),
        lambda qui: actions.retirer_objectif(entente, objectif.pk, par=qui),
        lambda qui: actions.retirer_activite(entente, objectif.activites.first().pk, par=qui),
    )
    with rien_decrit():
        for geste in gestes:
            for nom in ("gestionnaire", "collegue"):
                with pytest.raises(AccesRefuse):
                    geste(distribution[nom])


def test_enregistrer_deux_fois_le_meme_envoi_ne_change_rien(a_deux, entente):
    mentor, _, lus = a_deux
    champs = {**lus, "frequence": "Aux 2 semaines"}
    _poster(mentor, entente, champs)
    with rien_decrit():
        assert _poster(mentor, entente, champs).status_code == 302


# --- À deux -----------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-094", "R-104")
def test_deux_champs_differents_se_gardent_tous_les_deux(a_deux, entente):
    mentor, mentore, lus = a_deux
    _poster(mentor, entente, {**lus, "frequence": "Aux 2 semaines"})
    reponse = _poster(mentore, entente, {**lus, _premier(entente): "Mon objectif à moi."})
    assert reponse.status_code == 302
    relue = scenes.relire(entente)
    assert relue.frequence == "Aux 2 semaines"
    assert relue.objectifs.first().texte == "Mon objectif à moi."


def test_une_case_decochee_par_lun_reste_decochee_quand_lautre_enregistre(a_deux, entente):
    mentor, mentore, lus = a_deux
    sans = {nom: valeur for nom, valeur in lus.items() if nom != "besoin_nouveau_programme"}
    _poster(mentor, entente, sans)
    _poster(mentore, entente, {**lus, "frequence": "Aux 2 semaines"})
    relue = scenes.relire(entente)
    assert (relue.besoin_nouveau_programme, relue.besoin_competences) == (False, True)


def test_le_meme_champ_montre_les_deux_textes_et_ne_perd_rien(a_deux, entente):
    mentor, mentore, lus = a_deux
    _poster(mentor, entente, {**lus, "frequence": "Aux 2 semaines"})
    reponse = _poster(mentore, entente, {**lus, "frequence": "Chaque mois", "duree_rencontres": "2 h"})
    assert reponse.status_code == 409
    texte = texte_de(reponse)
    assert "Vous avez écrit au même endroit tous les deux" in texte
    assert "Aux 2 semaines" in texte
    assert champs_de(reponse)["frequence"] == "Chaque mois"
    assert (scenes.relire(entente).frequence, scenes.relire(entente).duree_rencontres) == ("Aux 2 semaines", 120)
    assert _poster(mentore, entente, champs_de(reponse)).status_code == 302
    assert scenes.relire(entente).frequence == "Chaque mois"


def test_apres_un_conflit_le_reenvoi_necrase_pas_les_autres_champs_de_lautre(a_deux, entente):
    mentor, mentore, lus = a_deux
    _poster(mentor, entente, {**lus, "frequence": "Aux 2 semaines", _premier(entente): "Du mentor"})
    reponse = _poster(mentore, entente, {**lus, "frequence": "Chaque mois"})
    assert champs_de(reponse)[_premier(entente)] == "Du mentor"
    _poster(mentore, entente, champs_de(reponse))
    assert scenes.relire(entente).objectifs.first().texte == "Du mentor"


@pytest.mark.parametrize("quand", ["avant", "apres"])
def test_une_saisie_refusee_puis_corrigee_ne_cache_pas_ce_que_lautre_a_ecrit(a_deux, entente, quand):
    mentor, mentore, lus = a_deux
    if quand == "avant":
        _poster(mentor, entente, {**lus, _premier(entente): "Du mentor"})
    reponse = _poster(mentore, entente, {**lus, _premier(entente): "z" * 20_001})
    if quand == "apres":
        _poster(mentor, entente, {**lus, _premier(entente): "Du mentor"})
    corrigee = _poster(mentore, entente, {**champs_de(reponse), _premier(entente): "z" * 20})
    assert corrigee.status_code == 409
    assert scenes.relire(entente).objectifs.first().texte == "Du mentor"


def test_la_ligne_que_lautre_vient_dajouter_nest_pas_effacee_par_une_page_plus_ancienne(a_deux, entente):
    mentor, mentore, lus = a_deux
    _poster(mentor, entente, lus, geste="ajouter_objectif")
    neuf = entente.objectifs.last()
    _poster(
        mentor, entente, {**champs_de(mentor.get(adresse("entente_modifier", entente))), f"objectif-{neuf.pk}": "Neuf"}
    )
    assert _poster(mentore, entente, {**lus, "frequence": "Aux 2 semaines"}).status_code == 302
    neuf.refresh_from_db()
    assert neuf.texte == "Neuf"


def test_le_texte_tape_dans_une_ligne_que_lautre_a_retiree_reste_a_lecran(a_deux, entente):
    mentor, mentore, lus = a_deux
    objectif = entente.objectifs.last()
    _poster(mentor, entente, {**lus, "confirme": "1"}, geste=f"retirer_objectif:{objectif.pk}")
    assert not Objectif.objects.filter(pk=objectif.pk).exists()
    reponse = _poster(mentore, entente, {**lus, f"objectif-{objectif.pk}": "Ce que je venais d’écrire."})
    assert reponse.status_code == 409
    assert "L’autre personne a retiré cette ligne" in texte_de(reponse)
    assert "Ce que je venais d’écrire." in texte_de(reponse)
    assert _poster(mentore, entente, champs_de(reponse)).status_code == 302


def test_une_page_plus_ancienne_sans_changement_ne_ressuscite_pas_la_ligne_retiree(a_deux, entente):
    mentor, mentore, lus = a_deux
    objectif = entente.objectifs.last()
    _poster(mentor, entente, {**lus, "confirme": "1"}, geste=f"retirer_objectif:{objectif.pk}")
    assert _poster(mentore, entente, {**lus, "frequence": "Chaque mois"}).status_code == 302
    assert entente.objectifs.count() == 2


def test_les_dates_contraires_ecrites_chacun_de_son_cote_sont_dites_et_gardees_a_lecran(a_deux, entente):
    mentor, mentore, lus = a_deux
    _poster(mentor, entente, {**lus, "debut": "2026-09-14", "fin": "2026-12-01"})
    lus = champs_de(mentor.get(adresse("entente_modifier", entente)))
    _poster(mentor, entente, {**lus, "debut": "2026-11-01"})
    with rien_decrit():
        reponse = _poster(mentore, entente, {**lus, "fin": "2026-10-01", "frequence": "Chaque mois"})
    assert reponse.status_code == 409
    assert "La fin de l’entente doit suivre son début." in texte_de(reponse)
    assert (champs_de(reponse)["fin"], champs_de(reponse)["frequence"]) == ("2026-10-01", "Chaque mois")


def test_ecrire_dans_une_entente_soumise_entretemps_garde_le_texte_a_lecran(a_deux, distribution, entente):
    mentor, _, lus = a_deux
    actions.soumettre_entente(scenes.relire(entente), par=distribution.mentore)
    with rien_decrit():
        reponse = _poster(mentor, entente, {**lus, "frequence": "Chaque mois"})
    assert reponse.status_code == 409
    assert "« à signer »" in texte_de(reponse)
    assert champs_de(reponse)["frequence"] == "Chaque mois"
    assert mentor.get(adresse("entente_modifier", entente)).url == entente.get_absolute_url()


# --- L’enregistrement automatique -------------------------------------------------------------------------------


def test_le_brouillon_senregistre_et_rend_les_temoins(a_deux, entente):
    mentor, _, lus = a_deux
    donnees = _poster(mentor, entente, {**lus, "frequence": "Chaque m"}, nom="entente_brouillon").json()
    assert donnees["enregistre_le"]
    assert donnees["temoins"]["frequence"] == temoin("Chaque m")
    suite = {**lus, "temoin-frequence": donnees["temoins"]["frequence"], "frequence": "Chaque mois"}
    assert _poster(mentor, entente, suite, nom="entente_brouillon").status_code == 200
    assert scenes.relire(entente).frequence == "Chaque mois"


def test_le_brouillon_rapporte_ce_que_lautre_vient_decrire(a_deux, entente):
    mentor, mentore, lus = a_deux
    _poster(mentor, entente, {**lus, "duree_rencontres": "2 h"})
    donnees = _poster(mentore, entente, {**lus, "frequence": "Chaque mois"}, nom="entente_brouillon").json()
    assert donnees["nouveautes"]["duree_rencontres"]["valeur"] == "2\xa0h"


def test_le_brouillon_dit_le_conflit_avec_les_deux_textes(a_deux, entente):
    mentor, mentore, lus = a_deux
    _poster(mentor, entente, {**lus, "frequence": "Aux 2 semaines"})
    reponse = _poster(mentore, entente, {**lus, "frequence": "Chaque mois"}, nom="entente_brouillon")
    assert reponse.status_code == 409
    (ecart,) = reponse.json()["conflit"]
    assert (ecart["libelle"], ecart["le_mien"], ecart["actuel"]) == (
        "Fréquence des rencontres",
        "Chaque mois",
        "Aux 2 semaines",
    )


def test_le_brouillon_dit_la_saisie_illisible_et_garde_le_reste(a_deux, entente):
    mentor, _, lus = a_deux
    champs = {**lus, "debut": "2026-02-31", "frequence": "Chaque mois"}
    reponse = _poster(mentor, entente, champs, nom="entente_brouillon")
    assert reponse.status_code == 422
    assert "Cette date n’existe pas" in reponse.json()["message"]
    assert scenes.relire(entente).frequence == "Chaque mois"


def test_le_brouillon_dit_que_lentente_nest_plus_en_redaction(a_deux, distribution, entente):
    mentor, _, lus = a_deux
    actions.soumettre_entente(scenes.relire(entente), par=distribution.mentore)
    with rien_decrit():
        reponse = _poster(mentor, entente, {**lus, "frequence": "Chaque mois"}, nom="entente_brouillon")
    assert reponse.status_code == 422
    assert "« à signer »" in reponse.json()["message"]


# --- Les lignes -------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-329")
def test_ajouter_une_ligne_enregistre_dabord_ce_qui_est_tape(a_deux, entente):
    mentor, _, lus = a_deux
    reponse = _poster(mentor, entente, {**lus, "frequence": "Chaque mois"}, geste="ajouter_objectif")
    dernier = entente.objectifs.last()
    assert reponse.url.endswith(f"#objectif-{dernier.pk}")
    assert (dernier.rang, dernier.texte, dernier.activites.count()) == (4, "", 1)
    assert scenes.relire(entente).frequence == "Chaque mois"
    reponse = _poster(mentor, entente, lus, geste=f"ajouter_activite:{dernier.pk}")
    assert reponse.url.endswith(f"#activite-{dernier.activites.last().pk}")


@pytest.mark.parametrize("sorte", ["objectif", "activite"])
def test_un_double_clic_najoute_quune_ligne(a_deux, entente, sorte):
    mentor, _, lus = a_deux
    premier = entente.objectifs.first()
    geste, lignes = (
        ("ajouter_objectif", entente.objectifs)
        if sorte == "objectif"
        else (f"ajouter_activite:{premier.pk}", premier.activites)
    )
    avant = lignes.count()
    reponses = [_poster(mentor, entente, lus, geste=geste) for _ in range(3)]
    assert lignes.count() == avant + 1
    assert {reponse.url for reponse in reponses} == {
        f"{adresse('entente_modifier', entente)}#{sorte}-{lignes.last().pk}"
    }


def test_retirer_une_ligne_ecrite_demande_de_confirmer_en_montrant_le_texte(a_deux, entente):
    mentor, _, lus = a_deux
    objectif = entente.objectifs.first()
    page = _poster(mentor, entente, lus, geste=f"retirer_objectif:{objectif.pk}")
    assert objectif.texte in texte_de(page)
    assert Objectif.objects.filter(pk=objectif.pk).exists()
    _poster(mentor, entente, champs_de(page), geste=f"retirer_objectif:{objectif.pk}")
    assert [ligne.rang for ligne in entente.objectifs.all()] == [1, 2]


def test_retirer_une_activite_vide_se_fait_sans_demander(a_deux, entente):
    mentor, _, lus = a_deux
    objectif = entente.objectifs.first()
    vide = actions.ajouter_activite(entente, objectif.pk, par=entente.mentor)
    reponse = _poster(mentor, entente, lus, geste=f"retirer_activite:{vide.pk}")
    assert reponse.url.endswith("#objectifs")
    assert not Activite.objects.filter(pk=vide.pk).exists()


@pytest.mark.parametrize("geste", ["ajouter_activite", "retirer_activite", "retirer_objectif"])
def test_un_geste_sur_la_ligne_dune_autre_entente_ny_touche_pas(a_deux, distribution, geste, entente):
    d = distribution
    mentor, _, lus = a_deux
    ailleurs = actions.naitre_entente(DemandeMentorat.objects.create(mentore=d.collegue), d.executif_cm, par=d.mentor)
    objectif = ailleurs.objectifs.first()
    cible = objectif.activites.get().pk if geste == "retirer_activite" else objectif.pk
    reponse = _poster(mentor, entente, {**lus, "confirme": "1"}, geste=f"{geste}:{cible}")
    assert reponse.status_code in (302, 409)
    assert [ligne.activites.count() for ligne in ailleurs.objectifs.all()] == [1, 1, 1]


def test_ajouter_une_activite_a_un_objectif_que_lautre_a_retire_le_dit(a_deux, entente):
    mentor, _, lus = a_deux
    objectif = entente.objectifs.first()
    actions.retirer_objectif(entente, objectif.pk, par=entente.mentore)
    reponse = _poster(mentor, entente, {**lus, "frequence": "Chaque mois"}, geste=f"ajouter_activite:{objectif.pk}")
    assert reponse.status_code == 409
    assert "Cet objectif vient d’être retiré" in texte_de(reponse)
    assert scenes.relire(entente).frequence == "Chaque mois"


def test_le_quarante_et_unieme_objectif_est_refuse_et_le_reste_est_garde(a_deux, entente):
    mentor = a_deux[0]
    while entente.objectifs.count() < OBJECTIFS_MAXIMUM:
        actions.ajouter_objectif(entente, par=entente.mentor)
    lus = champs_de(mentor.get(adresse("entente_modifier", entente)))
    reponse = _poster(mentor, entente, {**lus, "frequence": "Chaque mois"}, geste="ajouter_objectif")
    assert reponse.status_code == 409
    assert "au plus 40 objectifs" in texte_de(reponse)
    assert entente.objectifs.count() == OBJECTIFS_MAXIMUM
    assert scenes.relire(entente).frequence == "Chaque mois"


def test_une_panne_en_fin_denregistrement_ne_laisse_rien(a_deux, entente, monkeypatch):
    mentor, _, lus = a_deux
    monkeypatch.setattr(actions, "_marquer", _panne)
    with rien_decrit(), pytest.raises(RuntimeError):
        _poster(mentor, entente, {**lus, "frequence": "Chaque mois", _premier(entente): "Neuf"})
    assert entente.objectifs.first().texte != "Neuf"


def _panne(*_args, **_options):
    raise RuntimeError("panne")
