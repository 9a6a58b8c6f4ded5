"""Répondre à un questionnaire, et en préparer une version."""

from django import forms
from django.forms import formset_factory
from django.utils.html import escape
from django.utils.text import slugify

from encadrement.socle.champs import TexteField
from encadrement.socle.prudence import TextesPrudents
from encadrement.sondages.questions import QUESTIONS_MAXIMUM, TEXTE_MAXIMAL, Question, SorteQuestion, defauts

TROP_LONG = "Ce texte dépasse 4\xa0000 caractères\xa0: raccourcissez-le. Rien n’est perdu."
AIDE_TEXTE = "Il est gardé sans votre nom\xa0: n’y écrivez rien qui permette de reconnaître quelqu’un."
AIDE_NOTE = "De 0 (certainement pas) à 10 (certainement)."
SANS_REPONSE = ("", "Sans réponse")


class ReponseForm(TextesPrudents, forms.Form):
    """Un champ par question, dans l’ordre ; `reponses` est ce que `repondre` attend, une fois les textes relus (N-10)."""

    def __init__(self, *args, questions, **kwargs):
        super().__init__(*args, **kwargs)
        self.questions = {question.code: question for question in questions}
        for question in questions:
            self.fields[question.code] = _champ(question)
        self.textes_a_relire = tuple(q.code for q in questions if q.sorte == SorteQuestion.TEXTE)

    @property
    def reponses(self):
        return {code: self.cleaned_data[code] for code in self.questions}

    def groupes(self):
        """Rend les (sorte, champ), pour que la page donne à chaque sorte sa mise en forme."""
        return [(self.questions[champ.name].sorte, champ) for champ in self if champ.name in self.questions]


def _champ(question):
    # La page montre l’aide sans l’échapper, et celle-ci, une personne l’a écrite.
    aide = escape(question.aide)
    if question.sorte == SorteQuestion.TEXTE:
        return TexteField(
            label=question.libelle,
            help_text=" ".join(filter(None, (aide, "" if question.obligatoire else "Facultatif.", AIDE_TEXTE))),
            required=question.obligatoire,
            max_length=TEXTE_MAXIMAL,
            error_messages={"max_length": TROP_LONG, "required": "Écrivez une réponse."},
        )
    note = question.sorte == SorteQuestion.NOTE
    possibles = question.reponses_possibles if question.obligatoire else (*question.reponses_possibles, SANS_REPONSE)
    return forms.TypedChoiceField(
        label=question.libelle,
        help_text=aide or (AIDE_NOTE if note else ""),
        required=question.obligatoire,
        choices=possibles,
        coerce=int if question.chiffree else str,
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez une réponse.",
            "invalid_choice": "Choisissez une des réponses proposées.",
        },
    )


class QuestionnaireForm(forms.Form):
    """Le nom et la consigne d’une version en préparation."""

    nom = forms.CharField(label="Nom", max_length=150, error_messages={"required": "Nommez le questionnaire."})
    consigne = TexteField(
        label="Consigne", required=False, max_length=2000, help_text="Ce qu’on lit avant les questions."
    )


class QuestionForm(forms.Form):
    """Une question ; son code, gardé d’une version à l’autre, permet de comparer les années."""

    code = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    libelle = TexteField(label="Question", lignes=2, required=False, max_length=300)
    sorte = forms.ChoiceField(label="Se répond par", choices=SorteQuestion.choices, initial=SorteQuestion.ECHELLE)
    choix = TexteField(
        label="Choix proposés",
        required=False,
        max_length=1500,
        help_text="Un par ligne; seulement pour une question à choix.",
    )
    aide = forms.CharField(label="Aide", required=False, max_length=300)
    obligatoire = forms.BooleanField(label="Réponse obligatoire", required=False, initial=True)

    def clean(self):
        saisi = super().clean()
        if self.empty_permitted and not saisi.get("libelle"):
            return saisi
        if not self.errors and not saisi.get("libelle") and not saisi.get("DELETE"):
            self.add_error("libelle", "Écrivez la question, ou cochez «\xa0Retirer cette question\xa0».")
        return saisi

    def question(self):
        """Rend la question saisie, sans code si elle est nouvelle."""
        saisi = self.cleaned_data
        lignes = [ligne.strip() for ligne in saisi["choix"].splitlines() if ligne.strip()]
        # Un choix gardé mot pour mot garde son code : ses réponses se comptent encore ensemble.
        connus = self.initial.get("codes", {})
        return Question(
            code=saisi["code"],
            sorte=saisi["sorte"],
            libelle=saisi["libelle"],
            aide=saisi["aide"],
            obligatoire=saisi["obligatoire"],
            choix=tuple((connus.get(ligne) or _code(ligne), ligne) for ligne in lignes),
        )


def _code(texte):
    """Rend un code stable tiré du texte : minuscules sans accent, soulignés."""
    code = slugify(texte).replace("-", "_")[:60]
    return code if code[:1].isalpha() else f"q_{code}"[:60]


class _Questions(forms.BaseFormSet):
    def questions(self):
        """Rend les questions à garder, dans l’ordre voulu ; les nouvelles reçoivent leur code."""
        retenues, pris = [], set()
        for formulaire in self.ordered_forms:
            if not formulaire.cleaned_data.get("libelle"):
                continue
            question = formulaire.question()
            code, rang = question.code or _code(question.libelle), 1
            while code in pris:
                rang += 1
                code = f"{(question.code or _code(question.libelle))[:56]}_{rang}"
            pris.add(code)
            retenues.append(Question(**{**vars(question), "code": code}))
        return tuple(retenues)

    def clean(self):
        if not any(self.errors):
            for raison in defauts(self.questions()):
                raise forms.ValidationError(raison)

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["ORDER"].label = "Place"
        form.fields["ORDER"].widget.attrs["min"] = 1
        form.fields["DELETE"].label = "Retirer cette question"


QuestionsForm = formset_factory(
    QuestionForm,
    formset=_Questions,
    extra=2,
    max_num=QUESTIONS_MAXIMUM,
    validate_max=True,
    can_order=True,
    can_delete=True,
)


def saisie_de(questions):
    """Rend les valeurs initiales du jeu de formulaires pour ces questions."""
    return [
        {
            "code": question.code,
            "libelle": question.libelle,
            "sorte": question.sorte,
            "aide": question.aide,
            "obligatoire": question.obligatoire,
            "choix": "\n".join(libelle for _, libelle in question.choix),
            "codes": {libelle: code for code, libelle in question.choix},
        }
        for question in questions
    ]
