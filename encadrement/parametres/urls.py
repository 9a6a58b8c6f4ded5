"""Les paramètres de la DSM : la liste, un paramètre, le retour à l’origine."""

from django.urls import path

from encadrement.parametres import views

app_name = "parametres"
urlpatterns = [
    path("", views.liste, name="liste"),
    path("<str:code>/", views.voir, name="parametre"),
    path("<str:code>/origine/", views.origine, name="parametre_origine"),
    path("<str:code>/image/", views.image, name="parametre_image"),
]
