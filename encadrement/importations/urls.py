"""Les importations des données des ressources humaines."""

from django.urls import path

from encadrement.importations import views

app_name = "importations"
urlpatterns = [
    path("", views.liste, name="liste"),
    path("<uuid:uuid>/", views.importation, name="importation"),
    path("<uuid:uuid>/appliquer/", views.appliquer, name="importation_appliquer"),
    path("<uuid:uuid>/abandonner/", views.abandonner, name="importation_abandonner"),
    path("<uuid:uuid>/annuler/", views.annuler, name="importation_annuler"),
]
