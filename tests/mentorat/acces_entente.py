"""Qui reçoit quoi sur l’entente elle-même : rédiger, signer, approuver, recevoir les copies, libérer du temps."""

import uuid

from mentorat.models import Transmission
from tests.mentorat import scenes
from tests.page_attendue import Page

DYADE = {"mentor", "mentore"}
GESTION = {"gestionnaire", "delegue"}
APPRS = {"appr", "appr_liaison"}
COPIES = {"dsm", "drhcaj", *APPRS}


def _etat(etat):
    return lambda distribution: scenes.entente(distribution, etat)


def _refusee(distribution):
    entente = scenes.entente(distribution, "a_approuver")
    scenes.ententes.refuser_entente(entente, par=distribution.gestionnaire, motif="Non.")
    return entente


def _page(nom, permis, etat, **options):
    """Qui voit l’entente sans pouvoir poser l’acte reçoit 403; pour tout autre elle n’existe pas."""
    lecteurs = DYADE | GESTION | (COPIES if etat == "active" else set())
    options.setdefault("sauf", dict.fromkeys(lecteurs - set(permis), 403))
    return Page(f"mentorat:entente_{nom}", permis=permis, scene=_etat(etat), **options)


def _copie(destinataire, permis):
    return Page(
        "mentorat:entente_accuser_reception",
        permis=permis,
        code=302,
        methode="post",
        scene=lambda d: (scenes.entente(d), Transmission.objects.get(destinataire=destinataire))[1],
        kwargs=lambda copie: {"uuid": copie.entente.uuid, "rang": copie.pk},
        sauf=dict.fromkeys((DYADE | GESTION | COPIES) - permis, 403),
        cas=destinataire,
    )


ACCES = [
    Page("mentorat:accueil"),
    Page("mentorat:ententes"),
    Page("mentorat:liberations"),
    Page("mentorat:entente", permis=DYADE | GESTION, scene=_etat("brouillon"), cas="brouillon"),
    Page("mentorat:entente", permis=DYADE | GESTION, scene=_etat("a_approuver"), cas="à approuver"),
    Page("mentorat:entente", permis=DYADE | GESTION | COPIES, scene=_etat("active"), cas="active"),
    Page("mentorat:entente", permis=DYADE | GESTION | COPIES, scene=_etat("close"), cas="close"),
    Page("mentorat:entente", permis=DYADE | GESTION, scene=_refusee, cas="refusée"),
    Page("mentorat:entente", code=404, kwargs=lambda _: {"uuid": uuid.uuid4()}, cas="inconnue"),
    _page("modifier", DYADE, "brouillon"),
    _page("modifier", DYADE, "brouillon", methode="post"),
    _page("modifier", DYADE, "active", code=302, cas="approuvée"),
    _page("brouillon", DYADE, "brouillon", methode="post", code=422),
    Page("mentorat:entente_brouillon", scene=_etat("brouillon"), code=405, autres=405),
    _page("soumettre", DYADE, "brouillon"),
    _page("soumettre", DYADE, "brouillon", methode="post", code=302),
    _page("rouvrir", DYADE, "a_signer"),
    _page("rouvrir", DYADE, "a_signer", methode="post", code=302),
    _page("signer", DYADE, "a_signer"),
    _page("signer", DYADE, "a_signer", methode="post"),
    _page("abandonner", DYADE, "a_signer"),
    _page("abandonner", DYADE, "a_signer", methode="post", code=302),
    _page("approuver", GESTION, "a_approuver"),
    _page("approuver", GESTION, "a_approuver", methode="post"),
    _page("approuver", GESTION, "active", cas="déjà approuvée"),
    _page("renvoyer", GESTION, "a_approuver"),
    _page("renvoyer", GESTION, "a_approuver", methode="post", code=302, donnees={"motif": "Revoir."}),
    _page("refuser", GESTION, "a_approuver"),
    _page("refuser", GESTION, "a_approuver", methode="post", code=302, donnees={"motif": "Non."}),
    _page("confirmer_conditions", GESTION, "active"),
    _page("confirmer_conditions", GESTION, "active", methode="post", code=302, donnees={"charge_ajustee": "on"}),
    _page("liberation", DYADE | GESTION | {"gestionnaire_mentor"}, "active", sauf={}),
    _copie("dsm", {"dsm", *APPRS}),
    _copie("drhcaj", {"drhcaj"}),
]
