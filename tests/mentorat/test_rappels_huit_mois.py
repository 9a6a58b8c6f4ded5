"""Huit mois de relances, jour après jour, à travers les deux changements d’heure, le travailleur tué vingt fois.

Les dates attendues sont écrites à la main : rien ici ne se calcule avec le code éprouvé.
"""

import collections
import datetime
import os
import random
from types import SimpleNamespace

import pytest
from django.db import connection, connections
from django.utils import timezone

from encadrement.notifications import envoi, rappels, tasks
from encadrement.notifications.models import Courriel, EtatCourriel, Rappel, StatutRappel
from mentorat.actions import bilans, bottin, demandes, ententes, fin, suivi
from tests.distribution import monter
from tests.factories import PersonneFactory
from tests.mentorat import scenes

GRAINE = 20260901
PREMIER, DERNIER = datetime.date(2026, 9, 1), datetime.date(2027, 4, 30)

# (jour local, dossier, relance, destinataires). Fériés de la période : 7 septembre, 12 octobre, 25 décembre,
# 1er janvier, Vendredi saint le 26 mars ; l’heure change les 1er novembre et 14 mars.
ATTENDUES = """
2026-09-11  F  répondre à la candidature  J+3   autre_gestionnaire
2026-09-17  F  inscrire le mentor         J+3   dsm appr appr_liaison
2026-10-13  A  sans rencontre             J     mentor A
2026-10-16  B  mi-temps                   J-14  mentor B
2026-10-29  C  conclure la fin            J+3   gestionnaire delegue
2026-10-30  B  mi-temps                   J     B
2026-11-11  Ec répondre                   J+7   C
2026-11-12  E  répondre à la demande      J+3   gestionnaire delegue
2026-11-16  A  mi-temps                   J-14  mentor A
2026-11-16  B  fin                        J-30  mentor B gestionnaire delegue
2026-11-18  Ec répondre                   J+14  C
2026-11-18  E  répondre à la demande      J+7   gestionnaire delegue
2026-11-24  A  sans rencontre             J     mentor A
2026-11-25  E  proposer un mentor         J+3   gestionnaire delegue
2026-11-30  A  mi-temps                   J     mentor A
2026-12-02  E  répondre au jumelage       J+3   mentor collegue
2026-12-07  A  mi-temps                   J+7   mentor A gestionnaire delegue
2026-12-08  E  répondre au jumelage       J+7   collegue
2026-12-21  A  mi-temps                   J+21  appr appr_liaison
2026-12-23  D  signer l’entente           J+3   mentor D
2026-12-30  D  signer l’entente           J+7   D
2027-01-05  A  sans rencontre             J     mentor A
2027-01-11  M  confirmation               J-30  mentor dsm
2027-01-12  D  signer l’entente           J+15  gestionnaire
2027-01-18  D  approuver l’entente        J+3   gestionnaire delegue
2027-01-22  D  approuver l’entente        J+7   autre_gestionnaire
2027-01-29  A  fin                        J-30  mentor A gestionnaire delegue
2027-02-03  D  approuver l’entente        J+15  directeur
2027-02-15  B  fin                        J-30  mentor B gestionnaire delegue
2027-02-16  A  sans rencontre             J     mentor A
2027-02-22  A  fin                        J-7   mentor A gestionnaire delegue
2027-03-01  A  fin                        J     mentor A gestionnaire delegue
2027-03-08  A  fin                        J+7   gestionnaire delegue
2027-03-08  B  fin                        J-7   mentor B gestionnaire delegue
2027-03-15  B  fin                        J     mentor B gestionnaire delegue
2027-03-22  A  fin                        J+21  appr appr_liaison
2027-03-22  B  fin                        J+7   gestionnaire delegue
2027-03-22  B  signer l’évaluation finale J+3   B
2027-03-22  D  sans rencontre             J     mentor D
2027-03-29  B  signer l’évaluation finale J+7   B
2027-04-06  B  clore l’entente            J+3   gestionnaire delegue
2027-04-14  Em répondre                   J+7   mentor
2027-04-14  Eb répondre                   J+7   B
2027-04-21  Eb répondre                   J+14  B
2027-04-26  D  mi-temps                   J-14  mentor D
"""


def attendues():
    """Rend le décompte des (jour, dossier, relance, pas, destinataire) à voir partir, une fois chacune."""
    lignes = collections.Counter()
    for ligne in ATTENDUES.strip().splitlines():
        jour, dossier, relance = ligne[:10], ligne[12:15].strip(), ligne[15:42].strip()
        pas, *qui = ligne[42:].split()
        lignes.update((jour, dossier, relance, pas, nom) for nom in qui)
    return lignes


def le(texte):
    return datetime.date.fromisoformat(texte)


class Histoire:
    """Six dossiers et ce que chacun y fait, à cinq heures du matin, avant tout balayage du jour."""

    def __init__(self, horloge):
        self.horloge = horloge
        horloge.move_to(_a(PREMIER, 5), tick=False)
        self.d = d = monter()
        self.gens = dict(d)
        self.gens["directeur"] = d.autre_gestionnaire.superieur
        for lettre in "BCD":
            self.gens[lettre] = PersonneFactory(nom=f"Mentoré {lettre}", superieur=d.gestionnaire)
        self.gens["A"] = d.mentore
        horloge.move_to(_a(le("2026-02-10"), 5), tick=False)
        self.dossiers = {"M": scenes.fiche_inscrite(d)}
        envoi.expedier_courriels()

    def troupe(self, lettre):
        return SimpleNamespace(**{**dict(self.d), "mentore": self.gens[lettre]})

    def relu(self, lettre):
        return scenes.relire(self.dossiers[lettre])

    def evaluation(self, lettre, qui):
        return scenes.invitation(self.dossiers[lettre], self.gens[qui])

    def actes(self):
        """Rend {jour: acte}."""
        d, noter = self.d, self.dossiers.__setitem__
        return {
            "2026-09-01": lambda: noter("A", scenes.entente(self.troupe("A"))),
            "2026-09-08": lambda: noter("F", scenes.fiche_soumise(d, d.executif_cm)),
            "2026-09-14": lambda: bottin.recommander_mentor(
                self.relu("F"), par=d.autre_gestionnaire, experience_attestee=True
            ),
            "2026-09-15": lambda: noter("B", scenes.entente(self.troupe("B"), fin_=le("2026-12-15"))),
            "2026-09-18": lambda: bottin.inscrire_mentor(self.relu("F"), par=d.dsm, raison="Formation prévue."),
            "2026-10-01": self.premier_octobre,
            "2026-10-20": lambda: (
                scenes.colorier(self.relu("B"), "mi_temps"),
                bilans.confirmer_mi_temps(self.relu("B"), par=d.mentor),
            ),
            "2026-10-26": lambda: fin.demander_fin(self.relu("C"), par=self.gens["C"]),
            "2026-11-02": lambda: bilans.confirmer_mi_temps(self.relu("B"), par=self.gens["B"]),
            "2026-11-04": self.constater,
            "2026-11-05": lambda: self.rencontrer("B"),
            "2026-11-09": lambda: noter(
                "E", scenes.demande_soumise(SimpleNamespace(mentore=d.collegue, gestionnaire=d.gestionnaire))
            ),
            "2026-11-10": lambda: self.repondre("C", "mentor"),
            "2026-11-20": self.vingt_novembre,
            "2026-11-24": lambda: fin.accorder_prolongation(self.prolongation, par=d.gestionnaire),
            "2026-11-27": lambda: demandes.proposer_jumelage(self.relu("E"), mentor=d.mentor, par=d.gestionnaire),
            "2026-12-03": lambda: demandes.accepter_jumelage(self.relu("E"), par=d.mentor),
            "2026-12-09": lambda: demandes.accepter_jumelage(self.relu("E"), par=d.collegue),
            "2026-12-10": lambda: self.rencontrer("B"),
            "2026-12-18": lambda: noter("D", scenes.entente(self.troupe("D"), "a_signer", debut=le("2027-02-08"))),
            "2026-12-24": lambda: self.signer("D", "mentor"),
            "2027-01-13": lambda: self.signer("D", "D"),
            "2027-01-14": lambda: self.rencontrer("B"),
            "2027-01-21": self.changer_de_gestionnaire,
            "2027-02-04": lambda: ententes.approuver_entente(
                self.relu("D"), par=d.autre_gestionnaire, confirmation=scenes.CONFIRMATION
            ),
            "2027-02-18": lambda: self.rencontrer("B"),
            "2027-03-16": lambda: (
                bilans.entamer_finale(self.relu("B"), par=d.mentor),
                scenes.evaluer(self.relu("B")),
            ),
            "2027-03-17": lambda: self.signer_la_finale("mentor"),
            "2027-04-01": lambda: self.signer_la_finale("B"),
            "2027-04-07": lambda: bilans.clore_entente(
                self.relu("B"), par=d.gestionnaire, confirmation=scenes.CONFIRMATION
            ),
            "2027-04-15": lambda: self.repondre("B", "mentor"),
        }

    def premier_octobre(self):
        self.dossiers["C"] = scenes.entente(self.troupe("C"))
        self.rencontrer("B")

    def constater(self):
        d = self.d
        fin.consigner_fin(
            self.relu("C"), par=d.gestionnaire, rencontre_le=PREMIER, appr=d.appr, gestionnaire_present=True
        )
        fin.constater_fin(self.relu("C"), par=d.gestionnaire)
        self.dossiers["Ec"] = self.evaluation("C", "C")

    def vingt_novembre(self):
        demandes.accepter_demande(self.relu("E"), par=self.d.gestionnaire)
        self.prolongation = fin.demander_prolongation(
            self.relu("B"), par=self.gens["B"], nouvelle_fin=le("2027-03-15"), justification="Un congé de maladie."
        )

    def changer_de_gestionnaire(self):
        self.gens["D"].superieur = self.d.autre_gestionnaire
        self.gens["D"].save(update_fields=["superieur"])

    def rencontrer(self, lettre):
        suivi.consigner_rencontre(
            self.relu(lettre), par=self.d.mentor, jour=timezone.localdate(), minutes=60, mode="teams"
        )

    def signer(self, lettre, qui):
        ententes.signer_entente(self.relu(lettre), par=self.gens[qui], confirmation=scenes.CONFIRMATION)

    def signer_la_finale(self, qui):
        bilans.signer_finale(self.relu("B"), par=self.gens[qui], confirmation=scenes.CONFIRMATION)

    def repondre(self, lettre, qui):
        scenes.evaluer_la_mesure(self.evaluation(lettre, qui))

    def parties(self):
        """Rend le décompte de ce qui est vraiment parti, dans les mots de la table."""
        for lettre, qui in (("Em", "mentor"), ("Eb", "B")):
            self.dossiers[lettre] = self.evaluation("B", qui)
        lettres = {dossier.uuid: lettre for lettre, dossier in self.dossiers.items()}
        noms = {personne.pk: nom for nom, personne in self.gens.items() if nom not in ("mentore",)}
        lignes = collections.Counter()
        for rappel in Rappel.objects.filter(statut=StatutRappel.PARTI):
            relance, _, fin_du_jalon = rappel.jalon.partition(" 202")
            cle = next((mots for mots in _RELANCES if relance.startswith(mots)), relance)
            jour = timezone.localdate(rappel.cree_le).isoformat()
            lignes[jour, lettres[rappel.objet_uuid], cle, fin_du_jalon.split()[1], noms[rappel.destinataire_id]] += 1
        return lignes


_RELANCES = sorted({ligne[15:42].strip() for ligne in ATTENDUES.strip().splitlines()}, key=len, reverse=True)


def _a(jour, heure):
    return timezone.make_aware(datetime.datetime.combine(jour, datetime.time(heure)))


# --- Le travailleur et ses morts --------------------------------------------------------------------------------


class Meche:
    """Compte les passages aux points sensibles du balayage et de l’envoi ; au dernier, le travailleur meurt."""

    POINTS = (
        *((rappels, nom) for nom in ("_deja_faits", "_encore_dus", "_choisir", "composer", "deposer")),
        *((envoi, nom) for nom in ("_reclamer", "_ecarter_les_connus", "message_de", "_noter_envoye")),
        (envoi, "_valider_envoyes"),
    )

    def __init__(self, monkeypatch, mourir):
        self.restants, self.morts, self.mourir = None, 0, mourir
        for module, nom in self.POINTS:
            monkeypatch.setattr(module, nom, self._point(getattr(module, nom)))

    def _point(self, vraie):
        def gardee(*args, **kwargs):
            self._passer()
            rendu = vraie(*args, **kwargs)
            self._passer()
            return rendu

        return gardee

    def _passer(self):
        if self.restants is not None:
            self.restants -= 1
            if self.restants <= 0:
                self.restants = None
                self.mourir()


def travailler():
    """Ce que le métronome réveille : le balayage, puis l’envoi."""
    tasks.rappels.run()
    envoi.expedier_courriels()


def mourir_en_levant(meche, hasard):
    """Le travailleur reçoit l’ordre de s’arrêter au beau milieu ; rend vrai s’il est mort."""
    meche.restants = hasard.randrange(1, 14)
    try:
        travailler()
    except SystemExit:
        return True
    finally:
        meche.restants = None
    return False


def mourir_d_un_coup(meche, hasard):
    """Un autre processus travaille et disparaît sans rien fermer, comme sous `kill -9`."""
    connections.close_all()
    enfant = os.fork()
    if enfant == 0:
        try:
            meche.restants = hasard.randrange(1, 14)
            travailler()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(enfant, 0)[1]) == 9


def vivre(histoire, hasard, tuer):
    """Fait passer les huit mois : l’acte du jour, des balayages à toute heure UTC ; rend le nombre de morts."""
    actes, morts = histoire.actes(), 0
    charges = {ligne[:10] for ligne in ATTENDUES.strip().splitlines()}
    for rang in range((DERNIER - PREMIER).days + 1):
        jour = PREMIER + datetime.timedelta(days=rang)
        histoire.horloge.move_to(_a(jour, 5), tick=False)
        if acte := actes.pop(jour.isoformat(), None):
            acte()
        heures = sorted([hasard.randrange(10, 18), hasard.randrange(15, 24), hasard.randrange(24, 29)])
        for numero, heure in enumerate(heures):
            minuit_utc = datetime.datetime.combine(jour, datetime.time(), tzinfo=datetime.UTC)
            histoire.horloge.move_to(
                minuit_utc + datetime.timedelta(hours=heure, minutes=hasard.randrange(30)), tick=False
            )
            if numero == 0 and jour.isoformat() in charges:
                # Avant l’heure des relances, il n’y a rien à tuer : on tue au premier balayage du matin.
                histoire.horloge.move_to(_a(jour, 6), tick=False)
                morts += tuer(hasard)
            elif numero or hasard.random() < 0.3:
                travailler()
    assert not actes
    return morts


def boite(dossier):
    """Rend le décompte des Message-ID vraiment remis au serveur de courriel, ici des fichiers."""
    recus = collections.Counter()
    for fichier in dossier.glob("*.log"):
        lignes = fichier.read_text(encoding="utf-8", errors="replace").splitlines()
        recus.update(ligne.partition(": ")[2] for ligne in lignes if ligne.startswith("Message-ID: "))
    return recus


def verifier(histoire, dossier):
    """Chaque relance est partie une fois, à la bonne personne, le bon jour local, et son courriel une fois."""
    assert histoire.parties() == attendues()
    assert not Rappel.objects.filter(statut=StatutRappel.REMPLACE).exists()
    relances = Courriel.objects.filter(rappels__isnull=False)
    assert relances.count() == sum(attendues().values())
    recus = boite(dossier)
    assert set(recus.values()) == {1}
    ambigus = set(relances.filter(etat=EtatCourriel.AMBIGU).values_list("message_id", flat=True))
    assert set(relances.values_list("message_id", flat=True)) - ambigus <= set(recus)
    return len(ambigus)


@pytest.fixture
def courriers(settings, var_jetable):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(var_jetable / "courriers")
    return var_jetable / "courriers"


@pytest.mark.django_db
@pytest.mark.usefixtures("relances_de_la_mesure")
@pytest.mark.exigence("R-057", "R-058", "R-059", "R-062", "R-071", "R-080")
def test_huit_mois_chaque_relance_une_fois_malgre_vingt_arrets(time_machine, monkeypatch, courriers):
    def mourir():
        raise SystemExit(1)

    histoire, meche = Histoire(time_machine), Meche(monkeypatch, mourir)
    morts = vivre(histoire, random.Random(GRAINE), lambda hasard: mourir_en_levant(meche, hasard))
    assert morts >= 20
    assert verifier(histoire, courriers) == 0


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_huit_mois_chaque_relance_une_fois_malgre_vingt_morts_subites(time_machine, monkeypatch, courriers):
    histoire, meche = Histoire(time_machine), Meche(monkeypatch, lambda: os._exit(9))
    morts = vivre(histoire, random.Random(GRAINE), lambda hasard: mourir_d_un_coup(meche, hasard))
    assert morts >= 20
    assert verifier(histoire, courriers) <= morts
    assert connection.vendor == "postgresql"
