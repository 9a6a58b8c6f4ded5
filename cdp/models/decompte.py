"""Le décompte des heures d’un membre dans une année : ce qui est fait, ce qui est prévu, ce qui est permis (R-126)."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Sum

from cdp.models.communaute import Adhesion
from cdp.models.heures import PLAFOND_MINUTES, PLAFONNEES, Depassement, EtatDepassement, Heures, SorteHeures
from cdp.models.rencontre import ParticipationCdp, RencontreCdp
from encadrement.rencontres.models import Reponse
from encadrement.socle.temps import AnneeFinanciere, jour_local


@dataclass
class Decompte:
    """Des minutes, par membre et par année financière ; `projete` compte aussi les rencontres à venir."""

    par_sorte: dict = field(default_factory=lambda: dict.fromkeys(SorteHeures, 0))
    rencontres: int = 0
    prevues: int = 0
    presences: int = 0
    absences: int = 0
    plafond: int = PLAFOND_MINUTES

    @property
    def consacrees(self):
        """Préparation, recherche et rencontres : ce que le plafond compte."""
        return self.rencontres + sum(self.par_sorte[sorte] for sorte in PLAFONNEES)

    @property
    def projete(self):
        return self.consacrees + self.prevues

    @property
    def restantes(self):
        return max(0, self.plafond - self.consacrees)

    @property
    def depassement_prevu(self):
        """Les minutes qui passeraient le plafond si toutes les rencontres prévues ont lieu."""
        return max(0, self.projete - self.plafond)

    @property
    def a_part(self):
        """Animation et administration, comptées sans plafond (R-463)."""
        return sum(minutes for sorte, minutes in self.par_sorte.items() if sorte not in PLAFONNEES)

    @property
    def pourcentage(self):
        # La partie entière : à une minute du plafond, il n’est pas atteint.
        return 100 * self.consacrees // self.plafond


def decomptes(communaute, annee):
    """Rend {identifiant de personne: Decompte} de tous ceux qui ont donné du temps ou sont membres cette année."""
    return {personne: compte for (_, personne), compte in _compter({communaute.pk}, annee).items()}


def decomptes_des_gens(personnes, annee):
    """Rend {(communauté, personne): Decompte} de ces personnes, par identifiants, en un nombre constant de requêtes."""
    lignes = Adhesion.objects.filter(personne__in=personnes).pendant(*annee.bornes)
    communautes = set(lignes.values_list("communaute_id", flat=True))
    comptes = _compter(communautes, annee)
    siens = {cle: compte for cle, compte in comptes.items() if cle[1] in personnes}
    return defaultdict(Decompte, siens)


def decompte_de(communaute, personne, annee):
    """Rend le Decompte d’une personne."""
    return decomptes(communaute, annee).get(personne.pk) or Decompte()


@dataclass(frozen=True)
class Depassements:
    """Une année où des rencontres projetées passeraient le plafond : combien de membres, et de combien au plus."""

    annee: AnneeFinanciere
    membres: int
    minutes: int


def depassements_projetes(communaute, moments):
    """Rend les Depassements qu’ajouter ces (début, fin) causerait, une ligne par année financière (R-126)."""
    par_annee = defaultdict(int)
    for debut, fin in moments:
        par_annee[AnneeFinanciere.du(jour_local(debut))] += round((fin - debut).total_seconds() / 60)
    rendus = []
    for annee, ajoutees in sorted(par_annee.items(), key=lambda ligne: ligne[0].debut_annee):
        comptes = decomptes(communaute, annee)
        membres = communaute.adhesions.actives().values_list("personne_id", flat=True)
        de_trop = [comptes[pk].projete + ajoutees - comptes[pk].plafond for pk in membres]
        if au_dela := [minutes for minutes in de_trop if minutes > 0]:
            rendus.append(Depassements(annee, len(au_dela), max(au_dela)))
    return rendus


def _compter(communautes, annee):
    """Rend {(communauté, personne): Decompte} de ces communautés."""
    comptes = defaultdict(Decompte)
    membres = defaultdict(set)
    actives = Adhesion.objects.actives().filter(communaute__in=communautes)
    for communaute, personne in actives.values_list("communaute", "personne"):
        membres[communaute].add(personne)
        comptes[communaute, personne]
    _ajouter_les_heures(comptes, communautes, annee)
    _ajouter_les_rencontres(comptes, communautes, annee, membres)
    _relever_les_plafonds(comptes, communautes, annee)
    return dict(comptes)


def _ajouter_les_heures(comptes, communautes, annee):
    lignes = (
        Heures.objects.filter(communaute__in=communautes, jour__range=annee.bornes)
        .order_by()
        .values_list("communaute", "personne", "sorte")
        .annotate(total=Sum("minutes"))
    )
    for communaute, personne, sorte, total in lignes:
        comptes[communaute, personne].par_sorte[SorteHeures(sorte)] += total


def _ajouter_les_rencontres(comptes, communautes, annee, membres):
    rencontres = RencontreCdp.objects.filter(communaute__in=communautes).de_l_annee(annee)
    tenues = {rencontre.pk: rencontre for rencontre in rencontres.tenues()}
    notees = ParticipationCdp.objects.filter(rencontre__in=tenues, presente__isnull=False, personne__isnull=False)
    for personne, pk, presente in notees.values_list("personne", "rencontre", "presente"):
        compte = comptes[tenues[pk].communaute_id, personne]
        compte.absences += not presente
        if presente:
            compte.presences += 1
            compte.rencontres += tenues[pk].minutes
    a_venir = {rencontre.pk: rencontre for rencontre in rencontres.a_venir()}
    absents = ParticipationCdp.objects.filter(rencontre__in=a_venir, reponse=Reponse.ABSENT)
    empeches = set(absents.values_list("personne", "rencontre"))
    for rencontre in a_venir.values():
        for personne in membres[rencontre.communaute_id]:
            if (personne, rencontre.pk) not in empeches:
                comptes[rencontre.communaute_id, personne].prevues += rencontre.minutes


def _relever_les_plafonds(comptes, communautes, annee):
    accordes = Depassement.objects.filter(
        communaute__in=communautes, annee=annee.debut_annee, etat=EtatDepassement.ACCORDE
    )
    for communaute, personne, minutes in accordes.values_list("communaute", "personne", "minutes"):
        vises = [cle for cle in comptes if cle[0] == communaute] if personne is None else [(communaute, personne)]
        for cle in vises:
            comptes[cle].plafond += minutes
