"""Les gestes des essais du plan et du rapport : ouvrir la page, renvoyer ce qu’elle montre, signer."""

from django.urls import reverse

from tests.factories import MOT_DE_PASSE
from tests.mentorat.formulaire import champs_de


def adresse(page, objet, *reste):
    return reverse(f"cdp:{page}", args=[objet.uuid, *reste])


def lire(client, page, document):
    """Rend {champ: valeur} de la page, telle que la personne l’a sous les yeux."""
    return champs_de(client.get(adresse(page, document)))


def poster(client, page, document, champs, geste="enregistrer"):
    return client.post(adresse(page, document), {**champs, "geste": geste})


def saisie_de_signature(client, page, document, **saisi):
    """Rend ce que la page de signature enverrait, engagement coché et mot de passe écrit."""
    return {**lire(client, page, document), "engagement": "on", "mot_de_passe": MOT_DE_PASSE, **saisi}


def signer(client, page, document, **saisi):
    return client.post(adresse(page, document), saisie_de_signature(client, page, document, **saisi))


def relire(document):
    return type(document).objects.get(pk=document.pk)


def case(document, rang, colonne):
    """Rend le nom du champ d’une case du tableau, ligne `rang` (à partir de 1)."""
    return f"ligne-{document.lignes.all()[rang - 1].pk}-{colonne}"
