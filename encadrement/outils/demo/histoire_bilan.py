"""Le bilan de l’an dernier, publié, celui de cette année, en rédaction, et ce que la DSM en recommande (R-024, R-083)."""

import datetime

from encadrement.bilan_annuel.actions import bilans, recommandations
from encadrement.bilan_annuel.models import BilanAnnuel
from encadrement.outils.horloge import au
from encadrement.socle.temps import AnneeFinanciere, jour_local

JOUR = datetime.timedelta(days=1)
TEXTES = {
    "introduction": (
        "Ce bilan suit les quatre mesures d’encadrement clinique pendant l’année financière. Les chiffres disent ce qui "
        "s’est fait\xa0; les textes, ce que la DSM et ses partenaires en retiennent.\n\n"
        "Les petits nombres ne se montrent pas\xa0: dans nos équipes, un chiffre peut suffire à reconnaître quelqu’un."
    ),
    "mesure_mentorat": (
        "Les dyades se forment surtout autour d’une arrivée ou d’un changement de programme. Les bilans de mi-temps "
        "arrivent encore tard, et c’est là que se jouent les objectifs. Les mentors demandent qu’on leur libère du temps "
        "à date fixe plutôt qu’au besoin."
    ),
    "mesure_cdp": (
        "Les communautés qui se réunissent en personne au moins une fois dans l’année gardent leurs membres. Ce qu’elles "
        "produisent circule\xa0: les outils sont repris d’un RLS à l’autre."
    ),
    "mesure_consultation": (
        "La plupart des questions se règlent avant la DSM. Deux sujets reviennent souvent\xa0; ils ont nourri le plan de "
        "formation."
    ),
    "mesure_concertation": (
        "Le comité s’est réuni chaque mois. Les orientations qui ont une personne et une date sont celles qui "
        "s’appliquent."
    ),
    "conclusion": "L’année qui vient, la DSM veut agir sur trois choses\xa0: le temps des mentors, la mi-temps, les suites.",
}
# (mesure, recommandation, responsable)
FORMER = ("mentorat", "Offrir la formation de mentor dans chaque RLS, à l’automne et au printemps.", "appr")
LIBERER = ("mentorat", "Convenir avec chaque équipe du temps libéré pour les mentors, à date fixe.", "gestionnaire")
REUNIR = ("cdp", "Réunir chaque communauté en personne au moins une fois dans l’année.", "parrain")
COMPTER = ("consultation", "Tenir un registre papier des consultations informelles.", "appr")
SUIVRE = ("concertation", "Ouvrir chaque rencontre par les orientations de la précédente.", "coordonnatrice")


def jouer(troupe):
    """Joue deux années de recommandations, un bilan publié et un brouillon ; `troupe` vient de `comptes.troupe()`."""
    courante = AnneeFinanciere.du(jour_local())
    _ancienne(troupe, courante.precedente)
    _publie(troupe, courante.precedente)
    with au(jour_local() - 3 * JOUR):
        brouillon = bilans.ouvrir_bilan(courante.debut_annee, par=troupe.appr)
        bilans.ecrire_bilan(
            brouillon,
            par=troupe.appr,
            mesure_mentorat="Les bilans de mi-temps arrivent plus tôt\xa0; à vérifier en mars.",
        )


def _ancienne(d, annee):
    """Une recommandation du bilan d’avant, réalisée pendant l’année."""
    with au(annee.debut + 40 * JOUR):
        proposee = _proposer(d, FORMER, annee.precedente, annee.fin - 60 * JOUR)
    with au(annee.debut + 150 * JOUR):
        recommandations.commencer_recommandation(proposee, par=d.appr)
        recommandations.suivre_recommandation(proposee, par=d.appr, texte="Deux RLS sur quatre, cet automne.")
    with au(annee.fin - 45 * JOUR):
        recommandations.realiser_recommandation(
            proposee,
            par=d.appr,
            motif="La formation s’est donnée dans les quatre RLS\xa0; elle revient chaque printemps.",
        )


def _publie(d, annee):
    aujourdhui = jour_local()
    with au(min(annee.fin + 30 * JOUR, aujourdhui)):
        liberer = _proposer(d, LIBERER, annee, aujourdhui + 45 * JOUR)
        reunir = _proposer(d, REUNIR, annee, aujourdhui - 10 * JOUR)
        compter = _proposer(d, COMPTER, annee, aujourdhui + 90 * JOUR)
        _proposer(d, SUIVRE, annee, aujourdhui + 120 * JOUR)
        bilan = bilans.ouvrir_bilan(annee.debut_annee, par=d.appr)
        bilans.ecrire_bilan(bilan, par=d.appr, **TEXTES)
    with au(min(annee.fin + 55 * JOUR, aujourdhui)):
        bilans.publier_bilan(BilanAnnuel.objects.get(pk=bilan.pk), par=d.dsm)
    with au(min(annee.fin + 90 * JOUR, aujourdhui)):
        recommandations.commencer_recommandation(reunir, par=d.parrain)
        recommandations.suivre_recommandation(reunir, par=d.parrain, texte="Une communauté sur trois s’est réunie.")
        recommandations.abandonner_recommandation(
            compter,
            par=d.dsm,
            motif="Le tableau de suivi les reçoit maintenant\xa0: un registre de plus ferait double emploi.",
        )
        recommandations.commencer_recommandation(liberer, par=d.gestionnaire)


def _proposer(d, ligne, annee, echeance):
    mesure, libelle, responsable = ligne
    return recommandations.proposer_recommandation(
        par=d.dsm,
        mesure=mesure,
        libelle=libelle,
        annee=annee.debut_annee,
        responsable=getattr(d, responsable),
        echeance=echeance,
    )
