"""`manage.py restaurer ARCHIVE` : restaure et vérifie tout ; `--verifier` en fait l’exercice dans une base jetable."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from encadrement.outils.sauvegarde.refus import RestaurationRefusee, SauvegardeImpossible
from encadrement.outils.sauvegarde.restauration import exercer, restaurer
from encadrement.outils.sauvegarde.retenue import retenus
from encadrement.outils.sauvegarde.verification import MONTRES


class Command(BaseCommand):
    help = (
        "Restaure une archive dans la base des réglages, vide, puis vérifie comptes, journal, fichiers et PDF. "
        "Avec --verifier, tout se joue dans une base et un dossier jetables."
    )
    # La base est vide ou va l’être : rien d’elle ne doit retenir la commande.
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("archive", type=Path)
        parser.add_argument("--cles", type=Path, metavar="DOSSIER", help="où sont copiées les clés de situations")
        parser.add_argument("--verifier", action="store_true", help="exercice : base et dossier jetables, puis effacés")
        parser.add_argument("--remplacer", action="store_true", help="remplace une base qui contient déjà des données")

    def handle(self, *, archive, cles, verifier, remplacer, **options):
        try:
            if verifier:
                self._exercice(archive, cles)
            else:
                self._restauration(archive, cles, remplacer)
        except (RestaurationRefusee, SauvegardeImpossible) as refus:
            raise CommandError(refus.message) from refus

    def _exercice(self, archive, cles):
        if not exercer(archive, cles=cles):
            raise CommandError("L’exercice de restauration a échoué\xa0: ne comptez pas sur cette archive.")
        self.stdout.write("L’exercice de restauration est réussi; la base et le dossier jetables sont effacés.")

    def _restauration(self, archive, cles, remplacer):
        constat = restaurer(archive, cles=cles, remplacer=remplacer)
        for quoi, combien in constat.verifies.items():
            self.stdout.write(f"{quoi}\xa0: {combien}")
        if not cles:
            self.stdout.write("Sans --cles, aucune clé de situation n’a été remise.")
        if nombre := retenus().count():
            self.stdout.write(
                f"Courriels retenus\xa0: {nombre}. «\xa0relacher_courriels\xa0» les renvoie ou les abandonne."
            )
        if constat.ecarts:
            for ecart in constat.ecarts[:MONTRES]:
                self.stderr.write(ecart)
            raise CommandError(f"La base est restaurée, mais {len(constat.ecarts)} écart(s) restent à expliquer.")
        self.stdout.write("La base est restaurée, et tout concorde.")
