"""La saisie de la connexion, dans les mots de la maison."""

from allauth.account.forms import LoginForm


class ConnexionForm(LoginForm):
    """Se connecter par matricule ou courriel ; les limites d’essais et le second facteur sont ceux d’allauth."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        identifiant, mot_de_passe = self.fields["login"], self.fields["password"]
        identifiant.label, identifiant.widget.attrs = "Matricule ou courriel", {"autocomplete": "username"}
        identifiant.error_messages["required"] = "Écrivez votre matricule ou votre courriel."
        mot_de_passe.label = "Mot de passe"
        mot_de_passe.widget.attrs = {"autocomplete": "current-password"}
        mot_de_passe.error_messages["required"] = "Écrivez votre mot de passe."
