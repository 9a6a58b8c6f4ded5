"""Deux années du comité de concertation et un dossier dans chaque état, jouées par les vraies actions.

Personnes et situations inventées : des codes, jamais un nom.
"""

import datetime
from dataclasses import dataclass, field
from types import SimpleNamespace

from dateutil.relativedelta import relativedelta

from concertation.actions import comite, convocations, exclusions, impasses, plans, situations
from concertation.models import EtatComite, Orientation, RencontreComite, SituationComplexe, Theme, TitreConvie
from encadrement.outils.demo import concertation as scenes
from encadrement.outils.demo.histoire import fermer_les_campagnes
from encadrement.outils.horloge import au
from encadrement.personnes.models import Direction, Personne
from encadrement.rencontres.models import Mode
from encadrement.rencontres.serie import creneau
from encadrement.socle.temps import jour_local
from encadrement.sondages.actions import repondre
from encadrement.sondages.models import Invitation

TREIZE_HEURES = datetime.time(13)
MOIS_PASSES, MOIS_A_VENIR = 24, 3


@dataclass(frozen=True)
class Cas:
    """Une situation menée à son terme : qui la porte, ce qu’on en écrit, son thème, et l’orientation qui ne tient pas."""

    porteur: str
    question: str
    contexte: str
    precision: str
    theme: int
    manquee: int = 0
    orientations: tuple = field(default=scenes.ORIENTATIONS)


CAS = (
    Cas(
        "10013", "Qui coordonne les soins quand la personne refuse d’entrer en clinique?",
        "Adulte, 40-49 ans, plaies aux jambes, vit seul dans une roulotte non chauffée.",
        "Le soutien à domicile attend un lieu sûr; l’itinérance attend une évaluation des soins.", 0, 2,
    ),
    Cas(
        "10015", "Comment garder un logement pendant l’attente d’un suivi en dépendance?",
        "Adulte, 30-39 ans, deux évictions en un an, traitement commencé puis interrompu.",
        "Chaque programme demande que l’autre commence.", 0,
    ),
    Cas(
        "10018", "Où vivre après l’hôpital, quand ni la ressource ni le domicile ne conviennent?",
        "Adulte, 60-69 ans, lésion cérébrale, épuisement du proche aidant.", "Trois refus de ressource en six semaines.", 0,
        1,
    ),
    Cas(
        "10016", "Qui répond la nuit quand la personne appelle le 911 chaque semaine?",
        "Adulte, 20-29 ans, trouble du spectre de l’autisme, crises à la tombée du jour.",
        "La crise relève d’un service, le plan d’un autre.", 2,
    ),
    Cas(
        "10022", "Quel service porte le plan quand deux diagnostics se disputent la priorité?",
        "Adulte, 50-59 ans, DI légère et dépression, cesse ses traitements à chaque changement d’intervenant.",
        "Deux plans de services, aucun pivot.", 1, 3,
    ),
    Cas(
        "10024", "Comment offrir de la réadaptation à deux heures de route du point de service?",
        "Adulte, 40-49 ans, blessure médullaire, sans transport adapté.", "Le transport et le traitement s’attendent.", 2,
    ),
)  # fmt: skip


def jouer(troupe):
    """Joue l’histoire du comité ; `troupe` vient de `comptes.troupe()`."""
    d = _comite_de(troupe)
    _ancien_dossier(d)
    _structure(d)
    _deux_annees(d)
    fermer_les_campagnes()
    _exemple(d)
    _prochaine(d)
    _en_chaque_etat(d)
    _protection(d)
    _impasses(d)


def _comite_de(troupe):
    """Rend la troupe du comité : une représentante pour la santé mentale, un pour SAPA, une pour la DI-TSA-DP."""
    di_tsa = _personne("10059")
    return SimpleNamespace(
        **{**vars(troupe), "autre_gestionnaire": troupe.representante, "delegue": troupe.gestionnaire_mentor},
        troisieme=(di_tsa.direction, di_tsa),
    )


def _personne(matricule):
    return Personne.objects.get(matricule=matricule)


def _relu(objet):
    return type(objet).objects.get(pk=objet.pk)


def _il_y_a(jours):
    return jour_local() - datetime.timedelta(days=jours)


def _par(d, matricule):
    """Rend la troupe vue d’un autre intervenant responsable, et de sa gestionnaire."""
    porteur = _personne(matricule)
    return SimpleNamespace(**{**vars(d), "mentore": porteur, "gestionnaire": porteur.superieur})


def _mardi(jour):
    """Rend le mardi qui suit `jour`, ou ce jour même."""
    return jour + datetime.timedelta(days=(1 - jour.weekday()) % 7)


def _troisieme_jeudi(mois):
    """Rend le 3e jeudi du mois de ce jour."""
    premier = mois.replace(day=1)
    return premier + datetime.timedelta(days=(3 - premier.weekday()) % 7 + 14)


# — Avant : le dossier dont la conservation est échue, puis ce sur quoi le comité s’appuie


def _ancien_dossier(d):
    with au(_il_y_a(3)):
        scenes.situation_detruite(d)


def _structure(d):
    """Trois représentants et une substitute, des thèmes, et le calendrier de chaque année, établi d’avance."""
    fin = _il_y_a(-26)
    with au(_il_y_a(750)):
        scenes.representants(d)
        scenes.les_themes(d)
        # Elle finit dans le mois : sa direction la renouvelle ou nomme quelqu’un d’autre.
        substitute = comite.nommer_representant(
            d.autre_gestionnaire.direction, _personne("10036"), par=d.pilote, pouvoir=True, est_substitut=True,
            fin=fin,
        )  # fmt: skip
        comite.accepter_nomination(substitute, par=d.dsm)
    mois = [jour_local().replace(day=1) + relativedelta(months=rang) for rang in range(-MOIS_PASSES, MOIS_A_VENIR + 1)]
    for debut in (0, 12, 24):
        lot = [_troisieme_jeudi(jour) for jour in mois[debut : debut + 12]]
        # Chaque année s’établit six semaines d’avance ; la dernière, au plus tard hier.
        with au(min(lot[0] - datetime.timedelta(days=45), _il_y_a(1))):
            comite.planifier_rencontres(
                [creneau(jour, TREIZE_HEURES, 180) for jour in lot],
                par=d.coordonnatrice, mode=Mode.VIRTUELLE, lien="https://teams.exemple/comite",
            )  # fmt: skip


# — Deux années de rencontres mensuelles


def _deux_annees(d):
    """Les rencontres passées, toutes tenues sauf une annulée ; une sur trois porte une situation menée à son terme."""
    du_calendrier = RencontreComite.objects.filter(etat=EtatComite.PLANIFIEE, debut__date__lt=jour_local())
    exemple, cas = _derniere(), iter(CAS)
    for rang, rencontre in enumerate(du_calendrier.exclude(pk=exemple.pk).order_by("debut")):
        if rang == 10:
            _annulee(d, rencontre)
        elif rang % 3 == 1 and rencontre.jour < _il_y_a(80) and (un_cas := next(cas, None)):
            _menee(_par(d, un_cas.porteur), rencontre, un_cas)
        else:
            _sans_situation(d, rencontre)


def _derniere():
    """Rend la dernière rencontre dont on a eu le temps de commencer le suivi."""
    return RencontreComite.objects.filter(debut__date__lt=_il_y_a(1), etat=EtatComite.PLANIFIEE).latest("debut")


def _annulee(d, rencontre):
    with au(rencontre.jour - datetime.timedelta(days=1)):
        comite.annuler_rencontre(_relu(rencontre), par=d.coordonnatrice, motif="Tempête : les routes sont fermées.")


def _convoquer(d, rencontre):
    with au(min(rencontre.jour - datetime.timedelta(days=10), _il_y_a(1))):
        comite.convoquer_rencontre(_relu(rencontre), par=d.coordonnatrice)


def _sans_situation(d, rencontre):
    """Une rencontre sans situation : le suivi des orientations et les impasses récurrentes."""
    _convoquer(d, rencontre)
    with au(rencontre.jour, heure=17):
        comite.tenir_rencontre(_relu(rencontre), par=d.coordonnatrice)


def _deposer(d, rencontre, recit):
    """Mène une demande du brouillon à l’inscription, dans les jours qui entourent la date de dépôt."""
    with au(rencontre.depot_le - datetime.timedelta(days=4)):
        situation = scenes.situation_a_attester(d, recit)
    with au(rencontre.depot_le - datetime.timedelta(days=1), heure=14):
        situations.attester_demarches(_relu(situation), par=d.gestionnaire)
    with au(rencontre.depot_le + datetime.timedelta(days=1)):
        situations.declarer_recevable(
            _relu(situation), par=d.coordonnatrice, motif="Trois directions, une impasse de services."
        )
        convocations.inscrire_situation(_relu(situation), _relu(rencontre), par=d.coordonnatrice)
    return _relu(situation)


def _tenir(d, situation, rencontre, textes=scenes.ORIENTATIONS):
    """La rencontre a lieu : chacun a lu, le plan s’écrit, chaque direction repart avec une orientation."""
    for _, representant in scenes.directions(d):
        with au(rencontre.jour - datetime.timedelta(days=2)):
            scenes.lu(_relu(situation), representant)
    with au(rencontre.jour, heure=17):
        presentes = rencontre.participations.filter(retiree=False)
        comite.tenir_rencontre(_relu(rencontre), par=d.coordonnatrice, presentes=presentes)
        plans.presenter_situation(_relu(situation), par=d.coordonnatrice)
        plans.ecrire_plan(
            situation, par=d.coordonnatrice, discussion="Chacun nomme ce qu’il peut faire.",
            plan="Adulte dont plusieurs services se partagent le suivi, sans porteur désigné.",
        )  # fmt: skip
        for (texte, jours), (direction, personne) in zip(textes, scenes.directions(d), strict=True):
            plans.ajouter_orientation(
                _relu(situation), par=d.coordonnatrice, texte=texte, direction=direction, responsable=personne,
                echeance=rencontre.jour + datetime.timedelta(days=jours),
            )  # fmt: skip
        plans.etablir_plan(_relu(situation), par=d.coordonnatrice)


def _menee(d, rencontre, cas):
    """Une situation présentée, suivie, fermée deux mois plus tard ; ses acteurs disent ce que la rencontre leur a valu."""
    recit = {**scenes.RECIT, "question": cas.question, "contexte": cas.contexte, "precision_impasse": cas.precision}
    situation = _deposer(d, rencontre, recit)
    _convoquer(d, rencontre)
    _tenir(d, situation, rencontre, cas.orientations)
    with au(rencontre.jour + datetime.timedelta(days=20)):
        impasses.classer(_relu(situation), [_themes()[cas.theme]], par=d.coordonnatrice)
        _repondre(rencontre)
    for orientation in Orientation.objects.filter(situation=situation).select_related("responsable", "situation"):
        with au(rencontre.jour + datetime.timedelta(days=12 * orientation.rang)):
            if orientation.rang == cas.manquee:
                plans.ne_pas_appliquer_orientation(
                    orientation, par=orientation.responsable, raison_du_refus=scenes.RAISON
                )
            else:
                plans.appliquer_orientation(orientation, par=orientation.responsable)
    with au(rencontre.jour + datetime.timedelta(days=60)):
        plans.fermer_situation(_relu(situation), par=d.coordonnatrice)


def _themes():
    return list(Theme.objects.filter(libelle__in=scenes.THEMES).order_by("pk"))


def _repondre(rencontre):
    for rang, invitation in enumerate(Invitation.objects.filter(sujet=rencontre.uuid, remplie=False)):
        if rang % 4 != 3:
            degres = dict.fromkeys(("preparation", "participation", "suites"), 4)
            repondre(invitation, par=invitation.personne, reponses={**degres, "orientations": 3 + rang % 3})


# — L’exemple, et la prochaine rencontre


def _exemple(d):
    """La situation des formulaires d’exemple, présentée à la dernière rencontre : une orientation dans chaque état."""
    rencontre = _derniere()
    situation = _deposer(d, rencontre, scenes.RECIT)
    with au(rencontre.depot_le + datetime.timedelta(days=2)):
        _inviter(d, situation)
    _convoquer(d, rencontre)
    pivot, repit, protocole = scenes.ORIENTATIONS
    _tenir(d, situation, rencontre, (pivot, protocole, repit))
    apres = min(rencontre.jour + datetime.timedelta(days=5), _il_y_a(1))
    with au(apres):
        pivot, protocole, repit = Orientation.objects.filter(situation=situation).order_by("rang")
        plans.appliquer_orientation(pivot, par=pivot.responsable)
        plans.ne_pas_appliquer_orientation(repit, par=repit.responsable, raison_du_refus=scenes.RAISON)
        plans.commencer_orientation(protocole, par=protocole.responsable)
        impasses.classer(_relu(situation), _themes()[:2], par=d.coordonnatrice)


def _inviter(d, situation):
    """Convie une intervenante de l’équipe, et le service de police, qui vient sans rien lire ici."""
    convocations.convier(_relu(situation), par=d.coordonnatrice, titre=TitreConvie.INVITE, personne=_personne("10030"))
    convocations.convier(
        _relu(situation), par=d.coordonnatrice, titre=TitreConvie.INVITE,
        nom_externe="Agent communautaire", organisme="Sûreté municipale",
    )  # fmt: skip


def _prochaine(d):
    """La prochaine rencontre est convoquée, deux situations à l’ordre du jour ; une supplémentaire attend de l’être."""
    rencontre = RencontreComite.objects.filter(debut__date__gte=jour_local(), etat=EtatComite.PLANIFIEE).earliest(
        "debut"
    )
    for matricule, cas in (("90002", CAS[3]), ("10015", CAS[1])):
        with au(_il_y_a(12)):
            recit = {**scenes.RECIT, "question": cas.question, "contexte": cas.contexte}
            situation = scenes.situation_recevable(_par(d, matricule), recit)
            convocations.inscrire_situation(situation, _relu(rencontre), par=d.coordonnatrice)
    _inviter(d, situation)
    _convoquer(d, rencontre)
    with au(_il_y_a(6)):
        supplementaire = creneau(_mardi(jour_local() + datetime.timedelta(days=15)), datetime.time(9), 90)
        comite.planifier_rencontres(
            [supplementaire], par=d.coordonnatrice, mode=Mode.PRESENCE, lieu="CLSC de Chandler",
            est_supplementaire=True,
        )  # fmt: skip


# — Un dossier dans chaque état


def _en_chaque_etat(d):
    """(scène, porteur, ancienneté en jours) ; les états d’une rencontre viennent ensuite."""
    for scene, matricule, jours in (
        (scenes.situation_en_redaction, "90002", 2),
        (scenes.situation_a_attester, "90010", 3),
        (scenes.situation_transmise, "10013", 4),
        (scenes.situation_recevable, "10018", 6),
        (scenes.situation_non_recevable, "10016", 24),
        (scenes.situation_retiree, "10022", 16),
    ):
        with au(_il_y_a(jours)):
            scene(_par(d, matricule))
    _presentee_et_en_suivi(d)


def _presentee_et_en_suivi(d):
    """À une rencontre supplémentaire de la semaine dernière : une situation au plan à écrire, une dont le suivi tarde."""
    jour = _mardi(_il_y_a(14))
    with au(_il_y_a(40)):
        moment = creneau(jour, datetime.time(9), 180)
        (rencontre,) = comite.planifier_rencontres([moment], par=d.coordonnatrice, est_supplementaire=True)
    with au(_il_y_a(30)):
        suivie, presentee = (
            scenes.situation_recevable(_par(d, matricule), {**scenes.RECIT, "question": cas.question})
            for matricule, cas in (("10024", CAS[5]), ("10015", CAS[4]))
        )
        for situation in (suivie, presentee):
            convocations.inscrire_situation(situation, _relu(rencontre), par=d.coordonnatrice)
    _convoquer(d, rencontre)
    textes = (("Désigner un intervenant pivot.", 5), ("Réserver un transport adapté.", 20), ("Évaluer à domicile.", 9))
    _tenir(_par(d, "10024"), suivie, rencontre, textes)
    with au(rencontre.jour + datetime.timedelta(days=1)):
        plans.presenter_situation(_relu(presentee), par=d.coordonnatrice)
    with au(_il_y_a(2)):
        reportee = Orientation.objects.get(situation=suivie, rang=2)
        plans.reporter_orientation(
            reportee, par=reportee.responsable, echeance=_il_y_a(-20), raison_du_report="Le véhicule est en réparation."
        )


# — Ce qui protège, et ce qui revient


def _protection(d):
    """Une exclusion demandée par la personne, un lien déclaré, un accès exceptionnel passé et un demandé aujourd’hui."""
    transmise, recevable = (
        SituationComplexe.objects.filter(etat=etat).latest("pk") for etat in ("transmise", "recevable")
    )
    with au(_il_y_a(3)):
        exclusions.exclure(transmise, par=transmise.demandeur, personne=d.delegue, avis_le=_il_y_a(5))
        passe = exclusions.demander_exception(recevable.numero, par=d.dsm, motif="Signalement reçu de nuit.")
        exclusions.approuver_exception(passe, par=d.prp)
    exclusions.demander_exception(transmise.numero, par=d.dsm, motif="La personne s’est présentée à l’urgence.")
    with au(_il_y_a(5)):
        comite.nommer_representant(
            Direction.objects.get(nom__contains="Jeunesse"), d.parrain, par=d.pilote, pouvoir=True
        )


def _impasses(d):
    """Une impasse récurrente dans chaque état ; l’échéance de l’une est passée."""
    hebergement, pivot, acces = _themes()
    with au(_il_y_a(200)):
        ouvertes = [
            impasses.ouvrir_impasse(
                par=d.coordonnatrice, titre=titre, themes=[theme], responsable=responsable, solution=solution,
                echeance=jour_local() + datetime.timedelta(days=echeance),
            )
            for titre, theme, responsable, solution, echeance in (
                ("Aucune place de répit pour un adulte en DI", hebergement, d.troisieme[1],
                 "Recenser les places; proposer une entente entre deux directions.", 190),
                ("Personne ne répond la nuit", acces, d.autre_gestionnaire, "Une ligne commune aux trois directions.", 300),
                ("Aucun intervenant pivot désigné", pivot, d.delegue, "Le pivot se nomme dès le premier plan.", 120),
                ("Transport adapté entre deux RLS", acces, d.delegue, "Une entente avec le transporteur.", 90),
            )
        ]  # fmt: skip
    _, nuit, designe, transport = ouvertes
    with au(_il_y_a(60)):
        impasses.entamer_solution(nuit, par=d.autre_gestionnaire)
        impasses.resoudre_impasse(designe, par=d.delegue)
        impasses.abandonner_impasse(transport, par=d.coordonnatrice, motif="Le transport relève d’une autre table.")
