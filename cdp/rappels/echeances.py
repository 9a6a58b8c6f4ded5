"""Les échéances que les communautés font relancer : délais de départ, en jours civils sauf mention (produit, section 6)."""

import datetime
import itertools

from django.utils import timezone

from cdp.droits import DROITS_ADHESION, DROITS_COMMUNAUTE, DROITS_DEPASSEMENT, DROITS_PLAN, DROITS_RAPPORT
from cdp.models import (
    Adhesion,
    Communaute,
    Depassement,
    EtatAdhesion,
    EtatAnnuel,
    EtatCommunaute,
    EtatDepassement,
    EtatRencontre,
    PlanAnnuel,
    RapportAnnuel,
    RencontreCdp,
    RoleCdp,
    SuiviCdp,
)
from cdp.rappels.semaine import resumes_de_la_semaine
from encadrement.acces.attribues import APPR, DSM
from encadrement.notifications.attentes import (
    AttenteDEtat,
    attentes_d_etat,
    au_dessus_de,
    est_dans_le_meme_etat,
    par_acte,
)
from encadrement.notifications.rappels import Echeance, Pas
from encadrement.notifications.series import Serie
from encadrement.rencontres.calendrier import convoquer
from encadrement.rencontres.models import Reponse
from encadrement.socle.temps import AnneeFinanciere

# Au-delà, une échéance dépassée n’est plus relancée : quelqu’un a été avisé trois fois, l’APPR aussi.
OUBLI = datetime.timedelta(days=60)
UN_MOIS = datetime.timedelta(days=30)
GROUPE = "Communautés de pratique"
MANQUE = {"plan": PlanAnnuel, "rapport": RapportAnnuel}


def echeances(jour):
    """Rend tout ce que le jour `jour` peut faire relancer."""
    return itertools.chain(
        attentes_d_etat(_ATTENTES, jour),
        _annuels(jour),
        _rencontres(jour),
        _rencontres_passees(jour),
        _suivis(jour),
        _mandats(jour),
        resumes_de_la_semaine(jour),
    )


def tient_encore(echeance):
    """Dit, une fois le dossier relu sous verrou, si la relance a toujours un sens."""
    objet, nature = echeance.objet, echeance.jalon_base
    if nature in MANQUE:
        annee = echeance.contexte["annee"].debut_annee
        return (
            objet.est_active
            and not MANQUE[nature]
            .objects.filter(communaute=objet, annee=annee)
            .exclude(etat=EtatAnnuel.BROUILLON)
            .exists()
        )
    if nature == "rencontre":
        return objet.etat == EtatRencontre.CONVOQUEE and objet.jour == echeance.jour_du
    if nature == "à consigner":
        return objet.etat in {EtatRencontre.PLANIFIEE, EtatRencontre.CONVOQUEE} and objet.jour == echeance.jour_du
    if nature == "suivi":
        return objet.est_ouvert and objet.echeance == echeance.jour_du
    if nature == "mandat":
        return objet.etat == EtatAdhesion.ACTIVE and objet.mandat_fin == echeance.jour_du
    if nature == "semaine":
        return objet.est_active
    return est_dans_le_meme_etat(echeance)


def animateurs(communaute):
    return [adhesion.personne for adhesion in communaute.animateurs()]


def _responsables(rencontre):
    membres = rencontre.communaute.membres().filter(role__in=(RoleCdp.ANIMATEUR, RoleCdp.SECRETAIRE))
    return [adhesion.personne for adhesion in membres]


def parrain(communaute):
    return DROITS_COMMUNAUTE.personnes("agreer", communaute)


_PARRAIN_DE_LA_CDP = au_dessus_de("communaute.parrain")
_ATTENTES = (
    AttenteDEtat(
        Communaute,
        EtatCommunaute.PROPOSEE,
        "répondre à la communauté proposée",
        par_acte(DROITS_COMMUNAUTE, "agreer"),
        au_dessus_de("parrain"),
    ),
    AttenteDEtat(
        PlanAnnuel,
        EtatAnnuel.SOUMIS,
        "approuver le plan d’action",
        par_acte(DROITS_PLAN, "approuver"),
        _PARRAIN_DE_LA_CDP,
    ),
    AttenteDEtat(
        RapportAnnuel,
        EtatAnnuel.SOUMIS,
        "approuver le rapport annuel",
        par_acte(DROITS_RAPPORT, "approuver"),
        _PARRAIN_DE_LA_CDP,
    ),
    AttenteDEtat(
        Depassement,
        EtatDepassement.DEMANDE,
        "répondre à la demande d’heures",
        par_acte(DROITS_DEPASSEMENT, "accorder"),
        _PARRAIN_DE_LA_CDP,
    ),
    AttenteDEtat(
        Adhesion,
        EtatAdhesion.DEMANDEE,
        "répondre à la demande d’adhésion",
        par_acte(DROITS_ADHESION, "accepter"),
        lambda adhesion: [adhesion.communaute.parrain],
    ),
    # Qui est invité n’a pas de supérieur à qui l’on s’en plaint : la participation est volontaire.
    AttenteDEtat(
        Adhesion, EtatAdhesion.INVITEE, "répondre à l’invitation", lambda adhesion: [adhesion.personne], lambda _: []
    ),
    AttenteDEtat(
        RencontreCdp,
        EtatRencontre.TENUE,
        "publier le compte rendu",
        _responsables,
        lambda rencontre: [rencontre.communaute.parrain],
    ),
)

ANNUELS = Serie(
    "cdp.rappels.annuels",
    "Plan d’action et rapport annuel",
    GROUPE,
    (
        Pas(-30, "J-30", animateurs),
        Pas(0, "J", lambda communaute: [*animateurs(communaute), *parrain(communaute)]),
        Pas(14, "J+14", lambda communaute: [*animateurs(communaute), *parrain(communaute)]),
        Pas(30, "J+30", lambda communaute: [*parrain(communaute), *APPR.personnes(communaute)]),
    ),
    ("les animateurs", "avec le parrain", "de nouveau", "le parrain et l’APPR"),
    aide="Depuis le 31 mars; un premier plan est dû un mois après l’agrément.",
    exigences=("R-140", "R-425"),
)


def _annuels(jour):
    """R-140, R-425 : le rapport de l’année qui finit et le plan de celle qui vient, avant et après le 31 mars."""
    communautes = Communaute.objects.actives().order_by().only("uuid", "agreee_le", "nom")
    annee, pas = AnneeFinanciere.du(jour), ANNUELS.reglee()
    avance = ANNUELS.dernier_jour_du(jour) - jour
    faits = {nature: _faits(modele, annee) for nature, modele in MANQUE.items()}
    for communaute in communautes.iterator(chunk_size=500):
        for nature, de, du in documents_dus(communaute.agreee_le, annee, jour, avance):
            if (communaute.pk, de.debut_annee) not in faits[nature]:
                yield Echeance(communaute, nature, du, pas, f"cdp/rappel_{nature}", contexte={"annee": de})


def _faits(modele, annee):
    """Les (communauté, année) dont le document est soumis ou approuvé, de l’année précédente à la suivante."""
    bornes = (annee.precedente.debut_annee, annee.suivante.debut_annee)
    soumis = modele.objects.filter(annee__range=bornes).exclude(etat=EtatAnnuel.BROUILLON)
    return set(soumis.values_list("communaute_id", "annee"))


def documents_dus(agreee_le, annee, jour, avance=UN_MOIS):
    """Rend (« plan » ou « rapport », son année financière, jour dû) de ce qu’on attend d’une communauté autour de `jour`.

    Le rapport de l’année qui finit et le plan de celle qui vient sont dus le 31 mars ; le premier plan, un mois après
    l’agrément. `avance` dit à partir de quand on l’attend.
    """
    dus = [
        du
        for courante in (annee.precedente, annee)
        if agreee_le <= courante.fin
        for du in (("rapport", courante, courante.fin), ("plan", courante.suivante, courante.fin))
    ]
    # Agréée en mars, son premier plan n’est dû qu’une fois l’année finie.
    dus.append(("plan", AnneeFinanciere.du(agreee_le), agreee_le + UN_MOIS))
    return [(nature, de, du) for nature, de, du in dus if du - avance <= jour <= du + OUBLI]


def _attendus(rencontre):
    lignes = rencontre.participations.exclude(reponse=Reponse.ABSENT).select_related("personne")
    return [ligne.personne for ligne in lignes if ligne.personne_id]


RENCONTRE = Serie(
    "cdp.rappels.rencontre",
    "Rencontre convoquée",
    GROUPE,
    (Pas(-7, "J-7", _attendus), Pas(-1, "J-1", _attendus)),
    ("ceux qui n’ont pas décliné", "de nouveau"),
    minimum=-30,
    maximum=0,
)


def _instants(premier, dernier):
    return tuple(timezone.make_aware(datetime.datetime.combine(jour, datetime.time.min)) for jour in (premier, dernier))


def _rencontres(jour):
    """La rencontre convoquée, à J-7 et J-1, avec de quoi l’inscrire à l’agenda."""
    pas, bornes = RENCONTRE.reglee(), _instants(jour, RENCONTRE.dernier_jour_du(jour) + datetime.timedelta(days=1))
    rencontres = RencontreCdp.objects.filter(etat=EtatRencontre.CONVOQUEE, debut__range=bornes)
    for rencontre in rencontres.select_related("communaute").order_by().iterator(chunk_size=500):
        yield Echeance(
            rencontre,
            "rencontre",
            rencontre.jour,
            pas,
            "cdp/rappel_rencontre",
            calendrier=lambda relue, personne: convoquer(relue, personne, groupe=relue.communaute.nom),
        )


A_CONSIGNER = Serie(
    "cdp.rappels.a_consigner",
    "Rencontre passée, à consigner",
    GROUPE,
    (Pas(1, "J+1", _responsables), Pas(7, "J+7", _responsables)),
    ("l’animateur et le secrétaire", "de nouveau"),
    minimum=1,
    exigences=("R-149",),
)


def _rencontres_passees(jour):
    """La rencontre a passé et personne n’a dit si elle s’est tenue (R-149)."""
    pas, bornes = A_CONSIGNER.reglee(), _instants(jour - OUBLI, jour)
    rencontres = RencontreCdp.objects.a_venir().filter(debut__range=bornes)
    for rencontre in rencontres.order_by().only("uuid", "debut").iterator(chunk_size=500):
        yield Echeance(rencontre, "à consigner", rencontre.jour, pas, "cdp/rappel_a_consigner")


def _charge(suivi):
    return [suivi.personne] if suivi.personne_id else []


SUIVI = Serie(
    "cdp.rappels.suivi",
    "Engagement pris en rencontre",
    GROUPE,
    (Pas(-7, "J-7", _charge), Pas(0, "J", _charge), Pas(7, "J+7", _charge)),
    ("qui s’est engagé", "de nouveau", "encore"),
    exigences=("R-390",),
)


def _suivis(jour):
    """R-390 : relancer les participants quant à leurs engagements."""
    pas, bornes = SUIVI.reglee(), (SUIVI.premier_jour_du(jour, OUBLI), SUIVI.dernier_jour_du(jour))
    suivis = SuiviCdp.objects.filter(clos_le__isnull=True, echeance__range=bornes, personne__isnull=False)
    for suivi in suivis.order_by().only("uuid", "echeance").iterator(chunk_size=500):
        yield Echeance(suivi, "suivi", suivi.echeance, pas, "cdp/rappel_suivi")


MANDAT = Serie(
    "cdp.rappels.mandat",
    "Mandat de l’animateur qui finit",
    GROUPE,
    (Pas(-30, "J-30", lambda adhesion: [adhesion.personne, *DSM.personnes(adhesion)]),),
    ("l’animateur et la DSM",),
    maximum=0,
    exigences=("R-118",),
)


def _mandats(jour):
    """R-118, R-424 : le mandat de l’animateur finit dans un mois."""
    pas, bornes = MANDAT.reglee(), (jour - OUBLI, MANDAT.dernier_jour_du(jour))
    mandats = Adhesion.objects.actives().filter(role=RoleCdp.ANIMATEUR, mandat_fin__range=bornes)
    for adhesion in mandats.order_by().only("uuid", "mandat_fin").iterator(chunk_size=500):
        yield Echeance(adhesion, "mandat", adhesion.mandat_fin, pas, "cdp/rappel_mandat")
