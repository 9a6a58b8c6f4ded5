"""La page qui fait vivre chaque responsabilité que le cadre confie au comité (R-234 à R-260)."""

from django.urls import reverse

from encadrement.accueil.mesures import Lien

_ACCUEIL, _COMITE, _SITUATIONS = "concertation:accueil", "concertation:comite", "concertation:situations"
_ORIENTATIONS, _A_FAIRE = "concertation:orientations", "accueil:a_faire"
_CHIFFRES = ("indicateurs:mesure", "concertation")
_ACTES = (
    # — la DSM
    ("R-234", "Le comité, de la demande au suivi", _ACCUEIL),
    ("R-235", "Le calendrier des rencontres", "concertation:rencontre_planifier"),
    ("R-236", "Le suivi dépersonnalisé des orientations", _ORIENTATIONS),
    ("R-237", "Les chiffres du comité", _CHIFFRES),
    # — les directions cliniques
    ("R-238", "Le comité et ce qu’il offre à ma direction", _ACCUEIL),
    ("R-239", "Nommer un représentant", "concertation:nomination_nommer"),
    ("R-240", "Les orientations confiées à ma direction", _ORIENTATIONS),
    ("R-241", "Répondre à une évaluation", _A_FAIRE),
    # — le représentant
    ("R-242", "Les rencontres du comité", _COMITE),
    ("R-243", "Les situations où l’on me convie", _SITUATIONS),
    ("R-244", "Les orientations dont je réponds", _ORIENTATIONS),
    ("R-245", "Répondre à une évaluation", _A_FAIRE),
    # — les gestionnaires
    ("R-246", "Attester les démarches préalables", _SITUATIONS),
    ("R-247", "Les rencontres du comité", _COMITE),
    ("R-248", "Répondre à une évaluation", _A_FAIRE),
    # — le coordonnateur
    ("R-249", "Recevoir les demandes", _SITUATIONS),
    ("R-250", "Inscrire et convier", _SITUATIONS),
    ("R-251", "Préparer les rencontres", _COMITE),
    ("R-252", "Les situations présentées", _SITUATIONS),
    ("R-253", "Les plans de concertation", _SITUATIONS),
    ("R-254", "Le suivi des orientations", _ORIENTATIONS),
    ("R-255", "Répondre à une évaluation", _A_FAIRE),
    # — l’intervenant responsable de la situation
    ("R-256", "Les démarches déjà faites, dans ma demande", _SITUATIONS),
    ("R-257", "Mes demandes au comité", _SITUATIONS),
    ("R-258", "Les rencontres du comité", _COMITE),
    ("R-259", "Les orientations de mes situations", _ORIENTATIONS),
    ("R-260", "Répondre à une évaluation", _A_FAIRE),
)


def liens_de_role(_personne):
    """Rend le lien de chaque responsabilité ; l’accueil ne montre que ceux des acteurs que la personne est."""
    return [Lien(numero, libelle, _adresse(ou)) for numero, libelle, ou in _ACTES]


def _adresse(ou):
    nom, *arguments = (ou,) if isinstance(ou, str) else ou
    return reverse(nom, args=arguments)
