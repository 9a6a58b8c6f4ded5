"""Déposer un extrait, l’appliquer, l’abandonner, l’annuler ; la page, le dossier surveillé et la commande passent tous ici."""

import io

from django.conf import settings
from django.core.files import File
from django.db import IntegrityError, transaction

from encadrement.fichiers.actions import deposer, ouvrir
from encadrement.importations.actions import appliquer, verrouiller
from encadrement.importations.comparaison import comparer
from encadrement.importations.droits import DROITS_IMPORTATION
from encadrement.importations.lecture import lire
from encadrement.importations.models import Importation, Provenance
from encadrement.importations.rapport import empreinte_de, rapport_de
from encadrement.importations.retour import revenir
from encadrement.importations.trajectoire import IMPORTATION
from encadrement.journal.actions import consigner
from encadrement.notifications.actions import notifier
from encadrement.personnes.models import Personne
from encadrement.socle.erreurs import ErreurMetier, Perime


class DejaImporte(ErreurMetier):
    """Ce fichier du dossier surveillé a déjà donné une importation : il ne reste qu’à le déplacer."""


@transaction.atomic
def deposer_importation(televerse, *, par, complete=False):
    """Garde un extrait téléversé et rend l’importation, à confirmer ; lève FichierIllisible s’il ne se lit pas."""
    DROITS_IMPORTATION.exiger(par, "deposer", None)
    return _deposer(televerse, par=par, complete=complete, provenance=Provenance.PAGE)


def _deposer(televerse, *, par, complete, provenance, cle=None):
    fichier = deposer(televerse, par=par)
    importation = Importation(fichier=fichier, provenance=provenance, complete=complete, deposee_par=par, cle=cle)
    # Illisible, il est refusé tout de suite : on ne garde pas en attente ce qui ne pourra jamais s’appliquer.
    importation.rapport = rapport_de(ecart_de(importation))
    try:
        with transaction.atomic():
            importation.save()
    except IntegrityError as doublon:
        raise DejaImporte("Ce fichier a déjà été pris.") from doublon
    consigner(
        "importations.deposer",
        importation,
        par=par,
        details={"fichier": fichier.nom, "empreinte": fichier.empreinte, "provenance": str(provenance)},
    )
    return importation


def ecart_de(importation):
    """Rend l’écart entre le fichier gardé et la base d’à présent."""
    with ouvrir(importation.fichier) as flux:
        octets = io.BytesIO(flux.read())
    octets.name = importation.fichier.nom
    return comparer(lire(octets), complete=importation.complete)


@transaction.atomic
def appliquer_importation(importation, *, par, pour=None, empreinte=None):
    """Applique la différence lue et rend l’importation ; lève Perime si elle n’est plus celle que la personne a vue.

    `pour` : la personne au nom de qui la commande importe, que le journal nomme.
    """
    verrouiller()
    ecart = ecart_de(importation)
    rapport = rapport_de(ecart)
    if empreinte is not None and empreinte != empreinte_de(rapport):
        raise Perime("La différence n’est plus celle que vous avez lue\xa0: relisez-la. Rien n’a été écrit.")
    seule = par.pk == Personne.objects.systeme().pk
    importation.franchir(IMPORTATION["appliquer_seule" if seule else "appliquer"], par=par)
    importation.retour = appliquer(ecart, par=pour or par, origine=importation.uuid)
    importation.rapport = rapport
    importation.save(update_fields=["rapport", "retour"])
    return importation


@transaction.atomic
def abandonner_importation(importation, *, par):
    """Le pilote renonce à la différence ; le fichier reste gardé."""
    return importation.franchir(IMPORTATION["abandonner"], par=par)


@transaction.atomic
def annuler_importation(importation, *, par, motif):
    """Revient exactement à l’état d’avant ; lève TransitionImpossible, avec les raisons, si quelque chose en dépend."""
    verrouiller()
    importation.franchir(IMPORTATION["annuler"], par=par, motif=motif)
    if importation.retour:
        revenir(importation)
    return importation


@transaction.atomic
def importer_par_la_commande(chemin, *, complete, empreinte, par=None):
    """Garde le fichier donné à la commande et l’applique ; rend l’importation, que le pilote pourra annuler."""
    systeme = Personne.objects.systeme()
    with chemin.open("rb") as flux:
        contenu = File(flux, name=chemin.name)
        importation = _deposer(contenu, par=par or systeme, complete=complete, provenance=Provenance.COMMANDE)
    return appliquer_importation(importation, par=systeme, pour=par, empreinte=empreinte)


@transaction.atomic
def importer_du_dossier(chemin, *, cle):
    """Prend un fichier du dossier surveillé : l’applique, ou le laisse au pilote si la différence est trop grande."""
    systeme = Personne.objects.systeme()
    with chemin.open("rb") as flux:
        importation = _deposer(
            File(flux, name=chemin.name),
            par=systeme,
            complete=settings.IMPORTATIONS_COMPLETES,
            provenance=Provenance.DOSSIER,
            cle=cle,
        )
    importation.attente = _pourquoi_attendre(ecart_de(importation))
    if not importation.attente:
        return appliquer_importation(importation, par=systeme)
    importation.save(update_fields=["attente"])
    notifier(
        "importations/importation_en_attente",
        importation,
        a=DROITS_IMPORTATION.personnes("appliquer", importation),
        cle=importation.uuid,
    )
    return importation


def _pourquoi_attendre(ecart):
    touchees = len(ecart.nouvelles) + len(ecart.changees) + len(ecart.parties)
    touchees += len(ecart.absentes) if ecart.complete else 0
    permis = max(10, ecart.actives * settings.IMPORTATIONS_SEUIL // 100)
    if touchees > permis:
        return f"Elle touche {touchees} personnes; au-delà de {permis}, le pilote la confirme."
    return ""
