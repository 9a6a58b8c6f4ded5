"""Les relances du mentorat : rattrapage, titulaire du jour, relances devenues sans objet, coût du balayage."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from encadrement.notifications import rappels
from encadrement.notifications.models import Courriel, EtatCourriel, Rappel, StatutRappel
from encadrement.notifications.rappels import balayer_rappels
from encadrement.parametres.actions import regler
from encadrement.parametres.models import VersionParametre
from encadrement.sondages.models import Invitation
from mentorat.actions import bilans, bottin, ententes, fin, suivi
from mentorat.models import Entente, Prolongation
from tests.mentorat import scenes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("relances_de_la_mesure")]

DEBUT = datetime.date(2026, 9, 1)
MI_TEMPS, FIN = datetime.date(2026, 11, 30), datetime.date(2027, 2, 28)


@pytest.fixture
def aller(time_machine):
    """Amène l’horloge à midi, heure locale, le jour dit."""

    def aller(jour):
        jour = datetime.date.fromisoformat(jour) if isinstance(jour, str) else jour
        time_machine.move_to(timezone.make_aware(datetime.datetime.combine(jour, datetime.time(12))), tick=False)

    aller(DEBUT)
    return aller


@pytest.fixture
def dossier(aller, distribution):
    """L’entente « ergothérapie », approuvée le 1er septembre : mi-temps le 30 novembre, fin le 28 février."""
    return scenes.entente(distribution)


def parties(nature=""):
    """Rend {pas: prénoms} des relances parties, pour les jalons qui commencent par `nature`."""
    lignes = {}
    for rappel in Rappel.objects.filter(statut=StatutRappel.PARTI, jalon__startswith=nature):
        lignes.setdefault(rappel.jalon.split()[-1], set()).add(rappel.destinataire.prenom)
    return lignes


GESTION = {"Hélène", "Édith"}  # la gestionnaire et sa déléguée
DYADE = {"Guylaine", "Loïc"}


def test_deux_semaines_darret_donnent_une_relance_de_rattrapage(dossier, aller):
    aller("2026-11-16")
    balayer_rappels()
    aller("2026-12-08")
    balayer_rappels()
    balayer_rappels()
    assert parties("mi-temps") == {"J-14": DYADE, "J+7": DYADE | GESTION}
    remplacees = Rappel.objects.filter(statut=StatutRappel.REMPLACE, jalon__startswith="mi-temps")
    assert {rappel.jalon.split()[-1] for rappel in remplacees} == {"J"}


def test_le_gestionnaire_change_la_veille_cest_le_nouveau_quon_relance(dossier, aller, distribution):
    aller("2026-12-06")
    distribution.mentore.superieur = distribution.autre_gestionnaire
    distribution.mentore.save(update_fields=["superieur"])
    aller("2026-12-07")
    balayer_rappels()
    assert parties("mi-temps")["J+7"] == DYADE | {"Carole"}


def test_qui_a_confirme_la_mi_temps_nest_plus_relance(dossier, aller, distribution):
    aller("2026-11-20")
    scenes.colorier(dossier, "mi_temps")
    bilans.confirmer_mi_temps(scenes.relire(dossier), par=distribution.mentor)
    aller(MI_TEMPS)
    balayer_rappels()
    assert parties("mi-temps") == {"J": {"Loïc"}}


def test_le_superieur_avise_est_celui_du_gestionnaire_pas_celui_de_son_delegue(aller, distribution):
    scenes.entente(distribution, "a_approuver")
    aller("2026-09-23")
    balayer_rappels()
    assert parties("approuver")["ouvrables"] == {"Hélène", "Édith", "Manon"}


def test_une_entente_close_une_seconde_avant_ne_relance_personne(dossier, aller, distribution, monkeypatch):
    """Le balayage a lu l’entente ; elle cesse avant qu’il n’écrive."""
    aller("2027-01-29")
    vrai = rappels._deja_faits

    def lire_puis_cesser(echeances):
        faits = vrai(echeances)
        if scenes.relire(dossier).etat == "active":
            fin.demander_fin(scenes.relire(dossier), par=distribution.mentore)
        return faits

    monkeypatch.setattr(rappels, "_deja_faits", lire_puis_cesser)
    assert balayer_rappels() == 0
    assert not Courriel.objects.filter(rappels__isnull=False).exists()


def _prolonger(dossier, d):
    demande = fin.demander_prolongation(
        dossier, par=d.mentore, nouvelle_fin=FIN + datetime.timedelta(days=60), justification="Un congé."
    )
    fin.accorder_prolongation(Prolongation.objects.get(pk=demande.pk), par=d.gestionnaire)


# Le jour, l’acte posé alors que ses relances attendent le serveur de courriel, et les jalons qui doivent rester.
CADUQUES = {
    "prolonger": ("2027-01-29", _prolonger, {"sans"}),
    "demander la fin": ("2027-01-29", lambda e, d: fin.demander_fin(e, par=d.mentore), set()),
    "consigner une rencontre": ("2026-10-13", lambda e, d: scenes.rencontrer(e, 1), set()),
    "confirmer à deux": ("2026-11-30", lambda e, d: scenes.mi_temps(e), {"sans"}),
}


@pytest.mark.parametrize("acte", CADUQUES)
def test_lacte_qui_les_rend_caduques_retire_les_relances_en_file(dossier, aller, distribution, acte):
    jour, agir, restent = CADUQUES[acte]
    aller(jour)
    assert balayer_rappels() > 0
    agir(scenes.relire(dossier), distribution)
    en_file = Courriel.objects.filter(rappels__isnull=False, etat=EtatCourriel.A_ENVOYER)
    assert {rappel.jalon.split()[0] for rappel in Rappel.objects.filter(courriel__in=en_file)} == restent


def test_signer_ne_retire_que_ma_relance(aller, distribution):
    dossier = scenes.entente(distribution, "a_signer")
    aller("2026-09-04")
    assert balayer_rappels() == 2
    ententes.signer_entente(dossier, par=distribution.mentor, confirmation=scenes.CONFIRMATION)
    en_file = Courriel.objects.filter(rappels__isnull=False, etat=EtatCourriel.A_ENVOYER)
    assert [courriel.a for courriel in en_file] == [distribution.mentore]


def test_evaluer_et_confirmer_son_inscription_retirent_leur_relance(aller, distribution):
    scenes.entente(distribution, "close")
    fiche = scenes.fiche_inscrite(distribution)
    aller("2026-09-08")
    balayer_rappels()
    evaluation = Invitation.objects.get(personne=distribution.mentor)
    scenes.evaluer_la_mesure(evaluation)
    aller("2027-08-02")
    balayer_rappels()
    bottin.confirmer_inscription(fiche, par=distribution.mentor)
    etats = dict(Courriel.objects.filter(rappels__isnull=False).values_list("rappels__objet_uuid", "etat"))
    assert etats[evaluation.uuid] == etats[fiche.uuid] == EtatCourriel.ABANDONNE


# --- Les jours gardés pour les relances ---------------------------------------------------------------------------


def _jours(dossier):
    entente = scenes.relire(dossier)
    return entente.mi_temps_le, entente.sans_rencontre_depuis


@pytest.mark.exigence("R-057")
def test_les_jours_gardes_suivent_lapprobation_la_prolongation_et_la_confirmation(aller, distribution):
    dossier = scenes.entente(distribution, "a_approuver")
    assert _jours(dossier) == (None, None)
    aller("2026-09-09")
    ententes.approuver_entente(dossier, par=distribution.gestionnaire, confirmation=scenes.CONFIRMATION)
    assert _jours(dossier) == (MI_TEMPS, datetime.date(2026, 9, 9))
    _prolonger(scenes.relire(dossier), distribution)
    assert _jours(dossier)[0] == scenes.relire(dossier).mi_temps == datetime.date(2026, 12, 30)
    scenes.mi_temps(scenes.relire(dossier))
    assert _jours(dossier)[0] is None


def test_la_derniere_rencontre_suit_le_journal(dossier, aller, distribution):
    def consigner(jour):
        return suivi.consigner_rencontre(
            scenes.relire(dossier), par=distribution.mentor, jour=jour, minutes=60, mode="teams"
        )

    aller("2026-10-30")
    premiere, derniere = consigner(datetime.date(2026, 10, 5)), consigner(datetime.date(2026, 10, 29))
    consigner(datetime.date(2026, 9, 20))
    assert _jours(dossier)[1] == derniere.jour
    suivi.corriger_rencontre(derniere, par=distribution.mentor, jour=datetime.date(2026, 9, 28))
    assert _jours(dossier)[1] == premiere.jour
    suivi.retirer_rencontre(premiere, par=distribution.mentor)
    assert _jours(dossier)[1] == datetime.date(2026, 9, 28)


# --- Ce que le balayage coûte -------------------------------------------------------------------------------------


def test_un_balayage_sans_rien_de_du_pose_toujours_les_memes_requetes(dossier, aller, monkeypatch):
    # Chaque mesure répond de ses propres requêtes : ici, celles du mentorat.
    mentorat = [source for source in rappels.sources() if source.mesure == "mentorat"]
    monkeypatch.setattr(rappels, "sources", lambda: mentorat)
    requetes = {}
    for combien in (0, 40):
        _multiplier(dossier, combien)
        aller("2026-10-02")
        with CaptureQueriesContext(connection) as captees:
            assert balayer_rappels() == 0
        requetes[combien] = [requete["sql"] for requete in captees if "CURSOR" not in requete["sql"]]
    assert len(requetes[0]) == len(requetes[40]) <= 10


def _multiplier(entente, combien):
    copies = []
    for rang in range(combien):
        copie = scenes.relire(entente)
        copie.pk, copie.uuid, copie.demande, copie.numero = None, _uuid(rang), None, f"C-{rang}"
        copies.append(copie)
    Entente.objects.bulk_create(copies)


def _uuid(rang):
    return f"00000000-0000-4000-8000-{rang:012d}"


# --- Ce que la DSM règle ------------------------------------------------------------------------------------------


def _regler_sans_rencontre(distribution, semaines):
    regler(
        "mentorat.rappels.sans_rencontre",
        par=distribution.dsm,
        valeur=semaines,
        motif="Essai.",
        vue=VersionParametre.objects.count(),
    )


@pytest.mark.exigence("R-062")
def test_le_temps_sans_rencontre_se_regle_sans_faire_repartir_une_relance(dossier, aller, distribution):
    """Consignée jusqu’au 1er septembre ; six semaines, le 13 octobre."""
    relances = Courriel.objects.filter(gabarit="mentorat/rappel_sans_rencontre")

    def relancer(jour):
        deja = relances.count()
        aller(jour)
        balayer_rappels()
        return relances.count() - deja

    assert relancer("2026-10-13") == 2
    _regler_sans_rencontre(distribution, 4)
    assert relancer("2026-10-19") == 0, "la période raccourcie ne refait pas partir la première relance"
    assert relancer("2026-10-27") == 2, "huit semaines : la seconde, à la nouvelle période"
    assert "4\xa0semaines" in relances.first().texte
    _regler_sans_rencontre(distribution, 8)
    assert relancer("2026-10-28") == 0, "allongée : ce qui est parti ne repart pas"
    assert relancer("2026-12-22") == 0, "seize semaines, deux relances : c’est le compte"
    assert relancer("2027-02-16") == 2
