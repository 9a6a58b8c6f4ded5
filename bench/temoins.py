"""Les pairs du banc des pages : la même page sans l’application, la liste comme on l’écrit d’habitude, le POST nu."""

from django.forms import ModelForm
from django.http import HttpResponse, HttpResponseRedirect
from django.template import engines
from django.urls import path
from django.views.generic import ListView

from encadrement.personnes.models import Personne
from encadrement.urls import *  # noqa: F403
from encadrement.urls import urlpatterns as de_l_application
from mentorat.forms.ententes import FiltreEntentes
from mentorat.models import Entente, RencontreMentorat

# Le HTML que la vraie page a rendu, par rang : le pair le sert tel quel.
PAGES = {}


def page_nue(request, rang):
    """Connexion, une requête, la même page toute faite."""
    Personne.objects.filter(pk=request.user.pk).exists()
    return HttpResponse(PAGES[rang])


LISTE = """{% extends "base.html" %}{% load crispy_forms_filters %}
{% block titre %}Ententes de mentorat{% endblock %}
{% block contenu %}<h1>Ententes de mentorat</h1>
<form method="get" class="filtres">{{ filtre.q|as_crispy_field }}{{ filtre.etat|as_crispy_field }}
<button class="btn btn-outline-primary" type="submit">Filtrer</button></form>
<table class="table tableau"><thead><tr><th>Entente</th><th>Mentor</th><th>Mentoré</th><th>Période</th><th>État</th></tr>
</thead><tbody>
{% for entente in object_list %}<tr>
<td><a href="{% url 'mentorat:entente' entente.uuid %}">{{ entente.numero }}</a></td>
<td>{{ entente.mentor.nom_complet }}</td>
<td>{{ entente.mentore.nom_complet }}</td>
<td>{% if entente.debut %}{{ entente.debut|date:"SHORT_DATE_FORMAT" }} au
{{ entente.fin|date:"SHORT_DATE_FORMAT" }}{% endif %}</td>
<td>{% include "composants/badge_etat.html" with objet=entente %}
{% if entente.est_en_retard %} <span class="etat etat--retard">Échue</span>{% endif %}</td>
</tr>{% endfor %}</tbody></table>{% include "composants/pagination.html" with page=page_obj %}{% endblock %}"""


class Liste(ListView):
    """La liste d’ententes comme un tutoriel l’écrit : objets complets, adresse et dates formées dans le gabarit."""

    paginate_by = 50
    gabarit = None

    def get_queryset(self):
        return Entente.objects.select_related(
            "mentor__service__direction", "mentore__service__direction", "mentore__superieur"
        )

    def get_context_data(self, **options):
        return super().get_context_data(filtre=FiltreEntentes(self.request.GET), **options)

    def render_to_response(self, context, **options):
        type(self).gabarit = self.gabarit or engines["django"].from_string(LISTE)
        return HttpResponse(self.gabarit.render(context, self.request))


class RencontreNueForm(ModelForm):
    class Meta:
        model = RencontreMentorat
        fields = ("entente", "jour", "minutes", "mode", "precision", "consignee_par")


def post_nu(request):
    """Le formulaire d’un modèle : valider, enregistrer, rediriger ; ni droit, ni verrou, ni journal."""
    form = RencontreNueForm(request.POST)
    form.instance.full_clean(exclude=form.fields)
    form.save()
    return HttpResponseRedirect("/")


urlpatterns = [
    *de_l_application,
    path("banc/nue/<int:rang>/", page_nue),
    path("banc/liste/", Liste.as_view()),
    path("banc/rencontre/", post_nu),
]
