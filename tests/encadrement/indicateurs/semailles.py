"""Des lignes semées en bloc sur l’établissement de démonstration : assez de monde pour que des lots se montrent."""

import datetime

from django.utils import timezone

from cdp.models import Communaute, Heures, SorteHeures
from concertation.models import (
    EtatComite,
    EtatOrientation,
    EtatSituation,
    Exclusion,
    Inscription,
    Orientation,
    PassageOrientation,
    PassageSituation,
    RencontreComite,
    SituationComplexe,
)
from consultation.models import (
    DemandeConsultation,
    EtatConsultation,
    LigneSuivi,
    PassageConsultation,
    Suite,
    SujetConsultation,
)
from encadrement.indicateurs.models import EligiblesRetenus
from encadrement.outils.peuplement.lignes import Lignes
from encadrement.personnes.models import Personne
from encadrement.socle.temps import AnneeFinanciere, debut_du_jour, jour_local
from mentorat.models import (
    Bilan,
    Entente,
    EtatEntente,
    EtatObjectif,
    Objectif,
    PassageEntente,
    RencontreMentorat,
    Sorte,
)

COULEURS = ("vert", "jaune", "rouge")
UN_JOUR = datetime.timedelta(days=1)


class Semeur:
    """Sème, sur deux années financières, de quoi remplir trois ou quatre directions."""

    def __init__(self, hasard, dsm):
        self.hasard, self.dsm = hasard, dsm
        self.gens = list(Personne.objects.filter(is_active=True, service__isnull=False).order_by("pk"))
        hasard.shuffle(self.gens)
        # Deux personnes que l’organigramme ne situe pas, et une qui n’est plus là.
        Personne.objects.filter(pk__in=[p.pk for p in self.gens[:2]]).update(service=None, installation=None)
        Personne.objects.filter(pk=self.gens[2].pk).update(is_active=False)
        self.courante = AnneeFinanciere.du(jour_local())

    def semer(self):
        self.mentorat()
        self.communautes()
        self.consultations()
        self.comite()
        return self

    def quelqu_un(self):
        # Quelques-uns reviennent souvent, la plupart une fois ou deux.
        return self.gens[min(int(self.hasard.expovariate(1 / 60)), len(self.gens) - 1)]

    def jour(self):
        return self.courante.precedente.debut + UN_JOUR * self.hasard.randrange(
            (jour_local() - self.courante.precedente.debut).days
        )

    def _instant(self, jour):
        # En fin de soirée, un instant tombe la veille ou le lendemain selon le fuseau où on le lit.
        return debut_du_jour(jour) + datetime.timedelta(hours=self.hasard.choice((1, 12, 23)))

    def _passage(self, modele, transition, de, vers, quand, **objet):
        return modele(transition=transition, de=de, vers=vers, par=self.dsm, titre="essai", quand=quand, **objet)

    def mentorat(self):
        lignes = Lignes(Entente, PassageEntente, RencontreMentorat, Objectif, Bilan, EtatObjectif)
        for rang in range(130):
            mentore, debut = self.quelqu_un(), self.jour()
            mentor = next(p for p in self.gens[rang:] if p != mentore)
            fin = debut + 180 * UN_JOUR
            approuvee = self._instant(debut)
            close = fin < jour_local()
            entente = lignes.ajouter(
                Entente(
                    numero=f"S-{rang:04d}", mentor=mentor, mentore=mentore, debut=debut, fin=fin, fin_initiale=fin,
                    etat=EtatEntente.CLOSE if close else EtatEntente.ACTIVE, prise_d_effet=approuvee,
                    cree_le=approuvee, depuis=self._instant(fin if close else debut),
                )
            )  # fmt: skip
            avant = approuvee - UN_JOUR * self.hasard.randrange(12)
            lignes.ajouter(
                self._passage(PassageEntente, "presenter", "a_signer", "a_approuver", avant, entente=entente)
            )
            for pas in range(self.hasard.randrange(4)):
                lignes.ajouter(
                    RencontreMentorat(
                        entente=entente, jour=debut + UN_JOUR * 20 * pas, minutes=self.hasard.choice((45, 60, 90)),
                        consignee_par=mentor, consignee_le=approuvee,
                    )
                )  # fmt: skip
            if close:
                self._bilans(lignes, entente)
        lignes.ecrire()

    def _bilans(self, lignes, entente):
        objectif = lignes.ajouter(Objectif(entente=entente, rang=1, texte="Essai"))
        for sorte in (Sorte.MI_TEMPS, Sorte.FINAL):
            bilan = lignes.ajouter(Bilan(entente=entente, sorte=sorte))
            lignes.ajouter(EtatObjectif(bilan=bilan, objectif=objectif, couleur=self.hasard.choice(COULEURS)))

    def communautes(self):
        communautes, lignes = list(Communaute.objects.all()), Lignes(Heures)
        for _ in range(150):
            lignes.ajouter(
                Heures(
                    communaute=self.hasard.choice(communautes), personne=self.quelqu_un(), jour=self.jour(),
                    sorte=self.hasard.choice(SorteHeures.values), minutes=self.hasard.randrange(15, 240),
                    consignees_le=timezone.now(),
                )
            )  # fmt: skip
        lignes.ecrire()

    def consultations(self):
        sujets = list(SujetConsultation.objects.all())
        sujets += SujetConsultation.objects.bulk_create(
            [
                SujetConsultation(libelle="Texte libre", cle="texte libre", a_classer=True),
                SujetConsultation(libelle="Ancien nom", cle="ancien nom", fusionne_dans=sujets[0]),
            ]
        )
        lignes = Lignes(LigneSuivi, DemandeConsultation, PassageConsultation)
        il_y_a_deux_ans = self.courante.precedente.precedente.debut
        for jour, demandeur in [
            *((il_y_a_deux_ans, qui) for qui in self.gens[10:13]),
            *((self.jour(), self.quelqu_un()) for _ in range(320)),
        ]:
            externe = self.hasard.random() < 0.3
            lignes.ajouter(
                LigneSuivi(
                    expert=None if externe else self.dsm, expert_externe="Expert externe" if externe else "",
                    expertise="Essai", jour=jour, demandeur=demandeur, sujet=self.hasard.choice(sujets),
                    minutes=self.hasard.randrange(10, 120), creee_le=timezone.now(),
                )
            )  # fmt: skip
        for rang in range(140):
            self._consultation(lignes, rang, self.hasard.choice([None, *sujets]))
        lignes.ecrire()

    def _consultation(self, lignes, rang, sujet):
        demandeur, jour = self.quelqu_un(), self.jour()
        etats = self.hasard.choice(
            (
                ["a_discuter", "non_pertinente"], ["a_discuter", "autorisee", "chez_expert", "acceptee", "avis_rendu", "fermee"],
                ["a_discuter", "autorisee", "retiree"],
                ["a_discuter", "autorisee", "formulaire", "transmise", "formulaire", "transmise", "au_ruisss", "en_contact",
                 "fermee"],
                ["a_discuter", "autorisee", "formulaire", "transmise", "au_comite"],
            )
        )  # fmt: skip
        fin = self._instant(min(jour + UN_JOUR * (len(etats) - 1) * 3, jour_local()))
        demande = lignes.ajouter(
            DemandeConsultation(
                numero=f"S-{rang:04d}", demandeur=demandeur, etat=etats[-1], sujet=sujet, cree_le=fin, depuis=fin,
                suite=self.hasard.choice(["", *Suite.values]) if etats[-1] == EtatConsultation.FERMEE else "",
            )
        )  # fmt: skip
        verbes = {"a_discuter": "soumettre", "avis_rendu": "rendre_avis", "transmise": "transmettre"}
        de = "brouillon"
        for pas, vers in enumerate(etats):
            quand = min(self._instant(jour + UN_JOUR * 3 * pas), fin)
            lignes.ajouter(
                self._passage(PassageConsultation, verbes.get(vers, "avancer"), de, vers, quand, demande=demande)
            )
            de = vers

    def comite(self):
        directions = sorted({p.service.direction_id for p in self.gens[3:40]})
        tenues = list(RencontreComite.objects.filter(etat=EtatComite.TENUE))
        lignes = Lignes(
            SituationComplexe, PassageSituation, Inscription, Orientation, PassageOrientation, Exclusion
        )  # fmt: skip
        for rang in range(60):
            rencontre = self.hasard.choice(tenues)
            apres = rencontre.debut + datetime.timedelta(hours=4)
            situation = lignes.ajouter(
                SituationComplexe(
                    numero=f"S-{rang:04d}", demandeur=self.quelqu_un(), etat=EtatSituation.EN_SUIVI, adulte=True,
                    cree_le=apres, depuis=apres,
                )
            )  # fmt: skip
            self._inscriptions(lignes, situation, rencontre, tenues, apres, encore=rang % 5 == 0)
            depot = apres - UN_JOUR * self.hasard.randrange(5, 60)
            for transition, quand in (("attester", depot), ("presenter", apres), ("presenter", apres + 30 * UN_JOUR)):
                if quand < timezone.now() and (quand <= apres or rang % 5 == 0):
                    lignes.ajouter(self._passage(PassageSituation, transition, "x", "y", quand, situation=situation))
            for place in range(self.hasard.randrange(1, 4)):
                self._orientation(lignes, situation, rencontre, place, self.hasard.choice(directions), apres)
            if rang % 6 == 0:
                # Cachée à celle qui regarde, elle-même ou par son service.
                qui = {"personne": self.gens[5]} if rang % 4 else {"service": self.gens[5].service}
                lignes.ajouter(Exclusion(situation=situation, posee_par=self.dsm, posee_le=apres, **qui))
        lignes.ecrire()

    @staticmethod
    def _inscriptions(lignes, situation, rencontre, tenues, apres, *, encore):
        """La rencontre où la situation est présentée et, si elle revient, la dernière tenue dans les trente jours."""
        retour = apres + 30 * UN_JOUR
        suivantes = [r for r in tenues if rencontre.debut < r.debut <= retour < timezone.now()] if encore else []
        quand = apres if apres < timezone.now() else None
        lignes.ajouter(
            Inscription(situation=situation, rencontre=rencontre, presentee_le=quand, reportee=bool(suivantes))
        )
        if suivantes:
            derniere = max(suivantes, key=lambda r: r.debut)
            lignes.ajouter(Inscription(situation=situation, rencontre=derniere, presentee_le=retour))

    def _orientation(self, lignes, situation, rencontre, rang, direction, apres):
        etat = self.hasard.choice(EtatOrientation.values)
        orientation = lignes.ajouter(
            Orientation(
                situation=situation, rencontre=rencontre, rang=rang + 1, direction_id=direction, responsable=self.dsm,
                echeance=jour_local(), etat=etat, chiffre="x", cree_le=apres, depuis=apres,
            )
        )  # fmt: skip
        if etat == EtatOrientation.APPLIQUEE:
            quand = apres + UN_JOUR * self.hasard.randrange(40)
            lignes.ajouter(
                self._passage(PassageOrientation, "appliquer", "a_faire", etat, quand, orientation=orientation)
            )

    def retenir(self):
        """La DSM retient un nombre pour une direction, l’an dernier, après un premier qu’elle remplace."""
        direction = self.gens[7].service.direction
        for nombre in (12, 40):
            EligiblesRetenus.objects.create(
                direction=direction,
                annee=self.courante.precedente.debut_annee,
                nombre=nombre,
                motif="Essai",
                par=self.dsm,
            )
