"""Les pages des échelons de la DSM, telles qu’une personne s’en sert."""

from django.urls import reverse

from consultation.models import DemandeConsultation
from tests.factories import MOT_DE_PASSE
from tests.mentorat.formulaire import champs_de

ANALYSE = "Aucun expert du CISSS n’adapte des prismes à domicile."


def adresse(verbe, demande):
    return reverse(f"consultation:demande_{verbe}" if verbe else "consultation:demande", args=[demande.uuid])


def relire(demande):
    return DemandeConsultation.objects.get(pk=demande.pk)


def signature(client, demande, **saisi):
    """Ouvre la page de transmission ; rend ce qu’elle enverrait, l’engagement coché et l’identité confirmée."""
    lus = champs_de(client.get(adresse("transmettre", demande)))
    return {**lus, "engagement": "on", "mot_de_passe": MOT_DE_PASSE, **saisi}


def transmettre(client, demande, **saisi):
    return client.post(adresse("transmettre", demande), signature(client, demande, **saisi))
