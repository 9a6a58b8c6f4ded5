"""Des communautés de pratique amenées à l’état voulu par les vraies actions : jamais un état forgé.

Les contenus viennent des formulaires d’exemple (orthophonistes en petite enfance) ; `d` est la distribution.
"""

import datetime

from django.utils import timezone

from cdp.actions import adhesions, annees, communautes, comptes_rendus, heures, ordre_du_jour, rencontres, suivis, vie
from cdp.models import Adhesion, Atteinte, Besoin, Communaute, RoleCdp, SorteContribution, SorteOutil
from encadrement.outils.horloge import au
from encadrement.rencontres.models import Mode, Sorte
from encadrement.signatures.actions import Confirmation
from encadrement.socle.temps import AnneeFinanciere, jour_local

NOM = "CdP des orthophonistes en petite enfance"
CONFIRMATION = Confirmation(adresse="127.0.0.1", engagement="Ce plan vise le développement de la pratique.")
LIEN = "https://teams.exemple/cdp-orthophonie"

FICHE = {
    "domaine": "L’évaluation et l’intervention en langage auprès des enfants de 0 à 5 ans.",
    "groupe": "Les orthophonistes des quatre RLS, souvent seules dans leur milieu.",
    "pratique": "Grilles d’évaluation, banc d’outils bilingues, codéveloppement, données probantes.",
    f"besoin_{Besoin.SOUTIEN}": True,
    f"besoin_{Besoin.PRATIQUES}": True,
    "clientele": "Enfants de 0 à 5 ans et leur famille",
    "themes": "Évaluation du trouble développemental du langage\nIntervention en contexte bilingue\nBégaiement",
    "retombees": "Une évaluation harmonisée dans les quatre RLS; moins d’isolement.",
    "regles_internes": "Confidentialité, respect, ponctualité, caméras ouvertes.",
    "accueil": "Lire le napperon, se présenter au tour de table, choisir un sujet de la banque.",
    "lien_teams": LIEN,
}

LIGNES = (
    {
        "objectif": "Harmoniser l’évaluation du trouble développemental du langage (TDL)",
        "responsables": "M.-È. Huard, Z. Babin",
        "collaborateurs": "DI-TSA; CPE de Bonaventure",
        "moyens": "Recension, 3 rencontres de travail, grille commune",
        "echeancier": "30 nov. 2026",
        "indicateur": "Grille adoptée par les 4 RLS",
    },
    {
        "objectif": "Partager un banc d’outils bilingues (fr-en-mi’gmaq)",
        "responsables": "Animatrice",
        "collaborateurs": "Listuguj, Gesgapegiag",
        "moyens": "Dossier partagé; invitée : intervenante de Gesgapegiag",
        "echeancier": "En continu",
        "indicateur": "≥ 12 outils déposés",
    },
    {
        "objectif": "Briser l’isolement des orthophonistes seules dans leur RLS",
        "responsables": "Toutes",
        "collaborateurs": "—",
        "moyens": "1 rencontre en présence (Carleton), codéveloppement",
        "echeancier": "Juin 2027",
        "indicateur": "Satisfaction ≥ 4/5",
    },
)

POINTS = (
    ("Grille TDL : retour des essais", "secretaire", 45),
    ("Données probantes : intervention parentale", "animatrice", 30),
    ("Situation clinique dépersonnalisée : bilinguisme et bégaiement", "membre", 40),
)


def communaute_ouverte(d, nom=NOM):
    """Une communauté que son animatrice vient de mettre en route."""
    return communautes.ouvrir_communaute(par=d.animatrice, nom=nom)


def _faire_entrer(communaute, personne, d, role=RoleCdp.MEMBRE):
    adhesion = adhesions.inviter(communaute, personne, par=d.animatrice, role=role)
    adhesions.accepter_invitation(adhesion, par=personne)
    return Adhesion.objects.get(pk=adhesion.pk)


def communaute_prete(d, nom=NOM):
    """La fiche écrite, le parrain désigné, la secrétaire et les membres entrés ; un membre est déjà reparti."""
    communaute = communaute_ouverte(d, nom)
    communautes.ecrire_fiche(communaute, par=d.animatrice, saisi=FICHE, temoins={})
    communautes.changer_parrain(communaute, d.parrain, par=d.animatrice)
    communaute.titres_emploi.set([d.animatrice.titre_emploi])
    _faire_entrer(communaute, d.secretaire, d, RoleCdp.SECRETAIRE)
    _faire_entrer(communaute, d.membre, d)
    if getattr(d, "ancien_membre", None):
        adhesions.quitter(_faire_entrer(communaute, d.ancien_membre, d), par=d.ancien_membre)
    return Communaute.objects.get(pk=communaute.pk)


def communaute_proposee(d, nom=NOM):
    communaute = communaute_prete(d, nom)
    communautes.proposer_communaute(communaute, par=d.animatrice)
    return communaute


def communaute_active(d, nom=NOM):
    """La communauté de l’exemple, agréée ; la même à chaque appel dans un essai."""
    existante = Communaute.objects.filter(nom=nom, etat="active").first()
    if existante:
        return existante
    communaute = communaute_proposee(d, nom)
    communautes.agreer_communaute(communaute, par=d.parrain)
    return Communaute.objects.get(pk=communaute.pk)


def adhesion_demandee(d, personne=None):
    return adhesions.demander_adhesion(communaute_active(d), par=personne or d.executif_cm, motivation="Télépratique.")


def adhesion_invitee(d, personne=None):
    return adhesions.inviter(communaute_active(d), personne or d.executif_cm, par=d.animatrice)


def adhesion_de(d, nom="membre"):
    return communaute_active(d).adhesions.actives().get(personne=d[nom] if hasattr(d, "noms") else getattr(d, nom))


# — Le plan et le rapport


def plan_en_redaction(d, communaute=None, annee=None):
    communaute = communaute or communaute_active(d)
    plan = annees.ouvrir_plan(communaute, annee or communaute.annee.debut_annee, par=d.animatrice)
    lignes = list(plan.lignes.all())
    saisi = {"rencontres_prevues": 6, "duree_prevue": 180}
    for ligne, colonnes in zip(lignes, LIGNES, strict=False):
        saisi |= {f"ligne-{ligne.pk}-{colonne}": texte for colonne, texte in colonnes.items()}
    annees.ecrire(plan, par=d.animatrice, saisi=saisi, temoins={})
    return plan


def plan_soumis(d, communaute=None, annee=None):
    plan = plan_en_redaction(d, communaute, annee)
    annees.soumettre(plan, par=d.animatrice, confirmation=CONFIRMATION)
    return plan


def plan_approuve(d, communaute=None, annee=None):
    plan = plan_soumis(d, communaute, annee)
    annees.approuver_plan(plan, par=d.parrain, confirmation=CONFIRMATION)
    return plan


def rapport_en_redaction(d, communaute=None, annee=None):
    """Le rapport de l’année, ouvert après un plan approuvé et rempli jusqu’à pouvoir être signé."""
    communaute = communaute or communaute_active(d)
    annee = annee or communaute.annee.debut_annee
    if not communaute.planannuels.filter(annee=annee, etat="approuve").exists():
        plan_approuve(d, communaute, annee)
    rapport = annees.ouvrir_rapport(communaute, annee, par=d.animatrice)
    saisi = {
        "conclusion": "La grille commune est adoptée; les essais ont nourri chaque rencontre.",
        "poursuite": True,
        "apercu_1": "Télépratique",
        "apercu_2": "Liste d’attente",
        "apercu_3": "Stagiaires",
    }
    for ligne in rapport.lignes.all():
        saisi |= {f"ligne-{ligne.pk}-atteinte": Atteinte.ATTEINT, f"ligne-{ligne.pk}-resultat": "Adoptée par les 4 RLS"}
    annees.ecrire(rapport, par=d.animatrice, saisi=saisi, temoins={})
    return rapport


RAISON = "La rencontre en personne est remise; l’année se conclut tôt."


def rapport_soumis(d, communaute=None, annee=None):
    rapport = rapport_en_redaction(d, communaute, annee)
    annees.soumettre(rapport, par=d.animatrice, confirmation=CONFIRMATION, raison=RAISON)
    return rapport


def rapport_approuve(d, communaute=None, annee=None):
    rapport = rapport_soumis(d, communaute, annee)
    annees.approuver_rapport(rapport, par=d.parrain, confirmation=CONFIRMATION, renouveler=True)
    return rapport


# — Les rencontres


def moment(jours, heure=13, minutes=180):
    """Rend (début, fin) dans `jours` jours, à 13 h 30 par défaut, heure locale."""
    jour = jour_local() + datetime.timedelta(days=jours)
    debut = timezone.make_aware(datetime.datetime.combine(jour, datetime.time(heure, 30)))
    return debut, debut + datetime.timedelta(minutes=minutes)


def rencontre_planifiee(d, communaute=None, dans=14, **champs):
    """Une rencontre à venir, avec les trois points de l’exemple."""
    champs = {"mode": Mode.VIRTUELLE, "lien": LIEN} | champs
    (rencontre,) = rencontres.planifier_rencontres(
        communaute or communaute_active(d), [moment(dans)], par=d.animatrice, **champs
    )
    for sujet, qui, minutes in POINTS:
        ordre_du_jour.ajouter_point(rencontre, par=d.animatrice, sujet=sujet, personne=getattr(d, qui), minutes=minutes)
    return rencontre


def rencontre_convoquee(d, communaute=None, dans=14, **champs):
    rencontre = rencontre_planifiee(d, communaute, dans, **champs)
    rencontres.convoquer_rencontre(rencontre, par=d.animatrice)
    return rencontre


def rencontre_tenue(d, communaute=None, il_y_a=2, **champs):
    """Une rencontre qui a eu lieu, son compte rendu encore vide."""
    communaute = communaute or communaute_active(d)
    with au(jour_local() - datetime.timedelta(days=il_y_a), 13):
        rencontre = rencontre_convoquee(d, communaute, 0, **champs)
    rencontres.tenir_rencontre(rencontre, par=d.secretaire)
    return rencontre


def rencontre_redigee(d, communaute=None, il_y_a=2, **champs):
    """Le compte rendu est écrit : sommaires, présences, contributions, suivis."""
    rencontre = rencontre_tenue(d, communaute, il_y_a, **champs)
    point = rencontre.points.filter(sorte=Sorte.AUTRE).order_by("rang").first()
    comptes_rendus.ecrire_compte_rendu(
        rencontre,
        par=d.secretaire,
        saisi={f"point-{point.pk}": "La grille est essayée dans les quatre RLS; l’item 14 prête à confusion."},
        temoins={},
    )
    presences = {ligne.pk: ligne.personne_id != d.membre.pk for ligne in rencontre.participations.all()}
    comptes_rendus.noter_presences(rencontre, presences, par=d.secretaire)
    comptes_rendus.ajouter_presence(rencontre, par=d.secretaire, nom_externe="Line Metallic", organisme="Gesgapegiag")
    comptes_rendus.consigner_contribution(
        rencontre,
        par=d.secretaire,
        point=point,
        sorte=SorteContribution.EXPERIENCE,
        precision="essais de la grille TDL",
        auteur=d.secretaire,
    )
    suivis.noter_suivi(
        rencontre,
        par=d.secretaire,
        texte="Corriger l’item 14",
        point=point,
        personne=d.secretaire,
        echeance=jour_local() + datetime.timedelta(days=25),
    )
    suivis.noter_suivi(
        rencontre,
        par=d.secretaire,
        texte="Demander la traduction",
        personne=d.animatrice,
        echeance_dite="quand le budget sera connu",
    )
    return rencontre


def rencontre_publiee(d, communaute=None, il_y_a=2, **champs):
    rencontre = rencontre_redigee(d, communaute, il_y_a, **champs)
    comptes_rendus.publier_compte_rendu(rencontre, par=d.secretaire)
    return rencontre


def rencontre_adoptee(d, communaute=None):
    communaute = communaute or communaute_active(d)
    premiere = rencontre_publiee(d, communaute, il_y_a=30)
    rencontre_tenue(d, communaute, il_y_a=1)
    comptes_rendus.adopter_compte_rendu(premiere, par=d.animatrice)
    return premiere


def suivi_ouvert(d):
    return rencontre_publiee(d).suivis.first()


# — Les heures et la vie


def heures_consignees(d, communaute=None, minutes=60):
    return heures.consigner_heures(
        communaute or communaute_active(d), par=d.membre, jour=jour_local(), sorte="preparation", minutes=minutes
    )


def heures_demandees(d, communaute=None):
    communaute = communaute or communaute_active(d)
    return heures.demander_heures(
        communaute,
        par=d.animatrice,
        annee=AnneeFinanciere.du(jour_local()).debut_annee,
        minutes=6 * 60,
        justification="Mandat spécifique : traduire la grille.",
        personne=d.membre,
    )


def outil_depose(d, communaute=None):
    return vie.deposer_outil(
        communaute or communaute_active(d),
        par=d.membre,
        titre="Grille TDL v2",
        sorte=SorteOutil.COCONSTRUIT,
        description="Version des essais d’octobre.",
        lien="https://teams.exemple/grille-tdl",
    )


def sujet_propose(d, communaute=None):
    return vie.proposer_sujet(communaute or communaute_active(d), par=d.membre, texte="Télépratique avec les 0-3 ans")


def appel_lance(d, communaute=None):
    return vie.lancer_appel(
        communaute or communaute_active(d),
        par=d.membre,
        titre="Quelqu’un a-t-il une grille de bégaiement bilingue?",
        texte="Pour un enfant de 4 ans, en contexte bilingue.",
    )


def reponse_donnee(d, communaute=None):
    return vie.repondre_a_l_appel(appel_lance(d, communaute), par=d.secretaire, texte="Oui : voir la bibliothèque.")
