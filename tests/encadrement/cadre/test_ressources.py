"""Les ressources : versionnées, retrouvables, et jamais retouchées une fois publiées."""

import pytest
from django.template.loader import render_to_string

from encadrement.cadre.ressources import RESSOURCES, empreinte, ressource, ressources, ressources_sur, versions

# Une ligne par version publiée, à jamais : pour changer un texte, publier la version suivante et ajouter sa ligne.
PUBLIEES = {
    ("annexe-1", 1): "e59dcd68d900410d0797f0b4fede8896dabe495adae17a0e5513f42af0491955",
    ("annexe-3", 1): "402ff056b0646abc525b8d8aebcb8117046898689dbd9ab9022ffb665fe2862e",
    ("annexe-4", 1): "a9f14647e83d8d208255adad3cfb25e527d3b59fb4b412ff2d84ab63a076c917",
    ("annexe-5", 1): "e0f2da15d9cd026cfee119097272f85c8e7f6eb1c8a0d0a62e377dda39398df7",
    ("annexe-6", 1): "73dcc94804536030e1113405603816d36e57df3e9000148f850b17ee8618eb87",
    ("autoreflexion", 1): "1ba3fae16c9e5ac92df401755cfe70f964a01db805c6bbe18fd1bb039776220c",
    ("conseils-mentorat", 1): "25868328b4ab55dc8bc1315c458fe3ba7cc33a543703237a1e251f3f298ece37",
    ("dix-etapes", 1): "92fbafc517a4ccefe35f8f9d99980f60bb74ee08b4d2be9b87e13e55fe651b00",
    ("fiche-mentorat", 1): "7dbdde66e517d603078b303a7d7d0e9143bdfca08411d0d5f52a465ad7313f85",
    ("mentorat-en-bref", 1): "a13e34b84f3281cae9d1ccc7d55aae70662a91d224822ca6e64ca72ad8509b7c",
    ("mentorat-et-coaching", 1): "054d1a27889140ef0bed6ee1bbdf69565826634ca00d15db551e0227cbc8f3eb",
    ("premiere-rencontre", 1): "5ca343d2adceb5e64aaf05ae932bdbab0d85d4b44c476492f4dee618bb92b8e6",
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


@pytest.mark.exigence("R-041", "R-076", "R-077", "R-416")
@pytest.mark.parametrize(
    ("numero", "code"),
    [("R-076", "annexe-5"), ("R-077", "annexe-6"), ("R-416", "fiche-mentorat"), ("R-041", "annexe-3")],
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
