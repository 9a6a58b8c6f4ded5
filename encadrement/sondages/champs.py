"""Un champ chiffré dont le chiffré ne dit pas l’heure."""

from encadrement.socle.champs import ChampChiffre


class ChampSansHeure(ChampChiffre):
    """Texte chiffré au repos, sans l’instant du chiffrement que Fernet écrit en clair dans son jeton."""

    def _chiffrer(self, texte):
        return self._coffre.encrypt_at_time(texte.encode(), 0).decode()

    def get_prep_value(self, value):
        # Le parent chiffrerait à l’heure qu’il est : on ne garde de lui que la conversion en texte.
        value = super(ChampChiffre, self).get_prep_value(value)
        return value if value in (None, "") else self._chiffrer(value)
