"""Assemble les mesures et les pages communes ; rien d’autre."""

from django.urls import include, path
from django.views.generic import RedirectView

from encadrement.socle import views as socle

urlpatterns = [
    path("sante/", socle.sante, name="sante"),
    # Le courriel vient des données RH : le changer ici détournerait les avis (B-04).
    path("compte/email/", RedirectView.as_view(pattern_name="accueil:profil"), name="account_email"),
    # Avant celles d’allauth, qu’elles remplacent : le jeton y est vérifié en entier.
    path("compte/oidc/", include("encadrement.personnes.urls")),
    path("compte/", include("allauth.urls")),
    path("", include("encadrement.accueil.urls")),
    path("", include("encadrement.acces.urls")),
    path("", include("encadrement.cadre.urls")),
    path("", include("encadrement.documents.urls")),
    path("sondages/", include("encadrement.sondages.urls")),
    path("incidents/", include("encadrement.incidents.urls")),
    path("importations/", include("encadrement.importations.urls")),
    path("", include("encadrement.supervision.urls")),
    path("mouvements/", include("encadrement.mouvements.urls")),
    path("protection/", include("encadrement.protection.urls")),
    path("parametres/", include("encadrement.parametres.urls")),
    path("demandes/", include("encadrement.demandes.urls")),
    path("bilans/", include("encadrement.bilan_annuel.urls")),
    path("indicateurs/", include("encadrement.indicateurs.urls")),
    path("mentorat/", include("mentorat.urls")),
    path("communautes/", include("cdp.urls")),
    path("consultation/", include("consultation.urls")),
    path("concertation/", include("concertation.urls")),
]
