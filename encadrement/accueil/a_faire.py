"""« À faire » : ce qui attend la personne, toutes mesures confondues (produit, section 4)."""

from encadrement.accueil.mesures import mesures


def taches_de(personne):
    """Rend les tâches de la personne, en retard d’abord, puis par échéance."""
    taches = [tache for mesure in mesures() for tache in mesure.taches(personne)]
    return sorted(
        taches, key=lambda tache: (not tache.retard, tache.echeance is None, tache.echeance or 0, tache.dossier)
    )


def nombre_a_faire(personne):
    return len(taches_de(personne))
