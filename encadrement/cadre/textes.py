"""Les énoncés du cadre de référence et les choix retenus là où il se tait, lus une seule fois des fichiers CSV."""

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db.models import TextChoices
from django.urls import reverse

DOSSIER = Path(__file__).parent
NUMERO = re.compile(r"R-\d{3}")


class Force(TextChoices):
    """Ce qu’un énoncé fait dans l’application : bloquer, avertir ou informer."""

    OBLIGATOIRE = "D", "obligatoire"
    SOUHAITABLE = "S", "souhaitable"
    INFORMATION = "I", "information"


FORCES_EXPLIQUEES = {
    Force.OBLIGATOIRE: "L’application refuse ce qui y contrevient et explique pourquoi.",
    Force.SOUHAITABLE: "L’application avertit et demande une raison, sans jamais bloquer.",
    Force.INFORMATION: "L’application l’affiche comme aide; rien n’est bloqué.",
}

DOCUMENTS = {
    "000": "Cadre de référence sur les mesures d’encadrement clinique",
    "001": "Fiche synthèse «\u00a0Mentorat\u00a0»",
    "002": "Fiche synthèse «\u00a0Communauté de pratique\u00a0»",
    "003": "Programme de mentorat du CCLS, chapitre du Québec",
    "004": "Guide de soutien du MSSS pour la mise en place de communautés de pratique",
}


# De l’abrégé du relevé à la lecture à l’écran, dans cet ordre.
ENDROITS = (
    (r"^\((.+)\)$", r"\1"),
    (r"^§5 CdP ", "§5, communauté de pratique, "),
    (r"^Ann\. (\w+) (?=\w)", r"annexe \1, "),
    (r"^Ann\. ", "annexe "),
    (r"^(§[\d.]+) (?=\w)", r"\1, "),
    (r"§", "§\u00a0"),
)


def rang(numero):
    """Rend le rang entier d’un numéro d’énoncé (« R-049 » → 49) ; ValueError si l’écriture n’est pas celle du cadre."""
    if not NUMERO.fullmatch(numero):
        raise ValueError(f"numéro d’énoncé mal écrit : {numero!r}")
    return int(numero[2:])


def bornes(plage):
    """Rend les rangs extrêmes de « R-042-R-111 » ou de « R-042 », les deux compris ; ValueError si mal écrit."""
    trouvee = re.fullmatch(r"(R-\d{3})(?:-(R-\d{3}))?", plage)
    if not trouvee:
        raise ValueError(f"plage d’énoncés mal écrite : {plage!r}")
    return rang(trouvee[1]), rang(trouvee[2] or trouvee[1])


@dataclass(frozen=True, slots=True)
class Exigence:
    """Un énoncé numéroté du cadre : ce qu’il demande, sa force et la section d’où il vient."""

    numero: str
    types: tuple[str, ...]
    force: str
    source: str
    enonce: str

    def __str__(self):
        return self.numero

    def get_absolute_url(self):
        return reverse("cadre:exigence", args=[self.numero])

    @property
    def rang(self):
        return rang(self.numero)

    @property
    def force_en_mots(self):
        return Force(self.force).label

    @property
    def force_expliquee(self):
        return FORCES_EXPLIQUEES[self.force]

    @property
    def document(self):
        return DOCUMENTS[self.source[:3]]

    @property
    def endroit(self):
        """L’endroit du document, en clair : « Ann. 4 Début » devient « annexe 4, Début »."""
        endroit = self.source[4:]
        for ecriture, lecture in ENDROITS:
            endroit = re.sub(ecriture, lecture, endroit)
        return endroit

    @property
    def voir_aussi(self):
        """Les autres énoncés que celui-ci cite (« = R-044 »), dans l’ordre."""
        cites = dict.fromkeys(NUMERO.findall(self.enonce))
        return tuple(exigence(numero) for numero in cites if numero != self.numero)


@dataclass(frozen=True, slots=True)
class Question:
    """Un point que le cadre laisse ouvert, avec le choix retenu en attendant la DSM."""

    numero: str
    constat: str
    enonces: tuple[str, ...]
    choix: str

    def __str__(self):
        return self.numero


@dataclass(frozen=True, slots=True)
class Section:
    """Une suite d’énoncés qui se lisent ensemble ; `code` sert d’adresse au filtre."""

    code: str
    titre: str
    de: str
    a: str

    def __contains__(self, numero):
        return rang(self.de) <= rang(numero) <= rang(self.a)

    @property
    def exigences(self):
        return tuple(e for e in exigences() if e.numero in self)


SECTIONS = (
    Section("general", "Cadre, sections 1 à 4\u00a0: rôles généraux", "R-001", "R-041"),
    Section("mentorat", "Cadre, section 5.1\u00a0: mentorat", "R-042", "R-111"),
    Section("cdp", "Cadre, section 5\u00a0: communauté de pratique", "R-112", "R-165"),
    Section("consultation", "Cadre, section 5.2\u00a0: consultation d’intervenants experts", "R-166", "R-211"),
    Section("concertation", "Cadre, section 5.3\u00a0: comité de concertation", "R-212", "R-260"),
    Section("annexe-1", "Annexe 1\u00a0: bonnes pratiques du mentorat", "R-261", "R-281"),
    Section("annexe-2", "Annexe 2\u00a0: bonnes pratiques de la communauté de pratique", "R-282", "R-319"),
    Section("annexe-3", "Annexe 3\u00a0: communauté de pratique et comité de pairs", "R-320", "R-326"),
    Section("annexe-4", "Annexe 4\u00a0: entente de mentorat", "R-327", "R-343"),
    Section("annexe-5", "Annexe 5\u00a0: profil recherché du mentor", "R-344", "R-351"),
    Section("annexe-6", "Annexe 6\u00a0: règles d’éthique du mentorat", "R-352", "R-363"),
    Section("annexe-7", "Annexe 7\u00a0: plan d’action et rapport annuel", "R-364", "R-379"),
    Section("annexe-8", "Annexe 8\u00a0: rôles de l’animateur", "R-380", "R-392"),
    Section("annexes-9-10", "Annexes 9 et 10\u00a0: ordre du jour et compte rendu", "R-393", "R-399"),
    Section("annexes-11-14", "Annexes 11 à 14 : demandes, trajectoires et suivi", "R-400", "R-403"),
    Section("fiche-mentorat", "Fiche synthèse\u00a0: mentorat", "R-404", "R-416"),
    Section("fiche-cdp", "Fiche synthèse\u00a0: communauté de pratique", "R-417", "R-429"),
    Section("programme-ccls", "Programme de mentorat du CCLS (inspiration)", "R-430", "R-449"),
    Section("guide-msss", "Guide du MSSS (inspiration)", "R-450", "R-488"),
)


@cache
def _exigences():
    return {
        ligne["numero"]: Exigence(**ligne | {"types": tuple(ligne["types"].split())})
        for ligne in lire_csv("exigences.csv")
    }


@cache
def questions():
    """Rend les points laissés ouverts par le cadre, Q-01 à Q-24, dans l’ordre."""
    return tuple(
        Question(**ligne | {"enonces": tuple(ligne["enonces"].split())}) for ligne in lire_csv("questions.csv")
    )


def lire_csv(nom):
    """Rend les lignes d’un fichier de ce dossier (UTF-8, points-virgules), en dictionnaires."""
    with (DOSSIER / nom).open(encoding="utf-8", newline="") as fichier:
        return list(csv.DictReader(fichier, delimiter=";"))


def exigence(numero):
    """Rend l’énoncé de ce numéro (« R-049 ») ; KeyError si le cadre n’en a pas."""
    return _exigences()[numero]


def exigences():
    """Rend les 488 énoncés, dans l’ordre du relevé."""
    return tuple(_exigences().values())


def section_de(numero):
    """Rend la section où se lit cet énoncé ; KeyError si le cadre n’en a pas."""
    connue = exigence(numero)
    return next(section for section in SECTIONS if connue.numero in section)


def questions_sur(numero):
    """Rend les points laissés ouverts qui concernent cet énoncé."""
    return tuple(question for question in questions() if numero in question.enonces)


def nu(texte):
    """Rend le texte sans accents, sans majuscules et à apostrophe droite, pour comparer ce que l’on tape."""
    decompose = unicodedata.normalize("NFKD", texte.casefold().replace("’", "'"))
    return "".join(lettre for lettre in decompose if not unicodedata.combining(lettre))


def chercher(*, texte="", section="", force="", sorte=""):
    """Rend les énoncés qui répondent à tous les critères donnés ; un critère vide ne filtre rien."""
    mots = nu(texte).split()
    retenus = next((s.exigences for s in SECTIONS if s.code == section), ()) if section else exigences()
    return tuple(
        e
        for e in retenus
        if (not force or e.force == force)
        and (not sorte or sorte in e.types)
        and all(mot in nu(f"{e.numero} {e.enonce} {e.endroit}") for mot in mots)
    )


def par_section(retenus):
    """Rend les paires (section, énoncés) des énoncés donnés, sans les sections vides."""
    groupes = ((section, tuple(e for e in retenus if e.numero in section)) for section in SECTIONS)
    return tuple((section, lot) for section, lot in groupes if lot)
