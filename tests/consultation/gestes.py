"""Les gestes d’une demande, par les pages : de quoi écrire un essai comme on raconterait la consultation."""

from django.urls import reverse

from consultation.models import DemandeConsultation
from tests.mentorat.formulaire import texte_de  # noqa: F401  (lue avec les autres gestes)

FERMETURE = {"apport": "piste", "valeur_situation": "4", "valeur_pratique": "5", "commentaire": ""}


def adresse(nom, objet):
    return reverse(f"consultation:{nom}", args=[objet.uuid])


def relire(demande):
    return DemandeConsultation.objects.get(pk=demande.pk)


def saisie(demande, **champs):
    """Rend ce que la page de rédaction enverrait, les champs donnés mis à part ; sans témoins, comme sans JavaScript."""
    return {
        "question": demande.question,
        "contexte": demande.contexte,
        "recherches": demande.recherches,
        "constats": demande.constats,
        "disponibilites": demande.disponibilites,
        "sujet": str(demande.sujet.uuid) if demande.sujet else "",
        "ampleur": demande.ampleur,
        **champs,
    }
