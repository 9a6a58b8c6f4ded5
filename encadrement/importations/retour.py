"""Revenir d’une importation : ce qu’elle a écrit, ce qui valait avant, et ce qui empêche d’y revenir."""

import json

from django.core.serializers.json import DjangoJSONEncoder

from encadrement.mouvements.actions import retirer_de
from encadrement.mouvements.models import Mouvement
from encadrement.personnes.models import Direction, Installation, Personne, Service, TitreEmploi

COLONNES = (
    "nom",
    "prenom",
    "courriel",
    "titre_emploi_id",
    "service_id",
    "installation_id",
    "superieur_id",
    "date_embauche",
    "date_entree_service",
    "membre_cm",
    "ordre",
    "no_permis",
    "cle_recherche",
    "is_active",
)
_CREES = {"services": Service, "directions": Direction, "installations": Installation, "titres": TitreEmploi}


class Temoin:
    """Regarde les lignes qu’un écart va toucher avant et après l’écriture ; `releve()` rend de quoi revenir."""

    def __init__(self, ecart):
        fiches = (*ecart.nouvelles, *ecart.changees, *ecart.parties)
        self.matricules = [fiche.matricule for fiche in fiches]
        self.matricules += [personne.matricule for personne in ecart.absentes] if ecart.complete else []
        self.avant, self.directeurs = self._personnes(), _directeurs()
        self.connus = {nom: set(modele.objects.values_list("pk", flat=True)) for nom, modele in _CREES.items()}

    def _personnes(self):
        lignes = Personne.objects.filter(matricule__in=self.matricules).values("pk", *COLONNES)
        return {str(ligne.pop("pk")): ligne for ligne in map(en_json, lignes)}

    def releve(self):
        apres, directeurs = self._personnes(), _directeurs()
        return {
            "personnes": {
                pk: {"avant": self.avant.get(pk), "apres": ligne}
                for pk, ligne in apres.items()
                if self.avant.get(pk) != ligne
            },
            "directeurs": {
                pk: {"avant": self.directeurs[pk], "apres": directeur}
                for pk, directeur in directeurs.items()
                if pk in self.directeurs and self.directeurs[pk] != directeur
            },
            "crees": {
                nom: sorted(set(modele.objects.values_list("pk", flat=True)) - self.connus[nom])
                for nom, modele in _CREES.items()
            },
        }


def en_json(ligne):
    """Rend la ligne telle que le JSON la garde : deux lectures se comparent alors valeur à valeur."""
    return json.loads(json.dumps(ligne, cls=DjangoJSONEncoder))


def _directeurs():
    return {str(pk): directeur for pk, directeur in Direction.objects.values_list("pk", "directeur_id")}


def empechements(importation):
    """Rend, une phrase chacune, ce qui a bougé ou s’est accroché depuis que l’importation a été appliquée."""
    retour = importation.retour
    if not retour:
        return []
    return [*_changees_depuis(retour), *_accrochees(importation), *_mouvements_regles(importation)]


def _changees_depuis(retour):
    personnes = retour["personnes"]
    lignes = Personne.objects.filter(pk__in=personnes).values("pk", *COLONNES)
    for ligne in map(en_json, lignes):
        if {champ: ligne[champ] for champ in COLONNES} != personnes[str(ligne["pk"])]["apres"]:
            yield f"{ligne['prenom']} {ligne['nom']} a changé depuis."
    actuels = _directeurs()
    noms = dict(Direction.objects.values_list("pk", "nom"))
    for pk, directeur in retour["directeurs"].items():
        if actuels.get(pk) != directeur["apres"]:
            yield f"{noms.get(int(pk), 'Une direction')} a changé de directeur depuis."


def _accrochees(importation):
    """Ce qui pointe vers les lignes créées, sauf ce que l’annulation défait elle-même."""
    retour = importation.retour
    personnes = {int(pk) for pk, ligne in retour["personnes"].items() if ligne["avant"] is None}
    restaurees = {int(pk) for pk in retour["personnes"]}
    crees = {nom: set(pks) for nom, pks in retour["crees"].items()}
    defaits = {
        Personne: restaurees,
        Service: crees["services"],
        Mouvement: set(Mouvement.objects.filter(origine=importation.uuid).values_list("pk", flat=True)),
        Direction: crees["directions"] | {int(pk) for pk in retour["directeurs"]},
    }
    for modele, pks in ((Personne, personnes), *((_CREES[nom], pks) for nom, pks in crees.items())):
        if pks:
            yield from _liens_vers(modele, pks, defaits)


def _liens_vers(modele, pks, defaits):
    for lien in modele._meta.get_fields(include_hidden=True):
        if not (lien.auto_created and not lien.concrete and lien.is_relation) or lien.many_to_many:
            continue
        dependants = lien.related_model._base_manager.filter(**{f"{lien.field.name}__in": pks})
        dependants = dependants.exclude(pk__in=defaits.get(lien.related_model, ()))
        for cible in dependants.order_by().values_list(lien.field.name, flat=True).distinct()[:5]:
            objet = modele._base_manager.get(pk=cible)
            yield f"{objet} sert déjà ailleurs ({lien.related_model._meta.verbose_name})."


def _mouvements_regles(importation):
    regles = Mouvement.objects.filter(origine=importation.uuid, acquitte_le__isnull=False)
    for mouvement in regles.select_related("personne", "acquitte_par"):
        yield f"{mouvement.acquitte_par} a déjà décidé des dossiers de {mouvement.personne}."


def revenir(importation):
    """Remet chaque ligne comme avant et retire ce que l’importation avait créé ; `empechements` doit être vide."""
    retour = importation.retour
    retirer_de(importation.uuid)
    lignes = retour["personnes"]
    anciennes = [int(pk) for pk, ligne in lignes.items() if ligne["avant"] is not None]
    creees = [int(pk) for pk, ligne in lignes.items() if ligne["avant"] is None]
    a_remettre = list(Personne.objects.filter(pk__in=anciennes))
    for personne in a_remettre:
        for champ, valeur in lignes[str(personne.pk)]["avant"].items():
            setattr(personne, champ, valeur)
    if a_remettre:
        Personne.objects.bulk_update(a_remettre, [nom.removesuffix("_id") for nom in COLONNES], batch_size=50)
    for pk, directeur in retour["directeurs"].items():
        Direction.objects.filter(pk=pk).update(directeur=directeur["avant"])
    Personne.objects.filter(pk__in=creees).update(superieur=None)
    Direction.objects.filter(pk__in=retour["crees"]["directions"]).update(directeur=None)
    Personne.objects.filter(pk__in=creees).delete()
    for nom in ("services", "directions", "installations", "titres"):
        _CREES[nom].objects.filter(pk__in=retour["crees"][nom]).delete()
