"""Les chiffres des communautés : combien elles sont, ce qu’elles font, ce qu’on en pense (R-142 à R-144)."""

from django.db.models import Count, Q, Sum
from django.urls import reverse

from cdp.droits import DROITS_COMMUNAUTE
from cdp.models import (
    TENUES,
    Adhesion,
    Communaute,
    Contribution,
    EtatAnnuel,
    EtatCommunaute,
    Heures,
    LigneRapport,
    RencontreCdp,
)
from cdp.models.annee import Atteinte, RapportAnnuel
from cdp.models.rencontre import ParticipationCdp, SorteContribution
from encadrement.indicateurs.registre import Faits, Indicateur, Unite, de_la_personne, entre_les_jours
from encadrement.indicateurs.satisfaction import indicateur_de_satisfaction
from encadrement.rencontres.models import EN_PERSONNE
from encadrement.socle.temps import debut_du_jour


def _vivantes(periode, vers=""):
    """Rend le filtre des communautés agréées qui ont vécu dans la période, ne serait-ce qu’un jour (R-142)."""
    debut = debut_du_jour(periode.debut)
    finie_avant = Q(**{f"{vers}etat": EtatCommunaute.DISSOUTE, f"{vers}depuis__lt": debut})
    return Q(**{f"{vers}agreee_le__lte": periode.fin}) & ~finie_avant


def _membres_pendant(periode):
    encore = Q(fin__isnull=True) | Q(fin__gte=periode.debut)
    return encore & Q(debut__lte=periode.fin) & _vivantes(periode, "communaute__")


def _de_l_annee(chemin):
    return lambda periode: Q(**{chemin: periode.annee.debut_annee})


def _liste_des_communautes(personne, portee):
    return reverse("cdp:accueil") if DROITS_COMMUNAUTE.objets(personne, "suivre").exists() else ""


COMMUNAUTES = Faits(lambda personne: Communaute.objects.all(), _vivantes)
MEMBRES = Faits(
    lambda personne: Adhesion.objects.all(),
    _membres_pendant,
    nombre=Count("personne", distinct=True),
    **de_la_personne("personne"),
)
RAPPORTS = Faits(
    lambda personne: RapportAnnuel.objects.filter(etat=EtatAnnuel.APPROUVE),
    lambda periode: _de_l_annee("annee")(periode) & _vivantes(periode, "communaute__"),
)
RENOUVELLEMENTS = Faits(
    lambda personne: RapportAnnuel.objects.filter(etat=EtatAnnuel.APPROUVE),
    _de_l_annee("annee"),
    nombre=Count("pk", filter=Q(renouvellement_accorde=True)),
    sur=Count("pk"),
)
OBJECTIFS = Faits(
    lambda personne: LigneRapport.objects.filter(rapport__etat=EtatAnnuel.APPROUVE).exclude(atteinte=""),
    _de_l_annee("rapport__annee"),
    par="atteinte",
)
RENCONTRES = Faits(lambda personne: RencontreCdp.objects.tenues(), "debut__date")
# Une contribution ne se consigne qu’à une rencontre tenue.
CONTRIBUTIONS = Faits(lambda personne: Contribution.objects.all(), "apportee_le__date", par="sorte")
PRESENCES = Faits(
    lambda personne: ParticipationCdp.objects.filter(
        rencontre__etat__in=TENUES, est_invite=False, presente__isnull=False, personne__isnull=False
    ),
    "rencontre__debut__date",
    nombre=Count("pk", filter=Q(presente=True)),
    sur=Count("pk"),
    **de_la_personne("personne"),
)
VUES_EN_PERSONNE = Faits(
    lambda personne: RencontreCdp.objects.tenues().filter(mode__in=EN_PERSONNE),
    lambda periode: entre_les_jours("debut__date", *periode.bornes) & _vivantes(periode, "communaute__"),
    nombre=Count("communaute", distinct=True),
)
HEURES = Faits(lambda personne: Heures.objects.all(), "jour", nombre=Sum("minutes"), **de_la_personne("personne"))

INDICATEURS = (
    Indicateur(
        code="cdp.communautes",
        nom="Communautés de pratique",
        definition="Les communautés agréées qui ont vécu dans l’année, ne serait-ce qu’un jour.",
        unite=Unite.NOMBRE,
        numerateur="Communautés agréées avant la fin de l’année et non dissoutes avant son début.",
        exigences=("R-142",),
        faits=COMMUNAUTES,
        liste=_liste_des_communautes,
        du_cadre=True,
    ),
    Indicateur(
        code="cdp.membres",
        nom="Membres des communautés",
        definition="Les personnes membres d’une communauté dans l’année\xa0; qui l’est de deux compte une fois.",
        unite=Unite.NOMBRE,
        numerateur="Personnes dont une adhésion a couvert l’année, ne serait-ce qu’un jour.",
        manquantes="Une personne invitée à une rencontre sans être membre ne compte pas.",
        exigences=("R-142",),
        faits=MEMBRES,
        liste=_liste_des_communautes,
        du_cadre=True,
    ),
    *(
        indicateur_de_satisfaction(
            f"cdp.satisfaction_{qui}",
            f"cdp-{qui}",
            nom=f"Satisfaction des {libelle}",
            posees=f"une fois l’an aux {libelle}",
            exigences=("R-143",),
        )
        for qui, libelle in (
            ("membres", "membres"),
            ("parrain", "gestionnaires parrains"),
            ("gestionnaires", "gestionnaires des membres"),
        )
    ),
    Indicateur(
        code="cdp.rapports",
        nom="Rapports annuels approuvés",
        definition="Les rapports annuels signés et approuvés, par rapport aux communautés de l’année.",
        unite=Unite.PART,
        numerateur="Rapports de l’année approuvés par le parrain.",
        denominateur_dit="Communautés qui ont vécu dans l’année.",
        manquantes="Un rapport soumis et pas encore approuvé ne compte pas.",
        exigences=("R-144", "R-140"),
        faits=RAPPORTS,
        denominateur=COMMUNAUTES,
        liste=_liste_des_communautes,
        du_cadre=True,
    ),
    Indicateur(
        code="cdp.objectifs",
        nom="Atteinte des objectifs",
        definition="Ce que sont devenus les objectifs du plan d’action, d’après les rapports annuels approuvés.",
        unite=Unite.REPARTITION,
        numerateur="Objectifs dont le rapport de l’année dit l’atteinte.",
        manquantes="Un objectif laissé sans réponse, ou dont le rapport n’est pas approuvé, n’y est pas.",
        exigences=("R-144", "R-319", "R-486"),
        faits=OBJECTIFS,
        libelles=lambda categories: dict(Atteinte.choices),
        du_cadre=True,
    ),
    Indicateur(
        code="cdp.contributions",
        nom="Apprentissages et réalisations",
        definition="Ce que les membres ont apporté à leur communauté, par sorte\xa0: les rubriques du rapport annuel.",
        unite=Unite.REPARTITION,
        numerateur="Contributions consignées aux rencontres tenues dans la période.",
        periode="L’année financière, ou des mois entiers.",
        manquantes="Un nombre que le rapport annuel corrige à la main n’y est pas.",
        exigences=("R-144", "R-318", "R-319", "R-485"),
        faits=CONTRIBUTIONS,
        libelles=lambda categories: dict(SorteContribution.choices),
        du_cadre=True,
    ),
    Indicateur(
        code="cdp.rencontres",
        nom="Rencontres tenues",
        definition="Les rencontres que les communautés ont tenues\xa0: leur niveau d’activité.",
        unite=Unite.NOMBRE,
        numerateur="Rencontres tenues dans la période.",
        periode="L’année financière, ou des mois entiers.",
        manquantes="Une rencontre passée que personne n’a dite tenue ne compte pas.",
        exigences=("R-318", "R-485"),
        faits=RENCONTRES,
        liste=_liste_des_communautes,
    ),
    Indicateur(
        code="cdp.presences",
        nom="Présences aux rencontres",
        definition="Les présences des membres, par rapport à ceux qui étaient attendus.",
        unite=Unite.PART,
        numerateur="Présences notées aux rencontres tenues dans la période.",
        denominateur_dit="Présences et absences notées.",
        manquantes="Un invité, ou une présence que personne n’a notée, ne compte pas.",
        exigences=("R-318", "R-485"),
        faits=PRESENCES,
        liste=_liste_des_communautes,
    ),
    Indicateur(
        code="cdp.en_personne",
        nom="Communautés vues en personne",
        definition="Les communautés qui ont tenu au moins une rencontre en personne dans l’année.",
        unite=Unite.PART,
        numerateur="Communautés dont une rencontre en personne, ou à la fois en personne et à distance, s’est tenue.",
        denominateur_dit="Communautés qui ont vécu dans l’année.",
        exigences=("R-292", "R-457"),
        faits=VUES_EN_PERSONNE,
        denominateur=COMMUNAUTES,
        liste=_liste_des_communautes,
    ),
    Indicateur(
        code="cdp.renouvellements",
        nom="Communautés renouvelées",
        definition="Les communautés que leur parrain renouvelle, d’après les rapports annuels approuvés.",
        unite=Unite.PART,
        numerateur="Rapports de l’année où le renouvellement est accordé.",
        denominateur_dit="Rapports de l’année approuvés.",
        exigences=("R-377",),
        faits=RENOUVELLEMENTS,
        liste=_liste_des_communautes,
    ),
    Indicateur(
        code="cdp.heures",
        nom="Heures données hors des rencontres",
        definition="Le temps de préparation, de recherche, d’animation et d’administration que les membres consignent.",
        unite=Unite.HEURES,
        numerateur="Durées consignées pour la période.",
        manquantes="Le temps des rencontres elles-mêmes n’y est pas.",
        exigences=("R-036", "R-039", "R-126"),
        faits=HEURES,
    ),
)
