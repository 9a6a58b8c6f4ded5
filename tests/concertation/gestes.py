"""Les gestes du comité, par les pages : de quoi écrire un essai comme on raconterait la situation."""

from contextlib import contextmanager

from django.apps import apps
from django.urls import reverse

from concertation.actions import exclusions, recits
from concertation.models import SituationComplexe
from encadrement.journal.models import Entree
from encadrement.notifications.models import Courriel
from tests.mentorat.formulaire import champs_de, texte_de  # noqa: F401  (lus avec les autres gestes)

ACCUEIL, LISTE, COMITE = (reverse(f"concertation:{nom}") for nom in ("accueil", "situations", "comite"))
NOMMER, PLANIFIER = reverse("concertation:nomination_nommer"), reverse("concertation:rencontre_planifier")


def adresse(nom, objet):
    return reverse(f"concertation:{nom}", args=[objet.uuid])


def relire(situation):
    return SituationComplexe.objects.get(pk=situation.pk)


def recit(situation):
    """Rend le récit en clair, pour vérifier ce qui est gardé ; rien n’en est consigné."""
    return recits.contenu(situation)


def declares(situation, *personnes):
    """Chacun déclare n’avoir aucun lien ; rend la situation."""
    for personne in personnes:
        if recits.doit_declarer(personne, situation):
            exclusions.declarer(situation, par=personne, en_conflit=False)
    return situation


def lectures(situation):
    """Rend (qui, pourquoi, champs) de chaque lecture consignée, dans l’ordre."""
    entrees = Entree.objects.filter(acte="concertation.lecture", objet_uuid=situation.uuid).order_by("id")
    return [(entree.par, entree.details["pourquoi"], entree.details["champs"]) for entree in entrees]


def ecrit():
    """Rend tout ce que les actes écrivent, à l’exception des refus consignés."""
    photo = {}
    for application in ("concertation", "demandes"):
        for modele in apps.get_app_config(application).get_models(include_auto_created=True):
            photo[modele.__name__] = list(modele.objects.order_by("pk").values())
    photo["Courriel"] = Courriel.objects.count()
    photo["journal"] = Entree.objects.exclude(acte__in=("acces.refus", "concertation.lecture")).count()
    return photo


@contextmanager
def rien_decrit():
    """Vérifie que ce qui se passe dans le bloc n’écrit rien, sauf qu’on a lu ou qu’on s’est vu refuser."""
    avant = ecrit()
    yield
    apres = ecrit()
    changes = {nom: (avant[nom], apres[nom]) for nom in avant if avant[nom] != apres[nom]}
    assert not changes, f"écrit malgré le refus : {changes}"


def courriels(gabarit):
    """Rend à qui (prénom) un gabarit a été annoncé, dans l’ordre alphabétique."""
    lignes = Courriel.objects.filter(gabarit=f"concertation/{gabarit}").select_related("a")
    return sorted(ligne.a.prenom for ligne in lignes)
