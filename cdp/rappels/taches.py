"""Les gestes que les communautés attendent d’une personne, pour la page « À faire ».

La pastille du menu les compte à chaque page : tout se lit en une requête, quel que soit le nombre de communautés.
"""

import datetime
from collections import namedtuple

from django.db.models import CharField, DateField, F, Q, Value
from django.db.models.functions import Cast
from django.urls import reverse

from cdp.models import (
    Adhesion,
    Communaute,
    EtatAnnuel,
    EtatCommunaute,
    EtatRencontre,
    PlanAnnuel,
    RapportAnnuel,
    RencontreCdp,
    RoleCdp,
    SuiviCdp,
)
from cdp.rappels.echeances import UN_MOIS, documents_dus
from cdp.trajectoire import (
    TRAJECTOIRE_ADHESION,
    TRAJECTOIRE_COMMUNAUTE,
    TRAJECTOIRE_DEPASSEMENT,
    TRAJECTOIRE_PLAN,
    TRAJECTOIRE_RAPPORT,
    TRAJECTOIRE_RENCONTRE,
)
from encadrement.acces.requetes import RequeteParPersonne
from encadrement.accueil.mesures import Tache
from encadrement.rencontres.models import Reponse
from encadrement.socle.temps import AnneeFinanciere, jour_local
from encadrement.trajectoire.dessin import condition_attendue

POUR_CONVOQUER = datetime.timedelta(days=21)
POUR_UN_SUIVI = datetime.timedelta(days=7)
_TEXTE = CharField()
_COLONNES = ("sorte", "uuid", "etat", "communaute", "depuis", "jour")
_Ligne = namedtuple("_Ligne", _COLONNES)


def taches(personne):
    """Rend tout ce que les communautés attendent de cette personne aujourd’hui."""
    jour = jour_local()
    lignes = [_Ligne._make(ligne) for ligne in _TOUT.lignes(personne, jour)]
    yield from _des_etats(lignes, jour)
    yield from _des_annees(lignes, jour)


def _lignes(sorte, objets, *, communaute="communaute__nom", **colonnes):
    valeurs = {
        "c_sorte": Value(sorte, output_field=_TEXTE),
        "c_uuid": colonnes.get("uuid", F("uuid")),
        "c_etat": Cast(colonnes.get("etat", F("etat")), _TEXTE),
        "c_communaute": F(communaute),
        "c_depuis": colonnes.get("depuis", F("depuis")),
        "c_jour": colonnes.get("jour", Cast(None, DateField())),
    }
    return objets.order_by().annotate(**valeurs).values_list(*valeurs)


def _attendus(personne, trajectoire, **precisions):
    return trajectoire.modele.objects.filter(condition_attendue(personne, trajectoire, **precisions))


def _adhesions(personne):
    return Adhesion.objects.actives().filter(personne=personne)


def _tout(personne, jour):
    premiere, *autres = [
        _lignes("communaute", _attendus(personne, TRAJECTOIRE_COMMUNAUTE), communaute="nom"),
        _lignes("adhesion", _attendus(personne, TRAJECTOIRE_ADHESION)),
        _lignes("plan", _attendus(personne, TRAJECTOIRE_PLAN)),
        _lignes("rapport", _attendus(personne, TRAJECTOIRE_RAPPORT)),
        _lignes("depassement", _attendus(personne, TRAJECTOIRE_DEPASSEMENT)),
        *_des_rencontres(personne, jour),
        *_des_engagements(personne),
        *_de_l_animation(personne),
    ]
    return premiere.union(*autres, all=True)


def _des_rencontres(personne, jour):
    # Qui tient une rencontre est de sa communauté : partir des siennes, sans quoi celles de tous se liraient à chaque page.
    attendues = _attendus(
        personne, TRAJECTOIRE_RENCONTRE, tenir=Q(debut__date__lte=jour), convoquer=Q(debut__date__gt=jour)
    ).filter(communaute__in=_adhesions(personne).values("communaute"))
    sans_reponse = RencontreCdp.objects.filter(
        etat=EtatRencontre.CONVOQUEE,
        debut__date__gte=jour,
        participations__personne=personne,
        participations__reponse=Reponse.ATTENDUE,
    )
    return (
        _lignes("rencontre", attendues, jour=F("debut__date")),
        _lignes("reponse", sans_reponse, jour=F("debut__date")),
    )


def _des_engagements(personne):
    suivis = SuiviCdp.objects.filter(clos_le=None, personne=personne)
    mandats = _adhesions(personne).filter(role=RoleCdp.ANIMATEUR)
    return (
        _lignes("suivi", suivis, etat=F("texte"), depuis=F("cree_le"), jour=F("echeance")),
        _lignes("mandat", mandats, jour=F("mandat_fin")),
    )


def _de_l_animation(personne):
    """Les communautés actives que la personne anime, et les plans et rapports qui y sont déjà ouverts."""
    animees = Communaute.objects.filter(
        etat=EtatCommunaute.ACTIVE,
        pk__in=_adhesions(personne).filter(role=RoleCdp.ANIMATEUR).values("communaute"),
    )
    yield _lignes("animee", animees, communaute="nom", jour=F("agreee_le"))
    for nature, modele in (("plan", PlanAnnuel), ("rapport", RapportAnnuel)):
        ouverts = modele.objects.filter(communaute__in=animees)
        yield _lignes(f"{nature} ouvert", ouverts, uuid=F("communaute__uuid"), etat=F("annee"))


_TOUT = RequeteParPersonne(_tout)


def _tache(geste, ligne, nom, jour, *, echeance=None, dossier="", args=(), **options):
    return Tache(
        geste=geste,
        dossier=dossier or ligne.communaute,
        url=reverse(f"cdp:{nom}", args=[ligne.uuid, *args]),
        echeance=echeance,
        retard=echeance is not None and echeance < jour,
        **options,
    )


# — Ce que l’état de chaque dossier attend

_TRAJECTOIRES = {
    "communaute": TRAJECTOIRE_COMMUNAUTE,
    "adhesion": TRAJECTOIRE_ADHESION,
    "plan": TRAJECTOIRE_PLAN,
    "rapport": TRAJECTOIRE_RAPPORT,
    "depassement": TRAJECTOIRE_DEPASSEMENT,
    "rencontre": TRAJECTOIRE_RENCONTRE,
}
# Le verbe d’un brouillon est de l’écrire : on ne signe pas une page blanche.
_A_ECRIRE = {
    ("communaute", EtatCommunaute.EN_PREPARATION): ("Préparer la communauté", "communaute"),
    ("plan", EtatAnnuel.BROUILLON): ("Préparer le plan d’action", "plan_modifier"),
    ("rapport", EtatAnnuel.BROUILLON): ("Préparer le rapport annuel", "rapport_modifier"),
    ("rencontre", EtatRencontre.TENUE): ("Écrire et publier le compte rendu", "rencontre_ecrire"),
}


def _des_etats(lignes, jour):
    for ligne in lignes:
        if ligne.sorte in _TRAJECTOIRES:
            yield from _de_l_etat(ligne, jour)
        elif ligne.sorte == "reponse":
            yield _tache("Dire si je serai là", ligne, "rencontre", jour, dossier=_du(ligne), echeance=ligne.jour)
        elif ligne.sorte == "suivi" and (ligne.jour is None or ligne.jour - POUR_UN_SUIVI <= jour):
            yield _tache(
                f"Suivi\xa0: {ligne.etat}", ligne, "suivi_clore", jour, echeance=ligne.jour, depuis=ligne.depuis
            )
        elif ligne.sorte == "mandat" and ligne.jour - UN_MOIS <= jour:
            yield _tache("Reconduire mon mandat d’animateur", ligne, "adhesion_reconduire", jour, echeance=ligne.jour)


def _de_l_etat(ligne, jour):
    est_rencontre = ligne.sorte == "rencontre"
    if est_rencontre and ligne.jour > jour + POUR_CONVOQUER:
        return
    if (ligne.sorte, ligne.etat) in _A_ECRIRE:
        geste, nom = _A_ECRIRE[ligne.sorte, ligne.etat]
        ton = "principal"
    else:
        code = "tenir" if est_rencontre and ligne.jour <= jour else None
        transition = _attendue(ligne, code)
        geste, nom, ton = transition.libelle, f"{ligne.sorte}_{transition.code}", transition.ton
    dossier = _du(ligne) if est_rencontre else ""
    yield _tache(geste, ligne, nom, jour, dossier=dossier, depuis=ligne.depuis, ton=ton)


def _attendue(ligne, code):
    trajectoire = _TRAJECTOIRES[ligne.sorte]
    if code is not None:
        return trajectoire[code]
    return next(transition for transition in trajectoire.depuis(ligne.etat) if transition.attendue)


def _du(ligne):
    return f"{ligne.communaute}, rencontre du {ligne.jour:%Y-%m-%d}"


# — Ce que l’année financière appelle : le rapport de celle qui finit, le plan de celle qui vient


def _des_annees(lignes, jour):
    # Ouvert, un document a sa propre ligne : la rédiger, ou l’approuver.
    ouverts = {(ligne.sorte.removesuffix(" ouvert"), ligne.uuid, ligne.etat) for ligne in lignes}
    for ligne in lignes:
        if ligne.sorte != "animee":
            continue
        for nature, annee, du in documents_dus(ligne.jour, AnneeFinanciere.du(jour), jour):
            if (nature, ligne.uuid, str(annee.debut_annee)) not in ouverts:
                geste = (
                    f"Préparer le plan d’action {annee}" if nature == "plan" else f"Préparer le rapport annuel {annee}"
                )
                yield _tache(geste, ligne, "communaute_annees", jour, echeance=du)
