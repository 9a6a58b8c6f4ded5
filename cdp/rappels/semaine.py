"""Le résumé de la semaine d’une communauté : des nombres et un lien, jamais ce qui s’y dit (N-08)."""

import datetime

from django.db.models import Count

from cdp.models import Appel, Communaute, Outil, ReponseAppel, Sujet
from encadrement.notifications.rappels import Echeance, Pas


def _membres(communaute):
    return [adhesion.personne for adhesion in communaute.membres()]


PAS_SEMAINE = (Pas(0, "lundi", _membres),)
_SORTES = (
    ("outils", Outil, "communaute"),
    ("sujets", Sujet, "communaute"),
    ("appels", Appel, "communaute"),
    ("réponses", ReponseAppel, "appel__communaute"),
)


def lundi_de(jour):
    """Rend le lundi de la semaine de `jour`."""
    return jour - datetime.timedelta(days=jour.weekday())


def resumes_de_la_semaine(jour):
    """Rend, chaque lundi, une échéance par communauté active où l’on a publié dans la semaine écoulée."""
    lundi = lundi_de(jour)
    if jour - lundi > datetime.timedelta(days=3):
        return
    nouveautes = _nouveautes(lundi)
    communautes = Communaute.objects.actives().filter(pk__in=nouveautes).order_by()
    for communaute in communautes.only("uuid", "nom").iterator(chunk_size=500):
        yield Echeance(
            communaute,
            "semaine",
            lundi,
            PAS_SEMAINE,
            "cdp/resume_semaine",
            contexte={"nouveautes": nouveautes[communaute.pk]},
        )


def _nouveautes(lundi):
    """Rend {clé de communauté: « 2 appels, 1 outil »} de la semaine qui précède `lundi`."""
    bornes = (lundi - datetime.timedelta(days=7), lundi - datetime.timedelta(days=1))
    comptes = {}
    for nom, modele, chemin in _SORTES:
        visibles = modele.objects.visibles().filter(publiee_le__date__range=bornes, **{f"{chemin}__etat": "active"})
        for communaute, nombre in visibles.order_by().values_list(chemin).annotate(nombre=Count("pk")):
            comptes.setdefault(communaute, []).append(f"{nombre} {nom if nombre > 1 else nom.removesuffix('s')}")
    return {communaute: ", ".join(dits) for communaute, dits in comptes.items()}
