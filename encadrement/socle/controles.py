"""Au démarrage : les dossiers s’ouvrent, les statiques sont là, le chiffrement a ses clés, le coffre est à l’écart."""

import os
from pathlib import Path

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.core.files.storage import default_storage
from django.utils.module_loading import import_string

from encadrement.socle import coffre


@register(Tags.security)
def donnees_accessibles(**_):
    """encadrement.E006 : le dossier des données n’existe pas, ou le compte de l’application n’y écrit pas."""
    if Path(settings.VAR).is_dir() and os.access(settings.VAR, os.R_OK | os.W_OK | os.X_OK):
        return []
    return [
        Error(
            f"Le dossier des données ({settings.VAR}) n’est pas accessible : aucun fichier ne pourrait se déposer.",
            hint="Corrigez ENCADREMENT_VAR, ou créez ce dossier (mode 700) au nom du compte de l’application.",
            id="encadrement.E006",
        )
    ]


@register(Tags.security)
def statiques_rassembles(**_):
    """encadrement.E007 : les fichiers statiques ne sont pas rassemblés ; toutes les pages échoueraient."""
    if settings.MODE_ESSAI or (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file():
        return []
    return [
        Error(
            f"Les fichiers statiques ne sont pas dans {settings.STATIC_ROOT} : aucune page ne pourrait s’afficher.",
            hint="Corrigez ENCADREMENT_STATIC, ou lancez : python manage.py collectstatic --noinput",
            id="encadrement.E007",
        )
    ]


@register(Tags.security)
def antivirus_connu(**_):
    """encadrement.E008 : ANTIVIRUS ne nomme aucune fonction ; chaque dépôt de fichier échouerait."""
    try:
        if not settings.ANTIVIRUS or callable(import_string(settings.ANTIVIRUS)):
            return []
    except ImportError:
        pass
    return [
        Error(
            f"ANTIVIRUS={settings.ANTIVIRUS} ne nomme aucune fonction de l’application.",
            hint="Écrivez ANTIVIRUS=encadrement.fichiers.clamd.examiner, ou retirez la ligne : aucun antivirus.",
            id="encadrement.E008",
        )
    ]


@register(Tags.security)
def cles_presentes(**_):
    """encadrement.E040 : aucune clé de champ, ou une clé illisible."""
    if not settings.CLES_CHAMPS:
        return [
            Error(
                "Aucune clé de chiffrement : rien de confidentiel ne peut s’écrire ni se lire.",
                hint="Donnez CLES_CHAMPS, la clé la plus récente d’abord.",
                id="encadrement.E040",
            )
        ]
    fautives = [rang for rang, cle in enumerate(settings.CLES_CHAMPS, start=1) if not _est_une_cle(cle)]
    return [
        # La clé elle-même ne s’écrit nulle part, pas même fautive.
        Error(
            f"La clé de chiffrement no {rang} n’en est pas une.",
            hint="Une clé Fernet : 32 octets en base64, 44 signes.",
            id="encadrement.E040",
        )
        for rang in fautives
    ]


def _est_une_cle(cle):
    try:
        Fernet(cle)
    except ValueError:
        return False
    return True


@register(Tags.security)
def coffre_a_l_ecart(**_):
    """encadrement.E041 : coffre dans ce qui se sert ou se dépose ; E042 : inaccessible ; W043 : ouvert à d’autres comptes."""
    ici = coffre.dossier().resolve()
    dedans = [nom for nom, chemin in _servis().items() if chemin in (ici, *ici.parents)]
    if dedans:
        return [
            Error(
                f"Le coffre ({ici}) est dans {', '.join(dedans)}.",
                hint="Donnez à COFFRE un dossier à part, sauvegardé séparément de la base.",
                id="encadrement.E041",
            )
        ]
    existant = next(chemin for chemin in (ici, *ici.parents) if chemin.exists())
    if not existant.is_dir() or not os.access(existant, os.R_OK | os.W_OK | os.X_OK):
        return [
            Error(
                f"Le coffre ({ici}) n’est pas accessible : aucune situation ne peut s’ouvrir.",
                hint="Le compte de l’application doit pouvoir y lire et y écrire.",
                id="encadrement.E042",
            )
        ]
    if ici.exists() and ici.stat().st_mode & 0o077:
        return [
            Warning(
                f"D’autres comptes que celui de l’application peuvent ouvrir le coffre ({ici}).",
                hint="chmod 700 sur ce dossier.",
                id="encadrement.W043",
            )
        ]
    return []


def _servis():
    """Rend ce qui se sert ou se dépose : {ce que c’est: chemin}."""
    chemins = {
        "les fichiers statiques": settings.STATIC_ROOT,
        "MEDIA_ROOT": settings.MEDIA_ROOT,
        "les fichiers déposés": getattr(default_storage, "location", ""),
    }
    return {nom: Path(chemin).resolve() for nom, chemin in chemins.items() if chemin}


@register(Tags.security, deploy=True)
def serie_de_conservation(**_):
    """encadrement.W044 : la série du calendrier de conservation n’est pas donnée (O-15)."""
    if settings.MODE_ESSAI or settings.CONSERVATION_SITUATIONS_SERIE:
        return []
    return [
        Warning(
            "La série du calendrier de conservation des situations complexes n’est pas donnée.",
            hint="Donnez CONSERVATION_SITUATIONS_SERIE : elle paraît au certificat de destruction.",
            id="encadrement.W044",
        )
    ]
