"""Les heures : les miennes contre 24, celles de chacun, en demander en plus, attester les présences (R-126 à R-128)."""

from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from cdp.actions import heures as actions
from cdp.droits import DROITS_ADHESION, DROITS_COMMUNAUTE, DROITS_DEPASSEMENT, DROITS_HEURES
from cdp.forms.heures import AnneeForm, DemandeHeuresForm, HeuresForm
from cdp.models import Heures, ParticipationCdp, SorteHeures
from cdp.models.decompte import Decompte, decompte_de, decomptes
from cdp.trajectoire import DEPASSEMENT
from encadrement.acces.matrice import AccesRefuse
from encadrement.documents.acces_documents import libelle_nature
from encadrement.documents.models import Document
from encadrement.exports.tableau import Colonne, Nature
from encadrement.exports.views import repondre_export
from encadrement.personnes.models import Personne
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import AnneeFinanciere, jour_local
from encadrement.trajectoire.views import donnees, page_de_saisie, vue_du_verbe


@dataclass(frozen=True)
class _Ligne:
    """Les heures d’une personne dans l’année ; `membre` si elle l’est encore."""

    personne: Personne
    compte: Decompte
    membre: bool

    @property
    def sortes(self):
        return {sorte.value: minutes for sorte, minutes in self.compte.par_sorte.items()}


def _communaute(request, uuid):
    """Rend la communauté dont la personne voit ses heures, ou celles de chacun ; 403 à qui n’a ni l’un ni l’autre."""
    communaute = DROITS_COMMUNAUTE.trouver(request.user, uuid=uuid)
    permis = DROITS_COMMUNAUTE.permis(request.user, communaute)
    if not permis & {"consigner_heures", "voir_heures"}:
        raise AccesRefuse(
            "Les heures d’une communauté se lisent par ses membres, son parrain, la DSM et les APPR.",
            acte="cdp.communaute.voir_heures",
            objet=communaute,
        )
    return communaute, permis


def _annee(request, communaute):
    depuis = AnneeFinanciere.du(communaute.agreee_le or jour_local())
    return AnneeForm(request.GET, depuis=depuis)


@require_http_methods(["GET", "POST"])
def heures(request, uuid):
    """Mes heures de l’année contre le maximum, de quoi en consigner, et celles de chacun pour les responsables."""
    communaute, permis = _communaute(request, uuid)
    if request.method == "POST":
        DROITS_COMMUNAUTE.exiger(request.user, "consigner_heures", communaute)
    form = HeuresForm.pour(donnees(request))
    return page_de_saisie(
        request,
        "cdp/heures.html",
        form,
        agir=lambda: actions.consigner_heures(communaute, par=request.user, **form.champs),
        succes="Vos heures sont consignées.",
        retour=reverse("cdp:communaute_heures", args=[communaute.uuid]),
        contexte=lambda: _heures(request, communaute, permis),
    )


def _heures(request, communaute, permis):
    choix = _annee(request, communaute)
    annee = choix.choisie
    comptes = decomptes(communaute, annee)
    lignes = _lignes(communaute, comptes) if "voir_heures" in permis else []
    miennes = list(Heures.objects.filter(communaute=communaute, personne=request.user, jour__range=annee.bornes))
    mon_compte = (comptes.get(request.user.pk) or Decompte()) if "consigner_heures" in permis or miennes else None
    return {
        "communaute": communaute,
        "choix_annee": choix,
        "annee": annee,
        "permis": permis,
        "mon_compte": mon_compte,
        "barre": mon_compte and barre(mon_compte),
        "mon_adhesion": communaute.adhesions.filter(personne=request.user, debut__isnull=False).last(),
        "miennes": miennes,
        "mes_rencontres": _rencontres(communaute, annee, request.user),
        "lignes": lignes,
        "total": _total(lignes),
        "demandes": _demandes(request.user, communaute, annee),
    }


def barre(compte):
    """Rend les longueurs de la barre des heures, en millièmes : faites, prévues, et la place du maximum."""
    echelle = max(compte.plafond, compte.projete, 1)

    def longueur(minutes):
        return round(1000 * minutes / echelle)

    faites = longueur(compte.consacrees)
    return {"faites": faites, "prevues": longueur(compte.projete) - faites, "maximum": longueur(compte.plafond)}


def _lignes(communaute, comptes):
    membres = {adhesion.personne_id for adhesion in communaute.adhesions.actives()}
    gens = Personne.objects.filter(pk__in=comptes).select_related("titre_emploi").order_by("nom", "prenom")
    return [_Ligne(personne, comptes[personne.pk], personne.pk in membres) for personne in gens]


def _total(lignes):
    """Rend le décompte de toute la communauté ; son plafond est la somme de ceux des membres (Q-07)."""
    total = Decompte(plafond=0)
    for ligne in lignes:
        total.rencontres += ligne.compte.rencontres
        total.prevues += ligne.compte.prevues
        total.plafond += ligne.compte.plafond
        for sorte, minutes in ligne.compte.par_sorte.items():
            total.par_sorte[sorte] += minutes
    return total


def _rencontres(communaute, annee, personne):
    return [
        ligne.rencontre
        for ligne in ParticipationCdp.objects.filter(
            rencontre__in=communaute.rencontres.de_l_annee(annee).tenues(), personne=personne, presente=True
        )
        .select_related("rencontre")
        .order_by("rencontre__debut")
    ]


def _demandes(personne, communaute, annee):
    return list(
        DROITS_DEPASSEMENT.objets(personne)
        .filter(communaute=communaute, annee=annee.debut_annee)
        .select_related("personne", "demande_par")
    )


@require_http_methods(["GET", "POST"])
def modifier(request, uuid):
    """Corriger ses propres heures."""
    ligne = DROITS_HEURES.trouver(request.user, "modifier", uuid=uuid)
    form = HeuresForm.pour(donnees(request), ligne)
    return page_de_saisie(
        request,
        "cdp/heures_modifier.html",
        form,
        agir=lambda: actions.corriger_heures(ligne, par=request.user, **form.champs),
        succes="Vos heures sont corrigées.",
        retour=reverse("cdp:communaute_heures", args=[ligne.communaute.uuid]),
        contexte=lambda: {"heures": ligne, "communaute": ligne.communaute},
    )


@require_http_methods(["GET", "POST"])
def retirer(request, uuid):
    """Retirer des heures consignées par erreur."""
    ligne = DROITS_HEURES.trouver(request.user, "modifier", uuid=uuid)
    communaute = ligne.communaute
    if request.method == "POST":
        actions.retirer_heures(ligne, par=request.user)
        messages.success(request, "Ces heures sont retirées.")
        return redirect("cdp:communaute_heures", communaute.uuid)
    return render(request, "cdp/heures_retirer.html", {"heures": ligne, "communaute": communaute})


# — Le relevé à télécharger

_MINUTES = partial(Colonne, nature=Nature.DUREE)


@require_GET
def releve(request, uuid):
    """Le relevé de l’année en classeur ou en CSV : le sien, ou celui de chacun pour qui le voit à l’écran."""
    communaute, _ = _communaute(request, uuid)
    annee = _annee(request, communaute).choisie
    pour_tous = request.GET.get("portee") == "chacun"
    if pour_tous:
        DROITS_COMMUNAUTE.exiger(request.user, "voir_heures", communaute)
        colonnes, lignes = _tableau_de_chacun(communaute, annee)
    else:
        colonnes, lignes = _mon_tableau(communaute, annee, request.user)
    return repondre_export(
        request,
        f"Heures {annee}, {communaute}",
        colonnes,
        lignes,
        quoi="cdp.heures",
        filtre={"communaute": communaute.uuid, "annee": annee, "portee": "chacun" if pour_tous else "moi"},
    )


def _mon_tableau(communaute, annee, personne):
    hors_rencontres = Heures.objects.filter(communaute=communaute, personne=personne, jour__range=annee.bornes)
    lignes = [(ligne.jour, ligne.get_sorte_display(), ligne.minutes, ligne.precision) for ligne in hors_rencontres]
    lignes += [
        (rencontre.jour, "rencontre", rencontre.minutes, rencontre.get_mode_display())
        for rencontre in _rencontres(communaute, annee, personne)
    ]
    return ["Date", "Sorte", _MINUTES("Durée"), "Précision"], sorted(lignes, key=lambda ligne: ligne[:2])


def _tableau_de_chacun(communaute, annee):
    colonnes = [
        "Nom",
        "Titre d’emploi",
        *(_MINUTES(sorte.label.capitalize()) for sorte in SorteHeures),
        *map(_MINUTES, ("Rencontres", "Rencontres prévues", "Comptées", "Maximum", "Dépassement prévu")),
    ]
    lignes = [
        (
            str(ligne.personne),
            str(ligne.personne.titre_emploi or ""),
            *(ligne.compte.par_sorte[sorte] for sorte in SorteHeures),
            ligne.compte.rencontres,
            ligne.compte.prevues,
            ligne.compte.consacrees,
            ligne.compte.plafond,
            ligne.compte.depassement_prevu,
        )
        for ligne in _lignes(communaute, decomptes(communaute, annee))
    ]
    return colonnes, lignes


# — Les heures supplémentaires


@require_http_methods(["GET", "POST"])
def demander(request, uuid):
    """Demander au parrain plus de temps que les 24 heures."""
    communaute = DROITS_COMMUNAUTE.trouver(request.user, uuid=uuid)
    DROITS_COMMUNAUTE.exiger(request.user, "demander_heures", communaute)
    form = DemandeHeuresForm(donnees(request), communaute=communaute, par=request.user)
    mon_compte = decompte_de(communaute, request.user, AnneeFinanciere.du(jour_local()))
    return page_de_saisie(
        request,
        "cdp/heures_demander.html",
        form,
        agir=lambda: actions.demander_heures(communaute, par=request.user, **form.champs),
        succes="Votre demande est chez le parrain.",
        retour=reverse("cdp:communaute_heures", args=[communaute.uuid]),
        contexte=lambda: {"communaute": communaute, "mon_compte": mon_compte, "barre": barre(mon_compte)},
    )


@require_GET
def voir_depassement(request, uuid):
    """Une demande d’heures : pour qui, combien, pourquoi, et où en sont les heures."""
    depassement = DROITS_DEPASSEMENT.trouver(request.user, uuid=uuid)
    return render(request, "cdp/depassement.html", {"depassement": depassement, **_contexte_depassement(depassement)})


def _contexte_depassement(depassement):
    communaute = depassement.communaute
    comptes = decomptes(communaute, AnneeFinanciere(depassement.annee))
    vises = (
        comptes
        if depassement.personne_id is None
        else {depassement.personne_id: Decompte()}
        | {pk: compte for pk, compte in comptes.items() if pk == depassement.personne_id}
    )
    return {
        "communaute": communaute,
        "annee": AnneeFinanciere(depassement.annee),
        "lignes": [ligne for ligne in _lignes(communaute, vises) if ligne.membre or depassement.personne_id],
    }


_verbe = partial(vue_du_verbe, DROITS_DEPASSEMENT, DEPASSEMENT, contexte=_contexte_depassement)

accorder = _verbe(
    "accorder", actions.accorder_heures, "Les heures supplémentaires sont accordées.", "cdp/depassement_decider.html"
)
refuser = _verbe(
    "refuser",
    actions.refuser_heures,
    "La demande est refusée; la personne lira votre motif.",
    "cdp/depassement_decider.html",
)


# — L’attestation de présence


@require_http_methods(["GET", "POST"])
def attester(request, uuid):
    """Les présences d’un membre dans une année, et leur attestation pour la formation continue."""
    adhesion = DROITS_ADHESION.trouver(request.user, "voir_presences", uuid=uuid)
    peut = DROITS_ADHESION.peut(request.user, "attester", adhesion)
    communaute = adhesion.communaute
    choix = _annee(request, communaute)
    refus = []
    if request.method == "POST":
        try:
            document = actions.attester_presence(adhesion, choix.choisie, par=request.user)
        except ErreurMetier as erreur:
            refus = [erreur]
        else:
            return redirect("documents:telecharger", document.uuid)
    contexte = {
        "adhesion": adhesion,
        "communaute": communaute,
        "choix_annee": choix,
        "contenu": actions.contenu_attestation(adhesion, choix.choisie),
        "peut_attester": peut,
        "documents": _attestations(adhesion) if peut else [],
        "refus": refus,
    }
    return render(request, "cdp/presences_attester.html", contexte, status=409 if refus else 200)


def _attestations(adhesion):
    documents = Document.objects.filter(
        instantane__objet_type__model="adhesion",
        instantane__objet_type__app_label="cdp",
        instantane__objet_id=adhesion.pk,
        instantane__nature="cdp_presence",
    ).select_related("instantane")
    return [
        {"document": document, "nom": libelle_nature(document), "annee": document.instantane.donnees["annee"]}
        for document in documents.order_by("-pk")
    ]
