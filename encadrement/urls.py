"""Assemble les mesures et les pages communes ; rien d’autre."""

from django.urls import include, path

from encadrement.socle import views as socle

urlpatterns = [
    path("sante/", socle.sante, name="sante"),
    path("compte/", include("allauth.urls")),
    path("", include("encadrement.accueil.urls")),
    path("", include("encadrement.acces.urls")),
    path("", include("encadrement.cadre.urls")),
    path("", include("encadrement.documents.urls")),
    path("mentorat/", include("mentorat.urls")),
]
