"""Une personne exclue ne distingue pas une situation d’une situation qui n’existe pas : même statut, même corps, même compte.

Chaque rôle du comité est essayé, sur toutes les adresses de la mesure et les pages communes (O-05, N-02, N-04, S-04).
"""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from concertation.actions import exclusions
from concertation.droits import DROITS_ORIENTATION, DROITS_SITUATION, EXCLU
from encadrement.journal.models import Entree
from tests.concertation import mondes, scenes
from tests.encadrement.protection import scenes as scenes_de_protection

pytestmark = pytest.mark.django_db

# Tous ceux qui verraient quelque chose de la situation, ou de ce qu’elle laisse : conviés, gestion, comité, DSM.
ROLES = (
    "coordonnatrice",
    "gestionnaire",
    "delegue",
    "collegue",
    "autre_gestionnaire",
    "animatrice",
    "directrice",
    "dsm",
    "appr",
    "prp",
    "executif_cm",
    "pilote",
)
INVENTE = uuid.UUID("00000000-0000-4000-8000-000000000000")


# Le même pour tous : un monde joué pour un essai se rejoue pour les autres.
INSTANT = timezone.now().replace(microsecond=0)


@pytest.fixture
def d(distribution, time_machine):
    time_machine.move_to(INSTANT, tick=False)
    mondes.preparer(distribution)
    return distribution


def test_aucune_adresse_du_comite_n_echappe_a_ces_essais():
    parcourues = {*mondes.adresses_sans_objet(), *mondes.adresses_d_un_dossier(), "zone_reprendre"}
    assert len(parcourues) == mondes.toutes_les_adresses()


# — Les pages qui ne nomment pas de dossier


@pytest.mark.parametrize("nom", ROLES)
def test_n_02_rien_ne_distingue_le_monde_ou_la_situation_existe(d, client_de, nom):
    """La personne est exclue d’avance, puis, dans un autre monde, après coup : aucun des deux ne diffère du monde sans."""

    def voir(cachee_a=None, *, tard=False):
        monde = mondes.jouer(d, cachee_a, tard=tard)
        return mondes.vues(client_de(d[nom]), monde), mondes.courriels(d[nom])

    sans, recus_sans = mondes.essayer(voir)
    for tard in (False, True):
        avec, recus_avec = mondes.essayer(lambda tard=tard: voir(nom, tard=tard))
        ecarts = {page: (sans[page], avec[page]) for page in sans if sans[page] != avec[page]}
        assert not ecarts, (tard, _dire(ecarts))
        assert recus_avec == recus_sans, _dire({"courriels": ((0, _a_plat(recus_sans)), (0, _a_plat(recus_avec)))})


def _a_plat(courriels):
    return "\n".join("\n".join(courriel) for courriel in courriels)


def _dire(ecarts):
    import difflib

    lignes = []
    for page, (sans, avec) in ecarts.items():
        lignes.append(f"== {page} : {sans[0]} sans, {avec[0]} avec")
        lignes += list(difflib.unified_diff(sans[1].splitlines(), avec[1].splitlines(), lineterm="", n=0))[:25]
    return "\n".join(lignes)


def test_l_essai_voit_une_difference_quand_personne_n_est_exclu(d, client_de):
    """Sans exclusion, les deux mondes se distinguent : sinon l’essai ci-dessus ne prouverait rien."""

    def voir(nom, page, avec):
        monde = mondes.jouer(d, nom if avec else None)
        if avec:
            exclusions.lever_exclusion(monde.cachee.exclusions.get(), par=d.mentore)
        return mondes.lire(client_de(d[nom]).get(*mondes.pages(monde)[page]))

    for nom, page in (
        ("coordonnatrice", "situations"),
        ("gestionnaire", "situations"),
        ("dsm", "orientations"),
        ("appr", "tableau de bord"),
        ("collegue", "rencontre"),
    ):
        sans, avec = (
            mondes.essayer(lambda nom=nom, page=page, avec=avec: voir(nom, page, avec)) for avec in (False, True)
        )
        assert sans != avec, (nom, page)


# — Les pages d’un dossier


@pytest.mark.parametrize("tard", [False, True], ids=["exclue d’avance", "exclue après coup"])
@pytest.mark.parametrize("nom", ROLES)
@pytest.mark.usefixtures("menu_sans_pastille")
def test_n_04_chaque_adresse_repond_comme_a_un_identifiant_invente(d, client_de, nom, tard):
    """La pastille du menu, que l’essai ci-dessus compare, est la même quelle que soit l’adresse."""
    monde = mondes.jouer(d, nom, tard=tard)
    objets, client = monde.objets(), client_de(d[nom])
    essayees = set()
    for adresse in mondes.adresses_d_un_dossier():
        vrai = next((uuid for debut, uuid in objets.items() if adresse.startswith(debut)), None)
        if vrai is None:
            # Nominations, rencontres, impasses et analyses n’appartiennent à aucune situation.
            assert adresse.startswith(("nomination", "rencontre", "impasse", "analyse")), adresse
            continue
        essayees.add(adresse)
        for methode in ("get", "post"):
            envoyer = getattr(client, methode)
            recu, invente = (
                mondes.lire(envoyer(reverse(f"concertation:{adresse}", args=[identifiant])))
                for identifiant in (vrai, INVENTE)
            )
            assert recu == invente, (adresse, methode)
            assert recu[0] in (404, 405), (adresse, methode)
    assert len(essayees) > 35


def test_o_09_la_formation_se_demande_apres_le_droit_jamais_avant(d, client_de):
    """Sans formation attestée, une personne exclue reçoit la 404 de l’inconnu ; qui a le droit de lire, quoi faire."""
    monde = mondes.jouer(d, "coordonnatrice")
    scenes_de_protection.sans_attestation(d.coordonnatrice)
    client = client_de(d.coordonnatrice)
    expliquees = set()
    for adresse in mondes.adresses_d_un_dossier():
        vrai = next((uuid for debut, uuid in monde.objets().items() if adresse.startswith(debut)), None)
        if vrai is None:
            continue
        visible = monde.visible.uuid if adresse.startswith("situation_") else None
        for methode in ("get", "post"):
            envoyer = getattr(client, methode)
            recu, invente = (
                mondes.lire(envoyer(reverse(f"concertation:{adresse}", args=[identifiant])))
                for identifiant in (vrai, INVENTE)
            )
            assert recu == invente, (adresse, methode)
            assert recu[0] in (404, 405), (adresse, methode)
            if visible and adresse != "situation_reprendre":
                reponse = envoyer(reverse(f"concertation:{adresse}", args=[visible]))
                if reponse.status_code == 403 and reverse("protection:attestations") in reponse.text:
                    expliquees.add(adresse)
    assert {"situation_plan", "situation_conviees", "situation_etablir_plan", "situation_classer"} <= expliquees
    libres = {"situation_lectures", "situation_exclusions", "situation_declarer", "situation_retirer"}
    assert not libres & expliquees


@pytest.mark.parametrize("nom", ROLES)
def test_une_situation_cachee_ne_se_compte_ni_ne_se_nomme_pour_la_personne(d, nom):
    monde = mondes.jouer(d, nom)
    personne = type(d[nom]).objects.get(pk=d[nom].pk)
    comptes = [
        *(
            DROITS_SITUATION.objets(personne, acte).filter(pk=monde.cachee.pk).count()
            for acte in DROITS_SITUATION.actes
        ),
        *(
            DROITS_ORIENTATION.objets(personne, acte).filter(situation=monde.cachee).count()
            for acte in DROITS_ORIENTATION.actes
        ),
        *(
            DROITS_SITUATION.personnes(acte, monde.cachee).filter(pk=personne.pk).count()
            for acte in DROITS_SITUATION.actes
        ),
    ]
    assert not any(comptes)


def test_l_exclusion_l_emporte_quel_que_soit_ce_qui_la_pose(d, client_de):
    """Par personne, par service, par direction, ou déclarée."""
    situation = scenes.situation_transmise(d)
    poser = {
        "personne": lambda: exclusions.exclure(situation, par=d.mentore, personne=d.coordonnatrice),
        "service": lambda: exclusions.exclure(situation, par=d.mentore, service=d.coordonnatrice.service),
        "direction": lambda: exclusions.exclure(situation, par=d.mentore, direction=d.coordonnatrice.service.direction),
        "déclarée": lambda: exclusions.declarer(situation, par=d.coordonnatrice, en_conflit=True),
    }
    for comment, geste in poser.items():

        def essayer(geste=geste):
            geste()
            assert EXCLU.tenu_par(d.coordonnatrice, situation)
            return client_de(d.coordonnatrice).get(situation.get_absolute_url()).status_code

        assert mondes.essayer(essayer) == 404, comment


def test_le_refus_est_consigne_sans_rien_changer_a_la_reponse(d, client_de):
    """Le responsable de la protection sait qu’on a essayé ; la personne, elle, ne sait rien."""
    monde = mondes.jouer(d, "coordonnatrice")
    client = client_de(d.coordonnatrice)
    avant = Entree.objects.filter(acte="acces.refus").count()
    client.get(monde.cachee.get_absolute_url())
    client.get(reverse("concertation:situation", args=[INVENTE]))
    refus = list(Entree.objects.filter(acte="acces.refus").order_by("id"))[avant:]
    assert [entree.details["objet"] for entree in refus] == [str(monde.cachee.uuid), ""]
