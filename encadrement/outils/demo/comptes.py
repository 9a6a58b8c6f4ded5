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
from encadrement.protection.models import Attestation
from encadrement.socle.temps import ajouter_mois, jour_local

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
    ("10013", RoleAttribue.EXECUTIF_CM, "Membre de l’exécutif du conseil multidisciplinaire"),
)
# L’extraction nomme deux directeurs à leur direction : l’importation n’en choisit aucun, la démonstration si.
DIRECTEURS = ("90005", "90007")


def installer():
    """Importe l’extraction d’essai, ouvre les comptes de la troupe, attribue les rôles ; rend la troupe."""
    with EXTRACTION.open("rb") as fichier:
        appliquer(comparer(lire(fichier)), par=Personne.objects.systeme())
    _ouvrir_les_comptes()
    _nommer_les_directeurs()
    _attribuer()
    _attester()
    return troupe()


@transaction.atomic
def _ouvrir_les_comptes():
    modele = Personne()
    modele.set_password(MOT_DE_PASSE)
    Personne.objects.filter(matricule__in=[ligne[0] for ligne in COMPTES]).update(password=modele.password)


@transaction.atomic
def _nommer_les_directeurs():
    for personne in Personne.objects.filter(matricule__in=DIRECTEURS).select_related("service__direction"):
        personne.service.direction.directeur = personne
        personne.service.direction.save(update_fields=["directeur"])


@transaction.atomic
def _attribuer():
    # Assez loin pour qu’un dossier du comité ait eu le temps d’atteindre son échéance de conservation.
    debut = jour_local() - datetime.timedelta(days=2200)
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


# Kim Gagné n’a rien attesté ; Hélène Arsenault entre dans son douzième mois.
SANS_FORMATION, A_RENOUVELER = "90013", "90003"


def _attester():
    """Chacun a suivi sa formation chaque année depuis que le plus vieux dossier du comité existe (O-09)."""
    recente, ancienne = (jour_local() - datetime.timedelta(days=jours) for jours in (60, 345))
    Attestation.objects.bulk_create(
        Attestation(
            personne=personne,
            titre="Protéger les renseignements de santé et de services sociaux",
            suivie_le=ajouter_mois(ancienne if personne.matricule == A_RENOUVELER else recente, -12 * annee),
            consignee_par=personne,
        )
        for personne in Personne.objects.actives().exclude(matricule=SANS_FORMATION)
        for annee in range(7)
    )


def troupe():
    """Rend les personnages dont l’histoire a besoin, relus de la base."""
    noms = {
        "mentor": "90001", "mentore": "90002", "gestionnaire": "90003", "gestionnaire_mentor": "90004",
        "directrice": "90005", "appr": "90006", "dsm": "90007", "drhcaj": "90008", "collegue": "90010",
        "animatrice": "90011", "secretaire": "90012", "membre": "90013", "parrain": "90014",
        "coordonnatrice": "10004", "prp": "10005", "pilote": "90009", "representante": "10029",
    }  # fmt: skip
    return SimpleNamespace(**{nom: Personne.objects.get(matricule=matricule) for nom, matricule in noms.items()})
