"""L’ordre du jour : les points fixes de l’annexe 9, les autres, leur ordre, leurs pièces (R-394, R-395)."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cdp.droits import DROITS_RENCONTRE
from cdp.models import A_VENIR, EtatRencontre, PieceJointe, PointCdp, Sujet
from encadrement.fichiers.actions import deposer
from encadrement.journal.actions import consigner
from encadrement.rencontres.horaire import horodater
from encadrement.rencontres.models import Sorte
from encadrement.socle.erreurs import ErreurMetier, Perime
from encadrement.socle.temps import ecrire_duree

POINTS_MAXIMUM = 30
CHAMPS_POINT = ("sujet", "personne", "nom_externe", "minutes")
# R-483 : le gabarit en trois volets du guide.
VOLETS = (
    "Volet formatif\xa0: ",
    "Volet d’échange\xa0: tour de table",
    "Volet réflexif\xa0: discussion d’une situation complexe, dépersonnalisée",
)


def poser_les_points_fixes(rencontre):
    """Pose les six points fixes du modèle ; les suivis ouverts et le compte rendu précédent s’y rattachent (R-395)."""
    PointCdp.objects.bulk_create(
        PointCdp(rencontre=rencontre, sorte=sorte, rang=rang)
        for rang, sorte in enumerate((sorte for sorte in Sorte if sorte != Sorte.AUTRE), start=1)
    )


def _exiger_ecriture(rencontre, par, acte="modifier"):
    rencontre.verrouiller()
    DROITS_RENCONTRE.exiger(par, acte, rencontre)
    if rencontre.etat not in (*A_VENIR, EtatRencontre.TENUE):
        raise ErreurMetier(
            f"Cette rencontre est à l’état « {rencontre.get_etat_display()} » : ses points ne changent plus."
        )


def _exiger_encore_la(point):
    """Lève Perime si quelqu’un a retiré le point pendant que la page le montrait ; la rencontre est déjà verrouillée."""
    if not PointCdp.objects.filter(pk=point.pk).exists():
        raise Perime("Quelqu’un vient de retirer ce point : voici la liste à jour.")


@transaction.atomic
def ajouter_point(rencontre, *, par, sujet, personne=None, nom_externe="", minutes=None):
    """Ajoute un point à la fin des autres points et le rend ; tout membre peut en proposer un."""
    _exiger_ecriture(rencontre, par, "proposer_point")
    autres = rencontre.points.filter(sorte=Sorte.AUTRE)
    if autres.count() >= POINTS_MAXIMUM:
        raise ErreurMetier(f"Une rencontre compte au plus {POINTS_MAXIMUM} points : regroupez-les.")
    if sujet.strip().casefold() in (pris.casefold() for pris in autres.values_list("sujet", flat=True)):
        raise ErreurMetier("Ce point est déjà à l’ordre du jour.")
    dernier = autres.order_by("-rang").values_list("rang", flat=True).first() or 0
    point = PointCdp.objects.create(
        rencontre=rencontre,
        sujet=sujet,
        personne=personne,
        nom_externe=nom_externe,
        minutes=minutes,
        rang=dernier + 1,
    )
    _nouvelle_version(rencontre)
    return point


@transaction.atomic
def modifier_point(point, *, par, **champs):
    """Change le sujet, le responsable ou la durée d’un point ; un point fixe garde son intitulé (R-395)."""
    _exiger_ecriture(point.rencontre, par)
    _exiger_encore_la(point)
    if point.sorte != Sorte.AUTRE:
        champs.pop("sujet", None)
    elif "sujet" in champs and not champs["sujet"].strip():
        raise ErreurMetier("Écrivez le sujet du point, ou retirez-le.", exigences=["R-394"])
    for champ in CHAMPS_POINT:
        if champ in champs:
            setattr(point, champ, champs[champ])
    point.save(update_fields=[champ for champ in CHAMPS_POINT if champ in champs])
    return point


@transaction.atomic
def retirer_point(point, *, par):
    """Retire un point propre à cette rencontre ; les points fixes demeurent, un sujet retourne à la banque (R-395)."""
    rencontre = point.rencontre
    _exiger_ecriture(rencontre, par)
    _exiger_encore_la(point)
    if point.sorte != Sorte.AUTRE:
        raise ErreurMetier("Ce point est fixe : il est de tous les ordres du jour.", exigences=["R-395"])
    if point.sommaire.strip():
        raise ErreurMetier("Ce point a déjà un sommaire : effacez-le d’abord si le point n’a pas été traité.")
    consigner("cdp.point.retirer", rencontre, par=par)
    Sujet.objects.filter(traite_a=rencontre, texte=point.sujet).update(traite_a=None)
    point.delete()
    _nouvelle_version(rencontre)


@transaction.atomic
def reordonner(rencontre, ordre, *, par, version):
    """Met les autres points dans l’ordre donné (clés) ; lève Perime si quelqu’un l’a changé depuis.

    Deux personnes qui réordonnent au même moment : la seconde voit l’ordre de la première et recommence de là.
    """
    _exiger_ecriture(rencontre, par)
    if version != rencontre.version_ordre:
        raise Perime(
            "L’ordre des points vient de changer : voici le nouveau. Refaites votre changement à partir de là."
        )
    autres = {point.pk: point for point in rencontre.points.filter(sorte=Sorte.AUTRE)}
    if sorted(ordre) != sorted(autres):
        raise Perime("Un point vient d’être ajouté ou retiré : voici la liste à jour.")
    for rang, pk in enumerate(ordre, start=1):
        if autres[pk].rang != rang:
            autres[pk].rang = rang
            autres[pk].save(update_fields=["rang"])
    _nouvelle_version(rencontre)
    return rencontre


@transaction.atomic
def monter_point(point, *, par, version, pas=-1):
    """Échange un point avec son voisin du dessus (`pas` -1) ou du dessous (+1)."""
    rencontre = point.rencontre
    _exiger_ecriture(rencontre, par)
    _exiger_encore_la(point)
    ordre = list(rencontre.points.filter(sorte=Sorte.AUTRE).order_by("rang", "pk").values_list("pk", flat=True))
    place = ordre.index(point.pk)
    voisin = place + pas
    if 0 <= voisin < len(ordre):
        ordre[place], ordre[voisin] = ordre[voisin], ordre[place]
    return reordonner(rencontre, ordre, par=par, version=version)


@transaction.atomic
def poser_les_volets(rencontre, *, par):
    """Ajoute les trois volets du guide qui manquent : formatif, échange, réflexif ; rend les points ajoutés (R-483)."""
    _exiger_ecriture(rencontre, par)
    presents = [point.sujet.casefold() for point in rencontre.points.filter(sorte=Sorte.AUTRE)]
    manquants = [
        volet
        for volet in VOLETS
        if not any(sujet.startswith(volet.partition("\xa0")[0].casefold()) for sujet in presents)
    ]
    if not manquants:
        raise ErreurMetier("Les trois volets sont déjà à l’ordre du jour.", exigences=["R-483"])
    return [ajouter_point(rencontre, par=par, sujet=volet) for volet in manquants]


@transaction.atomic
def ecrire_objectifs(rencontre, *, par, objectif_general, objectifs_specifiques):
    """Écrit l’objectif général et les objectifs spécifiques de la rencontre (R-488)."""
    _exiger_ecriture(rencontre, par)
    rencontre.objectif_general, rencontre.objectifs_specifiques = objectif_general, objectifs_specifiques
    rencontre.save(update_fields=["objectif_general", "objectifs_specifiques"])
    return rencontre


def _nouvelle_version(rencontre):
    rencontre.version_ordre += 1
    rencontre.save(update_fields=["version_ordre"])


@transaction.atomic
def joindre(point, contenu, *, par):
    """Joint un fichier à un point et rend la pièce (R-394)."""
    _exiger_ecriture(point.rencontre, par, "proposer_point")
    _exiger_encore_la(point)
    return PieceJointe.objects.create(point=point, fichier=deposer(contenu, par=par))


@transaction.atomic
def detacher(piece, *, par):
    """Retire une pièce jointe ; le fichier reste en base, il n’est plus remis d’ici."""
    _exiger_ecriture(piece.point.rencontre, par)
    consigner("cdp.piece.retirer", piece.point.rencontre, par=par, details={"fichier": str(piece.fichier.uuid)})
    piece.delete()


def points_numerotes(rencontre):
    """Rend [(numéro, point)] : 1, 2, 3, puis 4.1, 4.2… pour les autres, puis 5, 6, 7 (annexe 9)."""
    numeros = {sorte: str(rang) for rang, sorte in enumerate(Sorte, start=1)}
    rendus, autre = [], 0
    for point in rencontre.points_en_ordre():
        if point.sorte == Sorte.AUTRE:
            autre += 1
            rendus.append((f"4.{autre}", point))
        else:
            rendus.append((numeros[point.sorte], point))
    return rendus


def suivis_ouverts(rencontre):
    """Rend les suivis notés avant cette rencontre et encore ouverts : ils reviennent jusqu’à leur clôture."""
    return rencontre.communaute.suivis.filter(
        clos_le__isnull=True, rencontre__debut__lt=rencontre.debut
    ).select_related("personne", "rencontre")


def contenu_ordre_du_jour(rencontre):
    """Rend le contenu de l’annexe 9, fait de valeurs simples : c’est lui que le PDF reproduit (R-393 à R-395)."""
    precedente, suivante = rencontre.precedente(), rencontre.suivante()
    numerotes = points_numerotes(rencontre)
    heures = horaire(rencontre, [point for _, point in numerotes])
    return {
        "etablissement": settings.ETABLISSEMENT_NOM,
        "communaute": rencontre.communaute.nom,
        **moment(rencontre),
        "objectif_general": rencontre.objectif_general,
        "objectifs_specifiques": [ligne for ligne in rencontre.objectifs_specifiques.splitlines() if ligne.strip()],
        "precedente": precedente.jour.isoformat() if precedente else "",
        "suivante": timezone.localtime(suivante.debut).isoformat() if suivante else "",
        "horodate": heures.est_horodate,
        "fin_des_points": heures.fin.isoformat(),
        "points": [
            {
                "numero": numero,
                "sorte": point.sorte,
                "sujet": point.intitule,
                "responsable": point.qui,
                "duree": ecrire_duree(point.minutes),
                "minutes": point.minutes,
                "heure": ligne.debut.isoformat() if heures.est_horodate else "",
                "pieces": [piece.fichier.nom for piece in point.pieces.select_related("fichier")],
            }
            for (numero, point), ligne in zip(numerotes, heures.lignes, strict=True)
        ],
        "suivis": [
            {"texte": suivi.texte, "responsable": suivi.qui, "quand": suivi.quand}
            for suivi in suivis_ouverts(rencontre)
        ],
    }


def horaire(rencontre, points):
    """Rend l’Horaire de ces points, dans leur ordre : l’heure de chacun et l’écart avec la fin prévue (R-488)."""
    return horodater(rencontre.debut, points, fin=rencontre.fin)


def moment(rencontre):
    """Rend l’en-tête commun à l’ordre du jour et au compte rendu : jour, heures, mode, lieu (R-393, R-396)."""
    return {
        "debut": timezone.localtime(rencontre.debut).isoformat(),
        "fin": timezone.localtime(rencontre.fin).isoformat(),
        "minutes": rencontre.minutes,
        "mode": rencontre.get_mode_display(),
        "lieu": rencontre.lieu,
    }
