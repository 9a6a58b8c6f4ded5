"""La liste des sujets : proposés en texte libre, classés et fusionnés par la DSM (R-184, R-187)."""

from django.db import transaction

from consultation.droits import DROITS_SUJET
from consultation.models import SujetConsultation
from encadrement.journal.actions import consigner
from encadrement.socle.erreurs import ErreurMetier


def sujet_en_vigueur(sujet):
    """Rend le sujet dans lequel celui-ci a été fusionné, ou lui-même."""
    while sujet is not None and sujet.fusionne_dans_id is not None:
        sujet = sujet.fusionne_dans
    return sujet


@transaction.atomic
def proposer_sujet(libelle, *, par):
    """Rend le sujet de ce libellé, quels que soient la casse et les accents ; nouveau, il attend d’être classé."""
    propre = " ".join(libelle.split())
    cle = SujetConsultation.cle_de(propre)
    if not cle:
        raise ErreurMetier("Écrivez le sujet en quelques mots.")
    sujet, nouveau = SujetConsultation.objects.get_or_create(
        cle=cle, defaults={"libelle": propre[:120], "a_classer": True}
    )
    if nouveau:
        consigner("consultation.sujet.proposer", sujet, par=par)
    return sujet_en_vigueur(sujet)


@transaction.atomic
def ajouter_sujet(libelle, *, par):
    """La DSM ajoute un sujet à la liste, ou retient celui qu’on a proposé, tel qu’elle l’écrit : accents, majuscules."""
    DROITS_SUJET.exiger(par, "tenir", None)
    sujet = proposer_sujet(libelle, par=par)
    propre = " ".join(libelle.split())[:120]
    if SujetConsultation.cle_de(propre) == sujet.cle:
        sujet.libelle = propre
    sujet.a_classer, sujet.retire = False, False
    sujet.save(update_fields=["libelle", "a_classer", "retire"])
    consigner("consultation.sujet.ajouter", sujet, par=par)
    return sujet


@transaction.atomic
def fusionner_sujets(sujet, vers, *, par):
    """Réunit un sujet dans un autre et rend cet autre ; ses demandes et ses lignes comptent avec les siennes (R-184).

    Lève ErreurMetier si l’un des deux n’est plus à fusionner : déjà réuni à un autre, ou retiré de la liste.
    """
    DROITS_SUJET.exiger(par, "tenir", sujet)
    # Ce qui porte le sujet d’abord, les sujets ensuite : c’est l’ordre de qui écrit une demande, une fiche ou une ligne.
    for porteurs in (sujet.demandes, sujet.fiches, sujet.lignes):
        list(porteurs.select_for_update(of=("self",)).order_by("pk"))
    # Toute la liste, dans un seul ordre : deux fusions qui se suivent ou se croisent passent l’une après l’autre, et
    # un sujet n’est jamais à plus d’un pas de celui qui le porte. La liste est courte et l’acte, rare.
    verrouilles = {relu.pk: relu for relu in SujetConsultation.objects.select_for_update().order_by("pk")}
    sujet, vers = verrouilles[sujet.pk], verrouilles[vers.pk]
    if raison := _pourquoi_pas_fusionner(sujet, sujet_en_vigueur(vers)):
        raise ErreurMetier(raison, exigences=["R-184"])
    vers = sujet_en_vigueur(vers)
    sujet.fusionne_dans, sujet.a_classer = vers, False
    sujet.save(update_fields=["fusionne_dans", "a_classer"])
    # Un sujet fusionné n’en porte plus d’autres : l’histoire reste à un pas.
    sujet.fusionnes.update(fusionne_dans=vers)
    sujet.demandes.update(sujet=vers)
    sujet.lignes.update(sujet=vers)
    for fiche in sujet.fiches.all():
        fiche.sujets.remove(sujet)
        fiche.sujets.add(vers)
    consigner("consultation.sujet.fusionner", sujet, par=par, details={"vers": str(vers.uuid)})
    return vers


def _pourquoi_pas_fusionner(sujet, vers):
    if sujet.fusionne_dans_id is not None:
        return f"«\u00a0{sujet}\u00a0» est déjà réuni à «\u00a0{sujet_en_vigueur(sujet)}\u00a0»."
    if vers.pk == sujet.pk:
        return "Choisissez un autre sujet : celui-ci ne se fusionne pas dans lui-même."
    if vers.retire:
        return f"«\u00a0{vers}\u00a0» est retiré de la liste : remettez-le d’abord, ou choisissez un autre sujet."
    return None


@transaction.atomic
def retirer_sujet(sujet, *, par, retire=True):
    """La DSM retire un sujet de la liste, ou l’y remet ; ce qui le porte le garde. Le refaire ne change rien."""
    DROITS_SUJET.exiger(par, "tenir", sujet)
    sujet = SujetConsultation.objects.select_for_update().get(pk=sujet.pk)
    if sujet.fusionne_dans_id is not None:
        raise ErreurMetier(f"«\u00a0{sujet}\u00a0» est réuni à un autre sujet : c’est l’autre qui se retire.")
    if sujet.retire == retire:
        return sujet
    sujet.retire = retire
    sujet.save(update_fields=["retire"])
    consigner("consultation.sujet.retirer" if retire else "consultation.sujet.remettre", sujet, par=par)
    return sujet
