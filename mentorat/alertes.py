"""Ce qui demande qu’on agisse en mentorat, à qui suit les ententes : gestionnaire, APPR, DSM (produit, section 7)."""

from encadrement.indicateurs.registre import Alerte, LigneAlerte, du_lieu_de
from encadrement.notifications.calendrier import ajouter_jours_ouvrables
from encadrement.notifications.rappels import GABARIT_ATTENTE
from encadrement.socle.temps import debut_du_jour, jour_local
from mentorat.droits import DROITS_ENTENTE
from mentorat.models import EtatEntente
from mentorat.rappels.echeances import a_confirmer, delai_sans_rencontre, dyade, gestionnaires

JOURS_POUR_APPROUVER = 5
_TERRITOIRE = du_lieu_de("mentore")


def _suivies(personne, acte="suivre"):
    return DROITS_ENTENTE.objets(personne, acte).avec_parties()


def _mi_temps_en_retard(personne):
    return _suivies(personne).filter(etat=EtatEntente.ACTIVE, mi_temps_le__lt=jour_local()).order_by("mi_temps_le")


def _fins_depassees(personne):
    ouvertes = (EtatEntente.ACTIVE, EtatEntente.EN_EVALUATION)
    return _suivies(personne).filter(etat__in=ouvertes, fin__lt=jour_local()).order_by("fin")


def _sans_rencontre(personne):
    jour = jour_local()
    return (
        _suivies(personne)
        .filter(etat=EtatEntente.ACTIVE, sans_rencontre_depuis__lte=jour - delai_sans_rencontre(), fin__gte=jour)
        .order_by("sans_rencontre_depuis")
    )


def _a_approuver(personne):
    # Avant l’approbation, l’entente n’est qu’à la dyade et à qui l’approuve.
    limite = debut_du_jour(ajouter_jours_ouvrables(jour_local(), -JOURS_POUR_APPROUVER))
    return _suivies(personne, "approuver").filter(etat=EtatEntente.A_APPROUVER, depuis__lt=limite).order_by("depuis")


def _ligne(quoi, jour_du, qui):
    return lambda entente: LigneAlerte.de(entente, entente.mentore, quoi=quoi, du_le=jour_du(entente), qui=qui(entente))


def _la_dyade(entente):
    return f"{entente.mentor} et {entente.mentore}"


def _le_gestionnaire(entente):
    return str(entente.gestionnaire or "")


ALERTES = (
    Alerte(
        code="mentorat.mi_temps_en_retard",
        nom="Bilans de mi-temps en retard",
        objets=_mi_temps_en_retard,
        ligne=_ligne("Bilan de mi-temps", lambda entente: entente.mi_temps_le, _la_dyade),
        explication="Le milieu de l’entente est passé et les deux n’ont pas confirmé leur bilan.",
        exigences=("R-057",),
        gabarit="mentorat/rappel_mi_temps",
        destinataires=a_confirmer,
        contexte=lambda entente: {"jour_du": entente.mi_temps_le},
        **_TERRITOIRE,
    ),
    Alerte(
        code="mentorat.fin_depassee",
        nom="Ententes échues sans évaluation finale",
        objets=_fins_depassees,
        ligne=_ligne("Évaluation finale ou prolongation", lambda entente: entente.fin, _la_dyade),
        explication="La fin convenue est passée\xa0: il reste à évaluer l’entente, ou à la prolonger.",
        exigences=("R-058", "R-059"),
        gabarit="mentorat/rappel_fin",
        destinataires=lambda entente: [*dyade(entente), *gestionnaires(entente)],
        contexte=lambda entente: {"jour_du": entente.fin},
        **_TERRITOIRE,
    ),
    Alerte(
        code="mentorat.sans_rencontre",
        nom="Ententes sans rencontre récente",
        objets=_sans_rencontre,
        ligne=_ligne(
            "Rencontre à consigner", lambda entente: entente.sans_rencontre_depuis + delai_sans_rencontre(), _la_dyade
        ),
        explication="Rien n’est consigné au journal de la dyade depuis le temps réglé aux paramètres.",
        exigences=("R-062",),
        gabarit="mentorat/rappel_sans_rencontre",
        destinataires=dyade,
        contexte=lambda entente: {"semaines": delai_sans_rencontre().days // 7},
        **_TERRITOIRE,
    ),
    Alerte(
        code="mentorat.a_approuver",
        nom="Ententes à approuver depuis plus de cinq jours ouvrables",
        objets=_a_approuver,
        ligne=_ligne("Approuver l’entente", lambda entente: jour_local(entente.depuis), _le_gestionnaire),
        explication="Signée des deux parties, l’entente attend son gestionnaire.",
        exigences=("R-070",),
        gabarit=GABARIT_ATTENTE,
        destinataires=gestionnaires,
        contexte=lambda entente: {
            "geste": "approuver l’entente",
            "dossier": str(entente),
            "jour_du": jour_local(entente.depuis),
        },
        **_TERRITOIRE,
    ),
)
