"""Qui lit les paramètres, qui les règle : tout gestionnaire lit, l’APPR règle les délais, la DSM règle tout."""

from encadrement.parametres.actions import regler
from tests.page_attendue import Page

CHEFS = {"directrice", "gestionnaire", "gestionnaire_mentor", "autre_gestionnaire", "delegue", "parrain"}
LISENT = {"dsm", "appr", "appr_liaison", "coordonnatrice", "drhcaj", "pilote"} | CHEFS
REGLENT = {"dsm", "appr", "appr_liaison"}


def _delais(_):
    return {"code": "rappels.attente"}


def _adresse(_):
    return {"code": "adresses.dsm"}


def _regle(d):
    return regler("rappels.attente", par=d.dsm, valeur=[2, 5, 10], motif="Essai.", vue=0)


ACCES = [
    Page("parametres:liste", permis=LISENT, autres=403),
    Page("parametres:parametre", permis=LISENT, autres=403, kwargs=_delais, scene=_regle),
    Page("parametres:parametre", permis=LISENT, code=404, autres=403, kwargs=lambda _: {"code": "rien"}, cas="inconnu"),
    Page("parametres:parametre", permis=REGLENT, autres=403, kwargs=_delais, methode="post", cas="délais"),
    Page("parametres:parametre", permis={"dsm"}, autres=403, kwargs=_adresse, methode="post", cas="adresse"),
    Page(
        "parametres:parametre_origine",
        permis=REGLENT,
        code=302,
        autres=403,
        kwargs=_delais,
        scene=_regle,
        methode="post",
        donnees={"vue": "1"},
    ),
    Page("parametres:parametre_origine", code=405, autres=405, kwargs=_delais),
    Page("parametres:parametre_image", permis=LISENT, code=404, autres=403, kwargs=lambda _: {"code": "identite.logo"}),
]
