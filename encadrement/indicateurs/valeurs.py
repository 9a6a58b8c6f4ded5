"""La réponse d’un indicateur pour une portée, et comment elle s’écrit."""

import statistics
from dataclasses import dataclass, replace

from encadrement.indicateurs.lots import PLANCHER
from encadrement.indicateurs.registre import Unite
from encadrement.socle.temps import ecrire_duree

INSECABLE = "\xa0"
# Sous ce dénominateur, un pourcentage ferait dire plus qu’il ne sait : on montre le compte.
SUR_MINIMAL = 20
MASQUE = f"moins de {PLANCHER}"
MASQUE_POURQUOI = (
    "Moins de cinq personnes, ou un nombre qui permettrait d’en déduire un plus petit\xa0: il ne se montre pas."
)
PARTIEL_POURQUOI = (
    "Les groupes de moins de cinq personnes ne sont comptés que réunis à d’autres\xa0: le vrai chiffre est plus grand."
)
AUTRES = "Autres, réunis"


@dataclass(frozen=True)
class Part:
    """Une catégorie d’une répartition et son nombre."""

    libelle: str
    nombre: float


@dataclass(frozen=True)
class Valeur:
    """Un chiffre ; `masque` : trop petit pour être montré ; `partiel` : des lots n’y sont pas ; `raison` : pourquoi rien.

    `effectif` est le nombre de personnes (ou de réponses) derrière le chiffre, cinq voulant dire cinq au moins : le masque
    n’en demande pas plus. `retenus` dit ce que la DSM y a retenu à la place du calcul (Q-21).
    """

    nombre: float | None = None
    sur: float | None = None
    parts: tuple = ()
    effectif: int = 0
    masque: bool = False
    partiel: bool = False
    raison: str = ""
    retenus: str = ""

    @property
    def est_montrable(self):
        return not self.masque and not self.raison and self.nombre is not None

    @property
    def est_vide(self):
        return self.est_montrable and not self.nombre and not self.sur

    @property
    def pourquoi(self):
        """La phrase qui explique ce qu’on ne voit pas, ou ""."""
        if self.raison:
            return self.raison
        if self.masque:
            return MASQUE_POURQUOI
        return " ".join(filter(None, (PARTIEL_POURQUOI if self.partiel else "", self.retenus)))


def en_nombre(valeur, unite):
    """Rend le nombre à comparer et à dessiner, dans l’unité de l’indicateur ; None s’il n’y en a pas."""
    if not valeur.est_montrable:
        return None
    if unite in (Unite.PART, Unite.NOTE):
        return valeur.nombre / valeur.sur if valeur.sur else None
    return valeur.nombre


def ecrire(valeur, unite):
    """Écrit une valeur comme on la lit : « 12 », « 31 h 30 », « 7 sur 12 », « 58 % (34 sur 59) », « moins de 5 »."""
    if valeur.masque:
        return MASQUE.replace(" ", INSECABLE)
    if not valeur.est_montrable:
        return "—"
    texte = _SELON[unite](valeur)
    return f"au moins {texte}" if valeur.partiel and unite in (Unite.NOMBRE, Unite.HEURES) else texte


def _en_entier(nombre):
    return f"{round(nombre):,}".replace(",", INSECABLE)


def _en_decimal(nombre):
    return f"{nombre:.1f}".replace(".", ",")


def _en_part(valeur):
    if valeur.sur is None:
        return "—"
    compte = f"{_en_entier(valeur.nombre)} sur {_en_entier(valeur.sur)}"
    # Des bénéficiaires qui n’étaient pas éligibles font passer le tout : « 105 % » ne voudrait rien dire.
    if valeur.sur < SUR_MINIMAL or valeur.nombre > valeur.sur:
        return compte
    return f"{round(100 * valeur.nombre / valeur.sur)}{INSECABLE}% ({compte})"


def _en_note(valeur):
    return f"{_en_decimal(valeur.nombre / valeur.sur)} sur 5" if valeur.sur else "—"


def _en_jours(valeur):
    jours = _en_decimal(valeur.nombre) if valeur.nombre % 1 else _en_entier(valeur.nombre)
    return f"{jours}{INSECABLE}jour{'s' if valeur.nombre >= 2 else ''}"


_SELON = {
    Unite.NOMBRE: lambda valeur: _en_entier(valeur.nombre),
    Unite.HEURES: lambda valeur: ecrire_duree(round(valeur.nombre)),
    Unite.PART: _en_part,
    Unite.NOTE: _en_note,
    Unite.JOURS: _en_jours,
    Unite.REPARTITION: lambda valeur: _en_entier(valeur.nombre),
}


def mediane(histogramme):
    """Rend la médiane d’un histogramme {jours: combien}, ou None s’il est vide."""
    valeurs = sorted(jours for jours, combien in histogramme.items() for _ in range(round(combien)))
    return statistics.median(valeurs) if valeurs else None


def repartir(groupes, libelles, *, cacher):
    """Rend les Parts d’une répartition, la plus grande d’abord ; `groupes` est {catégorie: (nombre, personnes)}.

    `cacher` réunit sous « Autres, réunis » les catégories de moins de cinq personnes, avec assez des suivantes pour
    qu’une soustraction n’en rende aucune. Une même personne peut être de plusieurs : réunies, elles ne comptent que pour
    la plus grande.
    """
    rangees = sorted(groupes.items(), key=lambda groupe: (-groupe[1][0], str(groupe[0])))
    montrees, reunies = rangees, []
    if cacher:
        montrees = [groupe for groupe in rangees if groupe[1][1] >= PLANCHER]
        reunies = [groupe for groupe in rangees if groupe[1][1] < PLANCHER]
        # Une seule tirée des montrées suffit : elle compte cinq personnes à elle seule.
        if reunies and montrees:
            reunies.append(montrees.pop())
    parts = [Part(libelles.get(str(cle), str(cle)), nombre) for cle, (nombre, _) in montrees]
    autres = sum(nombre for _, (nombre, _) in reunies)
    return tuple([*parts, Part(AUTRES, autres)] if reunies and montrees else parts)


def sans_ce_qui_se_devine(valeur):
    """Rend la valeur, masquée si moins de cinq personnes la composent."""
    return replace(valeur, nombre=None, sur=None, parts=(), masque=True) if 0 < valeur.effectif < PLANCHER else valeur
