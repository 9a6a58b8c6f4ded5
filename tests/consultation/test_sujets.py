"""Les sujets : leur fréquence dit où former en premier; la DSM tient la liste et réunit les doublons (R-184, R-187)."""

import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from consultation import indicateurs
from consultation.actions import bottin, suivi, sujets
from consultation.models import DemandeConsultation, FicheExpert, LigneSuivi, SujetConsultation
from encadrement.acces.matrice import AccesRefuse
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import AnneeFinanciere, jour_local
from tests.consultation import scenes
from tests.consultation.test_suivi_tableau import ligne
from tests.consultation.traces import actes, rien_decrit
from tests.ensemble import ensemble
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = pytest.mark.django_db
SUJETS = reverse("consultation:sujets")


def adresse(nom, sujet):
    return reverse(f"consultation:{nom}", args=[sujet.uuid])


def relu(sujet):
    return SujetConsultation.objects.get(pk=sujet.pk)


def propose(d, libelle):
    return sujets.proposer_sujet(libelle, par=d.mentor)


# --- La fréquence et les besoins de formation ---------------------------------------------------------------------


@pytest.fixture
def consultees(distribution):
    """Trois consultations sur la dysphagie, deux sur les coussins (dont une l’an dernier), une demande à la DSM."""
    d = distribution
    negligence, coussin, _, dysphagie = scenes.les_sujets(d)
    ligne(d, sujet=dysphagie, minutes=10)
    ligne(d, sujet=dysphagie, minutes=20, demandeur=d.animatrice)
    ligne(d, sujet=dysphagie, minutes=30)
    ligne(d, sujet=coussin, minutes=60)
    ligne(d, sujet=coussin, minutes=61, jour=AnneeFinanciere.du(jour_local()).debut - datetime.timedelta(days=1))
    scenes.demande_transmise(d)
    return {"dysphagie": dysphagie, "coussin": coussin, "negligence": negligence}


def lues(page):
    return [(str(f.sujet), f.nombre, f.minutes, f.demandeurs, f.a_la_dsm) for f in page.context["frequences"]]


@pytest.mark.exigence("R-184", "R-187")
def test_le_sujet_le_plus_consulte_est_le_premier_besoin_de_formation(distribution, client_de, consultees):
    page = client_de(distribution.appr).get(SUJETS)
    assert lues(page) == [
        ("Dysphagie", 3, 60, 2, 0),
        ("Coussin d’assise et plaies", 1, 60, 1, 0),
        ("Héminégligence", 0, 0, 0, 1),
    ]
    texte = texte_de(page)
    assert texte.index("Dysphagie") < texte.index("Coussin d’assise et plaies")


@pytest.mark.exigence("R-184")
def test_la_frequence_se_lit_par_periode_et_par_direction(distribution, client_de, consultees):
    d = distribution
    client = client_de(d.dsm)
    annee = AnneeFinanciere.du(jour_local())
    smd = d.animatrice.direction.pk
    for filtres, attendues in (
        ({"annee": annee.precedente.debut_annee}, [("Coussin d’assise et plaies", 1, 61, 1, 0)]),
        ({"annee": annee.debut_annee, "direction": smd}, [("Dysphagie", 1, 20, 1, 0)]),
        (
            {"annee": "", "du": "2020-01-01"},
            [
                ("Dysphagie", 3, 60, 2, 0),
                ("Coussin d’assise et plaies", 2, 121, 1, 0),
                ("Héminégligence", 0, 0, 0, 1),
            ],
        ),
        ({"du": jour_local().isoformat(), "direction": smd}, [("Dysphagie", 1, 20, 1, 0)]),
        ({"annee": annee.debut_annee, "au": annee.debut.isoformat()}, []),
    ):
        assert lues(client.get(SUJETS, filtres)) == attendues, filtres


@pytest.mark.exigence("R-184")
def test_l_export_a_les_sujets_de_l_ecran(distribution, client_de, consultees):
    reponse = client_de(distribution.dsm).get(reverse("consultation:sujets_exporter"))
    premiere, *autres = list(load_workbook(io.BytesIO(reponse.content)).active.iter_rows(values_only=True))
    assert premiere == ("Sujet", "Consultations", "Durée", "Demandes venues à la DSM", "Demandeurs différents")
    assert autres[0] == ("Dysphagie", 3, datetime.timedelta(hours=1), 0, 2)
    assert len(autres) == 3


@pytest.mark.exigence("R-184")
def test_l_executif_lit_des_ensembles_sans_croisement_ni_texte_libre(distribution, client_de, consultees):
    d = distribution
    ligne(d, sujet=None, nouveau_sujet="Un cas bien précis de Percé")
    page = client_de(d.executif_cm).get(SUJETS, {"direction": d.animatrice.direction.pk, "du": "2099-01-01"})
    texte = texte_de(page)
    assert [lue[:3] for lue in lues(page)] == [
        ("Dysphagie", 3, 60),
        ("Coussin d’assise et plaies", 1, 60),
        ("Héminégligence", 0, 0),
    ]
    assert list(page.context["filtre"].fields) == ["annee"]
    for tu in ("Percé", "Demandeurs différents", "La liste des sujets", "Réunir"):
        assert tu not in texte
    assert "Un cas bien précis" not in texte_de(client_de(d.executif_cm).get("/indicateurs/consultation/"))
    assert "Un cas bien précis de Percé" in texte_de(client_de(d.dsm).get(SUJETS))


def test_vingt_sujets_ne_demandent_pas_plus_de_requetes_qu_un(distribution, client_de):
    d = distribution
    ligne(d)
    client = client_de(d.dsm)
    with CaptureQueriesContext(connection) as un:
        client.get(SUJETS)
    for rang in range(20):
        ligne(d, sujet=None, nouveau_sujet=f"Sujet numéro {rang}")
    with CaptureQueriesContext(connection) as vingt:
        assert len(client.get(SUJETS).context["frequences"]) == 21
    assert len(vingt) == len(un)


# --- La liste, tenue par la DSM -----------------------------------------------------------------------------------


@pytest.mark.parametrize("ecrit", ["dysphagie", "DYSPHAGIE", "Dysphagié", "  dysphagie ! ", "Dyspha\u0301gie"])
def test_ni_la_casse_ni_les_accents_ne_font_deux_sujets(distribution, ecrit):
    connu = scenes.les_sujets(distribution)[3]
    assert propose(distribution, ecrit) == connu
    assert relu(connu).libelle == "Dysphagie"


@pytest.mark.exigence("R-184")
def test_la_dsm_garde_un_sujet_propose_et_en_corrige_la_graphie(distribution, client_de):
    d = distribution
    libre = propose(d, "equilibre et chutes")
    dsm = client_de(d.dsm)
    assert "À classer" in texte_de(dsm.get(SUJETS))
    assert dsm.post(reverse("consultation:sujet_ajouter"), {"libelle": "Équilibre et chutes"}).status_code == 302
    assert (relu(libre).libelle, relu(libre).a_classer) == ("Équilibre et chutes", False)
    assert "À classer" not in texte_de(dsm.get(SUJETS))


@pytest.mark.parametrize(
    ("libelle", "phrase"),
    [
        ("", "Écrivez le sujet en quelques mots."),
        ("?!", "Écrivez le sujet en quelques mots."),
        ("z" * 121, "Ce sujet dépasse 120 caractères"),
        ("Le dossier de M. Rioux", "Ce texte semble contenir"),
    ],
)
def test_un_sujet_impossible_se_dit_et_reste(distribution, client_de, libelle, phrase):
    with rien_decrit():
        page = client_de(distribution.dsm).post(reverse("consultation:sujet_ajouter"), {"libelle": libelle})
    assert phrase in texte_de(page)
    assert champs_de(page)["libelle"] == libelle


@pytest.mark.exigence("R-184")
def test_un_sujet_retire_ne_se_choisit_plus_mais_compte_encore_puis_revient(distribution, client_de):
    d = distribution
    tenue = ligne(d)
    sujet, dsm = tenue.sujet, client_de(d.dsm)
    page = texte_de(dsm.get(adresse("sujet_retirer", sujet)))
    assert "1 ligne du tableau de suivi" in page
    for _ in range(2):
        assert dsm.post(adresse("sujet_retirer", sujet), {"geste": "retirer"}).status_code == 302
    assert relu(sujet).retire
    assert actes(sujet).count("consultation.sujet.retirer") == 1
    choix = client_de(d.mentor).get(reverse("consultation:ligne_ajouter")).context["form"].fields["sujet"].choices
    assert str(sujet.uuid) not in dict(choix)
    assert [f.sujet for f in indicateurs.frequences(LigneSuivi.objects.all())] == [sujet]
    dsm.post(adresse("sujet_retirer", sujet), {"geste": "remettre"})
    assert not relu(sujet).retire


def test_corriger_une_ligne_au_sujet_retire_le_garde(distribution, client_de):
    tenue = ligne(distribution)
    sujets.retirer_sujet(tenue.sujet, par=distribution.dsm)
    client = client_de(distribution.mentor)
    page = client.get(adresse("ligne_modifier", tenue))
    saisi = {**champs_de(page), "sujet": str(tenue.sujet.uuid), "commentaires": "Revu."}
    assert client.post(adresse("ligne_modifier", tenue), saisi).status_code == 302
    assert LigneSuivi.objects.get().sujet == tenue.sujet


def test_seule_la_dsm_tient_la_liste(distribution):
    d = distribution
    un, deux = scenes.les_sujets(d)[:2]
    for qui in (d.mentor, d.executif_cm, d.gestionnaire, d.superutilisateur, d.ancien_gestionnaire):
        for geste in (
            lambda par: sujets.ajouter_sujet("Nouveau", par=par),
            lambda par: sujets.fusionner_sujets(un, deux, par=par),
            lambda par: sujets.retirer_sujet(un, par=par),
        ):
            with rien_decrit(), pytest.raises(AccesRefuse):
                geste(qui)


# --- Réunir deux sujets -------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-184")
def test_reunir_montre_ce_qui_bouge_puis_le_deplace(distribution, client_de):
    d = distribution
    coussin, double = scenes.les_sujets(d)[1], propose(d, "Coussins et plaies")
    tenue = ligne(d, sujet=double)
    demande = scenes.demande_en_redaction(d, sujet=double)
    fiche = FicheExpert.objects.get(personne=d.mentor)
    bottin.ecrire_fiche(fiche, par=d.mentor, sujets=[double])
    dsm = client_de(d.dsm)
    apercu = dsm.get(adresse("sujet_fusionner", double), {"vers": str(coussin.uuid)})
    for dit in ("1 ligne du tableau", "1 demande de consultation", "1 fiche d’expert", "Réunir ces deux sujets"):
        assert dit in texte_de(apercu)
    assert LigneSuivi.objects.get().sujet == double
    assert dsm.post(adresse("sujet_fusionner", double), champs_de(apercu)).status_code == 302
    assert LigneSuivi.objects.get(pk=tenue.pk).sujet == coussin
    assert DemandeConsultation.objects.get(pk=demande.pk).sujet == coussin
    assert list(fiche.sujets.all()) == [coussin]
    assert (relu(double).fusionne_dans, relu(double).a_classer) == (coussin, False)
    assert propose(d, "Coussins et plaies") == coussin
    assert actes(double)[-1] == "consultation.sujet.fusionner"


@pytest.mark.exigence("R-184")
def test_une_chaine_de_fusions_reste_a_un_pas_et_compte_ensemble(distribution):
    d = distribution
    un, deux, trois, quatre = scenes.les_sujets(d)
    for rang, sujet in enumerate((un, deux, trois, quatre), start=1):
        ligne(d, sujet=sujet, minutes=rang)
    sujets.fusionner_sujets(un, deux, par=d.dsm)
    sujets.fusionner_sujets(deux, trois, par=d.dsm)
    # Vers un sujet déjà réuni : c’est celui qui le porte qui reçoit.
    sujets.fusionner_sujets(quatre, un, par=d.dsm)
    assert {relu(sujet).fusionne_dans for sujet in (un, deux, quatre)} == {trois}
    (frequence,) = indicateurs.frequences(LigneSuivi.objects.all())
    assert (frequence.sujet, frequence.nombre, frequence.minutes) == (trois, 4, 10)


@pytest.mark.exigence("R-184")
def test_ce_qui_ne_se_reunit_pas(distribution, client_de):
    d = distribution
    un, deux, trois, _ = scenes.les_sujets(d)
    with rien_decrit(), pytest.raises(ErreurMetier, match="ne se fusionne pas dans lui-même"):
        sujets.fusionner_sujets(un, un, par=d.dsm)
    sujets.fusionner_sujets(un, deux, par=d.dsm)
    with rien_decrit(), pytest.raises(ErreurMetier, match="ne se fusionne pas dans lui-même"):
        sujets.fusionner_sujets(deux, un, par=d.dsm)
    with rien_decrit(), pytest.raises(ErreurMetier, match="est déjà réuni"):
        sujets.fusionner_sujets(un, trois, par=d.dsm)
    with rien_decrit(), pytest.raises(ErreurMetier, match="est réuni à un autre sujet"):
        sujets.retirer_sujet(un, par=d.dsm)
    sujets.retirer_sujet(trois, par=d.dsm)
    with rien_decrit(), pytest.raises(ErreurMetier, match="est retiré de la liste"):
        sujets.fusionner_sujets(deux, trois, par=d.dsm)
    dsm = client_de(d.dsm)
    with rien_decrit():
        page = dsm.post(adresse("sujet_fusionner", deux), {"vers": str(trois.uuid)})
    assert "Ce sujet n’est plus dans la liste" in texte_de(page)
    assert "est déjà réuni" in texte_de(dsm.get(adresse("sujet_fusionner", un)))


def test_une_ligne_inscrite_sous_un_sujet_reuni_va_a_celui_qui_le_porte(distribution, client_de):
    d = distribution
    un, deux = scenes.les_sujets(d)[:2]
    sujets.fusionner_sujets(un, deux, par=d.dsm)
    # La page, ouverte avant la fusion, tient encore l’ancien sujet.
    assert ligne(d, sujet=un).sujet == deux


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_deux_fusions_croisees_n_en_font_qu_une(distribution):
    d = distribution
    un, deux = scenes.les_sujets(d)[:2]
    ligne(d, sujet=un)
    ligne(d, sujet=deux, minutes=5)
    rendus = ensemble(
        lambda: sujets.fusionner_sujets(un, deux, par=d.dsm),
        lambda: sujets.fusionner_sujets(deux, un, par=d.appr),
    )
    assert sum(isinstance(rendu, ErreurMetier) for rendu in rendus) == 1
    assert SujetConsultation.objects.filter(fusionne_dans__isnull=False).count() == 1
    assert LigneSuivi.objects.values("sujet").distinct().count() == 1
    assert LigneSuivi.objects.first().sujet.fusionne_dans is None


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_trois_fusions_a_la_chaine_et_une_ligne_au_meme_instant_restent_a_un_pas(distribution):
    d = distribution
    un, deux, trois, quatre = scenes.les_sujets(d)
    for rang, sujet in enumerate((un, deux, trois), start=1):
        ligne(d, sujet=sujet, minutes=rang)
    ensemble(
        lambda: sujets.fusionner_sujets(un, deux, par=d.dsm),
        lambda: sujets.fusionner_sujets(deux, trois, par=d.appr),
        lambda: sujets.fusionner_sujets(trois, quatre, par=d.appr_liaison),
        lambda: suivi.ajouter_ligne(par=d.mentor, jour=jour_local(), demandeur=d.collegue, minutes=50, sujet=un),
    )
    assert set(LigneSuivi.objects.values_list("sujet", flat=True)) == {quatre.pk}
    assert set(SujetConsultation.objects.exclude(pk=quatre.pk).values_list("fusionne_dans", flat=True)) == {quatre.pk}
