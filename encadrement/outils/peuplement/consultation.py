"""L’histoire de la consultation : des experts au bottin, des demandes menées à terme, le tableau de suivi."""

from consultation.models import (
    Acheminement,
    DemandeConsultation,
    EtatConsultation,
    EtatFicheExpert,
    FicheExpert,
    LigneSuivi,
    PassageConsultation,
    PassageFicheExpert,
    RencontreConsultation,
    Sollicitation,
    SorteExpert,
    Suite,
    SujetConsultation,
)
from encadrement.outils.peuplement.gens import jour_de, part_ecoulee
from encadrement.outils.peuplement.hasard import apres, choisir, identifiant, moment, tirage
from encadrement.outils.peuplement.lignes import Lignes, completer
from encadrement.socle.temps import jour_local

PERSONNES_PAR_DEMANDE = 40
# Une ligne sur trois du tableau de suivi est écrite par l’expert, sans demande.
DIRECTES = 2
SUJETS = (
    "Aides à la mobilité", "Aptitude et consentement", "Bégaiement", "Déglutition", "Deuil", "Douleur chronique",
    "Évaluation à domicile", "Santé mentale et dépendance", "Tenue de dossier", "Trouble du spectre de l’autisme",
)  # fmt: skip
EXPERTS_DU_RUISSS = ("Centre de référence A", "Centre de référence B", "Unité d’expertise C")
QUESTION = "Question d’essai : aucune situation réelle."
E, F = EtatConsultation, EtatFicheExpert
# Ce qu’une demande devient, une fois le temps passé.
ISSUES = {"cisss": 76, "ruisss": 10, "non_pertinente": 5, "retiree": 9}


def peupler(graine, gens, annees):
    """Complète les sujets, le bottin des experts, puis chaque année."""
    sujets = [
        SujetConsultation.objects.get_or_create(cle=SujetConsultation.cle_de(nom), defaults={"libelle": nom})[0].pk
        for nom in SUJETS
    ]
    experts = _bottin(graine, gens, sujets)
    for annee in annees:
        cible = round(len(gens) / PERSONNES_PAR_DEMANDE * part_ecoulee(annee))
        _annee(graine, gens, annee, cible, experts, sujets)
        _directes(graine, gens, annee, cible // DIRECTES, experts, sujets)


def _bottin(graine, gens, sujets):
    """Rend les places des experts : un membre du CM sur cent vingt, et six au moins."""
    experts = list(gens.cm[len(gens.cm) // 3 :: max(1, min(120, len(gens.cm) // 9))])
    inscrits = set(FicheExpert.objects.values_list("personne", flat=True))

    def ecrire(lot):
        lignes = Lignes(FicheExpert, PassageFicheExpert, FicheExpert.sujets.through)
        for place in lot:
            hasard = tirage(graine, "expert", gens.pk[place])
            jour, pk, chef = apres(jour_local(), -hasard.randrange(30, 330)), gens.pk[place], gens.superieur[place]
            fiche = lignes.ajouter(
                FicheExpert(
                    uuid=identifiant(hasard), personne_id=pk, etat=F.ACTIVE, sorte=hasard.choice(SorteExpert.values),
                    expertise=hasard.choice(SUJETS), presentation="Dix ans de pratique.", appuyee_par_id=chef,
                    confirmee_le=jour, cree_le=moment(apres(jour, -20)), depuis=moment(jour),
                )
            )  # fmt: skip
            for sujet in hasard.sample(sujets, 2):
                lignes.ajouter(FicheExpert.sujets.through(ficheexpert=fiche, sujetconsultation_id=sujet))
            pas = [
                ("soumettre", F.CANDIDATURE, pk, "expert", moment(apres(jour, -15))),
                ("appuyer", F.APPUYEE, chef, "gestionnaire", moment(apres(jour, -10))),
                ("inscrire", F.ACTIVE, gens.superieur[gens.chefs[0]], "direction de la DSM", moment(jour)),
            ]
            lignes.passages(PassageFicheExpert, F.BROUILLON, pas, fiche=fiche)
        lignes.ecrire()

    completer("experts", [place for place in experts if gens.pk[place] not in inscrits], ecrire)
    return experts


def _directes(graine, gens, annee, cible, experts, sujets):
    """Les consultations que l’expert consigne lui-même, entre deux portes."""
    marque = f"Entre deux portes, {annee}."
    deja = LigneSuivi.objects.filter(commentaires=marque, jour__range=annee.bornes).count()

    def ecrire(rangs):
        lignes = Lignes(LigneSuivi)
        for rang in rangs:
            hasard = tirage(graine, "directe", annee, rang)
            demandeur, expert = _deux(hasard, gens, experts)
            lignes.ajouter(
                _ligne(
                    hasard, gens, demandeur, jour_de(hasard, annee, marge=1), hasard.choice(sujets),
                    minutes=hasard.choice((10, 15, 20, 30)), expert_id=gens.pk[expert], commentaires=marque,
                )
            )  # fmt: skip
        lignes.ecrire()

    completer("tableau de suivi", range(deja, cible), ecrire, annee=annee.debut_annee)


def _deux(hasard, gens, experts):
    expert, demandeur = hasard.choice(experts), gens.quelqu_un(hasard)
    return (demandeur if demandeur != expert else gens.cm[0], expert)


def _ligne(hasard, gens, demandeur, jour, sujet, **champs):
    return LigneSuivi(
        uuid=identifiant(hasard), jour=jour, demandeur_id=gens.pk[demandeur], direction_id=gens.direction[demandeur],
        sujet_id=sujet, expertise=hasard.choice(SUJETS), creee_le=moment(jour, 17), **champs,
    )  # fmt: skip


def _annee(graine, gens, annee, cible, experts, sujets):
    serie = f"CH-{annee.debut_annee}-"
    deja = DemandeConsultation.objects.filter(numero__startswith=serie).count()

    def ecrire(rangs):
        lignes = Lignes(
            DemandeConsultation, PassageConsultation, Sollicitation, Acheminement, RencontreConsultation, LigneSuivi
        )
        for rang in rangs:
            hasard = tirage(graine, "consultation", annee, rang)
            _Demande(lignes, hasard, gens, annee, experts, sujets).ecrire(f"{serie}{rang:06d}")
        lignes.ecrire()

    completer("consultations", range(deja, cible), ecrire, annee=annee.debut_annee)


class _Demande:
    """Une demande et l’échelon où elle s’est arrêtée ; récente, elle y est encore."""

    def __init__(self, lignes, hasard, gens, annee, experts, sujets):
        self.lignes, self.hasard, self.gens = lignes, hasard, gens
        self.demandeur, self.expert = _deux(hasard, gens, experts)
        self.qui, self.chef, self.dsm = (
            gens.pk[self.demandeur], gens.superieur[self.demandeur], gens.superieur[gens.chefs[0]],
        )  # fmt: skip
        self.sujet, self.jour = hasard.choice(sujets), jour_de(hasard, annee, marge=3)
        self.issue = choisir(hasard, ISSUES)

    def _chemin(self):
        """Rend les passages que la demande aurait franchis en entier, à leurs jours."""
        quand = [self.jour]
        for _ in range(9):
            quand.append(apres(quand[-1], self.hasard.choice((1, 1, 2, 3, 5, 8))))
        qui, chef, dsm, expert = self.qui, self.chef, self.dsm, self.gens.pk[self.expert]
        pas = [("soumettre", E.A_DISCUTER, qui, "demandeur")]
        if self.issue == "non_pertinente":
            return _dater([*pas, ("juger_non_pertinente", E.NON_PERTINENTE, chef, "gestionnaire")], quand)
        pas.append(("autoriser", E.AUTORISEE, chef, "gestionnaire"))
        if self.issue == "retiree":
            return _dater([*pas, ("retirer", E.RETIREE, qui, "demandeur")], quand)
        if self.issue == "ruisss":
            suite = (
                ("constater_absence", E.FORMULAIRE, qui, "demandeur"), ("transmettre", E.TRANSMISE, qui, "demandeur"),
                ("analyser", E.ANALYSEE, dsm, "direction de la DSM"), ("acheminer", E.AU_RUISSS, dsm, "agent de liaison"),
                ("etablir_contact", E.EN_CONTACT, qui, "demandeur"), ("fermer", E.FERMEE, qui, "demandeur"),
            )  # fmt: skip
            return _dater([*pas, *suite], quand)
        suite = (
            ("choisir_expert", E.CHEZ_EXPERT, qui, "demandeur"), ("accepter", E.ACCEPTEE, expert, "expert"),
            ("rendre_avis", E.AVIS_RENDU, expert, "expert"), ("fermer", E.FERMEE, qui, "demandeur"),
        )  # fmt: skip
        return _dater([*pas, *suite], quand)

    def ecrire(self, numero):
        hasard = self.hasard
        pas = [un for un in self._chemin() if un[-1] < moment(jour_local())] or self._chemin()[:1]
        etat, franchis = pas[-1][1], {un[1]: un[-1] for un in pas}
        demande = self.lignes.ajouter(
            DemandeConsultation(
                uuid=identifiant(hasard), numero=numero, demandeur_id=self.qui, etat=etat, sujet_id=self.sujet,
                question=QUESTION, discutee_le=self.jour, discutee_avec_id=self.chef,
                a_la_dsm=E.TRANSMISE in franchis, cree_le=moment(apres(self.jour, -2)), depuis=pas[-1][-1],
                suite=choisir(hasard, {Suite.DENOUEE: 5, Suite.EVITEE: 3, Suite.SANS_OBJET: 1})
                if etat == E.FERMEE else "",
            )
        )  # fmt: skip
        self.lignes.passages(PassageConsultation, E.BROUILLON, pas, demande=demande)
        if E.CHEZ_EXPERT in franchis:
            self._chez_l_expert(demande, franchis)
        elif E.AU_RUISSS in franchis:
            self._au_ruisss(demande, franchis)

    def _chez_l_expert(self, demande, franchis):
        reponse = "rendue" if E.AVIS_RENDU in franchis else "acceptee" if E.ACCEPTEE in franchis else "attendue"
        sollicitation = self.lignes.ajouter(
            Sollicitation(
                uuid=identifiant(self.hasard), demande=demande, expert_id=self.gens.pk[self.expert], reponse=reponse,
                expertise=self.hasard.choice(SUJETS), choisie_le=franchis[E.CHEZ_EXPERT],
            )
        )  # fmt: skip
        if reponse == "rendue":
            self._tenir(demande, franchis[E.AVIS_RENDU].date(), "sollicitation", sollicitation,
                        expert_id=self.gens.pk[self.expert])  # fmt: skip

    def _au_ruisss(self, demande, franchis):
        organisme = self.hasard.choice(EXPERTS_DU_RUISSS)
        contact = franchis.get(E.EN_CONTACT)
        acheminement = self.lignes.ajouter(
            Acheminement(
                uuid=identifiant(self.hasard), demande=demande, destinataire=organisme, finalite="Avis d’expert",
                justification="Expertise absente du CISSS", achemine_par_id=self.dsm, achemine_le=franchis[E.AU_RUISSS],
                expert_externe="Expert d’essai" if contact else "", organisme=organisme if contact else "",
                contact_le=contact.date() if contact else None,
            )
        )  # fmt: skip
        if contact:
            self._tenir(demande, contact.date(), "acheminement", acheminement, expert_externe="Expert d’essai")

    def _tenir(self, demande, jour, avec_qui, objet, **expert):
        """Retient la rencontre, et la ligne du tableau de suivi si la demande est fermée."""
        minutes = self.hasard.choice((30, 45, 60, 90))
        self.lignes.ajouter(
            RencontreConsultation(
                uuid=identifiant(self.hasard), jour=jour, minutes=minutes, consignee_par_id=self.qui,
                consignee_le=moment(jour, 17), **{avec_qui: objet},
            )
        )  # fmt: skip
        if demande.etat == E.FERMEE:
            ligne = _ligne(self.hasard, self.gens, self.demandeur, jour, self.sujet, minutes=minutes, **expert)
            setattr(ligne, avec_qui, objet)
            self.lignes.ajouter(ligne)


def _dater(pas, quand):
    return [(*un, moment(jour)) for un, jour in zip(pas, quand, strict=False)]
