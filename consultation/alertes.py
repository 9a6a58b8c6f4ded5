"""Ce qui demande qu’on agisse en consultation, à qui la suit : gestionnaire, APPR, DSM (produit, section 7)."""

import datetime

from django.db.models import Min, Q

from consultation.droits import DROITS_DEMANDE, DROITS_FICHE
from consultation.models import EtatConsultation, ReponseExpert
from consultation.rappels.echeances import DELAI_DE_REPONSE, expert, qui_discute
from encadrement.indicateurs.registre import Alerte, LigneAlerte, du_lieu_de
from encadrement.notifications.attentes import par_acte
from encadrement.notifications.calendrier import ajouter_jours_ouvrables
from encadrement.notifications.rappels import GABARIT_ATTENTE
from encadrement.parametres.lecture import valeur
from encadrement.socle.temps import debut_du_jour, jour_local

JOURS_POUR_DISCUTER = 5
E = EtatConsultation


def _suivies(personne, etat):
    demandes = DROITS_DEMANDE.objets(personne, "suivre").filter(etat=etat)
    # Les textes cliniques, chiffrés, ne se lisent pas pour dire qu’une réponse tarde.
    return (
        demandes.select_related("demandeur__service__direction", "demandeur__superieur")
        .only("uuid", "numero", "etat", "depuis", "demandeur")
        .order_by("depuis")
    )


def _reponse_attendue_avant():
    return debut_du_jour(jour_local() - datetime.timedelta(days=valeur(DELAI_DE_REPONSE)))


def _chez_le_gestionnaire(personne):
    limite = debut_du_jour(ajouter_jours_ouvrables(jour_local(), -JOURS_POUR_DISCUTER))
    return _suivies(personne, E.A_DISCUTER).filter(depuis__lt=limite)


def _chez_l_expert(personne):
    return _suivies(personne, E.CHEZ_EXPERT).filter(depuis__lt=_reponse_attendue_avant())


def _experts_muets(personne):
    """Rend les fiches des experts qui tardent : qui tient le bottin agit sans avoir à lire la demande (D12, note 4)."""
    tardent = Q(
        personne__sollicitations__reponse=ReponseExpert.ATTENDUE,
        personne__sollicitations__moment_propose=None,
        personne__sollicitations__choisie_le__lt=_reponse_attendue_avant(),
    )
    return (
        DROITS_FICHE.objets(personne, "inscrire")
        .filter(tardent)
        .annotate(sollicite_le=Min("personne__sollicitations__choisie_le"))
        .select_related("personne__service__direction")
        .order_by("sollicite_le")
    )


def _ligne(quoi, qui):
    return lambda demande: LigneAlerte.de(
        demande, demande.demandeur, quoi=quoi, du_le=jour_local(demande.depuis), qui=qui(demande)
    )


def _fiche(fiche):
    return LigneAlerte.de(
        fiche,
        fiche.personne,
        dossier=f"Bottin des experts, {fiche.personne}",
        quoi="Voir avec l’expert s’il est disponible",
        du_le=jour_local(fiche.sollicite_le),
        qui=str(fiche.personne),
    )


def _attente(geste):
    return lambda objet: {"geste": geste, "dossier": str(objet), "jour_du": jour_local(objet.depuis)}


ALERTES = (
    Alerte(
        code="consultation.a_discuter",
        nom="Demandes chez le gestionnaire sans réponse",
        objets=_chez_le_gestionnaire,
        ligne=_ligne("Discuter de la consultation", lambda demande: str(demande.demandeur.superieur or "")),
        explication="Présentées depuis plus de cinq jours ouvrables.",
        exigences=("R-179",),
        gabarit=GABARIT_ATTENTE,
        destinataires=qui_discute,
        contexte=_attente("discuter de la consultation"),
        **du_lieu_de("demandeur"),
    ),
    Alerte(
        code="consultation.chez_l_expert",
        nom="Demandes chez l’expert sans réponse",
        objets=_chez_l_expert,
        ligne=_ligne("Répondre à la demande", lambda demande: "l’expert"),
        explication="L’expert choisi n’a ni accepté, ni décliné, ni proposé un moment dans le délai.",
        exigences=("R-180",),
        gabarit="consultation/rappel_sans_reponse",
        destinataires=expert,
        contexte=lambda demande: {"jour_du": jour_local(demande.depuis)},
        **du_lieu_de("demandeur"),
    ),
    Alerte(
        code="consultation.experts_muets",
        nom="Experts qui tardent à répondre",
        objets=_experts_muets,
        ligne=_fiche,
        explication="Une demande les attend\xa0; vous n’avez pas à la lire, mais leur fiche peut être mise en pause.",
        exigences=("R-195",),
        **du_lieu_de("personne"),
    ),
    Alerte(
        code="consultation.a_analyser",
        nom="Demandes transmises à la DSM, à analyser",
        objets=lambda personne: _suivies(personne, E.TRANSMISE),
        ligne=_ligne("Analyser la demande", lambda demande: "l’APPR"),
        explication="Le CISSS n’a pu y répondre seul\xa0: l’APPR analyse, réoriente ou achemine.",
        exigences=("R-181",),
        gabarit=GABARIT_ATTENTE,
        destinataires=par_acte(DROITS_DEMANDE, "analyser"),
        contexte=_attente("analyser la demande de consultation"),
        **du_lieu_de("demandeur"),
    ),
)
