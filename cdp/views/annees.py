"""Le plan d’action et le rapport annuels : les années d’une communauté, écrire, signer, approuver, lire."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from cdp.actions import annees as actions
from cdp.actions.contenus_annuels import contenu_a_signer
from cdp.droits import DROITS_COMMUNAUTE, DROITS_PLAN, DROITS_RAPPORT
from cdp.forms.annees import ApprobationRapportForm, PlanForm, RapportForm, RenvoiForm
from cdp.models import Atteinte, EtatAnnuel, PlanAnnuel, RapportAnnuel
from cdp.models.bilan import nombres
from cdp.trajectoire import PLAN, RAPPORT
from cdp.views.annees_redaction import page_de_redaction, page_du_brouillon, temps_prevu
from encadrement.signatures.models import empreinte_de
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import AnneeFinanciere, jour_local
from encadrement.trajectoire.views import vue_du_verbe

ENGAGEMENT_PLAN = (
    "Au nom de la communauté, je signe ce plan d’action. Il vise le développement de la pratique : il ne porte ni avis "
    "ni recommandation sur l’organisation ou la qualité des services, ce qui revient à un comité de pairs (annexe 3)."
)
ENGAGEMENT_RAPPORT = (
    "Au nom de la communauté, je signe ce rapport annuel. Il rend compte du développement de la pratique : il ne porte "
    "ni avis ni recommandation sur l’organisation ou la qualité des services, ce qui revient à un comité de pairs "
    "(annexe 3)."
)
ENGAGEMENT_PARRAIN_PLAN = (
    "J’ai lu ce plan d’action et je l’approuve à titre de gestionnaire parrain. Il vise le développement de la "
    "pratique, et non un avis sur l’organisation ou la qualité des services (annexe 3)."
)
ENGAGEMENT_PARRAIN_RAPPORT = (
    "J’ai lu ce rapport annuel et je l’approuve à titre de gestionnaire parrain. Il rend compte du développement de la "
    "pratique, et non d’un avis sur l’organisation ou la qualité des services (annexe 3)."
)


# — Les années d’une communauté


@require_GET
def liste(request, uuid):
    """Le plan et le rapport de chaque année financière : où ils en sont, ce qui manque, ce qu’on peut ouvrir."""
    communaute = DROITS_COMMUNAUTE.trouver(request.user, uuid=uuid)
    DROITS_COMMUNAUTE.exiger(request.user, "voir_annee", communaute)
    plans, rapports = (_par_annee(request.user, communaute, modele) for modele in (PlanAnnuel, RapportAnnuel))
    contexte = {
        "communaute": communaute,
        "peut_ecrire": DROITS_COMMUNAUTE.peut(request.user, "ecrire_annee", communaute),
        "annees": [
            _ligne_de_l_annee(communaute, annee, plans.get(annee), rapports.get(annee))
            for annee in sorted({*_exercices(communaute), *plans, *rapports}, reverse=True)
        ],
    }
    return render(request, "cdp/annees.html", contexte)


def _par_annee(personne, communaute, modele):
    """Rend {année: document}, chacun sachant si la personne peut le lire."""
    lisibles = set(actions.DROITS[modele].objets(personne).filter(communaute=communaute).values_list("pk", flat=True))
    documents = modele.objects.filter(communaute=communaute).select_related("instantane__document")
    trouves = {}
    for document in documents:
        document.est_lisible = document.pk in lisibles
        trouves[document.annee] = document
    return trouves


def _exercices(communaute):
    """Rend les années de la communauté, de la première à l’année courante, et la suivante quand on la prépare."""
    jour = jour_local()
    courante = AnneeFinanciere.du(jour).debut_annee
    premiere = AnneeFinanciere.du(communaute.agreee_le or jour).debut_annee
    se_prepare = jour.year > courante  # de janvier à mars
    return range(premiere, courante + 1 + se_prepare)


def _ligne_de_l_annee(communaute, annee, plan, rapport):
    exercice, jour = AnneeFinanciere(annee), jour_local()
    plan_approuve = plan is not None and plan.etat == EtatAnnuel.APPROUVE
    return {
        "annee": exercice,
        "est_courante": exercice == AnneeFinanciere.du(jour),
        "est_finie": exercice.fin < jour,
        "est_a_venir": exercice.debut > jour,
        "plan": plan,
        "plan_ouvrable": plan is None and annee in actions.annees_permises(communaute, PlanAnnuel),
        "rapport": rapport,
        "rapport_ouvrable": rapport is None
        and plan_approuve
        and annee in actions.annees_permises(communaute, RapportAnnuel),
    }


def _ouvrir(modele, agir):
    @require_POST
    def ouvrir(request, uuid, annee):
        communaute = DROITS_COMMUNAUTE.trouver(request.user, uuid=uuid)
        DROITS_COMMUNAUTE.exiger(request.user, "ecrire_annee", communaute)
        if not 2000 <= annee <= 2100:
            raise Http404
        nom = actions.NATURES[modele]
        # Le second clic d’un double clic mène au document que le premier vient d’ouvrir.
        document = modele.objects.filter(communaute=communaute, annee=annee).first()
        if document is None:
            try:
                document = agir(communaute, annee, par=request.user)
            except ErreurMetier as erreur:
                messages.error(request, erreur.message)
                return redirect("cdp:communaute_annees", uuid=communaute.uuid)
        return redirect(f"cdp:{nom}_modifier", uuid=document.uuid)

    return ouvrir


ouvrir_plan = _ouvrir(PlanAnnuel, actions.ouvrir_plan)
ouvrir_rapport = _ouvrir(RapportAnnuel, actions.ouvrir_rapport)


# — Écrire

modifier_plan = page_de_redaction(PlanAnnuel, PlanForm)
brouillon_plan = page_du_brouillon(PlanAnnuel, PlanForm)
modifier_rapport = page_de_redaction(RapportAnnuel, RapportForm)
brouillon_rapport = page_du_brouillon(RapportAnnuel, RapportForm)


# — Lire


def _contexte(document):
    """Rend ce que montrent la lecture, la signature et l’approbation."""
    contenu = contenu_a_signer(document)
    contexte = {
        "document": document,
        "communaute": document.communaute,
        "contenu": contenu,
        "signatures": _signatures(document),
        "url_modifier": reverse(f"cdp:{actions.NATURES[type(document)]}_modifier", args=[document.uuid]),
    }
    if isinstance(document, PlanAnnuel):
        return contexte | {"temps": temps_prevu(document)}
    return contexte | {
        "nombres": _nombres(document, contenu),
        "atteints": sum(ligne["atteinte"] == Atteinte.ATTEINT.label for ligne in contenu["lignes"]),
    }


def _signatures(document):
    """Rend les signatures du contenu soumis ; en rédaction, il n’y en a pas encore."""
    if document.est_modifiable or document.instantane_id is None:
        return ()
    return document.instantane.signatures.select_related("au_nom_de")


def _nombres(rapport, contenu):
    """Rend chaque nombre du bilan : ce qui est retenu, et ce que comptent les comptes rendus."""
    return [
        {
            "nombre": nombre,
            "libelle": RapportForm.base_fields[nombre].label,
            "retenu": contenu["nombres"][nombre],
            "compte": compte,
            "ecart": ecrit is not None and ecrit != compte,
            "precisions": contenu["precisions"].get(nombre, ""),
        }
        for nombre, (compte, _) in nombres(rapport).items()
        for ecrit in [getattr(rapport, nombre)]
    ]


def _page_de_lecture(droits, nom):
    @require_GET
    def voir(request, uuid):
        document = droits.trouver(request.user, uuid=uuid)
        instantane = None if document.est_modifiable else document.instantane
        contexte = {
            **_contexte(document),
            "peut_modifier": document.est_modifiable and droits.peut(request.user, "modifier", document),
            "pdf": getattr(instantane, "document", None),
            **_suite(request.user, document),
            "dernier_renvoi": document.passages.filter(transition="renvoyer").last()
            if document.est_modifiable
            else None,
        }
        return render(request, f"cdp/{nom}.html", contexte)

    return voir


def _suite(personne, document):
    """Rend, pour un rapport, le plan de l’année suivante si la personne peut le lire."""
    if isinstance(document, PlanAnnuel):
        return {}
    suivants = DROITS_PLAN.objets(personne).filter(communaute=document.communaute, annee=document.annee + 1)
    return {"plan_suivant": suivants.first()}


voir_plan = _page_de_lecture(DROITS_PLAN, "plan")
voir_rapport = _page_de_lecture(DROITS_RAPPORT, "rapport")


# — Signer, approuver, renvoyer


def _empreinte(document):
    return empreinte_de(contenu_a_signer(document))


def _liste_des_annees(passage):
    """Qui renvoie un document ne le voit plus tant qu’il est en rédaction : il revient à la liste."""
    document = getattr(passage, "plan", None) or passage.rapport
    return reverse("cdp:communaute_annees", args=[document.communaute.uuid])


_verbe_plan = partial(vue_du_verbe, DROITS_PLAN, PLAN)
_verbe_rapport = partial(vue_du_verbe, DROITS_RAPPORT, RAPPORT)

soumettre_plan = _verbe_plan(
    "soumettre",
    actions.soumettre,
    "Le plan est signé; il attend maintenant l’approbation du parrain.",
    gabarit="cdp/plan_soumettre.html",
    contexte=_contexte,
    engagement=ENGAGEMENT_PLAN,
    empreinte=_empreinte,
)
soumettre_rapport = _verbe_rapport(
    "soumettre",
    actions.soumettre,
    "Le rapport est signé; il attend maintenant l’approbation du parrain.",
    gabarit="cdp/rapport_soumettre.html",
    contexte=_contexte,
    engagement=ENGAGEMENT_RAPPORT,
    empreinte=_empreinte,
)
approuver_plan = _verbe_plan(
    "approuver",
    actions.approuver_plan,
    "Le plan est approuvé et signé. Copie en est transmise à la DSM.",
    gabarit="cdp/plan_approuver.html",
    contexte=_contexte,
    engagement=ENGAGEMENT_PARRAIN_PLAN,
    empreinte=_empreinte,
)
approuver_rapport = _verbe_rapport(
    "approuver",
    actions.approuver_rapport,
    "Le rapport est approuvé et signé. Copie en est transmise à la DSM.",
    gabarit="cdp/rapport_approuver.html",
    form_class=ApprobationRapportForm,
    contexte=_contexte,
    engagement=ENGAGEMENT_PARRAIN_RAPPORT,
    empreinte=_empreinte,
)
rouvrir_plan = _verbe_plan(
    "rouvrir", actions.rouvrir, "Le plan est de nouveau en rédaction.", gabarit="cdp/annees_rouvrir.html"
)
rouvrir_rapport = _verbe_rapport(
    "rouvrir", actions.rouvrir, "Le rapport est de nouveau en rédaction.", gabarit="cdp/annees_rouvrir.html"
)
renvoyer_plan = _verbe_plan(
    "renvoyer",
    actions.renvoyer,
    "Le plan est renvoyé à la communauté, avec votre commentaire.",
    gabarit="cdp/annees_renvoyer.html",
    form_class=RenvoiForm,
    retour=_liste_des_annees,
)
renvoyer_rapport = _verbe_rapport(
    "renvoyer",
    actions.renvoyer,
    "Le rapport est renvoyé à la communauté, avec votre commentaire.",
    gabarit="cdp/annees_renvoyer.html",
    form_class=RenvoiForm,
    retour=_liste_des_annees,
)
