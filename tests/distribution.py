"""La distribution : la même troupe pour tous les essais ; chacun y est refusé pour une seule raison.

Une personne refusée tient tout le reste : l’ancien gestionnaire a eu chaque rôle et une délégation, périmés ;
l’inactif les tient encore, mais son compte est fermé. Sinon l’essai ne prouverait rien.
"""

import datetime
import pickle
from dataclasses import dataclass, fields

from django.db import connection, transaction

from encadrement.personnes.models import Attribution, Delegation, Personne, RoleAttribue
from encadrement.personnes.organisation import (
    RLS,
    Direction,
    Installation,
    Service,
    SorteDirection,
    TitreEmploi,
)
from encadrement.protection.models import Attestation
from encadrement.socle.temps import ajouter_mois, jour_local
from tests.factories import PersonneFactory

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
    animatrice: Personne
    secretaire: Personne
    membre: Personne
    ancien_membre: Personne
    parrain: Personne
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


# Ce que chaque jour demande d’écrire, et la troupe qu’il donne : elle ne dépend que du jour.
_MONTEES = {}
# Les identifiants sont donnés, loin au-dessus de ceux que la base distribue : une troupe rejouée n’en heurte aucun.
_PREMIER = 1_000_000_000


def monter():
    """Crée l’organisation et la troupe ; rend la Distribution.

    Des milliers d’essais la demandent : le premier d’un jour donné la compose, les autres en rejouent les écritures.
    """
    jour = jour_local()
    with transaction.atomic():
        if jour not in _MONTEES:
            ecritures = []

            def noter(executer, sql, valeurs, plusieurs, contexte):
                ecritures.append((sql, valeurs))
                return executer(sql, valeurs, plusieurs, contexte)

            with connection.execute_wrapper(noter):
                troupe = _Montage(jour).distribution()
            _MONTEES[jour] = ecritures, pickle.dumps(troupe)
            return troupe
        ecritures, troupe = _MONTEES[jour]
        with connection.cursor() as curseur:
            for sql, valeurs in ecritures:
                curseur.execute(sql, valeurs)
    return pickle.loads(troupe)


def _creer(modele, lignes):
    """Écrit les lignes d’un coup, sous des identifiants choisis ; les rend."""
    lignes = list(lignes)
    for rang, ligne in enumerate(lignes, _PREMIER):
        ligne.pk = rang
    return modele.objects.bulk_create(lignes)


class _Montage:
    def __init__(self, aujourdhui):
        self.aujourdhui = aujourdhui
        self.gens = []
        self._organisation()
        self.sad, self.urfi, self.sad_monts, self.ambulatoire, self.jeunesse, self.petite_enfance, *soutien = _creer(
            Service,
            (
                Service(nom=nom, direction=direction)
                for nom, direction in (
                    ("Soutien à domicile – Baie-des-Chaleurs", self.sapa),
                    ("Réadaptation – URFI Maria", self.sapa),
                    ("Soutien à domicile – Haute-Gaspésie", self.sapa),
                    ("Services ambulatoires SM – Rocher-Percé", self.smd),
                    ("Jeunes en difficulté – Rocher-Percé", self.smd),
                    ("Petite enfance – Côte-de-Gaspé", self.smd),
                    ("Pratiques professionnelles", self.multi),
                    ("Développement des personnes", self.rh),
                )
            ),
        )
        self.pratiques, self.relations = soutien

    def _organisation(self):
        titres = _creer(
            TitreEmploi,
            (
                TitreEmploi(code=code, libelle=libelle, discipline=discipline)
                for code, (libelle, discipline) in TITRES.items()
            ),
        )
        self.titres = {titre.code: titre for titre in titres}
        self.baie, self.gaspe, self.rocher, self.monts = _creer(
            Installation,
            (
                Installation(nom=nom, rls=rls)
                for nom, rls in (
                    ("CLSC Baie-des-Chaleurs", RLS.BAIE_DES_CHALEURS),
                    ("CLSC Côte-de-Gaspé", RLS.COTE_DE_GASPE),
                    ("CLSC Rocher-Percé", RLS.ROCHER_PERCE),
                    ("Hôpital de Sainte-Anne-des-Monts", RLS.HAUTE_GASPESIE),
                )
            ),
        )
        self.sapa, self.smd, self.multi, self.rh = _creer(
            Direction,
            (
                Direction(nom=nom, sorte=sorte)
                for nom, sorte in (
                    ("Direction des programmes Soutien à l’autonomie des personnes âgées", SorteDirection.CLINIQUE),
                    ("Direction des programmes Santé mentale et dépendance", SorteDirection.CLINIQUE),
                    ("Direction des services multidisciplinaires", SorteDirection.SOUTIEN),
                    (
                        "Direction des ressources humaines, des communications et des affaires juridiques",
                        SorteDirection.SOUTIEN,
                    ),
                )
            ),
        )

    def distribution(self):
        """Rend la troupe complète, du sommet vers les équipes, puis les rôles et les délégations."""
        pdga = self._personne("Solange", "Vibert", "0001", self.pratiques, self.gaspe, None, membre_cm=False)
        dsm = self._chef("Réjean", "Dugas", "0100", self.pratiques, self.gaspe, pdga)
        directrice = self._chef("Manon", "Roussy", "0100", self.sad, self.gaspe, pdga)
        directeur_smd = self._chef("Yves", "Huard", "0100", self.ambulatoire, self.gaspe, pdga)
        equipe = {
            **self._equipes(directrice, directeur_smd),
            **self._orthophonistes(directeur_smd),
            **self._soutien(dsm, pdga),
            "dsm": dsm,
            "directrice": directrice,
        }
        _creer(Personne, self.gens)
        for direction, tete in ((self.sapa, directrice), (self.smd, directeur_smd), (self.multi, dsm)):
            direction.directeur = tete
            direction.save(update_fields=["directeur"])
        self._attribuer(equipe, dsm, pdga)
        self._deleguer(equipe)
        self._attester(equipe)
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

    def _orthophonistes(self, directeur):
        parrain = self._chef("Pierre-Luc", "Barriault", "0200", self.jeunesse, self.rocher, directeur)
        cheffe = self._chef("Nathalie", "Poirier", "0200", self.petite_enfance, self.gaspe, directeur)

        def orthophoniste(prenom, nom, service, installation, chef):
            return self._personne(prenom, nom, "1255", service, installation, chef)

        return {
            "animatrice": orthophoniste("Marie-Ève", "Huard", self.petite_enfance, self.gaspe, cheffe),
            "secretaire": orthophoniste("Zélie", "Babin", self.petite_enfance, self.baie, cheffe),
            "membre": orthophoniste("Kim", "Gagné", self.petite_enfance, self.monts, cheffe),
            "ancien_membre": orthophoniste("Simon", "Leblanc", self.jeunesse, self.rocher, parrain),
            "parrain": parrain,
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
        personne = PersonneFactory.build(
            prenom=prenom,
            nom=nom,
            titre_emploi=self.titres[titre],
            service=service,
            installation=installation,
            superieur=superieur,
            **champs,
        )
        self.gens.append(personne)
        return personne

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
        _creer(
            Attribution,
            (
                Attribution(
                    personne=equipe[nom],
                    role=role,
                    debut=datetime.date(2020, 1, 1),
                    fin=hier if nom == "ancien_gestionnaire" else None,
                    motif="Nomination de la DSM",
                    proposee_par=dsm,
                    approuvee_par=pdga,
                )
                for nom, roles in tenus.items()
                for role in roles
            ),
        )

    def _deleguer(self, equipe):
        jour = datetime.timedelta(days=1)
        periodes = {
            "delegue": (self.aujourdhui - 30 * jour, self.aujourdhui + 330 * jour),
            "inactif": (self.aujourdhui - 30 * jour, self.aujourdhui + 330 * jour),
            "ancien_gestionnaire": (self.aujourdhui - 60 * jour, self.aujourdhui - jour),
        }
        _creer(
            Delegation,
            (
                Delegation(de=equipe["gestionnaire"], a=equipe[nom], debut=debut, fin=fin, motif="Congé annuel")
                for nom, (debut, fin) in periodes.items()
            ),
        )

    def _attester(self, equipe):
        """Chacun suit sa formation chaque année, et l’avait suivie quand le plus vieux dossier du comité s’est fermé (O-09)."""
        _creer(
            Attestation,
            (
                Attestation(
                    personne=personne, titre="Protection des renseignements", suivie_le=jour, consignee_par=personne
                )
                for jour in (ajouter_mois(self.aujourdhui, mois) for mois in (0, -12, -24, -62))
                for personne in equipe.values()
            ),
        )
