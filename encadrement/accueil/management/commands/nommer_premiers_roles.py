"""À l’installation : nommer la première DSM et le premier pilote ; ensuite, tout se décide à deux."""

from django.core.management.base import BaseCommand, CommandError

from encadrement.accueil.actions import amorcer_roles
from encadrement.personnes.models import Personne
from encadrement.socle.erreurs import ErreurMetier


class Command(BaseCommand):
    help = "Nomme la première DSM et le premier pilote. Refuse dès qu’une DSM est en poste."

    def add_arguments(self, parser):
        parser.add_argument("--dsm", required=True, metavar="MATRICULE")
        parser.add_argument("--pilote", required=True, metavar="MATRICULE")
        parser.add_argument("--motif", default="Installation de l’application")

    def handle(self, *, dsm, pilote, motif, **options):
        try:
            attributions = amorcer_roles(dsm=self._personne(dsm), pilote=self._personne(pilote), motif=motif)
        except ErreurMetier as erreur:
            raise CommandError(erreur.message) from erreur
        for attribution in attributions:
            self.stdout.write(self.style.SUCCESS(str(attribution)))

    def _personne(self, matricule):
        if (personne := Personne.objects.actives().filter(matricule=matricule).first()) is None:
            raise CommandError(f"Aucune personne active ne porte le matricule {matricule}.")
        return personne
