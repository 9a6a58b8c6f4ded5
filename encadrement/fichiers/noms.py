"""Le nom d’un fichier déposé : nettoyé, sans double extension trompeuse."""

import re

from encadrement.fichiers.refus import FichierRefuse
from encadrement.fichiers.sortes import EN_TOUTES_LETTRES, EXTENSIONS
from encadrement.socle.champs import nettoyer

LONGUEUR = 150
# Windows cache la dernière extension : « rapport.exe.pdf » s’y lirait « rapport.exe ».
_TROMPEUSES = set("bat chm cmd cpl docm exe hta htm html jar lnk msi pif ps1 pptm scr svg vbs wsf xlsm".split())
_MACROS = set("docm dotm xlsm xltm xlsb xlam pptm potm ppsm ppam".split())
_ANCIENNES = {"doc": "docx", "xls": "xlsx", "ppt": "pptx"}
_INTERDITS = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


def lire_nom(nom):
    """Rend (nom nettoyé, sorte annoncée par l’extension) ; lève FichierRefuse si l’extension n’est pas permise."""
    propre = " ".join(_INTERDITS.sub(" ", nettoyer(nom.replace("\\", "/").rsplit("/", 1)[-1])).split())
    base, _, extension = propre.rpartition(".")
    extension = extension.strip().lower()
    morceaux = [morceau.strip().lower() for morceau in base.split(".")]
    if base and extension in EXTENSIONS:
        if trompeuses := _TROMPEUSES.intersection(morceaux[1:]):
            raise FichierRefuse(
                f"Le nom de ce fichier porte deux extensions (.{min(trompeuses)} et .{extension})\xa0: "
                "renommez-le avec une seule, puis déposez-le de nouveau."
            )
        base = base.strip(" .") or "fichier"
        return f"{base[: LONGUEUR - len(extension) - 1].rstrip(' .')}.{extension}", EXTENSIONS[extension]
    raise FichierRefuse(_phrase(base, extension, morceaux))


def _phrase(base, extension, morceaux):
    permis = f"Déposez plutôt un fichier {EN_TOUTES_LETTRES}."
    if not base or not extension.isalnum() or len(extension) > 10:
        return f"Le nom de ce fichier ne dit pas de quelle sorte il est. {permis}"
    if extension in _MACROS:
        return "Ce fichier peut contenir des macros\xa0: enregistrez-le sans macro (.docx, .xlsx ou .pptx)."
    if extension in _ANCIENNES:
        return f"Le format .{extension} est trop ancien\xa0: enregistrez le fichier en .{_ANCIENNES[extension]}."
    if set(morceaux[1:]) & set(EXTENSIONS):
        return f"Ce fichier se termine par .{extension}, malgré ce que le reste de son nom laisse croire. {permis}"
    return f"Les fichiers .{extension} ne sont pas acceptés. {permis}"
