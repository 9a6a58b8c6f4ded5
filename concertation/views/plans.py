"""La discussion et le plan de concertation : l’écrire pendant la rencontre, le lire, l’imprimer, l’établir (R-251 à R-254)."""

from functools import partial

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from concertation.actions import plans as actions
from concertation.actions import recits, redaction
from concertation.droits import DEMANDEUR, DROITS_ORIENTATION, DROITS_SITUATION
from concertation.forms.plans import EtablirForm, MotifPrudentForm, OrientationForm, PlanForm
from concertation.models import EtatSituation
from concertation.trajectoire import SITUATION
from concertation.views.zone import en_zone
from encadrement.cadre.ressources import ressource
from encadrement.documents.rendu import imprimer
from encadrement.socle.brouillon import donnees_a_reprendre, repondre_au_brouillon, temoins_de
from encadrement.socle.erreurs import ErreurMetier
from encadrement.trajectoire.dessin import boutons
from encadrement.trajectoire.views import page_du_verbe, vue_du_verbe

AJOUT = "orientation"
_CHAMPS_DE_L_AJOUT = tuple(f"{AJOUT}-{champ}" for champ in ("texte", "direction", "personne", "echeance"))
# Les gestes qui se posent d’ici ; les autres sont à la page de la situation.
_GESTES = {"presenter", "etablir_plan", "representer", "fermer"}
# Avant d’être présentée, une situation n’a de plan que celui qu’on en écrit.
_PRESENTEES = (EtatSituation.PRESENTEE, EtatSituation.EN_SUIVI, EtatSituation.FERMEE)


def _trouver(request, uuid, acte="lire_plan"):
    situation = DROITS_SITUATION.trouver(request.user, uuid=uuid)
    DROITS_SITUATION.exiger(request.user, acte, situation)
    return situation


@require_http_methods(["GET", "POST"])
@en_zone
def plan(request, uuid):
    """Le plan : à écrire pour qui anime la rencontre, à lire pour les autres."""
    situation = _trouver(request, uuid)
    if request.method == "POST":
        return _enregistrer(request, situation)
    if redaction.ecrit_le_plan(request.user, situation):
        return _page_a_ecrire(request, situation)
    return _page_a_lire(request, situation)


@require_POST
@en_zone
def ajouter_orientation(request, uuid):
    """Ajoute l’orientation ; tout ce que la page porte s’enregistre du même coup."""
    return _enregistrer(request, _trouver(request, uuid, "ecrire_plan"), ajouter=True)


def _enregistrer(request, situation, *, ajouter=False):
    DROITS_SITUATION.exiger(request.user, "ecrire_plan", situation)
    # La touche Entrée, dans un champ de l’orientation, ne la perd pas.
    ajouter = ajouter or any(request.POST.get(champ, "").strip() for champ in _CHAMPS_DE_L_AJOUT)
    ajout = OrientationForm(request.POST if ajouter else None, prefix=AJOUT)
    form = PlanForm(request.POST, valeurs={})
    form.is_valid()
    conflits = ()
    try:
        if set(PlanForm.base_fields) & set(request.POST):
            conflits = _fusionner(request, situation, form).conflits
        if ajout.is_valid():
            actions.ajouter_orientation(situation, par=request.user, **ajout.champs)
    except ErreurMetier as erreur:
        return _page_a_ecrire(request, situation, form, ajout, refus=[erreur], statut=409)
    if form.errors or conflits or ajout.errors:
        vierge = ajout if ajout.errors else None
        return _page_a_ecrire(request, situation, form, vierge, conflits=conflits, statut=409 if conflits else 200)
    messages.success(request, "L’orientation est ajoutée." if ajouter else "Le plan est enregistré.")
    suite = "#orientations" if ajouter else ""
    return redirect(reverse("concertation:situation_plan", args=[situation.uuid]) + suite)


def _fusionner(request, situation, form):
    recus = {champ: texte for champ, texte in form.saisi.items() if champ in request.POST}
    return redaction.fusionner_plan(
        situation, par=request.user, saisi=recus, temoins=temoins_de(request.POST), libelles=form.libelles
    )


@require_POST
@en_zone
def enregistrer_brouillon(request, uuid):
    """Enregistre pendant la frappe, au serveur seulement ; ce qu’un autre a écrit ne revient que consigné comme lu."""
    situation = _trouver(request, uuid, "ecrire_plan")
    form = PlanForm(request.POST, valeurs={}, brouillon=True)

    def enregistrer():
        ecriture = _fusionner(request, situation, form)
        valeurs = ecriture.valeurs
        if ecriture.d_autrui:
            valeurs |= recits.lire_recit(
                situation, par=request.user, champs=ecriture.d_autrui, acte="lire_plan", pourquoi="écriture à deux"
            )
        return ecriture.conflits, valeurs

    return repondre_au_brouillon(form, enregistrer)


def _page_a_ecrire(request, situation, form=None, ajout=None, *, conflits=(), refus=(), statut=200):
    lu = recits.lire_plan(situation, par=request.user, champs=redaction.CHAMPS_DE_LA_PAGE, pourquoi="rédaction du plan")
    valeurs = {champ: lu.textes[champ] for champ in redaction.CHAMPS_ECRITS}
    saisie = donnees_a_reprendre(form, valeurs, conflits) if form else None
    contexte = {
        **_contexte(request, situation),
        "lu": lu,
        "form": PlanForm(saisie, valeurs=valeurs),
        "ajout": ajout or OrientationForm(prefix=AJOUT),
        "guide": ressource("discussion-cas"),
        "conflits": conflits,
        "refus": refus,
    }
    return render(request, "concertation/plan_ecrire.html", contexte, status=statut)


def _page_a_lire(request, situation):
    lu = None
    if _a_un_plan(situation):
        lu = recits.lire_plan(situation, par=request.user)
    contexte = {
        **_contexte(request, situation),
        "lu": lu,
        "est_demandeur": DEMANDEUR.tenu_par(request.user, situation),
    }
    return render(request, "concertation/plan.html", contexte)


def _a_un_plan(situation):
    return situation.etat in _PRESENTEES or situation.orientations.exists()


def _contexte(request, situation):
    inscription = situation.inscription
    return {
        "situation": situation,
        "rencontre": inscription.rencontre if inscription else None,
        "minutes": inscription.minutes if inscription else None,
        "boutons": [b for b in boutons(situation, request.user) if b["code"] in _GESTES],
        "etabli": situation.passages.filter(transition="etablir_plan").exists(),
    }


# — Corriger une orientation


@require_http_methods(["GET", "POST"])
@en_zone
def modifier_orientation(request, uuid):
    """Corrige une orientation ouverte : son texte, sa direction, qui en répond, pour quand."""
    orientation = DROITS_ORIENTATION.trouver(request.user, uuid=uuid)
    DROITS_ORIENTATION.exiger(request.user, "modifier", orientation)
    refus, statut = [], 200
    if request.method == "POST":
        form = OrientationForm(request.POST, orientation=orientation)
        if form.is_valid():
            try:
                actions.corriger_orientation(orientation, par=request.user, **form.champs)
            except ErreurMetier as erreur:
                refus, statut = [erreur], 409
            else:
                messages.success(request, "L’orientation est corrigée.")
                return redirect(_plan_de(orientation.situation) + "#orientations")
    else:
        texte = recits.lire_orientation(orientation, par=request.user, pourquoi="correction")["texte"]
        form = OrientationForm(orientation=orientation, texte=texte)
    contexte = {"orientation": orientation, "form": form, "refus": refus}
    return render(request, "concertation/orientation_modifier.html", contexte, status=statut)


def _plan_de(situation):
    return reverse("concertation:situation_plan", args=[situation.uuid])


# — Imprimer


@require_GET
@en_zone
def plan_pdf(request, uuid):
    """Rend le plan en PDF, marqué du nom de qui le lit : rien n’en est gardé, la lecture est consignée d’abord (X-7, N-09)."""
    situation = _trouver(request, uuid)
    if not _a_un_plan(situation):
        raise ErreurMetier("Cette situation n’a pas encore de plan de concertation.", exigences=["R-253"])
    lu = recits.lire_plan(situation, par=request.user, pourquoi="PDF du plan")
    instant = timezone.now()
    contexte = {
        **_contexte(request, situation),
        "lu": lu,
        "lecteur": request.user,
        "instant": instant,
        "contenu": {"etablissement": settings.ETABLISSEMENT_NOM},
        "direction": settings.ETABLISSEMENT_DIRECTION,
        # Ce que l’en-tête commun attend d’un document scellé ; celui-ci n’en est pas un.
        "document": {"numero": situation.numero, "code_lisible": "copie de lecture"},
        "cree": instant.isoformat(timespec="seconds"),
        "modifie": instant.isoformat(timespec="seconds"),
        "logo": "",
    }
    rendu = imprimer(render_to_string("pdf/concertation/plan_v1.html", contexte), identifiant=situation.numero)
    reponse = HttpResponse(rendu.octets, content_type="application/pdf")
    nom = f"plan-{situation.numero}.pdf"
    reponse.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=nom)
    reponse.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    reponse.headers["X-Content-Type-Options"] = "nosniff"
    return reponse


# — Les verbes de la situation qui mènent au plan, puis le ferment


def _orientations_de(situation):
    """Rend ce qu’une page de verbe en montre : rang, direction, responsable, échéance, état ; jamais le texte."""
    return {"orientations": situation.orientations.select_related("direction", "responsable").order_by("rang")}


def _apres(passage):
    return _plan_de(passage.situation)


_verbe = partial(vue_du_verbe, DROITS_SITUATION, SITUATION, contexte=_orientations_de)
presenter = en_zone(
    _verbe(
        "presenter",
        actions.presenter_situation,
        "La situation est notée comme présentée\xa0: établissez son plan de concertation.",
        "concertation/situation_presenter.html",
        retour=_apres,
    )
)
representer = en_zone(
    _verbe(
        "representer",
        actions.ramener_au_comite,
        "La situation revient au comité\xa0: inscrivez-la à une rencontre.",
        "concertation/situation_representer.html",
        form_class=MotifPrudentForm,
    )
)
fermer = en_zone(
    _verbe(
        "fermer",
        actions.fermer_situation,
        "La situation est fermée; elle se referme pour tous dans trente jours.",
        "concertation/situation_fermer.html",
    )
)


@require_http_methods(["GET", "POST"])
@en_zone
def etablir_plan(request, uuid):
    """Relit le plan, l’établit et lance le suivi : chaque responsable reçoit son orientation (R-253, R-254)."""
    situation = _trouver(request, uuid, "etablir_plan")
    return page_du_verbe(
        request,
        situation,
        SITUATION["etablir_plan"],
        agir=lambda **_: actions.etablir_plan(situation, par=request.user),
        succes="Le plan est établi\xa0: chaque responsable a reçu son orientation.",
        form_class=partial(EtablirForm, textes=redaction.textes_a_verifier(situation)),
        gabarit="concertation/situation_etablir_plan.html",
        contexte=lambda: {"lu": recits.lire_plan(situation, par=request.user, pourquoi="relecture avant d’établir")},
        retour=_apres,
    )
