"""« À faire » : chaque état demande le bon geste à la bonne personne, et le geste posé ne se demande plus."""

import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from encadrement.parametres.lecture import lecture
from encadrement.personnes.models import Personne
from encadrement.socle.temps import jour_local
from encadrement.sondages import taches as des_sondages
from encadrement.sondages.models import Invitation
from mentorat.actions import bilans, demandes, ententes, fin, suivi
from mentorat.models import Entente, FicheMentor, Prolongation
from mentorat.rappels import taches as du_mentorat
from tests.factories import PersonneFactory
from tests.mentorat import scenes

pytestmark = pytest.mark.django_db

CONFIRMATION = scenes.CONFIRMATION


def taches(personne):
    """Rend ce que le mentorat, sondages compris, attend de la personne."""
    return [*du_mentorat.taches(personne), *des_sondages.taches(personne)]


def gestes(personne):
    """Rend les gestes attendus de la personne, relue comme à une nouvelle requête."""
    return sorted(tache.geste for tache in taches(Personne.objects.get(pk=personne.pk)))


def _signee_par_le_mentor(d):
    dossier = scenes.entente(d, "a_signer")
    ententes.signer_entente(dossier, par=d.mentor, confirmation=CONFIRMATION)


def _finale_ecrite(d):
    dossier = scenes.entente(d, "en_evaluation")
    scenes.evaluer(dossier)
    return scenes.relire(dossier)


def _finale_signee_par_le_mentor(d):
    bilans.signer_finale(_finale_ecrite(d), par=d.mentor, confirmation=CONFIRMATION)


def _jumelage_accepte_par_le_mentor(d):
    demandes.accepter_jumelage(scenes.demande_proposee(d), par=d.mentor)


def _fin_consignee(d):
    fin.consigner_fin(
        scenes.fin_demandee(d), par=d.gestionnaire, rencontre_le=jour_local(), appr=d.appr, gestionnaire_present=True
    )


def _prolongation_demandee(d):
    dossier = scenes.entente(d)
    fin.demander_prolongation(
        dossier, par=d.mentore, nouvelle_fin=dossier.fin + datetime.timedelta(days=30), justification="À poursuivre."
    )


def _prolongation_accordee(d):
    _prolongation_demandee(d)
    fin.accorder_prolongation(Prolongation.objects.get(), par=d.gestionnaire)


def _mesentente_signalee(d):
    suivi.signaler_mesentente(
        scenes.entente(d), par=d.mentore, texte="…", au_gestionnaire=True, a_la_dsm=True, parle_a_l_autre=True
    )


def _evaluation_remplie_par_le_mentor(d):
    scenes.entente(d, "close")
    scenes.evaluer_la_mesure(Invitation.objects.get(personne=d.mentor))


def _mi_temps_confirmee_par_le_mentor(d):
    dossier = _commencee_il_y_a(d, 80)
    scenes.colorier(dossier, "mi_temps")
    bilans.confirmer_mi_temps(scenes.relire(dossier), par=d.mentor)


def _commencee_il_y_a(d, jours):
    """Une entente active de six mois, commencée il y a `jours` jours."""
    return scenes.entente(d, debut=jour_local() - datetime.timedelta(days=jours))


_EVALUER = "Répondre\xa0: évaluation de la mesure de mentorat"

# Ce que chacun a à faire, état par état ; le délégué du gestionnaire et l’autre APPR ont les mêmes gestes.
TABLE = {
    "brouillon": (
        lambda d: scenes.entente(d, "brouillon"),
        {"mentor": ["Rédiger l’entente"], "mentore": ["Rédiger l’entente"]},
    ),
    "à signer": (
        lambda d: scenes.entente(d, "a_signer"),
        {"mentor": ["Signer l’entente"], "mentore": ["Signer l’entente"]},
    ),
    "signée par l’un": (_signee_par_le_mentor, {"mentore": ["Signer l’entente"]}),
    "à approuver": (lambda d: scenes.entente(d, "a_approuver"), {"gestionnaire": ["Approuver et signer"]}),
    "active": (
        scenes.entente,
        {"dsm": ["Accuser réception"], "drhcaj": ["Accuser réception"], "appr": ["Accuser réception"]},
    ),
    "mi-temps approche": (
        lambda d: _commencee_il_y_a(d, 80),
        {"mentor": ["Faire le bilan de mi-temps"], "mentore": ["Faire le bilan de mi-temps"]},
    ),
    "mi-temps confirmée par l’un": (_mi_temps_confirmee_par_le_mentor, {"mentore": ["Faire le bilan de mi-temps"]}),
    "à évaluer": (
        lambda d: scenes.entente(d, "en_evaluation"),
        {"mentor": ["Remplir l’évaluation finale"], "mentore": ["Remplir l’évaluation finale"]},
    ),
    "évaluation écrite": (
        _finale_ecrite,
        {"mentor": ["Signer l’évaluation finale"], "mentore": ["Signer l’évaluation finale"]},
    ),
    "évaluation signée par l’un": (_finale_signee_par_le_mentor, {"mentore": ["Signer l’évaluation finale"]}),
    "à clore": (lambda d: scenes.entente(d, "a_clore"), {"gestionnaire": ["Clore et signer"]}),
    "close": (
        lambda d: scenes.entente(d, "close"),
        {"mentor": [_EVALUER], "mentore": [_EVALUER]},
    ),
    "évaluée par l’un": (_evaluation_remplie_par_le_mentor, {"mentore": [_EVALUER]}),
    "fin demandée": (
        scenes.fin_demandee,
        {"gestionnaire": ["Consigner la rencontre de fin"], "appr": ["Consigner la rencontre de fin"]},
    ),
    "fin consignée": (_fin_consignee, {"gestionnaire": ["Constater la fin"], "appr": []}),
    "prolongation demandée": (_prolongation_demandee, {"gestionnaire": ["Accorder la prolongation"]}),
    "prolongation accordée": (_prolongation_accordee, {"gestionnaire": []}),
    "mésentente": (_mesentente_signalee, {"gestionnaire": ["Prendre en charge"], "appr": ["Prendre en charge"]}),
    "demande soumise": (scenes.demande_soumise, {"gestionnaire": ["Accepter la demande"]}),
    "demande acceptée": (scenes.demande_acceptee, {"gestionnaire": ["Proposer un jumelage"]}),
    "jumelage proposé": (
        scenes.demande_proposee,
        {"mentor": ["Accepter ce jumelage"], "mentore": ["Accepter ce jumelage"]},
    ),
    "jumelage accepté par l’un": (_jumelage_accepte_par_le_mentor, {"mentore": ["Accepter ce jumelage"]}),
    "candidature": (scenes.fiche_soumise, {"gestionnaire_mentor": ["Recommander"]}),
    "recommandée": (scenes.fiche_recommandee, {"dsm": ["Inscrire au bottin"], "appr": ["Inscrire au bottin"]}),
    "inscrite": (scenes.fiche_inscrite, {"dsm": []}),
}
_ACCUSE = "Accuser réception de la copie"
_COMME = {"delegue": "gestionnaire", "appr_liaison": "appr"}


@pytest.mark.parametrize("etat", TABLE)
def test_chaque_etat_demande_le_bon_geste_a_la_bonne_personne(distribution, etat):
    jouer, attendus = TABLE[etat]
    jouer(distribution)
    for nom, personne in distribution:
        voulus = attendus.get(nom, attendus.get(_COMME.get(nom), []))
        lus = [geste for geste in gestes(personne) if geste != _ACCUSE or "Accuser réception" in voulus]
        assert [geste.removesuffix(" de la copie") for geste in lus] == voulus, nom


@pytest.mark.parametrize(
    ("jours", "geste", "retard"),
    [
        (75, None, False),
        (76, "Faire le bilan de mi-temps", False),
        (90, "Faire le bilan de mi-temps", False),
        (92, "Faire le bilan de mi-temps", True),
    ],
)
def test_le_bilan_de_mi_temps_se_demande_deux_semaines_avant_puis_est_en_retard(
    distribution, time_machine, jours, geste, retard
):
    debut = datetime.date(2026, 9, 1)
    scenes.entente(distribution, debut=debut, fin_=debut + datetime.timedelta(days=180))
    time_machine.move_to(datetime.datetime(2026, 9, 1, 16, tzinfo=datetime.UTC) + datetime.timedelta(days=jours))
    lues = [t for t in taches(distribution.mentor) if t.geste == "Faire le bilan de mi-temps"]
    assert [(t.geste, t.retard) for t in lues] == ([(geste, retard)] if geste else [])


@pytest.mark.exigence("R-062")
def test_six_semaines_sans_rencontre_demandent_den_consigner_une(distribution, time_machine):
    midi = datetime.datetime(2026, 9, 1, 16, tzinfo=datetime.UTC)
    time_machine.move_to(midi)
    dossier = scenes.entente(distribution)
    vues = {}
    for jours in (41, 42):
        time_machine.move_to(midi + datetime.timedelta(days=jours))
        vues[jours] = gestes(distribution.mentore)
    scenes.rencontrer(scenes.relire(dossier), 1)
    assert vues == {41: [], 42: ["Consigner nos rencontres"]}
    assert gestes(distribution.mentore) == []


@pytest.mark.parametrize(("jours", "vue", "retard"), [(334, False, False), (335, True, False), (366, True, True)])
def test_linscription_au_bottin_se_confirme_chaque_annee(distribution, time_machine, jours, vue, retard):
    fiche = scenes.fiche_inscrite(distribution)
    inscrite_le = jour_local() - datetime.timedelta(days=jours)
    FicheMentor.objects.filter(pk=fiche.pk).update(confirmee_le=inscrite_le)
    lues = taches(distribution.mentor)
    assert [(tache.geste, tache.retard) for tache in lues] == [("Confirmer mon inscription au bottin", retard)] * vue


def test_une_evaluation_finale_et_une_evaluation_de_la_mesure_en_retard_le_disent(distribution, time_machine):
    midi = datetime.datetime(2026, 9, 1, 16, tzinfo=datetime.UTC)
    time_machine.move_to(midi)
    dossier = scenes.entente(distribution, "en_evaluation")
    time_machine.move_to(midi + datetime.timedelta(days=200))
    assert [tache.retard for tache in taches(distribution.mentor)] == [True]
    scenes.evaluer(dossier)
    scenes.signer_la_finale(dossier)
    bilans.clore_entente(scenes.relire(dossier), par=distribution.gestionnaire, confirmation=CONFIRMATION)
    assert [tache.retard for tache in taches(distribution.mentor)] == [False]
    time_machine.move_to(midi + datetime.timedelta(days=215))
    assert [tache.retard for tache in taches(distribution.mentor)] == [True]


# --- Ce que la page coûte ---------------------------------------------------------------------------------------


def _multiplier(entente, etats, combien, mentores):
    """Copie une entente jouée, `combien` fois par état : ici compte le nombre de dossiers, non leur histoire."""
    copies = []
    for etat in etats:
        for rang in range(combien):
            copie = scenes.relire(entente)
            copie.pk, copie.uuid, copie.demande = None, uuid.uuid4(), None
            copie.numero, copie.etat, copie.mentore = f"C-{etat[:9]}-{rang}", etat, mentores[rang % len(mentores)]
            copies.append(copie)
    Entente.objects.bulk_create(copies)


def test_les_requetes_ne_suivent_pas_le_nombre_de_dossiers(distribution):
    dossier = scenes.entente(distribution, debut=jour_local() - datetime.timedelta(days=100))
    mentores = PersonneFactory.create_batch(3, superieur=distribution.gestionnaire, mot_de_passe=None)
    etats = ("brouillon", "a_signer", "a_approuver", "active", "en_evaluation", "a_clore", "fin_demandee")
    vus, cout = [], {}
    for combien in (3, 20):
        Entente.objects.filter(numero__startswith="C-").delete()
        _multiplier(dossier, etats, combien, mentores)
        for nom in ("mentor", "gestionnaire", "appr", "dsm"):
            personne = Personne.objects.get(pk=distribution[nom].pk)
            # Comme une vraie page : les paramètres n’y sont lus qu’une fois.
            with lecture(), CaptureQueriesContext(connection) as requetes:
                vus.append((nom, combien, len(du_mentorat.taches(personne))))
            cout.setdefault(nom, set()).add(len(requetes))
    assert {nom: len(nombres) for nom, nombres in cout.items()} == dict.fromkeys(cout, 1)
    assert max(nombre for nombres in cout.values() for nombre in nombres) <= 5
    assert [nombre for nom, _, nombre in vus if nom == "mentor"] == [10, 61]
