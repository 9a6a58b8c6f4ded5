"""Chercher au bottin en tapant : les accents, une faute ou un mot à moitié écrit n’empêchent pas de trouver (R-172)."""

from consultation.models.sujet import SujetConsultation
from encadrement.personnes.models import sans_accents
from encadrement.socle.rapprochement import EXACT, RIEN, rapprocher

MOTS_MAXIMUM = 8


def chercher_fiches(fiches, texte):
    """Rend la liste des fiches où chaque mot du texte se lit, ou presque ; celles qui le disent tel quel d’abord.

    `fiches` est lu une fois : y joindre d’avance le poste (`select_related`) et les sujets (`prefetch_related`). Chaque
    fiche rendue porte `approchante`, vrai si elle n’a été trouvée que par ressemblance.
    """
    fiches = list(fiches)
    mots = sans_accents(texte or "").split()[:MOTS_MAXIMUM]
    anciens = _anciens_libelles() if mots else {}
    trouvees = []
    for fiche in fiches:
        dits = _mots_de(fiche, anciens) if mots else set()
        justesses = [rapprocher(mot, dits) for mot in mots]
        if RIEN not in justesses:
            fiche.approchante = any(justesse != EXACT for justesse in justesses)
            trouvees.append(fiche)
    # Le tri est stable : l’ordre reçu tient parmi les justes, puis parmi les approchantes.
    return sorted(trouvees, key=lambda fiche: fiche.approchante)


def _mots_de(fiche, anciens):
    personne = fiche.personne
    sujets = fiche.sujets.all()
    parties = [
        fiche.cle_recherche,
        personne.cle_recherche,
        *(sujet.cle for sujet in sujets),
        *(cle for sujet in sujets for cle in anciens.get(sujet.pk, ())),
    ]
    if personne.titre_emploi:
        parties.append(sans_accents(f"{personne.titre_emploi.libelle} {personne.titre_emploi.discipline}"))
    return set(" ".join(parties).split())


def _anciens_libelles():
    """Rend {sujet: clés des sujets qu’on y a fusionnés} : l’ancien mot trouve encore."""
    anciens = {}
    for cle, vers in SujetConsultation.objects.filter(fusionne_dans__isnull=False).values_list("cle", "fusionne_dans"):
        anciens.setdefault(vers, []).append(cle)
    return anciens
