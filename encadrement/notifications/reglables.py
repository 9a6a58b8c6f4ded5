"""Ce que la DSM règle des courriels : les adresses de copie, le pied, les délais de ce qui attend quelqu’un."""

from django.conf import settings

from encadrement.notifications.actions import PIED
from encadrement.notifications.rappels import ATTENTE
from encadrement.parametres.natures import Adresse, Delais, Texte
from encadrement.parametres.registre import MAISON, Parametre

ETAPES_D_ATTENTE = ("première relance", "seconde relance", "son supérieur en est avisé")
# Au-delà, un dossier resté en attente à travers les Fêtes sortirait de ce que le balayage relit.
_D_ATTENTE = Delais(ETAPES_D_ATTENTE, minimum=1, maximum=30, ouvrables=True)
DELAIS_D_ATTENTE = (3, 7, 15)


def attente_de(mesure, groupe):
    """Rend le Parametre des délais de ce qui attend quelqu’un dans cette mesure."""
    return Parametre(
        f"{mesure}.{ATTENTE}",
        "Signature, réponse ou approbation en attente",
        groupe,
        _D_ATTENTE,
        DELAIS_D_ATTENTE,
        aide="Depuis que le dossier attend ce geste. Une relance déjà partie ne repart pas si le délai change.",
    )


PARAMETRES = (
    Parametre(
        "adresses.dsm",
        "Adresse de la DSM",
        MAISON,
        Adresse(),
        lambda: settings.COURRIEL_DSM,
        aide="Reçoit les copies que le cadre demande, et paraît au bas des documents. Un document déjà figé garde la sienne.",
        exigences=("R-070",),
        acte="regler_identite",
    ),
    Parametre(
        "adresses.drhcaj",
        "Adresse de la DRHCAJ",
        MAISON,
        Adresse(),
        lambda: settings.COURRIEL_DRHCAJ,
        aide="Reçoit les copies d’entente.",
        exigences=("R-070",),
        acte="regler_identite",
    ),
    Parametre(
        PIED,
        "Pied de chaque courriel",
        MAISON,
        Texte(longueur=300, lignes=3),
        "Ce message est envoyé automatiquement\xa0: il ne contient aucun renseignement clinique. N’y répondez pas.",
        aide="Sous le nom de l’établissement, dans tous les courriels de l’application.",
        acte="regler_identite",
    ),
    Parametre(
        "textes.accueil",
        "Message d’accueil",
        MAISON,
        Texte(longueur=600, facultatif=True),
        "",
        aide="En haut de la page «\xa0À\xa0faire\xa0» de chacun, le temps qu’il faut.",
        acte="regler_identite",
    ),
    Parametre(
        ATTENTE,
        "Demande, incident ou recommandation en attente",
        MAISON,
        _D_ATTENTE,
        DELAIS_D_ATTENTE,
        aide="Depuis que le dossier attend un geste. Les mesures ont chacune leurs délais.",
    ),
)
