"""Lire une extraction RH (CSV) : ce qui se comprend, et une phrase pour chaque chose qui ne se comprend pas."""

import csv
import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

from encadrement.importations import valeurs
from encadrement.personnes.models import MATRICULE_SYSTEME, sans_accents
from encadrement.personnes.ordres import sigle
from encadrement.socle.champs import nettoyer
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local

COLONNES = (
    "MATRICULE",
    "NOM",
    "PRENOM",
    "COURRIEL",
    "CODE_TITRE",
    "TITRE_EMPLOI",
    "DIRECTION",
    "SERVICE",
    "INSTALLATION",
    "RLS",
    "MATRICULE_SUPERIEUR",
    "DATE_EMBAUCHE",
    "DATE_ENTREE_SERVICE",
    "STATUT",
    "MEMBRE_CM",
    "ORDRE",
    "NO_PERMIS",
)
_MATRICULE = re.compile(r"^[0-9A-Za-z][0-9A-Za-z-]{0,19}$")
_LONGUEURS = {
    "NOM": 80,
    "PRENOM": 80,
    "COURRIEL": 254,
    "CODE_TITRE": 10,
    "TITRE_EMPLOI": 160,
    "DIRECTION": 160,
    "SERVICE": 160,
    "INSTALLATION": 160,
    "ORDRE": 120,
    "NO_PERMIS": 30,
}


class FichierIllisible(ErreurMetier):
    """Le fichier entier ne se lit pas : rien n’en est tiré."""


@dataclass(frozen=True)
class Signalement:
    """Une ligne rejetée, une valeur écartée ou un simple avis, avec l’endroit et la raison."""

    ligne: int
    colonne: str
    raison: str
    sorte: str = "valeur"

    def __str__(self):
        endroit = f"Ligne {self.ligne}" if self.ligne else "Base"
        colonne = f", colonne {self.colonne}" if self.colonne else ""
        return f"{endroit}{colonne}\xa0: {self.raison}"


@dataclass(frozen=True)
class Ligne:
    """Une personne lue du fichier ; `lues` ne contient que les champs compris, les autres restent comme avant."""

    numero: int
    matricule: str
    lues: dict = field(hash=False)

    def __getitem__(self, champ):
        return self.lues[champ]


@dataclass(frozen=True)
class Lecture:
    """Le fichier compris : ses lignes, ce qui a été signalé, tous les matricules qu’il nomme."""

    nom: str
    empreinte: str
    encodage: str
    lignes: tuple
    signalements: tuple
    matricules: frozenset
    rejetes: frozenset


def lire(fichier, *, jour=None):
    """Lit un chemin ou un fichier binaire ouvert et rend sa Lecture ; lève FichierIllisible si rien ne s’y lit.

    `jour` (aujourd’hui par défaut) décide si un départ annoncé est passé.
    """
    octets = fichier.read() if hasattr(fichier, "read") else Path(fichier).read_bytes()
    nom = Path(str(getattr(fichier, "name", fichier))).name
    texte, encodage = _decoder(octets)
    rangees = texte.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lecteur = _Lecteur(_colonnes(rangees[0]), jour or jour_local())
    for numero, rangee in enumerate(rangees[1:], start=2):
        lecteur.lire_rangee(numero, rangee)
    lignes = lecteur.sans_doublons()
    return Lecture(
        nom=nom,
        empreinte=hashlib.sha256(octets).hexdigest(),
        encodage=encodage,
        lignes=tuple(lignes),
        signalements=tuple(sorted(lecteur.signalements, key=lambda s: s.ligne)),
        matricules=frozenset(lecteur.matricules),
        rejetes=frozenset(lecteur.matricules) - {ligne.matricule for ligne in lignes},
    )


def _decoder(octets):
    if octets[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in octets:
        raise FichierIllisible(
            "Ce fichier est en UTF-16 ou n’est pas du texte. Enregistrez-le en CSV UTF-8, à points-virgules."
        )
    try:
        return octets.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        return octets.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError as erreur:
        ligne = octets[: erreur.start].count(b"\n") + 1
        raise FichierIllisible(
            f"Ce fichier n’est ni en UTF-8 ni en Windows-1252 : un caractère de la ligne {ligne} ne s’y lit pas."
        ) from erreur


def _colonnes(entete):
    noms = [sans_accents(nom).replace(" ", "_").upper() for nom in entete.split(";")]
    if "MATRICULE" not in noms:
        raise FichierIllisible(
            "La première ligne doit nommer les colonnes, séparées par des points-virgules, à commencer par MATRICULE."
        )
    if manquantes := [nom for nom in COLONNES if nom not in noms]:
        raise FichierIllisible(f"Il manque au fichier : {', '.join(manquantes)}. Rien n’a été lu.")
    if doubles := sorted({nom for nom in noms if nom and noms.count(nom) > 1}):
        raise FichierIllisible(f"Le fichier nomme deux fois la même colonne : {', '.join(doubles)}. Rien n’a été lu.")
    return noms


class _Lecteur:
    def __init__(self, colonnes, jour):
        self.colonnes, self.jour = colonnes, jour
        self.lignes, self.signalements, self.matricules = [], [], set()

    def signaler(self, numero, colonne, raison, sorte="valeur"):
        self.signalements.append(Signalement(numero, colonne, raison, sorte))

    def lire_rangee(self, numero, rangee):
        # Ligne par ligne : un guillemet jamais refermé ne doit pas avaler le reste du fichier.
        brutes = next(csv.reader([rangee], delimiter=";"), []) if rangee else []
        cellules = [" ".join(nettoyer(cellule).split()) for cellule in brutes]
        if not any(cellules):
            if cellules:
                self.signaler(numero, "", "ligne vide, ignorée.", "avis")
            return
        trop = cellules[len(self.colonnes) :]
        if len(cellules) < len(self.colonnes) or any(trop):
            self._noter_matricule(cellules[self.colonnes.index("MATRICULE") :][:1])
            self.signaler(
                numero,
                "",
                f"{len(cellules)} valeurs pour {len(self.colonnes)} colonnes (une colonne manque ou déborde); "
                "ligne rejetée.",
                "rejet",
            )
            return
        self._lire_cellules(numero, dict(zip(self.colonnes, cellules, strict=False)))

    def _noter_matricule(self, valeurs_lues):
        self.matricules.update(valeur for valeur in valeurs_lues if _MATRICULE.match(valeur))

    def _lire_cellules(self, numero, cellules):
        self._noter_matricule([cellules["MATRICULE"]])
        if refus := _refus(cellules):
            self.signaler(numero, refus[0], f"{refus[1]}; ligne rejetée.", "rejet")
            return
        lues = {
            "nom": cellules["NOM"],
            "prenom": cellules["PRENOM"],
            "ordre": sigle(cellules["ORDRE"]),
            "no_permis": cellules["NO_PERMIS"],
            "superieur": cellules["MATRICULE_SUPERIEUR"],
        }
        self._tenter(numero, cellules, lues, "COURRIEL", "courriel", valeurs.lire_courriel)
        self._tenter(numero, cellules, lues, "DATE_EMBAUCHE", "date_embauche", valeurs.lire_jour)
        self._tenter(numero, cellules, lues, "DATE_ENTREE_SERVICE", "date_entree_service", valeurs.lire_jour)
        self._tenter(numero, cellules, lues, "MEMBRE_CM", "membre_cm", valeurs.lire_oui_non)
        self._lire_statut(numero, cellules["STATUT"], lues)
        self._lire_poste(numero, cellules, lues)
        for champ in ("courriel", "date_embauche", "date_entree_service"):
            if lues.get(champ, "…") in ("", None):
                # Vide ici veut dire absent de l’extraction : ce qu’on savait déjà reste.
                del lues[champ]
                if champ == "courriel":
                    self.signaler(numero, "COURRIEL", "courriel vide; cette personne ne recevra aucun avis.", "avis")
        self.lignes.append(Ligne(numero, cellules["MATRICULE"], lues))

    def _tenter(self, numero, cellules, lues, colonne, champ, lire_valeur):
        try:
            lues[champ] = lire_valeur(cellules[colonne])
        except valeurs.ValeurIllisible as erreur:
            self.signaler(numero, colonne, f"{erreur}; la valeur est laissée comme avant.")

    def _lire_statut(self, numero, texte, lues):
        try:
            lues["is_active"], depart = valeurs.lire_statut(texte, self.jour)
        except valeurs.ValeurIllisible as erreur:
            self.signaler(
                numero, "STATUT", f"{erreur}; l’accès est laissé comme avant (fermé pour une nouvelle personne)."
            )
            return
        if lues["is_active"] and depart:
            self.signaler(numero, "STATUT", f"départ annoncé le {depart}; l’accès reste ouvert jusque-là.", "avis")

    def _lire_poste(self, numero, cellules, lues):
        if cellules["CODE_TITRE"] and cellules["TITRE_EMPLOI"]:
            lues["titre_emploi"] = (cellules["CODE_TITRE"], cellules["TITRE_EMPLOI"])
        else:
            self.signaler(numero, "CODE_TITRE", "titre d’emploi incomplet; il est laissé comme avant.")
        if cellules["DIRECTION"] and cellules["SERVICE"]:
            lues["service"] = (cellules["DIRECTION"], cellules["SERVICE"])
        else:
            self.signaler(numero, "SERVICE", "direction ou service vide; le service est laissé comme avant.")
        if cellules["INSTALLATION"]:
            self._tenter(numero, cellules, lues, "RLS", "rls", valeurs.lire_rls)
            lues["installation"] = (cellules["INSTALLATION"], lues.pop("rls", ""))
        else:
            self.signaler(numero, "INSTALLATION", "installation vide; elle est laissée comme avant.")

    def sans_doublons(self):
        """Rend une ligne par matricule : deux lignes identiques n’en font qu’une, deux contraires sont rejetées."""
        par_matricule = {}
        for ligne in self.lignes:
            par_matricule.setdefault(ligne.matricule, []).append(ligne)
        gardees = []
        for matricule, lignes in par_matricule.items():
            numeros = [ligne.numero for ligne in lignes]
            if all(ligne.lues == lignes[0].lues for ligne in lignes):
                gardees.append(lignes[0])
                for numero in numeros[1:]:
                    self.signaler(
                        numero, "MATRICULE", f"{matricule} répète la ligne {numeros[0]}, comptée une fois.", "avis"
                    )
                continue
            for numero in numeros:
                autres = " et ".join(str(autre) for autre in numeros if autre != numero)
                self.signaler(
                    numero,
                    "MATRICULE",
                    f"{matricule} apparaît aussi à la ligne {autres} avec d’autres valeurs "
                    f"({_differences(lignes)}); lignes rejetées.",
                    "rejet",
                )
        return gardees


_EN_MOTS = {"superieur": "supérieur", "titre_emploi": "titre d’emploi", "is_active": "statut", "prenom": "prénom"}


def _differences(lignes):
    champs = dict.fromkeys(champ for ligne in lignes for champ in ligne.lues)
    touches = [c for c in champs if len({str(ligne.lues.get(c)) for ligne in lignes}) > 1]
    return ", ".join(_EN_MOTS.get(champ, champ.replace("_", " ")) for champ in touches)


def _refus(cellules):
    """Rend (colonne, raison) si l’identité de la personne n’est pas sûre, ou None."""
    matricule = cellules["MATRICULE"]
    if not _MATRICULE.match(matricule) or matricule == MATRICULE_SYSTEME:
        return "MATRICULE", f"« {matricule} » n’est pas un matricule" if matricule else "matricule vide"
    for colonne in ("NOM", "PRENOM"):
        if not any(signe.isalpha() for signe in cellules[colonne]):
            return colonne, f"{'nom' if colonne == 'NOM' else 'prénom'} vide ou illisible"
    for colonne, cellule in cellules.items():
        if colonne in COLONNES and _est_abime(cellule):
            return colonne, f"« {cellule} » a perdu ses accents dans une conversion (UTF-8 lu comme Windows-1252)"
        if len(cellule) > _LONGUEURS.get(colonne, 300):
            return colonne, f"plus de {_LONGUEURS.get(colonne, 300)} caractères"
    return None


def _est_abime(cellule):
    if "\ufffd" in cellule:
        return True
    try:
        return cellule.encode("cp1252").decode("utf-8") != cellule
    except UnicodeError:
        return False
