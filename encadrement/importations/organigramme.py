"""L’organigramme que donnerait le fichier : sans supérieur inconnu, sans boucle."""

from encadrement.importations.lecture import Signalement


def superieurs_retenus(lignes, connus, rejetes):
    """Rend ({matricule: supérieur ou « »}, signalements) pour les lignes dont le lien de supervision est sûr.

    `connus` donne le supérieur actuel de chaque personne de la base. Un lien écarté est laissé comme avant : une
    personne sans supérieur se voit et se corrige, une personne confiée au mauvais ouvre ses dossiers (B-04, N-01).
    """
    voulus, signalements = {}, []
    personnes = {*connus, *(ligne.matricule for ligne in lignes)}
    for ligne in lignes:
        if raison := _raison_de_refus(ligne, personnes, rejetes):
            signalements.append(Signalement(ligne.numero, "MATRICULE_SUPERIEUR", raison))
        else:
            voulus[ligne.matricule] = ligne["superieur"]
    numeros = {ligne.matricule: ligne.numero for ligne in lignes}
    for boucle in _rompre_les_boucles(voulus, connus):
        for matricule in boucle["ecartes"]:
            signalements.append(
                Signalement(
                    numeros[matricule],
                    "MATRICULE_SUPERIEUR",
                    f"ce lien fermerait une boucle ({' → '.join(boucle['tour'])}); il est laissé comme avant.",
                )
            )
    return voulus, signalements


def _raison_de_refus(ligne, personnes, rejetes):
    superieur = ligne["superieur"]
    if not superieur or (superieur in personnes and superieur != ligne.matricule):
        return ""
    if superieur == ligne.matricule:
        return f"{superieur} serait son propre supérieur; le supérieur est laissé comme avant."
    if superieur in rejetes:
        return f"les lignes de {superieur} ont été rejetées; le supérieur est laissé comme avant."
    return f"aucune personne ne porte le matricule {superieur}; le supérieur est laissé comme avant."


def _rompre_les_boucles(voulus, connus):
    """Retire de `voulus` les liens nouveaux qui ferment une boucle, jusqu’à ce qu’il n’en reste aucune."""
    rompues = []
    while tours := _boucles({**connus, **voulus}):
        for tour in tours:
            # Les liens déjà en base ne ferment rien entre eux : la boucle contient au moins un lien nouveau. Quand
            # elle en contient plusieurs, rien ne dit lequel est faux : on n’en croit aucun.
            ecartes = [m for m in tour if m in voulus and voulus[m] != connus.get(m, "")]
            if not ecartes:
                return rompues
            for matricule in ecartes:
                del voulus[matricule]
            rompues.append({"tour": [*tour, tour[0]], "ecartes": ecartes})
    return rompues


def _boucles(liens):
    """Rend les boucles du graphe {personne: supérieur}, chacune une fois, dans l’ordre de remontée."""
    vus, boucles = {}, []
    for depart in liens:
        chemin, courant = [], depart
        while courant and courant not in vus:
            vus[courant] = depart
            chemin.append(courant)
            courant = liens.get(courant, "")
        if courant and vus[courant] == depart and courant in chemin:
            tour = chemin[chemin.index(courant) :]
            premier = tour.index(min(tour))
            boucles.append([*tour[premier:], *tour[:premier]])
    return boucles
