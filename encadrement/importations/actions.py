"""Appliquer un écart : tout ou rien, en un nombre constant de requêtes par lot."""

from django.contrib.auth.hashers import make_password
from django.db import OperationalError, transaction

from encadrement.importations.comparaison import Base, comparer
from encadrement.importations.organisation import creer_ce_qui_manque
from encadrement.importations.retour import Temoin
from encadrement.journal.actions import consigner
from encadrement.mouvements.actions import relever
from encadrement.mouvements.models import Sorte
from encadrement.personnes.models import Direction, Personne, sans_accents
from encadrement.socle.erreurs import ErreurMetier, Perime

LOT = 500


@transaction.atomic
def appliquer(ecart, *, par, origine=None):
    """Écrit l’écart montré, consigne l’importation et relève les départs ; rend de quoi revenir ({} si rien ne changeait).

    Lève Perime si la base a changé depuis la comparaison, ErreurMetier si une extraction dite complète ferme trop
    d’accès d’un coup. Rien n’est écrit alors. Une personne partie est gardée, inactive (N-05) ; rien n’est effacé.
    """
    verrouiller()
    base = Base.lire()
    if comparer(ecart.lecture, complete=ecart.complete, base=base) != ecart:
        raise Perime("Les données ont changé depuis la comparaison\xa0: relancez l’importation. Rien n’a été écrit.")
    _refuser_une_extraction_tronquee(ecart)
    if ecart.est_vide:
        return {}
    mouvements = _mouvements(ecart, base)
    temoin = Temoin(ecart)
    creer_ce_qui_manque(ecart, base)
    _ecrire_les_personnes(ecart, base)
    _ecrire_les_superieurs(ecart, base)
    _ecrire_les_directeurs(ecart, base)
    if ecart.complete and ecart.absentes:
        Personne.objects.filter(pk__in=[personne.pk for personne in ecart.absentes]).update(is_active=False)
    _consigner(ecart, par)
    relever(mouvements, origine=origine)
    return temoin.releve()


def verrouiller():
    """Une importation à la fois : la seconde attend ici, puis trouve la base changée ; lève ErreurMetier si elle attend trop."""
    try:
        with transaction.atomic():
            list(Personne.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    except OperationalError as occupee:
        raise ErreurMetier(
            "Une autre importation est en cours\xa0: attendez qu’elle finisse, puis recommencez."
        ) from occupee


def _mouvements(ecart, base):
    """Rend {personne: (sorte, gestionnaire d’avant)} de ceux qui partent, changent de gestionnaire ou de service."""
    mouvements = {}
    for fiche in ecart.changees:
        personne = base.personnes[fiche.matricule]
        if personne.is_active and "superieur" in fiche.champs:
            mouvements[personne.pk] = (Sorte.GESTIONNAIRE, personne.superieur_id)
        elif personne.is_active and "service" in fiche.champs:
            mouvements[personne.pk] = (Sorte.SERVICE, personne.superieur_id)
    partent = [base.personnes[fiche.matricule] for fiche in ecart.parties]
    partent += ecart.absentes if ecart.complete else ()
    return mouvements | {personne.pk: (Sorte.DEPART, personne.superieur_id) for personne in partent}


def _refuser_une_extraction_tronquee(ecart):
    if ecart.complete and len(ecart.absentes) > max(10, ecart.actives // 4):
        raise ErreurMetier(
            f"L’extraction dite complète omet {len(ecart.absentes)} des {ecart.actives} personnes actives\xa0: "
            "elle paraît tronquée. Aucun accès n’a été fermé et rien n’a été écrit."
        )


def _ecrire_les_personnes(ecart, base):
    # Un mot de passe inutilisable : la personne entre par le compte de l’établissement ou choisit le sien par courriel.
    nouvelles = []
    for fiche in ecart.nouvelles:
        personne = Personne(matricule=fiche.matricule, is_active=False, password=make_password(None))
        _remplir(personne, fiche, base)
        nouvelles.append(personne)
    for personne in Personne.objects.bulk_create(nouvelles, batch_size=LOT):
        base.personnes[personne.matricule] = personne
    changees, champs = [], set()
    for fiche in (*ecart.changees, *ecart.parties):
        if colonnes := _remplir(base.personnes[fiche.matricule], fiche, base):
            changees.append(base.personnes[fiche.matricule])
            champs |= colonnes
    if changees:
        Personne.objects.bulk_update(changees, sorted(champs), batch_size=LOT // len(champs) + 1)


def _remplir(personne, fiche, base):
    """Pose les champs de la fiche, sauf le supérieur qui attend que tous existent ; rend les colonnes touchées."""
    colonnes = set()
    for champ, valeur in fiche.champs.items():
        if champ == "superieur":
            continue
        match champ:
            case "titre_emploi":
                valeur = base.titres.get(valeur)
            case "service":
                valeur = base.services[tuple(sans_accents(nom) for nom in valeur)] if valeur else None
            case "installation":
                valeur = base.installations.get(sans_accents(valeur))
        setattr(personne, champ, valeur)
        colonnes.add(champ)
    if colonnes & {"nom", "prenom"}:
        personne.recalculer_cle()
        colonnes.add("cle_recherche")
    return colonnes


def _ecrire_les_superieurs(ecart, base):
    touchees = []
    for fiche in (*ecart.nouvelles, *ecart.changees, *ecart.parties):
        if "superieur" in fiche.champs:
            personne = base.personnes[fiche.matricule]
            personne.superieur = base.personnes.get(fiche.champs["superieur"])
            touchees.append(personne)
    if touchees:
        Personne.objects.bulk_update(touchees, ["superieur"], batch_size=LOT)


def _ecrire_les_directeurs(ecart, base):
    touchees = []
    for releve in ecart.directeurs:
        direction = base.directions[sans_accents(releve.nom)]
        direction.directeur = base.personnes.get(releve.apres)
        touchees.append(direction)
    if touchees:
        Direction.objects.bulk_update(touchees, ["directeur"], batch_size=LOT)


def _consigner(ecart, par):
    consigner(
        "importations.rh",
        par=par,
        chaine="importations.rh",
        details={
            "fichier": ecart.lecture.nom,
            "empreinte": ecart.lecture.empreinte,
            "nouvelles": len(ecart.nouvelles),
            "changees": len(ecart.changees),
            "parties": [fiche.matricule for fiche in ecart.parties],
            "desactivees": [p.matricule for p in ecart.absentes] if ecart.complete else [],
            "inchangees": ecart.inchangees,
            "signalements": len(ecart.signalements),
        },
    )
