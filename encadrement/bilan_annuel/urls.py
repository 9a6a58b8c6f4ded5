"""Le bilan annuel et les recommandations : un verbe, une adresse."""

from django.urls import path

from encadrement.bilan_annuel.views import bilans, recommandations

app_name = "bilan_annuel"
urlpatterns = [
    path("", bilans.liste, name="bilans"),
    path("preparer/", bilans.ouvrir, name="bilan_ouvrir"),
    path("<uuid:uuid>/", bilans.voir, name="bilan"),
    path("<uuid:uuid>/versions/<int:numero>/", bilans.version, name="bilan_version"),
    path("<uuid:uuid>/apercu/", bilans.apercu, name="bilan_apercu"),
    path("<uuid:uuid>/ecrire/", bilans.modifier, name="bilan_modifier"),
    path("<uuid:uuid>/brouillon/", bilans.enregistrer_brouillon, name="bilan_brouillon"),
    path("<uuid:uuid>/publier/", bilans.publier, name="bilan_publier"),
    path("<uuid:uuid>/reprendre/", bilans.reprendre, name="bilan_reprendre"),
    path("recommandations/", recommandations.liste, name="recommandations"),
    path("recommandations/exporter/", recommandations.exporter, name="recommandations_exporter"),
    path("recommandations/proposer/", recommandations.proposer, name="recommandation_proposer"),
    path("recommandations/<uuid:uuid>/", recommandations.voir, name="recommandation"),
    path("recommandations/<uuid:uuid>/modifier/", recommandations.modifier, name="recommandation_modifier"),
    path("recommandations/<uuid:uuid>/suivre/", recommandations.suivre, name="recommandation_suivre"),
    path("recommandations/<uuid:uuid>/commencer/", recommandations.commencer, name="recommandation_commencer"),
    path("recommandations/<uuid:uuid>/realiser/", recommandations.realiser, name="recommandation_realiser"),
    path("recommandations/<uuid:uuid>/abandonner/", recommandations.abandonner, name="recommandation_abandonner"),
]
