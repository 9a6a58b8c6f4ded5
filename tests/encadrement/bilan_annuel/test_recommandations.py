"""Les recommandations : proposées, confiées, suivies jour après jour, menées ou abandonnées avec un motif (R-024)."""

import datetime
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from encadrement.bilan_annuel.actions import recommandations as actions
from encadrement.bilan_annuel.contenu import recommandations_a_montrer
from encadrement.bilan_annuel.models import Recommandation
from encadrement.bilan_annuel.rappels import echeances, tient_encore
from encadrement.bilan_annuel.taches import chercher, donnees, taches
from encadrement.journal.models import LigneInalterable
from encadrement.notifications.models import Courriel
from encadrement.notifications.rappels import balayer_rappels
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.transition import MotifRequis
from tests.encadrement.bilan_annuel import scenes
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = pytest.mark.django_db
JOUR = datetime.timedelta(days=1)


def adresse(nom, recommandation):
    return reverse(f"bilan_annuel:recommandation{nom}", args=[recommandation.uuid])


def relire(objet):
    return type(objet).objects.get(pk=objet.pk)


@pytest.mark.exigence("R-024")
def test_de_la_proposition_a_la_realisation_par_les_pages(distribution, client_de):
    d = distribution
    appr, responsable = client_de(d.appr), client_de(d.collegue)
    page = appr.get(reverse("bilan_annuel:recommandation_proposer"))
    saisie = {**champs_de(page), "libelle": "Former.", "personne": "Bujold", "mesure": "mentorat"}
    saisie |= {"annee": scenes.annee_passee().debut_annee, "echeance": jour_local() + 30 * JOUR}
    assert appr.post(reverse("bilan_annuel:recommandation_proposer"), saisie).status_code == 302
    recommandation = Recommandation.objects.get()
    assert (recommandation.responsable, recommandation.publiee) == (d.collegue, False)
    assert Courriel.objects.get(gabarit="bilan_annuel/recommandation_confiee").a == d.collegue
    (tache,) = taches(d.collegue)
    assert (tache.echeance, tache.url) == (recommandation.echeance, recommandation.get_absolute_url())
    assert list(taches(d.appr)) == []

    responsable.post(adresse("_commencer", recommandation))
    responsable.post(adresse("_suivre", recommandation), {"texte": "Deux groupes sur quatre."})
    assert responsable.post(adresse("_realiser", recommandation), {}).status_code == 200, "dire ce qui a été fait"
    with pytest.raises(MotifRequis):
        actions.realiser_recommandation(relire(recommandation), par=d.collegue, motif=" ")
    responsable.post(adresse("_realiser", recommandation), {"motif": "Quatre groupes formés."})
    assert relire(recommandation).etat == "realisee"
    assert list(taches(d.collegue)) == []
    lue = texte_de(appr.get(recommandation.get_absolute_url()))
    assert "Deux groupes sur quatre." in lue
    assert "Quatre groupes formés." in lue
    suivi = recommandation.suivis.get()
    suivi.texte = "Récrit."
    with pytest.raises(LigneInalterable):
        suivi.save()
    with pytest.raises(ErreurMetier, match="close"):
        actions.suivre_recommandation(relire(recommandation), par=d.appr, texte="Après coup.")
    assert dict(donnees(d.collegue))["suivis_de_recommandations"][0]["texte"] == "Deux groupes sur quatre."


@pytest.mark.parametrize(
    ("jours", "attendus"),
    [(-15, 0), (-14, 1), (0, 1), (7, 1), (21, 4)],
)
def test_r_024_l_echeance_se_rappelle_au_responsable_puis_a_la_dsm(distribution, jours, attendus):
    """À trois semaines de retard, une seule relance de rattrapage au responsable, et une à chacun de la DSM."""
    d = distribution
    # Un lundi ordinaire, loin d’un férié : aucune relance n’est déplacée.
    echeance = datetime.date(2027, 2, 15)
    recommandation = scenes.proposee(d, echeance=echeance)
    for _ in range(2):
        balayer_rappels(echeance + jours * JOUR)
    relances = Courriel.objects.filter(gabarit__startswith="bilan_annuel/rappel")
    assert relances.count() == attendus
    echeances_lues = list(echeances(echeance))
    actions.abandonner_recommandation(relire(recommandation), par=d.dsm, motif="Reprise autrement.")
    assert not any(tient_encore(replace(lue, objet=relire(lue.objet))) for lue in echeances_lues)
    balayer_rappels(echeance + 28 * JOUR)
    assert relances.count() == attendus, "abandonnée, elle ne relance plus"


def test_publiee_elle_ne_se_recrit_plus_mais_change_de_main(distribution, client_de):
    d = distribution
    recommandation = scenes.publiee(d)
    client = client_de(d.appr)
    champs = champs_de(client.get(adresse("_modifier", recommandation)))
    assert "libelle" not in champs
    saisie = {**champs, "libelle": "Autre chose.", "personne": d.gestionnaire.matricule}
    assert client.post(adresse("_modifier", recommandation), saisie).status_code == 302
    relue = relire(recommandation)
    assert (relue.libelle, relue.responsable) == (recommandation.libelle, d.gestionnaire)
    assert Courriel.objects.filter(gabarit="bilan_annuel/recommandation_confiee", a=d.gestionnaire).count() == 1
    balayer_rappels(relue.echeance - 14 * JOUR)
    actions.modifier_recommandation(relue, par=d.appr, libelle="Par l’action.", responsable=d.parrain)
    relance = Courriel.objects.get(gabarit="bilan_annuel/rappel_recommandation", a=d.gestionnaire)
    assert relance.etat == "abandonne", "elle allait à qui n’en répond plus"
    assert relire(recommandation).libelle == recommandation.libelle


def test_deux_personnes_la_modifient_sans_s_ecraser(distribution, client_de):
    d = distribution
    recommandation = scenes.proposee(d)
    une, autre = client_de(d.appr), client_de(d.dsm)
    chez_une, chez_autre = (champs_de(client.get(adresse("_modifier", recommandation))) for client in (une, autre))
    choix = {"mesure": recommandation.mesure, "annee": recommandation.annee}
    une.post(adresse("_modifier", recommandation), {**chez_une, **choix, "personne": d.gestionnaire.matricule})
    reponse = autre.post(
        adresse("_modifier", recommandation),
        {**chez_autre, **choix, "personne": d.parrain.matricule, "libelle": "Mieux former."},
    )
    assert reponse.status_code == 409
    assert d.gestionnaire.nom_complet in texte_de(reponse)
    relue = relire(recommandation)
    assert (relue.responsable, relue.libelle) == (d.gestionnaire, "Mieux former.")
    assert autre.post(adresse("_modifier", recommandation), {**champs_de(reponse), **choix}).status_code == 302
    assert relire(recommandation).responsable == d.parrain


@pytest.mark.exigence("R-024")
def test_la_liste_se_filtre_s_exporte_et_ne_coute_pas_plus_cher(distribution, client_de):
    d = distribution
    publiee = scenes.publiee(d)
    autre = scenes.proposee(d, libelle="Zibeline.", mesure="cdp", responsable=d.parrain)
    liste, export = (reverse(f"bilan_annuel:{nom}") for nom in ("recommandations", "recommandations_exporter"))
    assert "Zibeline" not in client_de(d.drhcaj).get(liste).text
    assert publiee.numero in client_de(d.drhcaj).get(liste).text
    assert publiee.numero not in client_de(d.mentore).get(liste).text
    assert [dossier.url for dossier in chercher(d.drhcaj, "rec-")] == [publiee.get_absolute_url()]
    client = client_de(d.appr)
    for filtre, attendue in (({"mesure": "cdp"}, autre), ({"responsable": "bujold"}, publiee)):
        assert [r.pk for r in client.get(liste, filtre).context["page"]] == [attendue.pk]
        lignes = client.get(export, {**filtre, "format": "csv"}).content.decode("utf-8-sig").splitlines()
        assert [ligne.split(";")[0].strip('"') for ligne in lignes[1:]] == [attendue.numero]
    with CaptureQueriesContext(connection) as peu:
        client.get(liste)
    for _ in range(4):
        scenes.proposee(d)
    with CaptureQueriesContext(connection) as beaucoup:
        client.get(liste)
    assert len(beaucoup) == len(peu)


def test_le_bilan_montre_celles_de_l_annee_et_celles_d_avant_encore_a_mener(distribution):
    d, annee = distribution, scenes.annee_passee()
    avant = annee.precedente.debut_annee
    neuve, ancienne = scenes.proposee(d), scenes.proposee(d, annee=avant)
    future = scenes.proposee(d, annee=annee.suivante.debut_annee)
    ecartee, close = scenes.proposee(d), scenes.proposee(d, annee=avant)
    with pytest.raises(MotifRequis):
        actions.abandonner_recommandation(ecartee, par=d.dsm, motif=" ")
    actions.abandonner_recommandation(ecartee, par=d.dsm, motif="Redite.")
    actions.realiser_recommandation(close, par=d.dsm, motif="Fait.")
    veille = annee.debut - JOUR
    Recommandation.objects.filter(pk=close.pk).update(depuis=f"{veille}T12:00:00Z", publiee=True)
    montrees = {recommandation.numero for recommandation in recommandations_a_montrer(scenes.ouvert(d))}
    assert montrees == {neuve.numero, ancienne.numero}
    assert not {future.numero, ecartee.numero, close.numero} & montrees
