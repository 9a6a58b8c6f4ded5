"""Qui reçoit le tableau de bord : qui suit l’ensemble, qui dirige, qui a une équipe (D08) ; l’alerte, qui suit des dossiers."""

from tests.page_attendue import Page

# L’ensemble, puis ceux qui ont une direction ou une équipe.
PARTOUT = {"dsm", "appr", "appr_liaison", "coordonnatrice", "drhcaj", "pilote", "executif_cm"}
CHEFS = {"directrice", "gestionnaire", "gestionnaire_mentor", "autre_gestionnaire", "delegue", "parrain"}
REGARDENT = PARTOUT | CHEFS
SUIVENT = REGARDENT - {"executif_cm"}
RELANCENT = {"dsm", "appr", "appr_liaison", "coordonnatrice"} | CHEFS

TIENNENT = {"dsm", "appr", "appr_liaison"}
ALERTE = {"code": "mentorat.mi_temps_en_retard"}

ACCES = [
    Page("indicateurs:tableau", permis=REGARDENT, autres=403),
    Page("indicateurs:tableau_exporter", permis=REGARDENT, autres=403),
    Page("indicateurs:mesure", permis=REGARDENT, autres=403, kwargs=lambda _: {"mesure": "mentorat"}),
    Page(
        "indicateurs:mesure",
        permis=REGARDENT,
        code=404,
        autres=403,
        kwargs=lambda _: {"mesure": "inconnue"},
        cas="inconnue",
    ),
    Page("indicateurs:eligibles", permis=TIENNENT, autres=403),
    Page("indicateurs:eligibles", permis={"dsm"}, autres=403, methode="post", donnees={}),
    Page("indicateurs:alerte", permis=SUIVENT, autres=403, kwargs=lambda _: ALERTE),
    Page("indicateurs:alerte", permis=SUIVENT, code=404, autres=403, kwargs=lambda _: {"code": "x"}, cas="inconnue"),
    Page("indicateurs:alerte_exporter", permis=SUIVENT, autres=403, kwargs=lambda _: ALERTE),
    Page(
        "indicateurs:alerte_relancer",
        permis=RELANCENT,
        code=302,
        autres=403,
        methode="post",
        donnees={"nombre": "0"},
        kwargs=lambda _: ALERTE,
    ),
]
