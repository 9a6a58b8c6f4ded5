"""Qui reçoit quoi sur l’accueil de la mesure, le bottin, la fiche, les plages, le matériel et les réglages."""

from consultation.actions import bottin, reglages
from encadrement.personnes.models import Direction
from tests.consultation import scenes
from tests.encadrement.fichiers.contenus import PDF, televerse
from tests.page_attendue import Page

# La fiche est celle de la mentore ; sa candidature se lit par elle, son gestionnaire et la DSM.
DSM = {"dsm", "appr", "appr_liaison"}
LECTEURS = {"mentor", "gestionnaire_mentor", *DSM}
TIENNENT = {"mentor", *DSM}
IDENTIFIENT = {"gestionnaire_mentor", *DSM}
ONT_UNE_EQUIPE = {"gestionnaire", "gestionnaire_mentor", "autre_gestionnaire", "directrice", "delegue", "parrain"}


def _en_pause(d):
    fiche = scenes.fiche_inscrite(d)
    bottin.mettre_en_pause(fiche, par=d.mentor)
    return fiche


def _retiree(d):
    fiche = scenes.fiche_inscrite(d)
    bottin.retirer_du_bottin(fiche, par=d.mentor)
    return fiche


def _materiel(d):
    return reglages.deposer_materiel(par=d.appr, titre="Guide de l’expert", contenu=televerse("guide.pdf", PDF))


def _direction(_):
    return Direction.objects.order_by("pk").first()


def _fiche(code, permis, scene, *, lecteurs=LECTEURS, autres=404, **options):
    return Page(
        f"consultation:fiche_{code}",
        permis=set(permis),
        sauf=dict.fromkeys(lecteurs - set(permis), 403),
        autres=autres,
        scene=scene,
        **options,
    )


ACCES = [
    Page("consultation:accueil", scene=scenes.demande_chez_expert, kwargs=lambda _: {}),
    Page("consultation:bottin", scene=scenes.fiche_inscrite, kwargs=lambda _: {}),
    Page("consultation:candidatures", scene=scenes.fiche_soumise, kwargs=lambda _: {}),
    Page("consultation:ma_fiche"),
    Page("consultation:ma_fiche", methode="post", code=302),
    Page("consultation:expert_identifier", permis={*ONT_UNE_EQUIPE, *DSM}, autres=403),
    Page("consultation:fiche", permis={"mentor"}, scene=scenes.fiche_en_redaction, cas="en rédaction"),
    Page("consultation:fiche", permis=LECTEURS, scene=scenes.fiche_identifiee, cas="identifiée"),
    Page("consultation:fiche", permis=LECTEURS, scene=scenes.fiche_soumise, cas="soumise"),
    Page("consultation:fiche", scene=scenes.fiche_inscrite, cas="inscrite"),
    Page("consultation:fiche", scene=_en_pause, cas="en pause"),
    Page("consultation:fiche", permis=LECTEURS, scene=_retiree, cas="retirée"),
    _fiche("modifier", {"mentor"}, scenes.fiche_en_redaction, lecteurs=set()),
    _fiche("modifier", {"mentor"}, scenes.fiche_inscrite, autres=403, cas="inscrite"),
    _fiche("soumettre", {"mentor"}, scenes.fiche_en_redaction, lecteurs=set()),
    _fiche("identifier", IDENTIFIENT, _retiree),
    _fiche("completer", {"mentor"}, scenes.fiche_identifiee),
    _fiche("refuser", {"mentor"}, scenes.fiche_identifiee),
    _fiche("appuyer", {"gestionnaire_mentor"}, scenes.fiche_soumise),
    _fiche("ecarter", {"gestionnaire_mentor", *DSM}, scenes.fiche_soumise),
    _fiche("inscrire", DSM, scenes.fiche_appuyee),
    _fiche("confirmer", TIENNENT, scenes.fiche_inscrite, autres=403),
    _fiche("mettre_en_pause", TIENNENT, scenes.fiche_inscrite, autres=403),
    _fiche("reprendre", TIENNENT, _en_pause, autres=403),
    _fiche("retirer", TIENNENT, scenes.fiche_inscrite, autres=403),
    _fiche("recommencer", {"mentor"}, _retiree),
    _fiche("plages", {"mentor"}, scenes.fiche_inscrite, autres=403),
    _fiche("plages", {"mentor"}, scenes.fiche_soumise, cas="pas encore inscrite"),
    Page(
        "consultation:plage_retirer", permis={"mentor"}, scene=scenes.plage_libre, methode="post", code=302, autres=403
    ),
    Page("consultation:plage_retirer", scene=scenes.plage_libre, code=405, autres=405),
    Page("consultation:materiel", scene=_materiel, kwargs=lambda _: {}),
    Page("consultation:materiel_deposer", permis=DSM, autres=403),
    Page("consultation:materiel_telecharger", scene=_materiel),
    Page("consultation:materiel_retirer", permis=DSM, scene=_materiel, autres=403),
    Page("consultation:materiel_retirer", permis=DSM, scene=_materiel, methode="post", code=302, autres=403),
    Page("consultation:reglages"),
    Page(
        "consultation:reglage_modifier",
        permis=DSM,
        scene=_direction,
        kwargs=lambda direction: {"pk": direction.pk},
        autres=403,
    ),
    Page("consultation:reglage_modifier", permis=DSM, code=404, autres=403, kwargs=lambda _: {"pk": 0}, cas="inconnue"),
]
