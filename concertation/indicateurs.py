"""Les chiffres du comité : rencontres, situations, satisfaction, orientations, délais (R-229 à R-231, R-236, R-237).

Qui est exclu d’une situation ne la retrouve dans aucun compte : un nombre de trop lui dirait qu’elle existe (N-02). Une
fois le bilan de l’année publié, son chiffre est à tous : chacun lit alors le même, sans quoi la différence le lui dirait.
"""

from dataclasses import dataclass

from django.db.models import BooleanField, Case, Count, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import ExtractYear, Greatest, TruncDate
from django.urls import reverse

from concertation.droits import DROITS_ORIENTATION, EXCLU, EXCLU_DE_LA_SITUATION
from concertation.models import (
    OUVERTES,
    EtatComite,
    EtatOrientation,
    Inscription,
    Orientation,
    PassageOrientation,
    PassageSituation,
    RencontreComite,
    SituationComplexe,
)
from encadrement.bilan_annuel.models import BilanAnnuel
from encadrement.indicateurs.registre import Faits, Indicateur, Unite, entre_les_jours
from encadrement.indicateurs.satisfaction import indicateur_de_satisfaction
from encadrement.indicateurs.sql import JoursEntre

CLOSES = tuple(set(EtatOrientation) - set(OUVERTES))


def situations_connues(personne):
    """Rend les situations, sans celles dont la personne est exclue : de quoi compter, jamais de quoi lire."""
    return SituationComplexe.objects.exclude(EXCLU.objets(personne, SituationComplexe))


def _presentations(personne):
    """Rend les inscriptions où la situation a été présentée, chacune avec le moment où sa demande a été attestée."""
    depots = PassageSituation.objects.filter(
        situation=OuterRef("situation"), transition="attester", quand__lte=OuterRef("presentee_le")
    ).order_by("-quand")
    presentees = Inscription.objects.exclude(presentee_le=None).annotate(depose_le=Subquery(depots.values("quand")[:1]))
    connues = ~EXCLU_DE_LA_SITUATION.objets(personne, Inscription)
    return _a_compter(presentees, connues, "rencontre__debut").order_by("presentee_le")


def _a_compter(lignes, connues, instant):
    """Rend les lignes connues de la personne, et toutes celles d’une année dont un bilan publié donne le chiffre."""
    avant_avril = Case(When(**{f"{instant}__month__lt": 4}, then=Value(1)), default=Value(0))
    publies = BilanAnnuel.objects.filter(diffuse=True).filter(
        # Un bilan donne le chiffre de son année et celui de la précédente.
        Q(annee=OuterRef("annee_du_fait")) | Q(annee=OuterRef("annee_du_fait") + 1)
    )
    return lignes.annotate(annee_du_fait=ExtractYear(instant) - avant_avril).filter(connues | Exists(publies))


# — Les orientations


def est_close():
    """Rend l’expression « cette orientation est close »."""
    return Case(When(etat__in=CLOSES, then=Value(True)), default=Value(False), output_field=BooleanField())


def _orientations(personne):
    connues = ~EXCLU_DE_LA_SITUATION.objets(personne, Orientation)
    return _a_compter(Orientation.objects.all(), connues, "rencontre__debut")


def _connues(personne):
    return Orientation.objects.exclude(EXCLU_DE_LA_SITUATION.objets(personne, Orientation))


def orientations_des_themes(themes, personne):
    """Rend les orientations des situations classées sous ces thèmes (R-226)."""
    return _connues(personne).filter(
        situation__in=SituationComplexe.objects.filter(themes__in=themes.values("pk")).values("pk")
    )


@dataclass(frozen=True)
class Application:
    """Ce que des orientations sont devenues."""

    nombre: int
    appliquees: int
    non_appliquees: int

    @property
    def ouvertes(self):
        return self.nombre - self.closes

    @property
    def closes(self):
        return self.appliquees + self.non_appliquees

    @property
    def taux(self):
        """Rend le taux d’application en pour cent des orientations closes, ou None s’il n’y en a aucune."""
        return round(100 * self.appliquees / self.closes) if self.closes else None


_COMPTES = {
    "nombre": Count("pk"),
    "appliquees": Count("pk", filter=Q(etat=EtatOrientation.APPLIQUEE)),
    "non_appliquees": Count("pk", filter=Q(etat=EtatOrientation.NON_APPLIQUEE)),
}


def application(orientations):
    """Rend l’Application de ces orientations : appliquées, non appliquées, encore ouvertes."""
    return Application(**orientations.order_by().aggregate(**_COMPTES))


def _premieres_presentations(personne):
    """Rend la première fois que chaque situation a été présentée, avec son dépôt attesté."""
    avant = Inscription.objects.filter(situation=OuterRef("situation"), presentee_le__lt=OuterRef("presentee_le"))
    return _presentations(personne).filter(~Exists(avant)).exclude(depose_le=None)


def _appliquees(personne):
    """Rend les orientations appliquées, chacune avec le jour où on l’a dit."""
    derniers = PassageOrientation.objects.filter(orientation=OuterRef("pk"), transition="appliquer").order_by("-quand")
    return (
        _orientations(personne)
        .filter(etat=EtatOrientation.APPLIQUEE)
        .annotate(appliquee_le=Subquery(derniers.values("quand")[:1]))
        .exclude(appliquee_le=None)
    )


def _jours(debut, fin):
    # Une rencontre ramenée avant le dépôt par erreur ne fait pas attendre moins que rien.
    return Greatest(JoursEntre(TruncDate(debut), TruncDate(fin)), Value(0))


def _presentees_pendant(periode):
    return entre_les_jours("rencontre__debut__date", *periode.bornes)


def _calendrier(personne, portee):
    return reverse("concertation:comite")


def _suivi_des_orientations(personne, portee):
    if not DROITS_ORIENTATION.objets(personne, "suivre").exists():
        return ""
    directions = portee.territoire.directions
    choix = f"?direction={min(directions)}" if len(directions) == 1 else ""
    return reverse("concertation:orientations") + choix


# Une situation est une personne : un groupe de moins de cinq situations ne se montre pas.
_DES_DIRECTIONS = {"personnes": "situation", "direction": "direction", "une_cellule": False}

RENCONTRES = Faits(lambda personne: RencontreComite.objects.filter(etat=EtatComite.TENUE), "debut__date")
# Un nombre pour l’établissement et l’année : rien n’y est croisé, il se lit tel quel.
SITUATIONS = Faits(_presentations, _presentees_pendant, nombre=Count("situation", distinct=True))
PRESENTATIONS = Faits(
    _premieres_presentations, _presentees_pendant, personnes="situation", par=_jours("depose_le", "rencontre__debut")
)
ORIENTATIONS = Faits(_orientations, "rencontre__debut__date", par="etat", **_DES_DIRECTIONS)
APPLICATION = Faits(
    _orientations,
    "rencontre__debut__date",
    nombre=Count("pk", filter=Q(etat=EtatOrientation.APPLIQUEE)),
    sur=Count("pk", filter=Q(etat__in=CLOSES)),
    **_DES_DIRECTIONS,
)
APPLIQUEES = Faits(_appliquees, "appliquee_le__date", par=_jours("rencontre__debut", "appliquee_le"), **_DES_DIRECTIONS)

INDICATEURS = (
    Indicateur(
        code="concertation.rencontres",
        nom="Rencontres du comité",
        definition="Les rencontres que le comité a tenues, mensuelles et supplémentaires.",
        unite=Unite.NOMBRE,
        numerateur="Rencontres tenues dans la période.",
        periode="L’année financière, ou des mois entiers\xa0; pour l’établissement.",
        exigences=("R-229",),
        faits=RENCONTRES,
        liste=_calendrier,
        du_cadre=True,
    ),
    Indicateur(
        code="concertation.situations",
        nom="Situations traitées en comité",
        definition="Les situations présentées au comité\xa0; ramenée deux fois, une situation n’en est qu’une.",
        unite=Unite.NOMBRE,
        numerateur="Situations présentées à une rencontre de l’année.",
        periode="L’année financière, pour l’établissement.",
        manquantes="Une situation reportée, ou encore inscrite, ne compte pas.",
        exigences=("R-230",),
        faits=SITUATIONS,
        du_cadre=True,
    ),
    *(
        indicateur_de_satisfaction(
            f"concertation.satisfaction_{code}",
            f"concertation-{code}",
            nom=f"Satisfaction des acteurs, {quand}",
            posees=f"à {qui}",
            exigences=("R-231",),
        )
        for code, quand, qui in (
            ("rencontre", "après la rencontre", "chacun après une rencontre"),
            ("annuelle", "à l’année", "tous les acteurs une fois l’an"),
        )
    ),
    Indicateur(
        code="concertation.application",
        nom="Orientations appliquées",
        definition="Les orientations appliquées, par rapport à celles qui sont closes.",
        unite=Unite.PART,
        numerateur="Orientations prises aux rencontres de la période et dites appliquées.",
        denominateur_dit="Celles de ces orientations qui sont appliquées ou non appliquées.",
        periode="L’année financière\xa0; la direction est celle que l’orientation vise.",
        manquantes="Une orientation à faire, en cours ou reportée n’y est pas encore.",
        exigences=("R-254", "R-225"),
        faits=APPLICATION,
        liste=_suivi_des_orientations,
    ),
    Indicateur(
        code="concertation.orientations",
        nom="Ce que deviennent les orientations",
        definition="L’état d’aujourd’hui des orientations prises dans l’année.",
        unite=Unite.REPARTITION,
        numerateur="Orientations prises aux rencontres de l’année, par état.",
        exigences=("R-244", "R-254"),
        faits=ORIENTATIONS,
        libelles=lambda categories: dict(EtatOrientation.choices),
        liste=_suivi_des_orientations,
    ),
    Indicateur(
        code="concertation.delai_presentation",
        nom="Délai jusqu’au comité",
        definition="Le temps médian entre la demande attestée par le gestionnaire et la première rencontre.",
        unite=Unite.JOURS,
        numerateur="Médiane des jours civils, pour les situations présentées une première fois dans l’année.",
        exigences=("R-236",),
        faits=PRESENTATIONS,
    ),
    Indicateur(
        code="concertation.delai_application",
        nom="Délai d’application des orientations",
        definition="Le temps médian entre la rencontre et l’application d’une orientation.",
        unite=Unite.JOURS,
        numerateur="Médiane des jours civils, pour les orientations dites appliquées dans la période.",
        exigences=("R-244", "R-254"),
        faits=APPLIQUEES,
        liste=_suivi_des_orientations,
    ),
)
