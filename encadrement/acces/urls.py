from django.urls import path

from encadrement.acces import views

app_name = "acces"
urlpatterns = [path("qui-peut-quoi/", views.qui_peut_quoi, name="qui_peut_quoi")]
