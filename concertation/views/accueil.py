"""La porte d’entrée du comité : ce qu’il est, sa prochaine rencontre, mes situations, ce qui m’attend (R-212, R-221, R-228)."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from concertation.droits import (
    DROITS_ANALYSE,
    DROITS_EXCEPTION,
    DROITS_IMPASSE,
    DROITS_ORIENTATION,
    DROITS_RENCONTRE,
    DROITS_SITUATION,
    REPRESENTANT,
)
from concertation.models import FINALES, EtatComite, EtatSituation, ParticipationComite, RencontreComite
from concertation.views.zone import en_zone
from encadrement.cadre.ressources import ressource
from encadrement.indicateurs.droits import regarde_des_chiffres
from encadrement.personnes.models import RoleAttribue
from encadrement.protection.droits import est_attestee
from encadrement.socle.temps import jour_local

MONTREES = 6
A_VENIR = (EtatComite.PLANIFIEE, EtatComite.CONVOQUEE)
RESSOURCES = ("discussion-cas", "roles-concertation")


def rencontres_a_venir():
    """Rend les rencontres du comité qui ne sont pas finies, la prochaine d’abord."""
    return RencontreComite.objects.filter(etat__in=A_VENIR, fin__gt=timezone.now()).order_by("debut", "pk")


@require_safe
@en_zone
def accueil(request):
    """Ce que la mesure est, jusqu’à quand déposer, où j’en suis, par où commencer (R-214, R-228)."""
    personne = request.user
    visibles = DROITS_SITUATION.objets(personne).exclude(etat__in=FINALES)
    prochaines = list(rencontres_a_venir()[:2])
    contexte = {
        "prochaines": prochaines,
        "depot": next((rencontre for rencontre in rencontres_a_venir() if rencontre.depot_le >= jour_local()), None),
        "miennes": visibles.filter(demandeur=personne).order_by("-depuis")[:MONTREES],
        "conviees": _conviees(personne, visibles)[:MONTREES],
        "a_attester": _attendues(personne, "attester", EtatSituation.A_ATTESTER),
        "a_recevoir": _attendues(personne, "recevoir", EtatSituation.TRANSMISE),
        "a_inscrire": _attendues(personne, "inscrire", EtatSituation.RECEVABLE),
        "voit_les_orientations": _voit_les_orientations(personne),
        "voit_les_impasses": _voit_les_impasses(personne),
        "voit_les_chiffres": regarde_des_chiffres(personne) or REPRESENTANT.tenu_par(personne, None),
        "peut_demander_un_acces": DROITS_EXCEPTION.peut(personne, "demander", None),
        "voit_la_conservation": RoleAttribue.PRP in personne.roles_attribues,
        "voit_les_analyses": DROITS_ANALYSE.peut(personne, "voir_ensemble", None),
        "sans_attestation": not est_attestee(personne),
        "planifie": DROITS_RENCONTRE.peut(personne, "planifier", None),
        "ressources": [ressource(code) for code in RESSOURCES],
    }
    return render(request, "concertation/accueil.html", contexte)


def _attendues(personne, acte, etat):
    return DROITS_SITUATION.objets(personne, acte).filter(etat=etat).order_by("depuis")[:MONTREES]


def _conviees(personne, visibles):
    ouvertes = ParticipationComite.objects.ouvertes().filter(personne=personne)
    return visibles.exclude(demandeur=personne).filter(pk__in=ouvertes.values("situation")).order_by("-depuis")


def _voit_les_orientations(personne):
    return DROITS_ORIENTATION.objets(personne, "suivre").exists() or DROITS_ORIENTATION.objets(personne).exists()


def _voit_les_impasses(personne):
    return DROITS_IMPASSE.peut(personne, "ouvrir", None) or DROITS_IMPASSE.objets(personne).exists()
