"""Qui reçoit quoi sur le plan et le rapport annuels : les années, écrire, signer, approuver, lire."""

import uuid

from tests.cdp import scenes
from tests.page_attendue import TOUS, Page

RESPONSABLES = {"animatrice", "secretaire"}
MEMBRES = RESPONSABLES | {"membre"}
PARRAIN = {"parrain"}
SOUTIEN = {"appr", "appr_liaison", "dsm"}
LECTEURS = MEMBRES | PARRAIN | SOUTIEN
# Une fois agréée, la communauté est à l’annuaire : la refuser dit « pas à ce titre », non « introuvable ».
DE_L_ANNUAIRE = TOUS - LECTEURS


def _annee(communaute):
    return {"uuid": communaute.uuid, "annee": communaute.annee.debut_annee}


def _acte(nom, permis, scene, lecteurs=LECTEURS, **options):
    """Qui peut lire le document sans pouvoir poser l’acte reçoit 403; pour tout autre il n’existe pas."""
    options.setdefault("sauf", dict.fromkeys(lecteurs - set(permis), 403))
    return Page(f"cdp:{nom}", permis=permis, scene=scene, **options)


def _des_deux(nature):
    """Les pages du plan et du rapport sont les mêmes."""
    brouillon, soumis, approuve = (
        getattr(scenes, f"{nature}_{etat}") for etat in ("en_redaction", "soumis", "approuve")
    )
    renvoi = {"motif": "Précisez l’échéancier."}
    return [
        Page(f"cdp:{nature}", permis=MEMBRES, scene=brouillon, cas="en rédaction"),
        Page(f"cdp:{nature}", permis=LECTEURS, scene=soumis, cas="soumis"),
        Page(f"cdp:{nature}", permis=LECTEURS, scene=approuve, cas="approuvé"),
        Page(f"cdp:{nature}", code=404, kwargs=lambda _: {"uuid": uuid.uuid4()}, cas="inconnu"),
        _acte(f"{nature}_modifier", RESPONSABLES, brouillon, MEMBRES),
        _acte(f"{nature}_modifier", RESPONSABLES, brouillon, MEMBRES, methode="post", code=302),
        _acte(f"{nature}_modifier", RESPONSABLES, approuve, code=302, cas="approuvé"),
        _acte(f"{nature}_brouillon", RESPONSABLES, brouillon, MEMBRES, methode="post"),
        Page(f"cdp:{nature}_brouillon", scene=brouillon, code=405, autres=405),
        _acte(f"{nature}_soumettre", RESPONSABLES, brouillon, MEMBRES),
        _acte(f"{nature}_soumettre", RESPONSABLES, brouillon, MEMBRES, methode="post"),
        _acte(f"{nature}_rouvrir", RESPONSABLES, soumis),
        _acte(f"{nature}_rouvrir", RESPONSABLES, soumis, methode="post", code=302),
        _acte(f"{nature}_approuver", PARRAIN, soumis),
        _acte(f"{nature}_approuver", PARRAIN, soumis, methode="post"),
        _acte(f"{nature}_approuver", PARRAIN, approuve, cas="déjà approuvé"),
        _acte(f"{nature}_renvoyer", PARRAIN, soumis),
        _acte(f"{nature}_renvoyer", PARRAIN, soumis, methode="post", code=302, donnees=renvoi),
    ]


ACCES = [
    Page(
        "cdp:communaute_annees",
        permis=LECTEURS,
        scene=scenes.rapport_approuve,
        kwargs=lambda rapport: {"uuid": rapport.communaute.uuid},
        sauf=dict.fromkeys(DE_L_ANNUAIRE, 403),
    ),
    Page(
        "cdp:communaute_annees",
        permis={"animatrice"},
        scene=scenes.communaute_ouverte,
        cas="en préparation",
        sauf=dict.fromkeys(SOUTIEN, 200),
    ),
    *(
        Page(
            f"cdp:{nature}_ouvrir",
            permis=RESPONSABLES,
            code=302,
            methode="post",
            scene=scenes.communaute_active,
            kwargs=_annee,
            sauf=dict.fromkeys(TOUS - RESPONSABLES, 403),
        )
        for nature in ("plan", "rapport")
    ),
    *(
        Page(f"cdp:{nature}_ouvrir", code=405, autres=405, scene=scenes.communaute_active, kwargs=_annee)
        for nature in ("plan", "rapport")
    ),
    *_des_deux("plan"),
    *_des_deux("rapport"),
]
