"""La vie entre les rencontres : outils, sujets et votes, appels à tous, retraits (R-293, R-452, R-469, R-470)."""

from django.db import transaction
from django.utils import timezone

from cdp.actions.annonces import annoncer
from cdp.actions.ordre_du_jour import ajouter_point
from cdp.droits import DROITS_APPEL, DROITS_COMMUNAUTE, DROITS_OUTIL, DROITS_REPONSE, DROITS_SUJET
from cdp.models import A_VENIR, Appel, Outil, ReponseAppel, Sujet, Vote
from encadrement.fichiers.actions import deposer, retirer
from encadrement.journal.actions import consigner
from encadrement.socle.erreurs import ErreurMetier

DROITS = {Outil: DROITS_OUTIL, Sujet: DROITS_SUJET, Appel: DROITS_APPEL, ReponseAppel: DROITS_REPONSE}


def _exiger_vivante(communaute, par):
    communaute.verrouiller()
    DROITS_COMMUNAUTE.exiger(par, "publier", communaute)
    if not communaute.est_active:
        raise ErreurMetier("La communauté n’est pas active : on n’y publie plus.")


@transaction.atomic
def deposer_outil(communaute, *, par, titre, sorte, description="", contenu=None, lien=""):
    """Ajoute un outil à la bibliothèque : un fichier examiné, ou un lien (R-452)."""
    _exiger_vivante(communaute, par)
    if contenu is None and not lien:
        raise ErreurMetier("Déposez un fichier, ou donnez un lien.")
    fichier = deposer(contenu, par=par) if contenu is not None else None
    outil = Outil.objects.create(
        communaute=communaute,
        auteur=par,
        titre=titre,
        sorte=sorte,
        description=description,
        fichier=fichier,
        lien=lien,
    )
    consigner("cdp.outil.deposer", outil, par=par)
    return outil


@transaction.atomic
def proposer_sujet(communaute, *, par, texte):
    """Ajoute un sujet à la banque et l’appuie du premier vote (R-469)."""
    _exiger_vivante(communaute, par)
    if communaute.sujets.visibles().filter(texte__iexact=texte.strip()).exists():
        raise ErreurMetier("Ce sujet est déjà à la banque : appuyez-le d’un vote.")
    sujet = Sujet.objects.create(communaute=communaute, auteur=par, texte=texte.strip())
    Vote.objects.create(sujet=sujet, personne=par)
    return sujet


@transaction.atomic
def voter(sujet, *, par, appuie=True):
    """Appuie un sujet, ou reprend son vote ; voter deux fois ne compte qu’une."""
    sujet = _sujet_vivant(sujet, par)
    DROITS_SUJET.exiger(par, "voter", sujet)
    if appuie:
        Vote.objects.get_or_create(sujet=sujet, personne=par)
    else:
        sujet.votes.filter(personne=par).delete()
    return sujet


@transaction.atomic
def mettre_a_l_ordre_du_jour(sujet, rencontre, *, par):
    """Fait d’un sujet de la banque un point de l’ordre du jour d’une rencontre à venir (R-469)."""
    sujet = _sujet_vivant(sujet, par)
    if sujet.est_inscrit:
        raise ErreurMetier(f"Ce sujet est déjà à l’ordre du jour de la rencontre du {sujet.traite_a.jour:%Y-%m-%d}.")
    if rencontre.communaute_id != sujet.communaute_id or rencontre.etat not in A_VENIR:
        raise ErreurMetier("Choisissez une rencontre à venir de cette communauté.")
    point = ajouter_point(rencontre, par=par, sujet=sujet.texte)
    sujet.traite_a = rencontre
    sujet.save(update_fields=["traite_a"])
    return point


def _sujet_vivant(sujet, par):
    """Verrouille et rend le sujet ; refuse s’il a été retiré ou si la communauté ne vit plus."""
    _exiger_vivante(sujet.communaute, par)
    sujet = Sujet.objects.select_for_update(of=("self",)).select_related("communaute", "traite_a").get(pk=sujet.pk)
    if not sujet.est_visible:
        raise ErreurMetier("Ce sujet a été retiré de la banque.")
    return sujet


@transaction.atomic
def lancer_appel(communaute, *, par, titre, texte=""):
    """Pose une question à toute la communauté (R-293)."""
    _exiger_vivante(communaute, par)
    appel = Appel.objects.create(communaute=communaute, auteur=par, titre=titre, texte=texte)
    consigner("cdp.appel.lancer", appel, par=par)
    return appel


@transaction.atomic
def repondre_a_l_appel(appel, *, par, texte):
    """Répond à un appel ; qui l’a lancé en est avisé."""
    _exiger_vivante(appel.communaute, par)
    appel = Appel.objects.select_for_update(of=("self",)).select_related("communaute", "auteur").get(pk=appel.pk)
    DROITS_APPEL.exiger(par, "repondre", appel)
    if not appel.est_visible:
        raise ErreurMetier("Cet appel a été retiré : il n’attend plus de réponse.")
    reponse = ReponseAppel.objects.create(appel=appel, auteur=par, texte=texte)
    if appel.auteur_id != par.pk:
        annoncer("appel_repondu", appel, [appel.auteur], reponse.pk, urgent=False)
    return reponse


@transaction.atomic
def retirer_publication(publication, *, par, motif):
    """L’auteur ou l’animateur retire ce qui a été publié ; la trace reste : qui, quand, pourquoi (N-10)."""
    modele = type(publication)
    publication = modele.objects.select_for_update().get(pk=publication.pk)
    titre = DROITS[modele].exiger(par, "retirer", publication)
    if not publication.est_visible:
        raise ErreurMetier("C’est déjà retiré.")
    if not motif.strip():
        raise ErreurMetier("Écrivez le motif du retrait : il reste au dossier.")
    publication.retiree_le, publication.retiree_par, publication.motif_retrait = timezone.now(), par, motif
    publication.save(update_fields=["retiree_le", "retiree_par", "motif_retrait"])
    if getattr(publication, "fichier", None):
        retirer(publication.fichier, par=par, motif=motif)
    consigner(f"{publication._meta.label_lower}.retirer", publication, par=par, titre=titre.libelle)
    if publication.auteur_id != par.pk:
        annoncer("publication_retiree", publication, [publication.auteur], publication.pk)
    return publication
