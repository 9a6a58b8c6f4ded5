"""Lire une page comme la personne l’a sous les yeux : ses champs, remplis, avec les champs cachés."""

from html.parser import HTMLParser

from django.urls import reverse

from tests.factories import MOT_DE_PASSE


class _Lecteur(HTMLParser):
    def __init__(self):
        super().__init__()
        self.champs, self.zone = {}, None

    def handle_starttag(self, tag, attrs):
        attributs = dict(attrs)
        nom, sorte = attributs.get("name"), attributs.get("type", "text")
        if tag == "textarea" and nom:
            self.zone, self.champs[nom] = nom, ""
        elif tag == "input" and nom and sorte in {"radio", "checkbox"}:
            if "checked" in attributs:
                self.champs[nom] = attributs.get("value", "on")
        elif tag == "input" and nom and sorte not in {"submit", "search"}:
            self.champs[nom] = attributs.get("value", "")

    def handle_data(self, data):
        if self.zone:
            self.champs[self.zone] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            # Le navigateur retire le premier saut de ligne d’une zone de texte, que Django y met exprès.
            self.champs[self.zone] = self.champs[self.zone].removeprefix("\n")
            self.zone = None


def champs_de(reponse):
    """Rend {nom: valeur} de tous les champs d’une page, tels qu’un navigateur les renverrait."""
    lecteur = _Lecteur()
    lecteur.feed(reponse.content.decode())
    return {nom: valeur for nom, valeur in lecteur.champs.items() if nom != "csrfmiddlewaretoken"}


def adresse(nom, objet):
    return reverse(f"mentorat:{nom}", args=[objet.uuid])


def texte_de(reponse):
    """Rend le texte d’une page, espaces insécables aplanies, pour y chercher une phrase."""
    return " ".join(reponse.content.decode().replace("\xa0", " ").replace("&nbsp;", " ").split())


def signer_par_la_page(client, nom, objet, **saisi):
    """Ouvre la page d’un acte signé, coche l’engagement, confirme son identité et l’envoie."""
    lus = champs_de(client.get(adresse(nom, objet)))
    donnees = {**lus, "engagement": "on", "mot_de_passe": MOT_DE_PASSE, **saisi}
    return client.post(adresse(nom, objet), donnees)
