from django.apps import AppConfig

from encadrement.protection.champs import PERSONNEL, USAGERS, Categorie


class ConsultationConfig(AppConfig):
    name = "consultation"
    label = "consultation"
    verbose_name = "consultation d’experts"
    champs_sensibles = (
        Categorie(
            "Consultations d’experts",
            USAGERS,
            (
                "consultation.demandeconsultation",
                "consultation.sollicitation",
                "consultation.passageconsultation",
            ),
        ),
        Categorie(
            "Bottin des experts",
            PERSONNEL,
            ("consultation.ficheexpert", "consultation.passageficheexpert"),
        ),
    )

    def ready(self):
        from pathlib import Path

        from consultation.actions import sondages
        from consultation.alertes import ALERTES
        from consultation.droits import inscrire_documents
        from consultation.indicateurs import INDICATEURS
        from consultation.rappels import dossiers, echeances, evaluations, ouverts, reglables, responsabilites, taches
        from encadrement.accueil import mesures
        from encadrement.indicateurs import registre
        from encadrement.notifications import rappels
        from encadrement.parametres.registre import declarer
        from encadrement.sondages import lecteurs, questionnaires

        inscrire_documents()
        declarer(*reglables.PARAMETRES)
        registre.inscrire(registre.ChiffresDeMesure("consultation", INDICATEURS, ALERTES))
        ouverts.inscrire_ouverts()
        questionnaires.inscrire_fichier(Path(__file__).parent / "questionnaires.toml")
        lecteurs.inscrire(sondages.CODE, groupes=sondages.groupes_lus, personnes=sondages.lecteurs_du_groupe)
        evaluations.inscrire_evaluations()
        rappels.inscrire(
            rappels.SourceDeRappels("consultation", echeances.echeances, tient_encore=echeances.tient_encore)
        )
        mesures.inscrire(
            mesures.Mesure(
                code="consultation",
                nom="Consultation d’experts",
                nom_url="consultation:accueil",
                resume="Un avis sur une question précise, d’un échelon à l’autre, jusqu’au RUISSS UL.",
                rang=3,
                taches=taches.taches,
                dossiers=dossiers.dossiers,
                chercher=dossiers.chercher,
                donnees=dossiers.donnees,
                acteurs=dossiers.acteurs,
                liens_de_role=responsabilites.liens_de_role,
            )
        )
