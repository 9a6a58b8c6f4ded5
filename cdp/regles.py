"""POURQUOI PAS : les exigences du cadre pour les CdP. Chaque règle rend une phrase, ou None si elle est remplie.

Une règle ne lit que son objet, n’écrit rien, et dit à la personne quoi faire.
"""

import re

from django.utils import timezone

from cdp.models import (
    AGREEES,
    LIGNES_MAXIMUM,
    PLAFOND_MINUTES,
    EtatAdhesion,
    EtatAnnuel,
    EtatCommunaute,
    LignePlan,
    PlanAnnuel,
    RoleCdp,
)
from cdp.models.bilan import nombres
from cdp.models.decompte import decomptes
from encadrement.cadre.regles import exige
from encadrement.personnes.models import sans_accents
from encadrement.rencontres.models import EN_PERSONNE, Mode
from encadrement.signatures.actions import titres
from encadrement.socle.temps import AnneeFinanciere, ecrire_duree, jour_local

MEMBRES_MINIMUM, MEMBRES_MAXIMUM = 3, 20
HORS_MANDAT = (
    "Une CdP développe la pratique : elle ne rend ni avis ni recommandation sur l’organisation ou la qualité des "
    "services, ce qui revient à un comité de pairs du conseil multidisciplinaire (annexe 3)."
)

# — La communauté


@exige("R-119", "R-426", "R-308")
def parrain_designe(communaute):
    if communaute.parrain_id is None:
        return "Désignez le gestionnaire qui parraine la communauté."
    if not communaute.parrain.is_active:
        return "Le parrain n’est plus à l’emploi de l’établissement : désignez-en un autre."
    return None


@exige("R-119")
def parrain_n_est_pas_membre(communaute):
    if communaute.adhesions.filter(personne=communaute.parrain_id, etat=EtatAdhesion.ACTIVE).exists():
        return "Le parrain approuve le plan et le rapport : il ne peut pas être aussi membre de la communauté."
    return None


@exige("R-117", "R-137", "R-290")
def roles_requis(communaute):
    tenus = set(communaute.adhesions.actives().values_list("role", flat=True))
    if RoleCdp.ANIMATEUR not in tenus:
        return "La communauté doit avoir un animateur : invitez-le et attendez qu’il accepte."
    if RoleCdp.SECRETAIRE not in tenus:
        return "La communauté doit avoir un secrétaire : nommez un membre, ou invitez quelqu’un."
    if not tenus & {RoleCdp.MEMBRE, RoleCdp.EXPERT}:
        return "La communauté doit avoir au moins un membre en plus de l’animateur et du secrétaire."
    return None


@exige("R-131", "R-132", "R-133", "R-134", "R-135", "R-427")
def besoin_prioritaire(communaute):
    if not communaute.besoins:
        return "Cochez au moins un des cinq besoins prioritaires auxquels la communauté répond."
    return None


@exige("R-450", "R-112")
def pierres_angulaires(communaute):
    if not (communaute.domaine.strip() and communaute.pratique.strip()):
        return "Décrivez le domaine commun et la pratique partagée : ce sont les pierres angulaires de la communauté."
    return None


@exige("R-288", "R-122")
def nombre_de_membres(communaute):
    nombre = communaute.adhesions.actives().count()
    if not MEMBRES_MINIMUM <= nombre <= MEMBRES_MAXIMUM:
        return (
            f"La communauté compte {nombre} membre{'s' if nombre > 1 else ''} : de {MEMBRES_MINIMUM} à "
            f"{MEMBRES_MAXIMUM} sont suggérés."
        )
    return None


@exige("R-114", "R-418")
def meme_titre_d_emploi(communaute):
    voulus = set(communaute.titres_emploi.values_list("pk", flat=True))
    presents = set(
        communaute.adhesions.actives()
        .exclude(role=RoleCdp.EXPERT)
        .exclude(personne__titre_emploi=None)
        .values_list("personne__titre_emploi", flat=True)
    )
    if voulus and presents - voulus:
        return "Des membres n’ont pas un titre d’emploi de la communauté."
    if not voulus and len(presents) > 1:
        return "La communauté réunit plus d’un titre d’emploi; le cadre réunit des intervenants de même titre."
    return None


@exige("R-472")
def regles_internes_ecrites(communaute):
    if not communaute.regles_internes.strip():
        return "Les règles de fonctionnement (confidentialité, respect, ponctualité) ne sont pas écrites."
    return None


@exige("R-159", "R-377")
def poursuite_demandee(communaute):
    rapport = communaute.rapportannuels.filter(etat=EtatAnnuel.APPROUVE).order_by("-annee").first()
    if rapport is None or not rapport.poursuite:
        return "Le renouvellement suit un rapport annuel approuvé où la CdP demande de poursuivre."
    return None


# — Les gens


@exige("R-116", "R-289", "R-420")
def communaute_accueille(adhesion):
    if adhesion.communaute.etat == EtatCommunaute.DISSOUTE:
        return "Cette communauté est dissoute : elle n’accueille plus de membres."
    return None


@exige("R-114", "R-418")
def titre_de_la_communaute(adhesion):
    """Rend un écart si la personne n’a pas un titre d’emploi de la communauté ; un expert de contenu peut différer."""
    titre = adhesion.personne.titre_emploi
    if adhesion.role == RoleCdp.EXPERT or adhesion.communaute.etat not in AGREEES:
        return None
    voulus = set(adhesion.communaute.titres_emploi.values_list("pk", flat=True))
    if voulus and getattr(titre, "pk", None) not in voulus:
        return (
            f"{adhesion.personne} ({titre or 'titre d’emploi inconnu'}) n’a pas un titre d’emploi de la communauté; le "
            "cadre réunit des intervenants de même titre."
        )
    return None


@exige("R-288", "R-122")
def place_de_plus(adhesion):
    if adhesion.communaute.etat not in AGREEES:
        return None
    autres = adhesion.communaute.adhesions.filter(etat__in=(EtatAdhesion.ACTIVE, EtatAdhesion.INVITEE))
    nombre = autres.exclude(pk=adhesion.pk).count() + 1
    if nombre > MEMBRES_MAXIMUM:
        return f"La communauté compterait {nombre} membres : de {MEMBRES_MINIMUM} à {MEMBRES_MAXIMUM} sont suggérés."
    return None


@exige("R-117", "R-137")
def il_reste_un_animateur(adhesion):
    if adhesion.role != RoleCdp.ANIMATEUR:
        return None
    autres = adhesion.communaute.animateurs().exclude(pk=adhesion.pk)
    if adhesion.communaute.est_active and not autres.exists():
        return (
            "La communauté n’aura plus d’animateur : convenez de la relève avec le parrain, ou nommez d’abord un autre "
            "animateur."
        )
    return None


# — Le plan et le rapport


@exige("R-140", "R-425")
def communaute_agreee(document):
    if document.communaute.etat not in {EtatCommunaute.ACTIVE, EtatCommunaute.SUSPENDUE}:
        return "Le plan et le rapport annuels sont ceux d’une communauté agréée par son parrain."
    return None


@exige("R-365", "R-121", "R-146", "R-163")
def objectifs_complets(plan):
    lignes = [ligne for ligne in plan.lignes.all() if not ligne.est_vide]
    if not lignes:
        return "Écrivez au moins un objectif."
    for ligne in lignes:
        if not ligne.objectif.strip():
            return f"La ligne {ligne.rang} est remplie sans objectif : nommez l’objectif."
        for colonne in LignePlan.REQUISES:
            if not getattr(ligne, colonne).strip():
                nom = LignePlan._meta.get_field(colonne).verbose_name
                return f"À l’objectif {ligne.rang}, remplissez la colonne « {nom} »."
    return None


@exige("R-365")
def nombre_de_lignes(document):
    if document.lignes.count() > LIGNES_MAXIMUM:
        return f"Un plan compte au plus {LIGNES_MAXIMUM} objectifs : regroupez-les."
    return None


@exige("R-125", "R-421")
def frequence_prevue(plan):
    if not plan.rencontres_prevues or not plan.duree_prevue:
        return "Dites le nombre et la durée des rencontres prévues cette année."
    return None


@exige("R-126", "R-127", "R-422")
def plan_dans_les_vingt_quatre_heures(plan):
    prevu = (plan.rencontres_prevues or 0) * (plan.duree_prevue or 0)
    if prevu > PLAFOND_MINUTES:
        return (
            f"Les rencontres prévues font {ecrire_duree(prevu)} par membre : au-delà de 24 heures par année, "
            "l’approbation du parrain est requise."
        )
    return None


@exige("R-292", "R-457")
def une_rencontre_en_personne(objet):
    communaute = objet.communaute
    annee = AnneeFinanciere(objet.annee)
    rencontres = communaute.rencontres.de_l_annee(annee).exclude(etat="annulee")
    if not rencontres.filter(mode__in=EN_PERSONNE).exists():
        return "Aucune rencontre en personne n’est prévue cette année : le cadre en recommande au moins une."
    return None


# Les tournures d’un avis sur les services ; elles avertissent seulement, car le contexte décide.
_AVIS = re.compile(
    r"\b(recommand\w*|avis|evaluer|appreci\w+|denonc\w+|exiger?)\b[^.\n]{0,60}"
    r"\b(qualite des (?:soins|services)|organisation des (?:soins|services)|ratios?|effectifs|gestion du service)\b"
)


@exige("R-320", "R-145")
def hors_mandat(texte):
    """Rend un avertissement si le texte semble rendre un avis sur l’organisation ou la qualité des services."""
    # Phrase par phrase : une fois sans accents, le texte n’a plus ni points ni lignes.
    phrases = re.split(r"[.;!?\n]", texte)
    return HORS_MANDAT if any(_AVIS.search(sans_accents(phrase)) for phrase in phrases) else None


@exige("R-320", "R-145", "R-130")
def plan_dans_le_mandat(plan):
    return hors_mandat("\n".join(f"{ligne.objectif} {ligne.moyens} {ligne.indicateur}" for ligne in plan.lignes.all()))


@exige("R-320", "R-145")
def rapport_dans_le_mandat(rapport):
    return hors_mandat(f"{rapport.conclusion}\n{rapport.autres_precisez}")


@exige("R-366", "R-379")
def signe_par_la_cdp(document):
    if "representant" not in titres(document.instantane):
        return "Le document doit porter la signature du représentant de la CdP."
    return None


@exige("R-140", "R-364")
def plan_de_l_annee_approuve(rapport):
    approuve = PlanAnnuel.objects.filter(
        communaute=rapport.communaute_id, annee=rapport.annee, etat=EtatAnnuel.APPROUVE
    )
    if not approuve.exists():
        return "Cette année n’a pas de plan d’action approuvé : le rapport en évalue l’atteinte."
    return None


@exige("R-368", "R-163")
def atteinte_de_chaque_objectif(rapport):
    lignes = [ligne for ligne in rapport.lignes.all() if ligne.objectif.strip()]
    if not lignes:
        return "Le rapport évalue l’atteinte d’au moins un objectif."
    for ligne in lignes:
        if not ligne.atteinte:
            return f"Dites si l’objectif {ligne.rang} est atteint, atteint en partie ou non atteint."
    return None


@exige("R-377", "R-378")
def poursuite_repondue(rapport):
    if rapport.poursuite is None:
        return "Dites si la CdP désire poursuivre ses activités l’année prochaine."
    if rapport.poursuite and not rapport.apercu:
        return "Donnez un aperçu d’au moins un objectif de l’année prochaine."
    return None


@exige("R-371", "R-372", "R-373", "R-374")
def precisions_du_bilan(rapport):
    for nombre, (_, retenu) in nombres(rapport).items():
        if nombre in rapport.PRECISIONS and retenu and not getattr(rapport, f"{nombre}_precisez").strip():
            return f"Précisez : {rapport._meta.get_field(nombre).verbose_name}."
    return None


@exige("R-140")
def annee_terminee(rapport):
    if rapport.annee_financiere.fin > jour_local():
        return f"L’année financière se termine le {rapport.annee_financiere.fin:%Y-%m-%d} : elle n’est pas finie."
    return None


# — Les rencontres


@exige("R-385", "R-466")
def communaute_active(rencontre):
    if not rencontre.communaute.est_active:
        return "La communauté n’est pas active : elle ne tient pas de rencontre."
    return None


@exige("R-394", "R-395")
def ordre_du_jour_ecrit(rencontre):
    autres = [point for point in rencontre.points_en_ordre() if point.sorte == "autre" and point.sujet.strip()]
    if not autres:
        return "L’ordre du jour n’a encore aucun point propre à cette rencontre : ajoutez-en un."
    return None


@exige("R-393")
def lieu_ou_lien(rencontre):
    if rencontre.mode in EN_PERSONNE and not rencontre.lieu.strip():
        return "Dites où se tient la rencontre."
    if rencontre.mode in {Mode.VIRTUELLE, Mode.HYBRIDE} and not (rencontre.lien or rencontre.communaute.lien_teams):
        return "Donnez le lien Teams ou de visioconférence."
    return None


@exige("R-393")
def pas_encore_passee(rencontre):
    if rencontre.debut <= timezone.now():
        return "Cette rencontre est déjà commencée : on n’y convoque plus."
    return None


@exige("R-396")
def deja_commencee(rencontre):
    if rencontre.debut > timezone.now():
        return "Cette rencontre n’a pas encore commencé."
    return None


@exige("R-397")
def presences_notees(rencontre):
    if rencontre.participations.filter(presente__isnull=True).exists():
        return "Dites, pour chaque personne convoquée, si elle était présente ou absente."
    if not rencontre.participations.filter(presente=True).exists():
        return "Personne n’est noté présent : une rencontre tenue a au moins une présence."
    return None


@exige("R-398")
def sommaire_ecrit(rencontre):
    if not any(point.sommaire.strip() for point in rencontre.points.all()):
        return "Écrivez le sommaire d’au moins un point avant de publier le compte rendu."
    return None


@exige("R-320", "R-145")
def compte_rendu_dans_le_mandat(rencontre):
    return hors_mandat("\n".join(point.sommaire for point in rencontre.points.all()))


@exige("R-395", "R-399")
def adopte_a_une_rencontre_suivante(rencontre):
    apres = rencontre.communaute.rencontres.tenues().filter(debut__gt=rencontre.debut)
    if not apres.exists():
        return "Un compte rendu s’adopte à la rencontre suivante, une fois celle-ci tenue."
    return None


# — Les heures


@exige("R-126", "R-128", "R-423")
def depassement_motive(depassement):
    if not depassement.justification.strip():
        return "Dites le mandat ou la raison qui demande plus de temps."
    return None


@exige("R-126", "R-128", "R-422")
def plafond_respecte(rencontre):
    comptes = decomptes(rencontre.communaute, AnneeFinanciere.du(rencontre.jour))
    au_dela = [compte.depassement_prevu for compte in comptes.values() if compte.depassement_prevu]
    if au_dela:
        return (
            f"Avec les rencontres prévues, {len(au_dela)} membre{'s' if len(au_dela) > 1 else ''} passeront leur "
            f"plafond d’heures de l’année (jusqu’à {ecrire_duree(max(au_dela))} de plus) : l’approbation du parrain "
            "est requise pour les heures supplémentaires."
        )
    return None
