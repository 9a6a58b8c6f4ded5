"""Détruire à l’échéance : la clé d’abord, puis ce qui nommait encore quelqu’un ; un certificat en reste (O-14, O-15)."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from concertation.droits import DROITS_SITUATION
from concertation.models import FENETRE, Recit
from concertation.trajectoire import SITUATION
from encadrement.documents.actions import demander_document
from encadrement.documents.models import Document
from encadrement.journal.actions import consigner
from encadrement.personnes.models import Personne
from encadrement.signatures.actions import figer, signer
from encadrement.socle import coffre
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import ajouter_mois, jour_local

NATURE = "concertation_destruction"
GABARIT = "concertation/destruction_v1"


def dater_la_conservation(situation):
    """Date ce que la fin d’une situation entraîne : trente jours plus tard elle se referme, des années plus tard se détruit."""
    situation.verrou_le = timezone.now() + FENETRE
    situation.detruire_le = ajouter_mois(jour_local(), 12 * settings.CONSERVATION_SITUATIONS_ANNEES)
    situation.save(update_fields=["verrou_le", "detruire_le"])


@transaction.atomic
def detruire_situation(situation, *, par, confirmation):
    """Détruit le dossier échu et rend le certificat signé ; le code, les dates et le journal restent, rien d’autre.

    Lève ErreurMetier avant l’échéance de conservation.
    """
    situation.verrouiller()
    role = DROITS_SITUATION.exiger(par, "detruire", situation)
    if situation.detruire_le is None or situation.detruire_le > jour_local():
        raise ErreurMetier("Ce dossier n’a pas atteint son échéance de conservation.")
    passage = situation.franchir(SITUATION["detruire"], par=par)
    _effacer(situation)
    certificat = figer(situation, NATURE, _certificat(situation, par), gabarit=GABARIT)
    signer(certificat, par=par, role=role, confirmation=confirmation)
    document = demander_document(certificat)
    consigner("concertation.detruire", situation, par=par, details={"passage": passage.pk})
    # La clé se détruit une fois tout écrit : une panne avant ce point laisse le dossier entier.
    transaction.on_commit(lambda: coffre.detruire_cle(situation.uuid))
    return document


def _effacer(situation):
    Recit.objects.filter(situation=situation).delete()
    _effacer_le_reste(situation)


def _effacer_le_reste(situation):
    """Efface aussi ce que la clé du dossier n’emporte pas : le nom des invités, les motifs d’urgence."""
    situation.orientations.update(chiffre="")
    situation.participations.update(nom_externe="", organisme="")
    situation.acces_exceptionnels.update(motif="")


@transaction.atomic
def rejouer_destruction(situation):
    """Efface d’une base restaurée ce qu’une destruction plus récente avait effacé ; la clé, elle, n’est pas revenue.

    L’état reste celui de la sauvegarde : l’échéance est passée, le dossier revient « à détruire » et le certificat se refait.
    """
    situation.verrouiller()
    Recit.objects.filter(situation=situation).update(chiffre="")
    _effacer_le_reste(situation)
    consigner("concertation.destruction_rejouee", situation, par=Personne.objects.systeme())


def _certificat(situation, par):
    return {
        "etablissement": settings.ETABLISSEMENT_NOM,
        "numero": situation.numero,
        "ouverte_le": jour_local(situation.cree_le).isoformat(),
        "terminee_le": jour_local(situation.verrou_le - FENETRE).isoformat(),
        "annees": settings.CONSERVATION_SITUATIONS_ANNEES,
        "serie": settings.CONSERVATION_SITUATIONS_SERIE,
        "echeance": situation.detruire_le.isoformat(),
        "detruite_le": jour_local().isoformat(),
        "par": par.nom_complet,
        "methode": (
            "Destruction de la clé de chiffrement propre au dossier, gardée hors de la base : son contenu chiffré, y compris "
            "dans les sauvegardes, ne peut plus être lu. Effacement du contenu chiffré de la base."
        ),
        "reste": "Le code du dossier, ses dates, les noms des membres du personnel et le journal des lectures.",
    }


def certificats(situations):
    """Rend (situation, certificat de destruction) pour chacune, sans une requête par ligne."""
    situations = list(situations)
    documents = {
        document.instantane.objet_id: document
        for document in Document.objects.filter(
            instantane__nature=NATURE, instantane__objet_id__in=[situation.pk for situation in situations]
        ).select_related("instantane")
    }
    return [(situation, documents.get(situation.pk)) for situation in situations]
