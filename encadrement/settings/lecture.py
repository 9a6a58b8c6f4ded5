"""Lire les réglages, donnés eux-mêmes ou par fichier ; ce qui manque ou se contredit arrête le démarrage, en clair.

encadrement.E001 : il manque un réglage ; E002 : sa valeur ne va pas ; E003 : son fichier ne se lit pas ; E004 : il est donné
deux fois ; E005 : deux réglages se contredisent.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.http import is_same_domain

from .formes import ValeurRefusee
from .registre import REGLAGES
from encadrement.socle.demarrage import refuser


@dataclass(frozen=True)
class Faute:
    """Ce qui empêche de démarrer, et la ligne à écrire."""

    id: str
    quoi: str
    ligne: str
    precision: str = ""


def lire(nom, sinon=None):
    """Rend la valeur du réglage ; absent, rend `sinon`, ou son défaut au registre. Fautif, il arrête le démarrage."""
    reglage = REGLAGES[nom]
    try:
        valeur = _valeur(reglage, os.environ)
    except _Refus as refus:
        arreter([refus.faute])
    if valeur is not None:
        return valeur
    if sinon is not None:
        return sinon
    return reglage.forme.lire(reglage.defaut) if reglage.defaut else reglage.forme.vide


def exiger():
    """Arrête le démarrage si un réglage de production manque, ne va pas ou en contredit un autre ; les dit tous."""
    if trouvees := fautes(os.environ):
        arreter(trouvees)


def fautes(environnement):
    """Rend tout ce que ces réglages ont de fautif pour la production."""
    trouvees, valeurs = [], {}
    for reglage in REGLAGES.values():
        try:
            valeurs[reglage.nom] = _valeur(reglage, environnement)
        except _Refus as refus:
            trouvees.append(refus.faute)
            continue
        if reglage.obligatoire and valeurs[reglage.nom] is None:
            trouvees.append(_manque(reglage))
    return trouvees + list(_contradictions(valeurs))


def arreter(trouvees):
    """Dit ce qui ne va pas et quitte ; aucune valeur secrète ne s’écrit."""
    refuser([(faute.id, faute.quoi, f"écrire : {faute.ligne}", faute.precision) for faute in trouvees])


class _Refus(Exception):
    def __init__(self, faute):
        super().__init__(faute.quoi)
        self.faute = faute


def _valeur(reglage, environnement):
    """Rend la valeur lue, ou None si rien n’est donné ; lève _Refus."""
    texte = _texte(reglage, environnement)
    if not texte:
        return None
    try:
        return reglage.forme.lire(texte)
    except ValeurRefusee as refus:
        montre = reglage.nom if reglage.secret else f"{reglage.nom}={texte}"
        raise _Refus(
            Faute("encadrement.E002", f"{montre} ne va pas ; attendu : {refus}.", reglage.ligne, _naissance(reglage))
        ) from refus


def _texte(reglage, environnement):
    direct = environnement.get(reglage.nom, "").strip()
    fichier = environnement.get(reglage.par_fichier, "").strip()
    if not fichier:
        return direct
    if direct:
        quoi = f"{reglage.nom} et {reglage.par_fichier} sont donnés tous les deux ; gardez-en un."
        raise _Refus(Faute("encadrement.E004", quoi, f"{reglage.par_fichier}={fichier}"))
    try:
        return Path(fichier).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as erreur:
        raison = erreur.strerror if isinstance(erreur, OSError) else "ce n’est pas du texte"
        quoi = f"{reglage.par_fichier}={fichier} ne se lit pas ({raison})."
        raise _Refus(
            Faute("encadrement.E003", quoi, reglage.ligne, "Le compte de l’application doit pouvoir lire ce fichier.")
        ) from erreur


def _manque(reglage):
    return Faute("encadrement.E001", f"{reglage.nom} manque. {reglage.sens}", reglage.ligne, _naissance(reglage))


def _naissance(reglage):
    return f"pour en faire un : {reglage.naissance}" if reglage.naissance else ""


def _contradictions(valeurs):
    """Rend les paires de réglages qui, bons chacun, ne vont pas ensemble."""
    adresse, hotes = valeurs.get("ADRESSE_PUBLIQUE"), valeurs.get("ALLOWED_HOSTS")
    if adresse and hotes and not any(is_same_domain(urlsplit(adresse).hostname, hote) for hote in hotes):
        hote = urlsplit(adresse).hostname
        yield _contredit(
            f"L’hôte d’ADRESSE_PUBLIQUE ({hote}) n’est pas dans ALLOWED_HOSTS.",
            f"ALLOWED_HOSTS={','.join((*hotes, hote))}",
        )
    hote_de_la_base = valeurs.get("DATABASE_HOST")
    if hote_de_la_base and not hote_de_la_base.startswith("/") and not valeurs.get("PGPASSWORD", "déjà dit"):
        yield _contredit(
            "PGPASSWORD manque : seule la prise locale de PostgreSQL s’en passe.", REGLAGES["PGPASSWORD"].ligne
        )
    for donne, complement in (
        ("EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD"),
        ("EMAIL_HOST_PASSWORD", "EMAIL_HOST_USER"),
        ("OIDC_ISSUER", "OIDC_CLIENT_ID"),
        ("OIDC_ISSUER", "OIDC_CLIENT_SECRET"),
    ):
        if valeurs.get(donne) and not valeurs.get(complement, "déjà dit"):
            yield _contredit(f"{donne} est donné, mais {complement} manque.", REGLAGES[complement].ligne)
    if (valeurs.get("OIDC_ISSUER") or "https").startswith("http:"):
        yield _contredit("OIDC_ISSUER doit être en https:// en production.", REGLAGES["OIDC_ISSUER"].ligne)


def _contredit(quoi, ligne):
    return Faute("encadrement.E005", quoi, ligne)
