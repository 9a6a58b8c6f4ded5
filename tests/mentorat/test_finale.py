"""L’évaluation finale : l’entamer, la remplir avec le mouvement sous les yeux, la signer."""

import datetime

import pytest

from encadrement.notifications.models import Courriel
from encadrement.signatures.models import Instantane, Signature
from mentorat.models import Bilan, Entente, Sorte
from tests.mentorat import scenes
from tests.mentorat.formulaire import adresse, champs_de, signer_par_la_page, texte_de

pytestmark = pytest.mark.django_db

ZONES = {
    "forces": "Rigueur, curiosité, sait dire « je ne sais pas ».",
    "cibles": "Concision des rapports; oser demander tôt.",
    "recommandations": "Participer à la CdP des ergothérapeutes.",
}


@pytest.fixture
def entente(distribution):
    return scenes.entente(distribution, "en_evaluation")


@pytest.fixture
def remplie(entente):
    scenes.evaluer(entente)
    return scenes.relire(entente)


def _remplir(client, entente, couleur="vert", **saisi):
    lus = champs_de(client.get(adresse("entente_finale", entente)))
    lignes = {nom.removeprefix("temoin-"): couleur for nom in lus if nom.startswith(("temoin-obj", "temoin-act"))}
    return client.post(adresse("entente_finale", entente), {**lus, **lignes, **ZONES, **saisi})


@pytest.mark.exigence("R-057", "R-058")
def test_levaluation_finale_sentame_apres_la_mi_temps_confirmee(distribution, client_de):
    entente, client = scenes.entente(distribution), client_de(distribution.mentore)
    reponse = client.post(adresse("entente_entamer_finale", entente))
    assert reponse.status_code == 409
    assert "Le bilan de mi-temps doit être rempli et confirmé" in texte_de(reponse)
    scenes.rencontrer(entente)
    scenes.mi_temps(entente)
    reponse = client.post(adresse("entente_entamer_finale", entente))
    assert reponse.url == adresse("entente_finale", entente)
    assert scenes.relire(entente).etat == "en_evaluation"
    assert entente.passages.filter(transition="entamer_finale", par=distribution.mentore).exists()
    assert Courriel.objects.filter(gabarit="mentorat/finale_entamee", a=distribution.mentor).exists()
    assert client.post(adresse("entente_entamer_finale", entente)).status_code == 409


@pytest.mark.exigence("R-058", "R-338", "R-339", "R-340", "R-342")
def test_la_dyade_la_remplit_puis_la_signe_et_elle_va_au_gestionnaire(distribution, client_de, entente):
    mentor, mentore = client_de(distribution.mentor), client_de(distribution.mentore)
    assert _remplir(mentor, entente, geste="suite").url == adresse("entente_signer_finale", entente)
    page = texte_de(mentor.get(adresse("entente_signer_finale", entente)))
    for texte in (*ZONES.values(), "SIMAF, SAAQ, RAMQ, ACC", "Rencontres réalisées"):
        assert texte in page
    Courriel.objects.all().delete()
    assert signer_par_la_page(mentor, "entente_signer_finale", entente).url == entente.get_absolute_url()
    assert scenes.relire(entente).etat == "en_evaluation"
    assert Courriel.objects.filter(gabarit="mentorat/finale_a_signer", a=distribution.mentore).exists()
    signer_par_la_page(mentore, "entente_signer_finale", entente)
    assert scenes.relire(entente).etat == "a_clore"
    bilan = Bilan.objects.get(sorte=Sorte.FINAL)
    assert sorted(bilan.instantane.signatures.values_list("titre", flat=True)) == ["mentor", "mentore"]
    assert bilan.instantane.donnees["forces"] == ZONES["forces"]
    assert bilan.instantane.donnees["nombre_rencontres"] == 4
    assert distribution.gestionnaire.pk in set(
        Courriel.objects.filter(gabarit="mentorat/finale_a_clore").values_list("a", flat=True)
    )


@pytest.mark.exigence("R-337", "R-339")
def test_le_mouvement_depuis_la_mi_temps_se_lit_en_mots(distribution, client_de):
    entente = scenes.entente(distribution)
    scenes.rencontrer(entente)
    scenes.mi_temps(entente, couleur="rouge")
    client = client_de(distribution.mentor)
    client.post(adresse("entente_entamer_finale", entente))
    assert "À la mi-temps" in texte_de(client.get(adresse("entente_finale", entente)))
    scenes.evaluer(entente, couleur="vert")
    page = client.get(adresse("entente_signer_finale", entente)).content.decode()
    debut = page.split('<span class="mouvement">')[1].split("</td>")[0]
    assert debut.index("Rouge") < debut.index("Vert")
    assert '<span class="visually-hidden">De</span>' in debut


@pytest.mark.exigence("R-341")
def test_une_poursuite_jugee_necessaire_se_justifie(distribution, client_de, entente):
    client = client_de(distribution.mentor)
    _remplir(client, entente, poursuite="on")
    reponse = signer_par_la_page(client, "entente_signer_finale", entente)
    assert reponse.status_code == 409
    assert "Justifiez la poursuite" in texte_de(reponse)
    _remplir(client, entente, poursuite="on", justification="Un objectif reste à consolider.")
    assert signer_par_la_page(client, "entente_signer_finale", entente).status_code == 302
    assert Bilan.objects.get(sorte=Sorte.FINAL).instantane.donnees["poursuite"] is True


@pytest.mark.exigence("R-340")
@pytest.mark.parametrize("zone", list(ZONES))
def test_une_zone_vide_empeche_de_signer(distribution, client_de, entente, zone):
    client = client_de(distribution.mentor)
    _remplir(client, entente, **{zone: "  "})
    reponse = signer_par_la_page(client, "entente_signer_finale", entente)
    assert reponse.status_code == 409
    assert "Remplissez les forces du mentoré" in texte_de(reponse)
    assert not Signature.objects.filter(instantane__nature="finale").exists()


@pytest.mark.exigence("R-339")
def test_un_etat_manquant_empeche_de_signer(distribution, client_de, entente):
    client = client_de(distribution.mentor)
    activite = entente.objectifs.first().activites.first()
    _remplir(client, entente, **{f"activite-{activite.pk}": ""})
    reponse = signer_par_la_page(client, "entente_signer_finale", entente)
    assert "Donnez un état" in texte_de(reponse)
    assert not Signature.objects.filter(instantane__nature="finale").exists()


@pytest.mark.exigence("R-061", "R-410")
def test_moins_de_quatre_rencontres_demande_une_raison_sans_bloquer(distribution, client_de):
    entente = scenes.entente(distribution)
    scenes.mi_temps(entente)
    client = client_de(distribution.mentor)
    client.post(adresse("entente_entamer_finale", entente))
    scenes.evaluer(entente)
    reponse = signer_par_la_page(client, "entente_signer_finale", entente, raison="")
    assert "au moins 4 sont recommandées" in texte_de(reponse)
    assert not Signature.objects.filter(instantane__nature="finale").exists()
    signer_par_la_page(client, "entente_signer_finale", entente, raison="Objectifs atteints plus tôt.")
    passage = entente.passages.get(transition="signer_finale")
    assert passage.motif == "Objectifs atteints plus tôt."
    assert passage.avertissements


@pytest.mark.parametrize(
    ("saisi", "phrase"),
    [
        ({"mot_de_passe": "faux"}, "Ce mot de passe n’est pas le vôtre"),
        ({"mot_de_passe": ""}, "Écrivez votre mot de passe"),
        ({"engagement": ""}, "Cochez l’engagement"),
        ({"empreinte": ""}, "relisez-le"),
    ],
)
def test_sans_engagement_ni_identite_rien_nest_signe(distribution, client_de, remplie, saisi, phrase):
    reponse = signer_par_la_page(client_de(distribution.mentor), "entente_signer_finale", remplie, **saisi)
    assert phrase in texte_de(reponse)
    assert not Signature.objects.filter(instantane__nature="finale").exists()


def test_on_ne_signe_que_le_contenu_quon_a_lu(distribution, client_de, remplie):
    client = client_de(distribution.mentor)
    lus = champs_de(client.get(adresse("entente_signer_finale", remplie)))
    _remplir(client_de(distribution.mentore), remplie, cibles="Une cible changée après lecture")
    reponse = signer_par_la_page(client, "entente_signer_finale", remplie, empreinte=lus["empreinte"])
    assert reponse.status_code == 409
    page = texte_de(reponse)
    assert "Le contenu a changé depuis que vous l’avez lu" in page
    assert "Une cible changée après lecture" in page
    assert champs_de(reponse)["empreinte"] != lus["empreinte"]
    assert not Signature.objects.filter(instantane__nature="finale").exists()


def test_on_ne_signe_pas_deux_fois(distribution, client_de, remplie):
    client = client_de(distribution.mentor)
    signer_par_la_page(client, "entente_signer_finale", remplie)
    reponse = signer_par_la_page(client, "entente_signer_finale", remplie)
    assert reponse.status_code == 409
    assert "déjà une signature à ce titre" in texte_de(reponse)
    assert Signature.objects.filter(instantane__nature="finale").count() == 1


def test_modifier_le_contenu_rend_les_signatures_caduques(distribution, client_de, remplie):
    signer_par_la_page(client_de(distribution.mentor), "entente_signer_finale", remplie)
    mentore = client_de(distribution.mentore)
    assert "porte déjà une signature" in texte_de(mentore.get(adresse("entente_finale", remplie)))
    _remplir(mentore, remplie, commentaires="Un mot de plus")
    signer_par_la_page(mentore, "entente_signer_finale", remplie)
    assert scenes.relire(remplie).etat == "en_evaluation"
    signer_par_la_page(client_de(distribution.mentor), "entente_signer_finale", remplie)
    assert scenes.relire(remplie).etat == "a_clore"


def test_lire_la_page_de_signature_ne_fige_rien(distribution, client_de, remplie):
    client_de(distribution.mentor).get(adresse("entente_signer_finale", remplie))
    assert not Instantane.objects.filter(nature="finale").exists()


@pytest.mark.exigence("R-063", "R-354")
def test_le_gestionnaire_ne_lit_rien_avant_les_deux_signatures(distribution, client_de, remplie):
    gestionnaire = client_de(distribution.gestionnaire)
    page = texte_de(gestionnaire.get(adresse("entente_finale", remplie)))
    assert "La dyade écrit son évaluation finale" in page
    assert ZONES["cibles"] not in page
    assert ZONES["cibles"] not in texte_de(gestionnaire.get(adresse("entente_clore", remplie)))
    scenes.signer_la_finale(remplie)
    assert ZONES["cibles"] in texte_de(gestionnaire.get(adresse("entente_finale", remplie)))


@pytest.mark.parametrize("qui", ["gestionnaire", "dsm", "appr", "drhcaj"])
@pytest.mark.parametrize("nom", ["entente_finale", "entente_finale_brouillon", "entente_signer_finale"])
def test_seule_la_dyade_ecrit_et_signe(distribution, client_de, remplie, qui, nom):
    assert client_de(distribution[qui]).post(adresse(nom, remplie), {"forces": "Intrus"}).status_code == 403
    assert Bilan.objects.get(sorte=Sorte.FINAL).forces == ZONES["forces"]


@pytest.mark.exigence("R-059")
def test_une_prolongation_en_attente_empeche_de_conclure(distribution, client_de, remplie):
    client = client_de(distribution.mentor)
    nouvelle = remplie.fin + datetime.timedelta(days=30)
    client.post(
        adresse("entente_demander_prolongation", remplie),
        {"nouvelle_fin": nouvelle.isoformat(), "justification": "Encore un mois."},
    )
    reponse = signer_par_la_page(client, "entente_signer_finale", remplie)
    assert reponse.status_code == 409
    assert "Une demande de prolongation attend" in texte_de(reponse)


def test_une_panne_ne_laisse_ni_signature_ni_passage(distribution, client_de, remplie, monkeypatch):
    def panne(*args, **kwargs):
        raise RuntimeError("panne")

    monkeypatch.setattr("mentorat.actions.bilans.annoncer", panne)
    with pytest.raises(RuntimeError, match="panne"):
        signer_par_la_page(client_de(distribution.mentor), "entente_signer_finale", remplie)
    assert not Signature.objects.filter(instantane__nature="finale").exists()
    assert not Entente.objects.get(pk=remplie.pk).passages.filter(transition="signer_finale").exists()


def test_chaque_zone_accepte_vingt_mille_caracteres_et_pas_un_de_plus(distribution, client_de, entente):
    client = client_de(distribution.mentor)
    _remplir(client, entente, forces="f" * 20_000, cibles="c" * 20_001)
    bilan = Bilan.objects.get(sorte=Sorte.FINAL)
    assert (len(bilan.forces), bilan.cibles) == (20_000, "")
