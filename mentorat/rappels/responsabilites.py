"""L’acte de l’application qui fait vivre chaque responsabilité du cadre (R-018 à R-041, R-064 à R-066, R-078 à R-111).

Une responsabilité qui ne se clique pas (partager ses savoirs, s’ouvrir à la rétroaction) renvoie à ce qui y prépare.
"""

from django.urls import reverse

from encadrement.accueil.mesures import Lien

_ENTENTES, _A_FAIRE, _BOTTIN = "mentorat:ententes", "accueil:a_faire", "mentorat:bottin"
_CHIFFRES = ("indicateurs:mesure", "mentorat")


def _ressource(code):
    return ("cadre:ressource", code)


_ACTES = (
    # — la DSM et ses APPR
    ("R-018", "Le cadre, énoncé par énoncé", "cadre:index"),
    ("R-019", "Les dix étapes du mentorat, à remettre aux directions et aux gestionnaires", _ressource("dix-etapes")),
    ("R-020", "Suivre les ententes approuvées", _ENTENTES),
    ("R-021", "Consigner la formation d’un mentor", "mentorat:candidatures"),
    ("R-022", "Les documents et les outils", "cadre:ressources"),
    ("R-023", "Les chiffres du mentorat", _CHIFFRES),
    ("R-024", "Les chiffres, année après année", _CHIFFRES),
    ("R-065", "Suivre les ententes approuvées", _ENTENTES),
    ("R-066", "Les mésententes qui me sont adressées", _A_FAIRE),
    ("R-078", "Les rôles de chacun dans le mentorat", _ressource("roles-mentorat")),
    ("R-079", "Les conseils pour une relation de mentorat efficace", _ressource("conseils-mentorat")),
    ("R-080", "Tenir le bottin des mentors", _BOTTIN),
    ("R-081", "Consigner la formation d’un mentor", "mentorat:candidatures"),
    ("R-082", "Les chiffres du mentorat", _CHIFFRES),
    ("R-083", "Les chiffres à diffuser", _CHIFFRES),
    # — les directions
    ("R-025", "Le mentorat en bref, à présenter dans la direction", _ressource("mentorat-en-bref")),
    ("R-026", "Les bonnes pratiques à mettre en place", _ressource("annexe-1")),
    ("R-027", "Le temps à libérer pour les mentors", "mentorat:liberations"),
    ("R-028", "Le mentorat en bref", _ressource("mentorat-en-bref")),
    ("R-084", "La fiche synthèse du mentorat", _ressource("fiche-mentorat")),
    # — les gestionnaires
    ("R-029", "Désigner un besoin dans mon équipe", "mentorat:demande_designer"),
    ("R-030", "Confirmer les conditions favorables d’une entente", _ENTENTES),
    ("R-031", "Voir le temps à libérer pour mes mentors", "mentorat:liberations"),
    ("R-032", "Suivre les ententes de mes services", _ENTENTES),
    ("R-033", "Clore une entente : les évaluations partent alors", _ENTENTES),
    ("R-070", "Approuver une entente : les copies partent seules", _ENTENTES),
    ("R-085", "Désigner un besoin de mentorat", "mentorat:demande_designer"),
    ("R-086", "Recommander un mentor", "mentorat:candidatures"),
    ("R-087", "Jumeler mentor et mentoré", "mentorat:demandes"),
    ("R-088", "Confirmer les conditions favorables", _ENTENTES),
    ("R-089", "Prendre en charge une mésentente", _A_FAIRE),
    ("R-090", "Approuver les modalités de l’entente", _ENTENTES),
    ("R-091", "Suivre le déroulement de l’entente", _ENTENTES),
    ("R-092", "Autoriser la poursuite ou la cessation", _ENTENTES),
    ("R-093", "Clore une entente : les évaluations partent alors", _ENTENTES),
    # — qui offre, qui bénéficie
    ("R-034", "Mes ententes", _ENTENTES),
    ("R-035", "Écrire un suivi au gestionnaire", _ENTENTES),
    ("R-036", "Répondre à une évaluation", _A_FAIRE),
    ("R-037", "Demander un mentor", "mentorat:accueil"),
    ("R-038", "Mes ententes", _ENTENTES),
    ("R-039", "Répondre à une évaluation", _A_FAIRE),
    # — le mentor
    ("R-064", "Écrire un suivi au gestionnaire", _ENTENTES),
    ("R-094", "Rédiger l’entente avec le mentoré", _ENTENTES),
    ("R-095", "Revoir les objectifs et les activités de mes ententes", _ENTENTES),
    ("R-096", "Consigner une rencontre ou une activité vécue ensemble", _ENTENTES),
    ("R-097", "Les conseils pour une relation de mentorat efficace", _ressource("conseils-mentorat")),
    ("R-098", "Remplir le bilan de mi-temps et l’évaluation finale", _ENTENTES),
    ("R-099", "Préparer la première rencontre", _ressource("premiere-rencontre")),
    ("R-100", "Les règles d’éthique", _ressource("annexe-6")),
    ("R-101", "Écrire un suivi au gestionnaire", _ENTENTES),
    ("R-102", "Signaler une difficulté", _ENTENTES),
    ("R-103", "Répondre à l’évaluation de la mesure", _A_FAIRE),
    # — le mentoré
    ("R-104", "Rédiger l’entente avec le mentor", _ENTENTES),
    ("R-105", "Écrire mes objectifs d’apprentissage", _ENTENTES),
    ("R-106", "Revoir les activités prévues à mon entente", _ENTENTES),
    ("R-107", "Lire et confirmer le bilan de mi-temps", _ENTENTES),
    ("R-108", "Préparer la première rencontre", _ressource("premiere-rencontre")),
    ("R-109", "Les règles d’éthique", _ressource("annexe-6")),
    ("R-110", "Signaler une difficulté", _ENTENTES),
    ("R-111", "Répondre à l’évaluation de la mesure", _A_FAIRE),
    # — le conseil multidisciplinaire
    ("R-040", "Communauté de pratique et comité de pairs", _ressource("annexe-3")),
    ("R-041", "Communauté de pratique et comité de pairs", _ressource("annexe-3")),
)


def liens_de_role(_personne):
    """Rend le lien de chaque responsabilité ; l’accueil ne montre que ceux des acteurs que la personne est."""
    return [Lien(numero, libelle, _adresse(ou)) for numero, libelle, ou in _ACTES]


def _adresse(ou):
    nom, *arguments = (ou,) if isinstance(ou, str) else ou
    return reverse(nom, args=arguments)
