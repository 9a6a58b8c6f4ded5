"""Les refus et les pannes parlent français, sur une page complète, avec les en-têtes de sûreté."""

import pytest
from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.test import override_settings
from django.urls import include, path

from encadrement.acces.matrice import AccesRefuse
from encadrement.socle.erreurs import ErreurMetier


def _leve(erreur):
    def vue(request):
        raise erreur

    return vue


urlpatterns = [
    path("refus/", _leve(AccesRefuse("Cet acte revient au gestionnaire."))),
    path("interdit/", _leve(PermissionDenied())),
    path("introuvable/", _leve(Http404())),
    path("regle/", _leve(ErreurMetier("Le mentor ne peut pas être un supérieur.", exigences=("R-049",)))),
    path("panne/", _leve(ZeroDivisionError("secret de la pile"))),
    path("envoi/", lambda request: HttpResponse("reçu")),
    path("", include("encadrement.urls")),
]
ici = override_settings(ROOT_URLCONF=__name__)


@pytest.fixture
def page(client_de, distribution):
    """Rend la réponse à la mentore (adresse)."""
    client = client_de(distribution.mentore)
    client.raise_request_exception = False
    return client.get


@ici
@pytest.mark.parametrize(
    ("adresse", "code", "phrase"),
    [
        ("/refus/", 403, "Cet acte revient au gestionnaire."),
        ("/interdit/", 403, "n’est pas permis"),
        ("/introuvable/", 404, "introuvable"),
        ("/nulle-part/", 404, "introuvable"),
        ("/regle/", 409, "Le mentor ne peut pas être un supérieur."),
        ("/panne/", 500, "de notre côté"),
    ],
)
def test_chaque_refus_est_une_page_en_francais(page, adresse, code, phrase):
    reponse = page(adresse)
    texte = reponse.content.decode()
    assert reponse.status_code == code
    assert phrase in texte
    assert '<html lang="fr-CA"' in texte
    assert texte.count("<h1") == 1
    for anglais in ("Forbidden", "Not Found", "Server Error", "Conflict"):
        assert anglais not in texte


@ici
def test_une_regle_refusee_renvoie_au_cadre(page):
    assert "/cadre/R-049/" in page("/regle/").content.decode()


@ici
def test_une_panne_ne_montre_rien_de_la_pile(page):
    texte = page("/panne/").content.decode()
    assert "secret de la pile" not in texte
    assert "Traceback" not in texte


@ici
def test_un_jeton_perime_est_explique(distribution, client_de):
    client = client_de(distribution.mentore)
    client.handler.enforce_csrf_checks = True
    reponse = client.post("/envoi/", {"texte": "gardé"})
    assert reponse.status_code == 403
    assert "autre connexion" in reponse.content.decode()


def test_une_methode_de_trop_est_refusee(page):
    assert page("/lu/").status_code == 405


@pytest.mark.parametrize("entete", ["Content-Security-Policy", "Referrer-Policy", "X-Content-Type-Options"])
def test_chaque_page_porte_ses_entetes(page, entete):
    assert page("/").headers[entete]


def test_la_csp_ne_laisse_passer_aucun_texte_en_ligne(page):
    csp = page("/").headers["Content-Security-Policy"]
    assert "unsafe" not in csp
    for directive in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'self'"):
        assert directive in csp


def test_la_page_dune_personne_ne_se_garde_pas_en_memoire(page):
    assert page("/").headers["Cache-Control"] == "no-store"


class _Formulaire(forms.Form):
    texte = forms.CharField(max_length=3)
    jour = forms.DateField()
    nombre = forms.IntegerField(min_value=1)
    courriel = forms.EmailField()
    choix = forms.ChoiceField(choices=[("a", "A")])


@pytest.mark.parametrize(
    "donnees",
    [{}, {"texte": "trop long", "jour": "x", "nombre": "0", "courriel": "x", "choix": "z"}],
)
def test_les_messages_de_django_sont_en_francais(donnees):
    form = _Formulaire(donnees)
    assert not form.is_valid()
    messages = " ".join(message for erreurs in form.errors.values() for message in erreurs)
    assert any(mot in messages for mot in ("obligatoire", "Saisissez", "Assurez-vous"))
    for anglais in ("This field", "Enter a", "Ensure", "Select a"):
        assert anglais not in messages
