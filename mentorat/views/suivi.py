"""Les pages du déroulement : journal des rencontres, notes, suivi au gestionnaire."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from encadrement.trajectoire.views import donnees, page_de_saisie
from mentorat.actions import suivi as actions
from mentorat.droits import DROITS_ENTENTE, DROITS_NOTE_DYADE, DROITS_NOTE_PERSONNELLE, DROITS_RENCONTRE
from mentorat.forms.suivi import NoteForm, RencontreForm, SuiviForm
from mentorat.models import APPROUVEES, VIVANTES, NoteDyade
from mentorat.regles import RENCONTRES_RECOMMANDEES


def _adresse(nom, entente):
    return reverse(f"mentorat:{nom}", args=[entente.uuid])


# — Le journal des rencontres


@require_http_methods(["GET", "POST"])
def journal(request, uuid):
    """Les rencontres, leur compte et leur durée ; la dyade en ajoute, le gestionnaire n’y lit que dates et durées."""
    entente = DROITS_ENTENTE.trouver(request.user, uuid=uuid)
    DROITS_ENTENTE.exiger(request.user, "voir_journal", entente)
    if request.method == "POST":
        DROITS_ENTENTE.exiger(request.user, "consigner_rencontre", entente)
    form = RencontreForm.pour(donnees(request))
    return page_de_saisie(
        request,
        "mentorat/journal.html",
        form,
        agir=lambda: actions.consigner_rencontre(entente, par=request.user, **form.champs),
        succes="La rencontre est au journal.",
        retour=_adresse("entente_journal", entente),
        contexte=lambda: _journal(entente, request.user),
    )


def _journal(entente, personne):
    rencontres = list(entente.rencontres.all())
    minutes = sum(rencontre.minutes for rencontre in rencontres)
    dyade = DROITS_ENTENTE.peut(personne, "consigner_rencontre", entente)
    return {
        "entente": entente,
        "rencontres": rencontres,
        "minutes": minutes,
        "moyenne": round(minutes / len(rencontres)) if rencontres else None,
        "orientation": sum(rencontre.minutes_orientation for rencontre in rencontres),
        "recommandees": RENCONTRES_RECOMMANDEES,
        "dyade": dyade,
        "ouvert": dyade and entente.etat in VIVANTES,
    }


@require_http_methods(["GET", "POST"])
def rencontre_corriger(request, uuid):
    rencontre = DROITS_RENCONTRE.trouver(request.user, "corriger", uuid=uuid)
    form = RencontreForm.pour(donnees(request), rencontre)
    return page_de_saisie(
        request,
        "mentorat/rencontre_corriger.html",
        form,
        agir=lambda: actions.corriger_rencontre(rencontre, par=request.user, **form.champs),
        succes="La rencontre est corrigée.",
        retour=_adresse("entente_journal", rencontre.entente),
        contexte=lambda: {"rencontre": rencontre, "entente": rencontre.entente},
    )


@require_http_methods(["GET", "POST"])
def rencontre_retirer(request, uuid):
    rencontre = DROITS_RENCONTRE.trouver(request.user, "corriger", uuid=uuid)
    entente = rencontre.entente
    if request.method == "POST":
        actions.retirer_rencontre(rencontre, par=request.user)
        messages.success(request, "La rencontre est retirée du journal.")
        return redirect("mentorat:entente_journal", entente.uuid)
    return render(request, "mentorat/rencontre_retirer.html", {"rencontre": rencontre, "entente": entente})


# — Les notes : celles de la dyade, et celles que seul leur auteur lit


@require_http_methods(["GET", "POST"])
def notes(request, uuid):
    """Les notes partagées et « Mes notes personnelles » ; pour toute autre personne, cette page n’existe pas."""
    entente = DROITS_ENTENTE.trouver(request.user, "voir_notes", uuid=uuid)
    pour_soi = "pour_soi" in request.POST
    saisie = NoteForm(donnees(request), prefix="soi" if pour_soi else "dyade")
    ecrire = actions.ecrire_note_personnelle if pour_soi else actions.ecrire_note_dyade
    return page_de_saisie(
        request,
        "mentorat/notes.html",
        saisie,
        agir=lambda: ecrire(entente, par=request.user, **saisie.cleaned_data),
        succes="Votre note personnelle est gardée." if pour_soi else "La note est partagée avec l’autre personne.",
        retour=_adresse("entente_notes", entente),
        contexte=lambda: _notes(entente, request.user, saisie, pour_soi),
    )


def _notes(entente, personne, saisie, pour_soi):
    role = DROITS_ENTENTE.exiger(personne, "voir_notes", entente)
    actions.consigner_lecture(entente, par=personne, titre=role.libelle, quoi="notes")
    return {
        "entente": entente,
        "autre": entente.mentore if personne.pk == entente.mentor_id else entente.mentor,
        "partagees": list(DROITS_NOTE_DYADE.objets(personne).filter(entente=entente).select_related("auteur")),
        "personnelles": list(DROITS_NOTE_PERSONNELLE.objets(personne).filter(entente=entente)),
        "form_dyade": NoteForm(prefix="dyade") if pour_soi else saisie,
        "form_soi": saisie if pour_soi else NoteForm(prefix="soi"),
    }


def _ma_note(personne, uuid):
    """Rend une note dont la personne est l’auteur ; 404 pour toute autre."""
    partagee = NoteDyade.objects.filter(uuid=uuid).exists()
    droits = DROITS_NOTE_DYADE if partagee else DROITS_NOTE_PERSONNELLE
    return droits.trouver(personne, "modifier", uuid=uuid), partagee


@require_http_methods(["GET", "POST"])
def note_modifier(request, uuid):
    note, partagee = _ma_note(request.user, uuid)
    form = NoteForm(donnees(request), initial={"texte": note.texte})
    return page_de_saisie(
        request,
        "mentorat/note_modifier.html",
        form,
        agir=lambda: actions.modifier_note(note, par=request.user, **form.cleaned_data),
        succes="La note est modifiée.",
        retour=_adresse("entente_notes", note.entente),
        contexte=lambda: _une_note(note, request.user, partagee),
    )


@require_http_methods(["GET", "POST"])
def note_retirer(request, uuid):
    note, partagee = _ma_note(request.user, uuid)
    entente = note.entente
    if request.method == "POST":
        actions.modifier_note(note, par=request.user, texte="")
        messages.success(request, "La note est retirée, définitivement.")
        return redirect("mentorat:entente_notes", entente.uuid)
    return render(request, "mentorat/note_retirer.html", _une_note(note, request.user, partagee))


def _une_note(note, personne, partagee):
    actions.consigner_lecture(note.entente, par=personne, titre="l’auteur", quoi="notes")
    return {"note": note, "partagee": partagee, "entente": note.entente}


# — Le suivi au gestionnaire


@require_http_methods(["GET", "POST"])
def suivi(request, uuid):
    """Ce que le mentor transmet au gestionnaire sur les apprentissages ; le mentoré le lit aussi (R-064, R-358)."""
    entente = DROITS_ENTENTE.trouver(request.user, uuid=uuid)
    role = DROITS_ENTENTE.exiger(request.user, "voir_suivi", entente)
    if request.method == "POST":
        DROITS_ENTENTE.exiger(request.user, "ecrire_suivi", entente)
    form = SuiviForm(donnees(request))
    return page_de_saisie(
        request,
        "mentorat/suivi.html",
        form,
        agir=lambda: actions.ecrire_suivi(entente, par=request.user, **form.cleaned_data),
        succes="Le suivi est transmis au gestionnaire; le mentoré le lit aussi.",
        retour=_adresse("entente_suivi", entente),
        contexte=lambda: _suivi(entente, request.user, role),
    )


def _suivi(entente, personne, role):
    actions.consigner_lecture(entente, par=personne, titre=role.libelle, quoi="suivi")
    ecrit = DROITS_ENTENTE.peut(personne, "ecrire_suivi", entente)
    return {
        "entente": entente,
        "suivis": list(entente.suivis.select_related("auteur")),
        "ouvert": ecrit and entente.etat in APPROUVEES,
    }
