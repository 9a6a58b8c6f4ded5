"""Relire avant de publier : un formulaire dont les textes semblent nommer quelqu’un le dit, et attend une case cochée."""

from typing import Any

from django import forms
from django.utils.crypto import salted_hmac

from encadrement.socle.identifiants import reperer

RELU = "Je l’ai relu\xa0: rien n’identifie une personne"


class TextesPrudents(forms.BaseForm):
    """À placer avant la classe du formulaire ; `textes_a_relire` nomme les champs surveillés (textes ou fichiers).

    Sans trouvaille, le formulaire ne change pas. Avec, il se réaffiche une fois : une phrase sous chaque texte et la
    case « relu ». Cocher vaut pour ce qui était montré : un nouvel identifiant ajouté ensuite avertit de nouveau.
    Un gabarit qui nomme ses champs un à un ajoute {% if form.trouvailles %}{{ form.relu|as_crispy_field }}{% endif %}.
    """

    textes_a_relire: tuple[str, ...] = ()
    # Vrai là où un code nomme déjà la situation : des initiales y en disent trop.
    initiales_aussi = False
    data: Any

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.trouvailles = {}

    def clean(self):
        donnees = super().clean()
        donnees = self.cleaned_data if donnees is None else donnees
        for champ in self.textes_a_relire:
            if donnees.get(champ) and (reperees := reperer(str(donnees[champ]), initiales=self.initiales_aussi)):
                self.trouvailles[champ] = reperees
        if self.trouvailles:
            self._demander_de_relire(donnees)
        return donnees

    def _demander_de_relire(self, donnees):
        empreintes = {
            salted_hmac("textes prudents", str(donnees[champ])[t.debut : t.fin]).hexdigest()[:12]
            for champ, reperees in self.trouvailles.items()
            for t in reperees
        }
        nom = self.add_prefix("relu")
        relu = empreintes <= set(self.data.get(nom, "").split())
        self.fields["relu"] = forms.BooleanField(
            label=RELU,
            required=False,
            widget=forms.CheckboxInput(attrs={"value": " ".join(sorted(empreintes))}),
            help_text="Décrivez la situation sans nom, date de naissance, adresse ni numéro. Dans une petite région, "
            "un détail rare suffit à reconnaître quelqu’un.",
        )
        if relu:
            return
        # Une case cochée pour un autre texte ne reste pas cochée.
        self.data = self.data.copy()
        self.data.pop(nom, None)
        for champ, reperees in self.trouvailles.items():
            self.add_error(champ, forms.ValidationError(_phrase(reperees), code="identifiant"))


def _phrase(reperees):
    sortes = {}
    for trouvaille in reperees:
        sortes.setdefault(trouvaille.sorte, trouvaille.extrait_masque)
    dites = [f"{sorte} («\xa0{extrait}\xa0»)" for sorte, extrait in sortes.items()]
    liste = dites[0] if len(dites) == 1 else f"{', '.join(dites[:-1])} et {dites[-1]}"
    return f"Ce texte semble contenir {liste}. Retirez ce qui identifie une personne, ou cochez la case de relecture."
