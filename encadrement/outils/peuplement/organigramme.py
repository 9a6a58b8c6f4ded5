"""L’établissement inventé : ses directions, leurs services dans chaque RLS, ses titres d’emploi."""

from dataclasses import dataclass
from functools import cached_property

from encadrement.personnes.models import (
    RLS,
    Direction,
    Installation,
    Personne,
    Service,
    SorteDirection,
    TitreEmploi,
    sans_accents,
)

# (direction, sorte, services) ; les premières sont celles de l’extraction d’essai, au mot près.
DIRECTIONS = (
    (
        "Direction des programmes Soutien à l'autonomie des personnes âgées",
        SorteDirection.CLINIQUE,
        ("Soutien à domicile", "Réadaptation", "Hébergement", "Centre de jour", "Gériatrie"),
    ),
    (
        "Direction des programmes Santé mentale et dépendance",
        SorteDirection.CLINIQUE,
        ("Services ambulatoires en santé mentale", "Suivi intensif", "Dépendance", "Crise"),
    ),
    (
        "Direction des programmes Jeunesse",
        SorteDirection.CLINIQUE,
        ("Jeunes en difficulté", "Petite enfance", "Protection de la jeunesse", "Santé scolaire"),
    ),
    (
        "Direction des programmes Déficience et réadaptation physique",
        SorteDirection.CLINIQUE,
        ("DI-TSA", "Déficience physique, adultes", "Déficience physique, jeunes"),
    ),
    (
        "Direction des services hospitaliers",
        SorteDirection.CLINIQUE,
        ("Réadaptation hospitalière", "Nutrition clinique", "Liaison hospitalière"),
    ),
    (
        "Direction de la santé publique et des services généraux",
        SorteDirection.CLINIQUE,
        ("Services courants", "Prévention et promotion", "Accueil psychosocial"),
    ),
    (
        "Direction des ressources humaines, des communications et des affaires juridiques",
        SorteDirection.SOUTIEN,
        ("Gestion de la présence au travail",),
    ),
)
TITRES_DE_LA_CLINIQUE = (
    ("1230", "Ergothérapeute", "Ergothérapie"),
    ("1233", "Physiothérapeute", "Physiothérapie"),
    ("1255", "Orthophoniste", "Orthophonie"),
    ("1219", "Diététiste-nutritionniste", "Nutrition"),
    ("1550", "Travailleur social", "Travail social"),
    ("1553", "Agent de relations humaines", "Relations humaines"),
    ("1652", "Psychologue", "Psychologie"),
    ("2586", "Technicien en assistance sociale", "Assistance sociale"),
    ("2686", "Technicien en éducation spécialisée", "Éducation spécialisée"),
)
ADMINISTRATION = ("5317", "Agent administratif", "Administration")
CHEF, DIRECTEUR = ("0200", "Chef de service", "Gestion"), ("0100", "Directeur", "Gestion")


@dataclass(frozen=True)
class Lieu:
    """Un service dans un RLS, avec son installation et qui dirige sa direction."""

    service: int
    installation: int
    directeur: int
    est_clinique: bool


class Organigramme:
    """Ce qui existe déjà est repris, le reste est créé."""

    @cached_property
    def titres(self):
        voulus = [*TITRES_DE_LA_CLINIQUE, ADMINISTRATION, CHEF, DIRECTEUR]
        return {
            code: TitreEmploi.objects.get_or_create(code=code, defaults={"libelle": libelle, "discipline": discipline})[
                0
            ]
            for code, libelle, discipline in voulus
        }

    @cached_property
    def lieux(self):
        """Rend les lieux, une direction après l’autre et un RLS après l’autre : les premiers couvrent déjà tout."""
        installations = {
            rls: Installation.objects.get_or_create(nom=f"CLSC {rls.label}", defaults={"rls": rls})[0].pk for rls in RLS
        }
        lieux = []
        for rang in range(max(len(services) for *_, services in DIRECTIONS) * len(RLS)):
            for place, (nom, sorte, services) in enumerate(DIRECTIONS):
                if rang >= len(services) * len(RLS):
                    continue
                direction, directeur = self._direction(place, nom, sorte)
                rls = list(RLS)[(rang + place) % len(RLS)]
                libelle = f"{services[rang // len(RLS)]} – {rls.label}"
                service, _ = Service.objects.get_or_create(direction=direction, nom=libelle)
                lieux.append(Lieu(service.pk, installations[rls], directeur, sorte == SorteDirection.CLINIQUE))
        return lieux

    def _direction(self, place, nom, sorte):
        if place not in self._directions:
            direction, _ = Direction.objects.get_or_create(nom=nom, defaults={"sorte": sorte})
            self._directions[place] = direction, direction.directeur_id or self._nommer(place, direction)
        return self._directions[place]

    @cached_property
    def _directions(self):
        return {}

    def _nommer(self, place, direction):
        """Rend qui dirige une direction sans directeur : celui que l’extraction y a mis, sinon une personne inventée."""
        en_poste = Personne.objects.filter(
            service__direction=direction, titre_emploi__code=DIRECTEUR[0], is_active=True
        ).first()
        if en_poste is None:
            prenom, nom = PERSONNES_DE_DIRECTION[place % len(PERSONNES_DE_DIRECTION)]
            en_poste, _ = Personne.objects.get_or_create(
                matricule=f"{PREFIXE_DIRECTION}{place:02d}",
                defaults={
                    "prenom": prenom, "nom": nom, "cle_recherche": sans_accents(f"{prenom} {nom}"), "password": "!",
                    "courriel": f"{PREFIXE_DIRECTION}{place:02d}@cisss.exemple".lower(),
                    "titre_emploi": self.titres[DIRECTEUR[0]],
                    "service": Service.objects.get_or_create(direction=direction, nom=direction.nom)[0],
                },
            )  # fmt: skip
        return en_poste.pk


PREFIXE_DIRECTION = "ED"
PERSONNES_DE_DIRECTION = tuple(
    zip(
        ("Isaure", "Octave", "Honorine", "Clovis", "Sidonie", "Gédéon", "Ombeline"),
        ("Falaigavoix", "Brumemaudin", "Clairisaline", "Dunepelaire", "Écumenivaux", "Grèveverlé", "Havrifontès"),
        strict=True,
    )
)
