"""Les transitions et les trajectoires : une table par objet, lue par les pages, les essais et la documentation."""

from dataclasses import dataclass, field

from encadrement.acces.matrice import Matrice
from encadrement.socle.erreurs import ErreurMetier


@dataclass(frozen=True)
class Raison:
    """Pourquoi une transition est refusée, ou ce dont elle avertit, avec les énoncés du cadre en cause."""

    texte: str
    exigences: tuple = ()
    regle: str = ""

    def __str__(self):
        return self.texte


class TransitionImpossible(ErreurMetier):
    """La transition n’est pas possible maintenant ; `raisons` les donne toutes."""

    def __init__(self, raisons):
        super().__init__(
            " ".join(raison.texte for raison in raisons),
            exigences=[numero for raison in raisons for numero in raison.exigences],
        )
        self.raisons = tuple(raisons)


class RaisonRequise(ErreurMetier):
    """La transition s’écarte d’une recommandation du cadre : elle reste permise, avec une raison écrite."""

    def __init__(self, raisons):
        super().__init__(
            "Le cadre recommande autre chose : écrivez la raison de cet écart pour continuer.",
            exigences=[numero for raison in raisons for numero in raison.exigences],
        )
        self.raisons = tuple(raisons)


class MotifRequis(ErreurMetier):
    """La transition demande un motif écrit."""


@dataclass(frozen=True)
class Transition:
    """D’où vers où, par qui, à quelles conditions.

    `vers` vaut None quand l’acte se pose sans changer d’état (signer avant les autres, par exemple).
    `conditions` bloquent (force D) ; `avertissements` demandent une raison (force S) ; `motif_requis` demande un
    motif écrit. `attendue` : l’acte est à faire par ceux qui le peuvent tant que l’objet est dans l’état de départ.
    """

    code: str
    libelle: str
    de: frozenset
    vers: str | None
    droits: Matrice
    conditions: tuple = ()
    avertissements: tuple = ()
    motif_requis: bool = False
    attendue: bool = False
    ton: str = "second"
    automatique: bool = False
    exigences: tuple = field(default=())

    @property
    def acte(self):
        return self.droits.actes[self.code]

    def refus(self, objet):
        """Rend toutes les raisons pour lesquelles `objet` ne peut pas passer maintenant."""
        if objet.etat not in self.de:
            return [
                Raison(
                    f"Ce dossier est maintenant à l’état « {objet.get_etat_display()} » : "
                    f"« {self.libelle} » n’y est plus possible."
                )
            ]
        return self.manques(objet)

    def manques(self, objet):
        """Rend les exigences du cadre que `objet` ne remplit pas encore, quel que soit son état."""
        return _raisons(self.conditions, objet)

    def avertit(self, objet):
        """Rend les écarts aux recommandations du cadre ; ils n’empêchent rien, ils demandent une raison."""
        return _raisons(self.avertissements, objet)


def table(droits, lignes):
    """Rend {code: Transition} d’une table de lignes (code, états de départ, état d’arrivée, options)."""
    return {
        code: Transition(code=code, de=frozenset(de), vers=vers, droits=droits, **reste)
        for code, de, vers, reste in lignes
    }


def options(libelle, **reste):
    """Rend la dernière colonne d’une ligne de `table` : le libellé du verbe et ses options."""
    return {"libelle": libelle, **reste}


def _raisons(regles, objet):
    return [
        Raison(texte, getattr(regle, "exigences", ()), regle.__name__) for regle in regles if (texte := regle(objet))
    ]


class Trajectoire:
    """Toutes les transitions d’un modèle et le chemin qu’on dessine de la première à la dernière étape.

    `etapes` liste les états du chemin principal ; un état hors chemin (refusée, cessée) se dessine à la fin.
    `url` est un gabarit de nom d’URL : « mentorat:entente_{code} ». `chemin(objet)`, s’il est donné, rend les étapes de ce
    dossier-là quand tous ne passent pas par les mêmes. `attend(objet)`, s’il est donné, nomme qui doit agir.
    """

    par_modele = {}

    def __init__(self, modele, *, etapes, transitions, url, chemin=None, attend=None):
        self.modele = modele
        self.etapes = tuple(etapes)
        self._chemin, self.attend = chemin, attend
        self.transitions = {transition.code: transition for transition in transitions}
        self.url = url
        Trajectoire.par_modele[modele] = self

    def __iter__(self):
        return iter(self.transitions.values())

    def __getitem__(self, code):
        return self.transitions[code]

    def nom_url(self, transition):
        return self.url.format(code=transition.code)

    def chemin(self, objet):
        """Rend les étapes à dessiner pour cet objet, dans l’ordre."""
        return tuple(self._chemin(objet)) if self._chemin else self.etapes

    def depuis(self, etat):
        """Rend les transitions qui partent de `etat`."""
        return [transition for transition in self if etat in transition.de]

    @classmethod
    def de(cls, objet):
        return cls.par_modele[type(objet)]
