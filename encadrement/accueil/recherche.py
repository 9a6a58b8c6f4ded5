"""Chercher une personne de l’établissement ou un de mes dossiers ; jamais ce que je n’ai pas à voir."""

from dataclasses import dataclass

from encadrement.accueil.mesures import mesures
from encadrement.personnes.models import MATRICULE_SYSTEME, Personne, sans_accents

MINIMUM = 2
LIMITE = 30


@dataclass(frozen=True)
class Resultat:
    """Ce qu’une recherche trouve ; `davantage` : d’autres personnes portent ces mots."""

    personnes: list
    dossiers: list
    davantage: bool = False


def chercher(personne, texte):
    """Rend le Resultat de la recherche de `texte` par `personne` ; rien au-dessous de deux lettres."""
    if len(sans_accents(texte).replace(" ", "")) < MINIMUM:
        return Resultat([], [])
    trouvees = Personne.objects.actives().exclude(matricule=MATRICULE_SYSTEME).chercher(texte).avec_poste()
    premieres = list(trouvees[: LIMITE + 1])
    dossiers = [dossier for mesure in mesures() for dossier in mesure.chercher(personne, texte)]
    return Resultat(premieres[:LIMITE], dossiers, len(premieres) > LIMITE)
