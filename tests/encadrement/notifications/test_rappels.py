"""Relancer : une fois par dossier, jalon et destinataire ; après une panne, la dernière seulement."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from encadrement.notifications.actions import retirer_relances
from encadrement.notifications.models import Courriel, EtatCourriel, Rappel, StatutRappel
from encadrement.notifications.rappels import (
    Echeance,
    Pas,
    SourceDeRappels,
    attente,
    balayer_rappels,
    inscrire,
    pas_hebdomadaires,
    periode_echue,
)
from encadrement.personnes.models import Personne
from tests.encadrement.notifications.conftest import CONTEXTE, GABARIT
from tests.factories import PersonneFactory

pytestmark = pytest.mark.django_db

DU = datetime.date(2026, 11, 18)  # un mercredi


def jours(nombre, depuis=DU):
    return depuis + datetime.timedelta(days=nombre)


def relire(personne):
    return Personne.objects.get(pk=personne.pk)


class Montage:
    """Un dossier (une personne en tient lieu), son mentor, son gestionnaire et la source qui les relance."""

    def __init__(self, sources):
        self.gestionnaire = PersonneFactory(prenom="Hélène")
        self.mentor = PersonneFactory(prenom="Guylaine")
        self.dossier = PersonneFactory(superieur=self.gestionnaire)
        self.du, self.ouvert = DU, True
        self.appels = 0
        sources.inscrire(SourceDeRappels("essai", self.echeances, lambda echeance: self.ouvert))

    def _mentor(self, dossier):
        self.appels += 1
        return [self.mentor]

    def _mentor_et_gestionnaire(self, dossier):
        return [*self._mentor(dossier), relire(dossier).superieur]

    def echeances(self, jour):
        if self.ouvert:
            yield Echeance(
                self.dossier,
                "bilan",
                self.du,
                (
                    Pas(-14, "J-14", self._mentor),
                    Pas(0, "J", self._mentor),
                    Pas(7, "J+7", self._mentor_et_gestionnaire),
                ),
                GABARIT,
                url="/dossier/",
                contexte=CONTEXTE,
            )

    def partis(self, personne=None):
        rappels = Rappel.objects.filter(statut=StatutRappel.PARTI).order_by("id")
        if personne is not None:
            rappels = rappels.filter(destinataire=personne)
        return [rappel.jalon.split()[-1] for rappel in rappels]


@pytest.fixture
def montage(sources):
    return Montage(sources)


# Pour chaque jour autour de l’échéance : combien de relances partent quand on balaie chaque jour.
CHAQUE_JOUR = {-15: 0, -14: 1, -13: 0, -1: 0, 0: 1, 1: 0, 6: 0, 7: 2, 8: 0, 30: 0}


def test_table_des_jours_un_balayage_par_jour(montage):
    comptes = {n: balayer_rappels(jours(n)) for n in range(-20, 40)}
    assert {n: comptes[n] for n in CHAQUE_JOUR} == CHAQUE_JOUR
    assert sum(comptes.values()) == 4
    assert montage.partis(montage.mentor) == ["J-14", "J", "J+7"]
    assert montage.partis(montage.gestionnaire) == ["J+7"]


def test_trois_balayages_le_meme_jour_une_seule_relance(montage):
    assert [balayer_rappels(DU) for _ in range(3)] == [1, 0, 0]
    assert Courriel.objects.count() == 1


@pytest.mark.parametrize(
    ("reprise", "mentor", "gestionnaire", "remplacees"),
    [
        (-14, ["J-14"], [], 0),
        (0, ["J"], [], 1),
        (6, ["J"], [], 1),
        (7, ["J+7"], ["J+7"], 2),
        (40, ["J+7"], ["J+7"], 2),
    ],
)
def test_apres_un_arret_seule_la_derniere_relance_de_chacun_part(montage, reprise, mentor, gestionnaire, remplacees):
    balayer_rappels(jours(reprise))
    balayer_rappels(jours(reprise))
    assert montage.partis(montage.mentor) == mentor
    assert montage.partis(montage.gestionnaire) == gestionnaire
    assert Rappel.objects.filter(statut=StatutRappel.REMPLACE).count() == remplacees
    assert Courriel.objects.count() == len(mentor) + len(gestionnaire)


def test_deux_semaines_d_arret_une_relance_de_rattrapage_pas_trois(montage):
    balayer_rappels(jours(-14))
    assert balayer_rappels(jours(7)) == 2
    assert montage.partis(montage.mentor) == ["J-14", "J+7"]


@pytest.mark.parametrize(
    ("du", "part_le"),
    [
        ("2026-11-14", "2026-11-16"),  # samedi
        ("2026-11-15", "2026-11-16"),  # dimanche
        ("2026-06-24", "2026-06-25"),  # Fête nationale
        ("2026-07-01", "2026-07-02"),
        ("2026-09-07", "2026-09-08"),
        ("2026-12-25", "2026-12-28"),
        ("2026-04-03", "2026-04-06"),
        ("2026-11-17", "2026-11-17"),
    ],
)
def test_une_fin_de_semaine_ou_un_ferie_repousse_la_relance(sources, du, part_le):
    du, part_le = datetime.date.fromisoformat(du), datetime.date.fromisoformat(part_le)
    dossier, personne = PersonneFactory(), PersonneFactory()
    pas = (Pas(0, "J", lambda dossier: [personne]),)
    sources.inscrire(
        SourceDeRappels("essai", lambda jour: [Echeance(dossier, "x", du, pas, GABARIT, "/", CONTEXTE)]),
    )
    partis = [jours(n, du) for n in range(-1, 6) if balayer_rappels(jours(n, du))]
    assert partis == [part_le]
    assert Rappel.objects.get().jour == part_le


def test_on_ecrit_a_qui_tient_le_role_le_jour_de_l_envoi(montage):
    nouvelle = PersonneFactory()
    montage.dossier.superieur = nouvelle
    montage.dossier.save(update_fields=["superieur"])
    balayer_rappels(jours(7))
    assert montage.partis(nouvelle) == ["J+7"]
    assert montage.partis(montage.gestionnaire) == []


def test_changer_de_titulaire_ne_rouvre_pas_les_relances_passees(montage):
    balayer_rappels(jours(7))
    montage.dossier.superieur = PersonneFactory()
    montage.dossier.save(update_fields=["superieur"])
    assert balayer_rappels(jours(8)) == 0


def test_un_poste_vacant_est_relance_des_qu_il_est_pourvu(sources):
    dossier, titulaires = PersonneFactory(), []
    pas = (Pas(0, "J", lambda dossier: titulaires),)
    sources.inscrire(
        SourceDeRappels("essai", lambda jour: [Echeance(dossier, "x", DU, pas, GABARIT, "/", CONTEXTE)]),
    )
    assert balayer_rappels(DU) == 0
    titulaires.append(PersonneFactory())
    assert [balayer_rappels(jours(1)), balayer_rappels(jours(1))] == [1, 0]


def test_un_compte_inactif_n_est_pas_relance(montage):
    montage.mentor.is_active = False
    assert balayer_rappels(DU) == 0


def test_une_echeance_prolongee_relance_a_sa_nouvelle_date(montage):
    balayer_rappels(DU)
    montage.du = jours(28)
    assert [balayer_rappels(jours(n)) for n in (1, 13, 14, 28)] == [0, 0, 1, 1]


def test_un_dossier_ferme_ne_relance_plus(montage):
    montage.ouvert = False
    assert balayer_rappels(DU) == 0


def test_un_dossier_ferme_pendant_le_balayage_ne_relance_pas(montage):
    lues = list(montage.echeances(DU))
    montage.echeances = None

    def fermer_apres_lecture(jour):
        yield from lues
        montage.ouvert = False

    inscrire(SourceDeRappels("essai", fermer_apres_lecture, lambda echeance: montage.ouvert))
    assert balayer_rappels(DU) == 0
    assert not Courriel.objects.exists()


def test_l_acte_qui_ferme_le_dossier_retire_la_relance_pas_encore_partie(montage):
    balayer_rappels(DU)
    assert retirer_relances(montage.dossier) == 1
    assert Courriel.objects.get().etat == EtatCourriel.ABANDONNE


def test_la_panne_d_un_dossier_n_arrete_ni_les_autres_ni_les_autres_sources(sources):
    dossiers = PersonneFactory.create_batch(3)
    personne = PersonneFactory()

    def destinataires(dossier):
        if dossier == dossiers[1]:
            raise LookupError("dossier bancal")
        return [personne]

    def echeances(jour):
        for dossier in dossiers:
            yield Echeance(dossier, "x", DU, (Pas(0, "J", destinataires),), GABARIT, "/", CONTEXTE)

    def source_en_panne(jour):
        raise ValueError("source bancale")

    sources.inscrire(SourceDeRappels("en panne", source_en_panne))
    sources.inscrire(SourceDeRappels("essai", echeances))
    with pytest.raises(ExceptionGroup) as pannes:
        balayer_rappels(DU)
    assert [type(panne) for panne in pannes.value.exceptions] == [ValueError, LookupError]
    assert Rappel.objects.count() == 2


@pytest.mark.parametrize(
    ("instant_utc", "jour_local"),
    [
        ("2026-11-01T03:30:00+00:00", "2026-10-31"),  # 23 h 30, dernière nuit de l’heure avancée
        ("2026-11-02T03:30:00+00:00", "2026-11-01"),  # 22 h 30, heure normale
        ("2026-11-02T05:00:00+00:00", "2026-11-02"),
        ("2027-03-14T03:30:00+00:00", "2027-03-13"),
        ("2027-03-15T03:30:00+00:00", "2027-03-14"),  # 23 h 30, heure avancée
        ("2027-03-15T04:00:00+00:00", "2027-03-15"),
    ],
)
def test_le_balayage_suit_le_jour_local_aux_changements_d_heure(sources, time_machine, instant_utc, jour_local):
    recus = []
    sources.inscrire(SourceDeRappels("essai", lambda jour: recus.append(jour) or []))
    time_machine.move_to(datetime.datetime.fromisoformat(instant_utc), tick=False)
    balayer_rappels()
    assert recus == [datetime.date.fromisoformat(jour_local)]


@pytest.mark.parametrize("annee", [2026, 2027])
def test_chaque_relance_part_une_fois_le_bon_jour_malgre_le_changement_d_heure(montage, time_machine, annee):
    montage.du = datetime.date(annee, 11, 3) if annee == 2026 else datetime.date(annee, 3, 16)
    instant = datetime.datetime(annee, 2, 20, tzinfo=datetime.UTC)
    while instant.date() < montage.du + datetime.timedelta(days=10):
        time_machine.move_to(instant, tick=False)
        balayer_rappels()
        instant += datetime.timedelta(hours=3)
    assert montage.partis(montage.mentor) == ["J-14", "J", "J+7"]
    assert [rappel.jour for rappel in Rappel.objects.filter(destinataire=montage.mentor).order_by("id")] == [
        montage.du - datetime.timedelta(days=14),
        montage.du,
        montage.du + datetime.timedelta(days=7),
    ]


# --- Ce que le balayage coûte -----------------------------------------------------------------------------------


def test_un_balayage_sans_rien_de_du_n_interroge_ni_roles_ni_relances(montage):
    with CaptureQueriesContext(
        connection,
    ) as requetes:
        balayer_rappels(jours(-30))
    assert len(requetes) == 0
    assert montage.appels == 0


def test_des_relances_deja_parties_coutent_une_requete_par_lot(sources):
    personne = PersonneFactory()
    dossiers = PersonneFactory.create_batch(30, mot_de_passe=None)
    pas = (Pas(0, "J", lambda dossier: [personne]),)
    sources.inscrire(
        SourceDeRappels("essai", lambda jour: [Echeance(d, "x", DU, pas, GABARIT, "/", CONTEXTE) for d in dossiers]),
    )
    assert balayer_rappels(DU) == 30
    with CaptureQueriesContext(connection) as requetes:
        balayer_rappels(jours(1))
    assert len(requetes) == 1


# --- Aides ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "attendu"),
    [(0, None), (41, None), (42, 42), (43, 42), (83, 42), (84, 84), (200, 168)],
)
def test_une_fois_par_periode(n, attendu):
    echue = periode_echue(jours(n), depuis=DU, tous_les=42, origine=42)
    assert echue == (None if attendu is None else (jours(attendu), 0))


@pytest.mark.parametrize(
    ("tous_les", "n", "rang"),
    [(28, 27, None), (28, 28, 1), (28, 49, 1), (28, 50, None), (28, 56, 2), (56, 55, None), (56, 56, 1), (56, 111, 1)],
)
def test_une_periode_reglee_garde_le_nom_de_son_rang(tous_les, n, rang):
    """Le jour dû, qui est dans la clé, ne suit pas la longueur réglée ; à moins d’une semaine de la suivante, on l’attend."""
    echue = periode_echue(jours(n), depuis=DU, tous_les=tous_les, origine=42)
    assert echue == (None if rang is None else (jours(42 * rang), rang * (tous_les - 42)))


def test_puis_chaque_semaine():
    assert [pas.code for pas in pas_hebdomadaires(list, depuis=7, nombre=3)] == ["J+7", "J+14", "J+21"]


@pytest.fixture
def signature_attendue(sources):
    """Un dossier qui attend deux signatures depuis le lundi 16 novembre 2026, 22 h, heure locale."""
    directrice = PersonneFactory(prenom="Manon", nom="Roussy")
    attendus = [
        PersonneFactory(prenom="Hélène", nom="Arsenault", superieur=directrice),
        PersonneFactory(prenom="Loïc", nom="St-Onge", superieur=directrice),
    ]
    dossier = PersonneFactory()
    depuis = datetime.datetime(2026, 11, 17, 3, 0, tzinfo=datetime.UTC)

    def echeances(jour):
        yield attente(
            dossier,
            geste="signer l’entente",
            dossier="Entente de mentorat de Loïc St-Onge",
            depuis=depuis,
            qui=lambda dossier: attendus,
            url="/entente/",
        )

    sources.inscrire(SourceDeRappels("essai", echeances))
    return attendus, directrice


def test_une_signature_en_attente_se_relance_a_trois_sept_puis_quinze_jours_ouvrables(signature_attendue):
    attendus, directrice = signature_attendue
    lundi = datetime.date(2026, 11, 16)
    partis = {n: nombre for n in range(40) if (nombre := balayer_rappels(jours(n, lundi)))}
    assert partis == {3: 2, 9: 2, 21: 1}
    courriel = Courriel.objects.get(a=directrice)
    assert courriel.objet == "Toujours en attente\xa0: signer l’entente"
    assert "Hélène Arsenault, Loïc St-Onge" in courriel.texte
    assert "16 novembre 2026" in courriel.texte
    assert Courriel.objects.filter(a=attendus[0]).count() == 2


def test_qui_a_signe_n_est_plus_relance(signature_attendue):
    attendus, directrice = signature_attendue
    balayer_rappels(datetime.date(2026, 11, 19))
    parti = attendus.pop()
    balayer_rappels(datetime.date(2026, 11, 25))
    assert Courriel.objects.filter(a=parti).count() == 1
    assert Courriel.objects.filter(a=attendus[0]).count() == 2
    attendus.clear()
    assert balayer_rappels(datetime.date(2026, 12, 7)) == 0
    assert not Courriel.objects.filter(a=directrice).exists()


def test_une_relance_joint_la_convocation_de_chacun(sources):
    dossier, autres = PersonneFactory(), PersonneFactory.create_batch(2)
    appels = []

    def calendrier(objet, personne):
        appels.append((objet, personne))
        return f"METHOD:REQUEST\r\nSEQUENCE:0\r\nATTENDEE:{personne.courriel}\r\n"

    pas = (Pas(-7, "J-7", lambda objet: autres), Pas(-1, "J-1", lambda objet: autres))
    echeance = Echeance(dossier, "rencontre", DU, pas, GABARIT, "/x/", CONTEXTE, calendrier=calendrier)
    sources.inscrire(SourceDeRappels("essai", lambda jour: [echeance]))
    assert balayer_rappels(jours(-8)) == 0
    assert appels == []
    assert [balayer_rappels(jours(n)) for n in (-7, -7, -1, -1)] == [2, 0, 2, 0]
    assert appels == [(dossier, autre) for autre in autres * 2]
    for courriel in Courriel.objects.all():
        assert f"ATTENDEE:{courriel.a.courriel}" in courriel.calendrier
    assert Rappel.objects.exclude(courriel=None).count() == 4
