"""La supervision : ce que les sondes lisent, et le registre des courriels du pilote."""

from django.urls import path

from encadrement.supervision import views

app_name = "supervision"
urlpatterns = [
    path("sante/pret/", views.pret, name="pret"),
    path("sante/metriques/", views.metriques, name="metriques"),
    path("courriels/", views.courriels, name="courriels"),
    path("courriels/retenus/", views.relacher_retenus, name="courriels_relacher"),
    path("courriels/<uuid:uuid>/relancer/", views.relancer, name="courriel_relancer"),
    path("courriels/<uuid:uuid>/abandonner/", views.abandonner, name="courriel_abandonner"),
]
