"""Les heures : consigner les siennes, en demander en plus, attester les présences (R-126 à R-128, R-461 à R-463)."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from cdp.actions.annonces import annoncer
from cdp.droits import DROITS_ADHESION, DROITS_COMMUNAUTE, DROITS_DEPASSEMENT, DROITS_HEURES
from cdp.models import PLAFONNEES, Depassement, EtatDepassement, Heures
from cdp.models.decompte import decompte_de, decomptes
from cdp.models.rencontre import ParticipationCdp
from cdp.regles import depassement_motive
from cdp.trajectoire import DEPASSEMENT
from encadrement.documents.actions import demander_document
from encadrement.journal.actions import consigner
from encadrement.personnes.identite import identite
from encadrement.signatures.actions import figer
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import AnneeFinanciere, ecrire_duree, jour_local

GABARIT_ATTESTATION = "cdp/attestation_v1"
SEUILS = (80, 100)  # pour cent du plafond
CHAMPS_HEURES = ("jour", "sorte", "minutes", "precision")


@transaction.atomic
def consigner_heures(communaute, *, par, **champs):
    """Un membre consigne du temps donné hors des rencontres ; au-delà du plafond, il en demande d’abord (R-126, R-128)."""
    communaute.verrouiller()
    DROITS_COMMUNAUTE.exiger(par, "consigner_heures", communaute)
    heures = Heures(communaute=communaute, personne=par, **champs)
    _exiger_plausibles(heures)
    heures.save()
    consigner("cdp.heures.consigner", communaute, par=par, details={"sorte": heures.sorte, "minutes": heures.minutes})
    signaler_les_seuils(communaute, AnneeFinanciere.du(heures.jour), [par])
    return heures


def signaler_les_seuils(communaute, annee, personnes):
    """Avise un membre et l’animateur à 80 % du plafond, le parrain aussi à 100 % ; une fois par seuil et par année."""
    comptes = decomptes(communaute, annee)
    adhesions = {adhesion.personne_id: adhesion for adhesion in communaute.membres()}
    animateurs = [adhesion.personne for adhesion in communaute.animateurs()]
    for personne in personnes:
        compte, adhesion = comptes.get(personne.pk), adhesions.get(personne.pk)
        if compte is None or adhesion is None or compte.pourcentage < SEUILS[0]:
            continue
        seuil = max(seuil for seuil in SEUILS if compte.pourcentage >= seuil)
        parrain = DROITS_COMMUNAUTE.personnes("agreer", communaute) if seuil == SEUILS[-1] else ()
        contexte = {
            "communaute": communaute,
            "pourcentage": compte.pourcentage,
            "consacrees": ecrire_duree(compte.consacrees),
            "plafond": ecrire_duree(compte.plafond),
            "atteint": seuil == SEUILS[-1],
        }
        fait = f"{seuil}-{compte.plafond}-{annee.debut_annee}"
        url = reverse("cdp:communaute_heures", args=[communaute.uuid])
        a = [personne, *animateurs, *parrain]
        annoncer("seuil_heures", adhesion, a, fait, urgent=False, contexte=contexte, url=url)


def _exiger_plausibles(heures):
    if heures.jour > jour_local():
        raise ErreurMetier("Ces heures sont dans l’avenir : consignez-les une fois données.")
    if not 1 <= heures.minutes <= 24 * 60:
        raise ErreurMetier("La durée va de 1 minute à 24 heures dans une journée.")
    membre = heures.communaute.adhesions.filter(personne=heures.personne).pendant(heures.jour, heures.jour)
    if not membre.filter(debut__isnull=False).exists():
        raise ErreurMetier("Vous n’étiez pas membre de la communauté ce jour-là.")
    semblables = Heures.objects.filter(
        communaute=heures.communaute,
        personne=heures.personne,
        jour=heures.jour,
        sorte=heures.sorte,
        minutes=heures.minutes,
        precision=heures.precision,
    )
    if semblables.exclude(pk=heures.pk).exists():
        raise ErreurMetier("Ces heures sont déjà consignées : même jour, même sorte, même durée.")
    if heures.sorte in PLAFONNEES:
        _exiger_sous_le_plafond(heures)


def _exiger_sous_le_plafond(heures):
    compte = decompte_de(heures.communaute, heures.personne, AnneeFinanciere.du(heures.jour))
    ancienne = Heures.objects.filter(pk=heures.pk, sorte__in=PLAFONNEES).values_list("minutes", flat=True).first() or 0
    de_trop = compte.consacrees - ancienne + heures.minutes - compte.plafond
    if de_trop > 0:
        raise ErreurMetier(
            f"Ces heures passeraient de {ecrire_duree(de_trop)} le maximum de {ecrire_duree(compte.plafond)} alloué "
            "cette année à la préparation, à la recherche et aux rencontres. Demandez d’abord des heures "
            "supplémentaires au parrain.",
            exigences=["R-126", "R-128"],
        )


@transaction.atomic
def corriger_heures(heures, *, par, **champs):
    """Corrige ses propres heures."""
    heures.communaute.verrouiller()
    DROITS_HEURES.exiger(par, "modifier", heures)
    for champ in CHAMPS_HEURES:
        if champ in champs:
            setattr(heures, champ, champs[champ])
    _exiger_plausibles(heures)
    heures.save(update_fields=[champ for champ in CHAMPS_HEURES if champ in champs])
    consigner("cdp.heures.corriger", heures.communaute, par=par, details={"heures": str(heures.uuid)})
    signaler_les_seuils(heures.communaute, AnneeFinanciere.du(heures.jour), [par])
    return heures


@transaction.atomic
def retirer_heures(heures, *, par):
    """Retire des heures consignées par erreur ; le retrait garde leur date et leur durée."""
    heures.communaute.verrouiller()
    DROITS_HEURES.exiger(par, "modifier", heures)
    if not Heures.objects.filter(pk=heures.pk).exists():
        raise ErreurMetier("Ces heures sont déjà retirées.")
    details = {"jour": heures.jour.isoformat(), "sorte": heures.sorte, "minutes": heures.minutes}
    consigner("cdp.heures.retirer", heures.communaute, par=par, details=details)
    heures.delete()


@transaction.atomic
def demander_heures(communaute, *, par, annee, minutes, justification, personne=None):
    """Demande au parrain des heures en plus du plafond, pour soi, un membre ou chacun (R-128, R-423)."""
    communaute.verrouiller()
    pour_soi = personne is not None and personne.pk == par.pk
    DROITS_COMMUNAUTE.exiger(par, "demander_heures" if pour_soi else "demander_heures_autrui", communaute)
    depassement = Depassement(
        communaute=communaute,
        annee=annee,
        personne=personne,
        minutes=minutes,
        justification=justification,
        demande_par=par,
    )
    if raison := depassement_motive(depassement):
        raise ErreurMetier(raison, exigences=depassement_motive.exigences)
    attente = communaute.depassements.filter(annee=annee, personne=personne, etat=EtatDepassement.DEMANDE)
    if attente.exists():
        raise ErreurMetier("Une demande semblable attend déjà la réponse du parrain.")
    depassement.save(force_insert=True)
    consigner("cdp.depassement.demander", depassement, par=par, details={"minutes": minutes})
    annoncer("heures_demandees", depassement, DROITS_DEPASSEMENT.personnes("accorder", depassement), depassement.pk)
    return depassement


@transaction.atomic
def accorder_heures(depassement, *, par):
    """Le parrain accorde les heures : le plafond monte d’autant (R-128)."""
    passage = depassement.franchir(DEPASSEMENT["accorder"], par=par)
    annoncer("heures_accordees", depassement, _interesses(depassement), passage.pk)
    return passage


@transaction.atomic
def refuser_heures(depassement, *, par, motif):
    """Le parrain refuse les heures, avec un motif."""
    passage = depassement.franchir(DEPASSEMENT["refuser"], par=par, motif=motif)
    annoncer("heures_refusees", depassement, _interesses(depassement), passage.pk)
    return passage


def _interesses(depassement):
    return [personne for personne in (depassement.demande_par, depassement.personne) if personne is not None]


@transaction.atomic
def attester_presence(adhesion, annee, *, par):
    """Fige l’attestation de présence d’un membre pour une année financière et en demande le PDF (R-461)."""
    DROITS_ADHESION.exiger(par, "attester", adhesion)
    contenu = contenu_attestation(adhesion, annee)
    if not contenu["rencontres"]:
        raise ErreurMetier(f"Aucune présence n’est notée en {annee} : il n’y a rien à attester.")
    instantane = figer(adhesion, "cdp_presence", contenu, gabarit=GABARIT_ATTESTATION)
    return demander_document(instantane)


def contenu_attestation(adhesion, annee):
    """Rend le contenu de l’attestation : les rencontres tenues où la personne était présente, et leur durée."""
    lignes = ParticipationCdp.objects.filter(
        rencontre__in=adhesion.communaute.rencontres.de_l_annee(annee).tenues(),
        personne=adhesion.personne,
        presente=True,
    ).select_related("rencontre")
    rencontres = sorted((ligne.rencontre for ligne in lignes), key=lambda rencontre: rencontre.debut)
    return {
        "etablissement": settings.ETABLISSEMENT_NOM,
        "communaute": adhesion.communaute.nom,
        "annee": str(annee),
        "personne": identite(adhesion.personne),
        "rencontres": [
            {"jour": rencontre.jour.isoformat(), "duree": rencontre.duree, "mode": rencontre.get_mode_display()}
            for rencontre in rencontres
        ],
        "total": ecrire_duree(sum(rencontre.minutes for rencontre in rencontres)),
    }
