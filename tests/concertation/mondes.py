"""Deux mondes qui ne diffèrent que par une situation, et ce qu’une personne voit de chacun (N-02, S-04).

Dans les deux, une situation visible va jusqu’à son suivi. Dans l’un, une autre fait le même chemin à la même rencontre,
inscrite avant elle, et la personne en est exclue. Si quoi que ce soit diffère pour elle, la situation se devine.
"""

import dataclasses
import datetime
import re

from django.db import transaction
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from concertation.actions import comite, convocations, exclusions, plans, situations
from concertation.models import (
    AnalyseMensuelle,
    Constat,
    Nomination,
    PartAnalyse,
    SituationComplexe,
    SorteConstat,
    TitreConvie,
)
from concertation.urls import urlpatterns
from encadrement.documents.actions import numero_suivant
from encadrement.notifications.models import Courriel
from encadrement.personnes.models import Attribution, RoleAttribue
from encadrement.socle.temps import jour_local
from tests.concertation import scenes
from tests.rejeu import rejouee, retour

# Qui fait, dans la situation cachée, ce que la personne exclue y aurait fait.
REMPLACANTS = {
    "coordonnatrice": "appr_liaison",
    "gestionnaire": "delegue",
    "delegue": "gestionnaire_mentor",
    "collegue": "membre",
    "autre_gestionnaire": "parrain",
    "animatrice": "secretaire",
}
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_JETON = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]+')
# Les pages communes où une situation pourrait se trahir.
COMMUNES = (
    ("accueil:a_faire", {}),
    ("accueil:recherche", {"q": "CC-"}),
    ("accueil:recherche", {"q": "St-Onge"}),
    ("accueil:mes_donnees", {"forme": "json"}),
    ("accueil:mes_donnees", {"forme": "csv"}),
    ("accueil:profil", {}),
    ("accueil:qui_doit_faire_quoi", {}),
    ("demandes:liste", {}),
    ("sondages:campagnes", {}),
    ("incidents:registre", {}),
    ("indicateurs:tableau", {}),
    ("indicateurs:tableau_exporter", {"format": "csv"}),
)


def adresses_sans_objet():
    """Rend le nom de chaque page du comité qui ne dit pas de quel dossier il s’agit : listes, chiffres, exports."""
    return [motif.name for motif in urlpatterns if "<" not in str(motif.pattern) and motif.name != "zone_reprendre"]


def adresses_d_un_dossier():
    """Rend le nom de chaque page du comité qui porte l’uuid d’un dossier."""
    return [motif.name for motif in urlpatterns if "<uuid:" in str(motif.pattern)]


def toutes_les_adresses():
    """Rend le nombre d’adresses de la mesure, pour que nul n’en ajoute une sans qu’elle soit parcourue."""
    return sum(isinstance(motif, URLPattern) for motif in get_resolver("concertation.urls").url_patterns)


@rejouee
def preparer(d):
    """Nomme les représentants et leurs remplaçants ; ce qui suit est commun aux deux mondes."""
    scenes.representants(d)
    hier = jour_local() - datetime.timedelta(days=1)
    Attribution.objects.create(
        personne=d.appr_liaison,
        role=RoleAttribue.COORDONNATEUR,
        debut=hier,
        motif="Renfort",
        proposee_par=d.pilote,
        approuvee_par=d.dsm,
    )
    for direction, personne in scenes.directions(d):
        nom = next(nom for nom, qui in d if qui == personne)
        remplacant = d[REMPLACANTS[nom]]
        nomination = comite.nommer_representant(direction, remplacant, par=d.pilote, pouvoir=True, est_substitut=True)
        comite.accepter_nomination(nomination, par=d.dsm)
    assert Nomination.objects.en_vigueur().count() == 6


@dataclasses.dataclass
class Monde:
    """Ce qu’un monde contient : la situation visible, la rencontre, et la situation cachée s’il y en a une."""

    visible: SituationComplexe
    rencontre: object
    cachee: SituationComplexe | None = None
    demande_d_acces: object = None
    constat: object = None

    def objets(self):
        """Rend {début du nom d’adresse: uuid} des dossiers de la situation cachée."""
        participation = self.cachee.participations.first()
        return {
            "situation_reprendre": self.cachee.uuid,
            "situation": self.cachee.uuid,
            "orientation_ajouter": self.cachee.uuid,
            "orientation": self.cachee.orientations.order_by("rang").first().uuid,
            "participation": participation.uuid,
            "exclusion": self.cachee.exclusions.first().uuid,
            "exception": self.demande_d_acces.uuid,
            "constat": self.constat.uuid,
        }


@rejouee
def jouer(d, nom=None, *, tard=False):
    """Joue un monde et le rend ; la situation cachée à `d[nom]` l’est dès le départ ou, `tard`, à la fin seulement.

    Sans `nom`, c’est le monde où cette situation n’existe pas : le même pour tous.
    """
    autre = dataclasses.replace(d, **({nom: d[REMPLACANTS[nom]]} if nom in REMPLACANTS else {}))
    cachee = None
    if nom:
        cachee = scenes.situation_en_redaction(autre)
        if not tard:
            exclusions.exclure(cachee, par=d.mentore, personne=d[nom])
        situations.soumettre_situation(cachee, par=d.mentore)
        situations.attester_demarches(cachee, par=autre.gestionnaire)
        situations.declarer_recevable(cachee, par=autre.coordonnatrice, motif="Impasse de services.")
        convocations.inscrire_situation(cachee, scenes.rencontre_planifiee(d), par=autre.coordonnatrice)
    else:
        # Un numéro consommé ne dit rien : un brouillon que nul n’a vu en consomme un aussi.
        numero_suivant(situations.SERIE, jour_local().year)
        scenes.rencontre_planifiee(d)
    visible = scenes.situation_inscrite(d)
    couples = [(visible, d), *([(cachee, autre)] if cachee else [])]
    monde = Monde(visible, visible.inscription.rencontre, cachee)
    _tenir(monde, d, couples)
    for situation, gens in couples:
        _suivre(situation, gens)
    _analyser(monde, d)
    if cachee:
        demandeur = d.prp if nom == "dsm" else d.dsm
        monde.demande_d_acces = exclusions.demander_exception(cachee.numero, par=demandeur, motif="Urgence.")
        if tard:
            exclusions.exclure(cachee, par=d.mentore, personne=d[nom])
    return monde


def _analyser(monde, d):
    """L’analyse du mois a un constat sur chaque situation, chez chacun des deux titres à qui elle se confie."""
    for part in PartAnalyse:
        analyse = AnalyseMensuelle.objects.create(mois=jour_local().replace(day=1), part=part)
        for situation in filter(None, (monde.visible, monde.cachee)):
            monde.constat = Constat.objects.create(
                analyse=analyse, sorte=SorteConstat.HORS_HEURES, lecteur=d.membre, situation=situation
            )


def _tenir(monde, d, couples):
    rencontre = monde.rencontre
    for situation, gens in couples:
        convocations.convier(situation, par=gens.coordonnatrice, titre=TitreConvie.INVITE, personne=gens.animatrice)
    comite.convoquer_rencontre(rencontre, par=d.coordonnatrice)
    fin = timezone.now() - datetime.timedelta(hours=1)
    comite.deplacer_rencontre(rencontre, par=d.coordonnatrice, debut=fin - datetime.timedelta(hours=3), fin=fin)
    comite.tenir_rencontre(rencontre, par=d.coordonnatrice, presentes=rencontre.participations.all())


def _suivre(situation, gens):
    situation.refresh_from_db()
    plans.presenter_situation(situation, par=gens.coordonnatrice)
    for (texte, jours), (direction, personne) in zip(scenes.ORIENTATIONS, scenes.directions(gens), strict=True):
        plans.ajouter_orientation(
            situation,
            par=gens.coordonnatrice,
            texte=texte,
            direction=direction,
            responsable=personne,
            echeance=jour_local() + datetime.timedelta(days=jours),
        )
    plans.etablir_plan(situation, par=gens.coordonnatrice)
    premiere = situation.orientations.get(rang=1)
    plans.appliquer_orientation(premiere, par=premiere.responsable)


# — Ce qu’une personne voit


def normaliser(texte):
    """Rend le texte sans ce qui change à chaque page : jetons, et uuid nommés par leur ordre d’apparition."""
    vus = {}
    texte = _JETON.sub(r"\1", texte)
    return _UUID.sub(lambda trouve: vus.setdefault(trouve[0], f"uuid-{len(vus)}"), texte)


def lire(reponse):
    """Rend (statut, corps, adresse de renvoi) d’une réponse, comparables d’un monde à l’autre."""
    corps = reponse.getvalue()
    # Un classeur porte l’instant de sa fabrication : on en compare les feuilles.
    if corps[:2] == b"PK":
        corps = _feuilles(corps).encode()
    return reponse.status_code, normaliser(corps.decode("utf-8", "replace")), normaliser(reponse.get("Location", ""))


def _feuilles(octets):
    import io

    from openpyxl import load_workbook

    return repr([list(feuille.iter_rows(values_only=True)) for feuille in load_workbook(io.BytesIO(octets))])


def pages(monde):
    """Rend {page: (adresse, requête)} de toutes les pages où la situation cachée pourrait se trahir."""
    adresses = {(nom, str(requete)): (reverse(nom), requete) for nom, requete in COMMUNES}
    adresses |= {nom: (reverse(f"concertation:{nom}"), {}) for nom in adresses_sans_objet()}
    adresses["tableau de bord"] = (reverse("indicateurs:mesure", args=["concertation"]), {})
    adresses["rencontre"] = (monde.rencontre.get_absolute_url(), {})
    for analyse in AnalyseMensuelle.objects.order_by("part"):
        for nom in ("analyse", "analyse_signer"):
            adresses[nom, str(analyse.part)] = (reverse(f"concertation:{nom}", args=[analyse.uuid]), {})
    return adresses | {"situation visible": (monde.visible.get_absolute_url(), {})}


def vues(client, monde):
    """Rend {page: ce qu’on y lit} de toutes ces pages."""
    return {page: lire(client.get(*adresse)) for page, adresse in pages(monde).items()}


def courriels(personne):
    """Rend ce que la personne a reçu, ou va recevoir."""
    return sorted(
        (c.gabarit, c.objet, normaliser(c.texte), normaliser(_deplier(c.calendrier)), str(c.etat))
        for c in Courriel.objects.filter(a=personne)
    )


def _deplier(calendrier):
    """Un agenda coupe ses lignes à 75 octets, au milieu d’un uuid s’il le faut."""
    return re.sub(r"\r?\n ", "", calendrier)


def essayer(jouer_et_lire):
    """Joue dans une transaction et l’annule : le monde suivant part du même point."""
    with retour(), transaction.atomic():
        rendu = jouer_et_lire()
        transaction.set_rollback(True)
    return rendu
