"""Les pages des bilans : les remplir à deux, confirmer la mi-temps, signer la finale, clore (R-057, R-058, R-342)."""

from collections import Counter

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from encadrement.socle.brouillon import repondre_au_brouillon, temoins_de
from encadrement.socle.erreurs import ErreurMetier
from encadrement.trajectoire.views import page_du_verbe
from mentorat.actions import bilans as actions
from mentorat.actions.suivi import consigner_lecture
from mentorat.droits import DROITS_ENTENTE, DYADE
from mentorat.forms.bilans import BilanForm, ConfirmerMiTempsForm
from mentorat.models import Bilan, EtatEntente, Sorte
from mentorat.trajectoire import ENTENTE

ENGAGEMENT_FINALE = "J’ai lu cette évaluation finale\xa0: elle rend compte du mentorat, et je la signe."
ENGAGEMENT_CLOTURE = "J’ai lu cette évaluation finale, je la signe et je clos l’entente."
_PAGES = {Sorte.MI_TEMPS: "mi_temps", Sorte.FINAL: "finale"}
_GABARITS = {Sorte.MI_TEMPS: "mentorat/mi_temps.html", Sorte.FINAL: "mentorat/finale.html"}
_GABARITS_DE_LECTURE = {Sorte.MI_TEMPS: "mentorat/mi_temps_lecture.html", Sorte.FINAL: "mentorat/finale_lecture.html"}
_SUITES = {Sorte.MI_TEMPS: "confirmer_mi_temps", Sorte.FINAL: "signer_finale"}
_ETATS_SIGNES = (EtatEntente.A_CLORE, EtatEntente.CLOSE)


def _bilan(entente, sorte):
    """Rend le bilan de l’entente, ou un bilan vide, pas encore gardé, s’il n’est pas commencé."""
    bilan = Bilan.objects.select_related("instantane").filter(entente=entente, sorte=sorte).first()
    bilan = bilan or Bilan(sorte=sorte)
    bilan.entente = entente
    return bilan


@require_http_methods(["GET", "POST"])
def mi_temps(request, uuid):
    """Le bilan de mi-temps : à remplir par la dyade, à lire une fois confirmé par les deux."""
    return _page(request, uuid, Sorte.MI_TEMPS)


@require_http_methods(["GET", "POST"])
def finale(request, uuid):
    """L’évaluation finale : à remplir par la dyade, à lire par le gestionnaire une fois signée des deux."""
    return _page(request, uuid, Sorte.FINAL)


def _page(request, uuid, sorte):
    entente = DROITS_ENTENTE.trouver(request.user, uuid=uuid)
    nom = _PAGES[sorte]
    if request.method == "POST":
        DROITS_ENTENTE.exiger(request.user, f"ecrire_{nom}", entente)
        return _enregistrer(request, _bilan(entente, sorte))
    role = DROITS_ENTENTE.exiger(request.user, f"voir_{nom}", entente)
    consigner_lecture(entente, par=request.user, titre=role.libelle, quoi=nom)
    bilan = _bilan(entente, sorte)
    if actions.est_ouvert(bilan) and DROITS_ENTENTE.peut(request.user, f"ecrire_{nom}", entente):
        return _formulaire(request, bilan, BilanForm(bilan=bilan))
    return render(request, _GABARITS_DE_LECTURE[sorte], _lecture(bilan, role))


def _lecture(bilan, role):
    """Un bilan se lit fini : le gestionnaire ne voit pas ce que la dyade est en train d’écrire."""
    entente = bilan.entente
    fini = bilan.est_confirme if bilan.sorte == Sorte.MI_TEMPS else entente.etat in _ETATS_SIGNES
    commence = bilan.pk is not None
    lisible = commence and (fini or role in DYADE)
    return {
        "entente": entente,
        "bilan": bilan,
        "commence": commence,
        "contenu": _contenu(bilan) if lisible else None,
        "signatures": _signatures(bilan) if lisible else (),
        "document": getattr(bilan.instantane, "document", None) if lisible and bilan.instantane else None,
    }


def _contenu(bilan):
    return bilan.instantane.donnees if bilan.instantane else bilan.contenu()


def _signatures(bilan):
    return list(bilan.instantane.signatures.select_related("au_nom_de")) if bilan.instantane else []


def _formulaire(request, bilan, form, *, conflits=(), refus=(), statut=200):
    entente = bilan.entente
    nom = _PAGES[bilan.sorte]
    contexte = {
        "entente": entente,
        "bilan": bilan,
        "form": form,
        "rangees": form.rangees(),
        "conflits": conflits,
        "refus": refus,
        "rencontres": entente.rencontres.bilan(),
        "adresse_brouillon": reverse(f"mentorat:entente_{nom}_brouillon", args=[entente.uuid]),
        "autre": entente.mentore if request.user.pk == entente.mentor_id else entente.mentor,
    }
    return render(request, _GABARITS[bilan.sorte], contexte, status=statut)


def _enregistrer(request, bilan):
    """Garde tout ce qui est lisible ; ce qui est refusé ou contredit reste à l’écran tel que tapé."""
    form = BilanForm(request.POST, bilan=bilan)
    form.is_valid()
    entente, nom = bilan.entente, _PAGES[bilan.sorte]
    try:
        conflits = _ecrire(request, bilan, form)
    except ErreurMetier as erreur:
        return _formulaire(request, bilan, form, refus=[erreur], statut=409)
    if form.errors or conflits:
        bilan = _bilan(entente, bilan.sorte)
        statut = 409 if conflits else 200
        return _formulaire(request, bilan, form.a_reprendre(bilan, conflits), conflits=conflits, statut=statut)
    if request.POST.get("geste") == "suite":
        return redirect(f"mentorat:entente_{_SUITES[bilan.sorte]}", entente.uuid)
    messages.success(request, "Le bilan est enregistré.")
    return redirect(f"mentorat:entente_{nom}", entente.uuid)


def _ecrire(request, bilan, form):
    return actions.ecrire_bilan(
        bilan.entente,
        bilan.sorte,
        par=request.user,
        saisi=form.cleaned_data,
        temoins=temoins_de(request.POST),
        libelles=form.libelles,
    )


@require_POST
def mi_temps_brouillon(request, uuid):
    return _brouillon(request, uuid, Sorte.MI_TEMPS)


@require_POST
def finale_brouillon(request, uuid):
    return _brouillon(request, uuid, Sorte.FINAL)


def _brouillon(request, uuid, sorte):
    """Enregistre pendant la frappe ; répond en JSON à brouillon.js, y compris quand une règle refuse."""
    entente = DROITS_ENTENTE.trouver(request.user, uuid=uuid)
    DROITS_ENTENTE.exiger(request.user, f"ecrire_{_PAGES[sorte]}", entente)
    bilan = _bilan(entente, sorte)
    form = BilanForm(request.POST, bilan=bilan)
    return repondre_au_brouillon(
        form, lambda: (_ecrire(request, bilan, form), actions.valeurs_bilan(_bilan(entente, sorte)))
    )


# — Confirmer, entamer, signer, renvoyer, clore


@require_http_methods(["GET", "POST"])
def confirmer_mi_temps(request, uuid):
    """On confirme la version qu’on a sous les yeux ; si elle a changé entre-temps, on la relit d’abord (Q-12)."""
    entente = DROITS_ENTENTE.trouver(request.user, uuid=uuid)
    role = DROITS_ENTENTE.exiger(request.user, "confirmer_mi_temps", entente)
    consigner_lecture(entente, par=request.user, titre=role.libelle, quoi="mi_temps")
    bilan = _bilan(entente, Sorte.MI_TEMPS)
    return page_du_verbe(
        request,
        entente,
        ENTENTE["confirmer_mi_temps"],
        form_class=ConfirmerMiTempsForm,
        agir=lambda **saisi: actions.confirmer_mi_temps(entente, par=request.user, **saisi),
        succes="Vous avez confirmé le bilan de mi-temps.",
        retour=entente,
        gabarit="mentorat/mi_temps_confirmer.html",
        contexte={**_lecture(bilan, role), "version": bilan.version},
    )


@require_http_methods(["GET", "POST"])
def entamer_finale(request, uuid):
    entente = DROITS_ENTENTE.trouver(request.user, uuid=uuid)
    return page_du_verbe(
        request,
        entente,
        ENTENTE["entamer_finale"],
        agir=lambda **saisi: actions.entamer_finale(entente, par=request.user),
        succes="L’évaluation finale est ouverte\xa0: remplissez-la à deux.",
        retour=reverse("mentorat:entente_finale", args=[entente.uuid]),
        gabarit="mentorat/finale_entamer.html",
        contexte={"entente": entente},
    )


@require_http_methods(["GET", "POST"])
def signer_finale(request, uuid):
    """Le contenu à signer en entier, l’engagement, l’identité."""
    entente = DROITS_ENTENTE.trouver(request.user, uuid=uuid)
    role = DROITS_ENTENTE.exiger(request.user, "signer_finale", entente)
    consigner_lecture(entente, par=request.user, titre=role.libelle, quoi="finale")
    contenu, empreinte = actions.contenu_a_signer(entente)
    return page_du_verbe(
        request,
        entente,
        ENTENTE["signer_finale"],
        agir=lambda **saisi: actions.signer_finale(entente, par=request.user, **saisi),
        succes="Votre signature est posée.",
        retour=entente,
        gabarit="mentorat/finale_signer.html",
        contexte={"entente": entente, "contenu": contenu, "signatures": _signatures(_bilan(entente, Sorte.FINAL))},
        engagement=ENGAGEMENT_FINALE,
        empreinte=empreinte,
    )


@require_http_methods(["GET", "POST"])
def renvoyer_finale(request, uuid):
    entente = DROITS_ENTENTE.trouver(request.user, uuid=uuid)
    return page_du_verbe(
        request,
        entente,
        ENTENTE["renvoyer_finale"],
        agir=lambda **saisi: actions.renvoyer_finale(entente, par=request.user, **saisi),
        succes="L’évaluation est renvoyée au mentor et au mentoré, avec votre commentaire.",
        retour=entente,
    )


@require_http_methods(["GET", "POST"])
def clore(request, uuid):
    """L’essentiel d’un coup d’œil, l’évaluation entière, la signature du gestionnaire (R-055, R-342)."""
    entente = DROITS_ENTENTE.trouver(request.user, uuid=uuid)
    role = DROITS_ENTENTE.exiger(request.user, "clore", entente)
    consigner_lecture(entente, par=request.user, titre=role.libelle, quoi="finale")
    bilan = _bilan(entente, Sorte.FINAL)
    instantane = bilan.instantane if entente.etat in _ETATS_SIGNES else None
    contenu = instantane.donnees if instantane else None
    return page_du_verbe(
        request,
        entente,
        ENTENTE["clore"],
        agir=lambda **saisi: actions.clore_entente(entente, par=request.user, **saisi),
        succes="L’entente est close. Copie de l’évaluation finale est transmise à la DSM.",
        retour=entente,
        gabarit="mentorat/finale_clore.html",
        contexte={
            "entente": entente,
            "contenu": contenu,
            "comptes": _comptes(contenu),
            "signatures": _signatures(bilan) if contenu else [],
        },
        engagement=ENGAGEMENT_CLOTURE,
        empreinte=instantane.empreinte if instantane else "",
    )


def _comptes(contenu):
    """Rend, en (couleur, objectifs, activités), ce que le gestionnaire veut savoir d’un coup d’œil."""
    if contenu is None:
        return []
    objectifs = Counter(objectif["etat"] for objectif in contenu["objectifs"])
    activites = Counter(activite["etat"] for objectif in contenu["objectifs"] for activite in objectif["activites"])
    return [(couleur, objectifs[couleur], activites[couleur]) for couleur in ("vert", "jaune", "rouge")]
