"""La page qui fait vivre chaque responsabilité du cadre (R-119, R-136 à R-139, R-150 à R-165, R-380 à R-392).

L’animateur, les membres et le parrain y trouvent la page de leur communauté ; les autres, celle de toutes.
"""

from django.urls import reverse

from cdp.models import Adhesion, Communaute, EtatCommunaute, RoleCdp
from encadrement.accueil.mesures import Lien

_ANNUAIRE, _A_FAIRE = ("cdp:accueil",), ("accueil:a_faire",)


def _ressource(code):
    return ("cadre:ressource", code)


_POUR_TOUTES = (
    # — la DSM et ses APPR
    ("R-150", "Les rôles de chacun, à remettre aux directions", _ressource("roles-cdp")),
    ("R-151", "La fiche synthèse, à remettre aux gestionnaires", _ressource("fiche-cdp")),
    ("R-152", "Les bonnes pratiques à diffuser", _ressource("annexe-2")),
    ("R-153", "Le rôle de l’animateur (annexe 8)", _ressource("annexe-8")),
    ("R-153", "Animer une communauté, pour la formation", _ressource("animer-cdp")),
    ("R-154", "Les campagnes d’évaluation et leurs résultats", ("sondages:campagnes",)),
    ("R-136", "Les communautés, et celles qui se préparent", _ANNUAIRE),
    # — les directions et les gestionnaires
    ("R-155", "La fiche synthèse, à présenter dans la direction", _ressource("fiche-cdp")),
    ("R-156", "Voir les communautés qui existent, ou en mettre une en route", _ANNUAIRE),
    ("R-157", "Les présences et les heures de mes gens", ("cdp:mes_gens",)),
    ("R-161", "Répondre à une évaluation", _A_FAIRE),
    # — les membres et l’animateur, sans communauté en particulier
    ("R-164", "Répondre à une évaluation", _A_FAIRE),
    ("R-165", "L’annexe 8, en entier", _ressource("annexe-8")),
    ("R-391", "Une posture pour animer", _ressource("animer-cdp")),
)
_DU_PARRAIN = (
    ("R-119", "Lire la fiche", "cdp:communaute"),
    ("R-139", "Approuver le plan\u00a0: la copie part seule", "cdp:communaute_annees"),
    ("R-158", "Approuver le plan et le rapport", "cdp:communaute_annees"),
    ("R-159", "Accorder le renouvellement, avec le rapport", "cdp:communaute_annees"),
    ("R-160", "Voir la fréquence et les sujets des rencontres", "cdp:communaute_rencontres"),
)
_DU_MEMBRE = (
    ("R-162", "Partager un outil", "cdp:outils"),
    ("R-162", "Répondre à un appel à tous", "cdp:appels"),
    ("R-163", "Le plan et le rapport", "cdp:communaute_annees"),
)
_DE_L_ANIMATEUR = (
    ("R-137", "La communauté, d’un coup d’œil", "cdp:communaute"),
    ("R-380", "La communauté, d’un coup d’œil", "cdp:communaute"),
    ("R-381", "Écrire ce qui la réunit", "cdp:communaute_modifier"),
    ("R-382", "La trajectoire de la communauté", "cdp:communaute"),
    ("R-383", "Inviter une personne", "cdp:communaute_inviter"),
    ("R-384", "Le napperon, à remettre aux gestionnaires", "cdp:communaute_napperon"),
    ("R-385", "Planifier une rencontre", "cdp:rencontre_planifier"),
    ("R-386", "L’équipe Teams et les règles de fonctionnement", "cdp:communaute_modifier"),
    ("R-387", "Le plan et le rapport, qui en rendent compte", "cdp:communaute_annees"),
    ("R-388", "La banque de sujets", "cdp:sujets"),
    ("R-389", "La bibliothèque d’outils", "cdp:outils"),
    ("R-390", "Les suivis à relancer", "cdp:communaute_suivis"),
    ("R-392", "Le calendrier des rencontres", "cdp:communaute_rencontres"),
)


def liens_de_role(personne):
    """Rend le lien de chaque responsabilité ; l’accueil ne montre que ceux des acteurs que la personne est."""
    adhesions = list(
        Adhesion.objects.actives()
        .filter(personne=personne)
        .exclude(communaute__etat=EtatCommunaute.DISSOUTE)
        .select_related("communaute")
        .order_by("communaute__nom")
    )
    parrainees = Communaute.objects.filter(
        parrain=personne, etat__in=(EtatCommunaute.PROPOSEE, EtatCommunaute.ACTIVE, EtatCommunaute.SUSPENDUE)
    )
    animees = [adhesion.communaute for adhesion in adhesions if adhesion.role == RoleCdp.ANIMATEUR]
    return [
        *(Lien(numero, libelle, reverse(nom, args=arguments)) for numero, libelle, (nom, *arguments) in _POUR_TOUTES),
        *_par_communaute(_DU_PARRAIN, parrainees),
        *_par_communaute(_DU_MEMBRE, [adhesion.communaute for adhesion in adhesions]),
        *_par_communaute(_DE_L_ANIMATEUR, animees),
    ]


def _par_communaute(actes, communautes):
    """Rend les liens de chaque communauté ; son nom ne se dit que s’il y en a plus d’une."""
    plusieurs = len(communautes) > 1
    return [
        Lien(numero, f"{libelle}, {communaute.nom}" if plusieurs else libelle, reverse(nom, args=[communaute.uuid]))
        for communaute in communautes
        for numero, libelle, nom in actes
    ]
