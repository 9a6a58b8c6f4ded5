"""Les gens de la démonstration : l’extraction RH d’essai, les rôles de la troupe et leur mot de passe commun."""

import datetime
from pathlib import Path
from types import SimpleNamespace

from django.db import transaction
from django.utils import timezone

from encadrement.importations.actions import appliquer
from encadrement.importations.comparaison import comparer
from encadrement.importations.lecture import lire
from encadrement.outils.troupe import COMPTES, MOT_DE_PASSE
from encadrement.personnes.models import Attribution, Personne, RoleAttribue
from encadrement.socle.temps import jour_local

EXTRACTION = Path(__file__).parent.parent / "donnees" / "rh-essai.csv"

# (matricule, rôle, motif) ; le titulaire de la DSM propose, la direction générale approuve (N-12).
ROLES = (
    ("90007", RoleAttribue.DSM, "Directeur de la DSM"),
    ("90006", RoleAttribue.APPR, "APPR responsable du mentorat"),
    ("90006", RoleAttribue.LIAISON_RUISSS, "Agente de liaison nommée par la DSM"),
    ("10004", RoleAttribue.APPR, "APPR, comité de concertation"),
    ("10004", RoleAttribue.COORDONNATEUR, "Coordonne le comité de concertation"),
    ("90008", RoleAttribue.DRHCAJ, "Reçoit les copies d’entente"),
    ("90009", RoleAttribue.PILOTE, "Pilote technique de l’application"),
    ("10005", RoleAttribue.PRP, "Responsable de la protection des renseignements"),
)


def installer():
    """Importe l’extraction d’essai, ouvre les comptes de la troupe, attribue les rôles ; rend la troupe."""
    with EXTRACTION.open("rb") as fichier:
        appliquer(comparer(lire(fichier)), par=Personne.objects.systeme())
    _ouvrir_les_comptes()
    _attribuer()
    return troupe()


@transaction.atomic
def _ouvrir_les_comptes():
    modele = Personne()
    modele.set_password(MOT_DE_PASSE)
    Personne.objects.filter(matricule__in=[ligne[0] for ligne in COMPTES]).update(password=modele.password)


@transaction.atomic
def _attribuer():
    debut = jour_local() - datetime.timedelta(days=800)
    direction_generale = Personne.objects.get(matricule="10001")
    dsm = Personne.objects.get(matricule="90007")
    for matricule, role, motif in ROLES:
        personne = Personne.objects.get(matricule=matricule)
        Attribution.objects.create(
            personne=personne,
            role=role,
            debut=debut,
            motif=motif,
            proposee_par=direction_generale if personne == dsm else dsm,
            approuvee_par=direction_generale,
            approuvee_le=timezone.now(),
        )


def troupe():
    """Rend les personnages dont l’histoire a besoin, relus de la base."""
    noms = {
        "mentor": "90001", "mentore": "90002", "gestionnaire": "90003", "gestionnaire_mentor": "90004",
        "directrice": "90005", "appr": "90006", "dsm": "90007", "drhcaj": "90008", "collegue": "90010",
    }  # fmt: skip
    return SimpleNamespace(**{nom: Personne.objects.get(matricule=matricule) for nom, matricule in noms.items()})
