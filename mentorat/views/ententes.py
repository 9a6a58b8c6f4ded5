"""Les pages de l’entente : liste, dossier, signature, approbation, copies, libération du temps."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from encadrement.socle.temps import jour_local
from encadrement.trajectoire.views import page_du_verbe, vue_du_verbe
from mentorat.actions import ententes as actions
from mentorat.actions.suivi import consigner_lecture
from mentorat.droits import DROITS_ENTENTE, DROITS_MESENTENTE, DYADE
from mentorat.forms.ententes import ApprobationForm, ConditionsForm, FiltreEntentes
from mentorat.models import VIVANTES, EtatEntente
from mentorat.trajectoire import ENTENTE

PAR_PAGE = 25
COLONNES = (
    *("uuid", "numero", "mentor__prenom", "mentor__nom", "mentore__prenom", "mentore__nom"),
    *("debut", "fin", "etat"),
)
ENGAGEMENT = "Nous convenons de respecter les règles d’éthique du mentorat."
ENGAGEMENT_GESTIONNAIRE = (
    "J’approuve les modalités de cette entente et je mets en place les conditions qui permettent de la vivre."
)
ACTES_DE_LA_PAGE = (
    "modifier",
    "voir_journal",
    "voir_notes",
    "voir_suivi",
    "voir_mi_temps",
    "ecrire_mi_temps",
    "voir_finale",
    "voir_fin",
    "signaler_mesentente",
    "confirmer_conditions",
    "attester_heures",
    "recevoir_dsm",
    "recevoir_drhcaj",
)


@require_GET
def liste(request):
    """Les ententes que la personne peut voir, filtrées par l’adresse."""
    filtre = FiltreEntentes(request.GET)
    ententes = filtre.filtrer(DROITS_ENTENTE.objets(request.user))
    page = Paginator(ententes.values_list(*COLONNES), PAR_PAGE).get_page(request.GET.get("page"))
    return render(request, "mentorat/ententes.html", {"page": page, "rangees": _rangees(page), "filtre": filtre})


_RANGEE = """
<tr>
<td data-label="Entente"><a href="{}">{}</a></td>
<td data-label="Mentor">{} {}</td>
<td data-label="Mentoré">{} {}</td>
<td data-label="Période">{}</td>
<td data-label="État"><span class="etat etat--{}">{}</span>{}</td>
</tr>"""
_ECHUE = mark_safe(' <span class="etat etat--retard">Échue</span>')


def _rangees(page):
    """Rend les rangées de la liste, écrites ici : le gabarit mettrait quatre fois plus de temps à en former cinquante."""
    libelles, jour, gabarit_uuid = dict(EtatEntente.choices), jour_local(), UUID(int=0)
    adresse = reverse("mentorat:entente", args=[gabarit_uuid])
    return format_html_join(
        "",
        _RANGEE,
        (
            (
                adresse.replace(str(gabarit_uuid), str(uuid)),
                numero,
                *noms,
                f"{debut} au {fin or '…'}" if debut else "à préciser",
                etat,
                libelles[etat],
                _ECHUE if etat in VIVANTES and fin < jour else "",
            )
            for uuid, numero, *noms, debut, fin, etat in page
        ),
    )


@require_GET
def voir(request, uuid):
    """Le dossier d’une entente : sa trajectoire, son contenu, ce que chacun peut y faire."""
    entente = DROITS_ENTENTE.trouver(request.user, uuid=uuid)
    peut = {acte: DROITS_ENTENTE.peut(request.user, acte, entente) for acte in ACTES_DE_LA_PAGE}
    titre = DROITS_ENTENTE.exiger(request.user, "voir", entente)
    if titre.code not in {role.code for role in DYADE}:
        consigner_lecture(entente, par=request.user, titre=titre.libelle, quoi="entente")
    contexte = {
        "entente": entente,
        "peut": peut,
        "titre": titre,
        "objectifs": entente.objectifs.prefetch_related("activites"),
        "signatures": _signatures(entente),
        "documents": _documents(request.user, entente),
        "transmissions": entente.transmissions.select_related("recue_par"),
        "prolongations": entente.prolongations.select_related("demandee_par"),
        "conditions": getattr(entente, "conditions", None),
        "mesententes": _mesententes(request.user, entente),
        "bilan_du_journal": entente.rencontres.bilan() if peut["voir_journal"] else None,
    }
    return render(request, "mentorat/entente.html", contexte)


def _signatures(entente):
    return entente.instantane.signatures.select_related("au_nom_de") if entente.instantane else ()


def _documents(personne, entente):
    """Rend les documents de l’entente que la personne peut lire, dans l’ordre du cadre."""
    instantanes = [("entente", "voir", entente.instantane)]
    actes = {"mi_temps": "voir_mi_temps", "final": "voir_finale"}
    instantanes += [
        (bilan.get_sorte_display(), actes[bilan.sorte], bilan.instantane)
        for bilan in entente.bilans.select_related("instantane__document")
    ]
    return [
        {"nom": nom, "document": instantane.document}
        for nom, acte, instantane in instantanes
        if instantane and hasattr(instantane, "document") and DROITS_ENTENTE.peut(personne, acte, entente)
    ]


def _mesententes(personne, entente):
    return DROITS_MESENTENTE.objets(personne).filter(entente=entente)


def _contexte_du_contenu(entente):
    instantane = entente.instantane
    return {
        "entente": entente,
        "contenu": instantane.donnees if instantane else None,
        "regles": entente.regles_ethique,
    }


@require_http_methods(["GET", "POST"])
def soumettre(request, uuid):
    entente = DROITS_ENTENTE.trouver(request.user, uuid=uuid)
    return page_du_verbe(
        request,
        entente,
        ENTENTE["soumettre"],
        agir=lambda **saisi: actions.soumettre_entente(entente, par=request.user, **saisi),
        succes="L’entente attend maintenant les signatures du mentor et du mentoré.",
        gabarit="mentorat/entente_soumettre.html",
    )


@require_http_methods(["GET", "POST"])
def signer(request, uuid):
    """Lire le contenu figé et les règles d’éthique, s’engager, confirmer son identité."""
    entente = DROITS_ENTENTE.trouver(request.user, uuid=uuid)
    return page_du_verbe(
        request,
        entente,
        ENTENTE["signer"],
        agir=lambda **saisi: actions.signer_entente(entente, par=request.user, **saisi),
        succes="Votre signature est posée.",
        gabarit="mentorat/entente_signer.html",
        contexte=_contexte_du_contenu(entente),
        engagement=ENGAGEMENT,
        empreinte=entente.instantane.empreinte if entente.instantane else "",
    )


@require_http_methods(["GET", "POST"])
def approuver(request, uuid):
    """L’essentiel d’un coup d’œil, les conditions favorables, la signature du gestionnaire."""
    entente = DROITS_ENTENTE.trouver(request.user, uuid=uuid)

    def agir(confirmation, **conditions):
        with transaction.atomic():
            conditions.pop("motif", None)
            actions.approuver_entente(entente, par=request.user, confirmation=confirmation)
            return actions.confirmer_conditions(entente, par=request.user, **conditions)

    return page_du_verbe(
        request,
        entente,
        ENTENTE["approuver"],
        agir=agir,
        succes="L’entente est approuvée et signée. Copie en est transmise à la DSM et à la DRHCAJ.",
        form_class=ApprobationForm,
        gabarit="mentorat/entente_approuver.html",
        contexte={**_contexte_du_contenu(entente), "signatures": _signatures(entente)},
        engagement=ENGAGEMENT_GESTIONNAIRE,
        empreinte=entente.instantane.empreinte if entente.instantane else "",
        retour=lambda _: entente,
    )


_verbe = partial(vue_du_verbe, DROITS_ENTENTE, ENTENTE)

rouvrir = _verbe("rouvrir", actions.rouvrir_entente, "L’entente est de nouveau en rédaction.")
renvoyer = _verbe(
    "renvoyer", actions.renvoyer_entente, "L’entente est renvoyée au mentor et au mentoré, avec votre commentaire."
)
refuser = _verbe("refuser", actions.refuser_entente, "L’entente est refusée; la dyade lira votre motif.")
abandonner = _verbe("abandonner", actions.abandonner_entente, "Ce projet d’entente est abandonné.")


@require_http_methods(["GET", "POST"])
def confirmer_conditions(request, uuid):
    """Le gestionnaire confirme ou revoit les conditions favorables (R-030, R-088)."""
    entente = DROITS_ENTENTE.trouver(request.user, uuid=uuid)
    DROITS_ENTENTE.exiger(request.user, "confirmer_conditions", entente)
    actuelles = getattr(entente, "conditions", None)
    initiales = {nom: getattr(actuelles, nom) for nom in ConditionsForm.base_fields} if actuelles else None
    form = ConditionsForm(request.POST if request.method == "POST" else None, initial=initiales)
    if form.is_valid():
        actions.confirmer_conditions(entente, par=request.user, **form.cleaned_data)
        messages.success(request, "Les conditions favorables sont confirmées.")
        return redirect(entente)
    return render(request, "mentorat/entente_conditions.html", {"entente": entente, "form": form})


@require_POST
def accuser_reception(request, uuid, rang):
    """La DSM ou la DRHCAJ accuse réception de sa copie (R-070)."""
    entente = DROITS_ENTENTE.trouver(request.user, uuid=uuid)
    transmission = get_object_or_404(entente.transmissions, pk=rang)
    actions.accuser_reception(entente, transmission, par=request.user)
    messages.success(request, "La réception de la copie est consignée.")
    return redirect(entente)


@require_GET
def liberation(request, uuid):
    """Ce que le gestionnaire du mentor doit savoir pour libérer du temps : les dates et les heures, rien d’autre."""
    entente = DROITS_ENTENTE.trouver(request.user, "voir_liberation", uuid=uuid)
    return render(request, "mentorat/entente_liberation.html", {"entente": entente})


@require_GET
def liberations(request):
    """Les ententes où mes gens sont mentors : dates et heures à libérer."""
    ententes = (
        DROITS_ENTENTE.objets(request.user, "voir_liberation").filter(mentor__superieur=request.user).avec_parties()
    )
    return render(request, "mentorat/liberations.html", {"ententes": ententes})
