"""Les filtres de l’annuaire des communautés ; dans l’adresse, donc partageables."""

from django import forms

from cdp.models import AGREEES, Besoin, Communaute
from encadrement.personnes.models import TitreEmploi, sans_accents
from encadrement.socle.champs import TexteField


class FiltreAnnuaire(forms.Form):
    """Un mot, un titre d’emploi, un besoin ; un choix inconnu est ignoré, et dit."""

    q = TexteField(
        label="Nom, domaine, thème ou clientèle",
        lignes=1,
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    titre = forms.ModelChoiceField(
        label="Titre d’emploi", queryset=TitreEmploi.objects.none(), required=False, empty_label="Tous les titres"
    )
    besoin = forms.ChoiceField(
        label="Besoin",
        required=False,
        choices=[("", "Tous les besoins"), *((code, libelle.capitalize()) for code, libelle in Besoin.choices)],
    )
    passees = forms.BooleanField(label="Montrer aussi les communautés dissoutes", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        portes = Communaute.titres_emploi.through.objects.filter(communaute__etat__in=AGREEES)
        titres = TitreEmploi.objects.filter(pk__in=portes.values("titreemploi"))
        champ = self.fields["titre"]
        champ.queryset = titres
        en_ordre = sorted(titres, key=lambda titre: sans_accents(titre.libelle))
        champ.choices = [("", champ.empty_label), *((titre.pk, titre.libelle) for titre in en_ordre)]
