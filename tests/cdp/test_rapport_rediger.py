"""Écrire le rapport annuel : prérempli du plan et des comptes rendus, chaque nombre montre d’où il vient."""

import pytest

from cdp.actions import annees, comptes_rendus
from cdp.models import PlanAnnuel, RapportAnnuel, SorteContribution
from encadrement.socle.temps import ecrire_duree
from tests.cdp import scenes
from tests.cdp.annuel import adresse, case, lire, poster, relire, signer
from tests.cdp.traces import courriels, rien_decrit
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = pytest.mark.django_db
PAGE = "rapport_modifier"


@pytest.fixture
def communaute(distribution):
    communaute = scenes.communaute_active(distribution)
    scenes.plan_approuve(distribution, communaute)
    return communaute


@pytest.fixture
def rapport(distribution, communaute):
    """Le rapport d’une année où deux rencontres ont été tenues, ouvert par l’animatrice et encore à remplir."""
    for il_y_a in (40, 20):
        scenes.rencontre_publiee(distribution, communaute, il_y_a=il_y_a)
    return annees.ouvrir_rapport(communaute, communaute.annee.debut_annee, par=distribution.animatrice)


def _consigner(distribution, rapport, sorte, precision):
    rencontre = rapport.communaute.rencontres.tenues().first()
    if rencontre.etat != "tenue":
        comptes_rendus.rouvrir_compte_rendu(rencontre, par=distribution.secretaire)
    return comptes_rendus.consigner_contribution(
        rencontre, par=distribution.secretaire, sorte=sorte, precision=precision
    )


@pytest.mark.exigence("R-121", "R-144", "R-146", "R-163", "R-367", "R-368", "R-369", "R-370", "R-376", "R-377", "R-378")
def test_le_rapport_s_ouvre_avec_toutes_les_zones_de_l_annexe_7(distribution, client_de, communaute):
    client = client_de(distribution.animatrice)
    client.post(adresse("rapport_ouvrir", communaute, communaute.annee.debut_annee))
    rapport = RapportAnnuel.objects.get()
    texte, champs = texte_de(client.get(adresse(PAGE, rapport))), lire(client, PAGE, rapport)
    parties = [
        "Nom et titre des membres",
        "Évaluation de l’atteinte des objectifs",
        "Objectif(s)",
        "Indicateur(s) de résultat",
        "Atteinte de l’objectif/résultat",
        "Bilan des activités",
        "Nombre de rencontres",
        "Durée moyenne des rencontres",
        "Nombre de présentations d’expérience clinique ou de partages de formation",
        "Nombre de présentations de données probantes ou partages de pratiques prometteuses",
        "Nombre de coconstructions de connaissances visant un consensus",
        "Nombre de productions d’outil clinique, de procédure ou autre",
        "Autres, précisez",
        "Conclusion ou commentaires",
        "La CdP désire poursuivre ses activités pour l’année financière",
        "Aperçu des objectifs de l’année prochaine",
    ]
    corps = texte[texte.index('id="membres"') :]
    rangs = [corps.index(partie) for partie in parties]
    assert rangs == sorted(rangs)
    assert {"conclusion", "apercu_1", "apercu_2", "apercu_3", "autres_precisez", *rapport.NOMBRES} <= champs.keys()
    objectifs = [champs[f"ligne-{ligne.pk}-objectif"] for ligne in rapport.lignes.all()]
    assert objectifs == [ligne["objectif"] for ligne in scenes.LIGNES]


@pytest.mark.exigence("R-367")
def test_les_membres_y_sont_avec_leur_titre_meme_ceux_qui_sont_partis(distribution, client_de, rapport):
    page = texte_de(client_de(distribution.animatrice).get(adresse(PAGE, rapport)))
    for nom in ("animatrice", "secretaire", "membre", "ancien_membre"):
        assert f"{distribution[nom].nom_complet}, orthophoniste" in page
    assert distribution.parrain.nom_complet not in page[page.index('id="membres"') :]
    depart = rapport.communaute.adhesions.get(personne=distribution.ancien_membre).fin
    (parti,) = [membre for membre in scenes.annees.contenu(rapport)["membres"] if membre["jusqu_au"]]
    assert (parti["nom"], parti["jusqu_au"]) == (distribution.ancien_membre.nom_complet, depart.isoformat())


@pytest.mark.exigence("R-367")
def test_un_membre_parti_puis_revenu_n_y_est_qu_une_fois(distribution, rapport):
    retour = scenes.adhesions.inviter(rapport.communaute, distribution.ancien_membre, par=distribution.animatrice)
    scenes.adhesions.accepter_invitation(retour, par=distribution.ancien_membre)
    membres = scenes.annees.contenu(rapport)["membres"]
    assert [m["nom"] for m in membres].count(distribution.ancien_membre.nom_complet) == 1
    assert {membre["jusqu_au"] for membre in membres} == {""}


# — Les nombres


@pytest.mark.exigence("R-369", "R-370", "R-371", "R-372", "R-373", "R-374")
def test_chaque_nombre_montre_les_comptes_rendus_et_ce_qui_est_retenu(distribution, client_de, rapport):
    client = client_de(distribution.secretaire)
    page = texte_de(client.get(adresse(PAGE, rapport)))
    bilan = page[page.index('id="bilan"') :]
    assert bilan.count("Comptes rendus : 2<") == 2  # les rencontres, les expériences
    assert "Comptes rendus : 3 h<" in bilan
    assert bilan.count("Comptes rendus : 0<") == 3
    assert bilan.count("Retenu : <strong>2</strong>") == 2
    poster(client, PAGE, rapport, {**lire(client, PAGE, rapport), "experiences": "7", "duree_moyenne": "3 h 10"})
    page = texte_de(client.get(adresse(PAGE, rapport)))
    assert "Retenu : <strong>7</strong>, écrit par vous" in page
    assert "Retenu : <strong>3 h 10</strong>, écrit par vous" in page
    assert page.count("Comptes rendus : 2<") == 2
    contenu = scenes.annees.contenu(relire(rapport))
    assert (contenu["nombres"]["experiences"], contenu["nombres"]["rencontres"]) == (7, 2)
    assert contenu["nombres"]["duree_moyenne"] == ecrire_duree(190)


@pytest.mark.exigence("R-369")
def test_un_nombre_vide_suit_les_comptes_rendus_jusqu_a_la_signature(distribution, client_de, rapport):
    _consigner(distribution, rapport, SorteContribution.DONNEE, "méta-analyse, 2024")
    page = texte_de(client_de(distribution.animatrice).get(adresse(PAGE, rapport)))
    assert "Comptes rendus : 1<" in page
    assert scenes.annees.contenu(rapport)["nombres"]["donnees_probantes"] == 1


def test_zero_ecrit_l_emporte_sur_les_comptes_rendus(distribution, client_de, rapport):
    client = client_de(distribution.secretaire)
    poster(client, PAGE, rapport, {**lire(client, PAGE, rapport), "experiences": "0"})
    assert scenes.annees.contenu(relire(rapport))["nombres"]["experiences"] == 0
    poster(client, PAGE, rapport, {**lire(client, PAGE, rapport), "experiences": ""})
    assert scenes.annees.contenu(relire(rapport))["nombres"]["experiences"] == 2


@pytest.mark.parametrize(
    ("champ", "saisi", "phrase"),
    [
        ("rencontres", "-1", "Écrivez un nombre entier, de 0 à 99."),
        ("experiences", "-1", "Écrivez un nombre entier, de 0 à 999."),
        ("productions", "deux", "Écrivez un nombre entier, de 0 à 999."),
        ("coconstructions", "1,5", "Écrivez un nombre entier, de 0 à 999."),
        ("duree_moyenne", "0", "Écrivez une durée entre"),
        ("duree_moyenne", "25 h", "Écrivez une durée entre"),
        ("conclusion", "z" * 20_000, "Ce texte dépasse 8 000 caractères"),
        ("experiences_precisez", "z" * 20_000, "Ce texte dépasse 4 000 caractères"),
        ("apercu_1", "z" * 301, "Ce texte dépasse 300 caractères"),
        ("poursuite", "peut-être", "Sélectionnez un choix valide"),
    ],
)
def test_une_saisie_illisible_est_dite_et_le_reste_est_garde(distribution, client_de, rapport, champ, saisi, phrase):
    client = client_de(distribution.secretaire)
    autre = "apercu_2" if champ != "apercu_2" else "apercu_3"
    reponse = poster(client, PAGE, rapport, {**lire(client, PAGE, rapport), champ: saisi, autre: "Stagiaires"})
    assert phrase in texte_de(reponse)
    if champ != "poursuite":
        assert champs_de(reponse)[champ] == saisi
    assert getattr(relire(rapport), autre) == "Stagiaires"


# — Les précisions


@pytest.mark.exigence("R-371", "R-375")
def test_les_precisions_viennent_des_comptes_rendus_et_se_reprennent_sans_rien_effacer(
    distribution, client_de, rapport
):
    assert rapport.experiences_precisez == "essais de la grille TDL"
    client = client_de(distribution.secretaire)
    ecrit = {**lire(client, PAGE, rapport), "experiences_precisez": "essais de la grille TDL; dit de vive voix"}
    poster(client, PAGE, rapport, ecrit)
    _consigner(distribution, rapport, SorteContribution.EXPERIENCE, "codéveloppement")
    _consigner(distribution, rapport, SorteContribution.AUTRE, "visite de Listuguj")
    for _ in range(2):
        poster(client, PAGE, rapport, lire(client, PAGE, rapport), "reprendre")
        relu = relire(rapport)
        assert relu.experiences_precisez == "essais de la grille TDL; dit de vive voix; codéveloppement"
        assert relu.autres_precisez == "visite de Listuguj"


def test_reprendre_garde_aussi_ce_qui_vient_d_etre_tape(distribution, client_de, rapport):
    client = client_de(distribution.secretaire)
    champs = {**lire(client, PAGE, rapport), "experiences_precisez": "", "conclusion": "Une belle année."}
    poster(client, PAGE, rapport, champs, "reprendre")
    relu = relire(rapport)
    assert (relu.experiences_precisez, relu.conclusion) == ("essais de la grille TDL", "Une belle année.")


def test_reprendre_ne_depasse_jamais_ce_que_la_zone_accepte(distribution, client_de, rapport):
    for rang in range(20):
        _consigner(distribution, rapport, SorteContribution.PRODUCTION, f"{rang:02d} {'z' * 290}")
    client = client_de(distribution.secretaire)
    poster(client, PAGE, rapport, lire(client, PAGE, rapport), "reprendre")
    assert 3_500 < len(relire(rapport).productions_precisez) <= 4_000
    assert poster(client, PAGE, rapport, lire(client, PAGE, rapport)).status_code == 302


@pytest.mark.exigence("R-371")
def test_un_nombre_sans_precision_retient_la_signature(distribution, client_de):
    rapport = scenes.rapport_en_redaction(distribution)
    client = client_de(distribution.animatrice)
    annees.ecrire(rapport, par=distribution.animatrice, saisi={"productions": 2}, temoins={})
    with rien_decrit():
        reponse = signer(client, "rapport_soumettre", rapport, raison=scenes.RAISON)
    assert reponse.status_code == 409
    assert "Précisez : nombre de productions d’outil clinique" in texte_de(reponse)


def test_un_nombre_des_comptes_rendus_exige_aussi_sa_precision(distribution, client_de, rapport):
    annees.ecrire(rapport, par=distribution.animatrice, saisi={"experiences_precisez": ""}, temoins={})
    page = texte_de(client_de(distribution.animatrice).get(rapport.get_absolute_url()))
    assert "Précisez : nombre de présentations d’expérience clinique" in page


# — À deux


def test_deux_oui_non_contraires_montrent_les_deux_et_ne_perdent_rien(distribution, client_de, rapport):
    animatrice, secretaire = client_de(distribution.animatrice), client_de(distribution.secretaire)
    lus = lire(animatrice, PAGE, rapport)
    poster(animatrice, PAGE, rapport, {**lus, "poursuite": "True"})
    reponse = poster(secretaire, PAGE, rapport, {**lus, "poursuite": "False", "conclusion": "Fin."})
    assert reponse.status_code == 409
    assert champs_de(reponse)["poursuite"] == "False"
    bloc = texte_de(reponse).split("Enregistré par l’autre personne")[1]
    assert bloc.index(">Oui<") < bloc.index(">Non<")
    assert (relire(rapport).poursuite, relire(rapport).conclusion) == (True, "Fin.")
    assert poster(secretaire, PAGE, rapport, champs_de(reponse)).status_code == 302
    assert relire(rapport).poursuite is False


def test_un_non_enregistre_reste_coche_apres_un_refus_ailleurs(distribution, client_de, rapport):
    client = client_de(distribution.secretaire)
    champs = {**lire(client, PAGE, rapport), "poursuite": "False", "rencontres": "-1"}
    reponse = poster(client, PAGE, rapport, champs)
    assert champs_de(reponse)["poursuite"] == "False"


def test_deux_atteintes_contraires_se_disent_en_mots(distribution, client_de, rapport):
    animatrice, secretaire = client_de(distribution.animatrice), client_de(distribution.secretaire)
    lus, champ = lire(animatrice, PAGE, rapport), case(rapport, 1, "atteinte")
    poster(animatrice, PAGE, rapport, {**lus, champ: "en_partie"})
    reponse = poster(secretaire, PAGE, rapport, {**lus, champ: "non_atteint"})
    texte = texte_de(reponse)
    assert reponse.status_code == 409
    assert "atteint en partie</blockquote>" in texte
    assert "non atteint</blockquote>" in texte


def test_le_brouillon_dit_les_choix_contraires_en_mots(distribution, client_de, rapport):
    animatrice, secretaire = client_de(distribution.animatrice), client_de(distribution.secretaire)
    lus = lire(animatrice, PAGE, rapport)
    poster(animatrice, PAGE, rapport, {**lus, "poursuite": "False"})
    reponse = poster(secretaire, "rapport_brouillon", rapport, {**lus, "poursuite": "True"})
    (ecart,) = reponse.json()["conflit"]
    assert (ecart["le_mien"], ecart["actuel"], ecart["dits"]) == ("True", "False", ["Oui", "Non"])


# — Signer, décider du renouvellement


def test_renvoye_le_rapport_se_relit_et_se_signe_avec_les_nombres_du_jour(distribution, client_de):
    """Une rencontre notée entre le renvoi et la signature change le nombre : la page montre ce qui sera signé."""
    rapport = scenes.rapport_soumis(distribution)
    annees.renvoyer(rapport, par=distribution.parrain, motif="Il manque une rencontre.")
    scenes.rencontre_tenue(distribution, rapport.communaute)
    client = client_de(distribution.animatrice)
    reponse = signer(client, "rapport_soumettre", rapport, raison=scenes.RAISON)
    assert reponse.status_code == 302
    assert relire(rapport).instantane.donnees["nombres"]["rencontres"] == 1


def _approuver(client, rapport, **saisi):
    return signer(client, "rapport_approuver", rapport, **saisi)


@pytest.mark.exigence("R-159", "R-377", "R-378")
def test_le_renouvellement_accorde_ouvre_le_plan_suivant_avec_l_apercu(distribution, client_de):
    rapport = scenes.rapport_soumis(distribution)
    _approuver(client_de(distribution.parrain), rapport, renouveler="True")
    suivant = PlanAnnuel.objects.get(annee=rapport.annee + 1)
    objectifs = [ligne.objectif for ligne in suivant.lignes.all()]
    assert objectifs == ["Télépratique", "Liste d’attente", "Stagiaires", ""]
    assert relire(rapport).communaute.renouvelee_pour == rapport.annee + 1
    page = texte_de(client_de(distribution.animatrice).get(rapport.get_absolute_url()))
    assert f"Renouvellement accordé pour {rapport.annee_financiere.suivante}" in page
    assert suivant.get_absolute_url() in page
    # Le plan qui vient de naître est un brouillon de la communauté : le parrain ne l’ouvre pas.
    assert suivant.get_absolute_url() not in texte_de(client_de(distribution.parrain).get(rapport.get_absolute_url()))


@pytest.mark.exigence("R-159")
def test_le_renouvellement_refuse_se_motive_et_la_cdp_le_lit(distribution, client_de):
    rapport = scenes.rapport_soumis(distribution)
    client = client_de(distribution.parrain)
    with rien_decrit():
        muet = _approuver(client, rapport)
        sans_motif = _approuver(client, rapport, renouveler="False")
    # Dit sous le champ, avant même d’agir.
    assert (muet.status_code, sans_motif.status_code) == (200, 200)
    assert "dites si vous renouvelez" in texte_de(muet)
    assert "Dites à la CdP pourquoi" in texte_de(sans_motif)
    assert _approuver(client, rapport, renouveler="False", motif_renouvellement="Besoin comblé.").status_code == 302
    page = texte_de(client_de(distribution.secretaire).get(rapport.get_absolute_url()))
    assert "Le parrain n’a pas accordé le renouvellement" in page
    assert "Besoin comblé." in page
    assert not PlanAnnuel.objects.filter(annee=rapport.annee + 1).exists()
    assert courriels("renouvellement_refuse") == sorted(
        [distribution.animatrice.prenom, distribution.secretaire.prenom]
    )


@pytest.mark.exigence("R-159", "R-377")
def test_sans_demande_de_poursuite_le_parrain_n_a_rien_a_decider(distribution, client_de):
    rapport = scenes.rapport_en_redaction(distribution)
    annees.ecrire(rapport, par=distribution.animatrice, saisi={"poursuite": False}, temoins={})
    annees.soumettre(rapport, par=distribution.animatrice, confirmation=scenes.CONFIRMATION, raison=scenes.RAISON)
    client = client_de(distribution.parrain)
    page = texte_de(client.get(adresse("rapport_approuver", rapport)))
    assert "ne demande pas de poursuivre" in page
    assert 'name="renouveler"' not in page
    assert _approuver(client, rapport).status_code == 302
    assert relire(rapport).renouvellement_accorde is None
    assert not PlanAnnuel.objects.filter(annee=rapport.annee + 1).exists()


@pytest.mark.exigence("R-377", "R-378")
@pytest.mark.parametrize(
    ("saisi", "phrase"),
    [
        ({"poursuite": None}, "Dites si la CdP désire poursuivre"),
        ({"apercu_1": "", "apercu_2": "", "apercu_3": " "}, "Donnez un aperçu d’au moins un objectif"),
    ],
)
def test_la_demande_de_renouvellement_est_repondue_avant_de_signer(distribution, client_de, saisi, phrase):
    rapport = scenes.rapport_en_redaction(distribution)
    annees.ecrire(rapport, par=distribution.animatrice, saisi=saisi, temoins={})
    with rien_decrit():
        reponse = signer(client_de(distribution.animatrice), "rapport_soumettre", rapport, raison=scenes.RAISON)
    assert phrase in texte_de(reponse)


@pytest.mark.exigence("R-368")
def test_un_objectif_sans_reponse_retient_la_signature(distribution, client_de):
    rapport = scenes.rapport_en_redaction(distribution)
    annees.ecrire(rapport, par=distribution.animatrice, saisi={case(rapport, 2, "atteinte"): ""}, temoins={})
    with rien_decrit():
        reponse = signer(client_de(distribution.animatrice), "rapport_soumettre", rapport, raison=scenes.RAISON)
    assert "Dites si l’objectif 2 est atteint" in texte_de(reponse)


def test_l_ecart_avec_les_comptes_rendus_se_voit_a_l_approbation(distribution, client_de):
    rapport = scenes.rapport_en_redaction(distribution)
    saisi = {"experiences": 7, "experiences_precisez": "sept partages"}
    annees.ecrire(rapport, par=distribution.animatrice, saisi=saisi, temoins={})
    annees.soumettre(rapport, par=distribution.animatrice, confirmation=scenes.CONFIRMATION, raison=scenes.RAISON)
    page = texte_de(client_de(distribution.parrain).get(adresse("rapport_approuver", rapport)))
    assert "Comptes rendus : 0" in page
    assert "3 objectifs atteints sur 3" in page


@pytest.mark.exigence("R-140")
def test_l_annee_pas_finie_demande_une_raison(distribution, client_de):
    rapport = scenes.rapport_en_redaction(distribution)
    with rien_decrit():
        page = signer(client_de(distribution.animatrice), "rapport_soumettre", rapport, raison="")
    assert f"se termine le {rapport.annee_financiere.fin:%Y-%m-%d}" in texte_de(page)
    assert relire(rapport).etat == "brouillon"
