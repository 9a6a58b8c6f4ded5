from django.apps import AppConfig


class BilanAnnuelConfig(AppConfig):
    name = "encadrement.bilan_annuel"
    label = "bilan_annuel"
    verbose_name = "bilan annuel et recommandations"

    def ready(self):
        from encadrement.accueil import mesures
        from encadrement.bilan_annuel.chiffres import publies_des
        from encadrement.bilan_annuel.droits import inscrire_documents
        from encadrement.bilan_annuel.rappels import CHAQUE_SEMAINE, RELANCES, echeances, tient_encore
        from encadrement.bilan_annuel.taches import chercher, donnees, liens_de_role, taches
        from encadrement.indicateurs import publies
        from encadrement.notifications import rappels
        from encadrement.parametres.registre import declarer

        inscrire_documents()
        publies.inscrire(publies_des)
        declarer(RELANCES.parametre, CHAQUE_SEMAINE.parametre)
        rappels.inscrire(rappels.SourceDeRappels("bilan_annuel", echeances, tient_encore=tient_encore))
        mesures.inscrire(
            mesures.Mesure(
                code="bilan_annuel",
                nom="Bilan annuel et recommandations",
                nom_url="bilan_annuel:bilans",
                resume="Ce que la DSM retient de l’année, et ce qu’elle recommande.",
                rang=60,
                taches=taches,
                chercher=chercher,
                donnees=donnees,
                liens_de_role=liens_de_role,
            )
        )
