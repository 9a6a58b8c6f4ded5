"""Un texte qui semble nommer quelqu’un se relit avant de partir (N-10)."""

from django import forms
from django.http import QueryDict
from django.template import Context, Template

from encadrement.socle.prudence import RELU, TextesPrudents

PROPRE = "Usagère de 84 ans, revue le 21 octobre 2026, 13 h 30."
NOMME = "Mme Roy, née le 3 mai 1954, marche mieux."


class Publication(TextesPrudents, forms.Form):
    textes_a_relire = ("texte", "titre")

    titre = forms.CharField(max_length=20)
    texte = forms.CharField(widget=forms.Textarea)
    autre = forms.CharField(required=False)


def envoyer(**champs):
    donnees = QueryDict(mutable=True)
    donnees.update({"titre": "Un cas", **champs})
    donnees._mutable = False
    return Publication(donnees)


def jeton(form):
    return form.fields["relu"].widget.attrs["value"]


def afficher(form):
    return Template("{% load crispy_forms_filters %}{{ form|crispy }}").render(Context({"form": form}))


def test_un_texte_propre_passe_sans_rien_demander():
    form = envoyer(texte=PROPRE)
    assert form.is_valid(), form.errors
    assert "relu" not in form.fields
    assert RELU not in afficher(Publication())


def test_un_texte_qui_nomme_se_reaffiche_avec_tout_ce_qui_etait_saisi():
    form = envoyer(texte=NOMME, autre="gardé")
    assert not form.is_valid()
    assert list(form.errors) == ["texte"]
    page = afficher(form)
    assert RELU in page
    assert "un nom de personne («\xa0Mme R••\xa0») et une date de naissance («\xa0née le • m•• ••••\xa0»)" in page
    assert NOMME in page
    assert "gardé" in page
    assert "checked" not in page


def test_la_case_cochee_laisse_passer():
    premier = envoyer(texte=NOMME)
    assert not premier.is_valid()
    second = envoyer(texte=NOMME, relu=jeton(premier))
    assert second.is_valid(), second.errors
    assert second.cleaned_data["texte"] == NOMME


def test_cocher_ne_vaut_que_pour_ce_qui_etait_montre():
    premier = envoyer(texte=NOMME)
    assert not premier.is_valid()
    plus = envoyer(texte=f"{NOMME} La joindre au 418 368-1234.", relu=jeton(premier))
    assert not plus.is_valid()
    assert "checked" not in afficher(plus)
    moins = envoyer(texte="Mme Roy marche mieux.", relu=jeton(premier))
    assert moins.is_valid()


def test_une_case_cochee_a_lavance_ne_vaut_rien():
    assert not envoyer(texte=NOMME, relu="on").is_valid()


def test_la_case_reste_cochee_si_un_autre_champ_est_refuse():
    premier = envoyer(texte=NOMME)
    assert not premier.is_valid()
    form = envoyer(texte=NOMME, titre="x" * 30, relu=jeton(premier))
    assert list(form.errors) == ["titre"]
    assert "checked" in afficher(form)


def test_chaque_champ_surveille_dit_le_sien():
    form = envoyer(titre="M. Roy", texte="NAM TREM 5403 0312", autre="M. Tremblay")
    assert set(form.errors) == {"titre", "texte"}
