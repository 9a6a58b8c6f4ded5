"""« Qui peut quoi » : les matrices, tirées du code lui-même."""

from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from encadrement.acces.matrice import Matrice


@require_safe
def qui_peut_quoi(request):
    """Montre chaque matrice rôle × acte telle que l’application l’applique, avec conditions et exclusions."""
    tableaux = [_tableau(matrice) for matrice in sorted(Matrice.toutes, key=lambda matrice: slugify(matrice.nom))]
    return render(request, "encadrement/acces/qui_peut_quoi.html", {"tableaux": tableaux})


def _tableau(matrice):
    # Les actes qui reviennent aux mêmes personnes se lisent ensemble : trente colonnes ne se lisent pas.
    groupes = {}
    for acte in matrice.actes.values():
        groupes.setdefault((acte.roles, acte.sauf, acte.prealables), []).append(acte)
    return {
        "nom": matrice.nom[:1].upper() + matrice.nom[1:],
        "ancre": slugify(f"{matrice.code}-{matrice.nom}"),
        "lignes": [
            {
                "actes": actes,
                "qui": [_titre(role) for role in roles],
                "jamais": [role.libelle for role in sauf],
                "prealables": [prealable.libelle for prealable in prealables],
            }
            for (roles, sauf, prealables), actes in groupes.items()
        ],
    }


def _titre(role):
    """Rend le titre, avec ses conditions ; le délégué d’un absent agit à ce même titre."""
    return f"{role.libelle}, ou son délégué" if getattr(role, "delegable", False) else role.libelle
