"""Qui reçoit quoi aux échelons de la DSM : le formulaire, l’analyse, le RUISSS UL, le registre."""

from encadrement.socle.temps import jour_local
from tests.consultation import scenes
from tests.page_attendue import Page

DEMANDEUR = {"mentore"}
GESTION = {"gestionnaire", "delegue"}
APPR = {"appr", "appr_liaison"}
LIAISON = {"appr_liaison"}
AVANT_LA_DSM = DEMANDEUR | GESTION
A_LA_DSM = AVANT_LA_DSM | APPR | {"dsm"}
MOTIF = {"motif": "Voici pourquoi."}


def _acte(verbe, permis, scene, lecteurs, **options):
    """Qui lit la demande sans pouvoir poser l’acte reçoit 403; pour tout autre elle n’existe pas."""
    options.setdefault("sauf", dict.fromkeys(lecteurs - set(permis), 403))
    return Page(f"consultation:demande_{verbe}", permis=permis, scene=scene, **options)


def _des_deux(verbe, permis, scene, lecteurs, donnees=None):
    """La page, puis l’acte lui-même."""
    return [
        _acte(verbe, permis, scene, lecteurs),
        _acte(verbe, permis, scene, lecteurs, methode="post", code=302, donnees=donnees),
    ]


def _contact(_):
    return {**scenes.CONTACT, "contact_le": jour_local().isoformat()}


def _reorientable(distribution):
    demande = scenes.demande_analysee(distribution)
    demande.fiche_essai = scenes.fiche_inscrite(distribution)
    return demande


def _fiche(demande):
    return {"fiche": demande.fiche_essai.uuid, **MOTIF}


ACCES = [
    *_des_deux("demander_dsm", DEMANDEUR, scenes.demande_declinee, AVANT_LA_DSM),
    *_des_deux("constater_absence", DEMANDEUR, scenes.demande_autorisee, AVANT_LA_DSM, MOTIF),
    _acte("transmettre", DEMANDEUR, scenes.formulaire_ouvert, AVANT_LA_DSM),
    _acte("transmettre", DEMANDEUR, scenes.formulaire_ouvert, AVANT_LA_DSM, methode="post"),
    _acte("transmettre", DEMANDEUR, scenes.demande_transmise, A_LA_DSM, cas="déjà transmise"),
    *_des_deux("renvoyer", APPR, scenes.demande_transmise, A_LA_DSM, MOTIF),
    *_des_deux("analyser", APPR, scenes.demande_transmise, A_LA_DSM, MOTIF),
    *_des_deux("acheminer", LIAISON, scenes.demande_analysee, A_LA_DSM, scenes.RUISSS),
    *_des_deux("reorienter_expert", APPR, _reorientable, A_LA_DSM, _fiche),
    *_des_deux("reorienter_comite", APPR, scenes.demande_analysee, A_LA_DSM, MOTIF),
    *_des_deux("etablir_contact", LIAISON, scenes.demande_acheminee, A_LA_DSM, _contact),
    *_des_deux("constater_sans_reponse", LIAISON, scenes.demande_acheminee, A_LA_DSM, MOTIF),
    *_des_deux("clore", LIAISON, scenes.demande_en_contact, A_LA_DSM, MOTIF),
    Page("consultation:communications", permis=APPR | {"dsm"}, autres=403, scene=scenes.demande_acheminee,
         kwargs=lambda _: {}),
]  # fmt: skip
