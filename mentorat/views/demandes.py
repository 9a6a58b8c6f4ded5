"""La demande de mentorat, du besoin à la décision du gestionnaire (R-044 à R-047, R-068, R-085)."""

from functools import partial
from types import SimpleNamespace

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from encadrement.acces.matrice import AccesRefuse
from encadrement.personnes.models import Personne, sans_accents
from encadrement.socle.erreurs import ErreurMetier
from encadrement.trajectoire.views import vue_du_verbe
from mentorat.actions import demandes as actions
from mentorat.droits import DROITS_DEMANDE, DROITS_ENTENTE
from mentorat.forms.demandes import DemandeForm, DesignationForm, FiltreDemandes
from mentorat.models import DemandeMentorat, EtatDemande, FicheMentor, Jumelage
from mentorat.trajectoire import DEMANDE

PAR_PAGE = 25
EN_COURS = (EtatDemande.SOUMISE, EtatDemande.ACCEPTEE, EtatDemande.PROPOSEE)


@require_GET
def liste(request):
    """Les demandes que la personne peut voir : les siennes, celles de ses gens, ou toutes pour la DSM."""
    filtre = FiltreDemandes(request.GET)
    filtre.is_valid()
    proposes = Jumelage.objects.filter(actif=True).select_related("mentor")
    demandes = (
        DROITS_DEMANDE.objets(request.user)
        .select_related("mentore__service")
        .prefetch_related(Prefetch("jumelages", queryset=proposes, to_attr="proposes"))
    )
    if filtre.cleaned_data.get("etat"):
        demandes = demandes.filter(etat=filtre.cleaned_data["etat"])
    for mot in sans_accents(filtre.cleaned_data.get("q") or "").split():
        demandes = demandes.filter(mentore__cle_recherche__contains=mot)
    page = Paginator(demandes, PAR_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "mentorat/demandes.html", {"page": page, "filtre": filtre, "a_une_equipe": _equipe(request).exists()}
    )


def _equipe(request):
    """Rend les personnes pour qui celle-ci peut désigner un besoin : ses gens et ceux de qui lui délègue."""
    return (
        Personne.objects.actives().filter(superieur__in=sorted(request.user.represente_ids)).exclude(pk=request.user.pk)
    )


@require_POST
def ouvrir(request):
    """Commence une demande, ou mène à celle qui est déjà en cours (R-048)."""
    en_cours = DemandeMentorat.objects.filter(mentore=request.user, etat__in=EN_COURS).first()
    if en_cours:
        messages.info(request, "Vous avez déjà une demande en cours\u00a0: la voici.")
        return redirect(en_cours)
    demande = actions.ouvrir_demande(par=request.user)
    return redirect("mentorat:demande_modifier", demande.uuid)


@require_http_methods(["GET", "POST"])
def designer(request):
    """Le gestionnaire désigne un besoin pour une personne de son équipe (R-046, R-085)."""
    equipe = _equipe(request)
    if not equipe.exists():
        raise AccesRefuse(
            "Désigner un besoin de mentorat revient au supérieur immédiat d’une équipe.",
            acte="mentorat.demandementorat.designer",
        )
    form = DesignationForm(request.POST if request.method == "POST" else None, equipe=equipe)
    refus = []
    if form.is_valid():
        saisi = dict(form.cleaned_data)
        try:
            demande = actions.designer_besoin(saisi.pop("mentore"), par=request.user, **saisi)
        except ErreurMetier as erreur:
            refus = [erreur]
        else:
            messages.success(request, "Le besoin est désigné\u00a0: il reste à proposer un mentor.")
            return redirect(demande)
    contexte = {"form": form, "refus": refus}
    return render(request, "mentorat/demande_designer.html", contexte, status=409 if refus else 200)


@require_GET
def voir(request, uuid):
    """Le dossier d’une demande : où elle en est, ce qu’elle dit, le jumelage proposé et ce que l’on peut y faire."""
    demande = DROITS_DEMANDE.trouver(request.user, uuid=uuid)
    demande.mentore = Personne.objects.avec_poste().select_related("superieur").get(pk=demande.mentore_id)
    jumelage = demande.jumelage
    contexte = {
        "demande": demande,
        "competences": demande.competences.all(),
        "jumelage": jumelage,
        "fiche": presentation_du_mentor(jumelage),
        "j_ai_accepte": bool(jumelage and jumelage.a_repondu(request.user)),
        "suis_partie": bool(jumelage and request.user.pk in (jumelage.mentor_id, demande.mentore_id)),
        "modifiable": demande.etat == EtatDemande.BROUILLON and DROITS_DEMANDE.peut(request.user, "modifier", demande),
        "entente": _entente_lisible(request.user, demande),
        "passages": _passages(demande),
    }
    return render(request, "mentorat/demande.html", contexte)


def presentation_du_mentor(jumelage):
    """Rend la fiche du mentor pressenti, avec son poste et ses compétences, ou None."""
    if jumelage is None:
        return None
    return (
        FicheMentor.objects.select_related(
            "personne__titre_emploi", "personne__service__direction", "personne__installation"
        )
        .filter(personne=jumelage.mentor_id)
        .first()
    )


def _entente_lisible(personne, demande):
    entente = getattr(demande, "entente", None)
    return entente if entente and DROITS_ENTENTE.peut(personne, "voir", entente) else None


def _passages(demande):
    """Rend l’histoire de la demande, sans dire qui, du mentor ou du mentoré, a trouvé que cela ne convenait pas.

    R-439 : on le dit sans gêne ; le journal garde le nom, la page non.
    """
    libelles = dict(EtatDemande.choices)
    lignes = []
    for passage in demande.passages.select_related("par", "au_nom_de").order_by("-id"):
        ligne = {"passage": passage, "de": libelles[passage.de], "vers": libelles[passage.vers]}
        if passage.transition == "decliner_jumelage":
            ligne["passage"] = SimpleNamespace(
                quand=passage.quand, par="Ce jumelage ne convenait pas", titre="", au_nom_de=None, texte=""
            )
        lignes.append(ligne)
    return lignes


@require_http_methods(["GET", "POST"])
def modifier(request, uuid):
    """Dire son besoin (annexe 4) et ce qui aidera à trouver le bon mentor (R-328, R-436)."""
    demande = DROITS_DEMANDE.trouver(request.user, uuid=uuid)
    DROITS_DEMANDE.exiger(request.user, "modifier", demande)
    if request.method == "GET" and demande.etat != EtatDemande.BROUILLON:
        messages.info(request, "Cette demande est déjà soumise\u00a0: elle ne se modifie plus.")
        return redirect(demande)
    form = DemandeForm(request.POST if request.method == "POST" else None, demande=demande)
    refus = []
    if form.is_valid():
        try:
            actions.ecrire_demande(demande, par=request.user, **form.cleaned_data)
        except ErreurMetier as erreur:
            refus = [erreur]
        else:
            messages.success(request, "Votre demande est enregistrée.")
            suite = request.POST.get("suite") == "soumettre"
            return redirect("mentorat:demande_soumettre" if suite else "mentorat:demande", demande.uuid)
    contexte = {"demande": demande, "form": form, "refus": refus}
    return render(request, "mentorat/demande_modifier.html", contexte, status=409 if refus else 200)


_verbe = partial(
    vue_du_verbe, DROITS_DEMANDE, DEMANDE, contexte=lambda demande: {"competences": demande.competences.all()}
)

soumettre = _verbe(
    "soumettre",
    actions.soumettre_demande,
    "Votre demande est chez votre gestionnaire.",
    "mentorat/demande_soumettre.html",
)
accepter = _verbe(
    "accepter",
    actions.accepter_demande,
    "La demande est acceptée\u00a0: il reste à proposer un mentor.",
    "mentorat/demande_accepter.html",
)
refuser = _verbe(
    "refuser",
    actions.refuser_demande,
    "La demande est refusée; la personne lira votre motif.",
    "mentorat/demande_refuser.html",
)
retirer = _verbe("retirer", actions.retirer_demande, "La demande est retirée.", "mentorat/demande_retirer.html")
