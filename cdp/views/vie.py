"""La vie entre les rencontres, entre membres seulement : outils, sujets, appels à tous (R-293, R-452, R-469, R-470)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cdp.actions import vie as actions
from cdp.droits import DROITS_APPEL, DROITS_COMMUNAUTE, DROITS_OUTIL, DROITS_REPONSE, DROITS_SUJET
from cdp.forms.vie import AppelForm, FiltreOutils, InscriptionForm, OutilForm, ReponseForm, RetraitForm, SujetForm
from cdp.models import RoleCdp, Vote
from encadrement.fichiers.views import servir
from encadrement.personnes.models import sans_accents
from encadrement.socle.erreurs import ErreurMetier
from encadrement.trajectoire.views import donnees, page_de_saisie

PAR_PAGE = 20


def _communaute(request, uuid):
    """Rend la communauté dont la personne est membre ; pour toute autre, ces pages n’existent pas."""
    return DROITS_COMMUNAUTE.trouver(request.user, "voir_vie", uuid=uuid)


def _page(request, publications):
    return Paginator(publications, PAR_PAGE).get_page(request.GET.get("page"))


def _contexte(request, communaute, **suite):
    return {"communaute": communaute, "anime": _anime(request.user, communaute), **suite}


def _anime(personne, communaute):
    return communaute.adhesions.actives().filter(personne=personne, role=RoleCdp.ANIMATEUR).exists()


def _retirees(personne, publications, anime):
    """Rend la trace des retraits : toutes pour l’animateur, les siennes pour l’auteur (N-10)."""
    retirees = publications.filter(retiree_le__isnull=False).select_related("auteur", "retiree_par")
    return retirees if anime else retirees.filter(auteur=personne)


# — Les outils


@require_GET
def outils(request, uuid):
    """La bibliothèque : chaque filtre est dans l’adresse (R-452)."""
    communaute = _communaute(request, uuid)
    filtre = FiltreOutils(request.GET)
    filtre.is_valid()
    trouves = _chercher(communaute.outils.visibles(), filtre.cleaned_data).select_related("auteur", "fichier")
    contexte = _contexte(request, communaute, filtre=filtre, page=_page(request, trouves))
    contexte["retirees"] = _retirees(request.user, communaute.outils, contexte["anime"])
    return render(request, "cdp/outils.html", contexte)


def _chercher(outils, choix):
    if choix.get("sorte"):
        outils = outils.filter(sorte=choix["sorte"])
    if mots := sans_accents(choix.get("q") or "").split():
        # La base ne sait pas comparer sans accents ; une bibliothèque de communauté se lit d’un coup.
        textes = {
            pk: sans_accents(f"{titre} {texte}")
            for pk, titre, texte in outils.values_list("pk", "titre", "description")
        }
        outils = outils.filter(pk__in=[pk for pk, texte in textes.items() if all(mot in texte for mot in mots)])
    return outils


@require_http_methods(["GET", "POST"])
def deposer_outil(request, uuid):
    """Ajouter un outil : un fichier examiné, ou un lien."""
    communaute = _communaute(request, uuid)
    form = OutilForm(donnees(request), request.FILES if request.method == "POST" else None)
    return page_de_saisie(
        request,
        "cdp/outil_deposer.html",
        form,
        agir=lambda: actions.deposer_outil(communaute, par=request.user, **form.outil),
        succes="L’outil est dans la bibliothèque.",
        retour=reverse("cdp:outils", args=[communaute.uuid]),
        contexte=lambda: {"communaute": communaute},
    )


@require_GET
def outil(request, uuid):
    """Un outil ; retiré, il ne laisse que sa trace."""
    outil = DROITS_OUTIL.trouver(request.user, uuid=uuid)
    contexte = _contexte(request, outil.communaute, outil=outil, retirable=_retirable(request, DROITS_OUTIL, outil))
    return render(request, "cdp/outil.html", contexte)


def _retirable(request, droits, publication):
    return publication.est_visible and droits.peut(request.user, "retirer", publication)


@require_GET
def fichier(request, uuid):
    """Remet le fichier d’un outil, en pièce jointe."""
    outil = DROITS_OUTIL.trouver(request.user, uuid=uuid)
    if outil.fichier is None or not outil.est_visible:
        raise Http404("Cet outil n’a pas de fichier à remettre.")
    try:
        return servir(outil.fichier, par=request.user)
    except ErreurMetier as refus:
        messages.error(request, str(refus))
        return redirect(outil)


# — Les sujets


@require_http_methods(["GET", "POST"])
def sujets(request, uuid):
    """La banque de sujets, les plus appuyés d’abord ; tout membre en propose (R-469)."""
    communaute = _communaute(request, uuid)
    form = SujetForm(donnees(request))
    return page_de_saisie(
        request,
        "cdp/sujets.html",
        form,
        agir=lambda: actions.proposer_sujet(communaute, par=request.user, **_sans_relu(form)),
        succes="Le sujet est à la banque, avec votre vote.",
        retour=reverse("cdp:sujets", args=[communaute.uuid]),
        contexte=lambda: _banque(request, communaute),
    )


def _sans_relu(form):
    """Rend ce qui est saisi, sans la case de relecture : elle ne se publie pas."""
    return {champ: valeur for champ, valeur in form.cleaned_data.items() if champ != "relu"}


def _banque(request, communaute):
    mon_vote = Vote.objects.filter(sujet=OuterRef("pk"), personne=request.user)
    visibles = (
        communaute.sujets.visibles()
        .par_votes()
        .annotate(j_appuie=Exists(mon_vote))
        .select_related("auteur", "traite_a__communaute")
    )
    tous = list(visibles)
    contexte = _contexte(request, communaute, sujets=[sujet for sujet in tous if not sujet.est_inscrit])
    contexte["inscrits"] = [sujet for sujet in tous if sujet.est_inscrit]
    contexte["a_des_rencontres"] = communaute.rencontres.a_venir().exists()
    contexte["retirees"] = _retirees(request.user, communaute.sujets, contexte["anime"])
    return contexte


@require_POST
def voter(request, uuid):
    """Appuyer un sujet, ou reprendre son vote."""
    sujet = DROITS_SUJET.trouver(request.user, uuid=uuid)
    try:
        actions.voter(sujet, par=request.user, appuie=request.POST.get("appuie") == "oui")
    except ErreurMetier as refus:
        messages.error(request, str(refus))
    return redirect(f"{sujet.get_absolute_url()}#sujet-{sujet.uuid}")


@require_http_methods(["GET", "POST"])
def inscrire_sujet(request, uuid):
    """Mettre un sujet à l’ordre du jour d’une rencontre à venir."""
    sujet = DROITS_SUJET.trouver(request.user, uuid=uuid)
    rencontres = sujet.communaute.rencontres.a_venir()
    form = InscriptionForm(donnees(request), rencontres=rencontres, initial={"rencontre": rencontres.first()})
    return page_de_saisie(
        request,
        "cdp/sujet_inscrire.html",
        form,
        agir=lambda: actions.mettre_a_l_ordre_du_jour(sujet, form.cleaned_data["rencontre"], par=request.user),
        succes="Le sujet est à l’ordre du jour.",
        retour=sujet.get_absolute_url(),
        contexte=lambda: {"communaute": sujet.communaute, "sujet": sujet, "a_des_rencontres": rencontres.exists()},
    )


# — Les appels à tous


@require_GET
def appels(request, uuid):
    """Les questions posées à toute la communauté, la plus récente d’abord (R-293)."""
    communaute = _communaute(request, uuid)
    lances = (
        communaute.appels.visibles()
        .annotate(nombre_de_reponses=Count("reponses", filter=Q(reponses__retiree_le__isnull=True)))
        .select_related("auteur")
        .order_by("-publiee_le", "-pk")
    )
    contexte = _contexte(request, communaute, page=_page(request, lances))
    contexte["retirees"] = _retirees(request.user, communaute.appels, contexte["anime"])
    return render(request, "cdp/appels.html", contexte)


@require_http_methods(["GET", "POST"])
def lancer_appel(request, uuid):
    """Poser une question à tous les membres."""
    communaute = _communaute(request, uuid)
    form = AppelForm(donnees(request))
    return page_de_saisie(
        request,
        "cdp/appel_lancer.html",
        form,
        agir=lambda: actions.lancer_appel(communaute, par=request.user, **_sans_relu(form)),
        succes="L’appel est lancé\xa0: chaque membre peut y répondre.",
        retour=reverse("cdp:appels", args=[communaute.uuid]),
        contexte=lambda: {"communaute": communaute},
    )


@require_http_methods(["GET", "POST"])
def appel(request, uuid):
    """Un appel et ses réponses ; tout membre répond, un appel retiré ne montre que sa trace."""
    appel = DROITS_APPEL.trouver(request.user, uuid=uuid)
    form = ReponseForm(donnees(request))
    return page_de_saisie(
        request,
        "cdp/appel.html",
        form,
        agir=lambda: actions.repondre_a_l_appel(appel, par=request.user, **_sans_relu(form)),
        succes="Votre réponse est publiée.",
        retour=appel.get_absolute_url(),
        contexte=lambda: _fil(request, appel),
    )


def _fil(request, appel):
    reponses = appel.reponses.select_related("auteur", "retiree_par") if appel.est_visible else []
    return _contexte(
        request,
        appel.communaute,
        appel=appel,
        reponses=reponses,
        retirable=_retirable(request, DROITS_APPEL, appel),
    )


# — Retirer, avec un motif et une trace (N-10)


def _retrait(droits, quoi, retour):
    """Rend la vue qui retire une publication : l’auteur ou l’animateur, avec un motif."""

    @require_http_methods(["GET", "POST"])
    def retirer(request, uuid):
        publication = droits.trouver(request.user, uuid=uuid)
        droits.exiger(request.user, "retirer", publication)
        if request.method == "GET" and not publication.est_visible:
            messages.info(request, "C’est déjà retiré.")
            return redirect(retour(publication))
        form = RetraitForm(donnees(request))
        return page_de_saisie(
            request,
            "cdp/retirer.html",
            form,
            agir=lambda: actions.retirer_publication(publication, par=request.user, **form.cleaned_data),
            succes="C’est retiré\xa0: il n’en reste que la trace.",
            retour=retour(publication),
            contexte=lambda: {
                "communaute": publication.communaute,
                "publication": publication,
                "quoi": quoi,
                "textes": _textes(publication),
                "retour": retour(publication),
                "est_la_mienne": publication.auteur_id == request.user.pk,
            },
        )

    return retirer


def _textes(publication):
    """Rend ce qui a été publié, pour savoir ce que l’on retire."""
    return [texte for champ in ("titre", "description", "texte") if (texte := getattr(publication, champ, ""))]


def _liste(nom):
    return lambda publication: reverse(f"cdp:{nom}", args=[publication.communaute.uuid])


retirer_outil = _retrait(DROITS_OUTIL, "cet outil", _liste("outils"))
retirer_sujet = _retrait(DROITS_SUJET, "ce sujet", _liste("sujets"))
retirer_appel = _retrait(DROITS_APPEL, "cet appel", _liste("appels"))
retirer_reponse = _retrait(DROITS_REPONSE, "cette réponse", lambda reponse: reponse.get_absolute_url())
