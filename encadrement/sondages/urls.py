"""Les adresses des sondages."""

from django.urls import path

from encadrement.sondages.views import campagnes, questionnaires, reponses

app_name = "sondages"
urlpatterns = [
    path("", campagnes.campagnes, name="campagnes"),
    path("campagnes/<uuid:uuid>/", campagnes.campagne, name="campagne"),
    path("campagnes/<uuid:uuid>/fermer/", campagnes.fermer, name="campagne_fermer"),
    path("repondre/<uuid:uuid>/", reponses.repondre, name="repondre"),
    path("questionnaires/", questionnaires.questionnaires, name="questionnaires"),
    path("questionnaires/<uuid:uuid>/", questionnaires.questionnaire, name="questionnaire"),
    path("questionnaires/<uuid:uuid>/preparer/", questionnaires.preparer, name="questionnaire_preparer"),
    path("questionnaires/<uuid:uuid>/modifier/", questionnaires.modifier, name="questionnaire_modifier"),
    path("questionnaires/<uuid:uuid>/publier/", questionnaires.publier, name="questionnaire_publier"),
    path("questionnaires/<uuid:uuid>/abandonner/", questionnaires.abandonner, name="questionnaire_abandonner"),
]
