"""Repérer dans un texte ce qui pourrait identifier une personne : on avertit, on ne bloque pas (N-10)."""

import datetime
from dataclasses import dataclass

from encadrement.socle.motifs import (
    CITE,
    MOTIFS,
    MOTIFS_ET_INITIALES,
    PAS_DES_INITIALES,
    PAS_DES_NOMS,
    PAS_UNE_PERSONNE,
    SANS_FRAIS,
    Sorte,
)
from encadrement.socle.prenoms import PRENOMS


@dataclass(frozen=True)
class Trouvaille:
    """Ce qui a été repéré, de `debut` à `fin` ; `extrait_masque` le situe sans le répéter."""

    sorte: Sorte
    extrait_masque: str
    debut: int
    fin: int


def reperer(texte, *, initiales=False):
    """Rend les Trouvaille du texte, dans l’ordre où elles s’y lisent, sans chevauchement ; `initiales` les cherche aussi."""
    retenues = []
    for sorte, motif in MOTIFS_ET_INITIALES if initiales else MOTIFS:
        for trouve in motif.finditer(texte):
            debut, fin = trouve.span()
            if _EST_PLAUSIBLE[sorte](trouve) and all(fin <= t.debut or t.fin <= debut for t in retenues):
                retenues.append(Trouvaille(sorte, _masquer(trouve), debut, fin))
    return sorted(retenues, key=lambda trouvaille: trouvaille.debut)


def _masquer(trouve):
    """Rend l’annonce en clair et la valeur masquée : « née le • m•• •••• », « T••• •••• •••• »."""
    avant = trouve.string[trouve.start() : trouve.start("v")]
    valeur, precedent = "", ""
    for signe in trouve["v"]:
        garde = not signe.isalnum() or (signe.isalpha() and not precedent.isalnum())
        valeur += signe if garde else "•"
        precedent = signe
    return " ".join((avant + valeur).split())


def _avant(trouve, groupe=0):
    return trouve.string[max(0, trouve.start(groupe) - 100) : trouve.start(groupe)]


def _chiffres(texte):
    return "".join(signe for signe in texte if signe.isdigit())


def _nam_plausible(trouve):
    chiffres = _chiffres(trouve["v"])
    if trouve.start() != trouve.start("v"):
        return True
    mois = int(chiffres[2:4])
    mois = mois - 50 if mois > 50 else mois
    try:
        # Une année bissextile : le 29 février existe.
        datetime.date(2000, mois, int(chiffres[4:6]))
    except ValueError:
        return False
    return True


def _nas_plausible(trouve):
    if trouve.start() != trouve.start("v"):
        return True
    somme = 0
    for rang, chiffre in enumerate(map(int, _chiffres(trouve["v"]))):
        double = chiffre * (1 + rang % 2)
        somme += double - 9 if double > 9 else double
    return somme % 10 == 0


def _telephone_plausible(trouve):
    indicatif = _chiffres(trouve["v"])[:-7] or _avant(trouve, "v")
    return not SANS_FRAIS.search(indicatif)


def _naissance_plausible(trouve):
    return not PAS_UNE_PERSONNE.search(_avant(trouve))


def _nom_plausible(trouve):
    mots = trouve["v"].replace(",", " ").split()
    prenom = trouve.groupdict().get("prenom")
    if prenom:
        seul = prenom.split("-")[0].casefold()
        est_connu = prenom.casefold() in PRENOMS or seul in PRENOMS
        return (
            est_connu
            and not CITE.search(_avant(trouve))
            and not any(mot.casefold() in PAS_DES_NOMS for mot in mots[:2])
        )
    # Après « M. », « ROY » est un nom ; après « usager », « MPOC » n’en est pas un.
    annonce = trouve.string[trouve.start() : trouve.start("v")].strip(" .:").casefold()
    est_un_sigle = mots[0].isupper() and len(mots[0]) <= 6 and annonce not in _TITRES
    return mots[0].casefold() not in PAS_DES_NOMS and not est_un_sigle


_TITRES = frozenset(("m", "mr", "mm", "monsieur", "mme", "mmes", "mlle", "mad", "madame", "mademoiselle"))


def _initiales_plausibles(trouve):
    lettres = "".join(signe for signe in trouve["v"] if signe.isalpha())
    return lettres not in PAS_DES_INITIALES


def _toujours(_trouve):
    return True


_EST_PLAUSIBLE = {
    Sorte.NAM: _nam_plausible,
    Sorte.NAS: _nas_plausible,
    Sorte.TELEPHONE: _telephone_plausible,
    Sorte.NAISSANCE: _naissance_plausible,
    Sorte.NOM: _nom_plausible,
    Sorte.INITIALES: _initiales_plausibles,
    Sorte.COURRIEL: _toujours,
    Sorte.ADRESSE: _toujours,
    Sorte.DOSSIER: _toujours,
}
