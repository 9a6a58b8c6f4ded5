"""Les situations d’une personne : pour l’accueil, la recherche commune et ses données.

Un code, un état, une direction ; jamais un récit, une orientation ni un motif, et rien à qui est exclu (N-02, N-08).
"""

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from concertation.droits import DROITS_ORIENTATION, DROITS_SITUATION, EXCLU
from concertation.models import (
    FINALES,
    DeclarationInteret,
    EtatComite,
    EtatImpasse,
    ImpasseRecurrente,
    Nomination,
    Orientation,
    ParticipationComite,
    RencontreComite,
    SituationComplexe,
)
from concertation.rappels.confiees import confiees
from concertation.trajectoire import SITUATION
from encadrement.accueil.mesures import Dossier
from encadrement.personnes.models import RoleAttribue

MONTRES = 20


def dossiers(personne):
    """Rend les situations en cours qu’elle voit, ses orientations, ses rencontres à venir et les impasses qu’elle porte."""
    return [
        *(_dossier(situation, _titre(personne, situation)) for situation in _situations(personne)),
        *(_orientation(orientation, personne) for orientation in _orientations(personne)),
        *(_dossier(rencontre, "une personne conviée") for rencontre in _rencontres(personne)),
        *(
            _dossier(impasse, "la personne responsable", nom=f"Impasse récurrente\xa0: {impasse}")
            for impasse in _impasses_portees(personne)
        ),
    ]


def _situations(personne):
    en_cours = DROITS_SITUATION.objets(personne).exclude(etat__in=FINALES)
    conviee = ParticipationComite.objects.ouvertes().filter(situation=OuterRef("pk"), personne=personne)
    return en_cours.annotate(y_est_conviee=Exists(conviee)).select_related("demandeur").order_by("-depuis")[:MONTRES]


def _titre(personne, situation):
    if situation.demandeur_id == personne.pk:
        return "l’intervenant responsable"
    if situation.demandeur.superieur_id in personne.represente_ids:
        return "le gestionnaire"
    if RoleAttribue.COORDONNATEUR in personne.roles_attribues:
        return "le coordonnateur du comité"
    return "une personne conviée" if situation.y_est_conviee else "accès exceptionnel"


def _orientations(personne):
    siennes = Q(responsable=personne) | Q(direction__directeur=personne)
    visibles = DROITS_ORIENTATION.condition(personne, "voir")
    return confiees().filter(siennes, visibles).select_related("situation").order_by("echeance")[:MONTRES]


def _rencontres(personne):
    conviee = ParticipationComite.objects.ouvertes().filter(
        personne=personne, situation__in=DROITS_SITUATION.objets(personne).values("pk")
    )
    a_venir = RencontreComite.objects.filter(etat=EtatComite.CONVOQUEE, fin__gt=timezone.now())
    return a_venir.filter(pk__in=conviee.values("rencontre")).order_by("debut")


def _impasses_portees(personne):
    ouvertes = ImpasseRecurrente.objects.filter(etat__in=(EtatImpasse.OUVERTE, EtatImpasse.EN_COURS))
    return ouvertes.filter(responsable=personne).order_by("titre")


def _orientation(orientation, personne):
    responsable = orientation.responsable_id == personne.pk
    titre = "la personne responsable" if responsable else "le directeur de la direction visée"
    return _dossier(orientation, titre)


def _dossier(objet, titre="", nom=""):
    return Dossier(
        nom=nom or str(objet),
        url=objet.get_absolute_url(),
        etat=objet.get_etat_display(),
        etat_code=objet.etat,
        titre=titre,
        bouge_le=objet.depuis,
    )


def chercher(personne, texte):
    """Rend les situations visibles de ce code ; rien d’autre d’une situation ne se cherche."""
    trouvees = DROITS_SITUATION.objets(personne).filter(numero__icontains=texte.strip()).order_by("-numero")
    return [_dossier(situation) for situation in trouvees[:MONTRES]]


def acteurs(personne):
    """Rend les acteurs du cadre que la personne est au comité : coordonnateur, représentant, intervenant responsable."""
    codes = set()
    if RoleAttribue.COORDONNATEUR in personne.roles_attribues:
        codes.add("coordonnateur")
    if Nomination.objects.en_vigueur().filter(personne=personne).exists():
        codes.add("representant")
    if SituationComplexe.objects.filter(demandeur=personne).exists():
        codes.add("intervenant")
    return codes


# — « Mes données » (A-2.1, art. 63.5) : des codes et des états


def donnees(personne):
    """Rend les données de la personne pour « Mes données » : ce qu’elle a fait au comité, jamais ce qui s’y dit."""
    cachees = SituationComplexe.objects.filter(EXCLU.objets(personne, SituationComplexe)).values("pk")

    def permises(modele, **criteres):
        return modele.objects.filter(**criteres).exclude(situation__in=cachees).select_related("situation")

    return [
        ("situations", [_ma_situation(situation) for situation in personne.situations.order_by("cree_le")]),
        ("participations", [_participation(ligne) for ligne in _participations(permises, personne)]),
        ("orientations", [_mon_orientation(ligne) for ligne in _orientations_confiees(permises, personne)]),
        ("declarations", [_declaration(ligne) for ligne in permises(DeclarationInteret, personne=personne)]),
        ("nominations", [_nomination(ligne) for ligne in personne.nominations.select_related("direction")]),
        ("impasses", [_impasse(impasse) for impasse in personne.impasses.order_by("titre")]),
    ]


def _ma_situation(situation):
    return {
        "code": situation.numero,
        "etat": situation.get_etat_display(),
        "cree_le": situation.cree_le,
        "discutee_le": situation.discutee_le,
        "attestee_le": situation.attestee_le,
        "fermee_le": situation.fermee_le,
    }


def _participations(permises, personne):
    # Convier n’ouvre rien : avant la convocation, la personne ne sait pas encore qu’on l’attend.
    lignes = permises(ParticipationComite, personne=personne, ouvre_le__isnull=False)
    return lignes.select_related("situation", "rencontre").order_by("rencontre__debut", "pk")


def _participation(ligne):
    return {
        "code": ligne.situation.numero,
        "rencontre": ligne.rencontre.jour,
        "titre": ligne.get_titre_display(),
        "presente": ligne.presente,
        "acces_ouvert_le": ligne.ouvre_le,
        "acces_ferme_le": ligne.ferme_le,
    }


def _orientations_confiees(permises, personne):
    # Avant que le plan soit établi, elles ne sont encore confiées à personne.
    lignes = permises(Orientation, responsable=personne, situation__passages__transition=SITUATION["etablir_plan"].code)
    return lignes.order_by("cree_le", "pk").distinct()


def _mon_orientation(orientation):
    return {
        "code": orientation.situation.numero,
        "rang": orientation.rang,
        "etat": orientation.get_etat_display(),
        "echeance": orientation.echeance,
    }


def _declaration(declaration):
    return {
        "code": declaration.situation.numero,
        "declaree_le": declaration.declaree_le,
        "en_conflit": declaration.en_conflit,
    }


def _nomination(nomination):
    return {
        "direction": str(nomination.direction),
        "substitut": nomination.est_substitut,
        "debut": nomination.debut,
        "fin": nomination.fin,
        "acceptee_le": nomination.approuvee_le,
    }


def _impasse(impasse):
    return {"titre": impasse.titre, "etat": impasse.get_etat_display(), "echeance": impasse.echeance}
