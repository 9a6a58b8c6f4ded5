"""L’histoire des communautés de pratique : leurs gens, puis, chaque année, le plan, les rencontres, les heures, le rapport."""

import datetime

from cdp.models import (
    Adhesion,
    Besoin,
    Communaute,
    Contribution,
    EtatAdhesion,
    EtatAnnuel,
    EtatCommunaute,
    EtatRencontre,
    Heures,
    LignePlan,
    LigneRapport,
    ParticipationCdp,
    PassageAdhesion,
    PassageCommunaute,
    PassagePlan,
    PassageRapport,
    PassageRencontre,
    PlanAnnuel,
    PointCdp,
    RapportAnnuel,
    RencontreCdp,
    RoleCdp,
    SorteContribution,
    SorteHeures,
)
from encadrement.outils.peuplement.gens import PREFIXE
from encadrement.outils.peuplement.hasard import apres, choisir, entre, identifiant, moment, tirage
from encadrement.outils.peuplement.lignes import Lignes, completer
from encadrement.outils.peuplement.organigramme import TITRES_DE_LA_CLINIQUE
from encadrement.personnes.models import RLS, TitreEmploi
from encadrement.rencontres.models import Mode, Reponse
from encadrement.socle.temps import AnneeFinanciere, jour_local

PERSONNES_PAR_COMMUNAUTE, MINIMUM = 250, 6
PAR_LOT = 40
OBJECTIFS = (
    "Harmoniser les outils d’évaluation", "Partager les données probantes du domaine",
    "Coconstruire une procédure commune", "Soutenir l’accueil des nouveaux membres",
)  # fmt: skip
SUJETS = ("Retour sur les essais", "Lecture d’un article", "Procédure commune", "Discussion de cas dépersonnalisée")
C, R, N = EtatCommunaute, EtatRencontre, EtatAnnuel


def peupler(graine, gens, annees):
    """Complète les communautés, puis chacune de leurs années."""
    _communautes(graine, gens, annees)
    for annee in annees:
        _annee(graine, annee)


def _inventees():
    return Communaute.objects.filter(creee_par__matricule__startswith=PREFIXE)


def _communautes(graine, gens, annees):
    cible = max(MINIMUM, len(gens) // PERSONNES_PAR_COMMUNAUTE)
    titres = dict(TitreEmploi.objects.values_list("code", "pk"))

    def ecrire(rangs):
        lignes = Lignes(Communaute, PassageCommunaute, Communaute.titres_emploi.through, Adhesion, PassageAdhesion)
        for rang in rangs:
            _communaute(lignes, tirage(graine, "communaute", rang), gens, annees, rang, titres)
        lignes.ecrire()

    completer("communautés", range(_inventees().count(), cible), ecrire, par_lot=PAR_LOT)


def _communaute(lignes, hasard, gens, annees, rang, titres):
    code, libelle, _ = TITRES_DE_LA_CLINIQUE[rang % len(TITRES_DE_LA_CLINIQUE)]
    tour = rang // len(TITRES_DE_LA_CLINIQUE)
    lieu, numero = list(RLS)[tour % len(RLS)].label, tour // len(RLS) + 1
    bassin = gens.de_titre[titres[code]] or gens.cm
    places = hasard.sample(bassin, min(len(bassin), hasard.randrange(8, 13)))
    agreee = entre(hasard, apres(annees[0].debut, -500), apres(annees[0].debut, 200))
    agreee = min(agreee, apres(jour_local(), -90))
    etat = choisir(hasard, {C.ACTIVE: 92, C.SUSPENDUE: 4, C.DISSOUTE: 4})
    depuis = agreee if etat == C.ACTIVE else entre(hasard, apres(agreee, 60), apres(jour_local(), -1))
    communaute = Communaute(
        uuid=identifiant(hasard), nom=f"{libelle} – {lieu}" + (f", groupe {numero}" if numero > 1 else ""), etat=etat,
        creee_par_id=gens.pk[places[0]], parrain_id=gens.pk[hasard.choice(gens.chefs)], domaine="La pratique commune.",
        groupe="Des intervenants du même titre.", pratique="Outils et démarches.", agreee_le=agreee,
        besoins=hasard.sample(Besoin.values, 2), themes=", ".join(hasard.sample(SUJETS, 2)), depuis=moment(depuis),
        cree_le=moment(apres(agreee, -40)), renouvelee_pour=AnneeFinanciere.du(jour_local()).debut_annee,
        partage_dsm=hasard.random() < 0.5, regles_internes="On s’écoute.",
    )  # fmt: skip
    communaute.recalculer_cle()
    lignes.ajouter(communaute)
    lignes.ajouter(Communaute.titres_emploi.through(communaute=communaute, titreemploi_id=titres[code]))
    anime, parrain = gens.pk[places[0]], communaute.parrain_id
    pas = [
        ("proposer", C.PROPOSEE, anime, "animateur", moment(apres(agreee, -9))),
        ("agreer", C.ACTIVE, parrain, "gestionnaire parrain", moment(agreee)),
    ]
    if etat != C.ACTIVE:
        geste = "suspendre" if etat == C.SUSPENDUE else "dissoudre"
        pas.append((geste, etat, parrain, "gestionnaire parrain", moment(depuis)))
    lignes.passages(PassageCommunaute, C.EN_PREPARATION, pas, communaute=communaute)
    roles = [RoleCdp.ANIMATEUR, RoleCdp.SECRETAIRE]
    for ordre, place in enumerate(places):
        role = roles[ordre] if ordre < len(roles) else RoleCdp.MEMBRE
        _adhesion(lignes, hasard, communaute, gens.pk[place], role, agreee if ordre < 4 else None)


def _adhesion(lignes, hasard, communaute, personne, role, debut):
    debut = debut or entre(hasard, communaute.agreee_le, apres(jour_local(), -5))
    partie = role == RoleCdp.MEMBRE and hasard.random() < 0.12
    fin = entre(hasard, debut, apres(jour_local(), -1)) if partie else None
    etat = EtatAdhesion.TERMINEE if partie else EtatAdhesion.ACTIVE
    adhesion = lignes.ajouter(
        Adhesion(
            uuid=identifiant(hasard), communaute=communaute, personne_id=personne, etat=etat, role=role, debut=debut,
            fin=fin, cree_le=moment(debut), depuis=moment(fin or debut),
            mandat_fin=apres(jour_local(), hasard.randrange(30, 330)) if role == RoleCdp.ANIMATEUR else None,
        )
    )  # fmt: skip
    pas = [("accepter_invitation", EtatAdhesion.ACTIVE, personne, "membre", moment(debut))]
    if partie:
        pas.append(("quitter", etat, personne, "membre", moment(fin)))
    lignes.passages(PassageAdhesion, EtatAdhesion.INVITEE, pas, adhesion=adhesion)


def _annee(graine, annee):
    """Les communautés qui n’ont pas encore leur plan de l’année : c’est par lui qu’une année compte comme écrite."""
    vivantes = _inventees().filter(agreee_le__lte=min(annee.fin, apres(jour_local(), -60)))
    vivantes = vivantes.exclude(planannuels__annee=annee.debut_annee)

    def ecrire(lot):
        communautes = Communaute.objects.in_bulk(lot)
        membres = {}
        for communaute, *adhesion in Adhesion.objects.filter(communaute__in=lot, debut__isnull=False).values_list(
            "communaute", "personne", "role", "debut", "fin"
        ):
            membres.setdefault(communaute, []).append(adhesion)
        lignes = Lignes(
            PlanAnnuel, PassagePlan, LignePlan, RencontreCdp, PassageRencontre, PointCdp, ParticipationCdp, Contribution,
            Heures, RapportAnnuel, PassageRapport, LigneRapport,
        )  # fmt: skip
        for pk in lot:
            hasard = tirage(graine, "année de communauté", communautes[pk].uuid, annee)
            _Annee(lignes, hasard, communautes[pk], membres[pk], annee).ecrire()
        lignes.ecrire()

    pks = list(vivantes.order_by("pk").values_list("pk", flat=True))
    completer("années de communautés", pks, ecrire, par_lot=PAR_LOT, annee=annee.debut_annee)


class _Annee:
    """Une année financière d’une communauté."""

    def __init__(self, lignes, hasard, communaute, adhesions, annee):
        self.lignes, self.hasard, self.communaute, self.annee = lignes, hasard, communaute, annee
        self.adhesions = adhesions
        par_role = {role: personne for personne, role, *_ in adhesions}
        self.anime = par_role[RoleCdp.ANIMATEUR]
        self.note = par_role.get(RoleCdp.SECRETAIRE, self.anime)
        self.debut = max(annee.debut, communaute.agreee_le)
        self.fin = min(annee.fin, apres(jour_local(), -1))
        if communaute.etat != C.ACTIVE:
            self.fin = min(self.fin, jour_local(communaute.depuis))

    def ecrire(self):
        objectifs = self.hasard.sample(OBJECTIFS, 3)
        self._plan(objectifs)
        self._rencontres()
        self._heures()
        if self.annee.fin < apres(jour_local(), -75) and self.hasard.random() < 0.9:
            self._rapport(objectifs)

    def _annuel(self, modele, passage, nom, jour, **champs):
        """Retient un document annuel approuvé et ses passages."""
        document = self.lignes.ajouter(
            modele(
                uuid=identifiant(self.hasard), communaute=self.communaute, annee=self.annee.debut_annee,
                etat=N.APPROUVE, cree_le=moment(apres(jour, -20)), depuis=moment(jour), copie_dsm_le=moment(jour),
                modifie_par_id=self.note, modifie_le=moment(apres(jour, -8)), **champs,
            )
        )  # fmt: skip
        pas = [
            ("soumettre", N.SOUMIS, self.anime, "animateur", moment(apres(jour, -7))),
            ("approuver", N.APPROUVE, self.communaute.parrain_id, "gestionnaire parrain", moment(jour)),
        ]
        self.lignes.passages(passage, N.BROUILLON, pas, **{nom: document})
        return document

    def _plan(self, objectifs):
        jour = min(apres(self.debut, self.hasard.randrange(10, 50)), apres(jour_local(), -1))
        plan = self._annuel(PlanAnnuel, PassagePlan, "plan", jour, rencontres_prevues=8, duree_prevue=90)
        for rang, objectif in enumerate(objectifs):
            self.lignes.ajouter(
                LignePlan(
                    plan=plan, rang=rang + 1, objectif=objectif, responsables="L’animateur", moyens="Les rencontres",
                    echeancier="D’ici mars", indicateur="Un document adopté",
                )
            )  # fmt: skip

    def _rapport(self, objectifs):
        jour = min(apres(self.annee.fin, self.hasard.randrange(20, 70)), apres(jour_local(), -1))
        rapport = self._annuel(
            RapportAnnuel, PassageRapport, "rapport", jour, poursuite=True, renouvellement_accorde=True,
            conclusion="Une année utile.", apercu_1=objectifs[0],
        )  # fmt: skip
        for rang, objectif in enumerate(objectifs):
            atteinte = choisir(self.hasard, {"atteint": 6, "en_partie": 3, "non_atteint": 1})
            self.lignes.ajouter(
                LigneRapport(
                    rapport=rapport, rang=rang + 1, objectif=objectif, indicateur="Un document adopté",
                    atteinte=atteinte, resultat="Voir les comptes rendus.",
                )
            )  # fmt: skip

    def _rencontres(self):
        jour = apres(self.debut, self.hasard.randrange(5, 40))
        while jour <= self.fin:
            self._rencontre(jour)
            jour = apres(jour, self.hasard.randrange(28, 58))
        if self.communaute.etat == C.ACTIVE and self.annee.fin >= jour_local():
            self._prochaine(apres(jour_local(), self.hasard.randrange(10, 40)))

    def _ouvrir(self, jour, etat, depuis):
        debut = moment(jour, self.hasard.choice((9, 13)))
        return self.lignes.ajouter(
            RencontreCdp(
                uuid=identifiant(self.hasard), communaute=self.communaute, etat=etat, debut=debut,
                fin=debut + datetime.timedelta(minutes=self.hasard.choice((60, 90, 90, 120))), lieu="Salle de rencontre",
                mode=choisir(self.hasard, {Mode.VIRTUELLE: 6, Mode.PRESENCE: 2, Mode.HYBRIDE: 2}),
                cree_le=moment(apres(jour, -30)), depuis=moment(depuis), objectif_general="Partager et coconstruire.",
            )
        )  # fmt: skip

    def _prochaine(self, jour):
        rencontre = self._ouvrir(jour, R.PLANIFIEE, jour_local())
        self.lignes.ajouter(PointCdp(uuid=identifiant(self.hasard), rencontre=rencontre, sujet=SUJETS[0], minutes=30))

    def _rencontre(self, jour):
        hasard, ajouter = self.hasard, self.lignes.ajouter
        publiee = min(apres(jour, 9), apres(jour_local(), -1))
        etat = R.ADOPTEE if jour < apres(jour_local(), -70) else R.PUBLIEE
        rencontre = self._ouvrir(jour, etat, publiee)
        pas = [
            ("convoquer", R.CONVOQUEE, self.anime, "animateur", moment(apres(jour, -14))),
            ("tenir", R.TENUE, self.anime, "animateur", moment(jour, 17)),
            ("publier", R.PUBLIEE, self.note, "secrétaire", moment(publiee, 18)),
        ]
        if etat == R.ADOPTEE:
            pas.append(("adopter", etat, self.anime, "animateur", moment(apres(jour, 42))))
        self.lignes.passages(PassageRencontre, R.PLANIFIEE, pas, rencontre=rencontre)
        for rang, sujet in enumerate(hasard.sample(SUJETS, 2)):
            ajouter(
                PointCdp(
                    uuid=identifiant(hasard), rencontre=rencontre, rang=rang + 1, sujet=sujet, minutes=30,
                    sommaire="Échanges consignés.",
                )
            )  # fmt: skip
        presents = [self.anime]
        for personne, _, debut, fin in self.adhesions:
            if debut <= jour and (fin is None or fin >= jour):
                presente = personne == self.anime or hasard.random() < 0.78
                ajouter(
                    ParticipationCdp(
                        rencontre=rencontre, personne_id=personne, presente=presente,
                        reponse=Reponse.PRESENT if presente else Reponse.ABSENT,
                    )
                )  # fmt: skip
                presents += [personne] if presente else []
        for _ in range(hasard.choice((0, 1, 1, 2))):
            ajouter(
                Contribution(
                    uuid=identifiant(hasard), rencontre=rencontre, sorte=hasard.choice(SorteContribution.values),
                    precision=hasard.choice(SUJETS), auteur_id=hasard.choice(presents), consignee_par_id=self.note,
                    apportee_le=rencontre.debut,
                )
            )  # fmt: skip

    def _heures(self):
        for personne in (self.anime, self.note):
            jour = entre(self.hasard, self.debut, max(self.fin, self.debut))
            sorte = SorteHeures.ANIMATION if personne == self.anime else SorteHeures.PREPARATION
            self.lignes.ajouter(
                Heures(
                    uuid=identifiant(self.hasard), communaute=self.communaute, personne_id=personne, jour=jour,
                    sorte=sorte, minutes=self.hasard.choice((60, 90, 120)), consignees_le=moment(jour, 17),
                )
            )  # fmt: skip
