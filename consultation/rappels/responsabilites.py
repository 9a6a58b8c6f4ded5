"""La page qui fait vivre chaque responsabilité du cadre (R-182, R-183, R-193 à R-211)."""

from django.urls import reverse

from encadrement.accueil.mesures import Lien

_BOTTIN, _DEMANDES, _A_FAIRE = "consultation:bottin", "consultation:demandes", "accueil:a_faire"
_CHIFFRES = ("indicateurs:mesure", "consultation")
_ACTES = (
    # — la DSM et ses APPR
    ("R-182", "Les demandes transmises à la DSM", _DEMANDES),
    ("R-183", "Les demandes acheminées au RUISSS UL", _DEMANDES),
    ("R-193", "La consultation d’experts, d’un échelon à l’autre", "consultation:accueil"),
    ("R-194", "Identifier un expert", "consultation:expert_identifier"),
    ("R-195", "Tenir le bottin des experts", "consultation:candidatures"),
    ("R-196", "Les rôles attribués, dont l’agent de liaison", "accueil:roles"),
    ("R-197", "Les chiffres et les besoins de formation", _CHIFFRES),
    ("R-198", "Le matériel didactique des experts", "consultation:materiel"),
    ("R-210", "Analyser et acheminer les demandes transmises", _DEMANDES),
    ("R-211", "Répondre à une évaluation", _A_FAIRE),
    # — les directions et les gestionnaires
    ("R-199", "Ce que chaque direction a choisi", "consultation:reglages"),
    ("R-200", "Identifier un expert dans mon équipe", "consultation:expert_identifier"),
    ("R-201", "Les consultations de mes gens", _DEMANDES),
    ("R-202", "Autoriser une consultation, après la discussion", _DEMANDES),
    ("R-203", "Répondre à une évaluation", _A_FAIRE),
    # — l’expert
    ("R-204", "Les demandes où l’on me consulte", _DEMANDES),
    ("R-205", "Mon tableau de suivi", "consultation:suivi"),
    # — le demandeur
    ("R-206", "Consigner mes recherches", _DEMANDES),
    ("R-207", "Chercher un expert au bottin", _BOTTIN),
    ("R-208", "Mes demandes, jusqu’au formulaire de la DSM", _DEMANDES),
    ("R-209", "Répondre à une évaluation", _A_FAIRE),
)


def liens_de_role(_personne):
    """Rend le lien de chaque responsabilité ; l’accueil ne montre que ceux des acteurs que la personne est."""
    return [Lien(numero, libelle, _adresse(ou)) for numero, libelle, ou in _ACTES]


def _adresse(ou):
    nom, *arguments = (ou,) if isinstance(ou, str) else ou
    return reverse(nom, args=arguments)
