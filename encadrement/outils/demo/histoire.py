"""Deux années de mentorat et un dossier dans chaque état, joués jour après jour par les vraies actions."""

import datetime
from types import SimpleNamespace

from encadrement.notifications.actions import marquer_lus
from encadrement.outils.demo import mentorat as scenes
from encadrement.outils.horloge import au
from encadrement.personnes.models import Attribution, Personne, RoleAttribue
from encadrement.socle.temps import jour_local
from encadrement.sondages.actions import fermer_campagne
from encadrement.sondages.models import Campagne
from mentorat.actions import bilans, bottin, demandes, ententes, fin, suivi
from mentorat.models import Competence, DemandeMentorat, Entente

COMPETENCES = (
    "Positionnement et aides à la mobilité", "Évaluation à domicile", "Aptitude et consentement",
    "Santé mentale et dépendance", "Trouble du spectre de l’autisme", "Deuil et fin de vie", "Télépratique",
)  # fmt: skip


def jouer(troupe):
    """Joue toute l’histoire ; `troupe` vient de `comptes.troupe()`."""
    for libelle in COMPETENCES:
        Competence.objects.get_or_create(libelle=libelle)
    auteurs = _Auteurs(troupe)
    _remplir_le_bottin(auteurs)
    _annees_passees(auteurs)
    for personne in Personne.objects.actives():
        marquer_lus(personne)
    _ergotherapie(troupe)
    _en_chaque_etat(auteurs)
    _demandes(auteurs)
    _candidatures(auteurs)


def _il_y_a(jours):
    return jour_local() - datetime.timedelta(days=jours)


class _Auteurs:
    """Les intervenants de l’extraction, par dyades (mentor, mentoré) admissibles, distribuées une à une."""

    def __init__(self, troupe):
        self.troupe = troupe
        reserves = {personne.matricule for personne in vars(troupe).values()}
        gens = list(
            Personne.objects.actives()
            .filter(membre_cm=True, superieur__isnull=False)
            .exclude(matricule__in=reserves)
            .select_related("titre_emploi", "superieur")
            .order_by("date_entree_service", "matricule")
        )
        self.mentors, self.autres = gens[:10], gens[10:]
        self._rang = 0

    def dyade(self):
        """Rend une distribution réduite pour un nouveau dossier."""
        mentore = self.autres[self._rang % len(self.autres)]
        mentor = self.mentors[self._rang % len(self.mentors)]
        self._rang += 1
        return SimpleNamespace(
            mentor=mentor, mentore=mentore, gestionnaire=mentore.superieur, dsm=self.troupe.dsm, appr=self.troupe.appr
        )


def _remplir_le_bottin(auteurs):
    with au(_il_y_a(720)):
        for personne in [*auteurs.mentors, auteurs.troupe.mentor]:
            fiche = scenes.fiche_inscrite(auteurs.troupe, personne)
            fiche.competences.set(Competence.objects.all()[personne.pk % 5 : personne.pk % 5 + 2])
    with au(_il_y_a(340)):
        for personne in [*auteurs.mentors[:-1], auteurs.troupe.mentor]:
            bottin.confirmer_inscription(personne.fiche_mentor, par=personne)


def _naitre(d, jours):
    with au(_il_y_a(jours + 12)):
        entente = scenes.entente_naissante(d)
    return entente


def _approuver(d, jours, *, duree=180):
    """Une entente approuvée qui commence il y a `jours` jours."""
    entente = _naitre(d, jours)
    with au(_il_y_a(jours + 4)):
        debut = _il_y_a(-4)
        scenes.remplir(entente, debut=debut, fin_=debut + datetime.timedelta(days=duree))
        scenes.mener(d, entente, "a_approuver")
    with au(_il_y_a(jours + 2), heure=14):
        ententes.approuver_entente(
            Entente.objects.get(pk=entente.pk), par=d.gestionnaire, confirmation=scenes.CONFIRMATION
        )
    _recevoir(entente, jours)
    return Entente.objects.get(pk=entente.pk)


def _recevoir(entente, jours):
    """La DSM et la DRHCAJ accusent réception de leur copie le lendemain ; les plus récentes attendent encore."""
    entente = Entente.objects.get(pk=entente.pk)
    for transmission in entente.transmissions.filter(recue_le=None):
        if jours > 30:
            role = {"dsm": RoleAttribue.APPR, "drhcaj": RoleAttribue.DRHCAJ}[transmission.destinataire]
            par = Attribution.objects.filter(role=role).earliest("pk").personne
            with au(_il_y_a(jours - 1), heure=9):
                ententes.accuser_reception(entente, transmission, par=par)


def _rencontrer(entente, *jours):
    for rang, jour in enumerate(jours):
        with au(_il_y_a(jour), heure=15):
            suivi.consigner_rencontre(
                entente, par=entente.mentor, jour=jour_local(), minutes=(60, 75, 90)[rang % 3],
                mode=("presence", "teams")[rang % 2],
            )  # fmt: skip


def _mi_temps(entente, jour, couleur="jaune"):
    with au(_il_y_a(jour)):
        scenes.mi_temps(Entente.objects.get(pk=entente.pk), couleur)


def _finir(d, entente, jour, couleur="vert"):
    with au(_il_y_a(jour)):
        bilans.entamer_finale(Entente.objects.get(pk=entente.pk), par=entente.mentore)
        entente = Entente.objects.get(pk=entente.pk)
        scenes.evaluer(entente, couleur)
        scenes.signer_la_finale(entente)
    with au(_il_y_a(jour - 2)):
        bilans.clore_entente(Entente.objects.get(pk=entente.pk), par=d.gestionnaire, confirmation=scenes.CONFIRMATION)
    _recevoir(entente, jour)


def _repondre(entente, jour, note):
    with au(_il_y_a(jour)):
        for personne in (entente.mentor, entente.mentore):
            scenes.evaluer_la_mesure(scenes.invitation(entente, personne), note)


def _annees_passees(auteurs, nombre=14):
    """Des ententes closes, réparties sur deux ans."""
    for rang in range(nombre):
        d, debut = auteurs.dyade(), 690 - rang * 34
        entente = _approuver(d, debut, duree=150)
        _rencontrer(entente, debut - 5, debut - 40, debut - 80, debut - 120)
        _mi_temps(entente, debut - 76, ("jaune", "rouge", "vert")[rang % 3])
        _finir(d, entente, debut - 150)
        if rang % 4:
            _repondre(entente, debut - 155, 3 + rang % 3)
    fermer_les_campagnes()


def fermer_les_campagnes():
    """Chaque campagne finie se ferme le lendemain de son dernier jour : ses résultats paraissent."""
    for campagne in Campagne.objects.echues(jour_local()):
        with au(campagne.fin + datetime.timedelta(days=1)):
            fermer_campagne(campagne)


def _ergotherapie(troupe):
    """Le dossier de la troupe : l’exemple « ergothérapie », actif, dont la mi-temps tombe dans quelques jours."""
    entente = _approuver(troupe, 84, duree=180)
    _rencontrer(entente, 80, 58, 37, 14)
    with au(_il_y_a(36)):
        suivi.ecrire_note_dyade(entente, par=troupe.mentor, texte="Prochaine fois : apporter le guide OEMC.")
        suivi.ecrire_note_personnelle(entente, par=troupe.mentore, texte="Oser poser la question plus tôt.")
        suivi.ecrire_suivi(entente, par=troupe.mentor, texte="Bonne progression sur les évaluations conjointes.")


def _en_chaque_etat(auteurs):
    d = auteurs.dyade()
    with au(_il_y_a(3)):
        scenes.remplir(scenes.entente_naissante(d))
    for etat, jours in (("a_signer", 2), ("a_approuver", 5)):
        d = auteurs.dyade()
        with au(_il_y_a(jours)):
            scenes.entente(d, etat)
    d = _dyade_de(auteurs, auteurs.troupe.gestionnaire)
    with au(_il_y_a(6)):
        scenes.entente(d, "a_approuver")
    _refusee(auteurs.dyade())
    _en_evaluation(auteurs.dyade())
    _a_clore(auteurs.dyade())
    _fins(auteurs)
    _prolongations(auteurs)
    _en_retard(auteurs.dyade())


def _dyade_de(auteurs, gestionnaire):
    """Une dyade dont le mentoré relève de ce gestionnaire : il a quelque chose à approuver."""
    d = auteurs.dyade()
    mentore = auteurs.troupe.collegue if gestionnaire == auteurs.troupe.gestionnaire else d.mentore
    return SimpleNamespace(**{**vars(d), "mentore": mentore, "gestionnaire": gestionnaire})


def _refusee(d):
    with au(_il_y_a(20)):
        entente = scenes.entente(d, "a_approuver")
        ententes.refuser_entente(entente, par=d.gestionnaire, motif="Le poste change de service le mois prochain.")


def _en_evaluation(d):
    entente = _approuver(d, 172, duree=175)
    _rencontrer(entente, 160, 120, 80, 40)
    _mi_temps(entente, 85, "rouge")
    with au(_il_y_a(4)):
        bilans.entamer_finale(Entente.objects.get(pk=entente.pk), par=d.mentor)


def _a_clore(d):
    entente = _approuver(d, 178, duree=180)
    _rencontrer(entente, 170, 130, 90, 50, 20)
    _mi_temps(entente, 88)
    with au(_il_y_a(2)):
        bilans.entamer_finale(Entente.objects.get(pk=entente.pk), par=d.mentore)
        entente = Entente.objects.get(pk=entente.pk)
        scenes.evaluer(entente)
        scenes.signer_la_finale(entente)


def _fins(auteurs):
    """La fin demandée au quatrième mois sans motif, et une fin constatée."""
    d = auteurs.dyade()
    entente = _approuver(d, 115)
    _rencontrer(entente, 100)
    with au(_il_y_a(3)):
        fin.demander_fin(Entente.objects.get(pk=entente.pk), par=d.mentore)
    d = auteurs.dyade()
    entente = _approuver(d, 200, duree=170)
    with au(_il_y_a(90)):
        fin.demander_fin(Entente.objects.get(pk=entente.pk), par=d.mentor)
    with au(_il_y_a(80)):
        fin.consigner_fin(
            Entente.objects.get(pk=entente.pk), par=d.gestionnaire, rencontre_le=jour_local(), appr=d.appr,
            gestionnaire_present=True, constat="Objectifs atteints plus tôt que prévu.",
        )  # fmt: skip
        fin.constater_fin(Entente.objects.get(pk=entente.pk), par=d.gestionnaire)


def _prolongations(auteurs):
    for reponse in ("", "accorder", "refuser"):
        d = auteurs.dyade()
        entente = _approuver(d, 150, duree=178)
        _rencontrer(entente, 140, 100, 60, 20)
        _mi_temps(entente, 60)
        with au(_il_y_a(10)):
            prolongation = fin.demander_prolongation(
                Entente.objects.get(pk=entente.pk), par=d.mentor,
                nouvelle_fin=entente.fin + datetime.timedelta(days=60),
                justification="Deux objectifs demandent un cycle complet de rencontres familiales.",
            )  # fmt: skip
        with au(_il_y_a(8)):
            if reponse == "accorder":
                fin.accorder_prolongation(prolongation, par=d.gestionnaire)
            elif reponse == "refuser":
                fin.refuser_prolongation(prolongation, par=d.gestionnaire, motif="Les objectifs essentiels sont là.")


def _en_retard(d):
    """Une entente sans bilan de mi-temps, sans rencontre depuis deux mois, avec une difficulté signalée."""
    entente = _approuver(d, 130)
    _rencontrer(entente, 120, 70)
    with au(_il_y_a(15)):
        mesentente = suivi.signaler_mesentente(
            Entente.objects.get(pk=entente.pk), par=d.mentore, au_gestionnaire=False, a_la_dsm=True,
            parle_a_l_autre=True, texte="Nous n’arrivons pas à trouver de plage commune.",
        )  # fmt: skip
    with au(_il_y_a(12)):
        suivi.prendre_en_charge(mesentente, par=d.appr)


def _demandes(auteurs):
    pas = (
        ("brouillon", 1), ("soumise", 4), ("acceptee", 6), ("proposee", 3), ("refusee", 9), ("retiree", 12),
    )  # fmt: skip
    for etat, jours in pas:
        d = auteurs.dyade()
        if etat == "soumise":
            d = SimpleNamespace(
                **{**vars(d), "mentore": auteurs.autres[-1], "gestionnaire": auteurs.autres[-1].superieur}
            )
        with au(_il_y_a(jours)):
            _demande(d, etat)


def _demande(d, etat):
    if etat == "proposee":
        return scenes.demande_proposee(d)
    if etat == "acceptee":
        return scenes.demande_acceptee(d)
    demande = scenes.demande_en_redaction(d) if etat == "brouillon" else scenes.demande_soumise(d)
    if etat == "refusee":
        demandes.refuser_demande(demande, par=d.gestionnaire, motif="Une formation de groupe est prévue cet hiver.")
    if etat == "retiree":
        demandes.retirer_demande(DemandeMentorat.objects.get(pk=demande.pk), par=d.mentore)
    return demande


def _candidatures(auteurs):
    t = auteurs.troupe
    candidats = iter(auteurs.autres[::-1])
    with au(_il_y_a(8)):
        scenes.fiche_en_redaction(t, next(candidats))
        scenes.fiche_soumise(t, next(candidats))
        scenes.fiche_recommandee(t, next(candidats))
        fiche = scenes.fiche_soumise(t, next(candidats))
        bottin.decliner_candidature(fiche, par=fiche.personne.superieur, motif="À reprendre après l’année d’accueil.")
        retiree = scenes.fiche_inscrite(t, next(candidats))
        bottin.retirer_du_bottin(retiree, par=retiree.personne)
        pause = scenes.fiche_inscrite(t, next(candidats))
        bottin.mettre_en_pause(pause, par=pause.personne, retour_prevu_le=jour_local() + datetime.timedelta(days=90))
