"""Relever un mouvement, l’acquitter en disant ce qui a été décidé, le retirer avec l’importation qu’on annule."""

from collections import Counter

from django.db import transaction
from django.utils import timezone

from encadrement.journal.actions import consigner
from encadrement.mouvements.droits import DROITS_MOUVEMENT
from encadrement.mouvements.models import Mouvement, Regard, Sorte
from encadrement.mouvements.registre import compter, en_mots
from encadrement.notifications.actions import notifier
from encadrement.personnes.models import Personne
from encadrement.socle.erreurs import ErreurMetier


@transaction.atomic
def relever(changements, *, origine):
    """Relève les mouvements de ceux qui ont des dossiers ouverts, et prévient qui les réglera ; rend les mouvements.

    `changements` : {identifiant de la personne: (sorte, identifiant du gestionnaire d’avant)}. Rien n’est réattribué.
    """
    nouveaux = [
        Mouvement(
            personne_id=pk,
            sorte=changements[pk][0],
            ancien_id=changements[pk][1],
            regard=regard,
            responsable_id=responsable,
            resume=en_mots(compte)[:300],
            origine=origine,
        )
        for (pk, regard, responsable), compte in _par_responsable(changements).items()
    ]
    Mouvement.objects.bulk_create(nouveaux, ignore_conflicts=True)
    crees = Mouvement.objects.filter(uuid__in=[mouvement.uuid for mouvement in nouveaux]).select_related("personne")
    for mouvement in crees.select_related("responsable"):
        notifier(
            "mouvements/mouvement_a_regler",
            mouvement,
            a=DROITS_MOUVEMENT.personnes("acquitter", mouvement),
            cle=mouvement.uuid,
            urgent=False,
        )
    return list(crees)


def _par_responsable(changements):
    """Rend {(personne, regard, responsable en poste ou None): compte de ses dossiers} : une même personne, un seul mouvement."""
    comptes = []
    for depart in (True, False):
        if touchees := [pk for pk, (sorte, _) in changements.items() if (sorte == Sorte.DEPART) is depart]:
            comptes += compter(touchees, depart=depart)
    superieurs = dict(Personne.objects.filter(pk__in=changements).values_list("pk", "superieur_id"))
    voulus = {qui for pk, _, decide, _ in comptes for qui in (decide, superieurs[pk])}
    en_poste = set(Personne.objects.actives().filter(pk__in=voulus - {None}).values_list("pk", flat=True))
    groupes = {}
    for pk, regard, decide, compte in comptes:
        responsable = next((qui for qui in (decide, superieurs[pk]) if qui in en_poste and qui != pk), None)
        cle = (pk, regard, responsable if regard == Regard.MESURES else None)
        groupes[cle] = groupes.get(cle, Counter()) + compte
    return groupes


@transaction.atomic
def acquitter_mouvement(mouvement, *, decision, par):
    """Consigne qui a décidé quoi ; les dossiers eux-mêmes se règlent chacun à sa page."""
    mouvement = Mouvement.objects.select_for_update(of=("self",)).select_related("responsable").get(pk=mouvement.pk)
    titre = DROITS_MOUVEMENT.exiger(par, "acquitter", mouvement)
    if mouvement.acquitte_le is not None:
        raise ErreurMetier(f"{mouvement.acquitte_par} a déjà dit ce qui a été décidé : « {mouvement.decision} »")
    if not decision.strip():
        raise ErreurMetier("Écrivez ce qui a été décidé : la suite de chaque dossier doit pouvoir se comprendre.")
    mouvement.decision, mouvement.acquitte_par, mouvement.acquitte_le = decision.strip(), par, timezone.now()
    mouvement.save(update_fields=["decision", "acquitte_par", "acquitte_le"])
    consigner(
        "mouvements.acquitter",
        mouvement,
        par=par,
        titre=titre.libelle,
        details={"personne": mouvement.personne.matricule, "sorte": str(mouvement.sorte)},
    )
    return mouvement


@transaction.atomic
def retirer_de(origine):
    """Retire les mouvements qu’une importation annulée avait apportés ; aucun ne doit être acquitté."""
    Mouvement.objects.filter(origine=origine, acquitte_le__isnull=True).delete()
