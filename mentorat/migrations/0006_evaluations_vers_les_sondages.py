"""Les évaluations du mentorat passent aux sondages : invitations, réponses, courriels et relances déjà écrits.

Se défait, à un détail près : la direction que portait une réponse n’est pas gardée (elle suffisait, dans une petite
direction, à désigner quelqu’un), ni ne revient.
"""

import datetime
import json
import random
import tomllib
from pathlib import Path

from django.db import migrations
from django.db.models import Value
from django.db.models.functions import Replace

TITRES = ("mentor", "mentore")
QUESTIONS = (
    "objectifs_clairs",
    "relation_de_confiance",
    "temps_suffisant",
    "utilite",
    "soutien_gestionnaire",
    "recommandation",
    "commentaire",
)
FICHIER = Path(__file__).resolve().parent.parent / "questionnaires.toml"


def annee_de(jour):
    return jour.year if jour.month >= 4 else jour.year - 1


def passer(apps, schema_editor):
    reponses = list(apps.get_model("mentorat", "ReponseEvaluation").objects.all())
    evaluations = list(apps.get_model("mentorat", "EvaluationMesure").objects.select_related("entente"))
    campagnes = _Campagnes(apps)
    invitation = apps.get_model("sondages", "Invitation")
    invitation.objects.bulk_create(
        invitation(
            uuid=evaluation.uuid,
            campagne=campagnes[evaluation.titre, annee_de(evaluation.demandee_le)],
            personne_id=evaluation.personne_id,
            sujet=str(evaluation.entente.uuid),
            dossier=f"Entente {evaluation.entente.numero}",
            demandee_le=evaluation.demandee_le,
            attendue_le=evaluation.demandee_le + datetime.timedelta(days=14),
            remplie=evaluation.remplie,
        )
        for evaluation in evaluations
    )
    # L’ordre des lignes ne doit rien dire de l’ordre des réponses.
    random.SystemRandom().shuffle(reponses)
    reponse = apps.get_model("sondages", "Reponse")
    reponse.objects.bulk_create(
        reponse(campagne=campagnes[ancienne.titre, ancienne.annee_financiere], contenu=_contenu(ancienne))
        for ancienne in reponses
    )
    _renommer(apps, evaluations, "mentorat.evaluationmesure", "sondages.invitation", "évaluation ", "répondre ")
    _adresses(apps, evaluations, "/mentorat/evaluations/", "/sondages/repondre/")


def _contenu(ancienne):
    valeurs = {code: getattr(ancienne, code) for code in QUESTIONS}
    return json.dumps({code: valeur for code, valeur in valeurs.items() if valeur != ""}, ensure_ascii=False)


class _Campagnes(dict):
    """La campagne de chaque (titre, année) ; ouverte, le balayage la fermera si son dernier jour est passé."""

    def __init__(self, apps):
        super().__init__()
        self.campagne = apps.get_model("sondages", "Campagne")
        self.questionnaire = apps.get_model("sondages", "Questionnaire")

    def __missing__(self, cle):
        titre, annee = cle
        self[cle] = self.campagne.objects.create(
            cle=f"mentorat-{titre}::{annee}:1",
            questionnaire=self._version(f"mentorat-{titre}"),
            mesure="mentorat",
            annee=annee,
            libelle="évaluation de la mesure de mentorat",
            ouverte_le=datetime.date(annee, 4, 1),
            fin=datetime.date(annee + 1, 4, 30),
        )
        return self[cle]

    def _version(self, code):
        inscrits = tomllib.loads(FICHIER.read_text(encoding="utf-8"))["questionnaire"]
        ecrit = next(questionnaire for questionnaire in inscrits if questionnaire["code"] == code)
        complet = {"aide": "", "obligatoire": True, "choix": []}
        version, _ = self.questionnaire.objects.get_or_create(
            code=code,
            version=1,
            defaults={
                "nom": ecrit["nom"],
                "consigne": ecrit["consigne"],
                "questions": [{**complet, **question} for question in ecrit["questions"]],
                "etat": "publie",
            },
        )
        return version


def revenir(apps, schema_editor):
    entente = apps.get_model("mentorat", "Entente")
    evaluation, ancienne = (
        apps.get_model("mentorat", "EvaluationMesure"),
        apps.get_model("mentorat", "ReponseEvaluation"),
    )
    campagnes = apps.get_model("sondages", "Campagne").objects.filter(mesure="mentorat")
    invitations = list(
        apps.get_model("sondages", "Invitation")
        .objects.filter(campagne__in=campagnes)
        .select_related("campagne__questionnaire")
    )
    ententes = dict(entente.objects.values_list("uuid", "pk"))
    cles = {str(uuid): pk for uuid, pk in ententes.items()}
    evaluation.objects.bulk_create(
        evaluation(
            uuid=invitation.uuid,
            entente_id=cles[invitation.sujet],
            personne_id=invitation.personne_id,
            titre=invitation.campagne.questionnaire.code.removeprefix("mentorat-"),
            demandee_le=invitation.demandee_le,
            remplie=invitation.remplie,
        )
        for invitation in invitations
    )
    reponses = apps.get_model("sondages", "Reponse").objects.filter(campagne__in=campagnes)
    ancienne.objects.bulk_create(
        ancienne(
            titre=reponse.campagne.questionnaire.code.removeprefix("mentorat-"),
            annee_financiere=reponse.campagne.annee,
            **json.loads(reponse.contenu),
        )
        for reponse in reponses.select_related("campagne__questionnaire")
    )
    _renommer(apps, invitations, "sondages.invitation", "mentorat.evaluationmesure", "répondre ", "évaluation ")
    _adresses(apps, invitations, "/sondages/repondre/", "/mentorat/evaluations/")
    reponses.delete()
    apps.get_model("sondages", "Invitation").objects.filter(campagne__in=campagnes).delete()
    campagnes.delete()


def _renommer(apps, dossiers, ancien, nouveau, ancien_jalon, nouveau_jalon):
    """Une relance déjà partie reste connue : personne n’est relancé deux fois."""
    rappels = apps.get_model("notifications", "Rappel").objects.filter(
        objet_type=ancien, objet_uuid__in=[dossier.uuid for dossier in dossiers]
    )
    rappels.update(objet_type=nouveau, jalon=Replace("jalon", Value(ancien_jalon), Value(nouveau_jalon)))


def _adresses(apps, dossiers, ancienne, nouvelle):
    """Un courriel qui attend encore, et le fil de la personne, mènent à la page d’aujourd’hui."""
    courriels = apps.get_model("notifications", "Courriel").objects.filter(
        objet_uuid__in=[dossier.uuid for dossier in dossiers], url__startswith=ancienne
    )
    courriels.update(
        url=Replace("url", Value(ancienne), Value(nouvelle)),
        texte=Replace("texte", Value(ancienne), Value(nouvelle)),
        html=Replace("html", Value(ancienne), Value(nouvelle)),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("mentorat", "0005_etat_abandonnee"),
        ("notifications", "0001_boite_denvoi_et_rappels"),
        ("sondages", "0002_rien_ne_change"),
    ]

    operations = [migrations.RunPython(passer, revenir)]
