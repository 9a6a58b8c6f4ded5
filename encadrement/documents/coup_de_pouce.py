"""Après la transaction, réveiller un travailleur ; si le courtier est en panne, le balayage suivant y verra.

Un registre, pour que les actions n’importent jamais les tâches.
"""

import structlog
from kombu.exceptions import OperationalError

_journal = structlog.get_logger(__name__)
_reveils = []


def inscrire(reveil):
    """Inscrit un appel sans argument qui confie le balayage à un travailleur."""
    if reveil not in _reveils:
        _reveils.append(reveil)


def pousser():
    """Réveille un travailleur ; une panne du courtier se note et s’arrête ici, rien ne se perd."""
    for reveil in _reveils:
        try:
            reveil()
        except (OperationalError, OSError) as erreur:
            _journal.warning("coup_de_pouce_perdu", piece="documents", erreur=type(erreur).__name__)
