"""« À faire » : chaque état demande le bon geste à la bonne personne, et le geste posé ne se demande plus."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cdp.actions import adhesions, annees, communautes, comptes_rendus, heures, rencontres, suivis
from cdp.droits import DROITS_RENCONTRE
from cdp.models import Adhesion, Communaute, RencontreCdp, RoleCdp
from cdp.rappels.taches import taches
from cdp.trajectoire import TRAJECTOIRE_RENCONTRE
from encadrement.personnes.models import Personne
from encadrement.rencontres.models import Reponse
from tests.cdp import scenes
from tests.factories import PersonneFactory

pytestmark = pytest.mark.django_db

JUIN = datetime.date(2026, 6, 15)
_PREPARER_PLAN = "Préparer le plan d’action"
# En juin, le premier plan d’une communauté qui vient d’être agréée est à préparer.
PLAN = f"{_PREPARER_PLAN} 2026-2027"


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


def _relu(objet):
    return type(objet).objects.get(pk=objet.pk)


def _jouer(scene, verbe, qui, **options):
    def jouer(d):
        objet = scene(d)
        verbe(_relu(objet), par=d[qui], **options)

    return jouer


_SIGNER = {"confirmation": scenes.CONFIRMATION}
_PUBLIER = "Écrire et publier le compte rendu"
_REPONDRE = "Dire si je serai là"
_SUIVI = "Suivi\xa0: Corriger l’item 14"
_TRADUIRE = "Suivi\xa0: Demander la traduction"
# Ce que chacun a à faire, état par état ; qui n’est pas nommé n’a rien.
TABLE = {
    "ouverte": (scenes.communaute_ouverte, {"animatrice": ["Préparer la communauté"]}),
    "proposée": (scenes.communaute_proposee, {"parrain": ["Agréer la communauté"]}),
    "retournée": (
        _jouer(scenes.communaute_proposee, communautes.retourner_communaute, "parrain", motif="Non."),
        {"animatrice": ["Préparer la communauté"]},
    ),
    "agréée": (scenes.communaute_active, {"animatrice": [PLAN]}),
    "demande": (
        scenes.adhesion_demandee,
        {"animatrice": ["Accepter la demande", PLAN]},
    ),
    "demande acceptée": (
        _jouer(scenes.adhesion_demandee, adhesions.accepter_adhesion, "animatrice"),
        {"animatrice": [PLAN]},
    ),
    "invitation": (scenes.adhesion_invitee, {"animatrice": [PLAN], "executif_cm": ["Accepter l’invitation"]}),
    "invitation déclinée": (
        _jouer(scenes.adhesion_invitee, adhesions.decliner_invitation, "executif_cm"),
        {"animatrice": [PLAN]},
    ),
    "plan en rédaction": (
        scenes.plan_en_redaction,
        {"animatrice": [_PREPARER_PLAN], "secretaire": [_PREPARER_PLAN]},
    ),
    "plan soumis": (scenes.plan_soumis, {"parrain": ["Approuver et signer"]}),
    "plan renvoyé": (
        _jouer(scenes.plan_soumis, annees.renvoyer, "parrain", motif="Préciser."),
        {"animatrice": [_PREPARER_PLAN], "secretaire": [_PREPARER_PLAN]},
    ),
    "plan approuvé": (scenes.plan_approuve, {}),
    "rapport en rédaction": (
        scenes.rapport_en_redaction,
        {"animatrice": ["Préparer le rapport annuel"], "secretaire": ["Préparer le rapport annuel"]},
    ),
    "rapport soumis": (scenes.rapport_soumis, {"parrain": ["Approuver et signer"]}),
    "heures demandées": (scenes.heures_demandees, {"animatrice": [PLAN], "parrain": ["Accorder les heures"]}),
    "heures accordées": (
        _jouer(scenes.heures_demandees, heures.accorder_heures, "parrain"),
        {"animatrice": [PLAN]},
    ),
    "rencontre lointaine": (lambda d: scenes.rencontre_planifiee(d, dans=22), {"animatrice": [PLAN]}),
    "rencontre à convoquer": (
        lambda d: scenes.rencontre_planifiee(d, dans=21),
        {"animatrice": ["Convoquer les membres", PLAN], "secretaire": ["Convoquer les membres"]},
    ),
    "convoquée": (
        lambda d: scenes.rencontre_convoquee(d, dans=30),
        {"animatrice": [_REPONDRE, PLAN], "secretaire": [_REPONDRE], "membre": [_REPONDRE]},
    ),
    "réponse donnée": (
        _jouer(
            lambda d: scenes.rencontre_convoquee(d, dans=30),
            rencontres.repondre_a_la_convocation,
            "membre",
            presence=Reponse.PRESENT,
        ),
        {"animatrice": [_REPONDRE, PLAN], "secretaire": [_REPONDRE]},
    ),
    "annulée": (
        _jouer(lambda d: scenes.rencontre_convoquee(d, dans=30), rencontres.annuler_rencontre, "animatrice"),
        {"animatrice": [PLAN]},
    ),
}


def test_les_gestes_quune_rencontre_attend_ne_reviennent_qua_des_membres():
    """« À faire » ne lit que les rencontres des communautés de la personne : un acteur de plus y échapperait."""
    attendues = [transition for transition in TRAJECTOIRE_RENCONTRE if transition.attendue]
    assert {transition.code for transition in attendues} >= {"convoquer", "tenir", "publier"}
    for transition in attendues:
        acteurs = {role.code for role in DROITS_RENCONTRE.actes[transition.code].roles}
        assert acteurs <= set(RoleCdp.values), transition.code


@pytest.mark.exigence("R-119", "R-139", "R-140", "R-158")
@pytest.mark.parametrize("etat", TABLE)
def test_chaque_etat_demande_le_bon_geste_a_la_bonne_personne(d, etat):
    jouer, attendus = TABLE[etat]
    jouer(d)
    for nom, personne in d:
        assert gestes(personne) == sorted(attendus.get(nom, [])), nom


def test_la_rencontre_du_jour_se_tient_puis_se_publie_puis_se_suit(d, aller):
    communaute = scenes.communaute_active(d)
    rencontre = scenes.rencontre_convoquee(d, communaute, dans=1)
    for nom in ("animatrice", "secretaire", "membre"):
        rencontres.repondre_a_la_convocation(_relu(rencontre), par=d[nom], presence=Reponse.PRESENT)
    assert gestes(d.secretaire) == []
    aller("2026-06-16")
    assert gestes(d.secretaire) == ["La rencontre a eu lieu"]
    aller("2026-06-17")
    rencontres.tenir_rencontre(_relu(rencontre), par=d.secretaire)
    assert gestes(d.secretaire) == [_PUBLIER]
    presences = dict.fromkeys(rencontre.participations.values_list("pk", flat=True), True)
    comptes_rendus.noter_presences(_relu(rencontre), presences, par=d.secretaire)
    point = rencontre.points.get(sorte="fin")
    comptes_rendus.ecrire_compte_rendu(
        _relu(rencontre), par=d.secretaire, saisi={f"point-{point.pk}": "Levée."}, temoins={}
    )
    comptes_rendus.publier_compte_rendu(_relu(rencontre), par=d.secretaire)
    assert gestes(d.secretaire) == []
    assert gestes(d.membre) == []


@pytest.mark.exigence("R-390")
def test_un_suivi_se_demande_une_semaine_avant_puis_est_en_retard_et_disparait_clos(d, aller):
    scenes.communaute_active(d)
    aller("2026-06-18")
    rencontre = scenes.rencontre_publiee(d, il_y_a=2)  # deux suivis : l’un dans vingt-cinq jours, l’autre sans date
    assert gestes(d.animatrice) == sorted([PLAN, _TRADUIRE])
    aller("2026-07-05")
    assert gestes(d.secretaire) == []
    aller("2026-07-06")
    assert [(t.geste, t.retard) for t in les_taches(d.secretaire)] == [(_SUIVI, False)]
    aller("2026-07-14")
    assert [(t.geste, t.retard) for t in les_taches(d.secretaire)] == [(_SUIVI, True)]
    for suivi in rencontre.suivis.all():
        suivis.clore_suivi(suivi, par=d.animatrice)
    assert gestes(d.secretaire) == []
    assert _TRADUIRE not in gestes(d.animatrice)


@pytest.mark.exigence("R-140", "R-425")
def test_le_plan_et_le_rapport_se_demandent_un_mois_avant_le_31_mars_a_lanimatrice(d, aller):
    communaute = scenes.communaute_active(d)
    scenes.plan_approuve(d, communaute, 2026)
    vues = {}
    for jour in ("2027-02-28", "2027-03-01", "2027-04-01"):
        aller(jour)
        vues[jour] = [(t.geste, t.retard) for t in les_taches(d.animatrice)]
    rapport, plan = "Préparer le rapport annuel 2026-2027", "Préparer le plan d’action 2027-2028"
    assert vues["2027-02-28"] == []
    assert sorted(vues["2027-03-01"]) == [(plan, False), (rapport, False)]
    assert sorted(vues["2027-04-01"]) == [(plan, True), (rapport, True)]
    assert gestes(d.secretaire) == []
    scenes.plan_approuve(d, communaute, 2027)
    assert gestes(d.animatrice) == [rapport]
    scenes.rapport_soumis(d, communaute, 2026)
    assert gestes(d.animatrice) == []


@pytest.mark.exigence("R-118", "R-424")
def test_le_mandat_se_reconduit_un_mois_avant_sa_fin(d, aller):
    communaute = scenes.communaute_active(d)
    scenes.plan_approuve(d, communaute, 2026)
    aller("2027-05-15")
    assert "Reconduire mon mandat d’animateur" not in gestes(d.animatrice)
    aller("2027-05-16")
    assert "Reconduire mon mandat d’animateur" in gestes(d.animatrice)
    adhesions.reconduire_mandat(scenes.adhesion_de(d, "animatrice"), par=d.animatrice)
    assert "Reconduire mon mandat d’animateur" not in gestes(d.animatrice)


# --- Ce que la page coûte ---------------------------------------------------------------------------------------


def test_tout_se_lit_en_une_requete_quel_que_soit_le_nombre_de_communautes(d):
    communaute = scenes.communaute_active(d)
    rencontre = scenes.rencontre_planifiee(d, communaute)
    for combien in (0, 15):
        _multiplier(d, communaute, rencontre, combien)
        for nom, nombre in (("animatrice", 2 + 2 * combien), ("parrain", combien), ("collegue", 0)):
            personne = Personne.objects.get(pk=d[nom].pk)
            # Toute page a déjà lu ses titres et ceux qu’elle représente.
            assert personne.represente_ids
            assert personne.roles_attribues is not None
            with CaptureQueriesContext(connection) as requetes:
                assert len(list(taches(personne))) == nombre, nom
            # Préparée par PostgreSQL, elle ne dit plus que son nom.
            assert len([r for r in requetes if "preparee_" in r["sql"] or 'FROM "cdp_' in r["sql"]]) == 1
            assert len(requetes) <= 2, [r["sql"][:90] for r in requetes]


def _multiplier(d, communaute, rencontre, combien):
    """Des communautés actives dont le plan attend le parrain et dont une rencontre attend d’être convoquée."""
    for rang in range(combien):
        copie = Communaute.objects.create(
            nom=f"CdP {rang}",
            etat="active",
            agreee_le=communaute.agreee_le,
            parrain=communaute.parrain,
            creee_par=PersonneFactory(mot_de_passe=None),
        )
        Adhesion.objects.create(
            communaute=copie,
            personne=d.animatrice,
            etat="active",
            role="animateur",
            debut=JUIN,
            mandat_fin=JUIN + datetime.timedelta(days=365),
        )
        copie.planannuels.create(annee=2026, etat="soumis")
        copie.rapportannuels.create(annee=2026, etat="brouillon")
        RencontreCdp.objects.create(communaute=copie, debut=rencontre.debut, fin=rencontre.fin, lien=scenes.LIEN)
