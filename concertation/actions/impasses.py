"""Les impasses qui reviennent : les classer, en chercher la solution durable, la porter jusqu’au bout (R-226)."""

from django.db import transaction

from concertation.actions.annonces import annoncer_du_comite
from concertation.droits import DROITS_IMPASSE, DROITS_SITUATION, DROITS_THEME
from concertation.models import ImpasseRecurrente, Theme
from concertation.trajectoire import IMPASSE
from encadrement.journal.actions import consigner
from encadrement.socle.bd import unicite
from encadrement.socle.erreurs import ErreurMetier


@transaction.atomic
def ajouter_theme(libelle, *, par):
    """Ajoute un thème à la liste du comité, ou y remet celui qu’on avait retiré."""
    DROITS_THEME.exiger(par, "tenir", None)
    propre = " ".join(libelle.split())[:120]
    if not Theme.cle_de(propre):
        raise ErreurMetier("Écrivez le thème en quelques mots.")
    with unicite("Ce thème est déjà à la liste."):
        theme, _ = Theme.objects.update_or_create(
            cle=Theme.cle_de(propre), defaults={"retire": False}, create_defaults={"libelle": propre}
        )
    consigner("concertation.theme.ajouter", par=par, chaine="concertation:themes", details={"theme": theme.pk})
    return theme


@transaction.atomic
def retirer_theme(theme, *, par, retire=True):
    """Retire un thème de la liste, ou l’y remet ; ce qu’il classe déjà le garde."""
    DROITS_THEME.exiger(par, "tenir", None)
    if theme.retire != retire:
        theme.retire = retire
        theme.save(update_fields=["retire"])
        consigner(
            "concertation.theme.retirer" if retire else "concertation.theme.remettre",
            par=par,
            chaine="concertation:themes",
            details={"theme": theme.pk},
        )
    return theme


@transaction.atomic
def classer(situation, themes, *, par):
    """Classe la situation par thèmes d’impasse ; un thème est un code, jamais un texte sur le cas (R-226)."""
    situation.verrouiller()
    DROITS_SITUATION.exiger(par, "classer", situation)
    situation.themes.set(themes)
    consigner("concertation.classer", situation, par=par, details={"themes": sorted(theme.pk for theme in themes)})


@transaction.atomic
def ouvrir_impasse(*, par, titre, themes, responsable, solution="", echeance=None):
    """Ouvre le dossier d’une impasse récurrente : qui en porte la solution durable (R-226)."""
    DROITS_IMPASSE.exiger(par, "ouvrir", None)
    _exiger_un_theme(themes)
    impasse = ImpasseRecurrente.objects.create(
        titre=titre, solution=solution, responsable=responsable, echeance=echeance
    )
    impasse.themes.set(themes)
    consigner("concertation.impasse.ouvrir", impasse, par=par)
    annoncer_du_comite("impasse_confiee", impasse, [responsable], "ouverture")
    return impasse


@transaction.atomic
def ecrire_impasse(impasse, *, par, titre, themes, responsable, solution, echeance=None):
    """Écrit où en est la solution ; un nouveau responsable en est avisé."""
    impasse.verrouiller()
    DROITS_IMPASSE.exiger(par, "modifier", impasse)
    _exiger_un_theme(themes)
    change = responsable.pk != impasse.responsable_id
    impasse.titre, impasse.solution = titre, solution
    impasse.responsable, impasse.echeance = responsable, echeance
    impasse.save(update_fields=["titre", "solution", "responsable", "echeance"])
    impasse.themes.set(themes)
    consigner("concertation.impasse.ecrire", impasse, par=par)
    if change:
        annoncer_du_comite("impasse_confiee", impasse, [responsable], f"responsable {responsable.pk}")
    return impasse


def _exiger_un_theme(themes):
    if not themes:
        raise ErreurMetier("Choisissez au moins un thème : c’est lui qui réunit les situations.", exigences=["R-226"])


def _verbe(code):
    @transaction.atomic
    def agir(impasse, *, par, motif=""):
        return impasse.franchir(IMPASSE[code], par=par, motif=motif)

    agir.__doc__ = f"Franchit « {IMPASSE[code].libelle} »."
    return agir


entamer_solution = _verbe("entamer")
resoudre_impasse = _verbe("resoudre")
abandonner_impasse = _verbe("abandonner")
rouvrir_impasse = _verbe("rouvrir")
