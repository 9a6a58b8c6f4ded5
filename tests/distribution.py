"""La distribution : la même troupe pour tous les essais ; chacun y est refusé pour une seule raison.

Une personne refusée tient tout le reste : l’ancien gestionnaire a eu chaque rôle et une délégation, périmés ;
l’inactif les tient encore, mais son compte est fermé. Sinon l’essai ne prouverait rien.
"""

import datetime
from dataclasses import dataclass, fields

from encadrement.personnes.models import Attribution, Delegation, Personne, RoleAttribue
from encadrement.personnes.organisation import RLS, SorteDirection
from encadrement.socle.temps import jour_local
from tests.factories import (
    DirectionFactory,
    InstallationFactory,
    PersonneFactory,
    ServiceFactory,
    TitreEmploiFactory,
)

TITRES = {
    "0001": ("Président-directeur général adjoint", "Direction"),
    "0100": ("Directeur", "Direction"),
    "0200": ("Chef de service", "Gestion"),
    "1230": ("Ergothérapeute", "Ergothérapie"),
    "1255": ("Orthophoniste", "Orthophonie"),
    "1550": ("Travailleur social", "Travail social"),
    "1565": ("Agent de planification, de programmation et de recherche", "Planification"),
}


@dataclass(frozen=True)
class Distribution:
    """La troupe ; la parcourir donne (nom du personnage, personne), dans l’ordre."""

    mentor: Personne
    mentore: Personne
    gestionnaire: Personne
    gestionnaire_mentor: Personne
    directrice: Personne
    appr: Personne
    appr_liaison: Personne
    coordonnatrice: Personne
    dsm: Personne
    drhcaj: Personne
    executif_cm: Personne
    pilote: Personne
    prp: Personne
    autre_gestionnaire: Personne
    delegue: Personne
    ancien_gestionnaire: Personne
    collegue: Personne
    inactif: Personne
    superutilisateur: Personne

    def __iter__(self):
        return ((champ.name, getattr(self, champ.name)) for champ in fields(self))

    def __getitem__(self, nom):
        return getattr(self, nom)

    @classmethod
    def noms(cls):
        """Rend le nom des personnages, dans l’ordre : de quoi paramétrer un essai."""
        return [champ.name for champ in fields(cls)]


def monter():
    """Crée l’organisation et la troupe ; rend la Distribution."""
    return _Montage().distribution()


class _Montage:
    def __init__(self):
        self.aujourdhui = jour_local()
        self.titres = {
            code: TitreEmploiFactory(code=code, libelle=libelle, discipline=discipline)
            for code, (libelle, discipline) in TITRES.items()
        }
        self.baie = InstallationFactory(nom="CLSC Baie-des-Chaleurs", rls=RLS.BAIE_DES_CHALEURS)
        self.gaspe = InstallationFactory(nom="CLSC Côte-de-Gaspé", rls=RLS.COTE_DE_GASPE)
        self.rocher = InstallationFactory(nom="CLSC Rocher-Percé", rls=RLS.ROCHER_PERCE)
        self.monts = InstallationFactory(nom="Hôpital de Sainte-Anne-des-Monts", rls=RLS.HAUTE_GASPESIE)
        self.sapa = DirectionFactory(nom="Direction des programmes Soutien à l’autonomie des personnes âgées")
        self.smd = DirectionFactory(nom="Direction des programmes Santé mentale et dépendance")
        self.multi = DirectionFactory(nom="Direction des services multidisciplinaires", sorte=SorteDirection.SOUTIEN)
        self.rh = DirectionFactory(
            nom="Direction des ressources humaines, des communications et des affaires juridiques",
            sorte=SorteDirection.SOUTIEN,
        )
        self.sad = ServiceFactory(nom="Soutien à domicile – Baie-des-Chaleurs", direction=self.sapa)
        self.urfi = ServiceFactory(nom="Réadaptation – URFI Maria", direction=self.sapa)
        self.sad_monts = ServiceFactory(nom="Soutien à domicile – Haute-Gaspésie", direction=self.sapa)
        self.ambulatoire = ServiceFactory(nom="Services ambulatoires SM – Rocher-Percé", direction=self.smd)
        self.pratiques = ServiceFactory(nom="Pratiques professionnelles", direction=self.multi)
        self.relations = ServiceFactory(nom="Développement des personnes", direction=self.rh)

    def distribution(self):
        """Rend la troupe complète, du sommet vers les équipes, puis les rôles et les délégations."""
        pdga = self._personne("Solange", "Vibert", "0001", self.pratiques, self.gaspe, None, membre_cm=False)
        dsm = self._chef("Réjean", "Dugas", "0100", self.pratiques, self.gaspe, pdga)
        directrice = self._chef("Manon", "Roussy", "0100", self.sad, self.gaspe, pdga)
        directeur_smd = self._chef("Yves", "Huard", "0100", self.ambulatoire, self.gaspe, pdga)
        for direction, tete in ((self.sapa, directrice), (self.smd, directeur_smd), (self.multi, dsm)):
            direction.directeur = tete
            direction.save(update_fields=["directeur"])
        equipe = {
            **self._equipes(directrice, directeur_smd),
            **self._soutien(dsm, pdga),
            "dsm": dsm,
            "directrice": directrice,
        }
        self._attribuer(equipe, dsm, pdga)
        self._deleguer(equipe)
        return Distribution(**equipe)

    def _equipes(self, directrice, directeur_smd):
        gestionnaire = self._chef("Hélène", "Arsenault", "0200", self.sad, self.baie, directrice)
        gestionnaire_mentor = self._chef("Gilles", "Boudreau", "0200", self.urfi, self.baie, directrice)
        autre = self._chef("Carole", "Desbois", "0200", self.ambulatoire, self.rocher, directeur_smd)
        return {
            "mentor": self._personne("Guylaine", "Cyr", "1230", self.urfi, self.baie, gestionnaire_mentor),
            "mentore": self._personne("Loïc", "St-Onge", "1230", self.sad, self.baie, gestionnaire),
            "collegue": self._personne("Zoé", "Bujold", "1550", self.sad, self.baie, gestionnaire),
            "executif_cm": self._personne("Anne-Sophie", "Babin", "1255", self.ambulatoire, self.rocher, autre),
            "inactif": self._personne("Normand", "Keays", "1230", self.sad, self.baie, gestionnaire, is_active=False),
            "gestionnaire": gestionnaire,
            "gestionnaire_mentor": gestionnaire_mentor,
            "autre_gestionnaire": autre,
            "delegue": self._chef("Édith", "Landry", "0200", self.sad_monts, self.monts, directrice),
            "ancien_gestionnaire": self._chef("Raymond", "Castilloux", "0200", self.sad_monts, self.monts, directrice),
        }

    def _soutien(self, dsm, pdga):
        def agent(prenom, nom):
            return self._personne(prenom, nom, "1565", self.pratiques, self.gaspe, dsm)

        return {
            "appr": agent("Chloé", "Langlois"),
            "appr_liaison": agent("Mathieu", "Denis"),
            "coordonnatrice": agent("Éloïse", "Fournier"),
            "pilote": agent("Benoît", "Tapp"),
            "prp": agent("Louise", "Minville"),
            "drhcaj": self._personne("Josée", "Lepage", "1565", self.relations, self.gaspe, pdga, membre_cm=False),
            "superutilisateur": self._personne(
                "Sam", "Racine", "1565", self.pratiques, self.gaspe, dsm, is_superuser=True, is_staff=True
            ),
        }

    def _chef(self, *qui):
        return self._personne(*qui, membre_cm=False)

    def _personne(self, prenom, nom, titre, service, installation, superieur, **champs):
        return PersonneFactory(
            prenom=prenom,
            nom=nom,
            titre_emploi=self.titres[titre],
            service=service,
            installation=installation,
            superieur=superieur,
            **champs,
        )

    def _attribuer(self, equipe, dsm, pdga):
        tenus = {
            "dsm": [RoleAttribue.DSM],
            "appr": [RoleAttribue.APPR],
            "appr_liaison": [RoleAttribue.APPR, RoleAttribue.LIAISON_RUISSS],
            "coordonnatrice": [RoleAttribue.COORDONNATEUR],
            "drhcaj": [RoleAttribue.DRHCAJ],
            "executif_cm": [RoleAttribue.EXECUTIF_CM],
            "pilote": [RoleAttribue.PILOTE],
            "prp": [RoleAttribue.PRP],
            "inactif": list(RoleAttribue),
            "ancien_gestionnaire": list(RoleAttribue),
        }
        hier = self.aujourdhui - datetime.timedelta(days=1)
        for nom, roles in tenus.items():
            for role in roles:
                Attribution.objects.create(
                    personne=equipe[nom],
                    role=role,
                    debut=datetime.date(2020, 1, 1),
                    fin=hier if nom == "ancien_gestionnaire" else None,
                    motif="Nomination de la DSM",
                    proposee_par=dsm,
                    approuvee_par=pdga,
                )

    def _deleguer(self, equipe):
        jour = datetime.timedelta(days=1)
        periodes = {
            "delegue": (self.aujourdhui - 30 * jour, self.aujourdhui + 330 * jour),
            "inactif": (self.aujourdhui - 30 * jour, self.aujourdhui + 330 * jour),
            "ancien_gestionnaire": (self.aujourdhui - 60 * jour, self.aujourdhui - jour),
        }
        for nom, (debut, fin) in periodes.items():
            Delegation.objects.create(
                de=equipe["gestionnaire"], a=equipe[nom], debut=debut, fin=fin, motif="Congé annuel"
            )
