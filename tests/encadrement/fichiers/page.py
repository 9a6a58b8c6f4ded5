"""Une page d’essai qui dépose un fichier avec un texte, comme le ferait une mesure."""

from django import forms
from django.http import HttpResponse
from django.urls import include, path

from encadrement.fichiers.actions import deposer
from encadrement.fichiers.forms import FichierField
from encadrement.fichiers.models import Fichier
from encadrement.fichiers.views import servir
from encadrement.socle.champs import TexteField


class DepotForm(forms.Form):
    avant = TexteField()
    fichier = FichierField(label="Pièce", required=False)
    apres = TexteField(required=False)


def page_de_depot(request):
    form = DepotForm(request.POST, request.FILES)
    if form.is_valid():
        if form.cleaned_data["fichier"]:
            deposer(form.cleaned_data["fichier"], par=request.user)
        return HttpResponse("déposé", content_type="text/plain")
    return HttpResponse(form.as_div(), status=422, content_type="text/plain")


def page_de_remise(request, uuid):
    return servir(Fichier.objects.get(uuid=uuid), par=request.user)


urlpatterns = [
    path("essai/depot/", page_de_depot),
    path("essai/remise/<uuid:uuid>/", page_de_remise),
    path("", include("encadrement.urls")),
]
