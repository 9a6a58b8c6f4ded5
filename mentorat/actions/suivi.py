"""Les verbes du déroulement : rencontres, notes, suivi au gestionnaire, mésentente (R-063, R-064, R-089, R-354)."""

from django.db import transaction
from django.db.models import Max

from encadrement.journal.actions import consigner
from encadrement.notifications.actions import retirer_relances
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local
from mentorat.actions.annonces import annoncer
from mentorat.droits import (
    DROITS_ENTENTE,
    DROITS_MESENTENTE,
    DROITS_NOTE_DYADE,
    DROITS_NOTE_PERSONNELLE,
)
from mentorat.models import (
    APPROUVEES,
    VIVANTES,
    Mesentente,
    NoteDyade,
    NotePersonnelle,
    RencontreMentorat,
    Sorte,
    SuiviGestionnaire,
)
from mentorat.regles import parle_a_l_autre_d_abord
from mentorat.trajectoire import MESENTENTE

CHAMPS_RENCONTRE = ("jour", "minutes", "minutes_orientation", "mode", "precision")


@transaction.atomic
def consigner_rencontre(entente, *, par, **champs):
    """Ajoute une rencontre au journal de la dyade ; les heures d’orientation en sont exclues (R-067)."""
    _exiger_vivante(entente, par)
    rencontre = RencontreMentorat(entente=entente, consignee_par=par, **champs)
    _exiger_rencontre_plausible(rencontre)
    rencontre.save()
    if rencontre.jour > entente.sans_rencontre_depuis:
        _dater_la_derniere(entente, rencontre.jour)
    _defaire_les_signatures(entente)
    consigner("mentorat.rencontre.consigner", entente, par=par)
    return rencontre


def _exiger_vivante(entente, par):
    entente.verrouiller()
    DROITS_ENTENTE.exiger(par, "consigner_rencontre", entente)
    if entente.etat not in VIVANTES:
        raise ErreurMetier("Le journal des rencontres se tient pendant que l’entente est active.")


def _exiger_rencontre_plausible(rencontre):
    entente = rencontre.entente
    if rencontre.jour > jour_local():
        raise ErreurMetier("Cette rencontre est dans l’avenir : consignez-la une fois tenue.")
    if rencontre.jour < entente.debut:
        raise ErreurMetier(f"L’entente commence le {entente.debut:%Y-%m-%d} : cette rencontre la précède.")
    deja = entente.rencontres.filter(jour=rencontre.jour, minutes=rencontre.minutes, mode=rencontre.mode)
    if deja.exclude(pk=rencontre.pk).exists():
        raise ErreurMetier("Cette rencontre est déjà au journal : même jour, même durée, même mode.")


def _chercher_la_derniere(entente):
    derniere = entente.rencontres.aggregate(jour=Max("jour"))["jour"]
    depuis = max(derniere or entente.debut_du_journal, entente.debut_du_journal)
    if depuis != entente.sans_rencontre_depuis:
        _dater_la_derniere(entente, depuis)


def _dater_la_derniere(entente, jour):
    entente.sans_rencontre_depuis = jour
    entente.save(update_fields=["sans_rencontre_depuis"])
    retirer_relances(entente, "sans rencontre")


def _defaire_les_signatures(entente):
    # L’évaluation finale compte les rencontres : le journal changé, ce qu’on avait lu et signé n’est plus vrai.
    entente.bilans.filter(sorte=Sorte.FINAL, instantane__isnull=False).update(instantane=None)


@transaction.atomic
def corriger_rencontre(rencontre, *, par, **champs):
    """Corrige une rencontre du journal ; la correction est consignée."""
    entente = rencontre.entente
    _exiger_vivante(entente, par)
    for champ in CHAMPS_RENCONTRE:
        if champ in champs:
            setattr(rencontre, champ, champs[champ])
    _exiger_rencontre_plausible(rencontre)
    rencontre.save(update_fields=[champ for champ in CHAMPS_RENCONTRE if champ in champs])
    _chercher_la_derniere(entente)
    _defaire_les_signatures(entente)
    consigner("mentorat.rencontre.corriger", entente, par=par, details={"rencontre": str(rencontre.uuid)})
    return rencontre


@transaction.atomic
def retirer_rencontre(rencontre, *, par):
    """Retire une rencontre saisie par erreur ; le retrait est consigné avec sa date et sa durée."""
    entente = rencontre.entente
    _exiger_vivante(entente, par)
    consigner(
        "mentorat.rencontre.retirer",
        entente,
        par=par,
        details={"jour": rencontre.jour.isoformat(), "minutes": rencontre.minutes},
    )
    rencontre.delete()
    _chercher_la_derniere(entente)
    _defaire_les_signatures(entente)


@transaction.atomic
def ecrire_note_dyade(entente, *, par, texte):
    """Ajoute une note que seule la dyade lit (R-354)."""
    DROITS_ENTENTE.exiger(par, "voir_notes", entente)
    return NoteDyade.objects.create(entente=entente, auteur=par, texte=texte)


@transaction.atomic
def ecrire_note_personnelle(entente, *, par, texte):
    """Ajoute une note que seul son auteur lira jamais."""
    DROITS_ENTENTE.exiger(par, "noter_pour_soi", entente)
    return NotePersonnelle.objects.create(entente=entente, auteur=par, texte=texte)


@transaction.atomic
def modifier_note(note, *, par, texte):
    """Réécrit sa propre note ; un texte vide la retire."""
    droits = DROITS_NOTE_DYADE if isinstance(note, NoteDyade) else DROITS_NOTE_PERSONNELLE
    droits.exiger(par, "modifier", note)
    if not texte:
        note.delete()
        return None
    note.texte = texte
    note.save(update_fields=["texte", "modifiee_le"])
    return note


@transaction.atomic
def ecrire_suivi(entente, *, par, texte):
    """Le mentor transmet au gestionnaire ses observations sur les apprentissages ; le mentoré les lit aussi (R-358)."""
    entente.verrouiller()
    DROITS_ENTENTE.exiger(par, "ecrire_suivi", entente)
    if entente.etat not in APPROUVEES:
        raise ErreurMetier("Le suivi au gestionnaire s’écrit une fois l’entente approuvée.", exigences=["R-064"])
    suivi = SuiviGestionnaire.objects.create(entente=entente, auteur=par, texte=texte)
    consigner("mentorat.suivi.ecrire", entente, par=par)
    a = [entente.mentore, *DROITS_ENTENTE.personnes("approuver", entente)]
    annoncer("suivi_ecrit", entente, a, suivi.uuid, urgent=False)
    return suivi


@transaction.atomic
def signaler_mesentente(entente, *, par, texte, au_gestionnaire, a_la_dsm, parle_a_l_autre, raison=""):
    """Une partie signale une difficulté à ceux qu’elle choisit ; eux seuls la lisent (R-089, R-102, R-110)."""
    entente.verrouiller()
    DROITS_ENTENTE.exiger(par, "signaler_mesentente", entente)
    if not (au_gestionnaire or a_la_dsm):
        raise ErreurMetier("Choisissez à qui vous vous adressez.", exigences=["R-110"])
    mesentente = Mesentente(
        entente=entente,
        auteur=par,
        texte=texte,
        au_gestionnaire=au_gestionnaire,
        a_la_dsm=a_la_dsm,
        parle_a_l_autre=parle_a_l_autre,
    )
    if invitation := parle_a_l_autre_d_abord(mesentente):
        if not raison:
            raise ErreurMetier(invitation, exigences=parle_a_l_autre_d_abord.exigences)
        # Dans le texte chiffré, et non au motif du passage : cette raison peut être le plus délicat du signalement.
        mesentente.texte += f"\n\nJe n’en ai pas d’abord parlé à l’autre personne\xa0: {raison}"
    mesentente.save(force_insert=True)
    mesentente.passages.create(transition="signaler", de="signalee", vers="signalee", par=par, titre="l’auteur")
    consigner("mentorat.mesentente.signaler", mesentente, par=par)
    destinataires = DROITS_MESENTENTE.personnes("prendre_en_charge", mesentente)
    annoncer("mesentente_signalee", mesentente, destinataires, mesentente.uuid)
    return mesentente


@transaction.atomic
def prendre_en_charge(mesentente, *, par):
    """Le gestionnaire ou l’APPR prend la mésentente en charge ; son auteur le sait (R-089)."""
    passage = mesentente.franchir(MESENTENTE["prendre_en_charge"], par=par)
    annoncer("mesentente_prise_en_charge", mesentente, [mesentente.auteur], passage.pk)
    return passage


@transaction.atomic
def regler_mesentente(mesentente, *, par, suite=""):
    """La mésentente est réglée, avec la suite donnée."""
    passage = mesentente.franchir(MESENTENTE["regler"], par=par)
    mesentente.suite = suite
    mesentente.save(update_fields=["suite"])
    return passage


@transaction.atomic
def consigner_lecture(objet, *, par, titre, quoi):
    """Laisse la trace d’une lecture confidentielle, avant de montrer le contenu (O-02)."""
    consigner(f"mentorat.lecture.{quoi}", objet, par=par, titre=titre)
