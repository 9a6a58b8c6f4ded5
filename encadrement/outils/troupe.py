"""Les comptes de la démonstration : la même troupe que les essais. Personnes inventées, mode essai seulement."""

from encadrement.accueil.essai import CompteEssai
from encadrement.personnes.models import Personne

MOT_DE_PASSE = "Essai-clinique-2026"

# (matricule, nom, ce que la personne fait dans l’histoire)
COMPTES = (
    ("90001", "Guylaine Cyr", "mentor et experte, ergothérapeute à l’URFI de Maria"),
    ("90002", "Loïc St-Onge", "mentoré et demandeur, ergothérapeute au SAD Baie-des-Chaleurs"),
    ("90003", "Hélène Arsenault", "gestionnaire du mentoré, chef du SAD Baie-des-Chaleurs"),
    ("90004", "Gilles Boudreau", "gestionnaire du mentor, chef de l’URFI de Maria"),
    ("90005", "Manon Roussy", "directrice SAPA"),
    ("10004", "Chloé Côté", "APPR, coordonnatrice du comité de concertation"),
    ("10029", "Guylaine D’Amours", "chef en santé mentale, représentante de sa direction au comité"),
    ("10005", "Hélène Ste-Croix", "responsable de la protection des renseignements"),
    ("90006", "Chloé Langlois", "APPR de la DSM, agente de liaison du RUISSS UL"),
    ("90007", "Réjean Dugas", "directeur de la DSM"),
    ("90008", "Josée Lepage", "DRHCAJ"),
    ("90009", "Benoît Tapp", "pilote technique (ne lit aucun dossier)"),
    ("10013", "Chloé Jalbert", "physiothérapeute, membre de l’exécutif du conseil multidisciplinaire"),
    ("90010", "Zoé Bujold", "travailleuse sociale, collègue du mentoré"),
    ("90011", "Marie-Ève Huard", "animatrice de la CdP des orthophonistes, experte au bottin"),
    ("90012", "Zélie Babin", "secrétaire de la CdP des orthophonistes"),
    ("90013", "Kim Gagné", "membre de la CdP des orthophonistes"),
    ("90014", "Pierre-Luc Barriault", "gestionnaire, parrain de la CdP des orthophonistes"),
)


def comptes():
    """Rend les comptes de la troupe qui existent dans cette base, dans l’ordre de l’histoire."""
    presents = set(
        Personne.objects.actives()
        .filter(matricule__in=[ligne[0] for ligne in COMPTES])
        .values_list("matricule", flat=True)
    )
    return [CompteEssai(*ligne, MOT_DE_PASSE) for ligne in COMPTES if ligne[0] in presents]
