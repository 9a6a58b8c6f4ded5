"""Ce que les pages montrent d’une trajectoire : les étapes, qui doit agir, les boutons."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from encadrement.trajectoire.transition import Trajectoire


def etapes(objet):
    """Rend les étapes à dessiner : franchies (quand, qui), courante (qui l’on attend, depuis quand), à venir."""
    trajectoire = Trajectoire.de(objet)
    libelles = dict(objet._meta.get_field("etat").flatchoices)
    passages = list(objet.passages.select_related("par"))
    # Un retour en arrière n’accomplit rien. Une étape est faite par qui la quitte : « à approuver » nomme qui a approuvé.
    tracees = trajectoire.chemin(objet)
    avancees = [passage for passage in passages if _avance(passage, tracees)]
    departs = {passage.de: passage for passage in avancees}
    arrivees = {passage.vers: passage for passage in avancees}
    chemin = [etat for etat in tracees if etat != objet.etat]
    if objet.etat in tracees:
        rang = tracees.index(objet.etat)
        faites, suite = tracees[:rang], tracees[rang + 1 :]
    else:
        faites, suite = [etat for etat in chemin if etat in departs], []
    return [
        *({**_etape(etat, libelles, "faite"), **_quand(departs.get(etat))} for etat in faites),
        {
            **_etape(objet.etat, libelles, "courante"),
            **_attente(objet, trajectoire),
            **_quand(arrivees.get(objet.etat)),
        },
        *(_etape(etat, libelles, "a_venir") for etat in suite),
    ]


def _avance(passage, etapes):
    if passage.de in etapes and passage.vers in etapes:
        return etapes.index(passage.vers) > etapes.index(passage.de)
    return passage.vers != passage.de


def _etape(etat, libelles, statut):
    return {
        "code": etat,
        "libelle": libelles[etat],
        "statut": statut,
        "quand": None,
        "qui": "",
        "attend": "",
        "depuis": None,
    }


def _quand(passage):
    return {"quand": passage.quand, "qui": str(passage.par)} if passage else {}


def _attente(objet, trajectoire):
    attend = trajectoire.attend(objet) if trajectoire.attend else _roles_attendus(objet, trajectoire)
    return {"attend": attend, "depuis": (timezone.now() - objet.depuis).days}


def _roles_attendus(objet, trajectoire):
    roles = [
        role.libelle
        for transition in trajectoire.depuis(objet.etat)
        if transition.attendue and not transition.automatique
        for role in transition.acte.roles
    ]
    return ", ".join(dict.fromkeys(roles))


def boutons(objet, personne):
    """Rend les actes que la personne peut poser d’ici, grisés avec leurs raisons quand une règle les retient."""
    trajectoire = Trajectoire.de(objet)
    rendus = []
    for transition in trajectoire.depuis(objet.etat):
        if transition.automatique or not transition.droits.peut(personne, transition.code, objet):
            continue
        raisons = transition.refus(objet)
        rendus.append(
            {
                "code": transition.code,
                "libelle": transition.libelle,
                "url": reverse(trajectoire.nom_url(transition), args=[objet.uuid]),
                "possible": not raisons,
                "raisons": raisons,
                "ton": transition.ton,
            }
        )
    return rendus


def condition_attendue(personne, trajectoire, **precisions):
    """Rend le filtre `Q` des objets qui attendent un acte de cette personne, prêt à se joindre à d’autres en une requête.

    `precisions` ajoute une condition à un acte, par son code : `signer=` celle de n’avoir pas déjà signé.
    """
    condition = Q(pk__in=[])
    for transition in trajectoire:
        if transition.attendue and not transition.automatique:
            attendue = transition.droits.condition(personne, transition.code) & Q(etat__in=sorted(transition.de))
            condition |= attendue & Q(precisions.get(transition.code, Q()))
    return condition
