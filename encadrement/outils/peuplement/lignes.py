"""Écrire une histoire par lots : les parents d’abord, avec les dates qu’elle dit, chaque lot tout entier ou pas du tout."""

from contextlib import contextmanager

from django.db import transaction

from encadrement.journal.actions import consigner
from encadrement.personnes.models import Personne

ACTE = "demonstration.peupler"
PAR_LOT = 500
# Une ligne de trop grande requête coûte plus qu’elle n’épargne.
PAR_REQUETE = 1000


class Lignes:
    """Les lignes d’un lot, par modèle, dans l’ordre où il faut les écrire."""

    def __init__(self, *modeles):
        self._par_modele = {modele: [] for modele in modeles}

    def ajouter(self, objet):
        """Retient cette ligne et la rend ; ce qu’elle désigne peut n’être pas encore écrit."""
        self._par_modele[type(objet)].append(objet)
        return objet

    def passages(self, modele, de, pas, **objet):
        """Retient les passages d’un dossier ; `pas` : (transition, état d’arrivée ou None, personne, titre, instant)."""
        for transition, vers, par, titre, quand in pas:
            vers = vers or de
            self.ajouter(modele(transition=transition, de=de, vers=vers, par_id=par, titre=titre, quand=quand, **objet))
            de = vers

    def ecrire(self):
        """Écrit tout, les parents d’abord."""
        with _dates_dites(self._par_modele):
            for modele, objets in self._par_modele.items():
                modele._default_manager.bulk_create(objets, batch_size=PAR_REQUETE)


@contextmanager
def _dates_dites(modeles):
    """Laisse écrire les dates que ces modèles posent d’eux-mêmes : l’histoire ne s’est pas passée à l’instant."""
    poses = [
        (champ, nom)
        for modele in modeles
        for champ in modele._meta.concrete_fields
        for nom in ("auto_now", "auto_now_add")
        if getattr(champ, nom, False)
    ]
    for champ, nom in poses:
        setattr(champ, nom, False)
    try:
        yield
    finally:
        for champ, nom in poses:
            setattr(champ, nom, True)


def completer(quoi, rangs, ecrire, *, par_lot=PAR_LOT, **details):
    """Écrit les rangs donnés, un lot par transaction : interrompue, l’histoire se reprend où elle en était.

    Le journal dit ce qui a été inventé, une entrée par lot : il ne prête à personne un geste qu’elle n’a pas fait.
    """
    rangs = list(rangs) if not isinstance(rangs, range) else rangs
    for debut in range(0, len(rangs), par_lot):
        lot = rangs[debut : debut + par_lot]
        with transaction.atomic():
            ecrire(lot)
            consigner(
                ACTE, par=Personne.objects.systeme(), chaine=ACTE, details={"quoi": quoi, "nombre": len(lot), **details}
            )
    return len(rangs)
