"""Deux années d’une communauté de pratique et une autre dans chaque état, jouées par les vraies actions."""

import datetime
from types import SimpleNamespace

from cdp.actions import adhesions, annees, communautes, comptes_rendus, heures, rencontres, suivis, vie
from cdp.models import Atteinte, Besoin, Communaute, RapportAnnuel, RoleCdp, SorteContribution, SorteHeures, SorteOutil
from encadrement.outils.demo import cdp as scenes
from encadrement.outils.horloge import au
from encadrement.personnes.models import Personne
from encadrement.rencontres.models import Mode, Sorte
from encadrement.socle.temps import AnneeFinanciere, jour_local

CONTRIBUTIONS = (
    (SorteContribution.EXPERIENCE, "évaluation du TDL en contexte bilingue"),
    (SorteContribution.EXPERIENCE, "bégaiement : une intervention parentale suivie six mois"),
    (SorteContribution.DONNEE, "méta-analyse sur l’intervention parentale, 2024"),
    (SorteContribution.EXPERIENCE, "codéveloppement : une situation d’aphasie de l’enfant"),
    (SorteContribution.COCONSTRUCTION, "grille TDL v2"),
    (SorteContribution.PRODUCTION, "aide-mémoire pour les éducatrices en CPE"),
    (SorteContribution.EXPERIENCE, "retour d’une formation sur la dysphagie"),
    (SorteContribution.DONNEE, "recension sur le dépistage à 18 mois"),
)
SOMMAIRES = (
    "La grille est essayée dans les quatre RLS; l’item 14 prête à confusion. On la garde deux mois de plus.",
    "Présentation suivie d’un échange. Les membres retiennent trois moyens à essayer d’ici la prochaine rencontre.",
    "Discussion d’une situation dépersonnalisée. Deux pistes sont proposées; le suivi se fera à la prochaine rencontre.",
)
SUIVIS = ("Corriger l’item 14", "Demander la traduction", "Déposer la recension à la bibliothèque", "Réserver la salle")
SUJETS = ("Télépratique avec les 0-3 ans", "Liste d’attente : qui voir d’abord?", "Accueillir une stagiaire")


def jouer(troupe):
    """Joue l’histoire des communautés ; `troupe` vient de `comptes.troupe()`."""
    communaute = _naissance(troupe)
    _annee_passee(troupe, communaute)
    _annee_courante(troupe, communaute)
    _vie(troupe, communaute)
    _en_chaque_etat(troupe)


def _personne(matricule):
    return Personne.objects.get(matricule=matricule)


def _relu(objet):
    return type(objet).objects.get(pk=objet.pk)


def _jour(annee, mois, jour):
    """Rend un jour de l’année financière qui commence le 1er avril de `annee`."""
    return datetime.date(annee if mois >= 4 else annee + 1, mois, jour)


def _mercredi(jour):
    """Rend le mercredi qui suit `jour`, ou ce jour même."""
    return jour + datetime.timedelta(days=(2 - jour.weekday()) % 7)


def _naissance(d):
    annee = AnneeFinanciere.du(jour_local()).debut_annee - 1
    depart = _personne("90016")
    with au(_jour(annee - 1, 2, 10)):
        troupe = SimpleNamespace(**{**vars(d), "ancien_membre": depart})
        communaute = scenes.communaute_prete(troupe)
        for matricule in ("90015", "90017", "10020"):
            invitee = adhesions.inviter(communaute, _personne(matricule), par=d.animatrice)
            adhesions.accepter_invitation(invitee, par=invitee.personne)
        communautes.proposer_communaute(communaute, par=d.animatrice)
    with au(_jour(annee - 1, 2, 20)):
        communautes.agreer_communaute(_relu(communaute), par=d.parrain)
    return _relu(communaute)


def _annee_passee(d, communaute):
    annee = communaute.annee.debut_annee - 1
    with au(_jour(annee, 1, 20)):
        animation = communaute.adhesions.actives().get(personne=d.animatrice)
        adhesions.reconduire_mandat(animation, par=d.animatrice)
    with au(_jour(annee, 4, 8)):
        scenes.plan_soumis(d, communaute, annee)
    with au(_jour(annee, 4, 15)):
        annees.approuver_plan(communaute.planannuels.get(annee=annee), par=d.parrain, confirmation=scenes.CONFIRMATION)
    jours = [_mercredi(_jour(annee, *quand)) for quand in ((5, 14), (6, 18), (9, 17), (10, 22), (12, 10), (2, 18))]
    for rang, jour in enumerate(jours):
        _rencontre(d, communaute, jour, rang, adopter=True)
    _rapport(d, communaute, annee)


def _rencontre(d, communaute, jour, rang, *, adopter=False):
    """Une rencontre convoquée, tenue, rédigée, publiée ; la précédente s’y adopte."""
    champs = {"mode": Mode.HYBRIDE, "lieu": "CLSC de Carleton"} if rang % 6 == 1 else {}
    with au(jour - datetime.timedelta(days=12)):
        rencontre = scenes.rencontre_convoquee(d, communaute, dans=12, **champs)
    for participation in rencontre.participations.select_related("personne")[:4]:
        with au(jour - datetime.timedelta(days=8)):
            rencontres.repondre_a_la_convocation(_relu(rencontre), par=participation.personne, presence="present")
    with au(jour + datetime.timedelta(days=1)):
        rencontre = _relu(rencontre)
        rencontres.tenir_rencontre(rencontre, par=d.secretaire)
        _rediger(d, rencontre, rang)
        comptes_rendus.publier_compte_rendu(rencontre, par=d.secretaire)
        precedente = rencontre.precedente()
        if adopter and precedente and precedente.etat == "publiee":
            comptes_rendus.adopter_compte_rendu(precedente, par=d.animatrice)
        if rang:
            ouvert = communaute.suivis.filter(clos_le=None).order_by("cree_le").first()
            if ouvert:
                suivis.clore_suivi(ouvert, par=d.animatrice, issue="Fait.")
        for personne in (d.animatrice, d.membre):
            heures.consigner_heures(
                communaute, par=personne, jour=jour - datetime.timedelta(days=1),
                sorte=SorteHeures.PREPARATION, minutes=30, precision="Lectures",
            )  # fmt: skip
    return rencontre


def _rediger(d, rencontre, rang):
    points = rencontre.points.filter(sorte=Sorte.AUTRE).order_by("rang")
    saisi = {f"point-{point.pk}": texte for point, texte in zip(points, SOMMAIRES, strict=False)}
    comptes_rendus.ecrire_compte_rendu(rencontre, par=d.secretaire, saisi=saisi, temoins={})
    lignes = list(rencontre.participations.all())
    absente = lignes[(rang * 2 + 3) % len(lignes)].pk
    comptes_rendus.noter_presences(rencontre, {ligne.pk: ligne.pk != absente for ligne in lignes}, par=d.secretaire)
    for decalage in (0, 1):
        sorte, precision = CONTRIBUTIONS[(rang + decalage * 3) % len(CONTRIBUTIONS)]
        comptes_rendus.consigner_contribution(
            rencontre, par=d.secretaire, sorte=sorte, precision=precision, auteur=d.membre if decalage else d.animatrice
        )
    suivis.noter_suivi(
        rencontre, par=d.secretaire, texte=SUIVIS[rang % len(SUIVIS)], point=points.first(),
        personne=(d.secretaire, d.animatrice, d.membre)[rang % 3],
        echeance=rencontre.jour + datetime.timedelta(days=25),
    )  # fmt: skip


def _rapport(d, communaute, annee):
    with au(_jour(annee, 3, 20)):
        rapport = annees.ouvrir_rapport(communaute, annee, par=d.animatrice)
        saisi = {"conclusion": "Une grille commune, et un groupe qui se connaît enfin.", "poursuite": True,
                 "apercu_1": "Télépratique", "apercu_2": "Liste d’attente", "apercu_3": "Stagiaires"}  # fmt: skip
        for rang, ligne in enumerate(rapport.lignes.all()):
            saisi[f"ligne-{ligne.pk}-atteinte"] = (Atteinte.ATTEINT, Atteinte.EN_PARTIE)[rang % 2]
            saisi[f"ligne-{ligne.pk}-resultat"] = "Adoptée par trois RLS sur quatre" if rang % 2 else "Fait"
        annees.ecrire(rapport, par=d.animatrice, saisi=saisi, temoins={})
    with au(_jour(annee + 1, 4, 2)):
        annees.soumettre(_relu(rapport), par=d.animatrice, confirmation=scenes.CONFIRMATION)
    with au(_jour(annee + 1, 4, 9)):
        annees.approuver_rapport(
            RapportAnnuel.objects.get(pk=rapport.pk), par=d.parrain, confirmation=scenes.CONFIRMATION, renouveler=True
        )


def _annee_courante(d, communaute):
    """Le plan né du rapport est rempli et approuvé ; trois rencontres ont eu lieu, deux viennent."""
    annee, jour = communaute.annee.debut_annee, jour_local()
    plan = communaute.planannuels.get(annee=annee)
    with au(_jour(annee, 4, 20)):
        saisi = {"rencontres_prevues": 6, "duree_prevue": 190}
        for ligne, colonnes in zip(plan.lignes.all(), scenes.LIGNES, strict=False):
            saisi |= {f"ligne-{ligne.pk}-{colonne}": texte for colonne, texte in colonnes.items()}
        annees.ecrire(plan, par=d.animatrice, saisi=saisi, temoins={})
        annees.soumettre(_relu(plan), par=d.animatrice, confirmation=scenes.CONFIRMATION)
        annees.approuver_plan(_relu(plan), par=d.parrain, confirmation=scenes.CONFIRMATION)
    passees = [_mercredi(jour - datetime.timedelta(days=ecart)) for ecart in (92, 60, 31)]
    for rang, quand in enumerate(quand for quand in passees if quand > _jour(annee, 4, 25)):
        _rencontre(d, communaute, quand, rang + 1, adopter=True)
    with au(jour - datetime.timedelta(days=3)):
        for dans, scene in ((12, scenes.rencontre_convoquee), (55, scenes.rencontre_planifiee)):
            ecart = _mercredi(jour_local() + datetime.timedelta(days=dans)) - jour_local()
            scene(d, communaute, dans=ecart.days)
    adhesions.demander_adhesion(communaute, par=_personne("10033"), motivation="Seule orthophoniste de mon service.")
    scenes.heures_demandees(d, communaute)


def _vie(d, communaute):
    depuis = jour_local() - datetime.timedelta(days=20)
    with au(depuis):
        vie.deposer_outil(
            communaute, par=d.membre, titre="Grille TDL v2", sorte=SorteOutil.COCONSTRUIT,
            description="Version issue des essais.", lien="https://teams.exemple/grille-tdl",
        )  # fmt: skip
        vie.deposer_outil(
            communaute, par=d.secretaire, titre="Intervention parentale, méta-analyse 2024", sorte=SorteOutil.LECTURE,
            lien="https://bibliotheque.exemple/intervention-parentale",
        )  # fmt: skip
        sujets = [vie.proposer_sujet(communaute, par=d.membre, texte=texte) for texte in SUJETS]
    vie.voter(sujets[0], par=d.animatrice)
    vie.voter(sujets[0], par=d.secretaire)
    with au(jour_local() - datetime.timedelta(days=4)):
        appel = scenes.appel_lance(d, communaute)
    vie.repondre_a_l_appel(appel, par=d.secretaire, texte="Oui : je la dépose à la bibliothèque cette semaine.")


def _en_chaque_etat(d):
    """Une communauté en préparation, une proposée, une active dont le plan attend, une suspendue, une dissoute."""
    autre = SimpleNamespace(animatrice=d.collegue, secretaire=_personne("90015"), membre=_personne("90017"),
                            parrain=d.parrain, ancien_membre=None)  # fmt: skip
    with au(jour_local() - datetime.timedelta(days=9)):
        neuve = scenes.communaute_ouverte(autre, "CdP deuil et fin de vie")
        communautes.ecrire_fiche(
            neuve, par=autre.animatrice, temoins={},
            saisi={"domaine": "Accompagner le deuil à domicile.", "besoins": [Besoin.SOUTIEN]},
        )  # fmt: skip
        adhesions.inviter(neuve, d.mentore, par=autre.animatrice, role=RoleCdp.SECRETAIRE)
        _prete(autre, "CdP télépratique")
    with au(jour_local() - datetime.timedelta(days=120)):
        suivante, arretee, finie = (
            _agreee(autre, nom) for nom in ("CdP aptitude et consentement", "CdP aînés", "CdP COVID-19")
        )
    with au(jour_local() - datetime.timedelta(days=5)):
        scenes.plan_soumis(autre, suivante, suivante.annee.debut_annee)
    communautes.suspendre_communaute(arretee, par=d.parrain, motif="Deux départs : on recrute avant de reprendre.")
    communautes.dissoudre_communaute(finie, par=d.parrain, motif="Le mandat est accompli.")


DOMAINES = {
    "CdP télépratique": ("L’intervention à distance, du premier contact au suivi.", "Tous les âges"),
    "CdP aptitude et consentement": ("L’aptitude, le consentement et la protection à domicile.", "Aînés et proches"),
    "CdP aînés": ("La prévention du déconditionnement.", "Aînés hospitalisés"),
    "CdP COVID-19": ("Les mesures de prévention dans les milieux de vie.", "Milieux de vie"),
}


def _prete(d, nom):
    communaute = scenes.communaute_prete(d, nom)
    domaine, clientele = DOMAINES[nom]
    saisi = {"domaine": domaine, "clientele": clientele, "groupe": "Des intervenants des quatre RLS.",
             "pratique": "Outils communs, discussions de situations, lectures partagées."}  # fmt: skip
    communautes.ecrire_fiche(communaute, par=d.animatrice, saisi=saisi, temoins={})
    communaute.titres_emploi.clear()
    raison = "Le sujet réunit des intervenants de plus d’un titre d’emploi."
    communautes.proposer_communaute(communaute, par=d.animatrice, raison=raison)
    return _relu(communaute)


def _agreee(d, nom):
    communaute = _prete(d, nom)
    communautes.agreer_communaute(communaute, par=d.parrain)
    return Communaute.objects.get(pk=communaute.pk)
