"""Les chiffres de la consultation : combien, combien d’heures, sur quoi, ce qu’elles valent (R-184, R-186 à R-189)."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Case, CharField, Count, Exists, Min, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse

from consultation.droits import DROITS_SUJET, voit_tout_le_suivi
from consultation.models import (
    DemandeConsultation,
    EtatConsultation,
    LigneSuivi,
    PassageConsultation,
    Suite,
    SujetConsultation,
)
from encadrement.indicateurs.registre import Faits, Indicateur, Unite, de_la_personne
from encadrement.indicateurs.satisfaction import indicateur_de_satisfaction
from encadrement.indicateurs.sql import JoursEntre
from encadrement.socle.temps import AnneeFinanciere, jour_local

_SUJET = Coalesce("sujet__fusionne_dans", "sujet")


def annees(lignes=None):
    """Rend les années financières où des consultations se sont tenues, la plus récente d’abord ; celle en cours y est."""
    courante = AnneeFinanciere.du(jour_local())
    lignes = LigneSuivi.objects.all() if lignes is None else lignes
    premiere = lignes.order_by().aggregate(jour=Min("jour"))["jour"]
    plus_ancienne = AnneeFinanciere.du(premiere).debut_annee if premiere else courante.debut_annee
    return [AnneeFinanciere(annee) for annee in range(courante.debut_annee, plus_ancienne - 1, -1)]


def lignes_de(annee):
    """Rend les consultations tenues dans l’année, par leur date au tableau de suivi."""
    return LigneSuivi.objects.filter(jour__range=annee.bornes)


@dataclass(frozen=True)
class Total:
    """Un nombre de consultations et leurs minutes."""

    nombre: int
    minutes: int


def total(lignes):
    """Rend le Total de ces lignes."""
    compte = lignes.order_by().aggregate(nombre=Count("pk"), duree=Sum("minutes"))
    return Total(compte["nombre"], compte["duree"] or 0)


@dataclass(frozen=True)
class Frequence:
    """Ce qu’on a consulté sur un sujet ; `a_la_dsm` : les demandes que le CISSS n’a pu résoudre seul."""

    sujet: SujetConsultation
    nombre: int
    minutes: int
    demandeurs: int
    a_la_dsm: int


def frequences(lignes, transmises=None):
    """Rend la Frequence de chaque sujet, le besoin de formation le plus pressant d’abord (R-184).

    `transmises` : les passages de transmission à la DSM de la même période. Un sujet sans expert au CISSS y paraît même
    si aucune consultation ne s’est tenue.
    """
    tenus = {
        ligne.pop("en_vigueur"): ligne
        for ligne in lignes.order_by()
        .values(en_vigueur=_SUJET)
        .annotate(nombre=Count("pk"), duree=Sum("minutes"), gens=Count("demandeur", distinct=True))
    }
    venues = _transmises_par_sujet(transmises) if transmises is not None else {}
    sujets = SujetConsultation.objects.in_bulk({*tenus, *venues})
    vide = {"nombre": 0, "duree": 0, "gens": 0}
    comptes = [
        Frequence(sujet, compte["nombre"], compte["duree"], compte["gens"], venues.get(pk, 0))
        for pk, sujet in sujets.items()
        for compte in [tenus.get(pk, vide)]
    ]
    return sorted(comptes, key=lambda f: (-f.nombre, -f.a_la_dsm, -f.minutes, f.sujet.cle))


def _transmises_par_sujet(passages):
    en_vigueur = Coalesce("demande__sujet__fusionne_dans", "demande__sujet")
    lignes = passages.order_by().values_list(en_vigueur).annotate(nombre=Count("demande", distinct=True))
    return {pk: nombre for pk, nombre in lignes if pk is not None}


def transmissions(debut=None, fin=None, direction=None):
    """Rend les passages de transmission à la DSM d’une période et d’une direction ; sans borne, tous."""
    passages = PassageConsultation.objects.filter(transition="transmettre")
    if debut:
        passages = passages.filter(quand__date__gte=debut)
    if fin:
        passages = passages.filter(quand__date__lte=fin)
    return passages.filter(demande__demandeur__service__direction=direction) if direction else passages


# — L’échelon où s’arrêtent les consultations, et le temps qu’elles prennent (produit, section 7)

E = EtatConsultation
ECHELONS = (
    ("Ses propres recherches", (E.BROUILLON,)),
    ("Discussion avec le gestionnaire", (E.A_DISCUTER, E.NON_PERTINENTE)),
    ("Expert du CISSS", (E.AUTORISEE, E.CHEZ_EXPERT, E.ACCEPTEE, E.AVIS_RENDU)),
    ("Direction des services multidisciplinaires", (E.FORMULAIRE, E.TRANSMISE, E.ANALYSEE)),
    ("RUISSS UL", (E.AU_RUISSS, E.EN_CONTACT)),
    ("Comité de concertation", (E.AU_COMITE,)),
)


# — Le retour à chaque expert


@dataclass(frozen=True)
class Bilan:
    """Ce qu’un expert a donné dans l’année : ses consultations, par sujet, et ce que les demandeurs en ont fait."""

    total: Total
    demandeurs: int
    sujets: list
    suites: dict


def bilan(expert, annee):
    """Rend le Bilan d’un expert pour une année financière (R-205)."""
    lignes = lignes_de(annee).filter(expert=expert)
    suites = dict(
        lignes.filter(sollicitation__isnull=False)
        .order_by()
        .values_list("sollicitation__demande__suite")
        .annotate(nombre=Count("pk"))
    )
    return Bilan(
        total=total(lignes),
        demandeurs=lignes.order_by().aggregate(nombre=Count("demandeur", distinct=True))["nombre"],
        sujets=frequences(lignes),
        suites={suite.label: suites[suite.value] for suite in Suite if suites.get(suite.value)},
    )


# — Au tableau de bord

SANS_SUJET = "sujet à préciser"
A_CLASSER = "sujets à classer"
DANS_L_ANNEE_OU_DES_MOIS = "L’année financière, ou des mois entiers."
_DU_DEMANDEUR = (
    "Une personne compte dans le service où elle est aujourd’hui\xa0; le tableau de suivi garde la direction du jour."
)
FINALES = (E.FERMEE, E.RETIREE, E.NON_PERTINENTE, E.AU_COMITE)
# Fermée ou retirée, elle s’est arrêtée là d’où elle vient ; sinon, là où on l’a menée.
_OU_ELLE_S_ARRETE = Case(
    *(
        When(Q(vers__in=(E.FERMEE, E.RETIREE), de__in=etats) | Q(vers__in=etats), then=Value(str(rang)))
        for rang, (_, etats) in enumerate(ECHELONS)
    ),
    default=Value(""),
    output_field=CharField(),
)


def _en_vigueur(chemin):
    """Rend l’expression du sujet en vigueur ; ce que la DSM n’a pas classé ne se lit que réuni."""
    return Case(
        When(
            Q(**{f"{chemin}__a_classer": True, f"{chemin}__fusionne_dans": None})
            | Q(**{f"{chemin}__fusionne_dans__a_classer": True}),
            then=Value(A_CLASSER),
        ),
        When(Q(**{chemin: None}), then=Value(SANS_SUJET)),
        default=Coalesce(f"{chemin}__fusionne_dans__libelle", f"{chemin}__libelle"),
        output_field=CharField(),
    )


def _du_cisss(personne):
    return LigneSuivi.objects.filter(expert_externe="")


def _du_ruisss(personne):
    return LigneSuivi.objects.exclude(expert_externe="")


def _premiers_avis(personne):
    """Rend le premier avis de chaque demande, avec la dernière fois qu’elle avait été présentée au gestionnaire."""
    passages = PassageConsultation.objects.filter(demande=OuterRef("demande"), pk__lt=OuterRef("pk"))
    presentations = passages.filter(transition="soumettre").order_by("-pk")
    return (
        PassageConsultation.objects.filter(~Exists(passages.filter(transition="rendre_avis")), transition="rendre_avis")
        .annotate(presentee_le=Subquery(presentations.values("quand")[:1]))
        .exclude(presentee_le=None)
    )


def _tableau_de_suivi(provenance=""):
    def liste(personne, portee):
        if not voit_tout_le_suivi(personne):
            return ""
        periode, territoire = portee.periode, portee.territoire
        choix = {"annee": periode.annee.debut_annee, "provenance": provenance}
        if not periode.est_une_annee:
            choix |= {"du": periode.debut, "au": periode.fin}
        if len(territoire.directions) == 1:
            choix["direction"] = min(territoire.directions)
        return f"{reverse('consultation:suivi')}?{urlencode({nom: valeur for nom, valeur in choix.items() if valeur})}"

    return liste


def _besoins_de_formation(personne, portee):
    if not DROITS_SUJET.peut(personne, "voir_ensemble", None):
        return ""
    return f"{reverse('consultation:sujets')}?annee={portee.periode.annee.debut_annee}"


def _lignes(lignes, **options):
    return Faits(lignes, "jour", **de_la_personne("demandeur"), **options)


TRANSMISES = Faits(
    lambda personne: PassageConsultation.objects.filter(transition="transmettre"),
    "quand__date",
    nombre=Count("demande", distinct=True),
    par=_en_vigueur("demande__sujet"),
    **de_la_personne("demande__demandeur"),
)
ARRETS = Faits(
    lambda personne: PassageConsultation.objects.filter(vers__in=FINALES),
    "quand__date",
    par=_OU_ELLE_S_ARRETE,
    **de_la_personne("demande__demandeur"),
)
DELAIS = Faits(
    _premiers_avis,
    "quand__date",
    par=JoursEntre(TruncDate("presentee_le"), TruncDate("quand")),
    **de_la_personne("demande__demandeur"),
)
SUITES = Faits(
    lambda personne: DemandeConsultation.objects.filter(etat=E.FERMEE).exclude(suite=""),
    "depuis__date",
    par="suite",
    **de_la_personne("demandeur"),
)

INDICATEURS = (
    *(
        Indicateur(
            code=f"consultation.nombre_{code}",
            nom=f"Consultations d’experts du {qui}",
            definition=f"Les consultations tenues avec un expert du {qui}, d’après le tableau de suivi.",
            unite=Unite.NOMBRE,
            numerateur="Lignes du tableau de suivi, à la date de la consultation.",
            periode=DANS_L_ANNEE_OU_DES_MOIS,
            manquantes=f"Une consultation que personne n’a inscrite au tableau ne compte pas. {_DU_DEMANDEUR}",
            exigences=("R-186",),
            faits=_lignes(lignes),
            liste=_tableau_de_suivi(code),
            du_cadre=True,
        )
        for code, qui, lignes in (("cisss", "CISSS", _du_cisss), ("ruisss", "RUISSS UL", _du_ruisss))
    ),
    *(
        Indicateur(
            code=f"consultation.heures_{code}",
            nom=f"Heures offertes par les experts du {qui}",
            definition=f"Le temps de consultation offert par les experts du {qui}, d’après le tableau de suivi.",
            unite=Unite.HEURES,
            numerateur="Durée des consultations tenues dans la période.",
            periode=DANS_L_ANNEE_OU_DES_MOIS,
            manquantes=f"Une consultation que personne n’a inscrite au tableau ne compte pas. {_DU_DEMANDEUR}",
            exigences=("R-188",),
            faits=_lignes(lignes, nombre=Sum("minutes")),
            liste=_tableau_de_suivi(code),
            du_cadre=True,
        )
        for code, qui, lignes in (("cisss", "CISSS", _du_cisss), ("ruisss", "RUISSS UL", _du_ruisss))
    ),
    Indicateur(
        code="consultation.sujets",
        nom="Sujets des consultations",
        definition=(
            "Ce sur quoi on a consulté les experts du CISSS, le plus fréquent d’abord\xa0: les besoins de formation "
            "prioritaires."
        ),
        unite=Unite.REPARTITION,
        numerateur="Consultations d’experts du CISSS au tableau de suivi, par sujet en vigueur.",
        manquantes=(
            "Un sujet en texte libre que la DSM n’a pas classé compte avec les sujets à classer\xa0; ceux qu’on a portés au "
            "RUISSS UL sont dans «\xa0Sujets que le CISSS n’a pu résoudre seul\xa0»."
        ),
        exigences=("R-184", "R-187"),
        # Avec celles du RUISSS UL, la différence d’avec les consultations du CISSS dirait ce qu’on masque (N-06).
        faits=_lignes(_du_cisss, par=_en_vigueur("sujet")),
        liste=_besoins_de_formation,
        du_cadre=True,
    ),
    *(
        indicateur_de_satisfaction(
            f"consultation.satisfaction_{code}",
            questionnaire,
            nom=f"Satisfaction des {libelle}",
            posees=quand,
            exigences=exigences,
        )
        for code, questionnaire, libelle, quand, exigences in (
            (
                "demandeurs",
                "consultation-demandeur",
                "demandeurs, à la fermeture",
                "aux demandeurs à la fermeture de chaque consultation",
                ("R-189",),
            ),
            (
                "demandeurs_annuelle",
                "consultation-demandeurs-annuelle",
                "demandeurs, à l’année",
                "une fois l’an aux demandeurs",
                ("R-185", "R-189"),
            ),
            (
                "experts",
                "consultation-experts",
                "experts du CISSS",
                "une fois l’an aux experts du CISSS",
                ("R-185", "R-189"),
            ),
            (
                "gestionnaires",
                "consultation-gestionnaires",
                "gestionnaires des demandeurs",
                "une fois l’an aux gestionnaires des demandeurs",
                (),
            ),
        )
    ),
    Indicateur(
        code="consultation.echelons",
        nom="Échelon où s’arrêtent les consultations",
        definition="La marche où chaque demande terminée s’est arrêtée, de ses propres recherches au comité.",
        unite=Unite.REPARTITION,
        numerateur="Demandes fermées, retirées, jugées non pertinentes ou confiées au comité dans l’année.",
        manquantes="Une demande encore en cours n’y est pas\xa0; une consultation entre deux portes non plus.",
        exigences=("R-177",),
        faits=ARRETS,
        libelles=lambda categories: {str(rang): echelon for rang, (echelon, _) in enumerate(ECHELONS)},
    ),
    Indicateur(
        code="consultation.delai",
        nom="Délai jusqu’à l’avis",
        definition="Le temps médian entre la demande présentée au gestionnaire et le premier avis.",
        unite=Unite.JOURS,
        numerateur="Médiane des jours civils, pour les premiers avis rendus dans la période.",
        periode=DANS_L_ANNEE_OU_DES_MOIS,
        manquantes="Reprise puis présentée de nouveau, une demande attend depuis la dernière fois.",
        exigences=("R-180",),
        faits=DELAIS,
    ),
    Indicateur(
        code="consultation.besoins",
        nom="Sujets que le CISSS n’a pu résoudre seul",
        definition="Les demandes transmises à la DSM, par sujet\xa0: là où une expertise manque.",
        unite=Unite.REPARTITION,
        numerateur="Demandes transmises à la DSM dans l’année, par sujet en vigueur.",
        exigences=("R-181", "R-184"),
        faits=TRANSMISES,
        liste=_besoins_de_formation,
    ),
    Indicateur(
        code="consultation.suites",
        nom="Ce que les consultations ont changé",
        definition="Ce qu’en disent les demandeurs à la fermeture.",
        unite=Unite.REPARTITION,
        numerateur="Demandes fermées dans l’année, par suite.",
        manquantes="Une demande close sans nouvelles du demandeur n’y est pas.",
        exigences=("R-189",),
        faits=SUITES,
        libelles=lambda categories: dict(Suite.choices),
    ),
)
