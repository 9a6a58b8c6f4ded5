"""Les pages d’une demande à la DSM, telles qu’une personne s’en sert."""

from django.urls import reverse

from encadrement.demandes.models import DemandeService
from tests.factories import MOT_DE_PASSE
from tests.mentorat.formulaire import champs_de


def adresse(nom, demande):
    return reverse(f"demandes:{nom}", args=[demande.uuid])


def relire(demande):
    return DemandeService.objects.get(pk=demande.pk)


def signature(client, demande, **saisi):
    """Ouvre la page de transmission ; rend ce qu’elle enverrait, l’engagement coché et l’identité confirmée."""
    lus = champs_de(client.get(adresse("demande_transmettre", demande)))
    return {**lus, "engagement": "on", "mot_de_passe": MOT_DE_PASSE, **saisi}


def transmettre(client, demande, **saisi):
    return client.post(adresse("demande_transmettre", demande), signature(client, demande, **saisi))
