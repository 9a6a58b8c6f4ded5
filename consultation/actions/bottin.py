"""Les verbes du bottin des experts : être identifié, se proposer, être appuyé, inscrit (R-170 à R-172, R-194, R-195, R-200)."""

from django.db import transaction

from consultation.actions.annonces import annoncer
from consultation.actions.sujets import proposer_sujet
from consultation.droits import DROITS_FICHE
from consultation.models import EtatFicheExpert, FicheExpert
from consultation.trajectoire import FICHE
from encadrement.journal.actions import consigner
from encadrement.notifications.actions import retirer_relances
from encadrement.personnes.models import Personne, sans_accents
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.transition import TransitionImpossible

CHAMPS_FICHE = ("sorte", "expertise", "presentation", "disponibilite", "a_distance", "accepte_groupes")
MODIFIABLES = (
    EtatFicheExpert.BROUILLON,
    EtatFicheExpert.IDENTIFIEE,
    EtatFicheExpert.ACTIVE,
    EtatFicheExpert.EN_PAUSE,
)
_A_IDENTIFIER = (EtatFicheExpert.BROUILLON, EtatFicheExpert.NON_RETENUE, EtatFicheExpert.RETIREE)


@transaction.atomic
def ouvrir_fiche(*, par):
    """Rend la fiche d’expert de la personne, créée au besoin."""
    fiche, _ = FicheExpert.objects.get_or_create(personne=par)
    return fiche


@transaction.atomic
def identifier_expert(personne, *, par, expertise):
    """Le gestionnaire, ou la DSM, identifie un expert ; la personne accepte et complète, ou décline (R-194, R-200)."""
    Personne.objects.select_for_update(of=("self",)).get(pk=personne.pk)
    DROITS_FICHE.exiger(par, "identifier", FicheExpert(personne=personne))
    fiche, _ = FicheExpert.objects.get_or_create(personne=personne)
    fiche.verrouiller()
    if fiche.etat not in _A_IDENTIFIER:
        raise ErreurMetier(f"{personne} a déjà une fiche au bottin ({fiche.get_etat_display()}).", exigences=["R-195"])
    fiche.identifiee_par = par
    fiche.expertise = fiche.expertise or expertise
    fiche.cle_recherche = _cle(fiche)
    fiche.save(update_fields=["identifiee_par", "expertise", "cle_recherche"])
    passage = fiche.franchir(FICHE["identifier"], par=par)
    annoncer("fiche_identifiee", fiche, [personne], passage.pk)
    return fiche


@transaction.atomic
def ecrire_fiche(fiche, *, par, sujets=None, nouveaux=(), **champs):
    """Enregistre ce que l’expert dit de lui ; `nouveaux` sont des sujets en texte libre.

    Lève ErreurMetier si la candidature est à l’étude, TransitionImpossible si une fiche inscrite devenait incomplète.
    """
    fiche.verrouiller()
    DROITS_FICHE.exiger(par, "modifier", fiche)
    if raison := pourquoi_non_modifiable(fiche):
        raise ErreurMetier(raison)
    ecrits = [champ for champ in CHAMPS_FICHE if champ in champs]
    for champ in ecrits:
        setattr(fiche, champ, champs[champ])
    if fiche.est_publiee and (manques := FICHE["soumettre"].manques(fiche)):
        raise TransitionImpossible(manques)
    if sujets is not None:
        fiche.sujets.set([*sujets, *(proposer_sujet(libelle, par=par) for libelle in nouveaux)])
    fiche.cle_recherche = _cle(fiche)
    fiche.save(update_fields=[*ecrits, "cle_recherche"])
    return fiche


def _cle(fiche):
    return sans_accents(f"{fiche.expertise} {fiche.presentation}")[:600]


def pourquoi_non_modifiable(fiche):
    """Rend la phrase qui dit pourquoi cette fiche ne s’écrit pas maintenant, ou None si elle s’écrit."""
    if fiche.etat in MODIFIABLES:
        return None
    if fiche.etat in (EtatFicheExpert.CANDIDATURE, EtatFicheExpert.APPUYEE):
        return "Votre candidature est à l’étude : attendez la réponse avant de la modifier."
    return "Cette candidature est terminée : reprenez-la d’abord, puis modifiez-la."


@transaction.atomic
def soumettre_candidature(fiche, *, par, raison=""):
    """La candidature part chez le gestionnaire, qui l’appuie ou non (R-200)."""
    passage = fiche.franchir(FICHE["soumettre"], par=par, raison=raison)
    annoncer("fiche_a_appuyer", fiche, DROITS_FICHE.personnes("appuyer", fiche), passage.pk)
    return passage


@transaction.atomic
def completer_fiche(fiche, *, par):
    """L’expert pressenti accepte ; son gestionnaire ou la DSM l’ayant identifié, il ne reste qu’à l’inscrire (R-200)."""
    passage = fiche.franchir(FICHE["completer"], par=par)
    annoncer("fiche_a_inscrire", fiche, DROITS_FICHE.personnes("inscrire", fiche), passage.pk)
    return passage


@transaction.atomic
def refuser_offre(fiche, *, par):
    """La personne pressentie décline, sans avoir à se justifier."""
    passage = fiche.franchir(FICHE["refuser"], par=par)
    annoncer("fiche_declinee", fiche, [fiche.identifiee_par], passage.pk)
    return passage


@transaction.atomic
def appuyer_candidature(fiche, *, par):
    """Le gestionnaire appuie : il reconnaît l’expertise et s’engage aux conditions favorables (R-200, R-201)."""
    passage = fiche.franchir(FICHE["appuyer"], par=par)
    fiche.appuyee_par = par
    fiche.save(update_fields=["appuyee_par"])
    annoncer("fiche_a_inscrire", fiche, DROITS_FICHE.personnes("inscrire", fiche), passage.pk)
    return passage


@transaction.atomic
def ecarter_candidature(fiche, *, par, motif):
    """La candidature n’est pas retenue ; la personne lit le motif et pourra recommencer."""
    passage = fiche.franchir(FICHE["ecarter"], par=par, motif=motif)
    annoncer("fiche_non_retenue", fiche, [fiche.personne], passage.pk)
    return passage


@transaction.atomic
def inscrire_expert(fiche, *, par):
    """La DSM inscrit l’expert au bottin, pour un an avant confirmation (R-172, R-195)."""
    passage = fiche.franchir(FICHE["inscrire"], par=par)
    fiche.confirmee_le = jour_local()
    fiche.save(update_fields=["confirmee_le"])
    annoncer("fiche_inscrite", fiche, [fiche.personne], passage.pk)
    return passage


@transaction.atomic
def confirmer_inscription(fiche, *, par):
    """L’inscription au bottin vaut pour une autre année (R-195)."""
    passage = fiche.franchir(FICHE["confirmer"], par=par)
    fiche.confirmee_le = jour_local()
    fiche.save(update_fields=["confirmee_le"])
    retirer_relances(fiche)
    return passage


@transaction.atomic
def mettre_en_pause(fiche, *, par, retour_prevu_le=None):
    """L’expert n’est plus proposé jusqu’à son retour ; ses consultations en cours se poursuivent."""
    if retour_prevu_le and retour_prevu_le <= jour_local():
        raise ErreurMetier("Le retour prévu doit être un jour à venir; laissez vide s’il n’est pas connu.")
    passage = fiche.franchir(FICHE["mettre_en_pause"], par=par)
    fiche.retour_prevu_le = retour_prevu_le
    fiche.save(update_fields=["retour_prevu_le"])
    return passage


@transaction.atomic
def reprendre_expertise(fiche, *, par):
    """L’expert redevient disponible."""
    passage = fiche.franchir(FICHE["reprendre"], par=par)
    fiche.retour_prevu_le = None
    fiche.save(update_fields=["retour_prevu_le"])
    return passage


@transaction.atomic
def retirer_du_bottin(fiche, *, par, motif=""):
    """L’expert quitte le bottin ; ses plages libres disparaissent, ses consultations en cours se poursuivent."""
    passage = fiche.franchir(FICHE["retirer"], par=par, motif=motif)
    fiche.plages.libres().update(retiree=True)
    return passage


@transaction.atomic
def recommencer_candidature(fiche, *, par):
    """La personne reprend une candidature non retenue, ou revient au bottin."""
    passage = fiche.franchir(FICHE["recommencer"], par=par)
    fiche.appuyee_par, fiche.identifiee_par = None, None
    fiche.save(update_fields=["appuyee_par", "identifiee_par"])
    consigner("consultation.ficheexpert.remise_a_neuf", fiche, par=par)
    return passage
