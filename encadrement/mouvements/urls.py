"""Les départs et les changements de gestionnaire."""

from django.urls import path

from encadrement.mouvements import views

app_name = "mouvements"
urlpatterns = [
    path("", views.liste, name="liste"),
    path("<uuid:uuid>/", views.mouvement, name="mouvement"),
]
