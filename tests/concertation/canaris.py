"""Des mots inventés, plantés dans tout ce qui parle d’une situation, puis cherchés partout où ils ne doivent pas être (S-10).

Le même outil sert la suite (quelques situations) et le banc (mille mots, `bench/canaris.py`).
"""

import base64
import datetime
import os
import re
import secrets
import string
import subprocess
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import caches
from django.db import connection
from django.utils import timezone

from concertation.actions import comite, convocations, exclusions, plans, recits, situations
from concertation.models import (
    AccesExceptionnel,
    Orientation,
    ParticipationComite,
    PassageOrientation,
    PassageSituation,
    Recit,
    RencontreComite,
    SituationComplexe,
    TitreConvie,
)
from encadrement.journal.models import Entree
from encadrement.notifications.envoi import expedier_courriels
from encadrement.rencontres.serie import creneau
from encadrement.socle import coffre
from encadrement.socle.temps import jour_local
from tests.concertation import scenes

MARQUE = "Zibeline"


@dataclass
class Semis:
    """Les mots plantés, dans l’ordre ; `neuf()` en invente un."""

    plantes: list = field(default_factory=list)

    def neuf(self, ou):
        # Des lettres seules : dix chiffres de suite sembleraient un téléphone, et l’application ferait confirmer l’envoi.
        mot = MARQUE + "".join(secrets.choice(string.ascii_lowercase) for _ in range(16))
        self.plantes.append(mot)
        return f"{mot} dans {ou}"


def planter(d, semis):
    """Mène une situation de la rédaction à un second passage au comité, un mot neuf dans chaque texte ; la rend."""
    situation = scenes.situation_en_redaction(d, {champ: semis.neuf(champ) for champ in scenes.RECIT})
    situations.ecrire_situation(situation, par=d.mentore, disponibilites=semis.neuf("disponibilités"))
    situations.soumettre_situation(situation, par=d.mentore)
    situations.renvoyer_situation(situation, par=d.gestionnaire, motif=semis.neuf("renvoi"))
    _representer(situation, d)
    situations.demander_precisions(situation, par=d.coordonnatrice, motif=semis.neuf("précisions"))
    _representer(situation, d)
    situations.declarer_recevable(situation, par=d.coordonnatrice, motif=semis.neuf("recevabilité"))
    _au_comite(situation, d, semis)
    _suivi(situation, d, semis)
    demande = exclusions.demander_exception(situation.numero, par=d.dsm, motif=semis.neuf("urgence"))
    exclusions.approuver_exception(demande, par=d.prp)
    return situation


def _representer(situation, d):
    situations.soumettre_situation(situation, par=d.mentore)
    situations.attester_demarches(situation, par=d.gestionnaire)


def _au_comite(situation, d, semis):
    premiere, seconde = _rencontres(d)
    convocations.inscrire_situation(situation, premiere, par=d.coordonnatrice)
    convocations.convier(
        situation,
        par=d.coordonnatrice,
        titre=TitreConvie.INVITE,
        nom_externe=semis.neuf("nom d’un invité"),
        organisme=semis.neuf("organisme"),
    )
    convocations.reporter_situation(situation, seconde, par=d.coordonnatrice, motif=semis.neuf("report"))
    comite.convoquer_rencontre(seconde, par=d.coordonnatrice)
    convie = situation.participations.get(personne=d.collegue, retiree=False)
    convocations.prolonger_acces(convie, par=d.coordonnatrice, jours=3, motif=semis.neuf("prolongation"))
    fin = timezone.now() - datetime.timedelta(hours=1, minutes=RencontreComite.objects.count())
    comite.deplacer_rencontre(seconde, par=d.coordonnatrice, debut=fin - datetime.timedelta(hours=3), fin=fin)
    comite.tenir_rencontre(seconde, par=d.coordonnatrice, presentes=seconde.participations.all())


def _rencontres(d):
    scenes.representants(d)
    rang = RencontreComite.objects.count()
    creneaux = [creneau(jour_local() + datetime.timedelta(days=20 + rang + n), datetime.time(13), 180) for n in (0, 1)]
    return comite.planifier_rencontres(creneaux, par=d.coordonnatrice, lien="https://teams.exemple/comite")


def _suivi(situation, d, semis):
    situation.refresh_from_db()
    plans.presenter_situation(situation, par=d.coordonnatrice)
    plans.ecrire_plan(situation, par=d.coordonnatrice, discussion=semis.neuf("discussion"), plan=semis.neuf("plan"))
    echeance = jour_local() + datetime.timedelta(days=9)
    for direction, responsable in scenes.directions(d):
        plans.ajouter_orientation(
            situation,
            par=d.coordonnatrice,
            texte=semis.neuf("orientation"),
            direction=direction,
            responsable=responsable,
            echeance=echeance,
        )
    plans.etablir_plan(situation, par=d.coordonnatrice)
    une, deux, _ = situation.orientations.select_related("responsable").order_by("rang")
    plans.ne_pas_appliquer_orientation(deux, par=deux.responsable, raison_du_refus=semis.neuf("raison"))
    plans.reporter_orientation(
        une,
        par=une.responsable,
        echeance=echeance + datetime.timedelta(days=9),
        raison_du_report=semis.neuf("report d’orientation"),
    )
    plans.appliquer_orientation(une, par=une.responsable)
    plans.rouvrir_orientation(une, par=d.coordonnatrice, motif=semis.neuf("réouverture"))
    plans.ramener_au_comite(situation, par=d.coordonnatrice, motif=semis.neuf("retour au comité"))


# — Avec la clé : tout se relit


def relire_tout():
    """Rend, en clair, tous les textes que la mesure garde : de quoi prouver que rien n’a été perdu en chiffrant."""
    textes = []
    for situation in SituationComplexe.objects.filter(recit__isnull=False):
        textes += recits.contenu(situation, Recit.CHAMPS).values()
        textes += [passage.texte for passage in PassageSituation.objects.filter(situation=situation)]
    for orientation in Orientation.objects.select_related("situation"):
        textes += coffre.dechiffrer(orientation.situation.uuid, orientation.chiffre).values()
        textes += [passage.texte for passage in PassageOrientation.objects.filter(orientation=orientation)]
    for participation in ParticipationComite.objects.all():
        textes += [participation.nom_externe, participation.organisme]
    textes += [acces.motif for acces in AccesExceptionnel.objects.all()]
    for entree in Entree.objects.filter(acte="concertation.prolonger"):
        textes.append(coffre.dechiffrer(entree.objet_uuid, entree.details["raison_chiffree"]))
    return "\n".join(textes)


# — Sans la clé : chaque sortie, en texte


def vidage_de_la_base():
    """Rend le texte entier de la base, tel qu’une sauvegarde le porte."""
    if connection.vendor == "postgresql":
        reglages = connection.settings_dict
        environnement = {**os.environ, "PGPASSWORD": reglages["PASSWORD"]}
        options = ["--host", reglages["HOST"], "--port", str(reglages["PORT"]), "--username", reglages["USER"]]
        fait = subprocess.run(
            ["pg_dump", *options, "--no-owner", reglages["NAME"]],
            env=environnement,
            capture_output=True,
            text=True,
            check=True,
        )
        return fait.stdout
    connection.ensure_connection()
    return "\n".join(connection.connection.iterdump())


def base_decodee(vidage):
    """Rend ce que la base cache sous un codage sans clé : base64, et l’hexadécimal des colonnes binaires."""
    morceaux = []
    for code in re.findall(r"[A-Za-z0-9+/=_-]{24,}", vidage):
        for decoder in (base64.b64decode, base64.urlsafe_b64decode):
            try:
                morceaux.append(decoder(code + "=" * (-len(code) % 4)).decode("utf-8", "ignore"))
            except ValueError:
                continue
    morceaux += [
        bytes.fromhex(code).decode("utf-8", "ignore") for code in re.findall(r"\\x((?:[0-9a-f]{2}){8,})", vidage)
    ]
    return "\n".join(morceaux)


def sessions():
    return "\n".join(str(session.get_decoded()) for session in Session.objects.all())


def memoire_cache():
    """Rend tout le cache local, décodé."""
    tampon = getattr(caches["default"], "_cache", {})
    return "\n".join(f"{cle} {valeur!r}" for cle, valeur in tampon.items())


def redis_en_texte(adresse):
    """Rend les clés et les valeurs de cette base Redis."""
    import redis

    client = redis.from_url(adresse)
    lire = {
        b"string": client.get,
        b"list": lambda cle: client.lrange(cle, 0, -1),
        b"hash": client.hgetall,
        b"set": client.smembers,
        b"zset": lambda cle: client.zrange(cle, 0, -1, withscores=True),
    }
    return "\n".join(f"{cle!r} {lire[client.type(cle)](cle)!r}" for cle in client.scan_iter())


def courriels_envoyes():
    """Envoie tout ce qui attend et rend ce qu’un serveur de courriel a vu : en-têtes, corps, convocations, décodés."""
    mail.outbox = getattr(mail, "outbox", [])
    while expedier_courriels().envoyes:
        pass
    morceaux = []
    for message in mail.outbox:
        lu = message_from_bytes(message.message().as_bytes(), policy=policy.default)
        morceaux.append(str(lu.items()))
        for partie in lu.walk():
            if not partie.is_multipart():
                morceaux += [str(partie.get_filename()), partie.get_content()]
    return "\n".join(map(str, morceaux))


def fichiers(racine=None):
    """Rend le nom et les octets de tout ce qui est sur le disque : documents, ancres, courrier, coffre, brouillons."""
    morceaux = []
    for chemin in sorted(Path(racine or settings.VAR).rglob("*")):
        morceaux.append(str(chemin))
        if chemin.is_file():
            octets = chemin.read_bytes()
            morceaux.append(octets.decode("utf-8", "ignore"))
            if octets[:5] == b"%PDF-":
                morceaux.append(_texte_du_pdf(chemin))
    return "\n".join(morceaux)


def _texte_du_pdf(chemin):
    from pypdf import PdfReader

    lu = PdfReader(chemin)
    return "\n".join([str(lu.metadata), *(page.extract_text() for page in lu.pages)])


def trouves(texte, semis):
    """Rend les mots plantés qu’on lit dans un texte ; la marque seule suffit à trahir un morceau."""
    return [mot for mot in semis.plantes if mot in texte] or ([MARQUE] if MARQUE in texte else [])
