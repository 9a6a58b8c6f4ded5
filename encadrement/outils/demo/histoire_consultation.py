"""Deux années de consultations d’experts et un dossier dans chaque état, jouées par les vraies actions."""

import datetime
import itertools
from dataclasses import dataclass
from types import SimpleNamespace

from django.utils import timezone

from consultation.actions import bottin, demandes, experts, issues, plages, reglages, suivi, sujets
from consultation.models import Approbation, Plage, SorteExpert, Suite, SujetConsultation, approbation_exigee
from encadrement.demandes import actions as services
from encadrement.outils.demo import consultation as scenes
from encadrement.outils.demo.histoire import fermer_les_campagnes
from encadrement.outils.horloge import au
from encadrement.personnes.models import Personne
from encadrement.rencontres.serie import creneau
from encadrement.socle.temps import jour_local


@dataclass(frozen=True)
class Savoir:
    """Un expert du bottin : à quel titre, son expertise, ses sujets, ce qu’on lui demande et ce qu’il répond."""

    matricule: str
    sorte: str
    expertise: str
    sujets: tuple
    question: str
    avis: str


SAVOIRS = (
    Savoir(
        "90001", SorteExpert.PAIR, scenes.EXPERTISE, ("Coussin d’assise et plaies", "Aides à la mobilité motorisées"),
        "Quel coussin essayer pour une assise prolongée quand la peau rougit encore après deux heures?",
        "Essayer un coussin à cellules deux semaines, noter la peau matin et soir, revoir l’angle du bassin.",
    ),
    Savoir(
        "90011", SorteExpert.SPECIALISTE, "Langage et communication", ("Dysphagie", "Communication alternative"),
        "Par où commencer une communication alternative quand la famille parle deux langues?",
        "Partir de dix pictogrammes utiles à la maison, dans les deux langues, et en ajouter un par semaine.",
    ),
    Savoir(
        "10017", SorteExpert.PAIR, "Nutrition et dysphagie à domicile", ("Dysphagie", "Perte de poids"),
        "Comment enrichir une texture purée sans dépasser ce que la personne accepte?",
        "Enrichir le déjeuner seulement, peser aux deux semaines, cesser le supplément s’il coupe l’appétit.",
    ),
    Savoir(
        "10030", SorteExpert.PAIR, "Crise suicidaire et régulation des émotions", ("Risque suicidaire", "Automutilation"),
        "Quelle fréquence de contact viser dans les deux semaines après un congé d’hôpital?",
        "Un appel aux deux jours la première semaine, un plan de sécurité relu à chaque fois.",
    ),
    Savoir(
        "10024", SorteExpert.CHEF_EQUIPE, "Prévention des chutes", ("Chutes à domicile",),
        "Quel programme d’exercices tenir avec une seule visite par semaine?",
        "Trois exercices debout au comptoir, un calendrier sur le frigo, réévaluer à six semaines.",
    ),
    Savoir(
        "10063", SorteExpert.COORDONNATEUR, "Aptitude, consentement et protection", ("Aptitude et consentement",),
        "Comment documenter un refus de services quand l’aptitude fluctue?",
        "Deux rencontres à des heures différentes, noter les mots de la personne, décision réversible d’abord.",
    ),
)  # fmt: skip
SUITES = (Suite.DENOUEE, Suite.EVITEE, Suite.DENOUEE, Suite.SANS_OBJET)
APPORTS = ("piste", "confirme", "piste", "autre", "peu_utile")
COULOIRS = ("Suivi à 3 sem.", "", "Modèle de grille remis", "Deux appels", "")


def jouer(troupe):
    """Joue l’histoire des consultations ; `troupe` vient de `comptes.troupe()`."""
    gens = _Gens(troupe)
    _structure(troupe)
    fiches = _bottin(troupe)
    _annees_passees(gens, fiches)
    fermer_les_campagnes()
    _plages(troupe)
    _en_chaque_etat(gens, troupe)
    _candidatures(gens, troupe)
    _soutiens(gens, troupe)


def _il_y_a(jours):
    return jour_local() - datetime.timedelta(days=jours)


def _personne(matricule):
    return Personne.objects.get(matricule=matricule)


def _relu(objet):
    return type(objet).objects.get(pk=objet.pk)


class _Gens:
    """Les demandeurs possibles, toutes directions mêlées, donnés un à un ; jamais un expert ni un de leurs gestionnaires."""

    def __init__(self, troupe):
        reserves = {savoir.matricule for savoir in SAVOIRS} | {p.matricule for p in vars(troupe).values()}
        membres = (
            Personne.objects.actives()
            .filter(membre_cm=True, superieur__isnull=False, service__direction__sorte="clinique")
            .exclude(matricule__in=reserves)
            .select_related("superieur", "service__direction")
            .order_by("matricule")
        )
        par_direction = {}
        for personne in membres:
            par_direction.setdefault(personne.service.direction_id, []).append(personne)
        rangs = itertools.zip_longest(*par_direction.values())
        self._gens = [personne for rang in rangs for personne in rang if personne]
        self._suivant = itertools.cycle(self._gens)

    def demandeur(self):
        return next(self._suivant)

    def derniers(self):
        """Rend ceux qu’aucune consultation n’occupe encore, le dernier d’abord."""
        return iter(self._gens[::-1])


def _structure(d):
    """La DSM ouvre la liste des sujets, dépose du matériel, et une direction choisit que la discussion suffit."""
    with au(_il_y_a(735)):
        for libelle in dict.fromkeys(itertools.chain(scenes.SUJETS, *(savoir.sujets for savoir in SAVOIRS))):
            sujets.ajouter_sujet(libelle, par=d.dsm)
        for titre, description in (
            ("Le recadrage en six questions", "Aider le demandeur à voir la situation autrement."),
            ("Pratique réflexive : grille d’une page", "À remplir avec le demandeur, à la fin de la rencontre."),
        ):
            reglages.deposer_materiel(
                par=d.appr, titre=titre, description=description, lien="https://dsm.exemple/experts"
            )
    with au(_il_y_a(500)):
        reglages.regler_direction(
            d.animatrice.service.direction, par=d.dsm, approbation=Approbation.INFORMATIVE,
            motif="Équipes éloignées de leur gestionnaire : la discussion téléphonique suffit.",
        )  # fmt: skip


def _bottin(d):
    """Rend {matricule: fiche} ; tous confirmés l’an dernier, sauf un dont l’inscription est à confirmer."""
    fiches = {}
    with au(_il_y_a(730)):
        for savoir in SAVOIRS:
            fiches[savoir.matricule] = _inscrire(d, savoir)
    for fiche in list(fiches.values())[:-1]:
        with au(_il_y_a(350 if fiche.personne == d.mentor else 300)):
            bottin.confirmer_inscription(_relu(fiche), par=fiche.personne)
    return {matricule: _relu(fiche) for matricule, fiche in fiches.items()}


def _inscrire(d, savoir):
    personne = _personne(savoir.matricule)
    fiche = bottin.ouvrir_fiche(par=personne)
    bottin.ecrire_fiche(
        fiche, par=personne, sorte=savoir.sorte, expertise=savoir.expertise,
        presentation="Plus de dix ans de pratique en Gaspésie; formations données aux équipes.",
        disponibilite="Mardi et jeudi après-midi",
        sujets=SujetConsultation.objects.filter(libelle__in=savoir.sujets),
    )  # fmt: skip
    bottin.soumettre_candidature(fiche, par=personne)
    bottin.appuyer_candidature(fiche, par=personne.superieur)
    bottin.inscrire_expert(fiche, par=d.dsm)
    return fiche


# — Deux années de consultations tenues


def _annees_passees(gens, fiches, nombre=32):
    """Des consultations fermées, une aux trois semaines environ ; Guylaine Cyr en reçoit près de la moitié."""
    autres = itertools.cycle(SAVOIRS[1:])
    for rang in range(nombre):
        savoir = SAVOIRS[0] if rang % 2 == 0 else next(autres)
        _consultation(gens.demandeur(), savoir, fiches[savoir.matricule], 700 - rang * 21, rang)
    for rang, commentaires in enumerate(COULOIRS):
        savoir = SAVOIRS[rang]
        with au(_il_y_a(310 - rang * 60), heure=15):
            suivi.ajouter_ligne(
                par=_personne(savoir.matricule), jour=jour_local(), demandeur=gens.demandeur(),
                minutes=(15, 20, 30)[rang % 3], sujet=_sujet(savoir, rang // 2), commentaires=commentaires,
            )  # fmt: skip


def _sujet(savoir, rang):
    return SujetConsultation.objects.get(libelle=savoir.sujets[rang % len(savoir.sujets)])


def _consultation(demandeur, savoir, fiche, jours, rang):
    """Une consultation menée de la question à la fermeture, trois semaines durant."""
    with au(_il_y_a(jours)):
        demande = _autorisee(demandeur, savoir, rang)
        experts.choisir_expert(demande, par=demandeur, fiche=fiche)
    with au(_il_y_a(jours - 2)):
        experts.accepter_demande(_relu(demande), par=fiche.personne)
    with au(_il_y_a(jours - 9), heure=15):
        minutes, mode = (30, 45, 60, 90)[rang % 4], ("teams", "telephone", "presence")[rang % 3]
        experts.consigner_rencontre(_relu(demande), par=fiche.personne, jour=jour_local(), minutes=minutes, mode=mode)
        experts.rendre_avis(_relu(demande), par=fiche.personne, avis=savoir.avis)
    with au(_il_y_a(jours - 12)):
        issues.fermer_consultation(_relu(demande), par=demandeur, suite=SUITES[rang % 4], reponses=_reponses(rang))


def _autorisee(demandeur, savoir, rang):
    """Ouvre, écrit, présente la demande et en note la discussion, selon ce que la direction a choisi."""
    demande = _ecrite(demandeur, savoir, rang)
    demandes.soumettre_demande(demande, par=demandeur)
    if approbation_exigee(demandeur.direction):
        demandes.autoriser_consultation(demande, par=demandeur.superieur, discutee_le=jour_local())
    else:
        demandes.constater_discussion(demande, par=demandeur, discutee_le=jour_local())
    return _relu(demande)


def _ecrite(demandeur, savoir, rang):
    demande = demandes.ouvrir_demande(par=demandeur)
    demandes.ecrire_demande(
        demande, par=demandeur, question=savoir.question, contexte="Personne suivie à domicile, situation stable.",
        recherches="Guide du programme, deux articles, échange avec l’équipe.",
        constats="Rien qui tienne compte d’une visite par semaine.", attentes="Une piste à essayer et quand l’arrêter.",
        disponibilites="Mardi après-midi", sujet=_sujet(savoir, rang // 2),
    )  # fmt: skip
    return demande


def _reponses(rang):
    return {
        "apport": APPORTS[rang % len(APPORTS)],
        "valeur_situation": 3 + rang % 3,
        "valeur_pratique": 5 - rang % 2,
        "commentaire": "La piste a tenu." if rang % 7 == 0 else "",
    }


# — Aujourd’hui


def _plages(d):
    """Les prochaines plages de Guylaine Cyr : trois mardis et trois jeudis, à 13 h."""
    jours = (jour_local() + datetime.timedelta(days=ecart) for ecart in range(2, 25))
    retenus = [jour for jour in jours if jour.weekday() in (1, 3)][:6]
    moments = [creneau(jour, datetime.time(13), 45) for jour in retenus]
    plages.offrir_plages(d.mentor.fiche_expert, moments, par=d.mentor, lieu="https://teams.exemple/positionnement")


# (scène, ancienneté en jours) : à sept jours, l’expert est attendu aujourd’hui.
ETATS = (
    (scenes.demande_en_redaction, 1),
    (scenes.demande_soumise, 3),
    (scenes.demande_autorisee, 2),
    (scenes.demande_declinee, 6),
    (scenes.demande_chez_expert, 7),
    (scenes.moment_propose, 2),
    (scenes.demande_acceptee, 4),
    (scenes.rencontre_tenue, 5),
    (scenes.avis_rendu, 3),
    (scenes.demande_fermee, 8),
    (scenes.demande_non_pertinente, 11),
    (scenes.demande_retiree, 12),
    (scenes.formulaire_ouvert, 5),
    (scenes.demande_transmise, 4),
    (scenes.demande_analysee, 6),
    (scenes.demande_acheminee, 14),
    (scenes.demande_en_contact, 20),
    (scenes.demande_fermee_par_le_ruisss, 60),
    (scenes.demande_au_comite, 15),
)


def _en_chaque_etat(gens, d):
    """Un dossier dans chaque état : ceux de Loïc St-Onge et de Zoé Bujold, puis ceux d’autres demandeurs."""
    connus = {0: d.mentore, 1: d.collegue, 4: d.mentore, 8: d.mentore}
    for rang, (scene, jours) in enumerate(ETATS):
        demandeur = connus.get(rang) or gens.demandeur()
        # Les scènes parlent de « mentoré » et de sa gestionnaire : ce sont ici le demandeur et le sien.
        distribution = SimpleNamespace(**{**vars(d), "mentore": demandeur, "gestionnaire": demandeur.superieur})
        with au(_il_y_a(jours)):
            scene(distribution)
    _reservee(d)
    with au(_il_y_a(2)):
        for libelle in ("Héminégligeance visuelle", "Télépratique en réadaptation"):
            sujets.proposer_sujet(libelle, par=d.collegue)


def _reservee(d):
    """La collègue réserve la première plage de Guylaine Cyr, qui l’accepte : la rencontre est à l’agenda des deux."""
    with au(_il_y_a(1)):
        demande = _autorisee(d.collegue, SAVOIRS[0], 1)
        plage = Plage.objects.libres(timezone.now() + datetime.timedelta(days=2)).first()
        experts.choisir_expert(demande, par=d.collegue, fiche=d.mentor.fiche_expert, plage=plage)
        experts.accepter_demande(_relu(demande), par=d.mentor)


def _candidatures(gens, d):
    """Une fiche dans chaque état qui n’est pas « inscrite »."""
    candidats = gens.derniers()
    with au(_il_y_a(7)):
        scenes.fiche_en_redaction(d, next(candidats), "Deuil et fin de vie")
        scenes.fiche_soumise(d, next(candidats), "Trouble du spectre de l’autisme")
        scenes.fiche_soumise(d, d.collegue, "Proches aidants")
        scenes.fiche_appuyee(d, next(candidats), "Télépratique")
        identifie = next(candidats)
        bottin.identifier_expert(identifie, par=identifie.superieur, expertise="Rééducation périnéale")
        ecartee = scenes.fiche_soumise(d, next(candidats), "Gestion de la douleur")
        bottin.ecarter_candidature(ecartee, par=ecartee.personne.superieur, motif="À reprendre après la formation.")
        pause = scenes.fiche_inscrite(d, next(candidats), "Santé mentale des jeunes")
        bottin.mettre_en_pause(pause, par=pause.personne, retour_prevu_le=jour_local() + datetime.timedelta(days=60))
        retiree = scenes.fiche_inscrite(d, next(candidats), "Réadaptation vestibulaire")
        bottin.retirer_du_bottin(retiree, par=retiree.personne)


def _soutiens(gens, d):
    """Une demande de soutien d’un APPR dans chaque état."""
    etats = (
        (scenes.soutien_en_redaction, 1),
        (scenes.soutien_transmis, 3),
        (scenes.soutien_pris_en_charge, 6),
        (scenes.soutien_clos, 40),
    )
    for scene, jours in etats:
        with au(_il_y_a(jours)):
            scene(SimpleNamespace(**{**vars(d), "mentore": gens.demandeur()}))
    with au(_il_y_a(5)):
        retiree = scenes.soutien_transmis(SimpleNamespace(**{**vars(d), "mentore": gens.demandeur()}))
        services.retirer_demande_service(retiree, par=retiree.demandeur)
