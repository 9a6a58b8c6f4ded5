"""Les recommandations dont une personne répond, pour « À faire » et « Mes données » ; ce que la DSM doit en faire (R-024)."""

from django.urls import reverse

from encadrement.acces.requetes import RequeteParPersonne
from encadrement.accueil.mesures import Dossier, Lien, Tache
from encadrement.bilan_annuel.droits import DROITS_RECOMMANDATION
from encadrement.bilan_annuel.models import OUVERTES, EtatRecommandation, Recommandation, SuiviRecommandation
from encadrement.socle.temps import jour_local

MONTREES = 20
_GESTES = {
    EtatRecommandation.PROPOSEE: "Commencer la recommandation",
    EtatRecommandation.EN_COURS: "Mener la recommandation",
}


def taches(personne):
    """Rend les recommandations à mener : une requête, quel que soit leur nombre."""
    jour = jour_local()
    for uuid, numero, etat, echeance, depuis in _A_MENER.lignes(personne, jour):
        yield Tache(
            geste=_GESTES[etat],
            dossier=f"Recommandation {numero}",
            url=reverse("bilan_annuel:recommandation", args=[uuid]),
            echeance=echeance,
            depuis=depuis,
            retard=echeance < jour,
        )


def _a_mener(personne, jour):
    siennes = Recommandation.objects.filter(responsable=personne.pk, etat__in=OUVERTES)
    return siennes.order_by("echeance").values_list("uuid", "numero", "etat", "echeance", "depuis")


_A_MENER = RequeteParPersonne(_a_mener)


def chercher(personne, texte):
    """Rend les recommandations visibles qui portent ce numéro."""
    visibles = DROITS_RECOMMANDATION.objets(personne).filter(numero__icontains=texte.strip())
    return [
        Dossier(
            nom=str(recommandation),
            url=recommandation.get_absolute_url(),
            etat=recommandation.get_etat_display(),
            etat_code=recommandation.etat,
            bouge_le=recommandation.depuis,
        )
        for recommandation in visibles[:MONTREES]
    ]


def donnees(personne):
    """Rend, pour « Mes données », les recommandations dont la personne répond et les suivis qu’elle a écrits."""
    yield (
        "recommandations",
        [
            {
                "numero": recommandation.numero,
                "recommandation": recommandation.libelle,
                "echeance": recommandation.echeance,
                "etat": recommandation.get_etat_display(),
            }
            for recommandation in Recommandation.objects.filter(responsable=personne)
        ],
    )
    yield (
        "suivis_de_recommandations",
        [
            {"numero": suivi.recommandation.numero, "ecrit_le": suivi.ecrit_le, "texte": suivi.texte}
            for suivi in SuiviRecommandation.objects.filter(par=personne).select_related("recommandation")
        ],
    )


_ACTES = (
    ("R-023", "Préparer le bilan de l’année", "bilan_annuel:bilans"),
    ("R-024", "Suivre les recommandations", "bilan_annuel:recommandations"),
    ("R-082", "Préparer le bilan de l’année", "bilan_annuel:bilans"),
    ("R-083", "Publier le bilan, et ce qu’il recommande", "bilan_annuel:bilans"),
)


def liens_de_role(personne):
    """Rend l’acte de l’application qui fait vivre chaque responsabilité d’évaluation de la DSM."""
    return [Lien(numero, libelle, reverse(nom)) for numero, libelle, nom in _ACTES]
