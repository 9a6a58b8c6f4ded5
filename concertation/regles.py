"""POURQUOI PAS : les exigences du cadre pour le comité de concertation. Une phrase, ou None si la règle est remplie.

Une règle ne lit que l’état et les liens de la situation, jamais son récit : ce qui doit y être se vérifie à l’écriture, et
`Recit.complet` le retient.
"""

from django.utils import timezone

from concertation.models import OUVERTES, EtatComite, EtatSituation
from encadrement.cadre.regles import exige


@exige("R-213")
def adulte_atteste(situation):
    if not situation.adulte:
        return "Attestez que la personne a 18 ans ou plus : le comité traite la situation d’adultes."
    return None


@exige("R-215", "R-220")
def recit_rempli(situation):
    recit = getattr(situation, "recit", None)
    if recit is None or not recit.complet:
        return "Décrivez la situation, les démarches déjà faites et ce que vous attendez du comité."
    return None


@exige("R-212", "R-215")
def impasse_nommee(situation):
    if not situation.impasse:
        return "Dites de quoi vient l’impasse : clinique, d’organisation de services, ou les deux."
    return None


@exige("R-214", "R-250")
def directions_nommees(situation):
    if not situation.directions.exists():
        return "Nommez au moins une direction concernée : c’est elle que le comité conviera."
    return None


@exige("R-227")
def personne_informee(situation):
    if situation.informee_le is None or not situation.informee_comment:
        return "Dites quand et comment la personne a été informée que sa situation serait présentée au comité."
    return None


@exige("R-227", "R-257")
def discussion_datee(situation):
    if situation.discutee_le is None:
        return "Donnez le jour où vous en avez parlé avec votre gestionnaire."
    return None


@exige("R-246")
def gestionnaire_connu(situation):
    if situation.demandeur.superieur_id is None:
        return "Aucun gestionnaire n’est connu pour vous : demandez à la DRHCAJ de corriger l’organigramme."
    return None


@exige("R-221")
def inscrite_a_une_rencontre_tenue(situation):
    inscription = situation.inscription
    if inscription is None or inscription.rencontre.etat != EtatComite.TENUE:
        return "La rencontre où cette situation est inscrite n’est pas encore notée comme tenue."
    return None


@exige("R-221")
def rencontre_commencee(rencontre):
    if rencontre.debut > timezone.now():
        return "Cette rencontre n’a pas encore commencé."
    return None


@exige("R-225", "R-253")
def une_orientation_au_moins(situation):
    if not situation.orientations.exists():
        return "Écrivez au moins une orientation : le comité en propose à la fin de chaque rencontre."
    return None


@exige("R-254")
def orientations_closes(situation):
    ouvertes = situation.orientations.filter(etat__in=OUVERTES).count()
    if ouvertes:
        pluriel = "s" if ouvertes > 1 else ""
        return (
            f"{ouvertes} orientation{pluriel} encore ouverte{pluriel} : elle{pluriel} se ferme{'nt' if pluriel else ''} "
            "appliquée ou non appliquée, avec sa raison."
        )
    return None


@exige("R-254")
def situation_en_suivi(orientation):
    if orientation.situation.etat != EtatSituation.EN_SUIVI:
        return "La situation n’est plus en suivi : ramenez-la d’abord au comité."
    return None


@exige("R-217")
def pouvoir_decisionnel(nomination):
    if not nomination.pouvoir:
        return "Un représentant a un pouvoir décisionnel sur les services requis : attestez-le."
    return None
