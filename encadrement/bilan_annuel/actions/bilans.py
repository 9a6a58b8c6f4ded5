"""Préparer le bilan d’une année, l’écrire à plusieurs, le publier : chiffres figés, PDF scellé, lecteurs avisés (R-083)."""

from django.conf import settings
from django.db import transaction

from encadrement.acces.attribues import APPR, EXECUTIF_CM
from encadrement.bilan_annuel.chiffres import valeurs_publiees
from encadrement.bilan_annuel.contenu import contenu_du_bilan, empreinte_des_textes, recommandations_a_montrer
from encadrement.bilan_annuel.droits import DROITS_BILAN, NATURE, qui_dirige
from encadrement.bilan_annuel.models import BilanAnnuel, Recommandation, VersionBilan
from encadrement.bilan_annuel.trajectoire import BILAN
from encadrement.documents.actions import demander_document
from encadrement.journal.actions import consigner
from encadrement.notifications.actions import notifier
from encadrement.signatures.actions import figer
from encadrement.socle.erreurs import ErreurMetier, Perime
from encadrement.socle.fusion import fusionner

GABARIT = "bilan_annuel/bilan_v1"
PREFIXE_MESURE = "mesure_"


def textes_du_bilan(bilan):
    """Rend {champ: texte} de tout ce que la DSM écrit : introduction, une mesure à la fois, conclusion."""
    par_mesure = {f"{PREFIXE_MESURE}{code}": bilan.textes.get(code, "") for code, _ in settings.MESURES_DU_CADRE}
    return {"introduction": bilan.introduction, **par_mesure, "conclusion": bilan.conclusion}


@transaction.atomic
def ouvrir_bilan(annee, *, par):
    """Rend le bilan de cette année financière, créé au besoin ; deux clics n’en font qu’un."""
    DROITS_BILAN.exiger(par, "ouvrir", None)
    bilan, cree = BilanAnnuel.objects.get_or_create(annee=annee)
    if cree:
        consigner("bilan_annuel.ouvrir", bilan, par=par, details={"annee": annee})
    return bilan


@transaction.atomic
def ecrire_bilan(bilan, *, par, temoins=None, libelles=None, **saisi):
    """Enregistre les textes et rend les conflits avec ce qu’une autre personne a écrit entre-temps.

    Lève ErreurMetier si le bilan n’est plus en rédaction.
    """
    bilan.verrouiller()
    DROITS_BILAN.exiger(par, "modifier", bilan)
    if not bilan.est_modifiable:
        raise ErreurMetier("Ce bilan est publié\xa0: la DSM peut en préparer une nouvelle version.")
    actuel = textes_du_bilan(bilan)
    connus = {champ: valeur for champ, valeur in saisi.items() if champ in actuel}
    a_ecrire, conflits = fusionner(actuel, temoins or {}, connus, libelles)
    for champ, valeur in a_ecrire.items():
        if champ.startswith(PREFIXE_MESURE):
            bilan.textes[champ.removeprefix(PREFIXE_MESURE)] = valeur
        else:
            setattr(bilan, champ, valeur)
    if a_ecrire:
        bilan.save(update_fields=["introduction", "textes", "conclusion"])
        consigner("bilan_annuel.ecrire", bilan, par=par, details={"champs": sorted(a_ecrire)})
    return conflits


@transaction.atomic
def publier_bilan(bilan, *, par, lu="", raison=""):
    """Fige les chiffres et les textes dans une nouvelle version, demande son PDF, publie les recommandations, avise.

    `lu` est l’empreinte des textes que la page montrait. Lève Perime s’ils ont changé depuis.
    """
    bilan.verrouiller()
    bilan.franchir(BILAN["publier"], par=par, raison=raison)
    if lu and lu != empreinte_des_textes(bilan):
        raise Perime(
            "Les textes ont changé depuis que vous les avez lus. Relisez-les, puis publiez\xa0: rien n’a paru."
        )
    montrees = recommandations_a_montrer(bilan)
    Recommandation.objects.filter(pk__in=[recommandation.pk for recommandation in montrees]).update(publiee=True)
    derniere = bilan.derniere_version
    numero = derniere.numero + 1 if derniere else 1
    contenu = contenu_du_bilan(bilan, version=numero)
    instantane = figer(bilan, NATURE, contenu, gabarit=GABARIT)
    version = VersionBilan.objects.create(
        bilan=bilan, numero=numero, instantane=instantane, publiee_par=par, valeurs=valeurs_publiees(contenu)
    )
    bilan.diffuse = True
    bilan.save(update_fields=["diffuse"])
    demander_document(instantane)
    notifier("bilan_annuel/bilan_publie", bilan, a=_a_aviser(bilan), cle=f"version {numero}", urgent=False)
    consigner("bilan_annuel.publier", bilan, par=par, details={"version": numero, "empreinte": instantane.empreinte})
    return version


def _a_aviser(bilan):
    """Rend les gestionnaires, les APPR et l’exécutif du CM ; qui l’est à deux titres n’est avisé qu’une fois."""
    return [*qui_dirige(), *APPR.personnes(bilan), *EXECUTIF_CM.personnes(bilan)]


@transaction.atomic
def reprendre_bilan(bilan, *, par, motif):
    """Rouvre les textes pour une nouvelle version ; la dernière publiée reste lisible entre-temps."""
    return bilan.franchir(BILAN["reprendre"], par=par, motif=motif)
