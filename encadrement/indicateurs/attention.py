"""Ce qui demande attention : compter les alertes en une requête, trouver les dossiers en cause (produit, section 7)."""

from dataclasses import dataclass

from django.db.models import CharField, Count, IntegerField, Q, Value
from django.db.models.functions import Cast

from encadrement.indicateurs.registre import Alerte

# Ce qu’une jointure de la mesure répète ne compte qu’une fois. Reprendre les dossiers par leur clé, pour les compter, ferait
# parfois lire à la base toutes les clés de l’histoire.
_COMBIEN = Count("pk", distinct=True)


@dataclass(frozen=True)
class Compte:
    """Une alerte et combien de dossiers elle nomme ; `est_filtree` : le territoire choisi s’y applique."""

    alerte: Alerte
    nombre: int
    est_filtree: bool


def comptes(alertes, personne, territoire):
    """Rend un Compte par alerte qui a quelque chose à dire, dans l’ordre donné ; une seule requête."""
    if not alertes:
        return []
    requetes = [_compter(alerte, personne, territoire) for alerte in alertes]
    premiere, *autres = requetes
    nombres = dict(premiere.union(*autres, all=True) if autres else premiere)
    return [
        Compte(alerte, nombres[alerte.code], se_filtre(alerte, territoire))
        for alerte in alertes
        if nombres.get(alerte.code)
    ]


def dossiers(alerte, personne, territoire):
    """Rend le queryset des dossiers en cause que la personne peut voir, dans le territoire."""
    objets = alerte.objets(personne).filter(_condition(alerte, territoire))
    return objets if objets.ordered else objets.order_by("pk")


def par_direction(alerte, personne, territoire):
    """Rend [(direction, combien)] des dossiers en cause, la plus touchée d’abord ; vide si l’alerte n’en connaît pas."""
    if not alerte.direction:
        return []
    lignes = dossiers(alerte, personne, territoire).exclude(**{alerte.direction: None})
    colonnes = (alerte.direction, f"{alerte.direction}__nom")
    groupes = lignes.values_list(*colonnes).annotate(nombre=_COMBIEN).order_by("-nombre", colonnes[1])
    return [{"pk": pk, "nom": nom, "nombre": nombre} for pk, nom, nombre in groupes]


def se_filtre(alerte, territoire):
    """Dit si l’alerte sait répondre au territoire."""
    return all(chemin for chemin, choix in _chemins(alerte, territoire) if choix)


def _chemins(alerte, territoire):
    return (
        (alerte.direction, sorted(territoire.directions)),
        (alerte.service, sorted(territoire.services)),
        (alerte.rls, [territoire.rls] if territoire.rls else []),
    )


def _condition(alerte, territoire):
    condition = Q()
    for chemin, choix in _chemins(alerte, territoire):
        if chemin and choix:
            condition &= Q(**{f"{chemin}__in": choix})
    return condition


def _compter(alerte, personne, territoire):
    lignes = dossiers(alerte, personne, territoire).order_by().annotate(code_=Cast(Value(alerte.code), CharField()))
    return lignes.values("code_").annotate(nombre_=Cast(_COMBIEN, IntegerField())).values_list("code_", "nombre_")
