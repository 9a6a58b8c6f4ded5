"""Les ressources : versionnées, retrouvables, et jamais retouchées une fois publiées."""

import re

import pytest
from django.template.loader import render_to_string
from django.utils.html import strip_tags

from encadrement.cadre.ressources import RESSOURCES, empreinte, ressource, ressources, ressources_sur, versions

# Une ligne par version publiée, à jamais : pour changer un texte, publier la version suivante et ajouter sa ligne.
PUBLIEES = {
    ("animer-cdp", 1): "009c3670f034d8a90bff13880cac2b876ee571886dcaab15a49fd3144677989f",
    ("annexe-1", 1): "e59dcd68d900410d0797f0b4fede8896dabe495adae17a0e5513f42af0491955",
    ("annexe-10", 1): "856ef891a5588e20ed935ff88344c5369a6f34bbd099e87e7207bb6da13a7c45",
    ("annexe-2", 1): "28c5e12670857882f57428746d8e2afded0387a56df76e5522b7cefcafc04816",
    ("annexe-3", 1): "402ff056b0646abc525b8d8aebcb8117046898689dbd9ab9022ffb665fe2862e",
    ("annexe-3", 2): "8c3bfc35268f4ccaf5363a2aaf7ae9a13afaef8eacae8f5d2c0d5190161b54e6",
    ("annexe-4", 1): "a9f14647e83d8d208255adad3cfb25e527d3b59fb4b412ff2d84ab63a076c917",
    ("annexe-5", 1): "e0f2da15d9cd026cfee119097272f85c8e7f6eb1c8a0d0a62e377dda39398df7",
    ("annexe-6", 1): "73dcc94804536030e1113405603816d36e57df3e9000148f850b17ee8618eb87",
    ("annexe-7", 1): "329f2c123cb0cded4623881c855f3478435615f69ce929c9cb833cdfbf4d195a",
    ("annexe-8", 1): "9a49bccdb065eaf16aecbd67c5c75bc928a3cf6fd459e4a5419b6607c37d0504",
    ("annexe-9", 1): "62ba7640198d5a564eb15617537adecd6c8141e787e57e962d1a91f3bb75ccc5",
    ("autoreflexion", 1): "1ba3fae16c9e5ac92df401755cfe70f964a01db805c6bbe18fd1bb039776220c",
    ("conseils-mentorat", 1): "25868328b4ab55dc8bc1315c458fe3ba7cc33a543703237a1e251f3f298ece37",
    ("consultation-etapes", 1): "17083bf5e38525ac251e4ad5108d3cffa4f5599f34c7b423a53077829a9e5e0d",
    ("dix-etapes", 1): "92fbafc517a4ccefe35f8f9d99980f60bb74ee08b4d2be9b87e13e55fe651b00",
    ("discussion-cas", 1): "1916d37e0ef1885267bdc73e9cfe3a0d99a42987470295d534b84a8ced757831",
    ("fiche-cdp", 1): "e9d2d216755aba7299dac823e6b92e533c2506d871b5dcf700e400b42a1ce05f",
    ("fiche-mentorat", 1): "7dbdde66e517d603078b303a7d7d0e9143bdfca08411d0d5f52a465ad7313f85",
    ("mentorat-en-bref", 1): "a13e34b84f3281cae9d1ccc7d55aae70662a91d224822ca6e64ca72ad8509b7c",
    ("mentorat-et-coaching", 1): "054d1a27889140ef0bed6ee1bbdf69565826634ca00d15db551e0227cbc8f3eb",
    ("pratique-reflexive", 1): "0f7ba0d610a1316e6174d5fc14a1c17b37643d1470218d93b7569e413d711766",
    ("premiere-rencontre", 1): "5ca343d2adceb5e64aaf05ae932bdbab0d85d4b44c476492f4dee618bb92b8e6",
    ("roles-cdp", 1): "1af271fea24437178625b32ed56ce3af974f5b70a073ec9570057d0ec0c0742f",
    ("roles-concertation", 1): "d2ced0cd316707a002c48909d0043231dee0beddb74ced165dd8c44b855c69f9",
    ("roles-consultation", 1): "006847e58ef87af9a1185f3314b1bd877e4bdacdca09746ec0c87ae32cc6aa67",
    ("roles-mentorat", 1): "dfc3522ac17ded570a3704e27ce02ebaf613bf06f34e6f485d54aeef952b2875",
}


def test_une_version_publiee_ne_change_plus():
    assert {(r.code, r.version): empreinte(r) for r in RESSOURCES} == PUBLIEES


def test_la_derniere_version_est_rendue_par_defaut():
    for code in {r.code for r in RESSOURCES}:
        assert ressource(code) == versions(code)[0]
        assert ressource(code, version=1).version == 1


@pytest.mark.parametrize(("code", "version"), [("annexe-6", 99), ("annexe-6", 0), ("annexe-99", None)])
def test_une_ressource_ou_une_version_inconnue_est_refusee(code, version):
    with pytest.raises(KeyError):
        ressource(code, version)


@pytest.mark.parametrize("trouvee", RESSOURCES, ids=lambda r: f"{r.code}-v{r.version}")
def test_le_corps_dune_ressource_sinclut_seul(trouvee):
    corps = render_to_string(trouvee.gabarit)
    assert "<h1" not in corps
    assert "{%" not in corps


@pytest.mark.exigence("R-041", "R-076", "R-077", "R-145", "R-146", "R-147", "R-148", "R-149", "R-416", "R-429")
@pytest.mark.parametrize(
    ("numero", "code"),
    [
        ("R-076", "annexe-5"),
        ("R-077", "annexe-6"),
        ("R-416", "fiche-mentorat"),
        ("R-041", "annexe-3"),
        ("R-145", "annexe-3"),
        ("R-146", "annexe-7"),
        ("R-147", "annexe-8"),
        ("R-148", "annexe-9"),
        ("R-149", "annexe-10"),
        ("R-429", "fiche-cdp"),
    ],
)
def test_un_outil_du_cadre_mene_a_sa_ressource(numero, code):
    assert code in {r.code for r in ressources_sur(numero)}


@pytest.mark.exigence("R-352", "R-353", "R-359", "R-360", "R-361")
def test_les_regles_dethique_disent_ce_que_dit_lannexe_6():
    corps = render_to_string(ressource("annexe-6").gabarit)
    for mots in (
        "Les principes de respect, de confiance et de bienveillance",
        "comme à tous les professionnels du CISSS",
        "le contenu des conversations entre le mentor et le mentoré est tenu confidentiel",
        "l’accord explicite de la personne concernée",
        "risque de préjudice pour une autre personne",
        "au-delà de la durée de la relation de mentorat",
        "le mentor a un devoir de réserve",
        "transmettre ses observations concernant les apprentissages du mentoré au gestionnaire",
        "rétroactions honnêtes et directes",
        "s’en ouvrir à l’autre avant toute autre prise de décision",
        "imputable des décisions qu’elle prend",
        "pour tout motif qu’il juge valable",
        "en collaboration avec le gestionnaire et un APPR de la DSM",
    ):
        assert mots in corps


def test_le_profil_du_mentor_dit_les_six_caracteristiques_et_les_neuf_qualites():
    corps = render_to_string(ressource("annexe-5").gabarit)
    caracteristiques, qualites = (liste.split("</ul>")[0].count("<li>") for liste in corps.split("<ul>")[1:])
    assert (caracteristiques, qualites) == (6, 9)
    assert "appliquant les procédures clinico-administratives de l’établissement" in corps


def test_la_fiche_corrige_sa_coquille_et_le_dit():
    corps = render_to_string(ressource("fiche-mentorat").gabarit)
    assert "idéalement de la même discipline professionnelle que le mentoré." in corps
    assert "La fiche d’origine écrit" in corps


def test_les_dix_etapes_sont_dix():
    assert render_to_string(ressource("dix-etapes").gabarit).count("<h2>") == 10


def test_seules_les_dernieres_versions_sont_listees():
    assert len(ressources()) == len({r.code for r in RESSOURCES})


# --- Les communautés de pratique --------------------------------------------------------------------------------


def _corps(code, version=None):
    """Rend le texte d’une ressource, les balises ôtées et les espaces réunies."""
    return " ".join(strip_tags(render_to_string(ressource(code, version).gabarit).replace("<", " <")).split())


@pytest.mark.exigence("R-145", "R-320")
def test_les_distinctions_opposent_la_cdp_au_comite_de_pairs_et_disent_ou_porter_un_avis():
    corps = _corps("annexe-3")
    for communaute, comite in (
        ("Développement de la pratique professionnelle", "Appréciation de la pratique professionnelle"),
        ("Volontariat", "Définie par le mandat"),
        ("En partie prédéterminé par l’organisation", "entériné par le comité exécutif du CM"),
        ("Entendu entre l’organisation et les membres", "Cadre légal"),
        ("Longue (&gt; 1 an)", "Habituellement courte (&lt; 1 an)"),
        ("Continu", "Désintégration à la livraison du mandat"),
    ):
        assert corps.index(communaute) < corps.index(comite)
    assert "Les communautés de pratique n’ont pas ce mandat" in corps
    assert "s’adresse au comité exécutif du CM" in corps


def test_la_version_remplacee_des_distinctions_se_lit_encore():
    assert "comité exécutif du CM" in _corps("annexe-3", 1)
    assert "Où porter un avis" not in _corps("annexe-3", 1)


@pytest.mark.exigence("R-147", "R-165")
def test_l_annexe_8_dit_le_but_et_les_douze_roles_de_l_animateur():
    corps = _corps("annexe-8")
    roles = (
        "développer une communauté vivante",
        "définition de la nature et des objectifs de la communauté",
        "Diriger la création de la communauté",
        "recruter les membres potentiels",
        "relation productive avec les gestionnaires de tous les niveaux",
        "Planifier, convoquer et diriger les réunions",
        "disponibilité des outils de communication retenus",
        "reddition de comptes lorsque requis",
        "activités permettant à la communauté d’atteindre ses objectifs",
        "organisation efficace de l’information",
        "Relancer les participants quant à leurs engagements",
        "climat propice à la réflexion et à l’échange",
        "développement d’un rythme et de rituels",
    )
    places = [corps.index(role) for role in roles]
    assert places == sorted(places)


@pytest.mark.exigence("R-148", "R-149")
@pytest.mark.parametrize("code", ["annexe-9", "annexe-10"])
def test_l_ordre_du_jour_et_le_compte_rendu_vierges_ont_les_memes_points_fixes_dans_l_ordre(code):
    corps = _corps(code)
    points = (
        "Ouverture et mot de bienvenue",
        "Lecture de l’ordre du jour",
        "Lecture et suivi du compte rendu",
        "Autres points",
        "4.1",
        "Évaluation de la rencontre",
        "Date de la prochaine rencontre",
        "Fin de la rencontre",
    )
    places = [corps.index(point) for point in points]
    assert places == sorted(places)


@pytest.mark.exigence("R-146", "R-366", "R-379")
def test_le_plan_et_le_rapport_vierges_ont_les_colonnes_le_bilan_et_les_signatures():
    corps = _corps("annexe-7")
    for mots in (
        "Objectif(s) Responsable(s) Collaborateur(s) Moyen(s) identifié(s) Échéancier(s) Indicateur(s) de résultat",
        "Nombre de rencontres",
        "Durée moyenne des rencontres",
        "présentations d’expérience clinique",
        "présentations de données probantes",
        "coconstructions de connaissances",
        "productions d’outil clinique",
        "Conclusion ou commentaires",
        "pour l’année financière",
        "Aperçu des objectifs de l’année prochaine",
    ):
        assert mots in corps
    assert corps.count("Représentant de la CdP") == corps.count("Gestionnaire") == 2


def test_les_bonnes_pratiques_montrent_l_ecart_avec_les_24_heures_et_le_choix_retenu():
    corps = _corps("annexe-2")
    assert corps.index("entre 1 et 3 h par semaine") < corps.index("maximum de 24 h par année")
    assert "Q-10" in corps
    assert "annexe-2" in {r.code for r in ressources_sur("R-307")}


def test_la_posture_d_animation_dit_que_la_figure_manque_sans_l_inventer():
    corps = _corps("animer-cdp")
    for mots in ("co-alliances stériles", "Accueillir sans banaliser", "Volet formatif", "Volet réflexif"):
        assert mots in corps
    assert "la figure manque" in corps
    assert "rien n’a été inventé" in corps


@pytest.mark.exigence("R-429")
def test_la_fiche_de_la_communaute_mene_a_chacun_de_ses_outils():
    adresses = re.findall(r'href="([^"]+)"', render_to_string(ressource("fiche-cdp").gabarit))
    for code in ("annexe-3", "annexe-7", "annexe-8", "annexe-9", "annexe-10"):
        assert ressource(code).get_absolute_url() in adresses


# --- La consultation d’experts ----------------------------------------------------------------------------------


@pytest.mark.exigence("R-177", "R-178", "R-179", "R-180", "R-181", "R-182", "R-183", "R-191")
def test_consulter_un_expert_se_fait_en_six_etapes_dans_l_ordre_du_cadre():
    corps = _corps("consultation-etapes")
    etapes = (
        "1. Faire ses propres recherches",
        "2. En discuter avec son gestionnaire",
        "3. Consulter un expert du CISSS",
        "4. Transmettre le formulaire à la DSM",
        "5. L’analyse par un APPR",
        "6. Consulter un expert du RUISSS UL",
    )
    places = [corps.index(etape) for etape in etapes]
    assert places == sorted(places)
    assert "reconstitué" in corps
    assert "Q-01" in corps


@pytest.mark.exigence("R-193", "R-194", "R-195", "R-199", "R-200", "R-201", "R-202")
def test_les_roles_de_la_consultation_disent_ce_que_dit_le_cadre():
    corps = _corps("roles-consultation")
    for mots in (
        "structure formelle de consultation clinique",
        "Soutenir les directions cliniques pour l’identification des intervenants experts",
        "mise à jour d’un bottin d’intervenants experts",
        "Nommer un agent de liaison",
        "uniformisation des pratiques d’experts",
        "Actualiser la mesure de consultation clinique",
        "en collaboration avec les intervenants ciblés",
        "ajustement de la charge de travail, autorisation des rencontres, reconnaissance",
        "Approuver, lorsque requis, la consultation",
        "cibler des pistes de solution",
        "tableau de suivi des demandes de consultation",
        "expertise est absente ou insuffisante",
    ):
        assert mots in corps


@pytest.mark.exigence("R-198")
def test_le_materiel_des_experts_traite_du_recadrage_et_de_la_pratique_reflexive():
    corps = _corps("pratique-reflexive")
    for mots in ("Décrire.", "Comprendre.", "Élargir.", "Choisir.", "Recadrer", "à valider par la DSM"):
        assert mots in corps
    assert "pratique-reflexive" in {r.code for r in ressources_sur("R-198")}
