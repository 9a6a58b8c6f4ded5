"""Qui reçoit quoi sur les pages de la demande : l’écrire, en discuter, l’expert, les rencontres, la fermeture (D12)."""

from consultation.actions import demandes
from consultation.models import RencontreConsultation
from tests.consultation import scenes
from tests.page_attendue import TOUS, Page

# La demande est celle du mentoré ; le délégué tient la place de son gestionnaire ; l’expert est le mentor.
DEMANDEUR = {"mentore"}
GESTIONNAIRES = {"gestionnaire", "delegue"}
EXPERT = {"mentor"}
# La DSM n’en lit que ce qui lui est transmis (D12, note 4).
DSM = {"dsm", "appr", "appr_liaison"}
SOUMISE = DEMANDEUR | GESTIONNAIRES
CHEZ_EXPERT = SOUMISE | EXPERT
SEUL = {"ampleur": "individuelle"}


def _groupe_soumis(d):
    demande = scenes.demande_de_groupe(d)
    demandes.soumettre_demande(demande, par=d.mentore)
    return demande


def _une_rencontre(d):
    scenes.rencontre_tenue(d)
    return RencontreConsultation.objects.get()


def _page(nom, permis, scene, *, lecteurs, **options):
    """Une page de la demande : qui la lit sans pouvoir poser l’acte reçoit 403, les autres 404."""
    sauf = dict.fromkeys(set(lecteurs) - set(permis), 403)
    return Page(f"consultation:{nom}", permis=set(permis), scene=scene, sauf=sauf, **options)


def _verbe(code, permis, scene, *, lecteurs, **options):
    return _page(f"demande_{code}", permis, scene, lecteurs=lecteurs, **options)


ACCES = [
    Page("consultation:demandes", scene=scenes.demande_soumise, kwargs=lambda _: {}),
    Page("consultation:demande_ouvrir", methode="post", code=302, permis=TOUS),
    Page("consultation:demande_ouvrir", code=405),
    Page("consultation:demande", permis=DEMANDEUR, scene=scenes.demande_en_redaction, cas="en rédaction"),
    Page("consultation:demande", permis=SOUMISE, scene=scenes.demande_soumise, cas="soumise"),
    Page("consultation:demande", permis=SOUMISE | {"collegue"}, scene=_groupe_soumis, cas="de groupe"),
    Page("consultation:demande", permis=DEMANDEUR, scene=scenes.demande_de_groupe, cas="de groupe, en rédaction"),
    Page("consultation:demande", permis=CHEZ_EXPERT, scene=scenes.demande_chez_expert, cas="chez l’expert"),
    Page("consultation:demande", permis=SOUMISE, scene=scenes.demande_declinee, cas="déclinée"),
    Page("consultation:demande", permis=CHEZ_EXPERT, scene=scenes.demande_fermee, cas="fermée"),
    Page("consultation:demande", permis=SOUMISE, scene=scenes.formulaire_ouvert, cas="au formulaire"),
    Page("consultation:demande", permis=SOUMISE | DSM, scene=scenes.demande_transmise, cas="transmise"),
    Page("consultation:demande", permis=SOUMISE | DSM, scene=scenes.demande_en_contact, cas="en contact"),
    _page("demande_modifier", DEMANDEUR, scenes.demande_en_redaction, lecteurs=()),
    _page("demande_modifier", DEMANDEUR, scenes.formulaire_ouvert, lecteurs=SOUMISE, cas="au formulaire"),
    _page("demande_brouillon", DEMANDEUR, scenes.demande_en_redaction, lecteurs=(), methode="post", donnees=SEUL),
    Page("consultation:demande_brouillon", scene=scenes.demande_en_redaction, code=405),
    _verbe("soumettre", DEMANDEUR, scenes.demande_en_redaction, lecteurs=()),
    _verbe("reprendre", DEMANDEUR, scenes.demande_soumise, lecteurs=SOUMISE),
    _verbe("retirer", DEMANDEUR, scenes.demande_soumise, lecteurs=SOUMISE),
    _verbe("autoriser", GESTIONNAIRES, scenes.demande_soumise, lecteurs=SOUMISE),
    _verbe("juger_non_pertinente", GESTIONNAIRES, scenes.demande_soumise, lecteurs=SOUMISE),
    _verbe("constater_discussion", DEMANDEUR, scenes.demande_soumise, lecteurs=SOUMISE),
    _verbe("choisir_expert", DEMANDEUR, scenes.demande_autorisee, lecteurs=SOUMISE),
    _verbe("changer_expert", DEMANDEUR, scenes.demande_chez_expert, lecteurs=CHEZ_EXPERT),
    _verbe("accepter", EXPERT, scenes.demande_chez_expert, lecteurs=CHEZ_EXPERT),
    _verbe("decliner", EXPERT, scenes.demande_chez_expert, lecteurs=CHEZ_EXPERT),
    _verbe("proposer_moment", EXPERT, scenes.demande_acceptee, lecteurs=CHEZ_EXPERT),
    _verbe("accepter_moment", DEMANDEUR, scenes.moment_propose, lecteurs=CHEZ_EXPERT),
    _verbe("refuser_moment", DEMANDEUR, scenes.moment_propose, lecteurs=CHEZ_EXPERT),
    _verbe("rendre_avis", EXPERT, scenes.rencontre_tenue, lecteurs=CHEZ_EXPERT),
    _verbe("rencontres", EXPERT | DEMANDEUR, scenes.rencontre_tenue, lecteurs=CHEZ_EXPERT),
    _verbe(
        "rencontres",
        DEMANDEUR | {"appr_liaison"},
        scenes.demande_en_contact,
        lecteurs=SOUMISE | DSM,
        cas="avec le RUISSS UL",
    ),
    _page("rencontre_retirer", EXPERT | DEMANDEUR, _une_rencontre, lecteurs=CHEZ_EXPERT),
    _verbe("fermer", DEMANDEUR, scenes.avis_rendu, lecteurs=CHEZ_EXPERT),
    _verbe("poursuivre", DEMANDEUR, scenes.avis_rendu, lecteurs=CHEZ_EXPERT),
]
