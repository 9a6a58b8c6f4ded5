"""Une attestation qui entre dans son douzième mois, une revue des rôles qui traîne (O-09, O-10)."""

import datetime
import itertools

from django.db.models import Exists, OuterRef
from django.urls import reverse

from encadrement.notifications.rappels import Echeance, Pas
from encadrement.notifications.series import ChaqueSemaine, Serie
from encadrement.parametres.registre import Fixe
from encadrement.protection.droits import DROITS_REVUE
from encadrement.protection.models import AVERTIR_MOIS, Attestation, RevueRoles, premiere_date_valide
from encadrement.socle.temps import ajouter_mois

ATTESTATION, REVUE = "attestation", "revue"
GROUPE = "Protection des renseignements"
# Un mois pour revoir les rôles, puis on insiste chaque semaine.
DELAI_REVUE = datetime.timedelta(days=30)
UN_JOUR = datetime.timedelta(days=1)


def _titulaire(attestation):
    return [attestation.personne]


def qui_revoit(revue):
    """Rend ceux qui ont au moins un rôle à confirmer : chacun peut tous les confirmer, sauf le sien."""
    titulaires = set(revue.a_revoir().values_list("personne_id", flat=True))
    return [personne for personne in DROITS_REVUE.personnes("voir_ensemble", None) if titulaires - {personne.pk}]


FORMATION = Serie(
    "protection.rappels.attestation",
    "Formation à renouveler",
    GROUPE,
    (Pas(0, "11 mois", _titulaire), Pas(23, "dernière semaine", _titulaire)),
    ("la personne formée", "de nouveau"),
    maximum=27,
    aide="Depuis le début du douzième mois, un mois avant que la formation cesse de valoir.",
)
CHAQUE_SEMAINE = ChaqueSemaine(
    "protection.rappels.revue.chaque_semaine",
    "Revue des rôles en retard, chaque semaine",
    GROUPE,
    qui_revoit,
    origine=8,
    maximum=10,
    depuis=1,
)
REVUE_A_FINIR = Serie(
    "protection.rappels.revue",
    "Revue annuelle des rôles",
    GROUPE,
    (Pas(-DELAI_REVUE.days, "ouverture", qui_revoit), Pas(-9, "J-9", qui_revoit)),
    ("ceux qui confirment", "de nouveau, puis chaque semaine passé l’échéance"),
    minimum=-DELAI_REVUE.days,
    maximum=0,
    ensuite=CHAQUE_SEMAINE,
    aide="Depuis l’échéance de la revue, trente jours après son ouverture.",
)
PARAMETRES = (
    *(ligne.parametre for ligne in (FORMATION, REVUE_A_FINIR, CHAQUE_SEMAINE)),
    Fixe("Validité d’une formation", GROUPE, "douze mois"),
)


def echeances(jour):
    """Rend les attestations et la revue que le jour `jour` peut faire relancer."""
    return itertools.chain(_attestations(jour), _revues(jour))


def _attestations(jour):
    plus_recente = Attestation.objects.retenues().filter(
        personne=OuterRef("personne"), suivie_le__gt=OuterRef("suivie_le")
    )
    # Onze mois ne font pas toujours autant de jours : cinq de marge.
    derniere = ajouter_mois(FORMATION.dernier_jour_du(jour), -AVERTIR_MOIS) + 5 * UN_JOUR
    finissantes = Attestation.objects.retenues().filter(
        ~Exists(plus_recente), suivie_le__range=(premiere_date_valide(jour), derniere)
    )
    pas = FORMATION.reglee()
    for attestation in finissantes.order_by().select_related("personne").iterator(chunk_size=500):
        yield Echeance(
            objet=attestation,
            jalon_base=ATTESTATION,
            jour_du=attestation.a_renouveler_le,
            pas=pas,
            gabarit="protection/rappel_attestation",
            url=reverse("protection:attestations"),
            contexte={"vaut_jusqu_au": lambda relue: relue.vaut_jusqu_au},
        )


def _revues(jour):
    pas = REVUE_A_FINIR.reglee()
    for revue in RevueRoles.objects.filter(ouverte_le__gt=jour - datetime.timedelta(days=120), ouverte_le__lte=jour):
        yield Echeance(
            objet=revue,
            jalon_base=REVUE,
            jour_du=revue.ouverte_le + DELAI_REVUE,
            pas=pas,
            gabarit="protection/rappel_revue",
            contexte={"restent": lambda relue: relue.a_revoir().count()},
        )


def tient_encore(echeance):
    """Dit, une fois relu sous verrou, si la relance a toujours un sens."""
    objet = echeance.objet
    if echeance.jalon_base == REVUE:
        return objet.a_revoir().exists()
    retenues = Attestation.objects.retenues().filter(personne=objet.personne_id)
    return objet.annulee_le is None and not retenues.filter(suivie_le__gt=objet.suivie_le).exists()
