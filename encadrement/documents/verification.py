"""Dire d’un code ou d’un fichier s’il est d’origine, sans rien révéler de ce qu’il contient (LCCJTI art. 6).

Le fichier déposé n’est jamais décodé : on compare son empreinte, puis on y cherche nos numéros et notre certificat.
Un fichier hostile ne peut donc ni gonfler en mémoire ni occuper un analyseur.
"""

import hashlib
import re
from dataclasses import dataclass

from django.db import models
from django.db.models import Q

from encadrement.documents.models import Document, Etat, lire_code
from encadrement.documents.sceau import SceauAbsent, certificat

TAILLE_MAXIMALE = 10 * 1024 * 1024
TRACES_MAXIMALES = 50

_NUMERO = re.compile(rb"EC-\d{4}-\d{5}")
# Isolé, pour ne pas prendre pour un code seize chiffres d’une longue suite hexadécimale.
_CODE = re.compile(rb"(?<![0-9A-Za-z])[0-9A-HJKMNP-TV-Z]{4}(?:-?[0-9A-HJKMNP-TV-Z]{4}){3}(?![0-9A-Za-z])")


class Verdict(models.TextChoices):
    AUTHENTIQUE = "authentique", "Ce fichier est authentique"
    CONNU = "connu", "Ce code est celui d’un document de l’établissement"
    ALTERE = "altere", "Ce fichier a été altéré"
    INCONNU = "inconnu", "Document inconnu"


@dataclass(frozen=True)
class Constat:
    """Le verdict et, s’il y en a un, le document qu’il concerne."""

    verdict: str
    document: Document | None = None

    @property
    def phrase(self):
        return Verdict(self.verdict).label


def verifier_code(texte):
    """Rend le constat d’un code tapé ou numérisé : connu ou inconnu."""
    code = lire_code(texte)
    document = _produits().filter(code=code).first() if code else None
    return Constat(Verdict.CONNU, document) if document else Constat(Verdict.INCONNU)


def verifier_octets(octets):
    """Rend le constat d’un fichier : authentique au bit près, altéré s’il porte une de nos traces, inconnu sinon."""
    document = _produits().filter(empreinte_pdf=hashlib.sha256(octets).hexdigest()).first()
    if document:
        return Constat(Verdict.AUTHENTIQUE, document)
    document = _document_evoque(octets)
    if document or _porte_notre_sceau(octets):
        return Constat(Verdict.ALTERE, document)
    return Constat(Verdict.INCONNU)


def _produits():
    return Document.objects.filter(etat=Etat.PRODUIT).select_related("instantane")


def _document_evoque(octets):
    numeros = _traces(_NUMERO, octets)
    codes = [code for trace in _traces(_CODE, octets) if (code := lire_code(trace))]
    if not numeros and not codes:
        return None
    return _produits().filter(Q(numero__in=numeros) | Q(code__in=codes)).first()


def _traces(motif, octets):
    trouvees = set()
    for trouvee in motif.finditer(octets):
        trouvees.add(trouvee.group().decode())
        if len(trouvees) >= TRACES_MAXIMALES:
            break
    return trouvees


def _porte_notre_sceau(octets):
    # Un PDF signé garde son certificat en hexadécimal ; on le reconnaît sans ouvrir la structure du fichier.
    try:
        certificat_ = certificat()
    except SceauAbsent:
        return False
    return certificat_.hex().encode() in octets.lower()
