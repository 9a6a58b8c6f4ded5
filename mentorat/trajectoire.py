"""D’OÙ VERS OÙ : les transitions du mentorat (produit, section 3)."""

from encadrement.trajectoire.transition import Trajectoire, options, table
from mentorat import regles as r
from mentorat.droits import (
    DROITS_DEMANDE,
    DROITS_ENTENTE,
    DROITS_FICHE,
    DROITS_MESENTENTE,
    DROITS_PROLONGATION,
)
from mentorat.models import (
    DemandeMentorat,
    Entente,
    EtatDemande,
    EtatEntente,
    EtatFiche,
    EtatMesentente,
    EtatProlongation,
    FicheMentor,
    Mesentente,
    Prolongation,
)

F = EtatFiche
FICHE = table(
    DROITS_FICHE,
    [
        (
            "soumettre",
            [F.BROUILLON],
            F.CANDIDATURE,
            options(
                "Soumettre ma candidature",
                ton="principal",
                conditions=(r.caracteristiques_completes, r.qualites_completes, r.en_regle_avec_son_ordre),
                avertissements=(r.autoreflexion_presente,),
            ),
        ),
        (
            "recommander",
            [F.CANDIDATURE],
            F.RECOMMANDEE,
            options(
                "Recommander",
                ton="principal",
                attendue=True,
                conditions=(r.en_regle_avec_son_ordre,),
            ),
        ),
        ("decliner", [F.CANDIDATURE], F.NON_RETENUE, options("Ne pas recommander", motif_requis=True)),
        (
            "inscrire",
            [F.RECOMMANDEE],
            F.ACTIVE,
            options(
                "Inscrire au bottin",
                ton="principal",
                attendue=True,
                conditions=(r.recommandee_par_le_gestionnaire, r.en_regle_avec_son_ordre, r.experience_attestee),
                avertissements=(r.formation_suivie,),
            ),
        ),
        ("ecarter", [F.RECOMMANDEE], F.NON_RETENUE, options("Ne pas inscrire", motif_requis=True)),
        ("former", [F.CANDIDATURE, F.RECOMMANDEE, F.ACTIVE, F.EN_PAUSE], None, options("Consigner la formation")),
        ("confirmer", [F.ACTIVE], None, options("Confirmer mon inscription pour un an")),
        ("mettre_en_pause", [F.ACTIVE], F.EN_PAUSE, options("Mettre en pause")),
        (
            "reprendre",
            [F.EN_PAUSE],
            F.ACTIVE,
            options("Reprendre", ton="principal", conditions=(r.en_regle_avec_son_ordre,)),
        ),
        ("retirer", [F.ACTIVE, F.EN_PAUSE], F.RETIREE, options("Retirer du bottin", ton="danger")),
        ("recommencer", [F.NON_RETENUE, F.RETIREE], F.BROUILLON, options("Reprendre ma candidature")),
    ],
)
TRAJECTOIRE_FICHE = Trajectoire(
    FicheMentor,
    etapes=(F.BROUILLON, F.CANDIDATURE, F.RECOMMANDEE, F.ACTIVE),
    transitions=FICHE.values(),
    url="mentorat:fiche_{code}",
)

D = EtatDemande
DEMANDE = table(
    DROITS_DEMANDE,
    [
        (
            "soumettre",
            [D.BROUILLON],
            D.SOUMISE,
            options(
                "Soumettre à mon gestionnaire",
                ton="principal",
                conditions=(r.besoin_coche, r.gestionnaire_connu, r.pas_d_autre_demande),
            ),
        ),
        ("accepter", [D.SOUMISE], D.ACCEPTEE, options("Accepter la demande", ton="principal", attendue=True)),
        ("refuser", [D.SOUMISE], D.REFUSEE, options("Refuser la demande", ton="danger", motif_requis=True)),
        ("suggerer", [D.ACCEPTEE], None, options("Suggérer un mentor")),
        ("proposer", [D.ACCEPTEE], D.PROPOSEE, options("Proposer un jumelage", ton="principal", attendue=True)),
        ("accepter_jumelage", [D.PROPOSEE], None, options("Accepter ce jumelage", ton="principal", attendue=True)),
        ("decliner_jumelage", [D.PROPOSEE], D.ACCEPTEE, options("Ce jumelage ne convient pas")),
        (
            "jumeler",
            [D.PROPOSEE],
            D.JUMELEE,
            options("Conclure le jumelage", automatique=True, conditions=(r.jumelage_accepte,)),
        ),
        ("retirer", [D.BROUILLON, D.SOUMISE, D.ACCEPTEE], D.RETIREE, options("Retirer la demande")),
    ],
)
TRAJECTOIRE_DEMANDE = Trajectoire(
    DemandeMentorat,
    etapes=(D.BROUILLON, D.SOUMISE, D.ACCEPTEE, D.PROPOSEE, D.JUMELEE),
    transitions=DEMANDE.values(),
    url="mentorat:demande_{code}",
)

E = EtatEntente
_PARTIES = (r.mentor_n_est_pas_un_superieur, r.mentor_inscrit_au_bottin, r.gestionnaire_connu)
_CONTENU = (
    r.besoin_coche,
    r.objectifs_et_activites,
    r.nombre_d_objectifs_raisonnable,
    r.frequence_et_duree,
    r.periode_precisee,
    r.six_mois_au_plus,
)
_FINALE = (r.mi_temps_confirme, r.finale_complete, r.zones_finales_remplies, r.poursuite_justifiee)
ENTENTE = table(
    DROITS_ENTENTE,
    [
        (
            "soumettre",
            [E.BROUILLON],
            E.A_SIGNER,
            options(
                "Passer à la signature",
                ton="principal",
                attendue=True,
                conditions=(*_PARTIES, *_CONTENU),
                avertissements=(r.meme_discipline, r.objectifs_realistes),
            ),
        ),
        ("rouvrir", [E.A_SIGNER], E.BROUILLON, options("Modifier l’entente")),
        (
            "signer",
            [E.A_SIGNER],
            None,
            options("Signer l’entente", ton="principal", attendue=True, conditions=(*_PARTIES, r.six_mois_au_plus)),
        ),
        (
            "presenter",
            [E.A_SIGNER],
            E.A_APPROUVER,
            options("Présenter au gestionnaire", automatique=True, conditions=(r.signee_par_la_dyade,)),
        ),
        (
            "approuver",
            [E.A_APPROUVER],
            E.ACTIVE,
            options(
                "Approuver et signer",
                ton="principal",
                attendue=True,
                conditions=(*_PARTIES, r.six_mois_au_plus, r.signee_par_la_dyade),
            ),
        ),
        ("renvoyer", [E.A_APPROUVER], E.BROUILLON, options("Renvoyer avec un commentaire", motif_requis=True)),
        ("refuser", [E.A_APPROUVER], E.REFUSEE, options("Refuser l’entente", ton="danger", motif_requis=True)),
        ("abandonner", [E.BROUILLON, E.A_SIGNER], E.ABANDONNEE, options("Abandonner ce projet d’entente")),
        (
            "confirmer_mi_temps",
            [E.ACTIVE],
            None,
            options("Confirmer le bilan de mi-temps", conditions=(r.mi_temps_complet,)),
        ),
        (
            "entamer_finale",
            [E.ACTIVE],
            E.EN_EVALUATION,
            options("Entamer l’évaluation finale", conditions=(r.mi_temps_confirme, r.pas_de_prolongation_en_attente)),
        ),
        (
            "signer_finale",
            [E.EN_EVALUATION],
            None,
            options(
                "Signer l’évaluation finale",
                ton="principal",
                attendue=True,
                conditions=(*_FINALE, r.pas_de_prolongation_en_attente),
                avertissements=(r.quatre_rencontres,),
            ),
        ),
        (
            "presenter_finale",
            [E.EN_EVALUATION],
            E.A_CLORE,
            options(
                "Présenter l’évaluation au gestionnaire", automatique=True, conditions=(r.finale_signee_par_la_dyade,)
            ),
        ),
        (
            "clore",
            [E.A_CLORE],
            E.CLOSE,
            options(
                "Clore et signer",
                ton="principal",
                attendue=True,
                conditions=(r.finale_complete, r.finale_signee_par_la_dyade),
            ),
        ),
        ("renvoyer_finale", [E.A_CLORE], E.EN_EVALUATION, options("Renvoyer l’évaluation", motif_requis=True)),
        (
            "demander_prolongation",
            [E.ACTIVE, E.EN_EVALUATION],
            None,
            options("Demander une prolongation", conditions=(r.pas_de_prolongation_en_attente,)),
        ),
        ("demander_fin", [E.ACTIVE, E.EN_EVALUATION], E.FIN_DEMANDEE, options("Mettre fin au mentorat")),
        ("retirer_fin", [E.FIN_DEMANDEE], E.ACTIVE, options("Retirer la demande de fin")),
        ("consigner_fin", [E.FIN_DEMANDEE], None, options("Consigner la rencontre de fin", attendue=True)),
        (
            "constater_fin",
            [E.FIN_DEMANDEE],
            E.CESSEE,
            options(
                "Constater la fin",
                ton="principal",
                attendue=True,
                conditions=(r.rencontre_de_fin_consignee,),
                avertissements=(r.rencontre_de_fin_avec_appr,),
            ),
        ),
    ],
)
TRAJECTOIRE_ENTENTE = Trajectoire(
    Entente,
    etapes=(E.BROUILLON, E.A_SIGNER, E.A_APPROUVER, E.ACTIVE, E.EN_EVALUATION, E.A_CLORE, E.CLOSE),
    transitions=ENTENTE.values(),
    url="mentorat:entente_{code}",
)

P = EtatProlongation
PROLONGATION = table(
    DROITS_PROLONGATION,
    [
        (
            "accorder",
            [P.DEMANDEE],
            P.ACCORDEE,
            options(
                "Accorder la prolongation",
                ton="principal",
                attendue=True,
                conditions=(r.prolongation_de_six_mois_au_plus,),
                avertissements=(r.deja_prolongee,),
            ),
        ),
        ("refuser", [P.DEMANDEE], P.REFUSEE, options("Refuser la prolongation", ton="danger", motif_requis=True)),
    ],
)
TRAJECTOIRE_PROLONGATION = Trajectoire(
    Prolongation,
    etapes=(P.DEMANDEE, P.ACCORDEE),
    transitions=PROLONGATION.values(),
    url="mentorat:prolongation_{code}",
)

M = EtatMesentente
MESENTENTE = table(
    DROITS_MESENTENTE,
    [
        (
            "prendre_en_charge",
            [M.SIGNALEE],
            M.PRISE_EN_CHARGE,
            options("Prendre en charge", ton="principal", attendue=True),
        ),
        ("regler", [M.SIGNALEE, M.PRISE_EN_CHARGE], M.REGLEE, options("Noter comme réglée")),
    ],
)
TRAJECTOIRE_MESENTENTE = Trajectoire(
    Mesentente,
    etapes=(M.SIGNALEE, M.PRISE_EN_CHARGE, M.REGLEE),
    transitions=MESENTENTE.values(),
    url="mentorat:mesentente_{code}",
)
