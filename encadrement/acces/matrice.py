"""La matrice rôle × acte d’un type d’objet : tout ce qui n’y est pas écrit est refusé."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404

from encadrement.acces.roles import RIEN
from encadrement.personnes.models import Personne


class AccesRefuse(PermissionDenied):
    """L’objet est visible, l’acte n’est pas permis à ce titre : page 403, avec la phrase."""

    def __init__(self, message, *, acte="", objet=None):
        super().__init__(message)
        self.message, self.acte, self.objet = message, acte, objet


class Invisible(Http404):
    """L’objet existe mais la personne n’a pas à le savoir : page 404, refus consigné."""

    def __init__(self, *, acte="", objet=None):
        super().__init__("introuvable")
        self.acte, self.objet = acte, objet


@dataclass(frozen=True)
class Prealable:
    """Ce que la personne doit avoir fait pour exercer un droit qu’elle tient déjà : « pas encore » n’est pas « pas vous ».

    `exiger(personne)` lève une ErreurMetier tant que ce n’est pas fait ; il n’est appelé qu’une fois le droit reconnu, et ne
    dit donc rien à qui ne l’a pas.
    """

    libelle: str
    exiger: Callable


@dataclass(frozen=True)
class Acte:
    """Ce qu’on peut faire : un libellé à l’infinitif, les rôles qui le peuvent, ceux qui ne le peuvent jamais.

    `sauf` l’emporte sur `roles` : la même personne ne peut pas approuver un dossier dont elle est partie (N-01).
    """

    libelle: str
    roles: tuple
    sauf: tuple = ()
    exigences: tuple = ()
    prealables: tuple = ()


class Matrice:
    """Trois faces d’un même droit : peut-on, sur quels objets, qui le peut."""

    toutes = []

    def __init__(self, modele, actes, *, nom=""):
        self.modele = modele
        self.actes = actes
        self.nom = nom or modele._meta.verbose_name
        self.code = modele._meta.label_lower
        Matrice.toutes.append(self)

    def __repr__(self):
        return f"<Matrice {self.code}>"

    def roles(self):
        """Rend les rôles cités par la matrice, sans doublon, dans l’ordre de leur première mention."""
        return list(dict.fromkeys(role for acte in self.actes.values() for role in acte.roles))

    def titres(self, personne, acte, objet):
        """Rend les rôles auxquels la personne peut poser cet acte sur cet objet, dans l’ordre de la matrice."""
        regle = self.actes[acte]
        if not _admise(personne) or any(role.tenu_par(personne, objet) for role in regle.sauf):
            return []
        return [role for role in regle.roles if role.tenu_par(personne, objet)]

    def peut(self, personne, acte, objet):
        """Dit si la personne tient un des rôles de l’acte sans qu’un autre l’exclue : le premier trouvé suffit."""
        regle = self.actes[acte]
        return (
            _admise(personne)
            and any(role.tenu_par(personne, objet) for role in regle.roles)
            and not any(role.tenu_par(personne, objet) for role in regle.sauf)
        )

    def permis(self, personne, objet):
        """Rend les codes des actes que la personne peut poser sur cet objet ; chaque rôle n’est demandé qu’une fois."""
        if not _admise(personne):
            return frozenset()
        tenus = {}

        def tient(role):
            if role not in tenus:
                tenus[role] = role.tenu_par(personne, objet)
            return tenus[role]

        return frozenset(
            code
            for code, regle in self.actes.items()
            if any(map(tient, regle.roles)) and not any(map(tient, regle.sauf))
        )

    def condition(self, personne, acte):
        """Rend le filtre `Q` des objets sur lesquels la personne peut poser cet acte."""
        regle = self.actes[acte]
        permis = RIEN
        if _admise(personne):
            for role in regle.roles:
                permis |= role.objets(personne, self.modele)
            for role in regle.sauf:
                permis &= ~role.objets(personne, self.modele)
        return permis

    def objets(self, personne, acte="voir"):
        """Rend le queryset des objets sur lesquels la personne peut poser cet acte."""
        return self.modele._default_manager.filter(self.condition(personne, acte))

    def personnes(self, acte, objet):
        """Rend les personnes actives qui peuvent poser cet acte sur cet objet."""
        regle = self.actes[acte]
        permises = Personne.objects.none()
        identifiants = set()
        for role in regle.roles:
            identifiants.update(role.personnes(objet).values_list("pk", flat=True))
        for role in regle.sauf:
            identifiants.difference_update(role.personnes(objet).values_list("pk", flat=True))
        return Personne.objects.filter(pk__in=identifiants) if identifiants else permises

    def exiger(self, personne, acte, objet):
        """Rend le rôle auquel la personne agit, ou lève AccesRefuse avec une phrase ; les préalables viennent ensuite."""
        titres = self.titres(personne, acte, objet)
        regle = self.actes[acte]
        if not titres:
            qui = ", ".join(dict.fromkeys(role.libelle for role in regle.roles)) or "personne"
            raise AccesRefuse(
                f"Cet acte (« {regle.libelle} ») revient à : {qui}.", acte=f"{self.code}.{acte}", objet=objet
            )
        for prealable in regle.prealables:
            prealable.exiger(personne)
        return titres[0]

    def trouver(self, personne, acte="voir", /, **criteres):
        """Rend l’objet que la personne peut voir, ou lève Invisible (404) sans dire s’il existe ; puis les préalables."""
        trouve = self.modele._default_manager.filter(**criteres).first()
        if trouve is None or not self.peut(personne, acte, trouve):
            raise Invisible(acte=f"{self.code}.{acte}", objet=trouve)
        for prealable in self.actes[acte].prealables:
            prealable.exiger(personne)
        return trouve


def _admise(personne):
    return bool(personne and personne.is_authenticated and personne.is_active)
