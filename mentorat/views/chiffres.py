"""Les chiffres du mentorat, pour ceux qui suivent et diffusent les résultats de la mesure (R-072 à R-074, R-083)."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from mentorat import indicateurs
from mentorat.droits import DROITS_CHIFFRES
from mentorat.models import TitreEvaluation


@require_GET
def chiffres(request):
    """Bénéficiaires et éligibles, heures offertes, satisfaction, pour une année financière."""
    DROITS_CHIFFRES.exiger(request.user, "voir_ensemble", None)
    annees = indicateurs.annees()
    demandee = request.GET.get("annee", "")
    annee = next((annee for annee in annees if str(annee.debut_annee) == demandee), annees[0])
    contexte = {
        "annee": annee,
        "annees": annees,
        "beneficiaires": indicateurs.beneficiaires(annee),
        "eligibles": indicateurs.eligibles(annee),
        "minutes": indicateurs.heures(annee),
        "satisfactions": [
            {"titre": libelle, **indicateurs.satisfaction(annee, titre)} for titre, libelle in TitreEvaluation.choices
        ],
        "petit_nombre": indicateurs.PETIT_NOMBRE,
    }
    return render(request, "mentorat/chiffres.html", contexte)
