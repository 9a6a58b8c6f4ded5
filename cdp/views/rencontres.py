"""Les rencontres d’une communauté : les voir, convoquer, inviter, répondre, déplacer (R-120, R-385, R-456)."""

from functools import partial

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cdp.actions import rencontres as actions
from cdp.actions.annonces import membres
from cdp.actions.ordre_du_jour import contenu_ordre_du_jour, horaire, points_numerotes, suivis_ouverts
from cdp.droits import DROITS_COMMUNAUTE, DROITS_RENCONTRE
from cdp.forms.rencontres import (
    ChercherPersonneForm,
    ChoisirPersonneForm,
    DeplacerForm,
    InviterExterneForm,
)
from cdp.models import A_VENIR, EtatRencontre, ParticipationCdp, PieceJointe, PointCdp
from cdp.trajectoire import RENCONTRE
from encadrement.documents.models import Document
from encadrement.personnes.models import Personne
from encadrement.rencontres.models import Reponse, Sorte
from encadrement.rencontres.serie import dire_jour
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import AnneeFinanciere, jour_local
from encadrement.trajectoire.views import page_du_verbe, vue_du_verbe

RESULTATS_MAXIMUM = 12


# — La liste


@require_GET
def liste(request, uuid):
    """À venir, puis l’année : date, mode, sujets et présences, de quoi exercer la vigie (R-120, R-160)."""
    communaute = DROITS_COMMUNAUTE.trouver(request.user, uuid=uuid)
    DROITS_COMMUNAUTE.exiger(request.user, "voir_rencontres", communaute)
    annees = _annees(communaute)
    annee = _annee_demandee(request, communaute, annees)
    a_venir = _avec_leurs_lignes(communaute.rencontres.a_venir(), request.user)
    de_l_annee = communaute.rencontres.de_l_annee(annee).exclude(etat__in=A_VENIR).order_by("-debut", "-id")
    passees = _avec_leurs_lignes(de_l_annee, request.user)
    contexte = {
        "communaute": communaute,
        "annees": annees,
        "annee": annee,
        "a_venir": a_venir,
        "passees": passees,
        "vigie": _vigie(communaute, annee, a_venir, passees),
        "permis": DROITS_COMMUNAUTE.permis(request.user, communaute),
        "maintenant": timezone.now(),
    }
    return render(request, "cdp/rencontres.html", contexte)


def _annees(communaute):
    """Rend les années financières qui ont une rencontre, et celle-ci, de la plus récente à la plus ancienne."""
    debuts = communaute.rencontres.values_list("debut", flat=True)
    trouvees = {communaute.annee, *(AnneeFinanciere.du(jour_local(debut)) for debut in debuts)}
    return sorted(trouvees, key=lambda annee: annee.debut_annee, reverse=True)


def _annee_demandee(request, communaute, annees):
    demandee = request.GET.get("annee")
    return next((annee for annee in annees if str(annee.debut_annee) == demandee), communaute.annee)


def _avec_leurs_lignes(rencontres, personne):
    """Rend les rencontres avec leurs sujets, leur compte de présences et la ligne de la personne."""
    autres = PointCdp.objects.filter(sorte=Sorte.AUTRE).order_by("rang", "pk")
    rendues = list(rencontres.prefetch_related(Prefetch("points", queryset=autres, to_attr="sujets"), "participations"))
    for rencontre in rendues:
        lignes = list(rencontre.participations.all())
        rencontre.presentes = sum(ligne.presente is True for ligne in lignes)
        rencontre.attendues = sum(ligne.reponse == Reponse.PRESENT for ligne in lignes)
        rencontre.convoquees = len(lignes)
        rencontre.ma_ligne = next((ligne for ligne in lignes if ligne.personne_id == personne.pk), None)
    return rendues


def _vigie(communaute, annee, a_venir, passees):
    plan = communaute.planannuels.filter(annee=annee.debut_annee).first()
    a_venir = [rencontre for rencontre in a_venir if AnneeFinanciere.du(rencontre.jour) == annee]
    tenues = [rencontre for rencontre in passees if rencontre.est_tenue]
    return {
        "tenues": len(tenues),
        "a_venir": len(a_venir),
        "prevues": plan.rencontres_prevues if plan else None,
        "en_personne": sum(rencontre.est_en_personne for rencontre in (*tenues, *a_venir)),
    }


# — La rencontre


@require_GET
def voir(request, uuid):
    """La rencontre : où elle en est, qui sera là, l’ordre du jour et ce qu’on peut y faire."""
    rencontre = DROITS_RENCONTRE.trouver(request.user, uuid=uuid)
    permis = DROITS_RENCONTRE.permis(request.user, rencontre)
    participations = list(rencontre.participations.select_related("personne"))
    contexte = {
        "rencontre": rencontre,
        "communaute": rencontre.communaute,
        "permis": permis,
        "participations": participations,
        "ma_ligne": next((ligne for ligne in participations if ligne.personne_id == request.user.pk), None),
        "reponses": _compter(participations),
        "a_venir": rencontre.etat in A_VENIR,
        "commencee": rencontre.debut <= timezone.now(),
        **lignes_de_l_ordre_du_jour(rencontre),
    }
    if "voir_ordre_du_jour" in permis:
        contexte |= {
            "suivis": list(suivis_ouverts(rencontre)) if "lire_suivis" in permis else [],
            "documents": _documents(rencontre, permis),
            "a_rediffuser": "convoquer" in permis and ordre_du_jour_a_change(rencontre),
        }
    return render(request, "cdp/rencontre.html", contexte)


def lignes_de_l_ordre_du_jour(rencontre):
    """Rend les lignes du tableau de l’annexe 9 (numéro, intitulé, pièces, heure) et l’horaire."""
    numerotes = points_numerotes(rencontre)
    heures = horaire(rencontre, [point for _, point in numerotes])
    precedente, suivante = rencontre.precedente(), rencontre.suivante()
    autres = [point.pk for _, point in numerotes if point.sorte == Sorte.AUTRE]
    pieces = {}
    for piece in PieceJointe.objects.filter(point__rencontre=rencontre).select_related("fichier"):
        pieces.setdefault(piece.point_id, []).append(piece)
    return {
        "lignes": [
            {
                "numero": numero,
                "point": point,
                "intitule": _intitule(point, precedente, suivante),
                "est_autre": point.pk in autres,
                "monte": point.pk in autres[1:],
                "descend": point.pk in autres[:-1],
                "pieces": pieces.get(point.pk, []),
                "debut": ligne.debut,
            }
            for (numero, point), ligne in zip(numerotes, heures.lignes, strict=True)
        ],
        "horaire": heures,
    }


def _intitule(point, precedente, suivante):
    """Rend l’intitulé d’un point, avec la date du compte rendu lu ou de la prochaine rencontre (R-395)."""
    if point.sorte == Sorte.SUIVI and precedente:
        return f"{point.intitule} (rencontre du {date_format(precedente.jour)})"
    if point.sorte == Sorte.PROCHAINE and suivante:
        return f"{point.intitule}\u00a0: {dire_jour(suivante.jour)}"
    return point.intitule


def ordre_du_jour_a_change(rencontre):
    """Dit si l’ordre du jour n’est plus celui qui est parti avec la convocation."""
    if rencontre.etat != EtatRencontre.CONVOQUEE or rencontre.ordre_du_jour_id is None:
        return False
    # Une autre rencontre a bougé, ou un suivi s’est clos : rien à annoncer pour celle-ci.
    ailleurs = ("precedente", "suivante", "suivis")
    parti, actuel = rencontre.ordre_du_jour.donnees, contenu_ordre_du_jour(rencontre)
    return any(parti.get(cle) != valeur for cle, valeur in actuel.items() if cle not in ailleurs)


def _compter(participations):
    return {reponse.value: sum(ligne.reponse == reponse for ligne in participations) for reponse in Reponse}


def _documents(rencontre, permis):
    lus = {rencontre.ordre_du_jour_id: "ordre du jour"} if "lire_suivis" in permis else {}
    if "lire_compte_rendu" in permis:
        lus[rencontre.compte_rendu_id] = "compte rendu"
    documents = Document.objects.filter(instantane__in=[pk for pk in lus if pk]).order_by("pk")
    return [{"document": document, "nom": lus[document.instantane_id]} for document in documents]


@require_POST
def repondre(request, uuid):
    """Dit en un clic si l’on sera là ; on peut changer d’avis jusqu’à la rencontre."""
    rencontre = DROITS_RENCONTRE.trouver(request.user, uuid=uuid)
    DROITS_RENCONTRE.exiger(request.user, "repondre", rencontre)
    presence = request.POST.get("presence")
    if presence not in {Reponse.PRESENT, Reponse.ABSENT}:
        return HttpResponseBadRequest("Réponse inconnue.")
    actions.repondre_a_la_convocation(rencontre, par=request.user, presence=presence)
    dit = "vous serez là" if presence == Reponse.PRESENT else "vous ne pourrez pas y être"
    messages.success(request, f"C’est noté\u00a0: {dit}.")
    return redirect(rencontre)


@require_http_methods(["GET", "POST"])
def inviter(request, uuid):
    """Invite quelqu’un de la maison, cherché par son nom, ou de l’extérieur (R-397, R-484)."""
    rencontre = DROITS_RENCONTRE.trouver(request.user, uuid=uuid)
    DROITS_RENCONTRE.exiger(request.user, "modifier", rencontre)
    externe = "nom_externe" in request.POST
    form = InviterExterneForm(request.POST if externe else None)
    refus, statut = [], 200
    if request.method == "POST" and (not externe or form.is_valid()):
        try:
            return _inviter(request, rencontre, form.cleaned_data if externe else {"personne": _choisie(request)})
        except ErreurMetier as erreur:
            refus, statut = [erreur], 409
    cherche = ChercherPersonneForm(request.GET)
    texte = cherche.cleaned_data["q"] if cherche.is_valid() else ""
    contexte = {
        "rencontre": rencontre,
        "communaute": rencontre.communaute,
        "form": form,
        "cherche": cherche,
        "texte": texte,
        "trouvees": _personnes(texte, rencontre),
        "refus": refus,
    }
    return render(request, "cdp/rencontre_inviter.html", contexte, status=statut)


def _inviter(request, rencontre, qui):
    participation = actions.inviter_a_la_rencontre(rencontre, par=request.user, **qui)
    messages.success(request, f"{participation.qui} est de la rencontre.")
    return redirect(rencontre)


def _choisie(request):
    choix = ChoisirPersonneForm(request.POST)
    if not choix.is_valid():
        raise ErreurMetier("Choisissez une personne dans la liste.")
    return choix.cleaned_data["personne"]


def _personnes(texte, rencontre):
    """Rend les premières personnes trouvées qui ne sont pas déjà de la rencontre."""
    if len(texte) < 2:
        return []
    deja = ParticipationCdp.objects.filter(rencontre=rencontre, personne__isnull=False).values("personne")
    trouvees = Personne.objects.actives().chercher(texte).exclude(pk__in=deja).avec_poste()
    return list(trouvees.order_by("nom", "prenom")[:RESULTATS_MAXIMUM])


@require_POST
def rediffuser(request, uuid):
    """Renvoie l’ordre du jour qui a changé depuis la convocation."""
    rencontre = DROITS_RENCONTRE.trouver(request.user, uuid=uuid)
    actions.rediffuser_ordre_du_jour(rencontre, par=request.user)
    messages.success(request, "Le nouvel ordre du jour est annoncé aux personnes convoquées.")
    return redirect(rencontre)


# — Les verbes de la trajectoire


def _a_convoquer(rencontre):
    return {
        "communaute": rencontre.communaute,
        "membres": membres(rencontre.communaute),
        "invites": list(rencontre.participations.filter(est_invite=True).select_related("personne")),
        **lignes_de_l_ordre_du_jour(rencontre),
    }


def _contexte(rencontre):
    return {"communaute": rencontre.communaute}


_verbe = partial(vue_du_verbe, DROITS_RENCONTRE, RENCONTRE)

convoquer = _verbe(
    "convoquer",
    actions.convoquer_rencontre,
    "Les membres sont convoqués\u00a0: la rencontre s’inscrit à leur agenda, et l’ordre du jour est en PDF.",
    "cdp/rencontre_convoquer.html",
    contexte=_a_convoquer,
)
annuler = _verbe(
    "annuler",
    actions.annuler_rencontre,
    "La rencontre est annulée.",
    "cdp/rencontre_annuler.html",
    contexte=_contexte,
)
tenir = _verbe(
    "tenir",
    actions.tenir_rencontre,
    "La rencontre a eu lieu\u00a0: notez les présences et écrivez son compte rendu.",
    "cdp/rencontre_tenir.html",
    contexte=_contexte,
)


@require_http_methods(["GET", "POST"])
def deplacer(request, uuid):
    """Changer la date, l’heure, le mode ou le lieu ; convoquée, la rencontre change dans les agendas (R-456)."""
    rencontre = DROITS_RENCONTRE.trouver(request.user, uuid=uuid)
    debut, fin = timezone.localtime(rencontre.debut), timezone.localtime(rencontre.fin)
    return page_du_verbe(
        request,
        rencontre,
        RENCONTRE["deplacer"],
        agir=lambda **saisi: actions.deplacer_rencontre(rencontre, par=request.user, **saisi),
        succes="La rencontre est changée.",
        form_class=DeplacerForm,
        gabarit="cdp/rencontre_deplacer.html",
        contexte=_contexte(rencontre),
        initial={
            "jour": debut.date(),
            "heure_debut": debut.time(),
            "heure_fin": fin.time(),
            "mode": rencontre.mode,
            "lieu": rencontre.lieu,
            "lien": rencontre.lien,
        },
    )
