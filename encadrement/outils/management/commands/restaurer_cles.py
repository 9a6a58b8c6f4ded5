"""`manage.py restaurer_cles DOSSIER` : remettre au coffre les clés de situations qui y manquent."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from encadrement.outils.sauvegarde.cles import lire, restaurer_les_cles
from encadrement.outils.sauvegarde.refus import RestaurationRefusee


class Command(BaseCommand):
    help = "Remet au coffre, depuis leur copie, les clés de situations qui y manquent; jamais une clé détruite."

    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("dossier", type=Path)

    def handle(self, *, dossier, **options):
        try:
            combien = restaurer_les_cles(lire(dossier))
        except RestaurationRefusee as refus:
            raise CommandError(refus.message) from refus
        self.stdout.write(f"Clés remises\xa0: {combien}")
