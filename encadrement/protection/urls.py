"""La protection des renseignements : attester sa formation, revoir les rôles, lire ce qui protège."""

from django.urls import path

from encadrement.protection.views import attestations, renseignements, revues

app_name = "protection"
urlpatterns = [
    path("", renseignements.renseignements, name="renseignements"),
    path("attestations/", attestations.miennes, name="attestations"),
    path("attestations/toutes/", attestations.toutes, name="attestations_toutes"),
    path("attestations/consigner/", attestations.consigner, name="attestation_consigner"),
    path("attestations/<uuid:uuid>/annuler/", attestations.annuler, name="attestation_annuler"),
    path("attestations/<uuid:uuid>/fichier/", attestations.fichier, name="attestation_fichier"),
    path("revue-des-roles/", revues.revue, name="revue"),
    path("revue-des-roles/<uuid:uuid>/confirmer/", revues.confirmer, name="role_confirmer"),
]
