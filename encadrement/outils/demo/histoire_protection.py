"""Ce que la gouvernance demande chaque mois et chaque année : l’analyse des accès, la revue des rôles (O-10)."""

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from concertation.actions import analyses
from concertation.droits import DROITS_SITUATION
from encadrement.outils.demo import concertation as scenes
from encadrement.outils.horloge import au
from encadrement.protection.actions.revues import OUVERTURE, confirmer_role, ouvrir_la_revue
from encadrement.signatures.actions import Confirmation
from encadrement.socle.temps import jour_local

MOIS_ANALYSES = 3
NOTE = "Vu avec la personne : elle préparait la rencontre du comité."


def jouer(troupe):
    """Joue deux analyses signées, une à signer, et une revue des rôles à moitié faite ; `troupe` vient de `comptes.troupe()`."""
    _analyses(troupe)
    _revue(troupe)


def _analyses(d):
    courant = jour_local().replace(day=1)
    for rang in range(MOIS_ANALYSES, 0, -1):
        debut = courant - relativedelta(months=rang)
        _lire_tard(d, debut + relativedelta(day=31))
        with au(min(debut + relativedelta(months=1, days=2), jour_local())):
            for part in analyses.batir_analyse(debut):
                if rang > 1:
                    _conclure_et_signer(part, d.dsm if part.part == "dsm" else d.prp)


def _lire_tard(d, jour):
    """La coordonnatrice relit, le soir du dernier jour du mois, ce qui lui est alors ouvert."""
    with au(jour, heure=21):
        ouvertes = DROITS_SITUATION.objets(d.coordonnatrice, "lire_recit").filter(cree_le__lt=timezone.now())
        for situation in ouvertes.order_by("pk")[:1]:
            scenes.lu(situation, d.coordonnatrice)


def _conclure_et_signer(analyse, par):
    for constat in analyses.constats_visibles(analyse, par):
        analyses.conclure_constat(constat, par=par, conclusion="justifie", note=NOTE)
    analyses.signer_analyse(
        analyse, par=par, confirmation=Confirmation(engagement="J’ai analysé les accès de ce mois.")
    )


def _revue(d):
    jour = OUVERTURE.replace(year=jour_local().year)
    with au(jour if jour <= jour_local() else jour.replace(year=jour.year - 1)):
        revue = ouvrir_la_revue()
    for attribution in revue.a_revoir().exclude(personne=d.dsm).select_related("personne").order_by("pk")[:3]:
        confirmer_role(revue, attribution, par=d.dsm)
