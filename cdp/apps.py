from django.apps import AppConfig

from encadrement.protection.champs import PERSONNEL, Categorie


class CdpConfig(AppConfig):
    name = "cdp"
    label = "cdp"
    verbose_name = "communautés de pratique"
    champs_sensibles = (
        Categorie(
            "Communautés de pratique",
            PERSONNEL,
            (
                "cdp.communaute",
                "cdp.passagecommunaute",
                "cdp.adhesion",
                "cdp.passageadhesion",
                "cdp.reponsedemarrage",
                "cdp.passageplan",
                "cdp.ligneplan",
                "cdp.rapportannuel",
                "cdp.passagerapport",
                "cdp.lignerapport",
                "cdp.depassement",
                "cdp.passagedepassement",
                "cdp.rencontrecdp",
                "cdp.passagerencontre",
                "cdp.pointcdp",
                "cdp.outil",
                "cdp.appel",
                "cdp.reponseappel",
            ),
        ),
    )

    def ready(self):
        from pathlib import Path

        from cdp.actions import sondages
        from cdp.alertes import ALERTES
        from cdp.droits import inscrire_documents
        from cdp.indicateurs import INDICATEURS
        from cdp.rappels import dossiers, echeances, evaluations, ouverts, reglables, responsabilites, taches
        from encadrement.accueil import mesures
        from encadrement.indicateurs import registre
        from encadrement.notifications import rappels
        from encadrement.parametres.registre import declarer
        from encadrement.sondages import lecteurs, questionnaires

        inscrire_documents()
        declarer(*reglables.PARAMETRES)
        registre.inscrire(registre.ChiffresDeMesure("cdp", INDICATEURS, ALERTES))
        ouverts.inscrire_ouverts()
        questionnaires.inscrire_fichier(Path(__file__).parent / "questionnaires.toml")
        lecteurs.inscrire(sondages.CODE, groupes=sondages.groupes_lus, personnes=sondages.lecteurs_du_groupe)
        evaluations.inscrire_evaluations()
        rappels.inscrire(rappels.SourceDeRappels("cdp", echeances.echeances, tient_encore=echeances.tient_encore))
        mesures.inscrire(
            mesures.Mesure(
                code="cdp",
                nom="Communautés de pratique",
                nom_url="cdp:accueil",
                resume="Des collègues de même titre d’emploi développent leur pratique ensemble.",
                rang=2,
                taches=taches.taches,
                dossiers=dossiers.dossiers,
                chercher=dossiers.chercher,
                donnees=dossiers.donnees,
                acteurs=dossiers.acteurs,
                liens_de_role=responsabilites.liens_de_role,
            )
        )
