"""Une série : les relances d’une échéance, dont la DSM règle les délais sans qu’aucune ne repart."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace

from encadrement.notifications.rappels import Pas, pas_hebdomadaires
from encadrement.parametres.lecture import valeur
from encadrement.parametres.natures import Delais, Entier
from encadrement.parametres.registre import Parametre

UN_JOUR = datetime.timedelta(days=1)
# Ce qu’un arrêt de deux semaines peut faire manquer se rattrape encore.
RATTRAPAGE = 14


@dataclass(frozen=True)
class ChaqueSemaine:
    """Les relances qui se répètent chaque semaine après l’échéance, dont la DSM règle le nombre, de zéro à `maximum`.

    La première part `depuis` jours après l’échéance. En ajouter prolonge la suite, en ôter l’écourte : aucune ne repart.
    """

    code: str
    nom: str
    groupe: str
    destinataires: Callable
    origine: int
    maximum: int
    depuis: int = 7
    exigences: tuple = ()

    @property
    def parametre(self):
        """Le Parametre que la DSM règle."""
        return Parametre(
            self.code,
            self.nom,
            self.groupe,
            Entier(0, self.maximum, "relances, une par semaine"),
            self.origine,
            aide="Passé l’échéance, tant que le geste manque. 0, aucune.",
            exigences=self.exigences,
        )

    def reglee(self):
        """Rend les pas, au nombre en vigueur."""
        return pas_hebdomadaires(self.destinataires, depuis=self.depuis, nombre=valeur(self.code))


@dataclass(frozen=True)
class Serie:
    """Les pas d’une échéance, leur décalage d’origine, et `a_qui` chacun s’adresse, en mots.

    Le code d’un pas (« J-14 ») dit son rang, pas son délai du moment : il est dans la clé de la relance, et un délai
    changé ne la fait ni repartir ni se perdre. `ensuite` est ce qui se répète chaque semaine.
    """

    code: str
    nom: str
    groupe: str
    pas: tuple[Pas, ...]
    a_qui: tuple[str, ...]
    minimum: int = -60
    maximum: int = 45
    ensuite: ChaqueSemaine | None = None
    aide: str = ""
    exigences: tuple = ()

    @property
    def parametre(self):
        """Le Parametre que la DSM règle."""
        return Parametre(
            self.code,
            self.nom,
            self.groupe,
            Delais(self.a_qui, minimum=self.minimum, maximum=self.maximum),
            tuple(pas.decalage for pas in self.pas),
            aide=self.aide,
            exigences=self.exigences,
        )

    def reglee(self):
        """Rend les pas, aux délais en vigueur."""
        delais = valeur(self.code)
        # À jour égal, le dernier rang l’emporte : ce qui monte d’un échelon passe devant ce qui se répète.
        ensuite = self.ensuite.reglee() if self.ensuite else ()
        return (*ensuite, *(replace(pas, decalage=jours) for pas, jours in zip(self.pas, delais, strict=True)))

    def dernier_jour_du(self, jour):
        """Rend le dernier jour dû dont une relance peut partir le jour `jour`."""
        return jour - valeur(self.code)[0] * UN_JOUR

    def premier_jour_du(self, jour, oubli):
        """Rend le premier jour dû qui relance encore le jour `jour` : `oubli`, ou davantage si un délai est plus long."""
        return jour - max(oubli, (valeur(self.code)[-1] + RATTRAPAGE) * UN_JOUR)
