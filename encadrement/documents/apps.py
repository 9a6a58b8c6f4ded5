from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "encadrement.documents"
    label = "documents"
    verbose_name = "documents"

    def ready(self):
        from encadrement.documents import controles  # noqa: F401  (inscrit les contrôles du système)
        from encadrement.documents.coup_de_pouce import inscrire
        from encadrement.documents.rendu import LOGO
        from encadrement.documents.tasks import balayer_documents
        from encadrement.parametres.natures import Image
        from encadrement.parametres.registre import MAISON, Parametre, declarer

        inscrire(balayer_documents.delay)
        declarer(
            Parametre(
                LOGO,
                "Logo des documents",
                MAISON,
                Image(),
                "",
                aide="En tête des documents produits dès maintenant, à la place du nom; un document déjà produit ne change pas.",
                acte="regler_identite",
            )
        )
