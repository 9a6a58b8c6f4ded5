"""Regrouper ce qui n’attend pas de décision : un seul courriel par personne et par période."""

import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from encadrement.notifications.actions import PIED, message_id_de, salutation
from encadrement.notifications.calendrier import est_ouvrable
from encadrement.notifications.coup_de_pouce import pousser
from encadrement.notifications.models import GABARIT_RESUME, Cadence, Courriel, EtatCourriel, Preference
from encadrement.notifications.redaction import adresse_absolue, rediger
from encadrement.parametres.lecture import lecture, valeur
from encadrement.personnes.models import Personne
from encadrement.socle.temps import jour_local

LIGNES_MONTREES = 100


def regrouper_resumes(jour=None):
    """Écrit les résumés dus le jour local `jour` et rend leur nombre ; le rejouer ne double rien.

    Un résumé quotidien reprend ce qui date d’avant `jour`, un résumé hebdomadaire ce qui date d’avant le lundi de la
    semaine ; l’un et l’autre partent le premier jour ouvrable venu.
    """
    jour = jour or jour_local()
    if not est_ouvrable(jour):
        return 0
    lundi = jour - datetime.timedelta(days=jour.weekday())
    hebdomadaires = Preference.objects.filter(resume=Cadence.HEBDOMADAIRE).values("personne_id")
    # Toute personne qui attend est dans l’une des deux listes, quelle que soit sa préférence d’aujourd’hui.
    quotidiens = Personne.objects.exclude(pk__in=hebdomadaires)
    with lecture():
        return _regrouper(quotidiens, _debut_du(jour), f"{jour:%Y-%m-%d}") + _regrouper(
            Personne.objects.filter(pk__in=hebdomadaires), _debut_du(lundi), f"semaine du {lundi:%Y-%m-%d}"
        )


def _debut_du(jour):
    return timezone.make_aware(datetime.datetime.combine(jour, datetime.time.min))


def _regrouper(personnes, avant, periode):
    attendus = Courriel.objects.filter(etat=EtatCourriel.A_REGROUPER, cree_le__lt=avant)
    destinataires = personnes.filter(pk__in=attendus.values("a_id")).order_by("pk")
    return sum(_resumer(personne, avant, periode) for personne in destinataires.iterator(chunk_size=500))


@transaction.atomic
def _resumer(personne, avant, periode):
    """Reprend les lignes en attente de la personne dans un seul courriel ; rend False s’il existait déjà."""
    lignes = list(
        Courriel.objects.select_for_update()
        .filter(a=personne, etat=EtatCourriel.A_REGROUPER, cree_le__lt=avant)
        .order_by("cree_le", "id")
    )
    cle = f"{GABARIT_RESUME}:{personne.uuid}:{periode}"
    if not lignes or Courriel.objects.filter(cle=cle).exists():
        return False
    if not personne.is_active:
        Courriel.objects.filter(pk__in=[ligne.pk for ligne in lignes]).update(etat=EtatCourriel.ABANDONNE)
        return False
    resume = _courriel_de_resume(personne, lignes, cle)
    Courriel.objects.filter(pk__in=[ligne.pk for ligne in lignes]).update(etat=EtatCourriel.REGROUPE, resume=resume)
    pousser("expedier")
    return True


def _courriel_de_resume(personne, lignes, cle):
    message = rediger(
        GABARIT_RESUME,
        {
            "personne": personne,
            "salutation": salutation(personne),
            "lignes": [{"titre": ligne.titre, "url": adresse_absolue(ligne.url)} for ligne in lignes[:LIGNES_MONTREES]],
            "nombre": len(lignes),
            "non_montrees": max(0, len(lignes) - LIGNES_MONTREES),
            "url": adresse_absolue("/"),
            "etablissement_nom": settings.ETABLISSEMENT_NOM,
            "pied": valeur(PIED),
        },
    )
    return Courriel.objects.create(
        cle=cle,
        a=personne,
        gabarit=GABARIT_RESUME,
        objet=message.objet,
        texte=message.texte,
        html=message.html,
        url="/",
        urgent=False,
        message_id=message_id_de(cle),
    )
