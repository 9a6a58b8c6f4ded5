"""Ce qu’un document signé dit d’une personne."""


def identite(personne):
    """Rend ce qu’un formulaire imprime d’une personne, au moment où on le fige."""
    if personne is None:
        return {"nom": "", "titre_emploi": "", "discipline": "", "service": "", "direction": "", "installation": ""}
    return {
        "nom": personne.nom_complet,
        "titre_emploi": str(personne.titre_emploi or ""),
        "discipline": personne.discipline,
        "service": str(personne.service or ""),
        "direction": str(personne.direction or ""),
        "installation": str(personne.installation or ""),
    }
