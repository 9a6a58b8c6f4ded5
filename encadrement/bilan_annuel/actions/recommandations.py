"""Proposer une recommandation, la modifier, écrire où elle en est, la mener à son terme ou l’abandonner (R-024)."""

from django.db import transaction

from encadrement.bilan_annuel.droits import DROITS_RECOMMANDATION
from encadrement.bilan_annuel.models import Recommandation, SuiviRecommandation
from encadrement.bilan_annuel.trajectoire import RECOMMANDATION
from encadrement.documents.actions import numero_suivant
from encadrement.journal.actions import consigner
from encadrement.notifications.actions import notifier, retirer_relances
from encadrement.personnes.models import Personne
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.fusion import fusionner
from encadrement.socle.temps import jour_local

SERIE = "REC"


@transaction.atomic
def proposer_recommandation(*, par, libelle, annee, responsable, echeance, mesure=""):
    """Inscrit une recommandation, avise la personne qui en répondra, et la rend."""
    DROITS_RECOMMANDATION.exiger(par, "proposer", None)
    annee_civile = jour_local().year
    recommandation = Recommandation.objects.create(
        numero=f"{SERIE}-{annee_civile}-{numero_suivant(SERIE, annee_civile):03d}",
        libelle=libelle,
        annee=annee,
        mesure=mesure,
        responsable=responsable,
        echeance=echeance,
    )
    entree = consigner("bilan_annuel.recommandation.proposer", recommandation, par=par, details={"annee": annee})
    _confier(recommandation, par, entree)
    return recommandation


@transaction.atomic
def modifier_recommandation(recommandation, *, par, temoins=None, libelles=None, **saisi):
    """Écrit ce qui peut encore l’être et rend les conflits avec ce qu’une autre personne a écrit entre-temps.

    Lève ErreurMetier une fois la recommandation close.
    """
    recommandation.verrouiller()
    DROITS_RECOMMANDATION.exiger(par, "modifier", recommandation)
    ouverts = recommandation.champs_ouverts
    if not ouverts:
        raise ErreurMetier("Cette recommandation est close\xa0: proposez-en une autre au besoin.")
    connus = {champ: valeur for champ, valeur in saisi.items() if champ in ouverts}
    a_ecrire, conflits = fusionner(_dits(valeurs_de(recommandation)), temoins or {}, _dits(connus), libelles)
    for champ in a_ecrire:
        setattr(recommandation, champ, connus[champ])
    if not a_ecrire:
        return conflits
    recommandation.save(update_fields=list(a_ecrire))
    details = {"champs": sorted(a_ecrire)}
    entree = consigner("bilan_annuel.recommandation.modifier", recommandation, par=par, details=details)
    if {"responsable", "echeance"} & a_ecrire.keys():
        # Une relance encore en file allait à une autre personne, ou parlait d’un autre jour.
        retirer_relances(recommandation)
    if "responsable" in a_ecrire:
        _confier(recommandation, par, entree)
    return conflits


def valeurs_de(recommandation):
    """Rend {champ: valeur} de ce qui peut encore s’écrire."""
    return {champ: getattr(recommandation, champ) for champ in recommandation.champs_ouverts}


def dire(valeur):
    """Écrit une valeur pour la comparer et la montrer ; deux personnes du même nom ne se confondent pas."""
    return f"{valeur.nom_complet} ({valeur.matricule})" if isinstance(valeur, Personne) else valeur


def _dits(valeurs):
    return {champ: dire(valeur) for champ, valeur in valeurs.items()}


def _confier(recommandation, par, entree):
    if recommandation.responsable_id != par.pk:
        notifier(
            "bilan_annuel/recommandation_confiee", recommandation, a=[recommandation.responsable], cle=str(entree.pk)
        )


@transaction.atomic
def suivre_recommandation(recommandation, *, par, texte):
    """Ajoute, à la date d’aujourd’hui, où en est la recommandation ; un suivi écrit ne se corrige pas."""
    recommandation.verrouiller()
    role = DROITS_RECOMMANDATION.exiger(par, "suivre", recommandation)
    if not recommandation.est_ouverte:
        raise ErreurMetier("Cette recommandation est close\xa0: son suivi l’est aussi.")
    suivi = SuiviRecommandation.objects.create(recommandation=recommandation, par=par, texte=texte)
    consigner("bilan_annuel.recommandation.suivre", recommandation, par=par, titre=role.libelle)
    return suivi


@transaction.atomic
def commencer_recommandation(recommandation, *, par):
    """La personne responsable s’y est mise."""
    return recommandation.franchir(RECOMMANDATION["commencer"], par=par)


@transaction.atomic
def realiser_recommandation(recommandation, *, par, motif):
    """Elle est réalisée ; `motif` dit ce qui a été fait."""
    return recommandation.franchir(RECOMMANDATION["realiser"], par=par, motif=motif)


@transaction.atomic
def abandonner_recommandation(recommandation, *, par, motif):
    """Elle est abandonnée, avec un motif ; la personne qui en répondait le sait."""
    passage = recommandation.franchir(RECOMMANDATION["abandonner"], par=par, motif=motif)
    if recommandation.responsable_id != par.pk:
        notifier(
            "bilan_annuel/recommandation_abandonnee",
            recommandation,
            a=[recommandation.responsable],
            cle=str(passage.pk),
            urgent=False,
        )
    return passage
