"""Demander le PDF d’un instantané, le produire une seule fois, balayer ce qui attend."""

from django.db import transaction

from encadrement.documents.coup_de_pouce import pousser
from encadrement.documents.models import Document, Numerotation
from encadrement.socle.temps import jour_local


@transaction.atomic
def demander_document(instantane):
    """Rend le document de cet instantané, créé au besoin ; sa production attend la fin de la transaction.

    À appeler dans la transaction qui pose la dernière signature : la demande vit ou meurt avec elle.
    """
    existant = Document.objects.filter(instantane=instantane).first()
    if existant is not None:
        return existant
    document, cree = Document.objects.get_or_create(
        instantane=instantane, defaults={"numero": _numero_suivant(jour_local().year)}
    )
    if cree:
        transaction.on_commit(pousser)
    return document


def _numero_suivant(annee):
    Numerotation.objects.get_or_create(annee=annee)
    numerotation = Numerotation.objects.select_for_update().get(annee=annee)
    numerotation.dernier += 1
    numerotation.save(update_fields=["dernier"])
    return f"EC-{annee}-{numerotation.dernier:05d}"
