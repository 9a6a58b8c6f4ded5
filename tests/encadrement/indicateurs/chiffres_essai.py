"""Des chiffres d’essai qui ne demandent que des personnes : combien embauchées dans l’année, combien du CM, depuis quand."""

import datetime

from django.db.models import Count, F, Q

from encadrement.indicateurs.registre import ChiffresDeMesure, Faits, Indicateur, Unite, de_la_personne
from encadrement.personnes.models import Personne
from encadrement.personnes.organisation import Installation
from tests.factories import PersonneFactory

JOUR = datetime.date(2026, 6, 1)


def _recrues(personne):
    return Personne.objects.filter(ordre="essai")


RECRUES = Faits(_recrues, "date_embauche", **de_la_personne(""))
DU_CM = Faits(_recrues, "date_embauche", nombre=Count("pk", filter=Q(membre_cm=True)), **de_la_personne(""))
MINUTES = Faits(_recrues, "date_embauche", nombre=Count("pk") * 90, **de_la_personne(""))


def _indicateur(code, nom, unite, faits, **suite):
    return Indicateur(
        code=f"mentorat.{code}",
        nom=nom,
        definition=f"{nom}, pour l’essai.",
        unite=unite,
        numerateur="Ce qu’on compte.",
        exigences=("R-072", "Q-21"),
        faits=faits,
        **suite,
    )


NOMBRE = _indicateur("recrues", "Recrues", Unite.NOMBRE, RECRUES, du_cadre=True)
HEURES = _indicateur("heures", "Heures d’accueil", Unite.HEURES, MINUTES, du_cadre=True)
PART = _indicateur("part", "Recrues du CM", Unite.PART, DU_CM, denominateur=RECRUES, denominateur_dit="Les recrues.")
PARTS = _indicateur(
    "parts", "Répartition par RLS", Unite.REPARTITION, Faits(_recrues, "date_embauche", par=F("installation__rls"))
)
CHIFFRES = ChiffresDeMesure("mentorat", (NOMBRE, HEURES, PART, PARTS))


def embaucher(nombre, *, comme, jour=JOUR, **champs):
    """Embauche `nombre` recrues dans le service et l’installation de la personne `comme`."""
    return PersonneFactory.create_batch(
        nombre,
        service=comme.service,
        titre_emploi=comme.titre_emploi,
        installation=champs.pop("installation", None) or comme.installation or Installation.objects.first(),
        ordre="essai",
        date_embauche=jour,
        **champs,
    )
