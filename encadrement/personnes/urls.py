"""Les deux adresses de la connexion de l’établissement, sous les noms qu’allauth leur donne."""

from django.urls import path

from encadrement.personnes import views

urlpatterns = [
    path("<slug:provider_id>/login/", views.aller, name="openid_connect_login"),
    path("<slug:provider_id>/login/callback/", views.revenir, name="openid_connect_callback"),
]
