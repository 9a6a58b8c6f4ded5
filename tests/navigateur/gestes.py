"""Ce qu’une personne fait à l’écran : ouvrir un verbe, remplir, signer, télécharger. Chaque geste vérifie sa suite."""

from playwright.sync_api import expect

from tests.factories import MOT_DE_PASSE

# L’exemple « ergothérapie, nouveau service », tel que les gens l’ont écrit.
OBJECTIFS = (
    (
        "D’ici le 15 mars, réaliser de façon autonome l’évaluation complète d’une personne à risque de chute à "
        "domicile (OEMC + PACE), selon le guide du programme, sans correction majeure à la relecture.",
        ("Observer 2 évaluations conjointes", "En mener 2 sous supervision", "Rédiger 1 rapport relu par le mentor"),
    ),
    (
        "Connaître et appliquer les critères d’attribution des aides techniques (SIMAF, SAAQ, RAMQ, ACC) pour "
        "5 demandes d’ici la mi-temps.",
        ("Monter un aide-mémoire d’une page", "Réviser 5 demandes fictives", "Discussion de cas (1 h)"),
    ),
    (
        "Se sentir à l’aise d’aborder le consentement et l’aptitude avec la famille (auto-évaluation de 4/10 à 7/10).",
        ("Jeu de rôle", 'Lecture : "Inaptitude & protection"', "Accompagner le mentor à une rencontre familiale"),
    ),
)


def dossier(page):
    """Le corps de la page, sans l’en-tête ni les menus."""
    return page.get_by_role("main")


def titre_est(page, texte):
    expect(page.get_by_role("heading", level=1)).to_have_text(texte)


def annonce(page, texte):
    """Le message d’après un geste dit `texte`."""
    expect(page.locator(".messages")).to_contain_text(texte)


def appuyer(page, libelle):
    dossier(page).get_by_role("button", name=libelle, exact=True).click()


def suivre(page, libelle):
    dossier(page).get_by_role("link", name=libelle, exact=True).click()


def ouvrir_verbe(page, libelle):
    """Du dossier à la page du verbe, par son bouton."""
    page.locator(".gestes").get_by_role("link", name=libelle, exact=True).click()
    titre_est(page, libelle)


def poser(page, libelle, suite, *, bouton=None):
    """Ouvre le verbe depuis le dossier, l’accomplit, et lit le message qui suit."""
    ouvrir_verbe(page, libelle)
    appuyer(page, bouton or libelle)
    annonce(page, suite)


def s_engager(page, *, mot_de_passe=MOT_DE_PASSE):
    """Coche l’engagement et confirme son identité, sans envoyer."""
    signature = page.get_by_role("group", name="Signer")
    signature.get_by_role("checkbox").check()
    signature.get_by_label("Votre mot de passe").fill(mot_de_passe)


def signer(page, libelle, suite):
    """Ouvre le verbe depuis le dossier, s’engage, confirme son identité et signe."""
    ouvrir_verbe(page, libelle)
    s_engager(page)
    appuyer(page, libelle)
    annonce(page, suite)


def tache(page, geste):
    """Ouvre une tâche de « À faire » par son geste."""
    page.goto("/")
    page.locator(".taches").get_by_role("link", name=geste).first.click()


def repondre_au_plus_haut(page):
    """Coche à chaque question le dernier de ses choix ; le bouton est le dernier du formulaire : là, tout l’est."""
    expect(dossier(page).get_by_role("button", name="Envoyer ma réponse")).to_be_visible()
    for question in dossier(page).get_by_role("group").all():
        question.get_by_role("radio").last.check()


def rediger(page, objectifs=OBJECTIFS, *, frequence="aux 3 semaines", duree="1 h 15", debut, fin):
    """Écrit l’annexe 4 dans la page de rédaction, en ajoutant les lignes qui manquent par les boutons du serveur."""
    expect(dossier(page).get_by_role("button", name="Ajouter un objectif")).to_be_visible()
    for rang, (objectif, activites) in enumerate(objectifs, start=1):
        while dossier(page).get_by_role("group", name=f"Objectif {rang}", exact=True).count() == 0:
            _ajouter(page, "Ajouter un objectif", f"Objectif {rang}")
        groupe = dossier(page).get_by_role("group", name=f"Objectif {rang}", exact=True)
        while groupe.locator(".activite").count() < len(activites):
            combien = groupe.locator(".activite").count()
            groupe.get_by_role("button", name=f"Ajouter une activité à l’objectif {rang}").click()
            expect(groupe.locator(".activite")).to_have_count(combien + 1)
        groupe.get_by_label("Objectif d’apprentissage").fill(objectif)
        for ligne, texte in zip(groupe.locator(".activite textarea").all(), activites, strict=False):
            ligne.fill(texte)
    page.get_by_label("Fréquence des rencontres").fill(frequence)
    page.get_by_label("Durée des rencontres").fill(duree)
    page.get_by_label("Du", exact=True).fill(debut)
    page.get_by_label("Au", exact=True).fill(fin)


def _ajouter(page, libelle, groupe):
    appuyer(page, libelle)
    expect(dossier(page).get_by_role("group", name=groupe, exact=True)).to_have_count(1)


def evaluer(page, couleurs):
    """Choisit la couleur de chaque objectif et de ses activités : [(couleur, (couleurs des activités)), …]."""
    blocs = page.locator(".a-evaluer")
    expect(blocs).to_have_count(len(couleurs))
    for rang, (objectif, activites) in enumerate(couleurs):
        choix = blocs.nth(rang).locator(".choix-couleurs")
        expect(choix).to_have_count(1 + len(activites))
        for numero, couleur in enumerate((objectif, *activites)):
            choix.nth(numero).get_by_label(couleur, exact=True).check()


def telecharger(page, nature):
    """Télécharge, depuis le dossier, le PDF de cette nature et rend ses octets."""
    with page.expect_download() as attente:
        dossier(page).get_by_role("link", name=f"{nature} (PDF").click()
    return attente.value.path().read_bytes()


def deposer(page, octets, nom="document.pdf"):
    """Dépose un fichier à « Vérifier un document »."""
    page.goto("/verifier/")
    page.get_by_label("Fichier PDF à vérifier").set_input_files(
        {"name": nom, "mimeType": "application/pdf", "buffer": octets}
    )
    appuyer(page, "Vérifier")
