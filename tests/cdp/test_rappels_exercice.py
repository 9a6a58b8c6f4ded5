"""Un exercice entier de relances, du 1er avril au suivant, jour après jour, à travers les deux changements d’heure.

Les dates attendues sont écrites à la main : rien ici ne se calcule avec le code éprouvé.
"""

import collections
import datetime

import pytest
from django.utils import timezone

from cdp.actions import adhesions, annees, communautes, comptes_rendus, heures, ordre_du_jour, rencontres, suivis, vie
from encadrement.notifications.models import Courriel, Rappel, StatutRappel
from encadrement.notifications.rappels import balayer_rappels
from encadrement.rencontres.models import Mode, Reponse
from tests.cdp import scenes
from tests.distribution import monter

PREMIER, DERNIER = datetime.date(2026, 4, 1), datetime.date(2027, 4, 30)

# (jour local, dossier, relance, pas, destinataires). Fériés : 3 et 6 avril, 18 mai, 24 juin, 1er juillet, 7 septembre,
# 12 octobre, 25 décembre, 1er janvier, 26 et 29 mars ; l’heure change les 1er novembre et 14 mars.
ATTENDUES = """
2026-04-01  C   plan                     J-30  animatrice
2026-05-01  C   plan                     J     animatrice parrain
2026-05-07  P   approuver le plan        J+3   parrain
2026-05-13  P   approuver le plan        J+7   parrain
2026-06-04  D   répondre à la demande d’ J+3   animatrice
2026-06-18  C2  répondre à la communauté J+3   parrain
2026-06-25  C2  répondre à la communauté J+7   parrain
2026-07-08  C2  répondre à la communauté J+15  directeur
2026-09-17  R1  rencontre                J-7   animatrice secretaire membre executif_cm
2026-09-23  R1  rencontre                J-1   animatrice secretaire executif_cm
2026-09-25  R1  à consigner              J+1   animatrice secretaire
2026-10-01  R1  publier le compte rendu  J+3   animatrice secretaire
2026-10-07  R1  publier le compte rendu  J+7   animatrice secretaire
2026-10-23  S   suivi                    J-7   secretaire
2026-10-30  S   suivi                    J     secretaire
2026-11-02  R2  rencontre                J-7   animatrice secretaire membre executif_cm
2026-11-09  R2  rencontre                J-1   animatrice secretaire membre executif_cm
2026-12-07  C   semaine                  lundi animatrice secretaire membre executif_cm
2027-01-04  C   semaine                  lundi animatrice secretaire membre executif_cm
2027-01-14  I   répondre à l’invitation  J+3   collegue
2027-01-20  I   répondre à l’invitation  J+7   collegue
2027-02-04  H   répondre à la demande d’ J+3   parrain
2027-02-11  R3  à consigner              J+1   animatrice secretaire
2027-02-17  R3  à consigner              J+7   animatrice secretaire
2027-03-01  C   plan                     J-30  animatrice
2027-03-01  C   rapport                  J-30  animatrice
2027-03-02  A   mandat                   J-30  animatrice dsm
2027-03-31  C   rapport                  J     animatrice parrain
2027-04-14  C   rapport                  J+14  animatrice parrain
2027-04-30  C   rapport                  J+30  parrain appr appr_liaison
"""


def attendues():
    """Rend le décompte des (jour, dossier, relance, pas, destinataire) à voir partir, une fois chacune."""
    lignes = collections.Counter()
    for ligne in ATTENDUES.strip().splitlines():
        jour, dossier, relance = ligne[:10], ligne[12:16].strip(), ligne[16:41].strip()
        pas, *qui = ligne[41:].split()
        lignes.update((jour, dossier, relance, pas, nom) for nom in qui)
    return lignes


_RELANCES = sorted({ligne[16:41].strip() for ligne in ATTENDUES.strip().splitlines()}, key=len, reverse=True)


def _a(jour, heure):
    return timezone.make_aware(datetime.datetime.combine(jour, datetime.time(heure)))


def _le(texte):
    return datetime.date.fromisoformat(texte)


class Exercice:
    """Deux communautés et ce qu’on y fait, à cinq heures du matin, avant les balayages du jour."""

    def __init__(self, horloge):
        self.horloge = horloge
        horloge.move_to(_a(PREMIER, 5), tick=False)
        self.d = monter()
        self.gens = {**dict(self.d), "directeur": self.d.autre_gestionnaire.superieur}
        self.dossiers = {}

    def relu(self, lettre):
        objet = self.dossiers[lettre]
        return type(objet).objects.get(pk=objet.pk)

    def actes(self):
        """Rend {jour: acte}."""
        d, noter, relu = self.d, self.dossiers.__setitem__, self.relu
        return {
            "2026-04-01": self.agreer,
            "2026-05-04": lambda: noter("P", scenes.plan_soumis(d, relu("C"), 2026)),
            "2026-05-14": lambda: annees.approuver_plan(relu("P"), par=d.parrain, confirmation=scenes.CONFIRMATION),
            "2026-06-01": lambda: noter("D", adhesions.demander_adhesion(relu("C"), par=d.executif_cm)),
            "2026-06-05": lambda: adhesions.accepter_adhesion(relu("D"), par=d.animatrice),
            "2026-06-15": lambda: noter("C2", scenes.communaute_proposee(d, nom="CdP du bégaiement")),
            "2026-07-09": lambda: communautes.retourner_communaute(relu("C2"), par=d.parrain, motif="À préciser."),
            "2026-09-01": lambda: self.convoquer("R1", "2026-09-24"),
            "2026-09-20": lambda: rencontres.repondre_a_la_convocation(
                relu("R1"), par=d.membre, presence=Reponse.ABSENT
            ),
            "2026-09-28": lambda: rencontres.tenir_rencontre(relu("R1"), par=d.secretaire),
            "2026-10-05": self.noter_le_suivi,
            "2026-10-08": lambda: self.publier("R1"),
            "2026-11-02": lambda: self.convoquer("R2", "2026-11-09"),
            "2026-11-04": lambda: suivis.clore_suivi(relu("S"), par=d.secretaire, issue="Fait."),
            "2026-11-10": lambda: (rencontres.tenir_rencontre(relu("R2"), par=d.secretaire), self.publier("R2")),
            "2026-12-02": lambda: scenes.outil_depose(d, relu("C")),
            "2026-12-30": lambda: vie.lancer_appel(relu("C"), par=d.membre, titre="Une grille?", texte="Secret."),
            "2027-01-11": lambda: noter("I", adhesions.inviter(relu("C"), d.collegue, par=d.animatrice, role="expert")),
            "2027-01-25": lambda: adhesions.decliner_invitation(relu("I"), par=d.collegue),
            "2027-02-01": lambda: self.demander_des_heures(),
            "2027-02-05": lambda: heures.refuser_heures(relu("H"), par=d.parrain, motif="Non."),
            "2027-02-08": lambda: self.planifier("R3", "2027-02-10"),
            "2027-02-18": lambda: rencontres.annuler_rencontre(relu("R3"), par=d.animatrice),
            "2027-03-15": lambda: scenes.plan_approuve(d, relu("C"), 2027),
        }

    def agreer(self):
        self.dossiers["C"] = communaute = scenes.communaute_active(self.d)
        self.dossiers["A"] = communaute.adhesions.get(personne=self.d.animatrice)

    def planifier(self, lettre, jour):
        debut = timezone.make_aware(datetime.datetime.combine(_le(jour), datetime.time(13, 30)))
        (rencontre,) = rencontres.planifier_rencontres(
            self.relu("C"),
            [(debut, debut + datetime.timedelta(hours=3))],
            par=self.d.animatrice,
            mode=Mode.VIRTUELLE,
            lien=scenes.LIEN,
        )
        ordre_du_jour.ajouter_point(rencontre, par=self.d.animatrice, sujet="Grille TDL")
        self.dossiers[lettre] = rencontre

    def convoquer(self, lettre, jour):
        self.planifier(lettre, jour)
        rencontres.convoquer_rencontre(self.relu(lettre), par=self.d.animatrice)

    def noter_le_suivi(self):
        self.dossiers["S"] = suivis.noter_suivi(
            self.relu("R1"),
            par=self.d.secretaire,
            texte="Corriger l’item 14",
            personne=self.d.secretaire,
            echeance=_le("2026-10-30"),
        )

    def publier(self, lettre):
        rencontre, par = self.relu(lettre), self.d.secretaire
        comptes_rendus.noter_presences(
            rencontre, dict.fromkeys(rencontre.participations.values_list("pk", flat=True), True), par=par
        )
        saisi = {f"point-{rencontre.points.get(sorte='fin').pk}": "Levée à 16 h 30."}
        comptes_rendus.ecrire_compte_rendu(rencontre, par=par, saisi=saisi, temoins={})
        comptes_rendus.publier_compte_rendu(rencontre, par=par)

    def demander_des_heures(self):
        self.dossiers["H"] = heures.demander_heures(
            self.relu("C"), par=self.d.animatrice, annee=2026, minutes=60, justification="Mandat.", personne=None
        )

    def parties(self):
        """Rend le décompte de ce qui est vraiment parti, dans les mots de la table."""
        lettres = {dossier.uuid: lettre for lettre, dossier in self.dossiers.items()}
        noms = {personne.pk: nom for nom, personne in self.gens.items()}
        lignes = collections.Counter()
        for rappel in Rappel.objects.filter(statut=StatutRappel.PARTI, mesure="cdp"):
            relance, _, fin_du_jalon = rappel.jalon.partition(" 202")
            cle = next((mots for mots in _RELANCES if relance.startswith(mots)), relance)
            jour = timezone.localdate(rappel.cree_le).isoformat()
            lignes[jour, lettres[rappel.objet_uuid], cle, fin_du_jalon.split()[1], noms[rappel.destinataire_id]] += 1
        return lignes


@pytest.mark.django_db
@pytest.mark.usefixtures("relances_de_la_mesure")
@pytest.mark.exigence("R-118", "R-140", "R-385", "R-390", "R-424", "R-425")
def test_un_exercice_chaque_relance_une_fois_le_bon_jour_a_la_bonne_personne(time_machine):
    exercice = Exercice(time_machine)
    actes = exercice.actes()
    for rang in range((DERNIER - PREMIER).days + 1):
        jour = PREMIER + datetime.timedelta(days=rang)
        time_machine.move_to(_a(jour, 5), tick=False)
        if acte := actes.pop(jour.isoformat(), None):
            acte()
        for heure in (6, 23):
            time_machine.move_to(_a(jour, heure), tick=False)
            balayer_rappels()
    assert not actes
    assert exercice.parties() == attendues()
    relances = Rappel.objects.filter(mesure="cdp")
    assert not relances.filter(statut=StatutRappel.REMPLACE).exists()
    assert Courriel.objects.filter(rappels__in=relances).count() == sum(attendues().values())
    assert not Courriel.objects.filter(texte__contains="Secret.").exists()
