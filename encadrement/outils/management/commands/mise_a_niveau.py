"""`manage.py mise_a_niveau` : ce que les migrations à venir demandent ; ne les applique qu’avec --appliquer."""

from django.core.management.base import BaseCommand

from encadrement.outils.mise_a_niveau import appliquer, plan


class Command(BaseCommand):
    help = "Dit si les migrations à venir se font pendant que l’ancienne version sert, et lesquelles ne se défont pas."
    # Comme `migrate` : la base peut ne pas convenir encore à ce code.
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--appliquer", action="store_true", help="applique les migrations montrées")

    def handle(self, *args, **options):
        etapes = plan()
        for etape in etapes:
            self.stdout.write(f"{etape.nom}\xa0: {'à froid' if etape.a_froid else 'à chaud'}")
            for raison in etape.a_froid:
                self.stdout.write(f"    {raison}")
            if etape.irreversible:
                self.stdout.write(f"    ne se défait pas\xa0: {etape.irreversible}")
        if etapes and options["appliquer"]:
            appliquer()
            self.stdout.write("Les migrations ci-dessus sont appliquées.")
        elif not etapes:
            self.stdout.write("Aucune migration n’attend\xa0: redémarrez simplement sur la nouvelle version.")
        elif any(etape.a_froid for etape in etapes):
            self.stdout.write("Arrêtez le web, les travailleurs et le métronome avant de les appliquer.")
        else:
            self.stdout.write("L’ancienne version peut servir pendant qu’elles s’appliquent.")
