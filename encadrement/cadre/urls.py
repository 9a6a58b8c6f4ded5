"""Les adresses du cadre et de ses ressources."""

from django.urls import path

from . import views

app_name = "cadre"
urlpatterns = [
    path("cadre/", views.index, name="index"),
    path("cadre/choix/", views.questions, name="questions"),
    path("cadre/<str:numero>/", views.exigence, name="exigence"),
    path("ressources/", views.ressources, name="ressources"),
    path("ressources/<slug:code>/", views.ressource, name="ressource"),
    path("ressources/<slug:code>/v<int:version>/", views.ressource, name="ressource_version"),
]
