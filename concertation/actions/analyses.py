"""L’analyse mensuelle des accès : bâtie d’elle-même, conclue constat par constat, signée, scellée (O-10)."""

import datetime

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from concertation.actions.annonces import annoncer_du_comite
from concertation.actions.constats import REGLES, entrees_de, trouvailles
from concertation.actions.recits import LECTURE
from concertation.droits import DROITS_ANALYSE, DROITS_CONSTAT, EXCLU
from concertation.models import AnalyseMensuelle, Conclusion, Constat, EtatAnalyse, PartAnalyse, SituationComplexe
from concertation.trajectoire import ANALYSE
from encadrement.acces.attribues import PRP
from encadrement.documents.actions import demander_document
from encadrement.journal.actions import consigner
from encadrement.journal.models import Entree
from encadrement.personnes.models import Personne
from encadrement.signatures.actions import figer, signer
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local

NATURE = "concertation_analyse"
GABARIT = "concertation/analyse_v1"
UN_MOIS = relativedelta(months=1)


def batir_les_analyses(jour=None):
    """Bâtit l’analyse de chaque mois civil écoulé qui n’a pas la sienne et rend celles qui viennent de naître."""
    baties = []
    for mois in _mois_sans_analyse((jour or jour_local()).replace(day=1)):
        baties += batir_analyse(mois)
    return baties


def _mois_sans_analyse(courant):
    """Rend les mois écoulés à analyser : de la première lecture, ou de la dernière analyse, au mois qui vient de finir."""
    derniere = AnalyseMensuelle.objects.filter(part=PartAnalyse.PRP).order_by("-mois").first()
    if derniere is not None:
        mois = derniere.mois + UN_MOIS
    else:
        premiere = Entree.objects.filter(acte=LECTURE).order_by("id").values_list("quand", flat=True).first()
        mois = timezone.localtime(premiere).date().replace(day=1) if premiere else courant
    while mois < courant:
        yield mois
        mois += UN_MOIS


@transaction.atomic
def batir_analyse(mois):
    """Bâtit l’analyse d’un mois et rend ses parts ; rien si elle existe déjà : deux travailleurs n’en font qu’une."""
    analyse, creee = AnalyseMensuelle.objects.get_or_create(mois=mois, part=PartAnalyse.PRP)
    if not creee:
        return []
    lectures, refus = _lectures_du_mois(mois), _refus_du_mois(mois)
    confie = _a_la_dsm([*lectures, *refus])
    parts = [_garder(analyse, _part(lectures, confie, oui=False), _part(refus, confie, oui=False))]
    if any(confie(*ligne) for ligne in (*lectures, *refus)):
        part_dsm = AnalyseMensuelle.objects.create(mois=mois, part=PartAnalyse.DSM)
        parts.append(_garder(part_dsm, _part(lectures, confie, oui=True), _part(refus, confie, oui=True)))
    return parts


def _part(paires, confie, *, oui):
    return [ligne for ligne in paires if confie(*ligne) is oui]


def _a_la_dsm(paires):
    """Rend le tri : va à la DSM ce qui vise un responsable de la protection, ou une situation cachée à l’un d’eux."""
    responsables = list(PRP.personnes(None))
    situations = {situation.pk: situation for _, situation in paires}
    cachees = {pk for pk, situation in situations.items() if any(EXCLU.tenu_par(r, situation) for r in responsables)}
    siens = {responsable.pk for responsable in responsables}
    return lambda entree, situation: entree.par_id in siens or situation.pk in cachees


def _garder(analyse, lectures, refus):
    analyse.lectures = len(lectures)
    analyse.lecteurs = len({entree.par_id for entree, _ in lectures})
    analyse.save(update_fields=["lectures", "lecteurs"])
    Constat.objects.bulk_create(
        Constat(
            analyse=analyse,
            sorte=trouvaille.sorte,
            lecteur=trouvaille.lecteur,
            situation=trouvaille.situation,
            entrees=list(trouvaille.entrees),
            mediane=trouvaille.mediane,
        )
        for trouvaille in trouvailles(lectures, refus)
    )
    details = {"mois": f"{analyse.mois:%Y-%m}", "part": str(analyse.part), "constats": analyse.constats.count()}
    consigner("concertation.analyse.batir", analyse, par=Personne.objects.systeme(), details=details)
    annoncer_du_comite("analyse_a_signer", analyse, DROITS_ANALYSE.personnes("signer", analyse), "batie")
    return analyse


def _du_mois(mois, **criteres):
    debut, fin = (
        timezone.make_aware(datetime.datetime.combine(jour, datetime.time.min)) for jour in (mois, mois + UN_MOIS)
    )
    return Entree.objects.filter(quand__gte=debut, quand__lt=fin, **criteres).select_related("par").order_by("id")


def _lectures_du_mois(mois):
    """Rend les (entrée, situation) des lectures du mois."""
    entrees = list(_du_mois(mois, acte=LECTURE))
    situations = _situations({entree.objet_uuid for entree in entrees})
    return [(e, situations[e.objet_uuid]) for e in entrees if e.objet_uuid in situations]


def _refus_du_mois(mois):
    """Rend les (entrée, situation) des essais refusés sur une situation qui existe."""
    entrees = [e for e in _du_mois(mois, acte="acces.refus") if e.details["acte"].startswith("concertation.")]
    situations = {str(uuid): s for uuid, s in _situations({e.details["objet"] or None for e in entrees}).items()}
    return [(e, situations[e.details["objet"]]) for e in entrees if e.details["objet"] in situations]


def _situations(uuids):
    trouvees = SituationComplexe.objects.filter(uuid__in=uuids - {None}).select_related("demandeur__superieur")
    return {situation.uuid: situation for situation in trouvees}


# — Lire, conclure, signer


def constats_visibles(analyse, personne):
    """Rend les constats que la personne peut lire, dans leur ordre."""
    visibles = DROITS_CONSTAT.objets(personne).filter(analyse=analyse)
    return visibles.select_related("lecteur", "situation", "conclu_par").order_by("pk")


def lignes_visibles(constat, personne):
    """Rend les entrées du journal d’un constat, sans celles d’une situation cachée à la personne (N-02)."""
    cachees = SituationComplexe.objects.filter(EXCLU.objets(personne, SituationComplexe)).values_list("uuid", flat=True)
    cachees = set(map(str, cachees))
    return [e for e in entrees_de(constat) if str(e.objet_uuid or e.details.get("objet")) not in cachees]


@transaction.atomic
def conclure_constat(constat, *, par, conclusion, note):
    """Consigne ce qu’on conclut d’un constat ; signée, l’analyse ne change plus."""
    analyse = constat.analyse.verrouiller()
    role = DROITS_CONSTAT.exiger(par, "conclure", constat)
    if analyse.etat == EtatAnalyse.SIGNEE:
        raise ErreurMetier("Cette analyse est signée : elle ne change plus.")
    if conclusion != Conclusion.JUSTIFIE and not note.strip():
        raise ErreurMetier("Écrivez ce qui mène à cette conclusion, et ce qui a été fait.")
    constat.conclusion, constat.note = Conclusion(conclusion), note.strip()
    constat.conclu_par, constat.conclu_le = par, timezone.now()
    constat.save(update_fields=["conclusion", "note", "conclu_par", "conclu_le"])
    details = {"constat": str(constat.uuid), "conclusion": str(constat.conclusion)}
    consigner("concertation.analyse.conclure", analyse, par=par, titre=role.libelle, details=details)
    return constat


def contenu_a_signer(analyse, personne):
    """Rend ce que la signature engage : les constats que la personne voit, et ce qui en est conclu."""
    return {
        "etablissement": settings.ETABLISSEMENT_NOM,
        "mois": f"{analyse.mois:%Y-%m}",
        "confiee": analyse.get_part_display(),
        "lectures": analyse.lectures,
        "lecteurs": analyse.lecteurs,
        "regles": [[sorte.label, regle] for sorte, regle in REGLES.items()],
        "constats": [
            {
                "sorte": constat.get_sorte_display(),
                "lecteur": constat.lecteur.nom_complet,
                "situation": constat.situation.numero if constat.situation else "",
                "entrees": len(constat.entrees),
                "conclusion": constat.get_conclusion_display(),
                "note": constat.note,
                "conclu_par": constat.conclu_par.nom_complet if constat.conclu_par else "",
            }
            for constat in constats_visibles(analyse, personne)
        ],
    }


@transaction.atomic
def signer_analyse(analyse, *, par, confirmation):
    """Signe l’analyse d’un mois et rend son document scellé ; chaque constat que la personne voit est conclu."""
    analyse.verrouiller()
    role = DROITS_ANALYSE.exiger(par, "signer", analyse)
    if restent := constats_visibles(analyse, par).filter(conclusion="").count():
        raise ErreurMetier(f"Il reste {restent} constat{'s' if restent > 1 else ''} à conclure avant de signer.")
    instantane = figer(analyse, NATURE, contenu_a_signer(analyse, par), gabarit=GABARIT)
    analyse.franchir(ANALYSE["signer"], par=par)
    signer(instantane, par=par, role=role, confirmation=confirmation)
    return demander_document(instantane)
