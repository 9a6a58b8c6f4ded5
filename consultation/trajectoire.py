"""D’OÙ VERS OÙ : les transitions du bottin et de la demande ; elles tiennent lieu de l’annexe 12 (R-177, R-401, Q-02)."""

from consultation import regles as r
from consultation.droits import DROITS_DEMANDE, DROITS_FICHE
from consultation.models import (
    DemandeConsultation,
    EtatConsultation,
    EtatFicheExpert,
    FicheExpert,
    approbation_exigee,
)
from encadrement.trajectoire.transition import Trajectoire, options, table

F = EtatFicheExpert
_COMPLETE = (r.sorte_dite, r.expertise_dite, r.ordre_en_regle)
FICHE = table(
    DROITS_FICHE,
    [
        (
            "soumettre",
            [F.BROUILLON],
            F.CANDIDATURE,
            options(
                "Soumettre ma candidature", ton="principal", conditions=_COMPLETE, avertissements=(r.sujets_nommes,)
            ),
        ),
        (
            "identifier",
            [F.BROUILLON, F.NON_RETENUE, F.RETIREE],
            F.IDENTIFIEE,
            options("Identifier comme expert"),
        ),
        (
            "completer",
            [F.IDENTIFIEE],
            F.APPUYEE,
            options("Accepter d’être expert", ton="principal", attendue=True, conditions=_COMPLETE),
        ),
        ("refuser", [F.IDENTIFIEE], F.NON_RETENUE, options("Décliner l’offre")),
        ("appuyer", [F.CANDIDATURE], F.APPUYEE, options("Appuyer la candidature", ton="principal", attendue=True)),
        (
            "ecarter",
            [F.CANDIDATURE, F.APPUYEE],
            F.NON_RETENUE,
            options("Ne pas retenir", motif_requis=True),
        ),
        (
            "inscrire",
            [F.APPUYEE],
            F.ACTIVE,
            options(
                "Inscrire au bottin",
                ton="principal",
                attendue=True,
                conditions=(*_COMPLETE, r.appui_du_gestionnaire),
            ),
        ),
        ("confirmer", [F.ACTIVE], None, options("Confirmer l’inscription pour un an")),
        ("mettre_en_pause", [F.ACTIVE], F.EN_PAUSE, options("Mettre en pause")),
        (
            "reprendre",
            [F.EN_PAUSE],
            F.ACTIVE,
            options("Reprendre", ton="principal", conditions=(r.ordre_en_regle,)),
        ),
        ("retirer", [F.ACTIVE, F.EN_PAUSE], F.RETIREE, options("Retirer du bottin", ton="danger")),
        ("recommencer", [F.NON_RETENUE, F.RETIREE], F.BROUILLON, options("Reprendre ma candidature")),
    ],
)
TRAJECTOIRE_FICHE = Trajectoire(
    FicheExpert,
    etapes=(F.BROUILLON, F.CANDIDATURE, F.APPUYEE, F.ACTIVE),
    transitions=FICHE.values(),
    url="consultation:fiche_{code}",
)

E = EtatConsultation
_AVANT_L_AVIS = [E.BROUILLON, E.A_DISCUTER, E.AUTORISEE, E.CHEZ_EXPERT, E.ACCEPTEE, E.FORMULAIRE, E.TRANSMISE]
DEMANDE = table(
    DROITS_DEMANDE,
    [
        # — 1 et 2 : ses propres recherches, puis la discussion avec le gestionnaire.
        (
            "soumettre",
            [E.BROUILLON],
            E.A_DISCUTER,
            options(
                "Présenter à mon gestionnaire",
                ton="principal",
                attendue=True,
                conditions=(
                    r.demandeur_membre_du_cm,
                    r.question_posee,
                    r.recherches_consignees,
                    r.sujet_choisi,
                    r.groupe_nomme,
                    r.gestionnaire_connu,
                ),
            ),
        ),
        ("reprendre", [E.A_DISCUTER], E.BROUILLON, options("Reprendre la rédaction")),
        (
            "autoriser",
            [E.A_DISCUTER],
            E.AUTORISEE,
            options("Autoriser la consultation", ton="principal", attendue=True),
        ),
        (
            "juger_non_pertinente",
            [E.A_DISCUTER],
            E.NON_PERTINENTE,
            options("Juger non pertinente", motif_requis=True),
        ),
        (
            "constater_discussion",
            [E.A_DISCUTER],
            E.AUTORISEE,
            options("Consigner la discussion", conditions=(r.discussion_suffit,)),
        ),
        # — 3 : l’expert du CISSS.
        (
            "choisir_expert",
            [E.AUTORISEE],
            E.CHEZ_EXPERT,
            options("Choisir un expert au bottin", ton="principal", attendue=True),
        ),
        ("changer_expert", [E.CHEZ_EXPERT], E.AUTORISEE, options("Choisir un autre expert")),
        (
            "accepter",
            [E.CHEZ_EXPERT],
            E.ACCEPTEE,
            options("Accepter la demande", ton="principal", attendue=True),
        ),
        (
            "decliner",
            [E.CHEZ_EXPERT, E.ACCEPTEE],
            E.AUTORISEE,
            options("Décliner la demande", motif_requis=True),
        ),
        ("proposer_moment", [E.CHEZ_EXPERT, E.ACCEPTEE], None, options("Proposer un moment")),
        (
            "accepter_moment",
            [E.CHEZ_EXPERT, E.ACCEPTEE],
            E.ACCEPTEE,
            options("Accepter le moment proposé", ton="principal", conditions=(r.moment_propose, r.moment_a_venir)),
        ),
        (
            "refuser_moment",
            [E.CHEZ_EXPERT, E.ACCEPTEE],
            None,
            options("Demander un autre moment", conditions=(r.moment_propose,)),
        ),
        (
            "rendre_avis",
            [E.ACCEPTEE],
            E.AVIS_RENDU,
            options(
                "Rendre l’avis",
                ton="principal",
                attendue=True,
                conditions=(r.rencontre_consignee,),
                avertissements=(r.quelques_rencontres,),
            ),
        ),
        (
            "fermer",
            [E.AVIS_RENDU, E.EN_CONTACT],
            E.FERMEE,
            options("Fermer la consultation", ton="principal", attendue=True),
        ),
        # — 4 : le formulaire de la DSM, si l’expert n’a pu répondre ou si l’expertise n’existe pas.
        ("poursuivre", [E.AVIS_RENDU], E.FORMULAIRE, options("Poursuivre vers la DSM")),
        (
            "demander_dsm",
            [E.AUTORISEE],
            E.FORMULAIRE,
            options("Demander à la DSM", conditions=(r.un_expert_a_decline,)),
        ),
        (
            "constater_absence",
            [E.AUTORISEE],
            E.FORMULAIRE,
            options("Aucun expert du bottin ne convient", motif_requis=True),
        ),
        (
            "transmettre",
            [E.FORMULAIRE],
            E.TRANSMISE,
            options(
                "Signer et transmettre à la DSM",
                ton="principal",
                attendue=True,
                conditions=(r.question_posee, r.recherches_consignees, r.attentes_dites, r.sujet_choisi),
            ),
        ),
        # — 5 et 6 : l’analyse, puis le RUISSS UL, un expert du CISSS ou le comité.
        ("renvoyer", [E.TRANSMISE], E.FORMULAIRE, options("Renvoyer avec un commentaire", motif_requis=True)),
        (
            "analyser",
            [E.TRANSMISE],
            E.ANALYSEE,
            options("Analyser la demande", ton="principal", attendue=True, motif_requis=True),
        ),
        (
            "acheminer",
            [E.ANALYSEE],
            E.AU_RUISSS,
            options("Acheminer au RUISSS UL", ton="principal", attendue=True),
        ),
        (
            "reorienter_expert",
            [E.ANALYSEE],
            E.CHEZ_EXPERT,
            options("Réorienter vers un expert du CISSS", motif_requis=True),
        ),
        (
            "reorienter_comite",
            [E.ANALYSEE],
            E.AU_COMITE,
            options("Confier au comité de concertation", motif_requis=True),
        ),
        (
            "etablir_contact",
            [E.AU_RUISSS],
            E.EN_CONTACT,
            options("Noter le contact établi", ton="principal", attendue=True),
        ),
        (
            "constater_sans_reponse",
            [E.AU_RUISSS],
            E.ANALYSEE,
            options("Le RUISSS UL ne peut répondre", motif_requis=True),
        ),
        ("clore", [E.EN_CONTACT], E.FERMEE, options("Clore sans nouvelles du demandeur", motif_requis=True)),
        ("retirer", _AVANT_L_AVIS, E.RETIREE, options("Retirer la demande")),
    ],
)
_AVANT_L_EXPERT = (E.BROUILLON, E.A_DISCUTER, E.AUTORISEE)
_CHEZ_L_EXPERT = (E.CHEZ_EXPERT, E.ACCEPTEE, E.AVIS_RENDU)
_A_LA_DSM = (E.FORMULAIRE, E.TRANSMISE, E.ANALYSEE)
_AU_RUISSS = (E.AU_RUISSS, E.EN_CONTACT)


def _chemin(demande):
    """Les échelons de cette demande, dans l’ordre où elle les monte : sans la DSM si elle n’y vient pas, par exemple."""
    etat = demande.etat
    if not demande.a_la_dsm and etat not in _A_LA_DSM:
        return (*_AVANT_L_EXPERT, *_CHEZ_L_EXPERT, E.FERMEE)
    franchies = set(demande.passages.values_list("vers", flat=True))
    if etat == E.AUTORISEE:
        # Réorientée, puis déclinée : il reste à choisir un autre expert, la DSM est derrière.
        return (E.BROUILLON, E.A_DISCUTER, *_A_LA_DSM, E.AUTORISEE, *_CHEZ_L_EXPERT, E.FERMEE)
    if etat in _CHEZ_L_EXPERT or (etat == E.FERMEE and E.EN_CONTACT not in franchies):
        return (*_AVANT_L_EXPERT, *_A_LA_DSM, *_CHEZ_L_EXPERT, E.FERMEE)
    experts = (echelon for echelon in _CHEZ_L_EXPERT if echelon in franchies)
    return (*_AVANT_L_EXPERT, *experts, *_A_LA_DSM, *_AU_RUISSS, E.FERMEE)


_DU_DEMANDEUR = (E.BROUILLON, E.AUTORISEE, E.AVIS_RENDU, E.FORMULAIRE, E.EN_CONTACT)
_DE_LA_DSM = {
    E.TRANSMISE: "un APPR de la DSM",
    E.ANALYSEE: "l’agent de liaison du RUISSS UL",
    E.AU_RUISSS: "l’agent de liaison du RUISSS UL",
}


def a_qui_le_tour(demande, sollicitation):
    """Rend de qui l’on attend le prochain geste (une personne, ou un rôle de la DSM), ou None si plus rien n’est attendu.

    `sollicitation` est celle de l’expert en ce moment, ou None : une liste les a lues d’un coup.
    """
    if demande.etat in _DU_DEMANDEUR:
        return demande.demandeur
    if demande.etat == E.A_DISCUTER:
        if not approbation_exigee(demande.demandeur.direction):
            # La discussion suffit : le demandeur la consigne.
            return demande.demandeur
        return demande.demandeur.superieur or "un gestionnaire, à nommer à l’organigramme"
    if demande.etat in (E.CHEZ_EXPERT, E.ACCEPTEE):
        if sollicitation is None or sollicitation.moment_propose:
            return demande.demandeur
        return sollicitation.expert
    return _DE_LA_DSM.get(demande.etat)


TRAJECTOIRE_DEMANDE = Trajectoire(
    DemandeConsultation,
    etapes=(*_AVANT_L_EXPERT, *_CHEZ_L_EXPERT, *_A_LA_DSM, *_AU_RUISSS, E.FERMEE),
    transitions=DEMANDE.values(),
    url="consultation:demande_{code}",
    chemin=_chemin,
    attend=lambda demande: str(a_qui_le_tour(demande, demande.sollicitation) or ""),
)
