"""Le rapport d’une importation, tel qu’on le lit à l’écran et tel qu’on le garde."""

import hashlib
import json

from encadrement.importations.comparaison import CHAMPS

SORTES = (
    ("rejets", "Lignes refusées", "rejet"),
    ("valeurs", "Valeurs écartées, laissées comme avant", "valeur"),
    ("avis", "À savoir", "avis"),
)


def rapport_de(ecart):
    """Rend {sections, inchangees, lues, …} de l’écart : arrivées, départs, changements, lignes refusées avec la raison."""
    sections = [
        _section("arrivees", "Arrivées", [[_nouvelle(fiche), []] for fiche in ecart.nouvelles]),
        _section("departs", "Départs, gardés inactifs", [*map(_fiche, ecart.parties), *_absentes(ecart, True)]),
        _section("superieurs", "Changements de gestionnaire", _qui_changent(ecart, "superieur")),
        _section("services", "Changements de service", _qui_changent(ecart, "service")),
        _section("autres", "Autres changements", _autres(ecart)),
        _section("directions", "Directions", [[str(releve), []] for releve in ecart.directeurs]),
        _section("absentes", "Absentes du fichier, laissées telles quelles", _absentes(ecart, False)),
    ]
    for code, titre, sorte in SORTES:
        lignes = [[str(signalement), []] for signalement in ecart.signalements if signalement.sorte == sorte]
        sections.append(_section(code, titre, lignes))
    return {
        "sections": [section for section in sections if section["lignes"]],
        "lues": len(ecart.lecture.lignes),
        "inchangees": ecart.inchangees,
        "encodage": ecart.lecture.encodage,
        "vide": ecart.est_vide,
    }


def empreinte_de(rapport):
    """Rend l’empreinte de ce qui est montré : on n’applique que ce que la personne a lu."""
    return hashlib.sha256(json.dumps(rapport, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _section(code, titre, lignes):
    return {"code": code, "titre": titre, "lignes": lignes}


def _nouvelle(fiche):
    return str(fiche) if fiche.champs.get("is_active") else f"{fiche} (inactive)"


def _fiche(fiche):
    return [str(fiche), [str(changement) for changement in fiche.changements]]


def _absentes(ecart, fermees):
    if ecart.complete is not fermees:
        return []
    details = ["absente du fichier"] if fermees else []
    return [[f"{personne.matricule} {personne.nom_complet}", details] for personne in ecart.absentes]


def _qui_changent(ecart, champ):
    return [
        [str(fiche), [str(changement) for changement in fiche.changements if changement.champ == champ]]
        for fiche in ecart.changees
        if champ in fiche.champs
    ]


def _autres(ecart):
    restants = set(CHAMPS) - {"superieur", "service"}
    return [
        [str(fiche), [str(changement) for changement in fiche.changements if changement.champ in restants]]
        for fiche in ecart.changees
        if restants & set(fiche.champs)
    ]
