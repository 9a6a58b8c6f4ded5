"""Les relances des communautés : combien, quand, à qui, après une panne, et ce que le balayage coûte."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cdp.actions import adhesions, annees, communautes, comptes_rendus, heures, rencontres, suivis, vie
from cdp.models import Adhesion, Communaute, RencontreCdp
from cdp.rappels.echeances import documents_dus
from encadrement.notifications import rappels
from encadrement.notifications.models import Courriel, EtatCourriel, Rappel, StatutRappel
from encadrement.notifications.rappels import balayer_rappels
from encadrement.rencontres.models import Reponse
from encadrement.socle.temps import AnneeFinanciere
from tests.cdp import scenes
from tests.cdp.traces import courriels
from tests.factories import PersonneFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("relances_de_la_mesure")]

AVRIL = datetime.date(2026, 4, 8)
RESPONSABLES = {"Marie-Ève", "Zélie"}
MEMBRES = RESPONSABLES | {"Kim"}


def le(texte):
    return datetime.date.fromisoformat(texte)


@pytest.fixture
def aller(time_machine):
    """Amène l’horloge à midi, heure locale, le jour dit."""

    def aller(jour):
        jour = le(jour) if isinstance(jour, str) else jour
        time_machine.move_to(timezone.make_aware(datetime.datetime.combine(jour, datetime.time(12))), tick=False)

    aller(AVRIL)
    return aller


@pytest.fixture
def communaute(aller, distribution):
    """La communauté de l’exemple, agréée le mercredi 8 avril 2026."""
    return scenes.communaute_active(distribution)


def parties(nature="", statut=StatutRappel.PARTI):
    """Rend {pas: prénoms} des relances des jalons qui commencent par `nature`."""
    lignes = {}
    for rappel in Rappel.objects.filter(statut=statut, jalon__startswith=nature, mesure="cdp"):
        lignes.setdefault(rappel.jalon.split(" 202")[1].split()[1], set()).add(rappel.destinataire.prenom)
    return lignes


def relire(objet):
    return type(objet).objects.get(pk=objet.pk)


# --- Combien, et quand ------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-140", "R-425")
def test_le_31_mars_avant_et_apres_le_nombre_de_relances(communaute, distribution, aller):
    scenes.plan_approuve(distribution, communaute, 2026)
    comptes = {}
    for jour in ("2027-02-26", "2027-03-01", "2027-03-30", "2027-03-31", "2027-04-13", "2027-04-14", "2027-04-30"):
        aller(jour)
        balayer_rappels()
        comptes[jour] = Rappel.objects.filter(jalon__startswith="rapport", statut=StatutRappel.PARTI).count()
    # J-30 à l’animatrice ; J et J+14 au parrain aussi ; J+30 au parrain et aux deux APPR.
    assert comptes == dict(zip(comptes, (0, 1, 1, 3, 3, 5, 8), strict=True))
    assert parties("rapport")["J+30"] == {"Pierre-Luc", "Chloé", "Mathieu"}
    aller("2027-06-15")
    avant = Rappel.objects.count()
    balayer_rappels()
    assert Rappel.objects.filter(jalon__startswith="rapport").count() == 8
    assert Rappel.objects.count() == avant


@pytest.mark.exigence("R-140", "R-425")
def test_soumettre_arrete_les_relances_et_renvoyer_les_ramene(communaute, distribution, aller):
    d = distribution
    plan = scenes.plan_soumis(d, communaute, 2026)
    aller("2026-05-08")
    balayer_rappels()
    assert parties("plan") == {}
    annees.renvoyer(relire(plan), par=d.parrain, motif="À préciser.")
    balayer_rappels()
    assert parties("plan") == {"J": {"Marie-Ève", "Pierre-Luc"}}


@pytest.mark.parametrize(
    ("agreee_le", "jour", "attendus"),
    [
        ("2026-04-08", "2026-04-08", {("plan", 2026, "2026-05-08")}),
        ("2026-04-08", "2026-07-07", {("plan", 2026, "2026-05-08")}),
        ("2026-04-08", "2026-07-08", set()),
        ("2026-04-08", "2027-02-28", set()),
        ("2026-04-08", "2027-03-01", {("rapport", 2026, "2027-03-31"), ("plan", 2027, "2027-03-31")}),
        ("2026-04-08", "2027-05-30", {("rapport", 2026, "2027-03-31"), ("plan", 2027, "2027-03-31")}),
        ("2026-04-08", "2027-05-31", set()),
        # Agréée en mars : son premier plan est dû après le changement d’année, et on le lui rappelle encore.
        (
            "2027-03-20",
            "2027-04-20",
            {("plan", 2026, "2027-04-19"), ("rapport", 2026, "2027-03-31"), ("plan", 2027, "2027-03-31")},
        ),
        ("2027-04-01", "2027-04-20", {("plan", 2027, "2027-05-01")}),
    ],
)
@pytest.mark.exigence("R-140", "R-425")
def test_le_premier_plan_est_du_un_mois_apres_lagrement_et_la_suite_le_31_mars(agreee_le, jour, attendus):
    dus = documents_dus(le(agreee_le), AnneeFinanciere.du(le(jour)), le(jour))
    assert sorted((nature, annee.debut_annee, str(du)) for nature, annee, du in dus) == sorted(attendus)


def test_trois_balayages_le_meme_jour_ne_relancent_quune_fois(communaute, aller):
    aller("2026-05-08")
    assert [balayer_rappels() for _ in range(3)] == [2, 0, 0]
    assert parties("plan") == {"J": {"Marie-Ève", "Pierre-Luc"}}


def test_deux_semaines_de_panne_donnent_une_seule_relance_de_rattrapage(communaute, aller):
    balayer_rappels()
    aller("2026-05-25")
    balayer_rappels()
    balayer_rappels()
    assert parties("plan") == {"J-30": {"Marie-Ève"}, "J+14": {"Marie-Ève", "Pierre-Luc"}}
    assert parties("plan", StatutRappel.REMPLACE) == {"J": {"Marie-Ève", "Pierre-Luc"}}


def test_une_communaute_suspendue_ne_relance_personne(communaute, distribution, aller):
    communautes.suspendre_communaute(communaute, par=distribution.parrain, motif="Été.")
    aller("2026-05-08")
    assert balayer_rappels() == 0


# --- Les rencontres, les suivis, le mandat ----------------------------------------------------------------------


@pytest.mark.exigence("R-385")
def test_la_rencontre_se_rappelle_a_j_7_et_j_1_avec_de_quoi_linscrire_a_lagenda(communaute, distribution, aller):
    d = distribution
    rencontre = scenes.rencontre_convoquee(d, communaute, dans=15)  # le jeudi 23 avril
    aller("2026-04-16")
    balayer_rappels()
    rencontres.repondre_a_la_convocation(relire(rencontre), par=d.membre, presence=Reponse.ABSENT)
    aller("2026-04-22")
    balayer_rappels()
    assert parties("rencontre") == {"J-7": MEMBRES, "J-1": RESPONSABLES}
    jointes = Courriel.objects.filter(rappels__jalon__startswith="rencontre").values_list("calendrier", flat=True)
    assert len(jointes) == 5
    for ics in jointes:
        assert f"UID:{rencontre.uuid}" in ics.replace("\r\n ", "")
        assert "METHOD:REQUEST" in ics
        assert "20260423T133000" in ics


def test_la_rencontre_deplacee_se_rappelle_au_nouveau_jour_seulement(communaute, distribution, aller):
    rencontre = scenes.rencontre_convoquee(distribution, communaute, dans=15)
    debut, fin = scenes.moment(22)
    rencontres.deplacer_rencontre(relire(rencontre), par=distribution.animatrice, debut=debut, fin=fin)
    aller("2026-04-16")
    balayer_rappels()
    assert parties("rencontre") == {}
    aller("2026-04-23")
    balayer_rappels()
    assert parties("rencontre") == {"J-7": MEMBRES}


@pytest.mark.exigence("R-149")
def test_la_rencontre_passee_se_consigne_puis_son_compte_rendu_se_publie(communaute, distribution, aller):
    rencontre = scenes.rencontre_planifiee(distribution, communaute, dans=1)
    aller("2026-04-10")
    balayer_rappels()
    assert parties("à consigner") == {"J+1": RESPONSABLES}
    rencontres.tenir_rencontre(relire(rencontre), par=distribution.secretaire)
    aller("2026-04-16")
    balayer_rappels()
    assert parties("à consigner") == {"J+1": RESPONSABLES}
    assert parties("publier") == {"J+3": RESPONSABLES}


@pytest.mark.exigence("R-390")
def test_un_suivi_se_rappelle_a_qui_en_est_charge_jusqua_sa_cloture(communaute, distribution, aller):
    d = distribution
    aller("2026-04-09")
    rencontre = scenes.rencontre_tenue(d, communaute, il_y_a=1)
    suivi = suivis.noter_suivi(
        rencontre, par=d.secretaire, texte="Traduire", personne=d.membre, echeance=le("2026-04-30")
    )
    suivis.noter_suivi(rencontre, par=d.secretaire, texte="Sans date", personne=d.membre, echeance_dite="bientôt")
    for jour in ("2026-04-23", "2026-04-30", "2026-05-07"):
        aller(jour)
        balayer_rappels()
    assert parties("suivi") == {pas: {"Kim"} for pas in ("J-7", "J", "J+7")}
    suivis.modifier_suivi(suivi, par=d.secretaire, echeance=le("2026-06-11"), personne=d.secretaire)
    aller("2026-06-04")
    balayer_rappels()
    assert parties("suivi 2026-06-11") == {"J-7": {"Zélie"}}
    suivis.clore_suivi(suivi, par=d.secretaire)
    aller("2026-06-11")
    balayer_rappels()
    assert parties("suivi 2026-06-11") == {"J-7": {"Zélie"}}


def test_un_suivi_clos_une_seconde_avant_ne_relance_personne(communaute, distribution, aller, monkeypatch):
    """Le balayage a lu le suivi ; il est clos avant qu’il n’écrive."""
    d = distribution
    aller("2026-04-09")
    rencontre = scenes.rencontre_tenue(d, communaute, il_y_a=1)
    suivi = suivis.noter_suivi(
        rencontre, par=d.secretaire, texte="Traduire", personne=d.membre, echeance=le("2026-04-30")
    )
    vrai = rappels._deja_faits

    def lire_puis_clore(echeances):
        if relire(suivi).est_ouvert:
            suivis.clore_suivi(suivi, par=d.secretaire)
        return vrai(echeances)

    monkeypatch.setattr(rappels, "_deja_faits", lire_puis_clore)
    aller("2026-04-23")
    balayer_rappels()
    assert parties("suivi") == {}


@pytest.mark.exigence("R-118", "R-424")
def test_le_mandat_dun_an_se_rappelle_un_mois_avant_et_se_reconduit(communaute, distribution, aller):
    sienne = communaute.adhesions.get(personne=distribution.animatrice)
    assert sienne.mandat_fin == le("2027-04-08")
    aller("2027-03-08")
    balayer_rappels()
    balayer_rappels()
    assert parties("mandat") == {}
    aller("2027-03-09")
    balayer_rappels()
    balayer_rappels()
    assert parties("mandat") == {"J-30": {"Marie-Ève", "Réjean"}}
    adhesions.reconduire_mandat(relire(sienne), par=distribution.parrain)
    assert relire(sienne).mandat_fin == le("2028-04-08")
    aller("2028-03-08")
    balayer_rappels()
    assert parties("mandat 2028") == {}


@pytest.mark.exigence("R-116")
def test_une_invitation_sans_reponse_ne_se_rapporte_a_aucun_superieur(communaute, distribution, aller):
    scenes.adhesion_invitee(distribution)
    for jour in ("2026-04-13", "2026-04-17", "2026-04-29", "2026-05-08"):
        aller(jour)
        balayer_rappels()
    assert parties("répondre à l’invitation") == {"J+3": {"Anne-Sophie"}, "J+7": {"Anne-Sophie"}}


# --- Les heures et la semaine -----------------------------------------------------------------------------------


def _consigner(communaute, d, minutes, sorte="preparation", precision=""):
    heures.consigner_heures(
        relire(communaute), par=d.membre, jour=AVRIL, sorte=sorte, minutes=minutes, precision=precision
    )


@pytest.mark.exigence("R-126", "R-128", "R-422")
def test_quatre_vingts_puis_cent_pour_cent_du_plafond_savisent_une_fois_chacun(communaute, distribution):
    d = distribution
    _consigner(communaute, d, 1151)
    _consigner(communaute, d, 600, sorte="animation")
    assert courriels("seuil_heures") == []
    _consigner(communaute, d, 1)
    assert courriels("seuil_heures") == ["Kim", "Marie-Ève"]
    # À 99,9 % du plafond, il n’est pas atteint.
    _consigner(communaute, d, 287)
    assert courriels("seuil_heures") == ["Kim", "Marie-Ève"]
    _consigner(communaute, d, 1, precision="la dernière minute")
    assert courriels("seuil_heures") == ["Kim", "Kim", "Marie-Ève", "Marie-Ève", "Pierre-Luc"]
    _consigner(communaute, d, 30, sorte="administration")
    assert len(courriels("seuil_heures")) == 5


@pytest.mark.exigence("R-126")
def test_des_heures_corrigees_a_la_hausse_savisent_aussi(communaute, distribution):
    consignees = scenes.heures_consignees(distribution, communaute, minutes=60)
    heures.corriger_heures(consignees, par=distribution.membre, minutes=1200)
    assert courriels("seuil_heures") == ["Kim", "Marie-Ève"]


def test_le_resume_du_lundi_compte_sans_rien_dire(communaute, distribution, aller):
    d = distribution
    aller("2026-04-14")
    scenes.outil_depose(d, communaute)
    reponse = scenes.reponse_donnee(d, communaute)
    vie.retirer_publication(scenes.sujet_propose(d, communaute), par=d.membre, motif="Doublon.")
    for jour in ("2026-04-19", "2026-04-20", "2026-04-20", "2026-04-21", "2026-04-27"):
        aller(jour)
        balayer_rappels()
    assert parties("semaine") == {"lundi": MEMBRES}
    textes = {f"{ligne.objet} {ligne.texte}" for ligne in Courriel.objects.filter(gabarit="cdp/resume_semaine")}
    assert len(textes) >= 1
    for texte in textes:
        assert "1 outil, 1 appel, 1 réponse" in texte
        for tu in (reponse.texte, reponse.appel.titre, reponse.appel.texte, "Grille TDL", "sujet"):
            assert tu not in texte


# --- Ce qui rend une relance caduque, et ce que le balayage coûte -------------------------------------------------


def test_publier_retire_la_relance_en_file(communaute, distribution, aller):
    aller("2026-04-09")
    rencontre = scenes.rencontre_redigee(distribution, communaute, il_y_a=1)
    aller("2026-04-14")
    balayer_rappels()
    assert parties("publier") == {"J+3": RESPONSABLES}
    comptes_rendus.publier_compte_rendu(relire(rencontre), par=distribution.secretaire)
    en_file = Courriel.objects.filter(rappels__jalon__startswith="publier", etat=EtatCourriel.A_ENVOYER)
    assert not en_file.exists()


def test_un_balayage_sans_rien_de_du_pose_toujours_les_memes_requetes(communaute, distribution, aller):
    scenes.plan_approuve(distribution, communaute, 2026)
    rencontre = scenes.rencontre_convoquee(distribution, communaute, dans=200)
    requetes = {}
    for combien in (0, 30):
        _multiplier(communaute, rencontre, combien)
        aller("2026-10-02")
        with CaptureQueriesContext(connection) as captees:
            assert balayer_rappels() == 0
        requetes[combien] = [requete["sql"] for requete in captees if "CURSOR" not in requete["sql"]]
    assert len(requetes[0]) == len(requetes[30])
    des_cdp = [sql for sql in requetes[0] if 'FROM "cdp_' in sql]
    assert len(des_cdp) <= 20


def _multiplier(communaute, rencontre, combien):
    for rang in range(combien):
        copie = Communaute.objects.create(
            nom=f"CdP {rang}", etat="active", agreee_le=AVRIL - datetime.timedelta(days=1), parrain=communaute.parrain,
            creee_par=communaute.creee_par,
        )  # fmt: skip
        copie.planannuels.create(annee=2026, etat="approuve")
        Adhesion.objects.create(
            communaute=copie, personne=PersonneFactory(mot_de_passe=None), etat="active", debut=AVRIL
        )
        RencontreCdp.objects.create(
            communaute=copie, debut=rencontre.debut, fin=rencontre.fin, etat="convoquee", lien=scenes.LIEN
        )
