"""Une adresse n’appartient qu’à une personne : un avis ne part jamais à la mauvaise (B-04)."""

from encadrement.importations.lecture import Signalement
from encadrement.personnes.models import sans_accents


def courriels_retenus(lignes, connus, noms):
    """Rend ({matricule: courriel}, signalements) pour les adresses sûres ; les autres restent comme avant.

    `connus` donne le courriel actuel de chaque personne de la base, `noms` le nom complet de chaque ligne. Une adresse
    réclamée par plusieurs va à celle qui l’a déjà, sinon à la seule dont elle porte le nom, sinon à personne.
    """
    demandes = {ligne.matricule: ligne["courriel"] for ligne in lignes if "courriel" in ligne.lues}
    numeros = {ligne.matricule: ligne.numero for ligne in lignes}
    voulus, signalements = dict(demandes), []
    while conflits := _conflits(voulus, connus):
        for adresse, matricules in conflits.items():
            garde = _titulaire(adresse, matricules, connus, noms)
            for matricule in matricules:
                if matricule == garde or matricule not in voulus:
                    continue
                del voulus[matricule]
                autres = ", ".join(sorted(m for m in matricules if m != matricule))
                signalements.append(
                    Signalement(
                        numeros[matricule],
                        "COURRIEL",
                        f"{adresse} est aussi l’adresse de {autres}; le courriel est laissé comme avant.",
                    )
                )
    return voulus, signalements


def _conflits(voulus, connus):
    finaux = {}
    for matricule in {**connus, **voulus}:
        if adresse := voulus.get(matricule, connus.get(matricule, "")):
            finaux.setdefault(adresse, set()).add(matricule)
    return {
        adresse: sorted(matricules)
        for adresse, matricules in finaux.items()
        # Deux adresses déjà en double dans la base ne se règlent pas ici : seule une demande s’écarte.
        if len(matricules) > 1 and any(m in voulus and voulus[m] != connus.get(m, "") for m in matricules)
    }


def _titulaire(adresse, matricules, connus, noms):
    deja = [m for m in matricules if connus.get(m) == adresse]
    if deja:
        return deja[0]
    porteurs = [m for m in matricules if _lettres(noms.get(m, "")) == _lettres(adresse.partition("@")[0])]
    return porteurs[0] if len(porteurs) == 1 else None


def _lettres(texte):
    return "".join(sans_accents(texte).split())
