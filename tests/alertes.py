"""Ce qu’une personne voit en alerte, et si la relance d’une alerte s’écrit."""

from encadrement.indicateurs.registre import alertes
from encadrement.notifications.actions import composer


def en_alerte(mesure, personne):
    """Rend {code: [LigneAlerte]} des alertes d’une mesure où cette personne voit un dossier."""
    siennes = [alerte for alerte in alertes() if alerte.code.startswith(f"{mesure}.")]
    vues = {alerte.code: [alerte.ligne(objet) for objet in alerte.objets(personne)] for alerte in siennes}
    return {code.partition(".")[2]: lignes for code, lignes in vues.items() if lignes}


def qui_voit(mesure, code, distribution):
    """Rend les noms de la troupe qui voient cette alerte, sans les délégués : leur mandat dépend du jour de l’essai."""
    voient = {nom for nom, personne in distribution if code in en_alerte(mesure, personne)}
    return voient - {"delegue", "ancien_gestionnaire"}


def relances(code, personne):
    """Rend ({destinataires}, textes) de ce qui partirait si la personne relançait cette alerte, sans rien écrire."""
    (alerte,) = (alerte for alerte in alertes() if alerte.code == code)
    lignes = [
        ligne
        for objet in alerte.objets(personne)
        for ligne in composer(
            alerte.gabarit, objet, a=alerte.destinataires(objet), cle="essai", contexte=alerte.contexte(objet)
        )
    ]
    return {ligne.a for ligne in lignes}, " ".join(f"{ligne.objet} {ligne.texte}" for ligne in lignes)
