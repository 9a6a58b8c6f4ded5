"""Les demandes à la DSM d’une personne : pour l’accueil, la recherche commune et ses données."""

from django.db.models import Q

from encadrement.accueil.mesures import Dossier
from encadrement.demandes.droits import DROITS_SERVICE
from encadrement.demandes.models import DemandeService, EtatService
from encadrement.personnes.models import sans_accents

MONTRES = 20
_EN_COURS = (EtatService.BROUILLON, EtatService.TRANSMISE, EtatService.PRISE_EN_CHARGE)


def dossiers(personne):
    """Rend les demandes en cours de la personne, et celles dont elle s’est chargée."""
    demandes = DemandeService.objects.filter(etat__in=_EN_COURS).filter(
        Q(demandeur=personne) | Q(prise_en_charge_par=personne)
    )
    return [
        _dossier(demande, "le demandeur" if demande.demandeur_id == personne.pk else "la personne qui s’en charge")
        for demande in demandes.order_by("-depuis")[:MONTRES]
    ]


def _dossier(demande, titre=""):
    return Dossier(
        nom=str(demande),
        url=demande.get_absolute_url(),
        etat=demande.get_etat_display(),
        etat_code=demande.etat,
        titre=titre,
        bouge_le=demande.depuis,
    )


def chercher(personne, texte):
    """Rend les demandes visibles qui portent ce numéro, ou dont le demandeur porte ce nom ; jamais leur contenu."""
    par_nom = Q()
    for mot in sans_accents(texte).split():
        par_nom &= Q(demandeur__cle_recherche__contains=mot)
    visibles = DROITS_SERVICE.objets(personne).filter(par_nom | Q(numero__icontains=texte.strip()))
    return [_dossier(demande) for demande in visibles[:MONTRES]]


def donnees(personne):
    """Rend, pour « Mes données », les demandes que la personne a écrites."""
    yield (
        "demandes_a_la_dsm",
        [
            {
                "numero": demande.numero,
                "volet": demande.get_volet_display(),
                "etat": demande.get_etat_display(),
                "creee_le": demande.cree_le,
                **demande.reponses,
                "ce_qui_a_ete_fait": demande.suite,
            }
            for demande in DemandeService.objects.filter(demandeur=personne)
        ],
    )
