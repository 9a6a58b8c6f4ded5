"""`manage.py veiller` : le chien de garde, à lancer hors du métronome qu’il surveille."""

from django.core.management.base import BaseCommand, CommandError

from encadrement.supervision.veille import veiller


class Command(BaseCommand):
    help = "Fait tous les contrôles, avise le pilote une fois par panne, et échoue tant qu’il en reste une."
    # Un certificat échu est justement ce qu’on vient constater.
    requires_system_checks = ()

    def handle(self, **options):
        en_panne = veiller()
        for controle in en_panne:
            self.stderr.write(controle.phrase)
        if en_panne:
            raise CommandError(f"En panne\xa0: {', '.join(controle.nom for controle in en_panne)}.")
        self.stdout.write("Tout marche.")
