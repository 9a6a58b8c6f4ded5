"""Ce que le comité fait à l’écran : nommer, planifier, déclarer puis lire, écrire le plan, et ne rien laisser au navigateur."""

import re

from playwright.sync_api import expect

from concertation.models import SituationComplexe
from encadrement.documents.actions import numero_suivant
from encadrement.notifications.models import Courriel
from encadrement.personnes.models import Direction, Service
from encadrement.personnes.organisation import SorteDirection
from encadrement.socle.temps import jour_local
from tests.concertation.scenes import RECIT
from tests.navigateur.ecrans import Ecrans
from tests.navigateur.gestes import annonce, appuyer, dossier, titre_est
from tests.navigateur.gestes_cdp import champ, choisir

SAPA, SMD, DI_TSA_DP = (
    f"Direction des programmes {nom}"
    for nom in (
        "Soutien à l’autonomie des personnes âgées",
        "Santé mentale et dépendance",
        "Déficience intellectuelle, trouble du spectre de l’autisme et déficience physique",
    )
)
# Qui siège, et pour qui : le substitut ne vient que si le titulaire ne peut pas.
REPRESENTANTS = ((SMD, "autre_gestionnaire"), (DI_TSA_DP, "parrain"), (SAPA, "delegue"))
SUBSTITUT = (SAPA, "gestionnaire_mentor")
# Les libellés de la demande, dans l’ordre de la page, et ce que l’exemple y met.
ECRITS = (
    ("Question au comité", "question"),
    ("Situation clinique dépersonnalisée", "contexte"),
    ("Précision sur l’impasse", "precision_impasse"),
    ("Démarches déjà faites", "recherches"),
    ("Attentes", "attentes"),
    ("Programmes et partenaires en cause", "partenaires"),
    ("Précision sur ce qui lui a été dit", "precision_information"),
)
_GARDE = """async () => [
  ...Object.entries(localStorage), ...Object.entries(sessionStorage),
  ...(await indexedDB.databases()).map((base) => base.name), ...await caches.keys(), window.name,
  JSON.stringify(history.state) ?? "",
].flat().filter((texte) => texte && texte !== "null")"""


class EcransSansTrace(Ecrans):
    """Des écrans qu’on ne ferme qu’après avoir vu que leur navigateur n’a rien gardé (D-05)."""

    def au(self, jour, heure="10:00"):
        self.exiger_sans_trace()
        super().au(jour, heure)

    def exiger_sans_trace(self):
        for page in self.pages.values():
            # htmx note l’adresse en s’exécutant, page.js l’efface aussitôt après : la page est alors chargée.
            page.wait_for_load_state("load")
        gardes = {nom: garde for nom, page in self.pages.items() if (garde := page.evaluate(_GARDE))}
        assert gardes == {}, f"le navigateur a gardé {gardes}"


def sept_situations_plus_tot(d):
    """Six codes ont servi cette année, et les services en déficience ont leur direction, leur chef et leur équipe."""
    for _ in range(6):
        numero_suivant("CC", jour_local().year)
    direction = Direction.objects.create(nom=DI_TSA_DP, sorte=SorteDirection.CLINIQUE, directeur=d.parrain)
    d.parrain.service = Service.objects.create(nom="Adaptation – Rocher-Percé", direction=direction)
    d.parrain.save(update_fields=["service"])


# — Le comité


def nommer(page, direction, personne, *, substitut=False):
    page.goto("/concertation/comite/nommer/")
    page.get_by_label("Direction").select_option(label=direction)
    champ(page, "Personne").fill(personne.matricule)
    if substitut:
        page.get_by_label("Substitut, en son absence").check()
    page.get_by_label("J’atteste que cette personne a un pouvoir décisionnel").check()
    appuyer(page, "Nommer")
    annonce(page, "La nomination est proposée")


def planifier(page, *, premier, nombre):
    page.goto("/concertation/comite/")
    dossier(page).get_by_role("link", name="Établir le calendrier").click()
    champ(page, "Date").fill(premier)
    page.get_by_label("Ou combien de rencontres").fill(str(nombre))
    page.get_by_label("Lien Teams").fill("https://teams.exemple/comite")
    appuyer(page, "Voir les dates")
    expect(page.locator(".apercu-dates li")).to_have_count(nombre)


# — La demande


def ecrire(page, *, informee_le, discutee_le):
    """Ouvre la situation de l’accueil et remplit la demande ; rend la situation."""
    page.goto("/concertation/")
    appuyer(page, "Présenter une situation")
    titre_est(page, "Présenter une situation au comité")
    page.get_by_label("J’atteste que la personne a 18").check()
    for libelle, texte in ECRITS:
        champ(page, libelle).fill(RECIT[texte])
    page.get_by_label("clinique et d’organisation de services").check()
    for direction in (SMD, DI_TSA_DP, SAPA):
        page.get_by_role("group", name="Directions concernées").get_by_label(direction).check()
    champ(page, "La personne a été informée le").fill(informee_le)
    page.get_by_role("radio", name="verbalement").check()
    champ(page, "Discutée avec mon gestionnaire le").fill(discutee_le)
    return SituationComplexe.objects.get()


def declarer(page, lien):
    """Répond à la question posée à chacun avant de lire."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("Avant de lire la situation")
    expect(dossier(page)).not_to_contain_text("itinérance")
    page.get_by_label(re.compile("^Oui, ou je crois" if lien else "^Non, je n’ai aucun lien")).check()
    appuyer(page, "Déclarer")


# — Le plan et son suivi


def ajouter_orientation(page, texte, direction, responsable, echeance):
    champ(page, "Orientation").fill(texte)
    choisir(page, "Direction", direction)
    champ(page, "Responsable").fill(responsable.matricule)
    champ(page, "Échéance").fill(echeance)
    appuyer(page, "Ajouter cette orientation")
    annonce(page, "L’orientation est ajoutée")


def lien_du_courriel(personne, gabarit):
    """Rend l’adresse du dernier courriel de ce gabarit à cette personne."""
    return Courriel.objects.filter(a=personne, gabarit=f"concertation/{gabarit}").latest("pk").url


def qui_a_lu(page):
    """Rend [(qui, pourquoi)] de la page « Qui a lu », de la première lecture à la dernière."""
    titre_est(page, re.compile("^Qui a lu"))
    lignes = dossier(page).locator("tbody tr").all()
    cellules = [ligne.get_by_role("cell").all_inner_texts() for ligne in reversed(lignes)]
    return [(qui, pourquoi) for _, qui, _, _, pourquoi in cellules]
