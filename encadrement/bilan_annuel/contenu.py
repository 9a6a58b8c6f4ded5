"""Ce qu’un bilan contient, en valeurs simples : l’aperçu le montre vivant, la publication le fige (R-083, R-316)."""

from django.conf import settings
from django.db.models import Prefetch, Q

from encadrement.bilan_annuel.chiffres import chiffres_par_mesure
from encadrement.bilan_annuel.models import (
    OUVERTES,
    EtatRecommandation,
    PassageRecommandation,
    Recommandation,
    SuiviRecommandation,
)
from encadrement.indicateurs.valeurs import MASQUE_POURQUOI
from encadrement.signatures.models import empreinte_de
from encadrement.socle.temps import jour_local

FERMANTES = ("realiser", "abandonner")


def empreinte_des_textes(bilan):
    """Rend l’empreinte de ce qui est écrit : publier exige d’avoir lu ces textes-là."""
    return empreinte_de([bilan.introduction, bilan.textes, bilan.conclusion])


def contenu_du_bilan(bilan, *, version=None):
    """Rend le contenu du bilan à l’instant ; sans `version`, c’est un aperçu."""
    annee = bilan.annee_financiere
    chiffres = chiffres_par_mesure(annee)
    recommandations = [_recommandation(recommandation) for recommandation in recommandations_a_montrer(bilan)]
    return {
        "etablissement": settings.ETABLISSEMENT_NOM,
        "direction": settings.ETABLISSEMENT_DIRECTION,
        "annee": str(annee),
        "avant": str(annee.precedente),
        "debut": annee.debut.isoformat(),
        "fin": annee.fin.isoformat(),
        "version": version,
        "arrete_le": jour_local().isoformat(),
        "introduction": bilan.introduction,
        "conclusion": bilan.conclusion,
        "mesures": [
            {"code": code, "nom": nom, "texte": bilan.textes.get(code, ""), "chiffres": chiffres.get(code, [])}
            for code, nom in settings.MESURES_DU_CADRE
        ],
        "recommandations": [ligne for ligne in recommandations if ligne["annee"] == str(annee)],
        "anterieures": [ligne for ligne in recommandations if ligne["annee"] != str(annee)],
        "masques": MASQUE_POURQUOI,
    }


def recommandations_a_montrer(bilan):
    """Rend celles de l’année, et celles d’avant qui étaient encore à mener ; pas celles qu’on a écartées sans les publier."""
    debut = bilan.annee_financiere.debut
    encore_a_mener = Q(etat__in=OUVERTES) | Q(depuis__date__gte=debut)
    return list(
        Recommandation.objects.filter(Q(annee=bilan.annee) | Q(encore_a_mener, annee__lt=bilan.annee))
        .exclude(etat=EtatRecommandation.ABANDONNEE, publiee=False)
        .select_related("responsable")
        .prefetch_related(
            Prefetch("suivis", SuiviRecommandation.objects.order_by("-id")),
            Prefetch("passages", PassageRecommandation.objects.filter(transition__in=FERMANTES)),
        )
        .order_by("-annee", "mesure", "numero")
    )


def _recommandation(recommandation):
    fermeture = next(iter(recommandation.passages.all()), None)
    suivi = next(iter(recommandation.suivis.all()), None)
    return {
        "numero": recommandation.numero,
        "annee": str(recommandation.annee_financiere),
        "mesure": recommandation.nom_de_la_mesure,
        "libelle": recommandation.libelle,
        "responsable": recommandation.responsable.nom_complet,
        "echeance": recommandation.echeance.isoformat(),
        "etat": recommandation.get_etat_display(),
        "depuis": jour_local(recommandation.depuis).isoformat(),
        "en_retard": recommandation.est_en_retard,
        "suite": fermeture.motif if fermeture else suivi.texte if suivi else "",
    }
