"""Voir un document, c’est avoir le droit de voir son objet pour cette nature ; chaque mesure le dit à son démarrage."""

from collections.abc import Callable
from dataclasses import dataclass

from encadrement.acces.matrice import Invisible
from encadrement.documents.models import Document


@dataclass(frozen=True)
class Nature:
    """Une sorte de document : qui le voit, le nom du fichier (sans nom de personne), ce que c’est en toutes lettres."""

    peut: Callable
    nom: Callable
    libelle: str = ""


_natures = {}


def inscrire(nature, peut, nom, *, libelle=""):
    """Inscrit une nature d’instantané : `peut(personne, objet)` → bool, `nom(objet)` → « entente-M-2026-0001 ».

    Une nature qui n’est pas inscrite n’est visible de personne.
    """
    _natures[nature] = Nature(peut, nom, libelle)


def peut_voir(personne, document):
    """Dit si la personne peut voir ce document ; non, si personne n’a dit qui le peut."""
    regle = _natures.get(document.nature)
    if regle is None or not personne.is_authenticated or not personne.is_active:
        return False
    return bool(regle.peut(personne, document.instantane.objet))


def trouver_document(personne, uuid):
    """Rend le document, ou lève Invisible (404) sans dire s’il existe."""
    document = Document.objects.select_related("instantane__objet_type").filter(uuid=uuid).first()
    if document is None or not peut_voir(personne, document):
        raise Invisible(acte="document.telecharger", objet=document)
    return document


def nom_de_fichier(document):
    """Rend le nom sous lequel le document se télécharge, sans nom de personne."""
    return f"{_natures[document.nature].nom(document.instantane.objet)}.pdf"


def libelle_nature(document):
    """Rend ce qu’est le document, en toutes lettres : « entente de mentorat »."""
    regle = _natures.get(document.nature)
    return regle.libelle if regle and regle.libelle else "document signé électroniquement"
