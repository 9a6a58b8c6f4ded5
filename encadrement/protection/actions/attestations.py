"""Attester une formation, pour soi ou pour quelqu’un ; annuler, avec un motif ; rien ne se corrige ni ne s’efface (O-09)."""

from django.db import transaction
from django.utils import timezone

from encadrement.fichiers.actions import deposer
from encadrement.journal.actions import consigner
from encadrement.notifications.actions import notifier
from encadrement.personnes.models import Personne
from encadrement.protection.droits import DROITS_ATTESTATION
from encadrement.protection.models import Attestation, premiere_date_valide
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local


@transaction.atomic
def attester_formation(personne, *, par, titre, suivie_le, fichier=None):
    """Consigne une formation suivie par `personne` et rend l’attestation ; elle ouvre la zone dès la requête suivante.

    `fichier` est un contenu téléversé, ou l’Inspecte d’un FichierField. Deux clics n’en font qu’une. Lève ErreurMetier si la
    date est à venir, ou trop ancienne pour servir.
    """
    attestation = Attestation(personne=personne, titre=titre.strip(), suivie_le=suivie_le, consignee_par=par)
    role = DROITS_ATTESTATION.exiger(par, "verser", attestation)
    _exiger_datee(suivie_le)
    if not personne.is_active:
        raise ErreurMetier(f"Le compte de {personne} est fermé : il n’y a pas de formation à y consigner.")
    Personne.objects.select_for_update(of=("self",)).get(pk=personne.pk)
    pareilles = Attestation.objects.retenues().filter(personne=personne, titre=attestation.titre, suivie_le=suivie_le)
    if deja := pareilles.first():
        return deja
    if fichier is not None:
        attestation.fichier = deposer(fichier, par=par)
    attestation.save()
    details = {"personne": personne.matricule, "suivie_le": str(suivie_le), "fichier": fichier is not None}
    consigner("protection.attester", attestation, par=par, titre=role.libelle, details=details)
    if par.pk != personne.pk:
        notifier("protection/attestation_consignee", attestation, a=[personne], cle="consignee", urgent=False)
    return attestation


def _exiger_datee(suivie_le):
    jour = jour_local()
    if suivie_le > jour:
        raise ErreurMetier("Cette date est à venir : attestez la formation une fois suivie.")
    if suivie_le < premiere_date_valide(jour):
        raise ErreurMetier("Cette formation date de plus de douze mois : il en faut une plus récente.")


@transaction.atomic
def annuler_attestation(attestation, *, par, motif):
    """Annule une attestation, qui cesse de valoir dès la requête suivante ; la personne l’apprend, avec le motif au dossier."""
    attestation = Attestation.objects.select_for_update(of=("self",)).get(pk=attestation.pk)
    role = DROITS_ATTESTATION.exiger(par, "annuler", attestation)
    if attestation.annulee_le is not None:
        raise ErreurMetier("Cette attestation est déjà annulée.")
    if not motif.strip():
        raise ErreurMetier("Écrivez pourquoi cette attestation est annulée : la personne doit pouvoir comprendre.")
    attestation.annulee_le, attestation.annulee_par = timezone.now(), par
    attestation.motif_annulation = motif.strip()
    attestation.save(update_fields=["annulee_le", "annulee_par", "motif_annulation"])
    details = {"personne": attestation.personne.matricule, "motif": attestation.motif_annulation}
    consigner("protection.annuler", attestation, par=par, titre=role.libelle, details=details)
    if par.pk != attestation.personne_id:
        notifier("protection/attestation_annulee", attestation, a=[attestation.personne], cle="annulee")
    return attestation
