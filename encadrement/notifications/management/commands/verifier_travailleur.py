import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from encadrement.notifications.models import Battement


class Command(BaseCommand):
    help = "Échoue si aucun travailleur n’a donné signe de vie depuis trop longtemps ; pour le gardien du service."

    def add_arguments(self, parser):
        parser.add_argument("--delai", type=int, default=180, help="silence toléré, en secondes (180 par défaut)")

    def handle(self, *_, delai, **__):
        limite = timezone.now() - datetime.timedelta(seconds=delai)
        dernier = Battement.objects.filter(nom="travailleur").first()
        if dernier is None or dernier.le < limite:
            raise CommandError(f"Aucun signe de vie du travailleur depuis plus de {delai} secondes.")
        self.stdout.write("Le travailleur est en vie.")
