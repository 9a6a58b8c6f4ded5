"""Les gestes que la consultation d’experts attend d’une personne, pour la page « À faire ».

La pastille du menu les compte à chaque page : tout se lit en une requête, quel que soit le nombre de dossiers. Un numéro
et des noms de collègues, jamais la question ni le sujet (N-08).
"""

import datetime
from collections import namedtuple

from django.db.models import BooleanField, CharField, DateField, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast
from django.urls import reverse

from consultation.droits import DROITS_DEMANDE
from consultation.models import (
    EN_COURS,
    Approbation,
    DemandeConsultation,
    EtatConsultation,
    EtatFicheExpert,
    FicheExpert,
    RencontreConsultation,
    ReponseExpert,
    Sollicitation,
)
from consultation.rappels.echeances import DELAI_DE_REPONSE
from consultation.trajectoire import TRAJECTOIRE_DEMANDE, TRAJECTOIRE_FICHE
from encadrement.acces.requetes import RequeteParPersonne
from encadrement.accueil.mesures import Tache
from encadrement.parametres.lecture import valeur
from encadrement.socle.temps import ajouter_mois, jour_local
from encadrement.trajectoire.dessin import condition_attendue

AVANT_LA_CONFIRMATION = datetime.timedelta(days=30)
E = EtatConsultation
_TEXTE = CharField()
_COLONNES = ("sorte", "uuid", "etat", "numero", "prenom", "nom", "depuis", "jour", "tenue")
_Ligne = namedtuple("_Ligne", _COLONNES)
# Là où la discussion suffit, c’est le demandeur qui la consigne : le gestionnaire n’a rien à autoriser.
DISCUSSION_SUFFIT = Q(demandeur__service__direction__reglage_consultation__approbation=Approbation.INFORMATIVE)


def taches(personne):
    """Rend tout ce que la consultation d’experts attend de cette personne aujourd’hui."""
    jour = jour_local()
    # L’échéance se compte en mois : c’est un an avant qu’une inscription a été confirmée.
    confirmee_avant = ajouter_mois(jour + AVANT_LA_CONFIRMATION, -12)
    for ligne in map(_Ligne._make, _TOUT.lignes(personne, confirmee_avant)):
        yield from _LECTURES[ligne.sorte](ligne, jour)


def _tout(personne, confirmee_avant):
    premiere, *autres = [
        _des_demandes("demande", _attendues(personne)),
        _des_demandes("discussion", _a_consigner(personne)),
        _des_demandes("moment", _moments_proposes(personne)),
        _des_fiches("fiche", FicheExpert.objects.filter(condition_attendue(personne, TRAJECTOIRE_FICHE))),
        _des_fiches("inscription", _a_confirmer(personne, confirmee_avant), jour=F("confirmee_le")),
    ]
    return premiere.union(*autres, all=True)


_TOUT = RequeteParPersonne(_tout)


# — Quels dossiers


def _sollicitation(**criteres):
    return Sollicitation.objects.filter(demande=OuterRef("pk"), reponse__in=EN_COURS, **criteres)


_MOMENT_PROPOSE = Exists(_sollicitation(moment_propose__isnull=False))


def _attendues(personne):
    """Ce que l’état attend ; un moment proposé, c’est le demandeur qui y répond, et l’expert qui attend."""
    condition = condition_attendue(
        personne,
        TRAJECTOIRE_DEMANDE,
        autoriser=~DISCUSSION_SUFFIT,
        accepter=~_MOMENT_PROPOSE,
        rendre_avis=~_MOMENT_PROPOSE,
    )
    return DemandeConsultation.objects.filter(condition)


def _a_consigner(personne):
    miennes = DROITS_DEMANDE.condition(personne, "constater_discussion")
    return DemandeConsultation.objects.filter(miennes & DISCUSSION_SUFFIT, etat=E.A_DISCUTER)


def _moments_proposes(personne):
    miennes = DROITS_DEMANDE.condition(personne, "accepter_moment")
    return DemandeConsultation.objects.filter(miennes, _MOMENT_PROPOSE, etat__in=(E.CHEZ_EXPERT, E.ACCEPTEE))


def _a_confirmer(personne, confirmee_avant):
    return FicheExpert.objects.filter(personne=personne, etat=EtatFicheExpert.ACTIVE, confirmee_le__lte=confirmee_avant)


def _des_demandes(sorte, demandes):
    avec_lui = Q(sollicitation__demande=OuterRef("pk"), sollicitation__reponse=ReponseExpert.ACCEPTEE)
    rencontres = RencontreConsultation.objects.filter(avec_lui | Q(acheminement__demande=OuterRef("pk")))
    return _lignes(
        sorte,
        demandes,
        qui="demandeur",
        numero=F("numero"),
        jour=Subquery(_sollicitation().values("moment__date")[:1]),
        tenue=Exists(rencontres),
    )


def _des_fiches(sorte, fiches, **colonnes):
    return _lignes(sorte, fiches, qui="personne", **colonnes)


def _lignes(sorte, objets, *, qui, **colonnes):
    """Rend les dossiers en lignes de `_COLONNES` ; `qui` est la personne que le libellé nomme."""
    valeurs = {
        "c_sorte": Value(sorte, output_field=_TEXTE),
        "c_uuid": F("uuid"),
        "c_etat": F("etat"),
        "c_numero": colonnes.get("numero", Value("", output_field=_TEXTE)),
        "c_prenom": F(f"{qui}__prenom"),
        "c_nom": F(f"{qui}__nom"),
        "c_depuis": F("depuis"),
        "c_jour": colonnes.get("jour", Cast(None, DateField())),
        "c_tenue": colonnes.get("tenue", Value(False, output_field=BooleanField())),
    }
    return objets.order_by().annotate(**valeurs).values_list(*valeurs)


# — Quel geste


def _tache(geste, dossier, nom, ligne, jour, *, echeance=None, **options):
    return Tache(
        geste=geste,
        dossier=dossier,
        url=reverse(f"consultation:{nom}", args=[ligne.uuid]),
        echeance=echeance,
        retard=echeance is not None and echeance < jour,
        **options,
    )


def _nom(ligne):
    return f"Consultation {ligne.numero}, {ligne.prenom} {ligne.nom}"


# Où l’on écrit avant d’agir : le verbe d’un brouillon est de l’écrire.
_A_ECRIRE = {
    E.BROUILLON: ("Écrire ma demande de consultation", "demande_modifier"),
    E.FORMULAIRE: ("Remplir et transmettre le formulaire de la DSM", "demande_modifier"),
}


def _demande(ligne, jour):
    transition = _attendue(TRAJECTOIRE_DEMANDE, ligne)
    geste, nom = _A_ECRIRE.get(ligne.etat, (transition.libelle, f"demande_{transition.code}"))
    echeance = None
    if ligne.etat == E.CHEZ_EXPERT:
        echeance = jour_local(ligne.depuis) + datetime.timedelta(days=valeur(DELAI_DE_REPONSE))
        # Répondre après le moment réservé ne servirait à personne.
        echeance = min(filter(None, (echeance, ligne.jour)))
    elif ligne.etat == E.ACCEPTEE and not ligne.tenue:
        if ligne.jour is not None and ligne.jour > jour:
            return
        geste, nom = ("Consigner la rencontre", "demande_rencontres")
        if ligne.jour is None:
            geste, nom = ("Proposer un moment, ou consigner la rencontre", "demande")
        echeance = ligne.jour
    elif ligne.etat == E.EN_CONTACT and not ligne.tenue:
        geste, nom = ("Consigner la rencontre avec l’expert du RUISSS UL", "demande_rencontres")
    yield _tache(geste, _nom(ligne), nom, ligne, jour, echeance=echeance, depuis=ligne.depuis, ton=transition.ton)


def _attendue(trajectoire, ligne):
    return next(transition for transition in trajectoire.depuis(ligne.etat) if transition.attendue)


def _discussion(ligne, jour):
    yield _tache(
        "Consigner la discussion avec mon gestionnaire",
        _nom(ligne),
        "demande_constater_discussion",
        ligne,
        jour,
        depuis=ligne.depuis,
        ton="principal",
    )


def _moment(ligne, jour):
    yield _tache("Accepter le moment proposé", _nom(ligne), "demande_accepter_moment", ligne, jour, ton="principal")


def _fiche(ligne, jour):
    transition = _attendue(TRAJECTOIRE_FICHE, ligne)
    geste, nom = transition.libelle, f"fiche_{transition.code}"
    if ligne.etat == EtatFicheExpert.IDENTIFIEE:
        # La fiche est à compléter avant d’accepter ; l’on peut aussi décliner.
        geste, nom = "Compléter ma fiche d’expert, ou décliner", "fiche"
    dossier = f"Bottin des experts, {ligne.prenom} {ligne.nom}"
    yield _tache(geste, dossier, nom, ligne, jour, depuis=ligne.depuis, ton=transition.ton)


def _inscription(ligne, jour):
    yield _tache(
        "Confirmer mon inscription au bottin",
        "Bottin des experts",
        "fiche_confirmer",
        ligne,
        jour,
        echeance=ajouter_mois(ligne.jour, 12),
    )


_LECTURES = {
    "demande": _demande,
    "discussion": _discussion,
    "moment": _moment,
    "fiche": _fiche,
    "inscription": _inscription,
}
