"""De quoi écrire une extraction RH en une ligne ; les deux fichiers d’exemple."""

import io
from pathlib import Path

from encadrement.importations.lecture import COLONNES

DOSSIER = Path(__file__).parent
PROPRE = DOSSIER / "rh-propre.csv"
BRUTE = DOSSIER / "rh-extraction-brute.csv"
_VALEURS = (
    "20001;Cyr;Guylaine;guylaine.cyr@cisss.exemple;1230;Ergothérapeute;Direction A;Service A;CLSC A;"
    "Côte-de-Gaspé;;2012-04-03;2020-05-05;Actif;O;OEQ;12345"
)
_MODELE = dict(zip(COLONNES, _VALEURS.split(";"), strict=True))


def rangee(**remplace):
    """Rend une ligne d’extraction ; chaque argument remplace une colonne."""
    return ";".join({**_MODELE, **remplace}.values())


def extrait(*rangees):
    """Rend un fichier binaire d’extraction, avec l’en-tête."""
    return io.BytesIO("\r\n".join([";".join(COLONNES), *rangees]).encode("utf-8-sig"))


def rangee_de(personne, **remplace):
    """Rend la ligne d’une personne telle qu’elle est ; chaque argument change une colonne."""
    telle_quelle = {
        "MATRICULE": personne.matricule,
        "NOM": personne.nom,
        "PRENOM": personne.prenom,
        "COURRIEL": personne.courriel,
        "CODE_TITRE": personne.titre_emploi.code,
        "TITRE_EMPLOI": personne.titre_emploi.libelle,
        "DIRECTION": personne.service.direction.nom,
        "SERVICE": personne.service.nom,
        "INSTALLATION": personne.installation.nom,
        "RLS": personne.installation.get_rls_display(),
        "MATRICULE_SUPERIEUR": personne.superieur.matricule if personne.superieur else "",
        "DATE_EMBAUCHE": str(personne.date_embauche or ""),
        "DATE_ENTREE_SERVICE": str(personne.date_entree_service or ""),
        "STATUT": "Actif",
        "MEMBRE_CM": "O" if personne.membre_cm else "N",
        "ORDRE": personne.ordre,
        "NO_PERMIS": personne.no_permis,
    }
    return rangee(**{**telle_quelle, **remplace})
