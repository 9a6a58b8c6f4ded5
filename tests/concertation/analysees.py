"""Un mois de lectures du comité, écrites au journal par les vraies lectures, puis analysé par la vraie action."""

import datetime

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from concertation.actions import analyses, exclusions, recits
from concertation.models import AnalyseMensuelle
from encadrement.outils.horloge import au
from encadrement.socle.temps import jour_local
from tests.concertation import scenes


def mois_dernier():
    return jour_local().replace(day=1) - relativedelta(months=1)


def mardi():
    """Le deuxième mardi du mois dernier : ni férié ni fin de semaine."""
    premier = mois_dernier()
    return premier + datetime.timedelta(days=(1 - premier.weekday()) % 7 + 7)


def lire(situation, personne, *, heure=10, fois=1, jour=None):
    """La personne lit la situation, tel jour du mois dernier, à telle heure."""
    with au(jour or mardi(), heure=heure):
        if recits.doit_declarer(personne, situation):
            exclusions.declarer(situation, par=personne, en_conflit=False)
        for _ in range(fois):
            recits.lire_recit(situation, par=personne)


def situation(d):
    """Une situation transmise il y a deux mois, que chacun peut lire."""
    with au(mois_dernier() - datetime.timedelta(days=10)):
        return scenes.situation_transmise(d)


def batie(d):
    """Un mois ordinaire, et une lecture de la coordonnatrice tard le soir."""
    lue = situation(d)
    lire(lue, d.mentore)
    lire(lue, d.coordonnatrice, heure=21)
    return analyses.batir_analyse(mois_dernier())


def part_prp(d):
    batie(d)
    return AnalyseMensuelle.objects.get(part="prp")


def part_dsm(d):
    """La part de la DSM : le responsable de la protection a lu, par un accès exceptionnel."""
    lue = situation(d)
    with au(mardi()):
        demande = exclusions.demander_exception(lue.numero, par=d.prp, motif="Urgence.")
        # Ces dates se posent à la création : l’horloge de la base n’est pas celle de l’essai.
        type(demande).objects.filter(pk=demande.pk).update(demande_le=timezone.now())
        exclusions.approuver_exception(demande, par=d.dsm)
    lire(lue, d.prp)
    analyses.batir_analyse(mois_dernier())
    return AnalyseMensuelle.objects.get(part="dsm")


def constat(d):
    return part_prp(d).constats.get()


def conclue(d):
    trouve = constat(d)
    analyses.conclure_constat(trouve, par=d.prp, conclusion="justifie", note="")
    return trouve.analyse
