"""`manage.py sauvegarder DOSSIER` : la base et les fichiers dans une archive ; les clés de situations, à part."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from encadrement.notifications.battements import SAUVEGARDE, battre
from encadrement.outils.sauvegarde.cles import sauvegarder_les_cles
from encadrement.outils.sauvegarde.ecriture import sauvegarder
from encadrement.outils.sauvegarde.refus import SauvegardeImpossible


class Command(BaseCommand):
    help = (
        "Écrit dans DOSSIER une archive datée de la base et des fichiers. Les clés n’y sont jamais : CLES_CHAMPS se garde au "
        "coffre de l’établissement, et --cles copie ailleurs celles des situations."
    )

    # Un certificat échu ou un dossier mal réglé ne doit jamais coûter une sauvegarde.
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("dossier", type=Path)
        parser.add_argument("--cles", type=Path, metavar="DOSSIER", help="où copier les clés de situations, ailleurs")

    def handle(self, *, dossier, cles, **options):
        if cles and _ensemble(dossier.resolve(), cles.resolve()):
            raise CommandError("Les clés se gardent ailleurs que la base\xa0: ensemble, elles rendent tout lisible.")
        try:
            faite = sauvegarder(dossier)
            self.stdout.write(f"Archive\xa0: {faite.archive}")
            if cles:
                chemin, combien = sauvegarder_les_cles(cles)
                self.stdout.write(f"Clés de situations\xa0: {combien}, dans {chemin}")
        except SauvegardeImpossible as impossible:
            raise CommandError(impossible.message) from impossible
        if faite.manifeste.ecarts:
            for ecart in faite.manifeste.ecarts:
                self.stderr.write(ecart)
            raise CommandError(
                f"L’archive est faite, mais {len(faite.manifeste.ecarts)} fichier(s) n’allaient déjà pas."
            )
        # La surveillance lit ce signe : une sauvegarde qui ne se fait plus, ou plus entière, se voit.
        battre(SAUVEGARDE)


def _ensemble(archives, cles):
    return archives == cles or archives in cles.parents or cles in archives.parents
