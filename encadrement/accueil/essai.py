"""Les comptes du mode essai, montrés à la connexion ; hors de ce mode, la liste est toujours vide."""

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class CompteEssai:
    """Un compte d’essai : le matricule à taper, qui c’est, à quel titre, avec quel mot de passe."""

    matricule: str
    nom: str
    titre: str
    mot_de_passe: str


_sources = []


def fournir(source):
    """Inscrit une fonction qui rend les CompteEssai ; la commande de démonstration les connaît, l’accueil non."""
    _sources[:] = [source]


def comptes():
    """Rend les comptes d’essai, ou une liste vide hors du mode essai."""
    if not settings.MODE_ESSAI:
        return []
    return [compte for source in _sources for compte in source()]
