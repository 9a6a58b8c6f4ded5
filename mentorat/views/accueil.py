"""La porte d’entrée du mentorat : mes mentorats, ce que je peux commencer, les ressources."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from encadrement.cadre.ressources import ressources
from encadrement.indicateurs.droits import regarde_des_chiffres
from mentorat.droits import DROITS_DEMANDE, DROITS_ENTENTE
from mentorat.models import DemandeMentorat, Entente, EtatDemande, FicheMentor


@require_GET
def accueil(request):
    """Ce que le mentorat est, où j’en suis, par où commencer (R-430)."""
    personne = request.user
    a_des_gens = personne.supervisees.actives().exists()
    contexte = {
        "ententes": Entente.objects.de_la_personne(personne).avec_parties()[:10],
        "demandes": DemandeMentorat.objects.filter(mentore=personne).exclude(etat=EtatDemande.RETIREE)[:5],
        "fiche": FicheMentor.objects.filter(personne=personne).first(),
        "a_des_gens": a_des_gens,
        "demandes_visibles": DROITS_DEMANDE.objets(personne).exclude(mentore=personne).exists(),
        "voit_les_chiffres": regarde_des_chiffres(personne),
        "ententes_visibles": DROITS_ENTENTE.objets(personne).exists(),
        "ressources": [page for page in ressources() if "mentor" in page.mots or "mentor" in page.titre.lower()],
    }
    return render(request, "mentorat/accueil.html", contexte)
