import datetime

import pytest
from django.db.models import Exists, Q

from encadrement.indicateurs import registre
from encadrement.indicateurs.registre import ChiffresDeMesure, Faits, Indicateur, Unite
from encadrement.personnes.models import Personne

EMBAUCHES = "mentorat.embauches"


@pytest.fixture
def embauches(monkeypatch):
    """Un seul indicateur inscrit : les personnes embauchées dans l’année ; rend de quoi en embaucher."""

    def lignes(personne):
        # Un regard exclu de quelque chose ne compte rien : le bilan ne prend celui de personne en particulier (N-02).
        d_aucun = Personne.objects.filter(pk=personne.pk, is_active=False)
        return Personne.objects.filter(Exists(d_aucun), is_active=True)

    faits = Faits(lignes, "date_embauche", personnes="pk")
    indicateur = Indicateur(
        EMBAUCHES,
        "Personnes embauchées",
        "Les personnes embauchées dans l’année.",
        Unite.NOMBRE,
        manquantes="Sans date d’embauche, on ne compte pas.",
        exigences=("R-072",),
        faits=faits,
    )
    monkeypatch.setattr(registre, "_inscrits", {"mentorat": ChiffresDeMesure("mentorat", (indicateur,))})
    Personne.objects.update(date_embauche=None)

    def embaucher(combien, annee):
        jour = annee.debut + datetime.timedelta(days=100)
        libres = Personne.objects.filter(Q(date_embauche=None), is_active=True).values("pk")[:combien]
        Personne.objects.filter(pk__in=list(libres.values_list("pk", flat=True))).update(date_embauche=jour)

    return embaucher
