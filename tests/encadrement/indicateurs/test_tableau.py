"""Le tableau de bord : ce que chacun regarde, ce qui se compare, ce qui se tait, ce qui s’exporte."""

import datetime
import html
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from encadrement.acces.matrice import AccesRefuse
from encadrement.indicateurs import registre
from encadrement.indicateurs.attention import comptes
from encadrement.indicateurs.comparaison import ecart
from encadrement.indicateurs.droits import regard_de
from encadrement.indicateurs.portee import Periode, Portee, Territoire
from encadrement.indicateurs.registre import Unite
from encadrement.indicateurs.releve import relever
from encadrement.indicateurs.tableau import COLONNES
from encadrement.indicateurs.valeurs import Valeur
from encadrement.journal.models import Entree
from encadrement.personnes.organisation import Direction
from tests.concertation import scenes as comite_scenes
from tests.encadrement.indicateurs.acces_indicateurs import REGARDENT
from tests.encadrement.indicateurs.chiffres_essai import embaucher
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db
TABLEAU, EXPORT, MESURE = "/indicateurs/", "/indicateurs/exporter/", "/indicateurs/mentorat/"
AN_DERNIER = datetime.date(2025, 6, 1)


@pytest.fixture(autouse=True)
def en_novembre(time_machine):
    time_machine.move_to("2026-11-27T10:00:00-05:00", tick=False)


@pytest.fixture
def d(distribution, chiffres):
    """Douze recrues au service de la gestionnaire, sept ailleurs dans sa direction, six en santé mentale ; moins l’an dernier."""
    embaucher(12, comme=distribution.mentore)
    embaucher(7, comme=distribution.gestionnaire_mentor)
    embaucher(6, comme=distribution.parrain, membre_cm=False)
    embaucher(5, comme=distribution.mentore, jour=AN_DERNIER)
    return distribution


def lu(reponse, nom):
    """Rend (valeur, valeur d’avant, écart) de l’indicateur de ce nom, comme l’écran les dit."""
    lignes = (ligne for groupe in reponse.context["groupes"] for ligne in groupe.lignes)
    ligne = next(ligne for ligne in lignes if ligne.indicateur.nom == nom)
    lues = (ligne.maintenant.texte, ligne.avant.texte, ligne.ecart.texte)
    return tuple(texte.replace("\xa0", " ") for texte in lues)


def test_chacun_regarde_l_etablissement_sa_direction_ou_ses_services(d):
    sapa, smd = d.mentore.direction, d.parrain.direction
    for nom in ("dsm", "appr", "coordonnatrice", "drhcaj", "pilote", "executif_cm"):
        assert regard_de(d[nom]).est_entier, nom
    assert regard_de(d.directrice).territoire().directions == {sapa.pk}
    assert regard_de(d.gestionnaire).territoire().services == {d.mentore.service_id}
    # Qui remplace la gestionnaire absente regarde aussi les services de celle-ci.
    assert d.mentore.service_id in regard_de(d.delegue).territoire().services
    for personne, choix in (
        (d.directrice, {"direction": smd.pk}),
        (d.directrice, {"service": d.parrain.service_id}),
        (d.gestionnaire, {"service": d.gestionnaire_mentor.service_id}),
    ):
        with pytest.raises(AccesRefuse):
            regard_de(personne).territoire(**choix)
    # Un choix permis ne rouvre pas le reste : la direction d’une gestionnaire s’arrête à ses services.
    assert regard_de(d.gestionnaire).territoire(direction=sapa.pk).services == {d.mentore.service_id}


@pytest.mark.exigence("R-072", "R-074")
def test_chacun_lit_les_chiffres_de_ce_qu_il_regarde_et_jamais_plus(d, client_de):
    smd = d.parrain.direction.pk
    assert lu(client_de(d.appr).get(TABLEAU), "Recrues") == ("25", "5", "20 de plus")
    assert lu(client_de(d.executif_cm).get(TABLEAU), "Heures d’accueil") == ("37 h 30", "7 h 30", "30 h de plus")
    assert lu(client_de(d.directrice).get(TABLEAU), "Recrues")[:2] == ("19", "5")
    assert lu(client_de(d.gestionnaire).get(TABLEAU), "Recrues")[:2] == ("12", "5")
    assert lu(client_de(d.dsm).get(TABLEAU, {"direction": smd}), "Recrues") == ("6", "0", "6 de plus")
    assert lu(client_de(d.dsm).get(TABLEAU, {"annee": "2025"}), "Recrues")[:2] == ("5", "0")
    for adresse in (TABLEAU, EXPORT, MESURE):
        for choix in ({"direction": smd}, {"service": d.parrain.service_id}, {"direction": "999999"}):
            refus = client_de(d.gestionnaire).get(adresse, choix)
            assert refus.status_code == 403, (adresse, choix)
            assert "parmi les chiffres que vous regardez" in texte_de(refus)
    assert client_de(d.dsm).get(TABLEAU, {"direction": "999999"}).status_code == 403
    renversee = client_de(d.dsm).get(TABLEAU, {"du": "6", "au": "2"})
    assert renversee.status_code == 400
    assert "la fin doit suivre le début" in texte_de(renversee)
    assert "Recrues" not in texte_de(renversee)


@pytest.mark.exigence("R-315")
def test_ce_qui_se_tait_dit_pourquoi_et_ne_se_deduit_de_rien(d, client_de):
    embaucher(3, comme=d.coordonnatrice)
    page = client_de(d.appr).get(TABLEAU, {"direction": d.coordonnatrice.direction.pk})
    assert lu(page, "Recrues")[0] == "moins de 5"
    note = next(ligne.maintenant.note for ligne in page.context["groupes"][0].lignes)
    texte = texte_de(page)
    assert f'href="#note-{note}"' in texte
    assert f'<div id="note-{note}"' in texte
    assert "Moins de cinq personnes" in texte
    # L’établissement moins tout ce qui se montre des directions ne rend jamais de un à quatre.
    client, montres = client_de(d.appr), 0
    for direction in Direction.objects.all():
        ligne = client.get(TABLEAU, {"direction": direction.pk}).context["groupes"][0].lignes[0]
        montres += ligne.maintenant.valeur.nombre or 0
    reste = client.get(TABLEAU).context["groupes"][0].lignes[0].maintenant.valeur.nombre - montres
    assert reste == 0 or reste >= 5


def test_l_ecart_se_dit_en_mots_ou_ne_se_dit_pas():
    def mots(unite, *paire):
        return ecart(*paire, unite).texte.replace("\xa0", " ")

    def part(nombre, sur):
        return Valeur(nombre=nombre, sur=sur)

    assert mots(Unite.NOMBRE, Valeur(nombre=3), Valeur(nombre=8)) == "5 de moins"
    assert mots(Unite.NOMBRE, Valeur(nombre=3), Valeur(nombre=3)) == "pareil"
    assert mots(Unite.PART, part(34, 59), part(20, 40)) == "8 points de plus"
    assert mots(Unite.PART, part(3, 5), part(20, 40)) == "trop peu pour comparer des parts"
    assert mots(Unite.NOTE, part(42, 10), part(45, 10)) == "0,3 de moins"
    assert mots(Unite.JOURS, Valeur(nombre=12), Valeur(nombre=11)) == "1 jour de plus"
    for cachee in (Valeur(masque=True), Valeur(nombre=9, partiel=True), Valeur(raison="x"), Valeur()):
        assert mots(Unite.NOMBRE, cachee, Valeur(nombre=3)) == "ne se compare pas"
        assert mots(Unite.NOMBRE, Valeur(nombre=3), cachee) == "ne se compare pas"


def test_le_classeur_dit_ce_que_dit_l_ecran_et_ses_totaux_se_refont(d, client_de):
    embaucher(3, comme=d.coordonnatrice)
    client = client_de(d.appr)
    for filtre in ({}, {"direction": d.coordonnatrice.direction.pk}, {"annee": "2025"}):
        ecran = client.get(TABLEAU, filtre)
        feuille = load_workbook(io.BytesIO(client.get(EXPORT, filtre).content)).active
        titres, *lignes = feuille.iter_rows(values_only=True)
        assert titres == tuple(colonne.titre for colonne in COLONNES)
        lignes = [dict(zip(titres, ligne, strict=True)) for ligne in lignes]
        # Le tableau, puis la page de la mesure : ce qui aide à agir ne se lit qu’à celle-ci.
        lues = [ligne for groupe in ecran.context["groupes"] for ligne in groupe.lignes]
        lues += [fiche.ligne for fiche in client.get(MESURE, filtre).context["fiches"]]
        for ligne in lues:
            ecrite = next(li for li in lignes if li["Indicateur"] == ligne.indicateur.nom)
            assert (ecrite["Valeur"], ecrite["Valeur d’avant"]) == (ligne.maintenant.texte, ligne.avant.texte)
            assert ecrite["Définition"] == ligne.indicateur.definition
            if not ligne.maintenant.valeur.est_montrable:
                assert (ecrite["Numérateur"], ecrite["Dénominateur"]) == (None, None)
                assert ecrite["Ce qu’on n’en voit pas"] == ligne.maintenant.valeur.pourquoi
            elif ligne.indicateur.unite == Unite.HEURES:
                assert ecrite["Numérateur"] == datetime.timedelta(minutes=ligne.maintenant.valeur.nombre)
            else:
                assert ecrite["Numérateur"] == ligne.maintenant.valeur.nombre
            parts = [li["Numérateur"] for li in lignes if li["Indicateur"].startswith(f"{ligne.indicateur.nom}, ")]
            assert sum(parts) == sum(part.nombre for part in ligne.maintenant.valeur.parts)
    dernier = Entree.objects.filter(acte="export.telecharger", par=d.appr).order_by("pk").last()
    assert dernier.details["quoi"] == "indicateurs.tableau"
    assert dernier.details["filtre"] == {"Année financière": "2025-2026"}
    csv = client.get(EXPORT, {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert ";Heures d’accueil;2026-2027;42\xa0h;42:00;" in next(li for li in csv if "Heures d’accueil" in li)


@pytest.mark.exigence("R-072")
def test_le_tableau_dit_le_cadre_et_mene_a_ce_qui_aide_a_agir(d, client_de):
    page = client_de(d.appr).get(TABLEAU, {"direction": d.mentore.direction.pk})
    assert [ligne.indicateur.nom for ligne in page.context["groupes"][0].lignes] == ["Recrues", "Heures d’accueil"]
    filtre = page.context["filtre"].adresse
    assert f'<a href="{MESURE}{filtre}#mentoratpart">Recrues du CM</a>' in html.unescape(page.text)
    assert 'id="mentoratpart"' in client_de(d.appr).get(f"{MESURE}{filtre}").text


@pytest.mark.exigence("R-142", "R-186", "R-229")
def test_la_page_d_une_mesure_definit_dessine_et_decoupe_chaque_chiffre(d, client_de):
    page = client_de(d.appr).get(MESURE)
    texte = texte_de(page)
    for dit in ("Recrues, pour l’essai.", "Ce qu’on compte.", "Les recrues.", "L’année financière, du 1er avril"):
        assert dit in texte
    assert 'href="/cadre/' in texte
    nombre = next(fiche for fiche in page.context["fiches"] if fiche.ligne.indicateur.nom == "Recrues")
    decoupe = {ligne[0]: ligne[1:] for ligne in nombre.decoupe.tableau}
    assert decoupe[str(d.mentore.direction)] == ("19", "5")
    assert decoupe[str(d.parrain.direction)] == ("6", "0")
    assert nombre.annees.tableau[0][1:] == ("25", "5")
    services = client_de(d.directrice).get(MESURE).context["fiches"][0].decoupe
    assert {ligne[0] for ligne in services.tableau} == {str(d.mentore.service), str(d.gestionnaire_mentor.service)}
    assert "Choisissez d’abord une direction" in texte_de(client_de(d.appr).get(MESURE, {"par": "service"}))


def test_une_decoupe_ne_montre_que_des_lots_entiers(d, client_de):
    embaucher(2, comme=d.coordonnatrice)
    fiche = client_de(d.appr).get(MESURE).context["fiches"][0]
    decoupe = {ligne[0]: ligne[1] for ligne in fiche.decoupe.tableau}
    # Deux personnes se cachent derrière la plus petite des autres directions, qui se tait avec elles.
    assert decoupe[str(d.coordonnatrice.direction)] == "moins\xa0de\xa05"
    assert decoupe[str(d.parrain.direction)] == "moins\xa0de\xa05"
    assert decoupe[str(d.mentore.direction)] == "19"


def test_la_page_ne_demande_pas_plus_de_requetes_quand_l_etablissement_grandit(d, client_de):
    client = client_de(d.appr)

    def requetes(adresse):
        client.get(adresse)
        with CaptureQueriesContext(connection) as lues:
            client.get(adresse)
        return [requete["sql"] for requete in lues]

    avant = {adresse: len(requetes(adresse)) for adresse in (TABLEAU, MESURE)}
    embaucher(20, comme=d.coordonnatrice)
    apres = {adresse: len(requetes(adresse)) for adresse in (TABLEAU, MESURE)}
    assert apres == avant


def test_le_menu_mene_au_tableau_qui_le_regarde_sans_requete_de_plus(distribution, client_de):
    vus = {
        nom
        for nom, personne in distribution
        if nom != "inactif" and "Tableau de bord" in texte_de(client_de(personne).get("/profil/"))
    }
    assert vus == REGARDENT


@pytest.mark.parametrize("territoire", [Territoire(), Territoire(rls="haute-gaspesie")], ids=["partout", "un RLS"])
def test_tous_les_chiffres_de_la_page_tiennent_en_douze_requetes(
    distribution, django_assert_max_num_queries, territoire
):
    portee = Portee(Periode.en_cours(), territoire, distribution.appr)
    assert distribution.appr.roles_attribues
    assert distribution.appr.represente_ids
    with django_assert_max_num_queries(12):
        relever(registre.indicateurs(), [portee, portee.precedente])
        comptes(registre.alertes(), portee.personne, territoire)


def test_un_representant_au_comite_regarde_sa_direction(distribution, client_de):
    d = distribution
    with pytest.raises(AccesRefuse):
        regard_de(d.collegue)
    comite_scenes.representants(d)
    assert regard_de(d.collegue).directions == (d.dsm.direction,)
    client = client_de(d.collegue)
    assert client.get(TABLEAU).status_code == 200
    assert 'href="/indicateurs/concertation/"' in texte_de(client.get("/concertation/"))
    # Il voit ce qui est en retard chez les siens ; ce n’est pas à lui de relancer.
    assert not regard_de(d.collegue).relance
