"""Le registre des courriels, tel que le pilote le lit : où en est chaque envoi, jamais ce qu’il dit.

Le pilote ne lit aucun dossier. L’objet et le texte ne se chargent pas ; le destinataire ne paraît que pour un envoi à
décider, et jamais pour le comité ni les incidents, où recevoir un avis en dit déjà trop : le Message-ID y suffit.
"""

import re

from django.db.models import Count

from encadrement.accueil.mesures import mesures
from encadrement.notifications.models import EN_SOUFFRANCE, Courriel, EtatCourriel

E = EtatCourriel
A_DECIDER = "a_decider"
# Ce qu’on demande au registre : {code: (libellé, états, dessin de l’étiquette)}.
FAMILLES = {
    "en_file": ("en file", (E.A_ENVOYER, E.EN_COURS, E.A_REGROUPER), "attente"),
    "parti": ("parti", (E.ENVOYE, E.REGROUPE), "valide"),
    "incertain": ("incertain", (E.AMBIGU,), "en_pause"),
    "echoue": ("échoué", (E.ECHEC,), "refusee"),
    "abandonne": ("abandonné", (E.ABANDONNE,), "close"),
}
RESERVEES = {"concertation", "incidents"}
_LUS = (
    *("uuid", "gabarit", "etat", "cree_le", "envoye_le", "essais", "erreur", "message_id", "adresse"),
    *("a__prenom", "a__nom", "a__courriel"),
)
_FAMILLE_DE = {etat: code for code, (_, etats, _) in FAMILLES.items() for etat in etats}
_ADRESSE = re.compile(r"[^\s<>:,;]+@[^\s<>:,;]+")


class Ligne:
    """Un envoi au registre."""

    def __init__(self, courriel, noms):
        self.uuid, self.cree_le, self.envoye_le = courriel.uuid, courriel.cree_le, courriel.envoye_le
        self.essais, self.message_id = courriel.essais, courriel.message_id
        self.etat, _, self.dessin = FAMILLES[_FAMILLE_DE[courriel.etat]]
        self.a_decider = courriel.etat in EN_SOUFFRANCE
        mesure = courriel.gabarit.partition("/")[0]
        self.mesure = noms.get(mesure, "L’application")
        # La réponse d’un serveur répète souvent l’adresse.
        self.erreur = _ADRESSE.sub("(adresse)", courriel.erreur)
        self.a = _destinataire(courriel) if self.a_decider and mesure not in RESERVEES else ""


def _destinataire(courriel):
    if courriel.a is None:
        return courriel.adresse or "Personne\xa0: retiré du fil"
    return f"{courriel.a.nom_complet}, {courriel.a.courriel or 'sans adresse'}"


def envois(*, etat="", mesure=""):
    """Rend les envois choisis, le plus récent d’abord, sans leur contenu."""
    etats = EN_SOUFFRANCE if etat == A_DECIDER else FAMILLES[etat][1] if etat else E.values
    choisis = Courriel.objects.filter(etat__in=etats).select_related("a").only(*_LUS).order_by("-pk")
    return choisis.filter(gabarit__startswith=f"{mesure}/") if mesure else choisis


def lignes(courriels):
    noms = noms_des_mesures()
    return [Ligne(courriel, noms) for courriel in courriels]


def noms_des_mesures():
    """Rend {début du gabarit: nom de la mesure}."""
    return {mesure.code: mesure.nom for mesure in mesures()}


def comptes():
    """Rend [(libellé, code, combien)], une ligne par famille d’états."""
    par_etat = dict(Courriel.objects.order_by().values_list("etat").annotate(Count("pk")))
    return [
        (libelle, code, sum(par_etat.get(etat, 0) for etat in etats)) for code, (libelle, etats, _) in FAMILLES.items()
    ]
