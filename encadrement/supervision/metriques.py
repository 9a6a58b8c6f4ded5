"""Les métriques, au format de Prometheus : des nombres composés à la lecture, aucune étiquette qui nomme quelqu’un.

Rien ne se compte dans les processus : trois processus web disent alors la même chose, sans dossier partagé entre eux.
"""

from django.db.models import Count
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily

from encadrement.notifications.models import Courriel, EtatCourriel
from encadrement.supervision.controles import BIEN, PANNE, relever

_UNITES = {
    "courriels": ("encadrement_courriel_attente_secondes", "Attente du plus vieux courriel en file."),
    "battement": ("encadrement_battement_age_secondes", "Âge du dernier signe de vie."),
    "sauvegarde": ("encadrement_sauvegarde_age_secondes", "Âge de la dernière sauvegarde entière."),
    "journal": ("encadrement_journal_verification_age_secondes", "Âge de la dernière vérification du journal."),
    "disque": ("encadrement_disque_libre_part", "Part libre du disque des données."),
    "sceau": ("encadrement_sceau_expiration_jours", "Jours avant l’échéance du certificat du sceau."),
    "tls": ("encadrement_tls_expiration_jours", "Jours avant l’échéance du certificat TLS."),
}
_CODES = {BIEN: 0, PANNE: 2}


class _Releve:
    """Ce que la bibliothèque appelle à chaque lecture."""

    def collect(self):
        etats = GaugeMetricFamily("encadrement_controle", "0 bien, 1 à surveiller, 2 en panne.", labels=["controle"])
        releve = relever()
        for controle in releve:
            etats.add_metric([controle.nom], _CODES.get(controle.etat, 1))
            if controle.nom in _UNITES and controle.valeur is not None:
                yield GaugeMetricFamily(*_UNITES[controle.nom], value=controle.valeur)
        yield etats
        if releve[0].etat == BIEN:
            yield _courriels()


def _courriels():
    famille = GaugeMetricFamily("encadrement_courriels", "Courriels de la boîte d’envoi.", labels=["etat"])
    comptes = dict(Courriel.objects.order_by().values_list("etat").annotate(Count("pk")))
    for etat in EtatCourriel.values:
        famille.add_metric([etat], comptes.get(etat, 0))
    return famille


def metriques():
    """Rend le texte à lire, en octets."""
    registre = CollectorRegistry(auto_describe=False)
    registre.register(_Releve())
    return generate_latest(registre)
