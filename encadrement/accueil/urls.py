from django.urls import path

from encadrement.accueil import views

app_name = "accueil"
urlpatterns = [
    path("", views.a_faire, name="a_faire"),
]
