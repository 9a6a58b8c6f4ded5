"""L’annuaire : chercher une communauté, retrouver les siennes; et ce qu’un gestionnaire sait de ses gens."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cdp.actions import adhesions, communautes
from cdp.models import Communaute
from encadrement.outils.horloge import au
from encadrement.socle.temps import jour_local
from tests.cdp import scenes
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db

ANNUAIRE = "/communautes/"
MES_GENS = "/communautes/mes-gens/"


def _trouvees(reponse):
    return [communaute.nom for communaute in reponse.context["page"]]


@pytest.fixture
def deux(distribution):
    """Deux communautés actives ; la seconde au nom, au besoin et au titre différents."""
    d = distribution
    scenes.communaute_active(d)
    autre = scenes.communaute_active(d, nom="CdP en réadaptation à domicile")
    communautes.ecrire_fiche(
        autre,
        par=d.animatrice,
        temoins={},
        saisi={"domaine": "L’autonomie.", "themes": "Chutes", "besoin_competences": True},
    )
    autre.titres_emploi.set([d.mentor.titre_emploi])
    return autre


@pytest.mark.parametrize(
    ("filtre", "attendues"),
    [
        ({}, ["CdP des orthophonistes en petite enfance", "CdP en réadaptation à domicile"]),
        ({"q": "READAPTATION"}, ["CdP en réadaptation à domicile"]),
        ({"q": "domicile cdp"}, ["CdP en réadaptation à domicile"]),
        ({"q": "chutes"}, ["CdP en réadaptation à domicile"]),
        ({"q": "langagé"}, ["CdP des orthophonistes en petite enfance"]),
        ({"q": "inconnu"}, []),
        ({"besoin": "competences"}, ["CdP en réadaptation à domicile"]),
        ({"besoin": "n’importe quoi"}, ["CdP des orthophonistes en petite enfance", "CdP en réadaptation à domicile"]),
    ],
)
def test_on_cherche_sans_accents_par_mot_et_par_besoin(distribution, deux, client_de, filtre, attendues):
    reponse = client_de(distribution.mentore).get(ANNUAIRE, filtre)
    assert reponse.status_code == 200
    assert _trouvees(reponse) == attendues


def test_on_filtre_par_titre_d_emploi(distribution, deux, client_de):
    titre = distribution.mentor.titre_emploi
    client = client_de(distribution.mentore)
    assert _trouvees(client.get(ANNUAIRE, {"titre": titre.pk})) == [deux.nom]
    # Un titre qu’aucune communauté ne porte n’est pas un choix.
    assert len(_trouvees(client.get(ANNUAIRE, {"titre": distribution.dsm.titre_emploi.pk}))) == 2


def test_chercher_en_tapant_ne_rend_que_la_liste(distribution, deux, client_de):
    reponse = client_de(distribution.mentore).get(ANNUAIRE, {"q": "read"}, headers={"HX-Request": "true"})
    page = texte_de(reponse)
    assert deux.nom in page
    assert "<html" not in page
    assert "HX-Request" in reponse.headers["Vary"]


def test_un_nom_change_se_cherche_sous_le_nouveau(distribution, deux, client_de):
    communautes.ecrire_fiche(deux, par=distribution.animatrice, temoins={}, saisi={"nom": "CdP en gériatrie"})
    client = client_de(distribution.mentore)
    assert _trouvees(client.get(ANNUAIRE, {"q": "geriatrie"})) == ["CdP en gériatrie"]
    assert _trouvees(client.get(ANNUAIRE, {"q": "readaptation"})) == []


def test_l_annuaire_ne_montre_que_les_agreees_et_les_dissoutes_sur_demande(distribution, deux, client_de):
    scenes.communaute_proposee(distribution, nom="CdP proposée")
    communautes.dissoudre_communaute(deux, par=distribution.parrain, motif="Mandat accompli.")
    client = client_de(distribution.mentore)
    assert _trouvees(client.get(ANNUAIRE)) == [scenes.NOM]
    assert _trouvees(client.get(ANNUAIRE, {"passees": "on"})) == [scenes.NOM, deux.nom]
    assert "CdP proposée" not in texte_de(client.get(ANNUAIRE))


@pytest.mark.parametrize(
    ("nom", "attendu"),
    [
        ("membre", f"{scenes.NOM}</a>"),
        ("executif_cm", "On vous invite"),
        ("parrain", "proposée au parrain"),
        ("appr", "proposée au parrain"),
        ("mentor", "en préparation"),
    ],
)
def test_chacun_retrouve_ce_qui_le_concerne(distribution, client_de, nom, attendu):
    scenes.adhesion_invitee(distribution)
    scenes.communaute_proposee(distribution, nom="CdP proposée")
    communautes.ouvrir_communaute(par=distribution.mentor, nom="CdP naissante")
    reponse = client_de(distribution[nom]).get(ANNUAIRE)
    haut = texte_de(reponse).partition('id="toutes"')[0]
    assert attendu in haut
    assert ("CdP naissante" in haut) == (nom in {"mentor", "appr"})


def _requetes(client, adresse):
    client.get(adresse)
    with CaptureQueriesContext(connection) as requetes:
        assert client.get(adresse).status_code == 200
    return len(requetes)


def test_une_communaute_de_plus_ne_coute_pas_une_requete(distribution, client_de):
    scenes.communaute_active(distribution)
    clients = [
        (client_de(distribution.animatrice), ANNUAIRE),
        (client_de(distribution.animatrice.superieur), MES_GENS),
    ]
    avant = [_requetes(*visite) for visite in clients]
    for rang in range(3):
        scenes.communaute_active(distribution, nom=f"CdP numéro {rang}")
    assert [_requetes(*visite) for visite in clients] == avant


# --- Mes gens ---------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-157", "R-155", "R-151")
def test_un_gestionnaire_voit_presences_et_heures_de_ses_gens_sans_le_contenu(distribution, client_de):
    communaute = scenes.communaute_active(distribution)
    scenes.rencontre_publiee(distribution, communaute)
    scenes.heures_consignees(distribution, communaute, minutes=90)
    a_venir = scenes.rencontre_convoquee(distribution, communaute)
    client = client_de(distribution.animatrice.superieur)
    lignes = {ligne["adhesion"].personne.prenom: ligne for ligne in client.get(MES_GENS).context["lignes"]}
    assert set(lignes) == {"Marie-Ève", "Zélie", "Kim"}
    kim, zelie = lignes["Kim"]["compte"], lignes["Zélie"]["compte"]
    assert (kim.presences, kim.absences, kim.consacrees) == (0, 1, 90)
    assert (zelie.presences, zelie.absences, zelie.consacrees) == (1, 0, 180)
    assert lignes["Kim"]["prochaine"] == a_venir
    page = texte_de(client.get(MES_GENS))
    assert "3 h sur 24 h" in page
    assert "Grille TDL" not in page
    assert client.get(a_venir.get_absolute_url()).status_code == 404


@pytest.mark.exigence("R-157")
def test_un_gestionnaire_ne_voit_que_ses_gens_de_cette_annee(distribution, client_de):
    with au(jour_local() - datetime.timedelta(days=800)):
        scenes.communaute_active(distribution)
    communaute = Communaute.objects.get()
    # Simon est parti il y a deux ans : son gestionnaire ne le voit plus; celui d’une autre équipe ne voit personne.
    assert client_de(distribution.parrain).get(MES_GENS).context["lignes"] == []
    assert client_de(distribution.gestionnaire).get(MES_GENS).context["lignes"] == []
    adhesion = adhesions.inviter(
        communaute, distribution.mentore, par=distribution.animatrice, raison="Même clientèle."
    )
    adhesions.accepter_invitation(adhesion, par=distribution.mentore)
    for nom in ("gestionnaire", "delegue"):
        lignes = client_de(distribution[nom]).get(MES_GENS).context["lignes"]
        assert [ligne["adhesion"].personne for ligne in lignes] == [distribution.mentore]
    assert client_de(distribution.ancien_gestionnaire).get(MES_GENS).context["lignes"] == []
