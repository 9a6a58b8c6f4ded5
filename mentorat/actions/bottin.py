"""Les verbes du bottin des mentors (R-080, R-081, R-086, annexe 5)."""

from django.db import transaction

from encadrement.journal.actions import consigner
from encadrement.notifications.actions import retirer_relances
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.transition import TransitionImpossible
from mentorat.actions.annonces import annoncer
from mentorat.actions.competences import reunir_competences
from mentorat.droits import DROITS_FICHE
from mentorat.models import EtatFiche, FicheMentor
from mentorat.regles import experience_attestee as regle_experience
from mentorat.trajectoire import FICHE

CHAMPS_FICHE = (
    "motivation",
    "experience",
    "disponibilite",
    "caracteristiques",
    "qualites",
    "a_distance",
    "capacite",
)
INSCRITES = (EtatFiche.ACTIVE, EtatFiche.EN_PAUSE)
MODIFIABLES = (EtatFiche.BROUILLON, *INSCRITES)


@transaction.atomic
def ouvrir_fiche(*, par):
    """Rend la fiche de mentor de la personne, créée au besoin (R-435)."""
    fiche, _ = FicheMentor.objects.get_or_create(personne=par)
    return fiche


@transaction.atomic
def ecrire_fiche(fiche, *, par, competences=None, nouvelles=(), **champs):
    """Enregistre ce que la personne dit d’elle-même, en rédaction ou une fois inscrite (R-435, R-436).

    Lève ErreurMetier si la candidature est à l’étude, TransitionImpossible si une fiche inscrite cessait de remplir
    les critères de l’annexe 5.
    """
    fiche.verrouiller()
    DROITS_FICHE.exiger(par, "modifier", fiche)
    if fiche.etat not in MODIFIABLES:
        raise ErreurMetier(pourquoi_non_modifiable(fiche))
    for champ in CHAMPS_FICHE:
        if champ in champs:
            setattr(fiche, champ, champs[champ])
    if fiche.etat in INSCRITES and (manques := FICHE["soumettre"].manques(fiche)):
        raise TransitionImpossible(manques)
    fiche.save(update_fields=[champ for champ in CHAMPS_FICHE if champ in champs])
    if competences is not None:
        fiche.competences.set(reunir_competences(competences, nouvelles))
    return fiche


def pourquoi_non_modifiable(fiche):
    """Rend la phrase qui dit pourquoi cette fiche ne s’écrit pas maintenant, ou None si elle s’écrit."""
    if fiche.etat in MODIFIABLES:
        return None
    if fiche.etat in (EtatFiche.CANDIDATURE, EtatFiche.RECOMMANDEE):
        return "Votre candidature est à l’étude\u00a0: attendez la réponse avant de la modifier."
    return "Cette candidature est terminée\u00a0: reprenez-la d’abord, puis modifiez-la."


@transaction.atomic
def soumettre_candidature(fiche, *, par, raison=""):
    """La candidature part chez le gestionnaire, qui recommande ou non (R-086)."""
    passage = fiche.franchir(FICHE["soumettre"], par=par, raison=raison)
    annoncer("fiche_soumise", fiche, DROITS_FICHE.personnes("recommander", fiche), passage.pk)
    return passage


@transaction.atomic
def recommander_mentor(fiche, *, par, experience_attestee=False):
    """Le gestionnaire atteste l’expérience et recommande ; la DSM est avisée (R-050, R-086).

    Lève ErreurMetier si l’expérience n’est pas attestée.
    """
    fiche.verrouiller()
    DROITS_FICHE.exiger(par, "recommander", fiche)
    fiche.experience_attestee, fiche.recommandee_par = experience_attestee, par
    # Ici et non parmi les conditions de la transition : avant le geste, rien n’est encore attesté.
    if raison := regle_experience(fiche):
        raise ErreurMetier(raison, exigences=regle_experience.exigences)
    passage = _franchir_avec(fiche, "recommander", ["experience_attestee", "recommandee_par"], par)
    annoncer("fiche_recommandee", fiche, DROITS_FICHE.personnes("inscrire", fiche), passage.pk)
    return passage


def _franchir_avec(fiche, code, champs, par, **options):
    # Écrits avant de franchir, dans la même transaction : la règle les relit sous verrou, un refus annule tout.
    fiche.save(update_fields=champs)
    return fiche.franchir(FICHE[code], par=par, **options)


@transaction.atomic
def decliner_candidature(fiche, *, par, motif):
    """Le gestionnaire ne recommande pas ; la personne lit le motif et pourra recommencer."""
    passage = fiche.franchir(FICHE["decliner"], par=par, motif=motif)
    annoncer("fiche_non_retenue", fiche, [fiche.personne], passage.pk)
    return passage


@transaction.atomic
def ecarter_candidature(fiche, *, par, motif):
    """La DSM n’inscrit pas cette candidature ; la personne lit le motif et pourra recommencer."""
    passage = fiche.franchir(FICHE["ecarter"], par=par, motif=motif)
    annoncer("fiche_non_retenue", fiche, [fiche.personne], passage.pk)
    return passage


@transaction.atomic
def inscrire_mentor(fiche, *, par, raison=""):
    """La personne entre au bottin des mentors, pour un an avant confirmation (R-080)."""
    fiche.verrouiller()
    DROITS_FICHE.exiger(par, "inscrire", fiche)
    fiche.confirmee_le = jour_local()
    passage = _franchir_avec(fiche, "inscrire", ["confirmee_le"], par, raison=raison)
    annoncer("fiche_inscrite", fiche, [fiche.personne], passage.pk)
    return passage


@transaction.atomic
def consigner_formation(fiche, *, par, suivie_le):
    """La DSM consigne la formation de mentor suivie ce jour-là (R-081) ; lève ErreurMetier si elle est à venir."""
    fiche.verrouiller()
    DROITS_FICHE.exiger(par, "former", fiche)
    if suivie_le > jour_local():
        raise ErreurMetier("Cette formation n’a pas encore eu lieu\u00a0: consignez-la une fois suivie.")
    fiche.formation_suivie_le = suivie_le
    return _franchir_avec(fiche, "former", ["formation_suivie_le"], par)


@transaction.atomic
def confirmer_inscription(fiche, *, par):
    """L’inscription au bottin vaut pour une autre année (R-080)."""
    fiche.verrouiller()
    DROITS_FICHE.exiger(par, "confirmer", fiche)
    fiche.confirmee_le = jour_local()
    retirer_relances(fiche)
    return _franchir_avec(fiche, "confirmer", ["confirmee_le"], par)


@transaction.atomic
def mettre_en_pause(fiche, *, par, retour_prevu_le=None):
    """Le mentor n’est plus proposé jusqu’à son retour ; ses ententes en cours se poursuivent."""
    fiche.verrouiller()
    DROITS_FICHE.exiger(par, "mettre_en_pause", fiche)
    if retour_prevu_le and retour_prevu_le <= jour_local():
        raise ErreurMetier("Le retour prévu doit être un jour à venir; laissez vide s’il n’est pas connu.")
    fiche.retour_prevu_le = retour_prevu_le
    return _franchir_avec(fiche, "mettre_en_pause", ["retour_prevu_le"], par)


@transaction.atomic
def reprendre_mentorat(fiche, *, par):
    """Le mentor redevient disponible."""
    fiche.verrouiller()
    DROITS_FICHE.exiger(par, "reprendre", fiche)
    fiche.retour_prevu_le = None
    return _franchir_avec(fiche, "reprendre", ["retour_prevu_le"], par)


@transaction.atomic
def retirer_du_bottin(fiche, *, par, motif=""):
    """La personne quitte le bottin ; ses ententes en cours se poursuivent."""
    return fiche.franchir(FICHE["retirer"], par=par, motif=motif)


@transaction.atomic
def recommencer_candidature(fiche, *, par):
    """La personne reprend la rédaction d’une candidature non retenue ou retirée."""
    passage = fiche.franchir(FICHE["recommencer"], par=par)
    fiche.experience_attestee, fiche.recommandee_par = False, None
    fiche.save(update_fields=["experience_attestee", "recommandee_par"])
    consigner("mentorat.fichementor.remise_a_neuf", fiche, par=par)
    return passage
