"""Le moment convenu avec l’expert : inscrit à l’agenda des deux, déplacé, retiré (R-174)."""

from django.urls import reverse

from consultation.actions.annonces import annoncer
from consultation.rappels.convocation import convocation


def convenir(sollicitation, moment, lieu, *, fait, deja_convenu=False):
    """Fixe le moment et l’envoie aux deux agendas ; `deja_convenu` : il y est, il s’y déplace ou change de lieu."""
    # Sans version plus haute, l’agenda ignorerait la nouvelle, même pour un lieu.
    if deja_convenu:
        sollicitation.sequence += 1
    sollicitation.moment, sollicitation.lieu = moment, lieu
    sollicitation.save(update_fields=["moment", "lieu", "sequence"])
    _ecrire_aux_deux("moment_convenu", sollicitation, fait)


def liberer(sollicitation):
    """Retire le moment convenu des deux agendas, s’il y en a un et qu’il y est inscrit."""
    if sollicitation.moment and sollicitation.reponse == "acceptee":
        sollicitation.sequence += 1
        sollicitation.save(update_fields=["sequence"])
        _ecrire_aux_deux("moment_annule", sollicitation, "annule", annulee=True)


def _ecrire_aux_deux(gabarit, sollicitation, fait, *, annulee=False):
    demande = sollicitation.demande
    for personne in (demande.demandeur, sollicitation.expert):
        annoncer(
            gabarit,
            demande,
            [personne],
            f"{fait}-{sollicitation.pk}-{sollicitation.sequence}",
            calendrier=convocation(sollicitation, personne, annulee=annulee),
            # Annulée, l’expert ne lit plus la demande.
            url=reverse("consultation:demandes") if annulee else None,
        )
