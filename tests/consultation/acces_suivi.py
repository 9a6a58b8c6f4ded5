"""Qui reçoit quoi au tableau de suivi, aux sujets et aux chiffres (D13, annexe 13)."""

from tests.consultation import scenes
from tests.page_attendue import TOUS, Page

DSM = {"dsm", "appr", "appr_liaison"}
ENSEMBLES = DSM | {"executif_cm"}
# Qui voit la ligne de G. Cyr pour L. St-Onge : les deux nommés, la DSM et ses APPR.
VOIENT = {"mentor", "mentore"} | DSM


def _rien(objet):
    return {}


def _sujet(distribution):
    return scenes.les_sujets(distribution)[0]


def _ligne(nom, **options):
    refuses = dict.fromkeys(VOIENT - {"mentor"}, 403)
    return Page(f"consultation:{nom}", permis={"mentor"}, scene=scenes.ligne_de_couloir, sauf=refuses, **options)


def _tenir(nom, **options):
    return Page(f"consultation:{nom}", permis=DSM, autres=403, scene=_sujet, **options)


ACCES = [
    Page("consultation:suivi"),
    Page("consultation:suivi_exporter"),
    Page(
        "consultation:suivi_pdf",
        permis=VOIENT,
        code=302,
        autres=409,
        scene=scenes.ligne_de_couloir,
        kwargs=_rien,
        methode="post",
        cas="rien à imprimer pour les autres",
    ),
    Page("consultation:suivi_pdf", permis=TOUS, code=405, cas="se demande par un envoi"),
    Page("consultation:ligne_ajouter", permis={"mentor"}, autres=403, scene=scenes.fiche_inscrite, kwargs=_rien),
    Page(
        "consultation:ligne_ajouter",
        permis={"mentor"},
        autres=403,
        scene=scenes.fiche_inscrite,
        kwargs=_rien,
        methode="post",
    ),
    _ligne("ligne_modifier"),
    _ligne("ligne_modifier", methode="post"),
    _ligne("ligne_retirer"),
    _ligne("ligne_retirer", methode="post", code=302),
    Page("consultation:mon_bilan", permis={"mentor"}, autres=403, scene=scenes.fiche_inscrite, kwargs=_rien),
    Page("consultation:sujets", permis=ENSEMBLES, autres=403),
    Page("consultation:sujets_exporter", permis=ENSEMBLES, autres=403),
    _tenir("sujet_ajouter", kwargs=_rien),
    _tenir("sujet_ajouter", kwargs=_rien, methode="post"),
    _tenir("sujet_fusionner"),
    _tenir("sujet_fusionner", methode="post"),
    _tenir("sujet_retirer"),
    _tenir("sujet_retirer", methode="post", code=302),
    Page("consultation:chiffres", code=302, autres=302),
]
