"""Vider la boîte d’envoi : réclamer un lot, remettre chaque message au serveur, rendre compte.

La promesse : aucun message perdu ; au plus un message incertain par travailleur tué, jamais renvoyé en silence.
"""

import datetime
import smtplib
import time
import uuid
from dataclasses import dataclass, field

from django.core.mail import get_connection
from django.db import connection, transaction
from django.utils import timezone

from encadrement.notifications.message import Message
from encadrement.notifications.models import Courriel, EtatCourriel
from encadrement.notifications.registre import COMMENCE, NON_PARTI, PARTI, registre_ouvert

TAILLE_DU_LOT = 200
DELAI_DE_REPRISE = datetime.timedelta(minutes=10)
# Un lot rend ce qui lui reste bien avant qu’un autre travailleur puisse le croire mort.
DUREE_D_UN_LOT = 80
RECUL_MAXIMAL = 15
PATIENCE = datetime.timedelta(days=5)
MEMOIRE_DU_REGISTRE = datetime.timedelta(days=400)
# Ce que l’envoi lit, et rien d’autre.
_CHAMPS_LUS = (
    "objet",
    "texte",
    "html",
    "calendrier",
    "adresse",
    "message_id",
    "essais",
    "cree_le",
    "a__courriel",
    "a__is_active",
)


@dataclass
class Compte:
    """Ce qu’un lot a donné, en nombre de messages."""

    envoyes: int = 0
    reportes: int = 0
    refuses: int = 0
    ambigus: int = 0
    deja_partis: int = 0
    reclames: int = 0

    @property
    def au_complet(self):
        """Dit si chaque message réclamé a été tenté : le lot suivant peut partir sans attendre."""
        return self.reclames > 0 and self.reclames == self.envoyes + self.refuses + self.ambigus + self.deja_partis


@dataclass
class _Lot:
    """Les lignes réclamées et ce qu’il en est advenu ; `a_rendre` n’a pas été tenté."""

    jeton: str
    a_rendre: dict
    envoyes: list = field(default_factory=list)
    compte: Compte = field(default_factory=Compte)


def expedier_courriels(limite=TAILLE_DU_LOT, parmi=None):
    """Envoie au plus `limite` messages sur une seule connexion et rend le Compte ; à appeler hors transaction.

    `parmi` (des identifiants) s’en tient à ces messages-là.
    """
    with registre_ouvert() as registre:
        reprendre_les_perdus(registre)
        lot = _reclamer(limite, registre, parmi)
        if lot.a_rendre:
            try:
                _ecarter_les_connus(lot, registre)
                _envoyer(lot, registre)
            finally:
                _rendre_compte(lot)
    return lot.compte


def reprendre_les_perdus(registre):
    """Règle le sort des lignes réclamées depuis plus de dix minutes, d’après le registre des envois.

    Jamais commencée : elle repart, sous le même Message-ID. Partie : elle est notée telle. Commencée sans issue, ou
    réclamée par un serveur dont le registre n’est pas ici : incertaine, une personne tranche.
    """
    maintenant = timezone.now()
    lignes = list(Courriel.objects.reclames_avant(maintenant - DELAI_DE_REPRISE)[:1000])
    connues = registre.issues([ligne.message_id for ligne in lignes])
    for ligne in lignes:
        issues = connues.get(ligne.message_id, {})
        if PARTI in issues.values():
            suite = {"etat": EtatCourriel.ENVOYE, "envoye_le": maintenant, "erreur": ""}
        elif issues.get(ligne.essais) == COMMENCE or not ligne.reclame_par.startswith(registre.nom):
            suite = {"etat": EtatCourriel.AMBIGU, "erreur": "Le travailleur s’est arrêté pendant l’envoi."}
        else:
            suite = {"etat": EtatCourriel.A_ENVOYER, "pas_avant": maintenant}
        Courriel.objects.filter(pk=ligne.pk, etat=EtatCourriel.EN_COURS, reclame_par=ligne.reclame_par).update(**suite)


def _reclamer(limite, registre, parmi=None):
    """Réserve un lot et valide la réservation avant le premier envoi : aucun autre travailleur ne le prendra."""
    jeton = f"{registre.nom}:{uuid.uuid4().hex}"
    maintenant = timezone.now()
    with transaction.atomic(durable=True):
        libres = Courriel.objects.a_envoyer(maintenant)
        if parmi is not None:
            libres = libres.filter(pk__in=parmi)
        if connection.features.has_select_for_update_skip_locked:
            libres = libres.select_for_update(skip_locked=True)
        pks = list(libres.values_list("pk", flat=True)[:limite])
        if pks:
            Courriel.objects.filter(pk__in=pks, etat=EtatCourriel.A_ENVOYER).update(
                etat=EtatCourriel.EN_COURS, reclame_le=maintenant, reclame_par=jeton
            )
    lignes = Courriel.objects.filter(pk__in=pks, reclame_par=jeton).select_related("a").only(*_CHAMPS_LUS)
    lot = _Lot(jeton, {ligne.pk: ligne for ligne in lignes.order_by("pas_avant", "id")})
    lot.compte.reclames = len(lot.a_rendre)
    return lot


def _ecarter_les_connus(lot, registre):
    """Retire du lot ce que le registre dit parti (base restaurée), incertain, ou sans adresse."""
    connues = registre.issues([ligne.message_id for ligne in lot.a_rendre.values()])
    for ligne in list(lot.a_rendre.values()):
        issues = connues.get(ligne.message_id, {})
        if PARTI in issues.values():
            _noter_envoye(lot, ligne)
            lot.compte.envoyes -= 1
            lot.compte.deja_partis += 1
        elif issues.get(ligne.essais) == COMMENCE:
            _noter(lot, ligne, EtatCourriel.AMBIGU, "Un envoi de ce message avait commencé.")
        elif ligne.a is not None and not ligne.a.is_active:
            _noter(lot, ligne, EtatCourriel.ABANDONNE, "Le compte n’est plus actif.")
        elif not _adresse(ligne):
            _noter(lot, ligne, EtatCourriel.ECHEC, "Aucune adresse de courriel.")


def _envoyer(lot, registre):
    if not lot.a_rendre:
        return
    courrier = get_connection()
    try:
        courrier.open()
    except (OSError, smtplib.SMTPException) as erreur:
        _reporter_tout(lot, erreur)
        return
    echeance = time.monotonic() + DUREE_D_UN_LOT
    try:
        for ligne in list(lot.a_rendre.values()):
            if time.monotonic() > echeance or not _remettre(ligne, courrier, lot, registre):
                return
    finally:
        _fermer(courrier)


def _fermer(courrier):
    try:
        courrier.close()
    except (OSError, smtplib.SMTPException):
        # Le serveur a coupé avant nous : chaque message a déjà son issue, il n’y a rien à rattraper.
        courrier.connection = None


def _remettre(ligne, courrier, lot, registre):
    """Remet un message au serveur et note l’issue ; rend False quand la connexion ne vaut plus rien."""
    message = message_de(ligne, courrier)
    if not registre.commencer(ligne.message_id, ligne.essais):
        _noter(lot, ligne, EtatCourriel.AMBIGU, "Un envoi de ce message avait commencé.")
        return True
    try:
        courrier.send_messages([message])
    except smtplib.SMTPRecipientsRefused as erreur:
        code, texte = next(iter(erreur.recipients.values()))
        return _refus(ligne, lot, registre, code, texte, definitif=code >= 500)
    except smtplib.SMTPSenderRefused as erreur:
        # L’expéditeur est un réglage : le message n’y est pour rien, il attendra la correction.
        return _refus(ligne, lot, registre, erreur.smtp_code, erreur.smtp_error, definitif=False)
    except smtplib.SMTPResponseException as erreur:
        return _refus(ligne, lot, registre, erreur.smtp_code, erreur.smtp_error, definitif=erreur.smtp_code >= 500)
    except (ValueError, smtplib.SMTPNotSupportedError) as erreur:
        # Adresse ou en-tête que le message ne peut pas porter : rien n’a été transmis.
        registre.conclure(ligne.message_id, ligne.essais, NON_PARTI)
        _noter(lot, ligne, EtatCourriel.ECHEC, f"Message impossible à composer : {_lisible(erreur)}")
        return True
    except (OSError, smtplib.SMTPException) as erreur:
        return _coupure(ligne, courrier, lot, registre, erreur)
    registre.conclure(ligne.message_id, ligne.essais, PARTI)
    _noter_envoye(lot, ligne)
    return True


def _refus(ligne, lot, registre, code, texte, *, definitif):
    registre.conclure(ligne.message_id, ligne.essais, NON_PARTI)
    erreur = f"{code} {_lisible(texte)}"
    if definitif:
        _noter(lot, ligne, EtatCourriel.ECHEC, erreur)
    else:
        _reporter(lot, ligne, erreur)
    return code != 421


def _coupure(ligne, courrier, lot, registre, erreur):
    # Sans témoin, on suppose le pire : mieux vaut un message à vérifier qu’un message en double.
    if getattr(courrier, "contenu_parti", True):
        _noter(lot, ligne, EtatCourriel.AMBIGU, f"Connexion perdue pendant l’envoi : {_lisible(erreur)}")
    else:
        registre.conclure(ligne.message_id, ligne.essais, NON_PARTI)
        _reporter(lot, ligne, f"Connexion perdue avant l’envoi : {_lisible(erreur)}")
    return False


def message_de(ligne, courrier):
    """Rend le message à remettre ; son Message-ID vient de la clé, le même à chaque essai."""
    return Message(
        objet=ligne.objet,
        texte=ligne.texte,
        html=ligne.html,
        a=_adresse(ligne),
        message_id=ligne.message_id,
        calendrier=ligne.calendrier,
        connection=courrier,
    )


def _adresse(ligne):
    # L’adresse d’une personne se lit au moment de l’envoi : elle a pu changer depuis.
    return ligne.a.courriel if ligne.a is not None else ligne.adresse


def _lisible(texte):
    texte = texte.decode(errors="replace") if isinstance(texte, bytes) else str(texte)
    return " ".join(texte.split())[:240]


def _noter_envoye(lot, ligne):
    del lot.a_rendre[ligne.pk]
    lot.envoyes.append(ligne)
    lot.compte.envoyes += 1
    if len(lot.envoyes) >= 50:
        _valider_envoyes(lot)


def _valider_envoyes(lot):
    partis = [ligne.pk for ligne in lot.envoyes]
    Courriel.objects.filter(pk__in=partis).update(etat=EtatCourriel.ENVOYE, envoye_le=timezone.now(), erreur="")
    lot.envoyes.clear()


def _noter(lot, ligne, etat, erreur, **champs):
    del lot.a_rendre[ligne.pk]
    Courriel.objects.filter(pk=ligne.pk, reclame_par=lot.jeton).update(etat=etat, erreur=erreur[:300], **champs)
    if etat == EtatCourriel.AMBIGU:
        lot.compte.ambigus += 1
    elif etat == EtatCourriel.ECHEC:
        lot.compte.refuses += 1


def _reporter(lot, ligne, erreur):
    """Remet le message à plus tard ; au bout de cinq jours de refus temporaires, il est donné pour refusé."""
    maintenant = timezone.now()
    if maintenant - ligne.cree_le > PATIENCE:
        _noter(lot, ligne, EtatCourriel.ECHEC, erreur)
        return
    recul = datetime.timedelta(minutes=min(2**ligne.essais, RECUL_MAXIMAL))
    _noter(lot, ligne, EtatCourriel.A_ENVOYER, erreur, essais=ligne.essais + 1, pas_avant=maintenant + recul)
    lot.compte.reportes += 1


def _reporter_tout(lot, erreur):
    """Le serveur ne répond pas : tout le lot recule, aucun message n’y perd sa patience."""
    maintenant = timezone.now()
    for essais in {ligne.essais for ligne in lot.a_rendre.values()}:
        lignes = [ligne.pk for ligne in lot.a_rendre.values() if ligne.essais == essais]
        Courriel.objects.filter(pk__in=lignes, reclame_par=lot.jeton).update(
            etat=EtatCourriel.A_ENVOYER,
            erreur=f"Serveur de courriel injoignable : {_lisible(erreur)}"[:300],
            essais=min(essais + 1, 1000),
            pas_avant=maintenant + datetime.timedelta(minutes=min(2**essais, RECUL_MAXIMAL)),
        )
    lot.compte.reportes += len(lot.a_rendre)
    lot.a_rendre.clear()


def _rendre_compte(lot):
    """Écrit ce qui est parti et rend ce qui n’a pas été tenté, même si le lot s’arrête en chemin."""
    if lot.envoyes:
        _valider_envoyes(lot)
    if lot.a_rendre:
        Courriel.objects.filter(pk__in=list(lot.a_rendre), etat=EtatCourriel.EN_COURS, reclame_par=lot.jeton).update(
            etat=EtatCourriel.A_ENVOYER, pas_avant=timezone.now()
        )


def purger_le_registre():
    """Oublie les envois conclus depuis plus de treize mois."""
    with registre_ouvert() as registre:
        registre.purger(timezone.now() - MEMOIRE_DU_REGISTRE)
