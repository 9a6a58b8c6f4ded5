"""La table des matières du mentorat : un verbe, une adresse."""

from django.urls import path

from mentorat.views import accueil, ententes, redaction

app_name = "mentorat"
urlpatterns = [
    path("", accueil.accueil, name="accueil"),
    # — l’entente : rédiger, signer, approuver
    path("ententes/", ententes.liste, name="ententes"),
    path("liberations/", ententes.liberations, name="liberations"),
    path("ententes/<uuid:uuid>/", ententes.voir, name="entente"),
    path("ententes/<uuid:uuid>/modifier/", redaction.modifier, name="entente_modifier"),
    path("ententes/<uuid:uuid>/brouillon/", redaction.enregistrer_brouillon, name="entente_brouillon"),
    path("ententes/<uuid:uuid>/soumettre/", ententes.soumettre, name="entente_soumettre"),
    path("ententes/<uuid:uuid>/rouvrir/", ententes.rouvrir, name="entente_rouvrir"),
    path("ententes/<uuid:uuid>/signer/", ententes.signer, name="entente_signer"),
    path("ententes/<uuid:uuid>/approuver/", ententes.approuver, name="entente_approuver"),
    path("ententes/<uuid:uuid>/renvoyer/", ententes.renvoyer, name="entente_renvoyer"),
    path("ententes/<uuid:uuid>/refuser/", ententes.refuser, name="entente_refuser"),
    path("ententes/<uuid:uuid>/abandonner/", ententes.abandonner, name="entente_abandonner"),
    path("ententes/<uuid:uuid>/conditions/", ententes.confirmer_conditions, name="entente_confirmer_conditions"),
    path("ententes/<uuid:uuid>/liberation/", ententes.liberation, name="entente_liberation"),
    path(
        "ententes/<uuid:uuid>/copies/<int:rang>/recevoir/", ententes.accuser_reception, name="entente_accuser_reception"
    ),
]
