"""QUI : la matrice la plus étroite de la maison. Chaque acte a son exclusion, qui l’emporte sur tous les rôles (N-02).

Produit, section 2 ; D14 à D17. Le gestionnaire lit le récit, la DSM ne lit que le suivi dépersonnalisé (X-1 à X-3) ; il n’y a
d’identité nulle part : une situation n’a qu’un code.
"""

from dataclasses import dataclass
from functools import partial

from django.db.models import Exists, OuterRef, Q

from concertation.models import (
    DEPOSEES,
    AccesExceptionnel,
    AnalyseMensuelle,
    Constat,
    EtatSituation,
    Exclusion,
    ImpasseRecurrente,
    Nomination,
    Orientation,
    PartAnalyse,
    ParticipationComite,
    RencontreComite,
    SituationComplexe,
    Theme,
)
from encadrement.acces.attribues import APPR, COORDONNATEUR, DSM, PILOTE, PRP, TOUS
from encadrement.acces.matrice import Acte, Matrice
from encadrement.acces.roles import RIEN, TOUT, Role, RoleRelatif, RoleTemporaire
from encadrement.documents.acces_documents import inscrire
from encadrement.indicateurs import droits as tableau
from encadrement.personnes.models import Direction, Personne
from encadrement.protection.droits import FORMATION


@dataclass(frozen=True)
class Exclu(Role):
    """Qui est exclu d’une situation, lui-même, par son service ou par sa direction ; `vers` mène de l’objet à la situation."""

    vers: str = ""

    def _tenu(self, personne, objet):
        situation = getattr(objet, f"{self.vers}_id") if self.vers else objet.pk
        return self._lignes(personne).filter(situation=situation).exists()

    def _objets(self, personne, modele):
        return Q(Exists(self._lignes(personne).filter(situation=OuterRef(self.vers or "pk"))))

    def _personnes(self, objet):
        situation = getattr(objet, f"{self.vers}_id") if self.vers else objet.pk
        en_vigueur = Exclusion.objects.filter(situation=situation, levee_le=None).order_by()
        return (
            Q(pk__in=en_vigueur.exclude(personne=None).values("personne"))
            | Q(service__in=en_vigueur.exclude(service=None).values("service"))
            | Q(service__direction__in=en_vigueur.exclude(direction=None).values("direction"))
        )

    @staticmethod
    def _lignes(personne):
        # Le service se lit dans la base, pas sur la personne : « À faire » compose ses requêtes sans elle.
        soi = Personne.objects.filter(pk=personne.pk)
        qui = Q(personne=personne.pk) | Q(service__in=soi.values("service"))
        qui |= Q(direction__in=soi.values("service__direction"))
        return Exclusion.objects.filter(qui, levee_le=None)


@dataclass(frozen=True)
class Nomme(Role):
    """Qui est nommé au comité aujourd’hui, représentant ou substitut (R-217, R-239)."""

    def _tenu(self, personne, objet):
        return Nomination.objects.en_vigueur().filter(personne=personne.pk).exists()

    def _objets(self, personne, modele):
        return TOUT if self._tenu(personne, None) else RIEN

    def _personnes(self, objet):
        return Q(pk__in=Nomination.objects.en_vigueur().values("personne"))


E = EtatSituation
EXCLU = Exclu("exclu", "une personne exclue de la situation")
REPRESENTANT = Nomme("representant", "un représentant au comité")


def _gens(prefixe="", sauf_etats=frozenset()):
    """Rend (demandeur, gestionnaire, coordonnateur, conviés, exceptionnel) pour un objet relié à une situation.

    `sauf_etats` : les états où seul l’intervenant responsable garde son titre.
    """
    etat, verrou = f"{prefixe}etat", f"{prefixe}verrou_le"
    objet = "situation" if not prefixe else "situation__orientations"
    deposees = set(DEPOSEES) - sauf_etats

    def ouvert(role, precision="jusqu’à trente jours après la fermeture"):
        return role.avant(verrou, precision)

    attestees = set(E) - {E.BROUILLON, E.DETRUITE} - sauf_etats
    convie = RoleTemporaire(
        "convie",
        "une personne conviée, pendant sa fenêtre",
        lien=ParticipationComite,
        vers_objet=objet,
        condition=Q(retiree=False),
    )
    return (
        RoleRelatif("demandeur", "l’intervenant responsable", chemin=f"{prefixe}demandeur").quand(
            etat, set(E) - {E.DETRUITE}
        ),
        ouvert(
            RoleRelatif(
                "gestionnaire", "son gestionnaire", chemin=f"{prefixe}demandeur__superieur", delegable=True
            ).quand(etat, attestees)
        ),
        ouvert(COORDONNATEUR.quand(etat, deposees), "de la transmission à trente jours après la fermeture"),
        convie.quand(etat, deposees),
        RoleTemporaire(
            "exceptionnel",
            "qui a obtenu un accès exceptionnel, pendant soixante minutes",
            lien=AccesExceptionnel,
            vers_objet=objet,
            ouvre="approuve_le",
        ).quand(etat, deposees),
    )


DEMANDEUR, GESTIONNAIRE, COORD, CONVIE, EXCEPTIONNEL = _gens()
_VOIENT = (DEMANDEUR, GESTIONNAIRE, COORD, CONVIE, EXCEPTIONNEL)
# Une demande retirée n’a peut-être jamais été transmise : on sait qu’elle l’est, on n’y lit plus rien.
_LISENT = _gens(sauf_etats={E.RETIREE})
_SAUF = (EXCLU,)
_PAS_LE_DEMANDEUR = (EXCLU, DEMANDEUR)
# Savoir qu’on est attendu, se retirer, cacher, déclarer un lien, rendre compte : cela ne lit rien, et n’attend pas.
_forme = partial(Acte, prealables=(FORMATION,))

DROITS_SITUATION = Matrice(
    SituationComplexe,
    {
        "voir": Acte("Savoir que la situation existe, en voir l’état", _VOIENT, sauf=_SAUF),
        "lire_recit": _forme("Lire le récit", _LISENT, sauf=_SAUF),
        "lire_plan": _forme("Lire le plan de concertation", _LISENT, sauf=_SAUF),
        "modifier": _forme("Écrire la demande", (DEMANDEUR,), sauf=_SAUF),
        "soumettre": _forme("Présenter à mon gestionnaire", (DEMANDEUR,), sauf=_SAUF),
        "retirer": Acte("Retirer la demande", (DEMANDEUR,), sauf=_SAUF),
        "attester": _forme("Attester les démarches préalables et approuver", (GESTIONNAIRE,), sauf=_PAS_LE_DEMANDEUR),
        "renvoyer": _forme("Renvoyer avec un commentaire", (GESTIONNAIRE,), sauf=_PAS_LE_DEMANDEUR),
        "demander_precisions": _forme("Demander des précisions", (COORD,), sauf=_PAS_LE_DEMANDEUR),
        "recevoir": _forme("Déclarer recevable", (COORD,), sauf=_PAS_LE_DEMANDEUR),
        "reorienter": _forme("Déclarer non recevable et réorienter", (COORD,), sauf=_PAS_LE_DEMANDEUR),
        "inscrire": _forme("Inscrire à une rencontre", (COORD,), sauf=_SAUF),
        "reporter": _forme("Reporter à une autre rencontre", (COORD,), sauf=_SAUF),
        "desinscrire": _forme("Retirer de la rencontre", (COORD,), sauf=_SAUF),
        "convier": _forme("Convier, et ouvrir l’accès", (COORD,), sauf=_SAUF),
        "presenter": _forme("Noter la situation comme présentée", (COORD,), sauf=_SAUF),
        "ecrire_plan": _forme("Écrire le plan de concertation", (COORD,), sauf=_SAUF),
        "etablir_plan": _forme("Établir le plan et lancer le suivi", (COORD,), sauf=_SAUF),
        "representer": _forme("Ramener à une rencontre", (COORD,), sauf=_SAUF),
        "fermer": _forme("Fermer la situation", (COORD,), sauf=_SAUF),
        "classer": _forme("Classer par thèmes d’impasse", (COORD,), sauf=_SAUF),
        "exclure": Acte("Tenir la liste d’exclusion", (DEMANDEUR, COORD), sauf=_SAUF),
        "declarer": Acte("Déclarer un lien, ou qu’il n’y en a pas", _LISENT, sauf=_SAUF),
        "voir_lectures": Acte("Voir qui a lu", (DEMANDEUR, COORD, PRP), sauf=_SAUF),
        "detruire": Acte("Détruire à l’échéance de conservation", (PRP,), sauf=_SAUF),
    },
)

# — Les orientations (D16) : leur responsable, les conviés, le directeur pour celles de sa direction ; la DSM, sans texte.
_demandeur, _gestionnaire, _coord, _convie, _exceptionnel = _gens("situation__")
EXCLU_DE_LA_SITUATION = Exclu("exclu", "une personne exclue de la situation", vers="situation")
_EXCLU_O = (EXCLU_DE_LA_SITUATION,)
_vivante = {"champ": "situation__etat", "valeurs": set(DEPOSEES)}
_fermeture = "situation__verrou_le"
RESPONSABLE = (
    RoleRelatif("responsable", "la personne responsable", chemin="responsable").quand(**_vivante).avant(_fermeture)
)
DIRECTEUR = (
    RoleRelatif("directeur", "le directeur de la direction visée", chemin="direction__directeur")
    .quand(**_vivante)
    .avant(_fermeture)
)
DROITS_ORIENTATION = Matrice(
    Orientation,
    {
        "voir": _forme(
            "Lire l’orientation",
            (RESPONSABLE, DIRECTEUR, _demandeur, _gestionnaire, _coord, _convie, _exceptionnel),
            sauf=_EXCLU_O,
        ),
        "suivre": Acte(
            "Voir le suivi dépersonnalisé",
            (DSM.quand(**_vivante), APPR.quand(**_vivante), _coord, RESPONSABLE, DIRECTEUR),
            sauf=_EXCLU_O,
        ),
        "commencer": _forme("Noter l’orientation en cours", (RESPONSABLE, _coord), sauf=_EXCLU_O),
        "appliquer": _forme("Noter l’orientation appliquée", (RESPONSABLE, _coord), sauf=_EXCLU_O),
        "ne_pas_appliquer": _forme("Noter l’orientation non appliquée", (RESPONSABLE, _coord), sauf=_EXCLU_O),
        "reporter": _forme("Reporter l’orientation", (RESPONSABLE, _coord), sauf=_EXCLU_O),
        "reprendre": _forme("Rouvrir l’orientation", (_coord,), sauf=_EXCLU_O),
        "modifier": _forme("Corriger l’orientation", (_coord,), sauf=_EXCLU_O),
    },
)

# — Le comité : son calendrier est à tous, son ordre du jour (des codes) à ceux qui le préparent ou y siègent (D17).
DROITS_RENCONTRE = Matrice(
    RencontreComite,
    {
        "voir": Acte("Voir le calendrier et les dates de dépôt", (TOUS,)),
        "voir_ordre_du_jour": Acte("Voir l’ordre du jour, par codes", (COORDONNATEUR, DSM, APPR, REPRESENTANT)),
        "planifier": Acte("Établir le calendrier", (COORDONNATEUR, DSM)),
        "convoquer": Acte("Convoquer", (COORDONNATEUR,)),
        "deplacer": Acte("Changer la date, le mode ou le lieu", (COORDONNATEUR,)),
        "tenir": Acte("Noter la rencontre comme tenue", (COORDONNATEUR,)),
        "annuler": Acte("Annuler la rencontre", (COORDONNATEUR,)),
    },
)
_NOMME = RoleRelatif("nomme", "la personne nommée", chemin="personne")
_DIRECTEUR_N = RoleRelatif("directeur", "le directeur de la direction", chemin="direction__directeur")
DROITS_NOMINATION = Matrice(
    Nomination,
    {
        "voir": Acte("Voir les représentants", (TOUS,)),
        "nommer": Acte("Nommer un représentant ou un substitut", (_DIRECTEUR_N, PILOTE, COORDONNATEUR)),
        "approuver": Acte("Accepter la nomination", (DSM,), sauf=(_NOMME,)),
        "terminer": Acte("Mettre fin à la nomination", (_DIRECTEUR_N, DSM, COORDONNATEUR)),
    },
    nom="Représentants au comité",
)

# — Les impasses récurrentes ne disent rien d’un cas : la DSM les suit, leur responsable les porte.
_PORTEUR = RoleRelatif("responsable", "la personne responsable", chemin="responsable")
DROITS_IMPASSE = Matrice(
    ImpasseRecurrente,
    {
        "voir": Acte("Voir l’impasse récurrente", (COORDONNATEUR, DSM, APPR, REPRESENTANT, _PORTEUR)),
        "ouvrir": Acte("Ouvrir un dossier d’impasse récurrente", (COORDONNATEUR, DSM)),
        "modifier": Acte("Écrire la solution cherchée", (COORDONNATEUR, _PORTEUR)),
        "entamer": Acte("Noter la solution en cours", (COORDONNATEUR, _PORTEUR)),
        "resoudre": Acte("Noter la solution en place", (COORDONNATEUR, _PORTEUR)),
        "abandonner": Acte("Abandonner", (COORDONNATEUR,)),
        "rouvrir": Acte("Rouvrir", (COORDONNATEUR,)),
    },
)
DROITS_THEME = Matrice(
    Theme,
    {
        "voir": Acte("Voir la liste des thèmes", (COORDONNATEUR, DSM, APPR, REPRESENTANT)),
        "tenir": Acte("Tenir la liste des thèmes", (COORDONNATEUR, DSM)),
    },
    nom="Thèmes d’impasse",
)

_DEMANDEUR_X = RoleRelatif("demandeur", "qui le demande", chemin="personne")
DROITS_EXCEPTION = Matrice(
    AccesExceptionnel,
    {
        # Qui est exclu de la situation n’apprend pas davantage qu’on demande à la lire (N-02).
        "voir": Acte("Voir la demande d’accès", (_DEMANDEUR_X, PRP, DSM), sauf=_EXCLU_O),
        "demander": Acte("Demander un accès exceptionnel", (COORDONNATEUR, DSM, PRP)),
        "approuver": Acte("Approuver un accès exceptionnel", (PRP, DSM), sauf=(_DEMANDEUR_X, *_EXCLU_O)),
    },
    nom="Accès exceptionnels",
)
# — L’analyse des accès (D18) : nul n’analyse les siens, ni une situation qui lui est cachée ; la part en va à la DSM.


def _a_qui_confiee(prefixe=""):
    """Rend les rôles à qui la part d’une analyse est confiée."""
    return (
        PRP.quand(f"{prefixe}part", {PartAnalyse.PRP}),
        DSM.quand(f"{prefixe}part", {PartAnalyse.DSM}, "pour ce qui le concerne lui-même, ou lui est caché"),
    )


DROITS_ANALYSE = Matrice(
    AnalyseMensuelle,
    {
        "voir": Acte("Lire l’analyse mensuelle des accès", _a_qui_confiee()),
        "signer": Acte("Signer l’analyse mensuelle des accès", _a_qui_confiee()),
        "voir_ensemble": Acte("Voir les analyses de chaque mois", (PRP, DSM)),
    },
)
_LECTEUR = RoleRelatif("lecteur", "la personne dont les accès sont en cause", chemin="lecteur")
DROITS_CONSTAT = Matrice(
    Constat,
    {
        "voir": Acte("Lire un constat", _a_qui_confiee("analyse__"), sauf=_EXCLU_O),
        "conclure": Acte("Conclure sur un constat", _a_qui_confiee("analyse__"), sauf=(_LECTEUR, *_EXCLU_O)),
    },
    nom="Constats de l’analyse des accès",
)
DROITS_CONSERVATION = Matrice(
    SituationComplexe,
    {"voir_ensemble": Acte("Voir les dossiers à détruire", (PRP,))},
    nom="Conservation des situations",
)


def inscrire_representants():
    """Dit au tableau de bord quelles directions une personne représente au comité, et qui représente chacune (D08)."""
    en_vigueur = Nomination.objects.en_vigueur
    tableau.inscrire_representants(
        "concertation",
        tableau.Representants(
            directions=lambda personne: Direction.objects.filter(
                pk__in=en_vigueur().filter(personne=personne.pk).values("direction")
            ),
            personnes=lambda direction: Personne.objects.filter(
                pk__in=en_vigueur().filter(direction=direction).values("personne")
            ),
        ),
    )


def inscrire_documents():
    """Dit à la pièce des documents qui voit le certificat d’une destruction, et l’analyse signée d’un mois."""
    inscrire(
        "concertation_destruction",
        lambda personne, situation: DROITS_SITUATION.peut(personne, "detruire", situation),
        lambda situation: f"destruction-{situation.numero}",
        libelle="certificat de destruction d’un dossier du comité",
    )
    inscrire(
        "concertation_analyse",
        _voit_toute_l_analyse,
        lambda analyse: f"analyse-des-acces-{analyse.mois:%Y-%m}",
        libelle="analyse mensuelle des accès",
    )


def _voit_toute_l_analyse(personne, analyse):
    """Le document montre tous ses constats : qui n’en voit pas un seul ne le reçoit pas (N-02)."""
    caches = analyse.constats.exclude(DROITS_CONSTAT.condition(personne, "voir"))
    return DROITS_ANALYSE.peut(personne, "voir", analyse) and not caches.exists()
