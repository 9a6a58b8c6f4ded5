"""Ce qui est écrit : de quoi dire qu’un acte refusé n’a rien laissé derrière lui, ou lire ce qu’il a laissé."""

from contextlib import contextmanager

from django.apps import apps

from encadrement.documents.models import Document
from encadrement.journal.models import Entree
from encadrement.notifications.models import Courriel
from encadrement.signatures.models import Instantane, Signature
from encadrement.sondages.models import Campagne, Invitation, Reponse


def ecrit():
    """Rend tout ce que les actes écrivent : chaque ligne de leurs tables, et ce qui en découle."""
    photo = {modele.__name__: list(modele.objects.order_by("pk").values()) for modele in _tables()}
    comptes = (Document, Courriel, Instantane, Signature, Campagne, Invitation, Reponse)
    photo |= {modele.__name__: modele.objects.count() for modele in comptes}
    photo["journal"] = Entree.objects.exclude(acte="acces.refus").count()
    return photo


def _tables():
    for application in ("consultation", "demandes"):
        yield from apps.get_app_config(application).get_models(include_auto_created=True)


@contextmanager
def rien_decrit():
    """Vérifie que ce qui se passe dans le bloc n’écrit rien."""
    avant = ecrit()
    yield
    apres = ecrit()
    changes = {nom: (avant[nom], apres[nom]) for nom in avant if avant[nom] != apres[nom]}
    assert not changes, f"écrit malgré le refus : {changes}"


def courriels(gabarit, mesure="consultation"):
    """Rend à qui (prénom ou adresse) un gabarit a été annoncé, dans l’ordre alphabétique."""
    lignes = Courriel.objects.filter(gabarit=f"{mesure}/{gabarit}").select_related("a")
    return sorted(ligne.a.prenom if ligne.a else ligne.adresse for ligne in lignes)


def actes(objet):
    """Rend les actes consignés au journal sur un dossier, du plus ancien au plus récent."""
    return list(Entree.objects.filter(objet_uuid=objet.uuid).order_by("id").values_list("acte", flat=True))
