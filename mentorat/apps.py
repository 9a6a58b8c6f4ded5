from django.apps import AppConfig

from encadrement.protection.champs import PERSONNEL, Categorie


class MentoratConfig(AppConfig):
    name = "mentorat"
    label = "mentorat"
    verbose_name = "mentorat"
    champs_sensibles = (
        Categorie(
            "Mentorat",
            PERSONNEL,
            (
                "mentorat.fichementor",
                "mentorat.passagefiche",
                "mentorat.demandementorat",
                "mentorat.passagedemande",
                "mentorat.passageentente",
                "mentorat.objectif",
                "mentorat.activite",
                "mentorat.bilan",
                "mentorat.prolongation",
                "mentorat.passageprolongation",
                "mentorat.cessation",
                "mentorat.notedyade",
                "mentorat.notepersonnelle",
                "mentorat.suivigestionnaire",
                "mentorat.mesentente",
                "mentorat.passagemesentente",
            ),
        ),
    )

    def ready(self):
        from pathlib import Path

        from encadrement.accueil import mesures
        from encadrement.indicateurs import registre
        from encadrement.notifications import rappels
        from encadrement.parametres.registre import declarer
        from encadrement.sondages import questionnaires
        from mentorat.alertes import ALERTES
        from mentorat.droits import inscrire_documents
        from mentorat.indicateurs import INDICATEURS
        from mentorat.rappels import dossiers, echeances, ouverts, reglables, responsabilites, taches

        inscrire_documents()
        declarer(*reglables.PARAMETRES)
        ouverts.inscrire_ouverts()
        registre.inscrire(registre.ChiffresDeMesure("mentorat", INDICATEURS, ALERTES))
        questionnaires.inscrire_fichier(Path(__file__).parent / "questionnaires.toml")
        rappels.inscrire(rappels.SourceDeRappels("mentorat", echeances.echeances, tient_encore=echeances.tient_encore))
        mesures.inscrire(
            mesures.Mesure(
                code="mentorat",
                nom="Mentorat",
                nom_url="mentorat:accueil",
                resume="Une personne d’expérience accompagne un collègue, six mois au plus.",
                rang=1,
                taches=taches.taches,
                dossiers=dossiers.dossiers,
                chercher=dossiers.chercher,
                donnees=dossiers.donnees,
                acteurs=dossiers.acteurs,
                liens_de_role=responsabilites.liens_de_role,
            )
        )
