"""QUI : les rôles tenus d’un dossier de mentorat et les actes que chacun peut poser (produit, section 2 ; N-01)."""

from django.db.models import Q

from encadrement.acces.attribues import APPR, DRHCAJ, DSM, TOUS
from encadrement.acces.matrice import Acte, Matrice
from encadrement.acces.roles import RoleMembre, RoleRelatif
from encadrement.documents.acces_documents import inscrire
from mentorat.models import (
    APPROUVEES,
    DemandeMentorat,
    Entente,
    EtatDemande,
    EtatEntente,
    EtatFiche,
    FicheMentor,
    IdentifiePar,
    Jumelage,
    Mesentente,
    NoteDyade,
    NotePersonnelle,
    Prolongation,
    RencontreMentorat,
    SuiviGestionnaire,
)


def _parties(prefixe=""):
    """Rend (mentor, mentoré, gestionnaire du mentoré, gestionnaire du mentor) pour un objet relié à une entente."""
    return (
        RoleRelatif("mentor", "le mentor", chemin=f"{prefixe}mentor"),
        RoleRelatif("mentore", "le mentoré", chemin=f"{prefixe}mentore"),
        RoleRelatif(
            "gestionnaire",
            "le gestionnaire du mentoré",
            chemin=f"{prefixe}mentore__superieur",
            delegable=True,
        ),
        RoleRelatif(
            "gestionnaire_mentor",
            "le gestionnaire du mentor",
            chemin=f"{prefixe}mentor__superieur",
            delegable=True,
        ),
    )


MENTOR, MENTORE, GESTIONNAIRE, GESTIONNAIRE_MENTOR = _parties()
DYADE = (MENTOR, MENTORE)
_apres_approbation = {"champ": "etat", "valeurs": APPROUVEES, "precision": "dès l’approbation"}
_a_la_cloture = {"champ": "etat", "valeurs": {EtatEntente.CLOSE}, "precision": "à la clôture"}

# — Le bottin (D01) : ouvert à tous ; on n’y entre qu’à la suite de son gestionnaire et de la DSM.
SOI = RoleRelatif("candidat", "la personne elle-même", chemin="personne")
GESTIONNAIRE_CANDIDAT = RoleRelatif("gestionnaire", "son gestionnaire", chemin="personne__superieur", delegable=True)
_publiees = {"champ": "etat", "valeurs": {EtatFiche.ACTIVE, EtatFiche.EN_PAUSE}, "precision": "une fois inscrite"}
# Une candidature en rédaction n’est qu’à son auteur.
_deposees = {
    "champ": "etat",
    "valeurs": set(EtatFiche) - {EtatFiche.BROUILLON},
    "precision": "dès la candidature soumise",
}
_LECTEURS_CANDIDATURE = (SOI, *(role.quand(**_deposees) for role in (GESTIONNAIRE_CANDIDAT, DSM, APPR)))

DROITS_FICHE = Matrice(
    FicheMentor,
    {
        "voir": Acte("Voir la fiche", (*_LECTEURS_CANDIDATURE, TOUS.quand(**_publiees))),
        "voir_candidature": Acte("Lire l’autoréflexion et les critères", _LECTEURS_CANDIDATURE),
        "modifier": Acte("Écrire la fiche", (SOI,)),
        "soumettre": Acte("Soumettre la candidature", (SOI,)),
        "recommander": Acte("Recommander", (GESTIONNAIRE_CANDIDAT,), sauf=(SOI,)),
        "decliner": Acte("Ne pas recommander", (GESTIONNAIRE_CANDIDAT,), sauf=(SOI,)),
        "inscrire": Acte("Inscrire au bottin", (DSM, APPR), sauf=(SOI,)),
        "ecarter": Acte("Ne pas inscrire", (DSM, APPR), sauf=(SOI,)),
        "former": Acte("Consigner la formation de mentor", (DSM, APPR), sauf=(SOI,)),
        "confirmer": Acte("Confirmer pour un an", (SOI, DSM, APPR)),
        "mettre_en_pause": Acte("Mettre en pause", (SOI, DSM, APPR)),
        "reprendre": Acte("Reprendre", (SOI, DSM, APPR)),
        "retirer": Acte("Retirer du bottin", (SOI, DSM, APPR)),
        "recommencer": Acte("Reprendre la candidature", (SOI,)),
    },
    nom="Bottin des mentors",
)

# — La demande et le jumelage (D02).
DEMANDEUR = RoleRelatif("mentore", "le mentoré", chemin="mentore")
GESTIONNAIRE_DEMANDE = RoleRelatif(
    "gestionnaire", "le gestionnaire du mentoré", chemin="mentore__superieur", delegable=True
)
MENTOR_PRESSENTI = RoleMembre(
    "mentor_pressenti",
    "le mentor pressenti",
    lien=Jumelage,
    vers_objet="demande",
    vers_personne="mentor",
    condition=Q(actif=True),
)
# Qui a déjà dit oui n’a plus rien à faire : seul l’autre est attendu.
MENTOR_A_ENTENDRE = RoleMembre(
    "mentor_pressenti",
    "le mentor pressenti",
    lien=Jumelage,
    vers_objet="demande",
    vers_personne="mentor",
    condition=Q(actif=True, accepte_mentor_le__isnull=True),
)
MENTORE_A_ENTENDRE = RoleMembre(
    "mentore",
    "le mentoré",
    lien=Jumelage,
    vers_objet="demande",
    vers_personne="demande__mentore",
    condition=Q(actif=True, accepte_mentore_le__isnull=True),
)
_VU_PAR_LE_MENTORE = {IdentifiePar.INTERVENANT, IdentifiePar.LES_DEUX}
_soumises = {
    "champ": "etat",
    "valeurs": set(EtatDemande) - {EtatDemande.BROUILLON},
    "precision": "dès la demande soumise",
}

DROITS_DEMANDE = Matrice(
    DemandeMentorat,
    {
        "voir": Acte(
            "Voir la demande",
            (
                DEMANDEUR,
                GESTIONNAIRE_DEMANDE.quand(**_soumises),
                MENTOR_PRESSENTI,
                DSM.quand(**_soumises),
                APPR.quand(**_soumises),
            ),
        ),
        "modifier": Acte("Écrire la demande", (DEMANDEUR,)),
        "soumettre": Acte("Soumettre au gestionnaire", (DEMANDEUR,)),
        "retirer": Acte(
            "Retirer la demande",
            (
                DEMANDEUR.quand("identifie_par", _VU_PAR_LE_MENTORE, "s’il l’a faite"),
                # Désigné par son gestionnaire, le mentorat n’est plus au choix du mentoré.
                GESTIONNAIRE_DEMANDE.quand("identifie_par", {IdentifiePar.GESTIONNAIRE}, "s’il l’a désignée"),
            ),
        ),
        "accepter": Acte("Accepter la demande", (GESTIONNAIRE_DEMANDE,), sauf=(DEMANDEUR,)),
        "refuser": Acte("Refuser la demande", (GESTIONNAIRE_DEMANDE,), sauf=(DEMANDEUR,)),
        "suggerer": Acte("Suggérer un mentor", (DSM, APPR), sauf=(DEMANDEUR,)),
        "proposer": Acte("Proposer un jumelage", (GESTIONNAIRE_DEMANDE,), sauf=(DEMANDEUR,)),
        "accepter_jumelage": Acte("Accepter le jumelage", (MENTOR_A_ENTENDRE, MENTORE_A_ENTENDRE)),
        "decliner_jumelage": Acte("Dire que ce jumelage ne convient pas", (MENTOR_PRESSENTI, DEMANDEUR)),
        "jumeler": Acte("Conclure le jumelage", (MENTOR_PRESSENTI, DEMANDEUR)),
    },
)

# — L’entente (D03) et ce qui en dépend.
DROITS_ENTENTE = Matrice(
    Entente,
    {
        "voir": Acte(
            "Voir l’entente",
            (
                *DYADE,
                GESTIONNAIRE,
                APPR.quand(**_apres_approbation),
                DSM.quand(**_apres_approbation),
                DRHCAJ.quand(**_apres_approbation),
            ),
        ),
        "modifier": Acte("Rédiger l’entente", DYADE),
        "soumettre": Acte("Soumettre à la signature", DYADE),
        "rouvrir": Acte("Reprendre la rédaction", DYADE),
        "signer": Acte("Signer l’entente", DYADE),
        "presenter": Acte("Présenter au gestionnaire", DYADE),
        "approuver": Acte("Approuver et signer", (GESTIONNAIRE,), sauf=DYADE),
        "renvoyer": Acte("Renvoyer avec un commentaire", (GESTIONNAIRE,), sauf=DYADE),
        "refuser": Acte("Refuser l’entente", (GESTIONNAIRE,), sauf=DYADE),
        "abandonner": Acte("Abandonner le projet d’entente", DYADE),
        "confirmer_conditions": Acte("Confirmer les conditions favorables", (GESTIONNAIRE,), sauf=DYADE),
        "voir_liberation": Acte("Voir les dates et les heures à libérer", (GESTIONNAIRE_MENTOR, GESTIONNAIRE, *DYADE)),
        "voir_journal": Acte("Voir dates et durées des rencontres", (*DYADE, GESTIONNAIRE)),
        "consigner_rencontre": Acte("Tenir le journal des rencontres", DYADE),
        "voir_notes": Acte("Lire et écrire les notes de la dyade", DYADE),
        "noter_pour_soi": Acte("Écrire une note personnelle", DYADE),
        "voir_suivi": Acte("Lire le suivi au gestionnaire", (*DYADE, GESTIONNAIRE)),
        "ecrire_suivi": Acte("Écrire un suivi au gestionnaire", (MENTOR,)),
        "voir_mi_temps": Acte("Lire le bilan de mi-temps", (*DYADE, GESTIONNAIRE)),
        "ecrire_mi_temps": Acte("Écrire le bilan de mi-temps", DYADE),
        "confirmer_mi_temps": Acte("Confirmer le bilan de mi-temps", DYADE),
        "voir_finale": Acte(
            "Lire l’évaluation finale",
            (*DYADE, GESTIONNAIRE, APPR.quand(**_a_la_cloture), DSM.quand(**_a_la_cloture)),
        ),
        "entamer_finale": Acte("Entamer l’évaluation finale", DYADE),
        "ecrire_finale": Acte("Écrire l’évaluation finale", DYADE),
        "signer_finale": Acte("Signer l’évaluation finale", DYADE),
        "presenter_finale": Acte("Présenter l’évaluation au gestionnaire", DYADE),
        "renvoyer_finale": Acte("Renvoyer l’évaluation", (GESTIONNAIRE,), sauf=DYADE),
        "clore": Acte("Clore et signer", (GESTIONNAIRE,), sauf=DYADE),
        "demander_prolongation": Acte("Demander une prolongation", DYADE),
        "demander_fin": Acte("Demander la fin", (*DYADE, GESTIONNAIRE)),
        "retirer_fin": Acte("Retirer la demande de fin", (*DYADE, GESTIONNAIRE)),
        "voir_fin": Acte(
            "Lire la demande et la rencontre de fin", (*DYADE, GESTIONNAIRE, APPR.quand(**_apres_approbation))
        ),
        "consigner_fin": Acte("Consigner la rencontre de fin", (GESTIONNAIRE, APPR)),
        "constater_fin": Acte("Constater la fin", (GESTIONNAIRE,), sauf=DYADE),
        "signaler_mesentente": Acte("Signaler une difficulté ou une mésentente", DYADE),
        "recevoir_dsm": Acte(
            "Accuser réception pour la DSM", (APPR.quand(**_apres_approbation), DSM.quand(**_apres_approbation))
        ),
        "recevoir_drhcaj": Acte("Accuser réception pour la DRHCAJ", (DRHCAJ.quand(**_apres_approbation),)),
        "attester_heures": Acte("Obtenir son attestation d’heures", DYADE),
        # Savoir qu’un bilan tarde n’en montre rien : l’APPR suit et relance sans le lire.
        "suivre": Acte(
            "Suivre les échéances, et relancer",
            (GESTIONNAIRE, APPR.quand(**_apres_approbation), DSM.quand(**_apres_approbation)),
        ),
    },
)

_MENTOR_E, _MENTORE_E, _GESTIONNAIRE_E, _ = _parties("entente__")
AUTEUR = RoleRelatif("auteur", "l’auteur", chemin="auteur")

DROITS_RENCONTRE = Matrice(
    RencontreMentorat,
    {
        "voir": Acte("Voir la date et la durée", (_MENTOR_E, _MENTORE_E, _GESTIONNAIRE_E)),
        "corriger": Acte("Corriger ou retirer la rencontre", (_MENTOR_E, _MENTORE_E)),
    },
    nom="Journal des rencontres",
)
DROITS_NOTE_DYADE = Matrice(
    NoteDyade,
    {
        "voir": Acte("Lire la note", (_MENTOR_E, _MENTORE_E)),
        "modifier": Acte("Modifier la note", (AUTEUR,)),
    },
    nom="Notes de la dyade",
)
DROITS_NOTE_PERSONNELLE = Matrice(
    NotePersonnelle,
    {"voir": Acte("Lire la note", (AUTEUR,)), "modifier": Acte("Modifier la note", (AUTEUR,))},
    nom="Notes personnelles",
)
DROITS_SUIVI = Matrice(
    SuiviGestionnaire,
    {"voir": Acte("Lire le suivi", (_MENTOR_E, _MENTORE_E, _GESTIONNAIRE_E))},
    nom="Suivis au gestionnaire",
)

DROITS_PROLONGATION = Matrice(
    Prolongation,
    {
        "voir": Acte("Voir la demande de prolongation", (_MENTOR_E, _MENTORE_E, _GESTIONNAIRE_E, DSM, APPR)),
        "accorder": Acte("Accorder la prolongation", (_GESTIONNAIRE_E,), sauf=(_MENTOR_E, _MENTORE_E)),
        "refuser": Acte("Refuser la prolongation", (_GESTIONNAIRE_E,), sauf=(_MENTOR_E, _MENTORE_E)),
    },
)

# — Un signalement n’est vu que de son auteur et de ceux à qui il l’adresse.
_GESTIONNAIRE_ADRESSE = _GESTIONNAIRE_E.quand("au_gestionnaire", {True}, "s’il lui est adressé")
_APPR_ADRESSE = APPR.quand("a_la_dsm", {True}, "s’il lui est adressé")
_DESTINATAIRES = (_GESTIONNAIRE_ADRESSE, _APPR_ADRESSE)

DROITS_MESENTENTE = Matrice(
    Mesentente,
    {
        "voir": Acte("Lire le signalement", (AUTEUR, *_DESTINATAIRES)),
        "prendre_en_charge": Acte("Prendre en charge", _DESTINATAIRES, sauf=(AUTEUR,)),
        "regler": Acte("Noter la mésentente comme réglée", (*_DESTINATAIRES, AUTEUR)),
    },
)

# — Voir un document, c’est pouvoir lire ce dont il est tiré.
DOCUMENTS = {
    "entente": ("voir", "entente de mentorat"),
    "mi_temps": ("voir_mi_temps", "bilan de mi-temps du mentorat"),
    "finale": ("voir_finale", "évaluation finale du mentorat"),
}


def inscrire_documents():
    """Dit à la pièce des documents qui voit chaque nature de PDF du mentorat."""
    for nature, (acte, libelle) in DOCUMENTS.items():
        inscrire(nature, _lecteur(acte), _nom_de_fichier(nature), libelle=libelle)
    for role in DYADE:
        inscrire(
            f"heures_{role.code}", role.tenu_par, _nom_de_fichier("heures"), libelle="attestation d’heures de mentorat"
        )


def _lecteur(acte):
    return lambda personne, entente: DROITS_ENTENTE.peut(personne, acte, entente)


def _nom_de_fichier(prefixe):
    return lambda entente: f"{prefixe.replace('_', '-')}-{entente.numero}"
