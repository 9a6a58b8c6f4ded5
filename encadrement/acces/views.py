"""« Qui peut quoi » : les matrices, tirées du code lui-même."""

from django.shortcuts import render

from encadrement.acces.matrice import Matrice


def qui_peut_quoi(request):
    """Montre chaque matrice rôle × acte telle que l’application l’applique."""
    return render(request, "encadrement/acces/qui_peut_quoi.html", {"tableaux": [_tableau(m) for m in _toutes()]})


def _toutes():
    return sorted(Matrice.toutes, key=lambda matrice: matrice.nom)


def _tableau(matrice):
    roles = matrice.roles()
    return {
        "nom": matrice.nom,
        "roles": [role.libelle for role in roles],
        "lignes": [
            {"libelle": acte.libelle, "cases": [role in acte.roles for role in roles], "acte": acte}
            for acte in matrice.actes.values()
        ],
    }
