"""Plusieurs gestes au même instant, chacun sur sa connexion : pour les essais à plusieurs, sur PostgreSQL."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import close_old_connections, connections

from encadrement.acces.matrice import AccesRefuse
from encadrement.socle.erreurs import ErreurMetier


def ensemble(*gestes):
    """Lance les gestes au même instant, chacun sur sa connexion ; rend ce que chacun rend, ou l’erreur prévue."""
    depart = threading.Barrier(len(gestes))

    def jouer(geste):
        close_old_connections()
        try:
            depart.wait(timeout=30)
            return geste()
        except (ErreurMetier, AccesRefuse) as refus:
            return refus
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(gestes)) as fils:
        return list(fils.map(jouer, gestes))
