"""L’évaluation annuelle de la mesure : membres, parrains et gestionnaires, chacun de son côté (R-141, R-161, R-164, Q-18)."""

from cdp.models import Adhesion, Communaute
from encadrement.personnes.models import Personne
from encadrement.sondages.annuelles import CampagneAnnuelle, inscrire


def membres(annee):
    """Rend les membres des communautés actives ; qui l’est de plusieurs ne répond qu’une fois."""
    actives = Adhesion.objects.actives().filter(communaute__etat="active")
    return Personne.objects.filter(pk__in=actives.values("personne"))


def parrains(annee):
    """Rend les gestionnaires qui parrainent une communauté active."""
    return Personne.objects.filter(pk__in=Communaute.objects.actives().values("parrain"))


def gestionnaires(annee):
    """Rend les gestionnaires des membres, sauf ceux qui parrainent déjà une communauté (R-143)."""
    superieurs = Adhesion.objects.actives().filter(communaute__etat="active").values("personne__superieur")
    return Personne.objects.filter(pk__in=superieurs).exclude(pk__in=parrains(annee))


def inscrire_evaluations():
    """Inscrit les campagnes de l’évaluation annuelle des communautés."""
    inscrire(CampagneAnnuelle("cdp-membres", "cdp", "Évaluation des communautés de pratique, membres", membres))
    inscrire(CampagneAnnuelle("cdp-parrain", "cdp", "Évaluation des communautés de pratique, parrains", parrains))
    inscrire(
        CampagneAnnuelle(
            "cdp-gestionnaires", "cdp", "Évaluation des communautés de pratique, gestionnaires", gestionnaires
        )
    )
