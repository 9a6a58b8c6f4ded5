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
    # Une colonne par titre : « dès l’approbation » ou « s’il lui est adressé » se lit dans la case, pas dans l’en-tête.
    colonnes = list(dict.fromkeys(_titre(role) for role in matrice.roles()))
    return {
        "nom": matrice.nom[:1].upper() + matrice.nom[1:],
        "ancre": slugify(f"{matrice.code}-{matrice.nom}"),
        "roles": colonnes,
        "lignes": [
            {
                "libelle": acte.libelle,
                "exigences": acte.exigences,
                "sauf": [role.libelle for role in acte.sauf],
                "cases": [_case(acte, colonne) for colonne in colonnes],
            }
            for acte in matrice.actes.values()
        ],
    }


def _case(acte, colonne):
    tenants = [role for role in acte.roles if _titre(role) == colonne]
    sans_condition = any(not role.si for role in tenants)
    return {"oui": bool(tenants), "conditions": [] if sans_condition else [_condition(role) for role in tenants]}


def _titre(role):
    """Rend le titre sans sa condition ; le délégué d’un absent agit à ce même titre."""
    titre = role.libelle.partition(" (")[0] if role.si else role.libelle
    return f"{titre}, ou son délégué" if getattr(role, "delegable", False) else titre


def _condition(role):
    return role.libelle.partition(" (")[2].removesuffix(")") or "selon l’état du dossier"
