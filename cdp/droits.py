"""QUI : les rôles tenus dans une communauté et les actes que chacun peut poser (produit, section 2 ; D09 à D11)."""

from dataclasses import replace

from django.db.models import Q

from cdp.models import (
    AGREEES,
    Adhesion,
    Appel,
    Communaute,
    Depassement,
    EtatAdhesion,
    EtatAnnuel,
    EtatCommunaute,
    EtatRencontre,
    Heures,
    Outil,
    ParticipationCdp,
    PlanAnnuel,
    RapportAnnuel,
    RencontreCdp,
    ReponseAppel,
    RoleCdp,
    SuiviCdp,
    Sujet,
)
from encadrement.acces.attribues import APPR, DSM, MEMBRE_CM, TOUS
from encadrement.acces.matrice import Acte, Matrice
from encadrement.acces.roles import RoleMembre, RoleRelatif
from encadrement.documents.acces_documents import inscrire

_ACTIVE = Q(etat=EtatAdhesion.ACTIVE)


def _gens(vers="communaute"):
    """Rend (animateur, secrétaire, membre, parrain, gestionnaire d’un membre) pour un objet relié à une communauté.

    `vers` va d’une adhésion à l’objet : « communaute », « communaute__rencontres »…
    """

    def membre(code, libelle, condition, **options):
        return RoleMembre(code, libelle, lien=Adhesion, vers_objet=vers, condition=_ACTIVE & condition, **options)

    chemin = "parrain" if vers == "communaute" else "communaute__parrain"
    return (
        membre("animateur", "l’animateur", Q(role=RoleCdp.ANIMATEUR)),
        membre("secretaire", "le secrétaire", Q(role=RoleCdp.SECRETAIRE)),
        membre("membre", "un membre de la communauté", Q()),
        RoleRelatif("parrain", "le gestionnaire parrain", chemin=chemin, delegable=True),
        membre("gestionnaire", "le gestionnaire d’un membre", Q(), vers_personne="personne__superieur"),
    )


ANIMATEUR, SECRETAIRE, MEMBRE, PARRAIN, GESTIONNAIRE = _gens()
RESPONSABLES = (ANIMATEUR, SECRETAIRE)
INITIATEUR = RoleRelatif("initiateur", "la personne qui l’a mise en route", chemin="creee_par").quand(
    "etat", {EtatCommunaute.EN_PREPARATION, EtatCommunaute.PROPOSEE}, "pendant la préparation"
)
SOUTIEN_DSM = (APPR, DSM)
_agreee = {"champ": "etat", "valeurs": AGREEES, "precision": "une fois agréée"}
_deposee = {
    "champ": "etat",
    "valeurs": set(EtatCommunaute) - {EtatCommunaute.EN_PREPARATION},
    "precision": "dès qu’elle est proposée",
}
_preparation = {
    "champ": "etat",
    "valeurs": {EtatCommunaute.EN_PREPARATION, EtatCommunaute.PROPOSEE},
    "precision": "pendant la préparation",
}
_PREPARENT = (*RESPONSABLES, INITIATEUR)

DROITS_COMMUNAUTE = Matrice(
    Communaute,
    {
        "voir": Acte(
            "Voir la fiche de la communauté",
            (MEMBRE, INITIATEUR, PARRAIN.quand(**_deposee), *SOUTIEN_DSM, TOUS.quand(**_agreee)),
        ),
        "modifier": Acte("Écrire la fiche", _PREPARENT),
        "preparer": Acte("Suivre l’assistant de démarrage", (*_PREPARENT, APPR)),
        "proposer": Acte("Proposer au parrain", (ANIMATEUR, INITIATEUR)),
        "agreer": Acte("Agréer la communauté", (PARRAIN,), sauf=(MEMBRE,)),
        "retourner": Acte("Retourner avec un commentaire", (PARRAIN,), sauf=(MEMBRE,)),
        "renouveler": Acte("Renouveler pour l’année suivante", (PARRAIN,), sauf=(MEMBRE,)),
        "suspendre": Acte("Suspendre", (PARRAIN,), sauf=(MEMBRE,)),
        "reprendre": Acte("Reprendre les activités", (PARRAIN,), sauf=(MEMBRE,)),
        "dissoudre": Acte("Dissoudre", (PARRAIN,), sauf=(MEMBRE,)),
        "changer_parrain": Acte(
            "Désigner le parrain",
            (
                PARRAIN.quand(**_deposee),
                *SOUTIEN_DSM,
                *(role.quand(**_preparation) for role in RESPONSABLES),
                INITIATEUR,
            ),
        ),
        "inviter": Acte("Inviter une personne", _PREPARENT),
        "nommer": Acte("Nommer l’animateur et le secrétaire", (ANIMATEUR, INITIATEUR, PARRAIN)),
        "demander_adhesion": Acte("Demander à en être membre", (MEMBRE_CM.quand("etat", {"active"}),), sauf=(MEMBRE,)),
        "partager": Acte("Choisir à qui ouvrir les comptes rendus", (ANIMATEUR,)),
        "voir_vie": Acte("Voir la vie de la communauté", (MEMBRE,)),
        "publier": Acte("Publier un outil, un sujet, un appel", (MEMBRE,)),
        "voir_rencontres": Acte("Voir la fréquence et les sujets des rencontres", (MEMBRE, PARRAIN, *SOUTIEN_DSM)),
        "planifier": Acte("Planifier une rencontre", RESPONSABLES),
        "voir_annee": Acte("Voir les plans et les rapports", (MEMBRE, PARRAIN, *SOUTIEN_DSM)),
        "ecrire_annee": Acte("Préparer le plan et le rapport", RESPONSABLES),
        "suivre": Acte("Suivre ce qui manque à la communauté, et relancer", (PARRAIN, *SOUTIEN_DSM)),
        "voir_heures": Acte("Voir les heures de chacun", (*RESPONSABLES, PARRAIN, *SOUTIEN_DSM)),
        "consigner_heures": Acte("Consigner ses heures", (MEMBRE,)),
        "demander_heures": Acte("Demander des heures supplémentaires pour soi", (MEMBRE,)),
        "demander_heures_autrui": Acte("Demander des heures supplémentaires pour un autre ou pour tous", RESPONSABLES),
        "sonder": Acte("Sonder les besoins des membres", (ANIMATEUR,)),
        "voir_napperon": Acte("Obtenir le napperon", (TOUS.quand(**_agreee), *_PREPARENT, *SOUTIEN_DSM)),
    },
)

_animateur, _secretaire, _membre, _parrain, _ = _gens("communaute__adhesions")
INTERESSE = RoleRelatif("interesse", "la personne elle-même", chemin="personne")
SUPERIEUR = RoleRelatif("gestionnaire", "son gestionnaire", chemin="personne__superieur", delegable=True)
_INITIATEUR_A = RoleRelatif("initiateur", "la personne qui l’a mise en route", chemin="communaute__creee_par").quand(
    "communaute__etat", {EtatCommunaute.EN_PREPARATION}, "pendant la préparation"
)
DROITS_ADHESION = Matrice(
    Adhesion,
    {
        "voir": Acte(
            "Voir l’adhésion",
            (INTERESSE, _animateur, _secretaire, _INITIATEUR_A, _parrain.quand("etat", {EtatAdhesion.ACTIVE})),
        ),
        "accepter": Acte("Accepter la demande", (_animateur,), sauf=(INTERESSE,)),
        "refuser": Acte("Refuser la demande", (_animateur,), sauf=(INTERESSE,)),
        "retirer": Acte("Retirer sa demande", (INTERESSE,)),
        "accepter_invitation": Acte("Accepter l’invitation", (INTERESSE,)),
        "decliner": Acte("Décliner l’invitation", (INTERESSE,)),
        "annuler": Acte("Reprendre l’invitation", (_animateur, _INITIATEUR_A)),
        "quitter": Acte("Quitter la communauté", (INTERESSE,)),
        "remplacer": Acte("Consigner un départ et inviter un remplaçant", (_animateur,), sauf=(INTERESSE,)),
        "reconduire": Acte(
            "Reconduire le mandat d’animateur",
            tuple(role.quand("role", {RoleCdp.ANIMATEUR}) for role in (INTERESSE, _parrain)),
        ),
        "voir_presences": Acte("Voir ses présences et ses heures", (INTERESSE, _animateur, _secretaire, SUPERIEUR)),
        "attester": Acte("Obtenir l’attestation de présence", (INTERESSE, _animateur, _secretaire)),
    },
    nom="Adhésion",
)

_soumis = {"champ": "etat", "valeurs": {EtatAnnuel.SOUMIS, EtatAnnuel.APPROUVE}, "precision": "dès qu’il est soumis"}


def _au_nom_de_la_cdp(role):
    """L’annexe 7 fait signer « le représentant de la CdP » : l’un ou l’autre de ses responsables (R-366, R-379)."""
    return replace(role, code="representant", libelle=f"le représentant de la CdP ({role.libelle})")


def _droits_annuels(modele, vers, le):
    animateur, secretaire, membre, parrain, _ = _gens(vers)
    ecrivent = (animateur, secretaire)
    return Matrice(
        modele,
        {
            "voir": Acte(
                f"Voir {le}",
                (membre, *(role.quand(**_soumis) for role in (parrain, *SOUTIEN_DSM))),
            ),
            "modifier": Acte(f"Écrire {le}", ecrivent),
            "soumettre": Acte("Signer et soumettre", tuple(map(_au_nom_de_la_cdp, ecrivent))),
            "rouvrir": Acte("Reprendre la rédaction", ecrivent),
            "approuver": Acte("Approuver et signer", (parrain,), sauf=(membre,)),
            "renvoyer": Acte("Renvoyer avec un commentaire", (parrain,), sauf=(membre,)),
        },
    )


DROITS_PLAN = _droits_annuels(PlanAnnuel, "communaute__planannuels", "le plan")
DROITS_RAPPORT = _droits_annuels(RapportAnnuel, "communaute__rapportannuels", "le rapport")

# — La rencontre (D10) : le parrain et la DSM en voient la fréquence, les sujets et les présences ; le compte rendu est
# à la communauté, qui choisit de l’ouvrir.
_animateur, _secretaire, _membre, _parrain, _ = _gens("communaute__rencontres")
_TIENNENT = (_animateur, _secretaire)
# R-484 : un présentateur de la maison lit l’ordre du jour de la rencontre où on l’invite, et de celle-là seulement.
INVITE = RoleMembre(
    "invite",
    "une personne invitée à la rencontre",
    lien=ParticipationCdp,
    vers_objet="rencontre",
    condition=Q(est_invite=True),
)
_PARRAIN_OUVERT = _parrain.quand("communaute__partage_parrain", {True}, "si la communauté le lui ouvre")
_DSM_OUVERTE = tuple(
    role.quand("communaute__partage_dsm", {True}, "si la communauté le lui ouvre") for role in SOUTIEN_DSM
)
_publies = {
    "champ": "etat",
    "valeurs": {EtatRencontre.PUBLIEE, EtatRencontre.ADOPTEE},
    "precision": "une fois publié",
}
DROITS_RENCONTRE = Matrice(
    RencontreCdp,
    {
        "voir": Acte("Voir la date, les sujets et les présences", (_membre, INVITE, _parrain, *SOUTIEN_DSM)),
        "voir_ordre_du_jour": Acte("Lire l’ordre du jour et ses pièces", (_membre, INVITE)),
        # Un suivi vient d’un compte rendu : qui est invité à une rencontre ne lit pas la précédente.
        "lire_suivis": Acte("Lire les suivis qui reviennent, et l’ordre du jour en PDF", (_membre,)),
        "lire_compte_rendu": Acte(
            "Lire le compte rendu",
            (
                *_TIENNENT,
                _membre.quand(**_publies),
                *(role.quand(**_publies) for role in (_PARRAIN_OUVERT, *_DSM_OUVERTE)),
            ),
        ),
        "modifier": Acte("Écrire l’ordre du jour", _TIENNENT),
        "proposer_point": Acte("Proposer un point", (_membre,)),
        "convoquer": Acte("Convoquer", _TIENNENT),
        "deplacer": Acte("Changer la date, le mode ou le lieu", _TIENNENT),
        "annuler": Acte("Annuler la rencontre", _TIENNENT),
        "emporter": Acte("Annuler parce que la communauté s’arrête", (_parrain,)),
        "repondre": Acte("Dire si l’on sera là", (_membre, INVITE)),
        "tenir": Acte("Noter la rencontre comme tenue", _TIENNENT),
        "ecrire_compte_rendu": Acte("Écrire le compte rendu et les présences", _TIENNENT),
        "publier": Acte("Publier le compte rendu", _TIENNENT),
        "rouvrir": Acte("Corriger le compte rendu publié", _TIENNENT),
        "adopter": Acte("Noter le compte rendu comme adopté", _TIENNENT),
    },
)
_animateur, _secretaire, _membre, _parrain, _ = _gens("communaute__suivis")
RESPONSABLE_SUIVI = RoleRelatif("responsable", "la personne responsable du suivi", chemin="personne")
DROITS_SUIVI = Matrice(
    SuiviCdp,
    {
        # Qui a quitté la communauté peut encore dire fait ce dont il s’était chargé.
        "voir": Acte("Voir le suivi", (_membre, RESPONSABLE_SUIVI)),
        "clore": Acte("Clore le suivi", (RESPONSABLE_SUIVI, _animateur, _secretaire)),
        "modifier": Acte("Corriger le suivi", (_animateur, _secretaire)),
    },
    nom="Suivi décidé en rencontre",
)

# — Les heures (R-126 à R-128).
_PROPRIETAIRE = RoleRelatif("membre", "la personne elle-même", chemin="personne")
DROITS_HEURES = Matrice(
    Heures,
    {
        "voir": Acte("Voir ces heures", (_PROPRIETAIRE,)),
        "modifier": Acte("Corriger ou retirer ces heures", (_PROPRIETAIRE,)),
    },
    nom="Heures consignées",
)
_animateur, _secretaire, _membre, _parrain, _ = _gens("communaute__depassements")
DEMANDEUR = RoleRelatif("demandeur", "la personne qui demande", chemin="demande_par")
DROITS_DEPASSEMENT = Matrice(
    Depassement,
    {
        "voir": Acte(
            "Voir la demande d’heures",
            (DEMANDEUR, RoleRelatif("membre", "le membre visé", chemin="personne"), _animateur, _secretaire, _parrain),
        ),
        "accorder": Acte("Accorder les heures", (_parrain,), sauf=(_membre, DEMANDEUR)),
        "refuser": Acte("Refuser les heures", (_parrain,), sauf=(_membre, DEMANDEUR)),
    },
)

# — La vie entre les rencontres : les membres entre eux.
AUTEUR = RoleRelatif("auteur", "l’auteur", chemin="auteur")


def _droits_publication(modele, vers, actes, nom):
    animateur, _, membre, _, _ = _gens(vers)
    return Matrice(
        modele,
        {
            "voir": Acte("Lire", (membre,)),
            "retirer": Acte("Retirer, avec un motif", (AUTEUR, animateur)),
            **{code: Acte(libelle, (membre,)) for code, libelle in actes.items()},
        },
        nom=nom,
    )


DROITS_OUTIL = _droits_publication(Outil, "communaute__outils", {}, "Bibliothèque d’outils")
DROITS_SUJET = _droits_publication(Sujet, "communaute__sujets", {"voter": "Appuyer d’un vote"}, "Banque de sujets")
DROITS_APPEL = _droits_publication(Appel, "communaute__appels", {"repondre": "Répondre"}, "Appels à tous")
DROITS_REPONSE = _droits_publication(ReponseAppel, "communaute__appels__reponses", {}, "Réponses aux appels")

# — Voir un document, c’est pouvoir lire ce dont il est tiré.
_DOCUMENTS = (
    ("cdp_plan", DROITS_PLAN, "voir", "plan", "plan d’action annuel de la communauté de pratique"),
    ("cdp_rapport", DROITS_RAPPORT, "voir", "rapport", "rapport annuel d’activité de la communauté de pratique"),
    ("cdp_ordre_du_jour", DROITS_RENCONTRE, "lire_suivis", "ordre-du-jour", "ordre du jour de la communauté"),
    ("cdp_compte_rendu", DROITS_RENCONTRE, "lire_compte_rendu", "compte-rendu", "compte rendu de la communauté"),
    ("cdp_napperon", DROITS_COMMUNAUTE, "voir_napperon", "napperon", "napperon de la communauté de pratique"),
    ("cdp_presence", DROITS_ADHESION, "attester", "attestation-de-presence", "attestation de présence"),
)


def inscrire_documents():
    """Dit à la pièce des documents qui voit chaque nature de PDF des communautés."""
    for nature, droits, acte, prefixe, libelle in _DOCUMENTS:
        inscrire(nature, _lecteur(droits, acte), _nom_de_fichier(prefixe), libelle=libelle)


def _lecteur(droits, acte):
    return lambda personne, objet: droits.peut(personne, acte, objet)


def _nom_de_fichier(prefixe):
    def nommer(objet):
        annee = getattr(objet, "annee", None) or objet.cree_le.year
        return f"{prefixe}-{annee}-{str(objet.uuid)[:8]}"

    return nommer
