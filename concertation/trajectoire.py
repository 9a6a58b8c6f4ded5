"""D’OÙ VERS OÙ : la demande, l’orientation, l’impasse, la rencontre, l’analyse des accès ; en guise d’annexe 14 (R-403, Q-02)."""

from concertation import regles as r
from concertation.droits import (
    DROITS_ANALYSE,
    DROITS_IMPASSE,
    DROITS_ORIENTATION,
    DROITS_RENCONTRE,
    DROITS_SITUATION,
)
from concertation.models import (
    AnalyseMensuelle,
    EtatAnalyse,
    EtatComite,
    EtatImpasse,
    EtatOrientation,
    EtatSituation,
    ImpasseRecurrente,
    Orientation,
    RencontreComite,
    SituationComplexe,
)
from encadrement.trajectoire.transition import Trajectoire, options, table

E = EtatSituation
_DEMANDE = (
    r.adulte_atteste,
    r.recit_rempli,
    r.impasse_nommee,
    r.directions_nommees,
    r.personne_informee,
    r.discussion_datee,
    r.gestionnaire_connu,
)
SITUATION = table(
    DROITS_SITUATION,
    [
        (
            "soumettre",
            [E.BROUILLON],
            E.A_ATTESTER,
            options("Présenter à mon gestionnaire", ton="principal", attendue=True, conditions=_DEMANDE),
        ),
        (
            "attester",
            [E.A_ATTESTER],
            E.TRANSMISE,
            options("Attester et approuver", ton="principal", attendue=True, conditions=_DEMANDE),
        ),
        ("renvoyer", [E.A_ATTESTER], E.BROUILLON, options("Renvoyer avec un commentaire", motif_requis=True)),
        ("demander_precisions", [E.TRANSMISE], E.BROUILLON, options("Demander des précisions", motif_requis=True)),
        (
            "recevoir",
            [E.TRANSMISE],
            E.RECEVABLE,
            options("Déclarer recevable", ton="principal", attendue=True, motif_requis=True),
        ),
        (
            "reorienter",
            [E.TRANSMISE],
            E.NON_RECEVABLE,
            options("Déclarer non recevable", motif_requis=True),
        ),
        (
            "inscrire",
            [E.RECEVABLE],
            E.INSCRITE,
            options("Inscrire à une rencontre", ton="principal", attendue=True),
        ),
        ("reporter", [E.INSCRITE], None, options("Reporter à une autre rencontre", motif_requis=True)),
        ("desinscrire", [E.INSCRITE], E.RECEVABLE, options("Retirer de la rencontre")),
        (
            "presenter",
            [E.INSCRITE],
            E.PRESENTEE,
            options(
                "Noter comme présentée",
                ton="principal",
                conditions=(r.inscrite_a_une_rencontre_tenue,),
            ),
        ),
        (
            "etablir_plan",
            [E.PRESENTEE],
            E.EN_SUIVI,
            options(
                "Établir le plan de concertation",
                ton="principal",
                attendue=True,
                conditions=(r.une_orientation_au_moins,),
            ),
        ),
        ("representer", [E.EN_SUIVI], E.RECEVABLE, options("Ramener au comité", motif_requis=True)),
        (
            "fermer",
            [E.EN_SUIVI],
            E.FERMEE,
            options("Fermer la situation", ton="principal", conditions=(r.orientations_closes,)),
        ),
        (
            "retirer",
            [E.BROUILLON, E.A_ATTESTER, E.TRANSMISE, E.RECEVABLE],
            E.RETIREE,
            options("Retirer la demande"),
        ),
        (
            "detruire",
            [E.FERMEE, E.NON_RECEVABLE, E.RETIREE],
            E.DETRUITE,
            options("Détruire le dossier", ton="danger"),
        ),
    ],
)
_COORDONNATEUR = "le coordonnateur du comité"


def a_qui_le_tour(situation):
    """Nomme qui doit agir, ou rend une chaîne vide quand plus rien n’est attendu."""
    return {
        E.BROUILLON: str(situation.demandeur),
        E.A_ATTESTER: str(situation.demandeur.superieur or "son gestionnaire"),
        E.TRANSMISE: _COORDONNATEUR,
        E.RECEVABLE: _COORDONNATEUR,
        E.INSCRITE: "le comité, à sa rencontre",
        E.PRESENTEE: _COORDONNATEUR,
        E.EN_SUIVI: "les responsables des orientations",
    }.get(situation.etat, "")


TRAJECTOIRE_SITUATION = Trajectoire(
    SituationComplexe,
    etapes=(E.BROUILLON, E.A_ATTESTER, E.TRANSMISE, E.RECEVABLE, E.INSCRITE, E.PRESENTEE, E.EN_SUIVI, E.FERMEE),
    transitions=SITUATION.values(),
    url="concertation:situation_{code}",
    attend=a_qui_le_tour,
)

O = EtatOrientation  # noqa: E741
_OUVERTES = [O.A_FAIRE, O.EN_COURS, O.REPORTEE]
ORIENTATION = table(
    DROITS_ORIENTATION,
    [
        ("appliquer", _OUVERTES, O.APPLIQUEE, options("C’est appliqué", ton="principal", attendue=True)),
        ("commencer", [O.A_FAIRE, O.REPORTEE], O.EN_COURS, options("C’est en cours")),
        ("ne_pas_appliquer", _OUVERTES, O.NON_APPLIQUEE, options("Ce n’est pas appliqué")),
        ("reporter", _OUVERTES, O.REPORTEE, options("Reporter")),
        (
            "reprendre",
            [O.APPLIQUEE, O.NON_APPLIQUEE],
            O.EN_COURS,
            options("Rouvrir", motif_requis=True, conditions=(r.situation_en_suivi,)),
        ),
    ],
)
TRAJECTOIRE_ORIENTATION = Trajectoire(
    Orientation,
    etapes=(O.A_FAIRE, O.EN_COURS, O.APPLIQUEE),
    transitions=ORIENTATION.values(),
    url="concertation:orientation_{code}",
)

I = EtatImpasse  # noqa: E741
IMPASSE = table(
    DROITS_IMPASSE,
    [
        ("entamer", [I.OUVERTE], I.EN_COURS, options("La solution est en cours", ton="principal")),
        ("resoudre", [I.OUVERTE, I.EN_COURS], I.RESOLUE, options("La solution est en place", ton="principal")),
        ("abandonner", [I.OUVERTE, I.EN_COURS], I.ABANDONNEE, options("Abandonner", motif_requis=True)),
        ("rouvrir", [I.RESOLUE, I.ABANDONNEE], I.OUVERTE, options("Rouvrir")),
    ],
)
TRAJECTOIRE_IMPASSE = Trajectoire(
    ImpasseRecurrente,
    etapes=(I.OUVERTE, I.EN_COURS, I.RESOLUE),
    transitions=IMPASSE.values(),
    url="concertation:impasse_{code}",
)

C = EtatComite
COMITE = table(
    DROITS_RENCONTRE,
    [
        ("convoquer", [C.PLANIFIEE], C.CONVOQUEE, options("Convoquer", ton="principal")),
        ("deplacer", [C.PLANIFIEE, C.CONVOQUEE], None, options("Changer la date ou le lieu")),
        (
            "tenir",
            [C.CONVOQUEE],
            C.TENUE,
            options("Noter comme tenue", ton="principal", conditions=(r.rencontre_commencee,)),
        ),
        ("annuler", [C.PLANIFIEE, C.CONVOQUEE], C.ANNULEE, options("Annuler la rencontre", motif_requis=True)),
    ],
)
TRAJECTOIRE_COMITE = Trajectoire(
    RencontreComite,
    etapes=(C.PLANIFIEE, C.CONVOQUEE, C.TENUE),
    transitions=COMITE.values(),
    url="concertation:rencontre_{code}",
)

A = EtatAnalyse
ANALYSE = table(
    DROITS_ANALYSE,
    [("signer", [A.A_SIGNER], A.SIGNEE, options("Signer l’analyse", ton="principal", attendue=True))],
)
TRAJECTOIRE_ANALYSE = Trajectoire(
    AnalyseMensuelle,
    etapes=(A.A_SIGNER, A.SIGNEE),
    transitions=ANALYSE.values(),
    url="concertation:analyse_{code}",
)
