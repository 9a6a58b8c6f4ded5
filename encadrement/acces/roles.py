"""Les sortes de rôles. Chaque rôle répond à trois questions : le tenez-vous, sur quels objets, qui le tient."""

from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from encadrement.personnes.models import Attribution, Delegation, Personne

RIEN = Q(pk__in=[])
# Et non Q() : la négation d’une condition vide ne retirerait rien.
TOUT = ~Q(pk__in=[])


@dataclass(frozen=True)
class Role:
    """Un titre auquel on agit ; `si` le restreint aux objets dont un champ, ou un chemin, a l’une des valeurs dites.

    `jusqu_a` nomme un instant de l’objet, ou un chemin qui y mène : passé cet instant, le rôle ne vaut plus ; vide, il vaut.
    """

    code: str
    libelle: str
    si: tuple = ()
    jusqu_a: str = ""

    def quand(self, champ, valeurs, precision=""):
        """Rend le même rôle, restreint aux objets dont `champ` est dans `valeurs`."""
        libelle = f"{self.libelle} ({precision})" if precision else self.libelle
        return replace(self, libelle=libelle, si=(*self.si, (champ, frozenset(valeurs))))

    def avant(self, champ, precision=""):
        """Rend le même rôle, qui cesse de valoir à l’instant que dit `champ`."""
        libelle = f"{self.libelle} ({precision})" if precision else self.libelle
        return replace(self, libelle=libelle, jusqu_a=champ)

    def tenu_par(self, personne, objet):
        return self._vaut_pour(objet) and self._tenu(personne, objet)

    def objets(self, personne, modele):
        """Rend le filtre `Q` des objets de `modele` sur lesquels la personne tient ce rôle."""
        condition = self._objets(personne, modele)
        for champ, valeurs in self.si:
            condition &= Q(**{f"{champ}__in": sorted(valeurs)})
        if self.jusqu_a:
            condition &= Q(**{f"{self.jusqu_a}__isnull": True}) | Q(**{f"{self.jusqu_a}__gt": timezone.now()})
        return condition

    def personnes(self, objet):
        """Rend les personnes actives qui tiennent ce rôle sur `objet`."""
        if not self._vaut_pour(objet):
            return Personne.objects.none()
        return Personne.objects.actives().filter(self._personnes(objet))

    def au_nom_de(self, personne, objet):
        """Rend la personne au nom de qui celle-ci agit par délégation, ou None si elle agit pour elle-même."""
        return None

    def _vaut_pour(self, objet):
        if self.jusqu_a and (fin := _suivre(objet, self.jusqu_a)) is not None and fin <= timezone.now():
            return False
        return all(_suivre(objet, champ) in valeurs for champ, valeurs in self.si)


def _suivre(objet, chemin):
    """Rend ce qu’on trouve au bout d’un chemin d’attributs (« communaute__parrain »), ou None s’il s’interrompt."""
    for champ in chemin.split("__"):
        objet = getattr(objet, champ) if objet is not None else None
    return objet


@dataclass(frozen=True)
class RoleRelatif(Role):
    """Rôle tenu du dossier par un chemin de clés étrangères ; `delegable` s’il se confie pendant une absence."""

    chemin: str = ""
    delegable: bool = False

    def _titulaire(self, objet):
        return _suivre(objet, self.chemin)

    def _tenu(self, personne, objet):
        titulaire = self._titulaire(objet)
        if titulaire is None:
            return False
        return titulaire.pk in personne.represente_ids if self.delegable else titulaire.pk == personne.pk

    def _objets(self, personne, modele):
        if self.delegable:
            return Q(**{f"{self.chemin}__in": sorted(personne.represente_ids)})
        return Q(**{self.chemin: personne.pk})

    def _personnes(self, objet):
        titulaire = self._titulaire(objet)
        if titulaire is None:
            return RIEN
        if not self.delegable:
            return Q(pk=titulaire.pk)
        delegues = Delegation.objects.en_vigueur().filter(de=titulaire).values("a_id")
        return Q(pk=titulaire.pk) | Q(pk__in=delegues)

    def au_nom_de(self, personne, objet):
        titulaire = self._titulaire(objet)
        if self.delegable and titulaire is not None and titulaire.pk != personne.pk:
            return titulaire
        return None


@dataclass(frozen=True)
class RoleGlobal(Role):
    """Rôle attribué par la DSM, daté et approuvé ; tenu sur tous les objets."""

    def _tenu(self, personne, objet):
        return self.code in personne.roles_attribues

    def _objets(self, personne, modele):
        return TOUT if self.code in personne.roles_attribues else RIEN

    def _personnes(self, objet):
        return Q(pk__in=Attribution.objects.en_vigueur().filter(role=self.code).values("personne_id"))


@dataclass(frozen=True)
class RoleMembre(Role):
    """Rôle tenu par les lignes d’une table de liaison (`lien` : « app.Modele ») entre personnes et objets."""

    lien: type | None = None
    vers_objet: str = ""
    vers_personne: str = "personne"
    condition: Q = Q()

    def _tenu(self, personne, objet):
        return self._lignes().filter(**{self.vers_objet: objet.pk, self.vers_personne: personne.pk}).exists()

    def _objets(self, personne, modele):
        return Q(Exists(self._lignes().filter(**{self.vers_objet: OuterRef("pk"), self.vers_personne: personne.pk})))

    def _personnes(self, objet):
        return Q(pk__in=self._lignes().filter(**{self.vers_objet: objet.pk}).values(f"{self.vers_personne}_id"))

    def _lignes(self):
        return self.lien._default_manager.filter(self.condition)


@dataclass(frozen=True)
class RoleTemporaire(RoleMembre):
    """Rôle de liaison qui ne vaut que de l’instant `ouvre` à l’instant `ferme` de la ligne."""

    ouvre: str = "ouvre_le"
    ferme: str = "ferme_le"

    def _lignes(self):
        maintenant = timezone.now()
        return super()._lignes().filter(**{f"{self.ouvre}__lte": maintenant, f"{self.ferme}__gt": maintenant})


@dataclass(frozen=True)
class TouteLaMaison(Role):
    """Toute personne active de l’établissement : les bottins, les annuaires."""

    def _tenu(self, personne, objet):
        return True

    def _objets(self, personne, modele):
        return TOUT

    def _personnes(self, objet):
        return TOUT


@dataclass(frozen=True)
class MembreDuCM(Role):
    """Toute personne active membre du conseil multidisciplinaire (R-006)."""

    def _tenu(self, personne, objet):
        return personne.membre_cm

    def _objets(self, personne, modele):
        return TOUT if personne.membre_cm else RIEN

    def _personnes(self, objet):
        return Q(membre_cm=True)
