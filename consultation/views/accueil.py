"""La porte d’entrée de la consultation d’experts : l’échelle, mes demandes, le bottin, ce que je tiens."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from consultation.droits import (
    DROITS_DEMANDE,
    DROITS_LIGNE,
    DROITS_REGLAGE,
    DROITS_SUJET,
)
from consultation.models import FINALES, DemandeConsultation, FicheExpert, approbation_exigee
from consultation.views.bottin import a_traiter
from consultation.views.identification import peut_identifier
from encadrement.cadre.ressources import ressource
from encadrement.indicateurs.droits import regarde_des_chiffres
from encadrement.personnes.models import RoleAttribue

MES_DEMANDES = 6
RESSOURCES = ("consultation-etapes", "roles-consultation", "pratique-reflexive")
_COMMUNIQUENT = {RoleAttribue.DSM, RoleAttribue.APPR, RoleAttribue.LIAISON_RUISSS}


@require_GET
def accueil(request):
    """Ce que la mesure est, l’échelle à gravir, où j’en suis, par où commencer (R-177, R-193)."""
    personne = request.user
    miennes = DemandeConsultation.objects.filter(demandeur=personne).select_related("sujet")
    fiche = FicheExpert.objects.filter(personne=personne).first()
    autres = DROITS_DEMANDE.objets(personne).exclude(demandeur=personne)
    contexte = {
        "en_cours": miennes.exclude(etat__in=FINALES)[:MES_DEMANDES],
        "a_des_demandes": miennes.exists(),
        "autres_en_cours": autres.exclude(etat__in=FINALES).count(),
        "fiche": fiche,
        "autorisation_exigee": approbation_exigee(personne.direction),
        "a_traiter": a_traiter(personne).count(),
        "peut_identifier": peut_identifier(personne),
        "voit_le_suivi": _voit_le_suivi(personne, fiche),
        "voit_les_sujets": DROITS_SUJET.peut(personne, "voir_ensemble", None),
        "voit_les_chiffres": regarde_des_chiffres(personne),
        "voit_les_communications": bool(_COMMUNIQUENT & personne.roles_attribues),
        "ressources": [ressource(code) for code in RESSOURCES],
    }
    return render(request, "consultation/accueil.html", contexte)


def _voit_le_suivi(personne, fiche):
    """L’expert y a ses lignes, le demandeur celles qui le nomment ; la DSM, tout, même vide (annexe 13)."""
    if (fiche is not None and fiche.est_publiee) or DROITS_REGLAGE.peut(personne, "regler", None):
        return True
    return DROITS_LIGNE.objets(personne).exists()
