"""Le questionnaire des essais, une question de chaque sorte, et de quoi y répondre."""

from encadrement.sondages.actions import repondre

CODE = "essai"
QUESTIONS = [
    {"code": "utilite", "sorte": "echelle", "libelle": "La mesure est utile à ma pratique."},
    {"code": "note", "sorte": "note", "libelle": "La recommanderiez-vous?", "obligatoire": False},
    {
        "code": "mode",
        "sorte": "choix",
        "libelle": "Quel mode préférez-vous?",
        "choix": [["presence", "En présence"], ["virtuel", "À distance"]],
        "obligatoire": False,
    },
    {"code": "mot", "sorte": "texte", "libelle": "Commentaire", "obligatoire": False},
]
REPONSES = {"utilite": 4, "note": 9, "mode": "virtuel", "mot": "Plus de temps libéré."}


def repondre_a(invitations, **reponses):
    """Chaque personne invitée répond la même chose, sauf ce que `reponses` remplace."""
    for invitation in invitations:
        repondre(invitation, par=invitation.personne, reponses={**REPONSES, **reponses})
