"""Les verbes des bilans : mi-temps confirmé par les deux, évaluation finale signée puis close (R-057, R-058, R-342)."""

from django.db import transaction
from django.utils import timezone

from encadrement.documents.actions import demander_document
from encadrement.journal.actions import consigner
from encadrement.notifications.actions import retirer_relances
from encadrement.signatures.actions import figer, signer, titres
from encadrement.signatures.models import empreinte_de
from encadrement.socle.erreurs import ErreurMetier, Perime
from encadrement.socle.fusion import fusionner
from mentorat.actions.annonces import annoncer
from mentorat.actions.ententes import transmettre
from mentorat.actions.fin import demander_evaluations
from mentorat.droits import DROITS_ENTENTE
from mentorat.models import Bilan, Destinataire, EtatActivite, EtatEntente, EtatObjectif, Sorte
from mentorat.regles import bilan_de
from mentorat.trajectoire import ENTENTE

GABARITS = {Sorte.MI_TEMPS: "mentorat/mi_temps_v1", Sorte.FINAL: "mentorat/finale_v1"}
CHAMPS_MI_TEMPS = ("commentaires",)
CHAMPS_FINALE = ("forces", "cibles", "recommandations", "commentaires", "poursuite", "justification")
_ETAT_D_ECRITURE = {Sorte.MI_TEMPS: EtatEntente.ACTIVE, Sorte.FINAL: EtatEntente.EN_EVALUATION}
_ACTE_D_ECRITURE = {Sorte.MI_TEMPS: "ecrire_mi_temps", Sorte.FINAL: "ecrire_finale"}


def champs_de(sorte):
    return CHAMPS_FINALE if sorte == Sorte.FINAL else CHAMPS_MI_TEMPS


def valeurs_bilan(bilan):
    """Rend les valeurs modifiables du bilan, une par champ et une couleur par ligne."""
    valeurs = {champ: getattr(bilan, champ) for champ in champs_de(bilan.sorte)}
    for ligne in bilan.lignes():
        valeurs[f"objectif-{ligne['objectif'].pk}"] = ligne["etat"]
        valeurs.update({f"activite-{rangee['activite'].pk}": rangee["etat"] for rangee in ligne["activites"]})
    return valeurs


@transaction.atomic
def ecrire_bilan(entente, sorte, *, par, saisi, temoins, libelles=None):
    """Enregistre ce que la personne a changé au bilan, sans écraser l’autre ; rend les conflits.

    Changer le contenu annule les confirmations et les signatures déjà données.
    """
    bilan = _exiger_ecriture(entente, sorte, par)
    a_ecrire, conflits = fusionner(valeurs_bilan(bilan), temoins, saisi, libelles)
    if not a_ecrire:
        return conflits
    champs = [champ for champ in a_ecrire if champ in champs_de(sorte)]
    for champ in champs:
        setattr(bilan, champ, a_ecrire[champ])
    for champ, couleur in a_ecrire.items():
        if champ not in champs:
            _ecrire_couleur(bilan, champ, couleur)
    bilan.confirme_mentor_le = bilan.confirme_mentore_le = bilan.instantane = None
    bilan.version += 1
    bilan.modifie_le, bilan.modifie_par = timezone.now(), par
    bilan.save(
        update_fields=[
            *champs,
            "confirme_mentor_le",
            "confirme_mentore_le",
            "instantane",
            "version",
            "modifie_le",
            "modifie_par",
        ]
    )
    return conflits


def _exiger_ecriture(entente, sorte, par):
    entente.verrouiller()
    DROITS_ENTENTE.exiger(par, _ACTE_D_ECRITURE[sorte], entente)
    if entente.etat != _ETAT_D_ECRITURE[sorte]:
        raise ErreurMetier(f"L’entente est à l’état « {entente.get_etat_display()} » : ce bilan ne se modifie plus.")
    bilan, _ = Bilan.objects.get_or_create(entente=entente, sorte=sorte)
    bilan.entente = entente
    if not est_ouvert(bilan):
        raise ErreurMetier("Le bilan de mi-temps est confirmé par les deux : il ne se modifie plus.")
    return bilan


def est_ouvert(bilan):
    """Dit si le bilan s’écrit encore : dans l’état voulu de l’entente, et pas confirmé par les deux."""
    fige = bilan.sorte == Sorte.MI_TEMPS and bilan.instantane_id is not None
    return bilan.entente.etat == _ETAT_D_ECRITURE[bilan.sorte] and not fige


def _ecrire_couleur(bilan, champ, couleur):
    modele, cle = (EtatObjectif, "objectif") if champ.startswith("objectif-") else (EtatActivite, "activite")
    ligne = {"bilan": bilan, f"{cle}_id": int(champ.split("-", 1)[1])}
    if couleur:
        modele.objects.update_or_create(**ligne, defaults={"couleur": couleur})
    else:
        modele.objects.filter(**ligne).delete()


@transaction.atomic
def confirmer_mi_temps(entente, *, par, version=None):
    """Chacun confirme ; au second, le bilan est figé, mis en PDF et le gestionnaire avisé (R-057, Q-12)."""
    passage = entente.franchir(ENTENTE["confirmer_mi_temps"], par=par)
    bilan = Bilan.objects.select_for_update().get(entente=entente, sorte=Sorte.MI_TEMPS)
    if version is not None and version != bilan.version:
        raise Perime("Le bilan a changé depuis que vous l’avez lu : relisez-le, puis confirmez.")
    champ = "confirme_mentor_le" if par.pk == entente.mentor_id else "confirme_mentore_le"
    if getattr(bilan, champ):
        raise ErreurMetier("Vous avez déjà confirmé ce bilan : il attend la confirmation de l’autre personne.")
    setattr(bilan, champ, timezone.now())
    bilan.save(update_fields=[champ])
    if bilan.est_confirme:
        bilan.instantane = figer(entente, "mi_temps", bilan.contenu(), gabarit=GABARITS[Sorte.MI_TEMPS])
        bilan.save(update_fields=["instantane"])
        entente.mi_temps_le = None
        entente.save(update_fields=["mi_temps_le"])
        retirer_relances(entente, "mi-temps")
        demander_document(bilan.instantane)
        annoncer("mi_temps_confirme", entente, DROITS_ENTENTE.personnes("approuver", entente), passage.pk, urgent=False)
    else:
        retirer_relances(entente, "mi-temps", personne=par)
        autre = entente.mentore if par.pk == entente.mentor_id else entente.mentor
        annoncer("mi_temps_a_confirmer", entente, [autre], passage.pk)
    return passage


@transaction.atomic
def entamer_finale(entente, *, par):
    """L’évaluation finale s’ouvre, avec les états de mi-temps pour montrer le mouvement (R-058)."""
    passage = entente.franchir(ENTENTE["entamer_finale"], par=par)
    Bilan.objects.get_or_create(entente=entente, sorte=Sorte.FINAL)
    annoncer("finale_entamee", entente, [entente.mentor, entente.mentore], passage.pk)
    return passage


def contenu_a_signer(entente):
    """Rend (contenu, empreinte) de l’évaluation finale telle qu’elle serait signée maintenant ; n’écrit rien."""
    bilan = bilan_de(entente, Sorte.FINAL)
    if bilan is None:
        return None, ""
    if bilan.instantane:
        return bilan.instantane.donnees, bilan.instantane.empreinte
    contenu = bilan.contenu()
    return contenu, empreinte_de(contenu)


@transaction.atomic
def figer_finale(entente):
    """Rend l’instantané de l’évaluation finale à signer, figé au besoin ; à appeler sous le verrou de l’entente."""
    bilan = bilan_de(entente, Sorte.FINAL)
    if bilan.instantane is None:
        bilan.instantane = figer(entente, "finale", bilan.contenu(), gabarit=GABARITS[Sorte.FINAL])
        bilan.save(update_fields=["instantane"])
    return bilan.instantane


@transaction.atomic
def signer_finale(entente, *, par, confirmation, raison=""):
    """Le mentor ou le mentoré signe l’évaluation ; à la seconde signature, elle va au gestionnaire (R-342)."""
    passage = entente.franchir(ENTENTE["signer_finale"], par=par, raison=raison)
    role = DROITS_ENTENTE.exiger(par, "signer_finale", entente)
    instantane = figer_finale(entente)
    # Renvoyée puis laissée telle quelle, l’évaluation porte déjà les deux signatures : elle retourne au gestionnaire.
    if not {"mentor", "mentore"} <= titres(instantane):
        signer(instantane, par=par, role=role, confirmation=confirmation)
    retirer_relances(entente, "signer", personne=par)
    if {"mentor", "mentore"} <= titres(instantane):
        entente.franchir(ENTENTE["presenter_finale"], par=par)
        annoncer("finale_a_clore", entente, DROITS_ENTENTE.personnes("clore", entente), passage.pk)
    else:
        autre = entente.mentore if par.pk == entente.mentor_id else entente.mentor
        annoncer("finale_a_signer", entente, [autre], passage.pk)
    return passage


@transaction.atomic
def renvoyer_finale(entente, *, par, motif):
    """Le gestionnaire renvoie l’évaluation finale à la dyade, avec un commentaire."""
    passage = entente.franchir(ENTENTE["renvoyer_finale"], par=par, motif=motif)
    entente.bilans.filter(sorte=Sorte.FINAL).update(instantane=None)
    annoncer("finale_renvoyee", entente, [entente.mentor, entente.mentore], passage.pk)
    return passage


@transaction.atomic
def clore_entente(entente, *, par, confirmation):
    """Le gestionnaire signe et clôt ; le document complet va à la DSM, la mesure est à évaluer (R-343)."""
    passage = entente.franchir(ENTENTE["clore"], par=par)
    role = DROITS_ENTENTE.exiger(par, "clore", entente)
    bilan = bilan_de(entente, Sorte.FINAL)
    signer(bilan.instantane, par=par, role=role, confirmation=confirmation)
    demander_document(bilan.instantane)
    annoncer("entente_close", entente, [entente.mentor, entente.mentore], passage.pk)
    transmettre(entente, "finale", (Destinataire.DSM,))
    demander_evaluations(entente)
    consigner("mentorat.entente.document_complet", entente, par=par, titre=role.libelle)
    return passage
