"""La saisie d’une étape de l’assistant de démarrage : une zone par question (R-476 à R-481)."""

from cdp.actions.communautes import valeurs_demarrage
from cdp.forms.communautes import Brouillon, compter, trop_long
from cdp.models import Communaute, ReponseDemarrage
from encadrement.socle.champs import TexteField


class DemarrageForm(Brouillon):
    """Les questions d’une étape ; tout peut rester vide, et l’on y revient."""

    def __init__(self, data=None, *, communaute, etape):
        codes = [question.code for question in etape.questions]
        super().__init__(data, valeurs=valeurs_demarrage(communaute, codes))
        self.etape = etape
        for question in etape.questions:
            self.fields[question.code] = _champ(question)

    def rangees(self):
        """Rend les questions avec leur champ, pour le gabarit."""
        return [{"question": question, "champ": self[question.code]} for question in self.etape.questions]


def _champ(question):
    modele, nom = (Communaute, question.champ) if question.champ else (ReponseDemarrage, "texte")
    maximum = modele._meta.get_field(nom).max_length
    champ = TexteField(
        label=question.libelle,
        help_text=question.aide,
        lignes=question.lignes,
        required=False,
        max_length=maximum,
        error_messages={"max_length": trop_long(maximum)},
    )
    compter(champ)
    return champ
