"""QUI : l’étendue des chiffres que chacun regarde, jamais plus que son service, sa direction ou l’établissement (D08, N-06)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from encadrement.acces.attribues import APPR, COORDONNATEUR, DRHCAJ, DSM, EXECUTIF_CM, PILOTE
from encadrement.acces.matrice import AccesRefuse, Acte, Matrice
from encadrement.acces.roles import RIEN, Role, RoleRelatif
from encadrement.indicateurs.portee import Territoire
from encadrement.personnes.models import Delegation, Direction, Personne, Service


@dataclass(frozen=True)
class GereLeService(Role):
    """Qui a une équipe dans le service, ou le représente pendant son absence (N-11)."""

    delegable = True

    def _tenu(self, personne, objet):
        return objet is not None and self._equipes(personne).filter(service=objet.pk).exists()

    def _objets(self, personne, modele):
        return Q(pk__in=self._equipes(personne).values("service"))

    def _personnes(self, objet):
        gestionnaires = Personne.objects.actives().filter(service=objet.pk).exclude(superieur=None).values("superieur")
        delegues = Delegation.objects.en_vigueur().filter(de__in=gestionnaires).values("a")
        return Q(pk__in=gestionnaires) | Q(pk__in=delegues)

    @staticmethod
    def _equipes(personne):
        return Personne.objects.actives().filter(superieur__in=sorted(personne.represente_ids)).exclude(service=None)


@dataclass(frozen=True)
class RepresentantInscrit(Role):
    """Qui représente une direction dans un groupe d’une mesure ; le cœur n’en connaît aucun, il le demande au registre."""

    def _tenu(self, personne, objet):
        return objet is not None and any(
            inscrits.directions(personne).filter(pk=objet.direction_id).exists() for inscrits in _representants.values()
        )

    def _objets(self, personne, modele):
        condition = RIEN
        for inscrits in _representants.values():
            condition |= Q(direction__in=inscrits.directions(personne).values("pk"))
        return condition

    def _personnes(self, objet):
        condition = RIEN
        for inscrits in _representants.values():
            condition |= Q(pk__in=inscrits.personnes(objet.direction_id).values("pk"))
        return condition


@dataclass(frozen=True)
class Representants:
    """Deux faces d’un même mandat : les Direction d’une personne, les Personne d’une direction."""

    directions: Callable[[Any], Any]
    personnes: Callable[[Any], Any]


_representants = {}


def inscrire_representants(code, representants):
    """Inscrit ceux qu’un groupe d’une mesure délègue par direction ; réinscrire le même code le remplace."""
    _representants[code] = representants


DIRECTEUR = RoleRelatif("directeur", "le directeur, pour sa direction", chemin="direction__directeur", delegable=True)
GESTIONNAIRE = GereLeService("gestionnaire", "le gestionnaire, pour les services de son équipe")
REPRESENTANT = RepresentantInscrit("representant", "un représentant au comité, pour sa direction")
PARTOUT = (DSM, APPR, COORDONNATEUR, DRHCAJ, PILOTE, EXECUTIF_CM)
# L’exécutif du CM suit la qualité de l’ensemble : aucun dossier, même en retard, ne se nomme devant lui.
SANS_DOSSIERS = (EXECUTIF_CM,)

DROITS_CHIFFRES = Matrice(
    Service,
    {
        "voir": Acte("Voir les chiffres", (*PARTOUT, DIRECTEUR, GESTIONNAIRE, REPRESENTANT)),
        "relancer": Acte("Relancer qui est en retard", (DSM, APPR, COORDONNATEUR, DIRECTEUR, GESTIONNAIRE)),
    },
    nom="Tableau de bord",
)


@dataclass(frozen=True)
class Regard:
    """Ce que la personne regarde : tout, des directions ou des services ; ses choix n’en sortent jamais.

    `services` contient tout le regard quand il n’est pas entier ; `directions` n’est rempli que s’il s’agit de directions
    entières. `voit_les_alertes` : elle peut lire les dossiers en cause, chacun selon ses droits sur ce dossier.
    """

    est_entier: bool
    directions: tuple = ()
    services: tuple = field(default=(), repr=False)
    voit_les_alertes: bool = True
    relance: bool = False

    @property
    def nom(self):
        """Ce qu’on regarde, en mots."""
        if self.est_entier:
            return "Tout l’établissement"
        return ", ".join(str(partie) for partie in self.directions or self.services)

    @property
    def directions_offertes(self):
        """Les directions où la personne a quelque chose à regarder."""
        return sorted({service.direction for service in self.services} | set(self.directions), key=str)

    def territoire(self, direction=None, service=None, rls=""):
        """Rend le Territoire choisi, ou lève AccesRefuse s’il sort du regard ; sans choix, le regard entier."""
        for choix, offerts, quoi in (
            (direction, self.directions_offertes, "cette direction"),
            (service, self.services, "ce service"),
        ):
            if choix is not None and choix not in {offert.pk for offert in offerts}:
                raise AccesRefuse(
                    f"Les chiffres de {quoi} ne sont pas parmi ceux que vous regardez\xa0: {self.nom}.",
                    acte=f"{DROITS_CHIFFRES.code}.voir",
                )
        directions = frozenset([direction] if direction else (d.pk for d in self.directions) if not service else ())
        services = frozenset([service] if service else ())
        if not (self.est_entier or self.directions or service):
            services = frozenset(offert.pk for offert in self.services)
        return Territoire(directions, services, rls)


def regard_de(personne):
    """Rend le Regard de la personne, ou lève AccesRefuse en disant à qui reviennent les chiffres."""
    titres = set(DROITS_CHIFFRES.titres(personne, "voir", None))
    services = tuple(DROITS_CHIFFRES.objets(personne).select_related("direction"))
    if not titres and not services:
        DROITS_CHIFFRES.exiger(personne, "voir", None)
    equipe = DIRECTEUR.objets(personne, Service) | GESTIONNAIRE.objets(personne, Service)
    a_une_equipe = bool(services) and Service.objects.filter(equipe).exists()
    entieres = [] if titres else _directions_entieres(personne)
    d_un_bloc = {service.direction for service in services} <= set(entieres)
    return Regard(
        est_entier=bool(titres),
        directions=tuple(entieres) if d_un_bloc else (),
        services=services,
        voit_les_alertes=not titres or a_une_equipe or not titres <= set(SANS_DOSSIERS),
        relance=a_une_equipe or bool(titres & set(DROITS_CHIFFRES.actes["relancer"].roles)),
    )


def regarde_des_chiffres(personne):
    """Dit si le tableau de bord est à elle, sans requête de plus : ses rôles et son équipe se lisent à chaque page.

    Un représentant au comité, qui ne se connaît que par une mesure, y entre par la page de celle-ci.
    """
    return personne.a_une_equipe or bool(personne.roles_attribues & {role.code for role in PARTOUT})


def _directions_entieres(personne):
    """Rend les directions que la personne regarde d’un bloc, parce qu’elle les dirige ou les représente."""
    condition = Q(directeur__in=sorted(personne.represente_ids))
    for inscrits in _representants.values():
        condition |= Q(pk__in=inscrits.directions(personne).values("pk"))
    return sorted(Direction.objects.filter(condition), key=str)
