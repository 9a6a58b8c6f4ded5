"""Créer les directions, services, installations et titres que le fichier nomme pour la première fois."""

from encadrement.personnes.models import (
    Direction,
    Installation,
    Service,
    SorteDirection,
    TitreEmploi,
    sans_accents,
)

# Les directions de soutien du cadre: elles n’offrent pas de services cliniques.
_SOUTIEN = (
    "generale",
    "multidisciplinaires",
    "ressources humaines",
    "ressources financieres",
    "ressources informationnelles",
    "logistique",
    "services techniques",
    "approvisionnement",
    "communications",
    "affaires juridiques",
    "qualite",
    "immobili",
)

_DISCIPLINES = {
    "0001": "Gestion",
    "0100": "Gestion",
    "0200": "Gestion",
    "1219": "Nutrition",
    "1230": "Ergothérapie",
    "1233": "Physiothérapie",
    "1255": "Orthophonie",
    "1550": "Travail social",
    "1553": "Relations humaines",
    "1565": "Planification, programmation et recherche",
    "1652": "Psychologie",
    "2586": "Assistance sociale",
    "2686": "Éducation spécialisée",
    "5317": "Administration",
}


def sorte_de(nom):
    """Rend la sorte d’une direction d’après son nom : de soutien si elle en porte un mot, clinique sinon."""
    propre = sans_accents(nom)
    return SorteDirection.SOUTIEN if any(mot in propre for mot in _SOUTIEN) else SorteDirection.CLINIQUE


def creer_ce_qui_manque(ecart, base):
    """Crée, un lot par table, ce que l’écart nomme et que la base n’a pas ; complète `base`."""
    lues = [ligne.lues for ligne in ecart.lecture.lignes]
    champs = [fiche.champs for fiche in (*ecart.nouvelles, *ecart.changees, *ecart.parties)]
    libelles: dict[str, str] = dict(lu["titre_emploi"] for lu in reversed(lues) if "titre_emploi" in lu)
    # À rebours : la première ligne qui nomme un titre ou une installation l’emporte, comme dans la comparaison.
    situees = (lu["installation"] for lu in reversed(lues) if "installation" in lu)
    rls: dict[str, str] = {sans_accents(nom): code for nom, code in situees if code}
    _creer(
        base.titres,
        {c["titre_emploi"]: c["titre_emploi"] for c in champs if c.get("titre_emploi")},
        lambda code: TitreEmploi(
            code=code, libelle=libelles[code], discipline=_DISCIPLINES.get(code, libelles[code])[:120]
        ),
    )
    _creer(
        base.installations,
        {sans_accents(c["installation"]): c["installation"] for c in champs if c.get("installation")},
        lambda nom: Installation(nom=nom, rls=rls[sans_accents(nom)]),
    )
    _creer(
        base.directions,
        {sans_accents(c["service"][0]): c["service"][0] for c in champs if c.get("service")},
        lambda nom: Direction(nom=nom, sorte=sorte_de(nom)),
    )
    _creer(
        base.services,
        {tuple(sans_accents(nom) for nom in c["service"]): c["service"] for c in champs if c.get("service")},
        lambda noms: Service(nom=noms[1], direction=base.directions[sans_accents(noms[0])]),
    )


def _creer(connus, voulus, naissance):
    manquants = {cle: naissance(valeur) for cle, valeur in voulus.items() if cle not in connus}
    if manquants:
        type(next(iter(manquants.values()))).objects.bulk_create(manquants.values(), batch_size=500)
        connus.update(manquants)
