"""Les verbes du plan et du rapport annuels : écrire à deux, signer, approuver, renvoyer (R-139, R-140, R-158, R-163)."""

from django.db import transaction
from django.utils import timezone

from cdp.actions.annonces import annoncer, responsables
from cdp.actions.contenus_annuels import contenu
from cdp.droits import DROITS_COMMUNAUTE, DROITS_PLAN, DROITS_RAPPORT, GESTIONNAIRE
from cdp.models import (
    LIGNES_DU_GABARIT,
    LIGNES_MAXIMUM,
    PRECISION_MAXIMALE,
    EtatAnnuel,
    LignePlan,
    LigneRapport,
    PlanAnnuel,
    RapportAnnuel,
)
from cdp.models.bilan import bilan
from cdp.trajectoire import COMMUNAUTE, PLAN, RAPPORT
from encadrement.acces.attribues import APPR, DSM
from encadrement.documents.actions import demander_document
from encadrement.journal.actions import consigner
from encadrement.notifications.actions import retirer_relances
from encadrement.notifications.annonces import boite_dsm
from encadrement.signatures.actions import figer, signer, titres
from encadrement.socle.erreurs import ErreurMetier, Perime
from encadrement.socle.fusion import fusionner
from encadrement.socle.temps import AnneeFinanciere, jour_local

DROITS = {PlanAnnuel: DROITS_PLAN, RapportAnnuel: DROITS_RAPPORT}
VERBES = {PlanAnnuel: PLAN, RapportAnnuel: RAPPORT}
NATURES = {PlanAnnuel: "plan", RapportAnnuel: "rapport"}
COLONNES = {PlanAnnuel: LignePlan.COLONNES, RapportAnnuel: ("objectif", "indicateur", "atteinte", "resultat")}
CHAMPS = {
    PlanAnnuel: ("rencontres_prevues", "duree_prevue"),
    RapportAnnuel: (
        *RapportAnnuel.NOMBRES,
        *(f"{nombre}_precisez" for nombre in RapportAnnuel.PRECISIONS),
        "autres_precisez",
        "conclusion",
        "poursuite",
        "apercu_1",
        "apercu_2",
        "apercu_3",
    ),
}


# — Naître


@transaction.atomic
def ouvrir_plan(communaute, annee, *, par):
    """Ouvre le plan d’action de l’année, avec les quatre lignes de l’annexe et l’aperçu du rapport précédent (R-378)."""
    _exiger_annee_libre(communaute, PlanAnnuel, annee, par)
    return _naitre_plan(communaute, annee, _objectifs_annonces(communaute, annee), par)


def _naitre_plan(communaute, annee, objectifs, par):
    plan = PlanAnnuel.objects.create(communaute=communaute, annee=annee)
    for rang in range(1, max(LIGNES_DU_GABARIT, len(objectifs)) + 1):
        objectif = objectifs[rang - 1] if rang <= len(objectifs) else ""
        LignePlan.objects.create(plan=plan, rang=rang, objectif=objectif)
    consigner("cdp.plan.ouvrir", plan, par=par, details={"annee": annee})
    return plan


def annees_permises(communaute, modele):
    """Rend les années financières (début) où un plan ou un rapport peut s’ouvrir : le plan, un an d’avance au plus."""
    courante = AnneeFinanciere.du(jour_local()).debut_annee
    premiere = AnneeFinanciere.du(communaute.agreee_le or jour_local()).debut_annee - 1
    return range(premiere, courante + (2 if modele is PlanAnnuel else 1))


def _exiger_annee_libre(communaute, modele, annee, par):
    communaute.verrouiller()
    DROITS_COMMUNAUTE.exiger(par, "ecrire_annee", communaute)
    if annee not in annees_permises(communaute, modele):
        raise ErreurMetier(
            f"Le {modele._meta.verbose_name} {AnneeFinanciere(annee)} ne s’ouvre pas maintenant : le plan s’écrit un "
            "an d’avance au plus, le rapport à partir du 1er avril de son année.",
            exigences=["R-140"],
        )
    deja = modele.objects.filter(communaute=communaute, annee=annee).first()
    if deja is not None:
        raise ErreurMetier(
            f"Le {deja._meta.verbose_name} {deja.annee_financiere} existe déjà ({deja.get_etat_display()}) : "
            "ouvrez celui-là."
        )


def _objectifs_annonces(communaute, annee):
    rapport = RapportAnnuel.objects.filter(
        communaute=communaute, annee=annee - 1, etat=EtatAnnuel.APPROUVE, poursuite=True
    ).first()
    return rapport.apercu if rapport else []


@transaction.atomic
def ouvrir_rapport(communaute, annee, *, par):
    """Ouvre le rapport annuel, déjà rempli du plan et des comptes rendus (R-368 à R-375)."""
    _exiger_annee_libre(communaute, RapportAnnuel, annee, par)
    rapport = RapportAnnuel.objects.create(communaute=communaute, annee=annee)
    plan = PlanAnnuel.objects.filter(communaute=communaute, annee=annee).first()
    lignes = [ligne for ligne in plan.lignes.all() if ligne.objectif.strip()] if plan else []
    for rang, ligne in enumerate(lignes, start=1):
        LigneRapport.objects.create(rapport=rapport, rang=rang, objectif=ligne.objectif, indicateur=ligne.indicateur)
    if not lignes:
        LigneRapport.objects.create(rapport=rapport, rang=1)
    rapport.save(update_fields=_reprendre(rapport))
    consigner("cdp.rapport.ouvrir", rapport, par=par, details={"annee": annee})
    return rapport


@transaction.atomic
def reprendre_les_precisions(rapport, *, par):
    """Ajoute aux zones « précisez » ce que les comptes rendus disent et qui n’y est pas encore ; n’efface rien."""
    _exiger_redaction(rapport, par)
    ecrits = _reprendre(rapport)
    if ecrits:
        _marquer(rapport, par, ecrits)
    return ecrits


def _reprendre(rapport):
    """Complète les zones « précisez » sans enregistrer ; rend les champs changés."""
    ecrits = []
    for rubrique, textes in bilan(rapport.communaute, rapport.annee_financiere).precisions.items():
        champ = f"{rubrique}_precisez"
        avant = getattr(rapport, champ)
        apres = _completer(avant, textes, PRECISION_MAXIMALE)
        if apres != avant:
            setattr(rapport, champ, apres)
            ecrits.append(champ)
    return ecrits


def _completer(ecrit, textes, maximum):
    for texte in textes:
        deja = f"; {ecrit.replace(chr(10), '; ')};"
        complet = f"{ecrit.rstrip()}; {texte}" if ecrit.strip() else texte
        if f"; {texte};" not in deja and len(complet) <= maximum:
            ecrit = complet
    return ecrit


# — Écrire à deux


def valeurs(document):
    """Rend les valeurs modifiables, une par champ et une par case de chaque ligne."""
    rendues = {champ: getattr(document, champ) for champ in CHAMPS[type(document)]}
    for ligne in document.lignes.all():
        for colonne in COLONNES[type(document)]:
            rendues[f"ligne-{ligne.pk}-{colonne}"] = getattr(ligne, colonne)
    return rendues


@transaction.atomic
def ecrire(document, *, par, saisi, temoins, libelles=None):
    """Enregistre ce que la personne a changé sans écraser ce que l’autre a écrit ; rend les conflits.

    Lève ErreurMetier si le document n’est plus en rédaction. Écrire rend caduque un contenu déjà figé.
    """
    _exiger_redaction(document, par)
    a_ecrire, conflits = fusionner(valeurs(document), temoins, saisi, libelles)
    champs = [champ for champ in a_ecrire if champ in CHAMPS[type(document)]]
    for champ in champs:
        setattr(document, champ, a_ecrire[champ])
    for champ, valeur in a_ecrire.items():
        if champ not in champs:
            _, pk, colonne = champ.split("-")
            document.lignes.filter(pk=int(pk)).update(**{colonne: valeur})
    if a_ecrire:
        _marquer(document, par, champs)
    return conflits


def _exiger_redaction(document, par):
    document.verrouiller()
    DROITS[type(document)].exiger(par, "modifier", document)
    if not document.est_modifiable:
        raise ErreurMetier(
            f"Le {document._meta.verbose_name} {document.annee_financiere} est à l’état "
            f"« {document.get_etat_display()} » : son contenu ne change plus. Pour le modifier, reprenez d’abord sa "
            "rédaction, ou demandez au parrain de le renvoyer."
        )


def _marquer(document, par, champs=()):
    document.instantane, document.modifie_le, document.modifie_par = None, timezone.now(), par
    document.save(update_fields=[*champs, "instantane", "modifie_le", "modifie_par"])


@transaction.atomic
def ajouter_ligne(document, *, par, affichees=None):
    """Ajoute une ligne et la rend ; un double clic (`affichees` : les lignes que la page montrait) n’en fait qu’une."""
    _exiger_redaction(document, par)
    if affichees is not None and (neuve := document.lignes.filter(objectif="").exclude(pk__in=affichees).first()):
        return neuve
    nombre = document.lignes.count()
    if nombre >= LIGNES_MAXIMUM:
        raise ErreurMetier(
            f"Un {document._meta.verbose_name} compte au plus {LIGNES_MAXIMUM} objectifs : regroupez-les.",
            exigences=["R-365"],
        )
    _marquer(document, par)
    return document.lignes.create(rang=nombre + 1)


@transaction.atomic
def retirer_ligne(document, pk, *, par):
    """Retire une ligne et renumérote les autres."""
    _exiger_redaction(document, par)
    retirees, _ = document.lignes.filter(pk=pk).delete()
    if retirees:
        _renumeroter(document)
        _marquer(document, par)


def _renumeroter(document):
    for rang, ligne in enumerate(document.lignes.all(), start=1):
        if ligne.rang != rang:
            ligne.rang = rang
            ligne.save(update_fields=["rang"])


# — Signer, approuver, renvoyer


@transaction.atomic
def soumettre(document, *, par, confirmation, raison=""):
    """Le représentant de la CdP signe et soumet au parrain (R-163, R-366, R-379)."""
    nature = NATURES[type(document)]
    _exiger_redaction(document, par)
    role = DROITS[type(document)].exiger(par, "soumettre", document)
    passage = document.franchir(VERBES[type(document)]["soumettre"], par=par, raison=raison)
    document.instantane = figer(document, f"cdp_{nature}", contenu(document), gabarit=f"cdp/{nature}_v1")
    document.save(update_fields=["instantane"])
    # Renvoyé puis laissé tel quel, le contenu porte déjà la signature : on ne signe pas deux fois la même chose.
    if role.code in titres(document.instantane):
        _exiger_lu(document.instantane, confirmation)
    else:
        signer(document.instantane, par=par, role=role, confirmation=confirmation)
    a = DROITS[type(document)].personnes("approuver", document)
    annoncer(f"{nature}_a_approuver", document, a, passage.pk)
    return passage


def _exiger_lu(instantane, confirmation):
    if confirmation.empreinte_lue not in {"", instantane.empreinte}:
        raise Perime("Le contenu a changé depuis que vous l’avez lu. Relisez-le, puis signez : rien n’a été signé.")


@transaction.atomic
def rouvrir(document, *, par):
    """La rédaction reprend avant l’approbation ; si le contenu change, la signature ne compte plus."""
    passage = document.franchir(VERBES[type(document)]["rouvrir"], par=par)
    annoncer(f"{NATURES[type(document)]}_rouvert", document, [document.communaute.parrain], passage.pk, urgent=False)
    return passage


@transaction.atomic
def renvoyer(document, *, par, motif):
    """Le parrain renvoie le document à la CdP, avec un commentaire."""
    passage = document.franchir(VERBES[type(document)]["renvoyer"], par=par, motif=motif)
    annoncer(f"{NATURES[type(document)]}_renvoye", document, responsables(document.communaute), passage.pk)
    return passage


def _approuver(document, par, confirmation, raison):
    droits, nature = DROITS[type(document)], NATURES[type(document)]
    role = droits.exiger(par, "approuver", document)
    passage = document.franchir(VERBES[type(document)]["approuver"], par=par, raison=raison)
    signer(document.instantane, par=par, role=role, confirmation=confirmation)
    document.copie_dsm_le = timezone.now()
    document.save(update_fields=["copie_dsm_le"])
    demander_document(document.instantane)
    retirer_relances(document)
    annoncer(f"{nature}_approuve", document, responsables(document.communaute), passage.pk)
    copie = [boite_dsm(), *DSM.personnes(document), *APPR.personnes(document)]
    annoncer(f"{nature}_copie", document, copie, passage.pk, urgent=False)
    return passage


@transaction.atomic
def approuver_plan(plan, *, par, confirmation, raison=""):
    """Le parrain approuve et signe ; copie à la DSM, avis aux gestionnaires des membres (R-139, R-158, Q-09)."""
    passage = _approuver(plan, par, confirmation, raison)
    communaute = plan.communaute
    autres = GESTIONNAIRE.personnes(communaute).exclude(pk=communaute.parrain_id)
    contexte = {"annee": str(plan.annee_financiere)}
    annoncer("plan_avis", communaute, autres, passage.pk, urgent=False, contexte=contexte)
    return passage


@transaction.atomic
def approuver_rapport(rapport, *, par, confirmation, raison="", renouveler=None, motif_renouvellement=""):
    """Le parrain approuve et signe le rapport, et décide du renouvellement demandé (R-158, R-159).

    Accordé, le renouvellement ouvre le plan de l’année suivante avec l’aperçu des objectifs (R-378).
    """
    rapport.verrouiller()
    if rapport.poursuite and renouveler is None:
        raise ErreurMetier("La CdP demande de poursuivre : dites si vous renouvelez.", exigences=["R-159"])
    if rapport.poursuite and not renouveler and not motif_renouvellement.strip():
        raise ErreurMetier("Dites à la CdP pourquoi elle n’est pas renouvelée.", exigences=["R-159"])
    passage = _approuver(rapport, par, confirmation, raison)
    rapport.renouvellement_accorde = bool(renouveler) if rapport.poursuite else None
    rapport.motif_non_renouvellement = motif_renouvellement if rapport.renouvellement_accorde is False else ""
    rapport.save(update_fields=["renouvellement_accorde", "motif_non_renouvellement"])
    if rapport.renouvellement_accorde:
        _renouveler(rapport, par)
    elif rapport.poursuite:
        annoncer("renouvellement_refuse", rapport, responsables(rapport.communaute), passage.pk)
        consigner("cdp.rapport.non_renouvele", rapport, par=par)
    return passage


def _renouveler(rapport, par):
    communaute = rapport.communaute
    suivante = rapport.annee + 1
    passage = communaute.franchir(COMMUNAUTE["renouveler"], par=par)
    communaute.renouvelee_pour = suivante
    communaute.save(update_fields=["renouvelee_pour"])
    if not PlanAnnuel.objects.filter(communaute=communaute, annee=suivante).exists():
        _naitre_plan(communaute, suivante, rapport.apercu, par)
    annoncer("communaute_renouvelee", communaute, responsables(communaute), passage.pk)
