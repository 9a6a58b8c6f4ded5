"""L’histoire du mentorat : des mentors au bottin, des demandes, des ententes closes et en cours, leurs rencontres et bilans."""

from encadrement.outils.peuplement.gens import hier_au_plus, jour_de, part_ecoulee
from encadrement.outils.peuplement.hasard import apres, choisir, identifiant, moment, tirage
from encadrement.outils.peuplement.lignes import Lignes, completer
from encadrement.socle.temps import jour_local
from mentorat.models import (
    Activite,
    Bilan,
    Caracteristique,
    Cessation,
    ConditionsFavorables,
    Couleur,
    DemandeMentorat,
    Entente,
    EtatActivite,
    EtatDemande,
    EtatEntente,
    EtatFiche,
    EtatObjectif,
    FicheMentor,
    IdentifiePar,
    Jumelage,
    Mode,
    Objectif,
    PassageDemande,
    PassageEntente,
    PassageFiche,
    Qualite,
    RencontreMentorat,
    Sorte,
)

# Une entente pour trente-trois personnes et par année : 10⁵ ententes en dix ans pour tout le réseau québécois.
PERSONNES_PAR_ENTENTE = 33
# Une demande sur huit ne mène à aucune entente.
SANS_SUITE = 8
OBJECTIFS = (
    "Mener de façon autonome une évaluation complète selon le guide du programme.",
    "Rédiger des rapports clairs, relus sans correction majeure, d’ici la mi-temps.",
    "Animer une rencontre familiale avec aisance (auto-évaluation de 4/10 à 7/10).",
    "Choisir les outils d’évaluation qui conviennent à cinq demandes différentes.",
    "Expliquer le plan d’intervention à l’équipe en moins de dix minutes.",
)
ACTIVITES = ("Observer deux fois, puis agir sous supervision", "Monter un aide-mémoire d’une page", "Discussion de cas")
E, D, F = EtatEntente, EtatDemande, EtatFiche


def peupler(graine, gens, annees):
    """Complète le bottin, puis chaque année, jusqu’au volume de l’établissement."""
    _bottin(graine, gens)
    for annee in annees:
        cible = round(len(gens) / PERSONNES_PAR_ENTENTE * part_ecoulee(annee))
        _annee(graine, gens, annee, cible)
        _sans_suite(graine, gens, annee, cible // SANS_SUITE)


def _numero(annee, rang):
    return f"MH-{annee.debut_annee}-{rang:06d}"


def _bottin(graine, gens):
    inscrits = set(FicheMentor.objects.values_list("personne", flat=True))
    places = [place for direction in list(gens.anciens) for place in gens.mentors(direction)]

    def ecrire(lot):
        lignes = Lignes(FicheMentor, PassageFiche)
        for place in lot:
            hasard = tirage(graine, "mentor", gens.pk[place])
            jour, pk, chef = apres(jour_local(), -hasard.randrange(30, 330)), gens.pk[place], gens.superieur[place]
            fiche = lignes.ajouter(
                FicheMentor(
                    uuid=identifiant(hasard), personne_id=pk, etat=F.ACTIVE, capacite=hasard.randrange(1, 4),
                    caracteristiques=list(Caracteristique.values), qualites=list(Qualite.values),
                    recommandee_par_id=chef, experience_attestee=True, confirmee_le=jour,
                    formation_suivie_le=apres(jour, -200), disponibilite="À convenir", cree_le=moment(apres(jour, -20)),
                    depuis=moment(jour), motivation="Transmettre ce que des collègues m’ont appris.",
                )
            )  # fmt: skip
            pas = [
                ("soumettre", F.CANDIDATURE, pk, "mentor", moment(apres(jour, -15))),
                ("recommander", F.RECOMMANDEE, chef, "gestionnaire", moment(apres(jour, -10))),
                ("inscrire", F.ACTIVE, gens.superieur[gens.chefs[0]], "direction de la DSM", moment(jour)),
            ]
            lignes.passages(PassageFiche, F.BROUILLON, pas, fiche=fiche)
        lignes.ecrire()

    completer("mentors", [place for place in places if gens.pk[place] not in inscrits], ecrire)


def _demande(lignes, hasard, gens, mentore, etat, jour, pas):
    """Retient une demande de mentorat et ses passages ; `jour` est celui de sa rédaction."""
    case = hasard.choice(DemandeMentorat.CASES)
    demande = lignes.ajouter(
        DemandeMentorat(
            uuid=identifiant(hasard), mentore_id=gens.pk[mentore], etat=etat, cree_le=moment(jour), depuis=pas[-1][-1],
            identifie_par=hasard.choice(IdentifiePar.values), description="Prendre ma place dans l’équipe.",
            **{case: True},
        )
    )  # fmt: skip
    lignes.passages(PassageDemande, D.BROUILLON, pas, demande=demande)
    return demande


def _sans_suite(graine, gens, annee, cible):
    """Des demandes refusées ou retirées ; elles comptent leur année par leur description, qui la dit."""
    marque = f"Besoin examiné en {annee}."
    deja = DemandeMentorat.objects.filter(description=marque).count()

    def ecrire(rangs):
        lignes = Lignes(DemandeMentorat, PassageDemande)
        for rang in rangs:
            hasard = tirage(graine, "sans suite", annee, rang)
            mentore, jour = gens.quelqu_un(hasard), jour_de(hasard, annee, marge=10)
            pk, chef = gens.pk[mentore], gens.superieur[mentore]
            fin = hasard.choice((("refuser", D.REFUSEE, chef, "gestionnaire"), ("retirer", D.RETIREE, pk, "mentoré")))
            pas = [
                ("soumettre", D.SOUMISE, pk, "mentoré", moment(jour)),
                (*fin, moment(apres(jour, hasard.randrange(2, 9)))),
            ]
            _demande(lignes, hasard, gens, mentore, fin[1], jour, pas).description = marque
        lignes.ecrire()

    completer("demandes de mentorat", range(deja, cible), ecrire, annee=annee.debut_annee)


def _annee(graine, gens, annee, cible):
    deja = Entente.objects.filter(numero__startswith=_numero(annee, 0)[:8]).count()

    def ecrire(rangs):
        lignes = Lignes(
            DemandeMentorat, PassageDemande, Jumelage, Entente, PassageEntente, ConditionsFavorables, Objectif, Activite,
            Bilan, EtatObjectif, EtatActivite, RencontreMentorat, Cessation,
        )  # fmt: skip
        for rang in rangs:
            _Dossier(lignes, tirage(graine, "entente", annee, rang), gens, annee, rang).ecrire()
        lignes.ecrire()

    completer("ententes", range(deja, cible), ecrire, annee=annee.debut_annee)


class _Dossier:
    """Une entente, de la demande à ce qu’elle est devenue aujourd’hui."""

    def __init__(self, lignes, hasard, gens, annee, rang):
        self.lignes, self.hasard, self.aujourdhui = lignes, hasard, jour_local()
        mentore = gens.mentore(annee.debut_annee, rang)
        mentor = gens.mentor(hasard, mentore)
        self.gens, self.place, self.numero = gens, mentore, _numero(annee, rang)
        self.mentore, self.mentor, self.chef = gens.pk[mentore], gens.pk[mentor], gens.superieur[mentore]
        self.debut = jour_de(hasard, annee)
        self.fin = apres(self.debut, hasard.randrange(120, 181))
        self.approuvee = apres(self.debut, -hasard.choice((1, 2, 3, 3, 5, 8)))
        self.presentee = apres(self.approuvee, -hasard.choice((1, 2, 2, 4, 6, 9, 15)))
        self.etat = self._etat()

    def _etat(self):
        """Ce que l’entente est aujourd’hui, d’après sa période."""
        if self.fin < apres(self.aujourdhui, -20):
            return choisir(self.hasard, {E.CLOSE: 90, E.CESSEE: 10})
        if self.fin < self.aujourdhui:
            return choisir(self.hasard, {E.EN_EVALUATION: 2, E.A_CLORE: 2, E.CLOSE: 3})
        if self.debut > apres(self.aujourdhui, -7):
            return choisir(self.hasard, {E.A_APPROUVER: 1, E.ACTIVE: 2})
        return E.ACTIVE

    @property
    def approuve(self):
        return self.etat != E.A_APPROUVER

    def ecrire(self):
        hasard, ajouter = self.hasard, self.lignes.ajouter
        demande = self._demande()
        pas = self._pas()
        self.derniere = self.debut
        entente = Entente(
            uuid=identifiant(hasard), numero=self.numero, demande=demande, mentor_id=self.mentor,
            mentore_id=self.mentore, etat=self.etat, frequence="Aux 3 semaines", duree_rencontres=60, debut=self.debut,
            fin=self.fin, fin_initiale=self.fin, cree_le=moment(apres(self.presentee, -6)), depuis=pas[-1][-1],
            prise_d_effet=moment(self.approuvee) if self.approuve else None, identifie_par=demande.identifie_par,
            **{case: getattr(demande, case) for case in Entente.CASES},
        )  # fmt: skip
        ajouter(entente)
        self.lignes.passages(PassageEntente, E.BROUILLON, pas, entente=entente)
        objectifs = self._objectifs(entente)
        if self.approuve:
            ajouter(
                ConditionsFavorables(
                    entente=entente, charge_ajustee=hasard.random() < 0.8, rencontres_autorisees=True,
                    reconnaissance=True, par_id=self.chef, le=moment(self.approuvee),
                )
            )  # fmt: skip
            self._vivre(entente, objectifs)

    def _demande(self):
        jour = apres(self.presentee, -hasard_de(self.hasard, 12, 30))
        pas = [
            ("soumettre", D.SOUMISE, self.mentore, "mentoré", moment(jour)),
            ("accepter", D.ACCEPTEE, self.chef, "gestionnaire", moment(apres(jour, 1))),
            ("proposer", D.PROPOSEE, self.chef, "gestionnaire", moment(apres(jour, 2))),
            ("jumeler", D.JUMELEE, self.mentore, "mentoré", moment(apres(jour, 5))),
        ]
        demande = _demande(self.lignes, self.hasard, self.gens, self.place, D.JUMELEE, jour, pas)
        self.lignes.ajouter(
            Jumelage(
                demande=demande, mentor_id=self.mentor, propose_par_id=self.chef, propose_le=moment(apres(jour, 2)),
                accepte_mentor_le=moment(apres(jour, 3)), accepte_mentore_le=moment(apres(jour, 5)), actif=True,
            )
        )  # fmt: skip
        return demande

    def _pas(self):
        """Rend les passages de l’entente jusqu’à son état."""
        pas = [
            ("soumettre", E.A_SIGNER, self.mentore, "mentoré", moment(apres(self.presentee, -1))),
            ("presenter", E.A_APPROUVER, self.mentor, "mentor", moment(self.presentee)),
        ]
        if self.approuve:
            pas.append(("approuver", E.ACTIVE, self.chef, "gestionnaire", moment(self.approuvee)))
        if self.etat == E.CESSEE:
            self.arret = apres(self.debut, hasard_de(self.hasard, 40, 100))
            return [
                *pas,
                ("demander_fin", E.FIN_DEMANDEE, self.mentore, "mentoré", moment(apres(self.arret, -8))),
                ("constater_fin", E.CESSEE, self.chef, "gestionnaire", moment(self.arret)),
            ]
        self.arret = hier_au_plus(apres(self.fin, hasard_de(self.hasard, -6, 12)))
        suite = [
            ("entamer_finale", E.EN_EVALUATION, self.mentore, "mentoré", moment(apres(self.arret, -3), 9)),
            ("presenter_finale", E.A_CLORE, self.mentor, "mentor", moment(apres(self.arret, -1))),
            ("clore", E.CLOSE, self.chef, "gestionnaire", moment(self.arret)),
        ]
        arrets = {E.EN_EVALUATION: 1, E.A_CLORE: 2, E.CLOSE: 3}
        return [*pas, *suite[: arrets.get(self.etat, 0)]]

    def _objectifs(self, entente):
        objectifs = []
        for rang, texte in enumerate(self.hasard.sample(OBJECTIFS, self.hasard.choice((2, 2, 3)))):
            objectif = self.lignes.ajouter(Objectif(entente=entente, rang=rang + 1, texte=texte))
            activite = self.lignes.ajouter(Activite(objectif=objectif, rang=1, texte=self.hasard.choice(ACTIVITES)))
            objectifs.append((objectif, activite))
        return objectifs

    def _vivre(self, entente, objectifs):
        """Les rencontres, puis les bilans que l’entente a eu le temps de faire."""
        jusqu_a = min(self.fin, self.arret, apres(self.aujourdhui, -1))
        self._rencontres(entente, jusqu_a)
        milieu = entente.mi_temps
        en_cours = self.etat == E.ACTIVE
        attendue = milieu <= apres(self.aujourdhui, -4) and self.etat != E.CESSEE
        # Une entente active sur huit est en retard à son bilan de mi-temps.
        faite = attendue and not (en_cours and self.hasard.random() < 0.125)
        if en_cours:
            entente.mi_temps_le = None if faite else milieu
            entente.sans_rencontre_depuis = self.derniere
        if not faite:
            if self.etat == E.CESSEE:
                self._cesser(entente)
            return
        mi_temps = self._bilan(
            entente, objectifs, Sorte.MI_TEMPS, {Couleur.VERT: 3, Couleur.JAUNE: 5, Couleur.ROUGE: 2},
            confirme_mentor_le=moment(milieu), confirme_mentore_le=moment(apres(milieu, 1)),
            commentaires="Bonne progression.", modifie_le=moment(milieu), modifie_par_id=self.mentor,
        )  # fmt: skip
        if self.etat in (E.A_CLORE, E.CLOSE):
            self._bilan(
                entente, objectifs, Sorte.FINAL, {Couleur.VERT: 7, Couleur.JAUNE: 2, Couleur.ROUGE: 1},
                forces="Rigueur et curiosité.", cibles="Oser demander tôt.", modifie_le=mi_temps.modifie_le,
                recommandations="Poursuivre les discussions de cas.", modifie_par_id=self.mentor,
            )  # fmt: skip

    def _rencontres(self, entente, jusqu_a):
        jour = apres(self.debut, self.hasard.randrange(2, 12))
        while jour <= jusqu_a:
            self.lignes.ajouter(
                RencontreMentorat(
                    uuid=identifiant(self.hasard), entente=entente, jour=jour, minutes=self.hasard.choice((45, 60, 75, 90)),
                    mode=self.hasard.choice(Mode.values), consignee_par_id=self.mentor, consignee_le=moment(jour, 16),
                )
            )  # fmt: skip
            self.derniere = jour
            jour = apres(jour, self.hasard.randrange(18, 42))

    def _bilan(self, entente, objectifs, sorte, poids, **champs):
        bilan = self.lignes.ajouter(Bilan(entente=entente, sorte=sorte, version=1, **champs))
        for objectif, activite in objectifs:
            couleur = choisir(self.hasard, poids)
            self.lignes.ajouter(EtatObjectif(bilan=bilan, objectif=objectif, couleur=couleur))
            self.lignes.ajouter(EtatActivite(bilan=bilan, activite=activite, couleur=couleur))
        return bilan

    def _cesser(self, entente):
        self.lignes.ajouter(
            Cessation(
                entente=entente, demandee_par_id=self.mentore, demandee_le=moment(apres(self.arret, -8)),
                rencontre_le=self.arret, gestionnaire_present=True, constat="Objectifs atteints plus tôt que prévu.",
            )
        )  # fmt: skip


def hasard_de(hasard, de, a):
    """Rend un entier de `de` à `a`, `a` compris."""
    return hasard.randrange(de, a + 1)
