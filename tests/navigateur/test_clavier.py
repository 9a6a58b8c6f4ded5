"""Au clavier seulement : Tab mène partout, on voit toujours où l’on est, Entrée et Espace suffisent pour s’engager."""

import pytest
from playwright.sync_api import expect

from consultation.models import DemandeConsultation
from mentorat.models import Entente
from tests.cdp import scenes as scenes_cdp
from tests.concertation import scenes as scenes_concertation
from tests.consultation import scenes as scenes_consultation
from tests.factories import MOT_DE_PASSE
from tests.mentorat import scenes
from tests.navigateur.gestes import annonce, dossier, titre_est

TOUCHES_PERMISES = 120

# Le nom accessible suffit à reconnaître l’élément ; le contour dit s’il se voit.
_OU_SUIS_JE = """() => {
  const ici = document.activeElement;
  if (!ici || ici === document.body) return null;
  const cadre = ici.closest(".tache") ?? ici;
  const style = getComputedStyle(cadre);
  const libelles = [...(ici.labels ?? [])].map((libelle) => libelle.textContent);
  return {
    nom: (libelles.join(" ") || ici.getAttribute("aria-label") || ici.textContent).replace(/\\s+/g, " ").trim(),
    visible: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
  };
}"""


class Clavier:
    """Une personne qui n’a que Tab, Entrée, Espace et les lettres."""

    def __init__(self, page):
        self.page = page

    def aller_a(self, nom):
        """Tabule jusqu’à l’élément nommé ; chaque arrêt en chemin doit se voir."""
        for _ in range(TOUCHES_PERMISES):
            self.page.keyboard.press("Tab")
            ici = self.page.evaluate(_OU_SUIS_JE)
            if ici is None:
                continue
            assert ici["visible"], f"on ne voit pas où l’on est : {ici['nom']}"
            # La page défile en douceur jusqu’à l’élément : il y arrive, pas toujours tout de suite.
            expect(self.page.locator(":focus-within").last, f"hors de l’écran : {ici['nom']}").to_be_in_viewport()
            if ici["nom"].startswith(nom):
                return
        raise AssertionError(f"« {nom} » ne s’atteint pas au clavier sur {self.page.url}")

    def actionner(self, nom, touche="Enter"):
        self.aller_a(nom)
        self.page.keyboard.press(touche)

    def ecrire(self, nom, texte):
        self.aller_a(nom)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(texte)

    def dater(self, nom, iso):
        """Tape une date partie par partie, dans l’ordre que veut la langue du navigateur."""
        self.aller_a(nom)
        champ = self.page.get_by_label(nom, exact=True)
        annee, mois, jour = iso.split("-")
        for parties in ((annee, mois, jour), (mois, jour, annee), (jour, mois, annee)):
            self.page.keyboard.type("".join(parties))
            if champ.input_value() == iso:
                return
            for _ in parties:
                self.page.keyboard.press("Backspace")
                self.page.keyboard.press("ArrowLeft")
        raise AssertionError(f"« {nom} » ne prend pas la date {iso} : {champ.input_value()!r}")

    def s_engager(self, verbe):
        engagement = self.page.get_by_role("group", name="Signer").get_by_role("checkbox")
        self.actionner(engagement.evaluate("case_ => case_.labels[0].textContent.trim().slice(0, 20)"), "Space")
        expect(engagement).to_be_checked()
        self.ecrire("Votre mot de passe", MOT_DE_PASSE)
        self.actionner(verbe)
        self.page.wait_for_load_state()


@pytest.fixture
def clavier(ouvrir, distribution):
    """Rend le clavier d’un personnage, devant l’adresse donnée."""

    def prendre(nom, adresse="/"):
        page = ouvrir(distribution[nom])
        page.goto(adresse)
        return Clavier(page)

    return prendre


def test_le_premier_tab_mene_au_contenu(clavier, distribution):
    main = clavier("mentore")
    main.actionner("Aller au contenu")
    assert main.page.evaluate("document.activeElement.id") == "contenu"


def test_le_menu_du_profil_souvre_et_se_ferme_au_clavier(clavier, distribution):
    main = clavier("mentore")
    main.actionner("Mon compte")
    menu = main.page.locator("details[data-menu]")
    expect(menu).to_have_attribute("open", "")
    main.page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    assert main.page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_le_gestionnaire_approuve_et_signe_au_clavier(clavier, distribution):
    scenes.entente(distribution, "a_approuver")
    main = clavier("gestionnaire")
    main.actionner("Approuver et signer")
    titre_est(main.page, "Approuver et signer")
    main.actionner("La charge de travail est ajustée", "Space")
    expect(main.page.get_by_label("La charge de travail est ajustée")).to_be_checked()
    main.s_engager("Approuver et signer")
    annonce(main.page, "L’entente est approuvée et signée")
    entente = Entente.objects.get()
    assert entente.etat == "active"
    assert entente.conditions.charge_ajustee


def test_le_parrain_approuve_le_plan_au_clavier(clavier, distribution):
    plan = scenes_cdp.plan_soumis(distribution)
    main = clavier("parrain")
    main.actionner("Approuver et signer")
    titre_est(main.page, "Approuver et signer")
    main.s_engager("Approuver et signer")
    annonce(main.page, "Le plan est approuvé et signé")
    plan.refresh_from_db()
    assert plan.etat == "approuve"


def test_un_refus_ramene_le_clavier_a_la_faute(clavier, distribution):
    entente = scenes.entente(distribution, "a_approuver")
    main = clavier("gestionnaire", f"{entente.get_absolute_url()}approuver/")
    main.actionner("Approuver et signer")
    expect(dossier(main.page)).to_contain_text("Cochez l’engagement pour signer.")
    ici = main.page.evaluate("document.activeElement.name")
    assert ici == "engagement"


def test_la_mentoree_redige_et_signe_au_clavier(clavier, distribution):
    entente = scenes.entente_naissante(distribution)
    main = clavier("mentore")
    main.actionner("Rédiger l’entente")
    titre_est(main.page, "Entente de mentorat")
    main.ecrire("Objectif d’apprentissage", "Apprivoiser le système I-CLSC")
    main.ecrire("Activité 1", "Pratique")
    main.actionner("Ajouter une activité à l’objectif 1")
    main.page.wait_for_url("**/modifier/#activite-*")
    main.ecrire("Activité 2", "Jumelage d’une demi-journée")
    main.ecrire("Fréquence des rencontres", "Aux 6 semaines")
    main.ecrire("Durée des rencontres", "1 h")
    main.dater("Du", "2026-12-01")
    main.dater("Au", "2027-05-31")
    main.actionner("Passer à la signature")
    titre_est(main.page, "Passer à la signature")
    main.actionner("Passer à la signature")
    annonce(main.page, "attend maintenant les signatures")
    main.actionner("Signer l’entente")
    titre_est(main.page, "Signer l’entente")
    main.s_engager("Signer l’entente")
    annonce(main.page, "Votre signature est posée")
    entente.refresh_from_db()
    (objectif,) = entente.objectifs.all()
    assert [activite.texte for activite in objectif.activites.all()] == ["Pratique", "Jumelage d’une demi-journée"]
    assert entente.instantane.signatures.count() == 1


def test_une_consultation_se_presente_et_sautorise_au_clavier(clavier, distribution):
    scenes_consultation.les_sujets(distribution)
    main = clavier("mentore", "/consultation/")
    main.actionner("Consulter un expert")
    titre_est(main.page, "Préparer une consultation")
    main.ecrire("Question précise", "Quel coussin essayer quand la peau rougit après deux heures?")
    main.aller_a("Sujet")
    main.page.keyboard.type("Coussin")
    main.ecrire("Ce que j’ai cherché", "Le guide des surfaces d’appui.")
    main.ecrire("Ce que j’ai trouvé", "Rien qui départage les coussins.")
    main.actionner("Relire et présenter à mon gestionnaire")
    titre_est(main.page, "Présenter à mon gestionnaire")
    main.actionner("Présenter à mon gestionnaire")
    annonce(main.page, "Votre demande est chez votre gestionnaire")
    demande = DemandeConsultation.objects.get()
    assert (demande.etat, str(demande.sujet)) == ("a_discuter", "Coussin d’assise et plaies")

    main = clavier("gestionnaire")
    main.actionner("Autoriser la consultation")
    titre_est(main.page, "Autoriser la consultation")
    main.actionner("Autoriser la consultation")
    annonce(main.page, "La consultation est autorisée")
    demande.refresh_from_db()
    assert demande.etat == "autorisee"


def test_les_demarches_dune_situation_sattestent_au_clavier(clavier, distribution):
    situation = scenes_concertation.situation_a_attester(distribution)
    main = clavier("gestionnaire")
    main.actionner("Attester et approuver")
    expect(main.page.get_by_role("heading", level=1)).to_contain_text("Avant de lire la situation")
    main.actionner("Non, je n’ai aucun lien", "Space")
    main.actionner("Déclarer")
    titre_est(main.page, "Attester et approuver")
    expect(dossier(main.page)).to_contain_text(scenes_concertation.RECIT["recherches"])
    main.actionner("J’atteste que les démarches", "Space")
    main.actionner("Attester et approuver")
    annonce(main.page, "Les démarches sont attestées")
    situation.refresh_from_db()
    assert situation.etat == "transmise"
