"""`manage.py relacher_courriels` : décider des courriels qu’une restauration retient."""

from django.core.management.base import BaseCommand, CommandError

from encadrement.notifications.retenus import relacher
from encadrement.personnes.models import Personne


class Command(BaseCommand):
    help = (
        "Renvoie ou abandonne tous les courriels qu’une restauration a retenus. Un seul se tranche à la page des courriels; "
        "ce que le registre des envois dit parti n’en fait jamais partie."
    )

    def add_arguments(self, parser):
        parser.add_argument("--par", required=True, metavar="MATRICULE", help="qui décide, au journal")
        choix = parser.add_mutually_exclusive_group(required=True)
        choix.add_argument("--renvoyer", action="store_true")
        choix.add_argument("--abandonner", action="store_true")

    def handle(self, *, par, renvoyer, **options):
        if (personne := Personne.objects.actives().filter(matricule=par).first()) is None:
            raise CommandError(f"Aucune personne active ne porte le matricule {par}.")
        combien = relacher(par=personne, renvoyer=renvoyer)
        self.stdout.write(f"Courriels {'remis en file' if renvoyer else 'abandonnés'}\xa0: {combien}")
