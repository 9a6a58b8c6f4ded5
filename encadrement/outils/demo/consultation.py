"""Des consultations d’experts amenées à l’état voulu par les vraies actions : jamais un état forgé.

Les contenus viennent des formulaires d’exemple (prismes, coussin d’assise) ; `d` est la distribution.
"""

import datetime

from django.utils import timezone

from consultation.actions import bottin, demandes, dsm, experts, issues, plages, suivi, sujets
from consultation.models import Ampleur, DemandeConsultation, FicheExpert, ModeConsultation, SorteExpert, Suite
from encadrement.demandes import actions as services
from encadrement.demandes.models import DemandeService
from encadrement.rencontres.serie import creneau
from encadrement.signatures.actions import Confirmation
from encadrement.socle.temps import jour_local

CONFIRMATION = Confirmation(adresse="127.0.0.1", engagement="Cette demande ne nomme aucun usager.")
EXPERTISE = "Positionnement et aides à la mobilité"
QUESTION = (
    "Chez un adulte post-AVC avec héminégligence persistante à 9 mois, quelles modalités d’adaptation de prismes sont "
    "réalistes à domicile, à raison d’une visite/semaine?"
)
FORMULAIRE = {
    "question": QUESTION,
    "contexte": "Adulte vivant avec son conjoint, autonomie partielle, motivé; une visite par semaine au domicile.",
    "recherches": "3 articles, guide des AVC, échange avec l’équipe.",
    "constats": "Les protocoles trouvés demandent des séances quotidiennes : rien à une visite par semaine.",
    "attentes": "Protocole simple + critères d’arrêt.",
    "partenaires": "SAPA, URFI de Maria",
    "disponibilites": "Mardi et jeudi après-midi, Teams ou téléphone",
}
SUJETS = ("Héminégligence", "Coussin d’assise et plaies", "Aides à la mobilité motorisées", "Dysphagie")
RENCONTRE = {"minutes": 45, "mode": ModeConsultation.TEAMS}
REPONSES = {"apport": "piste", "valeur_situation": 4, "valeur_pratique": 5, "commentaire": ""}
RUISSS = {
    "destinataire": "Plateforme de transfert de connaissances du RUISSS UL",
    "finalite": "Obtenir l’avis d’un expert en réadaptation neurologique.",
    "justification": "Aucun expert du CISSS n’a cette expertise; la demande est dépersonnalisée.",
}
CONTACT = {
    "expert_externe": "Clinique de réadaptation neurologique",
    "organisme": "CHU de Québec – Université Laval",
    "expertise": "Réadaptation neurologique",
}


def liaison(d):
    """Rend l’agent de liaison du RUISSS UL : l’APPR de la démonstration tient aussi ce rôle."""
    return getattr(d, "appr_liaison", d.appr)


def les_sujets(d):
    """La liste de départ ; la relire ne la double pas."""
    return [sujets.ajouter_sujet(libelle, par=d.dsm) for libelle in SUJETS]


# — Le bottin


def fiche_en_redaction(d, personne=None, expertise=EXPERTISE):
    fiche = bottin.ouvrir_fiche(par=personne or d.mentor)
    if fiche.expertise:
        return fiche
    return bottin.ecrire_fiche(
        fiche,
        par=fiche.personne,
        sorte=SorteExpert.PAIR,
        expertise=expertise,
        presentation="Quinze ans de réadaptation physique; coussins, positionnement, aides motorisées.",
        disponibilite="Mardi et jeudi après-midi",
        sujets=les_sujets(d)[:3],
    )


def fiche_identifiee(d):
    return bottin.identifier_expert(d.mentor, par=d.gestionnaire_mentor, expertise=EXPERTISE)


def fiche_soumise(d, personne=None, expertise=EXPERTISE):
    fiche = fiche_en_redaction(d, personne, expertise)
    bottin.soumettre_candidature(fiche, par=fiche.personne)
    return fiche


def fiche_appuyee(d, personne=None, expertise=EXPERTISE):
    fiche = fiche_soumise(d, personne, expertise)
    bottin.appuyer_candidature(fiche, par=fiche.personne.superieur)
    return fiche


def fiche_inscrite(d, personne=None, expertise=EXPERTISE):
    """La fiche d’un expert au bottin ; la même à chaque appel dans un essai."""
    existante = FicheExpert.objects.publiees().filter(personne=personne or d.mentor).first()
    if existante:
        return existante
    fiche = fiche_appuyee(d, personne, expertise)
    bottin.inscrire_expert(fiche, par=d.dsm)
    return FicheExpert.objects.get(pk=fiche.pk)


def autre_fiche(d):
    return fiche_inscrite(d, d.animatrice, "Langage et communication")


def plage_libre(d, dans=7, heure=13):
    """Une plage de l’expert, dans sept jours à 13 h."""
    jour = jour_local() + datetime.timedelta(days=dans)
    moment = creneau(jour, datetime.time(heure), 45)
    return plages.offrir_plages(fiche_inscrite(d), [moment], par=d.mentor, lieu="https://teams.exemple/expert")[0]


# — La demande, échelon par échelon


def _relue(demande):
    return DemandeConsultation.objects.get(pk=demande.pk)


def demande_en_redaction(d, demandeur=None, **champs):
    """Une demande écrite, pas encore présentée."""
    demande = demandes.ouvrir_demande(par=demandeur or d.mentore)
    demandes.ecrire_demande(demande, par=demande.demandeur, **{**FORMULAIRE, "sujet": les_sujets(d)[0], **champs})
    return demande


def demande_de_groupe(d):
    return demande_en_redaction(d, ampleur=Ampleur.GROUPE, participants=[d.collegue])


def demande_soumise(d, demandeur=None):
    demande = demande_en_redaction(d, demandeur)
    demandes.soumettre_demande(demande, par=demande.demandeur)
    return demande


def demande_autorisee(d, demandeur=None):
    demande = demande_soumise(d, demandeur)
    demandes.autoriser_consultation(demande, par=demande.demandeur.superieur, discutee_le=jour_local())
    return _relue(demande)


def demande_chez_expert(d, plage=None, demandeur=None):
    demande = demande_autorisee(d, demandeur)
    experts.choisir_expert(demande, par=demande.demandeur, fiche=fiche_inscrite(d), plage=plage)
    return _relue(demande)


def moment_propose(d):
    demande = demande_chez_expert(d)
    experts.proposer_moment(demande, par=d.mentor, moment=timezone.now() + datetime.timedelta(days=3), lieu="Teams")
    return _relue(demande)


def demande_acceptee(d, plage=None, demandeur=None):
    demande = demande_chez_expert(d, plage, demandeur)
    experts.accepter_demande(demande, par=d.mentor)
    return _relue(demande)


def rencontre_tenue(d, demandeur=None):
    demande = demande_acceptee(d, demandeur=demandeur)
    experts.consigner_rencontre(demande, par=d.mentor, jour=jour_local(), **RENCONTRE)
    return demande


def demande_declinee(d):
    """Un premier expert a décliné : il reste à en choisir un autre, ou à aller à la DSM."""
    demande = demande_autorisee(d)
    experts.choisir_expert(demande, par=d.mentore, fiche=autre_fiche(d))
    experts.decliner_demande(demande, par=d.animatrice, motif="Hors de mon champ.")
    return _relue(demande)


def avis_rendu(d, demandeur=None):
    demande = rencontre_tenue(d, demandeur)
    experts.rendre_avis(
        demande, par=d.mentor, avis="Essayer deux blocs de 10 minutes, cesser après 4 semaines sans gain."
    )
    return _relue(demande)


def demande_fermee(d, demandeur=None):
    demande = avis_rendu(d, demandeur)
    issues.fermer_consultation(demande, par=demande.demandeur, suite=Suite.DENOUEE, reponses=REPONSES)
    return _relue(demande)


def demande_non_pertinente(d):
    demande = demande_soumise(d)
    demandes.juger_non_pertinente(demande, par=d.gestionnaire, motif="Le guide du programme y répond, page 12.")
    return _relue(demande)


def demande_retiree(d):
    demande = demande_soumise(d)
    demandes.retirer_demande(demande, par=d.mentore)
    return _relue(demande)


def formulaire_ouvert(d):
    demande = demande_declinee(d)
    dsm.demander_a_la_dsm(demande, par=d.mentore)
    return _relue(demande)


def demande_transmise(d):
    demande = formulaire_ouvert(d)
    dsm.transmettre_a_la_dsm(demande, par=d.mentore, confirmation=CONFIRMATION)
    return _relue(demande)


def demande_analysee(d):
    demande = demande_transmise(d)
    dsm.analyser_demande(demande, par=d.appr, motif="L’expertise manque au CISSS.")
    return _relue(demande)


def demande_acheminee(d):
    demande = demande_analysee(d)
    dsm.acheminer_au_ruisss(demande, par=liaison(d), **RUISSS)
    return _relue(demande)


def demande_en_contact(d):
    demande = demande_acheminee(d)
    dsm.etablir_contact(demande, par=liaison(d), contact_le=jour_local(), **CONTACT)
    return _relue(demande)


def demande_fermee_par_le_ruisss(d):
    demande = demande_en_contact(d)
    experts.consigner_rencontre(demande, par=d.mentore, jour=jour_local(), minutes=90, mode=ModeConsultation.TEAMS)
    issues.fermer_consultation(demande, par=d.mentore, suite=Suite.DENOUEE, reponses=REPONSES)
    return _relue(demande)


def demande_au_comite(d):
    demande = demande_analysee(d)
    dsm.reorienter_vers_comite(demande, par=d.appr, motif="Plusieurs directions sont en cause.")
    return _relue(demande)


# — Le tableau de suivi


def ligne_de_couloir(d):
    """Une consultation tenue entre deux portes, que l’expert inscrit (annexe 13)."""
    fiche_inscrite(d)
    return suivi.ajouter_ligne(
        par=d.mentor,
        jour=jour_local(),
        demandeur=d.mentore,
        minutes=45,
        sujet=les_sujets(d)[1],
        commentaires="Suivi à 3 sem.",
    )


# — Les demandes de service à la DSM


def _service(demande):
    return DemandeService.objects.get(pk=demande.pk)


def soutien_en_redaction(d):
    demande = services.ouvrir_soutien(par=d.mentore, mesure="mentorat")
    services.ecrire_demande_service(
        demande,
        par=d.mentore,
        question="Comment mener un bilan de mi-temps quand un objectif n’a pas pu être travaillé?",
        attentes="Une rencontre d’une heure avec un APPR.",
    )
    return _service(demande)


def soutien_transmis(d):
    demande = soutien_en_redaction(d)
    services.transmettre_demande_service(demande, par=d.mentore, confirmation=CONFIRMATION)
    return _service(demande)


def soutien_pris_en_charge(d):
    demande = soutien_transmis(d)
    services.prendre_en_charge(demande, par=d.appr)
    return _service(demande)


def soutien_clos(d):
    demande = soutien_pris_en_charge(d)
    services.clore_demande_service(demande, par=d.appr, suite="Rencontre tenue; aide-mémoire remis.", minutes=60)
    return _service(demande)


def cas_en_redaction(d):
    """Une demande au comité, née d’une consultation réorientée."""
    return _service(demande_au_comite(d).demande_comite)


def cas_poursuivi(d):
    """La même, poursuivie au comité : rien n’en reste ici."""
    demande = cas_en_redaction(d)
    services.poursuivre_ailleurs(demande, par=d.mentore)
    return _service(demande)
