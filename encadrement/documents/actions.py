"""Demander le PDF d’un instantané, le produire une seule fois, balayer ce qui attend."""

import datetime
import hashlib
import struct
import zlib

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.utils import timezone

from encadrement.documents.coup_de_pouce import pousser
from encadrement.documents.models import Document, Etat, Numerotation
from encadrement.documents.rendu import rendre
from encadrement.documents.sceau import sceller
from encadrement.journal.actions import consigner
from encadrement.personnes.models import Personne
from encadrement.signatures.models import Instantane
from encadrement.socle.temps import jour_local

SERIE = "EC"
REPRISE_APRES = datetime.timedelta(minutes=10)
PAUSE_MAXIMALE = 60

# Ce qu’un gabarit, le moteur, le sceau ou le disque peuvent lever ; l’arrêt demandé du travailleur passe au travers.
PANNES = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    NameError,
    AssertionError,
    ArithmeticError,
    RuntimeError,
    MemoryError,
    ImportError,
    struct.error,
    zlib.error,
    TemplateDoesNotExist,
    TemplateSyntaxError,
)

_journal = structlog.get_logger(__name__)


class InstantaneAltere(ValueError):
    """Le contenu gardé ne correspond plus à son empreinte : on n’en tire pas de document."""


@transaction.atomic
def demander_document(instantane):
    """Rend le document de cet instantané, créé au besoin ; sa production attend la fin de la transaction.

    À appeler dans la transaction qui pose la dernière signature : la demande vit ou meurt avec elle.
    """
    # Le verrou met en file deux demandes simultanées : la seconde trouve le document, sans perdre de numéro.
    instantane = Instantane.objects.select_for_update().get(pk=instantane.pk)
    existant = Document.objects.filter(instantane=instantane).first()
    if existant is not None:
        return existant
    annee = jour_local().year
    numero = f"{SERIE}-{annee}-{numero_suivant(SERIE, annee):05d}"
    document = Document.objects.create(instantane=instantane, numero=numero)
    transaction.on_commit(pousser)
    return document


@transaction.atomic
def numero_suivant(serie, annee):
    """Rend le rang suivant d’une série dans l’année, à partir de 1.

    La ligne reste verrouillée jusqu’à la fin de la transaction qui s’en sert : deux dossiers nés au même instant ont
    deux numéros qui se suivent, et une transaction annulée n’en consomme aucun.
    """
    Numerotation.objects.get_or_create(serie=serie, annee=annee)
    numerotation = Numerotation.objects.select_for_update().get(serie=serie, annee=annee)
    numerotation.dernier += 1
    numerotation.save(update_fields=["dernier"])
    return numerotation.dernier


def produire(document):
    """Produit le PDF s’il ne l’est pas encore et rend le document relu ; sans effet si un autre s’en charge.

    Une réclamation de plus de dix minutes se reprend ; un échec se reprend après une pause qui double.
    """
    document = _relire(document)
    if not _reclamer(document):
        return _relire(document)
    try:
        if not document.instantane.est_intact:
            raise InstantaneAltere(document.numero)
        rendu = rendre(document)
        scelle = sceller(rendu.octets)
        nom = default_storage.save(_nom(document, document.essais), ContentFile(scelle.octets))
    except PANNES as panne:
        _noter_panne(document, panne)
        return _relire(document)
    if _conclure(document, nom, rendu, scelle):
        _effacer_brouillons(document)
    else:
        default_storage.delete(nom)
    return _relire(document)


def produire_documents(limite=20):
    """Produit jusqu’à `limite` documents en attente ; rend combien l’ont été. Une panne n’arrête pas les suivants."""
    prets = [document for document in Document.objects.a_produire()[: limite * 5] if _est_a_prendre(document)]
    return sum(produire(document).est_produit for document in prets[:limite])


def _relire(document):
    return Document.objects.select_related("instantane").get(pk=document.pk)


def _est_a_prendre(document):
    if document.etat == Etat.DEMANDE:
        return True
    if document.etat == Etat.PRODUIT:
        return False
    pause = REPRISE_APRES
    if document.etat == Etat.ECHEC:
        pause = datetime.timedelta(minutes=min(2**document.essais // 2, PAUSE_MAXIMALE))
    return document.reclame_le <= timezone.now() - pause


def _reclamer(document):
    """Prend le document si personne ne l’a pris depuis qu’on l’a lu ; `essais` dit ensuite à qui il est."""
    if not _est_a_prendre(document):
        return False
    pris = Document.objects.filter(pk=document.pk, etat=document.etat, essais=document.essais).update(
        etat=Etat.EN_COURS, reclame_le=timezone.now(), essais=document.essais + 1
    )
    document.essais += 1
    return bool(pris)


@transaction.atomic
def _conclure(document, nom, rendu, scelle):
    empreinte = hashlib.sha256(scelle.octets).hexdigest()
    gagne = Document.objects.filter(pk=document.pk, etat=Etat.EN_COURS, essais=document.essais).update(
        etat=Etat.PRODUIT,
        fichier=nom,
        empreinte_rendu=rendu.empreinte,
        empreinte_pdf=empreinte,
        horodatage=scelle.horodatage,
        produit_le=timezone.now(),
        erreur="",
    )
    if gagne:
        consigner(
            "document.produire",
            document.instantane.objet,
            par=Personne.objects.systeme(),
            details={"numero": document.numero, "nature": document.nature, "empreinte": empreinte},
        )
    return bool(gagne)


def _effacer_brouillons(document):
    # Un travailleur tué entre l’écriture et la conclusion a pu laisser un fichier que plus rien ne désigne.
    for essai in range(max(1, document.essais - 20), document.essais):
        default_storage.delete(_nom(document, essai))


def _noter_panne(document, panne):
    sorte = type(panne).__name__[:80]
    Document.objects.filter(pk=document.pk, etat=Etat.EN_COURS, essais=document.essais).update(
        etat=Etat.ECHEC, erreur=sorte
    )
    _journal.error("document_en_echec", numero=document.numero, erreur=sorte, essai=document.essais)


def _nom(document, essai):
    return f"documents/{document.uuid.hex[:2]}/{document.uuid}-{essai}.pdf"
