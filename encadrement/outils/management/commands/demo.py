from django.core.management.base import BaseCommand, CommandError
from django.test.utils import override_settings

from encadrement.notifications.envoi import expedier_courriels
from encadrement.notifications.resumes import regrouper_resumes
from encadrement.outils.demo import comptes, histoire
from encadrement.personnes.models import Personne


class Command(BaseCommand):
    help = "Joue la démonstration dans une base vide : des gens inventés, un dossier dans chaque état, deux années."

    def handle(self, *args, **options):
        if Personne.objects.actives().exists():
            raise CommandError("Cette base contient déjà des personnes : la démonstration se joue dans une base vide.")
        troupe = comptes.installer()
        histoire.jouer(troupe)
        self._vider_la_boite_d_envoi()
        self.stdout.write(f"Démonstration chargée : {Personne.objects.actives().count()} personnes.")

    def _vider_la_boite_d_envoi(self):
        """Les courriels du passé partent vers nulle part : au démarrage, la boîte d’envoi est celle d’aujourd’hui."""
        with override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"):
            regrouper_resumes()
            while expedier_courriels().au_complet:
                pass
