"""Annoncer un fait : une ligne par destinataire, dans la transaction du fait lui-même."""

import hashlib
import operator
import re
from dataclasses import dataclass
from functools import reduce

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from encadrement.journal.actions import consigner
from encadrement.notifications.coup_de_pouce import pousser
from encadrement.notifications.models import EN_SOUFFRANCE, Cadence, Courriel, EtatCourriel, Preference
from encadrement.notifications.redaction import adresse_absolue, rediger
from encadrement.parametres.lecture import valeur
from encadrement.personnes.models import MATRICULE_SYSTEME
from encadrement.socle.erreurs import ErreurMetier

LONGUEUR_CLE = 200
PIED = "textes.pied_de_courriel"
_SEQUENCE = re.compile(r"^SEQUENCE:(\d+)\r?$", re.MULTILINE)


@dataclass(frozen=True)
class BoiteFonctionnelle:
    """Une boîte qui n’est pas une personne (DSM, DRHCAJ) : un code stable et son adresse du moment."""

    code: str
    adresse: str

    prenom = ""

    @property
    def nom_complet(self):
        return self.code


def notifier(gabarit, objet, *, a, cle, urgent=True, contexte=None, url=None, calendrier=""):
    """Écrit un courriel par destinataire et rend les lignes ; la même `cle` ne donne jamais deux courriels.

    `a` mêle personnes et boîtes fonctionnelles ; les comptes inactifs et les boîtes sans adresse sont sautés. Un
    message qui n’attend pas de décision (`urgent=False`) rejoint le résumé de la personne. Le contexte ne porte ni
    note ni contenu clinique : un sujet, un geste, un lien, une échéance, des noms de collègues. `calendrier` est une
    convocation (texte iCalendar), ou une fonction du destinataire qui la rend ; elle part tout de suite, et une
    nouvelle séquence du même fait est un nouveau courriel.
    Lève TransactionManagementError hors d’une transaction : un courriel ne part pas pour un acte annulé.
    """
    lignes = composer(gabarit, objet, a=a, cle=cle, urgent=urgent, contexte=contexte, url=url, calendrier=calendrier)
    numeros = deposer(lignes)
    # Les textes, longs, ne se relisent que si l’on s’en sert.
    return list(Courriel.objects.filter(pk__in=numeros.values()).defer("texte", "html", "calendrier"))


def composer(gabarit, objet, *, a, cle, urgent=True, contexte=None, url=None, calendrier=""):
    """Rend les lignes à déposer, une par destinataire joignable, sans rien écrire ; voir `notifier`."""
    destinataires = _destinataires(a)
    chemin = url if url is not None else objet.get_absolute_url()
    immediats = set() if urgent else _qui_veulent_tout_de_suite(destinataires)
    contexte = {"pied": valeur(PIED), **(contexte or {})} if destinataires else {}
    lignes = [
        _ligne(gabarit, objet, destinataire, cle, chemin, contexte, urgent, immediats) for destinataire in destinataires
    ]
    if calendrier:
        for ligne, destinataire in zip(lignes, destinataires, strict=True):
            _convoquer(ligne, calendrier(destinataire) if callable(calendrier) else calendrier)
    return lignes


def deposer(lignes):
    """Écrit dans la boîte d’envoi les lignes dont la clé est nouvelle et rend {clé: identifiant} de toutes.

    Lève TransactionManagementError hors d’une transaction : un courriel ne part pas pour un acte annulé.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("Un courriel s’écrit dans la transaction du fait qu’il annonce.")
    if not lignes:
        return {}
    Courriel.objects.bulk_create(lignes, ignore_conflicts=True)
    pousser("expedier")
    return dict(Courriel.objects.filter(cle__in=[ligne.cle for ligne in lignes]).values_list("cle", "pk"))


def _destinataires(a):
    """Rend chaque destinataire joignable une seule fois, dans l’ordre donné."""
    uniques = {}
    for destinataire in a:
        if destinataire is None:
            continue
        if isinstance(destinataire, BoiteFonctionnelle):
            if destinataire.adresse:
                uniques.setdefault(destinataire.code, destinataire)
        elif destinataire.is_active and destinataire.matricule != MATRICULE_SYSTEME:
            uniques.setdefault(destinataire.pk, destinataire)
    return list(uniques.values())


def _qui_veulent_tout_de_suite(destinataires):
    personnes = [d.pk for d in destinataires if not isinstance(d, BoiteFonctionnelle)]
    return set(
        Preference.objects.filter(personne__in=personnes, resume=Cadence.IMMEDIAT).values_list("personne_id", flat=True)
    )


def _ligne(gabarit, objet, destinataire, fait, chemin, contexte, urgent, immediats):
    est_boite = isinstance(destinataire, BoiteFonctionnelle)
    cle = cle_de_courriel(gabarit, objet, destinataire.code if est_boite else destinataire.uuid, fait)
    message = rediger(
        gabarit,
        {
            "objet": objet,
            "personne": destinataire,
            "salutation": salutation(destinataire),
            "url": adresse_absolue(chemin),
            "etablissement_nom": settings.ETABLISSEMENT_NOM,
            **contexte,
        },
    )
    tout_de_suite = urgent or est_boite or destinataire.pk in immediats
    maintenant = timezone.now()
    return Courriel(
        cle=cle,
        a=None if est_boite else destinataire,
        adresse=destinataire.adresse if est_boite else "",
        gabarit=gabarit,
        objet_type=objet._meta.label_lower,
        objet_uuid=getattr(objet, "uuid", None),
        objet=message.objet,
        texte=message.texte,
        html=message.html,
        url=chemin,
        urgent=urgent,
        etat=EtatCourriel.A_ENVOYER if tout_de_suite else EtatCourriel.A_REGROUPER,
        cree_le=maintenant,
        pas_avant=maintenant,
        message_id=message_id_de(cle),
    )


def _convoquer(ligne, calendrier):
    """Joint la convocation au courriel : il part sans attendre le résumé, et sa clé dit la séquence."""
    if not calendrier:
        return
    sequence = _SEQUENCE.search(calendrier)
    ligne.calendrier, ligne.urgent, ligne.etat = calendrier, True, EtatCourriel.A_ENVOYER
    ligne.cle = _cle_courte(ligne.gabarit, f"{ligne.cle}:{sequence[1] if sequence else 0}")
    ligne.message_id = message_id_de(ligne.cle)


def salutation(destinataire):
    """Rend « Bonjour Prénom, », ou « Bonjour, » pour une boîte fonctionnelle."""
    return f"Bonjour {destinataire.prenom}," if destinataire.prenom else "Bonjour,"


def cle_de_courriel(gabarit, objet, destinataire, fait):
    """Rend la clé unique d’un courriel ; un fait trop long pour la colonne y entre par son empreinte."""
    identifiant = getattr(objet, "uuid", None) or f"{objet._meta.label_lower}.{objet.pk}"
    return _cle_courte(gabarit, f"{gabarit}:{identifiant}:{destinataire}:{fait}")


def _cle_courte(gabarit, cle):
    return cle if len(cle) <= LONGUEUR_CLE else f"{gabarit}:{hashlib.sha256(cle.encode()).hexdigest()}"


def message_id_de(cle):
    """Rend le Message-ID tiré de la clé : le même à chaque essai, donc reconnaissable par le serveur de courriel."""
    domaine = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    return f"<{hashlib.sha256(cle.encode()).hexdigest()[:40]}@{domaine}>"


@transaction.atomic
def marquer_lus(personne, *, jusqu_a=None):
    """Marque lu tout le fil de la personne (jusqu’à l’instant `jusqu_a`) et rend le nombre de lignes touchées."""
    maintenant = timezone.now()
    lignes = Courriel.objects.filter(a=personne, lu_le=None, cree_le__lte=jusqu_a or maintenant)
    return lignes.update(lu_le=maintenant)


@transaction.atomic
def choisir_cadence(personne, cadence):
    """Retient comment la personne reçoit ce qui n’est pas urgent et rend sa préférence."""
    preference, _ = Preference.objects.update_or_create(personne=personne, defaults={"resume": Cadence(cadence)})
    return preference


@transaction.atomic
def retirer_relances(objet, *natures, personne=None):
    """Abandonne les relances de ce dossier restées dans la boîte d’envoi ; l’acte qui les rend caduques l’appelle.

    Sans `natures` (débuts de jalon : « mi-temps »), toutes ; avec `personne`, les siennes seulement.
    """
    caduques = Courriel.objects.filter(
        objet_uuid=objet.uuid,
        etat__in=(EtatCourriel.A_ENVOYER, EtatCourriel.A_REGROUPER),
    )
    if personne is not None:
        caduques = caduques.filter(a=personne)
    jalons = reduce(operator.or_, (Q(rappels__jalon__startswith=nature) for nature in natures), Q())
    return caduques.filter(jalons, rappels__isnull=False).update(
        etat=EtatCourriel.ABANDONNE, erreur="La relance n’avait plus lieu d’être."
    )


@transaction.atomic
def retirer_du_fil(uuids, personnes):
    """Cache à ces personnes tout ce qui leur annonçait ces dossiers : rien ne part plus, et leur fil n’en garde rien.

    Ce qui est déjà parti reste au registre des envois, à son adresse.
    """
    lignes = Courriel.objects.filter(objet_uuid__in=uuids, a__in=personnes)
    en_attente = lignes.filter(etat__in=(EtatCourriel.A_ENVOYER, EtatCourriel.A_REGROUPER))
    en_attente.update(etat=EtatCourriel.ABANDONNE, erreur="Le dossier n’est plus ouvert à cette personne.")
    return lignes.update(a=None)


@transaction.atomic
def trancher_envoi(courriel, *, par, renvoyer):
    """Décide d’un envoi incertain ou refusé : le renvoyer sous le même Message-ID, ou l’abandonner ; au journal.

    Lève ErreurMetier si le courriel n’attend pas de décision.
    """
    courriel = Courriel.objects.select_for_update().get(pk=courriel.pk)
    if courriel.etat not in EN_SOUFFRANCE:
        raise ErreurMetier("Ce courriel n’attend plus de décision.")
    courriel.etat = EtatCourriel.A_ENVOYER if renvoyer else EtatCourriel.ABANDONNE
    courriel.pas_avant, courriel.reclame_par, courriel.reclame_le = timezone.now(), "", None
    # Un essai de plus, sinon le registre des envois arrêterait encore celui-ci.
    courriel.essais += 1
    courriel.save(update_fields=["etat", "pas_avant", "reclame_par", "reclame_le", "essais"])
    consigner("notifications.courriel.trancher", courriel, par=par, details={"renvoyer": renvoyer})
    pousser("expedier")
    return courriel
