"""Les verbes d’une demande de service à la DSM : ouvrir, écrire, signer et transmettre, prendre en charge, clore."""

from django.db import transaction

from encadrement.demandes.contenu import contenu_du_volet
from encadrement.demandes.droits import DROITS_SERVICE
from encadrement.demandes.models import DemandeService, EtatService, Volet
from encadrement.demandes.suites import suite_de
from encadrement.demandes.trajectoire import SERVICE
from encadrement.documents.actions import demander_document, numero_suivant
from encadrement.journal.actions import consigner
from encadrement.notifications.actions import notifier
from encadrement.notifications.annonces import boite_dsm
from encadrement.personnes.models import Personne
from encadrement.signatures.actions import figer, signer, titres
from encadrement.signatures.models import empreinte_de
from encadrement.socle.erreurs import ErreurMetier, Perime
from encadrement.socle.fusion import fusionner
from encadrement.socle.temps import jour_local

SERIE = "S"
NATURE = "demande_service"
GABARIT = "demandes/annexe_11_v1"
CHAMPS_SERVICE = (*DemandeService.CHAMPS, "discutee_le")


@transaction.atomic
def ouvrir_soutien(*, par, mesure=""):
    """Rend la demande de soutien en rédaction de la personne pour cette mesure, créée au besoin (R-065, R-136)."""
    # Le second de deux clics attend ici, et trouve la demande du premier.
    Personne.objects.select_for_update(of=("self",)).get(pk=par.pk)
    en_cours = DemandeService.objects.filter(
        demandeur=par, volet=Volet.SOUTIEN, mesure=mesure, etat=EtatService.BROUILLON
    ).first()
    return en_cours or ouvrir_demande_service(Volet.SOUTIEN, demandeur=par, par=par, mesure=mesure)


@transaction.atomic
def ouvrir_demande_service(volet, *, demandeur, par, mesure="", reponses=None):
    """Ouvre une demande au nom du demandeur, remplie de `reponses` (celles d’un autre volet), et la rend."""
    annee = jour_local().year
    demande = DemandeService.objects.create(
        numero=f"{SERIE}-{annee}-{numero_suivant(SERIE, annee):04d}",
        volet=volet,
        demandeur=demandeur,
        mesure=mesure,
        **(reponses or {}),
    )
    consigner("demandes.service.ouvrir", demande, par=par, details={"volet": str(volet)})
    return demande


@transaction.atomic
def ecrire_demande_service(demande, *, par, temoins=None, libelles=None, **saisi):
    """Enregistre ce que le demandeur écrit et rend les conflits avec ce qu’il a écrit dans un autre onglet.

    Lève ErreurMetier si la demande n’est plus en rédaction.
    """
    demande.verrouiller()
    DROITS_SERVICE.exiger(par, "modifier", demande)
    if not demande.est_modifiable:
        raise ErreurMetier("Cette demande est transmise : retirez-la, ou attendez qu’on vous la renvoie.")
    actuel = {champ: getattr(demande, champ) for champ in CHAMPS_SERVICE}
    connus = {champ: valeur for champ, valeur in saisi.items() if champ in actuel}
    a_ecrire, conflits = fusionner(actuel, temoins or {}, connus, libelles)
    for champ, valeur in a_ecrire.items():
        setattr(demande, champ, valeur)
    if a_ecrire:
        demande.instantane = None
        demande.save(update_fields=[*a_ecrire, "instantane"])
    return conflits


def figer_et_signer(formulaire, nature, contenu, *, par, role, confirmation):
    """Fige le formulaire, le signe et demande son PDF ; renvoyé puis laissé tel quel, il porte déjà la signature.

    Lève Perime si la page montrait un autre contenu.
    """
    exiger_lu(confirmation, contenu)
    formulaire.instantane = figer(formulaire, nature, contenu, gabarit=GABARIT)
    formulaire.save(update_fields=["instantane"])
    if role.code not in titres(formulaire.instantane):
        signer(formulaire.instantane, par=par, role=role, confirmation=confirmation)
    demander_document(formulaire.instantane)


def exiger_lu(confirmation, contenu):
    """Refuse de transmettre autre chose que ce que la page montrait, même un contenu déjà signé autrefois."""
    if confirmation.empreinte_lue and confirmation.empreinte_lue != empreinte_de(contenu):
        raise Perime("Le contenu a changé depuis que vous l’avez lu. Relisez-le, puis signez : rien n’a été transmis.")


@transaction.atomic
def transmettre_demande_service(demande, *, par, confirmation):
    """Le demandeur signe et transmet, et le PDF se prépare ; un cas du comité ne part pas d’ici (R-400, Q-19)."""
    demande.verrouiller()
    role = DROITS_SERVICE.exiger(par, "transmettre", demande)
    passage = demande.franchir(SERVICE["transmettre"], par=par)
    contenu = contenu_du_volet(demande, demande.volet)
    figer_et_signer(demande, NATURE, contenu, par=par, role=role, confirmation=confirmation)
    attendus = [*DROITS_SERVICE.personnes("prendre_en_charge", demande), boite_dsm()]
    notifier("demandes/demande_transmise", demande, a=attendus, cle=str(passage.pk))
    return passage


@transaction.atomic
def poursuivre_ailleurs(demande, *, par):
    """Clôt une demande dont le volet se poursuit ailleurs et rend ses réponses, que rien ne garde plus ici (Q-19).

    Lève ErreurMetier si rien ne la poursuit, ou si elle n’est plus en rédaction.
    """
    demande.verrouiller()
    DROITS_SERVICE.exiger(par, "modifier", demande)
    if suite_de(demande) is None:
        raise ErreurMetier("Cette demande ne se poursuit pas ailleurs : transmettez-la à la DSM.")
    demande.franchir(SERVICE["poursuivre"], par=Personne.objects.systeme())
    reponses = demande.reponses
    for champ in reponses:
        setattr(demande, champ, "")
    demande.save(update_fields=list(reponses))
    consigner("demandes.service.poursuivre", demande, par=par, details={"volet": demande.volet})
    return reponses


@transaction.atomic
def renvoyer_demande_service(demande, *, par, motif):
    """La DSM renvoie la demande, avec un commentaire ; rien de ce qui est écrit n’est perdu."""
    passage = demande.franchir(SERVICE["renvoyer"], par=par, motif=motif)
    notifier("demandes/demande_renvoyee", demande, a=[demande.demandeur], cle=str(passage.pk))
    return passage


@transaction.atomic
def prendre_en_charge(demande, *, par):
    """Un APPR s’en charge ; le demandeur sait qui."""
    passage = demande.franchir(SERVICE["prendre_en_charge"], par=par)
    demande.prise_en_charge_par = par
    demande.save(update_fields=["prise_en_charge_par"])
    notifier("demandes/demande_prise_en_charge", demande, a=[demande.demandeur], cle=str(passage.pk))
    return passage


@transaction.atomic
def clore_demande_service(demande, *, par, suite, minutes=None):
    """La demande est close : ce qui a été fait, et le temps donné en minutes."""
    passage = demande.franchir(SERVICE["clore"], par=par)
    demande.suite, demande.minutes = suite, minutes
    demande.save(update_fields=["suite", "minutes"])
    notifier("demandes/demande_close", demande, a=[demande.demandeur], cle=str(passage.pk), urgent=False)
    return passage


@transaction.atomic
def retirer_demande_service(demande, *, par):
    """Le demandeur retire sa demande."""
    return demande.franchir(SERVICE["retirer"], par=par)
