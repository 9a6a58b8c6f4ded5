"""Les verbes de l’entente, de sa naissance à son approbation (R-069, R-070, R-090, R-334)."""

from django.db import transaction
from django.utils import timezone

from encadrement.acces.attribues import DRHCAJ, DSM
from encadrement.cadre.ressources import ressource
from encadrement.documents.actions import demander_document, numero_suivant
from encadrement.journal.actions import consigner
from encadrement.notifications.actions import retirer_relances
from encadrement.notifications.annonces import boite_drhcaj, boite_dsm
from encadrement.signatures.actions import figer, signer, titres
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.fusion import fusionner
from encadrement.socle.temps import jour_local
from mentorat.actions.annonces import annoncer
from mentorat.droits import DROITS_ENTENTE
from mentorat.models import (
    OBJECTIFS_MAXIMUM,
    Activite,
    ConditionsFavorables,
    DemandeMentorat,
    Destinataire,
    Entente,
    Objectif,
    Transmission,
)
from mentorat.trajectoire import ENTENTE

SERIE = "M"
GABARIT_ENTENTE = "mentorat/entente_v1"
CHAMPS_ENTENTE = (*DemandeMentorat.CASES, "identifie_par", "frequence", "duree_rencontres", "debut", "fin")
_LIGNES_DU_GABARIT = 3  # l’annexe 4 en imprime trois


@transaction.atomic
def naitre_entente(demande, mentor, *, par):
    """L’entente naît du jumelage accepté, avec les besoins de la demande et les trois lignes de l’annexe."""
    entente = Entente.objects.create(
        numero=_numero(),
        demande=demande,
        mentor=mentor,
        mentore=demande.mentore,
        identifie_par=demande.identifie_par,
        regles_ethique_version=ressource("annexe-6").version,
        **{case: getattr(demande, case) for case in DemandeMentorat.CASES},
    )
    for _ in range(_LIGNES_DU_GABARIT):
        _ajouter_objectif(entente)
    consigner("mentorat.entente.naitre", entente, par=par)
    return entente


def _numero():
    annee = jour_local().year
    return f"{SERIE}-{annee}-{numero_suivant(SERIE, annee):04d}"


def _ajouter_objectif(entente):
    rang = entente.objectifs.count() + 1
    objectif = Objectif.objects.create(entente=entente, rang=rang)
    Activite.objects.create(objectif=objectif, rang=1)
    return objectif


def valeurs_entente(entente):
    """Rend les valeurs modifiables, une par champ ou par ligne : ce que le formulaire montre et fusionne."""
    valeurs = {champ: getattr(entente, champ) for champ in CHAMPS_ENTENTE}
    for objectif in entente.objectifs.prefetch_related("activites"):
        valeurs[f"objectif-{objectif.pk}"] = objectif.texte
        valeurs.update({f"activite-{activite.pk}": activite.texte for activite in objectif.activites.all()})
    return valeurs


@transaction.atomic
def ecrire_entente(entente, *, par, saisi, temoins, libelles=None):
    """Enregistre ce que la personne a changé sans écraser ce que l’autre a écrit ; rend les conflits.

    Lève ErreurMetier si l’entente n’est plus en rédaction.
    """
    _exiger_redaction(entente, par)
    a_ecrire, conflits = fusionner(valeurs_entente(entente), temoins, saisi, libelles)
    if not a_ecrire:
        return conflits
    for champ, valeur in a_ecrire.items():
        if champ in CHAMPS_ENTENTE:
            setattr(entente, champ, valeur)
    # Une date seule peut contredire l’autre, écrite entre-temps : la phrase plutôt que la contrainte.
    if entente.debut and entente.fin and entente.fin < entente.debut:
        raise ErreurMetier("La fin de l’entente doit suivre son début.", exigences=["R-332"])
    lignes = {champ: valeur for champ, valeur in a_ecrire.items() if champ not in CHAMPS_ENTENTE}
    for champ, valeur in lignes.items():
        modele, cle = (Objectif, "objectif-") if champ.startswith("objectif-") else (Activite, "activite-")
        modele.objects.filter(pk=int(champ.removeprefix(cle))).update(texte=valeur)
    _marquer(entente, par, [champ for champ in a_ecrire if champ in CHAMPS_ENTENTE])
    return conflits


def _exiger_redaction(entente, par):
    entente.verrouiller()
    DROITS_ENTENTE.exiger(par, "modifier", entente)
    if not entente.est_modifiable:
        raise ErreurMetier(
            f"L’entente est maintenant à l’état « {entente.get_etat_display()} » : son contenu ne change plus. "
            "Pour la modifier, reprenez d’abord sa rédaction."
        )


def _marquer(entente, par, champs=()):
    entente.instantane, entente.modifiee_le, entente.modifiee_par = None, timezone.now(), par
    entente.save(update_fields=[*champs, "instantane", "modifiee_le", "modifiee_par"])


@transaction.atomic
def ajouter_objectif(entente, *, par, affiches=None):
    """Ajoute une ligne d’objectif avec une activité et la rend (R-329).

    `affiches` (clés des lignes que la page montrait) fait d’un double clic une seule ligne : la neuve, encore vide.
    """
    _exiger_redaction(entente, par)
    vides = entente.objectifs.exclude(activites__texte__gt="")
    if neuf := _ligne_neuve(vides, affiches):
        return neuf
    if entente.objectifs.count() >= OBJECTIFS_MAXIMUM:
        raise ErreurMetier(
            f"Une entente compte au plus {OBJECTIFS_MAXIMUM} objectifs : regroupez-les.", exigences=["R-329"]
        )
    _marquer(entente, par)
    return _ajouter_objectif(entente)


@transaction.atomic
def ajouter_activite(entente, objectif_id, *, par, affichees=None):
    """Ajoute une ligne d’activité à un objectif de cette entente et la rend ; lève ErreurMetier s’il a été retiré.

    `affichees` : comme `affiches` de `ajouter_objectif`.
    """
    _exiger_redaction(entente, par)
    objectif = entente.objectifs.filter(pk=objectif_id).first()
    if objectif is None:
        raise ErreurMetier("Cet objectif vient d’être retiré\u00a0: ajoutez l’activité à un autre objectif.")
    if neuve := _ligne_neuve(objectif.activites.all(), affichees):
        return neuve
    _marquer(entente, par)
    return Activite.objects.create(objectif=objectif, rang=objectif.activites.count() + 1)


def _ligne_neuve(lignes, affichees):
    return None if affichees is None else lignes.filter(texte="").exclude(pk__in=affichees).first()


@transaction.atomic
def retirer_objectif(entente, objectif_id, *, par):
    """Retire une ligne d’objectif et ses activités, et renumérote les autres."""
    _exiger_redaction(entente, par)
    retires, _ = entente.objectifs.filter(pk=objectif_id).delete()
    if retires:
        _renumeroter(entente.objectifs.all())
        _marquer(entente, par)


@transaction.atomic
def retirer_activite(entente, activite_id, *, par):
    """Retire une ligne d’activité."""
    _exiger_redaction(entente, par)
    retirees, _ = Activite.objects.filter(pk=activite_id, objectif__entente=entente).delete()
    if retirees:
        _marquer(entente, par)


def _renumeroter(lignes):
    for rang, ligne in enumerate(lignes, start=1):
        if ligne.rang != rang:
            type(ligne).objects.filter(pk=ligne.pk).update(rang=rang)


@transaction.atomic
def soumettre_entente(entente, *, par, raison=""):
    """Le contenu est figé et attend les signatures du mentor et du mentoré (R-334)."""
    passage = entente.franchir(ENTENTE["soumettre"], par=par, raison=raison)
    Activite.objects.filter(objectif__entente=entente, texte="").delete()
    entente.objectifs.filter(texte="").delete()
    _renumeroter(entente.objectifs.all())
    entente.instantane = figer(entente, "entente", entente.contenu_entente(), gabarit=GABARIT_ENTENTE)
    entente.save(update_fields=["instantane"])
    annoncer("entente_a_signer", entente, [entente.mentor, entente.mentore], passage.pk)
    _presenter_si_signee(entente, par)
    return passage


@transaction.atomic
def rouvrir_entente(entente, *, par):
    """Le contenu redevient modifiable ; s’il change, les signatures déjà posées ne comptent plus."""
    passage = entente.franchir(ENTENTE["rouvrir"], par=par)
    annoncer("entente_rouverte", entente, _autre_partie(entente, par), passage.pk)
    return passage


def _autre_partie(entente, par):
    return [personne for personne in (entente.mentor, entente.mentore) if personne.pk != par.pk]


@transaction.atomic
def signer_entente(entente, *, par, confirmation):
    """Le mentor ou le mentoré signe ; à la seconde signature, l’entente va au gestionnaire (R-334)."""
    passage = entente.franchir(ENTENTE["signer"], par=par)
    role = DROITS_ENTENTE.exiger(par, "signer", entente)
    signer(entente.instantane, par=par, role=role, confirmation=confirmation)
    retirer_relances(entente, personne=par)
    _presenter_si_signee(entente, par)
    return passage


def _presenter_si_signee(entente, par):
    if {"mentor", "mentore"} <= titres(entente.instantane):
        passage = entente.franchir(ENTENTE["presenter"], par=par)
        annoncer("entente_a_approuver", entente, DROITS_ENTENTE.personnes("approuver", entente), passage.pk)


@transaction.atomic
def approuver_entente(entente, *, par, confirmation):
    """L’entente prend effet : signée par le gestionnaire, mise en PDF, copiée à la DSM et à la DRHCAJ (R-070, R-090)."""
    passage = entente.franchir(ENTENTE["approuver"], par=par)
    role = DROITS_ENTENTE.exiger(par, "approuver", entente)
    signer(entente.instantane, par=par, role=role, confirmation=confirmation)
    entente.fin_initiale, entente.prise_d_effet = entente.fin, timezone.now()
    entente.mi_temps_le, entente.sans_rencontre_depuis = entente.mi_temps, entente.debut_du_journal
    entente.save(update_fields=["fin_initiale", "prise_d_effet", "mi_temps_le", "sans_rencontre_depuis"])
    demander_document(entente.instantane)
    annoncer("entente_approuvee", entente, [entente.mentor, entente.mentore], passage.pk)
    annoncer(
        "entente_liberation",
        entente,
        DROITS_ENTENTE.personnes("voir_liberation", entente).filter(pk=entente.mentor.superieur_id),
        passage.pk,
        urgent=False,
    )
    transmettre(entente, "entente", (Destinataire.DSM, Destinataire.DRHCAJ))
    return passage


def transmettre(entente, nature, destinataires):
    """Dépose la copie à l’intention de chaque destinataire, par avis et lien (R-070, R-343, Q-15)."""
    for destinataire in destinataires:
        transmission, _ = Transmission.objects.get_or_create(entente=entente, nature=nature, destinataire=destinataire)
        boite, role = (boite_dsm(), DSM) if destinataire == Destinataire.DSM else (boite_drhcaj(), DRHCAJ)
        a = [boite, *role.personnes(entente)]
        annoncer(
            "copie_transmise",
            entente,
            a,
            f"{nature}-{transmission.pk}",
            urgent=False,
            contexte={"nature": transmission.get_nature_display()},
        )


@transaction.atomic
def accuser_reception(entente, transmission, *, par):
    """La DSM ou la DRHCAJ dit avoir reçu la copie ; la réception est datée (R-070)."""
    acte = "recevoir_dsm" if transmission.destinataire == Destinataire.DSM else "recevoir_drhcaj"
    titre = DROITS_ENTENTE.exiger(par, acte, entente)
    transmission = Transmission.objects.select_for_update().get(pk=transmission.pk)
    if transmission.recue_le is None:
        transmission.recue_le, transmission.recue_par = timezone.now(), par
        transmission.save(update_fields=["recue_le", "recue_par"])
        consigner("mentorat.transmission.recevoir", entente, par=par, titre=titre.libelle)
    return transmission


@transaction.atomic
def renvoyer_entente(entente, *, par, motif):
    """Le gestionnaire renvoie l’entente à la dyade, avec un commentaire."""
    passage = entente.franchir(ENTENTE["renvoyer"], par=par, motif=motif)
    annoncer("entente_renvoyee", entente, [entente.mentor, entente.mentore], passage.pk)
    return passage


@transaction.atomic
def refuser_entente(entente, *, par, motif):
    """Le gestionnaire refuse l’entente, avec un motif que la dyade lit."""
    passage = entente.franchir(ENTENTE["refuser"], par=par, motif=motif)
    annoncer("entente_refusee", entente, [entente.mentor, entente.mentore], passage.pk)
    return passage


@transaction.atomic
def abandonner_entente(entente, *, par):
    """La dyade abandonne un projet d’entente que personne n’a encore approuvé (R-362)."""
    passage = entente.franchir(ENTENTE["abandonner"], par=par)
    a = [*_autre_partie(entente, par), *DROITS_ENTENTE.personnes("approuver", entente)]
    annoncer("entente_abandonnee", entente, a, passage.pk)
    return passage


@transaction.atomic
def confirmer_conditions(entente, *, par, **conditions):
    """Le gestionnaire confirme les conditions favorables : charge, rencontres, reconnaissance (R-030, R-088)."""
    entente.verrouiller()
    titre = DROITS_ENTENTE.exiger(par, "confirmer_conditions", entente)
    confirmees, _ = ConditionsFavorables.objects.update_or_create(entente=entente, defaults={**conditions, "par": par})
    consigner("mentorat.entente.confirmer_conditions", entente, par=par, titre=titre.libelle)
    return confirmees
