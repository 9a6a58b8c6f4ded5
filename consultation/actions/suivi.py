"""Le tableau de suivi : rempli à la fermeture d’une consultation, complété par l’expert pour les autres (annexe 13, R-402)."""

from django.conf import settings
from django.db import transaction

from consultation.actions.sujets import proposer_sujet, sujet_en_vigueur
from consultation.droits import DROITS_FICHE, DROITS_LIGNE, voit_tout_le_suivi
from consultation.models import FicheExpert, LigneSuivi, SujetConsultation
from encadrement.documents.actions import demander_document
from encadrement.journal.actions import consigner
from encadrement.signatures.actions import figer
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import ecrire_duree, jour_local

CHAMPS_LIBRES = ("expertise", "commentaires")
CHAMPS_LIGNE = ("jour", "demandeur", "minutes", "sujet", *CHAMPS_LIBRES)
NE_SE_RETIRE_PAS = "Cette ligne vient d’une demande fermée : elle ne se retire pas."
GABARIT = "consultation/suivi_v1"
# Au-delà, le PDF se ferait attendre ; le classeur, lui, n’a pas de limite.
LIGNES_IMPRIMEES = 500


def inscrire_au_suivi(demande):
    """Inscrit la consultation qui se termine : l’expert du CISSS, ou celui du RUISSS UL s’il a pris la suite (R-205).

    Rien ne s’inscrit sans rencontre consignée ; l’inscrire de nouveau ne double rien.
    """
    acheminement, sollicitation = demande.contact, demande.sollicitation
    source = acheminement or sollicitation
    if source is None or not source.rencontres.exists():
        return None
    commun = {
        "jour": source.rencontres.order_by("jour").values_list("jour", flat=True).first(),
        "demandeur": demande.demandeur,
        "direction": demande.demandeur.direction,
        "minutes": source.rencontres.minutes(),
        "sujet": sujet_en_vigueur(demande.sujet),
        "expertise": source.expertise or "non précisée",
    }
    if acheminement is not None:
        nom = ", ".join(filter(None, (acheminement.expert_externe, acheminement.organisme)))
        ligne, _ = LigneSuivi.objects.get_or_create(
            acheminement=acheminement, defaults={"expert_externe": nom[:170], **commun}
        )
    else:
        ligne, _ = LigneSuivi.objects.get_or_create(
            sollicitation=sollicitation, defaults={"expert": sollicitation.expert, **commun}
        )
    return ligne


@transaction.atomic
def ajouter_ligne(*, par, jour, demandeur, minutes, sujet=None, nouveau_sujet="", expertise="", commentaires=""):
    """L’expert inscrit une consultation tenue sans demande, entre deux portes (R-205, R-402).

    `sujet` est de la liste, ou `nouveau_sujet` en texte libre. Lève ErreurMetier si la même ligne y est déjà.
    """
    fiche = FicheExpert.objects.filter(personne=par).first()
    DROITS_FICHE.exiger(par, "tenir_suivi", fiche)
    # Le second clic attend ici, et trouve la ligne du premier.
    fiche.verrouiller()
    _exiger_possible(par, jour, demandeur)
    sujet = _choisir_sujet(sujet, nouveau_sujet, par=par)
    commun = {"expert": par, "jour": jour, "demandeur": demandeur, "minutes": minutes, "sujet": sujet}
    _exiger_nouvelle(LigneSuivi.objects.filter(**commun))
    ligne = LigneSuivi.objects.create(
        expertise=expertise or fiche.expertise,
        direction=demandeur.direction,
        commentaires=commentaires,
        **commun,
    )
    consigner("consultation.suivi.ajouter", ligne, par=par)
    return ligne


@transaction.atomic
def corriger_ligne(ligne, *, par, nouveau_sujet="", **champs):
    """L’expert corrige sa ligne ; d’une ligne née d’une demande, seuls l’expertise et les commentaires changent."""
    ligne = _relire(ligne)
    DROITS_LIGNE.exiger(par, "modifier", ligne)
    ecrits = [champ for champ in (CHAMPS_LIBRES if ligne.est_automatique else CHAMPS_LIGNE) if champ in champs]
    deplacee = "demandeur" in ecrits and champs["demandeur"].pk != ligne.demandeur_id
    for champ in ecrits:
        setattr(ligne, champ, champs[champ])
    if not ligne.est_automatique:
        _exiger_possible(par, ligne.jour, ligne.demandeur)
        ligne.sujet = _choisir_sujet(ligne.sujet, nouveau_sujet, par=par)
        ecrits.append("sujet")
    if deplacee:
        ligne.direction = ligne.demandeur.direction
        ecrits.append("direction")
    ligne.save(update_fields=ecrits)
    consigner("consultation.suivi.corriger", ligne, par=par, details={"champs": sorted(set(ecrits))})
    return ligne


@transaction.atomic
def retirer_ligne(ligne, *, par):
    """L’expert retire une ligne qu’il a écrite ; celle d’une demande fermée reste."""
    ligne = _relire(ligne)
    DROITS_LIGNE.exiger(par, "modifier", ligne)
    if ligne.est_automatique:
        raise ErreurMetier(NE_SE_RETIRE_PAS, exigences=["R-402"])
    consigner("consultation.suivi.retirer", ligne, par=par, details={"jour": ligne.jour.isoformat()})
    ligne.delete()


def _relire(ligne):
    """Verrouille la ligne et la relit ; lève ErreurMetier si elle vient d’être retirée."""
    relue = LigneSuivi.objects.select_for_update(of=("self",)).filter(pk=ligne.pk).first()
    if relue is None:
        raise ErreurMetier("Cette ligne vient d’être retirée du tableau.")
    return relue


def _choisir_sujet(sujet, nouveau, *, par):
    """Rend le sujet en texte libre s’il y en a un, sinon celui de la liste, là où il a pu être réuni depuis."""
    if nouveau:
        return proposer_sujet(nouveau, par=par)
    # Le verrou attend une fusion en cours : la ligne ne naît pas sous un sujet qui n’en porte plus.
    return sujet_en_vigueur(SujetConsultation.objects.select_for_update(of=("self",)).get(pk=sujet.pk))


def _exiger_nouvelle(pareilles):
    if pareilles.exists():
        raise ErreurMetier(
            "Cette consultation est déjà au tableau. S’il y en a eu deux ce jour-là, corrigez plutôt la durée."
        )


def _exiger_possible(par, jour, demandeur):
    if jour > jour_local():
        raise ErreurMetier("Cette consultation n’a pas encore eu lieu : inscrivez-la une fois tenue.")
    if demandeur.pk == par.pk:
        raise ErreurMetier("Le demandeur est une autre personne que l’expert.", exigences=["R-170"])


# — L’annexe 13 imprimée


@transaction.atomic
def imprimer_tableau(lignes, *, par, filtre=""):
    """Fige ces lignes du tableau, que `par` voit toutes, et en demande le PDF ; `filtre` dit lesquelles (R-192, R-402).

    Lève ErreurMetier s’il y en a trop, ou aucune.
    """
    # Sur papier, le tableau se lit dans l’ordre où il s’est rempli.
    lignes = list(lignes.order_by("jour", "pk")[: LIGNES_IMPRIMEES + 1])
    if not lignes:
        raise ErreurMetier("Aucune consultation à imprimer : élargissez la période ou retirez un filtre.")
    if len(lignes) > LIGNES_IMPRIMEES:
        raise ErreurMetier(
            f"Le PDF contient au plus {LIGNES_IMPRIMEES} consultations : choisissez une période plus courte, ou prenez "
            "le classeur."
        )
    nature = "consultation_suivi_dsm" if voit_tout_le_suivi(par) else "consultation_suivi"
    return demander_document(figer(par, nature, contenu_du_tableau(lignes, filtre), gabarit=GABARIT))


def contenu_du_tableau(lignes, filtre=""):
    """Rend ce que le PDF imprime : les huit colonnes de l’annexe 13, dans leur ordre, et le total."""
    return {
        "etablissement": settings.ETABLISSEMENT_NOM,
        "a_jour_le": jour_local().isoformat(),
        "filtre": filtre,
        "lignes": [
            {
                "expert": ligne.nom_expert,
                "expertise": ligne.expertise,
                "jour": ligne.jour.isoformat(),
                "demandeur": str(ligne.demandeur),
                "direction": str(ligne.direction or ""),
                "duree": ecrire_duree(ligne.minutes),
                "sujet": str(ligne.sujet),
                "commentaires": ligne.commentaires,
            }
            for ligne in lignes
        ],
        "total": ecrire_duree(sum(ligne.minutes for ligne in lignes)),
    }
