"""Ce qu’une communauté de pratique fait à l’écran : l’exemple « orthophonistes en petite enfance », tel qu’il s’est écrit."""

import io
import re

from playwright.sync_api import expect
from pypdf import PdfWriter

from encadrement.notifications.models import Courriel
from tests.navigateur import pdf_scelle
from tests.navigateur.gestes import annonce, appuyer, deposer, dossier, suivre

NOM = "CdP des orthophonistes en petite enfance"
OBJECTIFS = (
    (
        "Harmoniser l’évaluation du trouble développemental du langage (TDL)",
        "M.-È. Huard, Z. Babin",
        "DI-TSA; CPE de Bonaventure",
        "Recension, 3 rencontres de travail, grille commune",
        "30 nov. 2026",
        "Grille adoptée par les 4 RLS",
    ),
    (
        "Partager un banc d’outils bilingues (fr-en-mi’gmaq)",
        "Animatrice",
        "Listuguj, Gesgapegiag",
        "Dossier partagé; invitée : intervenante de Gesgapegiag",
        "En continu",
        "≥ 12 outils déposés",
    ),
    (
        "Briser l’isolement des orthophonistes seules dans leur RLS",
        "Toutes",
        "—",
        "1 rencontre en présence (Carleton), codéveloppement",
        "Juin 2027",
        "Satisfaction ≥ 4/5",
    ),
)
COLONNES = (
    "Responsable(s)",
    "Collaborateur(s)",
    "Moyen(s) identifié(s)",
    "Échéancier(s)",
    "Indicateur(s) de résultat",
)
POINTS = (
    ("Grille TDL : retour des essais", "Zélie Babin", "", "45 min"),
    ("Données probantes : intervention parentale", "Marie-Ève Huard", "", "30 min"),
    (
        "Situation clinique dépersonnalisée : bilinguisme et bégaiement",
        "",
        "Line Metallic, Gesgapegiag",
        "40 min",
    ),
)


def _une_page():
    flux, ecrit = io.BytesIO(), PdfWriter()
    ecrit.add_blank_page(width=612, height=792)
    ecrit.write(flux)
    return flux.getvalue()


PDF = _une_page()


def champ(ou, libelle):
    """Le champ qui porte exactement ce libellé, requis ou non."""
    return ou.get_by_label(re.compile(rf"^\s*{re.escape(libelle)}(\s*\(obligatoire\))?\s*$"))


def choisir(ou, libelle, texte):
    """Choisit, dans une liste, l’option qui contient `texte`."""
    liste = champ(ou, libelle)
    option = liste.locator("option", has_text=texte).first
    liste.select_option(value=option.get_attribute("value"))


def inviter(page, communaute, nom, role):
    page.goto(f"{communaute}inviter/")
    champ(page, "Personne").fill(nom)
    page.get_by_label(role, exact=True).check()
    appuyer(page, "Envoyer l’invitation")
    expect(page).to_have_url(re.compile("/membres/$"))
    expect(dossier(page)).to_contain_text(nom)


def ecrire_objectifs(page, objectifs=OBJECTIFS):
    for rang, (objectif, *colonnes) in enumerate(objectifs, start=1):
        champ(page, f"Objectif {rang}").fill(objectif)
        for colonne, texte in zip(COLONNES, colonnes, strict=True):
            champ(page, f"{colonne}, objectif {rang}").fill(texte)


def ajouter_points(page, points=POINTS):
    for numero, (sujet, personne, externe, duree) in enumerate(points, start=1):
        champ(page, "Sujet").fill(sujet)
        if personne:
            choisir(page, "Responsable", personne)
        page.get_by_label("Ou présentateur de l’extérieur").fill(externe)
        champ(page, "Durée").fill(duree)
        appuyer(page, "Ajouter le point")
        annonce(page, "Le point est ajouté")
        expect(page.locator(".point--autre").nth(numero - 1)).to_contain_text(f"4.{numero}")


def joindre(page, numero, nom, octets):
    dossier(page).get_by_role("link", name=f"Joindre un fichier au point {numero}").click()
    page.get_by_label("Fichier à joindre").set_input_files(
        {"name": nom, "mimeType": "application/pdf", "buffer": octets}
    )
    appuyer(page, "Joindre")
    annonce(page, "Le fichier est joint")


def noter_presences(page, presents, *, de="13:30", a="16:40"):
    """Note présents ceux de `presents`, absents les autres, et l’heure réelle."""
    enregistrer = page.get_by_role("button", name="Enregistrer", exact=True).last
    expect(enregistrer).to_be_visible()
    for ligne in page.locator("fieldset.presence").all():
        nom = ligne.locator("legend").inner_text()
        etait_la = any(present in nom for present in presents)
        ligne.get_by_label("Présent" if etait_la else "Absent", exact=True).check()
    champ(page, "De").fill(de)
    champ(page, "À").fill(a)
    enregistrer.click()
    annonce(page, "Les présences sont enregistrées")


def compter(page, sorte, precision):
    groupe = page.get_by_role("group", name="Compter une contribution")
    choisir(groupe, "Sorte de contribution", sorte)
    groupe.get_by_label("Précisez").fill(precision)
    appuyer(page, "Compter cette contribution")
    expect(dossier(page)).to_contain_text(precision)


def ajouter_suivi(page, point, texte, responsable, *, echeance="", dite=""):
    groupe = page.get_by_role("group", name="Ajouter un suivi")
    groupe.get_by_label("À faire").fill(texte)
    choisir(groupe, "Point de l’ordre du jour", point)
    choisir(groupe, "Responsable", responsable)
    champ(groupe, "Échéance").fill(echeance)
    groupe.get_by_label("Ou l’échéance en toutes lettres").fill(dite)
    appuyer(page, "Ajouter ce suivi")
    expect(page.locator(".lignes").filter(has_text=texte)).to_have_count(1)


def telecharger_le_lien(page, nom):
    with page.expect_download() as attente:
        suivre(page, nom) if isinstance(nom, str) else dossier(page).get_by_role("link", name=nom).click()
    return attente.value.path().read_bytes()


def telecharger_par(page, bouton):
    """Un bouton qui rend un fichier."""
    with page.expect_download() as attente:
        appuyer(page, bouton)
    return attente.value.path().read_bytes()


def exiger_authentique(page, octets, tmp_path, *phrases):
    """Le PDF est jugé par les outils, par « Vérifier un document », et dit les phrases ; rend son texte."""
    pdf_scelle.exiger_valide(octets, tmp_path)
    lu = pdf_scelle.texte(octets)
    for phrase in phrases:
        assert phrase.casefold() in lu.casefold(), phrase
    retour = page.url
    deposer(page, octets)
    expect(page.get_by_role("status")).to_contain_text("Ce fichier est authentique")
    page.goto(retour)
    return lu


def agenda_de(personne):
    """Rend la dernière convocation écrite à cette personne : {propriété: valeur} de l’ICS."""
    courriel = Courriel.objects.exclude(calendrier="").filter(a=personne).latest("pk")
    deplie = re.sub(r"\r?\n[ \t]", "", courriel.calendrier)
    return dict(ligne.split(":", 1) for ligne in deplie.splitlines() if ":" in ligne)
