"""Signaler un incident, l’analyser, écrire au registre, le clore ; chaque lecture d’une fiche est consignée (O-11, O-12)."""

from django.db import transaction

from encadrement.documents.actions import numero_suivant
from encadrement.incidents.droits import DROITS_INCIDENT
from encadrement.incidents.models import Incident
from encadrement.incidents.trajectoire import INCIDENT
from encadrement.journal.actions import consigner
from encadrement.notifications.actions import notifier
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local

SERIE = "INC"
SIGNALES = ("zone", "circonstances", "renseignements", "survenu_du", "survenu_au")


@transaction.atomic
def signaler_incident(*, par, **champs):
    """Inscrit un incident au registre et avise tout de suite le responsable de la protection ; rend l’incident."""
    DROITS_INCIDENT.exiger(par, "signaler", None)
    annee = jour_local().year
    incident = Incident.objects.create(
        numero=f"{SERIE}-{annee}-{numero_suivant(SERIE, annee):04d}",
        signale_par=par,
        **{champ: champs[champ] for champ in SIGNALES if champ in champs},
    )
    consigner("incidents.signaler", incident, par=par, details={"zone": str(incident.zone)})
    # Sans responsable en poste, l’avis va à ceux qui lisent le registre : il ne part jamais dans le vide.
    a = DROITS_INCIDENT.personnes("clore", incident) or DROITS_INCIDENT.personnes("voir", incident)
    notifier("incidents/incident_signale", incident, a=a, cle="signalement")
    return incident


@transaction.atomic
def analyser_incident(incident, *, par):
    """Le responsable de la protection, ou le pilote, ouvre l’analyse."""
    return incident.franchir(INCIDENT["analyser"], par=par)


@transaction.atomic
def ecrire_incident(incident, *, par, **champs):
    """Écrit au registre ; le journal dit quels éléments ont changé, jamais leur contenu. Lève ErreurMetier une fois clos."""
    incident.verrouiller()
    DROITS_INCIDENT.exiger(par, "modifier", incident)
    if not incident.est_modifiable:
        raise ErreurMetier("Cet incident est clos : le registre ne se récrit pas. Signalez-en un autre au besoin.")
    changes = [champ for champ in Incident.ECRITS if champ in champs and getattr(incident, champ) != champs[champ]]
    for champ in changes:
        setattr(incident, champ, champs[champ])
    if changes:
        incident.save(update_fields=changes)
        consigner("incidents.ecrire", incident, par=par, details={"champs": changes})
    return incident


@transaction.atomic
def clore_incident(incident, *, par):
    """Le responsable de la protection clôt : les huit éléments y sont, et les avis que le risque demandait sont partis."""
    return incident.franchir(INCIDENT["clore"], par=par)


@transaction.atomic
def lire_incident(incident, *, par, pourquoi="registre"):
    """Exige le droit de lire, consigne la lecture et rend l’incident."""
    role = DROITS_INCIDENT.exiger(par, "voir", incident)
    consigner("incidents.lire", incident, par=par, titre=role.libelle, details={"pourquoi": pourquoi})
    return incident
