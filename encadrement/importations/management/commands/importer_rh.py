"""Importer une extraction RH : montre la différence ; n’écrit qu’avec --appliquer."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from encadrement.importations.comparaison import comparer
from encadrement.importations.depots import importer_par_la_commande
from encadrement.importations.lecture import lire
from encadrement.importations.rapport import empreinte_de, rapport_de
from encadrement.personnes.models import Personne
from encadrement.socle.erreurs import ErreurMetier


class Command(BaseCommand):
    help = "Compare une extraction RH (CSV, points-virgules) à la base et, avec --appliquer, met la base à jour."

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--appliquer", action="store_true", help="écrire la différence montrée")
        parser.add_argument(
            "--extraction-complete",
            action="store_true",
            help="les personnes absentes du fichier deviennent inactives (sinon elles sont seulement signalées)",
        )
        parser.add_argument("--par", metavar="MATRICULE", help="qui importe, au journal (par défaut : l’application)")

    def handle(self, *, fichier, **options):
        par = self._acteur(options["par"])
        try:
            ecart = comparer(lire(fichier), complete=options["extraction_complete"])
            self._montrer(ecart)
            if options["appliquer"] and not ecart.est_vide:
                importer_par_la_commande(
                    fichier,
                    par=par,
                    complete=options["extraction_complete"],
                    empreinte=empreinte_de(rapport_de(ecart)),
                )
        except OSError as erreur:
            raise CommandError(f"Le fichier {fichier} ne s’ouvre pas : {erreur.strerror}.") from erreur
        except ErreurMetier as erreur:
            raise CommandError(erreur.message) from erreur
        self._conclure(ecart, options["appliquer"])

    def _acteur(self, matricule):
        if not matricule:
            return None
        if (personne := Personne.objects.actives().filter(matricule=matricule).first()) is None:
            raise CommandError(f"Aucune personne active ne porte le matricule {matricule}.")
        return personne

    def _montrer(self, ecart):
        lecture = ecart.lecture
        self.stdout.write(f"{lecture.nom} ({lecture.encodage}) : {len(lecture.lignes)} personnes lues.")
        self._liste("Nouvelles personnes", [self._nouvelle(fiche) for fiche in ecart.nouvelles])
        self._liste("Personnes changées", [self._changee(fiche) for fiche in ecart.changees])
        self._liste("Personnes parties, gardées inactives", [self._changee(fiche) for fiche in ecart.parties])
        suite = "deviennent inactives" if ecart.complete else "laissées telles quelles"
        self._liste(
            f"Absentes du fichier, {suite}",
            [f"{personne.matricule} {personne.nom_complet}" for personne in ecart.absentes],
        )
        self._liste("Directions", [str(releve) for releve in ecart.directeurs])
        for titre, sorte in (("Lignes rejetées", "rejet"), ("Valeurs écartées", "valeur"), ("À savoir", "avis")):
            self._liste(titre, [str(s) for s in ecart.signalements if s.sorte == sorte])
        self.stdout.write(f"\nInchangées : {ecart.inchangees}")

    def _liste(self, titre, rangees):
        if rangees:
            self.stdout.write(f"\n{titre} : {len(rangees)}")
            for rangee in rangees:
                self.stdout.write(f"  {rangee}")

    def _nouvelle(self, fiche):
        return f"{fiche}" if fiche.champs.get("is_active") else f"{fiche} (inactive)"

    def _changee(self, fiche):
        return f"{fiche}\n" + "\n".join(f"    {changement}" for changement in fiche.changements)

    def _conclure(self, ecart, ecrit):
        if ecart.est_vide:
            self.stdout.write("Rien à changer.")
        elif ecrit:
            self.stdout.write(self.style.SUCCESS("La différence ci-dessus est appliquée."))
        else:
            self.stdout.write("Rien n’a été écrit. Relancez avec --appliquer pour appliquer cette différence.")
