"""POURQUOI PAS : les exigences du cadre pour la consultation d’experts. Une phrase, ou None si la règle est remplie.

Une règle ne lit que son objet, n’écrit rien, et dit à la personne quoi faire.
"""

from django.utils import timezone

from consultation.models import (
    Ampleur,
    EtatFicheExpert,
    RencontreConsultation,
    ReponseExpert,
    approbation_exigee,
)
from encadrement.cadre.regles import exige
from encadrement.demandes.regles import attentes_dites, question_posee  # noqa: F401  (des règles de la demande aussi)

RENCONTRES_HABITUELLES = 3  # une, ou quelques-unes.

# — Le bottin


@exige("R-170", "R-171")
def sorte_dite(fiche):
    if not fiche.sorte:
        return "Dites à quel titre on vous consulte : spécialiste, chef d’équipe, pair d’expérience…"
    return None


@exige("R-170", "R-172")
def expertise_dite(fiche):
    if not fiche.expertise.strip():
        return "Nommez votre expertise en quelques mots : c’est elle qu’on cherche au bottin."
    return None


@exige("R-170")
def ordre_en_regle(fiche):
    if fiche.personne.ordre and not fiche.personne.ordre_en_regle:
        return "Un expert reconnu est en règle avec son ordre professionnel : faites corriger votre dossier d’employé."
    return None


@exige("R-200")
def appui_du_gestionnaire(fiche):
    if fiche.appuyee_par_id is None and fiche.identifiee_par_id is None:
        return "L’inscription au bottin suit l’appui du gestionnaire."
    return None


@exige("R-172", "R-187")
def sujets_nommes(fiche):
    if not fiche.sujets.exists():
        return "Aucun sujet n’est coché : on trouvera moins facilement cette fiche au bottin."
    return None


# — Ses propres recherches, puis la discussion


@exige("R-169")
def demandeur_membre_du_cm(demande):
    if not demande.demandeur.membre_cm:
        return "La consultation d’experts s’adresse aux membres du conseil multidisciplinaire."
    return None


@exige("R-178", "R-206")
def recherches_consignees(demande):
    if not (demande.recherches.strip() and demande.constats.strip()):
        return "Dites d’abord ce que vous avez cherché et ce que vous avez trouvé : c’est le premier échelon."
    return None


@exige("R-187")
def sujet_choisi(demande):
    if demande.sujet_id is None:
        return "Choisissez le sujet de la consultation, ou proposez-en un."
    return None


@exige("R-166")
def groupe_nomme(demande):
    if demande.ampleur == Ampleur.GROUPE and not demande.participants.exists():
        return "Nommez les personnes du groupe qui consulte avec vous, ou faites-en une demande individuelle."
    return None


@exige("R-179")
def gestionnaire_connu(demande):
    if demande.demandeur.superieur_id is None:
        return "Aucun gestionnaire n’est connu pour vous : demandez à la DRHCAJ de corriger l’organigramme."
    return None


@exige("R-179", "R-202")
def discussion_suffit(demande):
    if approbation_exigee(demande.demandeur.direction):
        return "Dans votre direction, c’est votre gestionnaire qui autorise la consultation, après votre discussion."
    return None


# — L’expert du CISSS


@exige("R-172", "R-180")
def fiche_disponible(fiche):
    if fiche.etat != EtatFicheExpert.ACTIVE or not fiche.personne.is_active:
        return "Cet expert n’est pas disponible au bottin pour le moment : choisissez-en un autre."
    return None


@exige("R-181")
def un_expert_a_decline(demande):
    if not demande.sollicitations.filter(reponse=ReponseExpert.DECLINEE).exists():
        return (
            "Consultez d’abord un expert du bottin : la DSM reçoit ce qu’aucun expert du CISSS n’a pu résoudre. "
            "Si aucun n’a cette expertise, constatez-le."
        )
    return None


@exige("R-174")
def moment_propose(demande):
    sollicitation = demande.sollicitation
    if sollicitation is None or sollicitation.moment_propose is None:
        return "L’expert n’a pas proposé de moment : il n’y a rien à accepter."
    return None


@exige("R-174")
def moment_a_venir(demande):
    sollicitation = demande.sollicitation
    if sollicitation and sollicitation.moment_propose and sollicitation.moment_propose <= timezone.now():
        return "Le moment proposé est déjà passé : demandez-en un autre."
    return None


@exige("R-188", "R-205")
def rencontre_consignee(demande):
    if not RencontreConsultation.objects.filter(sollicitation=demande.sollicitation).exists():
        return "Consignez d’abord la rencontre, sa date et sa durée : le tableau de suivi en dépend."
    return None


@exige("R-174", "R-175")
def quelques_rencontres(demande):
    nombre = RencontreConsultation.objects.filter(sollicitation=demande.sollicitation).count()
    if nombre > RENCONTRES_HABITUELLES:
        return (
            f"{nombre} rencontres sont consignées. Le cadre en prévoit une, ou quelques-unes : un suivi plus long "
            "est plutôt du mentorat."
        )
    return None
