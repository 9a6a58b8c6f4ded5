"""Les comptes de la démonstration : la même troupe que les essais. Personnes inventées, mode essai seulement."""

from encadrement.accueil.essai import CompteEssai
from encadrement.personnes.models import Personne

MOT_DE_PASSE = "Essai-clinique-2026"

# (matricule, nom, ce que la personne fait dans l’histoire)
COMPTES = (
    ("90001", "Guylaine Cyr", "mentor, ergothérapeute à l’URFI de Maria"),
    ("90002", "Loïc St-Onge", "mentoré, ergothérapeute au SAD Baie-des-Chaleurs"),
    ("90003", "Hélène Arsenault", "gestionnaire du mentoré, chef du SAD Baie-des-Chaleurs"),
    ("90004", "Gilles Boudreau", "gestionnaire du mentor, chef de l’URFI de Maria"),
    ("90005", "Manon Roussy", "directrice SAPA"),
    ("90006", "Chloé Langlois", "APPR de la DSM"),
    ("90007", "Réjean Dugas", "directeur de la DSM"),
    ("90008", "Josée Lepage", "DRHCAJ"),
    ("90009", "Benoît Tapp", "pilote technique (ne lit aucun dossier)"),
    ("90010", "Zoé Bujold", "travailleuse sociale, collègue du mentoré"),
)


def comptes():
    """Rend les comptes de la troupe qui existent dans cette base, dans l’ordre de l’histoire."""
    presents = set(
        Personne.objects.actives()
        .filter(matricule__in=[ligne[0] for ligne in COMPTES])
        .values_list("matricule", flat=True)
    )
    return [CompteEssai(*ligne, MOT_DE_PASSE) for ligne in COMPTES if ligne[0] in presents]
