"""« À faire » : ce qui attend la personne, toutes mesures confondues (produit, section 4)."""

from encadrement.accueil.mesures import mesures


def taches_de(personne):
    """Rend les tâches de la personne, dans l’ordre où les faire ; lues une fois par requête."""
    # Gardées sur la personne de la requête : la pastille du menu et la page posent la même question.
    gardees = getattr(personne, "_taches", None)
    if gardees is None:
        gardees = personne._taches = sorted(
            (tache for mesure in mesures() for tache in mesure.taches(personne)), key=_ordre
        )
    return gardees


def nombre_a_faire(personne):
    return len(taches_de(personne))


def dossiers_de(personne):
    """Rend les dossiers de la personne, celui qui a bougé le plus récemment d’abord."""
    trouves = [dossier for mesure in mesures() for dossier in mesure.dossiers(personne)]
    dates = [dossier for dossier in trouves if dossier.bouge_le]
    return [
        *sorted(dates, key=lambda dossier: dossier.bouge_le, reverse=True),
        *(dossier for dossier in trouves if not dossier.bouge_le),
    ]


def _ordre(tache):
    """Ce qui est en retard, puis ce qui a une échéance, puis ce que quelqu’un attend de nous, le plus ancien d’abord."""
    depuis = tache.depuis.timestamp() if tache.depuis else 0
    return (not tache.retard, tache.echeance is None, tache.echeance or 0, tache.ton != "principal", depuis)
