"""Ajouter au journal, vérifier le journal."""

import datetime

from django.db import transaction
from django.utils import timezone

from encadrement.journal.ancres import ecarts_avec_les_ancres
from encadrement.journal.models import Entree, Tete


@transaction.atomic
def consigner(acte, objet=None, *, par, titre="", details=None, chaine=None):
    """Ajoute un fait à la chaîne de l’objet (ou à `chaine`) et rend l’entrée.

    `acte` est un code (« mentorat.entente.approuver ») ; `details` ne porte jamais de contenu clinique.
    Le verrou se prend sur la tête de la chaîne, en dernier, donc après celui de l’objet lui-même.
    """
    type_ = objet._meta.label_lower if objet is not None else ""
    identifiant = getattr(objet, "uuid", None)
    chaine = chaine or (f"{type_}:{identifiant}" if identifiant else type_ or "general")
    Tete.objects.get_or_create(chaine=chaine)
    tete = Tete.objects.select_for_update().get(chaine=chaine)
    entree = Entree(
        chaine=chaine,
        rang=tete.rang + 1,
        quand=timezone.now().astimezone(datetime.UTC),
        par=par if par is not None and par.pk else None,
        titre=titre,
        acte=acte,
        objet_type=type_,
        objet_uuid=identifiant,
        details=details or {},
        precedente=tete.empreinte,
    )
    entree.empreinte = entree.calculer_empreinte()
    entree.save()
    tete.rang, tete.empreinte = entree.rang, entree.empreinte
    tete.save(update_fields=["rang", "empreinte"])
    return entree


VERIFICATION = "journal.verifier"


def noter_la_verification(nombre):
    """Consigne qu’on a relu tout le journal, et combien d’altérations on y a trouvées."""
    return consigner(VERIFICATION, par=None, chaine=VERIFICATION, details={"anomalies": nombre})


def derniere_verification():
    """Rend l’entrée de la dernière vérification du journal, ou None."""
    return Entree.objects.filter(chaine=VERIFICATION).order_by("-rang").first()


def anomalies():
    """Rend, une phrase chacune, les altérations du journal : ligne changée, retirée, déplacée ou ajoutée à la main."""
    return [*_lignes_alterees(), *_bouts_manquants(), *ecarts_avec_les_ancres()]


def _lignes_alterees():
    chaine, rang, empreinte = None, 0, ""
    for entree in Entree.objects.order_by("chaine", "rang").iterator(chunk_size=2000):
        if entree.chaine != chaine:
            chaine, rang, empreinte = entree.chaine, 0, ""
        if entree.rang != rang + 1:
            yield f"{chaine} : il manque une entrée entre les rangs {rang} et {entree.rang}."
        elif entree.precedente != empreinte:
            yield f"{chaine} : l’entrée {entree.rang} ne suit plus la précédente."
        if entree.calculer_empreinte() != entree.empreinte:
            yield f"{chaine} : l’entrée {entree.rang} a été modifiée."
        rang, empreinte = entree.rang, entree.empreinte


def _bouts_manquants():
    tetes = {tete.chaine: tete for tete in Tete.objects.filter(rang__gt=0)}
    derniers = {}
    for chaine, rang, empreinte in Entree.objects.order_by("chaine", "rang").values_list("chaine", "rang", "empreinte"):
        derniers[chaine] = (rang, empreinte)
    for chaine, (rang, empreinte) in derniers.items():
        tete = tetes.pop(chaine, None)
        if tete is None or (tete.rang, tete.empreinte) != (rang, empreinte):
            yield f"{chaine} : la fin de la chaîne ne correspond pas à sa tête."
    for chaine in tetes:
        yield f"{chaine} : toutes les entrées ont été retirées."
