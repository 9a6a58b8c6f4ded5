"""Les demandes de service à la DSM : un verbe, une adresse."""

from django.urls import path

from encadrement.demandes import views

app_name = "demandes"
urlpatterns = [
    path("", views.liste, name="liste"),
    path("soutien/", views.ouvrir_soutien, name="soutien_ouvrir"),
    path("<uuid:uuid>/", views.voir, name="demande"),
    path("<uuid:uuid>/modifier/", views.modifier, name="demande_modifier"),
    path("<uuid:uuid>/brouillon/", views.enregistrer_brouillon, name="demande_brouillon"),
    path("<uuid:uuid>/transmettre/", views.transmettre, name="demande_transmettre"),
    path("<uuid:uuid>/renvoyer/", views.renvoyer, name="demande_renvoyer"),
    path("<uuid:uuid>/prendre-en-charge/", views.prendre_en_charge, name="demande_prendre_en_charge"),
    path("<uuid:uuid>/clore/", views.clore, name="demande_clore"),
    path("<uuid:uuid>/retirer/", views.retirer, name="demande_retirer"),
]
