from django.urls import path

from encadrement.documents import views

app_name = "documents"
urlpatterns = [
    path("documents/<uuid:uuid>/", views.telecharger, name="telecharger"),
    path("verifier/", views.verifier, name="verifier"),
]
