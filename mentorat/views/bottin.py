"""Le bottin des mentors et la fiche de chacun : chercher, se porter candidat, recommander, inscrire (R-080)."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, Q
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from encadrement.personnes.models import Personne, TitreEmploi, sans_accents
from encadrement.socle.erreurs import ErreurMetier
from encadrement.trajectoire.views import vue_du_verbe
from mentorat.actions import bottin as actions
from mentorat.droits import DROITS_FICHE
from mentorat.forms.bottin import (
    FicheForm,
    FiltreBottin,
    FormationForm,
    PauseForm,
    RecommandationForm,
    RetraitForm,
)
from mentorat.models import Caracteristique, Competence, EtatFiche, FicheMentor, Qualite
from mentorat.trajectoire import FICHE

PAR_PAGE = 20


def _avec_poste(fiches):
    return fiches.select_related(
        "personne__titre_emploi", "personne__installation", "personne__service__direction"
    ).prefetch_related("competences")


@require_GET
def bottin(request):
    """Le bottin, ouvert à tous : chaque filtre est dans l’adresse (R-080)."""
    publiees = FicheMentor.objects.filter(etat__in=actions.INSCRITES, personne__is_active=True)
    disciplines = publiees.values_list("personne__titre_emploi__discipline", flat=True).distinct().order_by()
    filtre = FiltreBottin(request.GET, disciplines=disciplines)
    filtre.is_valid()
    # L’ordre est redit : un décompte par ligne fait oublier celui du modèle.
    fiches = _avec_poste(publiees.avec_charge()).order_by("personne__nom", "personne__prenom", "pk")
    page = Paginator(_filtrer(fiches, filtre.cleaned_data), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {"page": page, "filtre": filtre, "a_traiter": _a_traiter(request.user).count()}
    return render(request, "mentorat/bottin.html", contexte)


def _filtrer(fiches, choix):
    if choix.get("discipline"):
        fiches = fiches.filter(personne__titre_emploi__discipline=choix["discipline"])
    if choix.get("competence"):
        fiches = fiches.filter(pk__in=choix["competence"].fiches.values("pk"))
    if choix.get("rls"):
        fiches = fiches.filter(personne__installation__rls=choix["rls"])
    if choix.get("a_distance"):
        fiches = fiches.filter(a_distance=True)
    if choix.get("disponibilite") == "libre":
        fiches = fiches.filter(etat=EtatFiche.ACTIVE, charge__lt=F("capacite"))
    elif choix.get("disponibilite") == "en_pause":
        fiches = fiches.filter(etat=EtatFiche.EN_PAUSE)
    return _chercher(fiches, sans_accents(choix.get("q") or "").split())


def _chercher(fiches, mots):
    """Chaque mot se trouve dans le nom, la discipline ou une compétence, quels que soient les accents."""
    if not mots:
        return fiches
    # Deux petites listes, lues une fois : la base ne sait pas comparer sans accents.
    titres = [(titre.pk, sans_accents(f"{titre.libelle} {titre.discipline}")) for titre in TitreEmploi.objects.all()]
    competences = [(competence.pk, sans_accents(competence.libelle)) for competence in Competence.objects.all()]
    for mot in mots:
        de_la_discipline = [pk for pk, cle in titres if mot in cle]
        competentes = FicheMentor.objects.filter(competences__in=[pk for pk, cle in competences if mot in cle])
        fiches = fiches.filter(
            Q(personne__cle_recherche__contains=mot)
            | Q(personne__titre_emploi__in=de_la_discipline)
            | Q(pk__in=competentes.values("pk"))
        )
    return fiches


@require_GET
def candidatures(request):
    """Ce que la personne a à recommander ou à inscrire, et ce qui attend quelqu’un d’autre."""
    a_traiter = _a_traiter(request.user)
    ailleurs = DROITS_FICHE.objets(request.user, "voir_candidature").filter(
        etat__in=(EtatFiche.CANDIDATURE, EtatFiche.RECOMMANDEE)
    )
    contexte = {
        "a_traiter": _avec_poste(a_traiter.order_by("depuis")).select_related("personne__superieur"),
        "ailleurs": _avec_poste(ailleurs.exclude(pk__in=a_traiter.values("pk")))
        .exclude(personne=request.user)
        .select_related("personne__superieur"),
    }
    return render(request, "mentorat/candidatures.html", contexte)


def _a_traiter(personne):
    a_recommander = DROITS_FICHE.objets(personne, "recommander").filter(etat=EtatFiche.CANDIDATURE)
    return a_recommander | DROITS_FICHE.objets(personne, "inscrire").filter(etat=EtatFiche.RECOMMANDEE)


@require_http_methods(["GET", "POST"])
def ma_fiche(request):
    """Devenir mentor : ce que cela demande, puis ma fiche, ouverte par un geste et non par une visite."""
    if request.method == "POST":
        fiche = actions.ouvrir_fiche(par=request.user)
    else:
        fiche = FicheMentor.objects.filter(personne=request.user).first()
    if fiche is None:
        contexte = {"caracteristiques": Caracteristique.labels, "qualites": Qualite.labels}
        return render(request, "mentorat/ma_fiche.html", contexte)
    return redirect("mentorat:fiche_modifier" if fiche.etat == EtatFiche.BROUILLON else "mentorat:fiche", fiche.uuid)


@require_GET
def fiche(request, uuid):
    """La fiche d’un mentor : ce que chacun peut en lire, la candidature pour qui la traite."""
    fiche = DROITS_FICHE.trouver(request.user, uuid=uuid)
    fiche.personne = Personne.objects.avec_poste().select_related("superieur").get(pk=fiche.personne_id)
    fiche.charge = FicheMentor.objects.avec_charge().get(pk=fiche.pk).charge
    contexte = {
        "fiche": fiche,
        "candidature": DROITS_FICHE.peut(request.user, "voir_candidature", fiche),
        "modifiable": fiche.etat in actions.MODIFIABLES and DROITS_FICHE.peut(request.user, "modifier", fiche),
        "est_inscrite": fiche.etat in actions.INSCRITES,
        "caracteristiques": _cochees(Caracteristique, fiche.caracteristiques),
        "qualites": _cochees(Qualite, fiche.qualites),
    }
    return render(request, "mentorat/fiche.html", contexte)


def _cochees(choix, codes):
    return [(libelle, code in codes) for code, libelle in choix.choices]


@require_http_methods(["GET", "POST"])
def modifier(request, uuid):
    """Écrire sa fiche : l’autoréflexion, les critères de l’annexe 5, ce qui aide au jumelage (R-435, R-436)."""
    fiche = DROITS_FICHE.trouver(request.user, uuid=uuid)
    DROITS_FICHE.exiger(request.user, "modifier", fiche)
    if request.method == "GET" and (raison := actions.pourquoi_non_modifiable(fiche)):
        messages.info(request, raison)
        return redirect(fiche)
    form = FicheForm(request.POST if request.method == "POST" else None, fiche=fiche)
    refus = []
    if form.is_valid():
        try:
            actions.ecrire_fiche(fiche, par=request.user, **form.cleaned_data)
        except ErreurMetier as erreur:
            refus = [erreur]
        else:
            messages.success(request, "Votre fiche est enregistrée.")
            return redirect(
                "mentorat:fiche_soumettre" if request.POST.get("suite") == "soumettre" else "mentorat:fiche", fiche.uuid
            )
    contexte = {"fiche": fiche, "form": form, "refus": refus, "est_brouillon": fiche.etat == EtatFiche.BROUILLON}
    return render(request, "mentorat/fiche_modifier.html", contexte, status=409 if refus else 200)


_verbe = partial(vue_du_verbe, DROITS_FICHE, FICHE)

soumettre = _verbe(
    "soumettre",
    actions.soumettre_candidature,
    "Votre candidature est chez votre gestionnaire, qui la recommandera.",
    gabarit="mentorat/fiche_soumettre.html",
)
recommander = _verbe(
    "recommander",
    actions.recommander_mentor,
    "La candidature est recommandée\u00a0: la DSM peut l’inscrire.",
    form_class=RecommandationForm,
    gabarit="mentorat/fiche_recommander.html",
)
decliner = _verbe("decliner", actions.decliner_candidature, "La personne lira votre motif et pourra recommencer.")
inscrire = _verbe(
    "inscrire",
    actions.inscrire_mentor,
    "Le mentor est inscrit au bottin.",
    gabarit="mentorat/fiche_inscrire.html",
)
ecarter = _verbe("ecarter", actions.ecarter_candidature, "La personne lira votre motif et pourra recommencer.")
former = _verbe(
    "former", actions.consigner_formation, "La formation de mentor est consignée.", form_class=FormationForm
)
confirmer = _verbe("confirmer", actions.confirmer_inscription, "L’inscription au bottin est confirmée pour un an.")
mettre_en_pause = _verbe(
    "mettre_en_pause",
    actions.mettre_en_pause,
    "La fiche est en pause\u00a0: elle n’est plus proposée.",
    form_class=PauseForm,
    gabarit="mentorat/fiche_mettre_en_pause.html",
)
reprendre = _verbe("reprendre", actions.reprendre_mentorat, "Le mentor est de nouveau disponible.")
retirer = _verbe(
    "retirer",
    actions.retirer_du_bottin,
    "La fiche est retirée du bottin.",
    form_class=RetraitForm,
    gabarit="mentorat/fiche_retirer.html",
)
recommencer = _verbe("recommencer", actions.recommencer_candidature, "Vous pouvez reprendre votre candidature.")
