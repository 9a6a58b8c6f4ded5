"""Le coup de pouce : après la transaction, réveiller un travailleur. S’il se perd, le balayage passe à la minute."""

import structlog
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

_inscrits = {}
journal_technique = structlog.get_logger(__name__)


def inscrire(nom, envoyer):
    """Inscrit sous `nom` l’appel qui publie une tâche ; réinscrire remplace."""
    _inscrits[nom] = envoyer


def pousser(nom):
    """Réveille le travailleur `nom` une fois la transaction en cours validée, au plus une fois par transaction.

    Un courtier en panne ne retient ni l’acte ni la page : la ligne est en base, le balayage la prendra.
    """
    connexion = transaction.get_connection()
    deja = {getattr(rappel, "nom_pousse", None) for _, rappel, *_ in connexion.run_on_commit}
    if nom in deja or nom not in _inscrits:
        return

    def publier():
        try:
            _inscrits[nom]()
        except (OperationalError, RedisError, OSError) as erreur:
            journal_technique.warning("coup_de_pouce_perdu", tache=nom, erreur=str(erreur))

    publier.nom_pousse = nom
    transaction.on_commit(publier)
