from django.apps import AppConfig

from encadrement.protection.champs import PERSONNEL, USAGERS, Categorie


class ConcertationConfig(AppConfig):
    name = "concertation"
    label = "concertation"
    verbose_name = "comité de concertation"
    champs_sensibles = (
        Categorie(
            "Situations du comité de concertation",
            USAGERS,
            (
                "concertation.recit",
                "concertation.orientation",
                "concertation.passagesituation",
                "concertation.passageorientation",
                "concertation.accesexceptionnel",
                "concertation.participationcomite",
            ),
            "{annees} ans après la fin du dossier{serie}; la clé est alors détruite, et un certificat signé en reste.",
            par_cle_du_dossier=frozenset(
                {
                    "concertation.recit.chiffre",
                    "concertation.orientation.chiffre",
                    "concertation.passagesituation.motif",
                    "concertation.passageorientation.motif",
                }
            ),
        ),
        Categorie(
            "Le comité, ses rencontres, ses impasses récurrentes, l’analyse des accès",
            PERSONNEL,
            (
                "concertation.rencontrecomite",
                "concertation.passagecomite",
                "concertation.impasserecurrente",
                "concertation.passageimpasse",
                "concertation.passageanalyse",
                "concertation.constat",
            ),
        ),
    )

    def ready(self):
        from pathlib import Path

        from concertation.alertes import ALERTES
        from concertation.droits import inscrire_documents, inscrire_representants
        from concertation.indicateurs import INDICATEURS
        from concertation.rappels import dossiers, echeances, evaluations, ouverts, reglables, responsabilites, taches
        from encadrement.accueil import mesures
        from encadrement.indicateurs import registre
        from encadrement.notifications import rappels
        from encadrement.parametres.registre import declarer
        from encadrement.sondages import questionnaires

        inscrire_documents()
        declarer(*reglables.PARAMETRES)
        inscrire_representants()
        registre.inscrire(registre.ChiffresDeMesure("concertation", INDICATEURS, ALERTES))
        ouverts.inscrire_ouverts()
        questionnaires.inscrire_fichier(Path(__file__).parent / "questionnaires.toml")
        evaluations.inscrire_evaluations()
        rappels.inscrire(
            rappels.SourceDeRappels("concertation", echeances.echeances, tient_encore=echeances.tient_encore)
        )
        mesures.inscrire(
            mesures.Mesure(
                code="concertation",
                nom="Comité de concertation",
                nom_url="concertation:accueil",
                resume="Dénouer à plusieurs une impasse, sous un code, jamais un nom.",
                rang=4,
                taches=taches.taches,
                dossiers=dossiers.dossiers,
                chercher=dossiers.chercher,
                donnees=dossiers.donnees,
                acteurs=dossiers.acteurs,
                liens_de_role=responsabilites.liens_de_role,
            )
        )
        _inscrire_la_suite()


def _inscrire_la_suite():
    """Dit aux demandes que celle qu’on réoriente vers le comité s’y poursuit."""
    from encadrement.demandes import suites
    from encadrement.demandes.models import Volet

    suites.inscrire(
        Volet.COMITE,
        suites.Suite(
            libelle="Poursuivre au comité",
            nom_url="concertation:situation_reprendre",
            explication="Elle se poursuit au comité de concertation, sous un code, déjà remplie de ce qui suit.",
        ),
    )
