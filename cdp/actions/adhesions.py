"""Les verbes de l’adhésion : demander, inviter, accepter, quitter, remplacer, nommer (R-116 à R-118, R-467)."""

from django.db import transaction
from django.utils import timezone

from cdp.actions.annonces import annoncer, responsables
from cdp.actions.rencontres import ajouter_a_la_convocation, retirer_de_la_convocation
from cdp.droits import DROITS_ADHESION, DROITS_COMMUNAUTE
from cdp.models import EN_COURS, Adhesion, EtatAdhesion, EtatCommunaute, EtatRencontre, RoleCdp
from cdp.trajectoire import ADHESION
from encadrement.journal.actions import consigner
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import ajouter_mois, jour_local
from encadrement.trajectoire.transition import RaisonRequise

MANDAT_MOIS = 12


def _exiger_libre(communaute, personne):
    deja = communaute.adhesions.filter(personne=personne, etat__in=EN_COURS).first()
    if deja is not None:
        raise ErreurMetier(
            f"{personne} : adhésion déjà à l’état « {deja.get_etat_display()} ». Une personne n’est membre qu’une fois."
        )
    if not personne.is_active:
        raise ErreurMetier("Cette personne n’est plus à l’emploi de l’établissement.")
    if personne.pk == communaute.parrain_id:
        raise ErreurMetier(
            "Le parrain approuve le plan et le rapport : il ne peut pas être aussi membre.", exigences=["R-119"]
        )


def devenir_animateur(communaute, personne):
    """Rend l’adhésion d’animateur de qui met la communauté en route ; le passage vient ensuite de ses propres gestes."""
    jour = jour_local()
    return Adhesion.objects.create(
        communaute=communaute,
        personne=personne,
        etat=EtatAdhesion.ACTIVE,
        role=RoleCdp.ANIMATEUR,
        debut=jour,
        mandat_fin=ajouter_mois(jour, MANDAT_MOIS),
    )


@transaction.atomic
def demander_adhesion(communaute, *, par, motivation=""):
    """Une personne du CM demande à être membre ; l’animateur lui répondra (R-116)."""
    communaute.verrouiller()
    DROITS_COMMUNAUTE.exiger(par, "demander_adhesion", communaute)
    _exiger_libre(communaute, par)
    adhesion = Adhesion.objects.create(
        communaute=communaute, personne=par, etat=EtatAdhesion.DEMANDEE, motivation=motivation
    )
    consigner("cdp.adhesion.demander", adhesion, par=par)
    annoncer("adhesion_demandee", adhesion, DROITS_ADHESION.personnes("accepter", adhesion), adhesion.pk)
    return adhesion


@transaction.atomic
def inviter(communaute, personne, *, par, role=RoleCdp.MEMBRE, remplace=None, raison=""):
    """Invite une personne, qui acceptera ou déclinera : la participation est volontaire (R-116, R-383).

    Lève RaisonRequise si l’entrée s’écarte d’une recommandation du cadre et que `raison` est vide (R-114, R-288).
    """
    communaute.verrouiller()
    DROITS_COMMUNAUTE.exiger(par, "inviter", communaute)
    if communaute.etat == EtatCommunaute.DISSOUTE:
        raise ErreurMetier("Cette communauté est dissoute : elle n’accueille plus de membres.")
    _exiger_libre(communaute, personne)
    adhesion = Adhesion(
        communaute=communaute, personne=personne, etat=EtatAdhesion.INVITEE, role=role, remplace=remplace
    )
    ecarts = ADHESION["accepter"].avertit(adhesion)
    if ecarts and not raison.strip():
        raise RaisonRequise(ecarts)
    adhesion.raison_ecart = raison.strip() if ecarts else ""
    adhesion.save()
    details = {"role": role, "ecarts": [ecart.regle for ecart in ecarts]}
    consigner("cdp.adhesion.inviter", adhesion, par=par, details=details)
    annoncer("adhesion_invitation", adhesion, [personne], adhesion.pk)
    return adhesion


def _entrer(adhesion):
    """La personne est membre dès aujourd’hui ; elle est convoquée avec les autres à ce qui vient (R-459)."""
    adhesion.debut = jour_local()
    adhesion.mandat_fin = ajouter_mois(adhesion.debut, MANDAT_MOIS) if adhesion.role == RoleCdp.ANIMATEUR else None
    adhesion.save(update_fields=["debut", "mandat_fin"])
    convoquees = adhesion.communaute.rencontres.filter(etat=EtatRencontre.CONVOQUEE, debut__gt=timezone.now())
    for rencontre in convoquees:
        ajouter_a_la_convocation(rencontre, adhesion.personne)


def _sortir(adhesion):
    adhesion.fin = jour_local()
    adhesion.save(update_fields=["fin"])
    # Qui est parti n’est plus attendu ; ce qu’il a déjà vécu reste à son dossier.
    for rencontre in adhesion.communaute.rencontres.a_venir().filter(debut__gt=timezone.now()):
        retirer_de_la_convocation(rencontre, adhesion.personne)


def _passer_a_active(adhesion, code, par, raison=""):
    # L’état « active » d’un animateur exige un mandat : les dates s’écrivent avant le passage, dans la même transaction.
    adhesion.verrouiller()
    DROITS_ADHESION.exiger(par, code, adhesion)
    if adhesion.etat in ADHESION[code].de:
        _entrer(adhesion)
    return adhesion.franchir(ADHESION[code], par=par, raison=raison)


@transaction.atomic
def accepter_adhesion(adhesion, *, par, raison=""):
    """L’animateur accepte la demande : la personne est membre ; un écart au cadre demande une raison (R-116)."""
    passage = _passer_a_active(adhesion, "accepter", par, raison)
    if raison.strip():
        adhesion.raison_ecart = raison.strip()
        adhesion.save(update_fields=["raison_ecart"])
    annoncer("adhesion_acceptee", adhesion, [adhesion.personne], passage.pk)
    return passage


@transaction.atomic
def refuser_adhesion(adhesion, *, par, motif):
    """L’animateur refuse la demande, avec un motif que la personne lit."""
    passage = adhesion.franchir(ADHESION["refuser"], par=par, motif=motif)
    annoncer("adhesion_refusee", adhesion, [adhesion.personne], passage.pk)
    return passage


@transaction.atomic
def retirer_demande(adhesion, *, par):
    """La personne retire sa demande avant qu’on y réponde."""
    return adhesion.franchir(ADHESION["retirer"], par=par)


@transaction.atomic
def accepter_invitation(adhesion, *, par):
    """La personne invitée accepte : elle est membre, au rôle proposé (R-116)."""
    passage = _passer_a_active(adhesion, "accepter_invitation", par)
    annoncer("invitation_acceptee", adhesion, responsables(adhesion.communaute), passage.pk, urgent=False)
    return passage


@transaction.atomic
def decliner_invitation(adhesion, *, par):
    """La personne invitée décline, sans avoir à dire pourquoi (R-116)."""
    passage = adhesion.franchir(ADHESION["decliner"], par=par)
    annoncer("invitation_declinee", adhesion, responsables(adhesion.communaute), passage.pk, urgent=False)
    return passage


@transaction.atomic
def annuler_invitation(adhesion, *, par):
    """L’animateur reprend une invitation restée sans réponse."""
    return adhesion.franchir(ADHESION["annuler"], par=par)


@transaction.atomic
def quitter(adhesion, *, par, raison=""):
    """Un membre quitte la communauté quand il veut ; l’animateur et le parrain en sont avisés (R-116)."""
    passage = adhesion.franchir(ADHESION["quitter"], par=par, raison=raison)
    _sortir(adhesion)
    a = [*responsables(adhesion.communaute), adhesion.communaute.parrain]
    annoncer("membre_parti", adhesion, a, passage.pk, urgent=adhesion.role == RoleCdp.ANIMATEUR)
    return passage


@transaction.atomic
def remplacer(adhesion, *, par, motif, remplacant=None, raison=""):
    """L’animateur consigne le départ d’un membre et invite au besoin son remplaçant, au même rôle (R-467)."""
    passage = adhesion.franchir(ADHESION["remplacer"], par=par, motif=motif)
    _sortir(adhesion)
    annoncer("adhesion_terminee", adhesion, [adhesion.personne], passage.pk)
    if remplacant is not None:
        inviter(adhesion.communaute, remplacant, par=par, role=adhesion.role, remplace=adhesion, raison=raison)
    return passage


@transaction.atomic
def reconduire_mandat(adhesion, *, par):
    """Le mandat de l’animateur repart pour un an (R-118)."""
    passage = adhesion.franchir(ADHESION["reconduire"], par=par)
    adhesion.mandat_fin = ajouter_mois(max(adhesion.mandat_fin, jour_local()), MANDAT_MOIS)
    adhesion.save(update_fields=["mandat_fin"])
    consigner("cdp.adhesion.mandat", adhesion, par=par, details={"jusqu_au": adhesion.mandat_fin.isoformat()})
    return passage


@transaction.atomic
def nommer(communaute, adhesion, *, par, role):
    """Donne un rôle à un membre : animateur (seul ou en duo), secrétaire, expert de contenu (R-117, R-465)."""
    communaute.verrouiller()
    titre = DROITS_COMMUNAUTE.exiger(par, "nommer", communaute)
    adhesion.verrouiller()
    if adhesion.communaute_id != communaute.pk or adhesion.etat != EtatAdhesion.ACTIVE:
        raise ErreurMetier("Cette personne n’est plus membre de la communauté.")
    if adhesion.role == role:
        return adhesion
    _exiger_une_releve(communaute, adhesion, role)
    adhesion.role = role
    adhesion.mandat_fin = ajouter_mois(jour_local(), MANDAT_MOIS) if role == RoleCdp.ANIMATEUR else None
    adhesion.save(update_fields=["role", "mandat_fin"])
    fait = consigner("cdp.adhesion.nommer", adhesion, par=par, titre=titre.libelle, details={"role": role})
    annoncer("role_nomme", adhesion, [adhesion.personne], fait.pk)
    return adhesion


def _exiger_une_releve(communaute, adhesion, role):
    animateurs = communaute.animateurs().exclude(pk=adhesion.pk)
    if adhesion.role == RoleCdp.ANIMATEUR and role != RoleCdp.ANIMATEUR and not animateurs.exists():
        raise ErreurMetier("La communauté doit garder un animateur : nommez d’abord la relève.", exigences=["R-117"])
