"""Ce que toutes les pages savent : l’établissement, les mesures, le nombre de choses à faire."""

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from encadrement.accueil.a_faire import nombre_a_faire
from encadrement.accueil.mesures import mesures
from encadrement.accueil.navigation import liens_de
from encadrement.parametres.lecture import valeur


def commun(request):
    """Ajoute à tout gabarit l’établissement, la navigation et le compte « À faire »."""
    personne = getattr(request, "user", None)
    connectee = personne is not None and personne.is_authenticated
    return {
        "etablissement_nom": settings.ETABLISSEMENT_NOM,
        "etablissement_direction": settings.ETABLISSEMENT_DIRECTION,
        "courriel_dsm": SimpleLazyObject(lambda: valeur("adresses.dsm")),
        "mode_essai": settings.MODE_ESSAI,
        "mesures": _navigation(),
        "liens_du_menu": SimpleLazyObject(lambda: liens_de(personne)) if connectee else (),
        "a_faire_nombre": SimpleLazyObject(lambda: nombre_a_faire(personne)) if connectee else 0,
    }


def _navigation():
    """Rend les mesures du cadre, montrées même avant d’être ouvertes : on apprend leur place une seule fois."""
    ouvertes = {mesure.code: mesure for mesure in mesures()}
    return [
        {
            "code": code,
            "nom": nom,
            "disponible": code in ouvertes,
            "url": reverse(ouvertes[code].nom_url) if code in ouvertes else "",
        }
        for code, nom in settings.MESURES_DU_CADRE
    ]
