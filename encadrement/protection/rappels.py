"""Une attestation qui entre dans son douzième mois, une revue des rôles qui traîne (O-09, O-10)."""

import datetime
import itertools

from django.db.models import Exists, OuterRef
from django.urls import reverse

from encadrement.notifications.rappels import Echeance, Pas, pas_hebdomadaires
from encadrement.protection.droits import DROITS_REVUE
from encadrement.protection.models import AVERTIR_MOIS, Attestation, RevueRoles, premiere_date_valide
from encadrement.socle.temps import ajouter_mois

ATTESTATION, REVUE = "attestation", "revue"
# Un mois pour revoir les rôles, puis on insiste chaque semaine.
DELAI_REVUE = datetime.timedelta(days=30)
SEMAINES = 8


def echeances(jour):
    """Rend les attestations et la revue que le jour `jour` peut faire relancer."""
    return itertools.chain(_attestations(jour), _revues(jour))


def _attestations(jour):
    plus_recente = Attestation.objects.retenues().filter(
        personne=OuterRef("personne"), suivie_le__gt=OuterRef("suivie_le")
    )
    douzieme_mois = (premiere_date_valide(jour), ajouter_mois(jour, -AVERTIR_MOIS))
    finissantes = Attestation.objects.retenues().filter(~Exists(plus_recente), suivie_le__range=douzieme_mois)
    for attestation in finissantes.order_by().select_related("personne").iterator(chunk_size=500):
        yield Echeance(
            objet=attestation,
            jalon_base=ATTESTATION,
            jour_du=attestation.a_renouveler_le,
            pas=(Pas(0, "11 mois", _titulaire), Pas(23, "dernière semaine", _titulaire)),
            gabarit="protection/rappel_attestation",
            url=reverse("protection:attestations"),
            contexte={"vaut_jusqu_au": lambda relue: relue.vaut_jusqu_au},
        )


def _titulaire(attestation):
    return [attestation.personne]


def _revues(jour):
    for revue in RevueRoles.objects.filter(ouverte_le__gt=jour - datetime.timedelta(days=120), ouverte_le__lte=jour):
        yield Echeance(
            objet=revue,
            jalon_base=REVUE,
            jour_du=revue.ouverte_le + DELAI_REVUE,
            pas=(
                Pas(-DELAI_REVUE.days, "ouverture", qui_revoit),
                Pas(-9, "J-9", qui_revoit),
                *pas_hebdomadaires(qui_revoit, depuis=1, nombre=SEMAINES),
            ),
            gabarit="protection/rappel_revue",
            contexte={"restent": lambda relue: relue.a_revoir().count()},
        )


def qui_revoit(revue):
    """Rend ceux qui ont au moins un rôle à confirmer : chacun peut tous les confirmer, sauf le sien."""
    titulaires = set(revue.a_revoir().values_list("personne_id", flat=True))
    return [personne for personne in DROITS_REVUE.personnes("voir_ensemble", None) if titulaires - {personne.pk}]


def tient_encore(echeance):
    """Dit, une fois relu sous verrou, si la relance a toujours un sens."""
    objet = echeance.objet
    if echeance.jalon_base == REVUE:
        return objet.a_revoir().exists()
    retenues = Attestation.objects.retenues().filter(personne=objet.personne_id)
    return objet.annulee_le is None and not retenues.filter(suivie_le__gt=objet.suivie_le).exists()
