"""L’annuaire des communautés, celles de chacun, et ce qu’un gestionnaire voit de ses gens."""

from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Prefetch, Q, Subquery
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from cdp.actions.communautes import peut_ouvrir
from cdp.droits import DROITS_ADHESION, DROITS_COMMUNAUTE
from cdp.forms.annuaire import FiltreAnnuaire
from cdp.models import (
    A_VENIR,
    AGREEES,
    Adhesion,
    Communaute,
    EtatAdhesion,
    EtatCommunaute,
    RencontreCdp,
    RoleCdp,
)
from cdp.models.decompte import decomptes_des_gens
from encadrement.indicateurs.droits import regarde_des_chiffres
from encadrement.socle.temps import AnneeFinanciere, jour_local

PAR_PAGE = 20


@require_safe
@vary_on_headers("HX-Request")
def accueil(request):
    """Mes communautés, ce qui attend ma réponse, puis toutes, à chercher en tapant (R-112, R-142)."""
    filtre = FiltreAnnuaire(request.GET)
    filtre.is_valid()
    page = Paginator(_annuaire(filtre.cleaned_data), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {"page": page, "filtre": filtre}
    if request.htmx and not (request.htmx.boosted or request.htmx.history_restore_request):
        return render(request, "cdp/annuaire_liste.html", contexte)
    contexte["voit_les_chiffres"] = regarde_des_chiffres(request.user)
    return render(request, "cdp/annuaire.html", contexte | _les_miennes(request.user))


def _annuaire(choix):
    etats = AGREEES if choix.get("passees") else (EtatCommunaute.ACTIVE, EtatCommunaute.SUSPENDUE)
    trouvees = Communaute.objects.filter(etat__in=etats).chercher(choix.get("q") or "")
    if choix.get("titre"):
        trouvees = trouvees.filter(titres_emploi=choix["titre"])
    if choix.get("besoin"):
        # La liste est du JSON : on y cherche le code entre guillemets, pareil sur PostgreSQL et sur SQLite.
        trouvees = trouvees.filter(besoins__icontains=f'"{choix["besoin"]}"')
    return (
        trouvees.annotate(nombre_de_membres=Count("adhesions", filter=Q(adhesions__etat=EtatAdhesion.ACTIVE)))
        .prefetch_related("titres_emploi", _animateurs())
        .order_by("nom", "pk")
    )


def _animateurs():
    tenant = Adhesion.objects.actives().filter(role=RoleCdp.ANIMATEUR).select_related("personne")
    return Prefetch("adhesions", queryset=tenant, to_attr="qui_animent")


def _les_miennes(personne):
    """Rend ce qui me concerne : mes communautés, mes invitations, mes demandes, celles que je prépare ou parraine."""
    prochaine = RencontreCdp.objects.filter(
        communaute=OuterRef("communaute"), etat__in=A_VENIR, debut__gte=timezone.now()
    ).order_by("debut")
    adhesions = list(
        Adhesion.objects.filter(
            personne=personne, etat__in=(EtatAdhesion.ACTIVE, EtatAdhesion.INVITEE, EtatAdhesion.DEMANDEE)
        )
        .select_related("communaute")
        .annotate(prochaine=Subquery(prochaine.values("debut")[:1]))
        .order_by("communaute__nom")
    )
    parrainees = Communaute.objects.filter(parrain__in=sorted(personne.represente_ids)).exclude(
        etat__in=(EtatCommunaute.EN_PREPARATION, EtatCommunaute.DISSOUTE)
    )
    en_preparation = DROITS_COMMUNAUTE.objets(personne).filter(
        etat__in=(EtatCommunaute.EN_PREPARATION, EtatCommunaute.PROPOSEE)
    )
    miennes = [ligne for ligne in adhesions if ligne.etat == EtatAdhesion.ACTIVE]
    return {
        "miennes": miennes,
        "invitations": [ligne for ligne in adhesions if ligne.etat == EtatAdhesion.INVITEE],
        "demandes": [ligne for ligne in adhesions if ligne.etat == EtatAdhesion.DEMANDEE],
        "parrainees": parrainees,
        "en_preparation": en_preparation.exclude(pk__in=[ligne.communaute_id for ligne in miennes]).exclude(
            parrain__in=sorted(personne.represente_ids)
        )[:20],
        "peut_ouvrir": peut_ouvrir(personne),
        "a_des_gens": personne.supervisees.filter(is_active=True).exists(),
    }


@require_safe
def mes_gens(request):
    """Ce qu’un gestionnaire voit de ses gens : présences et heures, jamais le contenu des échanges (R-157)."""
    annee = AnneeFinanciere.du(jour_local())
    adhesions = list(
        DROITS_ADHESION.objets(request.user, "voir_presences")
        .filter(personne__superieur__in=sorted(request.user.represente_ids), personne__is_active=True)
        .pendant(*annee.bornes)
        .filter(etat__in=(EtatAdhesion.ACTIVE, EtatAdhesion.TERMINEE))
        .select_related("personne__titre_emploi", "communaute")
        .order_by("personne__nom", "personne__prenom", "communaute__nom")
    )
    comptes = decomptes_des_gens({ligne.personne_id for ligne in adhesions}, annee)
    prochaines = _prochaines({ligne.communaute_id for ligne in adhesions})
    lignes = [
        {
            "adhesion": ligne,
            "compte": comptes[(ligne.communaute_id, ligne.personne_id)],
            "prochaine": prochaines.get(ligne.communaute_id) if ligne.etat == EtatAdhesion.ACTIVE else None,
        }
        for ligne in adhesions
    ]
    contexte = {
        "lignes": lignes,
        "annee": annee,
        "a_des_gens": request.user.supervisees.filter(is_active=True).exists(),
    }
    return render(request, "cdp/annuaire_mes_gens.html", contexte)


def _prochaines(communautes):
    """Rend {communauté: sa prochaine rencontre}."""
    a_venir = RencontreCdp.objects.filter(communaute__in=communautes, debut__gte=timezone.now()).a_venir()
    premieres = {}
    for rencontre in a_venir.order_by("debut"):
        premieres.setdefault(rencontre.communaute_id, rencontre)
    return premieres
