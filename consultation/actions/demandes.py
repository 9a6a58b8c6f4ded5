"""Les deux premiers échelons : ses propres recherches, puis la discussion avec le gestionnaire (R-178, R-179, R-202)."""

from django.db import transaction
from django.urls import reverse

from consultation.actions.annonces import annoncer
from consultation.actions.moments import liberer
from consultation.actions.plages import rendre_la_plage
from consultation.actions.sujets import proposer_sujet
from consultation.droits import DROITS_DEMANDE
from consultation.models import Ampleur, DemandeConsultation, EtatConsultation, ReponseExpert
from consultation.trajectoire import DEMANDE
from encadrement.documents.actions import numero_suivant
from encadrement.journal.actions import consigner
from encadrement.personnes.models import Personne
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.fusion import fusionner
from encadrement.socle.temps import jour_local

SERIE = "C"
CHAMPS_DEMANDE = (*DemandeConsultation.CHAMPS, "constats", "ampleur", "sujet")
PARTICIPANTS_MAXIMUM = 20


@transaction.atomic
def ouvrir_demande(*, par):
    """Ouvre une demande et la rend ; celle où rien n’est encore écrit sert de nouveau : deux clics n’en font qu’une."""
    # Le second clic attend ici, et trouve la demande du premier.
    Personne.objects.select_for_update(of=("self",)).get(pk=par.pk)
    brouillons = DemandeConsultation.objects.filter(demandeur=par, etat=EtatConsultation.BROUILLON)
    if vide := next((brouillon for brouillon in brouillons if not any(brouillon.reponses.values())), None):
        return vide
    annee = jour_local().year
    demande = DemandeConsultation.objects.create(
        numero=f"{SERIE}-{annee}-{numero_suivant(SERIE, annee):04d}", demandeur=par
    )
    consigner("consultation.demande.ouvrir", demande, par=par)
    return demande


def valeurs_demande(demande):
    """Rend les valeurs modifiables, une par champ : ce que le formulaire montre et fusionne."""
    return {champ: getattr(demande, champ) for champ in CHAMPS_DEMANDE}


@transaction.atomic
def ecrire_demande(demande, *, par, participants=None, **champs):
    """Enregistre ce que le demandeur écrit, en rédaction ou au formulaire de la DSM ; le formulaire signé ne change plus.

    Lève ErreurMetier si la demande n’est pas en rédaction.
    """
    _exiger_redaction(demande, par)
    ecrits = [champ for champ in CHAMPS_DEMANDE if champ in champs]
    for champ in ecrits:
        setattr(demande, champ, champs[champ])
    demande.instantane = None
    demande.save(update_fields=[*ecrits, "instantane"])
    if participants is not None:
        demande.participants.set(personne for personne in participants if personne.pk != demande.demandeur_id)
    return demande


def _exiger_redaction(demande, par):
    demande.verrouiller()
    DROITS_DEMANDE.exiger(par, "modifier", demande)
    if not demande.est_modifiable:
        raise ErreurMetier(
            f"Cette demande est à l’état «\u00a0{demande.get_etat_display()}\u00a0» : son contenu ne change plus."
        )


@transaction.atomic
def fusionner_demande(demande, *, par, saisi, temoins, libelles=None, sujet_libre=""):
    """Enregistre ce qui a changé sans écraser ce que le demandeur a écrit ailleurs, d’un autre onglet ; rend les conflits.

    `sujet_libre` l’emporte sur le sujet choisi. Lève ErreurMetier si la demande n’est pas en rédaction.
    """
    _exiger_redaction(demande, par)
    if sujet_libre:
        saisi = {**saisi, "sujet": proposer_sujet(sujet_libre, par=par)}
    a_ecrire, conflits = fusionner(valeurs_demande(demande), temoins, saisi, libelles)
    if a_ecrire:
        ecrire_demande(demande, par=par, **a_ecrire)
    return conflits


@transaction.atomic
def ajouter_participant(demande, personne, *, par):
    """Ajoute une personne au groupe qui consulte ; la demande devient de groupe (R-166, R-169)."""
    _exiger_redaction(demande, par)
    if raison := _pourquoi_pas_du_groupe(demande, personne):
        raise ErreurMetier(raison, exigences=["R-169"])
    demande.participants.add(personne)
    demande.ampleur, demande.instantane = Ampleur.GROUPE, None
    demande.save(update_fields=["ampleur", "instantane"])
    consigner("consultation.demande.ajouter_participant", demande, par=par, details={"personne": str(personne.uuid)})


def _pourquoi_pas_du_groupe(demande, personne):
    if personne.pk == demande.demandeur_id:
        return "Vous êtes déjà de ce groupe : nommez les autres."
    if personne.pk == demande.demandeur.superieur_id:
        return "Votre gestionnaire discute de la demande avec vous : il ne peut en être aussi un participant."
    if not personne.membre_cm:
        return f"{personne} n’est pas membre du conseil multidisciplinaire, à qui s’adresse la consultation."
    if demande.sollicitations.en_vigueur().filter(expert=personne).exists():
        return f"{personne} est l’expert de cette demande : on ne se consulte pas soi-même."
    if demande.participants.count() >= PARTICIPANTS_MAXIMUM:
        return f"Un groupe compte au plus {PARTICIPANTS_MAXIMUM} personnes avec vous."
    return None


@transaction.atomic
def retirer_participant(demande, personne, *, par):
    """Retire une personne du groupe : elle ne lira pas la demande, ou ne la lit plus."""
    _exiger_redaction(demande, par)
    demande.participants.remove(personne)
    demande.instantane = None
    demande.save(update_fields=["instantane"])
    consigner("consultation.demande.retirer_participant", demande, par=par, details={"personne": str(personne.uuid)})


@transaction.atomic
def soumettre_demande(demande, *, par):
    """La demande part chez le gestionnaire, pour en discuter la pertinence (R-179)."""
    passage = demande.franchir(DEMANDE["soumettre"], par=par)
    annoncer("demande_a_discuter", demande, DROITS_DEMANDE.personnes("autoriser", demande), passage.pk)
    return passage


@transaction.atomic
def reprendre_demande(demande, *, par):
    """Le demandeur reprend la rédaction avant la décision de son gestionnaire."""
    return demande.franchir(DEMANDE["reprendre"], par=par)


@transaction.atomic
def autoriser_consultation(demande, *, par, discutee_le):
    """Le gestionnaire autorise, au jour de la discussion ; le demandeur choisit un expert (R-179, R-202)."""
    passage = _noter_discussion(demande, "autoriser", par=par, avec=par, discutee_le=discutee_le)
    annoncer("demande_autorisee", demande, [demande.demandeur], passage.pk)
    return passage


@transaction.atomic
def constater_discussion(demande, *, par, discutee_le):
    """Là où la discussion suffit, le demandeur en consigne la date et poursuit ; le gestionnaire l’apprend (Q-17)."""
    passage = _noter_discussion(
        demande, "constater_discussion", par=par, avec=demande.demandeur.superieur, discutee_le=discutee_le
    )
    annoncer("demande_discutee", demande, DROITS_DEMANDE.personnes("autoriser", demande), passage.pk, urgent=False)
    return passage


def _noter_discussion(demande, code, *, par, avec, discutee_le):
    if discutee_le > jour_local():
        raise ErreurMetier(
            "La discussion n’a pas encore eu lieu : donnez le jour où vous en avez parlé.", exigences=["R-179"]
        )
    demande.verrouiller()
    DROITS_DEMANDE.exiger(par, code, demande)
    demande.discutee_le, demande.discutee_avec = discutee_le, avec
    # Écrits avant de franchir, dans la même transaction : un refus annule tout.
    demande.save(update_fields=["discutee_le", "discutee_avec"])
    return demande.franchir(DEMANDE[code], par=par)


@transaction.atomic
def juger_non_pertinente(demande, *, par, motif):
    """Le gestionnaire juge qu’un expert n’est pas la réponse ; le demandeur lit pourquoi (R-179)."""
    demande.verrouiller()
    DROITS_DEMANDE.exiger(par, "juger_non_pertinente", demande)
    demande.discutee_le, demande.discutee_avec = jour_local(), par
    demande.save(update_fields=["discutee_le", "discutee_avec"])
    passage = demande.franchir(DEMANDE["juger_non_pertinente"], par=par, motif=motif)
    annoncer("demande_non_pertinente", demande, [demande.demandeur], passage.pk)
    return passage


@transaction.atomic
def retirer_demande(demande, *, par):
    """Le demandeur retire sa demande ; l’expert sollicité, s’il y en a un, l’apprend et sa plage redevient libre."""
    passage = demande.franchir(DEMANDE["retirer"], par=par)
    sollicitation = demande.sollicitation
    # Un avis rendu reste rendu : l’expert n’a rien à reprendre.
    if sollicitation and sollicitation.reponse != ReponseExpert.RENDUE:
        liberer(sollicitation)
        rendre_la_plage(sollicitation, ReponseExpert.REPRISE)
        # L’expert ne lit plus la demande : le lien mène à ses autres consultations.
        annoncer("demande_retiree", demande, [sollicitation.expert], passage.pk, url=reverse("consultation:demandes"))
    return passage
