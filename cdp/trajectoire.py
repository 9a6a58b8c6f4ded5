"""D’OÙ VERS OÙ : les transitions des communautés de pratique (produit, section 3)."""

from cdp import regles as r
from cdp.droits import (
    DROITS_ADHESION,
    DROITS_COMMUNAUTE,
    DROITS_DEPASSEMENT,
    DROITS_PLAN,
    DROITS_RAPPORT,
    DROITS_RENCONTRE,
)
from cdp.models import (
    Adhesion,
    Communaute,
    Depassement,
    EtatAdhesion,
    EtatAnnuel,
    EtatCommunaute,
    EtatDepassement,
    EtatRencontre,
    PlanAnnuel,
    RapportAnnuel,
    RencontreCdp,
)
from encadrement.trajectoire.transition import Trajectoire, options, table

C = EtatCommunaute
_REQUIS = (r.parrain_designe, r.parrain_n_est_pas_membre, r.roles_requis, r.besoin_prioritaire)
_CONSEILLE = (r.nombre_de_membres, r.meme_titre_d_emploi, r.pierres_angulaires, r.regles_internes_ecrites)
COMMUNAUTE = table(
    DROITS_COMMUNAUTE,
    [
        (
            "proposer",
            [C.EN_PREPARATION],
            C.PROPOSEE,
            options(
                "Proposer au parrain", ton="principal", attendue=True, conditions=_REQUIS, avertissements=_CONSEILLE
            ),
        ),
        (
            "agreer",
            [C.PROPOSEE],
            C.ACTIVE,
            options("Agréer la communauté", ton="principal", attendue=True, conditions=_REQUIS),
        ),
        (
            "retourner",
            [C.PROPOSEE],
            C.EN_PREPARATION,
            options("Retourner avec un commentaire", motif_requis=True),
        ),
        (
            "renouveler",
            [C.ACTIVE],
            None,
            options("Renouveler pour l’année suivante", automatique=True, conditions=(r.poursuite_demandee,)),
        ),
        ("suspendre", [C.ACTIVE], C.SUSPENDUE, options("Suspendre la communauté", motif_requis=True)),
        (
            "reprendre",
            [C.SUSPENDUE],
            C.ACTIVE,
            options("Reprendre les activités", ton="principal", conditions=(r.parrain_designe,)),
        ),
        (
            "dissoudre",
            [C.ACTIVE, C.SUSPENDUE],
            C.DISSOUTE,
            options("Dissoudre la communauté", ton="danger", motif_requis=True),
        ),
    ],
)
TRAJECTOIRE_COMMUNAUTE = Trajectoire(
    Communaute,
    etapes=(C.EN_PREPARATION, C.PROPOSEE, C.ACTIVE),
    transitions=COMMUNAUTE.values(),
    url="cdp:communaute_{code}",
)

A = EtatAdhesion
# Ce qui demande une raison à qui fait entrer quelqu’un, par demande ou par invitation.
ECARTS_ADHESION = (r.titre_de_la_communaute, r.place_de_plus)
ADHESION = table(
    DROITS_ADHESION,
    [
        (
            "accepter",
            [A.DEMANDEE],
            A.ACTIVE,
            options(
                "Accepter la demande",
                ton="principal",
                attendue=True,
                conditions=(r.communaute_accueille,),
                avertissements=ECARTS_ADHESION,
            ),
        ),
        ("refuser", [A.DEMANDEE], A.REFUSEE, options("Refuser la demande", motif_requis=True)),
        ("retirer", [A.DEMANDEE], A.RETIREE, options("Retirer ma demande")),
        (
            "accepter_invitation",
            [A.INVITEE],
            A.ACTIVE,
            options("Accepter l’invitation", ton="principal", attendue=True, conditions=(r.communaute_accueille,)),
        ),
        ("decliner", [A.INVITEE], A.DECLINEE, options("Décliner l’invitation")),
        ("annuler", [A.INVITEE], A.RETIREE, options("Reprendre l’invitation")),
        (
            "quitter",
            [A.ACTIVE],
            A.TERMINEE,
            options("Quitter la communauté", avertissements=(r.il_reste_un_animateur,)),
        ),
        (
            "remplacer",
            [A.ACTIVE],
            A.TERMINEE,
            options("Consigner un départ", motif_requis=True),
        ),
        ("reconduire", [A.ACTIVE], None, options("Reconduire le mandat d’animateur")),
    ],
)
TRAJECTOIRE_ADHESION = Trajectoire(
    Adhesion,
    etapes=(A.DEMANDEE, A.INVITEE, A.ACTIVE, A.TERMINEE),
    transitions=ADHESION.values(),
    url="cdp:adhesion_{code}",
)

E = EtatAnnuel


def _annuel(droits, conditions, avertissements, approuver):
    return table(
        droits,
        [
            (
                "soumettre",
                [E.BROUILLON],
                E.SOUMIS,
                options(
                    "Signer et soumettre",
                    ton="principal",
                    attendue=True,
                    conditions=(r.communaute_agreee, r.nombre_de_lignes, *conditions),
                    avertissements=avertissements,
                ),
            ),
            ("rouvrir", [E.SOUMIS], E.BROUILLON, options("Reprendre la rédaction")),
            (
                "approuver",
                [E.SOUMIS],
                E.APPROUVE,
                options(
                    "Approuver et signer",
                    ton="principal",
                    attendue=True,
                    conditions=(r.signe_par_la_cdp,),
                    avertissements=approuver,
                ),
            ),
            ("renvoyer", [E.SOUMIS], E.BROUILLON, options("Renvoyer avec un commentaire", motif_requis=True)),
        ],
    )


PLAN = _annuel(
    DROITS_PLAN,
    (r.objectifs_complets, r.frequence_prevue),
    (r.plan_dans_les_vingt_quatre_heures, r.plan_dans_le_mandat),
    (),
)
RAPPORT = _annuel(
    DROITS_RAPPORT,
    (r.plan_de_l_annee_approuve, r.atteinte_de_chaque_objectif, r.precisions_du_bilan, r.poursuite_repondue),
    (r.une_rencontre_en_personne, r.annee_terminee, r.rapport_dans_le_mandat),
    (),
)
_ETAPES_ANNUELLES = (E.BROUILLON, E.SOUMIS, E.APPROUVE)
TRAJECTOIRE_PLAN = Trajectoire(PlanAnnuel, etapes=_ETAPES_ANNUELLES, transitions=PLAN.values(), url="cdp:plan_{code}")
TRAJECTOIRE_RAPPORT = Trajectoire(
    RapportAnnuel, etapes=_ETAPES_ANNUELLES, transitions=RAPPORT.values(), url="cdp:rapport_{code}"
)

R = EtatRencontre
RENCONTRE = table(
    DROITS_RENCONTRE,
    [
        (
            "convoquer",
            [R.PLANIFIEE],
            R.CONVOQUEE,
            options(
                "Convoquer les membres",
                ton="principal",
                attendue=True,
                conditions=(r.communaute_active, r.pas_encore_passee, r.ordre_du_jour_ecrit, r.lieu_ou_lien),
                avertissements=(r.plafond_respecte,),
            ),
        ),
        ("deplacer", [R.PLANIFIEE, R.CONVOQUEE], None, options("Changer la date, le mode ou le lieu")),
        ("annuler", [R.PLANIFIEE, R.CONVOQUEE], R.ANNULEE, options("Annuler la rencontre", ton="danger")),
        (
            "emporter",
            [R.PLANIFIEE, R.CONVOQUEE],
            R.ANNULEE,
            options("Annuler parce que la communauté s’arrête", automatique=True),
        ),
        (
            "tenir",
            [R.PLANIFIEE, R.CONVOQUEE],
            R.TENUE,
            options("La rencontre a eu lieu", ton="principal", attendue=True, conditions=(r.deja_commencee,)),
        ),
        (
            "publier",
            [R.TENUE],
            R.PUBLIEE,
            options(
                "Publier le compte rendu",
                ton="principal",
                attendue=True,
                conditions=(r.presences_notees, r.sommaire_ecrit),
                avertissements=(r.compte_rendu_dans_le_mandat,),
            ),
        ),
        ("rouvrir", [R.PUBLIEE], R.TENUE, options("Corriger le compte rendu")),
        (
            "adopter",
            [R.PUBLIEE],
            R.ADOPTEE,
            options("Adopter le compte rendu", conditions=(r.adopte_a_une_rencontre_suivante,)),
        ),
    ],
)
TRAJECTOIRE_RENCONTRE = Trajectoire(
    RencontreCdp,
    etapes=(R.PLANIFIEE, R.CONVOQUEE, R.TENUE, R.PUBLIEE, R.ADOPTEE),
    transitions=RENCONTRE.values(),
    url="cdp:rencontre_{code}",
)

D = EtatDepassement
DEPASSEMENT = table(
    DROITS_DEPASSEMENT,
    [
        ("accorder", [D.DEMANDE], D.ACCORDE, options("Accorder les heures", ton="principal", attendue=True)),
        ("refuser", [D.DEMANDE], D.REFUSE, options("Refuser les heures", ton="danger", motif_requis=True)),
    ],
)
TRAJECTOIRE_DEPASSEMENT = Trajectoire(
    Depassement,
    etapes=(D.DEMANDE, D.ACCORDE),
    transitions=DEPASSEMENT.values(),
    url="cdp:depassement_{code}",
)
