"""Figer un contenu, le signer, lire les signatures qui valent encore."""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from encadrement.journal.actions import consigner
from encadrement.signatures.models import Instantane, Methode, Signature, canoniser, empreinte_de
from encadrement.socle.erreurs import ErreurMetier, Perime


@dataclass(frozen=True)
class Confirmation:
    """Ce que la page a vérifié juste avant de signer : l’identité, l’adresse et l’empreinte affichée."""

    methode: str = Methode.MOT_DE_PASSE
    adresse: str | None = None
    empreinte_lue: str = ""
    engagement: str = ""


@transaction.atomic
def figer(objet, nature, contenu, *, gabarit):
    """Rend l’instantané de ce contenu, créé au besoin ; le même contenu rend le même instantané."""
    instantane, _ = Instantane.objects.get_or_create(
        objet_type=ContentType.objects.get_for_model(objet),
        objet_id=objet.pk,
        nature=nature,
        gabarit=gabarit,
        empreinte=empreinte_de(contenu),
        defaults={"contenu": canoniser(contenu)},
    )
    return instantane


@transaction.atomic
def signer(instantane, *, par, role, confirmation):
    """Pose la signature de `par`, au titre de `role`, sur un instantané et la rend.

    Lève Perime si la page affichait un autre contenu, ErreurMetier si ce titre a déjà signé ou si la même personne
    a déjà signé à un autre titre (N-01).
    """
    # Le verrou met en file deux signatures simultanées : la seconde reçoit une phrase, pas une erreur de la base.
    instantane = Instantane.objects.select_for_update().get(pk=instantane.pk)
    if not instantane.est_intact:
        raise ErreurMetier("Ce contenu ne correspond plus à son empreinte : avisez la DSM, rien n’a été signé.")
    objet = instantane.objet
    if confirmation.empreinte_lue and confirmation.empreinte_lue != instantane.empreinte:
        raise Perime("Le contenu a changé depuis que vous l’avez lu. Relisez-le, puis signez : rien n’a été signé.")
    deja = list(instantane.signatures.all())
    if any(signature.titre == role.code for signature in deja):
        raise ErreurMetier("Ce document porte déjà une signature à ce titre.")
    if any(signature.personne_id == par.pk for signature in deja):
        raise ErreurMetier("Vous avez déjà signé ce document à un autre titre.")
    represente = role.au_nom_de(par, objet)
    signature = Signature.objects.create(
        instantane=instantane,
        personne=par,
        nom=par.nom_complet,
        titre=role.code,
        titre_libelle=role.libelle,
        au_nom_de=represente,
        au_nom_de_nom=represente.nom_complet if represente else "",
        engagement=confirmation.engagement,
        methode=confirmation.methode,
        adresse=confirmation.adresse or None,
        signee_le=timezone.now(),
    )
    consigner(
        "signature",
        objet,
        par=par,
        titre=role.libelle,
        details={"nature": instantane.nature, "empreinte": instantane.empreinte},
    )
    return signature


def signatures_valides(objet, nature, contenu):
    """Rend les signatures posées sur le contenu actuel ; celles d’un contenu antérieur ne comptent plus."""
    return list(
        Signature.objects.filter(
            instantane__objet_type=ContentType.objects.get_for_model(objet),
            instantane__objet_id=objet.pk,
            instantane__nature=nature,
            instantane__empreinte=empreinte_de(contenu),
        ).select_related("personne", "au_nom_de")
    )


def titres(instantane):
    """Rend les titres qui ont signé cet instantané."""
    return set(instantane.signatures.values_list("titre", flat=True)) if instantane else set()
