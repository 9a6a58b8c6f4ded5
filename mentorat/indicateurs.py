"""Les chiffres du mentorat : bénéficiaires sur éligibles, satisfaction, heures offertes (R-072 à R-074)."""

from urllib.parse import urlencode

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Concat, TruncDate
from django.urls import reverse

from encadrement.indicateurs.registre import Faits, Indicateur, Unite, de_la_personne, entre_les_jours
from encadrement.indicateurs.satisfaction import indicateur_de_satisfaction
from encadrement.indicateurs.sql import JoursEntre
from encadrement.personnes.models import MUTATION, Personne
from mentorat.droits import DROITS_ENTENTE
from mentorat.models import (
    Couleur,
    DemandeMentorat,
    Entente,
    EtatEntente,
    EtatObjectif,
    IdentifiePar,
    PassageEntente,
    RencontreMentorat,
    Sorte,
)


def _approuvees(personne):
    return Entente.objects.exclude(prise_d_effet=None)


def _eligibles_de(periode):
    """Rend les filtres des personnes éligibles d’une période : embauchées, sinon mutées, sinon désignées (Q-21).

    Trois filtres plutôt qu’un « ou » : chacun a son index, l’ensemble n’en aurait aucun et lirait tout le personnel.
    """
    en_poste = Q(membre_cm=True, is_active=True)
    embauchees = Q(date_embauche__range=periode.bornes)
    mutees = MUTATION & Q(date_entree_service__range=periode.bornes)
    arrivees = Personne.objects.filter(en_poste, pk=OuterRef("mentore"))
    designees = DemandeMentorat.objects.filter(
        ~Exists(arrivees.filter(embauchees)),
        ~Exists(arrivees.filter(mutees)),
        entre_les_jours("cree_le__date", *periode.bornes),
        identifie_par__in=(IdentifiePar.GESTIONNAIRE, IdentifiePar.LES_DEUX),
    )
    return (
        en_poste & embauchees,
        en_poste & mutees & ~embauchees,
        Q(pk__in=designees.order_by().values("mentore")),
    )


def _attendues(personne):
    """Rend les ententes approuvées, chacune avec le jour où elle a été présentée au gestionnaire."""
    presentees = PassageEntente.objects.filter(entente=OuterRef("pk"), vers=EtatEntente.A_APPROUVER).order_by("-quand")
    return (
        _approuvees(personne).annotate(presentee_le=Subquery(presentees.values("quand")[:1])).exclude(presentee_le=None)
    )


def _objectifs_suivis(personne):
    """Rend les objectifs évalués deux fois, à la mi-temps et à la fin, dans les ententes closes."""
    return EtatObjectif.objects.filter(
        bilan__sorte=Sorte.FINAL,
        bilan__entente__etat=EtatEntente.CLOSE,
        objectif__etats__bilan__sorte=Sorte.MI_TEMPS,
    ).annotate(avant=F("objectif__etats__couleur"))


def _liste_des_ententes(personne, portee):
    if not DROITS_ENTENTE.objets(personne).exists():
        return ""
    return f"{reverse('mentorat:ententes')}?{urlencode(portee.choix)}"


def _mouvements(categories):
    """Rend les libellés des mouvements d’une couleur à l’autre : « rouge → vert »."""
    return {
        f"{avant}>{apres}": f"{avant.value} → {apres.value}" if avant != apres else f"resté {avant.value}"
        for avant in Couleur
        for apres in Couleur
    }


ENTENTES = Faits(_approuvees, ("debut", "fin"), nombre=Count("mentore", distinct=True), **de_la_personne("mentore"))
ELIGIBLES = Faits(lambda personne: Personne.objects.all(), _eligibles_de, retenu=True, **de_la_personne(""))
RENCONTRES = Faits(
    lambda personne: RencontreMentorat.objects.all(),
    "jour",
    nombre=Sum("minutes"),
    **de_la_personne("entente__mentore"),
)
ATTENTES = Faits(
    _attendues,
    "prise_d_effet__date",
    par=JoursEntre(TruncDate("presentee_le"), TruncDate("prise_d_effet")),
    **de_la_personne("mentore"),
)
OBJECTIFS = Faits(
    _objectifs_suivis,
    "bilan__entente__depuis__date",
    par=Concat("avant", Value(">"), "couleur", output_field=CharField()),
    **de_la_personne("bilan__entente__mentore"),
)

INDICATEURS = (
    Indicateur(
        code="mentorat.beneficiaires",
        nom="Bénéficiaires sur éligibles",
        definition="Les intervenants qui ont bénéficié du mentorat, par rapport à ceux qui y étaient éligibles.",
        unite=Unite.PART,
        numerateur="Personnes mentorées dont une entente approuvée a couvert la période.",
        denominateur_dit=(
            "Membres actifs du conseil multidisciplinaire embauchés ou mutés dans la période, ou dont un gestionnaire a "
            "désigné le besoin\xa0; la DSM peut retenir un autre nombre."
        ),
        manquantes=(
            "Une personne sans date d’embauche ni d’entrée dans son service n’est éligible que désignée. Une entente "
            "commencée l’année d’avant compte encore dans celle-ci\xa0: la part peut dépasser 100\xa0%."
        ),
        exigences=("R-072", "Q-21"),
        faits=ENTENTES,
        denominateur=ELIGIBLES,
        liste=_liste_des_ententes,
        du_cadre=True,
    ),
    Indicateur(
        code="mentorat.heures",
        nom="Heures de mentorat offertes",
        definition="Le temps des rencontres consignées au journal des dyades, sans l’orientation.",
        unite=Unite.HEURES,
        numerateur="Durée des rencontres tenues dans la période.",
        manquantes="Une rencontre qui n’est pas consignée ne compte pas.",
        exigences=("R-074", "R-067"),
        faits=RENCONTRES,
        liste=_liste_des_ententes,
        du_cadre=True,
    ),
    *(
        indicateur_de_satisfaction(
            f"mentorat.satisfaction_{titre}",
            f"mentorat-{titre}",
            nom=f"Satisfaction des {libelle}",
            posees=f"aux {libelle} à la fin de l’entente",
            exigences=("R-073",),
        )
        for titre, libelle in (("mentor", "mentors"), ("mentore", "mentorés"))
    ),
    Indicateur(
        code="mentorat.attente",
        nom="Délai d’approbation",
        definition="Le temps médian entre une entente signée des deux parties et son approbation par le gestionnaire.",
        unite=Unite.JOURS,
        numerateur="Médiane des jours civils, pour les ententes approuvées dans la période.",
        exigences=("R-070",),
        faits=ATTENTES,
        liste=_liste_des_ententes,
    ),
    Indicateur(
        code="mentorat.mouvement",
        nom="Objectifs, de la mi-temps à la fin",
        definition="Où en étaient les objectifs à la mi-temps, et où ils en sont à l’évaluation finale.",
        unite=Unite.REPARTITION,
        numerateur="Objectifs évalués aux deux bilans, dans les ententes closes dans la période.",
        manquantes="Un objectif ajouté après la mi-temps n’y est pas.",
        exigences=("R-337",),
        faits=OBJECTIFS,
        libelles=_mouvements,
    ),
)
