"""Qui reçoit quoi sur les pages du bottin, de la fiche, de la demande et du jumelage."""

from mentorat.actions import bottin
from tests.mentorat import scenes
from tests.page_attendue import TOUS, Page

# La fiche est celle de la mentore ; sa candidature se lit par elle, son gestionnaire et la DSM.
DSM = {"dsm", "appr", "appr_liaison"}
LECTEURS_FICHE = {"mentor", "gestionnaire_mentor", *DSM}
# La demande est celle du mentoré ; le délégué tient la place du gestionnaire.
GESTIONNAIRES = {"gestionnaire", "delegue"}
LECTEURS_DEMANDE = {"mentore", *GESTIONNAIRES, *DSM}


def _en_pause(d):
    fiche = scenes.fiche_inscrite(d)
    bottin.mettre_en_pause(fiche, par=d.mentor)
    return fiche


def _fiche(code, permis, scene, *, lecteurs=LECTEURS_FICHE, autres=404):
    return Page(
        f"mentorat:fiche_{code}",
        permis=set(permis),
        sauf=dict.fromkeys(lecteurs - set(permis), 403),
        autres=autres,
        scene=scene,
    )


def _demande(code, permis, scene, *, lecteurs=LECTEURS_DEMANDE):
    return Page(
        f"mentorat:demande_{code}",
        permis=set(permis),
        sauf=dict.fromkeys(lecteurs - set(permis), 403),
        scene=scene,
    )


ACCES = [
    Page("mentorat:bottin", scene=scenes.fiche_inscrite, kwargs=lambda _: {}),
    Page("mentorat:candidatures", scene=scenes.fiche_soumise, kwargs=lambda _: {}),
    Page("mentorat:ma_fiche"),
    Page("mentorat:ma_fiche", methode="post", code=302),
    Page("mentorat:fiche", permis={"mentor"}, scene=scenes.fiche_en_redaction, cas="en rédaction"),
    Page("mentorat:fiche", permis=LECTEURS_FICHE, scene=scenes.fiche_soumise, cas="soumise"),
    Page("mentorat:fiche", scene=scenes.fiche_inscrite, cas="inscrite"),
    _fiche("modifier", {"mentor"}, scenes.fiche_en_redaction, lecteurs=set()),
    _fiche("soumettre", {"mentor"}, scenes.fiche_en_redaction, lecteurs=set()),
    _fiche("recommander", {"gestionnaire_mentor"}, scenes.fiche_soumise),
    _fiche("decliner", {"gestionnaire_mentor"}, scenes.fiche_soumise),
    _fiche("inscrire", DSM, scenes.fiche_recommandee),
    _fiche("ecarter", DSM, scenes.fiche_recommandee),
    _fiche("former", DSM, scenes.fiche_inscrite, autres=403),
    _fiche("confirmer", {"mentor", *DSM}, scenes.fiche_inscrite, autres=403),
    _fiche("mettre_en_pause", {"mentor", *DSM}, scenes.fiche_inscrite, autres=403),
    _fiche("reprendre", {"mentor", *DSM}, _en_pause, autres=403),
    _fiche("retirer", {"mentor", *DSM}, scenes.fiche_inscrite, autres=403),
    _fiche("recommencer", {"mentor"}, scenes.fiche_inscrite, autres=403),
    Page("mentorat:demandes", scene=scenes.demande_proposee, kwargs=lambda _: {}),
    Page("mentorat:demande_ouvrir", methode="post", code=302, permis=TOUS),
    Page("mentorat:demande_ouvrir", code=405),
    Page(
        "mentorat:demande_designer",
        permis={
            "gestionnaire",
            "delegue",
            "gestionnaire_mentor",
            "autre_gestionnaire",
            "directrice",
            "parrain",
            "dsm",
        },
        autres=403,
    ),
    Page("mentorat:demande", permis={"mentore"}, scene=scenes.demande_en_redaction, cas="en rédaction"),
    Page("mentorat:demande", permis=LECTEURS_DEMANDE, scene=scenes.demande_soumise, cas="soumise"),
    Page("mentorat:demande", permis={"mentor", *LECTEURS_DEMANDE}, scene=scenes.demande_proposee, cas="proposée"),
    _demande("modifier", {"mentore"}, scenes.demande_en_redaction, lecteurs=set()),
    _demande("soumettre", {"mentore"}, scenes.demande_en_redaction, lecteurs=set()),
    _demande("accepter", GESTIONNAIRES, scenes.demande_soumise),
    _demande("refuser", GESTIONNAIRES, scenes.demande_soumise),
    _demande("retirer", {"mentore"}, scenes.demande_soumise),
    _demande("suggerer", DSM, scenes.demande_acceptee),
    _demande("proposer", GESTIONNAIRES, scenes.demande_acceptee),
    _demande("accepter_jumelage", {"mentor", "mentore"}, scenes.demande_proposee, lecteurs=LECTEURS_DEMANDE),
    _demande("decliner_jumelage", {"mentor", "mentore"}, scenes.demande_proposee, lecteurs=LECTEURS_DEMANDE),
]
