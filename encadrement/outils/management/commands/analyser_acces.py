"""`manage.py analyser_acces` : bâtir l’analyse des accès de chaque mois écoulé, sans attendre l’horaire (O-10)."""

from django.core.management import BaseCommand

from concertation.actions.analyses import batir_les_analyses


class Command(BaseCommand):
    help = "Bâtit l’analyse des accès de chaque mois civil écoulé qui n’a pas la sienne."

    def handle(self, *args, **options):
        baties = batir_les_analyses()
        for analyse in baties:
            self.stdout.write(
                f"{analyse} : {analyse.constats.count()} constat(s), confiée {analyse.get_part_display()}."
            )
        if not baties:
            self.stdout.write("Chaque mois écoulé a déjà son analyse.")
