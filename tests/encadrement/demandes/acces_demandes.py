"""Qui reçoit quoi sur les demandes de service à la DSM : la liste, écrire, transmettre, prendre en charge, clore."""

import uuid

from tests.consultation import scenes
from tests.page_attendue import Page

DEMANDEUR = {"mentore"}
APPR = {"appr", "appr_liaison"}
LECTEURS = DEMANDEUR | APPR | {"gestionnaire", "delegue", "dsm"}
RENVOI = {"motif": "Précisez votre besoin."}
CLOTURE = {"suite": "Rencontre tenue.", "minutes": "1 h"}


def _acte(nom, permis, scene, lecteurs, **options):
    """Qui lit la demande sans pouvoir poser l’acte reçoit 403; pour tout autre elle n’existe pas."""
    options.setdefault("sauf", dict.fromkeys(lecteurs - set(permis), 403))
    return Page(f"demandes:{nom}", permis=permis, scene=scene, **options)


def _du_demandeur(nom, scene, **options):
    return _acte(nom, DEMANDEUR, scene, DEMANDEUR, **options)


def _de_lappr(nom, scene, **options):
    return _acte(nom, APPR, scene, LECTEURS, **options)


ACCES = [
    Page("demandes:liste"),
    Page("demandes:soutien_ouvrir", methode="post", code=302, autres=302),
    Page("demandes:soutien_ouvrir", code=405, autres=405),
    Page("demandes:demande", permis=DEMANDEUR, scene=scenes.soutien_en_redaction, cas="en rédaction"),
    Page("demandes:demande", permis=LECTEURS, scene=scenes.soutien_transmis, cas="soutien transmis"),
    Page("demandes:demande", permis=LECTEURS, scene=scenes.soutien_clos, cas="soutien clos"),
    Page("demandes:demande", permis=DEMANDEUR, scene=scenes.cas_en_redaction, cas="cas du comité"),
    Page("demandes:demande", permis=DEMANDEUR, scene=scenes.cas_poursuivi, cas="cas poursuivi au comité"),
    Page("demandes:demande", code=404, kwargs=lambda _: {"uuid": uuid.uuid4()}, cas="inconnue"),
    _du_demandeur("demande_modifier", scenes.soutien_en_redaction),
    _du_demandeur("demande_modifier", scenes.soutien_en_redaction, methode="post", code=302),
    _acte("demande_modifier", DEMANDEUR, scenes.soutien_transmis, LECTEURS, code=302, cas="transmis"),
    _du_demandeur("demande_brouillon", scenes.soutien_en_redaction, methode="post"),
    Page("demandes:demande_brouillon", scene=scenes.soutien_en_redaction, code=405, autres=405),
    _du_demandeur("demande_transmettre", scenes.soutien_en_redaction),
    _du_demandeur("demande_transmettre", scenes.soutien_en_redaction, methode="post"),
    _du_demandeur("demande_modifier", scenes.cas_en_redaction, code=302, cas="cas du comité"),
    _du_demandeur("demande_transmettre", scenes.cas_en_redaction, code=302, cas="cas du comité"),
    _acte("demande_retirer", DEMANDEUR, scenes.soutien_transmis, LECTEURS),
    _acte("demande_retirer", DEMANDEUR, scenes.soutien_transmis, LECTEURS, methode="post", code=302),
    _de_lappr("demande_renvoyer", scenes.soutien_transmis),
    _de_lappr("demande_renvoyer", scenes.soutien_transmis, methode="post", code=302, donnees=RENVOI),
    _de_lappr("demande_prendre_en_charge", scenes.soutien_transmis),
    _de_lappr("demande_prendre_en_charge", scenes.soutien_transmis, methode="post", code=302),
    _de_lappr("demande_clore", scenes.soutien_pris_en_charge),
    _de_lappr("demande_clore", scenes.soutien_pris_en_charge, methode="post", code=302, donnees=CLOTURE),
]
