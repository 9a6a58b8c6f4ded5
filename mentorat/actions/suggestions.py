"""La courte liste de mentors proposée au gestionnaire, avec le pourquoi de chaque nom (R-051, R-087, R-271)."""

from dataclasses import dataclass

from encadrement.personnes.models import RLS, sans_accents
from mentorat.models import FicheMentor
from mentorat.regles import DEJA_PROPOSE, raison_d_exclusion

# Heures de route entre les RLS, arrondies : la distance compte en Gaspésie.
_VOISINS = {
    frozenset((RLS.COTE_DE_GASPE, RLS.ROCHER_PERCE)),
    frozenset((RLS.ROCHER_PERCE, RLS.BAIE_DES_CHALEURS)),
    frozenset((RLS.COTE_DE_GASPE, RLS.HAUTE_GASPESIE)),
}


@dataclass(frozen=True)
class Suggestion:
    """Un mentor du bottin vu pour une demande : son score, ce qui le recommande, ce qui l’exclut."""

    fiche: FicheMentor
    score: int
    raisons: tuple
    exclusion: str | None = None


def suggestions(demande):
    """Rend les mentors du bottin pour cette demande, les meilleurs d’abord, puis les exclus avec leur raison."""
    mentore = demande.mentore
    superieurs = mentore.superieurs_ids()
    voulues = set(demande.competences.values_list("pk", flat=True))
    declines = set(demande.jumelages.filter(actif=False).values_list("mentor_id", flat=True))
    fiches = (
        FicheMentor.objects.actives()
        .avec_charge()
        .select_related("personne__titre_emploi", "personne__installation", "personne__service__direction")
        .prefetch_related("competences")
    )
    evaluees = [_evaluer(fiche, demande, mentore, superieurs, voulues, declines) for fiche in fiches]
    return sorted(evaluees, key=lambda s: (s.exclusion is not None, -s.score, str(s.fiche)))


def _evaluer(fiche, demande, mentore, superieurs, voulues, declines):
    personne = fiche.personne
    exclusion = raison_d_exclusion(personne, mentore, superieurs)
    if exclusion is None and personne.pk in declines:
        exclusion = DEJA_PROPOSE
    points = [
        *_discipline(personne, mentore),
        *_competences(fiche, voulues),
        *_distance(fiche, mentore),
        *_charge(fiche),
    ]
    if demande.suggestion_id == personne.pk:
        points.append((3, "suggéré par la DSM"))
    return Suggestion(fiche, sum(poids for poids, _ in points), tuple(texte for _, texte in points), exclusion)


def _discipline(personne, mentore):
    if personne.discipline and personne.discipline == mentore.discipline:
        yield 4, "même discipline"
    else:
        yield 0, f"autre discipline ({personne.discipline or 'inconnue'})"


def _competences(fiche, voulues):
    communes = [competence for competence in fiche.competences.all() if competence.pk in voulues]
    if communes:
        yield 3 * len(communes), "compétence voulue : " + ", ".join(str(competence) for competence in communes)


def _distance(fiche, mentore):
    rls_mentor, rls_mentore = fiche.personne.rls, mentore.rls
    if rls_mentor and rls_mentor == rls_mentore:
        yield 2, "même RLS"
    elif frozenset((rls_mentor, rls_mentore)) in _VOISINS:
        yield 1, "RLS voisin"
    elif fiche.a_distance:
        yield 0, "autre RLS, accepte à distance"
    else:
        yield -1, "autre RLS, en présence seulement"


def _charge(fiche):
    libres = fiche.capacite - fiche.charge
    if libres <= 0:
        yield -4, f"déjà {fiche.charge} mentoré{'s' if fiche.charge > 1 else ''} sur {fiche.capacite}"
    else:
        yield 1, f"{libres} place{'s' if libres > 1 else ''} libre{'s' if libres > 1 else ''}"


def chercher(evaluees, texte):
    """Rend les mentors évalués dont le nom, la discipline ou une compétence contient chaque mot de `texte`."""
    mots = sans_accents(texte).split()
    return [evaluee for evaluee in evaluees if all(mot in _cle(evaluee.fiche) for mot in mots)]


def _cle(fiche):
    competences = " ".join(str(competence) for competence in fiche.competences.all())
    return sans_accents(f"{fiche.personne} {fiche.personne.discipline} {competences}")
