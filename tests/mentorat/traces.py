"""Ce qui est écrit : les traces qu’un acte laisse dans la base, pour dire qu’il en laisse, ou qu’il n’en laisse aucune."""

from contextlib import contextmanager

from encadrement.documents.models import Document
from encadrement.journal.models import Entree
from encadrement.notifications.models import Courriel
from encadrement.signatures.models import Instantane, Signature
from encadrement.trajectoire.transition import Trajectoire
from mentorat.models import Activite, ConditionsFavorables, Entente, Objectif, Transmission

COMPTEES = (Document, Courriel, Instantane, Signature, ConditionsFavorables, Objectif, Activite)
SANS_EFFET = ("acces.refus",)


def ecrit():
    """Rend tout ce que les actes du mentorat écrivent : comptes, états, passages, contenu des ententes, journal."""
    photo = {modele.__name__: modele.objects.count() for modele in COMPTEES}
    photo["journal"] = Entree.objects.exclude(acte__in=SANS_EFFET).exclude(acte__startswith="mentorat.lecture.").count()
    photo["copies"] = list(Transmission.objects.values_list("pk", "recue_le"))
    photo["ententes"] = list(Entente.objects.values())
    for modele in Trajectoire.par_modele:
        photo[modele.__name__] = list(modele.objects.values_list("pk", "etat", "depuis"))
        photo[f"passages {modele.__name__}"] = modele._meta.get_field("passages").related_model.objects.count()
    return photo


@contextmanager
def rien_decrit():
    """Vérifie que ce qui se passe dans le bloc n’écrit rien."""
    avant = ecrit()
    yield
    apres = ecrit()
    changes = {nom: (avant[nom], apres[nom]) for nom in avant if avant[nom] != apres[nom]}
    assert not changes, f"écrit malgré le refus : {changes}"


def courriels(gabarit):
    """Rend à qui (nom complet ou adresse) un gabarit du mentorat a été annoncé, dans l’ordre alphabétique."""
    lignes = Courriel.objects.filter(gabarit=f"mentorat/{gabarit}").select_related("a")
    return sorted(ligne.a.nom_complet if ligne.a else ligne.adresse for ligne in lignes)


def actes(objet):
    """Rend les actes consignés au journal sur un dossier, du plus ancien au plus récent."""
    return list(Entree.objects.filter(objet_uuid=objet.uuid).order_by("id").values_list("acte", flat=True))
