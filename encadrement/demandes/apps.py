from django.apps import AppConfig


class DemandesConfig(AppConfig):
    name = "encadrement.demandes"
    label = "demandes"
    verbose_name = "demandes de service à la DSM"

    def ready(self):
        from encadrement.accueil import mesures
        from encadrement.demandes import dossiers
        from encadrement.demandes.droits import inscrire_documents
        from encadrement.demandes.ouverts import TITRES
        from encadrement.demandes.rappels import echeances, tient_encore
        from encadrement.demandes.taches import taches
        from encadrement.mouvements import registre
        from encadrement.notifications import rappels

        inscrire_documents()
        registre.inscrire("demandes", TITRES)
        rappels.inscrire(rappels.SourceDeRappels("demandes", echeances, tient_encore=tient_encore))
        mesures.inscrire(
            mesures.Mesure(
                code="demandes",
                nom="Demandes à la DSM",
                nom_url="demandes:liste",
                resume="Demander le soutien d’un APPR, suivre ce qu’on a transmis à la DSM.",
                rang=70,
                taches=taches,
                dossiers=dossiers.dossiers,
                chercher=dossiers.chercher,
                donnees=dossiers.donnees,
            )
        )
