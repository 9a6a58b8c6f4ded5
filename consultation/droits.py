"""QUI : les rôles tenus d’une consultation et les actes que chacun peut poser (produit, section 2 ; D01, D12, D13)."""

from django.db.models import Q

from consultation.models import (
    EN_COURS,
    EN_VIGUEUR,
    Acheminement,
    DemandeConsultation,
    EtatConsultation,
    EtatFicheExpert,
    FicheExpert,
    LigneSuivi,
    Materiel,
    ReglageDirection,
    Sollicitation,
    SujetConsultation,
)
from encadrement.acces.attribues import APPR, DSM, EXECUTIF_CM, LIAISON_RUISSS, TOUS
from encadrement.acces.matrice import Acte, Matrice
from encadrement.acces.roles import RoleMembre, RoleRelatif
from encadrement.documents.acces_documents import inscrire

SOUTIEN_DSM = (APPR, DSM)

# — Le bottin (D01) : ouvert à tous ; on y entre avec l’appui de son gestionnaire, la DSM inscrit.
F = EtatFicheExpert
SOI = RoleRelatif("expert", "la personne elle-même", chemin="personne")
GESTIONNAIRE_EXPERT = RoleRelatif("gestionnaire", "son gestionnaire", chemin="personne__superieur", delegable=True)
_publiee = {"champ": "etat", "valeurs": {F.ACTIVE, F.EN_PAUSE}, "precision": "une fois inscrite"}
_deposee = {"champ": "etat", "valeurs": set(F) - {F.BROUILLON}, "precision": "dès qu’elle est déposée"}
_LECTEURS = (SOI, *(role.quand(**_deposee) for role in (GESTIONNAIRE_EXPERT, *SOUTIEN_DSM)))
_TIENNENT = (SOI, *SOUTIEN_DSM)

DROITS_FICHE = Matrice(
    FicheExpert,
    {
        "voir": Acte("Voir la fiche", (*_LECTEURS, TOUS.quand(**_publiee))),
        "voir_candidature": Acte("Suivre la candidature", _LECTEURS),
        "modifier": Acte("Écrire la fiche", (SOI,)),
        "soumettre": Acte("Soumettre ma candidature", (SOI,)),
        "identifier": Acte("Identifier comme expert", (GESTIONNAIRE_EXPERT, *SOUTIEN_DSM), sauf=(SOI,)),
        "completer": Acte("Accepter d’être expert", (SOI,)),
        "refuser": Acte("Décliner l’offre", (SOI,)),
        "appuyer": Acte("Appuyer la candidature", (GESTIONNAIRE_EXPERT,), sauf=(SOI,)),
        "ecarter": Acte("Ne pas retenir", (GESTIONNAIRE_EXPERT, *SOUTIEN_DSM), sauf=(SOI,)),
        "inscrire": Acte("Inscrire au bottin", SOUTIEN_DSM, sauf=(SOI,)),
        "confirmer": Acte("Confirmer pour un an", _TIENNENT),
        "mettre_en_pause": Acte("Mettre en pause", _TIENNENT),
        "reprendre": Acte("Reprendre", _TIENNENT),
        "retirer": Acte("Retirer du bottin", _TIENNENT),
        "recommencer": Acte("Reprendre ma candidature", (SOI,)),
        "tenir_plages": Acte("Tenir ses plages de disponibilité", (SOI,)),
        "tenir_suivi": Acte("Inscrire une consultation au tableau de suivi", (SOI.quand(**_publiee),)),
        "lire_bilan": Acte("Lire le bilan de mes consultations", (SOI,)),
    },
    nom="Bottin des experts",
)

# — La demande (D12).
DEMANDEUR = RoleRelatif("demandeur", "le demandeur", chemin="demandeur")
GESTIONNAIRE = RoleRelatif(
    "gestionnaire", "le gestionnaire du demandeur", chemin="demandeur__superieur", delegable=True
)
PARTICIPANT = RoleMembre(
    "participant",
    "un membre du groupe qui consulte",
    lien=DemandeConsultation.participants.through,
    vers_objet="demandeconsultation",
)


def _expert(libelle, reponses):
    return RoleMembre(
        "expert",
        libelle,
        lien=Sollicitation,
        vers_objet="demande",
        vers_personne="expert",
        condition=Q(reponse__in=reponses),
    )


# Qui a décliné n’a plus à lire la demande ; qui a rendu son avis la lit encore, mais ne répond plus pour le suivant.
EXPERT = _expert("l’expert consulté", EN_VIGUEUR)
EXPERT_SOLLICITE = _expert("l’expert sollicité", EN_COURS)
_soumise = {
    "champ": "etat",
    "valeurs": set(EtatConsultation) - {EtatConsultation.BROUILLON},
    "precision": "dès la demande soumise",
}
# D12, note 4 : la DSM ne lit que ce qui lui est transmis.
_transmise = {"champ": "a_la_dsm", "valeurs": {True}, "precision": "dès qu’elle lui est transmise"}
_APPR, _DSM, _LIAISON = (role.quand(**_transmise) for role in (APPR, DSM, LIAISON_RUISSS))

DROITS_DEMANDE = Matrice(
    DemandeConsultation,
    {
        "voir": Acte(
            "Voir la demande",
            (
                DEMANDEUR,
                PARTICIPANT.quand(**_soumise),
                GESTIONNAIRE.quand(**_soumise),
                EXPERT,
                _APPR,
                _DSM,
                _LIAISON,
            ),
        ),
        "suivre": Acte(
            "Suivre les réponses attendues, et relancer",
            (GESTIONNAIRE.quand(**_soumise), _APPR, _DSM),
            sauf=(DEMANDEUR,),
        ),
        "modifier": Acte("Écrire la demande", (DEMANDEUR,)),
        "soumettre": Acte("Présenter à mon gestionnaire", (DEMANDEUR,)),
        "reprendre": Acte("Reprendre la rédaction", (DEMANDEUR,)),
        "retirer": Acte("Retirer la demande", (DEMANDEUR,)),
        "autoriser": Acte("Autoriser la consultation", (GESTIONNAIRE,), sauf=(DEMANDEUR, PARTICIPANT)),
        "juger_non_pertinente": Acte(
            "Juger la consultation non pertinente", (GESTIONNAIRE,), sauf=(DEMANDEUR, PARTICIPANT)
        ),
        "constater_discussion": Acte("Consigner la discussion", (DEMANDEUR,)),
        "choisir_expert": Acte("Choisir un expert au bottin", (DEMANDEUR,)),
        "changer_expert": Acte("Choisir un autre expert", (DEMANDEUR,)),
        "constater_absence": Acte("Constater qu’aucun expert du CISSS ne peut répondre", (DEMANDEUR,)),
        "demander_dsm": Acte("Demander à la DSM", (DEMANDEUR,)),
        "accepter": Acte("Accepter la demande", (EXPERT_SOLLICITE,), sauf=(DEMANDEUR,)),
        "decliner": Acte("Décliner la demande", (EXPERT_SOLLICITE,), sauf=(DEMANDEUR,)),
        "proposer_moment": Acte("Proposer un moment", (EXPERT_SOLLICITE,), sauf=(DEMANDEUR,)),
        "accepter_moment": Acte("Accepter le moment proposé", (DEMANDEUR,)),
        "refuser_moment": Acte("Demander un autre moment", (DEMANDEUR,)),
        "rendre_avis": Acte("Rendre l’avis", (EXPERT_SOLLICITE,), sauf=(DEMANDEUR,)),
        "fermer": Acte("Fermer la consultation", (DEMANDEUR,)),
        "poursuivre": Acte("Poursuivre vers la DSM", (DEMANDEUR,)),
        "transmettre": Acte("Signer et transmettre à la DSM", (DEMANDEUR,)),
        "renvoyer": Acte("Renvoyer avec un commentaire", (_APPR,), sauf=(DEMANDEUR,)),
        "analyser": Acte("Analyser la demande", (_APPR,), sauf=(DEMANDEUR,)),
        "reorienter_expert": Acte("Réorienter vers un expert du CISSS", (_APPR,), sauf=(DEMANDEUR,)),
        "reorienter_comite": Acte("Confier au comité de concertation", (_APPR,), sauf=(DEMANDEUR,)),
        # R-196 : l’agent de liaison que la DSM a nommé, et lui seul.
        "acheminer": Acte("Acheminer au RUISSS UL", (_LIAISON,), sauf=(DEMANDEUR,)),
        "etablir_contact": Acte("Noter le contact établi", (_LIAISON,), sauf=(DEMANDEUR,)),
        "constater_sans_reponse": Acte("Constater que le RUISSS UL ne peut répondre", (_LIAISON,), sauf=(DEMANDEUR,)),
        "clore": Acte("Clore sans nouvelles du demandeur", (_LIAISON,), sauf=(DEMANDEUR,)),
        "consigner_rencontre": Acte("Consigner une rencontre", (EXPERT_SOLLICITE, DEMANDEUR, _LIAISON)),
    },
)

# — Le tableau de suivi (D13) : l’expert voit ses lignes, le demandeur celles qui le nomment, la DSM tout (annexe 13).
_EXPERT_LIGNE = RoleRelatif("expert", "l’expert", chemin="expert")
_DEMANDEUR_LIGNE = RoleRelatif("demandeur", "le demandeur", chemin="demandeur")
DROITS_LIGNE = Matrice(
    LigneSuivi,
    {
        "voir": Acte("Voir la ligne", (_EXPERT_LIGNE, _DEMANDEUR_LIGNE, *SOUTIEN_DSM)),
        "modifier": Acte("Corriger ou retirer la ligne", (_EXPERT_LIGNE,)),
    },
    nom="Tableau de suivi",
)

# — Le registre de ce qui est sorti de l’établissement vers le RUISSS UL (O-03).
DROITS_COMMUNICATIONS = Matrice(
    Acheminement,
    {"voir_ensemble": Acte("Voir le registre des communications", (*SOUTIEN_DSM, LIAISON_RUISSS))},
    nom="Communications au RUISSS UL",
)


def voit_tout_le_suivi(personne):
    """Dit si la personne voit toutes les lignes, et non les siennes seulement."""
    return any(role.tenu_par(personne, None) for role in SOUTIEN_DSM)


# — Les sujets, le matériel, les réglages, les chiffres : la DSM et ses APPR tiennent la mesure.
DROITS_SUJET = Matrice(
    SujetConsultation,
    {
        "voir_ensemble": Acte("Voir la fréquence des sujets et les besoins de formation", (*SOUTIEN_DSM, EXECUTIF_CM)),
        "tenir": Acte("Ajouter, fusionner, retirer un sujet", SOUTIEN_DSM),
    },
    nom="Sujets de consultation",
)
DROITS_MATERIEL = Matrice(
    Materiel,
    {
        "voir": Acte("Lire le matériel", (TOUS,)),
        "tenir": Acte("Déposer ou retirer du matériel", SOUTIEN_DSM),
    },
    nom="Matériel didactique",
)
DROITS_REGLAGE = Matrice(
    ReglageDirection,
    {
        "voir": Acte("Voir les réglages des directions", (TOUS,)),
        "regler": Acte("Régler l’autorisation d’une direction", SOUTIEN_DSM),
    },
    nom="Réglages de la consultation",
)


def inscrire_documents():
    """Dit à la pièce des documents qui voit le formulaire transmis (annexe 11) et le tableau imprimé (annexe 13)."""
    inscrire(
        "consultation",
        lambda personne, demande: DROITS_DEMANDE.peut(personne, "voir", demande),
        lambda demande: f"demande-dsm-{demande.numero}",
        libelle="demande de service à la DSM, consultation d’experts",
    )
    # Un tableau imprimé est à qui l’a imprimé : ce que chacun y voit dépend de lui. Celui de toute la maison cesse de se
    # lire avec le rôle qui le permettait.
    inscrire(
        "consultation_suivi",
        lambda personne, titulaire: personne.pk == titulaire.pk,
        lambda titulaire: "tableau-de-suivi",
        libelle="tableau de suivi des consultations",
    )
    inscrire(
        "consultation_suivi_dsm",
        lambda personne, titulaire: personne.pk == titulaire.pk and voit_tout_le_suivi(personne),
        lambda titulaire: "tableau-de-suivi-dsm",
        libelle="tableau de suivi des consultations",
    )
