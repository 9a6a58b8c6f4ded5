"""Le compte rendu : sommaire, présences, contributions, publication, adoption (R-396 à R-399)."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cdp.actions.annonces import annoncer, membres
from cdp.actions.heures import signaler_les_seuils
from cdp.actions.ordre_du_jour import moment, points_numerotes, suivis_ouverts
from cdp.droits import DROITS_RENCONTRE
from cdp.models import Contribution, EtatRencontre, ParticipationCdp
from cdp.trajectoire import RENCONTRE
from encadrement.documents.actions import demander_document
from encadrement.journal.actions import consigner
from encadrement.personnes.identite import identite
from encadrement.signatures.actions import figer
from encadrement.signatures.models import empreinte_de
from encadrement.socle.erreurs import ErreurMetier, Perime
from encadrement.socle.fusion import fusionner
from encadrement.socle.temps import AnneeFinanciere

GABARIT_COMPTE_RENDU = "cdp/compte_rendu_v1"


def exiger_ecriture(rencontre, par):
    """Verrouille la rencontre et exige que son compte rendu s’écrive encore ; lève ErreurMetier sinon."""
    rencontre.verrouiller()
    DROITS_RENCONTRE.exiger(par, "ecrire_compte_rendu", rencontre)
    if rencontre.etat != EtatRencontre.TENUE:
        raise ErreurMetier(
            f"Cette rencontre est à l’état « {rencontre.get_etat_display()} » : son compte rendu ne s’écrit pas. "
            "Pour corriger un compte rendu publié, rouvrez-le."
        )


def valeurs_compte_rendu(rencontre):
    """Rend {« point-<clé> »: sommaire} de chaque point, pour le formulaire et la fusion."""
    return {f"point-{point.pk}": point.sommaire for point in rencontre.points.all()}


@transaction.atomic
def ecrire_compte_rendu(rencontre, *, par, saisi, temoins, libelles=None):
    """Enregistre les sommaires changés sans écraser ceux de l’autre ; rend les conflits (R-398)."""
    exiger_ecriture(rencontre, par)
    a_ecrire, conflits = fusionner(valeurs_compte_rendu(rencontre), temoins, saisi, libelles)
    for champ, texte in a_ecrire.items():
        rencontre.points.filter(pk=int(champ.removeprefix("point-"))).update(sommaire=texte)
    return conflits


@transaction.atomic
def corriger_horaire(rencontre, *, par, debut, fin):
    """Note les heures réelles de la rencontre tenue : ce sont elles que les heures et le rapport comptent (R-396)."""
    exiger_ecriture(rencontre, par)
    if fin <= debut:
        raise ErreurMetier("La fin de la rencontre doit suivre son début.", exigences=["R-396"])
    if debut > timezone.now():
        raise ErreurMetier("Une rencontre tenue a commencé avant maintenant.")
    autres = rencontre.communaute.rencontres.exclude(etat=EtatRencontre.ANNULEE).exclude(pk=rencontre.pk)
    if autres.filter(debut=debut).exists():
        raise ErreurMetier(
            "Une autre rencontre de cette communauté commence à ce moment : vérifiez la date et l’heure."
        )
    rencontre.debut, rencontre.fin = debut, fin
    rencontre.save(update_fields=["debut", "fin"])
    rencontre.contributions.update(apportee_le=debut)
    return rencontre


@transaction.atomic
def noter_presences(rencontre, presences, *, par):
    """Note qui était là : `presences` est {clé de participation: présente} (R-397, R-485).

    Une personne partie entre-temps garde sa ligne : elle y était ou non, son départ n’y change rien.
    """
    exiger_ecriture(rencontre, par)
    for ligne in rencontre.participations.all():
        if ligne.pk in presences and ligne.presente != presences[ligne.pk]:
            ligne.presente = presences[ligne.pk]
            ligne.save(update_fields=["presente"])
    return rencontre


@transaction.atomic
def ajouter_presence(rencontre, *, par, personne=None, nom_externe="", organisme=""):
    """Ajoute quelqu’un qui était là sans être convoqué, et le note présent (R-397)."""
    exiger_ecriture(rencontre, par)
    if personne is None and not nom_externe.strip():
        raise ErreurMetier("Nommez la personne invitée.")
    if personne is not None and rencontre.participations.filter(personne=personne).exists():
        raise ErreurMetier("Cette personne est déjà à la liste.")
    etait_membre = (
        personne is not None
        and rencontre.communaute.adhesions.pendant(rencontre.jour, rencontre.jour)
        .filter(personne=personne, debut__isnull=False)
        .exists()
    )
    return ParticipationCdp.objects.create(
        rencontre=rencontre,
        personne=personne,
        nom_externe=nom_externe,
        organisme=organisme,
        est_invite=not etait_membre,
        presente=True,
    )


@transaction.atomic
def retirer_presence(participation, *, par):
    """Retire de la liste une ligne ajoutée par erreur."""
    exiger_ecriture(participation.rencontre, par)
    consigner("cdp.presence.retirer", participation.rencontre, par=par)
    participation.delete()


@transaction.atomic
def consigner_contribution(rencontre, *, par, sorte, precision, point=None, auteur=None, auteur_externe=""):
    """Compte une contribution, avec sa précision : le rapport annuel en fait le total (R-371 à R-375)."""
    exiger_ecriture(rencontre, par)
    if not precision.strip():
        raise ErreurMetier("Précisez la contribution : le rapport annuel le demande.", exigences=["R-371"])
    if rencontre.contributions.filter(sorte=sorte, precision__iexact=precision.strip()).exists():
        raise ErreurMetier("Cette contribution est déjà comptée pour cette rencontre.")
    return Contribution.objects.create(
        rencontre=rencontre,
        apportee_le=rencontre.debut,
        point=point,
        sorte=sorte,
        precision=precision.strip(),
        auteur=auteur,
        auteur_externe=auteur_externe,
        consignee_par=par,
    )


@transaction.atomic
def retirer_contribution(contribution, *, par):
    """Retire une contribution comptée par erreur."""
    exiger_ecriture(contribution.rencontre, par)
    consigner("cdp.contribution.retirer", contribution.rencontre, par=par, details={"sorte": contribution.sorte})
    contribution.delete()


@transaction.atomic
def publier_compte_rendu(rencontre, *, par, raison="", lu=""):
    """Fige le compte rendu, le met en PDF et en avise les membres (R-398, R-399).

    `lu` est l’empreinte de ce que la page montrait : on ne publie pas un texte que l’autre vient de changer.
    """
    passage = rencontre.franchir(RENCONTRE["publier"], par=par, raison=raison)
    contenu = contenu_compte_rendu(rencontre)
    if lu and lu != empreinte_de(contenu):
        raise Perime("Le compte rendu a changé depuis que vous l’avez lu : le voici, relisez-le, puis publiez.")
    rencontre.compte_rendu = figer(rencontre, "cdp_compte_rendu", contenu, gabarit=GABARIT_COMPTE_RENDU)
    rencontre.save(update_fields=["compte_rendu"])
    demander_document(rencontre.compte_rendu)
    annoncer("compte_rendu_publie", rencontre, membres(rencontre.communaute, sauf=par), passage.pk, urgent=False)
    _annoncer_les_suivis(rencontre, passage)
    presents = [ligne.personne for ligne in rencontre.participations.filter(presente=True, personne__isnull=False)]
    signaler_les_seuils(rencontre.communaute, AnneeFinanciere.du(rencontre.jour), presents)
    return passage


def _annoncer_les_suivis(rencontre, passage):
    responsables = {suivi.personne for suivi in rencontre.suivis.select_related("personne") if suivi.personne_id}
    annoncer(
        "suivi_confie", rencontre, sorted(responsables, key=lambda personne: personne.pk), passage.pk, urgent=False
    )


@transaction.atomic
def rouvrir_compte_rendu(rencontre, *, par):
    """Rouvre un compte rendu publié pour le corriger ; la version publiée reste dans l’histoire."""
    return rencontre.franchir(RENCONTRE["rouvrir"], par=par)


@transaction.atomic
def adopter_compte_rendu(rencontre, *, par):
    """Le compte rendu est adopté à la première rencontre tenue après la sienne (R-395, point 3)."""
    passage = rencontre.franchir(RENCONTRE["adopter"], par=par)
    apres = rencontre.communaute.rencontres.tenues().filter(debut__gt=rencontre.debut)
    rencontre.adoptee_a = apres.order_by("debut").first()
    rencontre.save(update_fields=["adoptee_a"])
    return passage


def contenu_compte_rendu(rencontre):
    """Rend le contenu de l’annexe 10, fait de valeurs simples : c’est lui que le PDF reproduit (R-396 à R-398)."""
    lignes = list(rencontre.participations.select_related("personne__titre_emploi", "personne__service__direction"))
    suivis = list(rencontre.suivis.select_related("personne"))
    precedente, suivante = rencontre.precedente(), rencontre.suivante()
    return {
        "etablissement": settings.ETABLISSEMENT_NOM,
        "communaute": rencontre.communaute.nom,
        **moment(rencontre),
        "presences": [_present(ligne) for ligne in lignes if ligne.presente and not ligne.est_invite],
        "absences": [_present(ligne) for ligne in lignes if ligne.presente is False and not ligne.est_invite],
        "invites": [_present(ligne) for ligne in lignes if ligne.est_invite and ligne.presente],
        "precedente": precedente.jour.isoformat() if precedente else "",
        "suivante": timezone.localtime(suivante.debut).isoformat() if suivante else "",
        "points": [
            {
                "numero": numero,
                "sorte": point.sorte,
                "sujet": point.intitule,
                "sommaire": point.sommaire,
                "responsable": point.qui,
                "suivis": [_suivi(suivi) for suivi in suivis if suivi.point_id == point.pk],
            }
            for numero, point in points_numerotes(rencontre)
        ],
        "suivis_anterieurs": [_suivi(suivi) for suivi in suivis_ouverts(rencontre)],
        "autres_suivis": [_suivi(suivi) for suivi in suivis if suivi.point_id is None],
    }


def _present(ligne):
    if ligne.personne_id is None:
        return {"nom": ligne.nom_externe, "titre_emploi": "", "organisme": ligne.organisme}
    dit = identite(ligne.personne)
    return {"nom": dit["nom"], "titre_emploi": dit["titre_emploi"], "organisme": ligne.organisme}


def _suivi(suivi):
    return {"texte": suivi.texte, "responsable": suivi.qui, "quand": suivi.quand}
