"""Qui reçoit quoi de la demande au comité : l’écrire, l’attester, la recevoir, l’inscrire, convier ; et du comité lui-même."""

import datetime
import uuid

from django.utils import timezone

from concertation.actions import comite
from concertation.droits import DROITS_SITUATION
from concertation.models import Nomination, RencontreComite
from encadrement.socle.temps import jour_local
from tests.concertation import scenes
from tests.concertation.gestes import declares
from tests.consultation import scenes as consultations
from tests.page_attendue import TOUS, Page

# La situation est celle du mentoré ; le délégué tient la place de son gestionnaire, et représente sa direction au comité.
DEMANDEUR = {"mentore"}
GESTIONNAIRES = {"gestionnaire", "delegue"}
COORD = {"coordonnatrice"}
SOUMISE = DEMANDEUR | GESTIONNAIRES
DEPOSEE = SOUMISE | COORD
# Une fois convoquée : les trois représentants, et l’invitée.
CONVIES = {"autre_gestionnaire", "delegue", "collegue", "animatrice"}
CONVOQUEE = DEPOSEE | CONVIES
ORDRE_DU_JOUR = {"coordonnatrice", "dsm", "appr", "appr_liaison"}
MOTIF = {"motif": "Il manque une démarche."}


def _lisible(scene):
    """Rend la scène où chacun de ceux qui peuvent lire a déjà déclaré n’avoir aucun lien : le code reçu est celui du droit."""

    def jouer(d):
        situation = scene(d)
        return declares(situation, *DROITS_SITUATION.personnes("lire_recit", situation))

    return jouer


def _page(nom, permis, scene, *, lecteurs, **options):
    """Une page de la situation : qui la voit sans pouvoir poser l’acte reçoit 403, les autres 404."""
    sauf = dict.fromkeys(set(lecteurs) - set(permis), 403)
    return Page(f"concertation:{nom}", permis=set(permis), scene=_lisible(scene), sauf=sauf, **options)


def _verbe(code, permis, scene, lecteurs, donnees=None, **options):
    """La page d’un verbe et son envoi."""
    nom = f"situation_{code}"
    cas = options.pop("cas", "")
    yield _page(nom, permis, scene, lecteurs=lecteurs, cas=cas)
    yield _page(nom, permis, scene, lecteurs=lecteurs, methode="post", code=302, donnees=donnees, cas=cas, **options)


def _avec_une_rencontre(scene):
    def jouer(d):
        scenes.rencontre_planifiee(d, dans=28)
        return scene(d)

    return jouer


def _inscrire(_):
    return {"rencontre": str(RencontreComite.objects.order_by("debut").last().uuid), "minutes": "45 min"}


def _participation(d):
    return scenes.situation_convoquee(d).participations.get(personne=d.animatrice)


def _nomination_proposee(d):
    return scenes.nomination_proposee(d)


def _nomination_acceptee(d):
    scenes.representants(d)
    return Nomination.objects.get(personne=d.autre_gestionnaire)


def _inconnue(nom, **options):
    return Page(f"concertation:{nom}", code=404, kwargs=lambda _: {"uuid": uuid.uuid4()}, cas="inconnue", **options)


_SITUATIONS = [
    Page("concertation:accueil", scene=scenes.situation_convoquee, kwargs=lambda _: {}),
    Page("concertation:situations", scene=scenes.situation_convoquee, kwargs=lambda _: {}),
    Page("concertation:situation_ouvrir", methode="post", code=302, permis=TOUS),
    Page("concertation:situation_ouvrir", code=405),
    Page(
        "concertation:situation_reprendre",
        permis=DEMANDEUR,
        scene=consultations.cas_en_redaction,
        methode="post",
        code=302,
    ),
    Page("concertation:situation_reprendre", scene=consultations.cas_en_redaction, code=405, autres=405),
    Page("concertation:situation_reprendre", scene=consultations.soutien_en_redaction, methode="post", code=404),
    _page("situation", DEMANDEUR, scenes.situation_en_redaction, lecteurs=DEMANDEUR, cas="en rédaction"),
    _page("situation", SOUMISE, scenes.situation_a_attester, lecteurs=SOUMISE, cas="à attester"),
    _page("situation", DEPOSEE, scenes.situation_transmise, lecteurs=DEPOSEE, cas="transmise"),
    _page("situation", DEPOSEE, scenes.situation_inscrite, lecteurs=DEPOSEE, cas="inscrite : convier n’ouvre rien"),
    _page("situation", CONVOQUEE, scenes.situation_convoquee, lecteurs=CONVOQUEE, cas="convoquée"),
    _page("situation", CONVOQUEE, scenes.situation_fermee, lecteurs=CONVOQUEE, cas="fermée"),
    _page("situation", DEPOSEE, scenes.situation_retiree, lecteurs=DEPOSEE, cas="retirée"),
    Page("concertation:situation", permis=(), scene=scenes.situation_detruite, cas="détruite"),
    _inconnue("situation"),
    _page("situation_modifier", DEMANDEUR, scenes.situation_en_redaction, lecteurs=DEMANDEUR),
    _page("situation_modifier", DEMANDEUR, scenes.situation_en_redaction, lecteurs=DEMANDEUR, methode="post", code=302),
    _page("situation_modifier", DEMANDEUR, scenes.situation_transmise, lecteurs=DEPOSEE, code=302, cas="transmise"),
    _page("situation_brouillon", DEMANDEUR, scenes.situation_en_redaction, lecteurs=DEMANDEUR, methode="post"),
    Page("concertation:situation_brouillon", scene=scenes.situation_en_redaction, code=405, autres=405),
    *_verbe("soumettre", DEMANDEUR, scenes.situation_en_redaction, DEMANDEUR),
    *_verbe("attester", GESTIONNAIRES, scenes.situation_a_attester, SOUMISE, {"demarches": "on"}),
    *_verbe("renvoyer", GESTIONNAIRES, scenes.situation_a_attester, SOUMISE, MOTIF),
    *_verbe("demander_precisions", COORD, scenes.situation_transmise, DEPOSEE, MOTIF),
    *_verbe("recevoir", COORD, scenes.situation_transmise, DEPOSEE, MOTIF),
    *_verbe("reorienter", COORD, scenes.situation_transmise, DEPOSEE, {**MOTIF, "reorientation": "equipe"}),
    *_verbe("retirer", DEMANDEUR, scenes.situation_recevable, DEPOSEE),
    *_verbe("inscrire", COORD, _avec_une_rencontre(scenes.situation_recevable), DEPOSEE, _inscrire),
    *_verbe(
        "reporter", COORD, _avec_une_rencontre(scenes.situation_inscrite), DEPOSEE, lambda s: {**_inscrire(s), **MOTIF}
    ),
    *_verbe("desinscrire", COORD, scenes.situation_inscrite, DEPOSEE),
    _page("situation_conviees", COORD, scenes.situation_inscrite, lecteurs=DEPOSEE),
    _page(
        "situation_conviees",
        COORD,
        scenes.situation_inscrite,
        lecteurs=DEPOSEE,
        methode="post",
        code=302,
        donnees={"personne": "Zélie Babin", "titre": "invite"},
    ),
]


def _de_la_participation(nom, **options):
    sauf = dict.fromkeys(CONVOQUEE - COORD, 403)
    return Page(f"concertation:{nom}", permis=COORD, scene=_participation, sauf=sauf, **options)


_SANS_PLANIFIER = {"permis": {"coordonnatrice", "dsm"}, "autres": 403}
_NOMMENT = {"pilote", "coordonnatrice", "directrice"}


def _de_la_rencontre(nom, scene=scenes.rencontre_planifiee, **options):
    return Page(f"concertation:{nom}", permis=COORD, autres=403, scene=scene, **options)


def _moment(rencontre):
    return {
        "jour": rencontre.jour.isoformat(),
        "heure_debut": "14:00",
        "heure_fin": "16:00",
        "mode": "virtuelle",
        "depot_le": jour_local().isoformat(),
    }


def _commencee(d):
    """Une rencontre convoquée dont l’heure est passée, et pas encore notée comme tenue."""
    rencontre = scenes.rencontre_convoquee(d)
    fin = timezone.now() - datetime.timedelta(hours=1)
    comite.deplacer_rencontre(rencontre, par=d.coordonnatrice, debut=fin - datetime.timedelta(hours=3), fin=fin)
    return rencontre


_COMITE = [
    _de_la_participation("participation_retirer"),
    _de_la_participation("participation_retirer", methode="post", code=302),
    _de_la_participation("participation_prolonger"),
    _de_la_participation("participation_prolonger", methode="post", code=302, donnees={"jours": 5, "motif": "Congé."}),
    _inconnue("participation_retirer"),
    _inconnue("participation_prolonger"),
    Page("concertation:comite"),
    # Le directeur nomme pour sa direction ; la DSM en dirige une aussi.
    Page("concertation:nomination_nommer", permis=_NOMMENT | {"dsm"}, autres=403),
    Page("concertation:nomination_nommer", permis=_NOMMENT | {"dsm"}, autres=403, methode="post"),
    Page("concertation:nomination_accepter", permis={"dsm"}, autres=403, scene=_nomination_proposee),
    Page(
        "concertation:nomination_accepter",
        permis={"dsm"},
        autres=403,
        scene=_nomination_proposee,
        methode="post",
        code=302,
    ),
    Page("concertation:nomination_terminer", permis={"dsm", "coordonnatrice"}, autres=403, scene=_nomination_acceptee),
    Page(
        "concertation:nomination_terminer",
        permis={"dsm", "coordonnatrice"},
        autres=403,
        scene=_nomination_acceptee,
        methode="post",
        code=302,
    ),
    _inconnue("nomination_accepter"),
    Page("concertation:rencontre_planifier", **_SANS_PLANIFIER),
    Page("concertation:rencontre_planifier", methode="post", **_SANS_PLANIFIER),
    Page("concertation:rencontre", scene=scenes.rencontre_planifiee, cas="planifiée"),
    Page("concertation:rencontre", scene=scenes.rencontre_tenue, cas="tenue"),
    _inconnue("rencontre"),
    _de_la_rencontre("rencontre_convoquer"),
    _de_la_rencontre("rencontre_convoquer", methode="post", code=302),
    _de_la_rencontre("rencontre_deplacer"),
    _de_la_rencontre("rencontre_deplacer", methode="post", code=302, donnees=_moment),
    _de_la_rencontre("rencontre_tenir", _commencee),
    _de_la_rencontre("rencontre_tenir", _commencee, methode="post", code=302),
    _de_la_rencontre("rencontre_annuler"),
    _de_la_rencontre("rencontre_annuler", methode="post", code=302, donnees={"motif": "Tempête."}),
]

ACCES = [*_SITUATIONS, *_COMITE]
