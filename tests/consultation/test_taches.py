"""« À faire » : chaque état demande le bon geste à la bonne personne, et le geste posé ne se demande plus."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultation.actions import bottin, demandes, dsm, experts, issues, reglages
from consultation.models import Approbation, DemandeConsultation, EtatConsultation, FicheExpert, Sollicitation
from consultation.rappels.taches import taches
from encadrement.parametres.actions import regler
from encadrement.parametres.lecture import lecture
from encadrement.personnes.models import Personne
from tests.consultation import scenes
from tests.factories import PersonneFactory

pytestmark = pytest.mark.django_db

JUIN = datetime.date(2026, 6, 15)
LIAISON = "appr_liaison"


@pytest.fixture
def aller(time_machine):
    """Amène l’horloge à midi, heure locale, le jour dit."""

    def aller(jour):
        jour = datetime.date.fromisoformat(jour) if isinstance(jour, str) else jour
        time_machine.move_to(timezone.make_aware(datetime.datetime.combine(jour, datetime.time(12))), tick=False)

    aller(JUIN)
    return aller


@pytest.fixture
def d(aller, distribution):
    return distribution


def les_taches(personne):
    """Rend les gestes attendus de la personne, relue comme à une nouvelle requête."""
    return list(taches(Personne.objects.get(pk=personne.pk)))


def gestes(personne):
    return sorted(tache.geste for tache in les_taches(personne))


def _informative(d):
    """La direction du demandeur n’exige pas l’autorisation du gestionnaire."""
    direction = d.mentore.service.direction
    reglages.regler_direction(direction, par=d.dsm, approbation=Approbation.INFORMATIVE, motif="Choix de la direction.")


def _soumise_la_ou_la_discussion_suffit(d):
    _informative(d)
    return scenes.demande_soumise(d)


def _moment_propose_apres_acceptation(d):
    demande = scenes.demande_acceptee(d)
    moment = timezone.now() + datetime.timedelta(days=3)
    experts.proposer_moment(demande, par=d.mentor, moment=moment)
    return demande


def _moment_refuse(d):
    demande = scenes.moment_propose(d)
    experts.refuser_moment(demande, par=d.mentore, disponibilites="Jeudi matin")
    return demande


def _convenue_pour_plus_tard(d):
    demande = scenes.moment_propose(d)
    experts.accepter_moment(demande, par=d.mentore)
    return demande


def _rencontre_du_ruisss(d):
    demande = scenes.demande_en_contact(d)
    experts.consigner_rencontre(demande, par=d.mentore, jour=JUIN, minutes=60, mode="teams")
    return demande


def _reorientee_apres_un_avis(d):
    """Un premier expert a rendu son avis ; l’APPR réoriente vers un second."""
    demande = scenes.avis_rendu(d)
    issues.poursuivre_vers_la_dsm(demande, par=d.mentore, reponses=scenes.REPONSES)
    dsm.transmettre_a_la_dsm(demande, par=d.mentore, confirmation=scenes.CONFIRMATION)
    dsm.analyser_demande(demande, par=d.appr, motif="Une autre expertise suffit.")
    experts.reorienter_vers_expert(demande, par=d.appr, fiche=scenes.autre_fiche(d), motif="Elle connaît ce sujet.")
    return demande


_ECRIRE, _FORMULAIRE = "Écrire ma demande de consultation", "Remplir et transmettre le formulaire de la DSM"
_PROPOSER = "Proposer un moment, ou consigner la rencontre"
_ANALYSER = "Analyser la demande"
# Ce que chacun a à faire, état par état ; qui n’est pas nommé n’a rien. La déléguée a les gestes de la gestionnaire.
TABLE = {
    "en rédaction": (scenes.demande_en_redaction, {"mentore": [_ECRIRE]}),
    "soumise": (scenes.demande_soumise, {"gestionnaire": ["Autoriser la consultation"]}),
    "soumise, la discussion suffit": (
        _soumise_la_ou_la_discussion_suffit,
        {"mentore": ["Consigner la discussion avec mon gestionnaire"]},
    ),
    "autorisée": (scenes.demande_autorisee, {"mentore": ["Choisir un expert au bottin"]}),
    "chez l’expert": (scenes.demande_chez_expert, {"mentor": ["Accepter la demande"]}),
    "déclinée": (scenes.demande_declinee, {"mentore": ["Choisir un expert au bottin"]}),
    "moment proposé": (scenes.moment_propose, {"mentore": ["Accepter le moment proposé"]}),
    "moment refusé": (_moment_refuse, {"mentor": ["Accepter la demande"]}),
    "moment convenu": (_convenue_pour_plus_tard, {}),
    "acceptée sans moment": (scenes.demande_acceptee, {"mentor": [_PROPOSER]}),
    "moment proposé une fois acceptée": (
        _moment_propose_apres_acceptation,
        {"mentore": ["Accepter le moment proposé"]},
    ),
    "rencontre tenue": (scenes.rencontre_tenue, {"mentor": ["Rendre l’avis"]}),
    "avis rendu": (scenes.avis_rendu, {"mentore": ["Fermer la consultation"]}),
    "fermée": (scenes.demande_fermee, {}),
    "formulaire": (scenes.formulaire_ouvert, {"mentore": [_FORMULAIRE]}),
    "transmise": (scenes.demande_transmise, {"appr": [_ANALYSER], LIAISON: [_ANALYSER]}),
    "analysée": (scenes.demande_analysee, {LIAISON: ["Acheminer au RUISSS UL"]}),
    "acheminée": (scenes.demande_acheminee, {LIAISON: ["Noter le contact établi"]}),
    "en contact": (scenes.demande_en_contact, {"mentore": ["Consigner la rencontre avec l’expert du RUISSS UL"]}),
    "rencontre du RUISSS": (_rencontre_du_ruisss, {"mentore": ["Fermer la consultation"]}),
    "réorientée": (_reorientee_apres_un_avis, {"animatrice": ["Accepter la demande"]}),
    "non pertinente": (scenes.demande_non_pertinente, {}),
    "retirée": (scenes.demande_retiree, {}),
    "fiche en rédaction": (scenes.fiche_en_redaction, {}),
    "expert identifié": (scenes.fiche_identifiee, {"mentor": ["Compléter ma fiche d’expert, ou décliner"]}),
    "candidature": (scenes.fiche_soumise, {"gestionnaire_mentor": ["Appuyer la candidature"]}),
    "candidature appuyée": (
        scenes.fiche_appuyee,
        {nom: ["Inscrire au bottin"] for nom in ("dsm", "appr", LIAISON)},
    ),
    "inscrite": (scenes.fiche_inscrite, {}),
}


@pytest.mark.exigence("R-178", "R-179", "R-180", "R-181", "R-182", "R-183", "R-202", "R-210")
@pytest.mark.parametrize("etat", TABLE)
def test_chaque_etat_demande_le_bon_geste_a_la_bonne_personne(d, etat):
    jouer, attendus = TABLE[etat]
    jouer(d)
    if "gestionnaire" in attendus:
        attendus = {**attendus, "delegue": attendus["gestionnaire"]}
    assert {nom: dits for nom, personne in d if (dits := gestes(personne))} == attendus


@pytest.mark.parametrize("etat", TABLE)
def test_chaque_geste_mene_a_une_page_qui_souvre(d, client_de, etat):
    TABLE[etat][0](d)
    for _, personne in d:
        for tache in les_taches(personne):
            assert client_de(personne).get(tache.url).status_code == 200, tache


def test_lexpert_a_sept_jours_pour_repondre_puis_il_est_en_retard(d, aller):
    scenes.demande_chez_expert(d)
    (tache,) = les_taches(d.mentor)
    assert (tache.echeance, tache.retard) == (datetime.date(2026, 6, 22), False)
    aller("2026-06-23")
    assert [tache.retard for tache in les_taches(d.mentor)] == [True]


def test_le_delai_de_reponse_de_lexpert_se_regle(d):
    regler("consultation.delai_de_reponse", par=d.appr, valeur=3, motif="Essai.", vue=0)
    scenes.demande_chez_expert(d)
    assert les_taches(d.mentor)[0].echeance == datetime.date(2026, 6, 18)


@pytest.mark.exigence("R-180")
def test_une_plage_reservee_demain_se_repond_dici_demain(d):
    scenes.demande_chez_expert(d, plage=scenes.plage_libre(d, dans=1))
    assert les_taches(d.mentor)[0].echeance == datetime.date(2026, 6, 16)


def test_la_rencontre_convenue_se_consigne_a_partir_de_son_jour(d, aller):
    scenes.demande_acceptee(d, plage=scenes.plage_libre(d, dans=2))
    assert gestes(d.mentor) == []
    aller("2026-06-17")
    (tache,) = les_taches(d.mentor)
    assert (tache.geste, tache.echeance, tache.retard) == ("Consigner la rencontre", datetime.date(2026, 6, 17), False)
    aller("2026-06-18")
    assert les_taches(d.mentor)[0].retard


@pytest.mark.exigence("R-195")
def test_linscription_se_confirme_un_mois_avant_lannee_ecoulee(d, aller):
    fiche = scenes.fiche_inscrite(d)
    aller("2027-05-15")
    assert gestes(d.mentor) == []
    aller("2027-05-16")
    (tache,) = les_taches(d.mentor)
    assert (tache.geste, tache.echeance) == ("Confirmer mon inscription au bottin", datetime.date(2027, 6, 15))
    bottin.confirmer_inscription(FicheExpert.objects.get(pk=fiche.pk), par=d.mentor)
    assert gestes(d.mentor) == []


def test_une_fiche_en_pause_ne_demande_rien(d, aller):
    bottin.mettre_en_pause(scenes.fiche_inscrite(d), par=d.mentor)
    aller("2027-06-20")
    assert gestes(d.mentor) == []


@pytest.mark.exigence("R-202")
def test_la_ou_la_discussion_suffit_la_gestionnaire_nest_pas_relancee_mais_peut_autoriser(d):
    demande = _soumise_la_ou_la_discussion_suffit(d)
    assert gestes(d.gestionnaire) == []
    demandes.autoriser_consultation(demande, par=d.gestionnaire, discutee_le=JUIN)
    assert gestes(d.mentore) == ["Choisir un expert au bottin"]


def test_rien_de_clinique_ne_se_lit_a_laccueil(d):
    scenes.fiche_inscrite(d)
    for etat, (jouer, _) in TABLE.items():
        if "fiche" not in etat and "expert identifié" not in etat and "candidature" not in etat:
            jouer(d)
    dits = " ".join(f"{tache.geste} {tache.dossier} {tache.url}" for _, personne in d for tache in les_taches(personne))
    assert "Loïc St-Onge" in dits
    for tu in ("héminégligence", "Héminégligence", "prismes", "Protocole", "blocs", "champ.", "expertise manque"):
        assert tu not in dits


# --- Ce que la page coûte ---------------------------------------------------------------------------------------


def test_tout_se_lit_en_une_requete_quel_que_soit_le_nombre_de_demandes(d):
    fiche = scenes.fiche_inscrite(d)
    for combien, attendus in ((0, 0), (1, 1), (20, 21)):
        _multiplier(d, fiche, combien)
        for nom, nombre in (("mentor", attendus), ("mentore", attendus), ("gestionnaire", attendus), ("collegue", 0)):
            personne = Personne.objects.get(pk=d[nom].pk)
            # Toute page a déjà lu ses titres et ceux qu’elle représente.
            assert personne.represente_ids
            assert personne.roles_attribues is not None
            with lecture(), CaptureQueriesContext(connection) as requetes:
                assert len(list(taches(personne))) == nombre, nom
            # Préparée par PostgreSQL, elle ne dit plus que son nom.
            assert len([r for r in requetes if "preparee_" in r["sql"] or 'FROM "consultation_' in r["sql"]]) == 1
            # L’autre est celle des paramètres, une par page.
            assert len(requetes) <= 3, [r["sql"][:90] for r in requetes]


def _multiplier(d, fiche, combien):
    """Des demandes soumises à la gestionnaire, d’autres autorisées, d’autres chez l’expert."""
    debut = DemandeConsultation.objects.count()
    for rang in range(debut, debut + combien):
        _copier(d, f"A{rang}", EtatConsultation.AUTORISEE)
        _copier(d, f"B{rang}", EtatConsultation.A_DISCUTER)
        demande = _copier(d, f"C{rang}", EtatConsultation.CHEZ_EXPERT)
        Sollicitation.objects.create(demande=demande, expert=fiche.personne)


def _copier(d, numero, etat):
    # Une autre personne de la même gestionnaire demande ce qui ne revient pas au demandeur.
    demandeur = d.mentore if etat == EtatConsultation.AUTORISEE else PersonneFactory(mot_de_passe=None)
    if etat == EtatConsultation.A_DISCUTER:
        demandeur.superieur = d.gestionnaire
        demandeur.save(update_fields=["superieur"])
    return DemandeConsultation.objects.create(numero=numero, demandeur=demandeur, etat=etat)
