"""Ce qui demande qu’on agisse dans les communautés, à qui les suit ou doit répondre (produit, section 7)."""

import datetime

from django.db.models import Exists, OuterRef, Q, Subquery

from cdp.droits import DROITS_ADHESION, DROITS_COMMUNAUTE, DROITS_DEPASSEMENT
from cdp.models import (
    A_VENIR,
    TENUES,
    EtatAdhesion,
    EtatAnnuel,
    EtatCommunaute,
    EtatDepassement,
    PlanAnnuel,
    RapportAnnuel,
    RencontreCdp,
)
from cdp.rappels.echeances import MANQUE, UN_MOIS, animateurs, parrain
from encadrement.indicateurs.registre import Alerte, LigneAlerte, du_lieu_de
from encadrement.notifications.attentes import par_acte
from encadrement.notifications.calendrier import ajouter_jours_ouvrables
from encadrement.notifications.rappels import GABARIT_ATTENTE
from encadrement.rencontres.models import EN_PERSONNE
from encadrement.socle.temps import AnneeFinanciere, ajouter_mois, debut_du_jour, jour_local

JOURS_POUR_REPONDRE = 5


def _suivies(personne):
    return (
        DROITS_COMMUNAUTE.objets(personne, "suivre")
        .filter(etat=EtatCommunaute.ACTIVE)
        .select_related("parrain__service__direction")
        .order_by("nom")
    )


def _ligne(dossier, quoi, du_le, qui, communaute):
    return LigneAlerte.de(dossier, communaute.parrain, quoi=quoi, du_le=du_le, qui=qui)


# — Le plan et le rapport de l’année


def _annee_du_plan():
    return AnneeFinanciere.du(jour_local())


def _annee_du_rapport():
    return AnneeFinanciere.du(jour_local()).precedente


def _plan_du_le(communaute):
    """Rend le jour où le plan de l’année était dû : la veille de l’année, ou un mois après l’agrément."""
    debut = _annee_du_plan().debut
    return debut - datetime.timedelta(days=1) if communaute.agreee_le < debut else communaute.agreee_le + UN_MOIS


def _sans(nature, annee):
    faits = MANQUE[nature].objects.filter(communaute=OuterRef("pk"), annee=annee.debut_annee)
    return ~Exists(faits.exclude(etat=EtatAnnuel.BROUILLON))


def _plans_manquants(personne):
    annee, jour = _annee_du_plan(), jour_local()
    dus = Q(agreee_le__lt=annee.debut) | Q(agreee_le__lt=jour - UN_MOIS)
    return _suivies(personne).filter(dus, _sans("plan", annee))


def _rapports_manquants(personne):
    annee = _annee_du_rapport()
    return _suivies(personne).filter(_sans("rapport", annee), agreee_le__lte=annee.fin)


# — Au moins une rencontre en personne par année


def _sans_rencontre_en_personne(personne):
    il_y_a_un_an = ajouter_mois(jour_local(), -12)
    rencontres = RencontreCdp.objects.filter(communaute=OuterRef("pk"), mode__in=EN_PERSONNE)
    tenues = rencontres.filter(etat__in=TENUES).order_by("-debut")
    prevues = rencontres.filter(etat__in=A_VENIR, debut__gte=debut_du_jour(jour_local()))
    recentes = tenues.filter(debut__gte=debut_du_jour(il_y_a_un_an))
    return (
        _suivies(personne)
        .filter(~Exists(recentes), ~Exists(prevues), agreee_le__lte=il_y_a_un_an)
        .annotate(derniere=Subquery(tenues.values("debut")[:1]))
    )


def _rencontre_due_le(communaute):
    """Rend le jour où une année s’est écoulée depuis la dernière rencontre en personne, ou depuis l’agrément."""
    depuis = jour_local(communaute.derniere) if communaute.derniere else communaute.agreee_le
    return ajouter_mois(depuis, 12)


# — Les demandes qui attendent une réponse


def _en_attente(droits, acte, etat):
    def objets(personne):
        limite = debut_du_jour(ajouter_jours_ouvrables(jour_local(), -JOURS_POUR_REPONDRE))
        return (
            droits.objets(personne, acte)
            .filter(etat=etat, depuis__lt=limite)
            .select_related("communaute__parrain__service__direction", "personne")
            .order_by("depuis")
        )

    return objets


def _attente(geste):
    return lambda objet: {"geste": geste, "dossier": str(objet), "jour_du": jour_local(objet.depuis)}


def _les_responsables(communaute):
    return [*animateurs(communaute), *parrain(communaute)]


ALERTES = (
    Alerte(
        code="cdp.plans_manquants",
        nom="Plans d’action manquants",
        objets=_plans_manquants,
        ligne=lambda communaute: _ligne(
            communaute,
            f"{PlanAnnuel._meta.verbose_name.capitalize()} {_annee_du_plan()}",
            _plan_du_le(communaute),
            "l’animateur",
            communaute,
        ),
        explication="Le plan de l’année n’est pas encore soumis au parrain.",
        exigences=("R-140", "R-425"),
        gabarit="cdp/rappel_plan",
        destinataires=_les_responsables,
        contexte=lambda communaute: {"annee": _annee_du_plan(), "jour_du": _plan_du_le(communaute)},
        **du_lieu_de("parrain"),
    ),
    Alerte(
        code="cdp.rapports_manquants",
        nom="Rapports annuels manquants",
        objets=_rapports_manquants,
        ligne=lambda communaute: _ligne(
            communaute,
            f"{RapportAnnuel._meta.verbose_name.capitalize()} {_annee_du_rapport()}",
            _annee_du_rapport().fin,
            "l’animateur",
            communaute,
        ),
        explication="Le rapport de l’année finie n’est pas encore soumis au parrain.",
        exigences=("R-140", "R-425"),
        gabarit="cdp/rappel_rapport",
        destinataires=_les_responsables,
        contexte=lambda communaute: {"annee": _annee_du_rapport(), "jour_du": _annee_du_rapport().fin},
        **du_lieu_de("parrain"),
    ),
    Alerte(
        code="cdp.sans_presence",
        nom="Communautés sans rencontre en personne depuis un an",
        objets=_sans_rencontre_en_personne,
        ligne=lambda communaute: _ligne(
            communaute, "Rencontre en personne", _rencontre_due_le(communaute), "l’animateur", communaute
        ),
        explication="Le cadre en recommande au moins une par année\xa0; aucune n’est prévue.",
        exigences=("R-292", "R-457"),
        gabarit=GABARIT_ATTENTE,
        destinataires=animateurs,
        contexte=lambda communaute: {
            "geste": "planifier une rencontre en personne",
            "dossier": str(communaute),
            "jour_du": _rencontre_due_le(communaute),
        },
        **du_lieu_de("parrain"),
    ),
    Alerte(
        code="cdp.adhesions",
        nom="Demandes d’adhésion sans réponse",
        objets=_en_attente(DROITS_ADHESION, "accepter", EtatAdhesion.DEMANDEE),
        ligne=lambda adhesion: _ligne(
            adhesion,
            "Répondre à la demande d’adhésion",
            jour_local(adhesion.depuis),
            "l’animateur",
            adhesion.communaute,
        ),
        explication="Plus de cinq jours ouvrables sans réponse.",
        exigences=("R-116",),
        gabarit=GABARIT_ATTENTE,
        destinataires=par_acte(DROITS_ADHESION, "accepter"),
        contexte=_attente("répondre à la demande d’adhésion"),
        **du_lieu_de("personne"),
    ),
    Alerte(
        code="cdp.depassements",
        nom="Demandes d’heures sans réponse",
        objets=_en_attente(DROITS_DEPASSEMENT, "accorder", EtatDepassement.DEMANDE),
        ligne=lambda demande: _ligne(
            demande,
            "Répondre à la demande d’heures",
            jour_local(demande.depuis),
            str(demande.communaute.parrain or ""),
            demande.communaute,
        ),
        explication="Plus de cinq jours ouvrables sans réponse du parrain.",
        exigences=("R-128",),
        gabarit=GABARIT_ATTENTE,
        destinataires=par_acte(DROITS_DEPASSEMENT, "accorder"),
        contexte=_attente("répondre à la demande d’heures"),
        **du_lieu_de("communaute__parrain"),
    ),
)
