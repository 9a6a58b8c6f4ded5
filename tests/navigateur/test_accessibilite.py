"""Chaque page, telle qu’un lecteur d’écran et un téléphone la reçoivent : axe ne trouve rien, rien ne déborde à 320 px.

Les pages viennent des tables d’accès : une adresse ajoutée est vérifiée sans qu’on y pense. La console du navigateur
doit rester vide (la fixture `fautes`), donc aucune entorse à la CSP non plus.
"""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from encadrement.socle.temps import jour_local
from mentorat.actions import demandes
from tests.factories import MOT_DE_PASSE
from tests.mentorat import scenes
from tests.navigateur.gestes import appuyer, dossier
from tests.test_acces import LIGNES

# Les regards sur un même dossier : qui y travaille, son gestionnaire ou parrain, la DSM ; chacun a sa version de la page.
REGARDS = (
    ("mentore", "mentor", "animatrice", "secretaire", "membre"),
    ("gestionnaire", "gestionnaire_mentor", "autre_gestionnaire", "parrain"),
    ("dsm",),
)
# Ce qui se télécharge ne s’affiche pas.
HORS_PAGE = {
    "sante",
    "supervision:pret",
    "supervision:metriques",
    "accueil:mes_donnees",
    "cdp:piece",
    "cdp:outil_fichier",
    "cdp:communaute_releve",
    "consultation:materiel_telecharger",
    "consultation:suivi_exporter",
    "consultation:sujets_exporter",
    "concertation:situation_plan_pdf",
    "concertation:situation_lectures_exporter",
    "incidents:registre_exporter",
    "bilan_annuel:recommandations_exporter",
    "indicateurs:tableau_exporter",
    "indicateurs:alerte_exporter",
    "protection:attestation_fichier",
}


def _moment(ligne):
    """Rend la mesure, et ce qui y distingue une scène d’une autre, même écrite deux fois."""
    # « demande_soumise » se dit du mentorat comme de la consultation : ce n’est pas le même dossier.
    mesure, scene = ligne.nom.partition(":")[0], ligne.scene
    if scene is None:
        return f"{mesure}, sans dossier"
    return f"{mesure}, {_dire(scene)}"


def _dire(valeur):
    """Rend le nom d’une scène et de ce qu’elle enferme, le même dans chaque processus : jamais une adresse mémoire."""
    if not callable(valeur):
        return str(valeur)
    enfermees = (_dire(cellule.cell_contents) for cellule in getattr(valeur, "__closure__", None) or ())
    return " ".join([valeur.__name__.strip("_<>"), *enfermees])


def _par_moment():
    moments = {}
    for ligne in LIGNES:
        if ligne.methode == "get" and ligne.code == 200 and ligne.permis and ligne.nom not in HORS_PAGE:
            moments.setdefault(_moment(ligne), []).append(ligne)
    return sorted(moments.items())


def _qui(ligne):
    if ligne.scene is None:
        return [next((nom for regard in REGARDS for nom in regard if nom in ligne.permis), min(ligne.permis))]
    vus = [next((nom for nom in regard if nom in ligne.permis), None) for regard in REGARDS]
    return list(filter(None, vus)) or [min(ligne.permis)]


@pytest.fixture
def examiner(axe, largeur_320):
    """Relève ce qui cloche dans la page ouverte ; l’essai les rend tous ensemble à la fin."""
    fautes = []

    def examiner(page, cas):
        for controle in (axe, largeur_320):
            try:
                controle(page)
            except AssertionError as faute:
                fautes.append(f"— {cas}\n{str(faute).splitlines()[0]}\n{faute.args[0]}")
        if dossier(page).locator("h1").count() != 1:
            fautes.append(f"— {cas} : une page a un titre, et un seul")

    yield examiner
    assert not fautes, "\n".join(fautes)


@pytest.fixture
def devant(ouvrir, distribution):
    """Rend l’écran d’un personnage, gardé d’une page à l’autre."""
    ecrans = {}

    def devant(nom):
        if nom not in ecrans:
            ecrans[nom] = ouvrir(distribution[nom] if nom else None)
        return ecrans[nom]

    return devant


MOMENTS = _par_moment()


@pytest.mark.parametrize(("moment", "lignes"), MOMENTS, ids=[moment for moment, _ in MOMENTS])
def test_chaque_page_de_ce_moment_se_lit_par_tous(moment, lignes, devant, examiner, distribution):
    objet = lignes[0].scene(distribution) if lignes[0].scene else None
    for ligne in lignes:
        for nom in _qui(ligne):
            page = devant(nom)
            assert page.goto(reverse(ligne.nom, kwargs=ligne.kwargs(objet))).status == 200, f"{ligne}, {nom}"
            examiner(page, f"{moment}, {ligne}, {nom}")


@pytest.mark.parametrize("etat", ["a_signer", "en_evaluation", "a_clore", "fin_demandee"])
def test_lentente_et_ce_quelle_laisse_a_faire_se_lisent_par_tous(etat, devant, examiner, distribution):
    entente = scenes.fin_demandee(distribution) if etat == "fin_demandee" else scenes.entente(distribution, etat)
    for nom in ("mentore", "gestionnaire"):
        page = devant(nom)
        for adresse in ("/", entente.get_absolute_url()):
            assert page.goto(adresse).status == 200
            examiner(page, f"{adresse}, entente {etat}, {nom}")


def test_une_saisie_refusee_se_lit_par_tous(devant, examiner, distribution):
    """Envoyer les formulaires vides ou faux : les erreurs sont dites, reliées à leur champ, et tiennent à l’écran."""
    brouillon = scenes.entente_naissante(distribution).get_absolute_url()
    active = scenes.entente(distribution, "active").get_absolute_url()
    page = devant("mentore")
    for adresse, bouton in (
        (f"{brouillon}soumettre/", "Passer à la signature"),
        (f"{active}journal/", "Ajouter au journal"),
        (f"{active}notes/", "Garder cette note pour moi"),
        (f"{active}mesentente/", "Transmettre le signalement"),
        (f"{active}prolongation/", "Demander une prolongation"),
    ):
        page.goto(adresse)
        appuyer(page, bouton)
        expect(page.locator("main :is([aria-invalid=true], .encadre--refus)").first).to_be_visible()
        examiner(page, f"refus : {bouton}")
    page = devant("gestionnaire")
    page.goto("/mentorat/demandes/designer/")
    appuyer(page, "Désigner ce besoin")
    expect(page.locator("main [aria-invalid=true]").first).to_be_visible()
    examiner(page, "refus : désigner un besoin")


def test_choisir_un_mentor_et_signer_mal_se_lisent_par_tous(devant, examiner, distribution):
    entente = scenes.entente(distribution, "a_approuver")
    scenes.fiche_inscrite(distribution, distribution.directrice)
    demande = scenes.demande_acceptee(distribution)
    demandes.suggerer_mentor(demande, par=distribution.dsm, mentor=distribution.mentor)
    page = devant("gestionnaire")
    page.goto(f"{demande.get_absolute_url()}proposer/")
    appuyer(page, "Proposer un jumelage")
    expect(dossier(page)).to_contain_text("Choisissez un mentor dans la liste.")
    examiner(page, "refus : proposer un jumelage")

    page.goto(f"{entente.get_absolute_url()}approuver/")
    appuyer(page, "Approuver et signer")
    expect(dossier(page)).to_contain_text("Cochez l’engagement pour signer.")
    examiner(page, "refus : approuver et signer")


def test_les_pages_derreur_se_lisent_par_tous(devant, examiner, distribution, monkeypatch):
    entente = scenes.entente(distribution, "active").get_absolute_url()
    brouillon = scenes.entente_naissante(distribution).get_absolute_url()
    for nom, adresse, statut in (
        ("drhcaj", f"{entente}mi-temps/", 403),
        ("collegue", entente, 404),
        (None, "/nulle-part/", 404),
        ("mentore", f"{brouillon}prolongation/", 409),
    ):
        page = devant(nom)
        assert page.goto(adresse).status == statut
        examiner(page, f"{statut} pour {nom}")
    page = devant("mentore")
    page.goto(f"{entente}notes/")
    page.evaluate("document.querySelector('main [name=csrfmiddlewaretoken]').value = 'x'.repeat(64)")
    page.get_by_label("Votre note").first.fill("Une note")
    appuyer(page, "Partager cette note avec Guylaine Cyr")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Notes")
    examiner(page, "jeton périmé")

    def tomber(*args, **kwargs):
        raise RuntimeError("panne voulue")

    monkeypatch.setattr("encadrement.accueil.views.accueil.render", tomber)
    assert page.goto("/").status == 500
    examiner(page, "500")


@pytest.mark.parametrize(
    "nom",
    ["account_login", "account_logout", "account_reset_password", "account_reset_password_done", "account_inactive"],
)
def test_une_page_de_compte_se_lit_par_tous(nom, devant, examiner, distribution):
    page = devant("mentore" if nom == "account_logout" else None)
    assert page.goto(reverse(nom)).status == 200
    examiner(page, nom)
    if nom == "account_login":
        page.get_by_label("Matricule").fill("800000")
        page.get_by_label("Mot de passe").fill("pas le bon")
        dossier(page).get_by_role("button").first.click()
        expect(page.locator("main [role=alert], main .errorlist, main .erreurs-formulaire").first).to_be_visible()
        examiner(page, "connexion refusée")


def test_les_pages_de_mon_compte_se_lisent_par_tous(devant, examiner, distribution):
    page = devant(None)
    page.goto(reverse("account_login"))
    page.get_by_label("Matricule").fill(distribution.mentore.matricule)
    page.get_by_label("Mot de passe").fill(MOT_DE_PASSE)
    dossier(page).get_by_role("button").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("À faire")
    for nom in ("account_change_password", "account_reauthenticate", "mfa_index", "mfa_activate_totp"):
        assert page.goto(reverse(nom)).status == 200, nom
        examiner(page, nom)


def test_la_recherche_et_les_listes_pleines_se_lisent_par_tous(devant, examiner, distribution):
    scenes.entente(distribution, "close", debut=jour_local())
    for adresse in ("/recherche/?q=cyr", "/recherche/?q=zzz", "/mentorat/ententes/?q=zzz", "/mentorat/bottin/?q=ergo"):
        page = devant("gestionnaire")
        page.goto(adresse)
        examiner(page, adresse)
    page = devant("appr")
    page.goto("/")
    examiner(page, "À faire, APPR")
