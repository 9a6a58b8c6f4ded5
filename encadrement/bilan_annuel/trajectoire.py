"""D’OÙ VERS OÙ : le bilan, en rédaction puis publié, autant de fois qu’il faut ; la recommandation, proposée puis menée."""

from encadrement.bilan_annuel import regles as r
from encadrement.bilan_annuel.droits import DROITS_BILAN, DROITS_RECOMMANDATION
from encadrement.bilan_annuel.models import OUVERTES, BilanAnnuel, EtatBilan, EtatRecommandation, Recommandation
from encadrement.trajectoire.transition import Trajectoire, options, table

B, E = EtatBilan, EtatRecommandation
BILAN = table(
    DROITS_BILAN,
    [
        (
            "publier",
            [B.BROUILLON],
            B.PUBLIE,
            options(
                "Publier le bilan",
                ton="principal",
                attendue=True,
                avertissements=(r.annee_terminee, r.chaque_mesure_a_son_texte),
                exigences=("R-083",),
            ),
        ),
        ("reprendre", [B.PUBLIE], B.BROUILLON, options("Préparer une nouvelle version", motif_requis=True)),
    ],
)
TRAJECTOIRE_BILAN = Trajectoire(
    BilanAnnuel, etapes=(B.BROUILLON, B.PUBLIE), transitions=BILAN.values(), url="bilan_annuel:bilan_{code}"
)
RECOMMANDATION = table(
    DROITS_RECOMMANDATION,
    [
        ("commencer", [E.PROPOSEE], E.EN_COURS, options("Dire qu’elle est en cours", attendue=True)),
        (
            "realiser",
            OUVERTES,
            E.REALISEE,
            options("Dire qu’elle est réalisée", ton="principal", attendue=True, motif_requis=True),
        ),
        ("abandonner", OUVERTES, E.ABANDONNEE, options("Abandonner", ton="danger", motif_requis=True)),
    ],
)
TRAJECTOIRE_RECOMMANDATION = Trajectoire(
    Recommandation,
    etapes=(E.PROPOSEE, E.EN_COURS, E.REALISEE),
    transitions=RECOMMANDATION.values(),
    url="bilan_annuel:recommandation_{code}",
    attend=lambda recommandation: str(recommandation.responsable) if recommandation.est_ouverte else "",
)
