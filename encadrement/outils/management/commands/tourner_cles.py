from django.core.management.base import BaseCommand, CommandError

from encadrement.outils.rotation import tourner_les_cles


class Command(BaseCommand):
    help = (
        "Rechiffre par la clé la plus récente de CLES_CHAMPS tout ce que l’établissement chiffre. Ajoutez la clé neuve en "
        "tête, redémarrez, lancez cette commande, puis retirez l’ancienne clé une fois qu’elle dit que tout est tourné."
    )

    def handle(self, *args, **options):
        bilan = tourner_les_cles()
        for quoi, nombre in bilan.tournees.items():
            if nombre:
                self.stdout.write(f"{quoi} : {nombre}")
        if bilan.fermees:
            for quoi in bilan.fermees:
                self.stderr.write(f"aucune clé n’ouvre : {quoi}")
            raise CommandError("Ne retirez aucune clé : tout n’a pas pu être ouvert.")
        self.stdout.write("Tout est chiffré par la clé la plus récente.")
