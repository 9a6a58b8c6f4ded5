"""Donner et révoquer une délégation ; proposer, approuver et terminer un rôle."""

import datetime

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from encadrement.accueil.droits import DROITS_ATTRIBUTION, DROITS_DELEGATION
from encadrement.journal.actions import consigner
from encadrement.notifications.actions import notifier
from encadrement.personnes.models import Attribution, Delegation, Personne, RoleAttribue
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local

DUREE_MAXIMALE = datetime.timedelta(days=366)


@transaction.atomic
def donner_delegation(*, de, a, debut, fin, par, motif=""):
    """Confie les approbations de `de` à `a` pour une période, prévient `a` et rend la délégation (N-11).

    `par` est la personne qui s’absente, ou le pilote à la demande de la direction. Lève ErreurMetier si la délégation
    n’a pas de sens, AccesRefuse si `par` n’est ni l’un ni l’autre. Elle ne donne que les approbations.
    """
    delegation = Delegation(de=de, a=a, debut=debut, fin=fin, motif=motif)
    if raison := _refus_de_delegation(delegation):
        raise ErreurMetier(raison)
    titre = DROITS_DELEGATION.exiger(par, "donner", delegation)
    # Deux clics simultanés : le second attend ici, puis trouve la délégation du premier.
    Personne.objects.select_for_update().get(pk=de.pk)
    chevauche = Delegation.objects.filter(de=de, a=a, revoquee_le=None, debut__lte=fin, fin__gte=debut)
    if chevauche.exists():
        raise ErreurMetier(f"Une délégation à {a} couvre déjà une partie de cette période.")
    delegation.save()
    consigner(
        "accueil.delegation.donner",
        delegation,
        par=par,
        titre=titre.libelle,
        details={"de": de.matricule, "a": a.matricule, "debut": str(debut), "fin": str(fin)},
    )
    notifier(
        "accueil/delegation_donnee",
        delegation,
        a=[a],
        cle=delegation.uuid,
        urgent=True,
        url=reverse("accueil:delegations"),
    )
    return delegation


def _refus_de_delegation(delegation):
    de, a, debut, fin = delegation.de, delegation.a, delegation.debut, delegation.fin
    if de.pk == a.pk:
        return "Déléguez à une autre personne que vous-même."
    if not (a.is_active and de.is_active):
        return f"Le compte de {a if de.is_active else de} est fermé : choisissez une personne en poste."
    if fin < debut:
        return "La fin de la délégation doit suivre son début."
    if fin < jour_local():
        return "Cette période est déjà passée : une délégation ne vaut que pour la suite."
    if fin - debut > DUREE_MAXIMALE:
        return "Une délégation dure au plus un an; donnez-en une autre ensuite, au besoin."
    if not de.supervisees.filter(is_active=True).exists():
        return f"{de} ne supervise personne : il n’y a pas d’approbation à déléguer."
    return ""


@transaction.atomic
def revoquer_delegation(delegation, *, par):
    """Met fin à la délégation dès la requête suivante (N-05) ; ce qui a été signé reste signé."""
    titre = DROITS_DELEGATION.exiger(par, "revoquer", delegation)
    touchees = Delegation.objects.filter(pk=delegation.pk, revoquee_le=None).update(revoquee_le=timezone.now())
    if not touchees:
        raise ErreurMetier("Cette délégation est déjà révoquée.")
    consigner("accueil.delegation.revoquer", delegation, par=par, titre=titre.libelle)
    delegation.refresh_from_db()
    autres = [personne for personne in (delegation.de, delegation.a) if personne.pk != par.pk]
    notifier(
        "accueil/delegation_revoquee",
        delegation,
        a=autres,
        cle=f"revoquee:{delegation.uuid}",
        url=reverse("accueil:delegations"),
    )
    return delegation


@transaction.atomic
def proposer_attribution(*, personne, role, debut, motif, par, fin=None):
    """Propose un rôle pour une personne et rend l’attribution ; elle ne vaut rien tant qu’elle n’est pas approuvée."""
    attribution = Attribution(
        personne=personne, role=RoleAttribue(role), debut=debut, fin=fin, motif=motif, proposee_par=par
    )
    titre = DROITS_ATTRIBUTION.exiger(par, "proposer", attribution)
    return _inscrire_la_proposition(attribution, titre.libelle)


@transaction.atomic
def proposer_selon_le_groupe(*, personne, role, groupe):
    """Propose le rôle que donne un groupe du compte de l’établissement ; il attend l’approbation de la DSM (N-12)."""
    attribution = Attribution(
        personne=personne,
        role=RoleAttribue(role),
        debut=jour_local(),
        motif=f"Groupe «\xa0{groupe}\xa0» du compte de l’établissement"[:300],
        proposee_par=Personne.objects.systeme(),
    )
    return _inscrire_la_proposition(attribution, "application")


def _inscrire_la_proposition(attribution, titre):
    personne, debut, fin = attribution.personne, attribution.debut, attribution.fin
    if not personne.is_active:
        raise ErreurMetier(f"Le compte de {personne} est fermé : un rôle ne se donne qu’à une personne en poste.")
    if fin and fin < debut:
        raise ErreurMetier("La fin du rôle doit suivre son début.")
    if fin and fin < jour_local():
        raise ErreurMetier("Cette période est déjà passée : le rôle ne vaudrait jamais.")
    Personne.objects.select_for_update().get(pk=personne.pk)
    if _tient_ou_attend(personne, attribution):
        raise ErreurMetier(f"{personne} tient déjà ce rôle, ou il attend d’être approuvé.")
    _exiger_un_appr(attribution, Attribution.objects.all())
    attribution.save()
    consigner(
        "accueil.role.proposer",
        attribution,
        par=attribution.proposee_par,
        titre=titre,
        details=_details(attribution),
    )
    notifier(
        "accueil/role_a_approuver",
        attribution,
        a=DROITS_ATTRIBUTION.personnes("approuver", attribution),
        cle=attribution.uuid,
        url=reverse("accueil:role_approuver", args=[attribution.uuid]),
    )
    return attribution


def _tient_ou_attend(personne, attribution):
    memes = Attribution.objects.filter(personne=personne, role=attribution.role)
    if attribution.fin:
        memes = memes.filter(debut__lte=attribution.fin)
    return memes.exclude(fin__lt=max(attribution.debut, jour_local())).exists()


def _exiger_un_appr(attribution, attributions):
    """Le coordonnateur du comité est un APPR de la DSM : il l’est, parmi `attributions`, pour toute la période (R-216)."""
    if attribution.role != RoleAttribue.COORDONNATEUR:
        return
    debut = max(attribution.debut, jour_local())
    comme_appr = attributions.filter(personne=attribution.personne, role=RoleAttribue.APPR, debut__lte=debut)
    couvre = Q(fin__isnull=True) | Q(fin__gte=attribution.fin) if attribution.fin else Q(fin__isnull=True)
    if not comme_appr.filter(couvre).exists():
        raise ErreurMetier(
            f"Le coordonnateur du comité est un APPR de la DSM : donnez d’abord ce rôle à {attribution.personne}, pour toute "
            "la période.",
            exigences=["R-216"],
        )


@transaction.atomic
def approuver_attribution(attribution, *, par):
    """Donne effet au rôle : une seconde personne l’approuve, jamais celle qui le recevrait ni celle qui l’a proposé."""
    attribution = Attribution.objects.select_for_update(of=("self",)).get(pk=attribution.pk)
    titre = DROITS_ATTRIBUTION.exiger(par, "approuver", attribution)
    if attribution.approuvee_par_id:
        raise ErreurMetier("Ce rôle est déjà approuvé.")
    if attribution.fin and attribution.fin < jour_local():
        raise ErreurMetier("Cette proposition est retirée ou sa période est passée : proposez le rôle de nouveau.")
    if not attribution.personne.is_active:
        raise ErreurMetier(f"Le compte de {attribution.personne} est fermé : le rôle ne peut pas lui être donné.")
    _exiger_un_appr(attribution, Attribution.objects.filter(approuvee_par__isnull=False))
    attribution.approuvee_par, attribution.approuvee_le = par, timezone.now()
    attribution.save(update_fields=["approuvee_par", "approuvee_le"])
    consigner("accueil.role.approuver", attribution, par=par, titre=titre.libelle, details=_details(attribution))
    notifier(
        "accueil/role_accorde",
        attribution,
        a=[attribution.personne],
        cle=f"accorde:{attribution.uuid}",
        url=reverse("accueil:profil"),
    )
    return attribution


@transaction.atomic
def terminer_attribution(attribution, *, motif, par):
    """Met fin au rôle dès la requête suivante (N-05), ou retire une proposition ; le motif va au journal."""
    attribution = Attribution.objects.select_for_update(of=("self",)).get(pk=attribution.pk)
    titre = DROITS_ATTRIBUTION.exiger(par, "terminer", attribution)
    aujourdhui = jour_local()
    if attribution.fin and attribution.fin < aujourdhui:
        raise ErreurMetier("Ce rôle est déjà terminé.")
    if not motif.strip():
        raise ErreurMetier("Écrivez pourquoi ce rôle prend fin : la raison est gardée au journal.")
    # La fin est comprise dans la période : pour que l’accès cesse maintenant, le dernier jour est hier.
    hier = aujourdhui - datetime.timedelta(days=1)
    details = {**_details(attribution), "motif": motif.strip(), "approuvee": bool(attribution.approuvee_par_id)}
    attribution.debut, attribution.fin = min(attribution.debut, hier), hier
    attribution.save(update_fields=["debut", "fin"])
    consigner("accueil.role.terminer", attribution, par=par, titre=titre.libelle, details=details)
    notifier(
        "accueil/role_termine",
        attribution,
        a=[personne for personne in (attribution.personne, attribution.proposee_par) if personne.pk != par.pk],
        cle=f"termine:{attribution.uuid}",
        url=reverse("accueil:roles"),
    )
    if attribution.role == RoleAttribue.APPR:
        _ne_plus_coordonner(attribution, par)
    return attribution


def _ne_plus_coordonner(appr, par):
    """Qui n’est plus APPR ne coordonne plus le comité (R-216)."""
    comme_coordonnateur = appr.personne.attributions.filter(role=RoleAttribue.COORDONNATEUR)
    encore_appr = Attribution.objects.en_vigueur().filter(personne=appr.personne, role=RoleAttribue.APPR).exists()
    if not encore_appr:
        for attribution in comme_coordonnateur.exclude(fin__lt=jour_local()):
            terminer_attribution(attribution, motif="Son rôle d’APPR a pris fin (R-216).", par=par)


@transaction.atomic
def amorcer_roles(*, dsm, pilote, motif):
    """Nomme la première DSM et le premier pilote, à l’installation ; ensuite, deux personnes décident toujours (N-12).

    Lève ErreurMetier dès qu’une DSM est en poste, ou si les deux rôles iraient à la même personne.
    """
    if Attribution.objects.en_vigueur().filter(role=RoleAttribue.DSM, personne__is_active=True).exists():
        raise ErreurMetier("Une DSM est déjà en poste : les rôles se proposent et s’approuvent dans l’application.")
    if dsm.pk == pilote.pk:
        raise ErreurMetier("La DSM et le pilote doivent être deux personnes : l’un propose, l’autre approuve.")
    systeme = Personne.objects.systeme()
    attributions = [
        Attribution.objects.create(
            personne=personne,
            role=role,
            motif=motif,
            proposee_par=systeme,
            approuvee_par=systeme,
            approuvee_le=timezone.now(),
        )
        for personne, role in ((dsm, RoleAttribue.DSM), (pilote, RoleAttribue.PILOTE))
    ]
    for attribution in attributions:
        consigner("accueil.role.amorcer", attribution, par=systeme, details=_details(attribution))
    return attributions


def _details(attribution):
    return {
        "personne": attribution.personne.matricule,
        "role": str(attribution.role),
        "debut": str(attribution.debut),
        "fin": str(attribution.fin or ""),
    }
