"""L’histoire des sondages : chaque année, des campagnes fermées, des invitations, des réponses sans auteur et leurs lots."""

import json

from django.db.models import F

from cdp.models import Adhesion
from concertation.models import ParticipationComite
from consultation.models import DemandeConsultation
from encadrement.outils.peuplement.gens import PREFIXE
from encadrement.outils.peuplement.hasard import apres, identifiant, tirage
from encadrement.outils.peuplement.lignes import Lignes, completer
from encadrement.socle.temps import jour_local
from encadrement.sondages.actions import PETIT_NOMBRE
from encadrement.sondages.comptes import compter
from encadrement.sondages.models import Campagne, Invitation, Lot, Reponse
from encadrement.sondages.questionnaires import codes, en_vigueur
from encadrement.sondages.questions import SorteQuestion
from mentorat.models import Entente

REPONDENT = 0.6


def peupler(graine, annees):
    """Complète les campagnes de chaque année : qui a vécu la mesure y est invité, une fois par dossier."""
    for annee in annees:
        for code, gens in _invites(annee).items():
            if code in codes():
                _campagne(graine, code, annee, gens)


def _invites(annee):
    """Rend {code du questionnaire: [(personne, sujet)]} de l’année, chacun en requête."""
    closes = Entente.objects.filter(numero__startswith="MH-", etat="close", depuis__date__range=annee.bornes)
    fermees = DemandeConsultation.objects.filter(
        numero__startswith="CH-", etat="fermee", depuis__date__range=annee.bornes
    )
    adhesions = Adhesion.objects.filter(personne__matricule__startswith=PREFIXE).pendant(*annee.bornes)
    parrains = adhesions.filter(role="animateur").values_list("communaute__parrain", F("communaute__uuid"))
    au_comite = ParticipationComite.objects.filter(
        situation__numero__startswith="CCH-", presente=True, rencontre__debut__date__range=annee.bornes
    )
    return {
        "mentorat-mentor": closes.values_list("mentor", "uuid"),
        "mentorat-mentore": closes.values_list("mentore", "uuid"),
        "consultation-demandeur": fermees.values_list("demandeur", "uuid"),
        "consultation-experts": fermees.filter(sollicitations__reponse="rendue").values_list(
            "sollicitations__expert", "uuid"
        ),
        "cdp-membres": adhesions.values_list("personne", "uuid"),
        "cdp-parrain": parrains,
        "cdp-gestionnaires": adhesions.values_list("personne__superieur", F("communaute__uuid")),
        "consultation-demandeurs-annuelle": fermees.values_list("demandeur", "uuid"),
        "concertation-rencontre": au_comite.values_list("personne", "uuid"),
        "concertation-annuelle": au_comite.values_list("personne", "uuid"),
    }


def _campagne(graine, code, annee, gens):
    """Une campagne fermée pour ceux que les précédentes n’ont pas invités ; une année en cours n’attend que la suite."""
    cle = f"histoire:{code}:{annee.debut_annee}"
    anciennes = Campagne.objects.filter(cle__startswith=cle)
    deja = set(Invitation.objects.filter(campagne__in=anciennes).values_list("sujet", flat=True))
    tous = dict.fromkeys((personne, str(sujet)) for personne, sujet in gens.order_by("pk"))
    nouveaux = [(personne, sujet) for personne, sujet in tous if sujet not in deja]
    if len(nouveaux) < PETIT_NOMBRE:
        return
    hasard = tirage(graine, "campagne", code, annee, len(deja))
    fin = min(annee.fin, apres(jour_local(), -1))
    questionnaire = en_vigueur(code)
    remplies = [hasard.random() < REPONDENT for _ in nouveaux]
    repondants = {personne for (personne, _), remplie in zip(nouveaux, remplies, strict=True) if remplie}

    def ecrire(rangs):
        # Brassées : la place d’une réponse ne dit pas de qui elle vient.
        contenus = [_reponses(hasard, questionnaire.liste) for rang in rangs if remplies[rang]]
        campagne = _ouvrir(hasard, questionnaire, annee, f"{cle}:{len(deja)}", fin, repondants, contenus)
        lignes = Lignes(Invitation, Reponse)
        for rang in rangs:
            personne, sujet = nouveaux[rang]
            lignes.ajouter(
                Invitation(
                    uuid=identifiant(hasard), campagne=campagne, personne_id=personne, sujet=sujet,
                    demandee_le=annee.debut, attendue_le=fin, remplie=remplies[rang],
                )
            )  # fmt: skip
        for contenu in contenus:
            lignes.ajouter(
                Reponse(id=identifiant(hasard), campagne=campagne, contenu=json.dumps(contenu, ensure_ascii=False))
            )
        lignes.ecrire()

    completer("réponses", range(len(nouveaux)), ecrire, par_lot=len(nouveaux), code=code, annee=annee.debut_annee)


def _ouvrir(hasard, questionnaire, annee, cle, fin, repondants, contenus):
    """Rend la campagne, déjà fermée ; sous cinq personnes, rien ne paraît : pas de lot (N-06)."""
    lot = None
    if len(repondants) >= PETIT_NOMBRE:
        comptes = compter((questionnaire.liste, contenu) for contenu in contenus)
        lot = Lot.objects.create(repondants=len(repondants), reponses=len(contenus), comptes=comptes)
    return Campagne.objects.create(
        uuid=identifiant(hasard), cle=cle, questionnaire=questionnaire, mesure=questionnaire.code.split("-")[0],
        annee=annee.debut_annee, libelle=f"{questionnaire.nom}, {annee}", ouverte_le=annee.debut, fin=fin,
        fermee_le=apres(fin, 1), lot=lot,
    )  # fmt: skip


def _reponses(hasard, questions):
    """Rend des réponses plausibles : plutôt d’accord, parfois non ; aucun texte."""
    reponses = {}
    for question in questions:
        if question.sorte == SorteQuestion.ECHELLE:
            reponses[question.code] = hasard.choices((1, 2, 3, 4, 5), (2, 6, 14, 45, 33))[0]
        elif question.sorte == SorteQuestion.NOTE:
            reponses[question.code] = hasard.choices((4, 6, 7, 8, 9, 10), (4, 8, 18, 30, 24, 16))[0]
        elif question.sorte == SorteQuestion.CHOIX:
            reponses[question.code] = hasard.choice(question.choix)[0]
        elif question.obligatoire:
            reponses[question.code] = "Rien à ajouter."
    return reponses
