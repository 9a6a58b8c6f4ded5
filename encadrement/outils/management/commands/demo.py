from django.core.management.base import BaseCommand, CommandError
from django.test.utils import override_settings

from encadrement.bilan_annuel.models import BilanAnnuel
from encadrement.notifications.envoi import expedier_courriels
from encadrement.notifications.resumes import regrouper_resumes
from encadrement.outils.demo import (
    comptes,
    histoire,
    histoire_bilan,
    histoire_cdp,
    histoire_concertation,
    histoire_consultation,
    histoire_protection,
)
from encadrement.outils.peuplement.ensemble import GRAINE, peupler
from encadrement.outils.troupe import COMPTES
from encadrement.outils.troupe import comptes as comptes_presents
from encadrement.personnes.models import Personne

PERSONNES, ANNEES = 300, 2


class Command(BaseCommand):
    help = (
        "Joue la démonstration dans une base vide : un dossier dans chaque état, par les vraies actions. Puis peuple "
        "l’établissement de gens inventés et de leur histoire ; rejouée avec --personnes, n’ajoute que ce qui manque."
    )

    def add_arguments(self, parser):
        parser.add_argument("--personnes", type=_entier, help=f"personnes inventées de plus ({PERSONNES} par défaut)")
        parser.add_argument("--annees", type=_entier, default=ANNEES, help="années financières d’histoire")
        parser.add_argument("--graine", type=int, default=GRAINE, help="la même redonne la même histoire")

    def handle(self, *args, **options):
        personnes = options["personnes"]
        if not Personne.objects.actives().exists():
            self._jouer()
            personnes = PERSONNES if personnes is None else personnes
        elif personnes is None or len(comptes_presents()) < len(COMPTES):
            raise CommandError("Cette base contient déjà des personnes : la démonstration se joue dans une base vide.")
        peupler(personnes, options["annees"], graine=options["graine"], dire=self.stdout.write)
        if not BilanAnnuel.objects.exists():
            # Après les gens : le bilan fige les chiffres de tout l’établissement.
            histoire_bilan.jouer(comptes.troupe())
            self._vider_la_boite_d_envoi()
        self.stdout.write(f"Démonstration chargée : {Personne.objects.actives().count()} personnes.")

    def _jouer(self):
        troupe = comptes.installer()
        histoire.jouer(troupe)
        histoire_cdp.jouer(troupe)
        histoire_consultation.jouer(troupe)
        histoire_concertation.jouer(troupe)
        histoire_protection.jouer(troupe)
        self._vider_la_boite_d_envoi()

    def _vider_la_boite_d_envoi(self):
        """Les courriels du passé partent vers nulle part : au démarrage, la boîte d’envoi est celle d’aujourd’hui."""
        with override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"):
            regrouper_resumes()
            while expedier_courriels().au_complet:
                pass


def _entier(texte):
    """Lit un entier de zéro ou plus."""
    nombre = int(texte)
    if nombre < 0:
        raise ValueError(texte)
    return nombre
