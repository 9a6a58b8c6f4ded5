"""Plusieurs gestes au même instant, sur PostgreSQL : un seul effet, et une phrase claire pour les autres."""

import pytest

from consultation.actions import demandes, experts
from consultation.actions.plages import PlagePrise
from consultation.models import (
    DemandeConsultation,
    FicheExpert,
    LigneSuivi,
    PassageConsultation,
    Plage,
    RencontreConsultation,
    Sollicitation,
    SujetConsultation,
)
from encadrement.notifications.models import Courriel
from encadrement.personnes.models import Personne
from encadrement.socle.temps import jour_local
from encadrement.sondages.models import Invitation, Reponse
from tests.consultation import scenes
from tests.consultation.gestes import FERMETURE, adresse, relire, saisie, texte_de
from tests.consultation.traces import courriels
from tests.distribution import monter
from tests.ensemble import ensemble

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
FOIS = 3


@pytest.fixture
def d(transactional_db):
    Personne.objects.systeme()
    return monter()


@pytest.mark.exigence("R-176")
def test_deux_demandeurs_reservent_la_meme_plage_lun_la_lautre_recoit_les_suivantes(d):
    voulue, suivantes = scenes.plage_libre(d), [scenes.plage_libre(d, jours) for jours in (8, 9)]
    ouvertes = [scenes.demande_autorisee(d, qui) for qui in (d.mentore, d.collegue)]

    def reserver(demande):
        return experts.choisir_expert(
            relire(demande),
            par=Personne.objects.get(pk=demande.demandeur_id),
            fiche=FicheExpert.objects.get(personne=d.mentor),
            plage=Plage.objects.get(pk=voulue.pk),
        )

    rendus = ensemble(*(lambda x=x: reserver(x) for x in ouvertes))
    (reservee,) = [rendu for rendu in rendus if isinstance(rendu, Sollicitation)]
    (prise,) = [rendu for rendu in rendus if isinstance(rendu, PlagePrise)]
    assert reservee.plage == voulue
    assert prise.suivantes == suivantes
    assert sorted(relire(demande).etat for demande in ouvertes) == ["autorisee", "chez_expert"]
    assert courriels("demande_chez_expert") == ["Guylaine"]


@pytest.mark.exigence("R-176")
def test_par_la_page_lautre_choisit_aussitot_la_suivante(d, client_de):
    voulue, suivante = scenes.plage_libre(d), scenes.plage_libre(d, 8)
    qui = (d.mentore, d.collegue)
    ouvertes = [scenes.demande_autorisee(d, personne) for personne in qui]
    clients = [client_de(personne) for personne in qui]
    envoi = {"choix": f"plage:{voulue.uuid}"}
    reponses = ensemble(
        *(
            lambda c=client, x=demande: c.post(adresse("demande_choisir_expert", x), envoi)
            for client, demande in zip(clients, ouvertes, strict=True)
        )
    )
    assert sorted(reponse.status_code for reponse in reponses) == [302, 409]
    perdant = next(rang for rang, reponse in enumerate(reponses) if reponse.status_code == 409)
    assert "Voici les suivantes." in texte_de(reponses[perdant])
    assert f"plage:{suivante.uuid}" in texte_de(reponses[perdant])
    reponse = clients[perdant].post(
        adresse("demande_choisir_expert", ouvertes[perdant]), {"choix": f"plage:{suivante.uuid}"}
    )
    assert reponse.status_code == 302


DOUBLES_CLICS = {
    "demande_soumettre": ("demande_en_redaction", "mentore", {}),
    "demande_autoriser": ("demande_soumise", "gestionnaire", {"discutee_le": ""}),
    "demande_choisir_expert": ("demande_autorisee", "mentore", {"choix": ""}),
    "demande_accepter": ("demande_chez_expert", "mentor", {}),
    "demande_decliner": ("demande_chez_expert", "mentor", {"motif": "Hors de mon champ."}),
    "demande_rendre_avis": ("rencontre_tenue", "mentor", {"avis": "Deux blocs de 10 minutes."}),
    "demande_fermer": ("avis_rendu", "mentore", {"suite_au_dossier": "denouee", **FERMETURE}),
    "demande_poursuivre": ("avis_rendu", "mentore", FERMETURE),
    "demande_retirer": ("demande_acceptee", "mentore", {}),
}


@pytest.mark.parametrize("page", DOUBLES_CLICS)
def test_un_double_clic_na_quun_effet(d, client_de, page):
    scene, nom, envoi = DOUBLES_CLICS[page]
    demande, fiche = getattr(scenes, scene)(d), scenes.fiche_inscrite(d)
    remplis = {"discutee_le": jour_local().isoformat(), "choix": f"expert:{fiche.uuid}"}
    envoi = {champ: valeur or remplis.get(champ, valeur) for champ, valeur in envoi.items()}
    clients = [client_de(d[nom]) for _ in range(FOIS)]
    passages, envoyes = PassageConsultation.objects.count(), Courriel.objects.count()
    reponses = ensemble(*(lambda c=client: c.post(adresse(page, demande), envoi) for client in clients))
    codes = sorted(reponse.status_code for reponse in reponses)
    # Qui a décliné, ou rendu son avis, n’a plus ce rôle : l’autre clic le dit autrement, sans rien refaire.
    assert codes[0] == 302
    assert set(codes) <= {302, 403, 404, 409}
    assert PassageConsultation.objects.count() == passages + 1
    annonces = Courriel.objects.order_by("pk")[envoyes:]
    destinataires = [(courriel.gabarit, courriel.a_id) for courriel in annonces]
    assert len(destinataires) == len(set(destinataires))
    assert Sollicitation.objects.count() <= 1
    assert LigneSuivi.objects.count() == Reponse.objects.count() == Invitation.objects.count() <= 1


def test_accepter_le_moment_pendant_quon_le_refuse_ne_fait_que_lun_des_deux(d):
    demande = scenes.moment_propose(d)
    rendus = ensemble(
        lambda: experts.accepter_moment(relire(demande), par=d.mentore).transition,
        lambda: experts.refuser_moment(relire(demande), par=d.mentore, disponibilites="Mercredi").transition,
    )
    faits = [rendu for rendu in rendus if isinstance(rendu, str)]
    convenu = demande.sollicitations.get().moment is not None
    assert faits == (["accepter_moment"] if convenu else ["refuser_moment"])
    assert len(courriels("moment_convenu")) == (2 if convenu else 0)


def test_decliner_pendant_que_le_demandeur_change_dexpert_ne_fait_que_lun_des_deux(d):
    demande = scenes.demande_chez_expert(d)
    ensemble(
        lambda: experts.decliner_demande(relire(demande), par=d.mentor, motif="Hors de mon champ."),
        lambda: experts.changer_expert(relire(demande), par=d.mentore),
    )
    assert relire(demande).etat == "autorisee"
    assert demande.passages.filter(de="chez_expert").count() == 1
    assert demande.sollicitations.get().reponse in ("declinee", "reprise")


def test_la_meme_rencontre_consignee_a_deux_ne_compte_quune_fois(d, client_de):
    demande = scenes.demande_acceptee(d)
    envoi = {"jour": jour_local().isoformat(), "duree": "45 min", "mode": "teams"}
    clients = [client_de(d.mentor), client_de(d.mentore), client_de(d.mentore)]
    reponses = ensemble(*(lambda c=c: c.post(adresse("demande_rencontres", demande), envoi) for c in clients))
    assert sorted(reponse.status_code for reponse in reponses) == [302, 409, 409]
    assert RencontreConsultation.objects.count() == 1


def test_plusieurs_clics_nouvrent_quune_demande_et_les_numeros_se_suivent(d):
    gens = (d.mentore, d.mentore, d.collegue, d.secretaire)
    rendus = ensemble(*(lambda p=p: demandes.ouvrir_demande(par=Personne.objects.get(pk=p.pk)).numero for p in gens))
    annee = jour_local().year
    assert set(rendus) == {f"C-{annee}-{rang:04d}" for rang in (1, 2, 3)}
    assert DemandeConsultation.objects.count() == 3


def test_le_meme_sujet_libre_propose_a_deux_nentre_quune_fois_a_la_liste(d, client_de):
    ouvertes = [scenes.demande_en_redaction(d, qui) for qui in (d.mentore, d.collegue)]
    clients = [client_de(demande.demandeur) for demande in ouvertes]
    reponses = ensemble(
        *(
            lambda c=client, x=demande: c.post(adresse("demande_modifier", x), saisie(x, sujet_libre="Prismes"))
            for client, demande in zip(clients, ouvertes, strict=True)
        )
    )
    assert {reponse.status_code for reponse in reponses} == {302}
    assert SujetConsultation.objects.filter(cle="prismes").count() == 1
    assert {relire(demande).sujet.cle for demande in ouvertes} == {"prismes"}


def test_soumettre_pendant_quon_ecrit_garde_ce_qui_est_presente(d):
    demande = scenes.demande_en_redaction(d)
    ensemble(
        lambda: demandes.fusionner_demande(relire(demande), par=d.mentore, saisi={"question": "Neuve?"}, temoins={}),
        lambda: demandes.soumettre_demande(relire(demande), par=d.mentore),
    )
    relue = relire(demande)
    assert relue.etat == "a_discuter"
    assert relue.question in ("Neuve?", scenes.QUESTION)
