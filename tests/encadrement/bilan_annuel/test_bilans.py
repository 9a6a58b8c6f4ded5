"""Le bilan : écrit à plusieurs, publié avec ses chiffres figés, relu tel quel, remplacé sans rien effacer (R-083)."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from encadrement.bilan_annuel.actions import bilans as actions
from encadrement.bilan_annuel.droits import DROITS_BILAN, DROITS_RECOMMANDATION
from encadrement.bilan_annuel.models import BilanAnnuel, Recommandation
from encadrement.documents.models import Document
from encadrement.documents.rendu import rendre
from encadrement.notifications.models import Courriel
from encadrement.personnes.models import Personne
from encadrement.socle.erreurs import ErreurMetier, Perime
from encadrement.trajectoire.transition import RaisonRequise, TransitionImpossible
from tests.encadrement.acces.trois_faces import desaccords
from tests.encadrement.bilan_annuel import scenes
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = pytest.mark.django_db


def adresse(nom, bilan, *args):
    return reverse(f"bilan_annuel:{nom}", args=[bilan.uuid, *args])


def relire(objet):
    return type(objet).objects.get(pk=objet.pk)


@pytest.mark.exigence("R-023", "R-082", "R-083", "R-280", "R-281", "R-316")
def test_de_la_premiere_ligne_a_la_diffusion_par_les_pages(distribution, client_de, embauches):
    d, annee = distribution, scenes.annee_passee()
    embauches(7, annee)
    embauches(5, annee.precedente)
    recommandation = scenes.proposee(d)
    appr, dsm, lectrice = client_de(d.appr), client_de(d.dsm), client_de(d.gestionnaire)
    appr.post(reverse("bilan_annuel:bilan_ouvrir"), {"annee": annee.debut_annee})
    bilan = BilanAnnuel.objects.get(annee=annee.debut_annee)
    page = appr.get(adresse("bilan_modifier", bilan))
    saisie = {**champs_de(page), **scenes.TEXTES, "suite": "apercu"}
    assert appr.post(adresse("bilan_modifier", bilan), saisie).url == adresse("bilan_apercu", bilan)
    assert lectrice.get(adresse("bilan", bilan)).status_code == 404

    apercu = texte_de(dsm.get(adresse("bilan_apercu", bilan)))
    assert "Personnes embauchées" in apercu
    assert "2 de plus" in apercu
    publication = dsm.get(adresse("bilan_publier", bilan))
    assert dsm.post(adresse("bilan_publier", bilan), champs_de(publication)).status_code == 302

    embauches(6, annee)
    lu = texte_de(lectrice.get(adresse("bilan", bilan)))
    for attendu in (*scenes.TEXTES.values(), recommandation.libelle, "Sans date d’embauche", "R-072"):
        assert attendu in lu, attendu
    assert ">7</td>" in lu
    assert ">13</td>" not in lu, "publiés, les chiffres ne vivent plus"
    assert relire(recommandation).publiee
    avises = Courriel.objects.filter(gabarit="bilan_annuel/bilan_publie").values_list("a__matricule", flat=True)
    attendus = {d[nom].matricule for nom in ("gestionnaire", "directrice", "parrain", "appr", "executif_cm")}
    assert attendus <= set(avises)
    assert len(avises) == len(set(avises))
    assert not {d.mentore.matricule, d.membre.matricule} & set(avises)


def test_republier_ajoute_une_version_et_garde_l_ancienne(distribution, client_de, embauches):
    d, annee = distribution, scenes.annee_passee()
    embauches(7, annee)
    bilan = scenes.repris(d)
    embauches(2, annee)
    actions.ecrire_bilan(bilan, par=d.appr, conclusion="Neuf, en fin de compte.")
    lectrice = client_de(d.gestionnaire)
    assert "On poursuit." in texte_de(lectrice.get(adresse("bilan", bilan))), "reprise, la version 1 se lit encore"
    actions.publier_bilan(bilan, par=d.dsm)
    premiere, seconde = (version.instantane.donnees for version in bilan.versions.all())
    chiffres = [contenu["mesures"][0]["chiffres"][0]["annee"]["texte"] for contenu in (premiere, seconde)]
    assert chiffres == ["7", "9"]
    assert "Neuf" in texte_de(lectrice.get(adresse("bilan", bilan)))
    ancienne = texte_de(lectrice.get(adresse("bilan_version", bilan, 1)))
    assert ">7</td>" in ancienne
    assert "Neuf" not in ancienne
    assert Document.objects.count() == 2
    assert Courriel.objects.filter(gabarit="bilan_annuel/bilan_publie", a=d.gestionnaire).count() == 2


def test_un_second_clic_ne_publie_rien_de_plus(distribution):
    bilan = scenes.ecrit(distribution)
    autre_page = relire(bilan)
    actions.publier_bilan(bilan, par=distribution.dsm)
    with pytest.raises(TransitionImpossible):
        actions.publier_bilan(autre_page, par=distribution.dsm)
    assert bilan.versions.count() == 1
    with pytest.raises(ErreurMetier, match="publié"):
        actions.ecrire_bilan(autre_page, par=distribution.appr, conclusion="Trop tard.")


def test_on_ne_publie_que_ce_qu_on_a_lu(distribution, client_de):
    d = distribution
    bilan = scenes.ecrit(d)
    recommandation = scenes.proposee(d)
    dsm = client_de(d.dsm)
    lu = champs_de(dsm.get(adresse("bilan_publier", bilan)))
    actions.ecrire_bilan(bilan, par=d.appr, conclusion="Zibeline.")
    reponse = dsm.post(adresse("bilan_publier", bilan), lu)
    assert reponse.status_code == 409
    assert "Zibeline" in reponse.text
    assert (relire(bilan).etat, bilan.versions.count(), relire(recommandation).publiee) == ("brouillon", 0, False)
    with pytest.raises(Perime):
        actions.publier_bilan(bilan, par=d.dsm, lu=lu["lu"])
    assert dsm.post(adresse("bilan_publier", bilan), champs_de(reponse)).status_code == 302


def test_deux_personnes_ecrivent_sans_s_ecraser(distribution, client_de):
    d = distribution
    bilan = scenes.ouvert(d)
    une, autre = client_de(d.appr), client_de(d.dsm)
    chez_une, chez_autre = (champs_de(client.get(adresse("bilan_modifier", bilan))) for client in (une, autre))
    une.post(adresse("bilan_brouillon", bilan), {**chez_une, "introduction": "Un.", "mesure_cdp": "Les CdP."})
    reponse = autre.post(
        adresse("bilan_brouillon", bilan), {**chez_autre, "introduction": "Deux.", "conclusion": "Fin."}
    )
    assert reponse.status_code == 409
    assert [(ecart["champ"], ecart["actuel"]) for ecart in reponse.json()["conflit"]] == [("introduction", "Un.")]
    garde = relire(bilan)
    assert (garde.introduction, garde.textes, garde.conclusion) == ("Un.", {"cdp": "Les CdP."}, "Fin.")
    page = autre.post(adresse("bilan_modifier", bilan), {**chez_autre, "introduction": "Deux."})
    assert page.status_code == 409
    assert champs_de(page)["introduction"] == "Deux."
    assert champs_de(page)["mesure_cdp"] == "Les CdP."


@pytest.mark.exigence("R-316")
def test_publier_sans_texte_ou_avant_la_fin_de_l_annee_s_explique_sans_bloquer(distribution):
    d = distribution
    bilan = actions.ouvrir_bilan(scenes.annee_passee().suivante.debut_annee, par=d.appr)
    with pytest.raises(RaisonRequise) as ecarts:
        actions.publier_bilan(bilan, par=d.dsm)
    assert [raison.exigences for raison in ecarts.value.raisons] == [("R-082",), ("R-316",)]
    assert BilanAnnuel.objects.get().etat == "brouillon"
    actions.publier_bilan(bilan, par=d.dsm, raison=scenes.RAISON)
    assert relire(bilan).passages.get().motif == scenes.RAISON


def test_le_pdf_est_balise_a_un_sommaire_ses_dessins_et_ses_masques(distribution, embauches):
    d, annee = distribution, scenes.annee_passee()
    embauches(8, annee)
    embauches(3, annee.precedente)
    scenes.proposee(d)
    bilan = scenes.publie(d)
    lecteur = PdfReader(io.BytesIO(rendre(bilan.derniere_version.instantane.document).octets))
    texte = " ".join(" ".join(page.extract_text() for page in lecteur.pages).replace("\xa0", " ").split())
    for attendu in (
        "Sommaire",
        "Bilan annuel des mesures",
        "moins de 5",
        "Former chaque mentor",
        *scenes.TEXTES.values(),
    ):
        assert attendu in texte, attendu
    figures = _figures(lecteur.trailer["/Root"]["/StructTreeRoot"])
    assert figures
    assert all(figures), "chaque dessin a sa description"
    assert "Personnes embauchées" in texte
    titres = [signet.title for signet in _plats(lecteur.outline)]
    assert {"Mentorat", "Recommandations", "Définitions et données manquantes"} <= set(titres)


def _figures(noeud):
    """Rend la description de chaque figure de l’arbre des balises, vide si elle n’en a pas."""
    noeud = noeud.get_object()
    if not hasattr(noeud, "get"):
        return []
    siennes = [noeud.get("/Alt", "")] if noeud.get("/S") == "/Figure" and "/K" in noeud else []
    enfants = noeud.get("/K", [])
    enfants = enfants if isinstance(enfants, list) else [enfants]
    return siennes + [figure for enfant in enfants if hasattr(enfant, "get_object") for figure in _figures(enfant)]


def _plats(signets):
    for signet in signets:
        if isinstance(signet, list):
            yield from _plats(signet)
        else:
            yield signet


def test_moins_de_cinq_ne_se_montre_nulle_part_meme_fige(distribution, client_de, embauches):
    embauches(4, scenes.annee_passee())
    embauches(6, scenes.annee_passee().precedente)
    bilan = scenes.publie(distribution)
    chiffre = bilan.derniere_version.instantane.donnees["mesures"][0]["chiffres"][0]
    assert (chiffre["annee"]["texte"], chiffre["annee"]["nombre"]) == ("moins\xa0de\xa05", None)
    assert (chiffre["avant"]["texte"], chiffre["ecart"]) == ("6", "ne se compare pas"), (
        "un écart rendrait le nombre masqué"
    )
    lu = texte_de(client_de(distribution.drhcaj).get(adresse("bilan", bilan)))
    assert ">4<" not in lu
    assert "Moins de cinq personnes" in lu


def test_les_trois_faces_du_droit_s_accordent(distribution):
    d = distribution
    scenes.realisee(d)
    scenes.proposee(d, annee=2015)
    actions.ouvrir_bilan(2015, par=d.dsm)
    assert desaccords(DROITS_BILAN, BilanAnnuel.objects.all(), d) == []
    assert desaccords(DROITS_RECOMMANDATION, Recommandation.objects.all(), d) == []
    Personne.objects.filter(superieur=d.gestionnaire).update(is_active=False)
    assert not DROITS_BILAN.peut(relire(d.gestionnaire), "voir", BilanAnnuel.objects.get(diffuse=True))
