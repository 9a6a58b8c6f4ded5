"""La vie entre les rencontres : outils, sujets et votes, appels à tous ; ce que chacun en voit, ce qui s’en retire."""

import pytest
from django.urls import reverse

from cdp.actions import adhesions, communautes, ordre_du_jour, rencontres, vie
from cdp.models import Appel, Outil, ReponseAppel, Sujet, Vote
from encadrement.fichiers.models import Fichier
from encadrement.journal.models import Entree
from encadrement.notifications.models import Courriel
from encadrement.socle.erreurs import ErreurMetier
from tests.cdp import scenes
from tests.encadrement.fichiers.contenus import EXE, PDF, televerse

pytestmark = pytest.mark.django_db

DEHORS = ("parrain", "dsm", "appr", "autre_gestionnaire", "pilote", "superutilisateur", "ancien_membre", "collegue")


def page(client, nom, objet, **donnees):
    return client.get(reverse(f"cdp:{nom}", args=[objet.uuid]), donnees)


def poster(client, nom, objet, **donnees):
    return client.post(reverse(f"cdp:{nom}", args=[objet.uuid]), donnees)


@pytest.fixture
def cdp(distribution):
    return scenes.communaute_active(distribution)


@pytest.fixture
def membre(distribution, cdp, client_de):
    return client_de(distribution.membre)


@pytest.fixture
def secretaire(distribution, cdp, client_de):
    return client_de(distribution.secretaire)


# --- Les outils -------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-452", "R-470")
def test_un_outil_depose_se_lit_et_se_telecharge_tel_quel(cdp, membre, secretaire):
    fichier = televerse("Grille d’évaluation.pdf", PDF)
    depot = poster(membre, "outil_deposer", cdp, titre="Grille TDL v2", sorte="coconstruit", fichier=fichier)
    assert depot.url == reverse("cdp:outils", args=[cdp.uuid])
    liste = page(secretaire, "outils", cdp).text
    assert "Grille TDL v2" in liste
    assert "Outil coconstruit" in liste
    remis = page(secretaire, "outil_fichier", Outil.objects.get())
    assert b"".join(remis.streaming_content) == PDF
    remis.close()
    assert remis["Content-Disposition"].startswith("attachment")
    assert remis["X-Content-Type-Options"] == "nosniff"


@pytest.mark.exigence("R-452")
@pytest.mark.parametrize("sorte", ["ministeriel", "adapte", "coconstruit", "lecture"])
def test_un_outil_est_d_une_sorte_du_guide_et_se_filtre_par_elle(cdp, membre, sorte):
    for autre in ("ministeriel", "adapte", "coconstruit", "lecture"):
        poster(membre, "outil_deposer", cdp, titre=f"Outil {autre}", sorte=autre, lien="https://msss.exemple/a")
    liste = page(membre, "outils", cdp, sorte=sorte)
    assert [outil.titre for outil in liste.context["page"]] == [f"Outil {sorte}"]


@pytest.mark.parametrize(
    ("saisi", "phrase"),
    [
        ({}, "Déposez un fichier, ou donnez un lien."),
        ({"lien": "javascript:alert(1)"}, "Écrivez une adresse comme https://exemple.ca."),
        ({"lien": "ftp://exemple.ca/x"}, "Écrivez une adresse comme https://exemple.ca."),
        ({"lien": "https://msss.gouv.qc.ca@pirate.exemple/"}, "il cache où mène vraiment le lien"),
        ({"lien": "https://a.ca", "titre": " \u202e"}, "Donnez un titre"),
        ({"lien": "https://a.ca", "sorte": "autre"}, ""),
    ],
)
def test_un_outil_mal_saisi_est_refuse_et_rien_ne_se_perd(cdp, membre, saisi, phrase):
    reponse = poster(
        membre, "outil_deposer", cdp, **{"titre": "Guide", "sorte": "adapte", "description": "Ici."} | saisi
    )
    assert reponse.status_code == 200
    assert phrase in reponse.text
    assert "Ici." in reponse.text
    assert not Outil.objects.exists()


def test_un_fichier_dangereux_est_refuse_et_le_reste_est_garde(cdp, membre):
    fichier = televerse("grille.pdf", EXE)
    reponse = poster(membre, "outil_deposer", cdp, titre="Grille", sorte="adapte", fichier=fichier)
    assert 'value="Grille"' in reponse.text
    assert "Choisissez de nouveau le fichier" in reponse.text
    assert not Fichier.objects.exists()


def test_un_lien_montre_son_site_et_n_ouvre_pas_la_porte_a_la_page_ouverte(cdp, membre):
    poster(membre, "outil_deposer", cdp, titre="Guide", sorte="ministeriel", lien="https://www.msss.gouv.qc.ca/a?b=c")
    for liste in (page(membre, "outils", cdp), page(membre, "outil", Outil.objects.get())):
        assert "www.msss.gouv.qc.ca" in liste.text
        assert 'rel="noopener noreferrer"' in liste.text


def test_un_site_aux_lettres_trompeuses_se_trahit(cdp, distribution):
    outil = vie.deposer_outil(
        cdp, par=distribution.membre, titre="Guide", sorte="adapte", lien="https://m\u0455ss.exemple/guide"
    )
    assert outil.domaine.startswith("xn--")


@pytest.mark.parametrize("mots", ["GRILLE", "evaluation", "octobre grille", "  tdl "])
def test_on_cherche_un_outil_sans_accents(cdp, distribution, membre, mots):
    scenes.outil_depose(distribution)
    Outil.objects.update(description="Évaluation, essais d’octobre.")
    assert len(page(membre, "outils", cdp, q=mots).context["page"]) == 1
    assert len(page(membre, "outils", cdp, q=f"{mots} autre").context["page"]) == 0


@pytest.mark.parametrize("nom", ["outils", "sujets", "appels"])
def test_une_longue_liste_ne_coute_pas_plus_de_requetes(cdp, distribution, membre, django_assert_max_num_queries, nom):
    for numero in range(15):
        vie.deposer_outil(cdp, par=distribution.membre, titre=f"Outil {numero}", sorte="adapte", lien="https://a.ca")
        vie.proposer_sujet(cdp, par=distribution.secretaire, texte=f"Sujet {numero}")
        appel = vie.lancer_appel(cdp, par=distribution.membre, titre=f"Question {numero}")
        vie.repondre_a_l_appel(appel, par=distribution.secretaire, texte="Oui.")
    page(membre, nom, cdp)
    with django_assert_max_num_queries(25) as requetes:
        assert "14" in page(membre, nom, cdp).text
    texte = [requete["sql"] for requete in requetes.captured_queries if "cdp_" in requete["sql"]]
    assert len(texte) <= 12, texte


# --- La banque de sujets ----------------------------------------------------------------------------------------


@pytest.mark.exigence("R-469")
def test_les_sujets_se_classent_par_votes_et_chacun_n_en_a_qu_un(cdp, distribution, membre, secretaire):
    poster(membre, "sujets", cdp, texte="Liste d’attente")
    poster(membre, "sujets", cdp, texte="Télépratique")
    telepratique = Sujet.objects.get(texte="Télépratique")
    for _ in range(2):
        poster(secretaire, "sujet_voter", telepratique, appuie="oui")
    lus = [(sujet.texte, sujet.nombre_de_votes) for sujet in page(secretaire, "sujets", cdp).context["sujets"]]
    assert lus == [("Télépratique", 2), ("Liste d’attente", 1)]
    poster(secretaire, "sujet_voter", telepratique, appuie="non")
    assert Vote.objects.filter(sujet=telepratique).count() == 1


def test_le_bouton_dit_si_l_on_a_deja_vote(cdp, distribution, membre, secretaire):
    sujet = scenes.sujet_propose(distribution)
    assert 'value="non"' in page(membre, "sujets", cdp).text
    assert 'value="oui"' in page(secretaire, "sujets", cdp).text
    assert reverse("cdp:sujet_voter", args=[sujet.uuid]) in page(secretaire, "sujets", cdp).text


def test_un_sujet_deja_propose_invite_a_l_appuyer(cdp, distribution, secretaire):
    scenes.sujet_propose(distribution)
    reponse = poster(secretaire, "sujets", cdp, texte="télépratique AVEC les 0-3 ans")
    assert reponse.status_code == 409
    assert "appuyez-le d’un vote" in reponse.text


@pytest.mark.exigence("R-469")
def test_un_sujet_mis_a_l_ordre_du_jour_y_devient_un_point(cdp, distribution, membre):
    sujet, rencontre = scenes.sujet_propose(distribution), scenes.rencontre_planifiee(distribution)
    poster(membre, "sujet_inscrire", sujet, rencontre=rencontre.pk)
    assert rencontre.points.filter(sujet=sujet.texte).exists()
    banque = page(membre, "sujets", cdp)
    assert [s.texte for s in banque.context["inscrits"]] == [sujet.texte]
    assert rencontre.get_absolute_url() in banque.text
    assert poster(membre, "sujet_inscrire", sujet, rencontre=rencontre.pk).status_code == 409


def test_un_sujet_revient_a_la_banque_si_son_point_est_retire(cdp, distribution, membre):
    sujet, rencontre = scenes.sujet_propose(distribution), scenes.rencontre_planifiee(distribution)
    point = vie.mettre_a_l_ordre_du_jour(sujet, rencontre, par=distribution.membre)
    ordre_du_jour.retirer_point(point, par=distribution.animatrice)
    assert [s.pk for s in page(membre, "sujets", cdp).context["sujets"]] == [sujet.pk]


def test_un_sujet_revient_a_la_banque_si_la_rencontre_est_annulee(cdp, distribution, membre):
    sujet, rencontre = scenes.sujet_propose(distribution), scenes.rencontre_planifiee(distribution)
    vie.mettre_a_l_ordre_du_jour(sujet, rencontre, par=distribution.membre)
    rencontres.annuler_rencontre(rencontre, par=distribution.animatrice)
    assert [s.pk for s in page(membre, "sujets", cdp).context["sujets"]] == [sujet.pk]


def test_seule_une_rencontre_a_venir_de_la_communaute_recoit_un_sujet(cdp, distribution, membre):
    sujet, tenue = scenes.sujet_propose(distribution), scenes.rencontre_tenue(distribution)
    reponse = poster(membre, "sujet_inscrire", sujet, rencontre=tenue.pk)
    assert reponse.status_code == 200
    assert not tenue.points.filter(sujet=sujet.texte).exists()
    with pytest.raises(ErreurMetier, match="à venir"):
        vie.mettre_a_l_ordre_du_jour(sujet, tenue, par=distribution.membre)


# --- Les appels à tous ------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-470")
def test_un_appel_recoit_des_reponses_et_son_auteur_en_est_avise(
    cdp, distribution, membre, secretaire, django_capture_on_commit_callbacks
):
    poster(membre, "appel_lancer", cdp, titre="Qui a une grille bilingue?", texte="Pour un enfant de 4 ans.")
    appel = Appel.objects.get()
    poster(secretaire, "appel", appel, texte="Oui : voir la bibliothèque.")
    lue = page(membre, "appel", appel).text
    assert "Pour un enfant de 4 ans." in lue
    assert "Oui : voir la bibliothèque." in lue
    courriel = Courriel.objects.get(gabarit="cdp/appel_repondu")
    assert courriel.a == distribution.membre
    assert "bibliothèque" not in courriel.objet
    assert "1" in page(secretaire, "appels", cdp).text


def test_se_repondre_a_soi_meme_n_envoie_rien(distribution, cdp, membre):
    appel = scenes.appel_lance(distribution)
    poster(membre, "appel", appel, texte="J’ai trouvé.")
    assert not Courriel.objects.filter(gabarit="cdp/appel_repondu").exists()


# --- Relire avant de publier (N-10) -----------------------------------------------------------------------------

IDENTIFIANT = "Le dossier TREL 8505 1234 m’embête."


@pytest.mark.parametrize(
    ("nom", "champs", "modele"),
    [
        ("sujets", {"texte": IDENTIFIANT}, Sujet),
        ("appel_lancer", {"titre": "Question", "texte": IDENTIFIANT}, Appel),
        ("appel_lancer", {"titre": IDENTIFIANT}, Appel),
        (
            "outil_deposer",
            {"titre": "Outil", "sorte": "adapte", "lien": "https://a.ca", "description": IDENTIFIANT},
            Outil,
        ),
        ("appel", {"texte": IDENTIFIANT}, ReponseAppel),
    ],
)
def test_ce_qui_semble_identifier_quelqu_un_se_relit_avant_d_etre_publie(
    cdp, distribution, membre, nom, champs, modele
):
    objet = scenes.appel_lance(distribution) if nom == "appel" else cdp
    avant = modele.objects.count()
    averti = poster(membre, nom, objet, **champs)
    assert averti.status_code == 200
    assert "semble contenir" in averti.text
    assert "m’embête" in averti.text
    assert modele.objects.count() == avant
    relu = averti.context["form"].fields["relu"].widget.attrs["value"]
    assert f'value="{relu}"' in averti.text
    assert poster(membre, nom, objet, **champs, relu=relu).status_code == 302
    assert modele.objects.count() == avant + 1


# --- Retirer, avec un motif et une trace (N-10) -----------------------------------------------------------------

RETRAITS = [
    ("outil_retirer", scenes.outil_depose, "Grille TDL v2"),
    ("sujet_retirer", scenes.sujet_propose, "Télépratique"),
    ("appel_retirer", scenes.appel_lance, "bégaiement"),
    ("reponse_retirer", scenes.reponse_donnee, "voir la bibliothèque"),
]


@pytest.mark.parametrize(("nom", "scene", "contenu"), RETRAITS)
def test_l_animatrice_retire_avec_un_motif_et_la_trace_reste(cdp, distribution, client_de, nom, scene, contenu):
    publication = scene(distribution)
    auteur = publication.auteur
    animatrice = client_de(distribution.animatrice)
    assert contenu in page(animatrice, nom, publication).text
    sans_motif = poster(animatrice, nom, publication, motif=" ")
    assert "Écrivez le motif" in sans_motif.text
    retour = poster(animatrice, nom, publication, motif="Un détail identifie la famille.")
    publication.refresh_from_db()
    assert (publication.retiree_par, publication.motif_retrait) == (
        distribution.animatrice,
        "Un détail identifie la famille.",
    )
    for client in (animatrice, client_de(auteur)):
        trace = client.get(retour.url).text
        assert contenu not in trace
        assert "Un détail identifie la famille." in trace
    assert Entree.objects.filter(acte__endswith=".retirer", par=distribution.animatrice, titre="l’animateur").exists()
    assert Courriel.objects.filter(gabarit="cdp/publication_retiree", a=auteur).exists()
    assert poster(animatrice, nom, publication, motif="Encore.").status_code == 409


@pytest.mark.parametrize(("nom", "scene", "contenu"), RETRAITS)
def test_le_motif_d_un_retrait_ne_se_lit_pas_par_les_autres(cdp, distribution, client_de, nom, scene, contenu):
    publication = scene(distribution)
    vie.retirer_publication(publication, par=distribution.animatrice, motif="Trop précis.")
    autre = "membre" if publication.auteur == distribution.secretaire else "secretaire"
    pages = client_de(distribution[autre])
    for adresse in {
        publication.get_absolute_url(),
        *(reverse(f"cdp:{n}", args=[cdp.uuid]) for n in ("outils", "sujets", "appels")),
    }:
        lue = pages.get(adresse).text
        assert "Trop précis." not in lue
        assert contenu not in lue


def test_l_auteur_retire_ce_qu_il_a_publie_sans_courriel(cdp, distribution, membre):
    outil = scenes.outil_depose(distribution)
    poster(membre, "outil_retirer", outil, motif="Une version plus récente existe.")
    assert not Outil.objects.visibles().exists()
    assert not Courriel.objects.filter(gabarit="cdp/publication_retiree").exists()


def test_un_outil_retire_emporte_son_fichier(cdp, distribution, membre):
    outil = vie.deposer_outil(
        cdp, par=distribution.membre, titre="Grille", sorte="adapte", contenu=televerse("g.pdf", PDF)
    )
    vie.retirer_publication(outil, par=distribution.animatrice, motif="Nom d’un usager.")
    assert page(membre, "outil_fichier", outil).status_code == 404
    assert Fichier.objects.get().retire_par == distribution.animatrice


def test_un_appel_retire_ne_montre_plus_ses_reponses_et_n_en_prend_plus(cdp, distribution, membre, secretaire):
    reponse = scenes.reponse_donnee(distribution)
    vie.retirer_publication(reponse.appel, par=distribution.animatrice, motif="Identifiable.")
    assert "voir la bibliothèque" not in page(membre, "appel", reponse.appel).text
    assert poster(secretaire, "appel", reponse.appel, texte="Encore une idée.").status_code == 409


def test_un_sujet_retire_ne_se_vote_ni_ne_s_inscrit(cdp, distribution, membre):
    sujet, rencontre = scenes.sujet_propose(distribution), scenes.rencontre_planifiee(distribution)
    vie.retirer_publication(sujet, par=distribution.animatrice, motif="Hors de notre domaine.")
    poster(membre, "sujet_voter", sujet, appuie="non")
    assert sujet.votes.count() == 1
    assert poster(membre, "sujet_inscrire", sujet, rencontre=rencontre.pk).status_code == 409


# --- Entre membres seulement ------------------------------------------------------------------------------------


@pytest.mark.parametrize("nom", DEHORS)
def test_qui_n_est_pas_membre_ne_lit_rien_meme_si_la_communaute_ouvre_ses_comptes_rendus(
    cdp, distribution, client_de, nom
):
    communautes.partager(cdp, par=distribution.animatrice, au_parrain=True, a_la_dsm=True)
    reponse = scenes.reponse_donnee(distribution)
    client = client_de(distribution[nom])
    for adresse in ("outils", "sujets", "appels"):
        assert page(client, adresse, cdp).status_code == 404
    assert page(client, "appel", reponse.appel).status_code == 404
    assert poster(client, "appel", reponse.appel, texte="?").status_code == 404


def test_qui_quitte_ne_lit_plus(cdp, distribution, client_de):
    appel = scenes.appel_lance(distribution)
    adhesions.quitter(scenes.adhesion_de(distribution, "membre"), par=distribution.membre)
    assert page(client_de(distribution.membre), "appel", appel).status_code == 404


def test_une_communaute_suspendue_se_lit_et_ne_publie_plus(cdp, distribution, membre):
    appel, sujet = scenes.appel_lance(distribution), scenes.sujet_propose(distribution)
    communautes.suspendre_communaute(cdp, par=distribution.parrain, motif="Réorganisation du service.")
    assert "bégaiement" in page(membre, "appels", cdp).text
    for nom, objet, champs in (
        ("appel_lancer", cdp, {"titre": "?"}),
        ("appel", appel, {"texte": "Oui."}),
        ("sujets", cdp, {"texte": "Autre"}),
        ("outil_deposer", cdp, {"titre": "G", "sorte": "adapte", "lien": "https://a.ca"}),
    ):
        assert poster(membre, nom, objet, **champs).status_code == 409, nom
    poster(membre, "sujet_voter", sujet, appuie="non")
    assert sujet.votes.count() == 1


def test_ce_qui_est_publie_s_ecrit_sans_s_executer(cdp, membre):
    poster(membre, "sujets", cdp, texte="<script>alert(1)</script>")
    assert "<script>alert" not in page(membre, "sujets", cdp).text


@pytest.mark.exigence("R-429")
@pytest.mark.parametrize("nom", ["communaute", "outils"])
def test_les_outils_du_cadre_se_prennent_a_partir_de_la_fiche_et_de_la_bibliotheque(cdp, membre, nom):
    lue = page(membre, nom, cdp).text
    for code in ("fiche-cdp", "annexe-3", "annexe-7", "annexe-8", "annexe-9", "annexe-10"):
        adresse = reverse("cadre:ressource", args=[code])
        assert f'href="{adresse}"' in lue
        assert membre.get(adresse).status_code == 200


@pytest.mark.exigence("R-470")
def test_l_equipe_teams_s_ouvre_de_la_bibliotheque(cdp, membre):
    assert f'href="{scenes.LIEN}" rel="noopener noreferrer"' in " ".join(page(membre, "outils", cdp).text.split())
