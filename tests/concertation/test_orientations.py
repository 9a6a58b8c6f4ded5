"""Le suivi d’une orientation : deux clics depuis la relance, une raison quand elle ne s’applique pas (R-244, R-254)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from concertation.actions import plans, recits
from concertation.models import EtatOrientation, Orientation, PassageOrientation
from encadrement.acces.matrice import AccesRefuse
from encadrement.journal.models import Entree
from encadrement.notifications.models import Courriel
from encadrement.personnes.models import Personne
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local
from tests.concertation import scenes
from tests.concertation.gestes_plan import adresse, dans, lectures, sans_lien
from tests.consultation.traces import courriels
from tests.distribution import monter
from tests.ensemble import ensemble
from tests.mentorat.formulaire import texte_de

LISTE = reverse("concertation:orientations")
E = EtatOrientation


@pytest.fixture
def d(distribution):
    return distribution


def relue(orientation):
    return Orientation.objects.get(pk=orientation.pk)


def contenu(orientation):
    return scenes.plans.coffre.dechiffrer(orientation.situation.uuid, relue(orientation).chiffre)


# — Deux clics


@pytest.mark.django_db
@pytest.mark.exigence("R-244", "R-254")
def test_du_courriel_a_applique_en_deux_clics(d, client_de):
    orientation = scenes.orientation(d)
    client = client_de(orientation.responsable)
    # Le courriel mène à la page.
    courriel = Courriel.objects.get(gabarit="concertation/orientation_confiee", a=orientation.responsable)
    assert courriel.url.endswith(orientation.get_absolute_url())
    page = client.get(orientation.get_absolute_url())
    assert scenes.ORIENTATIONS[0][0] in texte_de(page)
    # Premier clic.
    appliquer = adresse("orientation_appliquer", orientation)
    assert f'href="{appliquer}"' in page.content.decode()
    confirmer = client.get(appliquer)
    assert scenes.ORIENTATIONS[0][0] not in texte_de(confirmer)
    # Second clic : rien à taper.
    assert list(confirmer.context["form"]) == []
    assert client.post(appliquer).status_code == 302
    assert relue(orientation).etat == E.APPLIQUEE
    assert courriels("orientation_close", "concertation") == [d.coordonnatrice.prenom]
    # Une fois suffit.
    assert client.post(appliquer).status_code == 409
    assert PassageOrientation.objects.filter(orientation=orientation, transition="appliquer").count() == 1


@pytest.mark.django_db
@pytest.mark.exigence("R-254")
def test_confirmer_ne_consigne_aucune_lecture_puisqu_on_n_y_lit_rien(d, client_de):
    orientation = scenes.orientation(d)
    client = client_de(orientation.responsable)
    avant = lectures(orientation.situation)
    client.get(adresse("orientation_appliquer", orientation))
    client.post(adresse("orientation_commencer", orientation))
    assert lectures(orientation.situation) == avant
    client.get(orientation.get_absolute_url())
    assert lectures(orientation.situation)[len(avant) :] == [
        (orientation.responsable.prenom, ("orientation 1",), "suivi de l’orientation")
    ]


# — Ne pas appliquer, reporter, rouvrir


@pytest.mark.django_db
@pytest.mark.exigence("R-244", "R-254")
def test_non_appliquee_demande_une_raison_que_le_comite_lit(d, client_de):
    orientation = scenes.orientation(d, 2)
    client = client_de(orientation.responsable)
    page = adresse("orientation_ne_pas_appliquer", orientation)
    for vide in ("", "   "):
        reponse = client.post(page, {"raison_du_refus": vide})
        assert "Dites pourquoi l’orientation n’est pas appliquée" in texte_de(reponse)
    with pytest.raises(ErreurMetier, match="Dites pourquoi"):
        plans.ne_pas_appliquer_orientation(orientation, par=orientation.responsable, raison_du_refus=" ")
    assert relue(orientation).etat == E.A_FAIRE
    assert client.post(page, {"raison_du_refus": scenes.RAISON}).status_code == 302
    assert contenu(orientation)["raison"] == scenes.RAISON
    sans_lien(orientation.situation, d.coordonnatrice)
    assert scenes.RAISON in texte_de(client_de(d.coordonnatrice).get(orientation.get_absolute_url()))
    en_clair = "".join(f"{c.objet}{c.texte}{c.html}" for c in Courriel.objects.all())
    en_clair += "".join(str(e.details) for e in Entree.objects.all())
    en_clair += "".join(PassageOrientation.objects.values_list("motif", flat=True))
    assert "ressource disponible" not in en_clair


@pytest.mark.django_db
@pytest.mark.exigence("R-254")
def test_reporter_change_l_echeance_dit_pourquoi_et_peut_se_refaire(d, client_de):
    orientation = scenes.orientation(d)
    client = client_de(orientation.responsable)
    page = adresse("orientation_reporter", orientation)
    for saisi, phrase in (
        ({"echeance": "", "raison_du_report": "Congés."}, "Donnez la nouvelle échéance."),
        ({"echeance": jour_local().isoformat(), "raison_du_report": "Congés."}, "doit être un jour à venir"),
        ({"echeance": dans(40), "raison_du_report": ""}, "Dites pourquoi l’échéance est reportée."),
    ):
        assert phrase in texte_de(client.post(page, saisi))
    assert relue(orientation).echeance == orientation.echeance
    assert client.post(page, {"echeance": dans(40), "raison_du_report": "Congés."}).status_code == 302
    assert (relue(orientation).etat, relue(orientation).echeance.isoformat()) == (E.REPORTEE, dans(40))
    assert client.post(page, {"echeance": dans(60), "raison_du_report": "Poste vacant."}).status_code == 302
    assert relue(orientation).echeance.isoformat() == dans(60)
    histoire = texte_de(client.get(orientation.get_absolute_url()))
    assert "Congés." in histoire
    assert "Poste vacant." in histoire


@pytest.mark.django_db
def test_appliquee_apres_un_report_elle_ne_passe_pas_pour_non_appliquee(d, client_de):
    orientation = scenes.orientation_reportee(d)
    plans.appliquer_orientation(orientation, par=orientation.responsable)
    page = texte_de(client_de(d.mentore).get(adresse("situation_plan", orientation.situation)))
    assert "Non appliquée" not in page
    assert "Congés." not in page


@pytest.mark.django_db
@pytest.mark.exigence("R-254")
def test_le_coordonnateur_rouvre_avec_un_motif_tant_que_la_situation_est_en_suivi(d, client_de):
    orientation = scenes.orientation_appliquee(d)
    client = client_de(d.coordonnatrice)
    page = adresse("orientation_reprendre", orientation)
    assert "Écrivez le motif" in texte_de(client.post(page, {"motif": ""}))
    assert client.post(page, {"motif": "La place s’est refermée."}).status_code == 302
    assert relue(orientation).etat == E.EN_COURS
    assert courriels("orientation_rouverte", "concertation") == [orientation.responsable.prenom]
    situation = orientation.situation
    for ouverte in situation.orientations.all():
        plans.appliquer_orientation(ouverte, par=ouverte.responsable)
    plans.fermer_situation(situation, par=d.coordonnatrice)
    trop_tard = client.post(page, {"motif": "Encore."})
    assert trop_tard.status_code == 409
    assert "n’est plus en suivi" in texte_de(trop_tard)


# — Qui ne peut pas


@pytest.mark.django_db
@pytest.mark.exigence("R-244")
@pytest.mark.parametrize("qui", ["mentore", "gestionnaire", "delegue", "collegue", "coordonnatrice"])
def test_qui_lit_une_orientation_sans_en_repondre_n_y_change_rien(d, client_de, qui):
    orientation = scenes.orientation(d)  # autre_gestionnaire en répond
    sans_lien(orientation.situation, d[qui])
    client = client_de(d[qui])
    assert client.get(orientation.get_absolute_url()).status_code == 200
    permis = 302 if qui == "coordonnatrice" else 403
    for nom, saisi in (
        ("orientation_commencer", {}),
        ("orientation_reporter", {"echeance": dans(40), "raison_du_report": "x"}),
        ("orientation_ne_pas_appliquer", {"raison_du_refus": "x"}),
    ):
        assert client.post(adresse(nom, orientation), saisi).status_code == permis, nom
    assert (relue(orientation).etat == E.A_FAIRE) is (qui != "coordonnatrice")


@pytest.mark.django_db
def test_le_responsable_ne_rouvre_ni_ne_corrige(d, client_de):
    orientation = scenes.orientation_appliquee(d)
    client = client_de(orientation.responsable)
    assert client.post(adresse("orientation_reprendre", orientation), {"motif": "x"}).status_code == 403
    assert client.post(adresse("orientation_modifier", orientation), {"texte": "x"}).status_code == 403


@pytest.mark.django_db
def test_un_responsable_exclu_ou_ecarte_n_y_trouve_plus_rien_des_la_requete_suivante(d, client_de):
    orientation = scenes.orientation(d)
    client = client_de(d.autre_gestionnaire)
    assert client.get(orientation.get_absolute_url()).status_code == 200
    exclusion = scenes.exclusions.exclure(orientation.situation, par=d.mentore, personne=d.autre_gestionnaire)
    for nom in ("orientation", "orientation_appliquer"):
        assert client.get(adresse(nom, orientation)).status_code == 404
    assert client.post(adresse("orientation_appliquer", orientation)).status_code == 404
    assert orientation.situation.numero not in client.get(LISTE).content.decode()
    scenes.exclusions.lever_exclusion(exclusion, par=d.mentore)
    plans.corriger_orientation(
        relue(orientation),
        par=d.coordonnatrice,
        texte="Autre.",
        direction=orientation.direction,
        responsable=d.parrain,
        echeance=orientation.echeance,
    )
    scenes.convocations.retirer_de_la_situation(
        orientation.situation.participations.get(personne=d.autre_gestionnaire), par=d.coordonnatrice
    )
    assert client.get(adresse("orientation", orientation)).status_code == 404


@pytest.mark.django_db
def test_trente_jours_apres_la_fermeture_le_responsable_et_le_directeur_n_y_lisent_plus(d, client_de, time_machine):
    situation = scenes.situation_fermee(d)
    orientation = situation.orientations.get(rang=2)  # SAPA, que dirige la directrice
    for qui in (orientation.responsable, d.directrice):
        assert client_de(qui).get(orientation.get_absolute_url()).status_code == 200
    time_machine.move_to(situation.verrou_le)
    for qui in (orientation.responsable, d.directrice):
        assert client_de(qui).get(orientation.get_absolute_url()).status_code == 404
        assert situation.numero not in client_de(qui).get(LISTE).content.decode()


@pytest.mark.django_db
def test_une_personne_conviee_declare_avant_de_lire_une_orientation(d, client_de):
    orientation = scenes.orientation(d)
    reponse = client_de(d.collegue).get(orientation.get_absolute_url())  # conviée; elle répond d’une autre
    assert reponse.url.startswith(adresse("situation_declarer", orientation.situation))
    assert d.collegue.prenom not in [prenom for prenom, *_ in lectures(orientation.situation)]


@pytest.mark.django_db
def test_une_panne_en_cloturant_ne_laisse_rien(d, monkeypatch):
    orientation = scenes.orientation(d)
    monkeypatch.setattr(plans, "annoncer", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("panne")))
    with pytest.raises(RuntimeError):
        plans.ne_pas_appliquer_orientation(orientation, par=orientation.responsable, raison_du_refus="x")
    assert relue(orientation).etat == E.A_FAIRE
    assert contenu(orientation)["raison"] == ""
    assert not PassageOrientation.objects.filter(orientation=orientation).exists()


@pytest.mark.django_db
def test_refusee_parce_que_deja_close_la_raison_ne_change_pas(d):
    orientation = scenes.orientation_non_appliquee(d)
    with pytest.raises(ErreurMetier, match="non appliquée"):
        plans.ne_pas_appliquer_orientation(orientation, par=orientation.responsable, raison_du_refus="Autre raison.")
    assert contenu(orientation)["raison"] == scenes.RAISON


# — La liste


@pytest.mark.django_db
@pytest.mark.exigence("R-254")
def test_chacun_a_les_siennes_et_les_filtres_retiennent_ce_qu_ils_disent(d, client_de, time_machine):
    situation = scenes.situation_en_suivi(d)
    pivot, repit, protocole = situation.orientations.order_by("rang")
    plans.appliquer_orientation(pivot, par=pivot.responsable)

    def vues(qui, **filtres):
        return {o.rang for o in client_de(qui).get(LISTE, filtres).context["page"]}

    assert vues(d.coordonnatrice) == vues(d.mentore) == vues(d.gestionnaire) == {1, 2, 3}
    assert vues(d.directrice) == {2}  # celles de sa direction
    assert vues(d.executif_cm) == vues(d.mentor) == vues(d.superutilisateur) == set()
    assert vues(d.coordonnatrice, etat="appliquee") == {1}
    assert vues(d.coordonnatrice, etat="ouverte") == {2, 3}
    assert vues(d.coordonnatrice, direction=repit.direction_id) == {2}
    assert vues(d.coordonnatrice, etat="retard") == set()
    time_machine.move_to(repit.echeance + scenes.datetime.timedelta(days=2))
    assert vues(d.coordonnatrice, etat="retard") == {2}
    page = client_de(d.coordonnatrice).get(LISTE)
    assert "Taux d’application : <strong>100 %</strong>" in texte_de(page)
    assert "dont 1 en retard" in texte_de(page)
    plans.ne_pas_appliquer_orientation(protocole, par=protocole.responsable, raison_du_refus="x")
    assert "<strong>50 %</strong> (1 appliquée sur 2 closes)" in texte_de(client_de(d.coordonnatrice).get(LISTE))


@pytest.mark.django_db
def test_la_liste_ne_porte_aucun_texte_et_ne_consigne_rien(d, client_de):
    situation = scenes.situation_fermee(d)
    avant = lectures(situation)
    for qui in (d.coordonnatrice, d.mentore, d.directrice, d.dsm):
        page = texte_de(client_de(qui).get(LISTE))
        for texte in (*(t for t, _ in scenes.ORIENTATIONS), scenes.RAISON):
            assert texte not in page
    assert lectures(situation) == avant


@pytest.mark.django_db
def test_vingt_orientations_ne_demandent_pas_plus_de_requetes_qu_une(d, client_de):
    situation = scenes.situation_en_suivi(d)
    client = client_de(d.coordonnatrice)
    client.get(LISTE)
    with CaptureQueriesContext(connection) as peu:
        client.get(LISTE)
    for rang in range(20):
        plans.ajouter_orientation(
            situation,
            par=d.coordonnatrice,
            texte=f"Autre {rang}.",
            direction=d.mentore.direction,
            responsable=d.parrain,
            echeance=jour_local(),
        )
    with CaptureQueriesContext(connection) as beaucoup:
        assert len(client.get(LISTE).context["page"]) == 23
    assert len(beaucoup) == len(peu)


# — Ensemble


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.exigence("R-254")
def test_le_responsable_et_le_coordonnateur_ferment_ensemble_un_seul_l_emporte(transactional_db, client_de):
    Personne.objects.systeme()
    d = monter()
    orientation = scenes.orientation(d)
    reponses = ensemble(
        lambda: client_de(orientation.responsable).post(adresse("orientation_appliquer", orientation)),
        lambda: client_de(d.coordonnatrice).post(
            adresse("orientation_ne_pas_appliquer", orientation), {"raison_du_refus": "Aucune place."}
        ),
    )
    assert sorted(reponse.status_code for reponse in reponses) == [302, 409]
    assert PassageOrientation.objects.filter(orientation=orientation).count() == 1
    assert (contenu(orientation)["raison"] == "Aucune place.") is (relue(orientation).etat == E.NON_APPLIQUEE)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.exigence("R-254")
def test_fermer_la_situation_et_rouvrir_une_orientation_ensemble_ne_laisse_rien_d_ouvert_dans_une_situation_fermee(
    transactional_db,
):
    Personne.objects.systeme()
    d = monter()
    situation = scenes.situation_en_suivi(d)
    for orientation in situation.orientations.all():
        plans.appliquer_orientation(orientation, par=orientation.responsable)
    premiere = situation.orientations.get(rang=1)
    rendus = ensemble(
        lambda: plans.fermer_situation(type(situation).objects.get(pk=situation.pk), par=d.coordonnatrice),
        lambda: plans.rouvrir_orientation(relue(premiere), par=d.coordonnatrice, motif="Trop tôt."),
    )
    assert sum(isinstance(rendu, ErreurMetier) for rendu in rendus) == 1
    situation.refresh_from_db()
    assert (situation.etat == "fermee") is (relue(premiere).etat == E.APPLIQUEE)


@pytest.mark.django_db
def test_lire_sans_droit_leve_un_refus(d):
    orientation = scenes.orientation(d)
    for qui in (d.dsm, d.appr, d.mentor):
        with pytest.raises(AccesRefuse):
            recits.lire_orientation(orientation, par=qui)
