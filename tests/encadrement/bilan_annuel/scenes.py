"""Des bilans et des recommandations amenés à l’état voulu par les vraies actions."""

import datetime

from encadrement.bilan_annuel.actions import bilans, recommandations
from encadrement.bilan_annuel.models import BilanAnnuel, Recommandation
from encadrement.socle.temps import AnneeFinanciere, jour_local

TEXTES = {
    "introduction": "Une première année complète.",
    "mesure_mentorat": "Les dyades se forment plus vite.",
    "mesure_cdp": "Trois communautés de plus.",
    "mesure_consultation": "Les experts répondent en une semaine.",
    "mesure_concertation": "Le comité s’est réuni chaque mois.",
    "conclusion": "On poursuit.",
}
RAISON = "Présenté au comité de direction avant la fin du trimestre."


def annee_passee():
    return AnneeFinanciere.du(jour_local()).precedente


def ouvert(d):
    return bilans.ouvrir_bilan(annee_passee().debut_annee, par=d.appr)


def ecrit(d):
    bilan = ouvert(d)
    bilans.ecrire_bilan(bilan, par=d.appr, **TEXTES)
    return BilanAnnuel.objects.get(pk=bilan.pk)


def publie(d):
    bilan = ecrit(d)
    bilans.publier_bilan(bilan, par=d.dsm)
    return BilanAnnuel.objects.get(pk=bilan.pk)


def repris(d):
    bilan = publie(d)
    bilans.reprendre_bilan(bilan, par=d.dsm, motif="Une rencontre consignée en retard.")
    return BilanAnnuel.objects.get(pk=bilan.pk)


def proposee(d, **champs):
    """Une recommandation confiée à une collègue, qui ne verrait rien si elle n’en répondait pas."""
    saisi = {
        "libelle": "Former chaque mentor dans les trois mois de son inscription.",
        "mesure": "mentorat",
        "annee": annee_passee().debut_annee,
        "responsable": d.collegue,
        "echeance": jour_local() + datetime.timedelta(days=60),
    }
    return recommandations.proposer_recommandation(par=d.appr, **{**saisi, **champs})


def publiee(d):
    recommandation = proposee(d)
    publie(d)
    return Recommandation.objects.get(pk=recommandation.pk)


def en_cours(d):
    recommandation = publiee(d)
    recommandations.commencer_recommandation(recommandation, par=d.collegue)
    return Recommandation.objects.get(pk=recommandation.pk)


def realisee(d):
    recommandation = en_cours(d)
    recommandations.realiser_recommandation(recommandation, par=d.collegue, motif="Deux formations données.")
    return Recommandation.objects.get(pk=recommandation.pk)
