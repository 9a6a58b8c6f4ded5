"""Comparer une lecture à la base : ce que l’importation changerait, champ par champ, avant de rien changer."""

from dataclasses import dataclass, field

from encadrement.importations.courriels import courriels_retenus
from encadrement.importations.lecture import Lecture, Signalement
from encadrement.importations.noms import nom_retenu
from encadrement.importations.organigramme import superieurs_retenus
from encadrement.personnes.models import (
    MATRICULE_SYSTEME,
    Direction,
    Installation,
    Personne,
    Service,
    TitreEmploi,
    sans_accents,
)

# L’ordre est celui de l’affichage de la différence.
CHAMPS = {
    "nom": "nom",
    "prenom": "prénom",
    "courriel": "courriel",
    "titre_emploi": "titre d’emploi",
    "service": "service",
    "installation": "installation",
    "superieur": "supérieur",
    "date_embauche": "date d’embauche",
    "date_entree_service": "entrée dans le service",
    "membre_cm": "membre du CM",
    "ordre": "ordre",
    "no_permis": "numéro de permis",
    "is_active": "actif",
}
_VIDE = {"date_embauche": None, "date_entree_service": None, "is_active": False, "membre_cm": False}


@dataclass(frozen=True)
class Changement:
    """Un champ d’une personne : ce qu’il vaut, ce qu’il vaudrait."""

    champ: str
    avant: object
    apres: object

    def __str__(self):
        return f"{CHAMPS[self.champ]}\xa0: {_lisible(self.avant)} → {_lisible(self.apres)}"


@dataclass(frozen=True)
class Fiche:
    """Une personne du fichier et ses changements ; `numero` est la ligne du fichier."""

    matricule: str
    nom_complet: str
    numero: int
    changements: tuple

    def __str__(self):
        return f"{self.matricule} {self.nom_complet}"

    @property
    def champs(self):
        return {changement.champ: changement.apres for changement in self.changements}


@dataclass(frozen=True)
class Releve:
    """Le directeur d’une direction, avant et après, par matricule ; « » pour aucun."""

    nom: str
    avant: str
    apres: str

    def __str__(self):
        return f"{self.nom}\xa0: directeur {_lisible(self.avant)} → {_lisible(self.apres)}"


@dataclass(frozen=True)
class Ecart:
    """Ce que l’importation ferait ; deux écarts égaux font la même chose."""

    lecture: Lecture
    complete: bool
    nouvelles: tuple
    changees: tuple
    parties: tuple
    inchangees: int
    absentes: tuple
    directeurs: tuple
    signalements: tuple
    actives: int = field(compare=False, default=0)

    @property
    def est_vide(self):
        desactivees = self.absentes if self.complete else ()
        return not (self.nouvelles or self.changees or self.parties or self.directeurs or desactivees)


@dataclass
class Base:
    """L’établissement tel que la base le connaît, lu en cinq requêtes."""

    personnes: dict
    directions: dict
    services: dict
    installations: dict
    titres: dict

    @classmethod
    def lire(cls):
        personnes = Personne.objects.exclude(matricule=MATRICULE_SYSTEME).select_related(
            "titre_emploi", "service__direction", "installation"
        )
        services = Service.objects.select_related("direction")
        return cls(
            personnes={personne.matricule: personne for personne in personnes},
            directions={sans_accents(d.nom): d for d in Direction.objects.select_related("directeur")},
            services={(sans_accents(s.direction.nom), sans_accents(s.nom)): s for s in services},
            installations={sans_accents(i.nom): i for i in Installation.objects.all()},
            titres={titre.code: titre for titre in TitreEmploi.objects.all()},
        )

    def etats(self):
        """Rend {matricule: {champ: valeur comparable}} des personnes de la base."""
        matricules = {personne.pk: personne.matricule for personne in self.personnes.values()}
        return {matricule: _etat(personne, matricules) for matricule, personne in self.personnes.items()}


def comparer(lecture, *, complete=False, base=None):
    """Rend l’Ecart entre une Lecture et la base, sans rien écrire.

    `complete` : l’extraction dit tout l’établissement, donc les personnes absentes du fichier deviennent inactives.
    """
    base = base or Base.lire()
    avant = base.etats()
    organisation = _Organisation(base, lecture.lignes)
    voulus, signalements = _voulus(lecture, organisation, avant)
    apres = {matricule: dict(etat) for matricule, etat in avant.items()}
    fiches = []
    for ligne in lecture.lignes:
        ancien = avant.get(ligne.matricule)
        etat = {**(ancien or _neuf()), **voulus[ligne.matricule]}
        apres[ligne.matricule] = etat
        fiches.append((ancien, _fiche(ligne, ancien, etat)))
    absentes = tuple(_absentes(lecture, base))
    if complete:
        for absente in absentes:
            apres[absente.matricule]["is_active"] = False
    changees = [fiche for ancien, fiche in fiches if ancien and fiche.changements]
    return Ecart(
        lecture=lecture,
        complete=complete,
        nouvelles=tuple(fiche for ancien, fiche in fiches if not ancien),
        changees=tuple(fiche for fiche in changees if not _part(fiche)),
        parties=tuple(fiche for fiche in changees if _part(fiche)),
        inchangees=sum(1 for ancien, fiche in fiches if ancien and not fiche.changements),
        absentes=absentes,
        directeurs=tuple(_directeurs(base, organisation.titres, apres)),
        signalements=tuple(
            sorted(
                [*lecture.signalements, *signalements, *_superieurs_partis(lecture, voulus, apres)],
                key=lambda signalement: (signalement.ligne, signalement.colonne),
            )
        ),
        actives=sum(1 for personne in base.personnes.values() if personne.is_active),
    )


def _etat(personne, matricules):
    titre, service, installation = personne.titre_emploi, personne.service, personne.installation
    return {
        "nom": personne.nom,
        "prenom": personne.prenom,
        "courriel": personne.courriel.lower(),
        "titre_emploi": titre.code if titre else "",
        "service": (service.direction.nom, service.nom) if service else "",
        "installation": installation.nom if installation else "",
        "superieur": matricules.get(personne.superieur_id, ""),
        "date_embauche": personne.date_embauche,
        "date_entree_service": personne.date_entree_service,
        "membre_cm": personne.membre_cm,
        "ordre": personne.ordre,
        "no_permis": personne.no_permis,
        "is_active": personne.is_active,
    }


def _neuf():
    return {champ: _VIDE.get(champ, "") for champ in CHAMPS}


def _voulus(lecture, organisation, avant):
    """Rend ({matricule: champs voulus}, signalements) une fois tranchés organigramme, courriels et organisation."""
    voulus, signalements = {}, []
    for ligne in lecture.lignes:
        ancien = avant.get(ligne.matricule, {})
        champs = {champ: valeur for champ, valeur in ligne.lues.items() if champ not in ("superieur", "courriel")}
        champs["nom"] = nom_retenu(ligne["nom"], ancien.get("nom", ""))
        champs["prenom"] = nom_retenu(ligne["prenom"], ancien.get("prenom", ""))
        signalements += organisation.reconnaitre(ligne, champs)
        voulus[ligne.matricule] = champs
    superieurs, refus = superieurs_retenus(
        lecture.lignes, {m: etat["superieur"] for m, etat in avant.items()}, lecture.rejetes
    )
    noms = {matricule: f"{champs['prenom']} {champs['nom']}" for matricule, champs in voulus.items()}
    courriels, doubles = courriels_retenus(lecture.lignes, {m: etat["courriel"] for m, etat in avant.items()}, noms)
    for matricule, superieur in superieurs.items():
        voulus[matricule]["superieur"] = superieur
    for matricule, courriel in courriels.items():
        voulus[matricule]["courriel"] = courriel
    return voulus, [*signalements, *refus, *doubles]


class _Organisation:
    """Ramène directions, services, installations et titres du fichier à ceux de la base, quelle que soit la graphie."""

    def __init__(self, base, lignes):
        self.directions = {cle: direction.nom for cle, direction in base.directions.items()}
        self.services = {cle: (service.direction.nom, service.nom) for cle, service in base.services.items()}
        self.installations = {cle: (i.nom, i.rls) for cle, i in base.installations.items()}
        # Toutes les lignes d’abord : une installation ne dépend pas du rang de la ligne qui donne son RLS.
        for nom, rls in (ligne["installation"] for ligne in lignes if "installation" in ligne.lues):
            if rls:
                self.installations.setdefault(sans_accents(nom), (nom, rls))
        self.titres = {code: titre.libelle for code, titre in base.titres.items()}
        self.dits = set()

    def reconnaitre(self, ligne, champs):
        """Remplace dans `champs` chaque nom lu par celui qui vaut ; rend les signalements."""
        signalements = []
        if "titre_emploi" in champs:
            code, libelle = champs["titre_emploi"]
            champs["titre_emploi"] = code
            if self.titres.setdefault(code, libelle) != libelle and code not in self.dits:
                self.dits.add(code)
                raison = f"le code {code} se dit déjà « {self.titres[code]} », et non « {libelle} »; rien n’a changé."
                signalements.append(Signalement(ligne.numero, "TITRE_EMPLOI", raison, "avis"))
        if "service" in champs:
            direction, service = champs["service"]
            cle = (sans_accents(direction), sans_accents(service))
            direction = self.directions.setdefault(cle[0], direction)
            champs["service"] = self.services.setdefault(cle, (direction, service))
        if "installation" in champs:
            signalements += self._installation(ligne, champs)
        return signalements

    def _installation(self, ligne, champs):
        nom, rls = champs["installation"]
        cle = sans_accents(nom)
        if cle not in self.installations:
            del champs["installation"]
            raison = f"« {nom} » est inconnue et son RLS ne se lit pas; l’installation est laissée comme avant."
            return [Signalement(ligne.numero, "INSTALLATION", raison)]
        connue, rls_connu = self.installations[cle]
        champs["installation"] = connue
        if rls and rls != rls_connu and cle not in self.dits:
            self.dits.add(cle)
            raison = f"« {connue} » est déjà rattachée à un autre RLS; rien n’a changé."
            return [Signalement(ligne.numero, "RLS", raison, "avis")]
        return []


def _fiche(ligne, ancien, etat):
    depart = ancien or _neuf()
    return Fiche(
        matricule=ligne.matricule,
        nom_complet=f"{etat['prenom']} {etat['nom']}".strip(),
        numero=ligne.numero,
        changements=tuple(
            Changement(champ, depart[champ], etat[champ]) for champ in CHAMPS if depart[champ] != etat[champ]
        ),
    )


def _part(fiche):
    return fiche.champs.get("is_active") is False


def _absentes(lecture, base):
    return sorted(
        (
            personne
            for matricule, personne in base.personnes.items()
            # Les comptes techniques ne viennent pas des données RH.
            if matricule not in lecture.matricules and personne.is_active and not personne.is_staff
        ),
        key=lambda personne: personne.matricule,
    )


def _superieurs_partis(lecture, voulus, apres):
    """Avertit des personnes actives dont le supérieur ne l’est plus : leurs approbations n’ont personne."""
    for ligne in lecture.lignes:
        superieur = voulus[ligne.matricule].get("superieur")
        if superieur and apres[ligne.matricule]["is_active"] and not apres[superieur]["is_active"]:
            raison = f"le supérieur {superieur} n’est plus actif; ses approbations n’auront personne."
            yield Signalement(ligne.numero, "MATRICULE_SUPERIEUR", raison, "avis")


def _directeurs(base, titres, apres):
    """Rend les directions dont le directeur change : la seule personne active qui en porte le titre."""
    candidats = {}
    for matricule, etat in apres.items():
        if etat["is_active"] and etat["service"] and _dirige(titres.get(etat["titre_emploi"], "")):
            candidats.setdefault(sans_accents(etat["service"][0]), []).append((matricule, etat["service"][0]))
    for cle, trouves in sorted(candidats.items()):
        connu = base.directions[cle].directeur if cle in base.directions else None
        if len(trouves) == 1 and (connu is None or connu.matricule != trouves[0][0]):
            yield Releve(trouves[0][1], connu.matricule if connu else "", trouves[0][0])
    for cle, direction in sorted(base.directions.items()):
        connu = direction.directeur
        if connu and cle not in candidats and not apres.get(connu.matricule, {}).get("is_active"):
            yield Releve(direction.nom, connu.matricule, "")


def _dirige(libelle):
    mots = sans_accents(libelle).split()[:2]
    if mots[:1] in (["directeur"], ["directrice"]):
        return mots[1:] not in (["adjoint"], ["adjointe"])
    return mots[:1] in (["president"], ["presidente"])


def _lisible(valeur):
    match valeur:
        case True:
            return "oui"
        case False:
            return "non"
        case None | "":
            return "(vide)"
        case tuple():
            return " / ".join(valeur)
        case _:
            return str(valeur)
