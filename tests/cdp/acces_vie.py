"""Qui reçoit quoi sur les pages de la vie entre les rencontres : les membres, et personne d’autre.

Ni le parrain, ni la DSM, ni le gestionnaire d’un membre n’y entrent : pour eux, ces pages n’existent pas.
"""

from cdp.actions import vie
from tests.cdp import scenes
from tests.encadrement.fichiers.contenus import PDF, televerse
from tests.page_attendue import Page

MEMBRES = {"animatrice", "secretaire", "membre"}
# La scène publie au nom du membre : lui et l’animatrice retirent, la secrétaire lit.
RETIRENT = {"animatrice", "membre"}
LIT = {"secretaire": 403}


def _outil_avec_fichier(distribution):
    return vie.deposer_outil(
        scenes.communaute_active(distribution),
        par=distribution.membre,
        titre="Grille TDL v2",
        sorte="coconstruit",
        contenu=televerse("grille.pdf", PDF),
    )


def _reponse(distribution):
    """Une réponse dont l’auteur est le membre, pour que la secrétaire y soit la lectrice."""
    return vie.repondre_a_l_appel(scenes.appel_lance(distribution), par=distribution.membre, texte="Trouvé!")


def _membres(nom, scene=scenes.communaute_active, **options):
    return Page(f"cdp:{nom}", permis=MEMBRES, scene=scene, **options)


def _retirer(nom, scene):
    return Page(f"cdp:{nom}", permis=RETIRENT, sauf=LIT, scene=scene)


ACCES = [
    _membres("outils"),
    _membres("outil_deposer"),
    _membres("outil", scenes.outil_depose),
    _membres("outil_fichier", _outil_avec_fichier),
    _retirer("outil_retirer", scenes.outil_depose),
    _membres("sujets"),
    _membres("sujet_voter", scenes.sujet_propose, methode="post", code=302),
    Page("cdp:sujet_voter", code=405, autres=405, scene=scenes.sujet_propose),
    _membres("sujet_inscrire", scenes.sujet_propose),
    _retirer("sujet_retirer", scenes.sujet_propose),
    _membres("appels"),
    _membres("appel_lancer"),
    _membres("appel", scenes.appel_lance),
    _retirer("appel_retirer", scenes.appel_lance),
    _retirer("reponse_retirer", _reponse),
]
