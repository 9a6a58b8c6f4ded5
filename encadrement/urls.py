"""Assemble les mesures et les pages communes ; rien d’autre."""

from django.urls import include, path
from django.views.generic import RedirectView

from encadrement.socle import views as socle

urlpatterns = [
    path("sante/", socle.sante, name="sante"),
    # Le courriel vient des données RH : le changer ici détournerait les avis (B-04).
    path("compte/email/", RedirectView.as_view(pattern_name="accueil:profil"), name="account_email"),
    path("compte/", include("allauth.urls")),
    path("", include("encadrement.accueil.urls")),
    path("", include("encadrement.acces.urls")),
    path("", include("encadrement.cadre.urls")),
    path("", include("encadrement.documents.urls")),
    path("mentorat/", include("mentorat.urls")),
]
