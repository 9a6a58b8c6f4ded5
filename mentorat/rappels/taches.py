"""Les gestes que le mentorat attend d’une personne, pour la page « À faire »."""

import datetime

from django.urls import reverse

from encadrement.accueil.mesures import Tache
from encadrement.personnes.models import RoleAttribue
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.dessin import attentes_de
from mentorat.droits import DROITS_ENTENTE
from mentorat.models import (
    Destinataire,
    Entente,
    EtatEntente,
    EvaluationMesure,
    FicheMentor,
    Sorte,
    Transmission,
)
from mentorat.regles import titres
from mentorat.trajectoire import (
    TRAJECTOIRE_DEMANDE,
    TRAJECTOIRE_ENTENTE,
    TRAJECTOIRE_FICHE,
    TRAJECTOIRE_MESENTENTE,
    TRAJECTOIRE_PROLONGATION,
)

AVANT_LA_MI_TEMPS = datetime.timedelta(days=14)
AVANT_LA_FIN = datetime.timedelta(days=30)
SANS_RENCONTRE = datetime.timedelta(weeks=6)
COPIES_MONTREES = 20


def taches(personne):
    """Rend tout ce que le mentorat attend de cette personne aujourd’hui."""
    return [
        *_des_ententes(personne),
        *_des_demandes(personne),
        *_des_autres_trajectoires(personne),
        *_du_deroulement(personne),
        *_des_evaluations(personne),
        *_des_copies(personne),
        *_du_bottin(personne),
    ]


def _tache(trajectoire, objet, transition, **options):
    options.setdefault("geste", transition.libelle)
    options.setdefault("url", reverse(trajectoire.nom_url(transition), args=[objet.uuid]))
    return Tache(dossier=str(objet), depuis=objet.depuis, ton=transition.ton, **options)


def _des_ententes(personne):
    ententes = Entente.objects.avec_parties().select_related("mentor__superieur", "instantane")
    for entente, transition in attentes_de(personne, TRAJECTOIRE_ENTENTE, ententes):
        if transition.code == "soumettre":
            yield _tache(
                TRAJECTOIRE_ENTENTE,
                entente,
                transition,
                geste="Rédiger l’entente",
                url=reverse("mentorat:entente_modifier", args=[entente.uuid]),
            )
        elif transition.code == "signer":
            if _titre_de(personne, entente) not in titres(entente.instantane):
                yield _tache(TRAJECTOIRE_ENTENTE, entente, transition)
        elif transition.code == "signer_finale":
            yield from _finale(personne, entente, transition)
        elif transition.code == "constater_fin" or transition.code == "consigner_fin":
            yield from _fin(entente, transition)
        else:
            yield _tache(TRAJECTOIRE_ENTENTE, entente, transition)


def _titre_de(personne, entente):
    return "mentor" if personne.pk == entente.mentor_id else "mentore"


def _finale(personne, entente, transition):
    if transition.refus(entente):
        yield _tache(
            TRAJECTOIRE_ENTENTE,
            entente,
            transition,
            geste="Remplir l’évaluation finale",
            url=reverse("mentorat:entente_finale", args=[entente.uuid]),
            echeance=entente.fin,
            retard=entente.est_en_retard,
        )
        return
    bilan = entente.bilans.select_related("instantane").get(sorte=Sorte.FINAL)
    if _titre_de(personne, entente) not in titres(bilan.instantane):
        yield _tache(TRAJECTOIRE_ENTENTE, entente, transition, echeance=entente.fin, retard=entente.est_en_retard)


def _fin(entente, transition):
    """La rencontre de fin d’abord ; une fois consignée, le constat."""
    consignee = entente.cessations.filter(retiree=False, rencontre_le__isnull=False).exists()
    if consignee == (transition.code == "constater_fin"):
        yield _tache(TRAJECTOIRE_ENTENTE, entente, transition)


def _des_demandes(personne):
    for demande, transition in attentes_de(
        personne, TRAJECTOIRE_DEMANDE, TRAJECTOIRE_DEMANDE.modele.objects.select_related("mentore__superieur")
    ):
        if transition.code == "accepter_jumelage":
            jumelage = demande.jumelage
            mien = "accepte_mentor_le" if personne.pk == jumelage.mentor_id else "accepte_mentore_le"
            if getattr(jumelage, mien):
                continue
        yield _tache(TRAJECTOIRE_DEMANDE, demande, transition)


def _des_autres_trajectoires(personne):
    for trajectoire, liens in (
        (TRAJECTOIRE_FICHE, ("personne__superieur",)),
        (TRAJECTOIRE_PROLONGATION, ("entente__mentor", "entente__mentore__superieur")),
        (TRAJECTOIRE_MESENTENTE, ("entente__mentor", "entente__mentore__superieur", "auteur")),
    ):
        objets = trajectoire.modele.objects.select_related(*liens)
        for objet, transition in attentes_de(personne, trajectoire, objets):
            yield _tache(trajectoire, objet, transition)


def _du_deroulement(personne):
    """Le bilan de mi-temps, la fin qui approche, la rencontre à consigner : ce que le calendrier appelle."""
    jour = jour_local()
    actives = (
        Entente.objects.de_la_personne(personne)
        .filter(etat=EtatEntente.ACTIVE)
        .select_related("mentor", "mentore")
        .prefetch_related("bilans", "rencontres")
    )
    for entente in actives:
        yield from _mi_temps(personne, entente, jour)
        if entente.fin - AVANT_LA_FIN <= jour and _mi_temps_de(entente, confirme=True):
            yield _simple(entente, "Entamer l’évaluation finale", "entente_entamer_finale", entente.fin, jour)
        derniere = max([rencontre.jour for rencontre in entente.rencontres.all()], default=entente.debut)
        if derniere + SANS_RENCONTRE <= jour <= entente.fin:
            yield _simple(entente, "Consigner nos rencontres", "entente_journal", None, jour)


def _mi_temps_de(entente, confirme):
    return any(bilan.sorte == Sorte.MI_TEMPS and bilan.est_confirme == confirme for bilan in entente.bilans.all())


def _mi_temps(personne, entente, jour):
    if entente.mi_temps - AVANT_LA_MI_TEMPS > jour:
        return
    bilan = next((bilan for bilan in entente.bilans.all() if bilan.sorte == Sorte.MI_TEMPS), None)
    mien = "confirme_mentor_le" if personne.pk == entente.mentor_id else "confirme_mentore_le"
    if bilan is None or not getattr(bilan, mien):
        yield _simple(entente, "Faire le bilan de mi-temps", "entente_mi_temps", entente.mi_temps, jour)


def _simple(entente, geste, nom, echeance, jour):
    return Tache(
        geste=geste,
        dossier=str(entente),
        url=reverse(f"mentorat:{nom}", args=[entente.uuid]),
        echeance=echeance,
        retard=bool(echeance and echeance < jour),
    )


def _des_evaluations(personne):
    attendues = EvaluationMesure.objects.filter(personne=personne, remplie=False)
    for evaluation in attendues.select_related("entente__mentor", "entente__mentore"):
        yield Tache(
            geste="Évaluer la mesure de mentorat",
            dossier=str(evaluation.entente),
            url=evaluation.get_absolute_url(),
            echeance=evaluation.demandee_le + datetime.timedelta(days=14),
            retard=evaluation.demandee_le + datetime.timedelta(days=14) < jour_local(),
        )


def _des_copies(personne):
    """Les copies transmises dont la DSM ou la DRHCAJ n’a pas encore accusé réception (R-070)."""
    destinataires = []
    if personne.roles_attribues & {RoleAttribue.APPR, RoleAttribue.DSM}:
        destinataires.append(Destinataire.DSM)
    if RoleAttribue.DRHCAJ in personne.roles_attribues:
        destinataires.append(Destinataire.DRHCAJ)
    if not destinataires:
        return
    copies = Transmission.objects.filter(recue_le=None, destinataire__in=destinataires)
    visibles = DROITS_ENTENTE.condition(personne, "voir")
    copies = copies.filter(entente__in=Entente.objects.filter(visibles))
    for copie in copies.select_related("entente__mentor", "entente__mentore")[:COPIES_MONTREES]:
        yield Tache(
            geste="Accuser réception de la copie",
            dossier=str(copie.entente),
            url=copie.entente.get_absolute_url() + "#copies-titre",
            depuis=copie.envoyee_le,
        )


def _du_bottin(personne):
    fiche = FicheMentor.objects.filter(personne=personne, etat="active").first()
    if fiche and fiche.echeance_confirmation - datetime.timedelta(days=30) <= jour_local():
        yield Tache(
            geste="Confirmer mon inscription au bottin",
            dossier="Bottin des mentors",
            url=reverse("mentorat:fiche_confirmer", args=[fiche.uuid]),
            echeance=fiche.echeance_confirmation,
            retard=fiche.est_a_confirmer,
        )
