"""Qui reçoit quoi sur les bilans et les recommandations : deux titres écrivent, la DSM publie, qui voit des agrégats lit."""

import datetime
import uuid

from encadrement.socle.temps import jour_local
from tests.encadrement.bilan_annuel import scenes
from tests.page_attendue import Page

ECRIVENT = {"dsm", "appr", "appr_liaison"}
# Qui a une équipe ou une direction, et les titres qui voient les agrégats de l’établissement.
LECTEURS = ECRIVENT | {
    "coordonnatrice",
    "drhcaj",
    "executif_cm",
    "pilote",
    "gestionnaire",
    "delegue",
    "gestionnaire_mentor",
    "autre_gestionnaire",
    "directrice",
    "parrain",
}
RESPONSABLE = {"collegue"}
TEXTE = {"texte": "La première formation est donnée."}
MOTIF = {"motif": "Deux formations données."}


def _recommandation(_):
    jour = jour_local() + datetime.timedelta(days=60)
    return {"libelle": "Former.", "annee": scenes.annee_passee().debut_annee, "personne": "Bujold", "echeance": jour}


def _acte(nom, permis, scene, lecteurs, **options):
    """Qui lit sans pouvoir agir reçoit 403 ; pour tout autre, rien n’existe."""
    return Page(
        f"bilan_annuel:{nom}", permis=permis, sauf=dict.fromkeys(lecteurs - permis, 403), scene=scene, **options
    )


def _suivi(nom, scene, **options):
    return _acte(nom, ECRIVENT | RESPONSABLE, scene, LECTEURS, **options)


def _version(numero):
    return lambda bilan: {"uuid": bilan.uuid, "numero": numero}


BILANS = [
    Page("bilan_annuel:bilans"),
    Page("bilan_annuel:bilans", scene=scenes.publie, kwargs=lambda _: {}, cas="un publié"),
    Page("bilan_annuel:bilan_ouvrir", code=405, autres=405),
    Page("bilan_annuel:bilan_ouvrir", permis=ECRIVENT, code=422, autres=403, methode="post"),
    Page("bilan_annuel:bilan", permis=ECRIVENT, scene=scenes.ecrit),
    Page("bilan_annuel:bilan", permis=LECTEURS, scene=scenes.publie, cas="publié"),
    Page("bilan_annuel:bilan", permis=LECTEURS, scene=scenes.repris, cas="repris"),
    Page("bilan_annuel:bilan", code=404, kwargs=lambda _: {"uuid": uuid.uuid4()}, cas="inconnu"),
    Page("bilan_annuel:bilan_version", permis=LECTEURS, scene=scenes.publie, kwargs=_version(1)),
    Page("bilan_annuel:bilan_version", code=404, scene=scenes.publie, kwargs=_version(2), cas="inconnue"),
    _acte("bilan_apercu", ECRIVENT, scenes.repris, LECTEURS),
    _acte("bilan_modifier", ECRIVENT, scenes.ecrit, ECRIVENT),
    _acte("bilan_modifier", ECRIVENT, scenes.repris, LECTEURS, methode="post", code=302),
    _acte("bilan_modifier", ECRIVENT, scenes.publie, LECTEURS, code=302, cas="publié"),
    _acte("bilan_brouillon", ECRIVENT, scenes.ecrit, ECRIVENT, methode="post"),
    Page("bilan_annuel:bilan_brouillon", scene=scenes.ecrit, code=405, autres=405),
    _acte("bilan_publier", {"dsm"}, scenes.ecrit, ECRIVENT),
    _acte("bilan_publier", {"dsm"}, scenes.repris, LECTEURS, methode="post", code=302),
    _acte("bilan_reprendre", {"dsm"}, scenes.publie, LECTEURS),
    _acte("bilan_reprendre", {"dsm"}, scenes.publie, LECTEURS, methode="post", code=302, donnees=MOTIF),
]
RECOMMANDATIONS = [
    Page("bilan_annuel:recommandations", scene=scenes.publiee, kwargs=lambda _: {}),
    Page("bilan_annuel:recommandations_exporter"),
    Page("bilan_annuel:recommandation_proposer", permis=ECRIVENT, autres=403),
    Page(
        "bilan_annuel:recommandation_proposer",
        permis=ECRIVENT,
        code=302,
        autres=403,
        methode="post",
        donnees=_recommandation,
    ),
    Page("bilan_annuel:recommandation", permis=ECRIVENT | RESPONSABLE, scene=scenes.proposee),
    Page("bilan_annuel:recommandation", permis=LECTEURS | RESPONSABLE, scene=scenes.realisee, cas="publiée"),
    _acte("recommandation_modifier", ECRIVENT, scenes.proposee, ECRIVENT | RESPONSABLE),
    _acte("recommandation_modifier", ECRIVENT, scenes.publiee, LECTEURS | RESPONSABLE, cas="publiée"),
    _acte(
        "recommandation_modifier",
        ECRIVENT,
        scenes.proposee,
        ECRIVENT | RESPONSABLE,
        methode="post",
        code=302,
        donnees=_recommandation,
    ),
    _suivi("recommandation_suivre", scenes.en_cours),
    _suivi("recommandation_suivre", scenes.en_cours, methode="post", code=302, donnees=TEXTE),
    _suivi("recommandation_commencer", scenes.publiee),
    _suivi("recommandation_commencer", scenes.publiee, methode="post", code=302),
    _suivi("recommandation_realiser", scenes.en_cours),
    _suivi("recommandation_realiser", scenes.en_cours, methode="post", code=302, donnees=MOTIF),
    _acte("recommandation_abandonner", ECRIVENT, scenes.en_cours, LECTEURS | RESPONSABLE),
    _acte(
        "recommandation_abandonner",
        ECRIVENT,
        scenes.en_cours,
        LECTEURS | RESPONSABLE,
        methode="post",
        code=302,
        donnees=MOTIF,
    ),
]
ACCES = [*BILANS, *RECOMMANDATIONS]
