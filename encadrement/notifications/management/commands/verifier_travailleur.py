import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from encadrement.notifications.battements import SILENCE_TOLERE, TRAVAILLEUR, dernier_battement


class Command(BaseCommand):
    help = "Échoue si aucun travailleur n’a donné signe de vie depuis trop longtemps ; pour le gardien du service."

    def add_arguments(self, parser):
        aide = f"silence toléré, en secondes ({SILENCE_TOLERE} par défaut)"
        parser.add_argument("--delai", type=int, default=SILENCE_TOLERE, help=aide)

    def handle(self, *_, delai, **__):
        limite = timezone.now() - datetime.timedelta(seconds=delai)
        dernier = dernier_battement(TRAVAILLEUR)
        if dernier is None or dernier < limite:
            raise CommandError(f"Aucun signe de vie du travailleur depuis plus de {delai} secondes.")
        self.stdout.write("Le travailleur est en vie.")
