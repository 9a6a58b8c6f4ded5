from django.apps import AppConfig


class MentoratConfig(AppConfig):
    name = "mentorat"
    label = "mentorat"
    verbose_name = "mentorat"

    def ready(self):
        from encadrement.accueil import mesures
        from encadrement.notifications import rappels
        from mentorat.droits import inscrire_documents
        from mentorat.rappels import dossiers, echeances, responsabilites, taches

        inscrire_documents()
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
