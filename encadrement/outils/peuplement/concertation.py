"""L’histoire du comité : ses rencontres, des situations sans contenu réel, leurs orientations.

Une situation a sa clé, un fichier : on n’en crée que pour les dossiers encore conservés. Au-delà, le dossier est détruit,
comme il le serait : il en reste un code et des dates, aucun récit et aucune orientation.
"""

import datetime

from django.conf import settings

from concertation.models import (
    EtatComite,
    EtatOrientation,
    EtatSituation,
    Inscription,
    Orientation,
    ParticipationComite,
    PassageComite,
    PassageOrientation,
    PassageSituation,
    Recit,
    RencontreComite,
    SituationComplexe,
)
from concertation.models.comite import TitreConvie
from concertation.models.situation import SorteImpasse
from encadrement.outils.peuplement.gens import part_ecoulee
from encadrement.outils.peuplement.hasard import apres, choisir, identifiant, moment, tirage
from encadrement.outils.peuplement.lignes import Lignes, completer
from encadrement.rencontres.models import Mode, Reponse
from encadrement.socle import coffre
from encadrement.socle.temps import ajouter_mois, jour_local

PERSONNES_PAR_SITUATION, MINIMUM = 400, 14
PAR_ANNEE, PAR_RENCONTRE = 10, 3
LIEU = "Salle du comité"
TEXTE = "Contenu d’essai : aucune situation réelle."
S, K = EtatSituation, EtatComite
O = EtatOrientation  # noqa: E741


def peupler(graine, gens, annees):
    """Complète chaque année : les rencontres d’abord, puis les situations qu’on y a présentées."""
    for annee in annees:
        rencontres = _rencontres(graine, gens, annee)
        if rencontres:
            _annee(graine, gens, annee, rencontres)


def _cible(gens, annee):
    return round(max(MINIMUM, len(gens) / PERSONNES_PAR_SITUATION) * part_ecoulee(annee))


def _rencontres(graine, gens, annee):
    """Rend [(identifiant, jour)] des rencontres tenues de l’année, après avoir écrit celles qui manquent."""
    nombre = max(round(PAR_ANNEE * part_ecoulee(annee)), -(-_cible(gens, annee) // PAR_RENCONTRE))
    vecus = (min(annee.fin, apres(jour_local(), -2)) - annee.debut).days
    # Le samedi et le dimanche n’importent pas ici : ce qui compte est de ne jamais tomber deux fois au même moment.
    moments = [
        moment(apres(annee.debut, 2 + rang * max(vecus - 2, 0) // max(nombre, 1)), 7 + rang % 3)
        for rang in range(nombre)
    ]
    moments = [debut for debut in dict.fromkeys(moments) if debut.date() < jour_local()]
    deja = set(RencontreComite.objects.filter(debut__in=moments).values_list("debut", flat=True))

    def ecrire(lot):
        lignes = Lignes(RencontreComite, PassageComite)
        for debut in lot:
            hasard, jour, dsm = tirage(graine, "comité", debut), debut.date(), gens.superieur[gens.chefs[0]]
            rencontre = lignes.ajouter(
                RencontreComite(
                    uuid=identifiant(hasard), debut=debut, fin=debut + datetime.timedelta(hours=3), lieu=LIEU,
                    mode=Mode.HYBRIDE, etat=K.TENUE, depot_le=apres(jour, -10), cree_le=moment(apres(jour, -60)),
                    depuis=moment(jour, 17), est_supplementaire=hasard.random() < 0.1,
                )
            )  # fmt: skip
            pas = [
                ("convoquer", K.CONVOQUEE, dsm, "coordonnateur du comité", moment(apres(jour, -14))),
                ("tenir", K.TENUE, dsm, "coordonnateur du comité", moment(jour, 17)),
            ]
            lignes.passages(PassageComite, K.PLANIFIEE, pas, rencontre=rencontre)
        lignes.ecrire()

    completer("rencontres du comité", [d for d in moments if d not in deja], ecrire, annee=annee.debut_annee)
    tenues = RencontreComite.objects.filter(debut__in=moments, lieu=LIEU).order_by("debut")
    return [(pk, debut.date()) for pk, debut in tenues.values_list("pk", "debut")]


def _annee(graine, gens, annee, rencontres):
    serie = f"CCH-{annee.debut_annee}-"
    deja = SituationComplexe.objects.filter(numero__startswith=serie).count()
    directions = sorted(set(gens.direction))
    # Le dernier chef de chaque direction la représente.
    representants = {gens.direction[place]: gens.pk[place] for place in gens.chefs}

    def ecrire(rangs):
        lignes = Lignes(
            SituationComplexe, SituationComplexe.directions.through, PassageSituation, Recit, Inscription,
            ParticipationComite, Orientation, PassageOrientation,
        )  # fmt: skip
        for rang in rangs:
            hasard = tirage(graine, "situation", annee, rang)
            situation = _Situation(lignes, hasard, gens, rencontres[rang % len(rencontres)])
            situation.ecrire(f"{serie}{rang:05d}", hasard.sample(directions, min(2, len(directions))), representants)
        lignes.ecrire()

    completer("situations", range(deja, _cible(gens, annee)), ecrire, par_lot=100, annee=annee.debut_annee)


class _Situation:
    """Une situation présentée à une rencontre tenue ; ancienne, elle est fermée, puis détruite."""

    def __init__(self, lignes, hasard, gens, rencontre):
        self.lignes, self.hasard = lignes, hasard
        self.rencontre, self.jour = rencontre
        place = gens.quelqu_un(hasard)
        self.qui, self.chef, self.dsm = gens.pk[place], gens.superieur[place], gens.superieur[gens.chefs[0]]
        self.fermee = apres(self.jour, hasard.randrange(60, 150))
        self.detruire = ajouter_mois(self.fermee, 12 * settings.CONSERVATION_SITUATIONS_ANNEES)
        self.etat = S.FERMEE if self.fermee < jour_local() else S.EN_SUIVI
        if self.detruire <= jour_local():
            self.etat = S.DETRUITE

    def ecrire(self, numero, directions, representants):
        hasard, ajouter, depot = self.hasard, self.lignes.ajouter, apres(self.jour, -self.hasard.randrange(14, 45))
        pas = self._pas(depot)
        finie = self.etat != S.EN_SUIVI
        # Son identifiant nomme une clé du coffre, qui survit à la base : il n’est jamais le même deux fois.
        situation = ajouter(
            SituationComplexe(
                numero=numero, demandeur_id=self.qui, etat=self.etat, adulte=True,
                impasse=hasard.choice(SorteImpasse.values), informee_le=apres(depot, -5), informee_comment="verbalement",
                discutee_le=apres(depot, -4), attestee_par_id=self.chef, attestee_le=moment(depot),
                cree_le=moment(apres(depot, -8)), depuis=pas[-1][-1], fermee_le=moment(self.fermee) if finie else None,
                verrou_le=moment(apres(self.fermee, 30)) if finie else None, detruire_le=self.detruire if finie else None,
            )
        )  # fmt: skip
        for direction in directions:
            ajouter(SituationComplexe.directions.through(situationcomplexe=situation, direction_id=direction))
        self.lignes.passages(PassageSituation, S.BROUILLON, pas, situation=situation)
        presentee = moment(self.jour, 16)
        ajouter(Inscription(situation=situation, rencontre_id=self.rencontre, rang=1, presentee_le=presentee))
        self._participations(situation, directions, representants)
        if self.etat != S.DETRUITE:
            coffre.creer_cle(situation.uuid)
            chiffre = coffre.chiffrer(situation.uuid, dict.fromkeys(Recit.REQUIS, TEXTE))
            ajouter(Recit(situation=situation, chiffre=chiffre, complet=True, modifie_le=moment(depot)))
            self._orientations(situation, directions, representants)

    def _pas(self, depot):
        coordonne = "coordonnateur du comité"
        pas = [
            ("soumettre", S.A_ATTESTER, self.qui, "intervenant responsable", moment(apres(depot, -3))),
            ("attester", S.TRANSMISE, self.chef, "gestionnaire", moment(depot)),
            ("recevoir", S.RECEVABLE, self.dsm, coordonne, moment(apres(depot, 3))),
            ("inscrire", S.INSCRITE, self.dsm, coordonne, moment(apres(depot, 4))),
            ("presenter", S.PRESENTEE, self.dsm, coordonne, moment(self.jour, 16)),
            ("etablir_plan", S.EN_SUIVI, self.dsm, coordonne, moment(self.jour, 17)),
        ]
        if self.etat != S.EN_SUIVI:
            pas.append(("fermer", S.FERMEE, self.dsm, coordonne, moment(self.fermee)))
        if self.etat == S.DETRUITE:
            pas.append(("detruire", S.DETRUITE, self.dsm, coordonne, moment(self.detruire)))
        return pas

    def _participations(self, situation, directions, representants):
        convies = [(self.qui, TitreConvie.INTERVENANT, None), (self.chef, TitreConvie.GESTIONNAIRE, None)]
        convies += [(representants[d], TitreConvie.REPRESENTANT, d) for d in directions if d in representants]
        for personne, (titre, direction) in {p: (t, d) for p, t, d in reversed(convies)}.items():
            self.lignes.ajouter(
                ParticipationComite(
                    uuid=identifiant(self.hasard), situation=situation, rencontre_id=self.rencontre, personne_id=personne,
                    titre=titre, direction_id=direction, presente=self.hasard.random() < 0.9, reponse=Reponse.PRESENT,
                    ouvre_le=moment(apres(self.jour, -14)), ferme_le=moment(apres(self.jour, 30)),
                )
            )  # fmt: skip

    def _orientations(self, situation, directions, representants):
        for rang in range(self.hasard.choice((2, 2, 3))):
            direction = directions[rang % len(directions)]
            jour = apres(self.jour, self.hasard.randrange(20, 55))
            poids = {O.APPLIQUEE: 82, O.NON_APPLIQUEE: 18}
            if self.etat == S.EN_SUIVI:
                poids = {O.APPLIQUEE: 4, O.EN_COURS: 4, O.A_FAIRE: 2} if jour < jour_local() else {O.A_FAIRE: 1}
            etat = choisir(self.hasard, poids)
            responsable = representants.get(direction, self.chef)
            raison = TEXTE if etat == O.NON_APPLIQUEE else ""
            orientation = self.lignes.ajouter(
                Orientation(
                    uuid=identifiant(self.hasard), situation=situation, rencontre_id=self.rencontre, rang=rang + 1,
                    direction_id=direction, responsable_id=responsable, etat=etat, cree_le=moment(self.jour, 17),
                    echeance=apres(self.jour, self.hasard.randrange(40, 120)),
                    depuis=moment(self.jour if etat == O.A_FAIRE else jour),
                    chiffre=coffre.chiffrer(situation.uuid, {"texte": TEXTE, "raison": raison}),
                )
            )  # fmt: skip
            geste = {O.APPLIQUEE: "appliquer", O.NON_APPLIQUEE: "ne_pas_appliquer", O.EN_COURS: "commencer"}.get(etat)
            pas = [(geste, etat, responsable, "responsable de l’orientation", moment(jour))] if geste else []
            self.lignes.passages(PassageOrientation, O.A_FAIRE, pas, orientation=orientation)
