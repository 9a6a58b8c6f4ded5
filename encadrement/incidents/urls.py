"""Les incidents de confidentialité : un verbe, une adresse."""

from django.urls import path

from encadrement.incidents import views

app_name = "incidents"
urlpatterns = [
    path("", views.registre, name="registre"),
    path("exporter/", views.exporter, name="registre_exporter"),
    path("signaler/", views.signaler, name="signaler"),
    path("<uuid:uuid>/", views.voir, name="incident"),
    path("<uuid:uuid>/modifier/", views.modifier, name="incident_modifier"),
    path("<uuid:uuid>/analyser/", views.analyser, name="incident_analyser"),
    path("<uuid:uuid>/clore/", views.clore, name="incident_clore"),
    path("<uuid:uuid>/avis/", views.avis, name="incident_avis"),
]
