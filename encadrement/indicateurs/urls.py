"""Le tableau de bord : ce qui demande attention, l’année, chaque mesure."""

from django.urls import path

from encadrement.indicateurs import views

app_name = "indicateurs"
urlpatterns = [
    path("", views.tableau, name="tableau"),
    path("exporter/", views.tableau_exporter, name="tableau_exporter"),
    path("attention/<str:code>/", views.alerte, name="alerte"),
    path("attention/<str:code>/exporter/", views.alerte_exporter, name="alerte_exporter"),
    path("attention/<str:code>/relancer/", views.alerte_relancer, name="alerte_relancer"),
    path("eligibles/", views.eligibles, name="eligibles"),
    path("<slug:mesure>/", views.mesure, name="mesure"),
]
