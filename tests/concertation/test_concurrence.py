"""Plusieurs gestes au même instant, sur PostgreSQL : un seul effet, une phrase claire pour les autres, aucun blocage."""

import pytest

from concertation.actions import comite, convocations, exclusions, situations
from concertation.models import (
    Inscription,
    ParticipationComite,
    PassageComite,
    PassageSituation,
    RencontreComite,
    SituationComplexe,
    TitreConvie,
)
from encadrement.demandes.models import DemandeService
from encadrement.notifications.models import Courriel
from encadrement.personnes.models import Attribution, Personne, RoleAttribue
from encadrement.socle.erreurs import ErreurMetier
from tests.concertation import scenes
from tests.concertation.agenda import convocations as agenda
from tests.concertation.gestes import adresse, declares, recit, relire
from tests.consultation import scenes as consultations
from tests.distribution import monter
from tests.ensemble import ensemble
from tests.factories import PersonneFactory

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
FOIS = 3


@pytest.fixture
def d(transactional_db):
    Personne.objects.systeme()
    distribution = monter()
    scenes.representants(distribution)
    return distribution


def _relu(personne):
    return Personne.objects.get(pk=personne.pk)


def _rencontre(rencontre):
    return RencontreComite.objects.get(pk=rencontre.pk)


def _reussis(rendus):
    return [rendu for rendu in rendus if not isinstance(rendu, Exception)]


def _second_coordonnateur(d):
    personne = PersonneFactory(service=d.coordonnatrice.service, superieur=d.dsm)
    Attribution.objects.create(
        personne=personne,
        role=RoleAttribue.COORDONNATEUR,
        motif="Renfort",
        proposee_par=d.pilote,
        approuvee_par=d.dsm,
    )
    return personne


@pytest.mark.exigence("R-246")
def test_le_gestionnaire_et_son_delegue_attestent_une_seule_fois(d, client_de):
    situation = declares(scenes.situation_a_attester(d), d.gestionnaire, d.delegue)
    clients = [client_de(qui) for qui in (d.gestionnaire, d.delegue, d.gestionnaire)]
    reponses = ensemble(
        *(lambda c=c: c.post(adresse("situation_attester", situation), {"demarches": "on"}) for c in clients)
    )
    assert sorted(reponse.status_code for reponse in reponses) == [302, 409, 409]
    assert PassageSituation.objects.filter(transition="attester").count() == 1
    assert Courriel.objects.filter(gabarit="concertation/situation_transmise").count() == 1


def test_attester_pendant_quon_renvoie_ne_fait_que_lun_des_deux(d):
    situation = scenes.situation_a_attester(d)
    rendus = ensemble(
        lambda: situations.attester_demarches(relire(situation), par=_relu(d.gestionnaire)).transition,
        lambda: situations.renvoyer_situation(relire(situation), par=_relu(d.delegue), motif="À revoir.").transition,
    )
    (fait,) = _reussis(rendus)
    assert relire(situation).etat == {"attester": "transmise", "renvoyer": "brouillon"}[fait]


def test_recevoir_et_reorienter_au_meme_instant_une_seule_reponse(d):
    situation = scenes.situation_transmise(d)
    autre = _second_coordonnateur(d)
    rendus = ensemble(
        lambda: situations.declarer_recevable(relire(situation), par=_relu(d.coordonnatrice), motif="Oui.").transition,
        lambda: (
            situations.reorienter_situation(
                relire(situation), par=_relu(autre), motif="Non.", reorientation="equipe"
            ).transition
        ),
    )
    (fait,) = _reussis(rendus)
    relue = relire(situation)
    assert relue.etat == {"recevoir": "recevable", "reorienter": "non_recevable"}[fait]
    assert bool(relue.reorientation) == (fait == "reorienter")


@pytest.mark.exigence("R-250")
def test_deux_coordonnateurs_inscrivent_la_meme_situation_elle_lest_une_fois(d):
    situation = scenes.situation_recevable(d)
    autre = _second_coordonnateur(d)
    rencontres = scenes.rencontre_planifiee(d), scenes.rencontre_planifiee(d, dans=50)
    rendus = ensemble(
        *(
            lambda qui=qui, r=r: convocations.inscrire_situation(relire(situation), _rencontre(r), par=_relu(qui))
            for qui, r in zip((d.coordonnatrice, autre), rencontres, strict=True)
        )
    )
    assert len(_reussis(rendus)) == 1
    assert Inscription.objects.filter(situation=situation, reportee=False).count() == 1
    conviees = ParticipationComite.objects.filter(situation=situation, retiree=False)
    assert conviees.count() == conviees.values("personne").distinct().count()


def test_une_double_convocation_nouvre_et_nannonce_quune_fois(d, client_de):
    situation = scenes.situation_inscrite(d)
    rencontre = situation.inscription.rencontre
    clients = [client_de(d.coordonnatrice) for _ in range(FOIS)]
    reponses = ensemble(*(lambda c=c: c.post(adresse("rencontre_convoquer", rencontre)) for c in clients))
    assert sorted(reponse.status_code for reponse in reponses) == [302, 409, 409]
    assert PassageComite.objects.filter(transition="convoquer").count() == 1
    assert len(agenda(d.collegue)) == len(agenda(d.coordonnatrice)) == 1


def test_convoquer_pendant_quon_convie_nen_oublie_personne(d):
    situation = scenes.situation_inscrite(d)
    rencontre = situation.inscription.rencontre
    ensemble(
        lambda: comite.convoquer_rencontre(_rencontre(rencontre), par=_relu(d.coordonnatrice)),
        lambda: convocations.convier(
            relire(situation), par=_relu(d.coordonnatrice), titre=TitreConvie.INVITE, personne=_relu(d.animatrice)
        ),
    )
    assert not situation.participations.filter(retiree=False, ouvre_le=None).exists()
    assert [lu[0] for lu in agenda(d.animatrice)] == ["REQUEST"]


def test_exclure_pendant_quon_convie_ne_laisse_jamais_lire(d, client_de):
    situation = scenes.situation_convoquee(d)
    ensemble(
        lambda: exclusions.exclure(relire(situation), par=_relu(d.mentore), personne=_relu(d.secretaire)),
        lambda: convocations.convier(
            relire(situation), par=_relu(d.coordonnatrice), titre=TitreConvie.INVITE, personne=_relu(d.secretaire)
        ),
    )
    assert not situation.participations.filter(retiree=False, personne=d.secretaire).exists()
    assert client_de(d.secretaire).get(adresse("situation", situation)).status_code == 404
    # Conviée puis exclue, ou jamais conviée : rien ne reste à son agenda.
    assert [lu[0] for lu in agenda(d.secretaire)] in ([], ["REQUEST", "CANCEL"])


def test_exclure_pendant_quon_convoque_ne_laisse_jamais_lire(d, client_de):
    situation = scenes.situation_inscrite(d)
    rencontre = situation.inscription.rencontre
    ensemble(
        lambda: exclusions.exclure(relire(situation), par=_relu(d.mentore), personne=_relu(d.collegue)),
        lambda: comite.convoquer_rencontre(_rencontre(rencontre), par=_relu(d.coordonnatrice)),
    )
    assert client_de(d.collegue).get(adresse("situation", situation)).status_code == 404
    assert [lu[0] for lu in agenda(d.collegue)] in ([], ["REQUEST", "CANCEL"])


def test_annuler_pendant_quon_inscrit_convie_et_exclut_ne_bloque_rien(d):
    inscrite, recevable = scenes.situation_inscrite(d), scenes.situation_recevable(d)
    rencontre = inscrite.inscription.rencontre
    coord = d.coordonnatrice
    rendus = ensemble(
        lambda: comite.annuler_rencontre(_rencontre(rencontre), par=_relu(coord), motif="Tempête."),
        lambda: convocations.inscrire_situation(relire(recevable), _rencontre(rencontre), par=_relu(coord)),
        lambda: convocations.convier(
            relire(inscrite), par=_relu(coord), titre=TitreConvie.INVITE, personne=_relu(d.animatrice)
        ),
        lambda: exclusions.exclure(relire(inscrite), par=_relu(d.mentore), personne=_relu(d.collegue)),
    )
    assert all(not isinstance(rendu, Exception) or isinstance(rendu, ErreurMetier) for rendu in rendus)
    assert _rencontre(rencontre).etat == "annulee"
    # Aucune situation ne reste inscrite à une rencontre annulée.
    assert not Inscription.objects.filter(rencontre=rencontre, reportee=False).exists()
    assert relire(inscrite).etat == relire(recevable).etat == "recevable"
    assert not ParticipationComite.objects.filter(rencontre=rencontre, retiree=False).exists()


def test_reporter_et_desinscrire_au_meme_instant_ne_fait_que_lun_des_deux(d):
    situation = scenes.situation_convoquee(d)
    autre = scenes.rencontre_planifiee(d, dans=50)
    rendus = ensemble(
        lambda: (
            convocations.reporter_situation(
                relire(situation), _rencontre(autre), par=_relu(d.coordonnatrice), motif="Il manque une direction."
            ).transition
        ),
        lambda: convocations.desinscrire_situation(relire(situation), par=_relu(d.coordonnatrice)).transition,
    )
    # Reportée puis retirée se peut; jamais retirée puis reportée.
    assert _reussis(rendus) in (["reporter"], ["desinscrire"], ["reporter", "desinscrire"])
    inscrites = Inscription.objects.filter(situation=situation, reportee=False).count()
    assert inscrites == (relire(situation).etat == "inscrite")


def test_la_meme_personne_conviee_deux_fois_ne_lest_quune(d, client_de):
    situation = scenes.situation_inscrite(d)
    clients = [client_de(d.coordonnatrice) for _ in range(FOIS)]
    envoi = {"personne": d.animatrice.matricule, "titre": "invite"}
    reponses = ensemble(*(lambda c=c: c.post(adresse("situation_conviees", situation), envoi) for c in clients))
    assert sorted(reponse.status_code for reponse in reponses) == [302, 409, 409]
    assert situation.participations.filter(personne=d.animatrice).count() == 1


def test_deux_prolongations_au_meme_instant_sajoutent(d):
    situation = scenes.situation_convoquee(d)
    ligne = situation.participations.get(personne=d.animatrice)
    avant = ligne.ferme_le
    ensemble(
        *(
            lambda: convocations.prolonger_acces(
                ParticipationComite.objects.get(pk=ligne.pk), par=_relu(d.coordonnatrice), jours=3, motif="Congé."
            )
            for _ in range(2)
        )
    )
    ligne.refresh_from_db()
    assert (ligne.ferme_le - avant).days == 6


def test_soumettre_pendant_quon_ecrit_garde_ce_qui_est_presente(d):
    situation = scenes.situation_en_redaction(d)
    ensemble(
        lambda: situations.fusionner_situation(
            relire(situation), par=d.mentore, saisi={"question": "Neuve?"}, temoins={}
        ),
        lambda: situations.soumettre_situation(relire(situation), par=d.mentore),
    )
    assert relire(situation).etat == "a_attester"
    assert recit(situation)["question"] in ("Neuve?", scenes.RECIT["question"])


def test_plusieurs_clics_nouvrent_quune_situation_et_les_codes_se_suivent(d):
    gens = (d.mentore, d.mentore, d.collegue, d.secretaire)
    rendus = ensemble(*(lambda p=p: situations.ouvrir_situation(par=_relu(p)).numero for p in gens))
    assert len(set(rendus)) == SituationComplexe.objects.count() == 3


def test_poursuivre_deux_fois_une_demande_nouvre_quune_situation(d, client_de):
    cas = consultations.cas_en_redaction(d)
    clients = [client_de(d.mentore) for _ in range(FOIS)]
    reponses = ensemble(*(lambda c=c: c.post(adresse("situation_reprendre", cas)) for c in clients))
    assert len({reponse.url for reponse in reponses}) == 1
    situation = SituationComplexe.objects.get()
    assert recit(situation)["question"]
    assert DemandeService.objects.get(pk=cas.pk).etat == "close"


def test_une_nomination_acceptee_a_deux_ne_lest_quune_fois(d, client_de):
    nomination = comite.nommer_representant(d.gestionnaire.direction, d.secretaire, par=d.pilote, pouvoir=True)
    clients = [client_de(d.dsm) for _ in range(FOIS)]
    reponses = ensemble(*(lambda c=c: c.post(adresse("nomination_accepter", nomination)) for c in clients))
    assert sorted(reponse.status_code for reponse in reponses) == [302, 409, 409]
    acceptations = Courriel.objects.filter(gabarit="concertation/nomination_acceptee", a=d.secretaire)
    assert acceptations.count() == 1
