"""L’ordre du jour : points fixes, points propres, ordre, durées, pièces et PDF (annexe 9, R-393 à R-395, R-483, R-488)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cdp.actions import ordre_du_jour as actions
from cdp.actions import rencontres
from cdp.models import PieceJointe, PointCdp
from encadrement.fichiers.models import Fichier
from encadrement.rencontres.models import Sorte
from encadrement.socle.erreurs import ErreurMetier
from tests.cdp import scenes
from tests.cdp.acces_rencontres import joindre
from tests.cdp.traces import rien_decrit
from tests.encadrement.fichiers.contenus import EXE, HTML, PDF, televerse
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = pytest.mark.django_db

FIXES = ["1", "2", "3", "5", "6", "7"]


@pytest.fixture(autouse=True)
def en_septembre(time_machine):
    time_machine.move_to("2026-09-01T08:00:00-04:00", tick=False)


@pytest.fixture
def rencontre(distribution):
    """Mardi 15 septembre 2026, de 13 h 30 à 16 h 30, trois points de 45, 30 et 40 minutes."""
    return scenes.rencontre_planifiee(distribution)


@pytest.fixture
def animatrice(distribution, rencontre, client_de):
    return client_de(distribution.animatrice)


@pytest.fixture
def membre(distribution, rencontre, client_de):
    return client_de(distribution.membre)


@pytest.fixture
def page(rencontre):
    return reverse("cdp:rencontre_modifier", args=[rencontre.uuid])


def adresse(nom, objet):
    return reverse(f"cdp:{nom}", args=[objet.uuid])


def sujets(rencontre):
    return [point.sujet for _, point in actions.points_numerotes(rencontre) if point.sorte == Sorte.AUTRE]


def premier(rencontre):
    return rencontre.points.filter(sorte=Sorte.AUTRE).order_by("rang").first()


def _ajout(**champs):
    return {"geste": "ajouter", "sujet": "Télépratique", "personne": "", "nom_externe": "", "minutes": "", **champs}


# --- Les points fixes et les autres ---------------------------------------------------------------------------------


@pytest.mark.exigence("R-148", "R-395")
def test_les_points_fixes_encadrent_les_autres_dans_lordre_de_lannexe(rencontre, membre):
    numeros = [numero for numero, _ in actions.points_numerotes(rencontre)]
    assert numeros == ["1", "2", "3", "4.1", "4.2", "4.3", "5", "6", "7"]
    lignes = membre.get(rencontre.get_absolute_url()).context["lignes"]
    assert [ligne["intitule"] for ligne in lignes if ligne["numero"] in FIXES] == [
        "Ouverture et mot de bienvenue",
        "Lecture de l’ordre du jour",
        "Lecture et suivi du compte rendu précédent",
        "Évaluation de la rencontre",
        "Date de la prochaine rencontre",
        "Fin de la rencontre",
    ]


@pytest.mark.exigence("R-395")
def test_la_prochaine_rencontre_se_lit_au_point_six(distribution, rencontre, membre):
    scenes.rencontre_planifiee(distribution, dans=42)
    assert "Date de la prochaine rencontre : mardi 13 octobre 2026" in texte_de(
        membre.get(rencontre.get_absolute_url())
    )


@pytest.mark.exigence("R-395")
def test_un_point_fixe_garde_son_intitule_et_ne_se_retire_pas(distribution, rencontre, animatrice):
    ouverture = rencontre.points.get(sorte=Sorte.OUVERTURE)
    formulaire = animatrice.get(adresse("point_modifier", ouverture))
    assert "sujet" not in champs_de(formulaire)
    saisie = {"sujet": "Autre chose", "personne": str(distribution.animatrice.uuid), "minutes": "10 min"}
    animatrice.post(adresse("point_modifier", ouverture), saisie)
    ouverture.refresh_from_db()
    assert (ouverture.sujet, ouverture.personne, ouverture.minutes) == ("", distribution.animatrice, 10)
    actions.modifier_point(ouverture, par=distribution.animatrice, sujet="Autre chose")
    ouverture.refresh_from_db()
    assert ouverture.sujet == ""
    with rien_decrit():
        assert animatrice.post(adresse("point_retirer", ouverture)).status_code == 409


@pytest.mark.exigence("R-394")
def test_un_point_a_un_sujet_un_responsable_et_une_duree(distribution, rencontre, animatrice, page):
    animatrice.post(page, _ajout(personne=str(distribution.membre.uuid), minutes="1 h 15"))
    point = PointCdp.objects.get(sujet="Télépratique")
    assert (point.personne, point.minutes) == (distribution.membre, 75)
    assert sujets(rencontre)[-1] == "Télépratique"


@pytest.mark.exigence("R-484")
def test_un_point_peut_etre_presente_par_quelquun_de_lexterieur(rencontre, animatrice, membre, page):
    animatrice.post(page, _ajout(nom_externe="Line Metallic, Gesgapegiag"))
    assert PointCdp.objects.get(sujet="Télépratique").qui == "Line Metallic, Gesgapegiag"
    assert "Line Metallic, Gesgapegiag" in texte_de(membre.get(rencontre.get_absolute_url()))


@pytest.mark.exigence("R-484")
def test_un_invite_de_la_maison_peut_presenter_un_point(distribution, rencontre, animatrice, page):
    saisie = _ajout(personne=str(distribution.collegue.uuid))
    assert "n’est plus membre ni invitée" in texte_de(animatrice.post(page, saisie))
    rencontres.inviter_a_la_rencontre(rencontre, par=distribution.animatrice, personne=distribution.collegue)
    animatrice.post(page, saisie)
    assert PointCdp.objects.get(sujet="Télépratique").personne == distribution.collegue


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"sujet": " "}, "Écrivez le sujet du point."),
        ({"sujet": "é" * 301}, "Ce sujet dépasse 300 caractères"),
        ({"minutes": "beaucoup"}, "Écrivez une durée comme"),
        ({"minutes": "9 h"}, "Écrivez une durée entre"),
        ({"personne": "1"}, "n’est plus membre ni invitée"),
        ({"nom_externe": "Line", "personne": "membre"}, "pas les deux"),
        ({"sujet": "Le cas de Mme Tremblay"}, "un nom de personne"),
    ],
)
def test_un_point_fautif_est_explique_sans_rien_perdre(distribution, animatrice, page, champs, phrase):
    if champs.get("personne") == "membre":
        champs = {**champs, "personne": str(distribution.membre.uuid)}
    saisie = _ajout(**champs)
    with rien_decrit():
        reponse = animatrice.post(page, saisie)
    assert phrase in texte_de(reponse)
    assert champs_de(reponse)["minutes"] == saisie["minutes"]


def test_un_sujet_qui_nomme_quelquun_passe_une_fois_relu(rencontre, animatrice, page):
    saisie = _ajout(sujet="Échange avec Marie Tremblay")
    relu = animatrice.post(page, saisie).context["form_point"].fields["relu"].widget.attrs["value"]
    animatrice.post(page, {**saisie, "relu": relu})
    assert sujets(rencontre)[-1] == "Échange avec Marie Tremblay"


def test_le_meme_point_ne_sajoute_pas_deux_fois(rencontre, animatrice, page):
    animatrice.post(page, _ajout())
    with rien_decrit():
        reponse = animatrice.post(page, _ajout(sujet="TÉLÉPRATIQUE"))
    assert reponse.status_code == 409
    assert "Ce point est déjà à l’ordre du jour." in texte_de(reponse)


def test_modifier_puis_retirer_un_point(rencontre, animatrice, page):
    point = premier(rencontre)
    animatrice.post(adresse("point_modifier", point), {"sujet": "Grille TDL, suite", "minutes": ""})
    point.refresh_from_db()
    assert (point.sujet, point.minutes, point.personne) == ("Grille TDL, suite", None, None)
    assert "Grille TDL, suite" in texte_de(animatrice.get(adresse("point_retirer", point)))
    animatrice.post(adresse("point_retirer", point))
    assert len(sujets(rencontre)) == 2
    assert animatrice.post(adresse("point_retirer", point)).status_code == 404


def test_lordre_du_jour_dun_compte_rendu_publie_ne_change_plus(distribution, client_de):
    publiee = scenes.rencontre_publiee(distribution)
    client, page = client_de(distribution.animatrice), adresse("rencontre_modifier", publiee)
    assert client.get(page).url == publiee.get_absolute_url()
    with rien_decrit():
        reponse = client.post(page, _ajout())
    assert reponse.status_code == 409
    assert "Télépratique" in texte_de(reponse)


def test_un_geste_inconnu_ne_change_rien(animatrice, page):
    for geste in ("", "effacer", "monter:", "monter:\x00", "monter:1"):
        with rien_decrit():
            assert animatrice.post(page, {"geste": geste}).status_code == 409


@pytest.mark.exigence("R-394")
def test_tout_membre_propose_un_point_sans_toucher_aux_autres(distribution, rencontre, membre, page):
    saisie = {**_ajout(), "personne": str(distribution.membre.uuid)}
    assert membre.post(adresse("rencontre_proposer_point", rencontre), saisie).url == rencontre.get_absolute_url()
    assert sujets(rencontre)[-1] == "Télépratique"
    for refuse in (page, adresse("point_modifier", premier(rencontre)), adresse("point_retirer", premier(rencontre))):
        with rien_decrit():
            assert membre.post(refuse, _ajout(sujet="Autre")).status_code == 403


# --- L’ordre --------------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-394")
def test_un_point_monte_et_descend_sans_script(rencontre, animatrice, page):
    un, deux, trois = sujets(rencontre)
    lu = animatrice.get(page)
    point = rencontre.points.get(sujet=trois)
    reponse = animatrice.post(page, {"geste": f"monter:{point.uuid}", "version": champs_de(lu)["version"]}, follow=True)
    assert f"« {trois} » est maintenant le point 4.2." in texte_de(reponse)
    assert sujets(rencontre) == [un, trois, deux]
    animatrice.post(page, {"geste": f"descendre:{point.uuid}", "version": champs_de(reponse)["version"]})
    assert sujets(rencontre) == [un, deux, trois]


@pytest.mark.exigence("R-394")
def test_deux_personnes_reordonnent_la_seconde_voit_lordre_de_la_premiere(distribution, rencontre, client_de, page):
    animatrice, secretaire = client_de(distribution.animatrice), client_de(distribution.secretaire)
    un, deux, trois = sujets(rencontre)
    version = champs_de(animatrice.get(page))["version"]
    premier_geste = {"geste": f"monter:{rencontre.points.get(sujet=trois).uuid}", "version": version}
    second_geste = {"geste": f"descendre:{rencontre.points.get(sujet=un).uuid}", "version": version}
    animatrice.post(page, premier_geste)
    with rien_decrit():
        reponse = secretaire.post(page, second_geste)
    assert reponse.status_code == 409
    assert "L’ordre des points vient de changer : voici le nouveau." in texte_de(reponse)
    autres = [ligne["point"].sujet for ligne in reponse.context["lignes"] if ligne["est_autre"]]
    assert autres == [un, trois, deux]
    secretaire.post(page, {**second_geste, "version": champs_de(reponse)["version"]})
    assert sujets(rencontre) == [trois, un, deux]


@pytest.mark.parametrize("version", ["", "abc", "-1", "9" * 30, "\x00"])
def test_une_version_illisible_vaut_une_version_perimee(rencontre, animatrice, page, version):
    with rien_decrit():
        reponse = animatrice.post(page, {"geste": f"monter:{premier(rencontre).uuid}", "version": version})
    assert reponse.status_code == 409


def test_le_point_dune_autre_rencontre_ne_se_deplace_pas_dici(distribution, animatrice, page):
    ailleurs = scenes.rencontre_planifiee(distribution, dans=30)
    with rien_decrit():
        reponse = animatrice.post(page, {"geste": f"monter:{premier(ailleurs).uuid}", "version": "4"})
    assert "Ce point vient d’être retiré" in texte_de(reponse)


# --- Durées, volets, objectifs --------------------------------------------------------------------------------------


@pytest.mark.exigence("R-488")
def test_les_durees_donnent_lheure_de_chaque_point(rencontre, membre):
    lignes = membre.get(rencontre.get_absolute_url()).context["lignes"]
    heures = {ligne["numero"]: f"{ligne['debut']:%H:%M}" for ligne in lignes}
    assert (heures["4.1"], heures["4.2"], heures["4.3"], heures["5"]) == ("13:30", "14:15", "14:45", "15:25")


@pytest.mark.exigence("R-488")
def test_le_depassement_de_la_fin_prevue_se_dit(rencontre, animatrice, page):
    assert "Il reste 1 h 05." in texte_de(animatrice.get(page))
    animatrice.post(page, _ajout(minutes="1 h 30"))
    assert "mènent à 16 h 55 : 25 min après la fin prévue (16 h 30)." in texte_de(animatrice.get(page))


def test_sans_duree_aucune_heure_ne_parait(distribution, client_de):
    (rencontre,) = rencontres.planifier_rencontres(
        scenes.communaute_active(distribution), [scenes.moment(14)], par=distribution.animatrice, mode="virtuelle"
    )
    assert "Heure</th>" not in client_de(distribution.membre).get(rencontre.get_absolute_url()).content.decode()


@pytest.mark.exigence("R-483")
def test_le_gabarit_en_trois_volets_sajoute_en_un_bouton(rencontre, animatrice, page):
    animatrice.post(page, {"geste": "volets"})
    assert [sujet.partition("\xa0")[0] for sujet in sujets(rencontre)[3:]] == [
        "Volet formatif",
        "Volet d’échange",
        "Volet réflexif",
    ]
    with rien_decrit():
        assert animatrice.post(page, {"geste": "volets"}).status_code == 409


@pytest.mark.exigence("R-483")
def test_un_volet_deja_precise_ne_revient_pas(rencontre, animatrice, page):
    animatrice.post(page, {"geste": "volets"})
    formatif = rencontre.points.get(sujet__startswith="Volet formatif")
    animatrice.post(adresse("point_modifier", formatif), {"sujet": "Volet formatif\xa0: le TDL"})
    animatrice.post(adresse("point_retirer", rencontre.points.get(sujet__startswith="Volet réflexif")))
    animatrice.post(page, {"geste": "volets"})
    assert sum(sujet.startswith("Volet") for sujet in sujets(rencontre)) == 3


@pytest.mark.exigence("R-488")
def test_les_objectifs_se_disent_et_se_relisent(rencontre, animatrice, membre, page):
    objectifs = {"objectif_general": "Harmoniser l’évaluation.", "objectifs_specifiques": "Réviser l’item 14"}
    animatrice.post(page, {"geste": "objectifs", **objectifs})
    rencontre.refresh_from_db()
    assert rencontre.objectif_general == "Harmoniser l’évaluation."
    assert "Réviser l’item 14" in texte_de(membre.get(rencontre.get_absolute_url()))


# --- Les pièces -----------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-389", "R-394")
def test_une_piece_se_joint_et_se_remet_en_piece_jointe(rencontre, membre, animatrice):
    point = premier(rencontre)
    reponse = membre.post(adresse("point_joindre", point), {"fichier": televerse("grille TDL.pdf", PDF)})
    assert reponse.url == rencontre.get_absolute_url()
    piece = PieceJointe.objects.get(point=point)
    remise = animatrice.get(adresse("piece", piece))
    assert b"".join(remise.streaming_content) == PDF
    assert remise["Content-Disposition"].startswith("attachment")
    assert "grille TDL.pdf" in texte_de(membre.get(rencontre.get_absolute_url()))


@pytest.mark.parametrize(
    ("nom", "contenu", "phrase"),
    [
        ("évaluation (v2) .PDF.exe", EXE, "Ce fichier se termine par .exe, malgré ce que le reste de son nom"),
        ("grille.pdf", b"", "Ce fichier est vide"),
        ("grille", PDF, "Le nom de ce fichier ne dit pas de quelle sorte il est."),
        ("évaluation (v2) .PDF", EXE, ""),
        ("grille.pdf", HTML, ""),
    ],
)
def test_un_fichier_douteux_est_refuse_par_une_phrase(rencontre, membre, nom, contenu, phrase):
    with rien_decrit():
        reponse = membre.post(adresse("point_joindre", premier(rencontre)), {"fichier": televerse(nom, contenu)})
    (dite,) = reponse.context["form"].errors["fichier"]
    assert phrase in dite
    assert not Fichier.objects.exists()


def test_un_fichier_de_25_mo_est_refuse_par_une_phrase(rencontre, membre):
    gros = SimpleUploadedFile("grille.pdf", PDF + b"\n" * (25 * 1024 * 1024))
    with rien_decrit():
        reponse = membre.post(adresse("point_joindre", premier(rencontre)), {"fichier": gros})
    assert "la limite est de 20 Mo" in texte_de(reponse)
    assert not Fichier.objects.exists()


def test_sans_fichier_la_page_le_demande(rencontre, membre):
    assert "Choisissez un fichier." in texte_de(membre.post(adresse("point_joindre", premier(rencontre)), {}))


def test_une_piece_retiree_nest_plus_remise(distribution, rencontre, animatrice, membre):
    piece = joindre(distribution, rencontre)
    assert animatrice.post(adresse("piece_retirer", piece)).status_code == 302
    assert membre.get(adresse("piece", piece)).status_code == 404
    assert Fichier.objects.filter(pk=piece.fichier_id).exists()


def test_qui_a_quitte_ne_recoit_plus_les_pieces(distribution, rencontre, client_de):
    piece = joindre(distribution, rencontre)
    for nom in ("ancien_membre", "collegue", "superutilisateur", "gestionnaire"):
        assert client_de(distribution[nom]).get(adresse("piece", piece)).status_code == 404


def test_une_rencontre_compte_au_plus_trente_points(distribution, rencontre):
    for rang in range(actions.POINTS_MAXIMUM - 3):
        actions.ajouter_point(rencontre, par=distribution.animatrice, sujet=f"Point {rang}")
    with pytest.raises(ErreurMetier, match="au plus 30 points"):
        actions.ajouter_point(rencontre, par=distribution.animatrice, sujet="De trop")
