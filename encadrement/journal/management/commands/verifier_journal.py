from django.core.management.base import BaseCommand, CommandError

from encadrement.journal.actions import anomalies, noter_la_verification


class Command(BaseCommand):
    help = "Relit toute la chaîne du journal et dit chaque altération."

    def handle(self, *args, **options):
        trouvees = list(anomalies())
        noter_la_verification(len(trouvees))
        for anomalie in trouvees:
            self.stderr.write(anomalie)
        if trouvees:
            raise CommandError(f"Le journal a été altéré : {len(trouvees)} anomalie(s).")
        self.stdout.write("Le journal est intact.")
