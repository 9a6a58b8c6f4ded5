"""Les gabarits : tous servent, aucun ne contourne la CSP, ceux des documents signés ne changent plus."""

import hashlib
import re

from tests.sources import RACINE, gabarits, textes

# Gabarits que les bibliothèques trouvent par leur nom.
SURCHARGES = ("account/", "allauth/", "mfa/", "socialaccount/", "django/", "bootstrap5/", "usersessions/")
APPELES_PAR_DJANGO = {"403.html", "404.html", "500.html", "400.html"}
# Les noms que le code compose.
# Le plan et le rapport annuels partagent leurs pages, leurs courriels et leur PDF.
_ANNUELS = ("", "_modifier", "_v1", "_a_approuver", "_approuve", "_copie", "_renvoye", "_rouvert")
COMPOSES = {
    "courriels/notifications/attente_superieur",
    *(f"cdp/{document}{suite}" for document in ("plan", "rapport") for suite in _ANNUELS),
    "cdp/rappel_plan",
    "cdp/rappel_rapport",
}
# Ni la CSP d’une page ni ses feuilles ne s’appliquent à un PDF ou à un courriel.
HORS_PAGE = ("pdf/", "courriels/")
# Chaque |safe a sa raison.
SAFE_PERMIS = {
    "bootstrap5/layout/help_text_and_errors.html": "texte d’aide écrit dans le code, jamais par une personne",
    "django/forms/field.html": "texte d’aide écrit dans le code, jamais par une personne",
}


def _cites():
    appel = re.compile(r"""\{%-?\s*(?:include|extends)\s+["']([^"'#]+)""")
    return {nom for texte in gabarits().values() for nom in appel.findall(texte)} | textes()


def _cle(nom):
    """Rend ce que le code cite : le nom entier, ou la base sans extension d’un courriel ou d’un PDF."""
    base = re.sub(r"\.(objet|corps)\.(txt|html)$", "", nom)
    court = base.removeprefix("courriels/").removeprefix("pdf/")
    # Dans une mesure, le nom de la mesure est ajouté par la fonction qui annonce.
    seul = {court.partition("/")[2]} if nom.startswith("courriels/") else set()
    # f"dossier/{page}" cite le dossier d’un côté et la page de l’autre.
    dossier, _, page = nom.rpartition("/")
    seul |= {page} if f"{dossier}/" in textes() else set()
    # f"dossier/situation_{code}.html" cite le début d’un côté et le code du verbe de l’autre.
    base_de_page = page.removesuffix(".html")
    coupes = [rang + 1 for rang, signe in enumerate(base_de_page) if signe == "_"]
    seul |= {base_de_page[rang:] for rang in coupes if f"{dossier}/{base_de_page[:rang]}" in textes()}
    return {nom, base, court, re.sub(r"\.html$", "", nom), re.sub(r"\.html$", "", court)} | seul


def _publies():
    """Rend {chemin: empreinte} des gabarits que des signatures ont employés."""
    lignes = (RACINE / "tests" / "gabarits_publies.sha256").read_text().splitlines()
    return dict(reversed(ligne.split(maxsplit=1)) for ligne in lignes if ligne and not ligne.startswith("#"))


def test_chaque_gabarit_sert():
    # Remplacé par une version de plus, un gabarit publié sert encore à ce qu’il a produit.
    cites = _cites() | COMPOSES | {chemin.removeprefix("templates/") for chemin in _publies()}
    inutiles = [
        nom
        for nom in gabarits()
        if not nom.startswith((*SURCHARGES, "ressources/")) and nom not in APPELES_PAR_DJANGO and not _cle(nom) & cites
    ]
    assert not inutiles, inutiles


def test_aucun_style_ni_script_en_ligne():
    motifs = re.compile(
        r"<style\b|<[a-z][^>]*\sstyle\s*=|<[a-z][^>]*\son[a-z]+\s*=|<script(?![^>]*\s(?:src|type=.application/json))",
        re.IGNORECASE,
    )
    fautifs = {
        nom: motifs.search(texte)[0]
        for nom, texte in gabarits().items()
        if not nom.startswith(HORS_PAGE) and motifs.search(texte)
    }
    assert fautifs == {}


def test_chaque_safe_a_sa_raison():
    motif = re.compile(r"\|\s*safe\b|\bautoescape\s+off\b")
    trouves = {nom for nom, texte in gabarits().items() if not nom.endswith(".txt") and motif.search(texte)}
    assert trouves <= set(SAFE_PERMIS)


def test_aucune_adresse_exterieure_chargee():
    """Rien ne se charge d’ailleurs : ni police, ni script, ni image."""
    motif = re.compile(r"""(?:src|href)\s*=\s*["'](?:https?:)?//""")
    fautifs = [
        nom
        for nom, texte in gabarits().items()
        if any(not re.match(r"<a\b", balise) for balise in re.findall(r"<[a-z][^>]*>", texte) if motif.search(balise))
    ]
    assert fautifs == []


def test_un_gabarit_publie_ne_change_plus():
    """Des signatures en dépendent : une correction se fait dans une version de plus."""
    changes = [
        chemin
        for chemin, empreinte in _publies().items()
        if hashlib.sha256((RACINE / chemin).read_bytes()).hexdigest() != empreinte
    ]
    assert changes == []
