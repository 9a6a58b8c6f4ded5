"""Qui reçoit quoi après l’approbation : journal, notes, bilans, fin."""

from mentorat.actions import suivi
from mentorat.models import NoteDyade, RencontreMentorat
from tests.mentorat import scenes
from tests.page_attendue import Page

DYADE = {"mentor", "mentore"}
GESTION = {"gestionnaire", "delegue"}
APPRS = {"appr", "appr_liaison"}
# Ceux qui voient l’entente approuvée sans pouvoir poser l’acte : 403, avec la phrase ; tout autre : 404.
COPIES = {"dsm", *APPRS, "drhcaj"}


def _interdit(*qui):
    return {nom: 403 for groupe in qui for nom in groupe}


def _etat(etat):
    return lambda distribution: scenes.entente(distribution, etat)


def _rencontre(distribution):
    scenes.rencontrer(scenes.entente(distribution), 1)
    return RencontreMentorat.objects.get()


def _note(distribution):
    suivi.ecrire_note_dyade(scenes.entente(distribution), par=distribution.mentor, texte="À revoir.")
    return NoteDyade.objects.get()


def _mesentente(distribution):
    return suivi.signaler_mesentente(
        scenes.entente(distribution),
        par=distribution.mentore,
        texte="Rencontres annulées.",
        au_gestionnaire=True,
        a_la_dsm=False,
        parle_a_l_autre=True,
    )


def _prolongation(distribution):
    entente = scenes.entente(distribution)
    return scenes.fin.demander_prolongation(
        entente,
        par=distribution.mentor,
        nouvelle_fin=scenes.ajouter_mois(entente.fin, 1),
        justification="Un mois de plus.",
    )


def _entente(nom, permis, etat="active", *, scene=None, **options):
    """Une page de l’entente : ceux qui la voient sans y avoir droit reçoivent 403, les autres 404."""
    options.setdefault("sauf", _interdit((GESTION | DYADE | COPIES) - set(permis)))
    return Page(f"mentorat:{nom}", permis=permis, scene=scene or _etat(etat), **options)


def _cachee(nom, permis, scene, **options):
    """Une page dont l’existence même est confidentielle : 404 pour quiconque n’y a pas droit."""
    return Page(f"mentorat:{nom}", permis=permis, scene=scene, **options)


def _brouillon(nom, etat):
    yield _entente(nom, DYADE, etat, methode="post")
    yield Page(f"mentorat:{nom}", scene=_etat(etat), code=405, autres=405)


ACCES = [
    _entente("entente_journal", DYADE | GESTION),
    _entente("entente_journal", DYADE, methode="post"),
    _cachee("rencontre_corriger", DYADE, _rencontre),
    _cachee("rencontre_retirer", DYADE, _rencontre),
    _cachee("rencontre_retirer", DYADE, _rencontre, methode="post", code=302),
    _cachee("entente_notes", DYADE, _etat("active")),
    _cachee("entente_notes", DYADE, _etat("close"), cas="close"),
    _cachee("note_modifier", {"mentor"}, _note),
    _cachee("note_retirer", {"mentor"}, _note),
    _cachee("note_retirer", {"mentor"}, _note, methode="post", code=302),
    _entente("entente_suivi", DYADE | GESTION),
    _entente("entente_suivi", {"mentor"}, methode="post"),
    _entente("mesentente_signaler", DYADE),
    _cachee("mesentente", GESTION | {"mentore"}, _mesentente),
    _cachee("mesentente_prendre_en_charge", GESTION, _mesentente, sauf={"mentore": 403}),
    _cachee("mesentente_regler", GESTION | {"mentore"}, _mesentente),
    _entente("entente_mi_temps", DYADE | GESTION),
    _entente("entente_mi_temps", DYADE, methode="post", code=302),
    *_brouillon("entente_mi_temps_brouillon", "active"),
    _entente("entente_confirmer_mi_temps", DYADE),
    _entente("entente_entamer_finale", DYADE),
    _entente("entente_finale", DYADE | GESTION, "en_evaluation"),
    _entente("entente_finale", DYADE | GESTION | {"dsm"} | APPRS, "close", cas="close"),
    _entente("entente_finale", DYADE, "en_evaluation", methode="post", code=302),
    *_brouillon("entente_finale_brouillon", "en_evaluation"),
    _entente("entente_signer_finale", DYADE, "en_evaluation"),
    _entente("entente_clore", GESTION, "a_clore"),
    _entente("entente_renvoyer_finale", GESTION, "a_clore"),
    _entente("entente_demander_prolongation", DYADE),
    _cachee("prolongation", DYADE | GESTION | {"dsm"} | APPRS, _prolongation),
    _cachee("prolongation_accorder", GESTION, _prolongation, sauf=_interdit(DYADE, {"dsm"}, APPRS)),
    _cachee("prolongation_refuser", GESTION, _prolongation, sauf=_interdit(DYADE, {"dsm"}, APPRS)),
    _entente("entente_demander_fin", DYADE | GESTION),
    _entente("entente_fin", DYADE | GESTION | APPRS, scene=scenes.fin_demandee),
    _entente("entente_retirer_fin", DYADE | GESTION, scene=scenes.fin_demandee),
    _entente("entente_consigner_fin", GESTION | APPRS, scene=scenes.fin_demandee),
    _entente("entente_constater_fin", GESTION, scene=scenes.fin_demandee),
    _entente("entente_attester_heures", DYADE, "close", methode="post", code=302),
    Page("mentorat:entente_attester_heures", scene=_etat("active"), code=405, autres=405),
]
